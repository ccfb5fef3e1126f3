//! The groups that a word would help: chosen by the address, each with what can be done.

use crate::{
    app::showing::Look,
    community::{Cause, Order},
    report::{
        Awaited, Call, GroupReport, clean, group_name, local_day,
        message::{Entry, Line, Span},
    },
    web::{
        forms::{self, Desk},
        links::Links,
        message::{entry, link},
    },
};
use maud::{Markup, html};
use serde::Deserialize;
use std::collections::{BTreeSet, HashMap};

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    q: String,
    cause: String,
    sort: String,
    owner: String,
    region: String,
    /// What was just done,
    pub(super) done: String,
    /// to which group,
    pub(super) about: String,
    /// and what is kept by it.
    pub(super) kept: String,
}

/// Whether a group is among what the address asks for.
fn is_asked_for(look: &Look, asked: &Asked, urlname: &str, causes: &[Cause]) -> bool {
    let wanted = clean(&asked.q).to_lowercase();
    let has = |text: &str| text.to_lowercase().contains(&wanted);
    let named = || {
        let group = look.report().group(urlname);
        group.is_some_and(|it| has(&group_name(&it.figures.name, &it.figures.urlname)))
    };
    Cause::parse(&asked.cause).is_none_or(|cause| causes.contains(&cause))
        && look.is_in_region(&asked.region, urlname)
        && (asked.owner.is_empty()
            || owner_of(look, urlname).is_some_and(|it| it.eq_ignore_ascii_case(&asked.owner)))
        && (wanted.is_empty() || has(urlname) || named())
}

/// Why a word could help a group.
fn causes_of<'a>(look: &'a Look, urlname: &str) -> &'a [Cause] {
    let group = look.report().group(urlname);
    group.map_or(&[], |it| it.causes.as_slice())
}

/// The calls that the address asks for, in its order.
pub(super) fn chosen<'a>(look: &Look, all: &'a [Call], asked: &Asked) -> Vec<&'a Call> {
    let mut calls: Vec<&Call> = all
        .iter()
        .filter(|call| is_asked_for(look, asked, &call.urlname, &call.causes))
        .collect();
    let places: HashMap<String, usize> = Order::parse(&asked.sort)
        .map(|order| {
            let lines = look.lines(Some(order)).into_iter().zip(0..);
            lines.map(|(it, nth)| (it.urlname, nth)).collect()
        })
        .unwrap_or_default();
    if !places.is_empty() {
        calls.sort_by_key(|call| places.get(&call.urlname).copied());
    }
    calls
}

fn owner_of<'a>(look: &'a Look, urlname: &str) -> Option<&'a str> {
    let group = look.report().group(urlname)?;
    Some(look.contact(group)?.owner.as_ref()?.name.as_str())
}

const SORTS: [(&str, &str); 5] = [
    ("", "most at stake"),
    ("days", "longest without an event"),
    ("contact", "longest without contact"),
    ("cause", "most urgent cause"),
    ("name", "name"),
];

