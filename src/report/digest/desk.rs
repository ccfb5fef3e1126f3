//! The reader's desk: every group lies in one place only, so that no group is told twice.

use chrono::Datelike as _;
use std::collections::HashMap;

use super::causes::causes;
use super::given::Given;
use super::waiting::{Turn, turn};
use crate::community::{Cause, Contact};
use crate::metrics::{GroupFigures, Status};
use crate::report::compose::{GroupReport, Report};

/// Pauses shorter than this are nobody's worry.
const SHORT_PAUSE: i64 = 45;

/// Where a group lies.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Place {
    /// Its history is incomplete, or it could not be read: nothing is said of how it is doing.
    Unknown,
    /// Nothing is to be told of it.
    Muted,
    /// Somebody was asked.
    Asked(Turn),
    /// It never meets at this time of the year.
    OffSeason,
    /// It paused as long before; so many days each.
    UsualPause(Vec<i64>),
    /// A call would help; the most urgent cause first.
    WriteTo(Vec<Cause>),
    /// All is well, or nothing can be done now.
    Fine,
}

/// All there is to tell, laid out.
pub(super) struct Desk<'a> {
    pub report: &'a Report,
    pub given: &'a Given<'a>,
    contacts: HashMap<&'a str, &'a Contact>,
    places: Vec<(&'a GroupReport, Place)>,
}

impl<'a> Desk<'a> {
    pub(super) fn lay_out(report: &'a Report, given: &'a Given<'a>) -> Self {
        let contacts = given
            .contacts
            .iter()
            .map(|contact| (contact.group.as_str(), contact))
            .collect();
        let mut desk = Self {
            report,
            given,
            contacts,
            places: Vec::new(),
        };
        desk.places = report
            .groups
            .iter()
            .map(|group| (group, desk.find_place(group)))
            .collect();
        desk
    }

    /// What is remembered of contact with a group.
    pub(super) fn contact(&self, group: &GroupReport) -> Option<&'a Contact> {
        self.contacts.get(group.figures.id.as_str()).copied()
    }

    /// Every group with its place, in urlname order.
    pub(super) fn places(&self) -> impl Iterator<Item = (&'a GroupReport, &Place)> {
        self.places.iter().map(|(group, place)| (*group, place))
    }

    /// The groups of which may be told how they are doing.
    pub(super) fn known(&self) -> impl Iterator<Item = &'a GroupReport> {
        self.places
            .iter()
            .filter(|(_, place)| !matches!(place, Place::Unknown | Place::Muted))
            .map(|(group, _)| *group)
    }

    fn find_place(&self, group: &GroupReport) -> Place {
        let figures = &group.figures;
        if figures.status.is_none() || self.report.is_unread(group) {
            return Place::Unknown;
        }
        let (contact, today) = (self.contact(group), self.given.today());
        if contact.is_some_and(|contact| contact.is_muted_whole(today)) {
            return Place::Muted;
        }
        if let Some(turn) = contact.and_then(|contact| turn(contact, figures, self.given)) {
            return Place::Asked(turn);
        }
        if is_off_season(figures) {
            return Place::OffSeason;
        }
        let mut causes = causes(figures);
        causes.retain(|cause| {
            let kind = cause.alert();
            !kind.is_some_and(|kind| contact.is_some_and(|it| it.is_muted(kind, today)))
        });
        if !causes.is_empty() {
            return Place::WriteTo(causes);
        }
        usual_pause(figures).map_or(Place::Fine, Place::UsualPause)
    }
}

/// Whether this is a month the group takes off, as it always did.
fn is_off_season(group: &GroupFigures) -> bool {
    !group.is_announced
        && !matches!(
            group.status,
            Some(Status::New | Status::Unstarted | Status::Quiet)
        )
        && group
            .cadence
            .off_months
            .contains(&group.as_of_local.month())
}

/// The pauses of three years that were as long as the present one, where that is worth a word.
fn usual_pause(group: &GroupFigures) -> Option<Vec<i64>> {
    let days = group.cadence.days_since_last_held?;
    let is_regular = matches!(
        group.status,
        Some(Status::OnTarget | Status::Meeting | Status::Restarted)
    );
    if group.is_announced || !is_regular || days < SHORT_PAUSE {
        return None;
    }
    let before = group.pauses.iter().map(|(days, _)| *days);
    let longer: Vec<i64> = before.filter(|before| *before >= days).collect();
    (!longer.is_empty()).then_some(longer)
}
