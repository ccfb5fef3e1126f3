//! Alerts from the world to the channel: a group changes at Meetup, a message arrives, once.

use crate::program::{Program, until};
use gatherd::demo::world::{GroupAt, PersonAt, Role};
use gatherd::demo::{Receiver, Switches, World};
use serde_json::Value;

/// Four groups that meet monthly, a webhook for their alerts, and everything read.
pub(super) struct Sponsor {
    pub program: Program,
    pub receiver: Receiver,
}

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

impl Sponsor {
    pub fn new(seed: u64, more: &str) -> Self {
        Self::of(
            World::sized(seed, 4, 40, 500, 200, chrono::Utc::now()),
            more,
        )
    }

    pub fn of(world: World, more: &str) -> Self {
        let program = Program::on(world, Switches::unlimited());
        let receiver = Receiver::start().unwrap();
        let sponsor = Self { program, receiver };
        let channel = sponsor.channel("hook", "\"alerts\", \"operator\"");
        sponsor.configure(&format!("{channel}{more}"));
        sponsor.program.run(&["backfill"]).exits(0);
        sponsor
    }

    pub fn configure(&self, more: &str) {
        let meetup = self.program.meetup_section("");
        self.program
            .configure(&format!("{meetup}[[network]]\nurlname = \"sized\"\n{more}"));
    }

    pub fn channel(&self, name: &str, sends: &str) -> String {
        let url = self.receiver.url(name);
        format!(
            "[[channel]]\nname = \"{name}\"\nkind = \"webhook\"\nurl = \"{url}\"\nsecret = \"{SECRET}\"\nsends = [{sends}]\n"
        )
    }

    pub fn change<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        self.program.sim.with_world(act)
    }

    /// One pass; the kinds and urlnames that arrived with it, and that it was one message at most.
    pub fn sync(&self) -> Vec<String> {
        self.program.run(&["sync"]).exits(0);
        let came = self.receiver.take();
        assert!(came.len() <= 1, "{} messages", came.len());
        came.iter().flat_map(|it| told(&it.json)).collect()
    }
}

pub(super) fn told(json: &Value) -> Vec<String> {
    assert_eq!(json["type"], "alert");
    assert_eq!(json["data"]["schema_version"], 1);
    let alerts = json["data"]["alerts"].as_array().unwrap();
    alerts
        .iter()
        .map(|it| {
            let about = it["group"]["urlname"].as_str().or(it["about"].as_str());
            format!("{} {}", it["kind"].as_str().unwrap(), about.unwrap_or("-"))
        })
        .collect()
}

pub(super) fn group(world: &World, nth: u32) -> GroupAt {
    world.group_named(&format!("sized-group-{nth:04}")).unwrap()
}

/// Everybody who leads the group, but the network's admin.
fn leaders(world: &World, group: GroupAt) -> Vec<PersonAt> {
    let rows = world.group(group).memberships.iter();
    rows.filter(|it| it.role != Role::Member && Some(it.person) != world.group(group).organizer)
        .map(|it| it.person)
        .collect()
}

fn lose_leaders(world: &mut World, nth: u32) {
    let at = group(world, nth);
    for person in leaders(world, at) {
        world.change_role(at, person, Role::Member);
    }
}

#[test]
fn a_group_that_loses_its_last_leader_is_told_once_with_link_and_names() {
    let sponsor = Sponsor::new(81, "");
    assert_eq!(
        sponsor.sync(),
        Vec::<String>::new(),
        "how it was found is no news"
    );
    sponsor.change(|world| lose_leaders(world, 1));
    sponsor.program.run(&["sync"]).exits(0);
    let came = sponsor.receiver.take();
    assert_eq!(came.len(), 1);
    assert_eq!(told(&came[0].json), ["leaderless sized-group-0001"]);
    let alert = &came[0].json["data"]["alerts"][0];
    let link = alert["group"]["link"].as_str().unwrap();
    assert!(link.contains("sized-group-0001"), "{link}");
    assert!(
        alert["sentence"]
            .as_str()
            .unwrap()
            .contains("Nobody leads it any more")
    );
    assert_eq!(sponsor.sync(), Vec::<String>::new());
    // One comes and goes at once: it flickers. Only that somebody came to lead it is news.
    sponsor.change(|world| {
        let at = group(world, 1);
        let person = world.group(at).memberships[9].person;
        world.change_role(at, person, Role::Coorganizer);
    });
    assert_eq!(sponsor.sync(), ["new_leader sized-group-0001"]);
    sponsor.change(|world| lose_leaders(world, 1));
    assert_eq!(sponsor.sync(), Vec::<String>::new());
    let filed = sponsor.program.rows("SELECT kind, state FROM deliveries");
    assert_eq!(filed, ["alert|sent", "alert|sent"]);
}

