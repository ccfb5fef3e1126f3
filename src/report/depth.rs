//! One group in depth: what its page says, whichever way it is laid out.

use super::calls::first_year;
use super::compose::{GroupReport, Report};
use super::expect::{basis, expectation, order};
use super::helps::{handing_over, what_helps};
use super::hosts::hosts;
use super::notice::notice;
use super::pause::{alike, call_from, months_off};
use super::plain::clean;
use super::policy;
use super::words::{ago, count, local_day, median, number, share, weekday};
use crate::community::{Cause, GroupStatus, TieStatus};
use crate::metrics::{Ahead, GroupFigures, Status};

/// Scheduled events told.
const AHEAD: usize = 5;

/// What stands on a group's page besides its figures.
#[derive(Debug, Clone, Copy, Default)]
pub struct Beside<'a> {
    /// What is remembered of contact with it, line by line.
    pub notes: &'a [String],
    /// Its figures as of 365 days earlier, where it had any.
    pub year_before: Option<&'a GroupFigures>,
}

/// A label, and one or more paragraphs of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What it is about.
    pub label: &'static str,
    /// What is said.
    pub lines: Vec<String>,
    /// The keys of the figures in it.
    pub keys: &'static [&'static str],
}

/// All that is said of one group, for whoever lays it out otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InDepth {
    /// How it is doing, one paragraph each.
    pub standing: Vec<String>,
    /// How regularly it meets; empty before it ever could.
    pub regularity: String,
    /// The rows, in their order.
    pub rows: Vec<Row>,
}

/// A group in depth.
pub fn in_depth(report: &Report, group: &GroupReport, beside: Beside<'_>) -> InDepth {
    let mut all: Vec<Row> = years(&group.figures).into_iter().collect();
    all.extend(rows(report, group, beside));
    all.extend(rows_below(report, group, beside));
    InDepth {
        standing: standing(report, group),
        regularity: regularity(&group.figures),
        rows: all,
    }
}

