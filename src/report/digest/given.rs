//! What a digest rests on besides the report: the memory of contact, and what was told before.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset, NaiveDate};

use crate::community::{Before, Contact, GroupBefore, MemberId, Named, NetworkBefore, Telling};
use crate::metrics::{GroupFigures, Happening, Logged, NetworkFigures};
use crate::report::compose::{GroupReport, Report};

/// All of it, as plain data.
#[derive(Debug, Clone, Copy)]
pub struct Given<'a> {
    /// The as-of instant by the sponsor's clock: its date is today.
    pub now: DateTime<FixedOffset>,
    /// What is remembered of contact.
    pub contacts: &'a [Contact],
    /// What the channel was told before, the latest first; empty makes it the first digest.
    pub before: &'a [Before],
    /// Whom other channels were asked to write to, where that counts here.
    pub elsewhere: &'a [Telling],
    /// What the logs tell since the latest of these, by the group's id.
    pub logged: &'a BTreeMap<String, Logged>,
    /// The instant of the latest of these, measured again by what is known now.
    pub again: Option<&'a Report>,
    /// Who is the sponsor's own.
    pub staff: &'a [MemberId],
    /// Whether it has the monthly page.
    pub is_monthly: bool,
    /// The network's figures over the report's groups alone, where it was narrowed to some; none: it was not.
    pub own: Option<&'a NetworkFigures>,
    /// Whether whoever runs gatherd reads it: what there is to configure is told to nobody else.
    pub is_for_operator: bool,
}

impl Given<'_> {
    /// The date of the digest.
    pub fn today(&self) -> NaiveDate {
        self.now.date_naive()
    }

    /// Whether the report was narrowed to some groups.
    pub(super) fn is_narrowed(&self) -> bool {
        self.own.is_some()
    }

    /// When a group was named to write to, here or where that counts, and why: local dates before today's.
    pub(super) fn namings(&self, id: &str) -> impl Iterator<Item = (NaiveDate, &Named)> {
        let here = self.before.iter().map(|it| (it.as_of, &it.please_write_to));
        let there = self.elsewhere.iter();
        let all = here.chain(there.map(|it| (it.as_of, &it.please_write_to)));
        all.flat_map(|(as_of, named)| {
            let day = as_of.with_timezone(&self.now.timezone()).date_naive();
            named.iter().map(move |named| (day, named))
        })
        // On one day every channel names it.
        .filter(move |(day, named)| *day < self.today() && named.id == id)
    }

    /// The digest before this one.
    pub(super) fn latest(&self) -> Option<&Before> {
        self.before.first()
    }
}

impl Before {
    /// What a report says, and whom it asks to write to, as later digests remember it.
    pub fn of(report: &Report, please_write_to: Vec<Named>) -> Self {
        let network = &report.network;
        Self {
            as_of: report.as_of,
            definitions_version: report.definitions_version,
            please_write_to,
            network: NetworkBefore {
                groups_met_30: Some(network.groups_met_30),
                groups_met_365: Some(network.groups_met_365),
                events_365: Some(network.events_365),
                people_365: Some(network.people_365),
                first_timers_90: Some(network.first_timers_90),
            },
            groups: report.groups.iter().map(GroupBefore::of).collect(),
        }
    }

    /// A group as it stood then, by its id: a urlname may change.
    pub(super) fn group(&self, id: &str) -> Option<&GroupBefore> {
        self.groups.iter().find(|group| group.id == id)
    }
}

impl GroupBefore {
    fn of(group: &GroupReport) -> Self {
        let GroupFigures {
            cadence,
            attendance,
            ..
        } = &group.figures;
        let token = |event: &Option<Happening>| event.as_ref().map(|event| event.token.clone());
        Self {
            id: group.figures.id.clone(),
            history_complete: group.figures.history_complete,
            status: group.figures.status,
            last_event: token(&group.figures.last_event),
            next_event: token(&group.figures.next_event),
            streak_months: Some(cadence.streak_months),
            events_365: cadence.events_365,
            yes_365: attendance.yes_365,
            people_365: attendance.people_365,
            attendance_taken: attendance.attendance_taken.numerator,
            new_hosts_365: Some(group.figures.organizers.new_hosts_365),
        }
    }
}
