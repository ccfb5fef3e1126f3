//! Before anything was read whole: what the pages and `/readyz` say while the first reading runs, and once it failed.

use super::Site;
use crate::program::{Program, until};
use gatherd::demo::{Fault, On};
use std::sync::mpsc;

/// The daemon on what a program has, its first pass held up before its first answer.
fn held_up(program: Program) -> (Site, mpsc::Sender<()>) {
    let (open, gate) = mpsc::channel::<()>();
    program.sim.before_answer(move |_, _| {
        let _ = gate.recv();
    });
    let site = Site::on(program, "");
    until("the first picture is there", || {
        site.get("/api/groups").status == 200
    });
    until("a pass is under way", || {
        let status = site.program.run(&["status", "--json"]).exits(0);
        let status: serde_json::Value = serde_json::from_str(&status.out).unwrap();
        status["running"].is_object()
    });
    (site, open)
}

#[test]
fn while_the_first_reading_runs_the_pages_say_so_and_it_counts_as_ready() {
    let (site, _open) = held_up(Program::small(868));
    for path in ["/", "/groups", "/calendar", "/map"] {
        let said = site.get(path).text();
        assert!(said.contains("The first reading is under way"), "{said}");
        assert!(!said.contains("failed"), "{said}");
    }
    assert_eq!(site.get("/readyz").status, 200);
}

#[test]
fn once_the_first_reading_failed_the_pages_say_what_keeps_it_and_nothing_is_ready_while_the_next_one_runs()
 {
    let program = Program::small(869);
    program.sim.fault(On::Next, Fault::Status(403), 1_000);
    let failed = program.run(&["sync"]);
    assert!(failed.said().contains("403"), "{}", failed.said());
    let (site, _open) = held_up(program);
    for path in ["/", "/groups", "/calendar", "/map"] {
        let said = site.get(path).text();
        let told = "The first reading failed. What keeps it:";
        assert!(said.contains(told), "no {told:?} in {said}");
        assert!(said.contains("403"), "{said}");
        assert!(
            said.contains("tried again by itself at the next pass"),
            "{said}"
        );
    }
    let ready = site.get("/readyz");
    assert_eq!(ready.status, 503, "{}", ready.body);
    assert!(
        ready.body.contains("no pass has succeeded yet"),
        "{}",
        ready.body
    );
}

#[test]
fn whoever_is_narrowed_is_told_that_the_first_reading_failed_and_not_why() {
    let program = Program::small(870);
    program.sim.fault(On::Next, Fault::Status(403), 1_000);
    program.run(&["sync"]);
    let lead = super::viewer("lead", super::LEAD, "countries = [\"de\"]");
    let site = Site::on(program, &lead);
    until("the first picture is there", || {
        site.seen(super::LEAD, "/api/groups").status == 200
    });
    let said = site.seen(super::LEAD, "/").text();
    assert!(said.contains("whoever runs gatherd can see why"), "{said}");
    assert!(!said.contains("403"), "{said}");
    assert_eq!(site.get("/readyz").body, "not ready\n");
}