fn row(label: &'static str, keys: &'static [&'static str], line: String) -> Row {
    Row {
        label,
        lines: vec![line],
        keys,
    }
}

/// How it is doing, in a few sentences: one paragraph each.
pub(super) fn standing(report: &Report, group: &GroupReport) -> Vec<String> {
    let figures = &group.figures;
    let mut told = Vec::new();
    if report.is_unread(group) {
        told.push("It could not be read lately: all of this is as it was before.".to_owned());
    }
    told.extend(at_meetup(figures));
    // Of a quiet group, the reasons say when it met last.
    let is_quiet = figures.status == Some(Status::Quiet);
    if let Some(last) = figures.last_event.as_ref().filter(|_| !is_quiet) {
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
    let said = |cause: &&Cause| match cause {
        // The reasons of its status say so.
        Cause::Overdue | Cause::NotBegun | Cause::Quiet => false,
        _ => true,
    };
    let calls = group.causes.iter().filter(said);
    let calls: Vec<String> = calls
        .flat_map(|cause| cause.reason(report, figures))
        .collect();
    if !calls.is_empty() {
        told.push(calls.join(" "));
    }
    // A call for a second date says it already.
    let is_said = group.causes.contains(&Cause::SecondDate);
    let first_year = first_year(report, figures).filter(|_| !is_said);
    let more: Vec<String> = [pause(figures), months_off(figures), first_year]
        .into_iter()
        .flatten()
        .collect();
    if !more.is_empty() {
        told.push(more.join(" "));
    }
    told.extend(policy::ahead(report, figures));
    told
}

/// Meetup's own word on it, where that is a worry.
pub(super) fn at_meetup(figures: &GroupFigures) -> Option<String> {
    let mut worries = Vec::new();
    if let Some(status) = worry(figures) {
        worries.push(format!("Meetup calls it {}.", status.as_str()));
    }
    if is_delisted(figures) {
        worries.push("The network does not list it any more (DELISTED).".to_owned());
    }
    (!worries.is_empty()).then(|| worries.join(" "))
}

/// Meetup's word on a group, where it is one of those that are a worry.
pub(super) fn worry(figures: &GroupFigures) -> Option<&GroupStatus> {
    let status = figures.meetup_status.as_ref()?;
    (!matches!(status, GroupStatus::Paid | GroupStatus::Other(_))).then_some(status)
}

/// Whether its network shows it no more.
pub(super) fn is_delisted(figures: &GroupFigures) -> bool {
    figures.tie_status == Some(TieStatus::Delisted)
}

/// Of a group without a date that is not to be called yet: what is usual, and what became of pauses like it.
fn pause(figures: &GroupFigures) -> Option<String> {
    let pause = figures.pause.as_ref().filter(|pause| !pause.call)?;
    let today = figures.as_of_local.date_naive();
    let mut told: Vec<String> = alike(pause).into_iter().collect();
    if let Some(usual) = pause.usual_days {
        told.push(format!("Usually it meets every {} days.", median(usual)));
    }
    if let Some(day) = call_from(figures) {
        told.push(format!(
            "Without a date, a call is due on {} at the latest.",
            local_day(day, today)
        ));
    }
    (!told.is_empty()).then(|| told.join(" "))
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
    (!years.is_empty()).then(|| row("Years", &["years"], years.join(" · ")))
}

/// The rows between the years and whom to write to.
pub(super) fn rows(report: &Report, group: &GroupReport, beside: Beside<'_>) -> Vec<Row> {
    let figures = &group.figures;
    let mut rows = vec![row(
        "Said yes",
        &[
            "attendance.median_yes",
            "attendance.people_365",
            "repeat.repeat_rate",
        ],
        said_yes(figures, beside.year_before),
    )];
    let first = figures.repeat.first_timer_return_90;
    if first.denominator > 0 {
        let who = share(first, "people");
        let line = format!("within 90 days of their first time: {who}");
        rows.push(row("Again", &["repeat.first_timer_return_90"], line));
    }
    if figures.attendance.attendance_taken.numerator > 0 {
        let who = share(figures.attendance.show_rate, "who had said yes");
        let line = format!("at most {who}, where attendance was marked");
        rows.push(row("Came", &["attendance.show_rate"], line));
    }
    let coming = report.ahead_of(group).take(AHEAD);
    rows.extend(coming.map(|event| ahead(figures, event)));
    rows.push(row(
        "Hosts",
        &[
            "organizers.hosts_365",
            "organizers.hosts_90",
            "organizers.local_hosts_90",
            "organizers.new_hosts_365",
            "organizers.sole_host",
            "organizers.staff_hosted_share",
        ],
        hosts(report, figures),
    ));
    let met = figures.side_to_side.acquainted_rate;
    if met.denominator > 0 {
        let line = format!(
            "{} of {} who said yes in person have met somebody here more than once in the last 365 days ({})",
            number(met.numerator),
            count(met.denominator, "person", "people"),
            count(figures.side_to_side.recurring_pairs, "pair", "pairs")
        );
        rows.push(row(
            "Together",
            &[
                "side_to_side.acquainted_rate",
                "side_to_side.recurring_pairs",
            ],
            line,
        ));
    }
    rows.extend(notice(&report.network, figures).map(|line| {
        row(
            "Notice",
            &["cadence.median_notice_days", "cadence.next_date_known"],
            line,
        )
    }));
    rows.extend(
        handing_over(figures)
            .map(|line| row("Hand-over", &["handover.criteria", "handover.ready"], line)),
    );
    rows
}

/// The rows below whom to write to.
pub(super) fn rows_below(report: &Report, group: &GroupReport, beside: Beside<'_>) -> Vec<Row> {
    let mut rows = Vec::new();
    if !beside.notes.is_empty() {
        rows.push(Row {
            label: "Contact",
            lines: beside.notes.iter().map(|line| clean(line)).collect(),
            keys: &[],
        });
    }
    rows.push(row("What helps", &["causes"], what_helps(report, group)));
    rows.push(row(
        "Trust",
        &["attendance.attendance_taken", "growth.members", "read_at"],
        trust(report, group),
    ));
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
        "typically {} in the last 365 days{before}, {} in all; hosts and staff aside, {} more than once",
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
        keys: &["next_event"],
    }
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
