//! People: whom to invite as ambassador, and whom a group misses. Only for whoever has the right to see persons.

use super::{Failed, look, waits};
use crate::{
    app::showing::Look,
    config::Right,
    report::{CandidateReport, MissedReport, clean, group_name, number},
    web::{
        Session,
        frame::{self, Tab},
        links::Links,
        site::Site,
    },
};
use axum::{Extension, extract::State, http::StatusCode, response::Response};
use maud::{Markup, html};
use std::{collections::BTreeMap, sync::Arc};

pub(in crate::web) async fn page(
    State(site): State<Arc<Site>>,
    Extension(session): Extension<Session>,
) -> Result<Response, Failed> {
    if !session.may(Right::People) {
        let body = html! {
            p { "This page names persons. Your token lets you see groups and figures; whoever runs gatherd can give it the \
                 right " code { "people" } "." }
        };
        let refused = frame::plain(
            &site,
            Some(&session),
            Tab::Other,
            StatusCode::FORBIDDEN,
            "Not yours to see",
            &body,
        );
        return Err(Failed::Answer(Box::new(refused)));
    }
    site.showing.ask_for_people();
    waits(|| site.showing.latest().is_some_and(|it| it.has_people)).await;
    let look = look(&site, &session, Tab::People).await?;
    if look.report().people.is_none() && !look.report().groups.is_empty() {
        let why = "The lists are being made, person by person.";
        let moment = frame::not_yet(&site, &session, Tab::People, "A moment", why);
        return Err(Failed::Answer(Box::new(moment)));
    }
    let body = body(site.links(), &session, &look);
    Ok(frame::page(
        &site,
        &session,
        Tab::People,
        "People",
        &look,
        &body,
    ))
}

/// What stands on it.
pub(in crate::web) fn body(links: Links<'_>, session: &Session, look: &Look) -> Markup {
    html! {
        h1 { "People" }
        @if look.report().groups.is_empty() {
            (frame::nothing_yet(links, session, look))
        } @else if let Some(people) = &look.report().people {
            p.about {
                "Counts are of the last 365 days; staff is left out. Nothing here is sent to a chat unless its channel asks for people."
            }
            (ambassadors(links, look, &people.ambassadors))
            (missed(links, look, &people.missed))
        }
    }
}

/// So many are shown; the rest is folded.
const SHOWN: usize = 25;

fn ambassadors(links: Links<'_>, look: &Look, all: &[CandidateReport]) -> Markup {
    let (first, rest) = all.split_at(all.len().min(SHOWN));
    html! {
        section #ambassadors {
            h2 { "Ambassadors (" (number(all.len() as i64)) ")" }
            p {
                "Who hosted, or took part four times or more, in the last 365 days: whoever does most for most groups first, those \
                 who lead a group already last."
            }
            @if all.is_empty() { p.empty { "Nobody yet." } }
            ol.people { @for it in first { li { (candidate(links, look, it)) } } }
            @if !rest.is_empty() {
                details {
                    summary { (number(rest.len() as i64)) " more" }
                    ol.people start=(first.len() + 1) { @for it in rest { li { (candidate(links, look, it)) } } }
                }
            }
        }
    }
}

fn candidate(links: Links<'_>, look: &Look, it: &CandidateReport) -> Markup {
    html! {
        p {
            strong { bdi { (named(it.person.name.as_deref())) } }
            @for urlname in &it.person.groups {
                // What lies outside of the reader's part is none of theirs.
                @if look.report().group(urlname).is_some() { " · " (group(links, look, urlname)) }
            }
        }
        p.of { (clean(&it.reasons.join(" "))) }
    }
}

fn missed(links: Links<'_>, look: &Look, all: &[MissedReport]) -> Markup {
    let mut groups: BTreeMap<&str, Vec<&MissedReport>> = BTreeMap::new();
    for it in all {
        groups.entry(&it.person.group).or_default().push(it);
    }
    html! {
        section #missed {
            h2 { "People we miss (" (number(all.len() as i64)) ")" }
            p {
                "Who took part three times or more from 365 to 120 days ago and in none since, while the group went on. Whoever leads \
                 the group is not among them: the group's own page says so of leaders."
            }
            @if all.is_empty() { p.empty { "Nobody stays away who came often." } }
            @for (urlname, people) in &groups {
                h3 { (group(links, look, urlname)) }
                ul.people {
                    @for it in people {
                        li {
                            p { strong { bdi { (named(it.person.name.as_deref())) } } }
                            p.of { (clean(&it.reasons.join(" "))) }
                        }
                    }
                }
            }
        }
    }
}

fn named(name: Option<&str>) -> String {
    name.map(clean)
        .filter(|it| !it.is_empty())
        .unwrap_or_else(|| "(no name)".to_owned())
}

fn group(links: Links<'_>, look: &Look, urlname: &str) -> Markup {
    let known = look.report().group(urlname);
    let name = known.map_or_else(
        || clean(urlname),
        |it| group_name(&it.figures.name, &it.figures.urlname),
    );
    html! { a href=(links.group(urlname)) { bdi { (name) } } }
}
