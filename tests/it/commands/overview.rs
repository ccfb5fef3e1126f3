//! `gatherd groups`: every group in one line.

use crate::program::Program;
use gatherd::demo::{Switches, World};
use serde_json::Value;
use unicode_width::UnicodeWidthStr as _;

fn demo() -> Program {
    let program = Program::on(
        World::demo(1, 24, chrono::Utc::now()),
        Switches::unlimited(),
    );
    let meetup = program.meetup_section("");
    program.configure(&format!("{meetup}[[network]]\nurlname = \"lanternfish\"\n"));
    program.run(&["backfill"]).exits(0);
    program
}

fn lines(program: &Program, more: &[&str]) -> Vec<Value> {
    let args = [&["groups", "--format", "json"][..], more].concat();
    let told: Value = serde_json::from_str(&program.run(&args).exits(0).out).unwrap();
    told["groups"].as_array().unwrap().clone()
}

#[test]
fn every_group_has_a_line_with_the_figures_of_the_report_and_the_list_fits_the_page() {
    let mut program = demo();
    let group = program
        .rows("SELECT urlname FROM groups ORDER BY urlname LIMIT 1")
        .remove(0);
    program.run(&["asked", &group, "--whom", "Ana"]).exits(0);
    let report = program.run(&["report", "--format", "json"]).exits(0);
    let report: Value = serde_json::from_str(&report.out).unwrap();
    let before = (chrono::Utc::now() - chrono::Duration::days(365)).to_rfc3339();
    let before = program
        .run(&["report", "--format", "json", "--as-of", &before])
        .exits(0);
    let before: Value = serde_json::from_str(&before.out).unwrap();
    let told = lines(&program, &["--sort", "name"]);
    let groups = report["groups"].as_array().unwrap();
    assert_eq!(told.len(), groups.len());
    for line in &told {
        let same = |it: &&Value| it["urlname"] == line["urlname"];
        let group = groups.iter().find(same).unwrap();
        for (key, path) in [
            ("status", "/status"),
            ("causes", "/causes"),
            ("stake", "/stake"),
            ("people_365", "/attendance/people_365"),
            ("days_since_last_held", "/cadence/days_since_last_held"),
            ("median_gap_days", "/cadence/median_gap_days"),
        ] {
            assert_eq!(&line[key], group.pointer(path).unwrap(), "{key}");
        }
        let then = before["groups"].as_array().unwrap().iter().find(same);
        if let Some(then) = then.filter(|it| it["history_complete"] == true) {
            assert_eq!(
                line["people_365_year_before"],
                then["attendance"]["people_365"]
            );
        }
        let next = group["next_event"]["starts_local"].as_str();
        assert_eq!(line["next_on"].as_str(), next.map(|at| &at[..10]));
        let is_asked = line["urlname"] == group["urlname"] && line["contact_on"].is_string();
        assert_eq!(is_asked, line["urlname"] == groups[0]["urlname"]);
    }
    for columns in [60, 72, 80, 100] {
        program
            .env
            .push(("COLUMNS".to_owned(), columns.to_string()));
        let text = program.run(&["groups"]).exits(0).out;
        program.env.pop();
        assert!(text.lines().count() > told.len());
        for line in text.lines() {
            assert!(line.width() <= columns, "{}: {line}", line.width());
        }
    }
}

