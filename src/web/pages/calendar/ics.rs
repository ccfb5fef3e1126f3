//! Announced events for calendar programs (RFC 5545).
//!
//! A calendar program sends no token, so each viewer has an address of their own: it is signed for their name and token,
//! names nobody, shows what that viewer may see, and ends with the token.

use super::Asked;
use crate::{
    app::showing::Look,
    metrics::Ahead,
    report::clean,
    web::{
        Session,
        frame::Tab,
        pages::{Failed, look},
        session,
        site::Site,
    },
};
use axum::{
    Extension,
    extract::{Path, Query, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use icalendar::{Calendar, Component as _, Event, EventLike as _, EventStatus, Property};
use std::{collections::HashMap, sync::Arc};
use url::Url;

/// For whoever shows a token.
pub(in crate::web) async fn file(
    State(site): State<Arc<Site>>,
    Extension(session): Extension<Session>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failed> {
    let look = look(&site, &session, Tab::Calendar).await?;
    Ok(answer(&look, &asked))
}

/// For whoever has a viewer's own address.
pub(in crate::web) async fn signed(
    State(site): State<Arc<Site>>,
    Path(signature): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failed> {
    let Some(session) = session::of_calendar(&site, &signature) else {
        let told =
            "this calendar's address is not good any more: copy the one of the page \"Calendar\"\n";
        return Ok((StatusCode::NOT_FOUND, told).into_response());
    };
    let look = look(&site, &session, Tab::Calendar).await?;
    Ok(answer(&look, &asked))
}

fn answer(look: &Look, asked: &Asked) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "inline; filename=\"calendar.ics\"",
        ),
    ];
    let groups = asked.groups(look);
    let text = calendar(look, |it| {
        groups.as_ref().is_none_or(|all| all.contains(it))
    });
    (headers, text).into_response()
}

/// The announced events of the groups that are asked for, by urlname.
pub(in crate::web) fn calendar(look: &Look, is_asked_for: impl Fn(&str) -> bool) -> String {
    let mut events: Vec<&Ahead> = look.report().ahead.iter().collect();
    events.retain(|it| is_asked_for(&it.group));
    let mut calendar = Calendar::empty();
    for (name, value) in [
        ("VERSION", "2.0"),
        ("PRODID", "-//gatherd//calendar//EN"),
        ("CALSCALE", "GREGORIAN"),
        ("NAME", "Meetup groups"),
        ("X-WR-CALNAME", "Meetup groups"),
        ("X-PUBLISHED-TTL", "PT1H"),
    ] {
        calendar.append_property((name, value));
    }
    let often = Property::new("REFRESH-INTERVAL", "PT1H")
        .add_parameter("VALUE", "DURATION")
        .done();
    calendar.append_property(often);
    for copies in folded(&events) {
        calendar.push(event(look, &copies));
    }
    calendar.to_string()
}

/// The copies of each event: those of a joint one together, the one with the least token first, so that it keeps its
/// name while its copies stay.
fn folded<'a>(events: &[&'a Ahead]) -> Vec<Vec<&'a Ahead>> {
    let mut folded: Vec<Vec<&Ahead>> = Vec::new();
    let mut known: HashMap<&str, usize> = HashMap::new();
    for event in events {
        if let Some(joint) = event.joint.as_deref() {
            if let Some(at) = known.get(joint) {
                folded[*at].push(event);
                continue;
            }
            known.insert(joint, folded.len());
        }
        folded.push(vec![event]);
    }
    for copies in &mut folded {
        copies.sort_by_key(|it| &it.token);
    }
    folded
}

fn event(look: &Look, copies: &[&Ahead]) -> Event {
    let mut event = Event::new();
    let Some(first) = copies.first() else {
        return event;
    };
    let mut groups: Vec<String> = copies.iter().map(|it| clean(&it.group_name)).collect();
    groups.dedup();
    event
        .uid(&format!("{}@meetup.gatherd", first.token))
        .timestamp(look.as_of())
        .starts(first.starts_at)
        .ends(first.ends_at)
        .status(EventStatus::Confirmed)
        .summary(&format!("{} ({})", clean(&first.title), groups.join(", ")));
    let url = first.url.as_deref().and_then(|url| Url::parse(url).ok());
    if let Some(url) = url.filter(|it| matches!(it.scheme(), "http" | "https")) {
        event.url(url.as_str());
        event.description(url.as_str());
    }
    event.done()
}
