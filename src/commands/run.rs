//! `gatherd run`: the daemon. It adds only time: the same functions as the commands, each on its cron
//! line, and what is left over in between.
//!
//! One lane asks Meetup (passes, sweeps, then units of work and the rota while points are left over),
//! another sends messages. A pass that fails makes the lane wait, longer each time, and is told in the
//! log and in `status`; it never ends the daemon.

use super::{Exit, composing, opening, post::Post, signals};
use crate::{
    cli::Global,
    config::{Config, Need, Sends},
    deliver::Letter,
    mirror::{self, DeliveryKind, DriftWeight, Mirror},
    report::digest,
    schedule::{Firing, Knocks},
    sync::{Outcome, PassAsk, SyncError, Syncer},
};
use anyhow::Result;
use chrono::{DateTime, Duration, SecondsFormat, Utc};
use tokio::sync::watch;

/// First wait after a failed pass; doubles with each failure in a row.
const FIRST_WAIT: Duration = Duration::minutes(1);
const LONGEST_WAIT: Duration = Duration::hours(1);
/// How often the outbox is looked at for what became due.
const OUTBOX_LOOK: std::time::Duration = std::time::Duration::from_secs(5);
/// Spare work is not begun this shortly before a firing.
const BEFORE_FIRING: Duration = Duration::seconds(5);
/// How often the API's schema is looked at.
const SCHEMA_LOOK: Duration = Duration::days(1);
/// The rota may use this part of the budget.
const SPARE_PART: i64 = 3;

pub(super) async fn run(global: &Global) -> Result<Exit> {
    let config = opening::config(global, Need::Meetup)?;
    let database = opening::mirror(&config)?;
    let _lock = opening::lock(&config, false).await?;
    let syncer = opening::syncer(&config, &database, opening::BUDGET_WINDOW)?;
    let stopping = signals::listen(syncer.stop_switch());
    tracing::info!(database = %config.database.display(), networks = config.networks.len(), "daemon started");
    serve(&config, &database, &syncer, stopping).await?;
    tracing::info!("daemon stopped");
    Ok(Exit::Done)
}

/// Runs both lanes until told to stop.
pub(super) async fn serve(
    config: &Config,
    database: &Mirror,
    syncer: &Syncer,
    stopping: watch::Receiver<bool>,
) -> Result<()> {
    let asking = ask_lane(config, database, syncer, stopping.clone());
    let sending = send_lane(config, database, stopping);
    // A lane that cannot go on ends both: a daemon that only sends, or only asks, would look alive.
    tokio::try_join!(asking, sending).map(drop)
}

/// Passes and sweeps as they fall due; in between, what is left over.
async fn ask_lane(
    config: &Config,
    database: &Mirror,
    syncer: &Syncer,
    mut stopping: watch::Receiver<bool>,
) -> Result<()> {
    let schedule = &config.schedule;
    let mut knocks = knocks(
        database,
        &[
            ("pass".to_owned(), &schedule.poll),
            ("sweep".to_owned(), &schedule.sweep),
        ],
        config,
    )?;
    let mut failures = 0;
    let mut not_before = Utc::now();
    let mut schema_due = Utc::now();
    look_at_schema(syncer, &mut schema_due, &mut stopping).await;
    if is_stale(config, database)? {
        pass(syncer, false, &mut failures, &mut not_before).await;
    }
    while !*stopping.borrow() {
        let now = Utc::now();
        if now >= schema_due {
            look_at_schema(syncer, &mut schema_due, &mut stopping).await;
        }
        let Some(next) = knocks.next(now) else { break };
        if next.at <= now {
            let is_sweep = next.name == "sweep";
            // A pass skipped for its waiting time is not owed afterwards; a sweep is.
            if now >= not_before {
                let is_through = pass(syncer, is_sweep, &mut failures, &mut not_before).await;
                // A sweep that was cut short before it was planned is still owed.
                if is_through || !is_sweep {
                    serve_knock(database, &mut knocks, &next);
                }
            } else if is_sweep {
                sleep_until(not_before, &mut stopping).await;
            } else {
                serve_knock(database, &mut knocks, &next);
            }
            continue;
        }
        if failures == 0
            && next.at - now > BEFORE_FIRING
            && spare_work(config, database, syncer).await
        {
            continue;
        }
        let nap = next.at.min(now + Duration::seconds(20));
        sleep_until(nap, &mut stopping).await;
    }
    Ok(())
}

