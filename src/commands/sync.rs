//! `gatherd sync`: one pass, then the units of work that are due, then the alerts that follow.
//!
//! Whoever runs it from cron has no daemon, so it files alerts and sends what is due, as the daemon
//! would. Digests stay with the daemon and `report --send`.

use super::{Exit, config, delivered, print, said};
use crate::{
    app::{alerts, opening, operator, outbox, snapshot::Snapshots},
    cli::{Global, Sync},
    config::{Config, Need},
    daemon,
    mirror::Mirror,
    sync::{Outcome, PassAsk, SyncError},
};
use anyhow::Result;
use chrono::Utc;
use std::time::Instant;

pub(super) async fn run(global: &Global, args: &Sync) -> Result<Exit> {
    let config = config(global, Need::Meetup)?;
    let database = opening::mirror(&config)?;
    if args.accept_shrink {
        // Before the lock, so that a daemon at work takes it up with its next pass.
        database.write(Utc::now(), |w| w.accept_shrink())?;
        tracing::info!(
            "accepted: the next pass, whoever runs it, believes once that a roster shrank"
        );
    }
    let _lock = opening::lock(&config, args.wait).await?;
    let syncer = opening::syncer(&config, &database, opening::BUDGET_WINDOW)?;
    daemon::signals::listen(syncer.stop_switch());
    // How groups are found so far is no news; what this pass changes is.
    alerts::first_looks(&config, &database, &Snapshots::default(), Utc::now())?;
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
    if let Ok(report) = &passed
        && !(global.is_quiet() && said::is_routine(report))
    {
        let seen = syncer.progress().seen();
        print(&said::pass(name, report, seen, started.elapsed()))?;
    }
    // A pass that failed is what the operator is to hear of.
    let told = tell(&config, &database, global.is_quiet()).await;
    Ok(match (passed?.outcome, told?) {
        (Outcome::Done, false) => Exit::Partly,
        (outcome, _) => outcome.into(),
    })
}

/// Files what there is to tell and sends what is due; whether all of it arrived.
async fn tell(config: &Config, database: &Mirror, is_quiet: bool) -> Result<bool> {
    let office = outbox::Post::open(config, database)?;
    let now = Utc::now();
    if alerts::is_due(database, now)? {
        alerts::groups(config, database, &Snapshots::default(), &office, now)?;
    }
    operator::operator(config, database, &office, now, None)?;
    let mut drained = office.drain().await?;
    if is_quiet {
        drained.sent.clear();
    }
    print(&delivered::told(&drained))?;
    Ok(drained.later.is_empty() && drained.dead.is_empty())
}
