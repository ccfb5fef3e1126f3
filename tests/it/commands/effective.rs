//! The configuration as it counts, and where each value came from.

use crate::program::Program;
use serde_json::Value;

fn settings(program: &Program, args: &[&str]) -> Vec<Value> {
    let args = [&["config", "--format", "json"], args].concat();
    let shown: Value = serde_json::from_str(&program.run(&args).exits(0).out).unwrap();
    shown["settings"].as_array().unwrap().clone()
}

fn of(settings: &[Value], key: &str) -> (Value, String) {
    let found = settings.iter().find(|it| it["key"] == key);
    let found = found.unwrap_or_else(|| panic!("no {key} in {settings:?}"));
    let from = found["from"].as_str().unwrap().to_owned();
    (found["value"].clone(), from)
}

#[test]
fn each_value_is_told_with_where_it_came_from_and_secrets_only_as_set() {
    let mut program = Program::small(895).without_token();
    std::fs::write(program.path("ops_url"), "https://hooks.example/hidden-1\n").unwrap();
    program.configure(
        "[meetup]\naccess_token = \"hidden-2\"\npage_size = 100\nmax_concurrency = 4\n\
         [[network]]\nurlname = \"https://www.meetup.com/pro/acme/\"\n[[network]]\nurlname = \"two\"\n\
         [[channel]]\nname = \"ops\"\nkind = \"slack\"\nurl_file = \"ops_url\"\ncountries = [\"DE\", \"at\"]\n",
    );
    program
        .env
        .push(("GATHERD_HTTP_LISTEN".into(), "127.0.0.1:9999".into()));
    program.env.push((
        "GATHERD_HEARTBEAT_URL".into(),
        "https://watch.example/hidden-3".into(),
    ));
    let found = settings(&program, &["--database", "other.db"]);
    for (key, value, from) in [
        (
            "database",
            Value::from("\"other.db\""),
            "command line, --database",
        ),
        ("meetup.access_token", Value::Null, "gatherd.toml, line 2"),
        (
            "meetup.page_size",
            Value::from("100"),
            "gatherd.toml, line 3",
        ),
        ("meetup.points_per_minute", Value::from("450"), "default"),
        ("channel.ops.url", Value::Null, "ops_url"),
        (
            "channel.ops.url_file",
            Value::from("\"ops_url\""),
            "gatherd.toml, line 12",
        ),
        (
            "channel.ops.countries",
            Value::from("[\"DE\", \"at\"]"),
            "gatherd.toml, line 13",
        ),
        ("channel.ops.sends", Value::from("[\"digest\"]"), "default"),
        (
            "http.listen",
            Value::from("\"127.0.0.1:9999\""),
            "environment, GATHERD_HTTP_LISTEN",
        ),
        (
            "heartbeat.url",
            Value::Null,
            "environment, GATHERD_HEARTBEAT_URL",
        ),
        ("schedule.digest", Value::from("\"0 8 * * 1\""), "default"),
    ] {
        assert_eq!(of(&found, key), (value, from.to_owned()), "{key}");
    }
    let networks = found.iter().filter(|it| it["key"] == "network.urlname");
    assert_eq!(networks.count(), 2);
    let table = program.run(&["config"]).exits(0);
    assert!(!table.said().contains("hidden"), "{}", table.said());
    // One line a key, and the last column is where it came from.
    let lines: Vec<&str> = table.out.lines().collect();
    assert_eq!(lines.len(), found.len());
    for (line, it) in lines.iter().zip(settings(&program, &[])) {
        assert!(line.starts_with(it["key"].as_str().unwrap()), "{line}");
        assert!(line.ends_with(it["from"].as_str().unwrap()), "{line}");
    }
}

#[test]
fn the_defaults_shown_are_those_that_the_shipped_file_writes() {
    let mut program = Program::small(896);
    program
        .env
        .retain(|(name, _)| name != "GATHERD_HTTP_LISTEN");
    program.configure("[[network]]\nurlname = \"acme\"\n");
    let found = settings(&program, &[]);
    let text = include_str!("../../../config/gatherd.toml");
    let shipped: toml::Table = text.parse().unwrap();
    let mut compared = 0;
    let mut compare = |key: String, value: &toml::Value| {
        let environment = ["meetup.endpoint", "meetup.token_endpoint"];
        // An empty list is as if it were not written.
        let is_empty = value.as_array().is_some_and(Vec::is_empty);
        if is_empty || key == "schedule.timezone" || environment.contains(&key.as_str()) {
            return;
        }
        let (shown, from) = of(&found, &key);
        assert_eq!(from, "default", "{key}");
        assert_eq!(shown, Value::from(value.to_string()), "{key}");
        compared += 1;
    };
    for (name, value) in &shipped {
        match value {
            toml::Value::Table(section) => {
                for (key, value) in section {
                    compare(format!("{name}.{key}"), value);
                }
            }
            value => compare(name.clone(), value),
        }
    }
    assert!(compared > 10, "{compared}");
}

#[test]
fn a_configuration_that_will_not_do_is_told_whole() {
    let program = Program::small(897);
    program.configure("[meetup]\npage_sice = 3\n[schedule]\npoll = \"never\"\n");
    program
        .run(&["config"])
        .exits(5)
        .says(&["did you mean page_size?", "schedule.poll"]);
}
