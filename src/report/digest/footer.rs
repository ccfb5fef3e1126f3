//! Part eight, second half: how fresh the data is, what could not be read, what is unknown.

use super::desk::Desk;
use super::{listed, restated};
use crate::report::message::Line;
use crate::report::words::count;

/// Urlnames listed.
const LISTED: usize = 8;

/// The lines.
pub(super) fn footer(desk: &Desk<'_>) -> Vec<Line> {
    let report = desk.report;
    let fresh = &report.freshness;
    let read = fresh.last_pass_at.map_or_else(
        || "No pass has read all of it yet.".to_owned(),
        |at| {
            let days = (report.as_of - at).num_days();
            let age = match days {
                ..=0 => String::new(),
                1 => ", a day before this digest".to_owned(),
                n => format!(", {n} days before this digest"),
            };
            format!("Data to {}{age}.", at.format("%a %-d %b %H:%M UTC"))
        },
    );
    let (all, unread) = (report.groups.len(), fresh.unread_groups.len());
    let mut lines = vec![Line::plain(match (unread, all) {
        (0, 0) => read,
        (0, 1) => format!("{read} The group was read."),
        (0, _) => format!("{read} All {all} groups were read."),
        (_, _) => format!(
            "{read} {} of {} could not be read, so nothing is said of how they are doing: {}.",
            unread,
            count(all as i64, "group", "groups"),
            listed(&fresh.unread_groups, LISTED)
        ),
    })];
    if !fresh.incomplete_groups.is_empty() {
        lines.push(Line::plain(format!(
            "History still being read, so in no figure: {}.",
            listed(&fresh.incomplete_groups, LISTED)
        )));
    }
    lines.extend(report.remarks.iter().map(Line::plain));
    // Last, since it can be long, and where there is little room the end is cut.
    lines.extend(restated::lines(desk));
    lines
}
