//! `gatherd status`: what was read when, what fails since when, what comes next, what is undelivered.
//!
//! It needs the database alone, and works beside a daemon. The facts are gathered in one read
//! transaction, judged, and then written for people or for programs.

mod json;
mod text;

use super::{Exit, config, print, print_json};
use crate::{
    app::{
        health::{self, Trouble},
        opening,
    },
    cli::{Global, Status},
    config::Need,
};
use anyhow::Result;
use chrono::Utc;

pub(super) fn run(global: &Global, args: &Status) -> Result<Exit> {
    let config = config(global, Need::Database)?;
    let database = opening::existing(&config)?;
    let now = Utc::now();
    let facts = health::gather(&config, &database, now)?;
    let troubles = health::of(&config.schedule, &facts, now);
    if args.json {
        print_json(&format!("{:#}\n", json::write(&facts, &troubles, now)))?;
    } else if !args.check {
        print(&text::write(&facts, &troubles, now, args.groups))?;
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

fn exit(troubles: &[Trouble]) -> Exit {
    if troubles.iter().any(|it| it.is_sign_in) {
        Exit::SignIn
    } else if troubles.is_empty() {
        Exit::Done
    } else {
        Exit::Failed
    }
}
