//! What is said of the command line: what is shown can be typed, and what can be typed is told.

use super::{assert_same, blocks, first_cell, pages, read, section, spans};
use clap::{Command, CommandFactory, Parser};
use gatherd::cli::Cli;
use std::collections::BTreeSet;

#[test]
fn every_command_is_told_and_every_command_told_exists() {
    let told: BTreeSet<String> = read("docs/commands.md")
        .lines()
        .filter_map(first_cell)
        .flat_map(|cell| spans(&cell))
        .filter_map(|span| span.split(' ').next().map(str::to_owned))
        .collect();
    assert_same("commands", &commands(), &told);
}

#[test]
fn whatever_is_shown_to_be_typed_can_be_typed() {
    let mut typed = 0;
    for page in pages() {
        for block in blocks(&read(&page), "sh") {
            for line in block.lines().filter(|line| line.starts_with("gatherd ")) {
                let words = line.split('#').next().unwrap().split_whitespace();
                if let Err(error) = Cli::try_parse_from(words) {
                    panic!("{page}: {line}\n{error}");
                }
                typed += 1;
            }
        }
    }
    assert!(typed >= 15, "{typed} commands found");
}

/// Between backticks there may be placeholders: so only the command and its options are looked at.
#[test]
fn commands_and_options_in_sentences_exist() {
    let known = commands();
    let mut options: BTreeSet<String> = ["help", "version"].map(str::to_owned).into();
    options_of(&Cli::command(), &mut options);
    let mut wrong = Vec::new();
    for page in pages() {
        for span in spans(&without_blocks(&read(&page))) {
            // A line break within a span is a space.
            let words: Vec<&str> = span.split_whitespace().collect();
            let is_ours = words.first() == Some(&"gatherd");
            if let (true, Some(command)) = (is_ours, words.get(1))
                && command.chars().all(|c| c.is_ascii_lowercase())
                && !known.contains(*command)
            {
                wrong.push(format!("{page}: {span}"));
            }
            if !is_ours && !span.starts_with("--") {
                continue;
            }
            for option in words.iter().filter_map(|word| word.strip_prefix("--")) {
                let name = option.split('=').next().unwrap();
                if !options.contains(name) {
                    wrong.push(format!("{page}: {span}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_exit_code_is_told() {
    let operating = read("docs/operating.md");
    let told: Vec<String> = section(&operating, "## Exit codes")
        .lines()
        .filter_map(first_cell)
        .map(|cell| cell.trim().to_owned())
        .filter(|cell| cell.parse::<u8>().is_ok())
        .collect();
    assert_eq!(told, ["0", "1", "2", "3", "4", "5", "6", "7"]);
}

fn commands() -> BTreeSet<String> {
    Cli::command()
        .get_subcommands()
        .map(|command| command.get_name().to_owned())
        .collect()
}

fn options_of(command: &Command, found: &mut BTreeSet<String>) {
    let long = command.get_arguments().filter_map(|it| it.get_long());
    found.extend(long.map(str::to_owned));
    for below in command.get_subcommands() {
        options_of(below, found);
    }
}

/// A page without its fenced blocks.
fn without_blocks(text: &str) -> String {
    text.split("```").step_by(2).collect()
}
