//! Erasing persons on the command line.

use clap::Args;

/// `forget`.
#[derive(Debug, Clone, Args)]
pub struct Forget {
    /// The member's number at Meetup, or the address of their page
    #[arg(value_name = "MEMBER_ID", required_unless_present_any = ["stdin", "undo"])]
    pub member: Option<String>,
    /// Read many from standard input, one a line
    #[arg(long, conflicts_with = "member")]
    pub stdin: bool,
    /// There is no such thing, and this says so
    #[arg(long)]
    pub undo: bool,
}
