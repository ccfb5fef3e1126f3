//! The groups where they are, by status.

mod drawing;
mod projection;

use super::{Failed, look};
use crate::{
    app::showing::Look,
    report::{GroupReport, clean, country, group_name, number},
    web::{
        Session,
        frame::{self, Tab},
        links::Links,
        marks::{self, UPWARDS},
        site::Site,
    },
};
use axum::{Extension, extract::State, response::Response};
use maud::{Markup, html};
use std::sync::Arc;

pub(in crate::web) async fn page(
    State(site): State<Arc<Site>>,
    Extension(session): Extension<Session>,
) -> Result<Response, Failed> {
    let look = look(&site, &session, Tab::Map).await?;
    let body = body(site.links(), &session, &look);
    Ok(frame::page(&site, &session, Tab::Map, "Map", &look, &body))
}

/// Latitude and longitude, where they are known and on the earth. Meetup has 0, 0 where it knows none.
fn place(group: &GroupReport) -> Option<(f64, f64)> {
    let (lat, lon) = group.figures.at?;
    let is_on_earth = (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon);
    (is_on_earth && (lat != 0.0 || lon != 0.0)).then_some((lat, lon))
}

/// What stands on it.
pub(in crate::web) fn body(links: Links<'_>, session: &Session, look: &Look) -> Markup {
    let groups: Vec<&GroupReport> = look.report().groups.iter().collect();
    let (placed, unplaced): (Vec<&GroupReport>, Vec<&GroupReport>) =
        groups.iter().partition(|it| place(it).is_some());
    html! {
        h1 { "Map" }
        @if groups.is_empty() {
            (frame::nothing_yet(links, session, look))
        } @else {
            p.about {
                (number(placed.len() as i64)) " of " (number(groups.len() as i64)) " groups, where Meetup says that they are."
            }
            @if placed.is_empty() { p.empty { "Meetup says of no group where it is." } }
            @else { (drawing::map(&located(&placed))) (legend(&placed)) }
            (table(links, &placed))
            @if !unplaced.is_empty() {
                section #unplaced {
                    h2 { "Not on the map (" (unplaced.len()) ")" }
                    p { "Meetup says no place of theirs." }
                    ul { @for it in &unplaced { li { (group(links, it)) " · " (status(it)) } } }
                }
            }
        }
    }
}

/// The groups, each with its place.
fn located<'a>(placed: &[&'a GroupReport]) -> Vec<(&'a GroupReport, (f64, f64))> {
    let places = placed.iter().filter_map(|it| Some((*it, place(it)?)));
    places.collect()
}

fn legend(placed: &[&GroupReport]) -> Markup {
    html! {
        ul.keys {
            @for status in UPWARDS.into_iter().rev() {
                @let groups = placed.iter().filter(|it| it.figures.status == status).count();
                @if groups > 0 {
                    li {
                        (marks::status(status)) " " small { (groups) }
                    }
                }
            }
        }
    }
}

fn group(links: Links<'_>, it: &GroupReport) -> Markup {
    html! { a href=(links.group(&it.figures.urlname)) { bdi { (group_name(&it.figures.name, &it.figures.urlname)) } } }
}

fn status(it: &GroupReport) -> Markup {
    marks::status(it.figures.status)
}

/// The same groups as a table.
fn table(links: Links<'_>, placed: &[&GroupReport]) -> Markup {
    html! {
        details.place {
            summary { "The same as a table" }
            div.wide tabindex="0" role="region" aria-label="Groups with a place" {
                table {
                    caption { "Groups with a place" }
                    thead { tr {
                        th scope="col" { "Group" }
                        th scope="col" { "Status" }
                        th scope="col" { "City" }
                        th scope="col" { "Country" }
                        th.n scope="col" { "Latitude" }
                        th.n scope="col" { "Longitude" }
                    } }
                    tbody {
                        @for it in placed {
                            tr {
                                th scope="row" { (group(links, it)) }
                                td { (status(it)) }
                                td { (it.figures.city.as_deref().map(clean).unwrap_or_default()) }
                                td { (it.figures.country.as_deref().map(country).unwrap_or_default()) }
                                @if let Some((lat, lon)) = place(it) {
                                    td.n { (format!("{lat:.2}")) }
                                    td.n { (format!("{lon:.2}")) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
