//! `gatherd backfill`: the whole history, once.

use super::{Exit, bars::Bars, config, print, said};
use crate::{
    app::{alerts, opening, snapshot::Snapshots},
    cli::{Backfill, Global},
    config::Need,
    daemon::signals,
    mirror,
    sync::BackfillAsk,
};
use anyhow::Result;
use chrono::{NaiveTime, Utc};
use std::time::Instant;

pub(super) async fn run(global: &Global, args: &Backfill) -> Result<Exit> {
    let config = config(global, Need::Meetup)?;
    let database = opening::mirror(&config).await?;
    let _lock = opening::lock(&config, args.wait).await?;
    let syncer = opening::syncer(&config, &database, opening::BUDGET_WINDOW)?;
    signals::listen(syncer.stop_switch());
    let ask = BackfillAsk {
        since: args.since.map(|day| day.and_time(NaiveTime::MIN).and_utc()),
        groups: args.group.iter().cloned().collect(),
        restart: args.restart,
    };
    let started = Instant::now();
    let bars = Bars::show(&syncer);
    let report = signals::finished(&syncer, syncer.backfill(&ask)).await;
    drop(bars);
    let report = report??;
    // From here on, what changes is news.
    let looked = database.with(move |mirror| {
        alerts::first_looks(&config, mirror, &Snapshots::default(), Utc::now())
    });
    signals::finished(&syncer, looked).await??;
    let mut text = said::pass(
        "backfill",
        &report,
        syncer.progress().seen(),
        started.elapsed(),
    );
    if report.requests == 0 && report.failures.is_empty() {
        text =
            "nothing is left to fetch; `gatherd backfill --restart` would read everything again\n"
                .to_owned();
    }
    let now = Utc::now();
    let incomplete = database
        .read(mirror::roster)
        .await?
        .iter()
        .filter(|group| group.gone_at.is_none() && !group.history_complete)
        .count();
    if incomplete > 0 {
        text.push_str(&format!(
            "history is incomplete for {incomplete} groups, so reports give them no status yet; \
             run `gatherd backfill` for the rest\n"
        ));
    }
    tracing::debug!(took = ?started.elapsed(), at = %now, "backfill ended");
    print(&text)?;
    Ok(report.outcome.into())
}
