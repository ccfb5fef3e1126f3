//! Alerts of who leads and of what a group is called: the logs of three weeks, looked at once.

use std::collections::HashSet;

use gatherd::community::AlertKind;
use gatherd::report::alerts;

use super::*;
use crate::recount::sentences::sentences;
use crate::world::{NameLine, Person, RoleLine};

/// Days between the looks.
const APART: i64 = 20;
/// Persons of whom the logs tell, who did nothing else in these worlds.
const ANA: Person = 9_001;
const BEN: Person = 9_002;
const CEM: Person = 9_003;
const DAN: Person = 9_004;

type Role = Option<&'static str>;

const ORG: Role = Some("ORGANIZER");
const CO: Role = Some("COORGANIZER");
const HELPER: Role = Some("EVENT_ORGANIZER");

/// Who leads the groups changes, and what they are called; the roster is as the log leaves it.
fn turn(case: &mut Case, seed: u64) {
    let (a, world) = (case.a, &mut case.world);
    world.roles.clear();
    world.names.clear();
    let admin = world.admin;
    let mut of_admin = 0;
    for group in 0..world.groups.len() {
        world.groups[group].gone = None;
        // Whoever led it before leads no more, so that the log is the whole of it.
        for member in &mut world.groups[group].members {
            member.role = Some("MEMBER");
        }
        let nth = (group as u64).wrapping_mul(5).wrapping_add(seed) % 11;
        let account = admin.filter(|_| nth >= 9 && of_admin < 3);
        of_admin += usize::from(account.is_some());
        let account = account.unwrap_or(DAN);
        let lines: &[(Person, Role, Role, i64)] = match nth {
            0 => &[(ANA, ORG, None, 3), (BEN, CO, ORG, 3)],
            1 => &[(ANA, ORG, CO, 5), (BEN, None, ORG, 4)],
            2 => &[(ANA, ORG, None, 2), (CEM, None, CO, 50)],
            3 => &[(BEN, None, CO, 9), (CEM, None, CO, 8), (CEM, CO, HELPER, 2)],
            4 => &[(BEN, None, ORG, 6)],
            5 => &[(ANA, None, ORG, 60), (BEN, None, ORG, 6)],
            6 => &[(ANA, ORG, None, 40), (BEN, None, ORG, 6)],
            7 => &[(ANA, None, CO, 6), (ANA, CO, None, 2)],
            8 => &[
                (ANA, ORG, None, 7),
                (BEN, ORG, HELPER, 7),
                (CEM, CO, ORG, 7),
            ],
            9 => &[(ANA, ORG, None, 7), (account, None, ORG, 6)],
            _ => &[(ANA, None, ORG, 60), (account, None, CO, 6)],
        };
        let mut people: Vec<(Person, Role)> = Vec::new();
        for &(person, old, new, days) in lines {
            let at = a - days * DAY;
            world.roles.push(RoleLine {
                group,
                person,
                old,
                new,
                at,
            });
            people.retain(|it| it.0 != person);
            people.push((person, new));
        }
        for (person, role) in people {
            let has_left = role.is_none() && (seed / 11).is_multiple_of(2);
            world.groups[group].members.retain(|m| m.person != person);
            let member = world.member(group, person, role.unwrap_or("MEMBER"), "ACTIVE");
            member.joined = Some(a - 900 * DAY);
            member.seen = [None, Some(a - 400 * DAY), Some(a - DAY)][(person as usize + group) % 3];
            member.gone = has_left.then_some(a - DAY);
        }
        for (person, days) in [(ANA, 30), (BEN, 500)] {
            if (group as u64 + seed).is_multiple_of(4) {
                world.event(group, a - days * DAY).hosted_by(&[person]);
            }
        }
        let row = &world.groups[group];
        let (name, urlname) = (row.name.clone(), row.urlname.clone());
        let old = match (group as u64 + seed) % 5 {
            0 => ("Once".to_owned(), urlname.clone()),
            1 => (name.clone(), "once".to_owned()),
            2 => ("Once".to_owned(), "once".to_owned()),
            _ => continue,
        };
        world.names.push(NameLine {
            group,
            old,
            new: (name, urlname),
            at: a - 3 * DAY,
        });
    }
}

pub fn read(seed: u64, all: &[(Template, Pattern)], findings: &mut Findings) {
    let mut case = drawn_case(seed);
    case.name = format!("roles and names of seed {seed}");
    turn(&mut case, seed);
    let then = case.a - APART * DAY;
    let conn = case.world.store();
    conn.execute_batch(&format!(
        "ALTER TABLE group_row ADD COLUMN source TEXT NOT NULL DEFAULT 'meetup';
         ALTER TABLE group_row ADD COLUMN noted_name TEXT;
         ALTER TABLE group_row ADD COLUMN noted_urlname TEXT;
         UPDATE group_row SET backfill_planned_at = 1, history_complete = 1;
         UPDATE role_change_row SET looked_at = {then} WHERE noticed_at <= {then};"
    ))
    .unwrap();
    for line in &case.world.names {
        conn.execute(
            "UPDATE group_row SET noted_name = ?2, noted_urlname = ?3 WHERE key = ?1",
            rusqlite::params![line.group as i64 + 1, line.old.0, line.old.1],
        )
        .unwrap();
    }
    let settings = case.settings(case.a);
    let staff = settings.staff.clone().unwrap_or_default();
    let mut groups = metrics::watch(&conn, settings.as_of, &staff).unwrap();
    metrics::watch_news(&conn, settings.as_of, &mut groups).unwrap();
    let unread = HashSet::new();
    let ask = |a: i64| super::alerts::ask(a, &unread);
    // The first look takes note of the state that the second sees.
    let first = alerts::decide(&groups, &[], ask(then));
    let told = alerts::decide(&groups, &first.remember, ask(case.a));
    let question = case.question(case.a);
    let mut scene = case.scene(&question);
    scene.looked_at = then;
    let is_turned = |kind: AlertKind| {
        matches!(
            kind,
            AlertKind::OrganizerChanged | AlertKind::NewLeader | AlertKind::Renamed
        )
    };
    let measured: BTreeSet<String> = scene.groups.keys().cloned().collect();
    let told = told.tidings.iter().filter(|it| is_turned(it.kind));
    for tiding in told.filter(|it| measured.contains(&it.group.name)) {
        for text in sentences(&tiding.sentence) {
            let piece = Piece {
                place: Place::Turned,
                group: Some(tiding.group.name.clone()),
                text,
            };
            findings.check(&case, all, &mut scene, &piece);
        }
    }
}
