//! `gatherd init`: from nothing to a configuration that was seen to work, one question at a time.

mod asking;
mod basics;
mod beginning;
mod channel;
mod look;
mod missing;
mod network;
mod people;
mod service;
mod signing_in;

pub(super) use people::id as member_id;

use super::{Exit, doctor, print};
use crate::{
    app::init::{Answer, CONFIGURATION, Draft, Place, SignIn, examine},
    cli::{Global, Init},
    config::DEFAULT_FILE,
    daemon::signals,
    meetup::Stop,
    off_thread::off_thread,
    sync::SyncError,
};
use anyhow::Result;
use asking::Asker;
use beginning::Beginning;
use chrono::Local;
use std::{
    path::{Path, PathBuf},
    time::Duration,
};

/// Every key with its default and a remark.
const EXAMPLE: &str = include_str!("../../config/gatherd.toml");
/// What is under way is given so long after a signal.
const LAST_MOMENT: Duration = Duration::from_millis(3_500);

pub(super) async fn run(global: &Global, args: &Init) -> Result<Exit> {
    if args.print {
        print(EXAMPLE)?;
        return Ok(Exit::Done);
    }
    let place = Place::of(file(global))?;
    let stop = Stop::default();
    signals::listen(stop.clone());
    let asker = Asker::new(args.yes, stop.clone());
    if !asker.is_there() {
        missing::check(args)?;
    }
    tokio::select! {
        begun = begin(global, args, asker, place) => begun,
        () = stop.is_late(LAST_MOMENT) => Err(SyncError::Stopped.into()),
    }
}

async fn begin(global: &Global, args: &Init, asker: Asker, place: Place) -> Result<Exit> {
    let mut begun = Beginning {
        global,
        args,
        asker,
        draft: Draft {
            day: Local::now().date_naive(),
            database: database(global),
            addresses: Vec::new(),
            sign_in: SignIn::Token(Answer::InEnvironment),
            network: args.network.clone(),
            timezone: basics::of_this_machine(),
            every_months: 1,
            events_per_year: None,
            staff: Vec::new(),
            chat: None,
        },
        place,
    };
    begun.check_service()?;
    begun.ask_network().await?;
    let is_signed_in = begun.sign_in().await?;
    if is_signed_in {
        begun.find_network_by_some_token().await?;
    }
    begun.ask_basics().await?;
    if is_signed_in {
        let looked = begun.look().await?;
        begun.ask_people(looked).await?;
    } else {
        begun.take_people()?;
    }
    begun.ask_channel().await?;
    if is_signed_in {
        begun.preview().await?;
    }
    let service = begun.ask_service().await?;
    let written = begun.place.write(&begun.draft)?;
    let mut told = "\nWritten, for your eyes only:\n".to_owned();
    for path in &written {
        told.push_str(&format!("  {}\n", path.display()));
    }
    print(&told)?;
    let path = begun.offer_service(service, &written).await?;
    begun.end(&path, is_signed_in).await
}

impl Beginning<'_> {
    /// Everything is checked once more, as the file has it by then.
    async fn end(&self, path: &Path, is_signed_in: bool) -> Result<Exit> {
        let global = Global {
            config: Some(path.to_owned()),
            ..self.global.clone()
        };
        print("\n")?;
        if path == Path::new(CONFIGURATION) {
            let looked = off_thread(examine).await;
            print(service::INSTALLED_NEXT)?;
            if !is_signed_in {
                print(service::SIGN_IN_NEXT)?;
            }
            return Ok(looked.map_or(Exit::Done, Exit::of_code));
        }
        let exit = doctor::run(&global, &doctor::plainly()).await?;
        let named = match path == Path::new(DEFAULT_FILE) {
            true => String::new(),
            false => format!(" --config {}", path.display()),
        };
        let mut next = "\nWhat comes next:\n".to_owned();
        let mut line = |command: &str, does: &str| {
            next.push_str(&format!("  gatherd{named} {command:<10} {does}\n"));
        };
        if !is_signed_in {
            line("auth login", "signs in, which needs a person once");
        }
        line("run", "keeps it up to date, and reads the rest");
        line("digest", "Monday's message, here and now");
        line("status", "what was read, and what comes next");
        print(&next)?;
        Ok(exit)
    }
}

/// Where the configuration is to be.
fn file(global: &Global) -> PathBuf {
    let by_variable = || {
        let named = std::env::var("GATHERD_CONFIG").ok();
        named.filter(|it| !it.trim().is_empty()).map(PathBuf::from)
    };
    let named = global.config.clone().or_else(by_variable);
    named.unwrap_or_else(|| PathBuf::from(DEFAULT_FILE))
}

/// The mirror's file as the configuration has it: beside it, but where the command line names another.
fn database(global: &Global) -> String {
    let named = global.database.as_deref().map(std::path::absolute);
    match named {
        Some(Ok(path)) => path.display().to_string(),
        _ => "gatherd.db".to_owned(),
    }
}
