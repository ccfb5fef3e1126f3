//! The community lives on while it is watched: days of activity pressed into seconds.
//!
//! "Now" stays the real now, so that dates in reports and on Meetup's side agree; only activity is
//! compressed. What ends on its own is an event whose time has come.

mod habits;

use super::clock::{DAY, evening};
use super::dice::Dice;
use super::world::{Answer, EventAt, EventStatus, GroupAt, PersonAt, Role, Story, World};
use crate::community::Status;

/// Something that happened, for whoever wants to tell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happening {
    /// Someone answered an event, or answered otherwise.
    Answered(EventAt, PersonAt),
    /// Someone changed how many guests they bring.
    Guests(EventAt, PersonAt),
    /// Someone took their answer back.
    TookBack(EventAt, PersonAt),
    /// Someone joined.
    Joined(GroupAt, PersonAt),
    /// Someone left.
    Left(GroupAt, PersonAt),
    /// An organizer marked who came.
    Marked(EventAt),
    /// An event was announced.
    Announced(EventAt),
    /// An event was called off.
    CalledOff(EventAt),
    /// An event was moved.
    Moved(EventAt),
    /// A recurring event got another id.
    Renumbered(EventAt),
    /// A member became a leader.
    TookOver(GroupAt, PersonAt),
    /// The last local leader stepped down.
    SteppedDown(GroupAt, PersonAt),
}

/// The community's own will.
#[derive(Debug)]
pub struct Life {
    dice: Dice,
    days: u64,
    /// Evenings that many look forward to.
    awaited: Vec<EventAt>,
}

impl Life {
    /// A life of its own for each seed.
    pub fn new(seed: u64) -> Self {
        Self {
            dice: Dice::new(seed ^ 0x11FE),
            days: 0,
            awaited: Vec::new(),
        }
    }

    /// Days lived so far.
    pub fn days(&self) -> u64 {
        self.days
    }

    /// One day's activity, all of it now. Gives what happened, in order.
    pub fn day(&mut self, world: &mut World, now: i64) -> Vec<Happening> {
        self.days += 1;
        let mut happened = Vec::new();
        let groups: Vec<GroupAt> = world.groups().map(|(at, _)| at).collect();
        for &group in &groups {
            self.answers(world, group, now, &mut happened);
            self.comings_and_goings(world, group, now, &mut happened);
            self.attendance(world, group, now, &mut happened);
            self.habit(world, group, now, &mut happened);
        }
        if !groups.is_empty() {
            self.plans(world, &groups, now, &mut happened);
        }
        happened
    }

    /// People answer the next event, or think again.
    fn answers(&mut self, world: &mut World, group: GroupAt, now: i64, out: &mut Vec<Happening>) {
        let Some(event) = next_event(world, group, now) else {
            return;
        };
        let members = members(world, group);
        if members.is_empty() {
            return;
        }
        let more = if self.awaited.contains(&event) { 3 } else { 0 };
        for _ in 0..more + self.dice.below(3) {
            let person = *self.dice.pick(&members);
            let room = world
                .event(event)
                .capacity
                .map_or(usize::MAX, |most| most as usize);
            let answer = match (
                world.event(event).rsvp_of(person).map(|rsvp| rsvp.answer),
                self.dice.below(6),
            ) {
                (None | Some(Answer::Yes), 0) => Answer::No,
                (None, _) if world.event(event).count(Answer::Yes) >= room => Answer::Waitlist,
                (None, _) | (Some(Answer::No | Answer::Waitlist), 0) => Answer::Yes,
                (Some(Answer::Yes), 1) => {
                    let guests = self.dice.below(3) as u16;
                    world.change_guests(event, person, guests, now);
                    out.push(Happening::Guests(event, person));
                    continue;
                }
                (Some(Answer::No), 1) => {
                    world.remove_rsvp(event, person);
                    out.push(Happening::TookBack(event, person));
                    continue;
                }
                _ => continue,
            };
            world.answer(event, person, answer, now);
            world.edit_membership(group, person, |membership| {
                membership.last_access_at = Some(now);
            });
            out.push(Happening::Answered(event, person));
        }
    }

    fn comings_and_goings(
        &mut self,
        world: &mut World,
        group: GroupAt,
        now: i64,
        out: &mut Vec<Happening>,
    ) {
        let is_alive = world.group(group).story.status() != Status::Quiet;
        if is_alive && self.dice.chance(0.25) {
            let person = world.invent_person(&mut self.dice);
            world.join(group, person, now);
            out.push(Happening::Joined(group, person));
        }
        if self.dice.chance(0.06) {
            let members = members(world, group);
            if members.len() > 12 {
                let person = *self.dice.pick(&members);
                let takes_rsvps = self.dice.chance(0.5);
                world.leave(group, person, takes_rsvps);
                out.push(Happening::Left(group, person));
            }
        }
    }

