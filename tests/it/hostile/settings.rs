//! The configuration, and the texts of dates and durations in it and on the command line.

use super::{TEXTS, injected, seed, tries};
use gatherd::config::{Config, Line, Need, Overrides};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use std::path::Path;

fn shipped() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/gatherd.toml");
    let text = std::fs::read_to_string(path).unwrap();
    // Its commented keys as well.
    text.lines()
        .map(|line| {
            line.strip_prefix('#')
                .filter(|rest| rest.contains('='))
                .unwrap_or(line)
        })
        .collect::<Vec<_>>()
        .join("\n")
}

/// Reads it, or tells every problem in a line that a terminal may show.
fn is_read_or_told(text: &str) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("gatherd.toml");
    std::fs::write(&file, text).unwrap();
    let overrides = Overrides {
        config: Some(file),
        database: None,
    };
    for need in [Need::Database, Need::Meetup] {
        if let Err(problems) = Config::load(&overrides, &|_| None, need) {
            let told = problems.to_string();
            assert!(!told.is_empty());
            assert_eq!(injected(&told), None, "{told:?} of {text:?}");
            assert!(
                told.len() < 200_000,
                "{} bytes for {}",
                told.len(),
                text.len()
            );
        }
    }
}

/// One edit of a text: a place, how much goes, what comes.
fn edited(text: &str, edits: &[(usize, usize, String)]) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for (at, gone, come) in edits {
        let at = at % (chars.len() + 1);
        let end = (at + gone).min(chars.len());
        chars.splice(at..end, come.chars());
    }
    chars.into_iter().collect()
}

fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,12}",
        any::<String>(),
        proptest::sample::select(TEXTS).prop_map(str::to_owned),
        proptest::sample::select(vec![
            "[[",
            "]]",
            "=",
            "\"",
            "\"\"\"",
            "{",
            "inf",
            "-9223372036854775809",
            "0x",
            "\n[meetup]\n",
            "1979-05-27"
        ])
        .prop_map(str::to_owned),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: tries(150) as u32, failure_persistence: None, rng_seed: RngSeed::Fixed(seed()), ..ProptestConfig::default() })]

    #[test]
    fn any_edit_of_the_configuration_is_read_or_told(
        edits in proptest::collection::vec((any::<usize>(), 0..40_usize, piece()), 1..5)
    ) {
        is_read_or_told(&edited(&shipped(), &edits));
    }

    #[test]
    fn any_text_as_a_value_is_read_or_told(value in piece(), place in 0..9_usize) {
        let key = [
            "database = ", "[schedule]\npoll = ", "[schedule]\ntimezone = ", "[meetup]\nendpoint = ",
            "[meetup]\npoints_per_minute = ", "[[network]]\nurlname = ", "[[group]]\nurlname = ",
            "[[channel]]\nkind = \"slack\"\nurl = \"https://x/\"\nname = ", "[[target]]\nevery_months = 1\ngroup = ",
        ][place];
        is_read_or_told(&format!("{key}{}", toml::Value::String(value.clone())));
        is_read_or_told(&format!("{key}{value}"));
    }

    #[test]
    fn any_cron_line_is_read_or_told(line in prop_oneof![
        "[0-9*/,\\-LW#? ]{0,40}", "([0-9*]{1,3}(/[0-9]{1,20})? ){4,6}[0-9A-Za-z*,-]{1,9}", any::<String>()
    ]) {
        if let Ok(line) = Line::parse(&line) {
            let wall = chrono::NaiveDate::from_ymd_opt(2026, 2, 28).unwrap().and_hms_opt(23, 59, 59).unwrap();
            let _ = (line.after(wall), line.shortest_gap(), line.is_hourly());
        }
    }
}

#[test]
fn settings_too_deep_or_too_large_are_told() {
    for text in [
        format!("a = {}{}", "[".repeat(100_000), "]".repeat(100_000)),
        format!("a = {}1{}", "{b=".repeat(50_000), "}".repeat(50_000)),
        format!("{} = 1", vec!["a"; 50_000].join(".")),
        format!("database = \"{}\"", "x".repeat(500_000)),
        "[[network]]\nurlname = \"x\"\n".repeat(1_000),
        "\u{0}".repeat(1_000),
    ] {
        is_read_or_told(&text);
    }
}
