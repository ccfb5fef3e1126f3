//! `gatherd sync`: one pass, then the units of work that are due.

use super::{Exit, opening, print, said, signals};
use crate::{
    cli::{Global, Sync},
    config::Need,
    sync::PassAsk,
};
use anyhow::Result;
use chrono::Utc;
use std::time::Instant;

pub(super) async fn run(global: &Global, args: &Sync) -> Result<Exit> {
    let config = opening::config(global, Need::Meetup)?;
    let database = opening::mirror(&config)?;
    if args.accept_shrink {
        // Before the lock, so that a daemon at work takes it up with its next pass.
        database.write(Utc::now(), |w| w.accept_shrink())?;
    }
    let _lock = opening::lock(&config, args.wait).await?;
    let syncer = opening::syncer(&config, &database, opening::BUDGET_WINDOW)?;
    signals::listen(syncer.stop_switch());
    let started = Instant::now();
    let report = syncer
        .pass(PassAsk {
            sweep: args.sweep,
            work_units: true,
        })
        .await?;
    let name = if args.sweep { "sweep" } else { "pass" };
    print(&said::pass(
        name,
        &report,
        syncer.progress().seen(),
        started.elapsed(),
    ))?;
    Ok(report.outcome.into())
}
