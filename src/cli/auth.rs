//! The sign-in on the command line.

use clap::{Args, Subcommand};

/// `auth`.
#[derive(Debug, Clone, Args)]
pub struct Auth {
    /// What to do about the sign-in.
    #[command(subcommand)]
    pub command: AuthCommand,
}

/// What `auth` does.
#[derive(Debug, Clone, Subcommand)]
pub enum AuthCommand {
    /// Sign in through the browser
    ///
    /// Opens Meetup's page and waits for its answer. On a machine without a browser, open the printed
    /// address elsewhere and paste the address that the browser ends at.
    #[command(after_help = "Examples:\n  gatherd auth login\n  gatherd auth login --no-browser")]
    Login(Login),
    /// Say who is signed in, how, until when, and what that account can see
    #[command(after_help = "Example: gatherd auth status --json")]
    Status {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Forget the tokens that are kept on this machine
    #[command(after_help = "Example: gatherd auth logout")]
    Logout,
}

/// `auth login`.
#[derive(Debug, Clone, Args)]
pub struct Login {
    /// Only print the address
    #[arg(long)]
    pub no_browser: bool,
    /// How long to wait for the answer
    #[arg(long, default_value_t = 300, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub timeout: u64,
}
