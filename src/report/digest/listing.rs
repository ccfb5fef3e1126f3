//! Names of groups in a line, some of them told and the rest counted.

use crate::report::compose::GroupReport;
use crate::report::message::Line;
use crate::report::plain::{clean, group_name};

/// A line followed by the names of groups, each leading to its page; the rest is counted.
pub(super) fn linked<'a>(
    line: Line,
    groups: impl Iterator<Item = &'a GroupReport>,
    at_most: usize,
) -> Line {
    with_each(line, groups.map(|group| (group, String::new())), at_most)
}

/// A line followed by the names of groups, each leading to its page, with a word on it; the rest is counted.
pub(super) fn with_each<'a>(
    mut line: Line,
    groups: impl Iterator<Item = (&'a GroupReport, String)>,
    at_most: usize,
) -> Line {
    let mut more = 0;
    for (nth, (group, word)) in groups.enumerate() {
        if nth >= at_most {
            more += 1;
            continue;
        }
        if nth > 0 {
            line = line.text(", ");
        }
        line = line.link(
            group_name(&group.figures.name, &group.figures.urlname),
            &group.figures.link,
        );
        if !word.is_empty() {
            line = line.text(word);
        }
    }
    if more > 0 {
        line = line.text(format!(" and {more} more"));
    }
    line
}

/// The first of some names; the rest is counted.
pub(super) fn listed(names: &[impl AsRef<str>], at_most: usize) -> String {
    let shown = names.iter().take(at_most).map(|it| clean(it.as_ref()));
    let shown = shown.collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(at_most) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
