//! The same rows as the views, in each format, of the same state the same bytes.

use super::{FORMATS, Read, backfilled, change, exported, files, of_view, views};
use crate::program::Program;

/// Names that somebody thought of.
const HOSTILE: [&str; 9] = [
    "=HYPERLINK(\"http://x\",\"y\")",
    "+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "a,b;\"c\"\r\nd",
    "",
    "'quoted'",
];

fn with_hostile_names(seed: u64) -> Program {
    let program = backfilled(seed);
    for (nth, name) in HOSTILE.iter().enumerate() {
        let name = name.replace('\'', "''");
        change(&program, &format!(
            "UPDATE member_row SET name = '{name}' WHERE key = (SELECT key FROM member_row ORDER BY key LIMIT 1 OFFSET {nth});
             UPDATE event_row SET title = '{name}' WHERE key = (SELECT key FROM event_row ORDER BY key LIMIT 1 OFFSET {nth});"
        ));
    }
    // Of one event nobody knows when it starts, nor of another where.
    change(
        &program,
        "UPDATE event_row SET starts_at = NULL WHERE key = (SELECT event FROM rsvp_row LIMIT 1);
        UPDATE event_row SET starts_offset = NULL WHERE key = (SELECT max(event) FROM rsvp_row);",
    );
    program
}

#[test]
fn each_format_has_the_rows_of_every_view_and_what_is_written_is_what_is_kept() {
    let program = with_hostile_names(1_711);
    for format in FORMATS {
        let read = exported(&program, format, &[]);
        for view in views() {
            let (mut found, mut expected) =
                (read.tables[view.name].clone(), of_view(&program, &view));
            found.sort();
            expected.sort();
            assert_eq!(found, expected, "{} as {format}", view.name);
        }
        for table in [
            "events",
            "rsvps",
            "memberships",
            "event_hosts",
            "group_metrics",
            "group_months",
        ] {
            assert!(!read.tables[table].is_empty(), "{table} as {format}");
        }
        // Whatever the format, the same rows in the same order.
        let first = Read::of(&program.path("out-csv"));
        for (name, rows) in &read.tables {
            assert!(rows == &first.tables[name], "{name} as {format}");
        }
    }
    let months = files(&program.path("out-parquet"));
    let mut months = months.keys().filter(|it| it.starts_with("rsvps/month="));
    assert_eq!(
        months.next_back().unwrap(),
        "rsvps/month=__HIVE_DEFAULT_PARTITION__/part-0.parquet"
    );
    assert!(months.next().unwrap().starts_with("rsvps/month=20"));
}

#[test]
fn the_same_state_is_the_same_export_byte_for_byte_whenever_it_is_made() {
    let program = backfilled(1_712);
    for format in FORMATS {
        let out = ["one", "two"].map(|name| format!("{name}-{format}"));
        for name in &out {
            program
                .run(&["export", "--format", format, "--out", name])
                .exits(0);
            std::thread::sleep(std::time::Duration::from_millis(1_100));
        }
        let [one, two] = out.map(|name| files(&program.path(&name)));
        assert!(one == two, "{format}");
        // Another instant is told, and is another state of the figures.
        let before = format!("before-{format}");
        let then = [
            "export",
            "--format",
            format,
            "--out",
            &before,
            "--as-of",
            "2026-01-01",
        ];
        program.run(&then).exits(0);
        let read = Read::of(&program.path(&before));
        assert_eq!(read.package["created"], "2026-01-01T00:00:00Z");
        assert!(one["datapackage.json"] != files(&program.path(&before))["datapackage.json"]);
    }
}

#[test]
fn figures_are_as_of_the_end_of_the_last_good_pass_and_without_one_an_instant_must_be_named() {
    let program = backfilled(1_713);
    let ended = program.rows("SELECT max(finished_at) FROM passes");
    let read = exported(&program, "jsonl", &["--tables", "group_metrics"]);
    assert_eq!(read.package["created"], ended[0].as_str());
    change(&program, "UPDATE pass_row SET is_good = 0");
    let ran = program
        .run(&["export", "--format", "csv", "--out", "x"])
        .exits(2);
    ran.says(&["no pass has come through yet", "--as-of"]);
    assert!(!program.path("x").exists());
    exported(&program, "csv", &["--as-of", "2026-01-01"]);
}

