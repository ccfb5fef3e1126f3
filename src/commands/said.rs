//! What a pass says of itself when it ends.

use crate::report::number;
use crate::sync::{Outcome, PassReport, Seen};
use std::fmt::Write;
use std::time::Duration;

/// A number with thousands apart.
pub(super) fn counted(count: u64) -> String {
    number(i64::try_from(count).unwrap_or(i64::MAX))
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
        (seen.groups, "groups"),
        (seen.events, "events"),
        (seen.rsvps, "RSVPs"),
        (seen.memberships, "memberships"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, noun)| format!("{} {noun}", counted(count)))
    .collect();
    if !parts.is_empty() {
        let _ = write!(text, ": read {}", parts.join(", "));
    }
    let _ = writeln!(
        text,
        "; {} rows changed, {} requests, {} points",
        counted(report.rows_changed),
        counted(report.requests),
        counted(report.points)
    );
    if report.units_left > 0 {
        let _ = writeln!(
            text,
            "{} units of work are left over; the next pass goes on with those that are due",
            counted(report.units_left)
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
                failure.scope,
                failure.message.replace('\n', "\n      ")
            );
        }
    }
    text
}
