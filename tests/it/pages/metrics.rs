//! What Prometheus reads is what the database holds and `status` says.

use super::Site;
use crate::program::{Program, database_of, until};
use gatherd::demo::{Receiver, Reply, Rights, TRIAL_TOKEN};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

type Samples = BTreeMap<String, f64>;

/// The samples of a scrape, each by its name with its labels.
fn samples(text: &str) -> Samples {
    let mut found = Samples::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (name, value) = line.rsplit_once(' ').expect(line);
        let is_new = found
            .insert(name.to_owned(), value.parse().expect(line))
            .is_none();
        assert!(is_new, "{name} stands there twice");
    }
    found
}

fn scrape(site: &Site) -> Samples {
    let answer = site.get("/metrics");
    assert_eq!(answer.status, 200, "{}", answer.body);
    samples(&answer.body)
}

/// Those of a metric, each by its labels as they stand there.
fn of<'a>(all: &'a Samples, name: &str) -> BTreeMap<&'a str, f64> {
    let own = all.iter().filter_map(|(it, value)| {
        let labels = it.strip_prefix(name)?;
        let is_it = labels.is_empty() || labels.starts_with('{');
        is_it.then_some((labels, *value))
    });
    own.collect()
}

/// Rows of `labels..., value` as a metric with these labels would tell them.
fn told(program: &Program, name: &str, labels: &[&str], sql: &str) -> Samples {
    let rows = program.rows(sql).into_iter().map(|row| {
        let mut words: Vec<&str> = row.split('|').collect();
        let value = words.pop().unwrap().parse().unwrap();
        let pairs = labels.iter().zip(words);
        let pairs: Vec<String> = pairs
            .map(|(label, it)| format!("{label}=\"{it}\""))
            .collect();
        match pairs.is_empty() {
            true => (name.to_owned(), value),
            false => (format!("{name}{{{}}}", pairs.join(",")), value),
        }
    });
    rows.collect()
}

/// A small network whose daemon looks every ten seconds; with one channel, if it has an address.
fn often_read(seed: u64, channel: Option<&str>) -> Program {
    let program = Program::small(seed);
    let channel = channel.map_or_else(String::new, |url| {
        format!("[[channel]]\nname = \"ops\"\nkind = \"slack\"\nurl = \"{url}\"\n")
    });
    program.configure(&format!(
        "{}[[network]]\nurlname = \"sized\"\n[schedule]\npoll = \"*/10 * * * * *\"\n{channel}",
        program.meetup_section("")
    ));
    program.run(&["backfill"]).exits(0);
    program
}

fn status(program: &Program) -> Value {
    serde_json::from_str(&program.run(&["status", "--json"]).exits(0).out).unwrap()
}

fn seconds(instant: &Value) -> f64 {
    let instant = chrono::DateTime::parse_from_rfc3339(instant.as_str().unwrap());
    instant.unwrap().timestamp() as f64
}

const PASSES: [(&str, &str); 5] = [
    ("gatherd_passes_total", "count(*)"),
    ("gatherd_pass_requests_total", "sum(requests)"),
    ("gatherd_pass_points_total", "sum(points)"),
    ("gatherd_pass_rows_changed_total", "sum(rows_changed)"),
    (
        "gatherd_pass_duration_seconds_total",
        "sum(finished_at - started_at)",
    ),
];

/// What the rows of the database say now, of what does not change by the second.
fn in_rows(program: &Program, first_question: &str) -> Samples {
    let mut all = Samples::new();
    for (name, figure) in PASSES {
        let sql = format!(
            "SELECT kind, outcome, {figure} FROM pass_row WHERE outcome IS NOT NULL GROUP BY 1, 2"
        );
        all.extend(told(program, name, &["kind", "outcome"], &sql));
    }
    for table in [
        "networks",
        "groups",
        "events",
        "venues",
        "members",
        "memberships",
        "deliveries",
        "rsvp_changes",
        "rsvps",
    ] {
        let sql = format!("SELECT '{table}', count(*) FROM {table}");
        all.extend(told(program, "gatherd_rows", &["table"], &sql));
    }
    let one = |name: &str, sql: &str| told(program, name, &[], sql);
    all.extend(one(
        "gatherd_groups_sponsored",
        "SELECT count(*) FROM groups WHERE gone_at IS NULL",
    ));
    all.extend(one(
        "gatherd_groups_incomplete",
        "SELECT count(*) FROM groups WHERE gone_at IS NULL AND history_complete = 0",
    ));
    all.extend(one(
        "gatherd_work_units",
        "SELECT count(*) FROM unit_row WHERE state = 'due'",
    ));
    all.extend(one(
        "gatherd_pass_last_good_timestamp_seconds",
        "SELECT max(finished_at) FROM pass_row WHERE is_good = 1",
    ));
    all.extend(told(
        program,
        "gatherd_deliveries",
        &["channel", "state"],
        "SELECT channel, state, count(*) FROM deliveries GROUP BY 1, 2",
    ));
    all.extend(one(
        "gatherd_meetup_points_total",
        &format!("SELECT coalesce(sum(fields), 0) FROM budget_row WHERE id > {first_question}"),
    ));
    all.extend(told(
        program,
        "gatherd_meetup_points_used",
        &["window"],
        "SELECT '24h', sum(points) FROM budget_row",
    ));
    all
}

