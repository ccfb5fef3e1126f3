//! What the figures rest on: what is unknown, where attendance is marked, how fresh all of it is.

use super::{Failed, look};
use crate::{
    app::showing::Look,
    metrics::Rate,
    report::{GroupReport, clean, group_name, read_until},
    web::{
        Session,
        frame::{self, Tab},
        links::Links,
        message,
        site::Site,
    },
};
use axum::{Extension, extract::State, response::Response};
use maud::{Markup, html};
use std::sync::Arc;

pub(in crate::web) async fn page(
    State(site): State<Arc<Site>>,
    Extension(session): Extension<Session>,
) -> Result<Response, Failed> {
    let look = look(&site, &session, Tab::Trust).await?;
    let body = body(site.links(), &look);
    Ok(frame::page(
        &site,
        &session,
        Tab::Trust,
        "Trust",
        &look,
        &body,
    ))
}

/// What stands on it.
pub(in crate::web) fn body(links: Links<'_>, look: &Look) -> Markup {
    let report = look.report();
    let fresh = &report.freshness;
    let taken = |it: &GroupReport| it.figures.attendance.attendance_taken;
    let mut marked: Vec<&GroupReport> = report.groups.iter().collect();
    marked.retain(|it| taken(it).denominator > 0);
    let part = |rate: Rate| (rate.numerator * 10_000) / rate.denominator.max(1);
    marked.sort_by_key(|it| (part(taken(it)), it.figures.urlname.clone()));
    let restated = look.restated();
    html! {
        h1 { "Trust" }
        p.about { (clean(&read_until(report))) }
        section #unknown {
            h2 { "What is unknown" }
            @if report.remarks.is_empty() && fresh.unread_groups.is_empty() && fresh.incomplete_groups.is_empty() {
                @if fresh.last_pass_at.is_none() { p.empty { "Everything: no pass has read all of it yet." } }
                @else { p.empty { "Nothing that the figures need." } }
            }
            ul {
                @for remark in &report.remarks { li { (clean(remark)) } }
                @for (urlname, why) in fresh.unread_groups.iter().zip(&fresh.unread_reasons) {
                    li { bdi { (clean(urlname)) } " could not be read: " (clean(why)) }
                }
                @for urlname in &fresh.incomplete_groups {
                    li { "The history of " bdi { (clean(urlname)) } " is still being read." }
                }
            }
        }
        section #restated {
            h2 { "Figures told before that are others now" }
            @if restated.is_empty() {
                p.empty { "No figure of the last message, if there was one, is another by what is known now." }
            }
            ul { @for it in &restated { li { (message::line(it)) } } }
        }
        section #attendance {
            h2 { "Where attendance is marked" }
            @if marked.is_empty() { p.empty { "No group held an event in the last 365 days." } }
            @else {
                div.wide tabindex="0" role="region" aria-label="Events of the last 365 days at which somebody was marked as there or not there" {
                    table {
                        caption { "Events of the last 365 days at which somebody was marked as there or not there" }
                        thead { tr { th scope="col" { "Group" } th.n scope="col" { "Marked" } th.n scope="col" { "Events" } } }
                        tbody {
                            @for it in &marked {
                                tr {
                                    th scope="row" {
                                        a href=(links.group(&it.figures.urlname)) { bdi { (group_name(&it.figures.name, &it.figures.urlname)) } }
                                    }
                                    td.n { (taken(it).numerator) }
                                    td.n { (taken(it).denominator) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
