//! Reports and test lines on their way to channels.

use crate::program::{Program, until};
use gatherd::demo::{Receiver, Reply};

fn sponsor_with_channels(receiver: &Receiver) -> Program {
    let program = Program::small(61);
    program.configure(&format!(
        "{}[[network]]\nurlname = \"sized\"\n\
         [[channel]]\nname = \"ops\"\nkind = \"slack\"\nurl = \"{}\"\n\
         [[channel]]\nname = \"hook\"\nkind = \"webhook\"\nurl = \"{}\"\n\
         secret = \"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"\n",
        program.meetup_section(""),
        receiver.url("/slack/secret-part"),
        receiver.url("/hook/secret-part"),
    ));
    program.run(&["backfill"]).exits(0);
    program
}

#[test]
fn a_report_is_sent_once_and_the_second_time_it_says_so() {
    let receiver = Receiver::start().unwrap();
    let program = sponsor_with_channels(&receiver);
    let send = ["report", "--send", "ops", "--as-of", "2026-01-05"];
    let dry = [&send[..], &["--dry-run"]].concat();
    let raw = [&dry[..], &["--raw"]].concat();
    program.run(&raw).exits(0).says(&["\"blocks\""]);
    let words = program.run(&dry).exits(0);
    assert!(words.out.starts_with("Sized"), "{}", words.out);
    assert!(!words.out.contains("\"blocks\""), "{}", words.out);
    assert!(receiver.received().is_empty());
    program.run(&send).exits(0).says(&["sent"]);
    program
        .run(&send)
        .exits(0)
        .says(&["went to ops before: sent"]);
    assert_eq!(receiver.received().len(), 1);
    program
        .run(&["deliveries", "list"])
        .exits(0)
        .says(&["ops", "manual", "sent"]);
}

#[test]
fn the_webhook_gets_its_document_under_one_id_over_all_attempts() {
    let receiver = Receiver::start().unwrap();
    let program = sponsor_with_channels(&receiver);
    receiver.reply([Reply::Status(503, "later".into())]);
    program.run(&["report", "--send", "hook"]).exits(3);
    program
        .run(&["deliveries", "retry", "all"])
        .exits(0)
        .says(&["sent"]);
    let came = receiver.received();
    let ids: Vec<_> = came.iter().map(|it| &it.headers["webhook-id"]).collect();
    assert_eq!(ids.len(), 2);
    assert_eq!(ids[0], ids[1]);
    assert_eq!(came[1].json["type"], "report.manual");
    assert_eq!(came[1].json["data"]["schema_version"], 2);
}

#[test]
fn a_dead_channel_is_told_and_its_message_can_be_retried() {
    let receiver = Receiver::start().unwrap();
    let program = sponsor_with_channels(&receiver);
    receiver.reply([Reply::Status(404, "no_service".into())]);
    let ran = program.run(&["report", "--send", "ops"]).exits(3).says(&[
        "given up",
        "no_service",
        "deliveries retry",
    ]);
    assert!(!ran.said().contains("secret-part"), "{}", ran.said());
    program
        .run(&["status", "--check"])
        .exits(1)
        .says(&["given up"]);
    program
        .run(&["deliveries", "retry", "1"])
        .exits(0)
        .says(&["sent"]);
    program.run(&["status", "--check"]).exits(0);
}

#[test]
fn a_report_that_was_given_up_before_is_not_called_sent() {
    let receiver = Receiver::start().unwrap();
    let program = sponsor_with_channels(&receiver);
    let send = ["report", "--send", "ops", "--as-of", "2026-01-05"];
    receiver.reply([Reply::Status(404, "no_service".into())]);
    program.run(&send).exits(3);
    program
        .run(&send)
        .exits(3)
        .says(&["given up for ops before", "deliveries retry 1"]);
    assert_eq!(receiver.received().len(), 1);
    let send = ["report", "--send", "ops", "--as-of", "2026-01-06"];
    receiver.reply([Reply::Status(503, "busy".into())]);
    program.run(&send).exits(3);
    program
        .run(&send)
        .exits(3)
        .says(&["on its way to ops already", "answered 503: busy"]);
    program.run(&["deliveries", "retry", "all"]).exits(0);
    program.run(&send).exits(0).says(&["before: sent"]);
}

