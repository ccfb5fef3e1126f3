//! The last 12 months are read first, and looked at; the rest follows with the passes to come.

use super::beginning::Beginning;
use crate::{
    app::{
        database::Database,
        digest::{self, Reader},
        init::Rest,
        opening,
        snapshot::Snapshots,
    },
    cli::Global,
    commands::{bars::Bars, paging::style, print, said},
    config::Config,
    daemon::signals,
    report,
    sync::{BackfillAsk, Outcome},
};
use anyhow::Result;
use chrono::{NaiveTime, SubsecRound, TimeDelta, Utc};
use std::time::Instant;

/// Whole days, and a day more than the longest window looks back.
const MONTHS_12: TimeDelta = TimeDelta::days(366);

impl Beginning<'_> {
    /// Reads and shows; the mirror by then.
    pub(super) async fn look(&mut self) -> Result<Database> {
        let config = self.config()?;
        let database = opening::mirror(&config).await?;
        let lock = opening::lock(&config, false).await?;
        let syncer = opening::syncer(&config, &database, opening::BUDGET_WINDOW)?;
        signals::listen(syncer.stop_switch());
        eprintln!("Reading the last 12 months; what lies before follows by itself.");
        let since = (Utc::now() - MONTHS_12).date_naive();
        let ask = BackfillAsk {
            since: Some(since.and_time(NaiveTime::MIN).and_utc()),
            members_later: true,
            ..BackfillAsk::default()
        };
        let started = Instant::now();
        let bars = Bars::show(&syncer);
        let read = signals::finished(&syncer, syncer.backfill(&ask)).await;
        drop(bars);
        let read = read??;
        let seen = syncer.progress().seen();
        eprint!(
            "{}",
            said::pass("first read", &read, seen, started.elapsed())
        );
        let rest = Rest::take_up(&config, &database, read.points, seen.events);
        let rest = signals::finished(&syncer, rest).await??;
        drop(lock);
        if read.outcome != Outcome::Failed {
            show(self.global, &config, &database).await?;
        }
        if let Some(rest) = rest {
            eprintln!(
                "\nThe rest, about {}, takes `gatherd run` about {} at the {} points a minute it may use of Meetup's,\n\
                 as far as can be told from what this first part took.",
                report::many(rest.events.unsigned_abs(), "event", "events"),
                spelled(rest.takes),
                config.meetup.points_per_minute,
            );
        }
        Ok(database)
    }
}

/// Shows Monday's message as it would be now.
pub(super) async fn show(global: &Global, config: &Config, database: &Database) -> Result<()> {
    let (now, snapshots) = (Utc::now(), Snapshots::default());
    let reader = Reader {
        may_be_first: true,
        ..Reader::default()
    };
    let as_of = now.trunc_subsecs(0);
    let composed = digest::composed(config, database, &snapshots, reader, as_of, now).await?;
    let text = report::message_text(composed.message(), style(global));
    print(&format!("\n{text}"))
}

/// "5 minutes", "3 hours".
fn spelled(takes: TimeDelta) -> String {
    let minutes = takes.num_minutes().unsigned_abs();
    match minutes {
        0..120 => report::many(minutes, "minute", "minutes"),
        _ => report::many(minutes.div_ceil(60), "hour", "hours"),
    }
}
