//! One group: everything that is counted of its answers, while only they are held.

use std::collections::BTreeSet;

use super::super::ahead::{Past, PastReader};
use super::super::crowd::{Gathering, NetworkEvent};
use super::super::local::{DAY, UNKNOWN, Weeks};
use super::super::returns::{Acquainted, HeldEvent, Returns, Visit, of_group};
use super::super::states::EventState;
use super::super::timeline::{Event, Timeline};
use super::event::{Known, Reader, Said, excuse, unite};
use super::turned::{Turned, Turnout};

/// A group, before its answers are read.
pub(super) struct Subject<'a> {
    pub key: i64,
    /// Where it stands among the groups.
    pub number: u32,
    pub is_complete: bool,
    pub founded_at: Option<i64>,
    /// The month of A by its own clock.
    pub this_month: i64,
    pub leaders: Vec<u32>,
    pub timeline: &'a Timeline,
}

/// What all groups are counted by.
pub(super) struct Terms {
    pub as_of: i64,
    pub weeks: Weeks,
    pub staff: BTreeSet<u32>,
    /// Whether anything is to be learnt of past events.
    pub wants_past: bool,
    /// Where only turnouts are counted: of events that start after it.
    pub since: i64,
}

/// A row of `hosted`.
pub(super) struct Hosting {
    pub event: i64,
    pub member: u32,
    pub place: u32,
    pub starts_at: i64,
    pub is_staff: bool,
}

/// A row of `lead_visit`.
pub(super) struct LeadVisit {
    pub member: u32,
    pub place: u32,
    pub starts_at: i64,
    pub is_host: bool,
}

/// What was counted of a group.
#[derive(Default)]
pub(super) struct OfGroup {
    pub key: i64,
    pub turnouts: Vec<Turnout>,
    pub hostings: Vec<Hosting>,
    pub people_of_year: i64,
    /// The same as of 365 days before A.
    pub people_before: i64,
    pub lead_visits: Vec<LeadVisit>,
    /// Who, and when.
    pub lead_answers: Vec<(u32, i64)>,
    /// Event, person and guests.
    pub joint_yes: Vec<(i64, u32, i64)>,
    pub returns: Returns,
    pub acquainted: Acquainted,
    pub turned: Turned,
    pub past: Vec<Past>,
}

/// What an answer marked: the turnout of an event, until it is known what else was ever marked in the group.
struct Marked {
    starts_at: i64,
    attended: i64,
    left_alone: i64,
    absent: i64,
}

/// How a group is read and counted.
pub(super) type Count = fn(
    &Subject<'_>,
    &Terms,
    &mut Reader<'_>,
    &mut PastReader<'_>,
    &mut Gathering,
) -> rusqlite::Result<OfGroup>;

/// Nothing is learnt of events that started longer ago.
const LEARNT: i64 = 1_095 * DAY;
/// Whether attendance was taken may be told by what was marked a year before.
pub(in crate::metrics) const MARKED: i64 = LEARNT + 365 * DAY;

/// Reads who said yes to which event of a group, and nothing that nothing is learnt of.
pub(super) fn count_turnouts(
    subject: &Subject<'_>,
    terms: &Terms,
    reader: &mut Reader<'_>,
    past_reader: &mut PastReader<'_>,
    _: &mut Gathering,
) -> rusqlite::Result<OfGroup> {
    let mut of = OfGroup {
        key: subject.key,
        ..OfGroup::default()
    };
    let mut marked = Vec::new();
    let mut known = Vec::new();
    let is_asked =
        |event: &&Event| event.state != EventState::Cancelled && event.starts_at > terms.since;
    for event in subject.timeline.events.iter().filter(is_asked) {
        reader.answers(event.key, event.ends_at, &mut known)?;
        unite(&mut known);
        marked.push(Marked::of(event, &known, &mut of.turnouts));
        of.note_joint(event, terms, &known);
        of.note_past(subject, terms, event, &known, past_reader)?;
    }
    of.take_attendance(&marked);
    Ok(of)
}

