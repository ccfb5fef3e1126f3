//! Part eight, second half: how fresh the data is, what could not be read, what is unknown.

use super::desk::Desk;
use super::{listed, restated};
use crate::report::fresh::{Place, sentences};
use crate::report::message::Line;

/// Urlnames listed.
const LISTED: usize = 8;

/// The lines.
pub(super) fn footer(desk: &Desk<'_>) -> Vec<Line> {
    let report = desk.report;
    let fresh = &report.freshness;
    let unread = listed(&fresh.unread_groups, LISTED);
    let mut lines = vec![Line::plain(sentences(report, Place::Digest, &unread))];
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
