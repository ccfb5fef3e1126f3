//! Signals: the first finishes the page in hand, the second ends the program at once.

use super::NONE;
use crate::program::{Program, until};
use std::sync::mpsc;

/// Holds every answer to the operation until the sender is dropped.
fn hold(program: &Program, operation: &'static str) -> mpsc::Sender<()> {
    let (open, gate) = mpsc::channel::<()>();
    program.sim.before_answer(move |asked, _| {
        if asked.operation == operation {
            let _ = gate.recv();
        }
    });
    open
}

fn asked(program: &Program, operation: &str) -> u64 {
    let counters = program.sim.counters();
    counters.by_operation.get(operation).copied().unwrap_or(0)
}

#[test]
fn a_signal_finishes_the_page_and_the_next_run_goes_on() {
    for signal in ["TERM", "INT"] {
        let program = Program::small(41);
        let open = hold(&program, "NetworkEventsRiding");
        let running = program.start(&["backfill"]);
        until("events are asked", || {
            asked(&program, "NetworkEventsRiding") == 1
        });
        running.signal(signal);
        running.logs("stopping after the page in hand");
        drop(open);
        let ran = running.ends().exits(1);
        ran.says(&["stopped by a signal", "the next run goes on"]);
        assert_eq!(program.rows("SELECT outcome FROM passes"), ["interrupted"]);
        let events: usize = program.rows("SELECT count(*) FROM events")[0]
            .parse()
            .unwrap();
        assert!(events > 0, "the page in hand was recorded");
        let before = program.sim.counters().requests;
        program.run(&["backfill"]).exits(0);
        assert_eq!(program.differences(), NONE);
        // Groups and the page of events were read; members are left, and perhaps the page's end.
        let after = program.sim.counters().requests - before;
        assert!(
            after <= 4 + 1,
            "{after} requests more: {:?}",
            program.sim.counters()
        );
        assert_eq!(asked(&program, "NetworkGroups"), 1);
    }
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let program = Program::small(42);
    let open = hold(&program, "GroupMemberships");
    let mut running = program.start(&["backfill"]);
    until("members are asked", || {
        asked(&program, "GroupMemberships") > 0
    });
    running.signal("TERM");
    running.logs("stopping after the page in hand");
    until("it ends", || {
        running.signal("TERM");
        running.is_over()
    });
    running.ends().exits(130);
    drop(open);
    assert_eq!(program.integrity(), "ok");
    program.run(&["backfill"]).exits(0);
    assert_eq!(program.differences(), NONE);
}

#[test]
fn a_signal_while_another_pass_is_waited_for_ends_the_waiting() {
    let program = Program::small(43);
    let open = hold(&program, "NetworkGroups");
    let first = program.start(&["sync"]);
    until("the first asks", || asked(&program, "NetworkGroups") == 1);
    let second = program.start(&["sync", "--wait"]);
    second.logs("waiting for another pass to end");
    second.signal("TERM");
    let ran = second.ends();
    assert_ne!(ran.code, 0, "{ran:?}");
    drop(open);
    first.ends().exits(0);
}

#[test]
fn a_signal_ends_a_wait_for_points_at_once() {
    // Our own budget holds the next question back for a minute.
    let program = Program::small(44);
    let toml = std::fs::read_to_string(program.path("gatherd.toml")).unwrap();
    program.configure(&toml.replace("points_per_minute = 100000", "points_per_minute = 1"));
    let running = program.start(&["backfill"]);
    running.logs("waiting for the request budget, until 2");
    running.signal("TERM");
    let ran = running.ends().exits(1);
    ran.says(&["stopped by a signal", "the next run goes on"]);
    assert_eq!(program.rows("SELECT outcome FROM passes"), ["interrupted"]);
    let failed = "SELECT count(*) FROM units WHERE attempts > 0";
    assert_eq!(program.rows(failed), ["0"], "waiting was no failure");

    // Meetup does.
    let program = Program::small(45);
    program.sim.switch(|switches| {
        switches.points_limit = Some(1);
        switches.points_window = std::time::Duration::from_secs(120);
    });
    let running = program.start(&["backfill"]);
    running.logs("waiting for Meetup, which refused for want of points, until 2");
    running.signal("INT");
    running.ends().exits(1).says(&["stopped by a signal"]);
    program.sim.switch(|switches| switches.points_limit = None);
    meddle(&program, "DELETE FROM meta WHERE key LIKE 'not_before%'");
    program.run(&["backfill"]).exits(0);
    assert_eq!(program.differences(), NONE);
}

#[test]
fn a_signal_ends_a_wait_for_the_token_endpoint_and_a_daemons_wait_at_once() {
    use gatherd::demo::{CLIENT_ID, CLIENT_SECRET, Fault, On, SEED_REFRESH_TOKEN};
    let mut program = Program::small(46).without_token();
    let more = format!("client_id = \"{CLIENT_ID}\"\nrefresh_token = \"{SEED_REFRESH_TOKEN}\"\n");
    let meetup = program.meetup_section(&more);
    program.configure(&format!("{meetup}[[network]]\nurlname = \"sized\"\n"));
    program.env = vec![("GATHERD_MEETUP_CLIENT_SECRET".into(), CLIENT_SECRET.into())];
    program.sim.fault(On::Tokens, Fault::TooMany(Some(120)), 1);
    let running = program.start(&["sync"]);
    running.logs("waiting for Meetup's token endpoint, until 2");
    running.signal("TERM");
    running.ends().exits(1).says(&["stopped by a signal"]);
    // The token was not spent.
    program.run(&["sync"]).exits(0);

    let running = program.start(&["run"]);
    running.logs("waiting for the next pass, due 2");
    running.signal("TERM");
    running.ends().exits(0).says(&["daemon stopped"]);
}

fn meddle(program: &Program, sql: &str) {
    let conn = rusqlite::Connection::open(program.path("gatherd.db")).unwrap();
    conn.execute_batch(sql).unwrap();
}
