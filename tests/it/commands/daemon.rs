//! The daemon: it backfills, keeps up, survives what fails, and stops when told.

use super::NONE;
use crate::program::{Program, until};
use gatherd::mirror::Mirror;

fn is_complete(program: &Program) -> bool {
    // The file is there before the tables in it are.
    Mirror::open_existing(&program.path("gatherd.db")).is_ok_and(|mirror| {
        let complete = "SELECT count(*) FROM groups WHERE history_complete";
        crate::rig::rows(&mirror, complete) == ["4"]
    })
}

/// A daemon that looks every ten seconds, as often as may be.
fn program(seed: u64) -> Program {
    let program = Program::small(seed);
    let meetup = program.meetup_section("");
    program.configure(&format!(
        "{meetup}[[network]]\nurlname = \"sized\"\n[schedule]\npoll = \"*/10 * * * * *\"\n"
    ));
    program
}

#[test]
fn the_daemon_backfills_keeps_up_and_stops_at_a_signal() {
    let program = program(61);
    let daemon = program.start(&["run"]);
    daemon.logs("pass ended");
    until("the history is complete", || is_complete(&program));
    assert_eq!(program.differences(), NONE);
    let ran = program.run(&["sync"]).exits(7);
    ran.says(&[&format!("process {}", daemon.pid())]);
    program.run(&["status", "--check"]).exits(0);
    program.sim.with_world(|world| {
        let group = world.groups().next().unwrap().0;
        world.rename_group(group, "Another name", "another-name");
    });
    until("the change is found", || program.differences() == NONE);
    daemon.signal("TERM");
    daemon
        .ends()
        .exits(0)
        .says(&["daemon started", "daemon stopped"]);
    let open = program.rows("SELECT count(*) FROM passes WHERE finished_at IS NULL");
    assert_eq!(open, ["0"]);
}

#[test]
fn a_pass_that_fails_does_not_end_the_daemon() {
    let program = Program::small(62);
    program.sim.revoke_access_tokens();
    let mut daemon = program.start(&["run"]);
    daemon.logs("the next one not before");
    program
        .run(&["status", "--check"])
        .exits(4)
        .says(&["sign-in needed"]);
    assert!(!daemon.is_over());
    daemon.signal("TERM");
    daemon
        .ends()
        .exits(0)
        .says(&["sign-in needed", "daemon stopped"]);
}

#[test]
fn a_daemon_that_was_killed_is_followed_by_one_that_goes_on() {
    let program = Program::small(63);
    for most in [2, 4, 6] {
        let daemon = program.start(&["run"]);
        let wanted = program.sim.counters().requests + most;
        until("it asks", || {
            program.sim.counters().requests >= wanted || is_complete(&program)
        });
        daemon.kill();
        assert_eq!(program.integrity(), "ok");
    }
    let daemon = program.start(&["run"]);
    daemon.logs("daemon started");
    until("the history is complete", || is_complete(&program));
    daemon.signal("INT");
    daemon.ends().exits(0);
    assert_eq!(program.differences(), NONE);
}

#[test]
fn a_daemon_that_died_after_the_last_of_a_history_and_before_noting_it_is_made_good_without_a_pass()
{
    let program = Program::small(65);
    program.run(&["backfill"]).exits(0);
    let meetup = program.meetup_section("");
    program.configure(&format!(
        "{meetup}[[network]]\nurlname = \"sized\"\n[schedule]\npoll = \"0 0 1 1 *\"\nsweep = \"0 0 1 1 *\"\n"
    ));
    crate::program::database_of(
        &program.path("gatherd.db"),
        "UPDATE group_row SET history_complete = 0",
    );
    assert!(!is_complete(&program));
    let daemon = program.start(&["run"]);
    until("the history is complete", || is_complete(&program));
    daemon.signal("TERM");
    daemon.ends().exits(0);
    assert_eq!(program.rows("SELECT count(*) FROM passes"), ["1"]);
}

#[test]
fn a_daemon_that_was_away_catches_up_with_one_pass() {
    let program = Program::small(64);
    program.run(&["backfill"]).exits(0);
    // Polls, sweeps and passes all lie long ago; nothing else falls due while this runs.
    let meetup = program.meetup_section("");
    program.configure(&format!(
        "{meetup}[[network]]\nurlname = \"sized\"\n[schedule]\npoll = \"0 0 1 1 *\"\nsweep = \"0 0 1 1 *\"\n"
    ));
    for (served, kinds) in [
        ("'pass', 0", "pass"),
        ("'pass', 0), ('sweep', 0", "sweep"),
        // From the future: the clock was set back since.
        ("'pass', 4000000000", "pass"),
    ] {
        let conn = rusqlite::Connection::open(program.path("gatherd.db")).unwrap();
        let sql = format!(
            "DELETE FROM failure_row; DELETE FROM pass_row; DELETE FROM firing_row;
             INSERT INTO pass_row (kind, started_at, finished_at, outcome, is_good)
               SELECT 'backfill', at, at, 'done', 1 FROM (SELECT CASE WHEN '{kinds}' = 'pass' THEN 0 ELSE unixepoch() END AS at);
             INSERT INTO firing_row VALUES ({served});"
        );
        conn.execute_batch(&sql).unwrap();
        drop(conn);
        let daemon = program.start(&["run"]);
        daemon.logs("waiting for the next pass, due 2");
        daemon.signal("TERM");
        daemon.ends().exits(0);
        let ran = program.rows("SELECT kind, outcome FROM passes WHERE kind <> 'backfill'");
        assert_eq!(ran, [format!("{kinds}|done")]);
    }
}
