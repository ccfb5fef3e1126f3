//! The command line: what may be said, as types. What it does is in `commands`.
//!
//! Secrets are never taken here: a command line is visible to everyone on the machine.

mod auth;
mod contact;
mod deliveries;
mod look;

use std::io::Write;
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{ArgAction, Args, CommandFactory, Parser, Subcommand, ValueEnum};

use crate::community::urlname_of;
use crate::config::Overrides;
use crate::telemetry;
pub use auth::{Auth, AuthCommand, Login};
pub use contact::{Asked, Day, Mute, Note, Notes, Target};
pub use deliveries::{Deliveries, DeliveriesCommand, Which};
pub use look::{Digest, GroupFormat, Groups, Letter, Paging, Report, ReportFormat, Within};

/// Mirrors your Meetup.com user groups into SQLite, measures how alive each one is, and says whom
/// to call.
///
/// Try it without an account: gatherd demo
#[derive(Debug, Parser)]
#[command(
    name = "gatherd",
    version,
    max_term_width = 100,
    propagate_version = true,
    arg_required_else_help = true
)]
#[command(
    after_help = "Exit codes: 0 done · 1 failed, or a check that did not pass · 2 usage · 3 partly done · \
4 sign-in needed · 5 configuration wrong · 6 database unusable · 7 another pass holds the database"
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// What every command takes.
    #[command(flatten)]
    pub global: Global,
}

impl Cli {
    /// Writes the completions for a shell.
    pub fn write_completions(shell: clap_complete::Shell, mut out: &mut dyn Write) {
        clap_complete::generate(shell, &mut Self::command(), "gatherd", &mut out);
    }

    /// Writes the manual page, in roff.
    ///
    /// # Errors
    ///
    /// If `out` cannot be written.
    pub fn write_man(mut out: &mut dyn Write) -> std::io::Result<()> {
        clap_mangen::Man::new(Self::command()).render(&mut out)
    }
}

/// What every command takes.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Everywhere")]
pub struct Global {
    /// The configuration file [default: gatherd.toml; GATHERD_CONFIG]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The database file, instead of the configured one [or GATHERD_DATABASE]
    #[arg(long, global = true, value_name = "FILE")]
    pub database: Option<PathBuf>,
    /// Log more; twice for everything
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
    /// Log less, and from `sync` nothing where all is well; twice for errors only
    #[arg(short, long, global = true, action = ArgAction::Count, conflicts_with = "verbose")]
    pub quiet: u8,
    /// How log lines are written
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        value_name = "FORMAT"
    )]
    pub log_format: LogFormat,
    /// Whether to colour
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub color: Color,
}

impl Global {
    /// What it overrides in the configuration.
    pub fn overrides(&self) -> Overrides {
        Overrides {
            config: self.config.clone(),
            database: self.database.clone(),
        }
    }

    /// Whether what went well goes without saying.
    pub fn is_quiet(&self) -> bool {
        self.quiet > 0
    }

    /// How much to log: 0 is information, higher is more.
    pub fn verbosity(&self) -> i16 {
        i16::from(self.verbose) - i16::from(self.quiet)
    }
}

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum LogFormat {
    /// Lines for people
    #[default]
    Text,
    /// One JSON object a line
    Json,
}

impl From<LogFormat> for telemetry::Format {
    fn from(format: LogFormat) -> Self {
        match format {
            LogFormat::Text => Self::Text,
            LogFormat::Json => Self::Json,
        }
    }
}

