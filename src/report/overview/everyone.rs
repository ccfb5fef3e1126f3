//! Every group at the end of a message, with what a word could help with.

use std::cmp::Reverse;

use crate::report::compose::{GroupReport, Report};
use crate::report::message::{Entry, Line, Section};
use crate::report::plain::group_name;
use crate::report::words::{number, say};

/// A section with every group: those with a cause first, the most urgent of them before.
pub fn everyone(report: &Report) -> Option<Section> {
    let mut groups: Vec<&GroupReport> = report.groups.iter().collect();
    groups.sort_by_key(|group| {
        let first = group.causes.first().copied();
        let days = group.figures.cadence.days_since_last_held;
        (
            first.is_none(),
            first,
            Reverse(days),
            &group.figures.urlname,
        )
    });
    if groups.is_empty() {
        return None;
    }
    Some(Section {
        heading: Some(format!("All groups ({})", number(groups.len() as i64))),
        entries: groups
            .into_iter()
            .map(|group| Entry::of(vec![line(report, group)]))
            .collect(),
        ..Section::default()
    })
}

fn line(report: &Report, group: &GroupReport) -> Line {
    let figures = &group.figures;
    let status = match figures.status {
        Some(_) if report.is_unread(group) => "not read lately",
        status => status.map_or("its history is still being read", say),
    };
    let causes: Vec<&str> = group.causes.iter().map(|it| it.in_short()).collect();
    let causes = match causes.is_empty() {
        true => String::new(),
        false => format!(" · {}", causes.join(", ")),
    };
    Line::default()
        .link(group_name(&figures.name, &figures.urlname), &figures.link)
        .text(format!(" · {status}{causes}"))
}
