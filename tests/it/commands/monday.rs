//! The Monday message read on a terminal, and what channels remember of each other.

use crate::program::Program;
use gatherd::demo::{Receiver, Switches, World};
use serde_json::Value;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// A demo's community, mirrored; with these channels.
/// When the world of these tests was made: a day that is past, so that a date which they look
/// from lies as far into its story whenever they run.
fn made() -> chrono::DateTime<chrono::Utc> {
    "2026-11-28T12:00:00Z".parse().unwrap()
}

fn demo(channels: &str) -> Program {
    let program = Program::on(World::demo(1, 24, made()), Switches::unlimited());
    let meetup = program.meetup_section("");
    program.configure(&format!(
        "{meetup}[[network]]\nurlname = \"lanternfish\"\n{channels}"
    ));
    program.run(&["backfill"]).exits(0);
    program
}

fn webhook(name: &str, receiver: &Receiver, more: &str) -> String {
    format!(
        "[[channel]]\nname = \"{name}\"\nkind = \"webhook\"\nurl = \"{}\"\n\
         secret = \"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"\n{more}\n",
        receiver.url(name)
    )
}

/// Whom a digest asks to write to.
fn named(document: &Value) -> Vec<String> {
    let named = document["please_write_to"].as_array().unwrap().iter();
    named
        .map(|it| it["urlname"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn without_any_channel_the_digest_is_read_here_and_nothing_of_it_is_recorded() {
    let program = demo("");
    let text = program.run(&["digest"]).exits(0);
    text.says(&[
        "Lanternfish User Groups · ",
        "Please write to (",
        "Next two weeks (",
    ]);
    let text = program.run(&["digest"]).exits(0).out;
    assert!(!text.contains('\u{1b}'), "plain where it is piped");
    assert!(!text.contains("first digest here"), "{text}");
    for line in text.lines() {
        let columns = unicode_width::UnicodeWidthStr::width(line);
        assert!(columns <= 80, "{columns}: {line}");
    }
    let document = json(&program.run(&["digest", "--format", "json"]).exits(0).out);
    assert!(!named(&document).is_empty());
    assert_eq!(program.rows("SELECT count(*) FROM reports"), ["0"]);
    let again = json(&program.run(&["digest", "--format", "json"]).exits(0).out);
    assert_eq!(named(&document), named(&again));

    let all = program.run(&["digest", "--all"]).exits(0).out;
    let groups = document["groups"].as_array().unwrap();
    assert!(
        all.contains(&format!("All groups ({})", groups.len())),
        "{all}"
    );
    let markdown = program.run(&["digest", "--all", "--format", "markdown"]);
    let markdown = markdown.exits(0).out;
    for group in groups {
        let link = format!("]({})", group["link"].as_str().unwrap());
        assert!(markdown.contains(&link), "{link}");
    }
    let coloured = program.run(&["digest", "--color", "always"]).exits(0).out;
    let first = document["please_write_to"][0]["urlname"].as_str().unwrap();
    let group = groups.iter().find(|it| it["urlname"] == first).unwrap();
    let opens = format!("\u{1b}]8;;{}\u{1b}\\", group["link"].as_str().unwrap());
    assert!(coloured.contains(&opens), "{coloured}");
}

#[test]
fn the_digest_of_a_channel_is_what_it_would_be_sent_in_words_and_as_a_document() {
    let receiver = Receiver::start().unwrap();
    let hook = webhook("hook", &receiver, "countries = [\"jp\", \"fr\"]");
    let program = demo(&hook);
    let at = ["--as-of", "2026-11-02"];
    let read = |words: &[&str]| program.run(&[words, &at].concat()).exits(0).out;
    assert_eq!(
        read(&["digest", "--channel", "hook"]),
        read(&["report", "--send", "hook", "--dry-run"])
    );
    let mut document = json(&read(&["digest", "--channel", "hook", "--format", "json"]));
    let raw = json(&read(&["report", "--send", "hook", "--dry-run", "--raw"]));
    let mut data = raw["data"].clone();
    for made in [&mut document, &mut data] {
        made["generated_at"] = Value::Null;
    }
    assert_eq!(document, data);
    assert_eq!(document["groups"].as_array().unwrap().len(), 2);
    program
        .run(&[&["report", "--send", "hook"][..], &at].concat())
        .exits(0);
    assert_eq!(
        receiver.received()[0].json["data"]["network"],
        document["network"]
    );
    program
        .run(&["digest", "--channel", "hok"])
        .exits(1)
        .says(&["no channel is named \"hok\"", "hook"]);
}

#[test]
fn whom_one_channel_was_told_of_rests_in_every_channel_but_one_with_a_memory_of_its_own() {
    let receiver = Receiver::start().unwrap();
    let channels = [
        webhook("team", &receiver, ""),
        webhook("board", &receiver, ""),
        webhook("own", &receiver, "memory = \"own\""),
    ];
    let program = demo(&channels.concat());
    let read = |words: &[&str], at: &str| {
        let args = [&["digest", "--format", "json", "--as-of", at][..], words].concat();
        let mut named = named(&json(&program.run(&args).exits(0).out));
        // Whom, not in what order: what is at stake is of a year that moves with the hour.
        named.sort();
        named
    };
    let (monday, later, next) = ("2026-11-02T08:00:00Z", "2026-11-02T23:00:00Z", "2026-11-09");
    let first = read(&["--channel", "team"], monday);
    assert!(!first.is_empty());
    program
        .run(&["report", "--send", "team", "--as-of", monday])
        .exits(0);
    // On the same day every channel names it, and whoever looks is told.
    for words in [
        &["--channel", "team"][..],
        &["--channel", "board"],
        &["--channel", "own"],
        &[],
    ] {
        assert_eq!(read(words, later), first, "{words:?}");
    }
    let rests = |words: &[&str]| {
        let named = read(words, next);
        !named.iter().any(|urlname| first.contains(urlname))
    };
    assert!(rests(&["--channel", "team"]));
    assert!(rests(&["--channel", "board"]));
    assert!(rests(&[]));
    assert!(!rests(&["--channel", "own"]));
}

#[test]
fn a_webhook_gets_figures_under_the_reports_own_keys_or_the_whole_report_if_it_asks() {
    let receiver = Receiver::start().unwrap();
    let channels = [
        webhook("some", &receiver, ""),
        webhook("whole", &receiver, "sends = [\"report\", \"people\"]"),
    ];
    let program = demo(&channels.concat());
    let at = "2026-11-02";
    let data = |name: &str| {
        let args = [
            "report",
            "--send",
            name,
            "--as-of",
            at,
            "--dry-run",
            "--raw",
        ];
        json(&program.run(&args).exits(0).out)["data"].clone()
    };
    let args = ["report", "--format", "json", "--names", "--as-of", at];
    let report = json(&program.run(&args).exits(0).out);
    let (some, whole) = (data("some"), data("whole"));
    assert_eq!(some["network"], report["network"]);
    assert_eq!(some["truncated"], Value::Null);
    assert!(
        some.get("people").is_none() && some["answered"].is_array() && some["changed"].is_array()
    );
    assert_eq!(
        some["groups"].as_array().unwrap().len(),
        report["groups"].as_array().unwrap().len()
    );
    for (told, group) in some["groups"]
        .as_array()
        .unwrap()
        .iter()
        .zip(report["groups"].as_array().unwrap())
    {
        for path in [
            "/id",
            "/urlname",
            "/name",
            "/link",
            "/status",
            "/causes",
            "/stake",
            "/pause",
            "/leaders",
            "/cadence/monthly_cadence",
            "/cadence/events_365",
            "/repeat/repeat_rate",
            "/side_to_side/acquainted_rate",
            "/organizers/hosts_90",
            "/organizers/leader_activity",
        ] {
            assert_eq!(
                told.pointer(path).unwrap(),
                group.pointer(path).unwrap(),
                "{path}"
            );
        }
    }
    for told in some["please_write_to"].as_array().unwrap() {
        let mut groups = report["groups"].as_array().unwrap().iter();
        let group = groups.find(|it| it["id"] == told["id"]).unwrap();
        assert_eq!(told["leaders"], group["leaders"]);
    }
    assert_eq!(whole["groups"], report["groups"]);
    assert_eq!(whole["people"], report["people"]);
    assert_eq!(named(&whole), named(&some));
}
