//! The answers, read once, group by group: only one group's are held at a time, and both cores read.
//!
//! What is counted is defined in SQL (`at_event.sql`, `repeat.sql`, `side_to_side.sql`, `network_people.sql`,
//! `overlaps.sql`, `past_answers.sql`); at network scale SQLite would need several sorts of all answers for
//! it. [`definition`] counts by those files, and a test holds both equal.

mod counted;
pub(super) mod definition;
mod event;
mod group;
mod turned;

use std::collections::{BTreeSet, HashMap};

use rusqlite::Connection;

use super::ahead::{FARTHEST, Past, PastEvents, PastReader};
use super::both::{Turns, both};
use super::crowd::Gathering;
use super::local::month_number;
use super::sql::sql;
use super::states::EventState;
use super::survival;
use super::timeline;
use super::workbench::Workbench;
pub(super) use counted::{ByGroup, Counted};
use event::Reader;
pub(super) use group::MARKED;
use group::{Count, OfGroup, Subject, Terms};
pub(super) use turned::Turned;

/// Counts everything in one pass, and fills the tables of `answered.sql`.
pub(super) fn count(bench: &Workbench<'_>) -> rusqlite::Result<Counted> {
    let mut leaders: HashMap<i64, Vec<u32>> = HashMap::new();
    bench.each(sql!("leading.sql"), |row| {
        leaders.entry(row.get(0)?).or_default().push(row.get(1)?);
        Ok(())
    })?;
    let subjects = subjects(bench, leaders);
    let wants_past = wants_past(bench, &subjects);
    let (gathering, mut groups) = read_all(bench, &subjects, (wants_past, i64::MIN), group::count)?;
    fill(bench, &mut groups)?;
    let mut by_group = ByGroup::default();
    let mut past: Vec<Past> = Vec::new();
    for group in groups {
        by_group.returns.insert(group.key, group.returns);
        by_group.acquainted.insert(group.key, group.acquainted);
        by_group.turned.insert(group.key, group.turned);
        past.extend(group.past);
    }
    let key = |number: u32| bench.groups[number as usize].key;
    let as_of = bench.settings.as_of.timestamp();
    Ok(Counted {
        groups: by_group,
        meetings: timeline::meetings(&bench.groups, &bench.timelines, as_of, bench.weeks),
        crowd: gathering.count().keyed(key),
        survival: survival::count(&bench.groups, &bench.timelines, as_of),
        past: wants_past.then(|| PastEvents::of(past)),
    })
}

/// Fills the tables of `answered.sql` with who said yes to which event that starts after an instant, and counts
/// nothing else but what forecasts learn from, where it is wanted: then the instant is to be [`MARKED`] before A, or
/// earlier.
pub(super) fn turnouts(
    bench: &Workbench<'_>,
    wants_past: bool,
    since: i64,
) -> rusqlite::Result<PastEvents> {
    let subjects = subjects(bench, HashMap::new());
    let wanted = (wants_past, since);
    let (_, mut groups) = read_all(bench, &subjects, wanted, group::count_turnouts)?;
    fill(bench, &mut groups)?;
    Ok(PastEvents::of(
        groups.into_iter().flat_map(|group| group.past).collect(),
    ))
}

