mod channels;
mod mail;
mod secrets;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use gatherd::community::AlertKind;
use gatherd::config::{Config, Memory, Need, Overrides, Problems, SignIn};
use secrecy::ExposeSecret;
use tempfile::TempDir;

/// Loads a configuration written into a fresh directory, with these variables.
fn load(text: &str, variables: &[(&str, &str)], need: Need) -> Result<Config, Problems> {
    let directory = TempDir::new().unwrap();
    load_in(&directory, text, variables, need)
}

fn load_in(
    directory: &TempDir,
    text: &str,
    variables: &[(&str, &str)],
    need: Need,
) -> Result<Config, Problems> {
    let file = directory.path().join("gatherd.toml");
    std::fs::write(&file, text).unwrap();
    let overrides = Overrides {
        config: Some(file),
        database: None,
    };
    let variables: HashMap<String, String> = variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    Config::load(&overrides, &|name| variables.get(name).cloned(), need)
}

fn told(result: Result<Config, Problems>) -> Vec<String> {
    let problems = result.unwrap_err();
    let line = |line: Option<usize>| line.map_or("-".to_owned(), |line| line.to_string());
    problems
        .all
        .iter()
        .map(|p| format!("{}: {} | {}", line(p.line), p.what, p.remedy))
        .collect()
}

#[test]
fn the_shipped_file_says_every_default() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/gatherd.toml");
    let overrides = Overrides {
        config: Some(path.clone()),
        database: None,
    };
    let mut shipped = Config::load(&overrides, &|_| None, Need::Database).unwrap();
    // The values alone, not where they came from.
    shipped.file = None;
    shipped.settings.clear();
    let mut defaults = Config::with_defaults(&path.with_file_name("gatherd.db"));
    defaults.settings.clear();
    defaults.meetup.state_dir = path.with_file_name("gatherd.db.state");
    assert_eq!(format!("{shipped:?}"), format!("{defaults:?}"));
}

#[test]
fn the_shipped_files_commented_keys_work_once_uncommented() {
    every_key_loads(&read("config/gatherd.toml"));
}

/// `tests/data/configs/VERSION.toml` is what was shipped with that version: somebody wrote theirs from it.
#[test]
fn what_was_written_from_an_earlier_versions_file_still_loads() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/configs");
    let kept: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
        .collect();
    assert!(!kept.is_empty());
    for text in kept {
        load(&text, &[], Need::Database).unwrap();
        every_key_loads(&text);
    }
}

fn read(file: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap()
}

/// Loads the file with all that is commented out in it brought to life.
fn every_key_loads(shipped: &str) {
    let is_key = |line: &str| {
        let line = line.trim_start_matches("# ");
        line.starts_with('[')
            || line
                .split_once(" = ")
                .is_some_and(|(key, _)| key.chars().all(|c| c.is_lowercase() || c == '_'))
    };
    let opened: Vec<&str> = shipped
        .lines()
        .map(|line| {
            if is_key(line) {
                line.trim_start_matches("# ")
            } else {
                line
            }
        })
        .collect();
    let directory = TempDir::new().unwrap();
    for (file, content) in [
        ("ops_url", "https://hooks.example.com/x\n"),
        ("archive_url", "https://archive.example.com/x\n"),
        ("archive_secret", "whsec_c2VjcmV0\n"),
        ("room_url", "https://matrix.example.com\n"),
        ("room_token", "t"),
        ("monday_password", "p"),
        ("http_token", "t"),
        ("lead_token", "a-token-that-is-long-enough\n"),
        ("heartbeat_url", "https://watch.example.com/ping/x\n"),
        ("company-ca.pem", CA),
    ] {
        std::fs::write(directory.path().join(file), content).unwrap();
    }
    let config = load_in(&directory, &opened.join("\n"), &[], Need::Database).unwrap();
    assert_eq!(config.networks, ["acme"]);
    assert_eq!(config.groups, ["acme-berlin"]);
    assert_eq!(config.channels[0].name, "ops");
    assert_eq!(config.targets[0].every_months, 2);
    assert_eq!(config.policy.events_per_year, Some(4));
}

#[test]
fn the_defaults_are_those_of_the_documentation() {
    let config = Config::with_defaults(Path::new("gatherd.db"));
    assert_eq!(
        config.meetup.endpoint.as_str(),
        "https://api.meetup.com/gql-ext"
    );
    assert_eq!(
        (
            config.meetup.points_per_minute,
            config.meetup.max_concurrency,
            config.meetup.page_size
        ),
        (450, 2, 500)
    );
    assert_eq!(config.meetup.state_dir, PathBuf::from("gatherd.db.state"));
    assert_eq!(config.schedule.poll.text(), "*/15 * * * *");
    assert_eq!(config.schedule.digest.text(), "0 8 * * 1");
    assert_eq!(config.alerts.len(), 10);
    assert!(
        !config.alerts.contains(&AlertKind::Overdue) && !config.alerts.contains(&AlertKind::Quiet)
    );
    assert_eq!(
        config.http.listen.map(|it| it.to_string()).as_deref(),
        Some("127.0.0.1:8787")
    );
    assert_eq!(config.staff, None);
}

