//! The calendar, and what calendar programs read.

use super::Site;
use crate::program::{Program, until};
use chrono::{DateTime, Datelike as _, Days, NaiveDate, NaiveDateTime, Utc};
use gatherd::demo::world::GroupAt;
use gatherd::demo::{Switches, World};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The Monday of the report's week.
fn monday(report: &Value) -> NaiveDate {
    let as_of: DateTime<Utc> = report["as_of"].as_str().unwrap().parse().unwrap();
    let today = as_of.date_naive();
    today - Days::new(today.weekday().num_days_from_monday().into())
}

fn local(event: &Value) -> NaiveDateTime {
    event["starts_local"].as_str().unwrap().parse().unwrap()
}

fn text<'a>(of: &'a Value, key: &str) -> &'a str {
    of[key].as_str().unwrap()
}

/// A calendar's events: unfolded, each with its properties.
fn events(ics: &str) -> Vec<BTreeMap<String, String>> {
    let unfolded = ics.replace("\r\n ", "");
    let mut events = Vec::new();
    for line in unfolded.split("\r\n") {
        match line {
            "BEGIN:VEVENT" => events.push(BTreeMap::new()),
            _ => {
                if let (Some((key, value)), Some(event)) = (line.split_once(':'), events.last_mut())
                {
                    event.entry(key.to_owned()).or_insert(value.to_owned());
                }
            }
        }
    }
    events
}

#[test]
fn six_weeks_from_this_monday_hold_every_event_with_both_times_and_what_to_expect() {
    let site = Site::lively(1, "");
    site.waits_for_figures();
    let (report, page) = (site.report(), site.get("/calendar"));
    let monday = monday(&report);
    let last = monday + Days::new(41);
    let all = report["ahead"].as_array().unwrap();
    let shown: Vec<&Value> = all.iter().filter(|it| local(it).date() <= last).collect();
    assert!(shown.len() > 5, "{}", shown.len());
    let said = page.text();
    assert!(said.contains(&format!(
        "in the six weeks from {}",
        monday.format("%A, %-d %B")
    )));
    for event in &shown {
        let (starts, own) = (local(event), text(event, "starts_at"));
        let own: DateTime<Utc> = own.parse().unwrap();
        let time = starts.format("%H:%M").to_string();
        let yours = match (own.naive_utc() == starts, own.date_naive() == starts.date()) {
            (true, _) => String::new(),
            (_, true) => own.format("%H:%M UTC").to_string(),
            _ => own.format("%a %H:%M UTC").to_string(),
        };
        let when = format!("{time} {yours}").trim().to_owned();
        let whole = format!(
            "{when} {} {} · {} yes · ",
            text(event, "title"),
            text(event, "group_name"),
            event["yes"]
        );
        // The other copies of a joint event stand with the first, under its date.
        let is_copy = said.contains(&format!("with {}", text(event, "group_name")));
        let day = starts.format("%a %-d %b").to_string();
        let is_whole = said.contains(&whole) && said.contains(&day);
        assert!(is_whole || is_copy, "no {whole:?} on {day} in {said}");
        let to = format!("href=\"/groups/{}\"", text(event, "group"));
        assert!(page.body.contains(&to), "{to}");
    }
    // What lies later is not shown, what one group alone has is.
    let group = text(shown[0], "group");
    let one = site.get(&format!("/calendar?group={group}")).body;
    for event in &shown {
        let time = format!("datetime=\"{}", &text(event, "starts_at")[..19]);
        assert_eq!(
            one.contains(&time),
            text(event, "group") == group || {
                let same = shown.iter().filter(|it| text(it, "group") == group);
                same.map(|it| text(it, "starts_at"))
                    .any(|it| it == text(event, "starts_at"))
            }
        );
    }
    // The sheet has an order where the report has one.
    let sheet = site.get("/calendar?orders=1").text();
    let mut orders = 0;
    for event in all {
        let order = &event["expected"]["order"];
        if order.is_object() {
            let row = format!("{} {} {}", order["seats"], order["food"], order["badges"]);
            assert!(sheet.contains(&row), "no {row:?} in {sheet}");
            orders += 1;
        }
    }
    assert!(said.contains(&format!("Order sheet ({orders})")), "{said}");
    let lines: Value = serde_json::from_str(&site.get("/api/groups").body).unwrap();
    gaps((&report, &lines), &said, last);
}

