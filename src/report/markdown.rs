//! The report for a wiki page. Text from Meetup is escaped, so that it is shown and never acts.

mod message;

use super::read_until::{Place, sentences};
use std::fmt::Write as _;

use super::compose::{GroupReport, Report};
use super::depth::{Beside, Row, regularity, rows, rows_below, standing, years};
use super::expect::{expectation, order};
use super::keys::{role, standing as key_standing};
use super::persons::PeopleReport;
use super::plain::clean;
use super::text::windows;
use super::words::{count, local_day, median, number, say, share};
use crate::metrics::Status;

pub use message::message_markdown;

/// Persons listed.
const LISTED: usize = 20;

/// The order in which groups are told: those that need a call first.
const ORDER: [Status; 7] = [
    Status::Overdue,
    Status::New,
    Status::Restarted,
    Status::Meeting,
    Status::OnTarget,
    Status::Quiet,
    Status::Unstarted,
];

/// The whole report. Writing to a string cannot fail, so its answers are let go.
pub fn markdown(report: &Report) -> String {
    let names: Vec<String> = report.networks.iter().map(|name| escaped(name)).collect();
    let who = if names.is_empty() {
        "User groups".to_owned()
    } else {
        names.join(", ")
    };
    let mut page = format!(
        "# {who}\n\nAs of {}.\n\n",
        report.as_of.format("%A %-d %B %Y, %H:%M UTC")
    );
    headline(&mut page, report);
    for status in ORDER {
        groups(&mut page, report, status);
    }
    ahead(&mut page, report);
    if let Some(people) = &report.people {
        persons(&mut page, people);
    }
    page.push_str("## What this rests on\n\n");
    let fresh = &report.freshness;
    let _ = writeln!(page, "- {}", sentences(report, Place::Report, ""));
    for (urlname, why) in fresh.unread_groups.iter().zip(&fresh.unread_reasons) {
        let _ = writeln!(
            page,
            "- {} could not be read: {}",
            escaped(urlname),
            escaped(why)
        );
    }
    for urlname in &fresh.incomplete_groups {
        let _ = writeln!(
            page,
            "- The history of {} is still being read.",
            escaped(urlname)
        );
    }
    for remark in &report.remarks {
        let _ = writeln!(page, "- {}", escaped(remark));
    }
    let _ = writeln!(
        page,
        "- Definitions version {}.",
        report.definitions_version
    );
    page
}

/// One group as a page of its own.
pub fn group_markdown(report: &Report, group: &GroupReport, beside: Beside<'_>) -> String {
    let figures = &group.figures;
    let mut page = format!("# {}\n\n", escaped(&figures.name));
    let status = match figures.status {
        Some(_) if report.is_unread(group) => "not read lately",
        status => status.map_or("its history is still being read", say),
    };
    let _ = writeln!(
        page,
        "**{status}** as of {}.\n",
        report.as_of.format("%-d %B %Y")
    );
    for paragraph in standing(report, group) {
        let _ = writeln!(page, "{}\n", escaped(&paragraph));
    }
    page.push_str("| month | events | said yes |\n|---|---:|---:|\n");
    for month in &figures.months {
        let _ = writeln!(
            page,
            "| {} | {} | {} |",
            month.month, month.events, month.yes
        );
    }
    page.push('\n');
    let regularity = regularity(figures);
    if !regularity.is_empty() {
        let _ = writeln!(page, "- **Months**: {regularity}");
    }
    let above = years(figures)
        .into_iter()
        .chain(rows(report, group, beside));
    listed(&mut page, above);
    for leader in &figures.leaders {
        let _ = writeln!(
            page,
            "- **Keys**: {}, {}: {}",
            link(leader.name.as_deref().unwrap_or("(no name)"), &leader.link),
            role(&leader.role),
            escaped(&key_standing(figures, leader))
        );
    }
    listed(&mut page, rows_below(report, group, beside));
    page
}

fn listed(page: &mut String, rows: impl IntoIterator<Item = Row>) {
    for Row { label, lines, .. } in rows {
        let lines: Vec<String> = lines.iter().map(|line| escaped(line)).collect();
        let _ = writeln!(page, "- **{label}**: {}", lines.join("; "));
    }
}

