//! `gatherd status`: what was read when, what failed, what comes next, what is undelivered.

use super::{Exit, opening, print, print_json, said::counted};
use crate::{
    cli::{Global, Status},
    config::{Config, Need},
    mirror::{self, Mirror, Pass, PassKind},
    schedule,
};
use anyhow::Result;
use chrono::{DateTime, Duration, SecondsFormat, Utc};
use serde_json::{Value, json};
use std::fmt::Write;

/// Everything `status` tells.
struct Facts {
    passes: Vec<(PassKind, Option<Pass>)>,
    unended: Option<Pass>,
    last_good: Option<i64>,
    failures: Vec<(String, String)>,
    failing_groups: Vec<(String, i64, String)>,
    incomplete: usize,
    groups: usize,
    units: u64,
    oldest_verified: Option<i64>,
    undelivered: mirror::Undelivered,
    points_minute: i64,
    next: Vec<(&'static str, DateTime<Utc>)>,
    bytes: u64,
}

pub(super) fn run(global: &Global, args: &Status) -> Result<Exit> {
    let config = opening::config(global, Need::Database)?;
    let database = opening::existing(&config)?;
    let now = Utc::now();
    let facts = gather(&config, &database, now)?;
    let reasons = troubles(&config, &facts, now);
    if args.json {
        print_json(&format!("{:#}\n", as_json(&facts, &reasons)))?;
    } else if !args.check {
        print(&as_text(&facts, &reasons, now))?;
    } else if !reasons.is_empty() {
        print(&format!("{}\n", reasons.join("\n")))?;
    }
    Ok(if args.check && !reasons.is_empty() {
        Exit::Failed
    } else {
        Exit::Done
    })
}

fn gather(config: &Config, database: &Mirror, now: DateTime<Utc>) -> Result<Facts> {
    let schedule = &config.schedule;
    let next = [
        ("pass", &schedule.poll),
        ("sweep", &schedule.sweep),
        ("digest", &schedule.digest),
    ]
    .into_iter()
    .filter_map(|(name, line)| {
        schedule::next_due(line, schedule.timezone, now).map(|at| (name, at))
    })
    .collect();
    let bytes = ["", "-wal"]
        .iter()
        .filter_map(|end| {
            let mut path = config.database.clone().into_os_string();
            path.push(end);
            std::fs::metadata(path).ok()
        })
        .map(|meta| meta.len())
        .sum();
    Ok(database.read(|conn| {
        let live: Vec<_> = mirror::roster(conn)?
            .into_iter()
            .filter(|group| group.gone_at.is_none())
            .collect();
        let passes = [PassKind::Backfill, PassKind::Pass, PassKind::Sweep]
            .into_iter()
            .map(|kind| Ok((kind, mirror::last_pass(conn, kind)?)))
            .collect::<Result<Vec<_>, mirror::MirrorError>>()?;
        let latest = passes
            .iter()
            .filter_map(|(_, pass)| pass.as_ref())
            .max_by_key(|pass| pass.started_at);
        let latest = latest.map(|pass| pass.id);
        Ok(Facts {
            unended: mirror::recent_passes(conn, 1)?
                .pop()
                .filter(|pass| pass.finished_at.is_none()),
            last_good: mirror::last_good_pass(conn)?.and_then(|pass| pass.finished_at),
            failures: mirror::recent_failures(conn, 1_000)?
                .into_iter()
                .filter(|failure| Some(failure.pass) == latest)
                .map(|failure| (failure.scope, failure.message))
                .collect(),
            failing_groups: live
                .iter()
                .filter(|group| group.failures > 0)
                .map(|group| {
                    (
                        group.urlname.clone(),
                        group.failures,
                        group.failure.clone().unwrap_or_default(),
                    )
                })
                .collect(),
            incomplete: live.iter().filter(|group| !group.history_complete).count(),
            groups: live.len(),
            units: mirror::open_units(conn)?
                .iter()
                .map(|open| open.count.unsigned_abs())
                .sum(),
            oldest_verified: mirror::oldest_verification(conn)?,
            undelivered: mirror::undelivered(conn)?,
            points_minute: mirror::points_used(conn, now.timestamp_millis(), 60_000)?,
            passes,
            next,
            bytes,
        })
    })?)
}

/// What makes `--check` fail, each with its remedy.
fn troubles(config: &Config, facts: &Facts, now: DateTime<Utc>) -> Vec<String> {
    let mut reasons = Vec::new();
    // Three intervals: one missed pass is weather, three are trouble.
    let zone = config.schedule.timezone;
    let first = schedule::next_due(&config.schedule.poll, zone, now);
    let second = first.and_then(|at| schedule::next_due(&config.schedule.poll, zone, at));
    let interval = match (first, second) {
        (Some(first), Some(second)) => second - first,
        _ => Duration::minutes(15),
    };
    match facts.last_good {
        None => reasons.push("no pass has succeeded yet; see `gatherd status` for what failed".to_owned()),
        Some(at) if now.timestamp() - at > 3 * interval.num_seconds() => reasons.push(format!(
            "the last good pass was {} ago, more than three intervals; see `gatherd status` for what failed",
            ago(now.timestamp() - at)
        )),
        Some(_) => {}
    }
    if let Some((_, message)) = facts
        .failures
        .iter()
        .find(|(scope, _)| scope == mirror::SIGN_IN)
    {
        reasons.push(message.replace('\n', "; "));
    }
    if facts.undelivered.dead > 0 {
        reasons.push(format!(
            "{} messages were given up; see `gatherd deliveries list`, then `gatherd deliveries retry all`",
            facts.undelivered.dead
        ));
    }
    reasons
}

fn as_text(facts: &Facts, reasons: &[String], now: DateTime<Utc>) -> String {
    let mut text = String::new();
    let since = |at: i64| format!("{} ago", ago(now.timestamp() - at));
    for (kind, pass) in &facts.passes {
        let Some(pass) = pass else { continue };
        let outcome = pass
            .outcome
            .map_or("under way", mirror::PassOutcome::as_str);
        let _ = writeln!(
            text,
            "{:<14}{outcome}, {}: {} requests, {} points, {} rows changed, {} failures",
            kind.as_str(),
            since(pass.finished_at.unwrap_or(pass.started_at)),
            pass.requests,
            pass.points,
            pass.rows_changed,
            pass.failures
        );
    }
    if let Some(pass) = &facts.unended {
        let _ = writeln!(
            text,
            "{:<14}begun {}, not ended yet",
            pass.kind.as_str(),
            since(pass.started_at)
        );
    } else if facts.passes.iter().all(|(_, pass)| pass.is_none()) {
        text.push_str("no pass yet; run `gatherd backfill` or `gatherd run`\n");
    }
    let _ = writeln!(
        text,
        "{:<14}{}",
        "last good",
        facts.last_good.map_or_else(|| "never".to_owned(), since)
    );
    let complete = facts.groups - facts.incomplete;
    let _ = writeln!(
        text,
        "{:<14}{} sponsored, {complete} with their whole history",
        "groups", facts.groups
    );
    let _ = writeln!(
        text,
        "{:<14}{}",
        "verified",
        facts.oldest_verified.map_or_else(
            || "not everything yet".to_owned(),
            |at| format!("oldest {}", since(at))
        )
    );
    if facts.units > 0 {
        let _ = writeln!(
            text,
            "{:<14}{} units of work",
            "left over",
            counted(facts.units)
        );
    }
    let _ = writeln!(
        text,
        "{:<14}{} points in the last minute",
        "budget", facts.points_minute
    );
    let next: Vec<String> = facts
        .next
        .iter()
        .map(|(name, at)| format!("{name} {}", at.format("%a %d %b %H:%M UTC")))
        .collect();
    let _ = writeln!(text, "{:<14}{}", "next", next.join(" · "));
    let _ = writeln!(
        text,
        "{:<14}{} waiting, {} given up",
        "messages", facts.undelivered.open, facts.undelivered.dead
    );
    #[allow(clippy::cast_precision_loss)] // shown with one decimal
    let _ = writeln!(text, "{:<14}{:.1} MB", "database", facts.bytes as f64 / 1e6);
    if !facts.failures.is_empty() {
        text.push_str("\nfailed in the last pass:\n");
        for (scope, message) in &facts.failures {
            let _ = writeln!(text, "  {scope}: {}", message.replace('\n', "\n      "));
        }
    }
    if !reasons.is_empty() {
        text.push_str("\nneeds attention:\n");
        for reason in reasons {
            let _ = writeln!(text, "  {reason}");
        }
    }
    text
}

fn as_json(facts: &Facts, reasons: &[String]) -> Value {
    let at = |at: Option<i64>| {
        at.and_then(|at| DateTime::from_timestamp(at, 0))
            .map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true))
    };
    let passes: serde_json::Map<String, Value> = facts
        .passes
        .iter()
        .map(|(kind, pass)| {
            let told = pass.as_ref().map(|pass| {
                json!({
                    "started_at": at(Some(pass.started_at)), "finished_at": at(pass.finished_at),
                    "outcome": pass.outcome.map(mirror::PassOutcome::as_str), "requests": pass.requests,
                    "points": pass.points, "rows_changed": pass.rows_changed, "failures": pass.failures,
                })
            });
            (kind.as_str().to_owned(), json!(told))
        })
        .collect();
    let failures: Vec<Value> = facts
        .failures
        .iter()
        .map(|(scope, message)| json!({"scope": scope, "message": message}))
        .collect();
    let groups: Vec<Value> = facts
        .failing_groups
        .iter()
        .map(|(urlname, times, message)| json!({"urlname": urlname, "failures": times, "message": message}))
        .collect();
    let next: serde_json::Map<String, Value> = facts
        .next
        .iter()
        .map(|(name, due)| ((*name).to_owned(), json!(at(Some(due.timestamp())))))
        .collect();
    json!({
        "is_well": reasons.is_empty(), "reasons": reasons, "passes": passes,
        "last_good_pass_at": at(facts.last_good), "failures": failures, "failing_groups": groups,
        "groups": facts.groups, "incomplete_groups": facts.incomplete, "units_left": facts.units,
        "oldest_verified_at": at(facts.oldest_verified), "points_last_minute": facts.points_minute,
        "next": next, "database_bytes": facts.bytes,
        "undelivered": {"open": facts.undelivered.open, "dead": facts.undelivered.dead},
    })
}

/// A span of seconds in words of one unit.
fn ago(seconds: i64) -> String {
    match seconds.max(0) {
        s @ 0..=119 => format!("{s} s"),
        s @ 120..=7_199 => format!("{} min", s / 60),
        s @ 7_200..=172_799 => format!("{} h", s / 3_600),
        s => format!("{} days", s / 86_400),
    }
}
