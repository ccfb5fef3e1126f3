//! `gatherd sync`: one pass, then the units of work that are due, then the alerts that follow.
//!
//! Whoever runs it from cron has no daemon, so it files alerts and sends what is due, as the daemon
//! would. Digests stay with the daemon and `report --send`.

use super::{Exit, alerting, opening, post, print, said, signals, troubles};
use crate::{
    cli::{Global, Sync},
    config::{Config, Need},
    mirror::Mirror,
    sync::{Outcome, PassAsk, SyncError},
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
        tracing::info!("the shrink is accepted, once: the next pass takes it up, whoever makes it");
    }
    let _lock = opening::lock(&config, args.wait).await?;
    let syncer = opening::syncer(&config, &database, opening::BUDGET_WINDOW)?;
    signals::listen(syncer.stop_switch());
    // How groups are found so far is no news; what this pass changes is.
    alerting::first_looks(&config, &database, Utc::now())?;
    let started = Instant::now();
    let passed = syncer
        .pass(PassAsk {
            sweep: args.sweep,
            work_units: true,
        })
        .await;
    let passed = match passed {
        Err(stopped @ SyncError::Stopped) => return Err(stopped.into()),
        passed => passed,
    };
    let name = if args.sweep { "sweep" } else { "pass" };
    if let Ok(report) = &passed {
        let seen = syncer.progress().seen();
        print(&said::pass(name, report, seen, started.elapsed()))?;
    }
    // A pass that failed is what the operator is to hear of.
    let told = tell(&config, &database).await;
    Ok(match (passed?.outcome, told?) {
        (Outcome::Done, false) => Exit::Partly,
        (outcome, _) => outcome.into(),
    })
}

/// Files what there is to tell and sends what is due; whether all of it arrived.
async fn tell(config: &Config, database: &Mirror) -> Result<bool> {
    let office = post::Post::open(config, database)?;
    let now = Utc::now();
    if alerting::is_due(database, now)? {
        alerting::groups(config, database, &office, now)?;
    }
    troubles::operator(config, database, &office, now, None)?;
    let drained = office.drain().await?;
    print(&post::told(&drained))?;
    Ok(drained.later.is_empty() && drained.dead.is_empty())
}
