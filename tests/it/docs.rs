//! What the documentation says is true: its queries run, its commands parse, its keys exist, its links
//! lead somewhere, its words are those of the code.

mod backups;
mod building;
mod commands;
mod configuration;
mod database;
mod pages;
mod tables;
mod typed;
mod words;

pub use database::empty_mirror;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Every page, by its path.
fn pages() -> Vec<String> {
    let mut pages: Vec<String> = [
        "README.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "schema/README.md",
        "schema/metrics/README.md",
    ]
    .map(str::to_owned)
    .into();
    for entry in fs::read_dir(root().join("docs")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name.ends_with(".md") {
            pages.push(format!("docs/{name}"));
        }
    }
    pages
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap()
}

/// The fenced blocks of one language.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut within: Option<(bool, String)> = None;
    for line in text.lines() {
        let Some(rest) = line.trim_start().strip_prefix("```") else {
            if let Some((_, block)) = &mut within {
                block.push_str(line);
                block.push('\n');
            }
            continue;
        };
        match within.take() {
            None => within = Some((rest.trim() == language, String::new())),
            Some((true, block)) => found.push(block),
            Some((false, _)) => {}
        }
    }
    found
}

/// From a heading to the next of its rank.
fn section<'a>(text: &'a str, heading: &str) -> &'a str {
    let from = text
        .find(&format!("\n{heading}\n"))
        .unwrap_or_else(|| panic!("no {heading}"));
    let rest = &text[from + 1..];
    &rest[..rest.find("\n## ").unwrap_or(rest.len())]
}

/// The first cell of a table's row.
fn first_cell(line: &str) -> Option<String> {
    line.strip_prefix('|')?.split('|').next().map(str::to_owned)
}

/// The cells of a table's row.
fn cells(line: &str) -> Option<Vec<String>> {
    let row = line.strip_prefix('|')?.strip_suffix('|')?;
    Some(row.split('|').map(str::to_owned).collect())
}

/// What stands between backticks.
fn spans(text: &str) -> Vec<String> {
    text.split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

fn assert_same(what: &str, are: &BTreeSet<String>, told: &BTreeSet<String>) {
    let untold: Vec<_> = are.difference(told).collect();
    let invented: Vec<_> = told.difference(are).collect();
    assert!(
        untold.is_empty() && invented.is_empty(),
        "{what}: not told: {untold:?}; told but not there: {invented:?}"
    );
}
