//! `gatherd sync`: one pass, then the units of work that are due, then the alerts that follow.
//!
//! Whoever runs it from cron has no daemon, so it files alerts and sends what is due, as the daemon
//! would. Digests stay with the daemon and `report --send`.

use super::{Exit, config, delivered, print, said};
use crate::{
    app::{
        alerts,
        database::Database,
        heartbeat::{self, Passed},
        imports, opening, passes, privacy,
        snapshot::Snapshots,
    },
    cli::{Global, Sync},
    community::shown,
    config::Need,
    daemon::signals,
    report::many,
    sync::{Outcome, PassAsk, SyncError},
};
use anyhow::Result;
use chrono::Utc;
use std::time::Instant;

pub(super) async fn run(global: &Global, args: &Sync) -> Result<Exit> {
    let config = config(global, Need::Meetup)?;
    let database = match opening::mirror(&config).await {
        Ok(database) => database,
        Err(error) => {
            heartbeat::tell_unbegun(&config, &error).await;
            return Err(error);
        }
    };
    if let Some(of) = &args.accept_shrink {
        // Before the lock, so that a daemon at work takes it up with its next pass.
        accept(&database, of.clone()).await?;
    }
    let _lock = opening::lock(&config, args.wait).await?;
    privacy::clean(&database).await;
    let syncer = opening::syncer(&config, &database, opening::BUDGET_WINDOW)?;
    signals::listen(syncer.stop_switch());
    // How groups are found so far is no news; what this pass changes is.
    let snapshots = Snapshots::default();
    let looked = alerts::first_looks(&config, &database, &snapshots, Utc::now());
    signals::finished(&syncer, looked).await??;
    let started = Instant::now();
    let asked = PassAsk {
        sweep: args.sweep,
        work_units: true,
    };
    let passed = match signals::finished(&syncer, syncer.pass(asked)).await? {
        Err(stopped @ SyncError::Stopped) => return Err(stopped.into()),
        passed => passed,
    };
    if let Some(passed) = Passed::of(&passed) {
        let telling = heartbeat::tell(&config, &database, passed);
        signals::finished(&syncer, telling).await?;
    }
    let name = if args.sweep { "sweep" } else { "pass" };
    if let Ok(report) = &passed
        && !(global.is_quiet() && said::is_routine(report))
    {
        let seen = syncer.progress().seen();
        print(&said::pass(name, report, seen, started.elapsed()))?;
    }
    signals::finished(&syncer, imports::renew(&config, &database)).await?;
    // A pass that failed is what the operator is to hear of.
    let told = passes::tell(&config, &database, syncer.stop_switch());
    let told = signals::finished(&syncer, told)
        .await?
        .and_then(|mut told| {
            if global.is_quiet() {
                told.sent.clear();
            }
            print(&delivered::told(&told))?;
            Ok(delivered::exit(&told))
        });
    Ok(match (passed?.outcome, told?) {
        (Outcome::Done, exit) => exit,
        (outcome, _) => outcome.into(),
    })
}

/// Accepts the losses that are not believed now, and nothing later.
async fn accept(database: &Database, of: Option<String>) -> Result<()> {
    let place = of
        .as_deref()
        .map_or_else(String::new, |name| format!(" in {}", shown(name)));
    let accepted = passes::accept_losses(database, of).await?;
    if accepted == 0 {
        tracing::warn!(
            "nothing to accept: no loss{place} is doubted now; `gatherd status` tells of those that are"
        );
    } else {
        let losses = many(accepted as u64, "loss", "losses");
        tracing::info!("accepted: the next pass, whoever runs it, believes {losses}{place}");
    }
    Ok(())
}
