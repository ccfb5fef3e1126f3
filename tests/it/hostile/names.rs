//! Names that were made to deceive, from Meetup to every place where people read them.

use super::{TEXTS, injected};
use crate::program::Program;
use gatherd::demo::world::GroupAt;
use gatherd::demo::{Blemish, Receiver, Switches, World};

/// A community in which everything that has a name has a hostile one.
pub fn deceitful() -> World {
    let mut world = World::sized(
        3,
        TEXTS.len(),
        TEXTS.len() * 3,
        400,
        150,
        chrono::Utc::now(),
    );
    let long = "\u{202e}\u{1b}[2J".repeat(2_500);
    for (nth, text) in TEXTS.iter().enumerate() {
        let at = GroupAt(nth as u32);
        let text = if nth % 9 == 8 { &long } else { *text };
        world.edit_group(at, |group| {
            group.name = format!("{text}{nth}");
            group.city = text.to_owned();
            group.state = text.to_owned();
        });
        if nth % 2 == 0 {
            world.rename_group(at, &format!("{nth}{text}"), &format!("{text}-{nth}"));
        }
        let events: Vec<_> = world.events_of(at).collect();
        for event in events {
            world.rename_event(event, text);
        }
    }
    for text in TEXTS {
        let person = world.add_person(*text);
        let now = world.now();
        world.join(GroupAt(0), person, now - 86_400);
        world.change_role(
            GroupAt(0),
            person,
            gatherd::demo::world::Role::EventOrganizer,
        );
    }
    world
}

#[test]
fn no_name_reaches_a_terminal_a_log_or_a_channel_as_anything_but_text() {
    let receiver = Receiver::start().unwrap();
    let program = Program::on(deceitful(), Switches::unlimited());
    program.configure(&format!(
        "{}[[network]]\nurlname = \"sized\"\n[[group]]\nurlname = \"no\\u001b[31m-such\"\n\
         [[channel]]\nname = \"chat\"\nkind = \"slack\"\nurl = \"{}\"\n",
        program.meetup_section(""),
        receiver.url("/chat"),
    ));
    let mut said = Vec::new();
    said.push(program.run(&["backfill", "-vv"]).exits(3));
    // Groups that fail are named in logs, in `status` and in the journal.
    for nth in [2, 4, 6, 8] {
        program.sim.blemish(GroupAt(nth), Blemish::Unreadable);
    }
    said.push(program.run(&["sync", "--sweep", "-vv"]).exits(3));
    said.push(program.run(&["sync", "--log-format", "json"]).exits(3));
    for args in [
        &["report"][..],
        &["report", "--format", "json"],
        &["report", "--send", "chat"],
        &["status"],
        &["status", "--json"],
        &["deliveries", "list"],
    ] {
        said.push(program.run(args).exits(0));
    }
    for ran in said {
        assert_eq!(injected(&ran.out), None, "{:?}", around(&ran.out));
        assert_eq!(injected(&ran.err), None, "{:?}", around(&ran.err));
    }
    let came = receiver.received();
    let body = String::from_utf8_lossy(&came[0].body).into_owned();
    for mark in [
        "<!channel>",
        "<!here>",
        "\\u001b",
        "\u{202e}",
        "<https://evil",
    ] {
        assert!(!body.contains(mark), "{mark} in {body}");
    }
    // Kept as it came, for whoever exports it.
    let kept = program.rows("SELECT count(*) FROM events WHERE title LIKE '%DROP TABLE%'");
    assert_ne!(kept, ["0"]);
    let events = program.sim.with_world(|world| world.events().count());
    let live = "SELECT count(*) FROM events WHERE gone_at IS NULL";
    assert_eq!(program.rows(live), [events.to_string()]);
}

/// What stands around an injected character.
fn around(text: &str) -> String {
    let Some(found) = injected(text) else {
        return String::new();
    };
    let at = text.find(found).unwrap();
    let before: String = text[..at].chars().rev().take(80).collect();
    let before: String = before.chars().rev().collect();
    before + &text[at..].chars().take(80).collect::<String>()
}
