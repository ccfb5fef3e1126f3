//! `init` on the command line: every answer it asks for, but secrets, which come by file, environment or prompt.

use std::path::PathBuf;

use chrono_tz::Tz;
use clap::{Args, ValueEnum};

use super::pasted;
use crate::config;

/// `init`.
#[derive(Debug, Clone, Args)]
pub struct Init {
    /// Your Pro network, by its address or the last part of it
    #[arg(long, value_name = "URLNAME", value_parser = pasted)]
    pub network: Option<String>,
    /// The key of your OAuth client at Meetup
    #[arg(long, value_name = "KEY", conflicts_with = "access_token_file")]
    pub client_id: Option<String>,
    /// A file with that client's secret alone in it [or GATHERD_MEETUP_CLIENT_SECRET]
    #[arg(long, value_name = "FILE", requires = "client_id")]
    pub client_secret_file: Option<PathBuf>,
    /// A file with an access token alone in it, for a look [or GATHERD_MEETUP_ACCESS_TOKEN]
    #[arg(long, value_name = "FILE")]
    pub access_token_file: Option<PathBuf>,
    /// Your own people: the numbers in their pages' addresses, apart by commas; "" for nobody
    #[arg(long, value_name = "IDS", value_delimiter = ',')]
    pub staff: Option<Vec<String>>,
    /// The zone your Mondays are counted in, such as Europe/Berlin
    #[arg(long, value_name = "ZONE", value_parser = zone)]
    pub timezone: Option<Tz>,
    /// How often groups should meet: one event every so many months
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=4))]
    pub every_months: Option<u8>,
    /// Events a year that your policy asks of each group; 0 for no policy
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=365))]
    pub events_per_year: Option<u32>,
    /// What Monday's channel is called in commands
    #[arg(long, value_name = "NAME", requires = "channel_url_file")]
    pub channel_name: Option<String>,
    /// A file with the address of its webhook alone in it
    #[arg(long, value_name = "FILE")]
    pub channel_url_file: Option<PathBuf>,
    /// How it is to be kept running: told with its commands, done where this account may
    #[arg(long, value_enum, value_name = "WAY")]
    pub service: Option<Service>,
    /// Take the default of every question that is not answered here
    #[arg(short, long)]
    pub yes: bool,
    /// Print the example, with every key and a remark, and do nothing else
    #[arg(long)]
    pub print: bool,
}

/// Who keeps it running.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Service {
    /// Nobody yet
    None,
    /// systemd, as the user gatherd
    Systemd,
    /// cron: a pass every quarter of an hour
    Cron,
    /// A container, by docker compose
    Compose,
}

fn zone(text: &str) -> Result<Tz, String> {
    config::zone(text)
}
