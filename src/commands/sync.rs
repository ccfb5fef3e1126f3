//! `gatherd sync`: one pass, then the units of work that are due, then the alerts that follow.
//!
//! Whoever runs it from cron has no daemon, so it files alerts and sends what is due, as the daemon
//! would. Digests stay with the daemon and `report --send`.

use super::{Exit, config, delivered, print, said};
use crate::{
    app::{alerts, database::Database, opening, operator, outbox, snapshot::Snapshots},
    cli::{Global, Sync},
    community::shown,
    config::{Config, Need},
    daemon::signals,
    meetup::Stop,
    mirror::Whither,
    report::many,
    sync::{Outcome, PassAsk, SyncError},
};
use anyhow::Result;
use chrono::Utc;
use std::time::Instant;

pub(super) async fn run(global: &Global, args: &Sync) -> Result<Exit> {
    let config = config(global, Need::Meetup)?;
    let database = opening::mirror(&config).await?;
    if let Some(of) = &args.accept_shrink {
        // Before the lock, so that a daemon at work takes it up with its next pass.
        accept(&database, of.clone()).await?;
    }
    let _lock = opening::lock(&config, args.wait).await?;
    let syncer = opening::syncer(&config, &database, opening::BUDGET_WINDOW)?;
    signals::listen(syncer.stop_switch());
    // How groups are found so far is no news; what this pass changes is.
    let looking = config.clone();
    let looked = database.with(move |mirror| {
        alerts::first_looks(&looking, mirror, &Snapshots::default(), Utc::now())
    });
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
    let name = if args.sweep { "sweep" } else { "pass" };
    if let Ok(report) = &passed
        && !(global.is_quiet() && said::is_routine(report))
    {
        let seen = syncer.progress().seen();
        print(&said::pass(name, report, seen, started.elapsed()))?;
    }
    // A pass that failed is what the operator is to hear of.
    let told = tell(&config, &database, syncer.stop_switch(), global.is_quiet());
    let told = signals::finished(&syncer, told).await?;
    Ok(match (passed?.outcome, told?) {
        (Outcome::Done, false) => Exit::Partly,
        (outcome, _) => outcome.into(),
    })
}

/// Accepts the losses that are not believed now, and nothing later.
async fn accept(database: &Database, of: Option<String>) -> Result<()> {
    let place = of
        .as_deref()
        .map_or_else(String::new, |name| format!(" in {}", shown(name)));
    let accepted = database
        .write(move |w| w.accept_losses(of.as_deref()))
        .await?;
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

/// Files what there is to tell and sends what is due; whether all of it arrived.
async fn tell(config: &Config, database: &Database, stop: Stop, is_quiet: bool) -> Result<bool> {
    let office = outbox::Post::open(config, database)?;
    let (config, filing, now) = (config.clone(), office.clone(), Utc::now());
    database
        .with(move |mirror| {
            if alerts::is_due(mirror, now)? {
                let snapshots = Snapshots::default();
                let filed = alerts::groups(&config, mirror, &snapshots, &filing, now)?;
                alerts::log_filed(filed);
            }
            operator::operator(&config, mirror, &filing, now, None)
        })
        .await?;
    let sender = office.sender(Whither::Anywhere, move || !stop.is_thrown());
    let mut drained = sender.drain().await?;
    if is_quiet {
        drained.sent.clear();
    }
    print(&delivered::told(&drained))?;
    Ok(drained.later.is_empty() && drained.dead.is_empty())
}
