//! `status`: one screen for people, all of it for programs, and reasons for a health check.

use crate::program::{Program, until};
use chrono::{DateTime, TimeDelta, Utc};
use gatherd::demo::{Rights, TRIAL_TOKEN};
use serde_json::Value;
use std::sync::mpsc;

fn meddle(program: &Program, sql: &str) {
    let conn = rusqlite::Connection::open(program.path("gatherd.db")).unwrap();
    conn.execute_batch(sql).unwrap();
}

fn told(program: &Program) -> Value {
    let json = program.run(&["status", "--json"]).exits(0);
    serde_json::from_str(&json.out).unwrap()
}

/// Polls by this line.
fn polling(program: &Program, line: &str) {
    let meetup = program.meetup_section("");
    program.configure(&format!(
        "{meetup}[[network]]\nurlname = \"sized\"\n[schedule]\npoll = \"{line}\"\n"
    ));
}

#[test]
fn a_pass_under_way_runs_and_one_whose_process_died_was_interrupted() {
    let program = Program::small(801);
    let (open, gate) = mpsc::channel::<()>();
    program.sim.before_answer(move |asked, _| {
        if asked.operation == "NetworkEventsRiding" {
            let _ = gate.recv();
        }
    });
    let backfill = program.start(&["backfill"]);
    until("events are asked", || {
        let counters = program.sim.counters();
        counters.by_operation.contains_key("NetworkEventsRiding")
    });
    let process = format!("(process {})", backfill.pid());
    let ran = program.run(&["status"]).exits(0);
    ran.says(&[
        "running       backfill begun",
        &process,
        "last good     never",
    ]);
    // The first one may take hours.
    program.run(&["status", "--check"]).exits(0);
    let json = told(&program);
    assert_eq!(json["running"]["kind"], "backfill", "{json}");
    assert!(json["interrupted"].is_null() && json["lock"]["is_held"] == true);

    let pid = backfill.pid();
    backfill.kill();
    drop(open);
    let ran = program.run(&["status"]).exits(0);
    assert!(!ran.out.contains(&pid.to_string()), "{}", ran.out);
    ran.says(&["interrupted   backfill begun", "its process ended first"]);
    let json = told(&program);
    assert_eq!(json["interrupted"]["kind"], "backfill", "{json}");
    assert!(json["running"].is_null() && json["lock"]["is_held"] == false);
    program
        .run(&["status", "--check"])
        .exits(1)
        .says(&["no pass has succeeded yet; see that `gatherd run` is running"]);
    program.run(&["sync"]).exits(0);
    let ran = program.run(&["status"]).exits(0);
    ran.says(&["backfill      interrupted", "pass          done"]);
    program.run(&["status", "--check"]).exits(0);
}

#[test]
fn a_thousand_groups_are_one_screen() {
    let program = Program::small(802);
    program.run(&["sync"]).exits(0);
    meddle(
        &program,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
         INSERT INTO group_row (id, urlname, name, status, join_mode, is_private, first_seen_at, asked,
           history_complete, failures, members_verified_at)
         SELECT 'x' || i, printf('many-%04d', i), 'Many', 'PAID', 'OPEN', 0, 1, 1, i % 2, i % 3,
           CASE WHEN i > 900 THEN 1600000000 + i * 86400 END FROM n;
         INSERT INTO failure_row (scope, grp, kind, is_part, message, since, last_at, pass)
         SELECT 'group', key, 'unreadable', 0, 'cannot be read' || char(10) || 'remedy', 1700000000, 1700000000,
           (SELECT max(id) FROM pass_row)
         FROM group_row WHERE urlname LIKE 'many%';",
    );
    let ran = program.run(&["status"]).exits(0);
    let lines = ran.out.lines().count();
    assert!(lines <= 40, "{lines} lines:\n{}", ran.out);
    ran.says(&[
        "1004 sponsored, 504 with their whole history",
        "100 longer ago",
        "900 not wholly yet",
        "stalest       many-0001 (not wholly), many-0002",
        "and 995 more",
    ]);
    let ran = program.run(&["status", "--groups"]).exits(0);
    for nth in [1, 500, 1000] {
        assert!(ran.out.contains(&format!("  many-{nth:04} ")));
    }
    let json = told(&program);
    assert_eq!(json["freshness"].as_array().unwrap().len(), 1004);
    assert_eq!(json["freshness"][999]["urlname"], "many-1000");
}

#[test]
fn three_missed_firings_are_trouble_and_a_weekend_without_any_is_none() {
    let program = Program::small(803);
    program.run(&["sync"]).exits(0);
    let ago = |hours: i64| (Utc::now() - TimeDelta::hours(hours)).timestamp();
    meddle(
        &program,
        &format!(
            "UPDATE pass_row SET started_at = {0}, finished_at = {0}",
            ago(60)
        ),
    );
    polling(&program, "*/15 * * * *");
    let ran = program.run(&["status", "--check"]).exits(1);
    ran.says(&[
        "the last good pass was 2 days ago",
        "more than three intervals; see that `gatherd run` is running",
    ]);
    // Once a year: three intervals are not over.
    polling(&program, "0 0 1 1 *");
    program.run(&["status", "--check"]).exits(0);
    // Twice since then is not yet three times.
    let hour = |at: DateTime<Utc>| at.format("%-H").to_string();
    let (one, two) = (
        Utc::now() - TimeDelta::hours(4),
        Utc::now() - TimeDelta::hours(2),
    );
    meddle(
        &program,
        &format!(
            "UPDATE pass_row SET started_at = {0}, finished_at = {0}",
            ago(6)
        ),
    );
    polling(&program, &format!("0 {},{} * * *", hour(one), hour(two)));
    program.run(&["status", "--check"]).exits(0);
}

