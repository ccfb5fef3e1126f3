//! No room: a disk, a quota or a limit that is reached anywhere. A sentence, exit code 6, nothing lost,
//! and work goes on once there is room.

use super::NONE;
use crate::program::{GATHERD, Program, until, until_within};
use crate::rig;
use gatherd::demo::{CLIENT_ID, CLIENT_SECRET, Receiver, SEED_REFRESH_TOKEN};
use gatherd::mirror::Mirror;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

/// The pulse is written twice a minute.
const TWO_PULSES: Duration = Duration::from_secs(60);

const DATABASE: &str = "disk/gatherd.db";

/// A small file system of its own; none where this account may not mount one.
pub struct SmallDisk(PathBuf);

impl SmallDisk {
    pub fn at(path: PathBuf, size: &str) -> Option<Self> {
        std::fs::create_dir(&path).unwrap();
        let mut mount = Command::new("mount");
        mount
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"])
            .arg(&path);
        mount.stderr(Stdio::null());
        mount
            .status()
            .is_ok_and(|status| status.success())
            .then_some(Self(path))
    }

    fn ballast(&self) -> PathBuf {
        self.0.join("ballast")
    }

    /// Fills it up to so many kilobytes of room.
    pub fn leave(&self, kilobytes: usize) {
        // More than there is room for: what was written stays.
        let _ = std::fs::write(self.ballast(), vec![1; 8 << 20]);
        let full = std::fs::metadata(self.ballast()).unwrap().len();
        let file = std::fs::OpenOptions::new().write(true).open(self.ballast());
        let kept = full.saturating_sub(kilobytes as u64 * 1_024);
        file.unwrap().set_len(kept).unwrap();
    }

    /// Whether not even a page more can be written.
    fn is_full(&self) -> bool {
        let probe = self.0.join("probe");
        let written = std::fs::write(&probe, [1; 8]);
        let _ = std::fs::remove_file(&probe);
        written.is_err()
    }

    pub fn clear(&self) {
        let _ = std::fs::remove_file(self.ballast());
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        drop(Command::new("umount").arg(&self.0).status());
    }
}

fn differences(program: &Program) -> Vec<String> {
    let mirror = Mirror::open_existing(&program.path(DATABASE)).unwrap();
    rig::differences(&program.sim, &mirror, &[], &[])
}

fn integrity(program: &Program) -> String {
    let conn = rusqlite::Connection::open(program.path(DATABASE)).unwrap();
    conn.query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap()
}

#[test]
fn a_file_that_may_not_grow_exits_6_and_nothing_is_lost() {
    let program = Program::small(36);
    // Blocks of 512 bytes in some shells and of 1,024 in others: too little either way.
    let mut shell = Command::new("sh");
    shell.args([
        "-c",
        "trap '' XFSZ; ulimit -f 300; exec \"$0\" \"$@\"",
        GATHERD,
    ]);
    let ran = program.start_by(shell, &["backfill"]).ends().exits(6);
    ran.says(&[
        "gatherd.db",
        "a quota or size limit is reached",
        "make room",
    ]);
    assert!(
        !std::fs::read_dir(program.dir.path()).unwrap().any(|entry| {
            let name = entry.unwrap().file_name();
            name.to_string_lossy().contains("room")
        })
    );
    assert_eq!(program.integrity(), "ok");
    program.run(&["backfill"]).exits(0);
    assert_eq!(program.differences(), NONE);
    assert_eq!(program.integrity(), "ok");
}

