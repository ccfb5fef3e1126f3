//! What is kept about people, and that it can be erased: searched for in the bytes of the files, not in what the program says.

mod aged;
mod beside;
mod forgetting;
mod nameless;
mod registry;
mod upheld;

use crate::program::Program;
use gatherd::demo::world::{Answer, GroupAt, PersonAt, Role};
use gatherd::demo::{Switches, World};
use std::path::Path;

/// Nobody else is called so, and nothing.
pub const NAME: &str = "Quirina Vexelberg";
const DAY: i64 = 86_400;

/// A community with somebody in it who leads a group, belongs to another, answers and hosts.
pub struct Scene {
    pub program: Program,
    pub person: PersonAt,
    pub id: String,
}

impl Scene {
    pub fn new(seed: u64) -> Self {
        let mut world = World::sized(seed, 4, 40, 500, 200, chrono::Utc::now());
        let person = somebody(&mut world);
        let id = world.person(person).id.to_string();
        let program = Program::on(world, Switches::unlimited());
        let scene = Self {
            program,
            person,
            id,
        };
        scene.configure("");
        scene
    }

    /// Nobody listens at the channel's address: what is sent there waits.
    pub fn configure(&self, more: &str) {
        self.program.configure(&format!(
            "{}[[network]]\nurlname = \"sized\"\n[schedule]\npoll = \"*/10 * * * * *\"\nsweep = \"0 0 1 1 *\"\n\
             digest = \"0 0 1 1 *\"\n[[channel]]\nname = \"hook\"\nkind = \"webhook\"\nurl = \"http://127.0.0.1:9/\"\n\
             secret = \"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"\nsends = [\"digest\"]\n{more}",
            self.program.meetup_section("")
        ));
    }

    /// Everything that is kept of a person is kept of this one.
    pub fn fill(&self) {
        let run = |args: &[&str]| self.program.run(args);
        run(&["backfill"]).exits(0);
        let note = format!("Ask {} or {NAME} for the room", self.id);
        run(&["note", "sized-group-0000", &note]).exits(0);
        run(&["asked", "sized-group-0000", "--whom", NAME]).exits(0);
        run(&["owner", "sized-group-0001", NAME]).exits(0);
        run(&["report", "--send", "hook"]).exits(3);
        let spending = format!(
            "date,group,kind,amount,currency,note\n2026-01-01,sized-group-0001,travel,20,EUR,{NAME} came ({})\n",
            self.id
        );
        std::fs::write(self.program.path("spending.csv"), spending).unwrap();
        let called = format!("what {NAME} paid");
        run(&["import", "spending", "spending.csv", "--as", &called]).exits(0);
        std::fs::remove_file(self.program.path("spending.csv")).unwrap();
        let now = chrono::Utc::now().timestamp();
        self.program.sim.with_world(|world| {
            world.change_role(GroupAt(0), self.person, Role::Organizer);
            let event = world.events_of(GroupAt(0)).last().unwrap();
            world.answer(event, self.person, Answer::No, now);
        });
        run(&["sync"]).said();
        // Under no other name than that of the table is there anything to look for.
        for kept in [
            "SELECT count(*) > 0 FROM rsvps",
            "SELECT count(*) > 0 FROM memberships",
            "SELECT count(*) > 0 FROM event_hosts",
            "SELECT count(*) > 0 FROM role_changes",
            "SELECT count(*) > 0 FROM rsvp_changes",
        ] {
            let of = format!("{kept} WHERE member_id = '{}'", self.id);
            assert_eq!(self.program.rows(&of), ["1"], "{of}");
        }
    }

    /// In which files beside the configuration somebody's number or name stands, and which of the two.
    pub fn found(&self) -> Vec<String> {
        found_in(self.program.dir.path(), &[&self.id, NAME])
    }

    /// The rows that counts are made of, with persons as numbers of their own.
    pub fn counts(&self) -> Vec<String> {
        [
            "SELECT count(*), count(DISTINCT member_id), sum(gone_at IS NULL) FROM rsvps",
            "SELECT count(*), count(DISTINCT member_id), sum(gone_at IS NULL) FROM memberships",
            "SELECT count(*), count(DISTINCT member_id) FROM event_hosts",
            "SELECT count(*), count(DISTINCT member_id) FROM role_changes",
            "SELECT count(*), count(DISTINCT member_id) FROM rsvp_changes",
            "SELECT count(*) FROM members",
        ]
        .iter()
        .flat_map(|sql| self.program.rows(sql))
        .collect()
    }
}

/// Somebody who leads a group, belongs to another, answered its events and hosts one.
pub fn somebody(world: &mut World) -> PersonAt {
    let now = chrono::Utc::now().timestamp();
    let person = world.add_person(NAME);
    for group in [GroupAt(0), GroupAt(1)] {
        world.join(group, person, now - 400 * DAY);
        let events: Vec<_> = world.events_of(group).collect();
        for event in &events {
            let starts_at = world.event(*event).starts_at.unwrap_or(now);
            world.answer(*event, person, Answer::Yes, (starts_at - DAY).min(now));
        }
        world.change_hosts(events[0], &[person]);
    }
    world.change_role(GroupAt(0), person, Role::Coorganizer);
    person
}

/// Where in the files of a folder one of these texts stands, numbers also as the database keeps them.
pub fn found_in(folder: &Path, texts: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(found_in(&path, texts));
            continue;
        }
        if path.extension().is_some_and(|it| it == "toml") {
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        for text in texts {
            if holds(&bytes, text.as_bytes()) || number(text).is_some_and(|it| holds(&bytes, &it)) {
                let name = path.file_name().unwrap().to_string_lossy();
                found.push(format!("{name}: {text}"));
            }
        }
    }
    found
}

/// As SQLite keeps a number: its bytes, the most significant first, in as few as do.
fn number(text: &str) -> Option<Vec<u8>> {
    let bytes = text.parse::<i64>().ok()?.to_be_bytes();
    let zeros = bytes.iter().take_while(|it| **it == 0).count();
    let length = match bytes.len() - zeros {
        // Of fewer bytes there are too many by chance.
        0..=3 => return None,
        4 => 4,
        5 | 6 => 6,
        _ => 8,
    };
    Some(bytes[bytes.len() - length..].to_vec())
}

fn holds(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|it| it == text)
}
