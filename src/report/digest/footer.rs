//! Part eight, second half: how fresh the data is, what could not be read, what is unknown.

use super::desk::Desk;
use crate::report::message::Line;
use crate::report::plain::clean;
use crate::report::words::count;

/// Urlnames listed.
const LISTED: usize = 8;
/// Why figures changed with each version of the definitions, from the second on.
const RESTATED: &[(u32, &str)] = &[];

/// The lines.
pub(super) fn footer(desk: &Desk<'_>) -> Vec<Line> {
    let report = desk.report;
    let fresh = &report.freshness;
    let read = fresh.last_pass_at.map_or_else(
        || "No pass has read all of it yet.".to_owned(),
        |at| format!("Data to {}.", at.format("%a %-d %b %H:%M UTC")),
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
            named(&fresh.unread_groups)
        ),
    })];
    if !fresh.incomplete_groups.is_empty() {
        lines.push(Line::plain(format!(
            "History still being read, so in no figure: {}.",
            named(&fresh.incomplete_groups)
        )));
    }
    lines.extend(restated(desk).map(Line::plain));
    lines.extend(report.remarks.iter().map(Line::plain));
    lines
}

/// Why figures may differ from those told before.
fn restated(desk: &Desk<'_>) -> Option<String> {
    let (now, then) = (
        desk.report.definitions_version,
        desk.given.latest()?.definitions_version,
    );
    if now == then {
        return None;
    }
    let why: Vec<&str> = RESTATED
        .iter()
        .filter(|(version, _)| (then + 1..=now).contains(version))
        .map(|(_, why)| *why)
        .collect();
    Some(
        format!(
            "Figures are counted by definitions {now} since this digest, by {then} before, so the same day may show other numbers than it did. {}",
            why.join(" ")
        )
        .trim_end()
        .to_owned(),
    )
}

fn named(urlnames: &[String]) -> String {
    let shown: Vec<String> = urlnames.iter().take(LISTED).map(|it| clean(it)).collect();
    let more = urlnames.len().saturating_sub(LISTED);
    if more > 0 {
        format!("{} and {more} more", shown.join(", "))
    } else {
        shown.join(", ")
    }
}