/// Compares Meetup's API with what is used of it; what was found is kept for `status` and `doctor`.
async fn look_at_schema(
    syncer: &Syncer,
    due: &mut DateTime<Utc>,
    stopping: &mut watch::Receiver<bool>,
) {
    let seen = tokio::select! {
        seen = syncer.check_schema() => seen,
        _ = stopping.changed() => return,
    };
    let wait = match seen {
        Ok(findings) => {
            for it in findings {
                let uses = if it.operations.is_empty() {
                    String::new()
                } else {
                    format!(" (used by {})", it.operations)
                };
                let line = format!("Meetup's API: {} {}{uses}", it.place, it.what);
                match it.weight {
                    DriftWeight::Error => tracing::error!("{line}"),
                    DriftWeight::Warning => tracing::warn!("{line}"),
                    DriftWeight::Note => tracing::info!("{line}"),
                }
            }
            SCHEMA_LOOK
        }
        Err(error) => {
            let cause = error.to_string().replace('\n', "; ");
            tracing::warn!("Meetup's API could not be compared with what is used of it: {cause}");
            LONGEST_WAIT
        }
    };
    *due = Utc::now() + wait;
}

/// Does a piece of what is left over: history first, with the whole budget, then the rota with a part
/// of it. False when there was nothing to do, or it failed.
async fn spare_work(config: &Config, database: &Mirror, syncer: &Syncer) -> bool {
    let worked = match syncer.work_left_over().await {
        Ok(false) if has_points_left(config, database).unwrap_or(false) => {
            syncer.verify_stalest().await
        }
        worked => worked,
    };
    worked.unwrap_or_else(|error| {
        if !matches!(error, SyncError::Stopped) {
            tracing::warn!("spare work: {}", error.to_string().replace('\n', "; "));
        }
        false
    })
}

/// One pass; false when it failed or was stopped before its end.
async fn pass(
    syncer: &Syncer,
    sweep: bool,
    failures: &mut u32,
    not_before: &mut DateTime<Utc>,
) -> bool {
    let started = std::time::Instant::now();
    let name = if sweep { "sweep" } else { "pass" };
    let is_failed = match syncer
        .pass(PassAsk {
            sweep,
            work_units: false,
        })
        .await
    {
        Ok(report) => {
            tracing::info!(
                requests = report.requests,
                points = report.points,
                rows_changed = report.rows_changed,
                failures = report.failures.len(),
                seconds = started.elapsed().as_secs(),
                "{name} ended"
            );
            report.outcome == Outcome::Failed
        }
        Err(SyncError::Stopped) => return false,
        Err(error) => {
            tracing::error!("{name} failed: {}", error.to_string().replace('\n', "; "));
            true
        }
    };
    if is_failed {
        *failures += 1;
        let wait = (FIRST_WAIT * 2_i32.pow((*failures - 1).min(10))).min(LONGEST_WAIT);
        *not_before = Utc::now() + wait;
        tracing::warn!(
            "{failures} passes failed in a row; the next one not before {} s from now",
            wait.num_seconds()
        );
    } else {
        *failures = 0;
    }
    !is_failed
}

/// Whether the last pass that did anything is older than the schedule wants, or there was none.
fn is_stale(config: &Config, database: &Mirror) -> Result<bool> {
    let last = database
        .read(mirror::last_good_pass)?
        .and_then(|pass| pass.finished_at);
    let last = last.and_then(|at| DateTime::from_timestamp(at, 0));
    let due = last.and_then(|at| {
        crate::schedule::next_due(&config.schedule.poll, config.schedule.timezone, at)
    });
    Ok(due.is_none_or(|due| due <= Utc::now()))
}

fn has_points_left(config: &Config, database: &Mirror) -> Result<bool> {
    let now = Utc::now();
    let window = i64::try_from(opening::BUDGET_WINDOW.as_millis()).unwrap_or(60_000);
    let used = database.read(|conn| mirror::points_used(conn, now.timestamp_millis(), window))?;
    Ok(used < i64::from(config.meetup.points_per_minute) / SPARE_PART)
}