#[test]
fn a_disk_that_fills_up_anywhere_in_a_backfill_or_a_sync_exits_6_and_loses_nothing() {
    let program = Program::small(37);
    let Some(disk) = SmallDisk::at(program.path("disk"), "3m") else {
        return; // the file that may not grow stands in for it
    };
    let full = ["the disk is full", "make room, then run it again"];
    let mut failed = 0;
    // Room for nothing, for an empty database, and for some of what comes into it.
    for kilobytes in [0, 20, 60, 120, 240, 300, 330, 370, 450, 700] {
        disk.leave(kilobytes);
        let ran = program.run(&["backfill", "--database", DATABASE]);
        if ran.code == 6 {
            failed += 1;
            ran.says(&full);
        } else {
            ran.exits(0);
        }
    }
    assert!(failed >= 5, "{failed}");
    disk.clear();
    program.run(&["backfill", "--database", DATABASE]).exits(0);
    assert_eq!(differences(&program), NONE);
    failed = 0;
    for kilobytes in [0, 30, 36, 45, 60, 80, 110, 150] {
        program.sim.with_world(|world| {
            let groups: Vec<_> = world.groups().map(|(at, _)| at).collect();
            for at in groups {
                let name = format!("renamed-{kilobytes}-{}", at.0);
                world.rename_group(at, "Renamed", &name);
                let event = world.events_of(at).next_back().unwrap();
                world.rename_event(event, &name);
            }
        });
        disk.leave(kilobytes);
        let ran = program.run(&["sync", "--sweep", "--database", DATABASE]);
        if ran.code == 6 {
            failed += 1;
            ran.says(&full);
        } else {
            ran.exits(0);
        }
        disk.clear();
        assert_eq!(integrity(&program), "ok");
        program.run(&["sync", "--database", DATABASE]).exits(0);
        assert_eq!(differences(&program), NONE, "{kilobytes} kB of room");
    }
    assert!(failed >= 3, "{failed}");
}

#[test]
fn a_disk_without_room_for_tokens_is_told_before_a_refresh_token_is_spent() {
    let mut program = Program::small(38).without_token();
    let Some(disk) = SmallDisk::at(program.path("disk"), "64k") else {
        return;
    };
    let more = format!(
        "client_id = \"{CLIENT_ID}\"\nrefresh_token = \"{SEED_REFRESH_TOKEN}\"\nstate_dir = \"disk/state\"\n"
    );
    let meetup = program.meetup_section(&more);
    program.configure(&format!("{meetup}[[network]]\nurlname = \"sized\"\n"));
    program.env = vec![("GATHERD_MEETUP_CLIENT_SECRET".into(), CLIENT_SECRET.into())];
    for kilobytes in [0, 4, 8, 12] {
        disk.leave(kilobytes);
        let asked = program.sim.counters().token_requests;
        let ran = program.run(&["sync"]).exits(1);
        ran.says(&["token file", "disk/state", "make room on the disk"]);
        assert_eq!(program.sim.counters().token_requests, asked, "{kilobytes}");
        // With room, the same token still works, and so does its successor.
        if kilobytes % 8 == 0 {
            disk.clear();
            program.run(&["sync"]).exits(0);
            program.sim.revoke_access_tokens();
        }
    }
    disk.clear();
    program.run(&["sync"]).exits(0);
    assert_eq!(program.differences(), NONE);
}

