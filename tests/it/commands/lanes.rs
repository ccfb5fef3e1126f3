//! No lane of the daemon stops another, and whether they move can be seen from outside.

use crate::program::{Program, until, until_within};
use gatherd::demo::Receiver;
use std::time::{Duration, Instant};

fn program(seed: u64, receiver: &Receiver) -> Program {
    let program = Program::small(seed);
    let meetup = program.meetup_section("");
    let channels = ["first", "second"].map(|name| {
        let url = receiver.url(name);
        format!("[[channel]]\nname = \"{name}\"\nkind = \"mattermost\"\nurl = \"{url}\"\n")
    });
    program.configure(&format!(
        "{meetup}[[network]]\nurlname = \"sized\"\n[schedule]\npoll = \"*/10 * * * * *\"\n[alerts]\nkinds = [\"overdue\"]\n{}",
        channels.concat()
    ));
    program
}

/// The pulse is written twice a minute.
const TWO_PULSES: Duration = Duration::from_secs(60);

/// What a measurement reads, and nothing else, now takes longer than any test; two digests are due, and no group
/// was looked at yet, of which one thing that is asked for takes a measurement.
const SLOW: &str = "ALTER TABLE target_row RENAME TO kept_target_row;
    CREATE VIEW target_row AS
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000000000)
      SELECT i AS grp, 1 AS every_months, 1 AS created_at FROM n WHERE i < 0;
    INSERT INTO firing_row VALUES ('digest first', 0), ('digest second', 0);
    DELETE FROM alert_row;";

#[test]
fn a_mirror_that_is_slow_to_measure_holds_up_neither_asking_nor_sending_nor_the_end() {
    let receiver = Receiver::start().unwrap();
    let program = program(820, &receiver);
    program.run(&["backfill"]).exits(0);
    program.run(&["deliveries", "test", "second"]).exits(0);
    let conn = rusqlite::Connection::open(program.path("gatherd.db")).unwrap();
    conn.execute_batch(SLOW).unwrap();
    let daemon = program.start(&["run"]);
    daemon.logs("daemon started");
    let passes = || daemon.err.so_far().matches("pass ended").count();
    until("passes end one after the other", || passes() >= 2);
    conn.execute_batch(
        "INSERT INTO delivery_row (report, channel, kind, period, payload, created_at)
         SELECT report, channel, kind, 'again', '{\"text\": \"again\"}', created_at FROM delivery_row",
    )
    .unwrap();
    until("a message is sent", || receiver.received().len() == 2);
    let seen = passes();
    until("another pass ends", || passes() > seen);
    let live = ["status", "--check", "--live"];
    program.run(&live).exits(0);
    // The groups were looked at before the first question, as far as that takes no measurement.
    let looked = "SELECT count(*) FROM alert_row WHERE kind = 'read'";
    assert_eq!(program.rows(looked), ["4"]);
    assert_eq!(program.rows(OVERDUE), ["0"]);
    // The lane that measures does not move, and it alone: five minutes after its last move it is told.
    let lock = program.path("gatherd.db.lock");
    let behind = || {
        let moved = moved(&std::fs::read_to_string(&lock).unwrap());
        let at = |lane: &str| moved.iter().find(|(name, _)| name == lane).unwrap().1;
        at("asking") - at("filing")
    };
    until_within(TWO_PULSES, "the pulse is written again", || behind() >= 10);
    daemon.signal("STOP");
    let pulse = std::fs::read_to_string(&lock).unwrap();
    let filing = moved(&pulse).into_iter().find(|(name, _)| name == "filing");
    let filing = filing.unwrap().1;
    let since = chrono::Utc::now().timestamp() - filing;
    for (seconds, exit) in [(290, 0), (301, 1)] {
        std::fs::write(&lock, earlier(&pulse, seconds - since)).unwrap();
        let ran = program.run(&live).exits(exit);
        let told: Vec<&str> = ran.out.lines().collect();
        let expected: &[&str] = match exit {
            0 => &[],
            _ => &["the daemon's lane for filing has not moved for 5 min"],
        };
        assert_eq!(told, expected, "{pulse}");
    }
    std::fs::write(&lock, &pulse).unwrap();
    daemon.signal("CONT");
    // All the while the first of the two digests was being measured.
    let filed = "SELECT count(*) FROM reports WHERE kind = 'digest'";
    assert_eq!(program.rows(filed), ["0"]);
    let started = Instant::now();
    daemon.signal("TERM");
    let ran = daemon.ends().exits(0);
    assert!(started.elapsed() < Duration::from_secs(5), "{}", ran.said());
    ran.says(&["not waited for any longer, and done again later: filing"]);
}

