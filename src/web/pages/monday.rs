//! This Monday: how the network is doing, every group that a word would help, and what the week brought and brings.

mod calls;
mod events;

pub(in crate::web) use calls::Asked;

use super::{Failed, explain::named, look};
use crate::{
    app::showing::Look,
    chart::GroupsMet,
    report::{changed, clean, message::Topic, number, share},
    web::{
        Session,
        figure::figure,
        forms::{self, Desk},
        frame::{self, Tab},
        links::Links,
        message::{line, section},
        site::Site,
    },
};
use axum::{
    Extension,
    extract::{Query, State},
    http::Uri,
    response::Response,
};
use calls::{card, chosen, count, filters, waiting};
use events::{last_week, owed, this_week};
use maud::{Markup, html};
use std::sync::Arc;

pub(in crate::web) async fn page(
    State(site): State<Arc<Site>>,
    Extension(session): Extension<Session>,
    Query(asked): Query<Asked>,
    uri: Uri,
) -> Result<Response, Failed> {
    let look = look(&site, &session, Tab::Monday).await?;
    let desk = Desk {
        site: &site,
        session: &session,
        back: &site.back_to(&uri),
        done: &asked.done,
        about: &asked.about,
        kept: &asked.kept,
    };
    let body = body(site.links(), &session, &look, &asked, Some(&desk));
    Ok(frame::page(
        &site,
        &session,
        Tab::Monday,
        Tab::Monday.name(),
        &look,
        &body,
    ))
}

/// What stands on it; forms where there is a desk.
pub(in crate::web) fn body(
    links: Links<'_>,
    session: &Session,
    look: &Look,
    asked: &Asked,
    desk: Option<&Desk<'_>>,
) -> Markup {
    let digest = look.digest();
    let all = look.calls();
    let calls = chosen(look, &all, asked);
    let awaited = look.awaited();
    let shown = calls.iter().map(|it| &it.urlname);
    let mut shown = shown.chain(awaited.iter().map(|it| &it.urlname));
    // What was done is told where it was done, and above all where that is shown no more.
    let is_told_there = shown.any(|it| *it == asked.about);
    let title = clean(&digest.message.title);
    html! {
        h1 { (Tab::Monday.name()) }
        @if look.report().groups.is_empty() {
            (frame::nothing_yet(links, session, look))
        } @else {
            p.about { (title) }
            @if !is_told_there { (forms::done(desk, look)) }
            (figures(links, look))
            @for it in digest.message.sections.iter().filter(|it| it.topic == Topic::Opening) {
                section.opening {
                    @let words = if it.picture.is_some() { it.lines.len().saturating_sub(1) } else { it.lines.len() };
                    @for it in &it.lines[..words] { p { (line(it)) } }
                }
            }
            (behind(links, &["network.last_week", "network.next_week", "network.attendance_owed"]))
            section #write-to {
                h2 { "Please write to (" (count(calls.len(), all.len())) ")" }
                @if let Some(desk) = desk { (filters(desk, look, &all, asked)) }
                p.of.behind {
                    "What it means: " a href=(links.definition("causes")) { (named("causes")) } " · "
                    a href=(links.definition("stake")) { (named("stake")) } " · " a href=(links.definition("pause")) { (named("pause")) }
                }
                @if calls.is_empty() {
                    p.empty { @if all.is_empty() { "No group needs a word now." } @else { "None is so." } }
                }
                @for call in &calls { (card(links, desk, look, call)) }
            }
            (waiting(links, desk, look, (&awaited, asked)))
            @for it in digest.message.sections.iter().filter(|it| it.topic == Topic::Other) { (section(it)) }
            @for it in digest.message.sections.iter().filter_map(|it| it.picture.as_ref()) { (months(links, it)) }
            (last_week(links, look))
            (this_week(links, look))
            (owed(links, look))
        }
    }
}

/// The ways to what figures in sentences mean and are made of.
fn behind(links: Links<'_>, keys: &[&str]) -> Markup {
    html! {
        p.of.behind {
            "Behind it: "
            @for (nth, key) in keys.iter().enumerate() {
                @if nth > 0 { " · " }
                a href=(links.figure(key, None)) { (named(key)) }
            }
        }
    }
}

/// How many groups met, month by month.
fn months(links: Links<'_>, groups_met: &GroupsMet) -> Markup {
    let chart = groups_met.chart();
    let year = behind(links, &["network.groups_met_365"]);
    html! {
        section #months {
            h2 { (chart.title()) }
            (figure(&chart, &year))
        }
    }
}

/// The four figures that say most, each beside the year before, with the way to what it is made of.
fn figures(links: Links<'_>, look: &Look) -> Markup {
    let n = look.network();
    let beside = |now: i64, before: i64| match changed(now, before) {
        Some(percent) => format!("{} a year before ({percent})", number(before)),
        None => format!("{} a year before", number(before)),
    };
    let counts = [
        (
            "People, 90 days",
            "network.people_90",
            (n.people_90, n.people_90_year_before),
        ),
        (
            "Events, 90 days",
            "network.events_90",
            (n.events_90, n.events_90_year_before),
        ),
        (
            "Groups that met, 12 months",
            "network.groups_met_365",
            (n.groups_met_365, n.groups_met_365_year_before),
        ),
    ];
    let again = n.repeat_rate;
    let name = |name: &str, key: &str| html! { dt { a href=(links.figure(key, None)) { (name) } } };
    html! {
        dl.figures {
            @for (label, key, (now, before)) in counts {
                div { (name(label, key)) dd { (number(now)) } dd.beside { (beside(now, before)) } }
            }
            div {
                (name("Came more than once, 12 months", "network.repeat_rate"))
                dd { @if again.denominator == 0 { "–" } @else { (100 * again.numerator / again.denominator) "\u{202f}%" } }
                dd.beside { (share(again, "people").split(" (").next().unwrap_or_default()) }
            }
        }
    }
}
