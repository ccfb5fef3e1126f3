//! What a shell is told when Tab is pressed: the names of groups and channels, as they are known then.
//!
//! Whatever is wrong, nothing is said: whoever types is told by the command itself.

use crate::{
    app::{meant, opening},
    cli::{COMPLETES, Cli},
    config::{Config, Need, Overrides},
};
use clap::CommandFactory as _;
use clap_complete::{
    CompleteEnv,
    engine::{ArgValueCompleter, CompletionCandidate},
};
use std::{
    ffi::{OsStr, OsString},
    path::PathBuf,
};

/// Answers a shell that asks, and ends; where none does, it does nothing.
pub fn complete() {
    CompleteEnv::with_factory(|| with_names(Cli::command()))
        .var(COMPLETES)
        .complete();
}

/// The arguments that name a group, and those that name a channel.
const GROUP: [&str; 2] = ["group", "accept_shrink"];
const CHANNEL: [&str; 2] = ["channel", "send"];

fn with_names(command: clap::Command) -> clap::Command {
    let command = command.mut_args(|arg| {
        let id = arg.get_id().as_str();
        if GROUP.contains(&id) {
            arg.add(ArgValueCompleter::new(groups))
        } else if CHANNEL.contains(&id) {
            arg.add(ArgValueCompleter::new(channels))
        } else {
            arg
        }
    });
    command.mut_subcommands(with_names)
}

/// The configuration that the command to be completed would read.
fn config() -> Option<Config> {
    let env = |name: &str| std::env::var(name).ok();
    let words: Vec<OsString> = std::env::args_os().collect();
    let typed = Overrides {
        config: named(&words, "--config"),
        database: named(&words, "--database"),
    };
    Config::load(&typed, &env, Need::Database).ok()
}

/// The file that stands behind an option among the words typed so far, the last of several.
fn named(words: &[OsString], option: &str) -> Option<PathBuf> {
    let own = words.iter().filter_map(|word| {
        let word = word.to_str()?;
        word.strip_prefix(option)?
            .strip_prefix('=')
            .map(PathBuf::from)
    });
    let next = words.windows(2).filter(|pair| pair[0] == option);
    own.chain(next.map(|pair| PathBuf::from(&pair[1])))
        .next_back()
}

fn groups(typed: &OsStr) -> Vec<CompletionCandidate> {
    let known = || {
        let config = config()?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .ok()?;
        let urlnames = async {
            let database = opening::existing(&config).await.ok()?;
            meant::urlnames(&database).await.ok()
        };
        runtime.block_on(urlnames)
    };
    begun(known().unwrap_or_default(), typed)
}

fn channels(typed: &OsStr) -> Vec<CompletionCandidate> {
    let channels = config().map(|it| it.channels).unwrap_or_default();
    begun(channels.into_iter().map(|it| it.name).collect(), typed)
}

/// Those that begin as was typed.
fn begun(names: Vec<String>, typed: &OsStr) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy().to_lowercase();
    let begun = names
        .into_iter()
        .filter(|it| it.to_lowercase().starts_with(&typed));
    begun.map(CompletionCandidate::new).collect()
}
