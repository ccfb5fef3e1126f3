//! Six weeks from this Monday: what is announced, and where a group usually meets and nothing is.

mod asked;
mod days;
mod ics;
mod orders;
mod shown;

pub(in crate::web) use asked::Asked;
pub(in crate::web) use ics::{calendar, file, signed};
pub(in crate::web) use orders::{ORDERS, sheet};

use super::{Failed, look};
use crate::{
    app::{keys::Purpose, showing::Look},
    report::{clean, country, number},
    web::{
        Session,
        frame::{self, Tab},
        links::Links,
        site::Site,
    },
};
use axum::{
    Extension,
    extract::{Query, State},
    response::Response,
};
use chrono::{Datelike as _, Days, NaiveDate};
use chrono_tz::Tz;
use maud::{Markup, html};
use std::{collections::BTreeMap, sync::Arc};

/// So many weeks are shown.
const WEEKS: u64 = 6;

pub(in crate::web) async fn page(
    State(site): State<Arc<Site>>,
    Extension(session): Extension<Session>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failed> {
    let look = look(&site, &session, Tab::Calendar).await?;
    let (links, zone) = (site.links(), site.config.schedule.timezone);
    let (title, body) = if asked.orders.is_empty() {
        let program = subscription(&site, &session, &asked);
        let body = body(links, &session, &look, (&asked, zone), &program);
        (Tab::Calendar.name(), body)
    } else {
        (ORDERS, orders::sheet(links, &look, &asked))
    };
    Ok(frame::page(
        &site,
        &session,
        Tab::Calendar,
        title,
        &look,
        &body,
    ))
}

/// What stands on it, with times by the clock of `zone` beside those of the places; `program`: how a calendar program
/// comes to the same events.
pub(in crate::web) fn body(
    links: Links<'_>,
    session: &Session,
    look: &Look,
    (asked, zone): (&Asked, Tz),
    program: &Markup,
) -> Markup {
    if look.report().groups.is_empty() {
        return html! {
            h1 { (Tab::Calendar.name()) }
            (frame::nothing_yet(links, session, look))
        };
    }
    let groups = asked.groups(look);
    let (monday, until) = span(look.today());
    let mut events = shown::events(look, zone);
    let is_asked_for = |urlname: &str| groups.as_ref().is_none_or(|it| it.contains(urlname));
    events
        .retain(|it| is_asked_for(it.group) && (monday..=until).contains(&it.starts_local.date()));
    let gaps = crate::report::gaps(look.report(), until);
    let gaps: Vec<_> = gaps
        .into_iter()
        .filter(|it| is_asked_for(&it.urlname))
        .collect();
    let events = shown::folded(events);
    let orders = orders::events(look, groups.as_ref()).len();
    html! {
        h1 { (Tab::Calendar.name()) }
        @if links.files().is_none() { (filters(links, look, asked)) }
        p.about {
            (number(events.len() as i64)) @if events.len() == 1 { " event" } @else { " events" }
            " in the six weeks from " (monday.format("%A, %-d %B")) ". Times are those of the place; beside them, where they \
             differ, those of " (zone.name()) "."
        }
        p.about.ways {
            a href=(links.orders(&asked.query(Some(("orders", "1"))))) { "Order sheet" } " (" (orders) ") · "
            (program)
        }
        (days::weeks(links, look.today(), monday, WEEKS, &events, &gaps))
        (days::due_before(links, look.today(), monday, &gaps))
        @if !gaps.is_empty() {
            p.legend {
                "“Usually meets about then” is a guess from dates alone: the latest event of a group, held or announced, and the \
                 days that usually lie between two of its events, without the months that it skips by custom. When it usually \
                 announces is the median of the last year. Groups that are quiet, never met or are still being read have none."
            }
        }
    }
}

/// The Monday of a date's week, and the last day that is shown.
fn span(today: NaiveDate) -> (NaiveDate, NaiveDate) {
    let since = Days::new(today.weekday().num_days_from_monday().into());
    let monday = today.checked_sub_days(since).unwrap_or(today);
    let last = monday.checked_add_days(Days::new(7 * WEEKS - 1));
    (monday, last.unwrap_or(monday))
}

/// The way to what a calendar program reads.
pub(in crate::web) fn for_program(address: &str) -> Markup {
    html! { a href=(address) { "For your calendar program (.ics)" } }
}

/// How a calendar program comes to the same events.
pub(in crate::web) fn subscription(site: &Site, session: &Session, asked: &Asked) -> Markup {
    let path = match &session.name {
        None => "/calendar.ics".to_owned(),
        Some(_) => format!(
            "/calendar/{}/events.ics",
            site.keys.sign(Purpose::Calendar, &[session.mark()])
        ),
    };
    html! {
        (for_program(&site.to(&format!("{path}{}", asked.query(None)))))
        @if session.name.is_some() {
            small { " – an address of your own: whoever has it sees the events that you see, until your token is changed" }
        }
    }
}

fn filters(links: Links<'_>, look: &Look, asked: &Asked) -> Markup {
    let groups = look.report().groups.iter();
    let codes = groups.filter_map(|it| it.figures.country.as_deref());
    // By their names.
    let countries: BTreeMap<String, String> = codes
        .map(|it| (country(it), clean(it).to_uppercase()))
        .collect();
    html! {
        form.filters method="get" action=[links.tab(Tab::Calendar)] {
            label { "Group " input type="search" name="group" value=(asked.group); }
            @if countries.len() > 1 {
                label { "Country "
                    select name="country" {
                        option value="" { "any" }
                        @for (name, it) in &countries {
                            option value=(it) selected[it.eq_ignore_ascii_case(&asked.country)] { (name) }
                        }
                    }
                }
            }
            @if !look.regions.is_empty() {
                label { "Region "
                    select name="region" {
                        option value="" { "any" }
                        @for it in &look.regions {
                            option value=(it.name) selected[it.name.eq_ignore_ascii_case(&asked.region)] { (clean(&it.name)) }
                        }
                    }
                }
            }
            @if look.networks().len() > 1 {
                label { "Network "
                    select name="network" {
                        option value="" { "any" }
                        @for it in look.networks() { option value=(it) selected[it.eq_ignore_ascii_case(&asked.network)] { (it) } }
                    }
                }
            }
            button type="submit" { "Show" }
        }
    }
}
