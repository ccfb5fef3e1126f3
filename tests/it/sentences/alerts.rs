//! Two looks at a world, three weeks apart, and what the second tells.

use std::collections::{HashMap, HashSet};

use gatherd::community::AlertKind;
use gatherd::metrics::{Status, Watched};
use gatherd::report::alerts::{self, Ask};
use gatherd::report::message::Line;

use super::*;
use crate::recount::sentences::sentences;
use crate::world::{HOUR, Person};

/// Days between the looks.
const APART: i64 = 20;

/// Before the first look all is well with Meetup; some groups are silent or new, others have a date close to the
/// second look, or hosts who will leave.
fn at_first(case: &mut Case, seed: u64) {
    let (a, world) = (case.a, &mut case.world);
    for group in 0..world.groups.len() {
        (world.groups[group].status, world.groups[group].tie) = ("PAID", Some("ACTIVE"));
        let silent = match (group as u64 + seed) % 12 {
            0 | 4 | 10 => Some(230),
            5 | 11 => Some(185),
            6 => Some(3_000),
            _ => None,
        };
        if let Some(days) = silent {
            for event in world.events.iter_mut().filter(|e| e.group == group) {
                if event.starts.is_none_or(|at| at >= a - days * DAY) {
                    event.status = "DRAFT";
                }
            }
            world.event(group, a - days * DAY);
        }
        match (group as u64 + seed) % 12 {
            1 | 7 => {
                let members = world.groups[group].members.iter();
                let members = members.filter(|m| m.gone.is_none() && m.status != "PENDING");
                let hosts: Vec<Person> = members.map(|m| m.person).take(2).collect();
                world.event(group, a - 30 * DAY).hosted_by(&hosts);
            }
            3 | 9 => {
                let said: Vec<Person> = (0..(seed % 4) as Person).collect();
                let event = world.event(group, a + 2 * DAY);
                event.answer("YES", &said).status = "ACTIVE";
                event.created = Some(a - 40 * DAY);
            }
            6 => {
                let events = world.events.iter_mut().filter(|e| e.group == group);
                events.for_each(|e| e.status = "DRAFT");
            }
            _ => {}
        }
    }
}

/// What happens to it until the second.
fn happens(case: &mut Case, seed: u64) {
    let (a, world) = (case.a, &mut case.world);
    for (nth, group) in world.groups.iter_mut().enumerate() {
        let stays = |m: &&mut crate::world::Membership| m.gone.is_none();
        let members = group.members.iter_mut().filter(stays);
        match (nth as u64 + seed) % 6 {
            0 => members
                .filter(|m| m.role.is_some_and(|role| role != "MEMBER"))
                .for_each(|m| m.gone = Some(a - HOUR)),
            1 => members.for_each(|m| m.gone = Some(a - 3 * DAY + i64::from(m.person) * HOUR)),
            2 => members.for_each(|m| m.role = Some("MEMBER")),
            3 => group.status = ["GRACE", "FROZEN", "DEAD"][(seed % 3) as usize],
            4 => group.tie = Some("DELISTED"),
            _ if seed.is_multiple_of(2) => group.gone = Some(a - HOUR),
            _ => {}
        }
    }
    for event in &mut world.events {
        let is_near = |at: i64| at > a && at <= a + 3 * DAY;
        match event.starts.is_some_and(is_near).then_some(seed % 3) {
            Some(0) => event.status = "CANCELLED",
            Some(1) => event.gone = Some(a - HOUR),
            _ => {}
        }
    }
    for group in 0..world.groups.len() {
        let starts = match (group as u64 + seed) % 12 {
            0 => a - HOUR,
            4 => a + 9 * DAY,
            6 => [a - HOUR, a - 2 * DAY, a + 9 * DAY][(group + seed as usize / 12) % 3],
            10 => a - 2 * DAY,
            _ => continue,
        };
        let event = world.event(group, starts);
        event.status = "ACTIVE";
        event.created = Some(a - 3 * DAY);
        event.seen = vec![a - 3 * DAY];
    }
}

