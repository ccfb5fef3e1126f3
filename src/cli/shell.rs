//! What shells and `man` take up of the command line.

use super::Cli;
use clap::CommandFactory as _;
use clap_complete::env::Shells;
use std::io::Write;

/// The environment variable by which a shell asks for completions.
pub const COMPLETES: &str = "GATHERD_COMPLETE";

impl Cli {
    /// Writes what a shell needs to ask this program for completions: the names of groups and channels are known to it
    /// alone, as they are when Tab is pressed.
    ///
    /// # Errors
    ///
    /// If `out` cannot be written.
    pub fn write_completions(
        shell: clap_complete::Shell,
        mut out: &mut dyn Write,
    ) -> std::io::Result<()> {
        match Shells::builtins().completer(&shell.to_string()) {
            Some(known) => {
                known.write_registration(COMPLETES, "gatherd", "gatherd", "gatherd", &mut out)
            }
            None => Ok(()),
        }
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
