//! The groups where they are, by status.

mod drawing;
mod marks;
mod projection;

use super::{Failed, look};
use crate::{
    app::showing::Look,
    report::{GroupReport, clean, group_name, number},
    web::{
        Session,
        frame::{self, Tab},
        links::Links,
        site::Site,
    },
};
use axum::{Extension, extract::State, response::Response};
use marks::{UPWARDS, class, mark, named, place};
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

/// What stands on it.
pub(in crate::web) fn body(links: Links<'_>, session: &Session, look: &Look) -> Markup {
    let groups: Vec<&GroupReport> = look.report().groups.iter().collect();
    let (placed, unplaced): (Vec<&GroupReport>, Vec<&GroupReport>) =
        groups.iter().partition(|it| place(it).is_some());
    html! {
        h1 { "Map" }
        @if groups.is_empty() {
            (frame::nothing_yet(links, session.access.is_narrow()))
        } @else {
            p.about {
                (number(placed.len() as i64)) " of " (number(groups.len() as i64)) " groups, where Meetup says that they are."
            }
            @if placed.is_empty() { p.empty { "Meetup says of no group where it is." } }
            @else { (drawing::map(&placed)) (legend(&placed)) }
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

fn legend(placed: &[&GroupReport]) -> Markup {
    html! {
        ul.keys {
            @for status in UPWARDS.into_iter().rev() {
                @let groups = placed.iter().filter(|it| it.figures.status == status).count();
                @if groups > 0 {
                    li {
                        svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" {
                            path class={ "mark " (class(status)) } d=(mark(status, (12.0, 12.0), 8.0)) {}
                        }
                        " " (named(status)) " " small { (groups) }
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
    html! { span class={ "status " (class(it.figures.status)) } { (named(it.figures.status)) } }
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
                                td { (it.figures.country.as_deref().map(clean).unwrap_or_default().to_uppercase()) }
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
