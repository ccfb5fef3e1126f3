//! Killed while a report is composed, filed or on its way: it arrives at least once, and counted by the
//! signed webhook's id exactly once.

use super::{NONE, ended_by_force, kills, pass, seed};
use crate::program::{Program, Running, until};
use chrono::{DateTime, SecondsFormat, TimeDelta, Timelike, Utc};
use gatherd::demo::{Dice, Receiver, Reply};
use std::collections::BTreeSet;
use std::time::Duration;

/// A program that sends to a chat service and to a signed webhook, which also gets digests.
fn program(seed: u64, receiver: &Receiver, digest: &str) -> Program {
    let program = Program::small(seed);
    configure(&program, receiver, digest);
    program.run(&["backfill"]).exits(0);
    program
}

fn configure(program: &Program, receiver: &Receiver, digest: &str) {
    program.configure(&format!(
        "{}[[network]]\nurlname = \"sized\"\n\
         [[channel]]\nname = \"chat\"\nkind = \"slack\"\nurl = \"{}\"\nsends = [\"alerts\"]\n\
         [[channel]]\nname = \"hook\"\nkind = \"webhook\"\nurl = \"{}\"\n\
         secret = \"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"\nsends = [\"digest\"]\ndigest = \"{digest}\"\n",
        program.meetup_section(""),
        receiver.url("/chat"),
        receiver.url("/hook"),
    ));
}

/// Kills it some time after its start, or just after a message came in.
fn kill(mut running: Running, receiver: &Receiver, dice: &mut Dice) -> bool {
    let come = receiver.received().len();
    if dice.chance(0.4) {
        pass(Duration::from_micros(dice.below(90_000) as u64));
    } else {
        until("a message comes", || {
            running.is_over() || receiver.received().len() > come
        });
        pass(Duration::from_micros(dice.below(3_000) as u64));
    }
    ended_by_force(running)
}

/// Leases of the killed have run out.
fn let_time_pass(program: &Program) {
    let conn = rusqlite::Connection::open(program.path("gatherd.db")).unwrap();
    conn.execute_batch("UPDATE delivery_row SET leased_until = 1 WHERE state = 'sending'")
        .unwrap();
}

fn is_whole(program: &Program, seed: u64) {
    assert_eq!(program.integrity(), "ok", "seed {seed}");
    let alone = "SELECT id FROM report_row WHERE id NOT IN (SELECT report FROM delivery_row)";
    assert_eq!(
        program.rows(alone),
        NONE,
        "seed {seed}: a report without its messages"
    );
}

/// How often the report as of an instant came to a path, how often under another id or with another
/// body than the first time.
fn arrivals(receiver: &Receiver, path: &str, marks: impl Fn(&str) -> bool) -> (usize, usize) {
    let came = receiver.received();
    let came: Vec<_> = came
        .iter()
        .filter(|it| it.path == path && marks(&String::from_utf8_lossy(&it.body)))
        .collect();
    let kinds: BTreeSet<_> = came
        .iter()
        .map(|it| {
            (
                it.headers
                    .get("webhook-id")
                    .cloned()
                    .map(|id| id.as_bytes().to_vec()),
                it.body.to_vec(),
            )
        })
        .collect();
    (came.len(), kinds.len())
}

fn slowly(receiver: &Receiver, dice: &mut Dice) {
    if dice.chance(0.5) {
        receiver.reply([Reply::Slow(Duration::from_millis(3))]);
    }
}

#[test]
fn a_report_killed_anywhere_on_its_way_arrives_and_by_its_id_only_once() {
    let seed = seed();
    let mut dice = Dice::new(seed);
    let receiver = Receiver::start().unwrap();
    let program = program(seed, &receiver, "0 6 * * 1");
    let first: DateTime<Utc> = "2025-01-01T00:00:00Z".parse().unwrap();
    let (mut killed, mut again) = (0, 0);
    for round in 0..kills() {
        let as_of = first + TimeDelta::hours(round as i64);
        let instant = as_of.to_rfc3339_opts(SecondsFormat::Secs, true);
        let send = ["report", "--send", "hook", "--as-of", &instant];
        slowly(&receiver, &mut dice);
        killed += u32::from(kill(program.start(&send), &receiver, &mut dice));
        is_whole(&program, seed);
        let_time_pass(&program);
        program.run(&send).exits(0);
        let marked = format!("\"as_of\":\"{instant}\"");
        let (came, kinds) = arrivals(&receiver, "/hook", |body| body.contains(&marked));
        assert!(came >= 1, "seed {seed}: {instant} never came");
        assert_eq!(kinds, 1, "seed {seed}: {instant} came in two kinds");
        again += came - 1;

        // The chat service takes no key: at least once is all that can be had.
        let send = ["report", "--send", "chat", "--as-of", &instant];
        let before = arrivals(&receiver, "/chat", |_| true).0;
        killed += u32::from(kill(program.start(&send), &receiver, &mut dice));
        is_whole(&program, seed);
        let_time_pass(&program);
        program.run(&send).exits(0);
        assert!(
            arrivals(&receiver, "/chat", |_| true).0 > before,
            "seed {seed}: {instant}"
        );
    }
    let open = "SELECT count(*) FROM deliveries WHERE state <> 'sent'";
    assert_eq!(program.rows(open), ["0"], "seed {seed}");
    assert!(killed > 0, "seed {seed}");
    println!(
        "seed {seed}: {killed} kills, {again} reports came to the webhook again under their id"
    );
}

#[test]
fn a_digest_killed_with_its_daemon_arrives_and_by_its_id_only_once() {
    let seed = seed();
    let mut dice = Dice::new(seed);
    let receiver = Receiver::start().unwrap();
    let program = program(seed, &receiver, "0 6 * * 1");
    let (mut killed, mut again) = (0, 0);
    // Half a day from any firing of its own.
    let noon = Utc::now().hour() + 12;
    // Each round costs two starts of the daemon.
    for round in 0..kills().div_ceil(2) {
        // Another minute of the day is another period; missed for two days, it is caught up once.
        let hour = (noon + round as u32 / 60) % 24;
        configure(&program, &receiver, &format!("{} {hour} * * *", round % 60));
        let conn = rusqlite::Connection::open(program.path("gatherd.db")).unwrap();
        let missed = (Utc::now() - TimeDelta::days(2)).timestamp();
        let sql = "INSERT INTO firing_row VALUES ('digest hook', ?1) ON CONFLICT DO UPDATE SET served_at = ?1";
        conn.execute(sql, [missed]).unwrap();
        drop(conn);
        slowly(&receiver, &mut dice);
        killed += u32::from(kill(program.start(&["run"]), &receiver, &mut dice));
        is_whole(&program, seed);
        let_time_pass(&program);
        let running = program.start(&["run"]);
        let filed = round + 1;
        until("the digest is sent", || {
            program.rows("SELECT count(*) FROM deliveries WHERE kind = 'digest' AND state = 'sent'")
                == [filed.to_string()]
        });
        running.logs("daemon started");
        running.signal("TERM");
        running.ends().exits(0);
    }
    let periods =
        program.rows("SELECT period FROM deliveries WHERE kind = 'digest' ORDER BY period");
    for period in &periods {
        let marked = format!("\"as_of\":\"{period}\"");
        let (came, kinds) = arrivals(&receiver, "/hook", |body| body.contains(&marked));
        assert!(came >= 1, "seed {seed}: {period} never came");
        assert_eq!(kinds, 1, "seed {seed}: {period} came in two kinds");
        again += came - 1;
    }
    assert!(killed > 0, "seed {seed}");
    println!(
        "seed {seed}: {killed} kills, {} digests, {again} came again under their id",
        periods.len()
    );
}
