//! The commands: each opens what it needs, calls the rooms, prints, and ends with an exit code.

mod asked;
mod auth;
mod backfill;
mod backup;
mod bars;
mod chart;
mod completing;
mod configured;
mod contact;
mod delivered;
mod deliveries;
mod demo;
mod digest;
mod doctor;
mod effective;
mod exit;
mod export;
mod forget;
mod groups;
mod import;
mod init;
mod letter;
mod mute;
mod note;
mod notes;
mod owner;
mod paging;
mod printing;
mod report;
mod restore;
mod run;
mod said;
mod status;
mod sync;
mod target;

use crate::cli::{Cli, Command, Man};
use anyhow::Context as _;
pub use completing::complete;
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
        Command::Init(args) => init::run(global, &args).await,
        Command::Backfill(args) => backfill::run(global, &args).await,
        Command::Sync(args) => sync::run(global, &args).await,
        Command::Run => run::run(global).await,
        Command::Report(args) => report::run(global, &args).await,
        Command::Digest(args) => digest::run(global, &args).await,
        Command::Groups(args) => groups::run(global, &args).await,
        Command::Letter(args) => letter::run(global, &args).await,
        Command::Chart(args) => chart::run(global, &args).await,
        Command::Doctor(args) => doctor::run(global, &args).await,
        Command::Status(args) => status::run(global, &args).await,
        Command::Note(args) => note::run(global, &args).await,
        Command::Asked(args) => asked::run(global, &args).await,
        Command::Mute(args) => mute::run(global, &args).await,
        Command::Target(args) => target::run(global, &args).await,
        Command::Owner(args) => owner::run(global, &args).await,
        Command::Import(args) => import::run(global, &args.command).await,
        Command::Forget(args) => forget::run(global, &args).await,
        Command::Notes(args) => notes::run(global, &args).await,
        Command::Config(args) => effective::run(global, &args),
        Command::Auth(args) => auth::run(global, &args.command).await,
        Command::Deliveries(args) => deliveries::run(global, &args.command).await,
        Command::Backup(args) => backup::run(global, &args).await,
        Command::Restore(args) => restore::run(global, &args).await,
        Command::Export(args) => export::run(global, &args).await,
        Command::Completions { shell } => {
            let mut script = Vec::new();
            Cli::write_completions(shell, &mut script)?;
            print(&String::from_utf8_lossy(&script))?;
            Ok(Exit::Done)
        }
        Command::Man(Man { out: Some(folder) }) => {
            let written = Cli::write_men(&folder);
            written.with_context(|| {
                format!("manual pages cannot be written to {}", folder.display())
            })?;
            Ok(Exit::Done)
        }
        Command::Man(Man { out: None }) => {
            let mut page = Vec::new();
            Cli::write_man(&mut page)?;
            print(&String::from_utf8_lossy(&page))?;
            Ok(Exit::Done)
        }
    }
}
