//! The next two weeks, with what to expect; and, where they were asked for, lists of persons.

use chrono::TimeDelta;

use super::page::{Ink, Page};
use super::sections::heading;
use crate::report::compose::Report;
use crate::report::expect::{expectation, order};
use crate::report::persons::PeopleReport;
use crate::report::plain::clean;
use crate::report::words::number;

/// Persons listed.
const LISTED: usize = 20;

pub(super) fn write(page: &mut Page, report: &Report) {
    let until = report.as_of + TimeDelta::days(14);
    let coming: Vec<_> = report
        .ahead
        .iter()
        .filter(|event| event.starts_at <= until)
        .collect();
    if !coming.is_empty() {
        heading(page, "Next two weeks", coming.len(), coming.len());
        for event in &coming {
            let what = event.expected.as_ref().and_then(order);
            let what = what.map_or_else(String::new, |what| format!(" · order {what}"));
            page.paragraph(
                &format!("  {}  ", event.starts_local.format("%a %e %b %H:%M")),
                &format!(
                    "{} · {} yes · {}{what}",
                    clean(&event.group_name),
                    number(event.yes),
                    expectation(event)
                ),
            );
        }
    }
    if let Some(people) = &report.people {
        persons(page, people);
    }
}

fn persons(page: &mut Page, people: &PeopleReport) {
    let name = |name: &Option<String>| {
        let name = name.as_deref().map(clean).filter(|name| !name.is_empty());
        name.unwrap_or_else(|| "(no name)".to_owned())
    };
    let ambassadors = people.ambassadors.len();
    if ambassadors > 0 {
        let shown = ambassadors.min(LISTED);
        heading(page, "Whom to invite as ambassador", shown, ambassadors);
        for it in &people.ambassadors[..shown] {
            page.line(Ink::Bold, &format!("  {}", name(&it.person.name)));
            page.paragraph("    ", &it.reasons.join(" "));
        }
    }
    let missed = people.missed.len();
    if missed > 0 {
        let shown = missed.min(LISTED);
        heading(page, "People we miss", shown, missed);
        for it in &people.missed[..shown] {
            page.line(
                Ink::Bold,
                &format!("  {} ({})", name(&it.person.name), clean(&it.person.group)),
            );
            page.paragraph("    ", &it.reasons.join(" "));
        }
    }
}
