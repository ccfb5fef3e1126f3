//! Tables that list what the code lists: figures, kinds, rooms, variables.

use super::{assert_same, cells, first_cell, read, root, section, spans};
use crate::structure::{ROOMS, Uses};
use gatherd::community::{AlertKind, FailureKind, TroubleKind};
use gatherd::metrics::{self, Entry, Window};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// What a table's first column names.
fn told(page: &str, heading: &str) -> BTreeSet<String> {
    let text = read(page);
    let rows = section(&text, heading).lines().filter_map(first_cell);
    rows.flat_map(|cell| spans(&cell)).collect()
}

fn names<'a>(names: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    names.into_iter().map(str::to_owned).collect()
}

#[test]
fn every_figure_is_told_in_the_words_that_explain_it() {
    let page = read("docs/metrics.md");
    let rows: BTreeSet<&str> = page.lines().collect();
    let untold: Vec<String> = metrics::entries()
        .map(row)
        .filter(|row| !rows.contains(row.as_str()))
        .collect();
    assert!(
        untold.is_empty(),
        "docs/metrics.md lacks these rows:\n{}",
        untold.join("\n")
    );
    let keys: BTreeSet<&str> = metrics::entries().map(|entry| entry.key).collect();
    for heading in [
        "## Figures of a group",
        "## Figures of the network",
        "## The rest of the report",
    ] {
        for key in told("docs/metrics.md", heading) {
            assert!(keys.contains(key.as_str()), "{key} is no key");
        }
    }
}

fn row(entry: &Entry) -> String {
    let window = match entry.window {
        Window::None => String::new(),
        Window::Days(days) => format!("{days} days"),
        Window::YearBefore(days) => format!("{days} days, a year before"),
        Window::Between(from, to) => format!("from {from} to {to} days before"),
        Window::Ever => "all time".to_owned(),
        Window::Months(months) => format!("{months} closed months"),
        Window::ToCome => "to come".to_owned(),
        Window::Roster => "roster".to_owned(),
    };
    format!("| `{}` | {window} | {} |", entry.key, entry.words)
}

#[test]
fn every_status_told_is_one_and_there_are_no_others() {
    let told = told("docs/metrics.md", "## The status of a group");
    let by_status = serde_json::to_value(metrics::ByStatus::default()).unwrap();
    let keys = by_status.as_object().unwrap().keys();
    assert_same("statuses", &names(keys.map(String::as_str)), &told);
}

#[test]
fn every_kind_of_alert_is_told() {
    let page = read("docs/alerts.md");
    let first = page.lines().take_while(|line| !line.starts_with("## "));
    let of_groups = first
        .filter_map(first_cell)
        .flat_map(|it| spans(&it))
        .collect();
    let kinds = names(AlertKind::ALL.iter().map(|kind| kind.as_str()));
    assert_same("alerts", &kinds, &of_groups);
    let of_gatherd = told("docs/alerts.md", "## The operator's alerts");
    let kinds = names(TroubleKind::ALL.iter().map(|kind| kind.as_str()));
    assert_same("the operator's alerts", &kinds, &of_gatherd);
}

#[test]
fn every_kind_of_failure_is_told() {
    let kinds = FailureKind::ALL.map(FailureKind::as_str);
    let told = told("docs/operating.md", "## What fails, and what to do");
    assert_same("kinds of failure", &names(kinds), &told);
}

#[test]
fn every_kind_of_channel_is_told() {
    let told = told("docs/channels.md", "## Kinds");
    assert_same("channels", &names(crate::deliver::KINDS), &told);
}

#[test]
fn the_rooms_are_those_that_are_held() {
    let page = read("docs/design.md");
    let mut told = BTreeSet::new();
    for cells in section(&page, "## The rooms").lines().filter_map(cells) {
        if let [room, _, uses] = &cells[..]
            && let [room] = &spans(room)[..]
        {
            let mut uses = spans(uses);
            uses.sort();
            told.insert(format!("{room} uses {uses:?}"));
        }
    }
    let mut held = BTreeSet::new();
    for (room, uses) in ROOMS {
        let mut uses: Vec<&str> = match uses {
            Uses::Only(rooms) => rooms.to_vec(),
            Uses::Everything => Vec::new(),
        };
        uses.sort_unstable();
        if !["lib", "main"].contains(room) {
            held.insert(format!("{room} uses {uses:?}"));
        }
    }
    assert_same("rooms", &held, &told);
}

#[test]
fn the_variables_of_long_tests_are_those_that_tests_read() {
    let told: BTreeSet<String> = told("docs/development.md", "## Long tests")
        .iter()
        .filter_map(|span| span.split_once('='))
        .map(|(name, _)| name.to_owned())
        .collect();
    let mut read = BTreeSet::new();
    variables(&root().join("tests/it"), &mut read);
    assert_same("variables", &read, &told);
}

/// What tests take from the environment to try more; what they tell their own children is a constant.
fn variables(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            variables(&path, found);
            continue;
        }
        for line in fs::read_to_string(&path).unwrap().lines() {
            for call in ["env::var(\"", "env::var_os(\""] {
                let name = line
                    .split_once(call)
                    .and_then(|(_, rest)| rest.split('"').next());
                found.extend(name.filter(|name| *name != "PATH").map(str::to_owned));
            }
        }
    }
}