/// Who usually meets and has announced nothing: the latest event, and the usual days after it.
fn gaps((report, lines): (&Value, &Value), said: &str, last: NaiveDate) {
    let mut gaps = 0;
    for group in report["groups"].as_array().unwrap() {
        let is_quiet = ["unstarted", "quiet"]
            .map(Value::from)
            .contains(&group["status"]);
        let lines = lines["groups"].as_array().unwrap();
        let line = lines.iter().find(|it| it["urlname"] == group["urlname"]);
        let usual = line.unwrap()["usual_days"].as_f64();
        let of_group = |it: &&Value| it["group"] == group["urlname"];
        let ahead = report["ahead"].as_array().unwrap().iter().filter(of_group);
        let latest = ahead.map(|it| local(it).date()).max();
        let held = &group["last_event"];
        let latest = latest.or_else(|| held.is_object().then(|| local(held).date()));
        let (Some(usual), Some(latest), false) = (usual, latest, is_quiet) else {
            continue;
        };
        let mut due = latest + Days::new(usual.round() as u64);
        let off: Vec<u64> = group["cadence"]["off_months"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it.as_u64().unwrap())
            .collect();
        while off.contains(&u64::from(due.month())) {
            due = due.succ_opt().unwrap();
        }
        let name = text(group, "name");
        let rhythm = format!("usually every {:.0} days", (usual + 0.5).floor());
        let is_said = said.match_indices(name).any(|(at, _)| {
            let rest = &said[at + name.len()..];
            let rest = rest
                .split_once(" ago ")
                .filter(|(due, _)| due.starts_with(" due ") && due.len() < 16)
                .map_or(rest.trim_start(), |(_, rest)| rest);
            rest.trim_start().starts_with(&rhythm)
        });
        assert_eq!(is_said, due <= last, "{name}, due {due}: {said}");
        gaps += usize::from(is_said);
    }
    assert!(gaps > 0, "no group has a gap");
}

