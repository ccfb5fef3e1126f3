//! Nothing decides by comparing sentences: words that decide are the variants of an enum, read once
//! where they come in. So a text written in the code is compared only where words come in.

use super::{Source, sources};
use std::fmt::Write as _;

/// Where words come in, and whose they are. A folder ends with a stroke.
const COMES_IN: &[(&str, &str)] = &[
    ("meetup/", "Meetup's answers, OAuth and HTTP"),
    ("demo/server/", "the simulated Meetup reads questions"),
    (
        "demo/world/founding.rs",
        "Meetup's words in the simulated one",
    ),
    ("deliver/courier.rs", "HTTP"),
    ("deliver/discord.rs", "Discord's answers"),
    ("deliver/webhook.rs", "how a secret is written"),
    ("client/", "HTTP"),
    ("community/contact.rs", "ids that people type"),
    ("web/badge.rs", "addresses"),
    ("web/entry.rs", "HTTP"),
    ("web/guard.rs", "HTTP"),
    ("web/login.rs", "HTTP"),
    ("web/prometheus/exposition.rs", "HTTP"),
    ("web/session.rs", "HTTP"),
    ("config/", "what people write"),
    ("cli/", "what people type"),
    ("import/", "what people hand in"),
    ("app/sign_in/redirect_listener.rs", "HTTP"),
    ("telemetry.rs", "the environment"),
    ("daemon/signals.rs", "what the system says of the process"),
    ("mirror/open.rs", "SQLite's own answers"),
    ("mirror/told.rs", "the word a cause had before"),
    ("mirror/failures.rs", "the words of its own column"),
    ("report/explain.rs", "keys of a document"),
    ("report/markdown.rs", "addresses"),
    ("report/text/block.rs", "addresses"),
];

/// How a text is compared with one that is written in the code.
const COMPARES: &[&str] = &[
    "== \"",
    "!= \"",
    "== Some(\"",
    "!= Some(\"",
    ".contains(\"",
    ".starts_with(\"",
    ".ends_with(\"",
    ".eq_ignore_ascii_case(\"",
    ".find(\"",
    ".strip_prefix(\"",
    ".strip_suffix(\"",
    ".trim_start_matches(\"",
    ".trim_end_matches(\"",
    "split_once(\"",
    "split(\"",
];

/// The lines that compare a text with words written in the code, tests left out.
fn compared(file: &Source) -> Vec<(usize, String)> {
    let code = file.code();
    let code = code.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = code.lines().enumerate();
    lines
        .filter(|(_, line)| {
            let line = line.trim();
            let by_call = COMPARES.iter().any(|it| {
                line.match_indices(it)
                    .any(|(at, _)| is_of_words(&line[at + it.len()..]))
            });
            let arm = line.strip_prefix("Some(").unwrap_or(line);
            let arm = arm.strip_prefix("| ").unwrap_or(arm);
            let by_arm = line.contains("=>") || line.starts_with('|') || line.ends_with(" |");
            by_call || (by_arm && arm.strip_prefix('"').is_some_and(is_of_words))
        })
        .map(|(number, line)| (number + 1, line.trim().to_owned()))
        .collect()
}

/// Whether what is written up to the next quotation mark is words rather than signs and digits.
fn is_of_words(rest: &str) -> bool {
    let written = rest.split('"').next().unwrap_or_default();
    written.contains(|c: char| c.is_ascii_alphabetic())
}

#[test]
fn words_are_compared_only_where_they_come_in() {
    let mut told = String::new();
    for file in sources() {
        let name = file.path.display().to_string();
        let is_listed = |(place, _): &(&str, &str)| match place.strip_suffix('/') {
            Some(folder) => file.path.starts_with(folder) || name == format!("{folder}.rs"),
            None => name == *place,
        };
        if COMES_IN.iter().any(is_listed) {
            continue;
        }
        for (number, line) in compared(&file) {
            let _ = writeln!(
                told,
                "{}:{number}: decides by a text, where an enum should: {line}",
                file.name()
            );
        }
    }
    assert!(told.is_empty(), "{told}");
}

#[test]
fn every_place_where_words_come_in_is_one_still() {
    for (place, whose) in COMES_IN {
        let has_some = sources().iter().any(|file| {
            file.path.display().to_string().starts_with(place) && !compared(file).is_empty()
        });
        assert!(has_some, "{place} ({whose}) compares no text any more");
    }
}

#[test]
fn every_way_to_decide_by_a_text_is_seen() {
    let seen = |text: &str| {
        let file = Source {
            path: "report/some.rs".into(),
            text: text.to_owned(),
        };
        !compared(&file).is_empty()
    };
    for decides in [
        "if status == \"PAID\" {",
        "why.as_deref() != Some(\"left\")",
        "Kind::Status if key.contains(\" tie \") => {",
        "match text.split_once(\", now \") {",
        "    \"GRACE\" => Reading::At(1),",
        "    \"DEAD\" | \"BLOCKED\" => 3,",
        "    Some(\"ACTIVE\") => 0,",
        "    | \"FAILED\" => 3,",
    ] {
        assert!(seen(decides), "{decides}");
    }
    for tells in [
        "Self::Quiet => \"quiet\",",
        "    Some(\"02\") => \"F\",",
        "    \"Nothing is announced\",",
        "let dir = path.join(\"left\");",
        "#[cfg(test)]\nmod tests { fn a() { assert!(x == \"y\"); } }",
    ] {
        assert!(!seen(tells), "{tells}");
    }
}
