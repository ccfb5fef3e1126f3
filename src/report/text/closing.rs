//! What the figures rest on: how fresh they are, what is unknown, what could not be read.

use super::page::{Ink, Page};
use crate::report::compose::Report;
use crate::report::plain::{clean, group_name};
use crate::report::read_until::{Place, sentences};
use crate::report::words::count;

/// How many urlnames are listed.
const LISTED: usize = 12;

pub(super) fn write(page: &mut Page, report: &Report) {
    page.blank();
    let rule = "─".repeat(page.width);
    page.line(Ink::Dim, &rule);
    page.paragraph("", &sentences(report, Place::Report, ""));
    let fresh = &report.freshness;
    if !fresh.unread_groups.is_empty() {
        page.paragraph(
            "",
            &format!(
                "{} could not be read:",
                count(
                    fresh.unread_groups.len().try_into().unwrap_or(i64::MAX),
                    "group",
                    "groups"
                )
            ),
        );
        for (index, urlname) in fresh.unread_groups.iter().enumerate().take(LISTED) {
            let reason = fresh.unread_reasons.get(index).map_or("", String::as_str);
            page.paragraph("  ", &format!("{}: {}", clean(urlname), clean(reason)));
        }
        let more = fresh.unread_groups.len().saturating_sub(LISTED);
        if more > 0 {
            page.line(Ink::Plain, &format!("  and {more} more"));
        }
    }
    if !fresh.incomplete_groups.is_empty() {
        page.paragraph(
            "",
            &format!(
                "History still being read, so in no figure above: {}.",
                listed(
                    fresh
                        .incomplete_groups
                        .iter()
                        .map(|urlname| clean(urlname))
                        .collect()
                )
            ),
        );
    }
    if !report.left.is_empty() {
        page.paragraph(
            "",
            &format!(
                "No longer sponsored, so in no figure above: {}.",
                listed(
                    report
                        .left
                        .iter()
                        .map(|group| group_name(&group.name, &group.urlname))
                        .collect()
                )
            ),
        );
    }
    for remark in &report.remarks {
        page.paragraph("", remark);
    }
    page.line(
        Ink::Dim,
        &format!("Definitions version {}.", report.definitions_version),
    );
}

fn listed(names: Vec<String>) -> String {
    let more = names.len().saturating_sub(LISTED);
    let shown = names
        .into_iter()
        .take(LISTED)
        .collect::<Vec<_>>()
        .join(", ");
    if more > 0 {
        format!("{shown} and {more} more")
    } else {
        shown
    }
}