/// Reads every group, with a second reader where there can be one.
fn read_all(
    bench: &Workbench<'_>,
    subjects: &[Subject<'_>],
    (wants_past, since): (bool, i64),
    count: Count,
) -> rusqlite::Result<(Gathering, Vec<OfGroup>)> {
    let terms = &Terms {
        as_of: bench.settings.as_of.timestamp(),
        weeks: bench.weeks,
        staff: members(bench, sql!("staff.sql"))?,
        wants_past,
        since,
    };
    let both = both(bench.conn(), subjects.len(), |conn, turns| {
        read(conn, subjects, terms, turns, count)
    });
    let ((mut gathering, mut groups), second) = both?;
    if let Some((other, more)) = second {
        gathering.add(other);
        groups.extend(more);
    }
    Ok((gathering, groups))
}

/// Takes one group after the other, until all are taken.
fn read(
    conn: &Connection,
    subjects: &[Subject<'_>],
    terms: &Terms,
    turns: &Turns<'_>,
    count: Count,
) -> rusqlite::Result<(Gathering, Vec<OfGroup>)> {
    let mut reader = Reader::of(conn)?;
    let mut past_reader = PastReader::of(conn)?;
    let mut gathering = Gathering::default();
    let mut groups = Vec::new();
    while let Some(turn) = turns.take() {
        let subject = &subjects[turn];
        groups.push(count(
            subject,
            terms,
            &mut reader,
            &mut past_reader,
            &mut gathering,
        )?);
    }
    Ok((gathering, groups))
}

/// Whether some event may have a forecast: else the past is left alone.
fn wants_past(bench: &Workbench<'_>, subjects: &[Subject<'_>]) -> bool {
    let until = bench.settings.as_of.timestamp() + FARTHEST;
    subjects.iter().filter(|it| it.is_complete).any(|it| {
        let mut scheduled = it.timeline.of(EventState::Scheduled);
        scheduled.any(|event| event.starts_at <= until)
    })
}

/// The groups with their events, and who leads them.
fn subjects<'a>(bench: &'a Workbench<'_>, mut leaders: HashMap<i64, Vec<u32>>) -> Vec<Subject<'a>> {
    let groups = bench.groups.iter().zip(&bench.timelines).zip(0..);
    let subjects = groups.map(|((group, timeline), number)| Subject {
        key: group.key,
        number,
        is_complete: group.history_complete,
        founded_at: group.founded_at.map(|at| at.timestamp()),
        this_month: month_number(group.local(bench.settings.as_of)),
        leaders: leaders.remove(&group.key).unwrap_or_default(),
        timeline,
    });
    subjects.collect()
}

fn members(bench: &Workbench<'_>, file: &str) -> rusqlite::Result<BTreeSet<u32>> {
    Ok(bench.rows(file, |row| row.get(0))?.into_iter().collect())
}

/// Fills the tables of `answered.sql`.
fn fill(bench: &Workbench<'_>, groups: &mut [OfGroup]) -> rusqlite::Result<()> {
    let conn = bench.conn();
    let mut turnout = conn.prepare("INSERT INTO temp.turnout VALUES (?1, ?2, ?3, ?4, ?5)")?;
    let mut hosted = conn.prepare("INSERT INTO temp.hosted VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
    let mut people = conn.prepare("INSERT INTO temp.people_of_year VALUES (?1, ?2, ?3)")?;
    let mut visit = conn.prepare("INSERT INTO temp.lead_visit VALUES (?1, ?2, ?3, ?4, ?5)")?;
    let mut answer = conn.prepare("INSERT INTO temp.lead_answer VALUES (?1, ?2, ?3)")?;
    let mut joint = conn.prepare("INSERT INTO temp.joint_yes VALUES (?1, ?2, ?3)")?;
    for group in groups {
        let grp = group.key;
        // Taken out, so that rows are held once.
        for it in std::mem::take(&mut group.turnouts) {
            turnout.execute((it.event, it.said_yes, it.guests, it.no_show, it.is_taken))?;
        }
        for it in std::mem::take(&mut group.hostings) {
            hosted.execute((
                grp,
                it.member,
                it.place,
                it.event,
                it.starts_at,
                it.is_staff,
            ))?;
        }
        people.execute((grp, group.people_of_year, group.people_before))?;
        for it in &group.lead_visits {
            visit.execute((grp, it.member, it.place, it.starts_at, it.is_host))?;
        }
        for (member, at) in &group.lead_answers {
            answer.execute((grp, member, at))?;
        }
        for row in &group.joint_yes {
            joint.execute(*row)?;
        }
    }
    Ok(())
}
