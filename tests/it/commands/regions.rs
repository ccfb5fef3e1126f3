//! Parts of the network by name, who looks after their groups, and the channel that hears of them alone.

use crate::pages::Site;
use crate::program::Program;
use gatherd::demo::{Receiver, Switches, World};
use serde_json::Value;

/// A demo's community, mirrored, with these sections.
fn demo(more: &str) -> Program {
    let world = World::demo(1, 24, chrono::Utc::now());
    let program = Program::on(world, Switches::unlimited());
    let meetup = program.meetup_section("");
    program.configure(&format!(
        "{meetup}[[network]]\nurlname = \"lanternfish\"\n{more}"
    ));
    program.run(&["backfill"]).exits(0);
    program
}

/// Two regions, of which the first counts for what both reach.
const REGIONS: &str = "[[region]]\nname = \"Iberia & Co\"\ncountries = [\"pt\", \"es\"]\nowner = \"Zoë\"\n\
    [[region]]\nname = \"Europe\"\ncountries = [\"es\", \"fr\", \"de\"]\n\
    [[region]]\nname = \"Two\"\ngroups = [\"lanternfish-tokyo\", \"lanternfish-hanoi\"]\nowner = \"Kim\"\n";

fn lines(program: &Program, words: &[&str]) -> Vec<Value> {
    let args = [&["groups", "--format", "json", "--sort", "name"], words].concat();
    let told: Value = serde_json::from_str(&program.run(&args).exits(0).out).unwrap();
    told["groups"].as_array().unwrap().clone()
}

fn named(lines: &[Value]) -> Vec<String> {
    let names = lines.iter().map(|it| it["urlname"].as_str().unwrap());
    names
        .map(|it| it.trim_start_matches("lanternfish-").to_owned())
        .collect()
}

#[test]
fn a_region_narrows_what_is_read_and_its_owner_looks_after_who_has_nobody() {
    let program = demo(REGIONS);
    let iberia = lines(&program, &["--region", "IBERIA & co"]);
    assert_eq!(named(&iberia), ["lisbon", "madrid"]);
    assert!(iberia.iter().all(|it| it["owner"] == "Zoë"), "{iberia:?}");
    program
        .run(&["owner", "lanternfish-madrid", "Ana"])
        .exits(0);
    assert_eq!(named(&lines(&program, &["--owner", "zoë"])), ["lisbon"]);
    assert_eq!(named(&lines(&program, &["--owner", "Ana"])), ["madrid"]);
    let mut both = named(&lines(&program, &["--owner", "Kim"]));
    both.sort();
    assert_eq!(both, ["hanoi", "tokyo"]);
    let report = ["report", "--region", "Two", "--format", "json"];
    let report: Value = serde_json::from_str(&program.run(&report).exits(0).out).unwrap();
    assert_eq!(report["groups"].as_array().unwrap().len(), 2);
    for words in [
        &["digest", "--region", "Europe", "--format", "json"][..],
        &[
            "digest", "--owner", "Kim", "--owner", "Ana", "--format", "json",
        ],
    ] {
        let told: Value = serde_json::from_str(&program.run(words).exits(0).out).unwrap();
        let groups = named(told["groups"].as_array().unwrap());
        let wanted = match words.contains(&"--owner") {
            true => vec!["hanoi", "madrid", "tokyo"],
            false => vec!["berlin", "madrid", "paris"],
        };
        assert_eq!(groups, wanted);
    }
    program
        .run(&["groups", "--region", "Asia"])
        .exits(2)
        .says(&["no region is called Asia", "Iberia & Co, Europe, Two"]);
    program
        .run(&["digest", "--owner", "Nobody"])
        .exits(2)
        .says(&["nobody called Nobody looks after a group", "Ana, Kim, Zoë"]);
    program
        .run(&["report", "--region", "Two", "--country", "de"])
        .exits(2);
}

#[test]
fn the_channel_of_a_region_is_told_of_its_groups_alone() {
    let receiver = Receiver::start().unwrap();
    let hook = |name: &str| {
        let (url, secret) = (receiver.url(name), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        format!(
            "[[channel]]\nname = \"{name}\"\nkind = \"webhook\"\nurl = \"{url}\"\nsecret = \"{secret}\"\n"
        )
    };
    let region = "[[region]]\nname = \"Two\"\ncountries = [\"jp\", \"vn\"]\nchannel = \"asia\"\n";
    let program = demo(&format!("{}{}{region}", hook("all"), hook("asia")));
    let all = lines(&program, &[]).len();
    for (name, groups) in [("asia", 2), ("all", all)] {
        program.run(&["report", "--send", name]).exits(0);
        let sent = receiver.take().remove(0).json;
        let told = sent["data"]["groups"].as_array().unwrap();
        assert_eq!(told.len(), groups, "{name}");
    }
}

#[test]
fn pages_and_calendars_know_regions_and_whoever_looks_finds_their_own() {
    let more = format!(
        "{REGIONS}[[http.user]]\nname = \"Kim\"\ntoken = \"kim-token-0123456789\"\nrights = [\"write\"]\n"
    );
    let program = demo(&more);
    let site = Site::on(program, "");
    let bearer = [("Authorization", "Bearer kim-token-0123456789")];
    let get = |path: &str| site.ask("GET", path, &bearer, "");
    crate::program::until("the first picture is there", || {
        get("/api/groups").status == 200
    });
    let groups = get("/groups.csv?region=two").body;
    let rows: Vec<&str> = groups.lines().skip(1).collect();
    assert_eq!(rows.len(), 2, "{groups}");
    assert!(
        rows.iter().all(|it| it.trim_end().ends_with(",Kim")),
        "{rows:?}"
    );
    let page = get("/groups").body;
    assert!(page.contains("href=\"/groups?owner=Kim\""), "{page}");
    assert!(page.contains("Iberia &amp; Co"));
    let events = |path: &str| get(path).body.matches("BEGIN:VEVENT").count();
    let all = events("/calendar.ics");
    let parts: usize = ["Iberia+%26+Co", "Europe", "Two"]
        .iter()
        .map(|it| events(&format!("/calendar.ics?region={it}")))
        .sum();
    assert!(0 < parts && parts < all, "{parts} of {all}");
    assert_eq!(events("/calendar.ics?region=nowhere"), 0);
}

#[test]
fn what_is_wrong_with_a_region_is_told() {
    let program = Program::small(889);
    let meetup = program.meetup_section("");
    let channel = "[[channel]]\nname = \"ops\"\nkind = \"slack\"\nurl = \"http://127.0.0.1:9/\"\n";
    program.configure(&format!(
        "{meetup}[[network]]\nurlname = \"sized\"\n{channel}countries = [\"de\"]\n{}\
         [[region]]\nname = \"A\"\n[[region]]\nname = \"a\"\ncountries = [\"de\"]\nchannel = \"opps\"\n\
         [[region]]\nname = \"B\"\ncountries = [\"fr\"]\nchannel = \"ops\"\n\
         [[region]]\nname = \"C\"\ncountries = [\"fr\"]\nchannel = \"free\"\n\
         [[region]]\ncountries = [\"it\"]\nchannel = \"free\"\n",
        channel.replace("ops", "free")
    ));
    program.run(&["config"]).exits(5).says(&[
        "region.A.countries is missing, and so are groups and timezones",
        "region.name is a, like that of another region",
        "did you mean ops?",
        "region.B.channel is ops, which has groups, countries or timezones of its own",
        "region.name is missing",
        "region.channel is free, which another region names, too",
    ]);
}
