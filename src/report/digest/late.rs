//! First of all calls: groups that have no date yet, later than usual for them. The cheapest save there is.

use super::desk::{Desk, Place};
use super::listing::with_each;
use crate::metrics::GroupFigures;
use crate::report::compose::GroupReport;
use crate::report::message::Line;
use crate::report::words::count;

/// Names told.
const NAMED: usize = 8;
/// A group that meets more rarely is told of by its pause.
const OFTEN: f64 = 45.0;

/// The line; none where every group has its date in time.
pub(super) fn line(desk: &Desk<'_>) -> Option<Line> {
    let mut late: Vec<(f64, &GroupReport)> = desk
        .places()
        .filter(|(_, place)| **place == Place::Fine)
        .filter_map(|(group, _)| Some((lateness(&group.figures)?, group)))
        .collect();
    if late.is_empty() {
        return None;
    }
    // Whoever is latest comes first.
    late.sort_by(|a, b| b.0.total_cmp(&a.0));
    let named = late.iter().map(|(_, group)| {
        let word = word(&group.figures);
        (*group, word)
    });
    let line = Line::plain("No date yet, later than usual for them: ");
    Some(with_each(line, named, NAMED).text("."))
}

/// The day after its latest event by which the next date is usually known; none where that is unknown, or
/// it meets rarely. Below 0, it is known before.
fn usual_day(group: &GroupFigures) -> Option<f64> {
    let gap = group.cadence.median_gap_days.filter(|gap| *gap < OFTEN)?;
    Some(gap - group.cadence.median_notice_days?)
}

/// By how many days it is later than usual.
#[allow(clippy::cast_precision_loss)] // days
fn lateness(group: &GroupFigures) -> Option<f64> {
    if group.is_announced {
        return None;
    }
    let late = group.cadence.days_since_last_held? as f64 - usual_day(group)?;
    (late > 0.0).then_some(late)
}

/// " (33 days after its last event; usually known by day 30)"
fn word(group: &GroupFigures) -> String {
    let days = group.cadence.days_since_last_held.unwrap_or_default();
    // Whole days that have passed by then: what is later than usual is later than told.
    #[allow(clippy::cast_possible_truncation)] // days
    let usual = usual_day(group).map_or(0, |day| day.floor() as i64);
    let usually = match usual {
        ..=0 => "usually known by the day they meet".to_owned(),
        usual => format!("usually known by day {usual}"),
    };
    match days {
        ..=0 => format!(" (last met today; {usually})"),
        days => {
            let days = count(days, "day", "days");
            format!(" ({days} after its last event; {usually})")
        }
    }
}
