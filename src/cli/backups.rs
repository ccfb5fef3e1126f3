//! The command line of copies: made, and put back.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::Args;

/// `backup`.
#[derive(Debug, Clone, Args)]
pub struct Backup {
    /// A file that is not there yet; or a folder, where it is named by the instant
    #[arg(value_name = "FILE|DIR")]
    pub into: PathBuf,
    /// In a folder: keep only the N newest backups of this database, and remove the older ones
    #[arg(long, value_name = "N")]
    pub keep: Option<NonZeroUsize>,
}

/// `restore`.
#[derive(Debug, Clone, Args)]
pub struct Restore {
    /// The backup
    #[arg(value_name = "FILE")]
    pub from: PathBuf,
}
