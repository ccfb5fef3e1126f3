//! One group in depth.

mod behind;
mod charts;
mod money;

pub(in crate::web) use charts::charts;

use super::{Failed, calendar, look};
use crate::{
    app::showing::Look,
    community::Language,
    config::Right,
    report::{
        Beside, GroupReport, clean, country, group_name, in_depth, is_a_stranger, letter,
        local_day, remembered, role,
    },
    web::{
        Session, badge,
        forms::{self, Desk},
        frame::{self, Tab},
        links::Links,
        marks,
        message::link,
        site::Site,
    },
};
use axum::{
    Extension,
    extract::{Path, Query, State},
    http::{StatusCode, Uri},
    response::Response,
};
use behind::behind;
use chrono::Utc;
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

/// The figures of how a group stands.
const STANDING: [&str; 5] = [
    "status",
    "causes",
    "pause",
    "cadence.monthly_cadence",
    "cadence.target_cadence",
];

/// The figures of who leads it.
const LEADERS: [&str; 2] = ["leaders", "organizers.leader_activity"];

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    /// What was just done,
    done: String,
    /// and what is kept by it.
    kept: String,
}

pub(in crate::web) async fn page(
    State(site): State<Arc<Site>>,
    Extension(session): Extension<Session>,
    Path(urlname): Path<String>,
    Query(asked): Query<Asked>,
    uri: Uri,
) -> Result<Response, Failed> {
    let look = look(&site, &session, Tab::Groups).await?;
    let Some(group) = look.report().group(&urlname) else {
        let body = html! {
            p {
                "No group here is called " bdi { (clean(&urlname)) } ". It may have another name by now, or be none of yours: "
                (frame::to(site.links(), Tab::Groups)) "."
            }
        };
        let title = "No such group";
        let missing = frame::plain(
            &site,
            Some(&session),
            Tab::Groups,
            StatusCode::NOT_FOUND,
            title,
            &body,
        );
        return Err(Failed::Answer(Box::new(missing)));
    };
    let desk = Desk {
        site: &site,
        session: &session,
        back: &site.back_to(&uri),
        done: &asked.done,
        about: &urlname,
        kept: &asked.kept,
    };
    let (links, told) = (
        site.links(),
        charts(site.links(), &site.config, &site.database, &look, group).await?,
    );
    let money = money::part(&site.config, &site.database, &session, (&look, group)).await?;
    let told = html! { (told) (money) };
    let body = body(links, Some(&desk), (&look, group), &told);
    let title = group_name(&group.figures.name, &group.figures.urlname);
    Ok(frame::page(
        &site,
        &session,
        Tab::Groups,
        &title,
        &look,
        &body,
    ))
}

/// What stands on it; forms and the badge where there is a desk.
pub(in crate::web) fn body(
    links: Links<'_>,
    desk: Option<&Desk<'_>>,
    (look, group): (&Look, &GroupReport),
    charts: &Markup,
) -> Markup {
    let figures = &group.figures;
    let writer = desk.filter(|it| it.session.may(Right::Write));
    // Whoever may take it back has it above, with the way to do so.
    let contact = look.contact(group).filter(|_| writer.is_none());
    let notes = contact.map_or_else(Vec::new, |it| remembered(it, look.looked_at(), usize::MAX));
    let before = look
        .before()
        .find(|it| it.figures.id == figures.id)
        .map(|it| &it.figures);
    let beside = Beside {
        notes: &notes,
        year_before: before,
    };
    let depth = in_depth(look.report(), group, beside);
    html! {
        h1 { bdi { (group_name(&figures.name, &figures.urlname)) } }
        p.about {
            (marks::status(figures.status))
            @if !depth.regularity.is_empty() { " · " (depth.regularity) }
            @let place: Vec<String> = figures.city.iter().map(|it| clean(it)).chain(figures.country.iter().map(|it| country(it))).collect();
            @if !place.is_empty() { " · " (place.join(", ")) }
            " · " (link("its page at Meetup", &figures.link))
            @if let Some(to) = links.group_calendar(&figures.urlname) { " · " (calendar::for_program(&to)) }
            @if let Some(desk) = desk { " · " (calendar::subscription(desk.site, desk.session, &calendar::Asked::group(&figures.urlname))) }
        }
        (forms::done(desk, look))
        @for paragraph in &depth.standing { p { (clean(paragraph)) } }
        (behind(links, figures, &STANDING))
        @if let Some(writer) = writer {
            section #acts {
                h2 { "What you do" }
                (forms::forms(desk, group, look.contact(group), look.today()))
                (forms::agree(desk, group, look.contact(group)))
                (forms::memory(writer, look, group))
            }
        }
        (charts)
        section #figures {
            h2 { "Figures" }
            dl.rows {
                @for row in &depth.rows {
                    dt { (row.label) }
                    dd {
                        @for line in &row.lines { p { (clean(line)) } }
                        (behind(links, figures, row.keys))
                    }
                }
            }
        }
        (leaders(links, group))
        (a_letter(group))
        @if let Some(desk) = desk { (a_badge(desk.site, group)) }
    }
}

fn a_badge(site: &Site, group: &GroupReport) -> Markup {
    let address = badge::address(site, &group.figures.id);
    html! {
        section #badge {
            h2 { "A badge for its page" }
            p { img src=(address) alt="How it meets, and when next"; }
            p { "For everybody who has its address: " code { (site.full(&address)) } }
        }
    }
}

fn leaders(links: Links<'_>, group: &GroupReport) -> Markup {
    let figures = &group.figures;
    let today = figures.as_of_local.date_naive();
    let on = |at: Option<chrono::DateTime<Utc>>| {
        at.map_or_else(
            || "–".to_owned(),
            |at| {
                local_day(
                    at.with_timezone(figures.as_of_local.offset()).date_naive(),
                    today,
                )
            },
        )
    };
    html! {
        section #leaders {
            h2 { "Leaders (" (figures.leaders.len()) ")" }
            @if figures.leaders.is_empty() { p.empty { "Nobody leads it, as far as Meetup says." } }
            @else {
                div.wide tabindex="0" role="region" aria-label="Who leads the group" {
                    table {
                        caption { "Who leads the group" }
                        thead { tr { th scope="col" { "Name" } th scope="col" { "Role" } th.n scope="col" { "Seen" } th.n scope="col" { "Hosted" } th.n scope="col" { "Took part" } } }
                        tbody {
                            @for leader in &figures.leaders {
                                tr {
                                    th scope="row" { (link(leader.name.as_deref().unwrap_or("(no name)"), &leader.link)) }
                                    td { (role(&leader.role)) @if is_a_stranger(leader) { br; small { "can take the group over; never hosted or said yes" } } }
                                    td.n { (on(leader.last_seen_at)) }
                                    td.n { (on(leader.last_hosted_at)) }
                                    td.n { (on(leader.last_took_part_at)) }
                                }
                            }
                        }
                    }
                }
                (behind(links, figures, &LEADERS))
            }
        }
    }
}

/// The letter in every language, folded.
fn a_letter(group: &GroupReport) -> Markup {
    let letter = letter(group, None);
    html! {
        section #letter {
            h2 { "A letter to forward" }
            @for language in Language::ALL {
                details {
                    summary { (tongue(*language)) }
                    pre.letter lang=(language.as_str()) { (letter.worded(*language)) }
                }
            }
        }
    }
}

fn tongue(language: Language) -> &'static str {
    match language {
        Language::En => "English",
        Language::Es => "Español",
        Language::Fr => "Français",
        Language::De => "Deutsch",
        Language::Pt => "Português",
    }
}
