//! From a cron line to the next due instant, the catch-up rule, and what falls due next.
//!
//! Around a change of clocks: a line that names its hour fires exactly once that day, at the first
//! instant after the gap when its time does not exist, and at the first of two when it exists
//! twice. A line that leaves the hour open counts real time and knows neither gap nor overlap.

use chrono::{DateTime, Duration, LocalResult, NaiveDateTime, Offset, TimeZone, Utc};
use chrono_tz::Tz;

use crate::config::Line;

/// No zone sets its clocks back by more at once.
const LONGEST_OVERLAP: Duration = Duration::hours(3);

/// The first instant after `after` at which the line falls due on that zone's clocks.
pub fn next_due(line: &Line, zone: Tz, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let here = after.with_timezone(&zone);
    let soon = line
        .after(here.naive_local())
        .and_then(|wall| zone.from_local_datetime(&wall).single());
    if let Some(soon) = soon.filter(|soon| {
        soon.offset().fix() == here.offset().fix() && *soon - here < Duration::days(1)
    }) {
        return Some(soon.to_utc()); // the clocks did not change in between
    }
    let mut best: Option<DateTime<Utc>> = None;
    // Within an overlap the wall clock runs twice, so the search starts before it and ends after it.
    let mut wall = here.naive_local() - LONGEST_OVERLAP;
    while let Some(next) = line.after(wall) {
        wall = next;
        if best.is_some_and(|best| wall > best.with_timezone(&zone).naive_local() + LONGEST_OVERLAP)
        {
            break;
        }
        let later = instants(line, zone, wall)
            .into_iter()
            .flatten()
            .filter(|at| *at > after);
        best = best.into_iter().chain(later).min();
    }
    best
}

/// The instants at which the zone's clocks show `wall`, as far as the line fires at them.
fn instants(line: &Line, zone: Tz, wall: NaiveDateTime) -> [Option<DateTime<Utc>>; 2] {
    match zone.from_local_datetime(&wall) {
        LocalResult::Single(at) => [Some(at.to_utc()), None],
        LocalResult::Ambiguous(first, second) => [
            Some(first.to_utc()),
            line.is_hourly().then(|| second.to_utc()),
        ],
        LocalResult::None if line.is_hourly() => [None, None],
        LocalResult::None => [after_gap(zone, wall), None],
    }
}

/// The first instant after the gap that swallows `wall`; clocks change on whole minutes.
fn after_gap(zone: Tz, wall: NaiveDateTime) -> Option<DateTime<Utc>> {
    let whole = wall - Duration::seconds(wall.and_utc().timestamp().rem_euclid(60));
    // A day and a bit: Samoa once skipped a whole date.
    (1..=1500)
        .find_map(|minutes| {
            zone.from_local_datetime(&(whole + Duration::minutes(minutes)))
                .earliest()
        })
        .map(|at| at.to_utc())
}

/// The firing that should have been served by `now` and was not: the latest one, so that however
/// many were missed they are caught up once. Never served before: nothing was missed.
pub fn missed(
    line: &Line,
    zone: Tz,
    last_served: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let first = next_due(line, zone, last_served?).filter(|due| *due <= now)?;
    // Looking back in growing steps keeps a long sleep from being walked firing by firing.
    let mut back = Duration::minutes(1);
    loop {
        let start = now - back;
        if start <= first {
            return Some(latest(line, zone, first, now));
        }
        if let Some(due) = next_due(line, zone, start).filter(|due| *due <= now) {
            return Some(latest(line, zone, due, now));
        }
        back = back * 4;
    }
}

fn latest(line: &Line, zone: Tz, mut due: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
    while let Some(next) = next_due(line, zone, due).filter(|next| *next <= now) {
        due = next;
    }
    due
}

/// One thing that falls due again and again.
#[derive(Debug, Clone)]
pub struct Firing {
    /// `poll`, `digest ops`: the name under which its last serving is remembered.
    pub name: String,
    /// When.
    pub line: Line,
    /// On whose clocks.
    pub zone: Tz,
    /// The due instant last served; where nothing was yet, the first start.
    pub last_served: Option<DateTime<Utc>>,
}

/// A firing that is due: the instant it stands for, which a missed one keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueFiring {
    /// Which firing.
    pub name: String,
    /// When it fell, or falls, due.
    pub at: DateTime<Utc>,
}

/// Says what is due next; others do the work and report it served.
#[derive(Debug, Clone, Default)]
pub struct DueFirings {
    firings: Vec<Firing>,
}

impl DueFirings {
    /// Knows these firings. One that was never served counts as served at `now`: a first start is
    /// no missed firing.
    pub fn new(mut firings: Vec<Firing>, now: DateTime<Utc>) -> Self {
        for firing in &mut firings {
            firing.last_served = firing.last_served.or(Some(now));
        }
        Self { firings }
    }

    /// The next firing: a missed one at once, else whichever falls due first. None: nothing ever.
    pub fn next(&mut self, now: DateTime<Utc>) -> Option<DueFiring> {
        self.all(now).into_iter().min_by_key(|firing| firing.at)
    }

    /// What is due by now; of each firing only the latest instant that was missed.
    pub fn due(&mut self, now: DateTime<Utc>) -> Vec<DueFiring> {
        let mut due = self.all(now);
        due.retain(|firing| firing.at <= now);
        due
    }

    /// Every firing's next firing.
    fn all(&mut self, now: DateTime<Utc>) -> Vec<DueFiring> {
        let each = self.firings.iter_mut().filter_map(|firing| {
            firing.believe(now);
            Some(DueFiring {
                name: firing.name.clone(),
                at: firing.next(now)?,
            })
        });
        each.collect()
    }

    /// Remembers that the firing's instant was served; the caller stores it too.
    pub fn served(&mut self, served: &DueFiring) {
        for firing in &mut self.firings {
            if firing.name == served.name {
                firing.last_served = firing.last_served.max(Some(served.at));
            }
        }
    }
}

impl Firing {
    /// Settles what to make of a last serving that lies ahead: the clock was set back since. Where it
    /// was set back over nothing but the instant that was served, that one does not come again. Where
    /// more instants come again, they are served again: the old time may be years away.
    fn believe(&mut self, now: DateTime<Utc>) {
        let Some(served) = self.last_served.filter(|served| *served > now) else {
            return;
        };
        if next_due(&self.line, self.zone, now).is_some_and(|due| due < served) {
            self.last_served = Some(now);
        }
    }

    fn next(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let from = self.last_served.map_or(now, |served| served.max(now));
        missed(&self.line, self.zone, self.last_served, now)
            .or_else(|| next_due(&self.line, self.zone, from))
    }
}
