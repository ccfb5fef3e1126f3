//! Whose turn it is after an asking.

use chrono::{NaiveDate, TimeDelta};

use super::given::Given;
use crate::community::{Asked, Cause, Contact};
use crate::report::compose::GroupReport;

/// How long it stays here once its day has come; then it is a group like any other.
const REMINDED: TimeDelta = TimeDelta::days(28);

/// Whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// Theirs, until that day.
    Theirs(NaiveDate),
    /// Ours, since that day.
    Ours(NaiveDate),
}

/// Whose turn it is after the last asking; none where nobody was asked, it is long past, or what it was about
/// is no more: a group that met or announced a date since then is as it is.
pub(super) fn turn(
    contact: &Contact,
    group: &GroupReport,
    causes: &[Cause],
    given: &Given<'_>,
) -> Option<Turn> {
    let asked = contact.last_asked()?;
    let figures = &group.figures;
    let on = |at: chrono::DateTime<chrono::Utc>| at.with_timezone(&given.now.timezone());
    let has_met = figures
        .last_event
        .as_ref()
        .is_some_and(|event| event.starts_at > asked.at);
    if (has_met || figures.is_announced) && causes.is_empty() {
        return None;
    }
    // A note taken since then is as good as a word from them: the wait begins anew.
    let noted = contact.notes.iter().map(|note| note.at);
    let heard = noted.fold(asked.at, std::cmp::max);
    let again = asked
        .again_on
        .unwrap_or_else(|| (on(heard) + Asked::PATIENCE).date_naive());
    let today = given.today();
    if today < again {
        Some(Turn::Theirs(again))
    } else {
        (today - again <= REMINDED).then_some(Turn::Ours(again))
    }
}