#[test]
fn a_test_line_that_a_daemon_took_first_is_told_of_all_the_same() {
    let receiver = Receiver::start().unwrap();
    let program = sponsor_with_channels(&receiver);
    let conn = rusqlite::Connection::open(program.path("gatherd.db")).unwrap();
    // What a daemon beside does: it takes each message at once.
    let taken = "CREATE TRIGGER taken AFTER INSERT ON delivery_row BEGIN
                   UPDATE delivery_row SET state = 'sending', leased_until = unixepoch() + 100 WHERE id = new.id;
                 END";
    conn.execute_batch(taken).unwrap();
    let testing = program.start(&["deliveries", "test", "ops"]);
    until("the message is taken", || {
        program.rows("SELECT state FROM deliveries") == ["sending"]
    });
    let given_up =
        "UPDATE delivery_row SET state = 'dead', last_error = 'answered 404: no_service'";
    conn.execute_batch(given_up).unwrap();
    let ran = testing.ends().exits(3);
    ran.says(&["delivery 1: given up, answered 404: no_service"]);
}

#[test]
fn messages_given_up_for_a_channel_that_is_no_more_are_no_trouble() {
    let receiver = Receiver::start().unwrap();
    let program = sponsor_with_channels(&receiver);
    receiver.reply([Reply::Status(404, "no_service".into())]);
    program.run(&["report", "--send", "ops"]).exits(3);
    let check = program.run(&["status", "--check"]).exits(1);
    check.says(&["1 message was given up for the channel ops"]);
    let meetup = program.meetup_section("");
    program.configure(&format!("{meetup}[[network]]\nurlname = \"sized\"\n"));
    program.run(&["status", "--check"]).exits(0);
}

#[test]
fn a_slip_in_a_channels_name_makes_no_database() {
    let program = Program::small(61);
    let ran = program.run(&["deliveries", "test", "opps"]).exits(1);
    ran.says(&["no channel is named \"opps\"", "add it as [[channel]]"]);
    assert!(!program.path("gatherd.db").exists());
}

#[test]
fn what_a_demo_made_up_never_reaches_a_real_channel() {
    let receiver = Receiver::start().unwrap();
    let program = sponsor_with_channels(&receiver);
    let ours = std::fs::read(program.path("gatherd.toml")).unwrap();
    let made_up = program.path("demo.db");
    let made_up = made_up.to_str().unwrap();
    program
        .run(&["demo", "--once", "--groups", "6", "--database", made_up])
        .exits(0);
    // The sponsor's own configuration stays as it is; the demo's is named after its database.
    assert_eq!(std::fs::read(program.path("gatherd.toml")).unwrap(), ours);
    let left = program.path("demo.db.toml");
    let left = left.to_str().unwrap();
    for command in [
        &["report", "--send", "ops", "--database", made_up][..],
        &["report", "--send", "monday", "--config", left],
        &["sync", "--config", left],
        &["deliveries", "retry", "all", "--database", made_up],
        &["deliveries", "test", "ops", "--database", made_up],
        &["sync", "--database", made_up],
    ] {
        program.run(command).exits(6);
    }
    program
        .run(&["report", "--database", made_up])
        .exits(0)
        .says(&["Lanternfish"]);
    assert!(receiver.received().is_empty());
}

/// What a channel would be posted now.
fn dry(program: &Program, channel: &str) -> serde_json::Value {
    let ran = program.run(&["report", "--send", channel, "--dry-run", "--raw"]);
    serde_json::from_str(&ran.exits(0).out).unwrap()
}

#[test]
fn whom_a_sent_report_named_is_remembered_and_a_dry_run_is_not() {
    let receiver = Receiver::start().unwrap();
    let program = sponsor_with_channels(&receiver);
    let first =
        |payload: &serde_json::Value| payload.to_string().contains("This is the first digest");
    assert!(first(&dry(&program, "ops")));
    assert!(first(&dry(&program, "ops")), "a dry run is not remembered");
    program
        .run(&["report", "--send", "ops", "--as-of", "2026-01-05"])
        .exits(0);
    assert!(!first(&dry(&program, "ops")));
    let kept = program.rows("SELECT payload ->> '$.please_write_to' FROM reports");
    assert!(kept[0].starts_with('['), "{kept:?}");
    // Another channel has a memory of its own; who waits for an answer is told to all of them.
    let urlname = program
        .rows("SELECT urlname FROM groups ORDER BY urlname LIMIT 1")
        .remove(0);
    program.run(&["asked", &urlname, "--whom", "Ana"]).exits(0);
    let hook = dry(&program, "hook");
    let named = hook["data"]["please_write_to"].as_array().unwrap();
    assert!(
        named.iter().all(|it| it["urlname"] != urlname.as_str()),
        "{named:?}"
    );
    assert!(named.len() <= 5);
}