#[test]
fn every_figure_is_what_the_rows_of_the_database_say() {
    let receiver = Receiver::start().unwrap();
    let program = often_read(880, Some(&receiver.url("/hook")));
    program.run(&["report", "--send", "ops"]).exits(0);
    let asked = program.rows("SELECT max(id) FROM budget_row").remove(0);
    let site = Site::on(program, "");
    site.waits_for_figures();
    until("the scrape says what the rows say", || {
        let expected = in_rows(&site.program, &asked);
        let scraped = scrape(&site);
        let differs = |(name, value): &(&String, &f64)| scraped.get(*name) != Some(*value);
        expected.iter().find(differs).is_none()
    });
    // What was asked of Meetup, by operation, whatever came of it.
    let by_operation = "SELECT operation, count(*) FROM budget_row WHERE id > ";
    until("each question is counted once", || {
        let sql = format!("{by_operation}{asked} GROUP BY 1");
        let rows = told(&site.program, "", &["operation"], &sql);
        let scraped = scrape(&site);
        let mut counted = Samples::new();
        for (labels, n) in of(&scraped, "gatherd_meetup_requests_total") {
            let operation = labels.split(",outcome").next().unwrap();
            *counted.entry(format!("{operation}}}")).or_default() += n;
        }
        counted == rows && !rows.is_empty()
    });
    // Messages in states that none is in are there with 0, so that a first one is seen to come.
    let scraped = scrape(&site);
    let deliveries = of(&scraped, "gatherd_deliveries");
    assert_eq!(deliveries["{channel=\"ops\",state=\"sent\"}"], 1.0);
    assert_eq!(deliveries["{channel=\"ops\",state=\"dead\"}"], 0.0);
    assert_eq!(scraped["gatherd_undelivered_age_seconds"], 0.0);
    let main = std::fs::metadata(site.program.path("gatherd.db")).unwrap();
    assert_eq!(
        scraped["gatherd_database_bytes{file=\"main\"}"],
        main.len() as f64
    );
    assert!(scraped["gatherd_database_free_bytes"] > 0.0);
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(
        scraped[&format!("gatherd_build_info{{version=\"{version}\"}}")],
        1.0
    );
    // And of persons there is nothing.
    let body = site.get("/metrics").body;
    let names = site
        .program
        .rows("SELECT name FROM members WHERE length(name) > 3");
    assert!(!names.is_empty());
    for name in names {
        assert!(!body.contains(&name), "{name}");
    }
}