#[test]
fn the_list_is_narrowed_and_sorted_as_asked_and_begins_with_those_in_need_of_a_word() {
    let program = demo();
    let all = lines(&program, &[]);
    let with_cause = all
        .iter()
        .take_while(|it| it["causes"][0].is_string())
        .count();
    assert!(with_cause > 0);
    assert!(
        all[with_cause..]
            .iter()
            .all(|it| it["causes"].as_array().unwrap().is_empty())
    );
    let met: Vec<bool> = all[..with_cause]
        .iter()
        .map(|it| it["days_since_last_held"].is_number())
        .collect();
    assert!(
        met.is_sorted_by_key(|has_met| !has_met),
        "never met comes last"
    );
    let quiet = lines(&program, &["--status", "quiet", "--status", "unstarted"]);
    assert!(!quiet.is_empty());
    let wanted = ["quiet", "unstarted"];
    assert!(
        quiet
            .iter()
            .all(|it| wanted.contains(&it["status"].as_str().unwrap()))
    );
    let cause = all[0]["causes"][0].as_str().unwrap().to_owned();
    let alike = lines(&program, &["--cause", &cause]);
    assert!(!alike.is_empty());
    assert!(alike.iter().all(|it| {
        it["causes"]
            .as_array()
            .unwrap()
            .contains(&all[0]["causes"][0])
    }));
    let here = lines(&program, &["--country", "jp"]);
    assert!(here.iter().all(|it| it["country"] == "jp"));
    let days: Vec<Option<i64>> = lines(&program, &["--sort", "days"])
        .iter()
        .map(|it| it["days_since_last_held"].as_i64())
        .collect();
    assert!(days.is_sorted_by(|a, b| a >= b), "{days:?}");
    for by in [
        "stake", "name", "people", "change", "next", "leader", "cause", "contact", "status",
        "country", "timezone", "owner",
    ] {
        assert_eq!(lines(&program, &["--sort", by]).len(), all.len(), "{by}");
    }
    // By a word of theirs; where there is none, it comes last.
    let bad = [
        "overdue",
        "quiet",
        "unstarted",
        "new",
        "restarted",
        "meeting",
        "on_target",
    ];
    for (by, key) in [
        ("status", "status"),
        ("country", "country"),
        ("timezone", "timezone"),
    ] {
        let sorted = lines(&program, &["--sort", by]);
        let words: Vec<(bool, String)> = sorted
            .iter()
            .map(|it| {
                let word = it[key].as_str().unwrap_or_default();
                let place = bad.iter().position(|known| *known == word);
                let word = place.map_or_else(|| word.to_lowercase(), |nth| nth.to_string());
                (it[key].is_null(), word)
            })
            .collect();
        assert!(words.is_sorted(), "{by}: {words:?}");
    }
    // A column that is not there is not explained: nobody was written to yet.
    let text = program.run(&["groups", "--status", "quiet"]).exits(0).out;
    assert!(
        text.contains("Leader: when one") && !text.contains("Contact:"),
        "{text}"
    );
    let none = program.run(&["groups", "--status", "restarted", "--cause", "policy"]);
    none.exits(0).says(&["no group of 22 is so"]);
}

#[test]
fn the_csv_has_a_row_for_each_group_and_no_cell_that_is_a_formula() {
    let program = demo();
    let evil = "UPDATE group_row SET name = '=HYPERLINK(\"https://evil.example\",\"x, y\")', country = '-1'
                WHERE key IN (SELECT min(key) FROM group_row)";
    crate::program::database_of(&program.path("gatherd.db"), evil);
    let csv = program.run(&["groups", "--format", "csv"]).exits(0).out;
    let rows: Vec<&str> = csv.split("\r\n").filter(|row| !row.is_empty()).collect();
    assert_eq!(rows.len(), 23);
    assert!(
        rows[0].starts_with("urlname,name,link,country,"),
        "{}",
        rows[0]
    );
    let columns = rows[0].split(',').count();
    let mut evil = 0;
    for row in &rows[1..] {
        let cells = cells(row);
        assert_eq!(cells.len(), columns, "{row}");
        assert!(
            !cells
                .iter()
                .any(|cell| cell.starts_with(['=', '+', '-', '@'])),
            "{row}"
        );
        evil += usize::from(cells[1].starts_with("'=HYPERLINK(\"https"));
    }
    assert_eq!(evil, 1);
}

/// The cells of a row, as a spreadsheet reads them.
fn cells(row: &str) -> Vec<String> {
    let (mut cells, mut is_quoted) = (vec![String::new()], false);
    let mut signs = row.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '"' if is_quoted && signs.peek() == Some(&'"') => {
                signs.next();
                cells.last_mut().unwrap().push('"');
            }
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => cells.push(String::new()),
            sign => cells.last_mut().unwrap().push(sign),
        }
    }
    cells
}
