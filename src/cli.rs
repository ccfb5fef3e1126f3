//! The command line: what may be said, as types. What it does is in `commands`.
//!
//! Secrets are never taken here: a command line is visible to everyone on the machine.

mod auth;
mod backups;
mod contact;
mod deliveries;
mod export;
mod imports;
mod init;
mod look;
mod passes;
mod privacy;
mod shell;
mod state;

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

use crate::community::urlname_of;
use crate::config::Overrides;
use crate::telemetry;
pub use auth::{Auth, AuthCommand, Login};
pub use backups::{Backup, Restore};
pub use contact::{Asked, Day, Mute, Note, Notes, Owner, Target};
pub use deliveries::{Deliveries, DeliveriesCommand, Which};
pub use export::{Export, ExportFormat};
pub use imports::{Handed, Import, ImportCommand};
pub use init::{Init, Service};
pub use look::{
    Chart, Digest, GroupFormat, Groups, Letter, Paging, Picture, Report, ReportFormat, TextFormat,
    Within,
};
pub use passes::{Backfill, Sync};
pub use privacy::Forget;
pub use shell::{COMPLETES, Man};
pub use state::{Doctor, Status};

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
    after_help = "A start:\n  gatherd demo              all of it on a simulated network, no account needed\n  \
gatherd init              asks what it must know, and shows a first look\n  \
gatherd run               keeps it up to date, and posts on Mondays\n\nEvery day:\n  \
gatherd digest            whom to write to, and why\n  \
gatherd report --group acme-berlin\n  \
gatherd status            what was read when, and what comes next\n\nExit codes: 0 done · 1 failed, or a check that did not pass · 2 usage · 3 partly done · \
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

