//! A signal ends the program within five seconds, whatever hangs; but for a token that is being renewed.

use crate::program::{Program, Running, until};
use gatherd::demo::{CLIENT_ID, CLIENT_SECRET, Fault, On, Receiver, Reply, SEED_REFRESH_TOKEN};
use std::time::{Duration, Instant};

/// What the project promises, and nothing for a busy machine on top.
const PROMISED: Duration = Duration::from_secs(5);

/// Sends the signal; how long it then took to end, and how it ended.
fn ended_by(running: Running, signal: &str) -> (Duration, crate::program::Ran) {
    let started = Instant::now();
    running.signal(signal);
    let ran = running.ends();
    (started.elapsed(), ran)
}

#[test]
fn a_meetup_that_hangs_keeps_nobody_from_ending() {
    for (command, code) in [("run", 0), ("sync", 1), ("backfill", 1)] {
        let program = Program::small(810);
        program.sim.fault(On::Next, Fault::Hang, 1_000);
        let running = program.start(&[command]);
        until("it asks", || program.sim.faults_left() < 1_000);
        let (took, ran) = ended_by(running, "TERM");
        assert!(took < PROMISED, "{command}: {took:?}: {}", ran.said());
        let ran = ran.exits(code);
        let open = program.rows("SELECT count(*) FROM passes WHERE finished_at IS NULL");
        assert_eq!(open, ["0"], "{command} closed its journal");
        if command != "run" {
            ran.says(&["stopped by a signal"]);
        }
    }
}

fn with_channel(seed: u64, receiver: &Receiver) -> Program {
    let program = Program::small(seed);
    let (meetup, url) = (program.meetup_section(""), receiver.url("/hook"));
    program.configure(&format!(
        "{meetup}[[network]]\nurlname = \"sized\"\n
         [[channel]]\nname = \"ops\"\nkind = \"mattermost\"\nurl = \"{url}\"\n"
    ));
    program.run(&["backfill"]).exits(0);
    program.run(&["deliveries", "test", "ops"]).exits(0);
    // The same once more, which nobody has tried yet.
    let conn = rusqlite::Connection::open(program.path("gatherd.db")).unwrap();
    let again = "INSERT INTO delivery_row (report, channel, kind, period, payload, created_at)
                 SELECT report, channel, kind, 'again', '{\"text\": \"again\"}', created_at FROM delivery_row";
    conn.execute_batch(again).unwrap();
    program
}

#[test]
fn a_chat_that_hangs_keeps_nobody_from_ending_and_its_message_is_left_to_its_lease() {
    for (command, code) in [("run", 0), ("sync", 1)] {
        let receiver = Receiver::start().unwrap();
        let program = with_channel(811, &receiver);
        receiver.reply([Reply::Hang]);
        let running = program.start(&[command]);
        until("the message is under way", || {
            receiver.received().len() == 2
        });
        let (took, ran) = ended_by(running, "INT");
        assert!(took < PROMISED, "{command}: {took:?}: {}", ran.said());
        ran.exits(code);
        let state = "SELECT state, attempts FROM deliveries WHERE period = 'again'";
        assert_eq!(program.rows(state), ["sending|1"]);
        // Once the lease is over it is sent again, under the same id.
        let conn = rusqlite::Connection::open(program.path("gatherd.db")).unwrap();
        conn.execute_batch("UPDATE delivery_row SET leased_until = 1 WHERE state = 'sending'")
            .unwrap();
        program.run(&["sync"]).exits(0);
        assert_eq!(program.rows(state), ["sent|2"]);
    }
}

fn with_refresh_token(seed: u64) -> Program {
    let mut program = Program::small(seed).without_token();
    let more = format!("client_id = \"{CLIENT_ID}\"\nrefresh_token = \"{SEED_REFRESH_TOKEN}\"\n");
    let meetup = program.meetup_section(&more);
    program.configure(&format!("{meetup}[[network]]\nurlname = \"sized\"\n"));
    program.env = vec![("GATHERD_MEETUP_CLIENT_SECRET".into(), CLIENT_SECRET.into())];
    program
}

const RENEWING: &str = "waiting for Meetup's token endpoint, which is renewing the sign-in: 30 s";

#[test]
fn a_renewal_that_is_answered_late_is_waited_for_and_kept() {
    for (command, code) in [("run", 0), ("sync", 1)] {
        let program = with_refresh_token(812);
        let slowly = Duration::from_secs(8);
        program.sim.fault(On::Tokens, Fault::Slow(slowly), 1);
        let running = program.start(&[command]);
        until("a token is asked for", || program.sim.faults_left() == 0);
        let (took, ran) = ended_by(running, "TERM");
        assert!(took > PROMISED, "it waited: {took:?}: {}", ran.said());
        ran.exits(code).says(&[RENEWING]);
        assert!(
            program.sim.counters().by_operation.is_empty(),
            "no question more"
        );
        // The token that was spent has its successor on disk.
        program.run(&["sync"]).exits(0);
    }
}

#[test]
fn a_renewal_that_is_never_answered_is_waited_for_half_a_minute_and_a_second_signal_ends_that() {
    let program = with_refresh_token(813);
    program.sim.fault(On::Tokens, Fault::Hang, 1_000);
    let mut running = program.start(&["run"]);
    until("a token is asked for", || program.sim.faults_left() < 1_000);
    running.signal("TERM");
    let started = Instant::now();
    running.logs(RENEWING);
    let hurried = with_refresh_token(814);
    hurried.sim.fault(On::Tokens, Fault::Hang, 1_000);
    let other = hurried.start(&["sync"]);
    until("a token is asked for", || hurried.sim.faults_left() < 1_000);
    other.signal("TERM");
    other.logs(RENEWING);
    other.signal("TERM");
    other.ends().exits(130);
    while !running.is_over() {
        assert!(started.elapsed() < Duration::from_secs(36), "it never ends");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(started.elapsed() > Duration::from_secs(29));
    running
        .ends()
        .exits(0)
        .says(&["was not answered", "daemon stopped"]);
}
