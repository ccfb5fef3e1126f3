//! Databases kept from earlier schema versions: `tests/data/mirrors/NNNN.db` is what the program that
//! shipped with migration NNNN left behind. They are never edited; the current program must open each,
//! lose nothing of it, and ask Meetup nothing that it need not ask anyway.
//!
//! Before a migration is added, the file of the schema so far is made (see `making`).

mod alerts;
mod making;
mod migrating;
mod roles;
mod told;

use crate::program::Program;
use gatherd::demo::world::{
    Answer, Event, EventStatus, Gathering, GroupAt, Membership, PersonAt, Role, Rsvp, Standing,
    Venue,
};
use gatherd::demo::{Switches, World};
use std::path::PathBuf;

pub const NONE: Vec<String> = Vec::new();
pub const OUTSIDE: &str = "kept-group-3";
const DAY: i64 = 86_400;
/// 1 March 2024: all but the events to come is over on any day on which this runs.
const THEN: i64 = 1_709_251_200;
/// 1 March 2094.
const MUCH_LATER: i64 = 3_918_240_000;

fn folder() -> PathBuf {
    concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/mirrors").into()
}

/// The kept files by schema version.
pub fn kept() -> Vec<(usize, PathBuf)> {
    let mut kept: Vec<(usize, PathBuf)> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "db"))
        .map(|path| {
            (
                path.file_stem().unwrap().to_str().unwrap().parse().unwrap(),
                path,
            )
        })
        .collect();
    kept.sort();
    kept
}

/// How many migrations there are.
pub fn newest() -> usize {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/mirror");
    std::fs::read_dir(folder).unwrap().count()
}

/// A community written down here row by row, since a kept file must find the same one for ever.
fn founded() -> World {
    let mut world = World::empty(7);
    let admin = world.add_person("Ada Admin");
    let network = world.add_network("kept", "Kept Network", admin);
    let people: Vec<PersonAt> = (1..=24)
        .map(|nth| world.add_person(format!("Person {nth}")))
        .collect();
    for nth in 0..4_i64 {
        let venue = world.add_venue(Venue {
            name: format!("Hall {nth}"),
            city: "Bern".to_owned(),
            country: "ch".to_owned(),
            ..Venue::online()
        });
        let group = add_group(&mut world, nth, admin, &people);
        if nth < 3 {
            world.join_network(group, network, THEN - 900 * DAY);
        }
        for turn in 0..10_i64 {
            let starts_at = match turn {
                0 => MUCH_LATER + nth * DAY,
                _ => THEN - turn * 30 * DAY + nth * 3_600,
            };
            let event = world.add_event(Event {
                id: String::new(),
                old_ids: Vec::new(),
                token: format!("kept{nth}x{turn}"),
                group,
                title: format!("Evening {turn}"),
                status: if turn == 4 {
                    EventStatus::Cancelled
                } else {
                    EventStatus::Active
                },
                gathering: Gathering::Physical,
                starts_at: Some(starts_at),
                minutes: Some(120),
                says_end: true,
                created_at: THEN - 400 * DAY,
                capacity: (turn == 5).then_some(30),
                venues: vec![venue],
                hosts: vec![Some(people[0]), Some(people[1])],
                network_event: None,
                is_deleted: false,
                rsvps: Vec::new(),
            });
            for (place, person) in people.iter().enumerate().take(12) {
                let answers = [
                    Answer::Yes,
                    Answer::Attended,
                    Answer::No,
                    Answer::Waitlist,
                    Answer::NoShow,
                ];
                let answer = answers[(place + turn as usize) % if turn == 0 { 1 } else { 5 }];
                let updated_at = Some(THEN - turn * 30 * DAY - place as i64 * 3_600 - DAY);
                let rsvp = Rsvp {
                    id: 0,
                    person: *person,
                    answer,
                    guests: u16::from(place == 3),
                    is_host: place < 2,
                    is_hidden: false,
                    updated_at,
                };
                world.add_rsvp(event, rsvp);
            }
        }
    }
    world
}