#[test]
fn while_a_pass_runs_nobody_is_told_to_see_that_one_does() {
    let program = Program::small(809);
    program.run(&["sync"]).exits(0);
    meddle(
        &program,
        "UPDATE pass_row SET started_at = started_at - 216000, finished_at = finished_at - 216000",
    );
    polling(&program, "*/15 * * * *");
    let (open, gate) = mpsc::channel::<()>();
    let (reached, asked) = mpsc::channel();
    program.sim.before_answer(move |_, _| {
        let _ = reached.send(());
        let _ = gate.recv();
    });
    let sync = program.start(&["sync"]);
    asked.recv().unwrap();
    let ran = program.run(&["status", "--check"]).exits(1);
    ran.says(&["more than three intervals; see `gatherd status` for what failed"]);
    sync.kill();
    drop(open);
    let ran = program.run(&["status", "--check"]).exits(1);
    ran.says(&["more than three intervals; see that `gatherd run` is running"]);
}

#[test]
fn a_pass_from_the_future_tells_of_a_clock_that_was_set_back() {
    let program = Program::small(804);
    program.run(&["sync"]).exits(0);
    meddle(
        &program,
        "UPDATE pass_row SET started_at = started_at + 36000, finished_at = finished_at + 36000",
    );
    let ran = program.run(&["status", "--check"]).exits(1);
    ran.says(&["the clock was set back", "gatherd sync"]);
    program.run(&["sync"]).exits(0);
    program.run(&["status", "--check"]).exits(0);
}

#[test]
fn what_fails_is_told_with_the_pass_since_which_it_does() {
    let program = Program::small(805);
    program.run(&["sync"]).exits(0);
    let before = told(&program)["networks"][0]["read_at"].clone();
    program.sim.allow_token(TRIAL_TOKEN, Rights::NoNetwork);
    program.run(&["sync"]).exits(3);
    let since = told(&program)["failures"][0]["since"].clone();
    // A pass that fails as a whole says nothing of it, and one in which it still fails keeps its beginning.
    program.sim.revoke_access_tokens();
    program.run(&["sync"]).exits(4);
    program.sim.allow_token(TRIAL_TOKEN, Rights::NoNetwork);
    program.run(&["sync"]).exits(3);
    let json = told(&program);
    assert_eq!(json["failures"].as_array().unwrap().len(), 1, "{json}");
    let failure = &json["failures"][0];
    assert_eq!(failure["scope"], "network sized", "{json}");
    assert_eq!(failure["kind"], "not_visible", "{json}");
    assert_eq!(failure["since"], since, "{json}");
    assert_eq!(json["networks"][0]["read_at"], before, "{json}");
    let ran = program.run(&["status"]).exits(0);
    ran.says(&["fails now:", "network sized, since "]);
    program.sim.allow_token(TRIAL_TOKEN, Rights::Network);
    program.run(&["sync"]).exits(0);
    assert_eq!(told(&program)["failures"], serde_json::json!([]));
}

#[test]
fn the_database_alone_is_enough() {
    let program = Program::small(806);
    program.run(&["sync"]).exits(0);
    std::fs::remove_file(program.path("gatherd.toml")).unwrap();
    let ran = program
        .run(&["status", "--database", "gatherd.db"])
        .exits(0);
    ran.says(&[
        "4 sponsored",
        "points in the last minute",
        "in the last day",
        "next          pass ",
        "0 waiting, 0 given up",
        "MB",
    ]);
    let json = told(&program);
    for key in ["at", "last_good_pass_at", "oldest_verified_at"] {
        assert!(json[key].is_string(), "{key} in {json}");
    }
    assert!(json["points_last_day"].as_i64() >= json["points_last_minute"].as_i64());
    assert!(json["points_last_day"].as_i64() > Some(0));
    assert_eq!(json["drift"], serde_json::json!([]));
}

#[test]
fn where_no_pass_was_tried_nobody_is_sent_to_look_for_what_failed() {
    let program = Program::small(808);
    program.run(&["auth", "status"]).exits(0);
    let ran = program.run(&["status", "--check"]).exits(1);
    assert_eq!(
        ran.out,
        "no pass has succeeded yet; run `gatherd backfill` or `gatherd run`\n"
    );
    program.sim.revoke_access_tokens();
    program.run(&["sync"]).exits(4);
    let ran = program.run(&["status", "--check"]).exits(4);
    ran.says(&["no pass has succeeded yet; see `gatherd status` for what failed"]);
}
