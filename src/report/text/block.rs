//! One group: why it has its status, its year month by month, and whom to write to.

use super::{Ink, Page};
use crate::community::Role;
use crate::metrics::{GroupFigures, Leader, Status};
use crate::report::compose::GroupReport;
use crate::report::helps::floor;
use crate::report::plain::{clean, fit, width};
use crate::report::words::{ago, count, local_day, median, number, share, weekday};

/// How many leaders are named.
const LEADERS: usize = 3;

/// Writes the block.
pub(super) fn write(page: &mut Page, group: &GroupReport) {
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
        &clean(&figures.name),
        page.width.saturating_sub(width(&tail)).max(20),
    );
    page.line(Ink::Bold, &format!("{name}{tail}"));
    page.paragraph("  ", &group.reasons.join(" "));
    if let Some(line) = last_met(figures) {
        page.paragraph("  ", &line);
    }
    if let Some(sentence) = floor(figures) {
        page.paragraph("  ", &sentence);
    }
    if figures.months.iter().any(|month| month.events > 0) {
        months(page, figures, "  ", 9, &answers(figures));
    }
    hosts(page, figures);
    leaders(page, figures, "  Contact  ");
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
    let letters: Vec<&str> = group
        .months
        .iter()
        .map(|month| match month.month.get(5..7) {
            Some("01" | "06" | "07") => "J",
            Some("02") => "F",
            Some("03" | "05") => "M",
            Some("04" | "08") => "A",
            Some("09") => "S",
            Some("10") => "O",
            Some("11") => "N",
            _ => "D",
        })
        .collect();
    let events: Vec<String> = group
        .months
        .iter()
        .map(|month| match month.events {
            0 => "·".to_owned(),
            n @ 1..=9 => n.to_string(),
            _ => "+".to_owned(),
        })
        .collect();
    let mut lines = [
        format!("{indent}{:label$}{}   ", "Months", letters.join(" ")),
        format!("{indent}{:label$}{}   ", "Events", events.join(" ")),
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
        format!("took part more than once: {}", share(repeat, "people"))
    } else {
        String::new()
    };
    [yes, again]
}

fn hosts(page: &mut Page, group: &GroupFigures) {
    let o = &group.organizers;
    if group.cadence.events_365 == 0 {
        return;
    }
    if o.hosts_365 == 0 {
        page.line(Ink::Plain, "  Hosts    none known in the last 365 days");
        return;
    }
    let mut parts = vec![format!("{} in the last 365 days", number(o.hosts_365))];
    match o.host_absence_factor {
        Some(1) if o.hosts_365 > 1 => {
            parts.push("if one person stops, half the events go".to_owned());
        }
        Some(n) if o.hosts_365 > n => parts.push(format!("if {n} people stop, half the events go")),
        _ => {}
    }
    if let Some(share_of_staff) = o
        .staff_hosted_share
        .filter(|rate| 2 * rate.numerator >= rate.denominator.max(1))
    {
        parts.push(format!(
            "mostly hosted by us: {}",
            share(share_of_staff, "events")
        ));
    }
    page.paragraph("  Hosts    ", &parts.join("; "));
}

/// Whom to write to, behind a label.
pub(super) fn leaders(page: &mut Page, group: &GroupFigures, label: &str) {
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
        contact(page, start, group, leader);
        start = &below;
    }
    let more = group.leaders.len().saturating_sub(LEADERS);
    if more > 0 {
        page.line(Ink::Dim, &format!("{start}and {more} more"));
    }
}

/// Name, role and last visit, then the link; on a line of its own where both do not fit on one.
fn contact(page: &mut Page, start: &str, group: &GroupFigures, leader: &Leader) {
    let name = leader
        .name
        .as_deref()
        .map(clean)
        .filter(|name| !name.is_empty());
    let role = match leader.role {
        Role::Organizer => "organizer",
        Role::Coorganizer => "co-organizer",
        Role::AsstOrganizer => "assistant organizer",
        _ => "event organizer",
    };
    let seen = leader.last_access_at.map(|at| {
        let day = at.with_timezone(group.as_of_local.offset()).date_naive();
        format!(", seen {}", local_day(day, group.as_of_local.date_naive()))
    });
    let tail = format!(", {role}{}", seen.unwrap_or_default());
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
    if width(start) + width(&who) + 3 + width(&link) <= page.width {
        page.line(Ink::Plain, &format!("{start}{who} · {link}"));
    } else {
        page.line(Ink::Plain, &format!("{start}{who}"));
        page.line(Ink::Plain, &format!("{}{link}", " ".repeat(width(start))));
    }
}
