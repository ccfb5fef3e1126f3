//! The pause a group is in at A, and whether it is worth a call.

use chrono::{Datelike, NaiveDate};

use serde::Serialize;

use super::cases::Cases;
use super::events::OfGroup;
use super::off::{OffMonth, off_months};
use super::prior::prior;
use super::rhythm::EDGES;
use super::rule::{CallRule, DAY};
use super::spell::Spell;

/// The pause a group is in: nothing is running or announced since its latest event. Days are of 86,400
/// seconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Pause {
    /// Whole days since the latest held event started.
    pub days: i64,
    /// The same, less the local dates in months that the group skips by custom.
    pub idle_days: i64,
    /// The median of the last gaps between its events; none where there is no gap.
    pub usual_days: Option<f64>,
    /// The greatest share of pauses like this one, so far, that went past 180 days; 0 below 45 days.
    pub risk: f64,
    /// The cases of this network behind that share; none below 45 days.
    pub alike: Option<Alike>,
    /// What became of pauses alike in other networks: the share that went past 180 days; 0 below 45 days.
    #[serde(skip)]
    pub prior: f64,
    /// Days from which on a call is worth it whatever became of other pauses.
    pub call_after_days: i64,
    /// Whether a call is worth it now.
    pub call: bool,
}

/// What became of this network's own pauses like the present one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Alike {
    /// The day of the pause at which they are alike.
    pub edge: i64,
    /// How many there were.
    pub cases: i64,
    /// How many of them went past 180 days.
    pub long: i64,
}

/// What is known of a group's pauses at A.
#[derive(Debug, Clone, PartialEq, Default)]
pub(in crate::metrics) struct Present {
    /// The months it skips by custom.
    pub off: Vec<OffMonth>,
    /// Local dates since its latest event that fall in them.
    pub days_off: i64,
    /// The median of the last gaps up to its latest start; none where there is no gap.
    pub usual_days: Option<f64>,
    /// The pause it is in, whatever its status; none where nothing was held, or something is running or
    /// announced.
    pub pause: Option<Pause>,
}

impl Present {
    pub(super) fn of(
        group: &OfGroup,
        latest: Option<&Spell>,
        as_of: i64,
        rule: CallRule,
        cases: &Cases,
    ) -> Self {
        let off = off_months(
            &group.months_met,
            group.subject.month,
            group.is_this_month_taken,
        );
        let days_off = group
            .last_on
            .map_or(0, |last_on| days_off(last_on, group.subject.today, &off));
        let spell = latest.filter(|_| !group.held.is_empty() && !group.is_announced);
        let pause = spell.map(|spell| {
            let days = (as_of - spell.began_at) / DAY;
            let idle_days = (days - days_off).max(0);
            let (risk, alike, prior) = risk(spell, idle_days, cases);
            let call_after_days = rule.after_days(group.subject.every_months);
            Pause {
                days,
                idle_days,
                usual_days: spell.usual.days(),
                risk,
                alike,
                prior,
                call_after_days,
                call: idle_days >= call_after_days || risk >= rule.at,
            }
        });
        Self {
            off,
            days_off,
            usual_days: latest.and_then(|latest| latest.usual.days()),
            pause,
        }
    }
}

/// The greatest share of the cells that the pause has come through, with the cases of the latest of these and
/// its prior.
fn risk(spell: &Spell, idle_days: i64, cases: &Cases) -> (f64, Option<Alike>, f64) {
    let passed = (0..EDGES.len()).take_while(|edge| EDGES[*edge] <= idle_days);
    let shares = passed.map(|edge| (edge, cases.share(spell.cell(edge))));
    // Of equals this gives the last.
    let greatest = shares.max_by(|(_, one), (_, other)| one.total_cmp(other));
    greatest.map_or((0.0, None, 0.0), |(edge, share)| {
        let count = cases.of(spell.cell(edge));
        let alike = Alike {
            edge: EDGES[edge],
            cases: count.cases,
            long: count.long,
        };
        (share, Some(alike), prior(spell.cell(edge)))
    })
}

/// The dates strictly between two that fall in months off.
fn days_off(last_on: NaiveDate, today: NaiveDate, off: &[OffMonth]) -> i64 {
    if off.is_empty() {
        return 0;
    }
    let is_off = |date: &NaiveDate| off.iter().any(|it| it.month == date.month());
    let between = last_on.iter_days().skip(1);
    let days = between.take_while(|date| *date < today).filter(is_off);
    i64::try_from(days.count()).unwrap_or(i64::MAX)
}
