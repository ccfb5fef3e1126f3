//! What the week brought and brings.

use crate::{
    app::showing::Look,
    metrics::{Ahead, Lately, Owed},
    report::{clean, expectation, group_name, number, order},
    web::{links::Links, message::link},
};
use chrono::{NaiveDate, TimeDelta};
use maud::{Markup, html};
use std::collections::HashMap;

/// The events of a list: of a joint one the first copy, with how many groups have it besides.
struct Row<'a> {
    day: NaiveDate,
    time: String,
    group: &'a str,
    group_name: &'a str,
    others: usize,
    title: &'a str,
    url: Option<&'a str>,
    told: String,
}

fn rows_of<'a, T>(
    events: impl Iterator<Item = T>,
    joint: impl Fn(&T) -> Option<&'a str>,
    row: impl Fn(&T) -> Row<'a>,
) -> Vec<Row<'a>> {
    let mut rows: Vec<Row<'a>> = Vec::new();
    let mut known: HashMap<&str, usize> = HashMap::new();
    for event in events {
        if let Some(joint) = joint(&event) {
            if let Some(at) = known.get(joint) {
                rows[*at].others += 1;
                continue;
            }
            known.insert(joint, rows.len());
        }
        rows.push(row(&event));
    }
    rows
}

/// `label`: what stands before the last cell where there is no room for headings, unless it says so itself.
fn table(
    links: Links<'_>,
    caption: &str,
    (last, label): (&str, Option<&str>),
    rows: &[Row<'_>],
) -> Markup {
    html! {
        div.wide tabindex="0" role="region" aria-label=(caption) {
            table.stack {
                caption { (caption) }
                thead { tr { th scope="col" { "When, there" } th scope="col" { "Group" } th scope="col" { "Event" } th scope="col" { (last) } } }
                tbody {
                    @for it in rows {
                        tr {
                            td { (it.day.format("%a %-d %b")) " " (it.time) }
                            td {
                                a href=(links.group(it.group)) { bdi { (clean(it.group_name)) } }
                                @if it.others > 0 { " and " (it.others) " more" }
                            }
                            td { @match it.url { Some(url) => (link(it.title, url)), None => bdi { (clean(it.title)) } } }
                            td data-label=[label] { (it.told) }
                        }
                    }
                }
            }
        }
    }
}

/// What was held in the seven days before.
pub(super) fn last_week(links: Links<'_>, look: &Look) -> Markup {
    let rows = rows_of(
        look.lately(),
        |it: &&Lately| it.joint.as_deref(),
        |it| Row {
            day: it.event.starts_local.date(),
            time: it.event.starts_local.format("%H:%M").to_string(),
            group: &it.group,
            group_name: &it.group_name,
            others: 0,
            title: &it.event.title,
            url: it.event.url.as_deref(),
            told: number(it.event.yes),
        },
    );
    html! {
        section #last-week {
            h2 { "Last week (" (rows.len()) ")" }
            @if rows.is_empty() { p.empty { "No events in the seven days before today." } }
            @else { (table(links, "Events of the seven days before today", ("Said yes", Some("Said yes")), &rows)) }
        }
    }
}

/// What is announced.
pub(super) fn this_week(links: Links<'_>, look: &Look) -> Markup {
    let (from, to) = (look.today(), look.today() + TimeDelta::days(13));
    let coming = look
        .report()
        .ahead
        .iter()
        .filter(|it| (from..=to).contains(&it.starts_local.date()));
    let rows = rows_of(
        coming,
        |it: &&Ahead| it.joint.as_deref(),
        |it| Row {
            day: it.starts_local.date(),
            time: it.starts_local.format("%H:%M").to_string(),
            group: &it.group,
            group_name: &it.group_name,
            others: 0,
            title: &it.title,
            url: it.url.as_deref(),
            told: expected(it),
        },
    );
    html! {
        section #this-week {
            h2 { "This week and next" }
            @if rows.is_empty() { p.empty { "Nothing is announced for today and the thirteen days after." } }
            @else { (table(links, "Events of today and the thirteen days after", ("Yes so far, and what to expect", None), &rows)) }
        }
    }
}

fn expected(event: &Ahead) -> String {
    let order = event.expected.as_ref().and_then(order);
    let order = order.map_or_else(String::new, |it| format!("; order {it}"));
    format!("{} yes · {}{order}", number(event.yes), expectation(event))
}

/// Where attendance is still to be taken.
pub(super) fn owed(links: Links<'_>, look: &Look) -> Markup {
    let seen = |it: &&Owed| look.report().group(&it.group).is_some();
    let owed: Vec<_> = look.network().owed.iter().filter(seen).collect();
    html! {
        @if !owed.is_empty() {
            section #attendance {
                h2 { "Attendance to take (" (owed.len()) ")" }
                p { "At these events of the last 30 days nobody was marked: without that, who came is not known." }
                ul.entries {
                    @for it in &owed {
                        li {
                            @let name = look.report().group(&it.group).map(|it| group_name(&it.figures.name, &it.figures.urlname));
                            a href=(links.group(&it.group)) { bdi { (name.unwrap_or_else(|| clean(&it.group))) } }
                            " · "
                            @let day = it.starts_on.format("%a %-d %b").to_string();
                            @match &it.url { Some(url) => (link(&day, url)), None => (day) }
                        }
                    }
                }
            }
        }
    }
}
