//! What is said of a listing that does not end.

use super::alerts::Sponsor;
use gatherd::demo::{Connection, Endless};
use serde_json::Value;

fn read(sponsor: &Sponsor, args: &[&str]) -> Value {
    serde_json::from_str(&sponsor.program.run(args).exits(0).out).unwrap()
}

/// Scopes that fail, how, and whether as a whole.
fn fails(sponsor: &Sponsor) -> Vec<String> {
    let said = read(sponsor, &["status", "--json"]);
    let failures = said["failures"].as_array().unwrap().iter();
    let told = failures.map(|it| {
        assert!(
            it["message"].as_str().unwrap().contains("does not end"),
            "{it}"
        );
        let part = if it["is_part"] == true {
            " in part"
        } else {
            ""
        };
        let (scope, kind) = (it["scope"].as_str().unwrap(), it["kind"].as_str().unwrap());
        format!("{scope} {kind}{part}")
    });
    told.collect()
}

fn unread(sponsor: &Sponsor) -> usize {
    let said = read(sponsor, &["report", "--format", "json"]);
    said["freshness"]["unread_groups"].as_array().unwrap().len()
}

#[test]
fn rows_that_are_invented_for_ever_fail_what_they_are_listed_of_and_are_told_by_all_who_tell() {
    let network = || vec!["network sized outage".to_owned()];
    let groups = |kind: &str| {
        let groups = 0..4;
        groups
            .map(|nth| format!("group sized-group-000{nth} outage{kind}"))
            .collect::<Vec<_>>()
    };
    // What a pass and a sweep exit with, what fails then, and how many groups count as unread.
    for (connection, exits, fails_then, unread_then) in [
        (Connection::Groups, [1, 3], network(), 4),
        (Connection::Events, [3, 3], network(), 4),
        // A network's events are listed by the network.
        (Connection::GroupEvents, [0, 0], vec![], 0),
        (Connection::Memberships, [0, 3], groups(" in part"), 0),
        (Connection::Rsvps, [0, 3], groups(""), 4),
    ] {
        let sponsor = Sponsor::new(660, "");
        sponsor.program.run(&["sync"]).exits(0);
        let set = |endless| {
            let sim = &sponsor.program.sim;
            sim.switch(|switches| switches.endless = endless);
        };
        set(Endless::Invents(connection));
        let most = sponsor.program.sim.counters().requests + 60;
        for (args, exit) in [&["sync"][..], &["sync", "--sweep"]].into_iter().zip(exits) {
            let ran = sponsor.program.run(args);
            assert_eq!(ran.code, exit, "{connection:?} {args:?}: {}", ran.said());
        }
        let asked = sponsor.program.sim.counters().requests;
        assert!(asked < most, "{connection:?}: {asked}");
        assert_eq!(fails(&sponsor), fails_then, "{connection:?}");
        assert_eq!(unread(&sponsor), unread_then, "{connection:?}");
        // So lately is no trouble yet.
        sponsor.program.run(&["status", "--check"]).exits(0);
        let gone = "SELECT 1 FROM groups WHERE gone_at IS NOT NULL
            UNION ALL SELECT 1 FROM memberships WHERE gone_at IS NOT NULL
            UNION ALL SELECT 1 FROM events WHERE gone_at IS NOT NULL
            UNION ALL SELECT 1 FROM rsvps WHERE gone_at IS NOT NULL";
        assert_eq!(sponsor.program.rows(gone), super::NONE, "{connection:?}");

        set(Endless::Ends);
        let conn = rusqlite::Connection::open(sponsor.program.path("gatherd.db")).unwrap();
        conn.execute_batch("UPDATE unit_row SET next_due = 1 WHERE state = 'due'")
            .unwrap();
        drop(conn);
        // What was invented is a loss, where it was much.
        sponsor.program.run(&["sync", "--sweep"]);
        sponsor
            .program
            .run(&["sync", "--sweep", "--accept-shrink"])
            .exits(0);
        assert_eq!(sponsor.program.differences(), super::NONE, "{connection:?}");
    }
}

#[test]
fn a_listing_that_goes_on_without_news_is_no_failure() {
    for endless in [Endless::Empty, Endless::Repeats] {
        let sponsor = Sponsor::new(661, "");
        let sim = &sponsor.program.sim;
        sim.switch(|switches| switches.endless = endless);
        for args in [&["sync"][..], &["sync", "--sweep"]] {
            sponsor.program.run(args).exits(0);
            assert_eq!(fails(&sponsor), super::NONE, "{endless:?}");
            assert_eq!(unread(&sponsor), 0, "{endless:?}");
        }
        assert_eq!(sponsor.program.differences(), super::NONE, "{endless:?}");
    }
}
