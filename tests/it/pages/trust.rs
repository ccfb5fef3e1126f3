//! What the figures rest on.

use super::Site;
use crate::program::Program;
use gatherd::demo::Receiver;
use gatherd::demo::world::GroupAt;
use serde_json::Value;

/// One day, in seconds.
const DAY: i64 = 86_400;

#[test]
fn a_figure_told_in_a_message_that_is_another_now_stands_there_with_both_numbers() {
    let receiver = Receiver::start().unwrap();
    let program = Program::small(884);
    let meetup = program.meetup_section("");
    let channel = format!(
        "[[channel]]\nname = \"team\"\nkind = \"slack\"\nurl = \"{}\"\n",
        receiver.url("team")
    );
    program.configure(&format!(
        "{meetup}[[network]]\nurlname = \"sized\"\n{channel}"
    ));
    program.run(&["backfill"]).exits(0);
    let events = |at: &str| {
        let args = ["report", "--format", "json", "--as-of", at];
        let report: Value = serde_json::from_str(&program.run(&args).exits(0).out).unwrap();
        report["network"]["events_365"].as_i64().unwrap()
    };
    let told_at = chrono::Utc::now() - chrono::TimeDelta::days(2);
    let at = told_at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    let then = events(&at);
    program
        .run(&["report", "--send", "team", "--as-of", &at])
        .exits(0);
    // An event of last month that nobody had heard of.
    program.sim.with_world(|world| {
        let now = world.now();
        world.announce(GroupAt(0), "Came late", now - 33 * DAY, &[], now);
    });
    program.run(&["sync", "--sweep"]).exits(0);
    let now = events(&at);
    assert_eq!(now, then + 1);
    let site = Site::on(program, "");
    site.waits_for_figures();
    let said = site.get("/trust").text();
    let day = told_at.format("%-d %b");
    for words in [
        format!("Restated for {day}: "),
        format!("{now} events in 365 days (counted then: {then})"),
        "1 past event came to be known since, of ".to_owned(),
    ] {
        assert!(said.contains(&words), "no {words:?} in {said}");
    }
}

#[test]
fn where_nothing_was_restated_that_is_said() {
    let site = Site::small(885);
    let said = site.get("/trust").text();
    assert!(
        said.contains(
            "No figure of the last message, if there was one, is another by what is known now."
        ),
        "{said}"
    );
}
