//! A group's badge, for its own page or a wiki: how it meets and when next, and its month strip, for everybody who
//! has its address.
//!
//! The address carries the group's id, signed, so that whoever has one badge knows of no other; it is good as long as
//! the key is. A badge says nothing that the group's page at Meetup does not.

use super::site::Site;
use crate::{
    app::keys::{Keys, Purpose},
    chart::{Cell, Level, Theme, in_words, strip_width, strip_within},
    community::Status,
    metrics::GroupFigures,
    report::latest_months,
};
use axum::{
    extract::{Path, State},
    http::{HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::NaiveDate;
use maud::{PreEscaped, html};
use serde_json::json;
use std::sync::Arc;

/// An image proxy may keep it so long, in seconds.
const KEPT: &str = "public, max-age=3600";
/// What the left half says.
const LABEL: &str = "user group";
/// Months of the strip, the running one included.
const MONTHS: i64 = 12;

/// How a badge is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Svg,
    /// As image services take it.
    Json,
}

/// The address of a group's badge.
pub(super) fn address(site: &Site, group: &str) -> String {
    site.to(&format!("/badge/{}.svg", token(&site.keys, group)))
}

fn token(keys: &Keys, group: &str) -> String {
    let signed = keys.sign(Purpose::Badge, &[group]);
    format!("{}~{signed}", URL_SAFE_NO_PAD.encode(group))
}

/// The group of a token, if it is one of ours.
fn group_of(keys: &Keys, written: &str) -> Option<String> {
    let (group, signed) = written.split_once('~')?;
    let group = String::from_utf8(URL_SAFE_NO_PAD.decode(group).ok()?).ok()?;
    let is_ours = keys.is_signed(Purpose::Badge, &[&group], signed);
    is_ours.then_some(group)
}

/// The badge.
pub(super) async fn badge(State(site): State<Arc<Site>>, Path(name): Path<String>) -> Response {
    let found = name.rsplit_once('.').and_then(|(token, ending)| {
        let form = match ending {
            "svg" => Form::Svg,
            "json" => Form::Json,
            _ => return None,
        };
        Some((form, group_of(&site.keys, token)?))
    });
    let Some((form, id)) = found else {
        return (StatusCode::NOT_FOUND, "no badge is here\n").into_response();
    };
    let shown = site.showing.latest();
    let group = shown.as_deref().and_then(|it| it.group(&id));
    let (said, is_well) = group.map_or_else(
        || ("not known yet".to_owned(), false),
        |it| (said(&it.figures), is_well(&it.figures)),
    );
    let months = group.map_or_else(Vec::new, |it| latest_months(&it.figures, MONTHS));
    // It is shown on other sites; that is what it is for.
    let headers = [
        (header::CACHE_CONTROL, KEPT),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "cross-origin",
        ),
    ];
    match form {
        Form::Json => {
            let color = if is_well { "brightgreen" } else { "lightgrey" };
            let it = json!({"schemaVersion": 1, "label": LABEL, "message": said, "color": color});
            (headers, axum::Json(it)).into_response()
        }
        Form::Svg => {
            let svg = [(header::CONTENT_TYPE, "image/svg+xml")];
            (headers, svg, drawn(&said, is_well, &months)).into_response()
        }
    }
}

/// Whether it meets, or is about to.
fn is_well(figures: &GroupFigures) -> bool {
    figures.next_event.is_some()
        || matches!(figures.status, Some(Status::OnTarget | Status::Meeting))
}

/// "meets monthly, next 4 Dec".
fn said(figures: &GroupFigures) -> String {
    let how = match figures.status {
        None => "being read",
        Some(Status::OnTarget) => match figures.cadence.every_months {
            1 => "meets monthly",
            2 => "meets every 2 months",
            3 => "meets quarterly",
            _ => "meets every 4 months",
        },
        Some(Status::Meeting) => "meets now and then",
        Some(Status::Restarted) => "meets again",
        Some(Status::New) => "new",
        Some(Status::Overdue | Status::Quiet | Status::Unstarted) => "",
    };
    let next = figures.next_event.as_ref().map(|it| it.starts_local.date());
    match (how, next) {
        ("", None) => "no date yet".to_owned(),
        ("", Some(day)) => format!("next {}", short(day)),
        (how, Some(day)) => format!("{how}, next {}", short(day)),
        (how, None) => how.to_owned(),
    }
}

fn short(day: NaiveDate) -> String {
    day.format("%-d %b").to_string()
}

/// Widths are those of a common face at 11 px, rather too wide than too narrow. The strip stands at the end, on the
/// ground that its colours are meant for; a group with nothing to tell of has none.
fn drawn(said: &str, is_well: bool, months: &[Cell]) -> String {
    let wide = |text: &str| text.chars().count() * 7 + 12;
    let (left, right) = (wide(LABEL), wide(said));
    let has_strip = months.iter().any(|it| it.level != Level::Outside);
    let strip = if has_strip {
        strip_width(months) + 12
    } else {
        0
    };
    let all = left + right + strip;
    let mut label = format!("{LABEL}: {said}");
    if has_strip {
        label = format!("{label}; {}", in_words(months));
    }
    let fill = if is_well { "#2f7d4f" } else { "#5f6670" };
    let (inner, round) = if has_strip {
        (right, 0)
    } else {
        (right - 3, 3)
    };
    html! {
        svg xmlns="http://www.w3.org/2000/svg" width=(all) height="20" viewBox={ "0 0 " (all) " 20" } role="img" aria-label=(label) {
            title { (label) }
            rect width=(all) height="20" rx="3" fill="#3a3f45" {}
            path d={ "M" (left) " 0h" (inner) "a" (round) " " (round) " 0 0 1 " (round) " " (round) "v" (20 - 2 * round) "a" (round) " " (round) " 0 0 1 -" (round) " " (round) "H" (left) "z" } fill=(fill) {}
            @if has_strip {
                path d={ "M" (left + right) " 0h" (strip - 3) "a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3H" (left + right) "z" } fill="#16181c" {}
                g transform={ "translate(" (left + right + 6) " 3.5)" } { (PreEscaped(strip_within(months, Theme::Dark))) }
            }
            g fill="#fff" font-family="Verdana, DejaVu Sans, sans-serif" font-size="11" text-anchor="middle" {
                text x=(left / 2) y="14" { (LABEL) }
                text x=(left + right / 2) y="14" { (said) }
            }
        }
    }
    .into_string()
}