fn add_group(world: &mut World, nth: i64, admin: PersonAt, people: &[PersonAt]) -> GroupAt {
    let founded_at = THEN - 1_000 * DAY;
    let members = std::iter::once(&admin).chain(people);
    let memberships = members.enumerate().map(|(place, person)| Membership {
        person: *person,
        role: [Role::Organizer, Role::Coorganizer]
            .get(place)
            .copied()
            .unwrap_or(Role::Member),
        standing: if place < 2 {
            Standing::Leader
        } else {
            Standing::Active
        },
        is_hidden: false,
        joined_at: founded_at + place as i64 * DAY,
        last_access_at: Some(THEN - DAY),
    });
    // A group cannot be made but by the world itself: an empty one is taken and written over.
    let template = World::sized(1, 1, 0, 0, 1, chrono::Utc::now());
    let mut group = template.group(GroupAt(0)).clone();
    group.urlname = format!("kept-group-{nth}");
    group.name = format!("Kept Group {nth}");
    group.city = "Bern".to_owned();
    group.state = String::new();
    group.country = "ch".to_owned();
    (group.lat, group.lon) = (46.9, 7.4);
    group.timezone = "Europe/Zurich".to_owned();
    group.zone = chrono_tz::Europe::Zurich;
    group.founded_at = founded_at;
    (group.network, group.joined_network_at) = (None, None);
    (group.status, group.tie, group.join_mode) = ("PAID", "ACTIVE", "OPEN");
    (group.is_private, group.marks_attendance) = (false, true);
    group.organizer = Some(admin);
    group.memberships = memberships.collect();
    world.add_group(group)
}

/// What happened afterwards, so that the file holds changes, vanished rows and two ids of one event.
fn changed(world: &mut World) {
    let token = |world: &World, text: &str| world.event_of_token(text).unwrap();
    let soon = token(world, "kept0x0");
    let person = |world: &World, place: usize| world.event(soon).rsvps[place].person;
    let (one, other) = (person(world, 2), person(world, 5));
    world.answer(soon, one, Answer::No, THEN + DAY);
    world.remove_rsvp(soon, other);
    world.rename_event(soon, "Another evening");
    world.replace_event_id(token(world, "kept1x0"));
    world.delete_event(token(world, "kept2x0"));
    world.leave(GroupAt(0), other, false);
    world.change_role(GroupAt(1), one, Role::EventOrganizer);
}

/// A program on this community.
fn program(world: World) -> Program {
    let program = Program::on(world, Switches::unlimited());
    program.configure(&configuration(&program));
    program
}

fn configuration(program: &Program) -> String {
    format!(
        "{}[[network]]\nurlname = \"kept\"\n[[group]]\nurlname = \"{OUTSIDE}\"\n\
         [[channel]]\nname = \"hook\"\nkind = \"webhook\"\nurl = \"http://127.0.0.1:9/\"\n\
         secret = \"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"\n",
        program.meetup_section("")
    )
}

/// A program whose Meetup is as the kept files know it.
pub fn program_as_kept() -> Program {
    let mut world = founded();
    changed(&mut world);
    program(world)
}

/// Puts a copy of a kept file in place of its database.
pub fn place(program: &Program, file: &std::path::Path) {
    std::fs::copy(file, program.path("gatherd.db")).unwrap();
    let conn = rusqlite::Connection::open(program.path("gatherd.db")).unwrap();
    let endpoint = "UPDATE meta SET value = ?1 WHERE key = 'endpoint'";
    conn.execute(endpoint, [program.sim.endpoint()]).unwrap();
    // Nobody listens at the channel's address: its message is not for this hour.
    let waits =
        "UPDATE delivery_row SET next_attempt_at = unixepoch() + 72000 WHERE state = 'pending'";
    conn.execute(waits, []).unwrap();
}
