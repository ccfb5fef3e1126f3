//! From figures to what they mean and are made of.

use crate::{
    metrics::{GroupFigures, label},
    web::{links::Links, pages::explain::named},
};
use maud::{Markup, html};

/// The ways to what figures mean and are made of.
pub(super) fn behind(links: Links<'_>, figures: &GroupFigures, keys: &[&str]) -> Markup {
    html! {
        @if !keys.is_empty() {
            p.of.behind {
                "Behind it: "
                @for (nth, key) in keys.iter().enumerate() {
                    @if nth > 0 { " · " }
                    @let to = match label(key) { Some(_) => links.figure(key, Some(&figures.urlname)), None => links.definition(key) };
                    a href=(to) { (named(key)) }
                }
            }
        }
    }
}
