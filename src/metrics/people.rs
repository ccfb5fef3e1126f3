//! Who took part in what, counted in one pass over compact columns.
//!
//! The definitions are `repeat.sql` and `network_people.sql`; at network scale SQLite needs several
//! sorts of all visits for them, while here two suffice. A test holds both equal.

use std::collections::{BTreeMap, HashMap};

use super::workbench::{Workbench, sql};

const DAY: i64 = 86_400;

/// The windows of the network: 30, 90 and 365 days before A, and the same before A - 365 d.
const WINDOWS: [(i64, bool); 6] = [
    (30, false),
    (90, false),
    (365, false),
    (30, true),
    (90, true),
    (365, true),
];
const YEAR: usize = 2;

/// The counts behind a group's repeat figures, named as in `repeat.sql`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Returns {
    pub repeaters: i64,
    pub people: i64,
    pub returning_ones: i64,
    pub participations: i64,
    pub kept: i64,
    pub could_be_kept: i64,
    pub came_back: i64,
    pub had_time: i64,
    pub first_timers: i64,
}

/// People of the network who took part, by window, and those who did twice or more in the year.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Crowd {
    pub people: [i64; 6],
    pub repeaters_365: i64,
}

/// A held event.
struct Held {
    key: i64,
    grp: i64,
    place: i64,
    starts_at: i64,
    joint: Option<String>,
    /// Bit i: it lies in the i-th of the windows and counts for the network.
    windows: u8,
}

/// Somebody's part in a group's event: sorts by group, person, then the order of events.
#[derive(PartialEq, Eq, PartialOrd, Ord, Clone, Copy)]
struct Visit {
    grp: i64,
    member: i64,
    place: i64,
    starts_at: i64,
}

/// Counts both.
pub(super) fn count(bench: &Workbench<'_>) -> rusqlite::Result<(HashMap<i64, Returns>, Crowd)> {
    let as_of = bench.settings.as_of.timestamp();
    let held = held_events(bench, as_of)?;
    let mut visits: Vec<Visit> = Vec::new();
    // Per visit to a single event, who and in which windows; joint events are united first.
    let mut attended: Vec<(i64, u8)> = Vec::new();
    let mut united: BTreeMap<(&str, i64), (u8, u8)> = BTreeMap::new();
    let mut at = 0;
    bench.each(sql!("visits.sql"), |row| {
        let key: i64 = row.get(0)?;
        while held.get(at).is_some_and(|event| event.key < key) {
            at += 1;
        }
        // Others are answers to what is only scheduled.
        let Some(event) = held.get(at).filter(|event| event.key == key) else {
            return Ok(());
        };
        let (member, said_yes, is_host): (i64, bool, bool) =
            (row.get(1)?, row.get(2)?, row.get(3)?);
        let took_part = said_yes && !is_host;
        if took_part {
            visits.push(Visit {
                grp: event.grp,
                member,
                place: event.place,
                starts_at: event.starts_at,
            });
        }
        match &event.joint {
            _ if event.windows == 0 => {}
            None if took_part => attended.push((member, event.windows)),
            None => {}
            Some(joint) => {
                let (yes, host) = united.entry((joint, member)).or_default();
                *yes |= if said_yes { event.windows } else { 0 };
                *host |= if is_host { event.windows } else { 0 };
            }
        }
        Ok(())
    })?;
    attended.extend(
        united
            .into_iter()
            .map(|((_, member), (yes, host))| (member, yes & !host)),
    );
    Ok((returns(visits, &held, as_of), crowd(attended)))
}

fn held_events(bench: &Workbench<'_>, as_of: i64) -> rusqlite::Result<Vec<Held>> {
    bench.rows(sql!("held_events.sql"), |row| {
        let (starts_at, ends_at): (i64, i64) = (row.get("starts_at")?, row.get("ends_at")?);
        let founded_at: Option<i64> = row.get("founded_at")?;
        let is_complete: bool = row.get("is_complete")?;
        let mut windows = 0;
        for (bit, (days, is_year_before)) in WINDOWS.into_iter().enumerate() {
            let until = if is_year_before {
                as_of - 365 * DAY
            } else {
                as_of
            };
            let is_inside = starts_at > until - days * DAY
                && starts_at <= until
                && ends_at <= until
                && founded_at.is_none_or(|founded| founded <= until);
            windows |= u8::from(is_complete && is_inside) << bit;
        }
        Ok(Held {
            key: row.get("event")?,
            grp: row.get("grp")?,
            place: row.get("place")?,
            starts_at,
            joint: row.get("network_event_id")?,
            windows,
        })
    })
}

