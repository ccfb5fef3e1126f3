//! What to order, on a sheet to be printed.

use super::asked::Asked;
use crate::{
    app::showing::Look,
    metrics::Ahead,
    report::{basis, clean, number},
    web::{frame::Tab, links::Links},
};
use maud::{Markup, html};
use std::collections::BTreeSet;

/// What the sheet is called.
pub(in crate::web) const ORDERS: &str = "Order sheet";

/// The events that have an order, by start.
pub(super) fn events<'a>(look: &'a Look, groups: Option<&BTreeSet<String>>) -> Vec<&'a Ahead> {
    let with_order = |it: &&Ahead| it.expected.as_ref().is_some_and(|it| it.order.is_some());
    let ahead = look.report().ahead.iter().filter(with_order);
    let is_asked_for = |it: &&Ahead| {
        groups.is_none_or(|groups| {
            let mut of = std::iter::once(*it).chain(ordered_with(look, it));
            of.any(|copy| groups.contains(&copy.group))
        })
    };
    ahead.filter(is_asked_for).collect()
}

/// The copies in other groups for which the same order is.
fn ordered_with<'a>(look: &'a Look, event: &Ahead) -> impl Iterator<Item = &'a Ahead> {
    let token = event.token.clone();
    let ahead = look.report().ahead.iter();
    ahead.filter(move |it| it.ordered_with.as_ref() == Some(&token))
}

/// The sheet, of what is asked for.
pub(in crate::web) fn sheet(links: Links<'_>, look: &Look, asked: &Asked) -> Markup {
    let events = events(look, asked.groups(look).as_ref());
    let back = links.tab(Tab::Calendar).unwrap_or_default();
    html! {
        h1 { (ORDERS) }
        p.about {
            "As of " (look.today().format("%A, %-d %B %Y")) ": events in person of the next eight days for which 15 or more are \
             expected, where it is known how many of those who say yes come. "
            a.noprint href={ (back) (asked.query(None)) } { "Back to the calendar" }
        }
        @if events.is_empty() {
            p.empty { "Nothing is to be ordered now." }
        } @else {
            div.wide {
                table.orders {
                    caption { "What to order, guests included" }
                    thead { tr {
                        th scope="col" { "When, there" }
                        th scope="col" { "Event" }
                        th.n scope="col" { "Seats" }
                        th.n scope="col" { "Food for" }
                        th.n scope="col" { "Badges" }
                        th scope="col" { "From" }
                        th scope="col" { "Ordered" }
                    } }
                    tbody { @for it in &events { (row(links, look, it)) } }
                }
            }
            p.legend {
                "Seats: so that nobody stands, the upper end of the range. Food: so that little is left, the expected turnout. \
                 Badges: one for everybody who will have said yes."
            }
        }
    }
}

fn row(links: Links<'_>, look: &Look, it: &Ahead) -> Markup {
    let copies: Vec<&Ahead> = std::iter::once(it).chain(ordered_with(look, it)).collect();
    html! {
        @if let Some((expected, order)) = it.expected.as_ref().and_then(|it| Some((it, it.order?))) {
            tr {
                td { (it.starts_local.format("%a %-d %b")) " " (it.starts_local.format("%H:%M")) }
                th scope="row" {
                    bdi { (clean(&it.title)) }
                    @for copy in copies {
                        br;
                        a href=(links.group(&copy.group)) { bdi { (clean(&copy.group_name)) } }
                        small { " · " (number(copy.yes)) " yes, " (number(copy.guests)) @if copy.guests == 1 { " guest" } @else { " guests" } " so far" }
                    }
                }
                td.n { (number(order.seats)) }
                td.n { (number(order.food)) }
                td.n { (number(order.badges)) }
                td { small { (basis(expected)) } }
                td.box { span aria-hidden="true" { "☐" } }
            }
        }
    }
}
