//! What is said of what was never read, or by the wrong account, and of a history that never comes.

use super::alerts::{Sponsor, group, told};
use super::health::{DAY, Wrong, age, down, footer, report, sponsor, status};
use crate::program::Program;
use gatherd::demo::world::Answer;
use gatherd::demo::{Fault, LeavesOut, On};
use serde_json::Value;

#[test]
fn a_group_that_was_never_read_is_stale_once_that_lasted_for_a_day() {
    let sponsor = sponsor(630);
    Wrong::GroupUnreadable.begin(&sponsor);
    let check = |exit: i32| sponsor.program.run(&["status", "--check"]).exits(exit).out;
    sponsor.program.run(&["sync"]).exits(3);
    let conn = rusqlite::Connection::open(sponsor.program.path("gatherd.db")).unwrap();
    conn.execute_batch("UPDATE failure_row SET read_at = NULL")
        .unwrap();
    // Found by its name: the list begins with what was verified longest ago.
    let read_at = || {
        let groups = status(&sponsor)["freshness"].clone();
        let mut all = groups.as_array().unwrap().iter();
        let of_it = all.find(|it| it["urlname"] == "sized-group-0001").unwrap();
        of_it["read_at"].clone()
    };
    assert_eq!(read_at(), Value::Null);
    assert_eq!(check(0), "", "a first failure is no trouble yet");
    age(&sponsor, DAY - 300);
    // A pass is good that reads all but one group, so nothing else is old.
    sponsor.program.run(&["sync"]).exits(3);
    assert_eq!(check(0), "", "nor is one of nearly a day");
    assert!(sponsor.receiver.take().is_empty());
    age(&sponsor, 600);
    sponsor.program.run(&["sync"]).exits(3);
    assert_eq!(
        check(1),
        "1 group of 4 could not be read for a day or longer, some of them never: sized-group-0001; \
         see `gatherd status` for what fails\n"
    );
    let came = sponsor.receiver.take();
    assert_eq!(came.len(), 1);
    assert_eq!(told(&came[0].json), ["stale_data groups"]);
    assert_eq!(read_at(), Value::Null);
    sponsor.program.sim.heal();
    age(&sponsor, 0);
    sponsor.program.run(&["sync"]).exits(0);
    assert_eq!(check(0), "");
}

#[test]
fn a_group_that_fails_as_soon_as_it_joins_was_never_read() {
    let sponsor = sponsor(631);
    sponsor.program.run(&["sync"]).exits(0);
    age(&sponsor, 300);
    sponsor.change(|world| {
        let (founder, now) = (group(world, 0), world.now());
        let founded = world.found_group(founder, "founded-today", "Founded today", now);
        let people: Vec<_> = world.group(founder).memberships[..4].to_vec();
        let event = world.announce(founded, "A first evening", now + 9 * DAY, &[], now);
        for person in people.iter().map(|it| it.person) {
            world.join(founded, person, now);
            world.answer(event, person, Answer::Yes, now);
        }
    });
    // The others have no news, so only its RSVPs are asked for.
    let rsvps_down = || {
        ["EventRsvps", "NetworkEventsRiding"]
            .into_iter()
            .for_each(|operation| down(&sponsor, operation));
    };
    rsvps_down();
    sponsor.program.run(&["sync"]).exits(3);
    let never = || {
        let said = report(&sponsor);
        let groups = said["groups"].as_array().unwrap().iter();
        let at: Vec<(String, bool)> = groups
            .map(|it| (it["urlname"].to_string(), it["read_at"].is_null()))
            .collect();
        let is_told = status(&sponsor)["freshness"].as_array().unwrap().clone();
        let told: Vec<(String, bool)> = is_told
            .iter()
            .map(|it| (it["urlname"].to_string(), it["read_at"].is_null()))
            .collect();
        assert_eq!(at.len(), 5, "{said}");
        for one in &told {
            assert!(at.contains(one), "{at:?}, {told:?}");
        }
        let unread = said["freshness"]["unread_groups"].clone();
        let never = at.into_iter().filter(|(_, is_never)| *is_never);
        (never.map(|(name, _)| name).collect::<Vec<_>>(), unread)
    };
    let new = "founded-today";
    assert_eq!(
        never(),
        (vec![format!("{new:?}")], serde_json::json!([new])),
        "only the new one, and never"
    );
    assert!(footer_of_report(&sponsor).contains("all but 1 group, which was never read."));
    assert!(footer(&sponsor).contains("all but 1 group, which was never read"));
    sponsor.program.run(&["status", "--check"]).exits(0);
    age(&sponsor, DAY + 60);
    sponsor.program.run(&["sync"]).exits(3);
    let ran = sponsor.program.run(&["status", "--check"]).exits(1);
    assert_eq!(
        ran.out,
        "1 group of 5 could not be read for a day or longer, some of them never: founded-today; \
         see `gatherd status` for what fails\n"
    );
    sponsor.program.sim.heal();
    age(&sponsor, 300);
    sponsor.program.run(&["sync"]).exits(0);
    assert_eq!(never(), (vec![], serde_json::json!([])));
    // From now on it fails as any other does: as of when it was read.
    age(&sponsor, 300);
    sponsor.change(|world| {
        let at = world.group_named(new).unwrap();
        let event = world.events_of(at).next_back().unwrap();
        let (person, now) = (world.event(event).rsvps[0].person, world.now());
        world.answer(event, person, Answer::No, now);
    });
    rsvps_down();
    sponsor.program.run(&["sync"]).exits(3);
    assert_eq!(never(), (vec![], serde_json::json!([new])));
}