#[test]
fn what_is_of_a_day_begins_with_it_and_entities_are_whole() {
    let program = backfilled(1_714);
    let since = program
        .rows("SELECT substr(starts_local, 1, 10) FROM events ORDER BY starts_at LIMIT 1 OFFSET 20")
        .remove(0);
    change(&program, &format!(
        "INSERT INTO group_day_row SELECT key, unixepoch('{since}') / 86400 - 1, 1, 1 FROM group_row;
         UPDATE event_row SET starts_at = NULL WHERE key = (SELECT min(event) FROM rsvp_row)"
    ));
    let expected = |sql: &str| program.rows(&sql.replace("SINCE", &since)).remove(0);
    for format in FORMATS {
        let read = exported(&program, format, &["--since", &since]);
        let events = "FROM events WHERE substr(starts_local, 1, 10) >= 'SINCE'";
        for (table, sql) in [
            ("events", format!("SELECT count(*) {events}")),
            (
                "rsvps",
                format!("SELECT count(*) FROM rsvps WHERE event_token IN (SELECT token {events})"),
            ),
            (
                "event_hosts",
                format!(
                    "SELECT count(*) FROM event_hosts WHERE event_token IN (SELECT token {events})"
                ),
            ),
            (
                "event_ids",
                format!(
                    "SELECT count(*) FROM event_ids WHERE event_token IN (SELECT token {events})"
                ),
            ),
            ("members", "SELECT count(*) FROM members".to_owned()),
            ("memberships", "SELECT count(*) FROM memberships".to_owned()),
            ("groups", "SELECT count(*) FROM groups".to_owned()),
            (
                "group_days",
                "SELECT count(*) FROM group_days WHERE on_date >= 'SINCE'".to_owned(),
            ),
            (
                "passes",
                "SELECT count(*) FROM passes WHERE started_at >= 'SINCE'".to_owned(),
            ),
        ] {
            assert_eq!(
                read.tables[table].len().to_string(),
                expected(&sql),
                "{table} as {format}"
            );
        }
        let rows = |table: &str| read.tables[table].len().to_string();
        assert_ne!(
            rows("events"),
            program.rows("SELECT count(*) FROM events")[0]
        );
        assert_ne!(
            rows("group_days"),
            program.rows("SELECT count(*) FROM group_days")[0]
        );
        let months = read.column("group_months", "month");
        assert!(months.iter().flatten().all(|it| it[..7] >= since[..7]));
        assert_eq!(read.package["gatherd"]["since"], since.as_str());
    }
}

#[test]
fn only_the_tables_that_are_named_are_written_and_a_slip_is_answered() {
    let program = backfilled(1_715);
    let read = exported(&program, "csv", &["--tables", "groups,rsvps"]);
    let names: Vec<&String> = read.tables.keys().collect();
    assert_eq!(names, ["groups", "rsvps"]);
    for (wrong, says) in [
        ("rspvs", "did you mean rsvps?"),
        ("group_metric", "did you mean group_metrics?"),
        ("zzzzzzzzzzzzzzz", "there are: networks, groups, members"),
    ] {
        let tables = format!("groups,{wrong}");
        let args = [
            "export", "--format", "csv", "--out", "x", "--tables", &tables,
        ];
        program
            .run(&args)
            .exits(2)
            .says(&[&format!("there is no table {wrong}"), says]);
    }
    let of_people = [
        "export",
        "--format",
        "csv",
        "--out",
        "x",
        "--no-people",
        "--tables",
        "notes",
    ];
    program
        .run(&of_people)
        .exits(2)
        .says(&["notes", "--no-people"]);
    assert!(!program.path("x").exists());
}

#[test]
fn cells_are_of_their_kinds() {
    let program = backfilled(1_716);
    exported(&program, "jsonl", &[]);
    let line = |table: &str| -> serde_json::Value {
        let text =
            std::fs::read_to_string(program.path(&format!("out-jsonl/{table}.jsonl"))).unwrap();
        serde_json::from_str(text.lines().next().unwrap()).unwrap()
    };
    let (group, event, figures, month) = (
        line("groups"),
        line("events"),
        line("group_metrics"),
        line("group_months"),
    );
    assert!(group["id"].is_string() && group["is_private"].is_boolean());
    assert!(group["member_count"].is_i64() && group["lat"].is_f64());
    assert!(event["starts_at"].as_str().unwrap().ends_with('Z'));
    assert!(event["token"].is_string() && !event["starts_local"].as_str().unwrap().ends_with('Z'));
    assert!(figures["cadence_monthly_cadence_value"].is_f64() && figures["stake"].is_i64());
    assert!(figures["causes"].as_str().unwrap().starts_with('['));
    assert!(month["month"].as_str().unwrap().ends_with("-01") && month["people"].is_i64());

    exported(&program, "parquet", &[]);
    let file = std::fs::File::open(program.path("out-parquet/groups.parquet")).unwrap();
    let reader = parquet::file::reader::SerializedFileReader::new(file).unwrap();
    let metadata = parquet::file::reader::FileReader::metadata(&reader).file_metadata();
    assert_eq!(metadata.created_by(), Some("gatherd"));
    let fields: Vec<String> = metadata
        .schema()
        .get_fields()
        .iter()
        .map(|it| {
            let info = it.get_basic_info();
            format!(
                "{}: {} {:?}",
                it.name(),
                it.get_physical_type(),
                info.logical_type_ref()
            )
        })
        .collect();
    for expected in [
        "id: BYTE_ARRAY Some(String)",
        "lat: DOUBLE None",
        "is_private: BOOLEAN None",
        "member_count: INT64 None",
    ] {
        assert!(fields.iter().any(|it| it == expected), "{fields:?}");
    }
    let founded = fields
        .iter()
        .find(|it| it.starts_with("founded_at"))
        .unwrap();
    assert!(
        founded.contains("INT64")
            && founded.contains("is_adjusted_to_u_t_c: true")
            && founded.contains("MICROS"),
        "{founded}"
    );
}
