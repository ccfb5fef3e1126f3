//! What programs ask for: JSON, and whether the daemon is alive and well.

use super::{Session, pages::Failed, session, site::Site};
use crate::{
    app::{health, showing::Look},
    off_thread::off_thread,
    report::GroupDocument,
};
use axum::{
    Extension,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use chrono::Utc;
use serde::Serialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

/// The report, as `gatherd report --format json` writes it.
pub(super) async fn report(
    State(site): State<Arc<Site>>,
    Extension(session): Extension<Session>,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    let look = look(&site, &session).await?;
    document(&headers, look.report())
}

/// Every group in one line.
pub(super) async fn groups(
    State(site): State<Arc<Site>>,
    Extension(session): Extension<Session>,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    let look = look(&site, &session).await?;
    let lines = json!({ "as_of": look.as_of(), "groups": look.lines(None) });
    document(&headers, &lines)
}

/// One group.
pub(super) async fn group(
    State(site): State<Arc<Site>>,
    Extension(session): Extension<Session>,
    Path(urlname): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    let look = look(&site, &session).await?;
    match look.report().group(&urlname) {
        Some(group) => document(&headers, &GroupDocument::new(look.report(), group)),
        None => {
            let told = json!({ "error": "no group is called so here" });
            Ok((StatusCode::NOT_FOUND, axum::Json(told)).into_response())
        }
    }
}

async fn look(site: &Site, session: &Session) -> Result<Look, Failed> {
    let found = site
        .showing
        .look(&site.config, &site.database, &session.access)
        .await?;
    let Some(mut look) = found else {
        let told = json!({ "error": "nothing was measured yet" });
        let later = [(header::RETRY_AFTER, "10")];
        let answer = (StatusCode::SERVICE_UNAVAILABLE, later, axum::Json(told));
        return Err(Failed::Answer(Box::new(answer.into_response())));
    };
    // As the command without `--names`.
    look.hide_people();
    Ok(look)
}

/// A document with its mark: who has it already is told that it has not changed.
fn document(headers: &HeaderMap, it: &impl Serialize) -> Result<Response, Failed> {
    let text = serde_json::to_string(it)?;
    let hashed = Sha256::digest(text.as_bytes());
    let mark: String = hashed[..12].iter().map(|it| format!("{it:02x}")).collect();
    let mark = format!("W/\"{mark}\"");
    let known = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok());
    let is_known = known.is_some_and(|known| {
        known
            .split(',')
            .any(|it| it.trim() == mark || it.trim() == "*")
    });
    let kept = [
        (header::ETAG, mark.as_str()),
        (header::CACHE_CONTROL, "private, no-cache"),
    ];
    if is_known {
        return Ok((StatusCode::NOT_MODIFIED, kept).into_response());
    }
    let json = [(header::CONTENT_TYPE, "application/json")];
    Ok((kept, json, text).into_response())
}

/// Whether the daemon is alive: its lanes move.
pub(super) async fn healthz(State(site): State<Arc<Site>>) -> Response {
    let database = site.config.database.clone();
    let now = Utc::now();
    let why_not = off_thread(move || health::lifeless(&database, now)).await;
    if why_not.is_empty() {
        (StatusCode::OK, "alive\n").into_response()
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "a lane stands still\n").into_response()
    }
}

/// Whether all is well with what it does; why not, to whoever may know.
pub(super) async fn readyz(State(site): State<Arc<Site>>, headers: HeaderMap) -> Response {
    let now = Utc::now();
    let reasons: Vec<String> = match health::gather_quickly(&site.config, &site.database, now).await
    {
        Ok(facts) => {
            let troubles = health::of(&site.config.schedule, &facts, now);
            troubles.into_iter().map(|it| it.reason).collect()
        }
        Err(error) => vec![format!("the database cannot be read: {error:#}")],
    };
    if reasons.is_empty() {
        return (StatusCode::OK, "ready\n").into_response();
    }
    let sees_all = session::of(&site, &headers).is_some_and(|it| !it.access.is_narrow());
    let mut told = "not ready\n".to_owned();
    if sees_all {
        for reason in reasons {
            told.push_str(&crate::report::clean(&reason));
            told.push('\n');
        }
    }
    (StatusCode::SERVICE_UNAVAILABLE, told).into_response()
}
