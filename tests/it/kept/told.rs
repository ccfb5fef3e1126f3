//! What earlier versions told stands in whole documents; it becomes rows, and nothing of it is lost.

use super::{folder, place, program_as_kept};
use crate::program::Program;
use gatherd::community::{Before, Cause, GroupBefore, Named, NetworkBefore, Status};
use gatherd::mirror;
use rusqlite::{Connection, params};
use serde_json::{Value, json};

const DAY: i64 = 86_400;
/// Monday 5 October 2026, 06:00 UTC.
const MONDAY: i64 = 1_791_180_000;
const WEEKS: i64 = 12;

fn texts(value: &Value) -> Vec<String> {
    let texts = value.as_array().unwrap().iter();
    texts.map(|it| it.as_str().unwrap().to_owned()).collect()
}

/// What the program before rows read out of a document.
fn read(document: &Value) -> Before {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let network = &document["network"];
    let groups = document["groups"].as_array().unwrap().iter();
    let named = document["please_write_to"].as_array().unwrap().iter();
    Before {
        as_of: text(&document["as_of"]).unwrap().parse().unwrap(),
        definitions_version: 1,
        please_write_to: named
            .map(|it| Named {
                id: text(&it["id"]).unwrap(),
                urlname: text(&it["urlname"]).unwrap(),
                causes: texts(&it["causes"])
                    .iter()
                    .filter_map(|it| Cause::parse(it))
                    .collect(),
            })
            .collect(),
        network: NetworkBefore {
            groups_met_30: network["groups_met_30"].as_i64(),
            groups_met_365: network["groups_met_365"].as_i64(),
            events_365: network["events_365"].as_i64(),
            people_365: network["people_365"].as_i64(),
            first_timers_90: network["first_timers_90"].as_i64(),
        },
        groups: groups
            .map(|it| GroupBefore {
                id: text(&it["id"]).unwrap(),
                history_complete: it["history_complete"].as_bool().unwrap(),
                status: text(&it["status"]).and_then(|it| Status::parse(&it)),
                last_event: text(&it["last_event"]["token"]),
                next_event: text(&it["next_event"]["token"]),
                streak_months: it["cadence"]["streak_months"].as_i64(),
                events_365: it["cadence"]["events_365"].as_i64().unwrap(),
                yes_365: it["attendance"]["yes_365"].as_i64().unwrap(),
                people_365: it["attendance"]["people_365"].as_i64().unwrap(),
                attendance_taken: it["attendance"]["attendance_taken"]["numerator"]
                    .as_i64()
                    .unwrap(),
                new_hosts_365: it["organizers"]["new_hosts_365"].as_i64(),
            })
            .collect(),
    }
}

