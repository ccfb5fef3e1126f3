//! What shells and `man` take up of the command line.

use super::Cli;
use clap::{Args, Command, CommandFactory as _};
use clap_complete::env::Shells;
use std::{
    io::Write,
    path::{Path, PathBuf},
};

/// The environment variable by which a shell asks for completions.
pub const COMPLETES: &str = "GATHERD_COMPLETE";

/// `man`.
#[derive(Debug, Clone, Args)]
pub struct Man {
    /// Write the pages of all commands into this folder
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

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
        clap_mangen::Man::new(in_full(Self::command())).render(&mut out)
    }

    /// Writes the manual pages of the program and of each command, in roff, as files of a folder.
    ///
    /// # Errors
    ///
    /// If the folder cannot be made or written.
    pub fn write_men(folder: &Path) -> std::io::Result<()> {
        std::fs::create_dir_all(folder)?;
        clap_mangen::generate_to(in_full(Self::command()), folder)
    }
}

/// With what short help leaves out: a manual page has room for it.
fn in_full(command: Command) -> Command {
    let command = command.mut_args(|arg| arg.hide_short_help(false));
    command.mut_subcommands(in_full)
}