fn headline(page: &mut String, report: &Report) {
    let n = &report.network;
    page.push_str("| | last 30 days | last 90 days | last 365 days |\n|---|---:|---:|---:|\n");
    for (name, windows) in windows(n) {
        let cells = windows.map(|(now, before)| format!("{} ({})", number(now), number(before)));
        let _ = writeln!(page, "| {name} | {} |", cells.join(" | "));
    }
    page.push_str("\nIn brackets: the same a year before.\n\n");
    let _ = writeln!(
        page,
        "Events in {}, {} and {} over the last 365 days. Said yes more than once, hosts and staff aside: {}; in more than one group: {}. First time, in the last 90 days: {} ({} a year before).\n",
        count(n.countries, "country", "countries"),
        count(n.cities, "city", "cities"),
        count(n.timezones, "time zone", "time zones"),
        share(n.repeat_rate, "people"),
        share(n.cross_group_rate, "people"),
        count(n.first_timers_90, "person", "people"),
        number(n.first_timers_90_year_before),
    );
}

fn groups(page: &mut String, report: &Report, status: Status) {
    let of_status = report.with_status(status);
    if of_status.is_empty() {
        return;
    }
    let title = say(status);
    let (first, rest) = title.split_at(1);
    let _ = writeln!(
        page,
        "## {}{rest} ({})\n\n| group | country | why | last met | next | events in 365 days | typical yes | contact |\n|---|---|---|---|---|---:|---:|---|",
        first.to_uppercase(),
        of_status.len()
    );
    for group in of_status {
        let figures = &group.figures;
        let today = figures.as_of_local.date_naive();
        let day = |event: &Option<crate::metrics::Happening>| {
            event.as_ref().map_or_else(String::new, |event| {
                local_day(event.starts_local.date(), today)
            })
        };
        let contact: Vec<String> = figures
            .leaders
            .iter()
            .take(2)
            .map(|leader| link(leader.name.as_deref().unwrap_or("(no name)"), &leader.link))
            .collect();
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} | {} | {} | {} | {} |",
            link(&figures.name, &figures.link),
            escaped(&figures.country.clone().unwrap_or_default().to_uppercase()),
            escaped(&group.reasons.join(" ")),
            day(&figures.last_event),
            day(&figures.next_event),
            figures.cadence.events_365,
            figures
                .attendance
                .median_yes
                .map_or_else(String::new, median),
            contact.join(", "),
        );
    }
    page.push('\n');
}

fn ahead(page: &mut String, report: &Report) {
    if report.ahead.is_empty() {
        return;
    }
    page.push_str("## Announced\n\n| when | group | event | yes | expected | to order |\n|---|---|---|---:|---|---|\n");
    for event in &report.ahead {
        let title = event
            .url
            .as_deref()
            .map_or_else(|| escaped(&event.title), |url| link(&event.title, url));
        let _ = writeln!(
            page,
            "| {} | {} | {title} | {} | {} | {} |",
            event.starts_local.format("%a %-d %b %Y %H:%M"),
            escaped(&event.group_name),
            event.yes,
            expectation(event),
            event.expected.as_ref().and_then(order).unwrap_or_default(),
        );
    }
    page.push('\n');
}

fn persons(page: &mut String, people: &PeopleReport) {
    let name = |name: &Option<String>| escaped(name.as_deref().unwrap_or("(no name)"));
    page.push_str("## Whom to invite as ambassador\n\n");
    for it in people.ambassadors.iter().take(LISTED) {
        let _ = writeln!(
            page,
            "- {}: {}",
            name(&it.person.name),
            escaped(&it.reasons.join(" "))
        );
    }
    page.push_str("\n## People we miss\n\n");
    for it in people.missed.iter().take(LISTED) {
        let _ = writeln!(
            page,
            "- {} ({}): {}",
            name(&it.person.name),
            escaped(&it.person.group),
            escaped(&it.reasons.join(" "))
        );
    }
    page.push('\n');
}

/// A link, where it leads to the web; else its text.
fn link(text: &str, url: &str) -> String {
    let url = clean(url);
    let is_web = url.starts_with("https://") || url.starts_with("http://");
    if !is_web || url.contains(|c: char| "()<>|\\ \"`".contains(c)) {
        return escaped(text);
    }
    format!("[{}]({url})", escaped(text))
}

/// Text that no markdown is read into: marks are preceded by a backslash, HTML and mentions are taken apart.
pub(in crate::report) fn escaped(text: &str) -> String {
    let cleaned = clean(text);
    let mut escaped = String::with_capacity(cleaned.len());
    let mut before = ' ';
    for c in cleaned.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '@' => escaped.push_str("&#64;"),
            // Within an address a colon makes a bare link of it.
            ':' if before.is_ascii_alphabetic() && cleaned.contains("://") => {
                escaped.push_str("&#58;");
            }
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '!' => {
                escaped.push('\\');
                escaped.push(c);
            }
            c => escaped.push(c),
        }
        before = c;
    }
    escaped
}
