//! Something outside hears that passes are good, that they are not, and, by silence, that the daemon died.

use crate::meetup::fake::{Fake, Heard, Say};
use crate::program::{Program, database_of, until_within};
use gatherd::demo::{Fault, On};
use std::time::Duration;

/// What the watcher's address ends with, which nobody else is to see.
const SECRET: &str = "3c1f2a80-secret";

async fn watcher() -> Fake {
    Fake::start(|_| Say::status(200, "OK")).await
}

fn program(seed: u64, address: &str) -> Program {
    let program = Program::small(seed);
    let meetup = program.meetup_section("");
    program.configure(&format!(
        "{meetup}[[network]]\nurlname = \"sized\"\n[schedule]\npoll = \"*/10 * * * * *\"\n\
         [[channel]]\nname = \"team\"\nkind = \"slack\"\nurl = \"http://127.0.0.1:9/\"\n\
         [heartbeat]\nurl = \"{address}\"\n"
    ));
    program
}

fn asked(it: &Heard) -> (&str, &str, &str) {
    (&it.method, &it.path, &it.body)
}

#[tokio::test(flavor = "multi_thread")]
async fn each_pass_of_the_daemon_is_heard_and_its_death_is_silence() {
    let watcher = watcher().await;
    let program = program(890, &format!("{}/ping/{SECRET}", watcher.url));
    program.run(&["backfill"]).exits(0);
    assert!(watcher.heard().is_empty(), "a backfill is no pass");
    let daemon = program.start(&["run"]);
    until_within(Duration::from_secs(40), "two passes are heard", || {
        watcher.heard().len() >= 2
    });
    let path = format!("/ping/{SECRET}");
    for it in watcher.heard() {
        assert_eq!(asked(&it), ("GET", path.as_str(), ""));
    }
    assert!(!daemon.err.so_far().contains(SECRET));
    daemon.kill();
    // What was under way when it died may still come; after it nothing does.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let heard = watcher.heard().len();
    tokio::time::sleep(Duration::from_secs(12)).await;
    assert_eq!(watcher.heard().len(), heard, "longer than a poll");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pass_that_fails_is_told_with_its_reason_and_a_good_one_after_it_calms() {
    let watcher = watcher().await;
    let mut program = program(891, &format!("{}/ping/{SECRET}/", watcher.url));
    program.run(&["backfill"]).exits(0);
    let good = program.env.clone();
    let worn_out = ("GATHERD_MEETUP_ACCESS_TOKEN".into(), "worn-out".into());
    program.env.push(worn_out);
    program.run(&["sync"]).exits(4);
    program.env = good;
    program.run(&["sync"]).exits(0);
    // A message that was given up is nothing of a pass, and `status --check` names it.
    program.run(&["report", "--send", "team"]).exits(3);
    let given_up = "UPDATE delivery_row SET state = 'dead'";
    database_of(&program.path("gatherd.db"), given_up);
    program.run(&["status", "--check"]).exits(1);
    program.run(&["sync"]).exits(0);
    program.sim.fault(On::Next, Fault::Status(503), 10_000);
    program.run(&["sync"]).exits(1);
    let (calm, fail) = (format!("/ping/{SECRET}/"), format!("/ping/{SECRET}/fail"));
    let heard = watcher.heard();
    let heard: Vec<_> = heard.iter().map(asked).collect();
    let failed = "the last pass failed: Meetup did not answer properly (1 network); gatherd status says more";
    let wrong = "1 message was given up for a channel; gatherd status says more";
    // A database that cannot be used is heard of, too: whoever runs this from cron reads no screen.
    database_of(&program.path("gatherd.db"), "PRAGMA user_version = 99");
    program.run(&["sync"]).exits(6);
    let heard_last = watcher.heard().pop().unwrap();
    assert_eq!(
        asked(&heard_last),
        (
            "POST",
            fail.as_str(),
            "the database cannot be used; gatherd doctor says why"
        )
    );
    assert_eq!(
        heard,
        [
            (
                "POST",
                fail.as_str(),
                "a person must sign in: gatherd auth login"
            ),
            ("GET", &calm, ""),
            ("POST", &fail, wrong),
            ("POST", &fail, failed),
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watcher_of_the_push_kind_is_told_by_get_alone() {
    let watcher = watcher().await;
    let address = format!("{}/api/push/{SECRET}?status=up&msg=OK&ping=", watcher.url);
    let program = program(892, &address);
    program.run(&["sync"]).exits(0);
    let heard = watcher.heard();
    assert_eq!(heard.len(), 1);
    assert_eq!(
        (heard[0].method.as_str(), heard[0].query.as_str()),
        ("GET", "status=up&msg=OK")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watcher_that_will_not_hear_is_tried_thrice_and_named_without_its_address() {
    let watcher = Fake::start(|_| Say::status(500, "no")).await;
    let program = program(893, &format!("{}/ping/{SECRET}", watcher.url));
    let ran = program.run(&["sync"]).exits(0);
    assert_eq!(watcher.heard().len(), 3);
    let said = ran.said();
    assert!(
        said.contains("the heartbeat was not heard: it answered 500; see heartbeat.url"),
        "{said}"
    );
    assert!(!said.contains(SECRET), "{said}");
}
