//! The one sentence that every text of a report says of how fresh its data is.

use chrono::{DateTime, FixedOffset, Utc};

use super::compose::{GroupReport, Report};
use super::words::count;

/// What the sentence stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// A message, of this year, that says nothing more of the groups that could not be read.
    Digest,
    /// A report, of whichever year, that goes on to say why they could not.
    Report,
}

impl Place {
    fn instant(self, at: DateTime<Utc>) -> String {
        let format = match self {
            Self::Digest => "%a %-d %b %H:%M UTC",
            Self::Report => "%a %-d %b %Y, %H:%M UTC",
        };
        at.format(format).to_string()
    }

    /// How long before the report that was, in words; empty where it was just before.
    fn before(self, report: &Report, at: DateTime<Utc>) -> String {
        match self {
            Self::Digest => match (report.as_of - at).num_days() {
                ..=0 => String::new(),
                1 => ", a day before this digest".to_owned(),
                n => format!(", {n} days before this digest"),
            },
            Self::Report => {
                let age = report.generated_at - at;
                let (n, unit) = match age.num_minutes() {
                    ..2 => return String::new(),
                    n @ 2..120 => (n, "minutes"),
                    n @ 120..2_880 => (n / 60, "hours"),
                    n => (n / 1_440, "days"),
                };
                format!(", {n} {unit} before this report")
            }
        }
    }

    fn read_until(self, report: &Report, at: Option<DateTime<Utc>>) -> String {
        at.map_or_else(
            || "No pass has read all of it yet".to_owned(),
            |at| format!("Data to {}{}", self.instant(at), self.before(report, at)),
        )
    }

    /// What follows from not having been read.
    fn so(self, unread: usize, listed: &str) -> String {
        match (self, unread) {
            (Self::Report, _) => String::new(),
            (Self::Digest, 1) => format!(", so nothing is said of how it is doing: {listed}"),
            (Self::Digest, _) => format!(", so nothing is said of how they are doing: {listed}"),
        }
    }

    /// "last read on Sat 28 Nov 06:00 UTC", or between two such instants, or never.
    fn last_read(self, at: impl Iterator<Item = Option<DateTime<Utc>>> + Clone) -> String {
        let is_never = at.clone().any(|at| at.is_none());
        let (first, last) = (at.clone().flatten().min(), at.flatten().max());
        let (Some(first), Some(last)) = (first, last) else {
            return "never read".to_owned();
        };
        let (first, last) = (self.instant(first), self.instant(last));
        let or_never = if is_never { ", or never" } else { "" };
        if first == last {
            format!("last read on {first}{or_never}")
        } else {
            format!("last read between {first} and {last}{or_never}")
        }
    }
}

/// To when the data goes, of the groups that the report tells of, and which of them could not be read;
/// `listed` names those.
pub(super) fn sentences(report: &Report, place: Place, listed: &str) -> String {
    let (unread, read): (Vec<_>, Vec<_>) =
        report.groups.iter().partition(|it| report.is_unread(it));
    let oldest = |of: &[&GroupReport]| of.iter().filter_map(|it| it.read_at).min();
    let all = report.groups.len();
    let of_read = place.read_until(report, oldest(&read).or(report.freshness.last_pass_at));
    let so = place.so(unread.len(), listed);
    match (unread.len(), oldest(&unread)) {
        (0, _) => match all {
            0 => format!("{of_read}."),
            1 => format!("{of_read}. The group was read."),
            2 => format!("{of_read}. Both groups were read."),
            _ => format!("{of_read}. All {all} groups were read."),
        },
        (n, None) if n == all => match n {
            1 => format!("The group was never read{so}."),
            2 => format!("Neither of the 2 groups was ever read{so}."),
            _ => format!("None of the {n} groups was ever read{so}."),
        },
        (n, until) if n == all => {
            let data = place.read_until(report, until);
            let never = unread.iter().filter(|it| it.read_at.is_none()).count();
            match n {
                _ if never > 0 => {
                    let (once, were) = (n - never, if never == 1 { "was" } else { "were" });
                    format!(
                        "{data}. Of the {n} groups {once} could not be read since, and {never} {were} never read{so}."
                    )
                }
                1 => format!("{data}. The group could not be read since{so}."),
                2 => format!("{data}. Neither of the 2 groups could be read since{so}."),
                _ => format!("{data}. None of the {n} groups could be read since{so}."),
            }
        }
        (n, _) => {
            let last = place.last_read(unread.iter().map(|it| it.read_at));
            let were = if n == 1 { "was" } else { "were" };
            let groups = count(i64::try_from(n).unwrap_or(i64::MAX), "group", "groups");
            format!("{of_read}, all but {groups}, which {were} {last}{so}.")
        }
    }
}

/// How old the data is, and how many groups were read, for a title: "data to 06:00 UTC, all 251 groups read".
/// `now` is the instant of the digest by the reader's clock.
pub(super) fn in_short(report: &Report, now: DateTime<FixedOffset>) -> String {
    let (unread, read): (Vec<_>, Vec<_>) =
        report.groups.iter().partition(|it| report.is_unread(it));
    let oldest = read.iter().filter_map(|it| it.read_at).min();
    let until = match oldest.or(report.freshness.last_pass_at) {
        None => return "not all of it was read yet".to_owned(),
        // Of the same day by UTC, in which it is told.
        Some(at) if at.date_naive() == now.to_utc().date_naive() => {
            format!("data to {}", at.format("%H:%M UTC"))
        }
        Some(at) => format!("data to {}", at.format("%a %-d %b %H:%M UTC")),
    };
    let all = report.groups.len();
    // Of these there is no figure yet, however fresh they are.
    let is_behind = |it: &&&GroupReport| !it.figures.history_complete;
    let behind = match read.iter().filter(is_behind).count() {
        0 => String::new(),
        n => format!(", the history of {n} not yet"),
    };
    match (unread.len(), all) {
        (_, 0) => until,
        (0, 1) => format!("{until}, the group was read{behind}"),
        (0, 2) => format!("{until}, both groups read{behind}"),
        (0, _) => format!("{until}, all {all} groups read{behind}"),
        (n, _) => format!("{until}, {} of {all} groups read{behind}", all - n),
    }
}

/// The sentence, by itself: to when the data goes, and which of the groups could not be read.
pub fn read_until(report: &Report) -> String {
    sentences(report, Place::Report, "")
}
