//! The digest: the report as a message for chat, in the order in which it is read on a Monday.
//!
//! One file per part: the news of the network beside the year before, and who has no date later than
//! usual; at most five groups to write to; who was asked and what came of it, and who is waited for; what is
//! worth a thank-you; what changed; the next two weeks; once a month the longer lists; and always which
//! figures told before moved, and what is unknown.
//! A part without anything to say is left out. Any sentence may be forwarded to whom it speaks of.

mod answered;
mod change;
mod changed;
mod coming;
mod desk;
mod few_leaders;
mod footer;
mod given;
mod late;
mod listing;
mod logged;
mod monthly;
mod opening;
mod persons;
mod reply;
mod restated;
mod thanks;
mod turn;
mod waiting;
mod write_to;

use super::compose::Report;
use super::message::{Line, Message};
use super::plain::fit;
use super::read_until::in_short;
use crate::community::{Contact, Named};
use desk::Desk;

pub use answered::Answered;
pub use change::{Change, Changed};
pub use given::Given;
pub use waiting::Awaited;
pub use write_to::Call;

/// As much of the networks' names as leaves room for the day and how old the data is.
const WHO: usize = 60;

/// A digest, and whom it asks the reader to write to: kept with it, so that the next ones name others.
#[derive(Debug, Clone, PartialEq)]
pub struct Digest {
    /// What is posted.
    pub message: Message,
    /// The groups named in it to write to.
    pub please_write_to: Vec<Named>,
    /// The groups that answered since the digest before.
    pub answered: Vec<Answered>,
    /// What changed since the digest before.
    pub changed: Vec<Changed>,
}

/// The digest of a report.
pub fn digest(report: &Report, given: &Given<'_>) -> Digest {
    with_desk(report, given, composed)
}

/// Every group that a word would help, where the most is at stake first, each as the message would say it.
pub fn calls(report: &Report, given: &Given<'_>) -> Vec<Call> {
    with_desk(report, given, write_to::calls)
}

/// Every group that is waited for, the one to look at first in front, each as the message would say it.
pub fn awaited(report: &Report, given: &Given<'_>) -> Vec<Awaited> {
    with_desk(report, given, waiting::awaited)
}

/// Which figures told before are others by what is known now, and why.
pub fn restated(report: &Report, given: &Given<'_>) -> Vec<Line> {
    with_desk(report, given, restated::lines)
}

/// Lays the desk with what is remembered by then.
fn with_desk<T>(report: &Report, given: &Given<'_>, compose: impl FnOnce(&Desk<'_>) -> T) -> T {
    let now = given.now.to_utc();
    let contacts = given.contacts.iter().map(|contact| contact.known_by(now));
    let contacts: Vec<Contact> = contacts.collect();
    let given = &Given {
        contacts: &contacts,
        ..*given
    };
    compose(&Desk::lay_out(report, given))
}

fn composed(desk: &Desk<'_>) -> Digest {
    let (report, given) = (desk.report, desk.given);
    let title = format!(
        "{} · {} · {}",
        fit(&desk.who(), WHO),
        given.today().format("%A %-d %B %Y"),
        in_short(report, given.now)
    );
    let (write_to, please_write_to) = write_to::section(desk);
    let told: Vec<String> = please_write_to
        .iter()
        .map(|it| it.urlname.clone())
        .collect();
    let mut sections = vec![opening::section(desk)];
    sections.extend(opening::inventory(desk));
    sections.extend(write_to);
    sections.extend(answered::section(desk));
    sections.extend(waiting::section(desk));
    sections.extend(thanks::section(desk));
    sections.extend(changed::section(desk, &told));
    sections.extend(coming::section(desk));
    sections.extend(monthly::sections(desk));
    let message = Message {
        fallback: format!("{title}: {}", opening::headline(desk)),
        title,
        sections,
        elsewhere: "gatherd digest --all".to_owned(),
        footer: footer::footer(desk),
    };
    Digest {
        message,
        please_write_to,
        answered: answered::answered(desk),
        changed: changed::changed(desk),
    }
}
