//! One group: why it has its status, its year month by month, and whom to write to.

use super::page::{Ink, Page};
use crate::metrics::{GroupFigures, Leader, Status};
use crate::report::compose::{GroupReport, Report};
use crate::report::depth::at_meetup;
use crate::report::keys::{role, standing};
use crate::report::pictures::latest_months;
use crate::report::plain::{clean, fit, group_name, width};
use crate::report::policy;
use crate::report::words::{ago, count, median, number, share, weekday};

/// How many leaders are named.
const LEADERS: usize = 3;

/// Writes the block.
pub(super) fn write(page: &mut Page, report: &Report, group: &GroupReport) {
    let figures = &group.figures;
    let place = figures
        .country
        .as_deref()
        .map(|country| format!(" · {}", clean(country).to_uppercase()));
    let tail = format!(
        " ({}){}",
        clean(&figures.urlname),
        place.unwrap_or_default()
    );
    let name = fit(
        &group_name(&figures.name, &figures.urlname),
        page.width.saturating_sub(width(&tail)).max(20),
    );
    page.line(Ink::Bold, &format!("{name}{tail}"));
    page.paragraph("  ", &group.reasons.join(" "));
    if let Some(line) = last_met(figures) {
        page.paragraph("  ", &line);
    }
    if let Some(sentence) = at_meetup(figures) {
        page.paragraph("  ", &sentence);
    }
    for sentence in policy::ahead(report, figures) {
        page.paragraph("  ", &sentence);
    }
    if figures.months.iter().any(|month| month.events > 0) {
        months(page, figures, "  ", 9, &answers(figures));
    }
    hosts(page, report, figures);
    leaders(page, figures, "  Contact  ", false);
}

/// When it met last; a quiet group's reasons say so already.
fn last_met(group: &GroupFigures) -> Option<String> {
    let event = group
        .last_event
        .as_ref()
        .filter(|_| group.status != Some(Status::Quiet))?;
    let today = group.as_of_local.date_naive();
    let day = event.starts_local.date();
    Some(format!(
        "Last met {} ({}; {} said yes).",
        weekday(day, today),
        ago((today - day).num_days()),
        number(event.yes)
    ))
}

/// The last twelve months and what was held in them, with a text beside or below each of the two.
pub(super) fn months(
    page: &mut Page,
    group: &GroupFigures,
    indent: &str,
    label: usize,
    texts: &[String; 2],
) {
    let cells = latest_months(group, 13);
    let apart = |marks: Vec<char>| -> String {
        let marks: Vec<String> = marks.into_iter().map(String::from).collect();
        marks.join(" ")
    };
    let letters = apart(cells.iter().map(|it| it.letter()).collect());
    let events = apart(cells.iter().map(|it| it.mark()).collect());
    let mut lines = [
        format!("{indent}{:label$}{}*  ", "Months", letters),
        format!("{indent}{:label$}{}   ", "Events", events),
    ];
    let beside = page.width.saturating_sub(width(&lines[0]));
    let fits = texts.iter().all(|text| width(text) <= beside);
    if fits {
        for (line, text) in lines.iter_mut().zip(texts) {
            line.push_str(text);
        }
    }
    page.line(Ink::Dim, &lines[0]);
    page.line(Ink::Plain, &lines[1]);
    if !fits {
        let below = " ".repeat(indent.len() + label);
        for text in texts.iter().filter(|text| !text.is_empty()) {
            page.paragraph(&below, text);
        }
    }
}

/// How many said yes, and how many took part more than once.
fn answers(group: &GroupFigures) -> [String; 2] {
    let yes = group.attendance.median_yes.map_or_else(String::new, |yes| {
        let events = count(group.cadence.events_365, "event", "events");
        format!(
            "last 365 days: {events}, typically {} said yes",
            median(yes)
        )
    });
    let repeat = group.repeat.repeat_rate;
    let again = if repeat.denominator > 0 {
        format!("said yes more than once: {}", share(repeat, "people"))
    } else {
        String::new()
    };
    [yes, again]
}

fn hosts(page: &mut Page, report: &Report, group: &GroupFigures) {
    if group.cadence.events_365 > 0 {
        page.paragraph("  Hosts    ", &crate::report::hosts::hosts(report, group));
    }
}

/// Whom to write to, behind a label; in full, with when they were last there and seen.
pub(super) fn leaders(page: &mut Page, group: &GroupFigures, label: &str, in_full: bool) {
    if group.leaders.is_empty() {
        // A roster that was never read says nothing of leaders.
        let who = match group.organizers.leaderless {
            None if group.growth.members.is_none() && group.leaders.is_empty() => "unknown",
            _ => "needs an organizer: none on Meetup besides the network's own account",
        };
        page.line(Ink::Plain, &format!("{label}{who}"));
        return;
    }
    let below = " ".repeat(width(label));
    let mut start = label;
    for leader in group.leaders.iter().take(LEADERS) {
        contact(page, start, leader);
        if in_full {
            page.paragraph(&below, &standing(group, leader));
        }
        start = &below;
    }
    let more = group.leaders.len().saturating_sub(LEADERS);
    if more > 0 {
        page.line(Ink::Dim, &format!("{start}and {more} more"));
    }
}

/// Name and role, then the link, on a line of its own where both do not fit on one.
fn contact(page: &mut Page, start: &str, leader: &Leader) {
    let name = leader
        .name
        .as_deref()
        .map(clean)
        .filter(|name| !name.is_empty());
    let role = role(&leader.role);
    let tail = format!(", {role}");
    let room = page.width - width(start) - width(&tail);
    let who = format!(
        "{}{tail}",
        fit(&name.unwrap_or_else(|| "(no name)".to_owned()), room)
    );
    let mut link = clean(&leader.link);
    if width(start) + width(&link) > page.width {
        link = link
            .trim_start_matches("https://")
            .trim_start_matches("www.")
            .to_owned();
    }
    let below = " ".repeat(width(start));
    if width(start) + width(&who) + 3 + width(&link) <= page.width {
        page.line(Ink::Plain, &format!("{start}{who} · {link}"));
    } else {
        page.line(Ink::Plain, &format!("{start}{who}"));
        page.line(Ink::Plain, &format!("{below}{link}"));
    }
}
