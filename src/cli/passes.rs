//! Passes made by hand, on the command line.

use chrono::NaiveDate;
use clap::Args;

use super::pasted;

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

fn date(text: &str) -> Result<NaiveDate, String> {
    text.parse()
        .map_err(|_| "write a date such as 2026-01-31".to_owned())
}
