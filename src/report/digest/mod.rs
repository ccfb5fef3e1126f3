//! The digest: the report as a message for chat, in the order in which it is read on a Monday.
//!
//! One file per part: the network beside the year before, and what changed; at most five groups to
//! write to; who was asked and has not answered; groups to leave alone; what is worth a thank-you; the
//! next two weeks; once a month the longer lists; and always who falls below the policy, how fresh the
//! data is, which figures told before moved, and what is unknown.
//! A part without anything to say is left out. Any sentence may be forwarded to whom it speaks of.

mod alone;
mod causes;
mod changed;
mod coming;
mod desk;
mod footer;
mod given;
mod monthly;
mod opening;
mod persons;
mod restated;
mod thanks;
mod waiting;
mod write_to;

use super::compose::{GroupReport, Report};
use super::message::{Line, Message};
use super::plain::clean;
use crate::community::Named;
use desk::Desk;

pub use given::Given;

/// A digest, and whom it asks the reader to write to: kept with it, so that the next ones name others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digest {
    /// What is posted.
    pub message: Message,
    /// The groups named in it to write to.
    pub please_write_to: Vec<Named>,
}

/// The digest of a report.
pub fn digest(report: &Report, given: &Given<'_>) -> Digest {
    let desk = Desk::lay_out(report, given);
    let names: Vec<String> = report.networks.iter().map(|name| clean(name)).collect();
    let who = if names.is_empty() {
        "User groups".to_owned()
    } else {
        names.join(", ")
    };
    let title = format!("{who} · {}", given.today().format("%A %-d %B %Y"));
    let (write_to, please_write_to) = write_to::section(&desk);
    let told: Vec<String> = please_write_to
        .iter()
        .map(|it| it.urlname.clone())
        .collect();
    let mut sections = vec![opening::section(&desk)];
    sections.extend(opening::inventory(&desk));
    sections.extend(changed::section(&desk, &told));
    sections.extend(write_to);
    sections.extend(waiting::section(&desk));
    sections.extend(alone::section(&desk));
    sections.extend(thanks::section(&desk));
    sections.extend(coming::section(&desk));
    sections.extend(monthly::sections(&desk));
    sections.extend(changed::floor(&desk));
    let message = Message {
        fallback: format!("{title}: {}", opening::headline(&desk)),
        title,
        sections,
        elsewhere: "gatherd report lists them all".to_owned(),
        footer: footer::footer(&desk),
    };
    Digest {
        message,
        please_write_to,
    }
}

/// A line followed by the names of groups, each leading to its page; the rest is counted.
fn linked<'a>(
    mut line: Line,
    groups: impl Iterator<Item = &'a GroupReport>,
    at_most: usize,
) -> Line {
    let mut more = 0;
    for (nth, group) in groups.enumerate() {
        if nth >= at_most {
            more += 1;
            continue;
        }
        if nth > 0 {
            line = line.text(", ");
        }
        line = line.link(clean(&group.figures.name), &group.figures.link);
    }
    if more > 0 {
        line = line.text(format!(" and {more} more"));
    }
    line
}

/// The first of some names; the rest is counted.
fn listed(names: &[impl AsRef<str>], at_most: usize) -> String {
    let shown = names.iter().take(at_most).map(|it| clean(it.as_ref()));
    let shown = shown.collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(at_most) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
