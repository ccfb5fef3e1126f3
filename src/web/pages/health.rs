//! How the daemon is doing: what was read when, what fails since when, what waits to be sent.

use super::Failed;
use crate::{
    app::health::{self, Facts, Trouble, span},
    mirror::{DeliveryState, PassKind, PassOutcome},
    report::{clean, number},
    web::{
        Session,
        frame::{self, Tab},
        site::Site,
    },
};
use axum::{Extension, extract::State, http::StatusCode, response::Response};
use chrono::{DateTime, Utc};
use maud::{Markup, html};
use std::sync::Arc;

pub(in crate::web) async fn page(
    State(site): State<Arc<Site>>,
    Extension(session): Extension<Session>,
) -> Result<Response, Failed> {
    let plain = |status, body: &Markup| {
        frame::plain(&site, Some(&session), Tab::Health, status, "Health", body)
    };
    if session.access.is_narrow() {
        let body =
            html! { p { "This page tells of all groups: it is for those who see all of them." } };
        return Ok(plain(StatusCode::FORBIDDEN, &body));
    }
    let now = Utc::now();
    let facts = health::gather(&site.config, &site.database, now).await?;
    let troubles = health::of(&site.config.schedule, &facts, now);
    Ok(plain(StatusCode::OK, &body(&facts, &troubles, now)))
}

/// What is read.
fn kind(kind: PassKind) -> &'static str {
    match kind {
        PassKind::Backfill => "The whole past",
        PassKind::Pass => "What is new",
        PassKind::Sweep => "All of it once more",
    }
}

/// How that ended.
fn outcome(outcome: PassOutcome) -> &'static str {
    match outcome {
        PassOutcome::Done => "all was read",
        PassOutcome::Partly => "some of it failed",
        PassOutcome::Failed => "nothing came of it",
        PassOutcome::Interrupted => "its process ended first",
    }
}

/// What became of a message.
fn delivery(state: DeliveryState) -> &'static str {
    match state {
        DeliveryState::Pending => "to be sent",
        DeliveryState::Sending => "being sent",
        DeliveryState::Sent => "was sent",
        DeliveryState::Dead => "was given up",
        DeliveryState::Dropped => "was not to be sent any more",
    }
}

/// What stands on it.
pub(in crate::web) fn body(facts: &Facts, troubles: &[Trouble], now: DateTime<Utc>) -> Markup {
    let ago = |at: i64| {
        let seconds = now.timestamp() - at;
        if seconds < 0 {
            format!("{} from now", span(-seconds))
        } else {
            format!("{} ago", span(seconds))
        }
    };
    let failing: Vec<_> = facts.readings.told().collect();
    html! {
        section #troubles {
            h2 { "What needs attention (" (troubles.len()) ")" }
            @if troubles.is_empty() && failing.is_empty() { p.empty { "All is well." } }
            @else { ul { @for it in troubles { li { (clean(&it.reason)) } } } }
        }
        @if !failing.is_empty() {
            section #failing {
                h2 { "What fails now (" (failing.len()) ")" }
                ul.entries {
                    @for it in &failing {
                        li {
                            p { strong { (clean(&it.scope.to_string())) } ", since " (ago(it.since)) ":" }
                            @for line in it.message.lines() { p { (clean(line)) } }
                        }
                    }
                }
            }
        }
        section #passes {
            h2 { "What was read" }
            @if let Some(pass) = facts.running() {
                p { (kind(pass.kind)) " is under way (" code { (pass.kind.as_str()) } "), begun " (ago(pass.started_at)) ", "
                    (number(i64::try_from(facts.units).unwrap_or(i64::MAX))) " units of work to go." }
            }
            div.wide tabindex="0" role="region" aria-label="The latest of each kind that ended" {
                table {
                    caption { "The latest of each kind that ended" }
                    thead { tr {
                        th scope="col" { "Kind" } th scope="col" { "Outcome" } th scope="col" { "When" }
                        th.n scope="col" { "Requests" } th.n scope="col" { "Points" } th.n scope="col" { "Rows changed" } th.n scope="col" { "Failures" }
                    } }
                    tbody {
                        @for pass in facts.passes.iter().filter_map(|(_, pass)| pass.as_ref()) {
                            tr {
                                th scope="row" { (kind(pass.kind)) " " code { (pass.kind.as_str()) } }
                                td { @if let Some(it) = pass.outcome { (outcome(it)) " " code { (it.as_str()) } } @else { "unknown" } }
                                td { (ago(pass.finished_at.unwrap_or(pass.started_at))) }
                                td.n { (pass.requests) } td.n { (pass.points) } td.n { (pass.rows_changed) } td.n { (pass.failures) }
                            }
                        }
                    }
                }
            }
            @if facts.units > 0 && facts.running().is_none() {
                p { (facts.units) " units of work are to be done." }
            }
        }
        section #deliveries {
            h2 { "What is sent" }
            p {
                (number(facts.undelivered.open)) " waiting"
                @if let Some(at) = facts.undelivered.oldest_open_at { ", the oldest filed " (ago(at)) }
                ", " (number(facts.undelivered.dead)) " given up."
            }
            @if facts.tallies.is_empty() { p.empty { "Nothing was filed yet." } }
            @else {
                div.wide tabindex="0" role="region" aria-label="Messages of each channel by what became of them" {
                    table {
                        caption { "Messages of each channel by what became of them" }
                        thead { tr { th scope="col" { "Channel" } th scope="col" { "State" } th.n scope="col" { "Messages" } } }
                        tbody {
                            @for (channel, state, count) in &facts.tallies {
                                tr { th scope="row" { (clean(channel)) } td { (delivery(*state)) " " code { (state.as_str()) } } td.n { (number(*count)) } }
                            }
                        }
                    }
                }
            }
        }
        section #next {
            h2 { "What comes next" }
            ul { @for (name, at) in &facts.next { li { (clean(name)) ": " (at.format("%a %-d %b %Y, %H:%M %Z")) } } }
        }
    }
}
