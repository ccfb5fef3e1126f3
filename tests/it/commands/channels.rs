//! Every kind of channel through the real program: what is shown is what is posted, and a channel
//! that is narrowed gets its own groups at its own time.

use crate::program::{Program, until};
use gatherd::demo::{Receiver, Reply};
use serde_json::Value;
use std::collections::BTreeSet;

const SECRET: &str = "secret = \"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"\n";

fn channel(name: &str, kind: &str, receiver: &Receiver, more: &str) -> String {
    let own = match kind {
        "matrix" => "token = \"syt_secret-part\"\nroom = \"!room:example.org\"\n",
        "webhook" => SECRET,
        _ => "",
    };
    format!(
        "[[channel]]\nname = \"{name}\"\nkind = \"{kind}\"\nurl = \"{}\"\n{own}{more}\n",
        receiver.url(&format!("/{name}/secret-part"))
    )
}

fn sponsor(seed: u64, schedule: &str, channels: &str) -> Program {
    let program = Program::small(seed);
    let meetup = program.meetup_section("");
    program.configure(&format!(
        "{meetup}[[network]]\nurlname = \"sized\"\n{schedule}{channels}"
    ));
    program.run(&["backfill"]).exits(0);
    program
}

#[test]
fn what_a_dry_run_prints_is_what_is_posted_to_every_kind() {
    let receiver = Receiver::start().unwrap();
    let kinds = [
        "slack",
        "discord",
        "teams",
        "google_chat",
        "mattermost",
        "matrix",
    ];
    let channels: String = kinds
        .map(|kind| channel(kind, kind, &receiver, ""))
        .concat();
    let program = sponsor(71, "", &channels);
    for kind in kinds {
        let send = ["report", "--send", kind, "--as-of", "2026-01-05"];
        let dry = program
            .run(&[&send[..], &["--dry-run", "--raw"]].concat())
            .exits(0);
        let shown: Value = serde_json::from_str(&dry.out).unwrap();
        assert!(
            receiver.received().is_empty(),
            "{kind}: a dry run posts nothing"
        );
        program.run(&send).exits(0).says(&["sent"]);
        program
            .run(&["deliveries", "test", kind])
            .exits(0)
            .says(&["sent"]);
        let came = receiver.take();
        assert_eq!(came.len(), 2, "{kind}");
        assert_eq!(unthreaded(&came[0].json), unthreaded(&shown), "{kind}");
        assert!(
            came[1]
                .json
                .to_string()
                .contains("This is a test from gatherd")
        );
        assert!(came[0].path.starts_with(&format!("/{kind}/secret-part")));
    }
    let status = program.run(&["status"]).exits(0);
    let list = program.run(&["deliveries", "list"]).exits(0);
    assert!(!format!("{}{}", status.said(), list.said()).contains("secret-part"));
}

/// Without what is drawn from the time of composing: a thread's key, an embed's time.
fn unthreaded(payload: &Value) -> Value {
    let mut payload = payload.clone();
    payload["thread"] = Value::Null;
    for embed in payload["embeds"].as_array_mut().into_iter().flatten() {
        embed["timestamp"] = Value::Null;
    }
    payload
}

/// The groups a webhook of that name would be told of.
fn told_of(program: &Program, name: &str) -> BTreeSet<String> {
    let ran = program
        .run(&["report", "--send", name, "--dry-run", "--raw"])
        .exits(0);
    let payload: Value = serde_json::from_str(&ran.out).unwrap();
    groups_of(&payload)
}

fn groups_of(payload: &Value) -> BTreeSet<String> {
    let groups = payload["data"]["groups"].as_array().unwrap();
    let urlname = |group: &Value| group["urlname"].as_str().unwrap().to_owned();
    groups.iter().map(urlname).collect()
}

#[test]
fn a_channel_is_narrowed_by_group_country_and_zone() {
    let receiver = Receiver::start().unwrap();
    let program = sponsor(72, "", "");
    let rows = |sql: &str| program.rows(sql);
    let all: BTreeSet<String> = rows("SELECT urlname FROM groups").into_iter().collect();
    let group = rows("SELECT urlname FROM groups ORDER BY urlname LIMIT 1").remove(0);
    let country = rows("SELECT country FROM groups ORDER BY urlname LIMIT 1").remove(0);
    let zone = rows("SELECT timezone FROM groups ORDER BY urlname DESC LIMIT 1").remove(0);
    let webhook = |name: &str, more: &str| channel(name, "webhook", &receiver, more);
    let meetup = program.meetup_section("");
    program.configure(&format!(
        "{meetup}[[network]]\nurlname = \"sized\"\n{}{}{}{}{}",
        webhook("all", ""),
        webhook("one", &format!("groups = [\"{group}\"]")),
        webhook(
            "land",
            &format!("countries = [\"{}\"]", country.to_uppercase())
        ),
        webhook("zone", &format!("timezones = [\"{zone}\"]")),
        webhook(
            "both",
            &format!("groups = [\"{group}\"]\ntimezones = [\"Antarctica/Troll\"]")
        ),
    ));
    assert_eq!(told_of(&program, "all"), all);
    assert_eq!(told_of(&program, "one"), BTreeSet::from([group]));
    let land = format!("SELECT urlname FROM groups WHERE country = '{country}'");
    assert_eq!(told_of(&program, "land"), rows(&land).into_iter().collect());
    let there = format!("SELECT urlname FROM groups WHERE timezone = '{zone}'");
    assert_eq!(
        told_of(&program, "zone"),
        rows(&there).into_iter().collect()
    );
    assert!(told_of(&program, "zone").len() < all.len());
    assert_eq!(told_of(&program, "both"), BTreeSet::new());
}

