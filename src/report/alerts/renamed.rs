//! Another name or urlname.

use crate::metrics::Watched;
use crate::report::plain::{clean, group_name};

/// What a group is called now and was when that was noted last; none: the same, or it was never noted.
pub(super) fn renamed(group: &Watched) -> Option<String> {
    let noted = group.noted.as_ref()?;
    let name = (noted.name != group.name).then(|| {
        format!(
            "It is called {} now; before, it was {}.",
            group_name(&group.name, &group.urlname),
            clean(&noted.name)
        )
    });
    let urlname = (noted.urlname != group.urlname).then(|| {
        format!(
            "Its address ends in {} now; before, it was {}. Put the new one wherever the old one stands: links, posters, gatherd.toml.",
            clean(&group.urlname),
            clean(&noted.urlname)
        )
    });
    let agreed = "If that was not agreed, ask its organizer.";
    let told: Vec<String> = name.into_iter().chain(urlname).collect();
    (!told.is_empty()).then(|| format!("{} {agreed}", told.join(" ")))
}

/// Whether what it is called is to be noted.
pub(super) fn is_to_be_noted(group: &Watched) -> bool {
    let noted = group.noted.as_ref();
    noted.is_none_or(|noted| noted.name != group.name || noted.urlname != group.urlname)
}
