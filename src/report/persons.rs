//! Lists of persons with reasons in words.

use chrono::NaiveDate;
use serde::Serialize;

use super::words::{count, local_day, number};
use crate::metrics::{Candidate, Missed, People};

/// The lists, as they stand in the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PeopleReport {
    /// Whom to invite as ambassador; the first is the one to ask.
    pub ambassadors: Vec<CandidateReport>,
    /// Whom a group misses.
    pub missed: Vec<MissedReport>,
}

/// A candidate and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CandidateReport {
    /// Who, with the counts.
    #[serde(flatten)]
    pub person: Candidate,
    /// Why, in sentences.
    pub reasons: Vec<String>,
}

/// Somebody missed and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MissedReport {
    /// Who, with the counts.
    #[serde(flatten)]
    pub person: Missed,
    /// Why, in sentences.
    pub reasons: Vec<String>,
}

/// The lists with their reasons; `today` is the date of A in UTC.
pub(super) fn people(people: People, today: NaiveDate) -> PeopleReport {
    PeopleReport {
        ambassadors: people
            .ambassadors
            .into_iter()
            .map(|person| CandidateReport {
                reasons: candidate(&person, today),
                person,
            })
            .collect(),
        missed: people
            .missed
            .into_iter()
            .map(|person| MissedReport {
                reasons: missed(&person, today),
                person,
            })
            .collect(),
    }
}

fn candidate(person: &Candidate, today: NaiveDate) -> Vec<String> {
    let mut did = Vec::new();
    if person.hosted > 0 {
        did.push(format!(
            "hosted {}",
            count(person.hosted, "event", "events")
        ));
    }
    if person.taken_part > 0 {
        did.push(format!(
            "said yes to {}",
            count(person.taken_part, "event", "events")
        ));
    }
    let mut did = format!("{} in the last 365 days", did.join(" and "));
    if let Some(first) = did.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    if person.groups.len() > 1 {
        did.push_str(&format!(
            ", in {} groups",
            number(person.groups.len() as i64)
        ));
    }
    let mut reasons = vec![format!("{did}.")];
    if person.months_active > 1 {
        reasons.push(format!(
            "In {} different months, last on {}.",
            number(person.months_active),
            local_day(person.last.date_naive(), today)
        ));
    } else {
        reasons.push(format!(
            "Last on {}.",
            local_day(person.last.date_naive(), today)
        ));
    }
    if person.leads {
        reasons.push("Leads a group already.".to_owned());
    }
    if person.guests > 0 {
        reasons.push(format!(
            "Brought {}.",
            count(person.guests, "guest", "guests")
        ));
    }
    reasons
}

fn missed(person: &Missed, today: NaiveDate) -> Vec<String> {
    vec![format!(
        "Said yes to {} from 365 to 120 days ago, last on {}, and to none of {} since.",
        count(person.taken_part, "event", "events"),
        local_day(person.last.date_naive(), today),
        number(person.held_since)
    )]
}