/// What a look sees, with whose pause is long.
fn look(case: &Case, a: i64) -> Vec<Watched> {
    let conn = case.world.store();
    conn.execute_batch("UPDATE group_row SET backfill_planned_at = 1")
        .unwrap();
    let settings = case.settings(a);
    let staff = settings.staff.clone().unwrap_or_default();
    let mut groups = metrics::watch(&conn, settings.as_of, &staff).unwrap();
    let measured = metrics::measure(&conn, &settings).unwrap();
    let statuses = measured.groups.into_iter();
    let statuses: HashMap<String, Option<Status>> = statuses.map(|it| (it.id, it.status)).collect();
    for group in &mut groups {
        let status = statuses.get(group.id.as_str()).copied().flatten();
        group.is_overdue = status.map(|status| status == Status::Overdue);
    }
    groups
}

/// A look at an instant for every kind of alert.
pub fn ask(a: i64, unread: &HashSet<String>) -> Ask<'_> {
    Ask {
        now: instant(a),
        today: instant(a).date_naive(),
        kinds: AlertKind::ALL,
        contacts: &[],
        unread,
    }
}

pub fn read(seed: u64, all: &[(Template, Pattern)], findings: &mut Findings) {
    let mut case = drawn_case(seed);
    case.name = format!("alerts of seed {seed}");
    at_first(&mut case, seed);
    let unread = HashSet::new();
    let ask = |a: i64| ask(a, &unread);
    let then = case.a - APART * DAY;
    let before = alerts::decide(&look(&case, then), &[], ask(then));
    assert!(before.tidings.is_empty(), "the first look only takes note");
    happens(&mut case, seed);
    let told = alerts::decide(&look(&case, case.a), &before.remember, ask(case.a));
    let question = case.question(case.a);
    let mut scene = case.scene(&question);
    // A group that is not measured is told of where it has gone.
    let is_told = |name: &str| {
        let mut groups = case.world.groups.iter();
        scene.groups.contains_key(name) || groups.any(|it| it.name == name && it.gone.is_some())
    };
    let told = told.tidings.into_iter();
    let told: Vec<_> = told.filter(|it| is_told(&it.group.name)).collect();
    frame(&told, case.a);
    for tiding in &told {
        for text in sentences(&tiding.sentence) {
            let piece = Piece {
                place: Place::Alert,
                group: Some(tiding.group.name.clone()),
                text,
            };
            findings.check(&case, all, &mut scene, &piece);
        }
    }
}

/// What stands around the sentences: how many groups, what of, how many are not listed, how old the data is.
fn frame(told: &[alerts::Tiding], a: i64) {
    let all: Vec<&alerts::Tiding> = told.iter().collect();
    let one = told.first().map(std::slice::from_ref).unwrap_or_default();
    for told in [all, one.iter().collect()] {
        let message = alerts::message(&told, Some(instant(a - 2 * HOUR)));
        let groups: HashSet<&str> = told.iter().map(|it| it.group.name.as_str()).collect();
        let title = match told[..] {
            [] => continue,
            [one] => message.title.strip_prefix(&format!("{}: ", one.group.name)),
            _ if groups.len() == 1 => message.title.strip_prefix("News of 1 group"),
            _ => message
                .title
                .strip_prefix(&format!("News of {} groups", groups.len())),
        };
        let title = title.unwrap_or_else(|| panic!("{}, of {groups:?}", message.title));
        let headings = message
            .sections
            .iter()
            .filter_map(|it| it.heading.as_deref());
        let headings: Vec<&str> = headings.collect();
        if let [_] = told[..] {
            assert_eq!(title.to_lowercase(), headings[0].to_lowercase());
        }
        let kinds: HashSet<AlertKind> = told.iter().map(|it| it.kind).collect();
        assert_eq!(headings.len(), kinds.len(), "{headings:?}");
        let entries = message
            .sections
            .iter()
            .map(|it| (it.entries.len(), it.unlisted));
        let (listed, unlisted) = entries.fold((0, 0), |sum, it| (sum.0 + it.0, sum.1 + it.1));
        assert_eq!(listed + unlisted, told.len());
        assert!(
            message
                .sections
                .iter()
                .all(|it| it.unlisted == 0 || it.entries.len() == 10)
        );
        let until = instant(a - 2 * HOUR)
            .format("Data to %a %-d %b %H:%M UTC.")
            .to_string();
        assert_eq!(message.footer, [Line::plain(until)]);
    }
}