#[test]
fn a_calendar_program_reads_every_announced_event_once_whatever_it_is_called() {
    let mut world = World::sized(881, 3, 30, 300, 100, Utc::now());
    let now = world.now();
    let hostile = "Pizza, beer; C:\\n \u{202e}\r\nEND:VEVENT\nBEGIN:VALARM 夜の集まり、".repeat(4);
    let start = (now / 3_600 + 24 * 9) * 3_600;
    let mut joint = Vec::new();
    for nth in 0..3 {
        let at = world.announce(GroupAt(nth), &hostile, start, &[], now);
        world.edit_event(at, |it| it.network_event = Some(77));
        joint.push(world.event(at).token.clone());
    }
    let alone = world.announce(GroupAt(1), "Alone", start + 86_400, &[], now);
    let alone = world.event(alone).token.clone();
    let site = Site::of(Program::on(world, Switches::unlimited()), "");
    site.waits_for_figures();
    let file = site.get("/calendar.ics");
    assert_eq!(
        file.header("content-type"),
        ["text/calendar; charset=utf-8"]
    );
    let ics = file.body;
    assert!(ics.starts_with("BEGIN:VCALENDAR\r\n") && ics.ends_with("END:VCALENDAR\r\n"));
    for line in ics.split("\r\n") {
        assert!(
            line.len() <= 75 && !line.contains('\n') && !line.contains('\r'),
            "{line:?}"
        );
    }
    assert!(!ics.contains("VALARM\r") && !ics.contains('\u{202e}'));
    let report = site.report();
    let ahead = report["ahead"].as_array().unwrap();
    let mut wanted: BTreeSet<String> = ahead
        .iter()
        .map(|it| format!("{}@meetup.gatherd", text(it, "token")))
        .collect();
    joint.sort();
    for copy in &joint[1..] {
        assert!(wanted.remove(&format!("{copy}@meetup.gatherd")), "{copy}");
    }
    let found = events(&ics);
    let uids: Vec<&String> = found.iter().map(|it| &it["UID"]).collect();
    assert_eq!(uids.len(), wanted.len(), "{uids:?}");
    assert_eq!(uids.into_iter().cloned().collect::<BTreeSet<_>>(), wanted);
    for event in &found {
        let known = ahead
            .iter()
            .find(|it| event["UID"].starts_with(text(it, "token")))
            .unwrap();
        let starts: DateTime<Utc> = text(known, "starts_at").parse().unwrap();
        let at = |at: DateTime<Utc>| at.format("%Y%m%dT%H%M%SZ").to_string();
        assert_eq!(event["DTSTART"], at(starts));
        assert_eq!(event["DTEND"], at(starts + chrono::TimeDelta::hours(2)));
        assert_eq!(event["URL"], text(known, "url"));
        assert!(event.contains_key("DTSTAMP") && !event.contains_key("LOCATION"));
    }
    let united = found
        .iter()
        .find(|it| it["UID"].starts_with(&joint[0]))
        .unwrap();
    assert!(
        united["SUMMARY"].starts_with("Pizza\\, beer\\; C:\\\\n END:VEVENT"),
        "{}",
        united["SUMMARY"]
    );
    // Of one group, what it has.
    let of_one = events(&site.get("/calendar.ics?group=sized-group-0001").body);
    let of_one: Vec<&str> = of_one.iter().map(|it| it["UID"].as_str()).collect();
    assert!(
        of_one.contains(&format!("{alone}@meetup.gatherd").as_str()),
        "{of_one:?}"
    );
    assert_eq!(
        of_one.len(),
        ahead
            .iter()
            .filter(|it| it["group"] == "sized-group-0001")
            .count()
    );
}

const LEAD: &str = "lead-token-0123456789";
const BOARD: &str = "board-token-0123456789";

#[test]
fn a_viewers_own_address_shows_what_they_see_without_a_token_and_ends_with_it() {
    let viewers = |lead: &str| {
        format!(
            "[[http.user]]\nname = \"lead\"\ntoken = \"{lead}\"\ngroups = [\"sized-group-0001\"]\n\
             [[http.user]]\nname = \"board\"\ntoken = \"{BOARD}\"\n"
        )
    };
    let mut world = World::sized(882, 3, 30, 300, 100, Utc::now());
    let now = world.now();
    for nth in 0..3 {
        world.announce(
            GroupAt(nth),
            &format!("Evening {nth}"),
            now + 86_400 * 5,
            &[],
            now,
        );
    }
    let site = Site::of(Program::on(world, Switches::unlimited()), &viewers(LEAD));
    let with = |site: &Site, token: &str, path: &str| {
        site.ask(
            "GET",
            path,
            &[("Authorization", &format!("Bearer {token}"))],
            "",
        )
    };
    until("the first picture is there", || {
        with(&site, LEAD, "/api/groups").status == 200
    });
    let address = |site: &Site, token: &str| {
        let page = with(site, token, "/calendar").body;
        let at = page.find("href=\"/calendar/").unwrap() + 6;
        page[at..].split('"').next().unwrap().to_owned()
    };
    let (lead, board) = (address(&site, LEAD), address(&site, BOARD));
    assert_ne!(lead, board);
    assert!(!lead.contains("lead") && !lead.contains(LEAD), "{lead}");
    assert_eq!(site.get("/calendar.ics").status, 401);
    for (path, token) in [(&lead, LEAD), (&board, BOARD)] {
        let own = site.get(path);
        assert_eq!(own.status, 200);
        assert_eq!(
            events(&own.body),
            events(&with(&site, token, "/calendar.ics").body)
        );
    }
    let titles = |path: &str| {
        let all = events(&site.get(path).body);
        all.iter()
            .filter(|it| it["SUMMARY"].starts_with("Evening"))
            .count()
    };
    assert_eq!((titles(&lead), titles(&board)), (1, 3));
    assert_eq!(
        titles(&format!("{lead}?group=sized-group-0002")),
        0,
        "nothing of others"
    );
    // It opens nothing else, and another one's does not do.
    for path in [
        lead.replace("/events.ics", ""),
        lead.replacen("/calendar/", "/calendar/A", 1),
        "/calendar/x/events.ics".to_owned(),
    ] {
        assert!([401, 404].contains(&site.get(&path).status), "{path}");
    }
    let signature = lead
        .trim_start_matches("/calendar/")
        .trim_end_matches("/events.ics")
        .to_owned();
    assert_eq!(
        site.ask(
            "GET",
            "/",
            &[("Cookie", &format!("gatherd={signature}"))],
            ""
        )
        .status,
        401
    );
    let Site {
        program, daemon, ..
    } = site;
    daemon.signal("TERM");
    daemon.ends().exits(0);
    let toml = std::fs::read_to_string(program.path("gatherd.toml")).unwrap();
    program.configure(toml.split("\n[http]\n").next().unwrap());
    let site = Site::on(program, &viewers("another-token-0123456789"));
    assert_eq!(site.get(&lead).status, 404);
}

