//! What is said of the configuration: every key, and whole files that load.

use super::{assert_same, blocks, first_cell, pages, read, section, spans};
use gatherd::config::{Config, Need, Overrides};
use std::collections::BTreeSet;
use std::fs;

#[test]
fn every_key_is_told_and_every_key_told_exists() {
    let mut keys = BTreeSet::new();
    let mut header = String::new();
    for line in read("config/gatherd.toml").lines() {
        let line = line.trim_start_matches("# ").trim();
        if let Some(name) = line.strip_prefix('[') {
            name.split(']')
                .next()
                .unwrap()
                .trim_start_matches('[')
                .clone_into(&mut header);
        } else if let Some((key, _)) = line.split_once(" = ")
            && key.chars().all(|c| c.is_ascii_lowercase() || c == '_')
        {
            // What is commented out at the top level of [meetup] stands below its header.
            keys.insert(if header.is_empty() {
                key.to_owned()
            } else {
                format!("{header}.{key}")
            });
        }
    }
    let told: BTreeSet<String> = section(&read("docs/configuration.md"), "## Keys")
        .lines()
        .filter_map(first_cell)
        .flat_map(|cell| spans(&cell))
        .filter(|span| !span.starts_with('['))
        .collect();
    assert_same("configuration keys", &keys, &told);
}

#[test]
fn the_configurations_shown_are_accepted() {
    let shown = pages();
    let shown = shown.iter().flat_map(|page| blocks(&read(page), "toml"));
    let mut accepted = 0;
    for text in shown {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("gatherd.toml");
        // A part is shown as it stands beside the rest.
        let text = match text.contains("[meetup") {
            true => text,
            false => {
                format!("[meetup]\naccess_token = \"t\"\n[[network]]\nurlname = \"acme\"\n{text}")
            }
        };
        fs::write(&file, &text).unwrap();
        for line in text.lines() {
            let Some((key, value)) = line.split_once(" = ") else {
                continue;
            };
            if key.ends_with("_file") {
                let value = value.split('"').nth(1).unwrap();
                fs::write(place.path().join(value), secret_for(key)).unwrap();
            }
        }
        let overrides = Overrides {
            config: Some(file),
            database: None,
        };
        if let Err(problems) = Config::load(&overrides, &|_| None, Need::Meetup) {
            panic!("{problems}\n{text}");
        }
        accepted += 1;
    }
    assert!(accepted >= 3, "{accepted} configurations found");
}

fn secret_for(key: &str) -> &'static str {
    match key {
        "private_key_file" => "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n",
        "url_file" => "https://hooks.example.com/services/T0/B0/x\n",
        "token_file" => "a-token-of-22-letters.\n",
        "secret_file" => "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n",
        "ca_file" => include_str!("../../data/company-ca.pem"),
        _ => "a-secret\n",
    }
}