#[test]
fn many_at_once_become_one_message() {
    let sponsor = Sponsor::new(82, "");
    sponsor.change(|world| {
        lose_leaders(world, 0);
        let frozen = group(world, 1);
        world.edit_group(frozen, |group| group.status = "FROZEN");
        let delisted = group(world, 2);
        world.delist_group(delisted);
        let left = group(world, 3);
        world.leave_network(left);
    });
    assert_eq!(
        sponsor.sync(),
        [
            "leaderless sized-group-0000",
            "meetup_status sized-group-0001",
            "meetup_status sized-group-0002",
            "meetup_status sized-group-0003",
        ]
    );
}

#[test]
fn an_event_in_person_that_is_cancelled_the_day_before_is_told() {
    let sponsor = Sponsor::new(83, "");
    let now = chrono::Utc::now().timestamp();
    let [soon, later] = [24, 240].map(|hours| {
        sponsor.change(|world| {
            let at = group(world, 2);
            let host = world.group(at).memberships[4].person;
            world.announce(at, "An evening", now + hours * 3_600, &[host], now)
        })
    });
    assert_eq!(sponsor.sync(), Vec::<String>::new());
    sponsor.change(|world| {
        world.cancel_event(soon);
        world.cancel_event(later);
    });
    assert_eq!(sponsor.sync(), ["cancelled_soon sized-group-0002"]);
    assert_eq!(sponsor.sync(), Vec::<String>::new());
}

#[test]
fn a_quiet_group_that_announces_and_a_new_one_with_its_first_event_are_told() {
    let now = chrono::Utc::now().timestamp();
    let mut world = World::sized(84, 4, 40, 500, 200, chrono::Utc::now());
    let (quiet, new) = (group(&world, 0), group(&world, 3));
    for at in world.events_of(quiet).collect::<Vec<_>>() {
        let start = world.event(at).starts_at.unwrap();
        if start > now - 250 * 86_400 {
            world.delete_event(at);
        }
    }
    for at in world.events_of(new).collect::<Vec<_>>() {
        world.delete_event(at);
    }
    let sponsor = Sponsor::of(world, "");
    sponsor.change(|world| {
        for at in [quiet, new] {
            let host = world.group(at).memberships[4].person;
            world.announce(at, "An evening", now + 20 * 86_400, &[host], now);
        }
    });
    assert_eq!(
        sponsor.sync(),
        ["restarted sized-group-0000", "first_event sized-group-0003"]
    );
    assert_eq!(sponsor.sync(), Vec::<String>::new());
}

#[test]
fn the_last_active_host_who_leaves_is_told() {
    let sponsor = Sponsor::new(85, "[alerts]\nkinds = [\"last_host\"]\n");
    let hosts = sponsor.change(|world| {
        let at = group(world, 1);
        let hosts: Vec<PersonAt> = world
            .events_of(at)
            .flat_map(|event| world.event(event).hosts.clone())
            .flatten()
            .collect();
        // Three leaders who vanish at once would not be believed: first they hand over.
        for person in &hosts {
            world.change_role(at, *person, Role::Member);
        }
        hosts
    });
    assert_eq!(sponsor.sync(), Vec::<String>::new());
    sponsor.change(|world| {
        let at = group(world, 1);
        for person in hosts {
            world.leave(at, person, false);
        }
    });
    assert_eq!(sponsor.sync(), ["last_host sized-group-0001"]);
}

#[test]
fn a_muted_group_is_not_told() {
    let sponsor = Sponsor::new(86, "");
    let program = &sponsor.program;
    program.run(&["mute", "sized-group-0000"]).exits(0);
    let kind = ["mute", "sized-group-0001", "--alert", "leaderless"];
    program.run(&kind).exits(0);
    sponsor.change(|world| {
        for nth in 0..3 {
            lose_leaders(world, nth);
            let at = group(world, nth);
            world.edit_group(at, |group| group.status = "GRACE");
        }
    });
    assert_eq!(
        sponsor.sync(),
        [
            "leaderless sized-group-0002",
            "meetup_status sized-group-0001",
            "meetup_status sized-group-0002",
        ]
    );
    program.run(&["mute", "sized-group-0000", "--off"]).exits(0);
    assert_eq!(sponsor.sync(), Vec::<String>::new());
}

