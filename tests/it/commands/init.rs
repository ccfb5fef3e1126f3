//! Beginning: what is asked, by options and in a terminal, and the configuration and the look that come of it.

mod look;
mod typed;

use crate::program::Program;
use gatherd::demo::{CLIENT_ID, CLIENT_SECRET, TRIAL_TOKEN};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

/// Where nothing is configured yet, and nothing but Meetup's addresses comes from the environment.
pub fn bare(program: Program) -> Program {
    let mut program = program.without_token();
    fs::remove_file(program.path("gatherd.toml")).unwrap();
    let sim = &program.sim;
    let addresses = [
        ("ENDPOINT", sim.endpoint()),
        ("TOKEN_ENDPOINT", sim.token_endpoint()),
        ("AUTHORIZE_ENDPOINT", sim.authorize_endpoint()),
        (
            "REDIRECT_URI",
            format!("http://127.0.0.1:{}/", crate::program::port()),
        ),
    ];
    let addresses = addresses.map(|(key, value)| (format!("GATHERD_MEETUP_{key}"), value));
    program.env.extend(addresses);
    program
}

fn keep(program: &Program, name: &str, secret: &str) {
    fs::write(program.path(name), format!("{secret}\n")).unwrap();
}

/// Each file that lies there, in order, with its permissions.
fn files(program: &Program) -> Vec<(String, u32)> {
    let mut found: Vec<(String, u32)> = fs::read_dir(program.dir.path())
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
            (entry.file_name().into_string().unwrap(), mode)
        })
        .filter(|(name, _)| !name.starts_with("gatherd.db"))
        .collect();
    found.sort();
    found
}

/// What counts, by key.
fn counts(program: &Program) -> serde_json::Map<String, serde_json::Value> {
    let shown = program.run(&["config", "--format", "json"]).exits(0);
    let all: serde_json::Value = serde_json::from_str(&shown.out).unwrap();
    let all = all["settings"].as_array().unwrap();
    all.iter()
        .map(|it| (it["key"].as_str().unwrap().to_owned(), it["value"].clone()))
        .collect()
}

#[test]
fn every_answer_by_an_option_makes_a_configuration_that_says_the_same() {
    let program = bare(Program::small(821));
    let receiver = gatherd::demo::Receiver::start().unwrap();
    let given = tempfile::tempdir().unwrap();
    let [token, hook] = ["t", "h"].map(|name| given.path().join(name).display().to_string());
    fs::write(&token, TRIAL_TOKEN).unwrap();
    fs::write(&hook, receiver.url("/hooks/very-secret")).unwrap();
    let ran = program.run(&[
        "init",
        "--network",
        "https://www.meetup.com/pro/sized/",
        "--access-token-file",
        &token,
        "--staff",
        "1001,https://www.meetup.com/members/1002/",
        "--timezone",
        "europe/berlin",
        "--every-months",
        "2",
        "--events-per-year",
        "4",
        "--channel-name",
        "ops",
        "--channel-url-file",
        &hook,
        "--service",
        "none",
    ]);
    // A zone is written as it is called.
    let ran = ran.exits(2).says(&["did you mean Europe/Berlin?"]);
    assert!(files(&program).is_empty(), "{}", ran.said());
    let ran = program
        .run(&[
            "init",
            "--network",
            "https://www.meetup.com/pro/sized/",
            "--access-token-file",
            &token,
            "--staff",
            "1001,https://www.meetup.com/members/1002/",
            "--timezone",
            "Europe/Berlin",
            "--every-months",
            "2",
            "--events-per-year",
            "4",
            "--channel-name",
            "ops",
            "--channel-url-file",
            &hook,
            "--service",
            "none",
        ])
        .exits(0)
        .says(&[
            "Network sized: Sized Network, 4 groups",
            "Written, for your eyes only",
        ]);
    for secret in [TRIAL_TOKEN, "very-secret"] {
        assert!(!ran.said().contains(secret), "{}", ran.said());
        let toml = fs::read_to_string(program.path("gatherd.toml")).unwrap();
        assert!(!toml.contains(secret), "{toml}");
    }
    // Nobody was asked whether a line may be posted.
    assert!(receiver.received().is_empty());
    let own = |name: &str| (name.to_owned(), 0o600);
    assert_eq!(
        files(&program),
        ["access_token", "gatherd.toml", "ops_url"].map(own)
    );
    let counts = counts(&program);
    for (key, value) in [
        ("network.urlname", "\"sized\""),
        ("staff.member_ids", "[\"1001\", \"1002\"]"),
        ("target.every_months", "2"),
        ("policy.events_per_year", "4"),
        ("schedule.timezone", "\"Europe/Berlin\""),
        ("channel.ops.kind", "\"mattermost\""),
        ("channel.ops.sends", "[\"digest\"]"),
    ] {
        assert_eq!(
            counts[key]
                .to_string()
                .replace("\\\"", "\"")
                .trim_matches('"'),
            value.trim_matches('"'),
            "{key}"
        );
    }
    program.run(&["sync"]).exits(0);
    program.run(&["deliveries", "test", "ops"]).exits(0);
    assert_eq!(receiver.received().len(), 1);
}

