//! What a configuration came to: each key with its value and where that came from.
//!
//! Noted while the configuration is read, by the same calls that read it, so that nothing has to be kept in step: a key
//! that is read is listed. Of a secret only that it is set.

use std::cell::RefCell;
use std::path::PathBuf;

/// One key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// `schedule.poll`, `channel.ops.url`; what may be repeated stands once for each.
    pub key: String,
    /// As it would be written; none: a secret, which is set.
    pub value: Option<String>,
    /// Where it came from.
    pub origin: Origin,
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// It is not written.
    Default,
    /// It stands in that line of the file.
    Line(usize),
    /// It is an environment variable, of this name.
    Variable(String),
    /// It stands in a file of its own.
    File(PathBuf),
    /// It is an option of the command line.
    CommandLine(&'static str),
}

/// All of them, in the order in which they were read.
#[derive(Debug, Default)]
pub(super) struct Settings(RefCell<Vec<Setting>>);

impl Settings {
    /// Notes a key that may be repeated.
    pub(super) fn note(&self, key: String, value: Option<String>, origin: Origin) {
        self.0.borrow_mut().push(Setting { key, value, origin });
    }

    /// Notes a key in the place of what was noted of it before: the stronger one comes last.
    pub(super) fn overrule(&self, key: String, value: Option<String>, origin: Origin) {
        let mut noted = self.0.borrow_mut();
        match noted.iter_mut().find(|it| it.key == key) {
            Some(weaker) => *weaker = Setting { key, value, origin },
            None => noted.push(Setting { key, value, origin }),
        }
    }

    pub(super) fn all(&self) -> Vec<Setting> {
        self.0.borrow().clone()
    }
}

/// A text as TOML writes it.
pub(crate) fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// A list of texts as TOML writes it.
pub(crate) fn list<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = texts.map(quoted).collect();
    format!("[{}]", quoted.join(", "))
}
