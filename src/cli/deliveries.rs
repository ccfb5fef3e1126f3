//! The messages on the command line.

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Subcommand};

/// `deliveries`.
#[derive(Debug, Clone, Args)]
pub struct Deliveries {
    /// What to do with them.
    #[command(subcommand)]
    pub command: DeliveriesCommand,
}

/// What `deliveries` does.
#[derive(Debug, Clone, Subcommand)]
pub enum DeliveriesCommand {
    /// List the latest messages and what became of them
    #[command(after_help = "Example: gatherd deliveries list")]
    List,
    /// Try a message again now
    #[command(
        after_help = "Examples:\n  gatherd deliveries retry 12\n  gatherd deliveries retry all"
    )]
    Retry {
        /// The number in the list, or all: every message that is pending or dead
        #[arg(value_name = "ID|all", value_parser = which)]
        which: Which,
    },
    /// Give a message up without sending it
    #[command(
        after_help = "Examples:\n  gatherd deliveries drop 12\n  gatherd deliveries drop all"
    )]
    Drop {
        /// The number in the list, or all: every message that is pending, being sent or dead
        #[arg(value_name = "ID|all", value_parser = which)]
        which: Which,
    },
    /// Send a test line to a channel
    #[command(after_help = "Example: gatherd deliveries test ops")]
    Test {
        /// The channel's name
        #[arg(value_parser = NonEmptyStringValueParser::new())]
        channel: String,
    },
}

/// Which deliveries are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Every one that has not arrived.
    All,
    /// One.
    One(i64),
}

fn which(text: &str) -> Result<Which, String> {
    if text == "all" {
        return Ok(Which::All);
    }
    text.parse()
        .map(Which::One)
        .map_err(|_| "write a number of the list, or all".to_owned())
}
