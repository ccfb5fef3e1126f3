//! The `gatherd` binary: reads the command line, runs the command, ends with its exit code.

use clap::Parser;
use gatherd::{cli::Cli, commands, telemetry};
use std::process::ExitCode;

fn main() -> ExitCode {
    commands::complete();
    let cli = Cli::parse();
    let env = |name: &str| std::env::var(name).ok();
    let colour = telemetry::Colour::from(cli.global.color);
    telemetry::start(
        cli.global.log_format.into(),
        colour.on_stderr(&env),
        cli.global.verbosity(),
    );
    ExitCode::from(commands::run(cli))
}