fn returns(mut visits: Vec<Visit>, held: &[Held], as_of: i64) -> HashMap<i64, Returns> {
    let in_year = |starts_at: i64| starts_at > as_of - 365 * DAY && starts_at <= as_of;
    // The places of a group's first and last event within the year.
    let mut years: HashMap<i64, (i64, i64)> = HashMap::new();
    for event in held.iter().filter(|event| in_year(event.starts_at)) {
        let (first, last) = years.entry(event.grp).or_insert((event.place, event.place));
        *first = (*first).min(event.place);
        *last = (*last).max(event.place);
    }
    visits.sort_unstable();
    let mut groups: HashMap<i64, Returns> = HashMap::new();
    for of_group in visits.chunk_by(|a, b| a.grp == b.grp) {
        let grp = of_group[0].grp;
        let year = years.get(&grp).copied();
        let counts = groups.entry(grp).or_default();
        for of_person in of_group.chunk_by(|a, b| a.member == b.member) {
            count_person(of_person, year, as_of, counts);
        }
    }
    groups
}

/// Adds one person's visits to one group, in order.
fn count_person(visits: &[Visit], year: Option<(i64, i64)>, as_of: i64, counts: &mut Returns) {
    let first_at = visits[0].starts_at;
    let visits_365 = visits
        .iter()
        .filter(|visit| visit.starts_at > as_of - 365 * DAY)
        .count() as i64;
    counts.repeaters += i64::from(visits_365 >= 2);
    counts.people += i64::from(visits_365 >= 1);
    counts.participations += visits_365;
    counts.returning_ones += visits_365 - i64::from(first_at > as_of - 365 * DAY);
    counts.first_timers += i64::from(first_at > as_of - 90 * DAY);
    if first_at > as_of - 455 * DAY && first_at <= as_of - 90 * DAY {
        counts.had_time += 1;
        counts.came_back += i64::from(
            visits
                .iter()
                .any(|visit| visit.starts_at > first_at && visit.starts_at <= first_at + 90 * DAY),
        );
    }
    let Some((first, last)) = year else { return };
    for (index, visit) in visits.iter().enumerate() {
        if visit.place >= first - 1 && visit.place < last {
            counts.could_be_kept += 1;
            let next = visits.get(index + 1);
            counts.kept += i64::from(next.is_some_and(|next| next.place == visit.place + 1));
        }
    }
}

fn crowd(mut attended: Vec<(i64, u8)>) -> Crowd {
    attended.sort_unstable();
    let mut crowd = Crowd::default();
    for of_person in attended.chunk_by(|a, b| a.0 == b.0) {
        for (bit, people) in crowd.people.iter_mut().enumerate() {
            let times = of_person
                .iter()
                .filter(|(_, windows)| windows >> bit & 1 == 1)
                .count();
            *people += i64::from(times >= 1);
            crowd.repeaters_365 += i64::from(bit == YEAR && times >= 2);
        }
    }
    crowd
}

/// The same by the definitions in SQL.
pub(super) fn count_in_sql(
    bench: &Workbench<'_>,
) -> rusqlite::Result<(HashMap<i64, Returns>, Crowd)> {
    bench.run(sql!("took_part.sql"))?;
    let groups = bench.rows(sql!("repeat.sql"), |row| {
        let counts = Returns {
            repeaters: row.get("repeaters")?,
            people: row.get("people")?,
            returning_ones: row.get("returning_ones")?,
            participations: row.get("participations")?,
            kept: row.get("kept")?,
            could_be_kept: row.get("could_be_kept")?,
            came_back: row.get("came_back")?,
            had_time: row.get("had_time")?,
            first_timers: row.get("first_timers")?,
        };
        Ok((row.get("grp")?, counts))
    })?;
    let crowd = bench.rows(sql!("network_people.sql"), |row| {
        Ok(Crowd {
            people: [
                row.get("people_30")?,
                row.get("people_90")?,
                row.get("people_365")?,
                row.get("people_30_year_before")?,
                row.get("people_90_year_before")?,
                row.get("people_365_year_before")?,
            ],
            repeaters_365: row.get("repeaters_365")?,
        })
    })?;
    Ok((
        groups.into_iter().collect(),
        crowd.first().copied().unwrap_or_default(),
    ))
}