#[test]
fn every_figure_is_what_status_and_the_report_say() {
    let site = Site::small(881);
    until("status and the scrape agree", || {
        let (scraped, status) = (scrape(&site), status(&site.program));
        let number = |key: &str| status[key].as_f64().unwrap();
        let open = status["undelivered"]["open"].as_f64().unwrap();
        let is_running = !status["running"].is_null();
        let network = &status["networks"][0];
        [
            (
                "gatherd_ready",
                f64::from(u8::from(status["is_well"] == true)),
            ),
            (
                "gatherd_troubles",
                status["reasons"].as_array().unwrap().len() as f64,
            ),
            (
                "gatherd_sign_in_needed",
                f64::from(u8::from(status["needs_sign_in"] == true)),
            ),
            ("gatherd_groups_sponsored", number("groups")),
            ("gatherd_groups_incomplete", number("incomplete_groups")),
            ("gatherd_work_units", number("units_left")),
            ("gatherd_pass_running", f64::from(u8::from(is_running))),
            (
                "gatherd_pass_last_good_timestamp_seconds",
                seconds(&status["last_good_pass_at"]),
            ),
            (
                "gatherd_meetup_points_used{window=\"60s\"}",
                number("points_last_minute"),
            ),
            (
                "gatherd_meetup_points_used{window=\"24h\"}",
                number("points_last_day"),
            ),
            ("gatherd_meetup_points_limit{window=\"60s\"}", 100_000.0),
            (
                "gatherd_network_read_timestamp_seconds{network=\"sized\"}",
                seconds(&network["read_at"]),
            ),
            ("gatherd_network_unread{network=\"sized\"}", 0.0),
            ("gatherd_undelivered_age_seconds", open),
        ]
        .into_iter()
        .all(|(name, value)| scraped[name] == value)
    });
    until("the report and the scrape agree", || {
        let scraped = scrape(&site);
        let report: Value = serde_json::from_str(&site.get("/api/report").body).unwrap();
        let mut statuses: BTreeMap<String, f64> = BTreeMap::new();
        for group in report["groups"].as_array().unwrap() {
            let status = group["status"].as_str().unwrap_or("unknown");
            *statuses
                .entry(format!("{{status=\"{status}\"}}"))
                .or_default() += 1.0;
        }
        let mut shown = of(&scraped, "gatherd_groups");
        shown.retain(|_, n| *n > 0.0);
        let fresh = &report["freshness"];
        let unread = fresh["unread_groups"].as_array().unwrap().len();
        let oldest = "gatherd_groups_oldest_read_timestamp_seconds";
        shown
            .into_iter()
            .eq(statuses.iter().map(|(word, n)| (word.as_str(), *n)))
            && scraped["gatherd_groups_unread"] == unread as f64
            && scraped[oldest] == seconds(&fresh["oldest_read_at"])
            && scraped["gatherd_figures_timestamp_seconds"] == seconds(&report["as_of"])
    });
    // Each lane moved within the minute before.
    let scraped = scrape(&site);
    let lanes = of(&scraped, "gatherd_lane_moved_timestamp_seconds");
    assert!(lanes.contains_key("{lane=\"asking\"}"), "{lanes:?}");
    let now = chrono::Utc::now().timestamp() as f64;
    assert!(
        lanes.values().all(|at| (now - at).abs() < 120.0),
        "{lanes:?}"
    );
}

#[test]
fn what_fails_shows_and_goes_when_it_is_well_again() {
    let receiver = Receiver::start().unwrap();
    let program = often_read(882, Some(&receiver.url("/hook")));
    receiver.reply([Reply::Status(404, "no_service".into())]);
    program.run(&["report", "--send", "ops"]).exits(3);
    program.sim.allow_token(TRIAL_TOKEN, Rights::NoNetwork);
    let site = Site::on(program, "");
    let fails = "gatherd_failures{of=\"network\",kind=\"not_visible\"}";
    until("the failure shows", || scrape(&site)[fails] == 1.0);
    let scraped = scrape(&site);
    assert_eq!(scraped["gatherd_network_unread{network=\"sized\"}"], 1.0);
    assert_eq!(
        scraped["gatherd_groups_unread"],
        scraped["gatherd_groups_sponsored"]
    );
    assert_eq!(scraped["gatherd_channel_given_up{channel=\"ops\"}"], 1.0);
    assert_eq!(
        scraped["gatherd_deliveries{channel=\"ops\",state=\"dead\"}"],
        1.0
    );
    assert_eq!(scraped["gatherd_ready"], 0.0);
    assert!(scraped["gatherd_troubles"] >= 1.0);
    site.program.sim.allow_token(TRIAL_TOKEN, Rights::Network);
    until("it is gone", || scrape(&site)[fails] == 0.0);
    assert_eq!(
        scrape(&site)["gatherd_network_unread{network=\"sized\"}"],
        0.0
    );
    site.program.run(&["deliveries", "drop", "all"]).exits(0);
    until("all is well", || scrape(&site)["gatherd_ready"] == 1.0);
}