#[test]
fn a_disk_that_fills_up_under_a_report_exits_6_and_the_report_goes_out_once_there_is_room() {
    let receiver = Receiver::start().unwrap();
    let program = Program::small(39);
    program.configure(&format!(
        "{}[[network]]\nurlname = \"sized\"\n\
         [[channel]]\nname = \"hook\"\nkind = \"webhook\"\nurl = \"{}\"\n\
         secret = \"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"\n",
        program.meetup_section(""),
        receiver.url("/hook"),
    ));
    let Some(disk) = SmallDisk::at(program.path("disk"), "3m") else {
        return;
    };
    program.run(&["backfill", "--database", DATABASE]).exits(0);
    for (day, kilobytes) in [0, 34, 38, 44, 52, 64, 80, 100].into_iter().enumerate() {
        let as_of = format!("2026-01-{:02}", day + 1);
        let send = [
            "report",
            "--send",
            "hook",
            "--as-of",
            &as_of,
            "--database",
            DATABASE,
        ];
        disk.leave(kilobytes);
        let ran = program.run(&send);
        if ran.code == 6 {
            ran.says(&["the disk is full", "make room"]);
        } else {
            ran.exits(0);
        }
        disk.clear();
        assert_eq!(integrity(&program), "ok");
        // A message that was leased when the room ended waits for the end of the lease.
        let conn = rusqlite::Connection::open(program.path(DATABASE)).unwrap();
        conn.execute_batch("UPDATE delivery_row SET leased_until = 1 WHERE state = 'sending'")
            .unwrap();
        program.run(&send).exits(0);
        let instant = format!("{as_of}T00:00:00Z");
        let mut ids: Vec<_> = receiver
            .received()
            .iter()
            .filter(|it| it.json["data"]["as_of"] == instant.as_str())
            .map(|it| it.headers["webhook-id"].clone())
            .collect();
        ids.dedup();
        assert_eq!(ids.len(), 1, "{kilobytes} kB of room");
    }
}

#[test]
fn a_daemon_on_a_full_disk_is_seen_to_be_alive() {
    let mut program = Program::small(41);
    let Some(disk) = SmallDisk::at(program.path("disk"), "3m") else {
        return;
    };
    program.run(&["backfill", "--database", DATABASE]).exits(0);
    program
        .env
        .push(("GATHERD_DATABASE".into(), DATABASE.into()));
    program.configure(&format!(
        "{}[[network]]\nurlname = \"sized\"\n[schedule]\npoll = \"*/10 * * * * *\"\n",
        program.meetup_section("")
    ));
    let live = ["status", "--check", "--live"];
    let daemon = program.start(&["run"]);
    let lock = program.path(&format!("{DATABASE}.lock"));
    let pulse = || std::fs::read_to_string(&lock).unwrap();
    until("the pulse is written", || {
        pulse().contains(" asking") && pulse().ends_with('\n')
    });
    disk.leave(0);
    let before = pulse();
    until_within(TWO_PULSES, "the pulse is written again", || {
        pulse() != before
    });
    assert!(disk.is_full());
    assert_eq!(pulse().len(), before.len(), "in place and whole");
    program.run(&live).exits(0);
    // What it says is true of this daemon: it goes on, and it is the one that holds the database.
    let says = format!("{}\n", daemon.pid());
    assert!(pulse().starts_with(&says), "{}", pulse());
    disk.clear();
    daemon.signal("TERM");
    daemon.ends().exits(0);
    assert_eq!(integrity(&program), "ok");
}

#[test]
fn a_disk_that_fills_up_under_a_migration_leaves_the_old_schema_or_the_new_one() {
    let program = Program::small(40);
    let Some(disk) = SmallDisk::at(program.path("disk"), "3m") else {
        return;
    };
    let receiver = Receiver::start().unwrap();
    program.configure(&format!(
        "[[channel]]\nname = \"ops\"\nkind = \"slack\"\nurl = \"{}\"\n",
        receiver.url("/ops")
    ));
    let mut failed = 0;
    for kilobytes in (0..400).step_by(20) {
        disk.leave(kilobytes);
        let ran = program.run(&["deliveries", "test", "ops", "--database", DATABASE]);
        if ran.code == 6 {
            failed += 1;
            ran.says(&["the disk is full", "make room"]);
        } else {
            ran.exits(0);
        }
        disk.clear();
        let conn = rusqlite::Connection::open(program.path(DATABASE)).unwrap();
        let version: i64 = conn
            .query_row("PRAGMA user_version", [], |row| row.get(0))
            .unwrap();
        let tables: i64 = conn
            .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
            .unwrap();
        assert_eq!(
            version == 0,
            tables == 0,
            "{kilobytes} kB: {version}, {tables}"
        );
        drop(conn);
        for end in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(program.path(&format!("{DATABASE}{end}")));
        }
    }
    assert!(failed >= 3, "{failed}");
}