#[test]
fn every_problem_is_told_at_once_with_line_and_remedy() {
    let text = r#"databse = "x.db"
[meetup]
endpoint = "http://api.example.com/gql"
points_per_minute = "many"
[[network]]
urlname = "https://www.meetup.com/find/?keywords=acme"
[[target]]
every_months = 5
[metrics]
target_share = 1.5
[schedule]
timezone = "Europe/Berlni"
poll = "* * * * * *"
sweep = "0 3 * *"
digest = "0 8 * * 9"
[alerts]
kinds = ["leaderles"]
[[channel]]
name = "ops"
kind = "slack"
[[channel]]
name = "ops"
kind = "discord"
[[channel]]
kind = "slak"
url = "http://hooks.example.com/very-secret"
sends = ["digests"]
[http]
listen = "0.0.0.0:8787"
"#;
    let told = told(load(text, &[], Need::Meetup));
    insta::assert_snapshot!(told.join("\n"), @r#"
    1: databse is not a known key | did you mean database?
    2: meetup.sign-in is missing | write client_id and client_secret_file, then run `gatherd auth login`; or write [meetup.jwt]; or set GATHERD_MEETUP_ACCESS_TOKEN for a trial
    3: meetup.endpoint is not https, which only loopback may do without | write an https address (http only for loopback), or leave the key out
    4: meetup.points_per_minute is a text, not a whole number | write a whole number
    6: network.urlname is not a urlname: https://www.meetup.com/find/?keywords=acme | write the page's address, or the last part of it: for https://www.meetup.com/acme-berlin/ that is acme-berlin
    8: target.every_months is 5 | write a whole number from 1 to 4
    10: metrics.target_share is 1.5 | write a share above 0 and up to 1, such as 0.75
    12: schedule.timezone is Europe/Berlni, which is no time zone | did you mean Europe/Berlin?
    13: schedule.poll is "* * * * * *", which falls due every second | write five fields (minute, hour, day of month, month, weekday), such as "0 8 * * 1" for Mondays at 8
    14: schedule.sweep is "0 3 * *", which has 4 fields instead of 5 (or 6 with seconds) | write five fields (minute, hour, day of month, month, weekday), such as "0 8 * * 1" for Mondays at 8
    15: schedule.digest is "0 8 * * 9", which has a weekday that is none: 9 | write five fields (minute, hour, day of month, month, weekday), such as "0 8 * * 1" for Mondays at 8
    17: alerts.kinds holds "leaderles", which is not known | did you mean leaderless?
    18: channel.ops.url is missing | write url_file, or set GATHERD_CHANNEL_OPS_URL
    21: channel.ops.url is missing | write url_file, or set GATHERD_CHANNEL_OPS_URL
    22: channel.ops.name is ops, like that of another channel | give each channel its own name
    24: channel.name is missing | write name = "...", by which commands call this channel
    25: channel.kind is slak | did you mean slack?
    26: channel.url is not https, which only loopback may do without | write the https address that the service gave you
    27: channel.sends holds "digests", which is not known | did you mean digest?
    29: http.listen is 0.0.0.0:8787, which others can reach without a token | add [[http.user]] with name and token_file for each who may look, or listen on 127.0.0.1 alone
    "#);
    assert!(!told.join("").contains("very-secret"));
}

#[test]
fn an_address_becomes_its_urlname_wherever_one_is_asked_for() {
    let text = r#"
[[network]]
urlname = "https://www.meetup.com/pro/acme/"
[[group]]
urlname = "https://www.meetup.com/de-DE/acme-berlin/events/123/?x#y"
[[group]]
urlname = "meetup.com/acme-oslo/"
[[target]]
group = "https://www.meetup.com/acme-oslo"
every_months = 2
[[channel]]
name = "ops"
kind = "slack"
url = "https://hooks.example.com/x"
groups = ["www.meetup.com/acme-berlin/", "acme-oslo"]
memory = "own"
"#;
    let config = load(text, &[], Need::Database).unwrap();
    assert_eq!(config.networks, ["acme"]);
    assert_eq!(config.groups, ["acme-berlin", "acme-oslo"]);
    assert_eq!(config.targets[0].group.as_deref(), Some("acme-oslo"));
    assert_eq!(
        config.channels[0].access.groups,
        ["acme-berlin", "acme-oslo"]
    );
    assert_eq!(config.channels[0].memory, Memory::Own);
    let twice = "[[group]]\nurlname = \"acme\"\n[[group]]\nurlname = \"meetup.com/acme/\"\n";
    let told = told(load(twice, &[], Need::Database));
    assert_eq!(told.len(), 1, "{told:?}");
}

#[test]
fn a_syntax_error_names_its_line_and_column_and_every_one_of_them_its_remedy() {
    let wrong = "database = gatherd.db\n[meetup]\nclient_id = \"é\" x\n";
    let told = told(load(wrong, &[], Need::Database));
    assert!(
        told[0].starts_with("1: is not TOML, at column 12: "),
        "{told:?}"
    );
    assert!(
        told[1].starts_with("3: is not TOML, at column 17: "),
        "{told:?}"
    );
}

#[test]
fn a_staff_id_is_any_simple_text_and_nothing_else() {
    let ids = |list: &str| {
        let toml = format!("[staff]\nmember_ids = [{list}]\n");
        load(&toml, &[], Need::Database)
    };
    let staff = ids("\"1001\", \"abc-def_1\", \"Ab.3:x\"")
        .unwrap()
        .staff
        .unwrap();
    let staff: Vec<&str> = staff.iter().map(|id| id.as_str()).collect();
    assert_eq!(staff, ["1001", "abc-def_1", "Ab.3:x"]);
    for wrong in ["\"\"", "\"a b\"", "\"x!\"", "\"é\"", "\" \""] {
        assert!(ids(wrong).is_err(), "{wrong}");
    }
}

const NETWORK: &str = "[[network]]\nurlname = \"acme\"\n";

#[test]
fn exactly_one_kind_of_sign_in_is_needed_to_ask_meetup() {
    let none = told(load(NETWORK, &[], Need::Meetup));
    assert!(
        none.len() == 1 && none[0].contains("meetup.sign-in is missing"),
        "{none:?}"
    );
    assert!(load(NETWORK, &[], Need::Database).is_ok());

    let token = load(
        NETWORK,
        &[("GATHERD_MEETUP_ACCESS_TOKEN", "abc")],
        Need::Meetup,
    )
    .unwrap();
    let Some(SignIn::AccessToken(secret)) = token.meetup.sign_in else {
        panic!("an access token")
    };
    assert_eq!(secret.expose_secret(), "abc");

    let refresh = format!(
        "[meetup]\nclient_id = \"id\"\nclient_secret = \"s\"\nrefresh_token = \"r\"\n{NETWORK}"
    );
    let config = load(&refresh, &[], Need::Meetup).unwrap();
    assert!(matches!(
        config.meetup.sign_in,
        Some(SignIn::Refresh {
            refresh_token: Some(_),
            ..
        })
    ));

    let both = told(load(
        &refresh,
        &[("GATHERD_MEETUP_ACCESS_TOKEN", "abc")],
        Need::Meetup,
    ));
    assert!(
        both[0].contains("has several kinds: access_token, client_secret with refresh_token"),
        "{both:?}"
    );

    let half = told(load(
        &format!("[meetup]\nclient_id = \"id\"\n{NETWORK}"),
        &[],
        Need::Meetup,
    ));
    assert!(
        half[0].contains("meetup.client_secret is missing"),
        "{half:?}"
    );

    let jwt = told(load(
        &format!("[meetup.jwt]\nmember_id = 7\n{NETWORK}"),
        &[],
        Need::Meetup,
    ));
    assert_eq!(jwt.len(), 3, "{jwt:?}");
}

#[test]
fn a_signing_key_is_read_from_its_file() {
    let directory = TempDir::new().unwrap();
    std::fs::write(
        directory.path().join("key.pem"),
        "-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----\n",
    )
    .unwrap();
    let text = format!(
        "[meetup]\nclient_id = \"id\"\n[meetup.jwt]\nsigning_key_id = \"k\"\nmember_id = 7\nprivate_key_file = \"key.pem\"\n{NETWORK}"
    );
    let config = load_in(&directory, &text, &[], Need::Meetup).unwrap();
    assert!(
        matches!(config.meetup.sign_in, Some(SignIn::Jwt { member_id, .. }) if member_id == "7")
    );
}

#[test]
fn without_network_or_group_there_is_nothing_to_ask() {
    let told = told(load(
        "",
        &[("GATHERD_MEETUP_ACCESS_TOKEN", "abc")],
        Need::Meetup,
    ));
    assert!(
        told.len() == 1 && told[0].contains("network is missing"),
        "{told:?}"
    );
}

#[test]
fn a_missing_default_file_means_defaults_and_a_named_one_is_missed() {
    let named = Overrides {
        config: Some(PathBuf::from("/nonexistent/gatherd.toml")),
        database: None,
    };
    let problems = Config::load(&named, &|_| None, Need::Database).unwrap_err();
    assert!(
        problems.to_string().contains("the file does not exist"),
        "{problems}"
    );
    let by_variable =
        |name: &str| (name == "GATHERD_CONFIG").then(|| "/nonexistent/other.toml".to_owned());
    let problems = Config::load(&Overrides::default(), &by_variable, Need::Database).unwrap_err();
    assert!(
        problems.to_string().contains("/nonexistent/other.toml"),
        "{problems}"
    );
    assert!(Config::load(&Overrides::default(), &|_| None, Need::Database).is_ok());
}

#[test]
fn command_line_wins_over_variable_over_file_over_default() {
    let directory = TempDir::new().unwrap();
    let in_file = load_in(&directory, "database = \"a.db\"", &[], Need::Database).unwrap();
    assert_eq!(in_file.database, directory.path().join("a.db"));
    let by_variable = load_in(
        &directory,
        "database = \"a.db\"",
        &[("GATHERD_DATABASE", "b.db")],
        Need::Database,
    )
    .unwrap();
    assert_eq!(by_variable.database, PathBuf::from("b.db"));
    let overrides = Overrides {
        config: Some(directory.path().join("gatherd.toml")),
        database: Some(PathBuf::from("c.db")),
    };
    let config = Config::load(
        &overrides,
        &|name| (name == "GATHERD_DATABASE").then(|| "b.db".into()),
        Need::Database,
    )
    .unwrap();
    assert_eq!(config.database, PathBuf::from("c.db"));
}

#[test]
fn endpoints_may_come_from_the_environment() {
    let variables = [
        ("GATHERD_MEETUP_ENDPOINT", "http://127.0.0.1:4000/gql"),
        (
            "GATHERD_MEETUP_TOKEN_ENDPOINT",
            "http://localhost:4000/token",
        ),
    ];
    let config = load("", &variables, Need::Database).unwrap();
    assert_eq!(config.meetup.endpoint.as_str(), "http://127.0.0.1:4000/gql");
    assert_eq!(
        config.meetup.token_endpoint.as_str(),
        "http://localhost:4000/token"
    );
    let told = told(load(
        "",
        &[("GATHERD_MEETUP_ENDPOINT", "http://evil.example/")],
        Need::Database,
    ));
    assert!(
        told[0].contains("GATHERD_MEETUP_ENDPOINT is not https"),
        "{told:?}"
    );
}

#[test]
fn a_target_for_a_group_that_is_not_configured_is_a_problem_only_without_networks() {
    let text = "[[group]]\nurlname = \"acme-berlin\"\n[[target]]\ngroup = \"acme-berln\"\nevery_months = 2\n";
    let told = told(load(text, &[], Need::Database));
    assert!(told[0].contains("did you mean acme-berlin?"), "{told:?}");
    assert!(load(&format!("{NETWORK}{text}"), &[], Need::Database).is_ok());
}

#[test]
fn pages_beyond_loopback_need_a_token() {
    let text = "[http]\nlisten = \"0.0.0.0:8787\"\n";
    assert!(told(load(text, &[], Need::Database))[0].contains("without a token"));
    assert!(load(text, &[("GATHERD_HTTP_TOKEN", "t")], Need::Database).is_ok());
}

/// A certificate that signs itself, as a company's own authority does.
const CA: &str = include_str!("../data/company-ca.pem");

#[test]
fn backups_need_a_folder_and_have_a_number_and_a_time_unless_written() {
    assert!(load("", &[], Need::Database).unwrap().backup.is_none());
    let place = TempDir::new().unwrap();
    let config = load_in(&place, "[backup]\ndir = \"copies\"\n", &[], Need::Database);
    let backup = config.unwrap().backup.unwrap();
    assert_eq!(backup.dir, place.path().join("copies"));
    assert_eq!((backup.keep, backup.schedule.text()), (7, "30 2 * * *"));
    let wrong = "[backup]\nkeep = 0\nschedule = \"nightly\"\nfolder = \"x\"\n";
    let told = told(load(wrong, &[], Need::Database));
    let begins = [
        "1: backup.dir is missing",
        "2: backup.keep is 0",
        "3: backup.schedule is \"nightly\"",
        "4: backup.folder is not a known key",
    ];
    assert_eq!(told.len(), begins.len(), "{told:?}");
    for (told, begins) in told.iter().zip(begins) {
        assert!(told.starts_with(begins), "{told}");
    }
}
