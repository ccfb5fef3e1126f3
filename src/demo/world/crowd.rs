//! Who says what to which event: the evenings of a group, told person by person.

use super::story::{Door, Slot};
use super::{Answer, Event, EventAt, EventStatus, Gathering, PersonAt, Rsvp, VenueAt, World};
use crate::demo::clock::{DAY, HOUR, offset_at};
use crate::demo::dice::Dice;

/// Someone who may come.
#[derive(Debug, Clone, Copy)]
pub(super) struct Regular {
    pub(super) person: PersonAt,
    pub(super) joined_at: i64,
    /// How likely they come to a usual evening.
    pub(super) keen: f64,
}

/// All who may come to a group's evenings.
#[derive(Debug, Clone, Default)]
pub(super) struct Crowd(pub(super) Vec<Regular>);

impl World {
    /// Fills an event with the answers given by now.
    pub(super) fn gather(
        &mut self,
        at: EventAt,
        crowd: &Crowd,
        slot: &Slot,
        hosts: &[PersonAt],
        now: i64,
        dice: &mut Dice,
    ) {
        let event = self.event(at);
        let (created_at, start) = (event.created_at, slot.start);
        let is_over = event.ends_at().is_some_and(|end| end <= now) && !slot.is_cancelled;
        let is_marked = is_over
            && start < now - 5 * DAY
            && self.group(event.group).marks_attendance
            && dice.chance(0.9);
        let room = event.capacity.map_or(usize::MAX, |most| most as usize);
        let mut answers: Vec<Rsvp> = Vec::new();
        for &person in hosts {
            answers.push(Rsvp {
                id: 0,
                person,
                answer: Answer::Yes,
                guests: 0,
                is_host: true,
                is_hidden: false,
                updated_at: Some((created_at + dice.between(0, HOUR)).min(now - 60)),
            });
        }
        for regular in &crowd.0 {
            if regular.joined_at > start || hosts.contains(&regular.person) {
                continue;
            }
            // Who joined lately joined because of this evening.
            let is_new = regular.joined_at > start - 30 * DAY;
            let keen = (regular.keen * slot.draw).max(if is_new { 0.35 * slot.draw } else { 0.0 });
            let answer = match dice.unit() {
                x if x < keen => Answer::Yes,
                x if x < keen + 0.03 => Answer::No,
                _ => continue,
            };
            // Answers cluster at the announcement and in the last days.
            let share = if dice.chance(0.45) {
                dice.unit() * 0.15
            } else {
                dice.unit()
            };
            let opened = created_at.max(regular.joined_at);
            let updated_at = opened + ((start - opened).max(0) as f64 * share) as i64;
            if updated_at > now - 60 {
                continue;
            }
            answers.push(Rsvp {
                id: 0,
                person: regular.person,
                answer,
                guests: match dice.unit() {
                    x if x < 0.05 => 1,
                    x if x < 0.06 => 3,
                    _ => 0,
                },
                is_host: false,
                is_hidden: dice.chance(0.004),
                updated_at: Some(updated_at),
            });
        }
        answers.sort_by_key(|rsvp| (rsvp.updated_at, rsvp.person));
        answers.dedup_by_key(|rsvp| rsvp.person);
        let mut seated = 0;
        for mut rsvp in answers {
            if rsvp.answer == Answer::Yes {
                seated += 1;
                if seated > room {
                    rsvp.answer = Answer::Waitlist;
                } else if is_marked && !rsvp.is_host {
                    rsvp.answer = match dice.unit() {
                        x if x < 0.78 => Answer::Attended,
                        x if x < 0.90 => Answer::NoShow,
                        x if x < 0.93 => Answer::ExcusedAbsence,
                        _ => Answer::Yes,
                    };
                    if self.switches.updated_moves_with_attendance && rsvp.answer != Answer::Yes {
                        rsvp.updated_at = Some(start + DAY + dice.between(0, HOUR));
                    }
                }
            }
            // Of the oldest answers Meetup has forgotten the hour.
            if start < now - 1_000 * DAY && dice.chance(0.1) {
                rsvp.updated_at = None;
            }
            if self.event(at).rsvp_of(rsvp.person).is_none() {
                self.add_rsvp(at, rsvp);
            }
        }
    }

    /// Evenings that several groups hold together: one event per group, one id shared.
    pub(super) fn tell_joint_events(&mut self, now: i64, dice: &mut Dice) {
        for (turn, days) in [75, 265, -18].into_iter().enumerate() {
            let start = (now - days * DAY) / DAY * DAY + 16 * HOUR;
            let lively: Vec<_> = self
                .groups()
                .filter(|(_, group)| group.story.is_lively() && group.network.is_some())
                .map(|(at, _)| at)
                .collect();
            for group in dice.some(&lively, 6) {
                let members: Vec<PersonAt> = self
                    .group(group)
                    .memberships
                    .iter()
                    .map(|row| row.person)
                    .collect();
                let host = *dice.pick(&self.staff);
                let slot = Slot {
                    start,
                    door: Door::Staff,
                    is_cancelled: false,
                    draw: 1.0,
                };
                let event = self.add_event(Event {
                    id: String::new(),
                    old_ids: Vec::new(),
                    token: String::new(),
                    group,
                    title: [
                        "Release party, everywhere",
                        "World hack day",
                        "Roadmap, live",
                    ][turn]
                        .to_owned(),
                    status: EventStatus::Active,
                    gathering: Gathering::Online,
                    starts_at: Some(start),
                    minutes: Some(if turn == 1 { 1_800 } else { 90 }),
                    says_end: turn != 1,
                    created_at: (start - 30 * DAY).min(now - 2 * DAY),
                    capacity: None,
                    venues: vec![VenueAt(0)],
                    hosts: vec![Some(host)],
                    network_event: Some(880_001 + turn as u64),
                    is_deleted: false,
                    rsvps: Vec::new(),
                });
                let crowd = Crowd(
                    dice.some(&members, members.len() / 9)
                        .into_iter()
                        .map(|person| Regular {
                            person,
                            joined_at: 0,
                            keen: 0.7,
                        })
                        .collect(),
                );
                self.gather(event, &crowd, &slot, &[host], now, dice);
            }
        }
    }

    /// Somewhere it is evening then: an event there, known by now, ends within minutes of that instant, so
    /// that one sees it happen.
    pub(in crate::demo) fn open_house(&mut self, then: i64, now: i64, dice: &mut Dice) {
        let hour_off = |zone| {
            let local = (then + i64::from(offset_at(zone, then))).rem_euclid(DAY);
            (local - 20 * HOUR - HOUR / 2).abs()
        };
        let lively = self.groups().filter(|(_, group)| group.story.is_lively());
        let Some((group, row)) = lively.min_by_key(|(at, group)| (hour_off(group.zone), *at))
        else {
            return;
        };
        let people: Vec<PersonAt> = row
            .memberships
            .iter()
            .filter(|row| row.is_in())
            .map(|row| row.person)
            .collect();
        let host = people.get(1).copied().unwrap_or(people[0]);
        let start = (then - 119 * 60 + 299).div_euclid(300) * 300;
        let event = self.announce(
            group,
            "Open house",
            start,
            &[host],
            now.min(start - 12 * DAY),
        );
        for person in dice.some(&people, 14) {
            if self.event(event).rsvp_of(person).is_none() {
                let at = start - dice.between(HOUR, 10 * DAY);
                self.answer(event, person, Answer::Yes, at.min(now));
            }
        }
    }
}