/// What the list is narrowed and sorted by.
pub(super) fn filters(desk: &Desk<'_>, look: &Look, all: &[Call], asked: &Asked) -> Markup {
    let owners: BTreeSet<&str> = all
        .iter()
        .filter_map(|call| owner_of(look, &call.urlname))
        .collect();
    let causes: Vec<Cause> = Cause::ALL
        .iter()
        .copied()
        .filter(|cause| all.iter().any(|call| call.causes.contains(cause)))
        .collect();
    html! {
        form.filters method="get" action={ (desk.site.to("/")) "#write-to" } {
            label { "Name " input type="search" name="q" value=(asked.q); }
            label { "Cause "
                select name="cause" {
                    option value="" { "any" }
                    @for cause in causes {
                        option value=(cause.as_str()) selected[asked.cause == cause.as_str()] { (cause.in_short()) }
                    }
                }
            }
            @if !owners.is_empty() {
                label { "Looked after by "
                    select name="owner" {
                        option value="" { "anybody" }
                        @for owner in owners { option value=(owner) selected[asked.owner == owner] { (clean(owner)) } }
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
            label { "First "
                select name="sort" {
                    @for (word, name) in SORTS { option value=(word) selected[asked.sort == word] { (name) } }
                }
            }
            button type="submit" { "Show" }
        }
        (mine(desk, look, all))
    }
}

/// The way to those that whoever looks looks after.
fn mine(desk: &Desk<'_>, look: &Look, all: &[Call]) -> Markup {
    let me = desk.session.name.as_deref().unwrap_or_default();
    let is_mine =
        |call: &&Call| owner_of(look, &call.urlname).is_some_and(|it| it.eq_ignore_ascii_case(me));
    let count = all.iter().filter(is_mine).count();
    let query: String = url::form_urlencoded::byte_serialize(me.as_bytes()).collect();
    html! {
        @if count > 0 {
            p.about { a href={ (desk.site.to("/")) "?owner=" (query) "#write-to" } { "Mine" } " (" (count) ")" }
        }
    }
}

/// One of them.
pub(super) fn card(links: Links<'_>, desk: Option<&Desk<'_>>, look: &Look, call: &Call) -> Markup {
    told(
        links,
        desk,
        look,
        (&call.urlname, &call.causes),
        &call.entry,
    )
}

/// The groups that are waited for: what is kept of them is changed here, too.
pub(super) fn waiting(
    links: Links<'_>,
    desk: Option<&Desk<'_>>,
    look: &Look,
    (all, asked): (&[Awaited], &Asked),
) -> Markup {
    let shown: Vec<&Awaited> = all
        .iter()
        .filter(|it| is_asked_for(look, asked, &it.urlname, causes_of(look, &it.urlname)))
        .collect();
    html! {
        @if !all.is_empty() {
            section #waiting {
                h2 { "Waiting for an answer (" (count(shown.len(), all.len())) ")" }
                @for it in shown { (told(links, desk, look, (&it.urlname, causes_of(look, &it.urlname)), &it.entry)) }
            }
        }
    }
}

/// What is said of a group, why, and what can be done about it.
fn told(
    links: Links<'_>,
    desk: Option<&Desk<'_>>,
    look: &Look,
    (urlname, causes): (&str, &[Cause]),
    said: &Entry,
) -> Markup {
    let group = look.report().group(urlname);
    let name = group.map_or_else(
        || clean(urlname),
        |it| group_name(&it.figures.name, &it.figures.urlname),
    );
    html! {
        article.call id=(urlname) {
            h3 {
                a href=(links.group(urlname)) { bdi { (name) } }
                @if let Some(it) = group { " " small { (link("at Meetup", &it.figures.link)) } }
                @for cause in causes { " " span.tag { (cause.in_short()) } }
            }
            @if desk.is_some_and(|it| it.about == urlname) { (forms::done(desk, look)) }
            (entry(&without_name(said)))
            @if let Some(it) = group { (kept(look, it)) }
            @if let Some(it) = group { (forms::forms(desk, it, look.contact(it), look.today())) }
        }
    }
}

/// Who looks after it, and when anybody was last in contact.
pub(in crate::web) fn kept(look: &Look, group: &GroupReport) -> Markup {
    let contact = look.contact(group);
    let owner = contact.and_then(|it| it.owner.as_ref());
    let now = look.looked_at();
    let noted = contact
        .into_iter()
        .flat_map(|it| it.notes.iter().map(|it| it.at));
    let asked = contact
        .into_iter()
        .flat_map(|it| it.asked.iter().map(|it| it.at));
    let last = noted.chain(asked).max();
    let last =
        last.map(|at| local_day(at.with_timezone(&now.timezone()).date_naive(), look.today()));
    html! {
        @if owner.is_some() || last.is_some() {
            p.kept {
                @if let Some(owner) = owner { "Looked after by " (clean(&owner.name)) }
                @if let Some(last) = last {
                    @if owner.is_some() { " · last contact " } @else { "Last contact " }
                    (last)
                }
            }
        }
    }
}

/// A sentence's first letter as a sentence begins.
fn capital(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(rest).collect()
    })
}

/// What is said of a group, without its name in front: that stands above.
fn without_name(entry: &Entry) -> Entry {
    let mut entry = entry.clone();
    if let Some(Line(spans)) = entry.lines.first_mut()
        && matches!(spans.first(), Some(Span::Link { .. }))
    {
        spans.remove(0);
        if let Some(Span::Plain(text)) = spans.first_mut() {
            *text = capital(text.trim_start_matches([' ', '·']));
        }
    }
    entry
}

/// "3", or "1 of 3" where not all are shown.
pub(super) fn count(shown: usize, all: usize) -> String {
    if shown == all {
        all.to_string()
    } else {
        format!("{shown} of {all}")
    }
}
