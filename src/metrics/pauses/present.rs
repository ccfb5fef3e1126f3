//! The pause a group is in at A, and whether it is worth a call.

use chrono::{Datelike, NaiveDate};

use super::cases::Cases;
use super::events::OfGroup;
use super::off::off_months;
use super::rhythm::EDGES;
use super::spell::Spell;
use super::{CallRule, DAY};
use crate::metrics::{Alike, OffMonth, Pause};

/// What is known of a group's pauses at A.
#[derive(Debug, Clone, PartialEq, Default)]
pub(in crate::metrics) struct Present {
    /// The months it skips by custom.
    pub off: Vec<OffMonth>,
    /// Local dates since its latest event that fall in them.
    pub days_off: i64,
    /// The pause it is in, whatever its status; none where nothing was held, or something is running or
    /// announced.
    pub pause: Option<Pause>,
}

/// When A is, by the group's own clock.
#[derive(Debug, Clone, Copy)]
pub(super) struct Now {
    pub as_of: i64,
    pub on: NaiveDate,
    pub month: i64,
}

impl Present {
    pub(super) fn of(
        group: &OfGroup,
        latest: Option<&Spell>,
        now: Now,
        every_months: i64,
        rule: CallRule,
        cases: &Cases,
    ) -> Self {
        let off = off_months(&group.months_met, now.month, group.is_this_month_taken);
        let days_off = group
            .last_on
            .map_or(0, |last_on| days_off(last_on, now.on, &off));
        let spell = latest.filter(|_| !group.held.is_empty() && !group.is_announced);
        let pause = spell.map(|spell| {
            let days = (now.as_of - spell.began_at) / DAY;
            let idle_days = (days - days_off).max(0);
            let (risk, alike) = risk(spell, idle_days, cases);
            let call_after_days = rule.after_days(every_months);
            Pause {
                days,
                idle_days,
                usual_days: spell.usual.days(),
                risk,
                alike,
                call_after_days,
                call: idle_days >= call_after_days || risk >= rule.at,
            }
        });
        Self {
            off,
            days_off,
            pause,
        }
    }
}

/// The greatest share of the cells that the pause has come through, and the cases of the latest of these.
fn risk(spell: &Spell, idle_days: i64, cases: &Cases) -> (f64, Option<Alike>) {
    let passed = (0..EDGES.len()).take_while(|edge| EDGES[*edge] <= idle_days);
    let shares = passed.map(|edge| (edge, cases.share(spell.cell(edge))));
    // Of equals this gives the last.
    let greatest = shares.max_by(|(_, one), (_, other)| one.total_cmp(other));
    greatest.map_or((0.0, None), |(edge, share)| {
        let count = cases.of(spell.cell(edge));
        let alike = Alike {
            edge: EDGES[edge],
            cases: count.cases,
            long: count.long,
        };
        (share, Some(alike))
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
