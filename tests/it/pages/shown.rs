//! What the pages show is what the commands say, as text and nothing else.

use super::Site;
use crate::hostile::names::deceitful;
use crate::program::{Program, until};
use gatherd::demo::Switches;
use serde_json::Value;

/// Every page that leads to others.
const PAGES: [&str; 9] = [
    "/",
    "/groups",
    "/calendar",
    "/calendar?orders=1",
    "/map",
    "/year/2026",
    "/people",
    "/trust",
    "/health",
];

#[test]
fn every_page_answers_whole_with_a_strict_policy_and_without_a_script() {
    let site = Site::small(840);
    let groups: Value = serde_json::from_str(&site.get("/api/groups").body).unwrap();
    let group = groups["groups"][0]["urlname"].as_str().unwrap();
    let group = format!("/groups/{group}");
    for path in PAGES.iter().copied().chain([group.as_str()]) {
        let answer = site.get(path);
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        let policy = answer.header("content-security-policy");
        assert!(policy[0].contains("default-src 'none'"), "{policy:?}");
        assert!(!policy[0].contains("unsafe"), "{policy:?}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("cache-control", "private, no-store"),
        ] {
            assert_eq!(answer.header(name), [value], "{path}");
        }
        for no in ["<script", " style=", " onclick", "javascript:", "<iframe"] {
            assert!(!answer.body.contains(no), "{no} in {path}");
        }
        // What it loads is its own.
        for part in answer.body.split("<link ").skip(1) {
            assert!(part.contains("href=\"/assets/"), "{path}: {part:.80}");
        }
        assert!(answer.body.ends_with("</html>"), "{path} is cut");
    }
    assert_eq!(site.get("/groups/nobody").status, 404);
    assert_eq!(site.get("/nothing").status, 404);
}

#[test]
fn the_figures_of_a_page_are_those_of_the_report_at_its_instant() {
    let site = Site::small(841);
    let told: Value = serde_json::from_str(&site.get("/api/report").body).unwrap();
    let as_of = told["as_of"].as_str().unwrap();
    let report = site
        .program
        .run(&["report", "--format", "json", "--as-of", as_of])
        .exits(0);
    let report: Value = serde_json::from_str(&report.out).unwrap();
    assert_eq!(told["network"], report["network"]);
    let without_age = |report: &Value| {
        let mut groups = report["groups"].clone();
        for group in groups.as_array_mut().unwrap() {
            // A pass may have ended in between.
            group["read_at"] = Value::Null;
        }
        groups
    };
    assert_eq!(without_age(&told), without_age(&report));
    // And in the words of the page.
    let page = site.get("/").text();
    let n = &report["network"];
    for (label, figure) in [
        ("People, 90 days", &n["people_90"]),
        ("Events, 90 days", &n["events_90"]),
        ("Groups that met, 12 months", &n["groups_met_365"]),
    ] {
        let said = format!("{label} {figure}");
        assert!(page.contains(&said), "no {said:?} in {page}");
    }
    let again = &n["repeat_rate"];
    let said = format!("{} of {} people", again["numerator"], again["denominator"]);
    assert!(page.contains(&said), "no {said:?} in {page}");
}

#[test]
fn every_group_with_a_cause_stands_on_the_first_page_in_the_messages_own_words() {
    let site = Site::lively(842, "");
    site.waits_for_figures();
    let message = site
        .program
        .run(&["digest", "--format", "markdown"])
        .exits(0);
    let page = site.get("/");
    let (text, report) = (page.text(), site.get("/api/report"));
    let report: Value = serde_json::from_str(&report.body).unwrap();
    let mut calls = 0;
    for group in report["groups"].as_array().unwrap() {
        let urlname = group["urlname"].as_str().unwrap();
        let has_cause = !group["causes"].as_array().unwrap().is_empty();
        let card = format!("class=\"call\" id=\"{urlname}\"");
        assert_eq!(page.body.contains(&card), has_cause, "{urlname}");
        calls += usize::from(has_cause);
    }
    assert!(calls > 0, "no group with a cause was drawn");
    assert!(
        text.contains(&format!("Please write to ({calls})")),
        "{text}"
    );
    // What to do is said as it is in the message.
    let said = message
        .out
        .lines()
        .filter(|line| line.trim_start().starts_with("Ask "));
    let mut sentences = 0;
    for line in said {
        let line = line.trim().replace('\\', "");
        assert!(text.contains(&line), "no {line:?} in {text}");
        sentences += 1;
    }
    assert!(sentences > 0 || calls == 0, "{}", message.out);
}

