//! What the checks came to: lines for people, JSON for programs, and one exit code.

use crate::{commands::Exit, report::whole_words};
use serde_json::{Value, json};
use std::fmt::Write;

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    Ok,
    Note,
    Warning,
    Error,
}

impl Word {
    fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    fn colour(self) -> &'static str {
        match self {
            Self::Ok => "\u{1b}[32m",
            Self::Note => "\u{1b}[36m",
            Self::Warning => "\u{1b}[33m",
            Self::Error => "\u{1b}[31m",
        }
    }
}

struct Line {
    about: String,
    word: Word,
    says: String,
    remedy: Vec<String>,
}

/// All lines, in the order of the checks.
#[derive(Default)]
pub(super) struct Sheet {
    lines: Vec<Line>,
    exits: Vec<Exit>,
}

/// What outweighs what, where several checks fail.
const GRAVEST_FIRST: [Exit; 4] = [Exit::Config, Exit::Database, Exit::SignIn, Exit::Failed];

impl Sheet {
    pub(super) fn ok(&mut self, about: &str, says: impl AsRef<str>) {
        self.say(about, Word::Ok, says.as_ref());
    }

    pub(super) fn note(&mut self, about: &str, says: impl AsRef<str>) {
        self.say(about, Word::Note, says.as_ref());
    }

    pub(super) fn warning(&mut self, about: &str, says: impl AsRef<str>) {
        self.say(about, Word::Warning, says.as_ref());
    }

    /// A check that did not pass, and the exit code that tells so.
    pub(super) fn error(&mut self, about: &str, says: &str, exit: Exit) {
        self.say(about, Word::Error, says);
        self.exits.push(exit);
    }

    /// The first line is what is so; the others are the remedy.
    fn say(&mut self, about: &str, word: Word, says: &str) {
        // Names come from Meetup and from the configuration: a terminal must not obey them.
        let mut lines = says.lines().map(crate::report::clean);
        self.lines.push(Line {
            about: crate::report::clean(about),
            word,
            says: lines.next().unwrap_or_default(),
            remedy: lines.filter(|it| !it.is_empty()).collect(),
        });
    }

    pub(super) fn exit(&self) -> Exit {
        let gravest = GRAVEST_FIRST.into_iter().find(|it| self.exits.contains(it));
        gravest.unwrap_or(Exit::Done)
    }

    pub(super) fn as_text(&self, is_coloured: bool, columns: Option<usize>) -> String {
        let width = self.lines.iter().map(|it| it.about.chars().count()).max();
        let width = width.unwrap_or(0);
        let laid = |told: &str| match columns {
            Some(columns) => whole_words(told, columns.saturating_sub(width + 11)),
            None => vec![told.to_owned()],
        };
        let mut text = String::new();
        for line in &self.lines {
            let word = format!("{:<7}", line.word.as_str());
            let word = if is_coloured {
                format!("{}{word}\u{1b}[0m", line.word.colour())
            } else {
                word
            };
            let mut says = laid(&line.says).into_iter();
            let first = says.next().unwrap_or_default();
            let _ = writeln!(text, "{:<width$}  {word}  {first}", line.about);
            for below in says.chain(line.remedy.iter().flat_map(|remedy| laid(remedy))) {
                let _ = writeln!(text, "{:<width$}  {:<7}  {below}", "", "");
            }
        }
        text
    }

    pub(super) fn as_json(&self) -> Value {
        let checks: Vec<Value> = self
            .lines
            .iter()
            .map(|line| {
                let remedy = (!line.remedy.is_empty()).then(|| line.remedy.join("\n"));
                json!({
                    "about": line.about, "result": line.word.as_str(), "message": line.says,
                    "remedy": remedy,
                })
            })
            .collect();
        json!({
            "is_well": self.exit() == Exit::Done, "exit_code": self.exit() as u8, "checks": checks,
        })
    }
}
