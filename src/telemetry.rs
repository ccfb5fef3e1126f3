//! Logs: to stderr, as lines for people or JSON for machines.
//!
//! Only this program's own events are logged in detail. The HTTP libraries would print addresses
//! and headers, which are secrets here, so no verbosity and no variable opens them up.

use std::io::IsTerminal;

use tracing::Level;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt;
use tracing_subscriber::prelude::*;

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// Whether to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Colour {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Colour {
    /// Whether to colour what is written to stdout.
    pub fn on_stdout(self, env: &dyn Fn(&str) -> Option<String>) -> bool {
        self.decide(std::io::stdout().is_terminal(), env)
    }

    /// Whether to colour what is written to stderr.
    pub fn on_stderr(self, env: &dyn Fn(&str) -> Option<String>) -> bool {
        self.decide(std::io::stderr().is_terminal(), env)
    }

    fn decide(self, is_terminal: bool, env: &dyn Fn(&str) -> Option<String>) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => {
                is_terminal
                    && env("NO_COLOR").is_none_or(|value| value.is_empty())
                    && env("TERM").is_none_or(|term| term != "dumb")
            }
        }
    }
}

/// The level for so many `-v` less so many `-q`: information by default.
pub fn level(verbosity: i16) -> LevelFilter {
    match verbosity {
        ..=-3 => LevelFilter::OFF,
        -2 => LevelFilter::ERROR,
        -1 => LevelFilter::WARN,
        0 => LevelFilter::INFO,
        1 => LevelFilter::DEBUG,
        2.. => LevelFilter::TRACE,
    }
}

/// What passes at that verbosity.
fn filter(verbosity: i16) -> Targets {
    let others = level(verbosity).min(LevelFilter::from_level(Level::WARN));
    Targets::new()
        .with_default(others)
        .with_target("gatherd", level(verbosity))
}

/// Starts logging; later calls change nothing.
pub fn start(format: Format, is_coloured: bool, verbosity: i16) {
    let registry = tracing_subscriber::registry();
    let lines = fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(is_coloured);
    let started = match format {
        Format::Text => registry
            .with(
                lines
                    .with_target(verbosity > 0)
                    .with_filter(filter(verbosity)),
            )
            .try_init(),
        Format::Json => {
            let json = fmt::layer()
                .json()
                .flatten_event(true)
                .with_ansi(false)
                .with_writer(std::io::stderr);
            registry
                .with(json.with_filter(filter(verbosity)))
                .try_init()
        }
    };
    // A second start (several commands in one test process) keeps the first.
    drop(started);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_follows_terminal_and_no_color() {
        let plain = |_: &str| None;
        let no_color = |name: &str| (name == "NO_COLOR").then(|| "1".to_owned());
        assert!(Colour::Auto.decide(true, &plain));
        assert!(!Colour::Auto.decide(false, &plain));
        assert!(!Colour::Auto.decide(true, &no_color));
        assert!(Colour::Always.decide(false, &no_color));
        assert!(!Colour::Never.decide(true, &plain));
    }

    #[test]
    fn no_verbosity_opens_the_http_libraries() {
        let loudest = filter(9);
        assert!(loudest.would_enable("gatherd::sync", &Level::TRACE));
        assert!(!loudest.would_enable("hyper_util::client", &Level::INFO));
        assert!(loudest.would_enable("reqwest::connect", &Level::WARN));
        assert!(!filter(-2).would_enable("gatherd::sync", &Level::WARN));
    }
}
