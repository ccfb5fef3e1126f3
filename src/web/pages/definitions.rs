//! What every figure means, each with an anchor of its own.

use super::{Failed, look, year};
use crate::{
    metrics::{Scope, entries, label},
    web::{
        Session,
        frame::{self, Tab},
        site::Site,
    },
};
use axum::{Extension, extract::State, response::Response};
use maud::{Markup, html};
use std::sync::Arc;

/// What the page is called.
pub(in crate::web) const TITLE: &str = "Definitions";

pub(in crate::web) async fn page(
    State(site): State<Arc<Site>>,
    Extension(session): Extension<Session>,
) -> Result<Response, Failed> {
    let look = look(&site, &session, Tab::Other).await?;
    Ok(frame::page(
        &site,
        &session,
        Tab::Other,
        TITLE,
        &look,
        &body(),
    ))
}

/// Words in which keys stand between backticks.
pub(in crate::web) fn words(text: &str) -> Markup {
    html! {
        @for (nth, part) in text.split('`').enumerate() {
            @if nth % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

/// What stands on it.
pub(in crate::web) fn body() -> Markup {
    let of = |scope| entries().filter(move |it| it.scope == scope);
    html! {
        h1 { (TITLE) }
        p.about { (words("What the figures mean, by their keys in `gatherd report --format json`. `gatherd report --explain KEY` lists the rows of each.")) }
        @for (name, scope) in [("Of a group", Scope::Group), ("Of the network", Scope::Whole)] {
            section {
                h2 { (name) }
                dl.definitions {
                    @for it in of(scope) {
                        dt id=(it.key) { (label(it.key).unwrap_or(it.key)) " " code { (it.key) } }
                        dd { p { (words(it.words)) } @if let Some(window) = it.window.in_words() { p.of { "Looks at: " (window) "." } } }
                    }
                }
            }
        }
        section {
            h2 { "Of a group's page" }
            dl.definitions {
                dt id="years" { "Years" }
                dd { p {
                    "Events held, by year of the clock of the place; those called off or deleted count in none. The year that \
                     runs counts up to now."
                } }
            }
        }
        section {
            h2 { "Of a year" }
            dl.definitions {
                @for (key, name, means) in year::definitions() { dt id=(key) { (name) " " code { (key) } } dd { p { (means) } } }
            }
        }
    }
}
