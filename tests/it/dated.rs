//! Dates that cannot be true: of answers, of events and groups, of our own clock. Each harms itself only.

use crate::program::{Program, until};
use crate::rig::Rig;
use gatherd::demo::world::{Answer, EventAt, PersonAt};
use gatherd::demo::{Receiver, Switches, World};

const NONE: Vec<String> = Vec::new();
const DAY: i64 = 86_400;
const YEAR_9999: i64 = 253_370_764_800;

fn rig(seed: u64) -> Rig {
    let world = World::sized(seed, 4, 60, 700, 300, chrono::Utc::now());
    Rig::new(world, Switches::unlimited())
}

/// A coming event with answers, one of them dated in 2099.
fn with_a_date_ahead(rig: &Rig) -> (EventAt, Vec<PersonAt>) {
    rig.sim.with_world(|world| {
        let (group, now) = (world.groups().next().unwrap().0, world.now());
        let host = world.group(group).memberships[0].person;
        let event = world.announce(group, "Soon", now + 2 * DAY, &[host], now - 900);
        let people: Vec<_> = (0..8).map(|_| world.add_person("Somebody")).collect();
        for person in &people {
            world.answer(event, *person, Answer::Yes, now - 600);
        }
        world.date_answer(event, people[0], 4_070_908_800);
        (event, people)
    })
}

const ANSWERS: &str = "SELECT member_id, rsvps.status FROM rsvps JOIN events ON token = event_token
    WHERE title = 'Soon' AND rsvps.gone_at IS NULL ORDER BY 1";

