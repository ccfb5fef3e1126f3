//! From figures to what they mean and are made of.

use crate::{
    metrics::GroupFigures,
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
                    a href=(links.figure(key, Some(&figures.urlname))) { (named(key)) }
                }
            }
        }
    }
}
