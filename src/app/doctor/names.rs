//! The names of groups in the configuration: one that no group has would be passed over in silence.

use super::sheet::Sheet;
use crate::{
    app::database::Database,
    config::Config,
    mirror::{self, KnownGroup},
};

pub(super) async fn check(config: &Config, database: &Database, sheet: &mut Sheet) {
    // What cannot be read was told as the database's trouble.
    let Ok(known) = database.read(mirror::roster).await else {
        return;
    };
    let known: Vec<&KnownGroup> = known.iter().filter(|it| it.gone_at.is_none()).collect();
    // Before the first backfill, no group is known.
    if known.is_empty() {
        return;
    }
    let is_known = |name: &str| known.iter().any(|it| it.urlname.eq_ignore_ascii_case(name));
    let channels = config.channels.iter().flat_map(|channel| {
        let about = format!("channel {}", channel.name);
        let names = channel.access.groups.iter();
        names.map(move |name| (about.clone(), "its groups hold", name))
    });
    let targets = config.targets.iter().filter_map(|target| {
        let name = target.group.as_ref()?;
        Some(("target".to_owned(), "its group is", name))
    });
    for (about, what, name) in channels.chain(targets) {
        if is_known(name) {
            continue;
        }
        let near = known
            .iter()
            .map(|it| (strsim::damerau_levenshtein(name, &it.urlname), it))
            .filter(|(distance, _)| *distance <= 3)
            .min_by_key(|(distance, _)| *distance);
        let remedy = near.map_or_else(
            || "write the group's urlname as it is now at Meetup".to_owned(),
            |(_, it)| format!("did you mean {}?", it.urlname),
        );
        let says = format!("{what} {name}, which no sponsored group is called\n{remedy}");
        sheet.warning(&about, says);
    }
}
