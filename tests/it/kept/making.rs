//! How a file is made: by the program as it is then, in the hands of somebody who uses all of it.

use super::{OUTSIDE, changed, folder, founded, newest};
use crate::program::{Program, until};
use gatherd::demo::world::GroupAt;
use gatherd::demo::{Blemish, Fault, On, Receiver, Reply, Rights, Switches, TRIAL_TOKEN};
use rusqlite::Connection;

/// Makes the file of the newest schema, unless there is one: run by hand, before a migration is added.
#[test]
#[ignore = "makes a file to be committed"]
fn a_kept_file_is_made() {
    let place = folder().join(format!("{:04}.db", newest()));
    assert!(!place.exists(), "{} is never made again", place.display());
    let (slack, hook) = (Receiver::start().unwrap(), Receiver::start().unwrap());
    let program = Program::on(founded(), Switches::unlimited());
    configure(&program, &slack, &hook);
    program.run(&["backfill"]).exits(0);
    speak_of_groups(&program);
    fail_in_every_way(&program);
    program.sim.with_world(changed);
    program.run(&["sync", "--sweep"]).exits(0);
    deliver(&program, &slack, &hook);
    let conn = Connection::open(program.path("gatherd.db")).unwrap();
    // What nobody can bring about in an afternoon.
    conn.execute_batch(
        "INSERT INTO capability_row VALUES ('kept', 'yes', 1709251200);
         INSERT OR REPLACE INTO alert_row (kind, grp, step, since, told_at)
           SELECT kind, g.key, 'yes', 1709251200 + g.key, CASE WHEN g.key % 2 THEN 1709254800 END
           FROM group_row g, (SELECT 'leaderless' AS kind UNION ALL SELECT 'floor' UNION ALL SELECT 'last_host')
           WHERE kind <> 'floor' OR g.key = 1;",
    )
    .unwrap();
    // Small pages, since most tables hold few rows.
    conn.execute_batch(
        "PRAGMA journal_mode = DELETE; PRAGMA page_size = 1024; VACUUM; PRAGMA journal_mode = WAL;",
    )
    .unwrap();
    drop(conn);
    assert_eq!(program.integrity(), "ok");
    std::fs::copy(program.path("gatherd.db"), &place).unwrap();
}

fn configure(program: &Program, slack: &Receiver, hook: &Receiver) {
    program.configure(&format!(
        "{}[[network]]\nurlname = \"kept\"\n[[group]]\nurlname = \"{OUTSIDE}\"\n\
         [policy]\nevents_per_year = 4\n\
         [schedule]\npoll = \"0 0 1 1 *\"\nsweep = \"0 0 1 1 *\"\ndigest = \"*/10 * * * * *\"\n\
         [[channel]]\nname = \"ops\"\nkind = \"slack\"\nurl = \"{}\"\nsends = [\"digest\", \"alerts\", \"operator\"]\n\
         [[channel]]\nname = \"hook\"\nkind = \"webhook\"\nurl = \"{}\"\nsends = [\"digest\", \"alerts\"]\n\
         secret = \"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"\n",
        program.meetup_section(""),
        slack.url("/services/ops"),
        hook.url("/hook"),
    ));
}

fn speak_of_groups(program: &Program) {
    for command in [
        &["note", "kept-group-1", "They", "need", "a", "room"][..],
        &["note", "kept-group-2", "Ask Ada before June"],
        &["asked", "kept-group-1", "--whom", "Ana", "--again", "+2m"],
        &["asked", "kept-group-0"],
        &[
            "mute",
            "kept-group-0",
            "--alert",
            "floor",
            "--until",
            "+12m",
        ],
        &["mute", "kept-group-2"],
        &["target", OUTSIDE, "--every-months", "2"],
        &["owner", "kept-group-1", "Olga", "Owner"],
    ] {
        program.run(command).exits(0);
    }
}

/// Failures of a group, of the network and of the sign-in, all of them over since.
fn fail_in_every_way(program: &Program) {
    program.sim.blemish(GroupAt(1), Blemish::Unreadable);
    program.run(&["sync"]).exits(3);
    program.sim.heal();
    let again = "UPDATE group_row SET retry_at = 0 WHERE failures > 0";
    let conn = Connection::open(program.path("gatherd.db")).unwrap();
    conn.execute_batch(again).unwrap();
    program.sim.fault(
        On::Operation("NetworkEvents".into()),
        Fault::Status(500),
        40,
    );
    program.run(&["sync"]).exits(3);
    program.sim.heal();
    conn.execute_batch(again).unwrap();
    program.sim.revoke_access_tokens();
    program.run(&["sync"]).exits(4);
    program.sim.allow_token(TRIAL_TOKEN, Rights::Network);
}

/// Digests to both channels: one sent, one given up, one that waits; and a report sent by hand.
fn deliver(program: &Program, slack: &Receiver, hook: &Receiver) {
    slack.reply([Reply::Status(410, "gone".into())]);
    let daemon = program.start(&["run"]);
    until("both channels' digests are settled", || {
        program.rows("SELECT channel, state FROM deliveries WHERE kind = 'digest' ORDER BY channel")
            == ["hook|sent", "ops|dead"]
    });
    daemon.signal("TERM");
    daemon.ends().exits(0);
    program
        .run(&["report", "--send", "ops", "--as-of", "2025-01-06"])
        .exits(0);
    hook.reply([Reply::Status(503, "later".into())]);
    program
        .run(&["report", "--send", "hook", "--as-of", "2025-01-06"])
        .exits(3);
    // The operator hears of what was given up.
    program.run(&["sync"]).exits(0);
}
