//! What the current program makes of a kept file.

use super::{NONE, OUTSIDE, folder, kept, newest, place, program_as_kept};
use crate::program::Program;
use crate::rig;
use sha2::{Digest, Sha256};
use std::path::Path;

/// What was shipped, by its hash: no migration, file that it left or example configuration is ever edited.
const SHIPPED: &[(&str, &str)] = &[
    (
        "schema/mirror/0001_mirror.sql",
        "c55d2f81483c709b8053967f0d18a4b846e4011e229106d3d59476a2a750f726",
    ),
    (
        "schema/mirror/0002_drift.sql",
        "5906e75e3ce84e6bb6c0f48432a334e636c4395d44e00a4c4318e3ff6379c714",
    ),
    (
        "schema/mirror/0003_cost.sql",
        "b58d03f4076bbc932200e682b5ef0689cba2d97745595320090f18fd7914d055",
    ),
    (
        "tests/data/mirrors/0003.db",
        "d84a0ab3234d688332c98c4516039ac2c1c962f6f7f84be1d086f8eae184de7e",
    ),
    (
        "schema/mirror/0004_source.sql",
        "f8b39aab7fc7f389bc5a988e0856be646103cf2a74ff70d65f19e3239c1532d1",
    ),
    (
        "tests/data/mirrors/0004.db",
        "a892627c6011c36140c076442bfe9d71cc00356849859be9481312e9fa1ee724",
    ),
    (
        "schema/mirror/0005_failures.sql",
        "84f484107200bd1eab8938db4045288bd9f48fd1c8617436592ffa94f133ef48",
    ),
    (
        "tests/data/mirrors/0005.db",
        "9d324d8e89a1cd403832ef5986c9c5b8931429141cdf9086c6defc8e95b0a230",
    ),
    (
        "schema/mirror/0006_told.sql",
        "97f4e3b514584cf74935489d50430421c67dce9c6dd7905a1e32dfe2ea1850be",
    ),
    (
        "tests/data/mirrors/0006.db",
        "d6145ed0cab52de12da84e3d7ca5cd99baf7a5451a1b38dff4ab63b0a3e2d112",
    ),
    (
        "schema/mirror/0007_alerts.sql",
        "ff71e02e2393729ce6cd1c1b49359ed6553c0357bce35c4863363d67742a1f1e",
    ),
    (
        "tests/data/mirrors/0007.db",
        "4ceb8fc46cba96b820f2c48d16f79be3decfb941672788519c61f0f7cea89432",
    ),
    (
        "schema/mirror/0008_mark.sql",
        "1620f49bf678c47c18f7e71b81f8475292b2e2a1de6e2334b8d7e990411f8a31",
    ),
    (
        "tests/data/mirrors/0008.db",
        "a60d72f09e3aad74c28f1efedb8a370197e374e45aae9428aa3f2f18d07d1ba3",
    ),
    (
        "schema/mirror/0009_losses.sql",
        "499de93a56fb0e6e67de753b080328b10d937eed0bef781f570c27652a900e90",
    ),
    (
        "tests/data/mirrors/0009.db",
        "447fc77d39386649b3b780cacc88db2c5b5a83fa4d2cb5cc145fca4b24d9e105",
    ),
    (
        "schema/mirror/0010_splitting.sql",
        "190c28602aabfe50726ef754b407fe005b2d782e201c605f0e4513d6c30cfda6",
    ),
    (
        "tests/data/mirrors/0010.db",
        "cd0514125613c7425b1c86e44e01027fd2a94ec8d7542daba95ece4e1252195d",
    ),
    (
        "schema/mirror/0011_roles.sql",
        "8de50ea685bd988bcec1b62648662576c031fd6dae97b3c11589e2e23f567c77",
    ),
    (
        "tests/data/mirrors/0011.db",
        "337236728f47f98267b6483f9d247277cf6524502be87fbb46b3ee329fd2b702",
    ),
    (
        "schema/mirror/0012_names.sql",
        "612f085c0267c78e23d4b0aea8ef1995d50e1497e9d40196b1da384d14a951a6",
    ),
    (
        "schema/mirror/0013_indexes.sql",
        "780f93a51cd15794ae001b07ad181d064808b3e2d6a09087e8bcd48f1ee78599",
    ),
    (
        "tests/data/mirrors/0013.db",
        "c20a4a2cac225471b09dcf8876c932a629b180e3ae9e52d41ac7f1bf60a38a43",
    ),
    (
        "schema/mirror/0014_owners.sql",
        "588f3142238111bd22b3ff6ee5f48d70347065621fae54f3d022d33bb50b1f78",
    ),
    (
        "tests/data/mirrors/0014.db",
        "049987eedecced65f58ed4b4367c05245f6ca2a37fd5bb31b95bca14f0d2b4de",
    ),
    (
        "schema/mirror/0015_forgotten.sql",
        "650ecb18b5f24869da0f7af572ea4735ec9422f9d61fc6ce52cd565e5e2e802c",
    ),
    (
        "tests/data/mirrors/0015.db",
        "72a1687b6cb194fd9954a6791eb5f9b554f21464575535c2e38ec22ac778556a",
    ),
    (
        "tests/data/mirrors/0002.db",
        "009cdf7da03346f4413f6555a7fd626a7b6ad9ea8128b90e99bc62ac3b298c42",
    ),
    (
        "tests/data/mirrors/0001.db",
        "19cb23cefeb932b26c12bbeac0c69ca3cb5f6a8643211c7c647fce340c7c316a",
    ),
    (
        "tests/data/configs/0.1.toml",
        "df3af45240e20fcdb2c8fd0c8cb75d7edf5adb89b983d16042127a58e62eb2dc",
    ),
];