#[test]
fn two_scrapes_differ_by_the_passes_between_them_and_never_fall_when_old_ones_are_dropped() {
    let program = often_read(883, None);
    database_of(
        &program.path("gatherd.db"),
        "INSERT INTO pass_row (id, kind, started_at, finished_at, outcome, requests, points, rows_changed)
         VALUES (-1, 'sweep', unixepoch() - 500 * 86400, unixepoch() - 500 * 86400 + 30, 'partly', 7, 8, 9)",
    );
    let site = Site::on(program, "");
    let ended = |it: &Samples| of(it, PASSES[0].0).values().sum::<f64>();
    let first = scrape(&site);
    until("two passes ended", || {
        ended(&scrape(&site)) >= ended(&first) + 2.0
    });
    let second = scrape(&site);
    // The oldest are the first ones, whichever are there by now.
    let dropped = 1;
    let from = ended(&first) as i64 - dropped;
    let count = (ended(&second) - ended(&first)) as i64;
    for (name, figure) in PASSES {
        let sql = format!(
            "SELECT kind, outcome, {figure} FROM (SELECT * FROM pass_row WHERE outcome IS NOT NULL AND id > 0 ORDER BY id LIMIT {count} OFFSET {from})
             GROUP BY 1, 2"
        );
        let between = told(&site.program, name, &["kind", "outcome"], &sql);
        for (labels, after) in of(&second, name) {
            let name = format!("{name}{labels}");
            let more = between.get(&name).copied().unwrap_or(0.0);
            assert_eq!(after - first[&name], more, "{name}");
        }
    }
    assert_eq!(
        site.program
            .rows("SELECT count(*) FROM pass_row WHERE id < 0"),
        ["0"]
    );
    let old =
        PASSES.map(|(name, _)| second[&format!("{name}{{kind=\"sweep\",outcome=\"partly\"}}")]);
    assert_eq!(old, [1.0, 7.0, 8.0, 9.0, 30.0]);
}

#[test]
fn a_hostile_name_stays_one_label() {
    let program = Program::small(884);
    program.run(&["backfill"]).exits(0);
    database_of(
        &program.path("gatherd.db"),
        "INSERT INTO report_row (id, kind, period, as_of, created_at) VALUES (77, 'test', 'x', 0, 0);
         INSERT INTO delivery_row (report, channel, kind, period, state, created_at)
         VALUES (77, 'a\"} 5' || char(10) || 'gatherd_ready 7' || char(13, 10) || '\\', 'test', 'x', 'sent', 0)",
    );
    let site = Site::on(program, "");
    let body = site.get("/metrics").body;
    let line =
        "gatherd_deliveries{channel=\"a\\\"} 5\\ngatherd_ready 7\\\\r\\n\\\\\",state=\"sent\"} 1";
    assert!(body.lines().any(|it| it == line), "{body}");
    assert_eq!(samples(&body)["gatherd_ready"], 1.0);
}

#[test]
fn whoever_sees_all_groups_reads_it_with_a_token_and_nobody_else() {
    let users = "[[http.user]]\nname = \"prometheus\"\ntoken = \"prometheus-token-0123\"\n\
                 [[http.user]]\nname = \"lead\"\ntoken = \"lead-token-0123456789\"\ncountries = [\"DE\"]\n";
    let site = Site::on(Program::small(885), users);
    let with = |token: &str| {
        let bearer = format!("Bearer {token}");
        site.ask("GET", "/metrics", &[("Authorization", &bearer)], "")
    };
    let all = with("prometheus-token-0123");
    assert_eq!(all.status, 200);
    assert_eq!(
        all.header("content-type"),
        ["text/plain; version=0.0.4; charset=utf-8"]
    );
    let narrowed = with("lead-token-0123456789");
    assert_eq!(narrowed.status, 403);
    for refused in [
        narrowed,
        with("another-token-0123456789"),
        site.get("/metrics"),
    ] {
        assert!([401, 403].contains(&refused.status));
        assert!(!refused.body.contains("gatherd_"), "{}", refused.body);
    }
    assert_eq!(site.get("/metrics").status, 401);
}

#[test]
fn every_metric_is_described_and_nothing_else_is() {
    let receiver = Receiver::start().unwrap();
    let program = often_read(886, Some(&receiver.url("/hook")));
    let site = Site::on(program, "");
    site.waits_for_figures();
    until("Meetup was asked and the rows are counted", || {
        let body = site.get("/metrics").body;
        ["gatherd_meetup_requests_total{", "gatherd_rows{"]
            .iter()
            .all(|it| body.contains(it))
    });
    let body = site.get("/metrics").body;
    let types = body.lines().filter_map(|it| it.strip_prefix("# TYPE "));
    let there: BTreeSet<&str> = types.map(|it| it.split(' ').next().unwrap()).collect();
    let page = std::fs::read_to_string(
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/operating.md"),
    );
    let page = page.unwrap();
    let rows = page.lines().filter_map(|it| it.strip_prefix("| `gatherd_"));
    let described: BTreeSet<String> = rows
        .map(|it| format!("gatherd_{}", it.split(['`', '{']).next().unwrap()))
        .collect();
    let described: BTreeSet<&str> = described.iter().map(String::as_str).collect();
    assert_eq!(described, there);
}
