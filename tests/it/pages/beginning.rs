//! Before anything was read whole: what the pages and `/readyz` say while the first reading runs, and once it failed.

use super::Site;
use crate::program::{Program, until};
use gatherd::demo::{Fault, On};
use std::sync::mpsc;

/// A daemon whose first pass is held up before it has read the groups; it goes on when what is returned goes.
fn held_up(program: Program) -> (mpsc::Sender<()>, Site) {
    let (open, gate) = mpsc::channel::<()>();
    let is_groups = |operation: &str| operation.starts_with("NetworkGroup");
    let (held, holds) = mpsc::channel::<()>();
    program.sim.before_answer(move |asked, _| {
        if is_groups(asked.operation) {
            let _ = held.send(());
            let _ = gate.recv();
        }
    });
    let site = Site::on(program, "");
    let patience = std::time::Duration::from_secs(60);
    if holds.recv_timeout(patience).is_err() {
        drop(open);
        panic!("no groups were asked: {}", site.daemon.err.so_far());
    }
    let started = std::time::Instant::now();
    while site.get("/api/groups").status == 503 && started.elapsed() < patience {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    (open, site)
}

/// What `/readyz` says to a program.
fn ready(site: &Site) -> (u16, String) {
    let answer = site.ask_as("text/plain", "GET", "/readyz", &[], "");
    (answer.status, answer.body)
}

#[test]
fn while_the_first_reading_runs_the_pages_say_so_and_all_is_ready() {
    let (open, site) = held_up(Program::small(868));
    let (status, said) = ready(&site);
    let pages = ["/", "/groups", "/calendar", "/map"].map(|path| site.get(path).text());
    drop(open);
    assert_eq!(status, 200, "{said}");
    for said in pages {
        assert!(said.contains("The first reading is under way"), "{said}");
        assert!(!said.contains("failed"), "{said}");
    }
}

#[test]
fn once_the_first_reading_failed_nothing_is_ready_though_the_next_one_runs() {
    let program = Program::small(869);
    program.sim.fault(On::Next, Fault::Status(403), 1_000);
    let failed = program.run(&["sync"]);
    program.sim.heal();
    let (open, site) = held_up(program);
    let (status, told) = ready(&site);
    let page = site.get("/").text();
    drop(open);
    assert!(failed.said().contains("403"), "{}", failed.said());
    assert_eq!(status, 503, "{told}");
    assert!(told.contains("no pass has succeeded yet"), "{told}");
    assert!(page.contains("The first reading failed"), "{page}");
}

#[test]
fn where_nothing_could_be_read_the_pages_say_what_keeps_it_to_whoever_may_know() {
    let program = Program::small(870);
    program.sim.fault(On::Next, Fault::Status(403), 100_000);
    program.run(&["sync"]);
    let lead = super::viewer("lead", super::LEAD, "countries = [\"de\"]");
    let site = Site::on(program, &(lead + &super::viewer("board", super::BOARD, "")));
    until("the first picture is there", || {
        site.seen(super::BOARD, "/api/groups").status == 200
    });
    for path in ["/", "/groups", "/calendar", "/map"] {
        let said = site.seen(super::BOARD, path).text();
        let told = "The first reading failed. What keeps it:";
        assert!(said.contains(told), "no {told:?} in {said}");
        assert!(said.contains("403"), "{said}");
        let again = "tried again by itself at the next pass";
        assert!(said.contains(again), "{said}");
        let part = site.seen(super::LEAD, path).text();
        assert!(part.contains("whoever runs gatherd can see why"), "{part}");
        assert!(!part.contains("403"), "{part}");
    }
    assert_eq!(ready(&site), (503, "not ready\n".to_owned()));
}