/// Whether to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl From<Color> for telemetry::Colour {
    fn from(color: Color) -> Self {
        match color {
            Color::Auto => Self::Auto,
            Color::Always => Self::Always,
            Color::Never => Self::Never,
        }
    }
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show it all on a simulated Meetup, no account needed
    ///
    /// Serves a simulated Meetup on this machine, mirrors it, shows three Mondays in fast motion and the
    /// report, then keeps running as the daemon while the simulated groups live on. It leaves a database
    /// that never mixes with a real one, and a gatherd.toml to read it by.
    #[command(after_help = "Example: gatherd demo --once")]
    Demo(Demo),
    /// Mirror the whole history of every sponsored group, once
    ///
    /// Can be stopped and started again at any time; what is done stays done.
    #[command(after_help = "Example: gatherd backfill --since 2020-01-01")]
    Backfill(Backfill),
    /// Bring the mirror up to date with one pass, send the alerts that follow, then stop
    #[command(after_help = "Example, in a crontab: */15 * * * * gatherd sync --quiet")]
    Sync(Sync),
    /// Run as a daemon: passes, sweeps, digests and alerts on their schedules
    ///
    /// A hang-up (SIGHUP) makes it read its configuration again, unless it runs on a terminal.
    #[command(after_help = "Example: gatherd run --log-format json")]
    Run,
    /// Say which groups meet, which have paused, and whom to call
    #[command(
        after_help = "Examples:\n  gatherd report\n  gatherd report --format json --as-of 2026-01-01\n  \
gatherd report --explain repeat.repeat_rate --group acme-berlin\n  gatherd report --send ops --dry-run"
    )]
    Report(Report),
    /// Read Monday's message here, now: whom to write to, and why
    ///
    /// Nothing of it is recorded. Without --channel it tells of all groups, and whom any channel was told
    /// of lately rests.
    #[command(
        after_help = "Examples:\n  gatherd digest\n  gatherd digest --all --country de\n  \
gatherd digest --channel ops --format json"
    )]
    Digest(Digest),
    /// List the groups, one line each, those in need of a word first
    #[command(
        after_help = "Examples:\n  gatherd groups\n  gatherd groups --cause overdue --country de\n  \
gatherd groups --sort days --format csv"
    )]
    Groups(Groups),
    /// Print a letter to forward to a group's organizer, with its own numbers and one question
    ///
    /// Printed, never sent.
    #[command(
        after_help = "Examples:\n  gatherd letter acme-berlin --language de\n  gatherd letter acme-berlin --cause overdue"
    )]
    Letter(Letter),
    /// Say what was read when, what failed, what comes next and what is undelivered
    #[command(
        after_help = "Examples, as health checks:\n  gatherd status --check\n  gatherd status --check --live"
    )]
    Status(Status),
    /// Keep a note about a group
    #[command(
        after_help = "Example: gatherd note acme-berlin back in spring, when the new office opens"
    )]
    Note(Note),
    /// Keep that somebody was asked about a group, and when to look again
    #[command(after_help = "Example: gatherd asked acme-berlin --whom Ana --again +3w")]
    Asked(Asked),
    /// Hear no alerts of a group, or none of one kind
    #[command(
        after_help = "Examples:\n  gatherd mute acme-berlin --until 2030-01-31\n  \
gatherd mute acme-berlin --alert restarted\n  gatherd mute acme-berlin --off"
    )]
    Mute(Mute),
    /// Agree with a group how often it meets; wins over the configuration
    #[command(
        after_help = "Examples:\n  gatherd target acme-berlin --every-months 2\n  gatherd target acme-berlin --off"
    )]
    Target(Target),
    /// List what was noted, asked, muted and agreed, or take it back
    #[command(
        after_help = "Examples:\n  gatherd notes\n  gatherd notes acme-berlin\n  gatherd notes --remove n3"
    )]
    Notes(Notes),
    /// Sign in to Meetup, see how the sign-in stands, sign out
    #[command(
        after_help = "Examples:\n  gatherd auth login\n  gatherd auth login --no-browser\n  \
gatherd auth status\n  gatherd auth logout"
    )]
    Auth(Auth),
    /// Check everything that must be right, one line each with its remedy
    ///
    /// Configuration, database, clock, Meetup's addresses, sign-in, rights, what has changed in its
    /// API, and the channels. Errors decide the exit code; warnings and notes do not.
    #[command(after_help = "Examples:\n  gatherd doctor\n  gatherd doctor --probe")]
    Doctor(Doctor),
    /// The messages to the channels: list, retry, test
    #[command(
        after_help = "Examples:\n  gatherd deliveries list\n  gatherd deliveries retry all\n  \
gatherd deliveries test ops"
    )]
    Deliveries(Deliveries),
    /// Print completions for a shell
    #[command(
        after_help = "Example: gatherd completions bash > ~/.local/share/bash-completion/completions/gatherd"
    )]
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    #[command(after_help = "Example: gatherd man | man -l -")]
    Man,
}

/// `demo`.
#[derive(Debug, Clone, Args)]
pub struct Demo {
    /// Stop after the report
    #[arg(long)]
    pub once: bool,
    /// How many groups the simulated network has
    #[arg(long, default_value_t = 24, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=2000))]
    pub groups: u32,
    /// Another number tells another story
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub seed: u64,
}

