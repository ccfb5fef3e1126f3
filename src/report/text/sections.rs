//! Groups by status, those that need a call first. The long quiet ones are counted, not listed.

use chrono::Datelike as _;

use super::block;
use super::page::{Ink, Page};
use crate::metrics::Status;
use crate::report::compose::{GroupReport, Report};
use crate::report::plain::{group_name, pad, width};
use crate::report::words::{Quietness, count, local_day, month};

/// How many of the groups that fell quiet within the last year, and of those without a first event,
/// are shown one by one.
const SHOWN: usize = 5;

pub(super) fn write(page: &mut Page, report: &Report) {
    let (without_event, new): (Vec<_>, Vec<_>) = report
        .with_status(Status::New)
        .into_iter()
        .partition(|group| group.figures.events_ever == 0);
    let mut overdue = report.with_status(Status::Overdue);
    overdue.sort_by_key(|group| std::cmp::Reverse(group.figures.cadence.days_since_last_held));
    let mut quiet = report.with_status(Status::Quiet);
    quiet.sort_by_key(|group| group.figures.cadence.days_since_last_held);
    let lately: Vec<&GroupReport> = quiet
        .iter()
        .copied()
        .filter(|group| band(group) == Quietness::Months)
        .collect();

    let restarted = report.with_status(Status::Restarted);
    let meeting = report.with_status(Status::Meeting);
    let on_target = report.with_status(Status::OnTarget);
    section(page, report, "Long without a date", &overdue, usize::MAX);
    section(
        page,
        report,
        "New, no first event yet",
        &without_event,
        usize::MAX,
    );
    section(page, report, "Quiet for less than a year", &lately, SHOWN);
    named(page, lately.iter().skip(SHOWN));
    section(page, report, "Restarted", &restarted, usize::MAX);
    section(page, report, "New", &new, usize::MAX);
    section(page, report, "Meets now and then", &meeting, usize::MAX);
    section(page, report, "Meets as agreed", &on_target, usize::MAX);
    unstarted(page, report, report.with_status(Status::Unstarted));
    all_quiet(page, &quiet);
}

/// A heading and the first groups of those it speaks of.
fn section(page: &mut Page, report: &Report, title: &str, groups: &[&GroupReport], at_most: usize) {
    if groups.is_empty() {
        return;
    }
    let shown = groups.len().min(at_most);
    heading(page, title, shown, groups.len());
    for (index, group) in groups[..shown].iter().enumerate() {
        if index > 0 {
            page.blank();
        }
        block::write(page, report, group);
    }
}

/// The others of a section, by their names.
fn named<'a>(page: &mut Page, groups: impl Iterator<Item = &'a &'a GroupReport>) {
    let names: Vec<String> = groups
        .map(|group| group_name(&group.figures.name, &group.figures.urlname))
        .collect();
    if !names.is_empty() {
        page.blank();
        page.paragraph("  ", &format!("Besides: {}.", names.join(", ")));
    }
}

/// The line above a section.
pub(super) fn heading(page: &mut Page, title: &str, shown: usize, groups: usize) {
    page.blank();
    let groups = if shown < groups {
        format!("{shown} of {groups}")
    } else {
        groups.to_string()
    };
    let title = format!("── {title} ({groups}) ");
    let rule = "─".repeat(page.width.saturating_sub(width(&title)));
    page.line(Ink::Bold, &format!("{title}{rule}"));
}

/// Groups without a first event, the youngest first; where there are many, the rest is dated.
fn unstarted(page: &mut Page, report: &Report, mut groups: Vec<&GroupReport>) {
    groups.sort_by_key(|group| std::cmp::Reverse(group.figures.founded_local));
    let shown = if groups.len() > 2 * SHOWN {
        SHOWN
    } else {
        groups.len()
    };
    section(page, report, "No first event yet", &groups, shown);
    let rest = &groups[shown..];
    if rest.is_empty() {
        return;
    }
    let founded = |group: Option<&&GroupReport>| {
        group
            .and_then(|group| group.figures.founded_local)
            .map(|founded| founded.year())
    };
    let span = match (
        founded(rest.iter().rfind(|g| g.figures.founded_local.is_some())),
        founded(rest.first()),
    ) {
        (Some(first), Some(last)) if first == last => format!(", founded in {first}"),
        (Some(first), Some(last)) => format!(", founded {first}–{last}"),
        _ => String::new(),
    };
    page.blank();
    page.line(Ink::Plain, &format!("  and {} more{span}", rest.len()));
}

fn band(group: &GroupReport) -> Quietness {
    Quietness::of(
        group
            .figures
            .cadence
            .days_since_last_held
            .unwrap_or(i64::MAX),
    )
}

/// Every quiet group counted and dated by bands; those with a date announced are named.
fn all_quiet(page: &mut Page, quiet: &[&GroupReport]) {
    if quiet.is_empty() {
        return;
    }
    heading(page, "All quiet groups", quiet.len(), quiet.len());
    for wanted in [Quietness::Months, Quietness::Years, Quietness::ManyYears] {
        let groups: Vec<&&GroupReport> =
            quiet.iter().filter(|group| band(group) == wanted).collect();
        // Sorted by how long they have been quiet: the first fell quiet last.
        let since = |group: Option<&&&GroupReport>| {
            let figures = &group?.figures;
            let last = figures.last_event.as_ref()?.starts_local.date();
            Some(month(last, figures.as_of_local.date_naive()))
        };
        let (Some(first), Some(last)) = (since(groups.last()), since(groups.first())) else {
            continue;
        };
        let span = if first == last {
            first
        } else {
            format!("{first} to {last}")
        };
        page.line(
            Ink::Plain,
            &format!(
                "  {}{}last met {span}",
                pad(wanted.say(), 15),
                pad(
                    &count(
                        groups.len().try_into().unwrap_or(i64::MAX),
                        "group,",
                        "groups,"
                    ),
                    14
                ),
            ),
        );
    }
    let announced: Vec<String> = quiet
        .iter()
        .filter_map(|group| {
            let event = group.figures.next_event.as_ref()?;
            let day = local_day(
                event.starts_local.date(),
                group.figures.as_of_local.date_naive(),
            );
            Some(format!(
                "{} next on {day}",
                group_name(&group.figures.name, &group.figures.urlname)
            ))
        })
        .collect();
    if !announced.is_empty() {
        let shown = announced
            .iter()
            .take(SHOWN)
            .cloned()
            .collect::<Vec<_>>()
            .join("; ");
        let more = announced.len().saturating_sub(SHOWN);
        let more = if more > 0 {
            format!("; and {more} more")
        } else {
            String::new()
        };
        page.paragraph("  ", &format!("Announced: {shown}{more}."));
    }
}