/// Reads and counts one group.
pub(super) fn count(
    subject: &Subject<'_>,
    terms: &Terms,
    reader: &mut Reader<'_>,
    past_reader: &mut PastReader<'_>,
    gathering: &mut Gathering,
) -> rusqlite::Result<OfGroup> {
    let mut of = OfGroup {
        key: subject.key,
        lead_answers: Vec::new(),
        ..OfGroup::default()
    };
    let mut marked = Vec::new();
    let mut visits = Vec::new();
    let mut held = Vec::new();
    let mut windows = Vec::new();
    let (mut yes_of_year, mut yes_before) = (Vec::new(), Vec::new());
    let year_before = terms.as_of - 365 * DAY;
    let mut known = Vec::new();
    for event in &subject.timeline.events {
        reader.answers(event.key, event.ends_at, &mut known)?;
        of.note_leads(subject, terms, &known);
        if event.state == EventState::Cancelled {
            continue;
        }
        unite(&mut known);
        if event.state == EventState::Held {
            reader.add_hosts(event.key, &mut known)?;
        }
        excuse(&mut known);
        let turnout = Marked::of(event, &known, &mut of.turnouts);
        marked.push(turnout);
        of.note_joint(event, terms, &known);
        if event.state != EventState::Held {
            continue;
        }
        held.push(HeldEvent {
            starts_at: event.starts_at,
            is_in_person: !event.is_online,
        });
        let network = NetworkEvent::new(
            terms.as_of,
            terms.weeks,
            (event.starts_at, event.ends_at),
            subject.founded_at,
            subject.is_complete,
        );
        let said_yes = known.iter().filter(|it| it.said.is_yes());
        let said_yes = said_yes.map(|it| it.member);
        let is_of_year =
            |until: i64| event.starts_at > until - 365 * DAY && event.starts_at <= until;
        if is_of_year(terms.as_of) {
            yes_of_year.extend(said_yes);
        } else if is_of_year(year_before) && event.ends_at <= year_before {
            yes_before.extend(said_yes);
        }
        of.take_held(subject, terms, event, &known, &mut visits);
        if let Some(joint) = &event.joint {
            let met = known
                .iter()
                .filter(|it| !terms.staff.contains(&it.member))
                .map(|it| (it.member, it.said.is_yes(), it.is_host));
            gathering.unite(joint, subject.number, network, met);
        }
        windows.push(event.joint.is_none().then_some(network));
        of.note_past(subject, terms, event, &known, past_reader)?;
    }
    [of.people_of_year, of.people_before] = [yes_of_year, yes_before].map(people);
    of.take_attendance(&marked);
    let now = (terms.as_of, subject.this_month);
    of.turned = Turned::of(subject.timeline, &of.turnouts, of.people_of_year, now);
    let was_there = subject
        .founded_at
        .is_none_or(|founded| founded <= year_before);
    of.turned.attendance.people_365_year_before = was_there.then_some(of.people_before);
    (of.returns, of.acquainted) = of_group(&mut visits, &held, terms.as_of);
    gathering.visit(subject.number, &visits, &windows);
    Ok(of)
}

/// How many different ones these are.
fn people(mut members: Vec<u32>) -> i64 {
    members.sort_unstable();
    members.dedup();
    i64::try_from(members.len()).unwrap_or(i64::MAX)
}

impl OfGroup {
    /// When its leaders last answered.
    fn note_leads(&mut self, subject: &Subject<'_>, terms: &Terms, answers: &[Known]) {
        for it in answers {
            if it.updated_at > terms.as_of
                || it.updated_at == UNKNOWN
                || !subject.leaders.contains(&it.member)
            {
                continue;
            }
            match self
                .lead_answers
                .iter_mut()
                .find(|known| known.0 == it.member)
            {
                Some((_, at)) => *at = (*at).max(it.updated_at),
                None => self.lead_answers.push((it.member, it.updated_at)),
            }
        }
    }