#[test]
fn an_account_that_sees_less_is_told_by_its_id_with_the_one_that_is_wanted() {
    let sponsor = sponsor(632);
    sponsor.program.run(&["sync"]).exits(0);
    let (id, name) = sponsor.change(|world| {
        let admin = world.person(world.networks().next().unwrap().1.admin);
        (admin.id, admin.name.clone())
    });
    // As if somebody else had read all of it before.
    let conn = rusqlite::Connection::open(sponsor.program.path("gatherd.db")).unwrap();
    let known = conn.execute("UPDATE meta SET value = '42' WHERE key = 'account_id'", []);
    assert_eq!(known.unwrap(), 1);
    drop(conn);
    Wrong::PastHidden.begin(&sponsor);
    let ran = sponsor.program.run(&["sync", "--sweep", "-vv"]).exits(4);
    let said = ran.said();
    let who = format!("member {id} is signed in, who sees less than member 42, who was before");
    assert!(said.contains(&who), "{said}");
    assert!(
        said.contains("sign in as member 42 again with `gatherd auth login`"),
        "{said}"
    );
    assert!(!said.contains(&name), "{said}");
    let status = status(&sponsor);
    assert_eq!(status["failures"][0]["scope"], "sign-in");
    sponsor.program.run(&["status", "--check"]).exits(4);
    // The way out that is named: somebody else reads from now on.
    sponsor.program.sim.heal();
    let leave_out = |what| {
        let sim = &sponsor.program.sim;
        sim.switch(|switches| switches.leaves_out = what);
    };
    leave_out(LeavesOut::Nothing);
    sponsor
        .program
        .run(&["sync", "--sweep", "--accept-shrink"])
        .exits(0);
    leave_out(LeavesOut::PastEvents);
    let ran = sponsor.program.run(&["sync", "--sweep"]).exits(3);
    assert!(!ran.said().contains("is signed in"), "{}", ran.said());
}

#[test]
fn a_network_or_a_group_that_was_never_read_is_trouble_at_once() {
    let sponsor = sponsor(640);
    sponsor.program.run(&["sync"]).exits(0);
    let meetup = sponsor.program.meetup_section("");
    for (more, says) in [
        (
            "[[network]]\nurlname = \"sizde\"\n",
            "the network sizde was never read: Meetup shows no network",
        ),
        (
            "[[group]]\nurlname = \"acme-nowhere\"\n",
            "the group acme-nowhere was never read: Meetup shows no group",
        ),
    ] {
        sponsor
            .program
            .configure(&format!("{meetup}[[network]]\nurlname = \"sized\"\n{more}"));
        sponsor.program.run(&["sync"]).exits(3);
        let ran = sponsor.program.run(&["status", "--check"]).exits(1);
        assert!(ran.out.contains(says), "{}", ran.out);
        // All of what is mirrored was read all the same.
        assert!(footer_of_report(&sponsor).contains("All 4 groups were read"));
    }
}

#[test]
fn a_configured_group_that_meetup_shows_and_no_pass_ever_read_is_trouble_at_once() {
    let sponsor = sponsor(644);
    let outside = "outside-and-new";
    sponsor.change(|world| {
        let (founder, now) = (group(world, 0), world.now());
        let founded = world.found_group(founder, outside, "Outside and new", now);
        world.leave_network(founded);
        let people: Vec<_> = world.group(founder).memberships[..4].to_vec();
        let event = world.announce(founded, "A first evening", now + 9 * DAY, &[], now);
        for person in people.iter().map(|it| it.person) {
            world.join(founded, person, now);
            world.answer(event, person, Answer::Yes, now);
        }
    });
    sponsor.program.run(&["sync"]).exits(0);
    age(&sponsor, 300);
    let meetup = sponsor.program.meetup_section("");
    let hook = sponsor.channel("hook", "\"operator\"");
    sponsor.program.configure(&format!(
        "{meetup}[[network]]\nurlname = \"sized\"\n[[group]]\nurlname = \"{outside}\"\n{hook}"
    ));
    ["EventRsvps", "GroupEventsRiding"]
        .into_iter()
        .for_each(|operation| down(&sponsor, operation));
    sponsor.program.run(&["sync"]).exits(3);
    let groups = status(&sponsor)["freshness"].clone();
    let mut groups = groups.as_array().unwrap().iter();
    let known = groups.find(|it| it["urlname"] == outside).unwrap();
    assert_eq!(known["read_at"], Value::Null, "it is mirrored and unread");
    let ran = sponsor.program.run(&["status", "--check"]).exits(1);
    let says = format!("the group {outside} was never read: ");
    assert_eq!(ran.out.matches(&says).count(), 1, "{}", ran.out);
    assert_eq!(ran.out.lines().count(), 1, "once: {}", ran.out);
    let came = sponsor.receiver.take();
    assert_eq!(came.len(), 1);
    let about = format!("stale_data group {outside}");
    assert_eq!(told(&came[0].json), [about]);
    sponsor.program.sim.heal();
    age(&sponsor, 0);
    sponsor.program.run(&["sync"]).exits(0);
    sponsor.program.run(&["status", "--check"]).exits(0);
}

