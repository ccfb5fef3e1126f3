//! An event's RSVP sign: how it is kept, when it is settled, and what a difference asks for.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::values::{code, seconds, status_code};
use crate::community::RsvpSign;

/// An RSVP changes to the second, so another change within the second of the newest one could leave
/// the sign as it is; with a second for rounding, and Meetup's own clocks, two.
const SETTLED_AFTER: i64 = 2;
/// Where an answer has no `Date`, our clock stands in for Meetup's, with this much distrust.
const CLOCK_DOUBT: i64 = 600;

/// What an event's RSVPs need, by its sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Need {
    /// The rows here are what Meetup has.
    Nothing,
    /// A walk from the newest down to the watermark.
    Partial,
    /// A walk of all rows.
    Full,
}

/// The sign as a canonical text: the six counts, then the newest RSVPs, in one flat array. What was not
/// asked for is null in it.
pub(super) fn text(sign: &RsvpSign, unasked: &BTreeSet<String>) -> String {
    Value::Array(parts(sign, unasked)).to_string()
}

/// Whether a sign is the one kept, as far as it tells: a count that Meetup does not give, and a field
/// that was not asked for, say nothing. The other way round they do: what is told again was not
/// watched meanwhile.
pub(super) fn is_same(kept: &str, sign: &RsvpSign, unasked: &BTreeSet<String>) -> bool {
    let parts = parts(sign, unasked);
    let kept = serde_json::from_str::<Vec<Value>>(kept).unwrap_or_default();
    let says_nothing = |at: usize| {
        let is_count = at < COUNTS;
        let name = at.checked_sub(COUNTS).map(|at| IN_SIGN[at % IN_SIGN.len()]);
        is_count || name.is_some_and(|it| unasked.contains(it))
    };
    kept.len() == parts.len()
        && kept
            .iter()
            .zip(&parts)
            .enumerate()
            .all(|(at, (kept, part))| kept == part || (part.is_null() && says_nothing(at)))
}

/// Counts at the beginning of a sign.
const COUNTS: usize = 6;
/// What each of its RSVPs adds.
const IN_SIGN: [&str; 5] = [
    "Rsvp.id",
    "Rsvp.status",
    "Rsvp.guestsCount",
    "Rsvp.isHost",
    "Rsvp.updated",
];

fn parts(sign: &RsvpSign, unasked: &BTreeSet<String>) -> Vec<Value> {
    let counts = &sign.counts;
    let mut parts = vec![
        json!(counts.yes),
        json!(counts.no),
        json!(counts.waitlist),
        json!(counts.attended),
        json!(counts.no_show),
        json!(counts.absent),
    ];
    for rsvp in &sign.newest {
        let status = rsvp
            .status
            .as_ref()
            .map(|status| status_code(status).map_or_else(|| json!(status.as_str()), Value::from));
        let told = [
            json!(rsvp.id.as_str()),
            status.unwrap_or_default(),
            json!(rsvp.guest_count),
            json!(u8::from(rsvp.is_host)),
            json!(seconds(rsvp.updated_at.as_ref())),
        ];
        for (name, value) in IN_SIGN.iter().zip(told) {
            parts.push(if unasked.contains(*name) {
                Value::Null
            } else {
                value
            });
        }
    }
    parts
}

/// The newest instant at which one of the sign's RSVPs changed.
pub(super) fn newest(sign: &RsvpSign) -> Option<i64> {
    sign.newest
        .iter()
        .filter_map(|rsvp| seconds(rsvp.updated_at.as_ref()))
        .max()
}

/// Whether some RSVP of the sign has no instant, so that no walk by time can find its changes.
pub(super) fn is_timeless(sign: &RsvpSign) -> bool {
    sign.newest.iter().any(|rsvp| rsvp.updated_at.is_none())
}

/// Whether a later change is sure to change the sign, given Meetup's clock at the answer. Without
/// instants the sign can never be sure, and is left to the sweep.
pub(super) fn is_settled(sign: &RsvpSign, answered_at: Option<DateTime<Utc>>, now: i64) -> bool {
    let answered = answered_at.map_or(now - CLOCK_DOUBT, |at| at.timestamp());
    match newest(sign) {
        Some(newest) if !is_timeless(sign) => newest < answered - SETTLED_AFTER,
        _ => true,
    }
}