/// What every command takes.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Everywhere")]
pub struct Global {
    /// The configuration file [default: gatherd.toml, or /etc/gatherd/gatherd.toml; GATHERD_CONFIG]
    #[arg(long, global = true, hide_short_help = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The database file, instead of the configured one [or GATHERD_DATABASE]
    #[arg(long, global = true, hide_short_help = true, value_name = "FILE")]
    pub database: Option<PathBuf>,
    /// Log more; twice for everything
    #[arg(short, long, global = true, hide_short_help = true, action = ArgAction::Count)]
    pub verbose: u8,
    /// Log less, and from `sync` nothing where all is well; twice for errors only
    #[arg(short, long, global = true, hide_short_help = true, action = ArgAction::Count, conflicts_with = "verbose")]
    pub quiet: u8,
    /// How log lines are written
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        value_enum,
        default_value_t,
        value_name = "FORMAT"
    )]
    pub log_format: LogFormat,
    /// Whether to colour
    #[arg(
        long,
        global = true,
        hide_short_help = true,
        value_enum,
        default_value_t,
        value_name = "WHEN"
    )]
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
    /// Begin: asks what it must know, shows a first look, and writes the configuration
    ///
    /// One question at a time, each with a default. Nothing that lies there is overwritten. Secrets are typed
    /// unseen, or come by file or environment; without a terminal every answer comes by an option.
    #[command(
        after_help = "Examples:\n  gatherd init\n  gatherd init --network acme --access-token-file access_token --yes\n  \
gatherd init --print"
    )]
    Init(Box<Init>),
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
    /// Draw a chart of one group into a file, and say what it shows
    ///
    /// The months it met, who came to each event, its pauses, who hosted, who came back, how yes comes in.
    #[command(
        after_help = "Examples:\n  gatherd chart months --group acme-berlin --out months.svg\n  \
gatherd chart turnout --group acme-berlin --out turnout.png --dark"
    )]
    Chart(Chart),
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
    /// Say who looks after a group for you
    #[command(
        after_help = "Examples:\n  gatherd owner acme-berlin Ana\n  gatherd owner acme-berlin --off"
    )]
    Owner(Owner),
    /// List what was noted, asked, muted and agreed, or take it back
    #[command(
        after_help = "Examples:\n  gatherd notes\n  gatherd notes acme-berlin\n  gatherd notes --remove n3"
    )]
    Notes(Notes),
    /// Take in what you keep beside Meetup: what was spent, what may be, what currencies were worth
    ///
    /// A file is all taken or not at all. Under one name there is what its file said last: a corrected file replaces it,
    /// the same file twice changes nothing.
    #[command(
        after_help = "Examples:\n  gatherd import spending 2026.csv --dry-run\n  gatherd import list\n  \
gatherd import undo 2026.csv"
    )]
    Import(Import),
    /// Erase a person, for good
    ///
    /// Number and name go from everything that is kept, and stay away whatever Meetup shows; what they did counts on
    /// as somebody's. There is no undo.
    #[command(
        after_help = "Examples:\n  gatherd forget 123456789\n  gatherd forget --stdin < numbers"
    )]
    Forget(Forget),
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
    #[command(
        after_help = "Examples:\n  gatherd doctor\n  gatherd doctor --probe\n  gatherd doctor --privacy"
    )]
    Doctor(Doctor),
    /// The messages to the channels: list, retry, test
    #[command(
        after_help = "Examples:\n  gatherd deliveries list\n  gatherd deliveries retry all\n  \
gatherd deliveries test ops"
    )]
    Deliveries(Deliveries),
    /// Copy the database while the daemon runs, and look the copy through
    ///
    /// Into a file that is not there yet, or into a folder, named by the instant. The copy is one file, for your
    /// eyes only, and has its name only once it is whole.
    #[command(
        after_help = "Examples:\n  gatherd backup before-the-upgrade.db\n  gatherd backup backups/ --keep 7"
    )]
    Backup(Backup),
    /// Put a backup in the database's place; what is there is moved aside, never destroyed
    ///
    /// Refused while the daemon or a pass is at work, and where the backup is not whole, is of a newer gatherd, or
    /// mirrors something else.
    #[command(after_help = "Example: gatherd restore backups/gatherd-2026-11-29T023000Z.db")]
    Restore(Restore),
    /// Write the data in tables, as CSV, JSON lines or Parquet, with a description of every column
    ///
    /// All views of the database, the figures of each group, and its months. One state, whoever writes meanwhile; the
    /// same state is the same export, byte for byte. What it holds is out of reach of `gatherd forget`.
    #[command(
        after_help = "Examples:\n  gatherd export --format csv --out export\n  \
gatherd export --format parquet --out export --since 2025-01-01 --no-people\n  \
gatherd export --format jsonl --out export --tables groups,group_metrics"
    )]
    Export(Export),
    /// Print completions for a shell
    #[command(
        after_help = "Example: gatherd completions bash > ~/.local/share/bash-completion/completions/gatherd"
    )]
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
    /// Show the configuration as it counts, and where each value came from
    #[command(
        after_help = "Example: gatherd config --format json\n\nOf a secret only that it is set is shown."
    )]
    Config(Config),
    /// Print the manual page, or write those of all commands
    #[command(
        after_help = "Examples:\n  gatherd man | man -l -\n  gatherd man --out ~/.local/share/man/man1"
    )]
    Man(Man),
}

/// `config`.
#[derive(Debug, Clone, Args)]
pub struct Config {
    /// As a table for people, or as JSON
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    pub format: ConfigFormat,
}

/// How the configuration is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ConfigFormat {
    /// A table.
    Text,
    /// JSON.
    Json,
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
    use clap::CommandFactory as _;

    fn said(words: &str) -> Result<Cli, clap::Error> {
        Cli::try_parse_from(words.split(' '))
    }

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_manual_names_the_commands_and_completions_ask_the_program() {
        let (mut completions, mut man) = (Vec::new(), Vec::new());
        Cli::write_completions(clap_complete::Shell::Bash, &mut completions).unwrap();
        Cli::write_man(&mut man).unwrap();
        assert!(String::from_utf8(man).unwrap().contains("backfill"));
        assert!(String::from_utf8(completions).unwrap().contains(COMPLETES));
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
            "gatherd chart months --group acme",
            "gatherd chart months --out acme.svg",
            "gatherd chart pie --group acme --out acme.svg",
            "gatherd chart months --group acme --out acme.gif",
            "gatherd chart months --group acme --out acme",
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
            "gatherd backup",
            "gatherd backup backups --keep 0",
            "gatherd restore",
            "gatherd export --format csv",
            "gatherd export --out x",
            "gatherd export --format xls --out x",
            "gatherd export --format csv --out x --since soon",
        ] {
            assert_eq!(said(words).unwrap_err().exit_code(), 2, "{words}");
        }
        assert_eq!(said("gatherd --help").unwrap_err().exit_code(), 0);
    }
}