#[test]
fn a_test_line_that_was_given_up_is_no_trouble() {
    let receiver = Receiver::start().unwrap();
    let program = sponsor_with_channels(&receiver);
    receiver.reply([Reply::Status(404, "no_service".into())]);
    program.run(&["deliveries", "test", "ops"]).exits(3);
    program.run(&["status", "--check"]).exits(0);
}

#[test]
fn a_message_that_is_dropped_is_never_sent_and_no_trouble() {
    let receiver = Receiver::start().unwrap();
    let program = sponsor_with_channels(&receiver);
    let send = ["report", "--send", "ops", "--as-of", "2026-01-05"];
    receiver.reply([
        Reply::Status(404, "no_service".into()),
        Reply::Status(503, "busy".into()),
    ]);
    program.run(&send).exits(3);
    program.run(&["report", "--send", "hook"]).exits(3);
    program
        .run(&["deliveries", "drop", "7"])
        .exits(1)
        .says(&["nothing to drop"]);
    program
        .run(&["deliveries", "drop", "1"])
        .exits(0)
        .says(&["1 message was dropped, and will not be sent"]);
    program.run(&["status", "--check"]).exits(0);
    program
        .run(&["deliveries", "list"])
        .exits(0)
        .says(&["dropped  ops", "pending  hook"]);
    program
        .run(&["deliveries", "retry", "1"])
        .exits(1)
        .says(&["message 1 was dropped, and what it said is not kept any more"]);
    program
        .run(&send)
        .exits(3)
        .says(&["was dropped for ops before"]);
    program.run(&["deliveries", "drop", "all"]).exits(0);
    program.run(&["deliveries", "drop", "all"]).exits(0);
    program.run(&["deliveries", "retry", "all"]).exits(0);
    assert_eq!(receiver.received().len(), 2);
    assert_eq!(
        program.rows("SELECT DISTINCT state, payload IS NULL FROM delivery_row"),
        ["dropped|1"]
    );
}

#[test]
fn a_message_given_up_long_ago_cannot_be_tried_again_and_that_is_said() {
    let receiver = Receiver::start().unwrap();
    let program = sponsor_with_channels(&receiver);
    receiver.reply([Reply::Status(404, "no_service".into())]);
    program.run(&["report", "--send", "ops"]).exits(3);
    let conn = rusqlite::Connection::open(program.path("gatherd.db")).unwrap();
    conn.execute(
        "UPDATE delivery_row SET given_up_at = given_up_at - 31 * 86400",
        [],
    )
    .unwrap();
    program
        .run(&["deliveries", "retry", "1"])
        .exits(1)
        .says(&["message 1 was given up over 30 days ago, and what it said is not kept any more"]);
    program
        .run(&["deliveries", "retry", "all"])
        .exits(1)
        .says(&[
            "1 message was given up over 30 days ago: not tried",
            "gatherd deliveries drop all",
        ]);
    program.run(&["report", "--send", "hook"]).exits(0);
    program
        .run(&["deliveries", "retry", "2"])
        .exits(1)
        .says(&["message 2 was sent, and what it said is not kept any more"]);
    assert_eq!(receiver.received().len(), 2);
}

#[test]
fn what_is_kept_of_a_report_names_no_person_and_what_was_posted_did() {
    let receiver = Receiver::start().unwrap();
    let program = sponsor_with_channels(&receiver);
    let toml = std::fs::read_to_string(program.path("gatherd.toml")).unwrap();
    program.configure(&format!("{toml}sends = [\"report\"]\n"));
    program.run(&["report", "--send", "hook"]).exits(0);
    let posted = receiver.received()[0].json["data"].clone();
    let kept = program.rows("SELECT payload FROM reports").remove(0);
    let mut kept: serde_json::Value = serde_json::from_str(&kept).unwrap();
    let mut persons = 0;
    let groups = kept["groups"].as_array_mut().unwrap().iter_mut();
    for (kept, posted) in groups.zip(posted["groups"].as_array().unwrap()) {
        let leaders = kept["leaders"].as_array_mut().unwrap().iter_mut();
        for (kept, posted) in leaders.zip(posted["leaders"].as_array().unwrap()) {
            assert_eq!(kept.get("name"), None);
            let id = kept.as_object_mut().unwrap().remove("member_id").unwrap();
            let link = posted["link"].as_str().unwrap();
            assert!(link.contains(&format!("/members/{}/", id.as_str().unwrap())));
            kept["name"] = posted["name"].clone();
            persons += 1;
        }
    }
    assert!(persons > 0);
    assert_eq!(kept, posted, "all else of it is the same");
}