/// `backfill`.
#[derive(Debug, Clone, Args)]
pub struct Backfill {
    /// Only events from that day (UTC) on
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub since: Option<NaiveDate>,
    /// Only that group, by its urlname or its page's address
    #[arg(long, value_name = "URLNAME", value_parser = pasted)]
    pub group: Option<String>,
    /// Begin again from the start; nothing stored is lost
    #[arg(long)]
    pub restart: bool,
    /// Wait for another pass to end, rather than refuse
    #[arg(long)]
    pub wait: bool,
}

/// `sync`.
#[derive(Debug, Clone, Args)]
pub struct Sync {
    /// Also verify everything: a full sweep
    #[arg(long)]
    pub sweep: bool,
    /// Believe what was lost and is not believed so far: everywhere, or in that network or group
    #[arg(
        long,
        value_name = "URLNAME",
        num_args = 0..=1,
        require_equals = true,
        value_parser = pasted
    )]
    pub accept_shrink: Option<Option<String>>,
    /// Wait for another pass to end, rather than refuse
    #[arg(long)]
    pub wait: bool,
}

/// `status`.
#[derive(Debug, Clone, Args)]
pub struct Status {
    /// Say nothing but what is wrong, and exit 1 if anything is, 4 if a sign-in is needed
    #[arg(long)]
    pub check: bool,
    /// With --check: ask only whether the daemon runs and none of its lanes stands still
    #[arg(long, requires = "check", conflicts_with_all = ["groups", "json"])]
    pub live: bool,
    /// Also list every group
    #[arg(long, conflicts_with = "check")]
    pub groups: bool,
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

/// `doctor`.
#[derive(Debug, Clone, Args)]
pub struct Doctor {
    /// Also ask Meetup what its documentation leaves open, by reading alone, and keep the answers
    #[arg(long)]
    pub probe: bool,
    /// Also post a test line to each channel
    #[arg(long)]
    pub post: bool,
    /// How it is written
    #[arg(long, value_enum, default_value_t)]
    pub format: ReportFormat,
    /// As JSON: the same as --format json
    #[arg(long)]
    pub json: bool,
}

fn date(text: &str) -> Result<NaiveDate, String> {
    text.parse()
        .map_err(|_| "write a date such as 2026-01-31".to_owned())
}

/// A urlname, or the one in an address.
fn pasted(text: &str) -> Result<String, String> {
    let urlname = urlname_of(text).unwrap_or_else(|| text.trim().to_owned());
    if urlname.is_empty() {
        return Err("write a urlname".to_owned());
    }
    Ok(urlname)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(words: &str) -> Result<Cli, clap::Error> {
        Cli::try_parse_from(words.split(' '))
    }

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn completions_and_manual_name_the_commands() {
        let (mut completions, mut man) = (Vec::new(), Vec::new());
        Cli::write_completions(clap_complete::Shell::Bash, &mut completions);
        Cli::write_man(&mut man).unwrap();
        for text in [completions, man] {
            assert!(String::from_utf8(text).unwrap().contains("backfill"));
        }
    }

    #[test]
    fn global_flags_stand_before_or_after_the_command() {
        for words in [
            "gatherd --database x.db -vv report",
            "gatherd report --database x.db -v -v",
        ] {
            let cli = said(words).unwrap();
            assert_eq!(cli.global.database, Some(PathBuf::from("x.db")));
            assert_eq!(cli.global.verbosity(), 2);
        }
    }

    #[test]
    fn a_usage_error_exits_2() {
        for words in [
            "gatherd",
            "gatherd auth",
            "gatherd report --format html",
            "gatherd report --dry-run",
            "gatherd deliveries retry some",
            "gatherd backfill --since soon",
            "gatherd report --raw",
            "gatherd report --country germany",
            "gatherd report --timezone Europe/Berlni",
            "gatherd report --send ops --country de",
            "gatherd digest --format html",
            "gatherd groups --status alive",
            "gatherd groups --cause bored",
            "gatherd groups --sort colour",
            "gatherd letter",
            "gatherd letter acme --language tlh",
            "gatherd report -v -q",
            "gatherd note acme",
            "gatherd asked acme --again soon",
            "gatherd asked acme --again +99999w",
            "gatherd mute acme --alert noise",
            "gatherd mute acme --until 2030-01-31 --off",
            "gatherd target acme",
            "gatherd target acme --every-months 5",
            "gatherd target acme --every-months 2 --off",
            "gatherd notes acme --remove n1",
        ] {
            assert_eq!(said(words).unwrap_err().exit_code(), 2, "{words}");
        }
        assert_eq!(said("gatherd --help").unwrap_err().exit_code(), 0);
    }
}