#[test]
fn a_channel_hears_only_of_the_groups_it_is_narrowed_to() {
    let sponsor = Sponsor::new(87, "");
    let narrow = sponsor.channel("narrow", "\"alerts\"");
    let deaf = sponsor.channel("deaf", "\"alerts\"");
    let digest = sponsor.channel("digest", "\"digest\"");
    sponsor.configure(&format!(
        "{narrow}groups = [\"sized-group-0001\"]\n{deaf}countries = [\"zz\"]\n{digest}"
    ));
    sponsor.change(|world| {
        lose_leaders(world, 0);
        lose_leaders(world, 1);
    });
    sponsor.program.run(&["sync"]).exits(0);
    let came = sponsor.receiver.take();
    assert_eq!(came.len(), 1);
    assert_eq!(came[0].path, "/narrow");
    assert_eq!(told(&came[0].json), ["leaderless sized-group-0001"]);
    // What was filed is all of it, once.
    let alerts = "SELECT json_array_length(payload, '$.alerts') FROM reports WHERE kind = 'alert'";
    assert_eq!(sponsor.program.rows(alerts), ["2"]);
}

#[test]
fn a_group_that_cannot_be_read_is_not_told_until_it_is() {
    let sponsor = Sponsor::new(88, "");
    let at = sponsor.change(|world| {
        lose_leaders(world, 1);
        group(world, 1)
    });
    sponsor
        .program
        .sim
        .blemish(at, gatherd::demo::Blemish::Unreadable);
    sponsor.program.run(&["sync"]).exits(3);
    assert!(sponsor.receiver.take().is_empty());
    sponsor.program.sim.heal();
    let due = "UPDATE group_row SET retry_at = 1 WHERE retry_at IS NOT NULL";
    crate::program::database_of(&sponsor.program.path("gatherd.db"), due);
    assert_eq!(sponsor.sync(), ["leaderless sized-group-0001"]);
}

#[test]
fn what_could_not_be_kept_is_told_by_the_next_look() {
    let sponsor = Sponsor::new(89, "");
    sponsor.change(|world| lose_leaders(world, 1));
    // Filing breaks off after the states were written: all of it is undone.
    let database = sponsor.program.path("gatherd.db");
    crate::program::database_of(
        &database,
        "CREATE TRIGGER broken BEFORE INSERT ON delivery_row BEGIN SELECT RAISE(ABORT, 'broken'); END",
    );
    let before = sponsor.program.rows("SELECT * FROM alerts");
    sponsor.program.run(&["sync"]);
    assert_eq!(sponsor.program.rows("SELECT * FROM alerts"), before);
    assert!(sponsor.receiver.take().is_empty());
    let none = sponsor.program.rows("SELECT count(*) FROM reports");
    assert_eq!(none, ["0"]);
    crate::program::database_of(&database, "DROP TRIGGER broken");
    assert_eq!(sponsor.sync(), ["leaderless sized-group-0001"]);
    assert_eq!(sponsor.sync(), Vec::<String>::new());
}

#[test]
fn slack_gets_the_same_in_blocks_with_links() {
    let sponsor = Sponsor::new(95, "");
    let url = sponsor.receiver.url("slack");
    sponsor.configure(&format!(
        "[[channel]]\nname = \"team\"\nkind = \"slack\"\nurl = \"{url}\"\nsends = [\"alerts\"]\n"
    ));
    sponsor.change(|world| lose_leaders(world, 1));
    sponsor.program.run(&["sync"]).exits(0);
    let came = sponsor.receiver.take();
    assert_eq!(came.len(), 1);
    let text = came[0].json["text"].as_str().unwrap();
    assert!(text.contains("needs an organizer"), "{text}");
    let blocks = came[0].json["blocks"].to_string();
    for part in ["*Needs an organizer*", "/sized-group-0001", "/members/"] {
        assert!(blocks.contains(part), "no {part} in {blocks}");
    }
}

#[test]
fn a_sync_that_changed_nothing_looks_again_only_after_an_hour() {
    let sponsor = Sponsor::new(96, "");
    assert_eq!(sponsor.sync(), Vec::<String>::new());
    let looked_at = || {
        sponsor
            .program
            .rows("SELECT served_at FROM firing_row WHERE name = 'alerts'")
    };
    let database = sponsor.program.path("gatherd.db");
    let ago = |seconds: i64| {
        let at = chrono::Utc::now().timestamp() - seconds;
        crate::program::database_of(
            &database,
            &format!(
                "UPDATE pass_row SET finished_at = finished_at - 9000;
                 UPDATE firing_row SET served_at = {at} WHERE name = 'alerts'"
            ),
        );
        vec![at.to_string()]
    };
    let lately = ago(60);
    assert_eq!(sponsor.sync(), Vec::<String>::new());
    assert_eq!(looked_at(), lately);
    let long_ago = ago(3_600);
    assert_eq!(sponsor.sync(), Vec::<String>::new());
    assert_ne!(looked_at(), long_ago);
    // A pass whose process died before it looked is looked at by the next one.
    let lately = ago(60);
    crate::program::database_of(
        &database,
        "UPDATE pass_row SET finished_at = unixepoch(), rows_changed = 1 WHERE id = (SELECT max(id) FROM pass_row)",
    );
    assert_eq!(sponsor.sync(), Vec::<String>::new());
    assert_ne!(looked_at(), lately);
}

