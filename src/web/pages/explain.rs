//! What a figure means, and what it is made of.

mod value;

use super::{Failed, definitions::words, look, waits};
use crate::{
    app::{explained, showing::Look},
    config::Right,
    metrics::{self, Scope},
    report::{GroupReport, Outline, clean, group_name, number},
    web::{
        Session,
        frame::{self, Tab},
        links::Links,
        site::Site,
    },
};
use axum::{
    Extension,
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

/// How keys of the network begin; what else there is of the whole report is no figure.
const NETWORK: &str = "network.";

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    /// A urlname, for a figure of a group.
    group: String,
}

pub(in crate::web) async fn page(
    State(site): State<Arc<Site>>,
    Extension(session): Extension<Session>,
    Path(key): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failed> {
    let look = look(&site, &session, Tab::Other).await?;
    let links = site.links();
    let missing = |what: &Markup| {
        let body = html! {
            p { (what) " " a href=(links.definitions()) { "All figures" } "." }
        };
        let (status, title) = (StatusCode::NOT_FOUND, "No such figure");
        frame::plain(&site, Some(&session), Tab::Other, status, title, &body)
    };
    let entry = metrics::entry(&key).filter(|it| it.key == key);
    let Some(entry) = entry.filter(|it| it.scope == Scope::Group || it.key.starts_with(NETWORK))
    else {
        return Ok(missing(
            &html! { "No figure is called " code { (clean(&key)) } "." },
        ));
    };
    let with_names = session.may(Right::People);
    let (of, told) = if entry.scope == Scope::Group {
        let Some(group) = look.report().group(&asked.group) else {
            let groups = frame::to(links, Tab::Groups);
            return Ok(missing(&html! {
                "It is a figure of one group, and "
                @if asked.group.is_empty() { "none was named" }
                @else { "no group here is called " bdi { (clean(&asked.group)) } }
                ". Its page leads here: " (groups) "."
            }));
        };
        let of = of_group(&site, (&look, group), entry, with_names).await?;
        let figures = &group.figures;
        let to = html! {
            a href=(links.group(&figures.urlname)) { bdi { (group_name(&figures.name, &figures.urlname)) } }
        };
        (to, of)
    } else {
        let mut counted = None;
        waits(|| {
            counted = site.showing.figure(&session.access, entry, with_names);
            counted.is_some()
        })
        .await;
        let Some(counted) = counted else {
            let why = "What it is made of is being read, person by person.";
            let moment = frame::not_yet(&site, &session, Tab::Other, "A moment", why);
            return Ok(moment);
        };
        let of = if session.access.is_narrow() {
            html! { "your part of the groups" }
        } else {
            html! { "all groups" }
        };
        (of, counted.as_ref().clone())
    };
    let Some(told) = told else {
        return Ok(missing(&html! { "It is none of the report." }));
    };
    let title = named(entry.key);
    let body = body(links, &title, &of, &told);
    Ok(frame::page(
        &site,
        &session,
        Tab::Other,
        &title,
        &look,
        &body,
    ))
}

async fn of_group(
    site: &Site,
    seen: (&Look, &GroupReport),
    entry: &'static metrics::Entry,
    with_names: bool,
) -> Result<Option<Outline>, Failed> {
    let told = explained::of_group(&site.config, &site.database, seen, entry, with_names);
    Ok(told.await?)
}

/// A key in words: "Said yes, typically".
pub(in crate::web) fn named(key: &str) -> String {
    let name = metrics::label(key).map(str::to_owned);
    name.unwrap_or_else(|| key.rsplit('.').next().unwrap_or(key).replace('_', " "))
}

fn body(links: Links<'_>, title: &str, of: &Markup, told: &Outline) -> Markup {
    let adds = told.lines.iter().any(|it| it.adds.is_some());
    let mut denominators = told.lines.iter().map(|it| it.adds_to_denominator);
    let is_rate = denominators.any(|it| it.is_some());
    let caption = "What it is made of";
    let count = |n: Option<i64>| n.map_or_else(String::new, number);
    html! {
        h1 { (title) }
        p.about { "Of " (of) " · " a href=(links.definition(&told.key)) { code { (told.key) } } }
        p { (words(&told.definition)) }
        dl.rows {
            dt { "Figure" } dd { (value::told(&told.value, &told.figure)) }
            @if let Some(window) = &told.window { dt { "Looks at" } dd { p { (window) } } }
            dt { "As of" } dd { p { (told.as_of.format("%a %-d %b %Y, %H:%M UTC")) } }
        }
        section #rows {
            h2 { (caption) }
            @if told.lines.is_empty() { p.empty { "No rows are behind it." } }
            @else {
                div.wide tabindex="0" role="region" aria-label=(caption) {
                    table {
                        caption { "Rows that are equal stand in one line" }
                        thead { tr {
                            @if adds { th.n scope="col" { @if is_rate { "Adds" } @else { "Adds to it" } } }
                            @if is_rate { th.n scope="col" { "Of" } }
                            th scope="col" { "What" }
                        } }
                        tbody {
                            @for line in &told.lines {
                                tr {
                                    @if adds { td.n { (count(line.adds)) } }
                                    @if is_rate { td.n { (count(line.adds_to_denominator)) } }
                                    td { bdi { (line.told) } }
                                }
                            }
                        }
                    }
                }
                @if told.more > 0 { p.rest { "and " (number(told.more as i64)) " more" } }
            }
        }
    }
}