    /// What is learnt of a held event, where anything is.
    fn note_past(
        &mut self,
        subject: &Subject<'_>,
        terms: &Terms,
        event: &Event,
        known: &[Known],
        reader: &mut PastReader<'_>,
    ) -> rusqlite::Result<()> {
        let is_learnt = event.state == EventState::Held && event.starts_at > terms.as_of - LEARNT;
        if terms.wants_past && subject.is_complete && is_learnt {
            let was_yes = known.iter().filter(|it| it.said.was_yes());
            let answers =
                was_yes.map(|it| (i64::from(it.member), it.said != Said::NoShow, it.updated_at));
            self.past.push(reader.read(subject.key, event, answers)?);
        }
        Ok(())
    }

    /// Who said yes to a joint event near A.
    fn note_joint(&mut self, event: &Event, terms: &Terms, known: &[Known]) {
        let is_near = event.state == EventState::Scheduled
            || (terms.weeks.before..terms.weeks.after).contains(&event.starts_at);
        if event.joint.is_some() && is_near {
            let yes = known.iter().filter(|it| it.said.is_yes());
            self.joint_yes
                .extend(yes.map(|it| (event.key, it.member, it.guests)));
        }
    }

    /// Who hosted a held event, and who took part.
    fn take_held(
        &mut self,
        subject: &Subject<'_>,
        terms: &Terms,
        event: &Event,
        known: &[Known],
        visits: &mut Vec<Visit>,
    ) {
        for it in known {
            if !it.is_host && !it.said.is_yes() {
                continue;
            }
            let is_staff = terms.staff.contains(&it.member);
            if it.is_host {
                self.hostings.push(Hosting {
                    event: event.key,
                    member: it.member,
                    place: event.place,
                    starts_at: event.starts_at,
                    is_staff,
                });
            } else if !is_staff {
                visits.push(Visit {
                    member: it.member,
                    place: event.place,
                });
            }
            if subject.leaders.contains(&it.member) && (it.is_host || !is_staff) {
                self.lead_visits.push(LeadVisit {
                    member: it.member,
                    place: event.place,
                    starts_at: event.starts_at,
                    is_host: it.is_host,
                });
            }
        }
    }

    /// At which events attendance was taken, once it is known where absences were ever marked.
    fn take_attendance(&mut self, marked: &[Marked]) {
        let mut absences: Vec<i64> = marked
            .iter()
            .filter(|it| it.absent > 0)
            .map(|it| it.starts_at)
            .collect();
        absences.sort_unstable();
        for (turnout, it) in self.turnouts.iter_mut().zip(marked) {
            let by_then = absences.partition_point(|at| *at <= it.starts_at);
            let is_habit = by_then
                .checked_sub(1)
                .is_some_and(|last| absences[last] > it.starts_at - 365 * DAY);
            turnout.is_taken =
                it.absent > 0 || (it.attended > 0 && (it.left_alone > 0 || is_habit));
        }
        let taken = |past: &Past| {
            let of_it = self.turnouts.iter().find(|it| it.event == past.key);
            of_it.is_some_and(|it| it.is_taken)
        };
        let is_taken: Vec<bool> = self.past.iter().map(taken).collect();
        for (past, is_taken) in self.past.iter_mut().zip(is_taken) {
            past.is_taken = is_taken;
        }
    }
}

impl Marked {
    fn of(event: &Event, known: &[Known], turnouts: &mut Vec<Turnout>) -> Self {
        let mut turnout = Turnout {
            event: event.key,
            said_yes: 0,
            guests: 0,
            no_show: 0,
            is_taken: false,
        };
        let mut marked = Self {
            starts_at: event.starts_at,
            attended: 0,
            left_alone: 0,
            absent: 0,
        };
        for it in known {
            if it.said.is_yes() {
                turnout.said_yes += 1;
                turnout.guests += it.guests;
            }
            turnout.no_show += i64::from(it.said == Said::NoShow);
            marked.left_alone += i64::from(it.said == Said::Yes);
            marked.attended += i64::from(it.said == Said::Attended);
            marked.absent += i64::from(it.said.is_absent());
        }
        turnouts.push(turnout);
        marked
    }
}
