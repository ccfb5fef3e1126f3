//! What is long, shown on a terminal: how wide it is, whether in colour, and page by page.

use super::print;
use crate::{
    cli::{Global, Paging},
    report::Style,
    telemetry::Colour,
};
use anyhow::Result;
use std::{
    io::{ErrorKind, IsTerminal, Write},
    process::{Command, Stdio},
};

/// The pager where none is named: it ends by itself where all fits on the screen.
const USUAL: &[&str] = &["less", "-FRX"];
/// How a shell says that it found no such command.
const NOT_FOUND: i32 = 127;
/// Columns of what is shown where nothing says how many there are.
const USUAL_COLUMNS: usize = 80;
/// Narrower than this nothing can be laid out.
const NARROWEST: usize = 40;

/// How a text is laid out on stdout.
pub(super) fn style(global: &Global) -> Style {
    let env = |name: &str| std::env::var(name).ok();
    Style {
        colour: Colour::from(global.color).on_stdout(&env),
        width: columns(),
    }
}

/// The columns of stdout: as `COLUMNS` says, as the terminal has, or as an old one had; never more than a
/// page's.
pub(super) fn columns() -> usize {
    known_columns().unwrap_or(USUAL_COLUMNS)
}

/// The same; none where nothing says how many there are. Lines are left whole there, to be searched.
pub(super) fn known_columns() -> Option<usize> {
    let told = std::env::var("COLUMNS").ok();
    let told = told.and_then(|text| text.trim().parse::<usize>().ok());
    let seen = || {
        let is_terminal = std::io::stdout().is_terminal();
        let size = is_terminal.then(|| console::Term::stdout().size_checked());
        size.flatten().map(|(_, columns)| usize::from(columns))
    };
    let columns = told.filter(|columns| *columns > 0).or_else(seen);
    columns.map(|columns| columns.clamp(NARROWEST, Style::default().width))
}

/// Shows a text: page by page on a terminal, where that is not declined; else as it is.
pub(super) fn show(text: &str, paging: Paging) -> Result<()> {
    if paging.no_pager || !std::io::stdout().is_terminal() || !paged(text) {
        return print(text);
    }
    Ok(())
}

/// Whether a pager showed it. Without one it is nobody's fault, and all is printed.
fn paged(text: &str) -> bool {
    let Some(mut command) = pager() else {
        return false;
    };
    if std::env::var_os("LESSCHARSET").is_none() {
        command.env("LESSCHARSET", "utf-8");
    }
    let started = command.stdin(Stdio::piped()).spawn();
    let Ok(mut pager) = started else {
        return false;
    };
    let mut is_taken = true;
    if let Some(mut input) = pager.stdin.take() {
        // Whoever ends the pager early has read enough.
        let written = input.write_all(text.as_bytes());
        is_taken = written.map_or_else(|error| error.kind() == ErrorKind::BrokenPipe, |()| true);
    }
    let ended = pager.wait().ok().and_then(|status| status.code());
    is_taken && ended != Some(NOT_FOUND)
}

/// The pager that is wished for: `PAGER`, where nothing in it says none; else the usual one.
fn pager() -> Option<Command> {
    let of = |words: &[&str]| {
        let (program, arguments) = words.split_first()?;
        let mut command = Command::new(program);
        command.args(arguments);
        Some(command)
    };
    let Ok(wished) = std::env::var("PAGER") else {
        return of(USUAL);
    };
    if wished.contains(|c: char| "|&;<>()$`\\\"'*?#~=".contains(c)) {
        let mut command = Command::new("sh");
        command.args(["-c", &wished]).stderr(Stdio::null());
        return Some(command);
    }
    of(&wished.split_whitespace().collect::<Vec<_>>())
}
