//! A hang-up: the daemon reads its configuration again; on a terminal, and for every other command, it is
//! an end like any other.

use crate::program::{GATHERD, Program, until};
use gatherd::demo::Receiver;
use std::process::Command;

fn program(seed: u64) -> (Program, String) {
    let program = Program::small(seed);
    let meetup = program.meetup_section("");
    let toml = format!("{meetup}[[network]]\nurlname = \"sized\"\n");
    (program, toml)
}

#[test]
fn a_daemon_goes_on_by_a_new_configuration_if_it_is_right() {
    let receiver = Receiver::start().unwrap();
    let (program, toml) = program(830);
    let daemon = program.start(&["run"]);
    daemon.logs("waiting for the next pass");

    program.configure(&format!(
        "{toml}[schedule]\npoll = \"often\"\n[meetup.nonsense]\n"
    ));
    daemon.signal("HUP");
    daemon.logs("the configuration stays as it was");
    let told = daemon.err.so_far();
    assert!(told.contains("gatherd.toml, line"), "{told}");
    assert!(
        told.contains("often") && told.contains("nonsense"),
        "all problems: {told}"
    );

    program.configure(&format!("database = \"other.db\"\n{toml}"));
    daemon.signal("HUP");
    daemon.logs("other.db, which takes a restart");
    assert!(!program.path("other.db").exists());

    let channel = format!(
        "[[channel]]\nname = \"ops\"\nkind = \"mattermost\"\nurl = \"{}\"\ndigest = \"*/10 * * * * *\"\n",
        receiver.url("/ops")
    );
    program.configure(&format!("{toml}{channel}"));
    daemon.signal("HUP");
    daemon.logs("the configuration was read again");
    until("a digest comes to the new channel", || {
        !receiver.received().is_empty()
    });
    let held = program.run(&["sync"]).exits(7);
    held.says(&[&format!("process {}", daemon.pid())]);
    program.run(&["status", "--check", "--live"]).exits(0);
    daemon.signal("TERM");
    let ran = daemon.ends().exits(0).says(&["daemon stopped"]);
    assert_eq!(ran.said().matches("daemon started").count(), 1);
}

#[test]
fn the_hang_up_of_a_terminal_ends_the_daemon_and_a_second_one_does_not_abort_it() {
    let (program, _) = program(831);
    let terminal = nix::pty::openpty(None, None).unwrap();
    let daemon = program.start_with(&["run"], terminal.slave.into());
    daemon.logs("daemon started");
    daemon.signal("HUP");
    daemon.signal("HUP");
    daemon.ends().exits(0).says(&["daemon stopped"]);
}

#[test]
fn the_hang_up_of_any_other_command_is_a_signal_like_any_other_unless_nohup_was_asked_for() {
    let (program, _) = program(832);
    let (open, gate) = std::sync::mpsc::channel::<()>();
    program.sim.before_answer(move |_, _| {
        let _ = gate.recv();
    });
    let running = program.start(&["backfill"]);
    until("it asks", || program.sim.counters().requests > 0);
    running.signal("HUP");
    running.ends().exits(1).says(&["stopped by a signal"]);

    drop(open);
    let (program, _) = self::program(833);
    let (open, gate) = std::sync::mpsc::channel::<()>();
    program.sim.before_answer(move |_, _| {
        let _ = gate.recv();
    });
    let running = program.start_by(Command::new("nohup"), &[GATHERD, "backfill"]);
    until("it asks", || program.sim.counters().requests > 0);
    running.signal("HUP");
    drop(open);
    running.ends().exits(0);
}
