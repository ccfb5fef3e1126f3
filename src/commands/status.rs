//! `gatherd status`: what was read when, what fails since when, what comes next, what is undelivered.
//!
//! It needs the database alone, and works beside a daemon. The facts are gathered in one read
//! transaction, judged, and then written for people or for programs.

mod json;
mod text;

use super::{Exit, config, print};
use crate::{
    app::{
        health::{self, Trouble},
        imports, opening,
    },
    cli::{Global, Status},
    config::{Config, Need},
    off_thread::off_thread,
};
use anyhow::Result;
use chrono::{DateTime, Utc};

pub(super) async fn run(global: &Global, args: &Status) -> Result<Exit> {
    let config = config(global, Need::Database)?;
    let now = Utc::now();
    if args.live {
        return live(&config, now).await;
    }
    let database = opening::existing(&config).await?;
    let facts = health::gather(&config, &database, now).await?;
    let files = imports::look(&config, &database).await?;
    let troubles = health::of(&config.schedule, &facts, now);
    if args.json {
        print(&super::json(&json::write(&facts, &files, &troubles, now))?)?;
    } else if !args.check {
        let columns = super::paging::known_columns();
        print(&text::write(
            (&facts, &files),
            &troubles,
            now,
            args.groups,
            columns,
        ))?;
    } else if !troubles.is_empty() {
        let reasons: Vec<&str> = troubles.iter().map(|it| it.reason.as_str()).collect();
        print(&format!("{}\n", reasons.join("\n")))?;
    }
    Ok(if args.check {
        exit(&troubles)
    } else {
        Exit::Done
    })
}

/// Whether the daemon is alive. Not even the database is opened: it may be busy, or its disk full.
async fn live(config: &Config, now: DateTime<Utc>) -> Result<Exit> {
    let database = config.database.clone();
    let why_not = off_thread(move || health::lifeless(&database, now)).await;
    if why_not.is_empty() {
        return Ok(Exit::Done);
    }
    print(&format!("{}\n", why_not.join("\n")))?;
    Ok(Exit::Failed)
}

fn exit(troubles: &[Trouble]) -> Exit {
    if troubles.iter().any(|it| it.is_sign_in) {
        Exit::SignIn
    } else if troubles.is_empty() {
        Exit::Done
    } else {
        Exit::Failed
    }
}
