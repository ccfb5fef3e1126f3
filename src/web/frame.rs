//! What every page has around what it is about: its title, the way to the others, how old its data is.

pub(super) use super::tab::Tab;

use super::{Session, links::Links, site::Site};
use crate::{
    app::{beginning::Beginning, showing::Look},
    config::Right,
    report::{clean, number, read_until},
};
use axum::{
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use chrono::{DateTime, TimeDelta, Utc};
use maud::{DOCTYPE, Markup, html};

/// Data older than this is said to be old, whatever the page.
const OLD: TimeDelta = TimeDelta::hours(26);
/// What a file may do: look, and nothing else. Not every browser takes the style sheet beside a file for its own.
const POLICY: &str = "script-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'";

/// A page of what was measured.
pub(super) fn page(
    site: &Site,
    session: &Session,
    tab: Tab,
    title: &str,
    look: &Look,
    body: &Markup,
) -> Response {
    let whole = measured(site.links(), session, tab, title, look, body);
    Html(whole.into_string()).into_response()
}

/// The same, wherever it stands.
pub(super) fn measured(
    links: Links<'_>,
    session: &Session,
    tab: Tab,
    title: &str,
    look: &Look,
    body: &Markup,
) -> Markup {
    let about = html! {
        (begun(links, look))
        (stale(look))
        (body)
    };
    let foot = html! {
        p { (clean(&read_until(look.report()))) }
        p {
            "Counted as of " (instant(look.as_of())) ", by version " (look.report().definitions_version) " of the "
            a href=(links.definitions()) { "definitions" } "."
        }
        (written(links, look.report().generated_at))
    };
    framed(links, Some(session), tab, title, &about, &foot)
}

/// A page that says something by itself.
pub(super) fn plain(
    site: &Site,
    session: Option<&Session>,
    tab: Tab,
    status: StatusCode,
    title: &str,
    body: &Markup,
) -> Response {
    let whole = said(site.links(), session, tab, title, body, &html! {});
    (status, Html(whole.into_string())).into_response()
}

/// A file that says something by itself, as it was then.
pub(super) fn kept(
    links: Links<'_>,
    session: &Session,
    tab: Tab,
    body: &Markup,
    at: DateTime<Utc>,
) -> Markup {
    let foot = html! {
        p { "As of " (instant(at)) "." }
        (written(links, at))
    };
    said(links, Some(session), tab, tab.name(), body, &foot)
}

fn said(
    links: Links<'_>,
    session: Option<&Session>,
    tab: Tab,
    title: &str,
    body: &Markup,
    foot: &Markup,
) -> Markup {
    let body = html! {
        h1 { (title) }
        (body)
    };
    framed(links, session, tab, title, &body, foot)
}

/// Who wrote a file, and when: nothing there moves any more.
fn written(links: Links<'_>, at: DateTime<Utc>) -> Markup {
    html! {
        @if links.files().is_some() {
            p { "Written by gatherd " (env!("CARGO_PKG_VERSION")) " at " (instant(at)) "; it does not change by itself." }
        }
    }
}

fn instant(at: DateTime<Utc>) -> Markup {
    html! { time datetime=(at.to_rfc3339()) { (at.format("%a %-d %b %Y, %H:%M UTC")) } }
}

/// Where what a page shows is still being made, after it was waited for. The reader asks again: a page that turns over by
/// itself takes a screen reader's place away.
pub(super) fn not_yet(
    site: &Site,
    session: &Session,
    tab: Tab,
    title: &str,
    why: &str,
) -> Response {
    let body = html! {
        p { (why) " " a href="" { "Look again" } }
    };
    plain(site, Some(session), tab, StatusCode::OK, title, &body)
}

/// Where nothing was read yet, in the place of what there would be.
pub(super) fn nothing_yet(links: Links<'_>, session: &Session, look: &Look) -> Markup {
    let is_narrow = session.access.is_narrow();
    html! {
        section.empty {
            @if let Some(beginning) = look.beginning() {
                h2 { "No group is known yet" }
                @match beginning {
                    Beginning::UnderWay => {
                        p { "The first reading is under way: the groups of the configured networks come first, then their history, \
                             the latest of it at once. What was read stands here within a minute of it; the whole past of a large \
                             network may take hours. " a href="" { "Look again" } }
                    },
                    Beginning::NotBegun => {
                        p { "Nothing was read so far. The first reading begins by itself while " code { "gatherd run" } " runs, or with "
                            code { "gatherd backfill" } "." }
                    },
                    // What keeps it tells of all groups.
                    Beginning::Failed(_) if is_narrow => {
                        p.told { "The first reading failed. It is tried again by itself; whoever runs gatherd can see why." }
                    },
                    Beginning::Failed(why) => {
                        p.told { "The first reading failed. What keeps it:" }
                        ul { @for it in why { li { @for line in it.lines() { p { (clean(line)) } } } } }
                        p { "It is tried again by itself at the next pass; " code { "gatherd doctor" } " tries each part of it now and \
                             says what to do." }
                    },
                }
                @if !is_narrow {
                    p { "How far it is, and what keeps it, stands on the page " (to(links, Tab::Health)) "." }
                }
            } @else if is_narrow {
                h2 { "None of the groups is in your part" }
                p { "Your groups, countries or time zones are set in the configuration: ask whoever runs gatherd." }
            } @else {
                h2 { "No group is known yet" }
                p { "gatherd reads the groups of the configured networks first, then their history. How far it is, and \
                     what keeps it, stands on the page " (to(links, Tab::Health)) "." }
            }
        }
    }
}

/// A page by its name, with the way to it where there is one.
pub(super) fn to(links: Links<'_>, tab: Tab) -> Markup {
    html! {
        @match links.tab(tab) { Some(to) => a href=(to) { (tab.name()) }, None => (tab.name()) }
    }
}

/// While the first reading is under way or fails, though some groups are known.
fn begun(links: Links<'_>, look: &Look) -> Markup {
    let report = look.report();
    let (groups, rest) = (
        report.groups.len(),
        report.freshness.incomplete_groups.len(),
    );
    let told = match look.beginning() {
        Some(Beginning::UnderWay) => "The first reading is under way",
        Some(Beginning::Failed(_)) => "The first reading failed, and is tried again",
        Some(Beginning::NotBegun) => "The first reading was not finished",
        None => "Some groups are still being read",
    };
    html! {
        @if groups > 0 && (rest > 0 || look.beginning().is_some()) {
            aside.stale role="status" {
                p {
                    (told) ": the past of " (number(rest as i64)) " of " (number(groups as i64)) " groups is not known yet. They have \
                     no status, and are in no figure. More stands on the page " (to(links, Tab::Health)) "."
                }
            }
        }
    }
}

fn stale(look: &Look) -> Markup {
    let fresh = &look.report().freshness;
    let is_old = |at| look.looked_at().to_utc() - at > OLD;
    let oldest = fresh.oldest_read_at.or(fresh.last_pass_at);
    html! {
        @if !fresh.unread_groups.is_empty() || oldest.is_some_and(is_old) {
            aside.stale role="status" { p { (clean(&read_until(look.report()))) } }
        }
    }
}

fn framed(
    links: Links<'_>,
    session: Option<&Session>,
    at: Tab,
    title: &str,
    body: &Markup,
    foot: &Markup,
) -> Markup {
    // What would be refused is not offered.
    let is_theirs = |tab: &Tab| {
        session.is_some_and(|it| match tab {
            Tab::People => it.may(Right::People),
            Tab::Health => !it.access.is_narrow(),
            _ => true,
        })
    };
    let tabs = Tab::ALL.into_iter().filter(is_theirs);
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                @if links.files().is_some() {
                    meta http-equiv="Content-Security-Policy" content=(POLICY);
                    meta name="referrer" content="no-referrer";
                    meta name="robots" content="noindex";
                }
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (clean(title)) " · gatherd" }
                link rel="stylesheet" href=(links.style());
                link rel="icon" type="image/svg+xml" href=(links.icon());
            }
            body {
                a.skip href="#main" { "To the page" }
                header {
                    nav aria-label="Pages" {
                        @if let Some(first) = links.tab(Tab::Monday) { a.brand href=(first) { "gatherd" } }
                        @for tab in tabs {
                            @if let Some(to) = links.tab(tab) {
                                a href=(to) aria-current=[(tab == at).then_some("page")] { (tab.name()) }
                            }
                        }
                    }
                    @if let Some(session) = session { (leave(links, session)) }
                }
                main #main { (body) }
                footer { (foot) }
            }
        }
    }
}

/// The way out, for whoever signed in.
fn leave(links: Links<'_>, session: &Session) -> Markup {
    html! {
        @if let (Links::Served(prefix), Some(name)) = (links, &session.name) {
            form.leave method="post" action={ (prefix) "logout" } {
                span { (name) @if !session.may(Right::Write) { ", may look" } }
                button type="submit" { "Sign out" }
            }
        }
    }
}