/// How many groups are known to pause longer than usual, or not to.
const OVERDUE: &str = "SELECT count(*) FROM alert_row WHERE kind = 'overdue'";

#[test]
fn whose_pause_is_longer_than_usual_is_known_right_after_the_history_is_and_told_by_nobody() {
    let program = Program::small(823);
    let receiver = Receiver::start().unwrap();
    let (meetup, url) = (program.meetup_section(""), receiver.url("first"));
    program.configure(&format!(
        "{meetup}[[network]]\nurlname = \"sized\"\n[schedule]\npoll = \"0 0 1 1 *\"\n[alerts]\nkinds = [\"overdue\"]\n\
         [[channel]]\nname = \"first\"\nkind = \"mattermost\"\nurl = \"{url}\"\nsends = [\"alerts\"]\n"
    ));
    // The first pass plans the history, which is read then; no other pass comes.
    let daemon = program.start(&["run"]);
    daemon.logs("pass ended");
    until("every group's pause is known", || {
        let conn = rusqlite::Connection::open(program.path("gatherd.db")).unwrap();
        let known: i64 = conn.query_row(OVERDUE, [], |row| row.get(0)).unwrap();
        known == 4
    });
    daemon.signal("TERM");
    let ran = daemon.ends().exits(0);
    assert_eq!(ran.said().matches("pass ended").count(), 1);
    assert_eq!(receiver.received().len(), 0);
}

/// The lanes in the lock file, each with its last move.
fn moved(lock: &str) -> Vec<(String, i64)> {
    let lanes = lock.lines().filter_map(|line| line.strip_prefix("lane "));
    lanes
        .filter_map(|lane| lane.split_once(' '))
        .map(|(at, name)| (name.to_owned(), at.parse().unwrap()))
        .collect()
}

/// As if all of it had been written so many seconds before.
fn earlier(lock: &str, seconds: i64) -> String {
    let (pid, _) = lock.split_once('\n').unwrap();
    let lanes = moved(lock).into_iter();
    let lanes = lanes.map(|(name, at)| format!("lane {} {name}\n", at - seconds));
    format!("{pid}\n{}", lanes.collect::<String>())
}

#[test]
fn a_lane_that_cannot_go_on_ends_the_daemon() {
    let receiver = Receiver::start().unwrap();
    let program = program(822, &receiver);
    program.run(&["backfill"]).exits(0);
    let conn = rusqlite::Connection::open(program.path("gatherd.db")).unwrap();
    conn.execute_batch("DROP TABLE firing_row").unwrap();
    let ran = program.run(&["run"]);
    assert!(ran.code != 0, "{}", ran.said());
    ran.says(&["daemon started", "no such table: firing_row"]);
}

#[test]
fn a_daemon_is_alive_while_it_holds_the_lock_and_its_lanes_move() {
    let receiver = Receiver::start().unwrap();
    let program = program(821, &receiver);
    let live = ["status", "--check", "--live"];
    program.run(&live).exits(1).says(&["no daemon runs"]);
    let (open, gate) = std::sync::mpsc::channel::<()>();
    program.sim.before_answer(move |_, _| {
        let _ = gate.recv();
    });
    let other = program.start(&["sync"]);
    until("it asks", || program.sim.counters().requests > 0);
    program.run(&live).exits(1).says(&["no daemon", "process"]);
    drop(open);
    other.ends().exits(0);

    let daemon = program.start(&["run"]);
    daemon.logs("pass ended");
    program.run(&live).exits(0);
    // It is the same daemon that others are told of.
    let held = program.run(&["sync"]).exits(7);
    held.says(&[&format!("process {}", daemon.pid())]);
    // One that stands still moves no lane; so nothing is written from here on.
    daemon.signal("STOP");
    let lock = std::fs::read_to_string(program.path("gatherd.db.lock")).unwrap();
    let lanes: Vec<&str> = lock
        .lines()
        .skip(1)
        .filter_map(|it| it.split(' ').nth(2))
        .collect();
    assert_eq!(lanes, ["asking", "filing", "sending", "sending", "sending"]);
    let asking = lock.lines().nth(1).unwrap();
    std::fs::write(
        program.path("gatherd.db.lock"),
        lock.replace(asking, "lane 1000000000 asking"),
    )
    .unwrap();
    program
        .run(&live)
        .exits(1)
        .says(&["lane for asking has not moved for"]);
    daemon.kill();
    program.run(&live).exits(1).says(&["no daemon runs"]);
}
