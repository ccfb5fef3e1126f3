//! What a group's turnouts add up to. The definitions are `attendance.sql`, `recent.sql`, `stake_events.sql`,
//! `months.sql` and `records.sql`.

use std::collections::{BTreeMap, HashMap};

use rusqlite::Row;

use super::super::figures::Attendance;
use super::super::local::DAY;
use super::super::rate::Rate;
use super::super::sql::sql;
use super::super::states::EventState;
use super::super::timeline::{Event, Timeline};
use super::super::workbench::Workbench;

/// So many of the latest events are looked at by their yes.
const RECENT: usize = 9;
/// Closed months looked at.
const MONTHS: i64 = 12;

/// A row of `turnout` (answered.sql).
pub(super) struct Turnout {
    pub event: i64,
    pub said_yes: i64,
    pub guests: i64,
    pub no_show: i64,
    pub is_taken: bool,
}

/// A group's turnouts, added up.
#[derive(Default)]
pub(in crate::metrics) struct Turned {
    pub attendance: Attendance,
    /// Yes of the latest events, the latest first.
    pub recent_yes: Vec<i64>,
    /// Held events of the year up to the latest one.
    pub stake_events: i64,
    /// Months ago, events, yes: of the months with events.
    pub months: Vec<(i64, i64, i64)>,
    /// The most who said yes to an event in person before the latest one, and how many such events there were.
    pub record: Option<(i64, i64)>,
}

impl Turned {
    /// Of turnouts in the order of the timeline's events, cancelled ones left out.
    pub(super) fn of(
        timeline: &Timeline,
        turnouts: &[Turnout],
        people_of_year: i64,
        (as_of, this_month): (i64, i64),
    ) -> Self {
        let live = timeline.events.iter();
        let live = live.filter(|event| event.state != EventState::Cancelled);
        let held: Vec<(&Event, &Turnout)> = live
            .zip(turnouts)
            .filter(|(event, _)| event.state == EventState::Held)
            .collect();
        let mut turned = Self {
            attendance: attendance(&held, people_of_year, as_of),
            ..Self::default()
        };
        let Some(((latest, _), before)) = held.split_last() else {
            return turned;
        };
        let is_of_stake =
            |(event, _): &&(&Event, &Turnout)| event.starts_at > latest.starts_at - 365 * DAY;
        turned.stake_events = number(held.iter().filter(is_of_stake).count());
        let recent = held.iter().rev().take(RECENT);
        turned.recent_yes = recent.map(|(_, turnout)| turnout.said_yes).collect();
        let in_person = before.iter().filter(|(event, _)| !event.is_online);
        for (_, turnout) in in_person {
            let (most, events) = turned.record.get_or_insert_default();
            *most = turnout.said_yes.max(*most);
            *events += 1;
        }
        let mut months: BTreeMap<i64, (i64, i64)> = BTreeMap::new();
        for (event, turnout) in &held {
            let ago = this_month - event.month();
            if (0..=MONTHS).contains(&ago) {
                let (events, yes) = months.entry(ago).or_default();
                *events += 1;
                *yes += turnout.said_yes;
            }
        }
        let months = months.into_iter();
        turned.months = months
            .map(|(ago, (events, yes))| (ago, events, yes))
            .collect();
        turned
    }
}

fn attendance(held: &[(&Event, &Turnout)], people_365: i64, as_of: i64) -> Attendance {
    let year = as_of - 365 * DAY;
    let in_year =
        |(event, _): &&(&Event, &Turnout)| event.starts_at > year && event.starts_at <= as_of;
    let of_year: Vec<&(&Event, &Turnout)> = held.iter().filter(in_year).collect();
    let yes = |is_wanted: &dyn Fn(&Event) -> bool| -> Vec<i64> {
        let wanted = of_year.iter().filter(|(event, _)| is_wanted(event));
        wanted.map(|(_, turnout)| turnout.said_yes).collect()
    };
    let sum = |of: &dyn Fn(&Turnout) -> i64| of_year.iter().map(|(_, it)| of(it)).sum();
    let taken = |it: &Turnout| i64::from(it.is_taken);
    let came = sum(&|it| taken(it) * it.said_yes);
    let expected = sum(&|it| taken(it) * (it.said_yes + it.no_show));
    Attendance {
        yes_365: sum(&|it| it.said_yes),
        people_365,
        people_365_year_before: None,
        median_yes: median(yes(&|_| true)),
        median_yes_in_person: median(yes(&|event| !event.is_online)),
        median_yes_online: median(yes(&|event| event.is_online)),
        guests_365: sum(&|it| it.guests),
        attendance_taken: Rate::new(sum(&taken), number(of_year.len())),
        show_rate: Rate::new(came, expected),
    }
}

/// Of an even number, the mean of the two in the middle.
#[allow(clippy::cast_precision_loss)] // people at events stay far below 2^53
fn median(mut counts: Vec<i64>) -> Option<f64> {
    counts.sort_unstable();
    let upper = *counts.get(counts.len() / 2)?;
    let lower = counts[(counts.len() - 1) / 2];
    Some((lower + upper) as f64 / 2.0)
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// The same by the definitions in SQL, by group.
pub(super) fn by_definition(bench: &Workbench<'_>) -> rusqlite::Result<HashMap<i64, Turned>> {
    let mut all: HashMap<i64, Turned> = HashMap::new();
    let mut each = |file: &str, take: &dyn Fn(&mut Turned, &Row<'_>) -> rusqlite::Result<()>| {
        bench.each(file, |row| {
            take(all.entry(row.get("grp")?).or_default(), row)
        })
    };
    each(sql!("attendance.sql"), &|turned, row| {
        turned.attendance = read_attendance(row)?;
        Ok(())
    })?;
    each(sql!("recent.sql"), &|turned, row| {
        turned.recent_yes.push(row.get("said_yes")?);
        Ok(())
    })?;
    each(sql!("stake_events.sql"), &|turned, row| {
        turned.stake_events = row.get("events")?;
        Ok(())
    })?;
    each(sql!("months.sql"), &|turned, row| {
        let month = (
            row.get("months_ago")?,
            row.get("events")?,
            row.get("said_yes")?,
        );
        turned.months.push(month);
        Ok(())
    })?;
    each(sql!("records.sql"), &|turned, row| {
        turned.record = Some((row.get("most")?, row.get("events")?));
        Ok(())
    })?;
    Ok(all)
}

fn read_attendance(row: &Row<'_>) -> rusqlite::Result<Attendance> {
    let rate = |numerator: &str, denominator: &str| -> rusqlite::Result<Rate> {
        Ok(Rate::new(row.get(numerator)?, row.get(denominator)?))
    };
    Ok(Attendance {
        yes_365: row.get("yes_365")?,
        people_365: row.get("people_365")?,
        people_365_year_before: row.get("people_365_year_before")?,
        median_yes: row.get("median_yes")?,
        median_yes_in_person: row.get("median_yes_in_person")?,
        median_yes_online: row.get("median_yes_online")?,
        guests_365: row.get("guests_365")?,
        attendance_taken: rate("taken", "events")?,
        show_rate: rate("came", "expected")?,
    })
}