/// Everything that people keep or Meetup said, by the names of the first version's views. Newer
/// versions may add columns, and none of these changes by migrating or by a quiet pass.
const KEPT: &[&str] = &[
    "SELECT id, urlname, name, primary_admin_id FROM networks",
    "SELECT id, network_id, urlname, name, city, state, country, timezone, founded_at, joined_network_at, status,
       tie_status, join_mode, is_private, organizer_id, member_count, link, history_complete, gone_at, gone_why FROM groups",
    "SELECT id, name FROM members",
    "SELECT group_id, member_id, role, status, joined_at, last_access_at, gone_at FROM memberships",
    "SELECT token, id, group_id, title, status, event_type, starts_at, starts_local, ends_at, created_at, url,
       capacity, venue_id, network_event_id, gone_at FROM events",
    "SELECT event_token, member_id FROM event_hosts",
    "SELECT id, name, city, country, is_online FROM venues",
    "SELECT id, event_token, member_id, status, guest_count, is_host, updated_at, gone_at FROM rsvps",
    "SELECT event_token, id, first_seen_at FROM event_ids",
    "SELECT rsvp_id, event_token, member_id, old_status, new_status, old_guest_count, new_guest_count, changed_at,
       noticed_at FROM rsvp_changes",
    "SELECT group_id, kind, text, whom, again_on, created_at FROM notes",
    "SELECT group_id, alert, until_on, created_at FROM mutes",
    "SELECT group_id, every_months, created_at FROM targets",
    "SELECT key, kind, group_id, state, since, told_at FROM alerts",
    "SELECT kind, period, as_of, created_at FROM reports",
    "SELECT channel, kind, period, state, attempts, created_at, sent_at FROM deliveries",
    "SELECT name, value, found_at FROM capabilities",
];

pub(super) fn rows(path: &Path, sql: &str) -> Vec<String> {
    let conn = rusqlite::Connection::open(path).unwrap();
    let mut statement = conn.prepare(sql).unwrap();
    let columns = statement.column_count();
    let rows = statement.query_map([], |row| {
        let cells: Result<Vec<String>, _> = (0..columns)
            .map(|at| {
                row.get::<_, rusqlite::types::Value>(at)
                    .map(|value| format!("{value:?}"))
            })
            .collect();
        Ok(cells?.join("|"))
    });
    let mut rows: Vec<String> = rows.unwrap().map(Result::unwrap).collect();
    rows.sort();
    rows
}

fn differences(program: &Program) -> Vec<String> {
    rig::differences(&program.sim, &program.mirror(), &[OUTSIDE.to_owned()], &[])
}

#[test]
fn what_was_shipped_is_never_edited() {
    for (name, hash) in SHIPPED {
        let bytes = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap();
        let found: String = Sha256::digest(bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(found, *hash, "{name} was edited");
    }
}

#[test]
fn there_is_a_kept_file_of_every_schema_but_the_newest() {
    let versions: Vec<usize> = kept().iter().map(|(version, _)| *version).collect();
    for version in 1..newest() {
        assert!(
            versions.contains(&version),
            "no {version:04}.db in {}",
            folder().display()
        );
    }
    assert!(versions.contains(&1));
}

#[test]
fn a_kept_database_is_migrated_without_loss_and_without_asking_meetup_for_it_again() {
    for (version, file) in kept() {
        let program = program_as_kept();
        place(&program, &file);
        let database = program.path("gatherd.db");
        let before: Vec<Vec<String>> = KEPT.iter().map(|sql| rows(&database, sql)).collect();
        assert!(
            before.iter().all(|rows| !rows.is_empty()),
            "{version}: a view is empty"
        );

        // A command that only looks migrates as well, and asks nothing.
        program.run(&["status"]).exits(0);
        assert_eq!(
            rows(&database, "PRAGMA user_version"),
            [format!("Integer({})", newest())]
        );
        assert_eq!(program.integrity(), "ok", "{version}");
        // Tables are made anew with references unenforced.
        assert_eq!(rows(&database, "PRAGMA foreign_key_check"), NONE);
        let sources = "SELECT source FROM groups UNION SELECT source FROM events";
        assert_eq!(rows(&database, sources), ["Text(\"meetup\")"]);
        assert_eq!(program.sim.counters().requests, 0, "{version}");
        assert_eq!(differences(&program), NONE, "{version}");

        program.run(&["sync"]).exits(0);
        let mut first = program.sim.counters().by_operation;
        // Whose account it is, is learned once: since the ninth schema it is known.
        let learns = (version < 9).then_some(1);
        assert_eq!(first.remove("Myself"), learns, "{version}: {first:?}");
        for (sql, before) in KEPT.iter().zip(&before) {
            if sql.contains("FROM alerts") {
                continue; // what is watched is looked at after every pass
            }
            assert_eq!(&rows(&database, sql), before, "{version}: {sql}");
        }
        program.sim.reset_counters();
        program.run(&["sync"]).exits(0);
        assert_eq!(
            first,
            program.sim.counters().by_operation,
            "{version}: asked and a quiet pass's"
        );
        assert!(first.values().sum::<u64>() <= 3, "{version}: {first:?}");

        program.run(&["sync", "--sweep"]).exits(0);
        assert_eq!(differences(&program), NONE, "{version}: after a sweep");
        assert_eq!(program.integrity(), "ok", "{version}");
        program
            .run(&["report", "--as-of", "2025-01-06"])
            .exits(0)
            .says(&["Kept Group 1"]);
    }
}