#[test]
fn the_daemon_backfills_in_silence_and_tells_what_happens_after() {
    let world = World::sized(90, 4, 40, 500, 200, chrono::Utc::now());
    let program = Program::on(world, Switches::unlimited());
    let receiver = Receiver::start().unwrap();
    let sponsor = Sponsor { program, receiver };
    let channel = sponsor.channel("hook", "\"alerts\"");
    sponsor.configure(&format!("[schedule]\npoll = \"*/10 * * * * *\"\n{channel}"));
    let daemon = sponsor.program.start(&["run"]);
    until("every group was looked at", || {
        gatherd::mirror::Mirror::open_existing(&sponsor.program.path("gatherd.db")).is_ok_and(
            |it| crate::rig::rows(&it, "SELECT count(*) FROM alerts WHERE kind = 'read'") == ["4"],
        )
    });
    assert!(sponsor.receiver.received().is_empty());
    sponsor.change(|world| lose_leaders(world, 1));
    until("the alert arrives", || {
        !sponsor.receiver.received().is_empty()
    });
    let came = sponsor.receiver.received();
    assert_eq!(told(&came[0].json), ["leaderless sized-group-0001"]);
    daemon.signal("TERM");
    daemon.ends().exits(0).says(&["alerts filed"]);
}

#[test]
fn a_sign_in_that_is_needed_is_told_to_the_operator_once_and_to_nobody_else() {
    let sponsor = Sponsor::new(91, "");
    let alerts = sponsor.channel("alerts", "\"alerts\"");
    let operator = sponsor.channel("operator", "\"operator\"");
    sponsor.configure(&format!("{alerts}{operator}"));
    sponsor.program.sim.revoke_access_tokens();
    sponsor.program.run(&["sync"]).exits(4);
    let came = sponsor.receiver.take();
    assert_eq!(came.len(), 1);
    assert_eq!(came[0].path, "/operator");
    assert_eq!(came[0].json["data"]["about"], "operator");
    assert_eq!(told(&came[0].json), ["sign_in -"]);
    sponsor.program.run(&["sync"]).exits(4);
    assert!(sponsor.receiver.take().is_empty());
}

#[test]
fn a_day_without_a_good_pass_is_told_by_the_daemon() {
    let sponsor = Sponsor::new(92, "");
    crate::program::database_of(
        &sponsor.program.path("gatherd.db"),
        "UPDATE pass_row SET started_at = started_at - 90000, finished_at = finished_at - 90000",
    );
    sponsor.program.sim.revoke_access_tokens();
    let daemon = sponsor.program.start(&["run"]);
    until("the operator is told", || {
        !sponsor.receiver.received().is_empty()
    });
    assert_eq!(
        told(&sponsor.receiver.received()[0].json),
        ["no_good_pass -", "sign_in -"]
    );
    daemon.signal("TERM");
    daemon.ends().exits(0);
}

#[test]
fn a_refused_roster_is_told_to_the_operator_and_of_its_groups_nothing() {
    let sponsor = Sponsor::new(93, "");
    sponsor.change(|world| {
        lose_leaders(world, 3);
        for nth in 0..3 {
            let at = group(world, nth);
            world.leave_network(at);
        }
    });
    sponsor.program.run(&["sync"]).exits(3);
    let came = sponsor.receiver.take();
    assert_eq!(came.len(), 1);
    assert_eq!(told(&came[0].json), ["refused_roster network sized"]);
    sponsor.program.run(&["sync", "--accept-shrink"]).exits(0);
    let came = sponsor.receiver.take();
    assert_eq!(came.len(), 1, "three that left, and the leaders");
    assert_eq!(told(&came[0].json).len(), 4);
}

#[test]
fn a_message_given_up_is_told_to_another_channel_than_its_own() {
    let sponsor = Sponsor::new(94, "");
    let team = sponsor.channel("team", "\"alerts\", \"operator\"");
    let operator = sponsor.channel("operator", "\"operator\"");
    sponsor.configure(&format!("{team}{operator}"));
    sponsor
        .receiver
        .reply([gatherd::demo::Reply::Status(410, "gone".to_owned())]);
    sponsor.change(|world| lose_leaders(world, 1));
    sponsor.program.run(&["sync"]).exits(3);
    sponsor.receiver.take();
    sponsor.program.run(&["sync"]).exits(0);
    let came = sponsor.receiver.take();
    assert_eq!(came.len(), 1);
    assert_eq!(came[0].path, "/operator");
    assert_eq!(told(&came[0].json), ["dead_delivery team"]);
}
