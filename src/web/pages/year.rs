//! A calendar year, made to be printed: each figure with what it counts and the year before.

use super::{Failed, look, waits};
use crate::{
    app::showing::Look,
    metrics::{AskedOf, OfYear, Year},
    report::{changed, clean, group_name, local_day, number},
    web::{
        Session,
        frame::{self, Tab},
        links::Links,
        site::Site,
    },
};
use axum::{
    Extension,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use chrono::{Datelike as _, NaiveDate};
use maud::{Markup, html};
use std::{ops::RangeInclusive, sync::Arc};

/// Meetup began in 2002: there is no year before it.
pub(in crate::web) const FIRST: i32 = 2002;

/// To the year that runs.
pub(in crate::web) async fn this_year(
    State(site): State<Arc<Site>>,
    Extension(session): Extension<Session>,
) -> Result<Response, Failed> {
    let look = look(&site, &session, Tab::Year).await?;
    let to = site.links().year(look.today().year());
    Ok(Redirect::to(&to).into_response())
}

pub(in crate::web) async fn page(
    State(site): State<Arc<Site>>,
    Extension(session): Extension<Session>,
    Path(asked): Path<String>,
) -> Result<Response, Failed> {
    let look = look(&site, &session, Tab::Year).await?;
    let this_year = look.today().year();
    let known = asked.parse().ok();
    let Some(wanted) = known.filter(|it| (FIRST..=this_year).contains(it)) else {
        let body = html! {
            p { "There is no year " bdi { (clean(&asked)) } " here: "
                a href=(site.links().year(this_year)) { (this_year) } "." }
        };
        let missing = frame::plain(
            &site,
            Some(&session),
            Tab::Year,
            StatusCode::NOT_FOUND,
            "No such year",
            &body,
        );
        return Err(Failed::Answer(Box::new(missing)));
    };
    let mut counted = None;
    waits(|| {
        counted = site.showing.year(&session.access, wanted);
        counted.is_some()
    })
    .await;
    let Some(year) = counted else {
        let title = format!("{wanted}, a moment");
        let why = "The year is being counted, person by person.";
        return Ok(frame::not_yet(&site, &session, Tab::Year, &title, why));
    };
    let body = body(site.links(), &session, &look, &year, &(FIRST..=this_year));
    let title = title(wanted);
    Ok(frame::page(
        &site,
        &session,
        Tab::Year,
        &title,
        &look,
        &body,
    ))
}

/// What it is called.
pub(in crate::web) fn title(year: i32) -> String {
    format!("The year {year}")
}

/// What stands on it; `years`: those that have a page.
pub(in crate::web) fn body(
    links: Links<'_>,
    session: &Session,
    look: &Look,
    year: &Year,
    years: &RangeInclusive<i32>,
) -> Markup {
    let networks: Vec<String> = look.report().networks.iter().map(|it| clean(it)).collect();
    html! {
        div.year {
            h1 { (title(year.year)) }
            p.about {
                @if networks.is_empty() { "No group is known yet" } @else { (networks.join(", ")) }
                @if session.access.is_narrow() { ", your part of the groups" }
                ". " (span(year)) " Counted as of " (year.as_of.format("%-d %b %Y, %H:%M UTC")) "."
            }
            (ways(links, year.year, years))
            @if year.now == OfYear::default() && year.before == OfYear::default() {
                section.empty {
                    h2 { "Nothing is known of this year" }
                    p { "No event of it, nor of the year before, was read. The page " (frame::to(links, Tab::Health))
                        " says how far the groups' history was read." }
                }
            } @else {
                @for section in &SECTIONS { (part(links, section, year)) }
                (asked(links, look, &year.asked))
                p.legend {
                    "Years are by the local dates of the groups. Groups whose history is still being read are in no figure, and \
                     those that left by today only in the last two: their past goes with them. Staff is nobody of those counted, \
                     as far as gatherd knows staff. Whether a group that left was handed over is not known."
                }
            }
        }
    }
}

/// Up to when the figures go, in a sentence.
fn span(year: &Year) -> String {
    let before = year.year - 1;
    match year.is_running() {
        true => format!(
            "From 1 January to {}, beside the same days of {before}.",
            year.until.format("%-d %B")
        ),
        false => format!("The whole year, beside {before}."),
    }
}

fn ways(links: Links<'_>, year: i32, years: &RangeInclusive<i32>) -> Markup {
    html! {
        p.about.ways {
            @if year > *years.start() { a href=(links.year(year - 1)) rel="prev" { (year - 1) } " · " }
            strong { (year) }
            @if year < *years.end() { " · " a href=(links.year(year + 1)) rel="next" { (year + 1) } }
            " · To keep it as PDF, print this page."
        }
    }
}

/// Which groups were asked, and what came of it.
fn asked(links: Links<'_>, look: &Look, all: &[AskedOf]) -> Markup {
    let today = look.today();
    let day = |on: NaiveDate| local_day(on, today);
    let came = |it: &AskedOf| match (it.met_on, it.announced_on) {
        (Some(met), Some(announced)) if announced <= met => format!(
            "announced an event on {}, met on {}",
            day(announced),
            day(met)
        ),
        (Some(met), _) => format!("met on {}", day(met)),
        (None, Some(announced)) => format!("announced an event on {}", day(announced)),
        (None, None) if it.is_over => "nothing within 90 days".to_owned(),
        (None, None) => "nothing yet".to_owned(),
    };
    let caption =
        "Groups asked in the year, the first asked first, and what came of it within 90 days";
    html! {
        @if !all.is_empty() {
            details #asked {
                summary { "Which groups were asked, and what came of it (" (number(all.len() as i64)) ")" }
                div.wide tabindex="0" role="region" aria-label=(caption) {
                    table.stack {
                        caption { (caption) }
                        thead { tr { th scope="col" { "Group" } th scope="col" { "Asked" } th scope="col" { "What came of it" } } }
                        tbody {
                            @for it in all {
                                tr {
                                    th scope="row" { a href=(links.group(&it.group)) { bdi { (group_name(&it.name, &it.group)) } } }
                                    td { "asked on " (day(it.asked_on)) @if it.times > 1 { ", " (it.times) " times in the year" } }
                                    td { (came(it)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Figures that belong together.
struct Section {
    name: &'static str,
    figures: &'static [Figure],
}

/// What each figure is called, and what it counts, with the anchor of its definition.
pub(in crate::web) fn definitions() -> impl Iterator<Item = (String, &'static str, &'static str)> {
    let all = SECTIONS.iter().flat_map(|it| it.figures);
    all.map(|it| (key(it), it.name, it.means))
}

fn key(figure: &Figure) -> String {
    format!("year.{}", figure.name.to_lowercase().replace(' ', "_"))
}

/// A figure: its name, where it stands, and what it counts.
struct Figure {
    name: &'static str,
    of: fn(&OfYear) -> i64,
    means: &'static str,
}

const SECTIONS: [Section; 3] = [
    Section {
        name: "People",
        figures: &[
            Figure {
                name: "People",
                of: |it| it.people,
                means: "Who took part in an event: said yes without being its host or staff. Each counts once.",
            },
            Figure {
                name: "New",
                of: |it| it.new_people,
                means: "Those of them who had taken part in no event of any group before the year.",
            },
            Figure {
                name: "Returning",
                of: |it| it.people - it.new_people,
                means: "Those of them who had taken part before the year.",
            },
            Figure {
                name: "Came more than once",
                of: |it| it.came_again,
                means: "Those who took part in two or more events of the year, in any group.",
            },
            Figure {
                name: "Met somebody again",
                of: |it| it.met_again,
                means: "Those who took part with the same person in two or more events in person of at most 60 people.",
            },
        ],
    },
    Section {
        name: "Groups and events",
        figures: &[
            Figure {
                name: "Events",
                of: |it| it.events,
                means: "Held events. One that several groups held together counts once.",
            },
            Figure {
                name: "Groups that met",
                of: |it| it.groups_met,
                means: "Groups that held an event.",
            },
            Figure {
                name: "Countries",
                of: |it| it.countries,
                means: "Countries of the groups that held an event.",
            },
            Figure {
                name: "Groups begun",
                of: |it| it.begun,
                means: "Groups that held their first event ever.",
            },
            Figure {
                name: "Groups revived",
                of: |it| it.revived,
                means: "Groups that met again after more than 180 days without an event.",
            },
        ],
    },
    Section {
        name: "What was done, and who went",
        figures: &[
            Figure {
                name: "Groups asked",
                of: |it| it.asked,
                means: "Groups of which somebody noted that they were asked, each once.",
            },
            Figure {
                name: "Met or announced after it",
                of: |it| it.answered,
                means: "Groups asked that held or announced an event within 90 days of the first asking, so far. Some would have \
                        without it.",
            },
            Figure {
                name: "Groups that left",
                of: |it| it.left,
                means: "Groups that are at Meetup but no longer in the network, or no longer configured, by the day on which that \
                        was seen.",
            },
            Figure {
                name: "Groups closed",
                of: |it| it.deleted,
                means: "Groups that are no longer at Meetup, by the day on which that was seen.",
            },
        ],
    },
];

fn part(links: Links<'_>, section: &Section, year: &Year) -> Markup {
    let then = match year.is_running() {
        true => format!("in the same days of {}", year.year - 1),
        false => format!("in {}", year.year - 1),
    };
    html! {
        section {
            h2 { (section.name) }
            dl {
                @for figure in section.figures {
                    @let (now, before) = ((figure.of)(&year.now), (figure.of)(&year.before));
                    div {
                        dt { a href=(links.definition(&key(figure))) { (figure.name) } }
                        dd.figure { (number(now)) }
                        dd.beside { (number(before)) " " (then) @if let Some(change) = changed(now, before) { " (" (change) ")" } }
                        dd.means { (figure.means) }
                    }
                }
            }
        }
    }
}
