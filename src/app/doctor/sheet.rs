//! What the checks came to: one line each, and one exit code.

use crate::{app::exit::Exit, report::clean};

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Word {
    Ok,
    Note,
    Warning,
    Error,
}

/// What one check found.
pub(crate) struct Line {
    pub(crate) about: String,
    pub(crate) word: Word,
    /// What is so.
    pub(crate) says: String,
    /// What to do now, line by line.
    pub(crate) remedy: Vec<String>,
}

/// All lines, in the order of the checks.
#[derive(Default)]
pub(crate) struct Sheet {
    pub(crate) lines: Vec<Line>,
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
        let mut lines = says.lines().map(clean);
        self.lines.push(Line {
            about: clean(about),
            word,
            says: lines.next().unwrap_or_default(),
            remedy: lines.filter(|it| !it.is_empty()).collect(),
        });
    }

    /// The gravest of what failed.
    pub(crate) fn exit(&self) -> Exit {
        let gravest = GRAVEST_FIRST.into_iter().find(|it| self.exits.contains(it));
        gravest.unwrap_or(Exit::Done)
    }
}
