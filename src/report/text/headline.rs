//! The figures of the network, beside those of a year before.

use super::page::{Ink, Page};
use crate::metrics::{NetworkFigures, Status};
use crate::report::compose::Report;
use crate::report::plain::{clean, pad, width};
use crate::report::words::{count, number, say, share};

pub(super) fn write(page: &mut Page, report: &Report) {
    let names: Vec<String> = report.networks.iter().map(|name| clean(name)).collect();
    let title = if names.is_empty() {
        "User groups".to_owned()
    } else {
        names.join(", ")
    };
    let day = report.as_of.format("%A %-d %B %Y, %H:%M UTC");
    page.line(Ink::Bold, &format!("{title} · {day}"));
    page.blank();
    let network = &report.network;
    if let Some(all) = report.part_of {
        let all = count(all, "group", "groups");
        page.line(Ink::Plain, &format!("The whole network, of {all}:"));
    }
    table(page, network);
    page.blank();
    if report.part_of.is_none() {
        page.paragraph("", &by_status(report));
    }
    if network.share_on_target.denominator > 0 {
        page.paragraph("", &format!(
            "Meet as agreed: {}, leaving out the new, those without a first event and those quiet for over a year.",
            share(network.share_on_target, "groups"),
        ));
    }
    if network.repeat_rate.denominator > 0 {
        page.paragraph(
            "",
            &format!(
                "Said yes more than once in the last 365 days, hosts and staff aside: {}.",
                share(network.repeat_rate, "people"),
            ),
        );
        page.paragraph(
            "",
            &format!(
                "In more than one group: {}. For the first time, in the last 90 days: {} ({} a year before).",
                share(network.cross_group_rate, "people"),
                count(network.first_timers_90, "person", "people"),
                number(network.first_timers_90_year_before),
            ),
        );
    }
    if report.part_of.is_some() {
        page.blank();
        page.paragraph("", &format!("Listed here: {}", by_status(report)));
    }
}

/// The figures of a window beside the same a year before, for 30, 90 and 365 days.
pub(in crate::report) fn windows(n: &NetworkFigures) -> [(&'static str, [(i64, i64); 3]); 3] {
    [
        (
            "Groups that met",
            [
                (n.groups_met_30, n.groups_met_30_year_before),
                (n.groups_met_90, n.groups_met_90_year_before),
                (n.groups_met_365, n.groups_met_365_year_before),
            ],
        ),
        (
            "Events held",
            [
                (n.events_30, n.events_30_year_before),
                (n.events_90, n.events_90_year_before),
                (n.events_365, n.events_365_year_before),
            ],
        ),
        (
            "People who said yes",
            [
                (n.people_30, n.people_30_year_before),
                (n.people_90, n.people_90_year_before),
                (n.people_365, n.people_365_year_before),
            ],
        ),
    ]
}

fn table(page: &mut Page, n: &NetworkFigures) {
    let rows = windows(n);
    let head = ["last 30 days", "last 90 days", "last 365 days"].map(|window| right(window, 18));
    let head = format!("{}{}", pad("", 22), head.concat());
    let beside = format!("{head}   (a year before)");
    let fits = width(&beside) <= page.width;
    page.line(Ink::Dim, if fits { &beside } else { &head });
    for (name, windows) in rows {
        let cells = windows
            .map(|(now, before)| right(&format!("{} ({})", number(now), number(before)), 18));
        page.line(Ink::Plain, &format!("{}{}", pad(name, 22), cells.concat()));
    }
    if !fits {
        page.line(Ink::Dim, "In brackets: a year before.");
    }
}

fn right(text: &str, columns: usize) -> String {
    format!("{}{text}", " ".repeat(columns.saturating_sub(width(text))))
}

fn by_status(report: &Report) -> String {
    let order = [
        Status::OnTarget,
        Status::Meeting,
        Status::Overdue,
        Status::Restarted,
        Status::New,
        Status::Quiet,
        Status::Unstarted,
    ];
    let mut parts: Vec<String> = order
        .into_iter()
        .map(|status| (status, report.with_status(status).len() as i64))
        .filter(|(_, groups)| *groups > 0)
        .map(|(status, groups)| format!("{} {}", number(groups), phrase(status, groups)))
        .collect();
    let all = report.groups.iter();
    let known = all.filter(|it| it.figures.status.is_some()).count();
    let unread = report.groups.iter();
    let unread = unread.filter(|it| it.figures.status.is_some() && report.is_unread(it));
    match unread.count() {
        0 => {}
        n => parts.push(format!("{n} unknown, not read lately")),
    }
    if parts.is_empty() {
        return "No group had a complete history here as of this day.".to_owned();
    }
    format!(
        "{}: {}.",
        count(known as i64, "group", "groups"),
        parts.join(", ")
    )
}

fn phrase(status: Status, groups: i64) -> &'static str {
    match (status, groups) {
        (Status::OnTarget, 2..) => "meet as agreed",
        (Status::Meeting, 2..) => "meet now and then",
        (Status::Overdue, _) => "long without a date",
        (Status::Unstarted, _) => "with no first event yet",
        _ => say(status),
    }
}
