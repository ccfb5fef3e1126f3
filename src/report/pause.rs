//! The pause a group is in, in sentences that count: how long, what is usual, and what became of pauses
//! like it. No pause is called a custom.

use chrono::{Datelike as _, NaiveDate, TimeDelta};

use super::words::{count, local_day, median, months_of_the_year, number, weekday};
use crate::community::Cause;
use crate::metrics::{Alike, GroupFigures, OffMonth, Pause};

/// With fewer cases of its own, a network looks at others.
const ENOUGH_CASES: i64 = 5;
/// So many days after its latest event a group has been silent for half a year.
const HALF_A_YEAR: TimeDelta = TimeDelta::days(180);

/// "Nothing held for 75 days (31 of them in August, not counted) and nothing announced; usually every 27."
pub(super) fn nothing_held(group: &GroupFigures) -> String {
    let days = group.cadence.days_since_last_held.unwrap_or_default();
    let not_counted = match off_dates(group) {
        (0, _) => String::new(),
        (dates, months) => format!(
            " ({} of them in {}, not counted)",
            number(dates),
            months_of_the_year(&months)
        ),
    };
    let usual = group.pause.and_then(|pause| pause.usual_days);
    let usual = usual.map_or_else(String::new, |days| {
        format!("; usually every {}", median(days))
    });
    format!(
        "Nothing held for {}{not_counted} and nothing announced{usual}.",
        count(days, "day", "days")
    )
}

/// Of so many pauses in other networks it is told how many went long.
pub(super) const TEN: i64 = 10;

/// Whether this network has cases enough to be told of.
pub(super) fn is_known_here(alike: &Alike) -> bool {
    alike.cases >= ENOUGH_CASES
}

/// Of ten pauses like the present one in other networks, those that went past half a year.
#[allow(clippy::cast_possible_truncation)] // from 0 to 10
pub(super) fn in_ten(pause: &Pause) -> i64 {
    (10.0 * pause.prior).round() as i64
}

/// What became of pauses like the present one: in this network, or where it knows too few of them, in others.
pub(super) fn alike(pause: &Pause) -> Option<String> {
    let alike = pause.alike?;
    if is_known_here(&alike) {
        return Some(format!(
            "Of {} pauses like this one here ({} days), {} went past half a year.",
            number(alike.cases),
            alike.edge,
            number(alike.long)
        ));
    }
    if pause.prior <= 0.0 {
        return None;
    }
    let how_many = match in_ten(pause) {
        0 => "fewer than 1 in 10 such pauses".to_owned(),
        TEN => "nearly all such pauses".to_owned(),
        n => format!("about {n} in 10 such pauses"),
    };
    Some(format!(
        "In other networks, {how_many} went past half a year."
    ))
}

/// The local dates strictly between the latest event and today that fall in months off, and those months.
fn off_dates(group: &GroupFigures) -> (i64, Vec<u32>) {
    let Some(last) = &group.last_event else {
        return (0, Vec::new());
    };
    let (last, today) = (last.starts_local.date(), group.as_of_local.date_naive());
    let between = last.iter_days().skip(1).take_while(|day| *day < today);
    let mut months = Vec::new();
    let mut dates = 0;
    for day in between {
        if group.cadence.off_months.contains(&day.month()) {
            dates += 1;
            if !months.contains(&day.month()) {
                months.push(day.month());
            }
        }
    }
    months.sort_unstable();
    (dates, months)
}

/// "It turns half a year without an event on Fri 19 Jun."
pub(super) fn half_a_year(group: &GroupFigures) -> Option<String> {
    let last = group.last_event.as_ref()?;
    if group.is_announced {
        return Some("An event is on right now.".to_owned());
    }
    let day = (last.starts_at + HALF_A_YEAR)
        .with_timezone(group.as_of_local.offset())
        .date_naive();
    Some(format!(
        "It turns half a year without an event on {}.",
        weekday(day, group.as_of_local.date_naive())
    ))
}

/// The events of this year and the last, where there were any: "7 events in 2025, 1 this year."
pub(super) fn years(group: &GroupFigures) -> Option<String> {
    let this = i64::from(group.as_of_local.year());
    let of = |wanted: i64| {
        let found = group.years.iter().find(|(year, _)| *year == wanted);
        found.map_or(0, |(_, events)| *events)
    };
    let (before, now) = (of(this - 1), of(this));
    (before > 0).then(|| {
        let now = match now {
            0 => "none".to_owned(),
            n => number(n),
        };
        format!(
            "{} in {}, {now} this year.",
            count(before, "event", "events"),
            this - 1
        )
    })
}

/// The date from which a call is due whatever became of other pauses; none where something is announced.
pub(super) fn call_from(group: &GroupFigures) -> Option<NaiveDate> {
    let pause = group.pause.filter(|pause| !pause.call)?;
    let last = group.last_event.as_ref()?.starts_local.date();
    let mut idle = 0;
    // A month off may hold it up, but not for ever.
    last.iter_days().skip(1).take(400).find(|day| {
        let yesterday = *day - TimeDelta::days(1);
        let is_off = yesterday > last && group.cadence.off_months.contains(&yesterday.month());
        idle += i64::from(!is_off);
        idle >= pause.call_after_days
    })
}

/// "It skipped the last 3 Augusts that had events before and after." for each month off that is not at hand with
/// an event in it.
pub(super) fn months_off(group: &GroupFigures) -> Option<String> {
    let is_met = |month: u32| {
        let next = group.next_event.as_ref();
        let has_date = next.is_some_and(|next| next.starts_local.month() == month);
        let is_now = group.as_of_local.month() == month;
        has_date || (is_now && (group.this_month.0 > 0 || group.is_announced))
    };
    let off: Vec<&OffMonth> = group.off.iter().filter(|off| !is_met(off.month)).collect();
    let told: Vec<String> = off
        .iter()
        .map(|off| {
            let name = months_of_the_year(&[off.month]);
            format!("the last {} {name}s", off.years)
        })
        .collect();
    (!told.is_empty()).then(|| {
        format!(
            "It skipped {} that had events before and after.",
            told.join(" and ")
        )
    })
}

/// A new or restarted group without a second date.
pub(super) fn second_date(group: &GroupFigures) -> String {
    let today = group.as_of_local.date_naive();
    if let Some((on, after)) = group.restarted {
        return format!(
            "Restarted on {} after {}; no second date since.",
            local_day(on, today),
            count(after, "day", "days")
        );
    }
    let last = group
        .last_event
        .as_ref()
        .map(|last| last.starts_local.date());
    let day = last.map_or_else(String::new, |day| local_day(day, today));
    match group.events_ever {
        1 => format!("Its first event was on {day}; no second date since."),
        n => format!(
            "{} so far, the last on {day}; no further date since.",
            count(n, "event", "events")
        ),
    }
}

/// Whether a pause is what a cause is about.
pub(super) fn is_of_a_pause(cause: Cause) -> bool {
    match cause {
        Cause::Overdue
        | Cause::TurningQuiet
        | Cause::SecondDate
        | Cause::NotBegun
        | Cause::Quiet => true,
        Cause::LastHostLeft
        | Cause::NoLeader
        | Cause::LeadersUnseen
        | Cause::Policy
        | Cause::LeaderAway
        | Cause::MostlyOurs
        | Cause::TurnoutFalling => false,
    }
}
