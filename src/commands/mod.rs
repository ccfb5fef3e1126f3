//! The commands: each opens what it needs, calls the rooms, prints, and ends with an exit code.

mod asked;
mod auth;
mod backfill;
mod bars;
mod configured;
mod contact;
mod delivered;
mod deliveries;
mod demo;
mod digest;
mod doctor;
mod exit;
mod groups;
mod letter;
mod mute;
mod note;
mod notes;
mod paging;
mod printing;
mod report;
mod run;
mod said;
mod status;
mod sync;
mod target;

use crate::cli::{Cli, Command};
use configured::config;
pub use exit::Exit;
use printing::{json, print};

/// Runs a command to its end and answers the process exit code.
pub fn run(cli: Cli) -> u8 {
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("error: the program cannot start its tasks: {error}");
            return Exit::Failed as u8;
        }
    };
    let ended = runtime.block_on(dispatch(cli));
    // Whatever still runs holds nothing that a kill could not hold.
    runtime.shutdown_background();
    match ended {
        Ok(exit) => exit as u8,
        Err(error) => exit::tell(&error) as u8,
    }
}

async fn dispatch(cli: Cli) -> anyhow::Result<Exit> {
    let global = &cli.global;
    match cli.command {
        Command::Demo(args) => demo::run(global, &args).await,
        Command::Backfill(args) => backfill::run(global, &args).await,
        Command::Sync(args) => sync::run(global, &args).await,
        Command::Run => run::run(global).await,
        Command::Report(args) => report::run(global, &args).await,
        Command::Digest(args) => digest::run(global, &args).await,
        Command::Groups(args) => groups::run(global, &args).await,
        Command::Letter(args) => letter::run(global, &args).await,
        Command::Doctor(args) => doctor::run(global, &args).await,
        Command::Status(args) => status::run(global, &args).await,
        Command::Note(args) => note::run(global, &args).await,
        Command::Asked(args) => asked::run(global, &args).await,
        Command::Mute(args) => mute::run(global, &args).await,
        Command::Target(args) => target::run(global, &args).await,
        Command::Notes(args) => notes::run(global, &args).await,
        Command::Auth(args) => auth::run(global, &args.command).await,
        Command::Deliveries(args) => deliveries::run(global, &args.command).await,
        Command::Completions { shell } => {
            Cli::write_completions(shell, &mut std::io::stdout());
            Ok(Exit::Done)
        }
        Command::Man => {
            Cli::write_man(&mut std::io::stdout())?;
            Ok(Exit::Done)
        }
    }
}
