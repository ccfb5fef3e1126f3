//! One group in depth: what its page says, whichever way it is laid out.

use super::compose::{GroupReport, Report};
use super::expect::{basis, expectation, order};
use super::helps::{floor, handing_over, overdue_from, what_helps, whole};
use super::plain::clean;
use super::words::{ago, count, local_day, median, number, share, weekday};
use crate::metrics::{Ahead, GroupFigures, Status};

/// Scheduled events told.
const AHEAD: usize = 5;
/// Shorter pauses need no excuse.
const SHORT_PAUSE: i64 = 45;

/// What stands on a group's page besides its figures.
#[derive(Debug, Clone, Copy, Default)]
pub struct Beside<'a> {
    /// What is remembered of contact with it, line by line.
    pub notes: &'a [String],
    /// Its figures as of 365 days earlier, where it had any.
    pub year_before: Option<&'a GroupFigures>,
}

/// A label, and one or more paragraphs of text.
pub(super) struct Row {
    pub(super) label: &'static str,
    pub(super) lines: Vec<String>,
}

fn row(label: &'static str, line: String) -> Row {
    Row {
        label,
        lines: vec![line],
    }
}

/// How it is doing, in a few sentences: one paragraph each.
pub(super) fn standing(report: &Report, group: &GroupReport) -> Vec<String> {
    let figures = &group.figures;
    let mut told = Vec::new();
    if report.is_unread(group) {
        told.push("It could not be read lately: all of this is as it was before.".to_owned());
    }
    // Of a group that is silent for long, the reasons say when it met last.
    let is_silent = matches!(figures.status, Some(Status::Quiet | Status::Overdue));
    if let Some(last) = figures.last_event.as_ref().filter(|_| !is_silent) {
        let today = figures.as_of_local.date_naive();
        let day = last.starts_local.date();
        told.push(format!(
            "Last met {} ({}; {} said yes).",
            weekday(day, today),
            ago((today - day).num_days()),
            number(last.yes)
        ));
    }
    told.push(group.reasons.join(" "));
    told.extend(pauses(figures));
    told.extend(floor(figures));
    told
}