#[test]
fn without_a_terminal_every_missing_answer_is_named_at_once() {
    let program = bare(Program::small(822));
    let ran = program.run(&["init"]).exits(2).says(&[
        "--network",
        "--client-id",
        "--access-token-file",
        "--timezone",
        "--every-months",
        "--events-per-year",
        "--staff",
        "--channel-url-file",
        "--service",
    ]);
    assert!(ran.out.is_empty());
    let ran = program
        .run(&["init", "--yes", "--client-id", "key"])
        .exits(2)
        .says(&["--client-secret-file"]);
    assert!(!ran.said().contains("--timezone"), "{}", ran.said());
    program
        .run(&["init", "--client-secret", "x"])
        .exits(2)
        .says(&["unexpected argument"]);
    assert!(files(&program).is_empty());
}

#[test]
fn what_lies_there_is_not_overwritten() {
    let program = bare(Program::small(823));
    keep(&program, "token", TRIAL_TOKEN);
    let args = ["init", "--yes", "--access-token-file", "token"];
    program.configure("# mine\n");
    program
        .run(&args)
        .exits(1)
        .says(&["gatherd.toml is there already", "--config"]);
    assert_eq!(
        fs::read_to_string(program.path("gatherd.toml")).unwrap(),
        "# mine\n"
    );
    fs::remove_file(program.path("gatherd.toml")).unwrap();
    // Another secret in the file of one, neither; the same one, as after a beginning that was cut short, is kept.
    keep(&program, "access_token", "another");
    program
        .run(&args)
        .exits(1)
        .says(&["access_token is there already"]);
    assert_eq!(
        fs::read_to_string(program.path("access_token")).unwrap(),
        "another\n"
    );
    keep(&program, "access_token", TRIAL_TOKEN);
    program.run(&args).exits(0);
    let counts = counts(&program);
    assert_eq!(
        counts["network.urlname"]
            .as_str()
            .unwrap()
            .trim_matches('"'),
        "sized"
    );
}

#[test]
fn the_example_is_printed_and_nothing_else_is_done() {
    let program = bare(Program::small(824));
    let ran = program.run(&["init", "--print"]).exits(0);
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/config/gatherd.toml");
    assert_eq!(ran.out, fs::read_to_string(example).unwrap());
    assert!(files(&program).is_empty());
    assert_eq!(program.sim.counters().requests, 0);
}

#[test]
fn where_a_sign_in_needs_a_person_and_there_is_none_all_else_is_written() {
    // Whoever runs the tests as root on such a machine would install the service for good.
    if std::path::Path::new("/run/systemd/system").exists() {
        return;
    }
    let program = bare(Program::small(825));
    keep(&program, "s", CLIENT_SECRET);
    let args = [
        "init",
        "--yes",
        "--network",
        "sized",
        "--client-id",
        CLIENT_ID,
        "--client-secret-file",
        "s",
        "--service",
        "systemd",
    ];
    let ran = program.run(&args).exits(4);
    let ran = ran.says(&[
        "gatherd auth login",
        "useradd --system",
        "/etc/gatherd/",
        "/var/lib/gatherd/gatherd.db",
        "systemctl",
    ]);
    assert!(!ran.said().contains(CLIENT_SECRET), "{}", ran.said());
    assert_eq!(
        fs::read_to_string(program.path("client_secret"))
            .unwrap()
            .trim(),
        CLIENT_SECRET
    );
    assert_eq!(
        counts(&program)["network.urlname"]
            .as_str()
            .unwrap()
            .trim_matches('"'),
        "sized"
    );
}

#[test]
fn a_refused_sign_in_or_an_unseen_network_ends_it_before_anything_is_written() {
    let program = bare(Program::small(826));
    keep(&program, "t", "no-such-token");
    let yes = ["init", "--yes", "--access-token-file", "t"];
    program.run(&yes).exits(4).says(&["access_token"]);
    keep(&program, "t", TRIAL_TOKEN);
    let elsewhere = [&yes[..], &["--network", "nobodys"]].concat();
    program
        .run(&elsewhere)
        .exits(1)
        .says(&["Meetup shows no network \"nobodys\"", "--network"]);
    assert_eq!(files(&program).len(), 1);
}

#[test]
fn a_sign_in_of_this_environment_is_kept_in_a_file_where_a_service_is_to_have_it() {
    for (seed, service) in [(827, "cron"), (828, "systemd"), (829, "compose")] {
        let mut program = bare(Program::small(seed));
        let token = (
            "GATHERD_MEETUP_ACCESS_TOKEN".to_owned(),
            TRIAL_TOKEN.to_owned(),
        );
        program.env.push(token);
        let ran = program
            .run(&["init", "--yes", "--service", service])
            .exits(0);
        let says = "GATHERD_MEETUP_ACCESS_TOKEN of this environment is kept in a file";
        assert!(ran.err.contains(says), "{}", ran.err);
        assert!(!ran.said().contains(TRIAL_TOKEN), "{}", ran.said());
        let names: Vec<String> = files(&program).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["access_token", "gatherd.toml"]);
        // What runs without that variable signs in all the same.
        program.env.pop();
        program.run(&["sync"]).exits(0);
    }
}

#[test]
fn where_nothing_was_begun_whoever_looks_is_sent_to_the_beginning() {
    let program = bare(Program::small(833));
    for args in [
        &["status"][..],
        &["report"],
        &["digest"],
        &["deliveries", "list"],
    ] {
        let ran = program.run(args).exits(6);
        ran.says(&["nothing was begun here", "/etc/gatherd", "gatherd init"]);
    }
}