fn answers(rig: &Rig, event: EventAt) -> Vec<String> {
    let mut answers: Vec<String> = rig.sim.with_world(|world| {
        let rsvps = world.event(event).shown_rsvps();
        rsvps
            .map(|rsvp| format!("{}|{}", world.person(rsvp.person).id, rsvp.answer.as_str()))
            .collect()
    });
    answers.sort();
    answers
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_dated_in_the_future_hides_no_later_one_and_can_be_changed() {
    let rig = rig(810);
    rig.backfill().await.unwrap();
    let (event, people) = with_a_date_ahead(&rig);
    rig.pass().await.unwrap();
    assert_eq!(rig.rows(ANSWERS), answers(&rig, event));
    let dated = "SELECT count(*) FROM rsvps WHERE updated_at > '2050'";
    assert_eq!(rig.rows(dated), ["0"]);
    // Others change while it stands in front; then it changes itself, dated as it should be.
    rig.sim.with_world(|world| {
        let now = world.now();
        world.answer(event, people[3], Answer::No, now);
        world.answer(event, people[4], Answer::No, now);
    });
    rig.pass().await.unwrap();
    assert_eq!(rig.rows(ANSWERS), answers(&rig, event));
    rig.sim.with_world(|world| {
        let now = world.now();
        world.answer(event, people[0], Answer::No, now);
    });
    rig.pass().await.unwrap();
    assert_eq!(rig.rows(ANSWERS), answers(&rig, event));
    assert_eq!(rig.differences(), NONE);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_wrong_date_once_kept_is_put_right_by_a_full_walk() {
    let rig = rig(811);
    rig.backfill().await.unwrap();
    let (event, people) = with_a_date_ahead(&rig);
    rig.sim.with_world(|world| {
        let now = world.now();
        world.date_answer(event, people[0], now - 600);
    });
    rig.pass().await.unwrap();
    // As an earlier version left it: rows and watermark in 2099, and the answer is another one by now.
    rig.meddle(
        "UPDATE rsvp_row SET updated_at = 4070908800 WHERE event = (SELECT key FROM event_row WHERE title = 'Soon');
         UPDATE event_row SET watermark = 4070908800 WHERE title = 'Soon';",
    );
    rig.sim.with_world(|world| {
        let now = world.now();
        world.answer(event, people[0], Answer::No, now);
        world.answer(event, people[1], Answer::No, now);
    });
    rig.sweep().await.unwrap();
    assert_eq!(rig.differences(), NONE);
    // And the next change is found by its date again.
    rig.sim.with_world(|world| {
        let now = world.now();
        world.swap_answers(event, people[1], people[2], now);
    });
    rig.pass().await.unwrap();
    assert_eq!(rig.differences(), NONE);
}

#[test]
fn an_event_in_the_year_9999_and_a_group_of_no_age_harm_only_themselves() {
    let program = Program::small(812);
    let report = |program: &Program| -> serde_json::Value {
        program.run(&["backfill"]).exits(0);
        assert_eq!(program.differences(), NONE);
        program.run(&["sync", "--sweep"]).exits(0);
        assert_eq!(program.differences(), NONE);
        program.run(&["status"]).exits(0);
        program.run(&["report"]).exits(0);
        let ran = program.run(&["report", "--format", "json"]).exits(0);
        serde_json::from_str(&ran.out).unwrap()
    };
    let urlnames = program.sim.with_world(|world| {
        let groups: Vec<_> = world.groups().map(|(at, _)| at).collect();
        let now = world.now();
        for (group, founded) in [(groups[0], YEAR_9999), (groups[1], -62_135_596_800)] {
            world.edit_group(group, |group| {
                group.founded_at = founded;
                group.joined_network_at = Some(founded);
            });
            let host = world.group(group).memberships[0].person;
            let event = world.announce(group, "Never", now + DAY, &[host], now);
            world.move_event(event, Some(YEAR_9999));
        }
        groups[2..]
            .iter()
            .map(|at| world.group(*at).urlname.clone())
            .collect::<Vec<_>>()
    });
    let report = report(&program);
    for urlname in urlnames {
        let groups = report["groups"].as_array().unwrap();
        let group = groups.iter().find(|it| it["urlname"] == urlname.as_str());
        assert_eq!(group.unwrap()["history_complete"], true, "{urlname}");
    }
    let open = program.rows("SELECT count(*) FROM units WHERE state = 'due'");
    assert_eq!(open, ["0"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_years_ahead_deletes_no_history_and_dates_nothing() {
    // Meetup's clock stands in for ours: it is ten years behind.
    let behind = -3_650 * DAY;
    let then = chrono::Utc::now() + chrono::TimeDelta::seconds(behind);
    let world = World::sized(814, 4, 60, 700, 300, then);
    let switches = Switches {
        clock_ahead_seconds: behind,
        ..Switches::unlimited()
    };
    let mut rig = Rig::new(world, switches);
    rig.backfill().await.unwrap();
    let old = then.timestamp() - 100 * DAY;
    rig.meddle(&format!(
        "DELETE FROM pass_row;
         INSERT INTO pass_row (kind, started_at, finished_at, outcome) VALUES ('pass', {old}, {old}, 'done');
         UPDATE unit_row SET finished_at = {} WHERE state = 'done';",
        then.timestamp() - 5 * DAY
    ));
    let units = rig.rows("SELECT count(*) FROM units");
    rig.restart();
    rig.pass().await.unwrap();
    rig.sim.with_world(|world| {
        let group = world.groups().next().unwrap().0;
        let event = world.events_of(group).next().unwrap();
        world.delete_event(event);
    });
    rig.sweep().await.unwrap();
    assert_eq!(rig.rows("SELECT count(*) FROM passes"), ["3"]);
    let left: i64 = rig.rows("SELECT count(*) FROM units")[0].parse().unwrap();
    assert!(left >= units[0].parse().unwrap());
    let this_year = format!("'{}'", chrono::Utc::now().format("%Y"));
    for (what, sql) in [
        (
            "group_days",
            "SELECT count(*) FROM group_days WHERE on_date >= ",
        ),
        ("events", "SELECT count(*) FROM events WHERE gone_at >= "),
        (
            "passes",
            "SELECT count(*) FROM passes WHERE finished_at >= ",
        ),
    ] {
        assert_eq!(rig.rows(&format!("{sql}{this_year}")), ["0"], "{what}");
    }
    assert_eq!(
        rig.rows("SELECT count(*) FROM events WHERE gone_at IS NOT NULL"),
        ["1"]
    );
    assert_eq!(rig.differences(), NONE);
}

#[test]
fn a_daemon_whose_clock_is_years_ahead_files_nothing_until_it_is_right_and_then_catches_up() {
    let receiver = Receiver::start().unwrap();
    let program = Program::small(813);
    program.configure(&format!(
        "{}[[network]]\nurlname = \"sized\"\n[schedule]\npoll = \"*/10 * * * * *\"\n\
         [[channel]]\nname = \"hook\"\nkind = \"slack\"\nurl = \"{}\"\ndigest = \"* * * * *\"\n",
        program.meetup_section(""),
        receiver.url("/hook"),
    ));
    program.run(&["backfill"]).exits(0);
    // A digest was served yesterday, so that one is overdue.
    let conn = rusqlite::Connection::open(program.path("gatherd.db")).unwrap();
    conn.execute_batch("INSERT INTO firing_row VALUES ('digest hook', unixepoch() - 86400)")
        .unwrap();
    drop(conn);
    let last = program.rows("SELECT max(on_date) FROM group_days");
    // Meetup's clock stands in for ours: it is ten years behind.
    program
        .sim
        .switch(|switches| switches.clock_ahead_seconds = -3_650 * DAY);
    let conn = rusqlite::Connection::open(program.path("gatherd.db")).unwrap();
    conn.execute_batch("UPDATE pass_row SET started_at = 1, finished_at = 1")
        .unwrap();
    drop(conn);
    let daemon = program.start(&["run"]);
    daemon.logs("the clock of this machine may be wrong");
    daemon.logs("pass ended");
    until("a pass by Meetup's clock", || {
        program.rows("SELECT min(on_date) FROM group_days") < last
    });
    assert_eq!(program.rows("SELECT count(*) FROM reports"), ["0"]);
    assert_eq!(program.rows("SELECT max(on_date) FROM group_days"), last);
    assert!(receiver.received().is_empty());
    program
        .sim
        .switch(|switches| switches.clock_ahead_seconds = 0);
    until("the digest is caught up", || {
        !receiver.received().is_empty()
    });
    daemon.signal("TERM");
    daemon.ends().exits(0);
    let filed = program.rows("SELECT count(*) FROM reports WHERE kind = 'digest'");
    assert!(filed == ["1"] || filed == ["2"], "{filed:?}");
}