/// Its pauses, and when the present one would be longer than usual.
fn pauses(figures: &GroupFigures) -> Option<String> {
    let today = figures.as_of_local.date_naive();
    let mut sentences = Vec::new();
    let days = figures.cadence.days_since_last_held.unwrap_or_default();
    let as_long: Vec<String> = figures
        .pauses
        .iter()
        .filter(|(before, _)| *before >= days)
        .map(|(before, _)| before.to_string())
        .collect();
    let is_regular = matches!(
        figures.status,
        Some(Status::OnTarget | Status::Meeting | Status::Restarted)
    );
    if is_regular && days >= SHORT_PAUSE && !as_long.is_empty() && !figures.is_announced {
        sentences.push(format!(
            "Not overdue after {days} days: it paused for {} before.",
            as_long.join(" and ")
        ));
    }
    if !figures.pauses.is_empty() {
        let longest: Vec<String> = figures
            .pauses
            .iter()
            .map(|(days, until)| format!("{days} days (until {})", local_day(*until, today)))
            .collect();
        sentences.push(format!(
            "Its longest pauses in three years: {}.",
            longest.join(", ")
        ));
    }
    if is_regular {
        let usual = format!(
            "Up to {} days are usual here",
            whole(figures.cadence.overdue_after_days)
        );
        sentences.push(match overdue_from(figures) {
            Some(day) if figures.is_announced => format!(
                "{usual}: if nothing were held before, its pause would be longer from {}.",
                local_day(day, today)
            ),
            // Otherwise the reasons say from when.
            _ => format!("{usual}."),
        });
    }
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

/// How many of the last months it met in, and what is agreed.
pub(super) fn regularity(figures: &GroupFigures) -> String {
    let cadence = &figures.cadence;
    let (months, blocks) = (cadence.monthly_cadence, cadence.target_cadence);
    if months.denominator == 0 {
        return String::new();
    }
    let agreed = match cadence.every_months {
        1 => "agreed: every month".to_owned(),
        n => format!(
            "agreed: every {n} months, kept in {} of {}",
            blocks.numerator, blocks.denominator
        ),
    };
    format!(
        "met in {} of {} ({agreed})",
        months.numerator,
        count(months.denominator, "month", "months")
    )
}

/// Its events by year.
pub(super) fn years(figures: &GroupFigures) -> Option<Row> {
    let years = figures.years.iter();
    let years: Vec<String> = years.map(|(year, n)| format!("{year} {n}")).collect();
    (!years.is_empty()).then(|| row("Years", years.join(" · ")))
}

/// The rows between the years and whom to write to.
pub(super) fn rows(report: &Report, group: &GroupReport, beside: Beside<'_>) -> Vec<Row> {
    let figures = &group.figures;
    let mut rows = vec![row("Said yes", said_yes(figures, beside.year_before))];
    let first = figures.repeat.first_timer_return_90;
    if first.denominator > 0 {
        let who = share(first, "people");
        let line = format!("within 90 days of their first time: {who}");
        rows.push(row("Came back", line));
    }
    if figures.attendance.attendance_taken.numerator > 0 {
        let who = share(figures.attendance.show_rate, "who had said yes");
        let line = format!("at most {who}, where attendance was marked");
        rows.push(row("Came", line));
    }
    let coming = report.ahead_of(group).take(AHEAD);
    rows.extend(coming.map(|event| ahead(figures, event)));
    rows.push(row("Hosts", hosts(figures)));
    let met = figures.side_to_side.acquainted_rate;
    if met.denominator > 0 {
        let line = format!(
            "{} of {} who took part in person have met somebody here more than once in the last 365 days ({})",
            number(met.numerator),
            count(met.denominator, "person", "people"),
            count(figures.side_to_side.recurring_pairs, "pair", "pairs")
        );
        rows.push(row("Together", line));
    }
    rows.extend(handing_over(figures).map(|line| row("Hand-over", line)));
    rows
}

/// The rows below whom to write to.
pub(super) fn rows_below(report: &Report, group: &GroupReport, beside: Beside<'_>) -> Vec<Row> {
    let mut rows = Vec::new();
    if !beside.notes.is_empty() {
        rows.push(Row {
            label: "Notes",
            lines: beside.notes.iter().map(|line| clean(line)).collect(),
        });
    }
    rows.push(row("What helps", what_helps(report, group)));
    rows.push(row("Trust", trust(report, group)));
    rows
}

fn said_yes(figures: &GroupFigures, year_before: Option<&GroupFigures>) -> String {
    let attendance = &figures.attendance;
    let before = year_before.and_then(|before| before.attendance.median_yes);
    let Some(typical) = attendance.median_yes else {
        return match before {
            Some(before) => format!(
                "no events in the last 365 days; typically {} the year before",
                median(before)
            ),
            None => "no events in the last 365 days".to_owned(),
        };
    };
    let before = before.map_or_else(String::new, |before| {
        format!(" ({} the year before)", median(before))
    });
    format!(
        "typically {} in the last 365 days{before}, {} in all; hosts and staff aside, {} took part more than once",
        median(typical),
        count(
            attendance.people_365,
            "different person",
            "different people"
        ),
        share(figures.repeat.repeat_rate, "people"),
    )
}

fn ahead(figures: &GroupFigures, event: &Ahead) -> Row {
    let today = figures.as_of_local.date_naive();
    let mut lines = vec![format!(
        "{} {} · {} · {} yes · {}",
        weekday(event.starts_local.date(), today),
        event.starts_local.format("%H:%M"),
        clean(&event.title),
        number(event.yes),
        expectation(event)
    )];
    if let Some(expected) = &event.expected {
        let what = order(expected).map_or_else(String::new, |order| format!("; order {order}"));
        lines.push(format!("{}{what}", basis(expected)));
    }
    Row {
        label: "Next",
        lines,
    }
}

fn hosts(figures: &GroupFigures) -> String {
    let o = &figures.organizers;
    if o.hosts_365 == 0 {
        return "none known in the last 365 days".to_owned();
    }
    let mut parts = vec![format!("{} in the last 365 days", number(o.hosts_365))];
    parts.push(match (o.hosts_90, o.local_hosts_90) {
        (0, _) => "none in the last 90".to_owned(),
        (all, Some(local)) => format!("{all} in the last 90, {local} of them local"),
        (all, None) => format!("{all} in the last 90"),
    });
    if o.new_hosts_365 > 0 && o.new_hosts_365 < o.hosts_365 {
        parts.push(format!("{} new", number(o.new_hosts_365)));
    }
    match o.host_absence_factor {
        Some(1) if o.hosts_365 > 1 => parts.push("if one person stops, half the events go".into()),
        Some(n) if o.hosts_365 > n => parts.push(format!("if {n} people stop, half the events go")),
        _ => {}
    }
    if let Some(staff) = o.staff_hosted_share.filter(|of| of.denominator > 0) {
        parts.push(if staff.numerator == 0 {
            "no event by our staff alone".to_owned()
        } else {
            format!("by our staff alone: {}", share(staff, "events"))
        });
    }
    parts.join("; ")
}

fn trust(report: &Report, group: &GroupReport) -> String {
    let (figures, read_at) = (&group.figures, group.read_at);
    let fresh = &report.freshness;
    let mut parts = Vec::new();
    let taken = figures.attendance.attendance_taken;
    if taken.denominator > 0 {
        parts.push(format!(
            "attendance marked at {} of {}",
            number(taken.numerator),
            count(taken.denominator, "event", "events")
        ));
    }
    if figures.growth.members.is_none() {
        parts.push("roster unknown as of then".to_owned());
    }
    let unread = fresh
        .unread_groups
        .iter()
        .zip(&fresh.unread_reasons)
        .find(|(urlname, _)| **urlname == figures.urlname);
    let read = read_at.map(|at| at.format("%-d %b %Y, %H:%M UTC"));
    parts.push(match (unread, read) {
        (Some((_, why)), Some(at)) => format!("last read {at}; could not be read: {}", clean(why)),
        (Some((_, why)), None) => format!("could not be read: {}", clean(why)),
        (None, Some(at)) => format!("read {at}"),
        (None, None) => "not fully read yet".to_owned(),
    });
    parts.push(format!("definitions v{}", report.definitions_version));
    parts.join(" · ")
}