fn footer_of_report(sponsor: &Sponsor) -> String {
    sponsor.program.run(&["report"]).exits(0).out
}

#[test]
fn a_backfill_that_ends_what_a_killed_one_began_is_ready() {
    let program = Program::small(642);
    let killed = program.start(&["backfill"]);
    crate::program::until("the history is planned", || {
        let counters = program.sim.counters();
        counters.by_operation.contains_key("NetworkEventsRiding")
    });
    killed.kill();
    program.run(&["status", "--check"]).exits(1);
    program.run(&["backfill"]).exits(0);
    program.run(&["status", "--check"]).exits(0);
    let ran = program.run(&["report", "--format", "json"]).exits(0);
    let said: Value = serde_json::from_str(&ran.out).unwrap();
    assert!(said["freshness"]["oldest_read_at"].is_string(), "{said}");
}

fn json(program: &Program, args: &[&str]) -> Value {
    serde_json::from_str(&program.run(args).exits(0).out).unwrap()
}

fn status_of(program: &Program) -> Value {
    json(program, &["status", "--json"])
}

#[test]
fn a_history_whose_events_never_come_is_unknown_and_not_a_group_that_never_met() {
    let program = Program::small(643);
    let riding = || On::Operation("NetworkEventsRiding".to_owned());
    program.sim.fault(riding(), Fault::Status(500), 100_000);
    let ran = program.run(&["backfill"]).exits(3);
    ran.says(&[
        "network sized: meetup: NetworkEventsRiding: HTTP 500",
        "history is incomplete for 4 groups, so reports give them no status yet",
    ]);
    let failing = status_of(&program)["failures"].clone();
    assert_eq!(failing[0]["scope"], "network sized");
    assert_eq!(failing[0]["is_part"], true);
    // What is near was read, and the far past waits for its next attempt.
    program
        .run(&["sync"])
        .exits(0)
        .says(&["left over: 1 unit of work"]);
    let told = status_of(&program);
    assert_eq!(told["incomplete_groups"], 4);
    program
        .run(&["status"])
        .exits(0)
        .says(&["4 sponsored, 0 with their whole history"]);

    let said = json(&program, &["report", "--format", "json"]);
    for group in said["groups"].as_array().unwrap() {
        assert!(group["status"].is_null(), "{group}");
    }
    let by_status = said["network"]["groups_by_status"].as_object().unwrap();
    assert!(by_status.values().all(|it| *it == 0), "{by_status:?}");
    let all = "sized-group-0000, sized-group-0001, sized-group-0002,";
    for (command, says) in [
        (
            "report",
            "No group had a complete history here as of this day.",
        ),
        (
            "digest",
            "No figures yet: no group's history has been read through.",
        ),
    ] {
        let ran = program.run(&[command]).exits(0);
        ran.says(&[says, "History still being read, so in no figure"]);
        let out = program.run(&[command]).out.replace('\n', " ");
        assert!(out.contains(all), "{command}: {out}");
        for wrong in [
            "quiet since",
            "Quiet",
            "Nobody",
            "never met",
            "Please write",
        ] {
            assert!(!out.contains(wrong), "{command} says {wrong:?}: {out}");
        }
    }
    let groups = program.run(&["groups"]).exits(0).out;
    assert_eq!(groups.matches(" unknown ").count(), 4, "{groups}");
    program.sim.heal();
    let conn = rusqlite::Connection::open(program.path("gatherd.db")).unwrap();
    conn.execute_batch("UPDATE unit_row SET next_due = 1 WHERE state = 'due'")
        .unwrap();
    drop(conn);
    program.run(&["sync"]).exits(0);
    let said = json(&program, &["report", "--format", "json"]);
    for group in said["groups"].as_array().unwrap() {
        assert!(group["status"].is_string(), "{group}");
    }
}
