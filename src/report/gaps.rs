//! Where a group usually meets and nothing is announced: its latest event, held or announced, and the days that
//! usually lie between two of its events, less the months that it skips by custom. It is a guess from dates, and says
//! which.

use super::words::{count, local_day, median};
use super::{GroupReport, Report};
use crate::metrics::Status;
use chrono::{Datelike as _, Days, NaiveDate};

/// A date about which a group would usually meet, with nothing announced for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Gap {
    /// Its urlname.
    pub urlname: String,
    /// Its name, as Meetup sent it.
    pub name: String,
    /// The local date about which it would meet.
    pub on: NaiveDate,
    /// The local date of its latest event, held or announced.
    pub after: NaiveDate,
    /// Whether that one is still to come.
    pub is_to_come: bool,
    /// The days that usually lie between two of its events.
    pub usual_days: f64,
    /// When it would usually have announced it; none: how long before it announces is unknown.
    pub announced_by: Option<NaiveDate>,
}

impl Gap {
    /// "usually every 28 days, last on 2 Nov; usually announced by 20 Nov".
    pub fn why(&self, today: NaiveDate) -> String {
        let day = |on| local_day(on, today);
        let after = match self.is_to_come {
            true => format!("nothing after {}", day(self.after)),
            false => format!("last on {}", day(self.after)),
        };
        let by = match self.announced_by {
            // What is due itself is announced no more.
            _ if self.on < today => String::new(),
            Some(by) if by < today => format!("; usually announced by {}, not yet", day(by)),
            Some(by) => format!("; usually announced by {}", day(by)),
            None => String::new(),
        };
        format!(
            "usually every {} days, {after}{by}",
            median(self.usual_days)
        )
    }

    /// How long ago that was: "due 3 days ago".
    pub fn late(&self, today: NaiveDate) -> String {
        let days = (today - self.on).num_days();
        format!("due {} ago", count(days, "day", "days"))
    }
}

/// The gaps of all groups up to a date, by date. Groups that never met, are quiet or were not read to their beginning
/// have none: their rhythm is not known, or is none.
pub fn gaps(report: &Report, until: NaiveDate) -> Vec<Gap> {
    let of = |group: &GroupReport| gap(report, group);
    let mut gaps: Vec<Gap> = report.groups.iter().filter_map(of).collect();
    gaps.retain(|it| it.on <= until);
    gaps.sort_by(|a, b| (a.on, &a.urlname).cmp(&(b.on, &b.urlname)));
    gaps
}

fn gap(report: &Report, group: &GroupReport) -> Option<Gap> {
    let figures = &group.figures;
    match figures.status? {
        Status::Unstarted | Status::Quiet => return None,
        Status::New | Status::Restarted | Status::Overdue | Status::OnTarget | Status::Meeting => {}
    }
    let usual_days = figures.usual_days?;
    let held = figures.last_event.as_ref().map(|it| it.starts_local.date());
    let to_come = report
        .ahead_of(group)
        .map(|it| it.starts_local.date())
        .max();
    // What runs now is in neither.
    if figures.is_announced && to_come.is_none() {
        return None;
    }
    let after = to_come.or(held)?;
    let mut on = after.checked_add_days(days(usual_days))?;
    let off = &figures.cadence.off_months;
    for _ in 0..12 {
        if !off.contains(&on.month()) {
            break;
        }
        on = on.with_day(1)?.checked_add_months(chrono::Months::new(1))?;
    }
    let notice = figures.cadence.median_notice_days;
    Some(Gap {
        urlname: figures.urlname.clone(),
        name: figures.name.clone(),
        on,
        after,
        is_to_come: to_come.is_some(),
        usual_days,
        announced_by: notice.and_then(|it| on.checked_sub_days(days(it))),
    })
}

/// Whole days, the nearest.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // days between events
fn days(days: f64) -> Days {
    Days::new(days.round().max(0.0) as u64)
}