    /// Organizers who mark attendance do so for the last event, a while after it ended.
    fn attendance(
        &mut self,
        world: &mut World,
        group: GroupAt,
        now: i64,
        out: &mut Vec<Happening>,
    ) {
        if !world.group(group).marks_attendance || !self.dice.chance(0.3) {
            return;
        }
        let last = world
            .events_of(group)
            .rev()
            .find(|&event| world.status_of(event, now) == EventStatus::Past);
        let Some(event) = last else { return };
        let row = world.event(event);
        let is_recent = row.starts_at.is_some_and(|start| start > now - 30 * DAY);
        if !is_recent || row.rsvps.iter().any(|rsvp| rsvp.answer == Answer::Attended) {
            return;
        }
        let said_yes: Vec<PersonAt> = row
            .rsvps
            .iter()
            .filter(|rsvp| rsvp.answer == Answer::Yes && !rsvp.is_host)
            .map(|rsvp| rsvp.person)
            .collect();
        for person in said_yes {
            let answer = match self.dice.below(8) {
                0 => Answer::NoShow,
                1 if self.dice.chance(0.3) => Answer::ExcusedAbsence,
                2 => continue,
                _ => Answer::Attended,
            };
            world.mark_attendance(event, person, answer, now);
        }
        out.push(Happening::Marked(event));
    }

    /// Organizers announce, call off and move; now and then a group's lead changes hands.
    fn plans(&mut self, world: &mut World, groups: &[GroupAt], now: i64, out: &mut Vec<Happening>) {
        let group = *self.dice.pick(groups);
        let (story, zone) = (world.group(group).story, world.group(group).zone);
        let leader = world.group(group).memberships.iter().find(|membership| {
            membership.role != Role::Member
                && Some(membership.person) != world.group(group).organizer
        });
        let leader = leader.map(|membership| membership.person);
        let next = next_event(world, group, now);
        if next.is_some_and(|event| self.awaited.contains(&event)) {
            return;
        }
        match (self.dice.below(6), next, leader) {
            (0 | 1, None, Some(host)) if !matches!(story, Story::Fading | Story::Quiet(_)) => {
                let start = evening(zone, now + self.dice.between(9, 35) * DAY);
                let event = world.announce(group, "Just announced", start, &[host], now);
                out.push(Happening::Announced(event));
            }
            // A silent group that meets again is what the sponsor hopes to hear.
            (2, None, Some(host)) if story.weeks().is_none() => {
                let start = evening(zone, now + self.dice.between(14, 30) * DAY);
                let event = world.announce(group, "We are back", start, &[host], now);
                out.push(Happening::Announced(event));
            }
            (3, Some(event), _) if self.dice.chance(0.5) => {
                world.cancel_event(event);
                out.push(Happening::CalledOff(event));
            }
            (4, Some(event), _) => {
                if let Some(start) = world.event(event).starts_at {
                    world.move_event(event, Some(start + self.dice.between(1, 7) * DAY));
                    out.push(Happening::Moved(event));
                }
            }
            (5, Some(event), _) => {
                world.replace_event_id(event);
                out.push(Happening::Renumbered(event));
            }
            (5, None, Some(person)) => {
                world.change_role(group, person, Role::Member);
                out.push(Happening::SteppedDown(group, person));
            }
            (_, _, None) => {
                let members = members(world, group);
                if !members.is_empty() {
                    let person = *self.dice.pick(&members);
                    if world.change_role(group, person, Role::Coorganizer) {
                        out.push(Happening::TookOver(group, person));
                    }
                }
            }
            _ => {}
        }
    }
}

fn next_event(world: &World, group: GroupAt, now: i64) -> Option<EventAt> {
    world.events_of(group).find(|&event| {
        world.status_of(event, now) == EventStatus::Active
            && world
                .event(event)
                .starts_at
                .is_some_and(|start| start > now)
    })
}

fn members(world: &World, group: GroupAt) -> Vec<PersonAt> {
    let rows = &world.group(group).memberships;
    rows.iter()
        .filter(|row| row.is_in() && row.role == Role::Member)
        .map(|row| row.person)
        .collect()
}

impl Happening {
    /// One sentence without names of people.
    pub fn tell(&self, world: &World) -> String {
        let group = |at: GroupAt| world.group(at).name.as_str();
        let event = |at: EventAt| {
            let row = world.event(at);
            format!("{}: {:?}", world.group(row.group).name, row.title)
        };
        match self {
            Self::Answered(at, _) => format!("{} has an answer more", event(*at)),
            Self::Guests(at, _) => format!("{} has other guests", event(*at)),
            Self::TookBack(at, _) => format!("{} has an answer less", event(*at)),
            Self::Joined(at, _) => format!("{} has a member more", group(*at)),
            Self::Left(at, _) => format!("{} has a member less", group(*at)),
            Self::Marked(at) => format!("{} had its attendance marked", event(*at)),
            Self::Announced(at) => format!("{} was announced", event(*at)),
            Self::CalledOff(at) => format!("{} was called off", event(*at)),
            Self::Moved(at) => format!("{} was moved", event(*at)),
            Self::Renumbered(at) => format!("{} got another id", event(*at)),
            Self::TookOver(at, _) => format!("{} has a new leader", group(*at)),
            Self::SteppedDown(at, _) => format!("{} lost a leader", group(*at)),
        }
    }
}
