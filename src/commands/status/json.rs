//! For programs; docs/operating.md describes it.

use crate::{
    app::{
        health::{Facts, Trouble},
        imports::Looked,
    },
    mirror::{DriftWeight, Pass, PassOutcome},
};
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};

fn instant(at: Option<i64>) -> Option<String> {
    at.and_then(|at| DateTime::from_timestamp(at, 0))
        .map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true))
}

fn pass(pass: &Pass) -> Value {
    json!({
        "kind": pass.kind.as_str(), "started_at": instant(Some(pass.started_at)),
        "finished_at": instant(pass.finished_at), "outcome": pass.outcome.map(PassOutcome::as_str),
        "requests": pass.requests, "points": pass.points, "rows_changed": pass.rows_changed,
        "failures": pass.failures,
    })
}

pub(super) fn write(
    facts: &Facts,
    files: &[Looked],
    troubles: &[Trouble],
    now: DateTime<Utc>,
) -> Value {
    let passes: Map<String, Value> = facts
        .passes
        .iter()
        .map(|(kind, last)| (kind.as_str().to_owned(), json!(last.as_ref().map(pass))))
        .collect();
    let failures: Vec<Value> = facts
        .readings
        .failing
        .iter()
        .map(|it| {
            json!({
                "scope": it.scope.to_string(), "of": it.scope.word(), "id": it.id, "kind": it.kind.as_str(),
                "is_part": it.is_part, "message": it.message, "since": instant(Some(it.since)),
                "last_at": instant(Some(it.last_at)),
            })
        })
        .collect();
    let at = |at: Option<DateTime<Utc>>| at.map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true));
    let networks: Vec<Value> = facts
        .readings
        .networks
        .iter()
        .map(|it| json!({"urlname": it.urlname, "read_at": at(it.at), "unread": it.unread}))
        .collect();
    let freshness: Vec<Value> = facts
        .groups
        .iter()
        .map(|it| {
            json!({
                "urlname": it.urlname, "history_complete": it.is_complete,
                "read_at": instant(it.read_at), "verified_at": instant(it.verified_at), "failures": it.failures,
                "failing_since": instant(it.failing_since), "failure": it.failure,
                "retry_at": instant(it.retry_at),
            })
        })
        .collect();
    let next: Map<String, Value> = facts
        .next
        .iter()
        .map(|(name, due)| (name.clone(), json!(instant(Some(due.timestamp())))))
        .collect();
    let backup = facts.backups.as_ref().map(|it| {
        json!({"dir": it.folder.display().to_string(), "last_good_at": at(it.last_at), "is_late": it.is_late})
    });
    let drift: Vec<Value> = facts
        .drift
        .iter()
        .map(|it| {
            let is_breaking = it.weight == DriftWeight::Error;
            json!({"weight": it.weight.as_str(), "is_breaking": is_breaking, "place": it.place,
                "operations": it.operations, "what": it.what, "since": instant(Some(it.found_at))})
        })
        .collect();
    let imports: Vec<Value> = files
        .iter()
        .map(|it| {
            json!({"file": it.file.display().to_string(), "kept_at": at(it.at), "is_waiting": it.is_waiting,
                "trouble": it.trouble})
        })
        .collect();
    let reasons: Vec<&str> = troubles.iter().map(|it| it.reason.as_str()).collect();
    let undelivered = &facts.undelivered;
    json!({
        "schema_version": 1, "at": instant(Some(now.timestamp())),
        "is_well": troubles.is_empty(), "reasons": reasons,
        "needs_sign_in": troubles.iter().any(|it| it.is_sign_in),
        "lock": {"is_held": facts.holder.is_some(), "process": facts.holder.flatten()},
        "running": facts.running().map(pass), "interrupted": facts.interrupted().map(pass),
        "passes": passes,
        "last_good_pass_at": instant(facts.last_good.as_ref().and_then(|it| it.finished_at)),
        "failures": failures, "networks": networks,
        "groups": facts.groups.len(), "incomplete_groups": facts.incomplete(),
        "units_left": facts.units,
        "oldest_verified_at": instant(facts.oldest_verified()), "freshness": freshness,
        "points_last_minute": facts.points_minute, "points_last_day": facts.points_day,
        "next": next,
        "undelivered": {
            "open": undelivered.open, "dead": undelivered.dead,
            "oldest_open_at": instant(undelivered.oldest_open_at),
            "next_attempt_at": instant(undelivered.next_attempt_at),
        },
        "drift": drift, "database_bytes": facts.bytes, "backup": backup, "imports": imports,
    })
}
