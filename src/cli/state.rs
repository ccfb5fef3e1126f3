//! How things stand, and whether all is right: `status` and `doctor`.

use super::TextFormat;
use clap::Args;

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
    /// Print what is kept about people, why and for how long, instead of checking
    #[arg(long, conflicts_with_all = ["probe", "post"])]
    pub privacy: bool,
    /// How it is written
    #[arg(long, value_enum, default_value_t)]
    pub format: TextFormat,
    /// As JSON: the same as --format json
    #[arg(long)]
    pub json: bool,
}
