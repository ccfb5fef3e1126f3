//! What a pass says of itself when it ends.

use crate::community::shown;
use crate::report::{many, number};
use crate::sync::{Outcome, PassReport, Seen};
use std::fmt::Write;
use std::time::Duration;

/// A number with thousands apart.
pub(super) fn counted(count: u64) -> String {
    number(i64::try_from(count).unwrap_or(i64::MAX))
}

/// Whether there is nothing in a pass that anybody must know of: whoever runs it from cron with
/// `--quiet` gets no mail for it.
pub(super) fn is_routine(report: &PassReport) -> bool {
    report.outcome == Outcome::Done && report.cut.is_empty()
}

/// The closing lines of a pass: what was seen, what it cost, and what failed with its remedy.
pub(super) fn pass(name: &str, report: &PassReport, seen: Seen, took: Duration) -> String {
    let how = match report.outcome {
        Outcome::Done => "done",
        Outcome::Partly => "partly done",
        Outcome::Failed => "failed",
    };
    let mut text = format!("{name} {how} in {:.1} s", took.as_secs_f64());
    let parts: Vec<String> = [
        (seen.groups, "group", "groups"),
        (seen.events, "event", "events"),
        (seen.rsvps, "RSVP", "RSVPs"),
        (seen.memberships, "membership", "memberships"),
    ]
    .into_iter()
    .filter(|(count, ..)| *count > 0)
    .map(|(count, one, more)| many(count, one, more))
    .collect();
    if !parts.is_empty() {
        let _ = write!(text, ": read {}", parts.join(", "));
    }
    let _ = writeln!(
        text,
        "; {} changed, {}, {}",
        many(report.rows_changed, "row", "rows"),
        many(report.requests, "request", "requests"),
        many(report.points, "point", "points")
    );
    if report.units_left > 0 {
        let _ = writeln!(
            text,
            "left over: {} of work; the next pass goes on with what is due",
            many(report.units_left, "unit", "units")
        );
    }
    for cut in &report.cut {
        let _ = writeln!(text, "note: {cut}");
    }
    if !report.failures.is_empty() {
        let _ = writeln!(text, "could not be read:");
        for failure in &report.failures {
            let _ = writeln!(
                text,
                "  {}: {}",
                shown(&failure.scope.to_string()),
                failure.message.replace('\n', "\n      ")
            );
        }
    }
    text
}
