//! What came of the last asking of a group.

use chrono::TimeDelta;

use super::given::Given;
use crate::community::Contact;
use crate::metrics::{GroupFigures, Happening};

/// What came longer after the last asking is no answer to it.
const ANSWERS: TimeDelta = TimeDelta::days(180);
/// Where nothing was told before, what came longer ago is no news.
const NEWS: TimeDelta = TimeDelta::days(7);

/// What came of asking a group since the digest before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Answer<'a> {
    /// It met.
    Met(&'a Happening),
    /// It has a date.
    Announced(&'a Happening),
}

/// What came of the last asking since the digest before; none where nothing did, or it was told.
pub(super) fn answer<'a>(
    contact: &Contact,
    group: &'a GroupFigures,
    given: &Given<'_>,
) -> Option<Answer<'a>> {
    let asked = contact.last_asked()?;
    let now = given.now.to_utc();
    if now - asked.at > ANSWERS {
        return None;
    }
    let before = given.latest();
    let before = before.and_then(|before| before.group(&group.id));
    let met = group.last_event.as_ref().filter(|event| {
        let is_news = match before {
            Some(before) => before.last_event.as_deref() != Some(event.token.as_str()),
            None => event.starts_at > now - NEWS,
        };
        is_news && event.starts_at > asked.at
    });
    if let Some(event) = met {
        return Some(Answer::Met(event));
    }
    // When a date was announced is known only beside what was told before.
    let had_none = before.is_some_and(|before| before.next_event.is_none());
    let date = group.next_event.as_ref().filter(|_| had_none);
    date.map(Answer::Announced)
}