#[test]
fn filters_and_orders_stand_in_the_address_and_the_csv_is_what_is_shown() {
    let site = Site::small(843);
    let all: Value = serde_json::from_str(&site.get("/api/groups").body).unwrap();
    let all = all["groups"].as_array().unwrap();
    let names = |csv: &str| -> Vec<String> {
        let lines = csv.lines().skip(1);
        lines
            .map(|it| it.split(',').next().unwrap().to_owned())
            .collect()
    };
    for status in [
        "overdue",
        "quiet",
        "on_target",
        "meeting",
        "new",
        "unstarted",
        "restarted",
    ] {
        let wanted: Vec<&str> = all
            .iter()
            .filter(|it| it["status"] == status)
            .map(|it| it["urlname"].as_str().unwrap())
            .collect();
        let csv = site.get(&format!("/groups.csv?status={status}"));
        assert_eq!(csv.header("content-type"), ["text/csv; charset=utf-8"]);
        assert_eq!(names(&csv.body), wanted, "{status}");
        let page = site.get(&format!("/groups?status={status}"));
        for group in all {
            let urlname = group["urlname"].as_str().unwrap();
            let link = format!("href=\"/groups/{urlname}\"");
            assert_eq!(
                page.body.contains(&link),
                wanted.contains(&urlname),
                "{status}"
            );
        }
    }
    let by_command = site
        .program
        .run(&["groups", "--sort", "name", "--format", "csv"]);
    let by_page = site.get("/groups.csv?sort=name");
    assert_eq!(names(&by_page.body), names(&by_command.exits(0).out));
}

#[test]
fn hostile_names_are_text_on_every_page() {
    let world = deceitful();
    let site = Site::of(Program::on(world, Switches::unlimited()), "");
    site.waits_for_figures();
    let groups: Value = serde_json::from_str(&site.get("/api/groups").body).unwrap();
    let urlname = groups["groups"][0]["urlname"].as_str().unwrap();
    let encoded: String = url::form_urlencoded::byte_serialize(urlname.as_bytes()).collect();
    let group = format!("/groups/{}", encoded.replace('+', "%20"));
    assert_eq!(site.get(&group).status, 200, "{group}");
    let query = "/?q=%3Cscript%3E%22%27&cause=%3Cscript%3E&sort=%22%3E&owner=%3Cscript%3E&done=%3Cscript%3E";
    // A browser looks at them in CI: what it makes of them is what counts.
    let left = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("pages");
    std::fs::create_dir_all(&left).unwrap();
    for (nth, path) in (0..).zip(PAGES.iter().copied().chain([group.as_str(), query])) {
        let body = site.get(path).body;
        std::fs::write(left.join(format!("{nth}.html")), &body).unwrap();
        assert!(!body.contains("<script"), "{path}");
        for image in body.split("<img").skip(1) {
            assert!(image.starts_with(" src=\"/badge/"), "{path}: {image:.40}");
        }
        assert!(!body.contains('\u{202e}'), "{path}");
    }
    assert!(site.get("/groups").body.contains("&lt;"));
}

#[test]
fn before_anything_was_read_the_pages_say_so_and_what_to_do() {
    let program = Program::small(845);
    let meetup = program.meetup_section("");
    // The first pass cannot begin: there is nobody to ask.
    program.configure(
        &format!("{meetup}[[network]]\nurlname = \"sized\"\n")
            .replace(&program.sim.endpoint(), "http://127.0.0.1:9/gql"),
    );
    let site = Site::on(program, "");
    until("the first picture is there", || {
        site.get("/api/groups").status == 200
    });
    for path in ["/", "/groups", "/calendar", "/map", "/people"] {
        let text = site.get(path).text();
        assert!(text.contains("No group is known yet"), "{path}: {text}");
        assert!(
            text.contains("How far it is, and what keeps it, stands on the page Health"),
            "{text}"
        );
    }
    assert_eq!(site.get("/readyz").status, 503);
    assert_eq!(site.get("/healthz").status, 200);
}

#[test]
fn the_page_of_health_tells_what_became_of_each_channels_messages() {
    let program = Program::small(847);
    let meetup = program.meetup_section("");
    program.configure(&format!(
        "{meetup}[[network]]\nurlname = \"sized\"\n\
         [[channel]]\nname = \"team\"\nkind = \"slack\"\nurl = \"http://127.0.0.1:9/\"\n"
    ));
    let site = Site::of(program, "");
    site.waits_for_figures();
    let said = site.get("/health").text();
    assert!(
        said.contains("0 waiting, 0 given up. Nothing was filed yet."),
        "{said}"
    );
    site.program.run(&["report", "--send", "team"]).exits(3);
    let said = site.get("/health").text();
    assert!(said.contains("1 waiting, the oldest filed "), "{said}");
    assert!(
        said.contains("Channel State Messages team to be sent pending 1"),
        "{said}"
    );
}

#[test]
fn a_document_has_a_mark_and_who_has_it_is_told_that_it_has_not_changed() {
    let site = Site::small(846);
    let first = site.get("/api/groups");
    let mark = first.header("etag")[0].to_owned();
    let again = site.ask("GET", "/api/groups", &[("If-None-Match", &mark)], "");
    assert_eq!((again.status, again.body.as_str()), (304, ""));
    let other = site.ask("GET", "/api/groups", &[("If-None-Match", "W/\"old\"")], "");
    assert_eq!(other.status, 200);
}
