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