#[test]
fn each_network_and_each_group_has_a_calendar_of_its_own() {
    let mut world = World::sized(886, 4, 30, 300, 100, Utc::now());
    let now = world.now();
    let admin = world.group(GroupAt(3)).memberships[0].person;
    let second = world.add_network("second", "Second Network", admin);
    world.leave_network(GroupAt(3));
    world.join_network(GroupAt(3), second, now);
    for nth in 0..4 {
        let start = now + (nth as i64 + 2) * 86_400;
        world.announce(GroupAt(nth), &format!("Evening {nth}"), start, &[], now);
    }
    let program = Program::on(world, Switches::unlimited());
    let meetup = program.meetup_section("");
    program.configure(&format!(
        "{meetup}[[network]]\nurlname = \"sized\"\n[[network]]\nurlname = \"second\"\n"
    ));
    let site = Site::of(program, "");
    site.waits_for_figures();
    let report = site.report();
    let ahead = report["ahead"].as_array().unwrap();
    let of = |groups: &[&str]| {
        let mut all: Vec<String> = ahead
            .iter()
            .filter(|it| groups.contains(&text(it, "group")))
            .map(|it| format!("{}@meetup.gatherd", text(it, "token")))
            .collect();
        all.sort();
        all
    };
    let read = |path: &str| {
        let mut all: Vec<String> = events(&site.get(path).body)
            .iter()
            .map(|it| it["UID"].clone())
            .collect();
        all.sort();
        all
    };
    let first = ["sized-group-0000", "sized-group-0001", "sized-group-0002"];
    assert!(!of(&["sized-group-0003"]).is_empty() && !of(&first).is_empty());
    assert_eq!(read("/calendar.ics?network=sized"), of(&first));
    assert_eq!(
        read("/calendar.ics?network=SECOND"),
        of(&["sized-group-0003"])
    );
    assert_eq!(read("/calendar.ics?network=third"), [""; 0]);
    // The page offers them, and keeps to what is chosen.
    let page = site.get("/calendar?network=second");
    assert!(page.body.contains("<option value=\"second\" selected>"));
    assert!(page.body.contains("/calendar.ics?network=second"));
    // A group's page leads to its own.
    let page = site.get("/groups/sized-group-0001");
    let to = "/calendar.ics?group=sized-group-0001";
    assert!(
        page.body.contains(&format!("href=\"{to}\"")),
        "{}",
        page.body
    );
    assert_eq!(read(to), of(&["sized-group-0001"]));
}
