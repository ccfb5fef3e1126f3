//! `gatherd backfill`: the whole history, once.

use super::{Exit, bars::Bars, config, print, said};
use crate::{
    app::{alerts, opening, passes, privacy, snapshot::Snapshots},
    cli::{Backfill, Global},
    config::Need,
    daemon::signals,
    sync::BackfillAsk,
};
use anyhow::Result;
use chrono::{NaiveTime, Utc};
use std::time::Instant;

pub(super) async fn run(global: &Global, args: &Backfill) -> Result<Exit> {
    let config = config(global, Need::Meetup)?;
    let database = opening::mirror(&config).await?;
    let _lock = opening::lock(&config, args.wait).await?;
    privacy::clean(&database).await;
    let syncer = opening::syncer(&config, &database, opening::BUDGET_WINDOW)?;
    signals::listen(syncer.stop_switch());
    let ask = BackfillAsk {
        since: args.since.map(|day| day.and_time(NaiveTime::MIN).and_utc()),
        groups: args.group.iter().cloned().collect(),
        members_later: false,
        restart: args.restart,
    };
    let started = Instant::now();
    let bars = Bars::show(&syncer);
    let report = signals::finished(&syncer, syncer.backfill(&ask)).await;
    drop(bars);
    let report = report??;
    // From here on, what changes is news.
    let snapshots = Snapshots::default();
    let looked = alerts::first_looks(&config, &database, &snapshots, Utc::now());
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
    let incomplete = passes::incomplete(&database).await?;
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