fn kept_document(conn: &Connection) -> Value {
    let sql = "SELECT payload FROM report_row WHERE kind = 'manual' ORDER BY id LIMIT 1";
    let text: String = conn.query_row(sql, [], |row| row.get(0)).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn file(conn: &Connection, channel: &str, kind: &str, at: i64, document: &Value, state: &str) {
    let text = document.to_string();
    conn.execute(
        "INSERT INTO report_row (kind, period, as_of, created_at, payload) VALUES (?1, ?2, ?2, ?2, ?3)",
        params![kind, at, text],
    )
    .unwrap();
    conn.execute(
        "INSERT INTO delivery_row (report, channel, kind, period, payload, state, created_at, sent_at)
         VALUES (last_insert_rowid(), ?1, ?2, ?3, ?4, ?5, ?3, ?3)",
        params![channel, kind, at, format!("posted {text}"), state],
    )
    .unwrap();
}

/// Twelve weeks of digests as an earlier version filed them, to two channels, and what else it filed.
fn filed(conn: &Connection) -> Vec<(String, Before)> {
    let mut document = kept_document(conn);
    document["people"] = json!({
        "ambassadors": [{"member_id": "1", "name": "Person 7", "taken_part": 3}],
        "missed": [{"group": "kept-group-0", "member_id": "2", "name": "Person 8"}],
    });
    let all: Vec<Value> = document["groups"].as_array().unwrap().clone();
    let mut told = Vec::new();
    for week in 0..WEEKS {
        let at = MONDAY + (week - WEEKS) * 7 * DAY;
        for (nth, channel) in ["team", "board"].into_iter().enumerate() {
            let mut document = document.clone();
            let as_of = chrono::DateTime::from_timestamp(at, 0).unwrap();
            document["as_of"] = json!(as_of.to_rfc3339_opts(chrono::SecondsFormat::Secs, true));
            document["network"]["events_365"] = json!(100 + week);
            let named = &all[(week as usize + nth) % all.len()];
            document["please_write_to"] = json!([{
                "id": named["id"], "urlname": named["urlname"], "causes": ["quiet", "leaderless"],
            }]);
            // The board is told of some groups only.
            if channel == "board" {
                document["groups"] = json!(all[1..]);
            }
            file(conn, channel, "digest", at, &document, "sent");
            told.push((channel.to_owned(), read(&document)));
        }
    }
    file(conn, "team", "digest", MONDAY - DAY, &document, "dead");
    file(
        conn,
        "team",
        "manual",
        MONDAY - 1,
        &json!("no report"),
        "sent",
    );
    let alerts = json!({"alerts": [
        {"kind": "last_host", "sentence": "Person 9, the only one, has left.", "leaders":
            [{"name": "Person 9", "role": "ORGANIZER", "link": "https://meetup.example/x/members/900/"}]},
        {"kind": "first_event", "sentence": "Its first event is announced.", "leaders": []},
    ]});
    file(conn, "team", "alert", MONDAY, &alerts, "pending");
    told
}

/// A program on what an earlier version left, and what that had told.
fn old() -> (Program, Vec<(String, Before)>) {
    let program = program_as_kept();
    place(&program, &folder().join("0003.db"));
    let conn = Connection::open(program.path("gatherd.db")).unwrap();
    let told = filed(&conn);
    (program, told)
}

fn at(second: i64) -> chrono::DateTime<chrono::Utc> {
    chrono::DateTime::from_timestamp(second, 0).unwrap()
}

#[test]
fn what_an_earlier_version_told_is_told_still() {
    let (program, told) = old();
    program.run(&["status"]).exits(0);
    assert_eq!(program.integrity(), "ok");
    let database = program.mirror();
    database.check_integrity().unwrap();
    for channel in ["team", "board"] {
        let mut of: Vec<Before> = told
            .iter()
            .filter(|(name, _)| name == channel)
            .map(|(_, before)| before.clone())
            .rev()
            .collect();
        let found = database
            .read(|conn| mirror::told_before(conn, channel, at(MONDAY), at(0)))
            .unwrap();
        // Of all but the latest it is asked only whom they named.
        for before in &mut of[1..] {
            before.groups.clear();
        }
        assert_eq!(found, of, "{channel}");
        let since = |since| {
            let read = |conn: &Connection| mirror::told_before(conn, channel, at(MONDAY), since);
            database.read(read).unwrap().len()
        };
        assert_eq!(since(at(MONDAY - 21 * DAY)), 3);
        assert_eq!(since(at(MONDAY)), 1, "the last one, however old");
    }
}

#[test]
fn documents_of_earlier_versions_are_kept_for_eight_digests_and_without_the_names_of_persons() {
    let (program, _) = old();
    let before = kept_document(&Connection::open(program.path("gatherd.db")).unwrap());
    program.run(&["status"]).exits(0);
    let kept = program.rows(
        "SELECT d.channel, d.kind, count(*), count(r.payload) FROM delivery_row d JOIN report_row r ON r.id = d.report
         WHERE d.channel IN ('team', 'board') GROUP BY 1, 2 ORDER BY 1, 2",
    );
    assert_eq!(
        kept,
        [
            "board|digest|12|8",
            "team|alert|1|1",
            "team|digest|13|8",
            "team|manual|1|1"
        ]
    );
    let named = "SELECT count(*) FROM reports WHERE payload GLOB '*Person [0-9]*'";
    assert_eq!(program.rows(named), ["0"]);
    let told = program
        .rows("SELECT payload -> '$.alerts' FROM reports WHERE kind = 'alert' ORDER BY id DESC");
    let told: Value = serde_json::from_str(&told[0]).unwrap();
    assert_eq!(
        told,
        json!([
            {"kind": "last_host", "sentence": null, "leaders": [
                {"role": "ORGANIZER", "link": "https://meetup.example/x/members/900/", "member_id": "900"}]},
            {"kind": "first_event", "sentence": "Its first event is announced.", "leaders": []},
        ])
    );
    // All else of a document is as it was.
    let after =
        program.rows("SELECT payload FROM reports WHERE kind = 'manual' ORDER BY id LIMIT 1");
    let mut after: Value = serde_json::from_str(&after[0]).unwrap();
    let mut nameless = before;
    for group in nameless["groups"].as_array_mut().unwrap() {
        for leader in group["leaders"].as_array_mut().unwrap() {
            leader.as_object_mut().unwrap().remove("name").unwrap();
        }
    }
    for group in after["groups"].as_array_mut().unwrap() {
        for leader in group["leaders"].as_array_mut().unwrap() {
            let id = leader.as_object_mut().unwrap().remove("member_id");
            let link = leader["link"].as_str().unwrap();
            assert!(link.ends_with(&format!("/{}/", id.unwrap().as_str().unwrap())));
        }
    }
    assert_eq!(after, nameless);
}

#[test]
fn only_what_may_still_be_posted_is_kept_of_what_an_earlier_version_posted() {
    let (program, _) = old();
    program.run(&["status"]).exits(0);
    let kept = "SELECT DISTINCT state, payload IS NULL FROM delivery_row ORDER BY 1";
    assert_eq!(program.rows(kept), ["dead|0", "pending|0", "sent|1"]);
}
