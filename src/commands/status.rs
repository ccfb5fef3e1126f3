//! `gatherd status`: what was read when, what fails since when, what comes next, what is undelivered.
//!
//! It needs the database alone, and works beside a daemon. The facts are gathered in one read
//! transaction, judged, and then written for people or for programs.

mod facts;
mod json;
mod text;
mod troubles;

use super::{Exit, opening, print, print_json};
use crate::{
    cli::{Global, Status},
    config::Need,
};
use anyhow::Result;
use chrono::Utc;

pub(super) fn run(global: &Global, args: &Status) -> Result<Exit> {
    let config = opening::config(global, Need::Database)?;
    let database = opening::existing(&config)?;
    let now = Utc::now();
    let facts = facts::gather(&config, &database, now)?;
    let troubles = troubles::of(&config.schedule, &facts, now);
    if args.json {
        print_json(&format!("{:#}\n", json::write(&facts, &troubles, now)))?;
    } else if !args.check {
        print(&text::write(&facts, &troubles, now, args.groups))?;
    } else if !troubles.is_empty() {
        let reasons: Vec<&str> = troubles.iter().map(|it| it.reason.as_str()).collect();
        print(&format!("{}\n", reasons.join("\n")))?;
    }
    Ok(if args.check {
        troubles::exit(&troubles)
    } else {
        Exit::Done
    })
}