#[test]
fn a_zone_written_by_todays_name_reaches_groups_that_have_its_old_one() {
    let receiver = Receiver::start().unwrap();
    let old_named = "SELECT urlname FROM groups WHERE timezone = 'US/Eastern'";
    let today = "timezones = [\"America/New_York\"]";
    let program = sponsor(76, "", &channel("zone", "webhook", &receiver, today));
    let there: BTreeSet<String> = program.rows(old_named).into_iter().collect();
    assert!(!there.is_empty());
    assert_eq!(told_of(&program, "zone"), there);
}

#[test]
fn the_doctor_names_groups_of_the_configuration_that_no_group_is_called() {
    let receiver = Receiver::start().unwrap();
    let narrow = "groups = [\"sized-group-0001\", \"sized-grup-0002\"]";
    let target = "[[target]]\ngroup = \"nobodys\"\nevery_months = 2\n";
    let hook = channel("hook", "webhook", &receiver, narrow);
    let program = sponsor(77, target, &hook);
    let ran = program.run(&["doctor"]).exits(0);
    let warned: Vec<&str> = ran
        .out
        .lines()
        .filter(|it| it.contains("warning"))
        .collect();
    assert_eq!(warned.len(), 2, "{}", ran.out);
    ran.says(&[
        "its groups hold sized-grup-0002, which no sponsored group is called",
        "did you mean sized-group-0002?",
        "its group is nobodys, which no sponsored group is called",
    ]);
}

#[test]
fn a_channel_gets_its_own_digest_at_its_own_time() {
    let receiver = Receiver::start().unwrap();
    let channels = [
        channel(
            "own",
            "webhook",
            &receiver,
            "digest = \"*/10 * * * * *\"\ngroups = [\"nobodys\"]",
        ),
        channel("common", "webhook", &receiver, ""),
        channel(
            "alerted",
            "webhook",
            &receiver,
            "sends = [\"alerts\"]\ndigest = \"*/10 * * * * *\"",
        ),
    ];
    let schedule = "[schedule]\ndigest = \"0 0 29 2 *\"\n";
    let program = sponsor(73, schedule, &channels.concat());
    let daemon = program.start(&["run"]);
    until("the digest comes", || !receiver.received().is_empty());
    daemon.signal("TERM");
    daemon.ends().exits(0);
    for came in receiver.received() {
        assert_eq!(came.path, "/own/secret-part");
        assert_eq!(came.json["type"], "report.digest");
        assert_eq!(groups_of(&came.json), BTreeSet::new());
        assert!(came.json["data"]["please_write_to"].is_array());
        assert!(came.json["data"].get("people").is_none());
    }
}

#[test]
fn the_daemon_names_persons_only_to_a_channel_that_asks_for_people() {
    let receiver = Receiver::start().unwrap();
    let often = |sends: &str| format!("sends = {sends}\ndigest = \"*/10 * * * * *\"");
    let channels = [
        channel(
            "open",
            "webhook",
            &receiver,
            &often("[\"digest\", \"people\"]"),
        ),
        channel("plain", "webhook", &receiver, &often("[\"digest\"]")),
    ];
    let program = sponsor(74, "", &channels.concat());
    let daemon = program.start(&["run"]);
    let came = |path: &str| {
        let all = receiver.received();
        all.into_iter().find(|it| it.path.starts_with(path))
    };
    until("both digests come", || {
        came("/open").is_some() && came("/plain").is_some()
    });
    daemon.signal("TERM");
    daemon.ends().exits(0);
    assert!(came("/open").unwrap().json["data"]["people"]["ambassadors"].is_array());
    assert!(came("/plain").unwrap().json["data"].get("people").is_none());
}

#[test]
fn a_channel_that_hangs_makes_no_other_channels_digest_late() {
    let receiver = Receiver::start().unwrap();
    let stuck = Receiver::start().unwrap();
    stuck.reply(vec![Reply::Hang; 20]);
    let often = "digest = \"*/10 * * * * *\"";
    let channels = [
        channel("stuck", "webhook", &stuck, often),
        channel("quick", "webhook", &receiver, often),
    ];
    let program = sponsor(75, "", &channels.concat());
    let daemon = program.start(&["run"]);
    // While a first post has no answer yet, the other channel's next digest is filed and sent.
    let passed = "SELECT count(*) > 0 FROM deliveries stuck, deliveries quick
        WHERE stuck.channel = 'stuck' AND stuck.state = 'sending' AND stuck.attempts = 1
          AND quick.channel = 'quick' AND quick.state = 'sent' AND quick.period > stuck.period";
    until("a digest is not held up", || program.rows(passed) == ["1"]);
    assert!(!receiver.received().is_empty());
    daemon.kill();
}

#[test]
fn a_daemon_told_to_stop_begins_no_further_message() {
    let receiver = Receiver::start().unwrap();
    let program = sponsor(76, "", &channel("hook", "webhook", &receiver, ""));
    program.run(&["deliveries", "test", "hook"]).exits(0);
    // A second apart each, they would take longer than anybody waits for an end.
    let waiting = "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 600)
        INSERT INTO delivery_row (report, channel, kind, period, payload, created_at)
        SELECT report, channel, kind, n, '{}', created_at FROM delivery_row, n";
    let conn = rusqlite::Connection::open(program.path("gatherd.db")).unwrap();
    conn.execute_batch(waiting).unwrap();
    let daemon = program.start(&["run"]);
    until("it sends", || receiver.received().len() >= 3);
    daemon.signal("TERM");
    daemon.ends().exits(0);
    let states = program.rows("SELECT DISTINCT state FROM deliveries ORDER BY state");
    assert_eq!(states, ["pending", "sent"], "what was begun is finished");
}