/// Server counts less live rows, per count, and once more for "yes" with the attended among them: some
/// servers count them so, and then marking attendance is no difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hidden([Option<i64>; 7]);

impl Hidden {
    /// `live` tells the live rows of a status code.
    pub(super) fn of(sign: &RsvpSign, live: impl Fn(i64) -> i64) -> Self {
        let counts = &sign.counts;
        let less = |count: Option<i64>, rows: i64| count.map(|count| count - rows);
        Self([
            less(counts.yes, live(code::YES)),
            less(counts.no, live(code::NO)),
            less(counts.waitlist, live(code::WAITLIST)),
            less(counts.attended, live(code::ATTENDED)),
            less(counts.no_show, live(code::NO_SHOW)),
            less(counts.absent, live(code::ABSENT)),
            less(counts.yes, live(code::YES) + live(code::ATTENDED)),
        ])
    }

    /// Whether the rows account for the counts as well as they did at the last full walk.
    pub(super) fn is_as(&self, last: Option<&Self>) -> bool {
        let (now, before) = (self.0, last.map_or([Some(0); 7], |last| last.0));
        // A count that the server does not give says nothing.
        let same = |at: usize| match (now[at], before[at]) {
            (Some(now), Some(before)) => now == before,
            (None, _) => true,
            (Some(now), None) => now == 0,
        };
        (1..6).all(same) && (same(0) || same(6))
    }

    pub(super) fn text(&self) -> String {
        json!(self.0).to_string()
    }

    pub(super) fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok().map(Self)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::community::{Member, Rsvp, RsvpCounts, RsvpStatus};

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    fn sign(updated: &[Option<i64>]) -> RsvpSign {
        let newest = updated
            .iter()
            .map(|updated| Rsvp {
                id: "1".into(),
                member: Member {
                    id: "1".into(),
                    name: None,
                },
                status: Some(RsvpStatus::Yes),
                guest_count: 0,
                is_host: false,
                updated_at: updated.map(at),
            })
            .collect();
        RsvpSign {
            counts: RsvpCounts {
                yes: Some(1),
                ..RsvpCounts::default()
            },
            newest,
        }
    }

    #[test]
    fn a_sign_settles_when_its_newest_change_is_more_than_two_seconds_before_the_answer() {
        let sign = sign(&[Some(100), Some(90)]);
        assert!(!is_settled(&sign, Some(at(101)), 0));
        assert!(!is_settled(&sign, Some(at(102)), 0));
        assert!(is_settled(&sign, Some(at(103)), 0));
    }

    #[test]
    fn without_a_date_our_own_clock_decides_with_a_margin() {
        assert!(!is_settled(&sign(&[Some(100)]), None, 110));
        assert!(is_settled(&sign(&[Some(100)]), None, 100 + 3 + CLOCK_DOUBT));
    }

    #[test]
    fn no_rsvps_and_rsvps_without_instants_are_settled() {
        assert!(is_settled(&sign(&[]), Some(at(0)), 0));
        assert!(is_settled(&sign(&[Some(100), None]), Some(at(100)), 0));
    }

    #[test]
    fn marking_attendance_is_no_difference_whether_or_not_yes_includes_the_attended() {
        let live = |yes, attended| {
            move |status| match status {
                code::YES => yes,
                code::ATTENDED => attended,
                _ => 0,
            }
        };
        let counted = |yes, attended| RsvpSign {
            counts: RsvpCounts {
                yes: Some(yes),
                attended: Some(attended),
                ..RsvpCounts::default()
            },
            newest: Vec::new(),
        };
        let before = Hidden::of(&counted(10, 0), live(10, 0));
        assert!(Hidden::of(&counted(8, 2), live(8, 2)).is_as(Some(&before)));
        assert!(Hidden::of(&counted(10, 2), live(8, 2)).is_as(Some(&before)));
        assert!(!Hidden::of(&counted(10, 2), live(10, 0)).is_as(Some(&before)));
        assert!(!Hidden::of(&counted(9, 0), live(10, 0)).is_as(Some(&before)));
    }
}