/// Digests as they fall due, and whatever the outbox holds.
async fn send_lane(
    config: &Config,
    database: &Mirror,
    mut stopping: watch::Receiver<bool>,
) -> Result<()> {
    let office = Post::open(config, database)?;
    let lines: Vec<(String, &crate::config::Line)> = config
        .channels
        .iter()
        .filter(|channel| channel.sends.contains(&Sends::Digest))
        .map(|channel| {
            (
                format!("digest {}", channel.name),
                channel.digest.as_ref().unwrap_or(&config.schedule.digest),
            )
        })
        .collect();
    let mut knocks = knocks(database, &lines, config)?;
    while !*stopping.borrow() {
        let now = Utc::now();
        if let Some(knock) = knocks.next(now).filter(|knock| knock.at <= now) {
            let channel = knock.name.trim_start_matches("digest ").to_owned();
            match file_digest(config, database, &office, &channel, knock.at) {
                Ok(()) => serve_knock(database, &mut knocks, &knock),
                Err(error) => {
                    tracing::error!("digest for {channel}, tried again in a minute: {error:#}");
                    sleep_until(now + Duration::minutes(1), &mut stopping).await;
                }
            }
        }
        match office.drain().await {
            Ok(drained) => {
                for id in &drained.sent {
                    tracing::info!("delivery {id} sent");
                }
                for (id, why) in drained.later.iter().chain(&drained.dead) {
                    tracing::warn!("delivery {id}: {why}");
                }
            }
            Err(error) => tracing::error!("the outbox could not be read: {error}"),
        }
        let next = knocks
            .next(Utc::now())
            .map_or(now + Duration::hours(1), |knock| knock.at);
        let look = now + Duration::from_std(OUTBOX_LOOK).unwrap_or(Duration::seconds(5));
        sleep_until(next.min(look), &mut stopping).await;
    }
    Ok(())
}

/// Composes one channel's digest as of its due instant and files it; filing twice is filing once.
fn file_digest(
    config: &Config,
    database: &Mirror,
    office: &Post,
    channel: &str,
    due: DateTime<Utc>,
) -> Result<()> {
    let report = composing::narrowed(
        composing::report(config, database, due, Utc::now())?,
        config,
        channel,
    );
    let document = serde_json::to_value(&report)?;
    let message = digest(&report);
    let letter = Letter {
        kind: DeliveryKind::Digest,
        at: Utc::now(),
        message: &message,
        document: &document,
    };
    let payload = office.channel(channel)?.payload(&letter);
    let period = due.to_rfc3339_opts(SecondsFormat::Secs, true);
    office.file(
        DeliveryKind::Digest,
        &period,
        due,
        &document.to_string(),
        &[(channel.to_owned(), payload)],
    )?;
    tracing::info!("digest for {channel} as of {period} filed");
    Ok(())
}

/// The firings of these lines. One seen for the first time counts as served now: a first start is no
/// missed firing.
fn knocks(
    database: &Mirror,
    lines: &[(String, &crate::config::Line)],
    config: &Config,
) -> Result<Knocks> {
    let now = Utc::now();
    let mut firings = Vec::new();
    for (name, line) in lines {
        let served = match database.read(|conn| mirror::firing(conn, name))? {
            Some(at) => DateTime::from_timestamp(at, 0),
            None => {
                database.write(now, |w| w.served(name, now))?;
                Some(now)
            }
        };
        firings.push(Firing {
            name: name.clone(),
            line: (*line).clone(),
            zone: config.schedule.timezone,
            last_served: served,
        });
    }
    Ok(Knocks::new(firings, now))
}

fn serve_knock(database: &Mirror, knocks: &mut Knocks, knock: &crate::schedule::Knock) {
    knocks.served(knock);
    if let Err(error) = database.write(Utc::now(), |w| w.served(&knock.name, knock.at)) {
        tracing::error!("the firing of {} could not be noted: {error}", knock.name);
    }
}

/// Sleeps until then or until told to stop.
async fn sleep_until(at: DateTime<Utc>, stopping: &mut watch::Receiver<bool>) {
    let left = (at - Utc::now())
        .to_std()
        .unwrap_or_default()
        .max(std::time::Duration::from_millis(20));
    tokio::select! {
        () = tokio::time::sleep(left) => {}
        _ = stopping.changed() => {}
    }
}
