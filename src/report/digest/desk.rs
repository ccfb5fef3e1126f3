//! The reader's desk: every group lies in one place only, so that no group is told twice.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::given::Given;
use super::reply::{Answer, answer};
use super::turn::{Turn, turn};
use crate::community::{Cause, Contact};
use crate::metrics::NetworkFigures;
use crate::report::compose::{GroupReport, Report};
use crate::report::plain::clean;

/// Where a group lies.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Place<'a> {
    /// Its history is incomplete, or it could not be read: nothing is said of how it is doing.
    Unknown,
    /// Nothing is to be told of it.
    Muted,
    /// It was asked, and has met or announced a date since.
    Answered(Answer<'a>),
    /// A call would help, but somebody said to leave it alone until that day.
    NotNow(NaiveDate),
    /// Somebody was asked.
    Asked(Turn),
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
    places: Vec<(&'a GroupReport, Place<'a>)>,
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

    /// The figures of the network, as far as the reader sees it.
    pub(super) fn network(&self) -> &'a NetworkFigures {
        self.given.own.unwrap_or(&self.report.network)
    }

    /// The networks by name.
    pub(super) fn who(&self) -> String {
        let names = self.report.networks.iter().map(|name| clean(name));
        let names: Vec<String> = names.collect();
        match names.is_empty() {
            true => "User groups".to_owned(),
            false => names.join(", "),
        }
    }

    /// Whose groups are counted: the networks', or the part of them that the reader sees.
    pub(super) fn whose(&self) -> String {
        match self.given.is_narrowed() {
            true => "a part of the network".to_owned(),
            false => self.who(),
        }
    }

    /// What is remembered of contact with a group.
    pub(super) fn contact(&self, group: &GroupReport) -> Option<&'a Contact> {
        self.contacts.get(group.figures.id.as_str()).copied()
    }

    /// Every group with its place, in urlname order.
    pub(super) fn places(&self) -> impl Iterator<Item = (&'a GroupReport, &Place<'a>)> {
        self.places.iter().map(|(group, place)| (*group, place))
    }

    /// The groups of which may be told how they are doing.
    pub(super) fn known(&self) -> impl Iterator<Item = &'a GroupReport> {
        self.places
            .iter()
            .filter(|(_, place)| !matches!(place, Place::Unknown | Place::Muted))
            .map(|(group, _)| *group)
    }

    fn find_place(&self, group: &'a GroupReport) -> Place<'a> {
        let figures = &group.figures;
        if figures.status.is_none() || self.report.is_unread(group) {
            return Place::Unknown;
        }
        let (contact, today) = (self.contact(group), self.given.today());
        if contact.is_some_and(|contact| contact.is_muted_whole(today)) {
            return Place::Muted;
        }
        if let Some(answer) = contact.and_then(|contact| answer(contact, figures, self.given)) {
            return Place::Answered(answer);
        }
        let mut causes = group.causes.clone();
        causes.retain(|cause| {
            let kind = cause.alert();
            !kind.is_some_and(|kind| contact.is_some_and(|it| it.is_muted(kind, today)))
        });
        let not_now = contact.and_then(|contact| contact.not_now(today));
        if let Some(day) = not_now.filter(|_| !causes.is_empty()) {
            return Place::NotNow(day);
        }
        if let Some(turn) = contact.and_then(|contact| turn(contact, group, &causes, self.given)) {
            return Place::Asked(turn);
        }
        if causes.is_empty() {
            Place::Fine
        } else {
            Place::WriteTo(causes)
        }
    }
}
