//! One word, one meaning: what the glossary names exists, and what it forbids names nothing.

use super::database::empty_mirror;
use super::{cells, read, root, section, spans};
use clap::Parser;
use gatherd::cli::Cli;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

#[test]
fn what_the_glossary_names_exists() {
    let (_place, conn) = empty_mirror();
    let mut views = conn
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'view'")
        .unwrap();
    let mut known: BTreeSet<String> = views
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    each_source(&mut |code| known.extend(words(code).map(str::to_owned)));
    let mut unknown = Vec::new();
    let page = read("docs/words.md");
    for cells in page.lines().filter_map(cells) {
        let [word, _, named] = &cells[..] else {
            continue;
        };
        for span in spans(named) {
            let exists = if span.starts_with("gatherd ") {
                Cli::try_parse_from(span.split(' ')).is_ok()
            } else if span.contains('/') {
                root().join(&span).exists()
            } else {
                known.contains(&span)
            };
            if !exists {
                unknown.push(format!("{}: {span}", word.trim()));
            }
        }
    }
    assert!(unknown.is_empty(), "{}", unknown.join("\n"));
}

#[test]
fn each_word_is_told_once() {
    let page = read("docs/words.md");
    let mut seen = BTreeSet::new();
    for cells in page.lines().filter_map(cells).filter(|it| it.len() == 3) {
        for word in cells[0].split(", ").map(str::trim) {
            let is_head = word == "word" || word.starts_with("--");
            assert!(is_head || seen.insert(word.to_owned()), "{word}");
        }
    }
    assert!(seen.len() > 50, "{} words", seen.len());
}

#[test]
fn what_the_glossary_forbids_names_nothing() {
    let page = read("docs/words.md");
    let forbidden: BTreeSet<String> = section(&page, "## Not these words")
        .lines()
        .filter_map(cells)
        .filter(|cells| cells.len() == 2)
        .flat_map(|cells| spans(&cells[0]))
        .collect();
    assert!(forbidden.len() > 5, "{forbidden:?}");
    let mut found = BTreeSet::new();
    each_source(&mut |code| {
        let mut all = words(code);
        while let Some(word) = all.next() {
            let declares = [
                "struct", "enum", "fn", "mod", "type", "const", "static", "trait",
            ];
            if !declares.contains(&word) {
                continue;
            }
            let Some(name) = all.next() else { break };
            let parts = parts(name);
            // Of one thing or of several.
            let is_one = |part: &String| {
                forbidden.contains(part)
                    || part
                        .strip_suffix('s')
                        .is_some_and(|one| forbidden.contains(one))
            };
            if parts.iter().any(is_one) {
                found.insert(name.to_owned());
            }
        }
    });
    assert!(
        found.is_empty(),
        "{found:?}; docs/words.md says what instead"
    );
}

#[test]
fn names_are_taken_apart() {
    assert_eq!(parts("list_bisected"), ["list", "bisected"]);
    assert_eq!(parts("WeatherOf2"), ["weather", "of2"]);
    assert_eq!(parts("RECORD_OF"), ["record", "of"]);
}

/// The words of a name, in small letters.
fn parts(name: &str) -> Vec<String> {
    let is_shouted = !name.contains(|c: char| c.is_ascii_lowercase());
    let mut parts = vec![String::new()];
    for c in name.chars() {
        if c == '_' || (c.is_ascii_uppercase() && !is_shouted) {
            parts.push(String::new());
        }
        if let Some(last) = parts.last_mut().filter(|_| c != '_') {
            last.push(c.to_ascii_lowercase());
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// The words of a text.
fn words(code: &str) -> impl Iterator<Item = &str> {
    code.split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
}

/// Hands over each file of `src/`, without remarks and without what stands in quotes on one line.
fn each_source(take: &mut dyn FnMut(&str)) {
    let mut folders = vec![root().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                take(&code_of(&path));
            }
        }
    }
}

fn code_of(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let code = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    code.flat_map(|line| {
        [
            line.split('"').step_by(2).collect::<Vec<_>>().join(" "),
            "\n".into(),
        ]
    })
    .collect()
}
