//! What groups do by custom, and what one does that was asked.

use super::{EventStatus, Happening, Life, next_event};
use crate::demo::clock::{DAY, evening, same_evening};
use crate::demo::world::{GroupAt, PersonAt, Role, Story, TOPICS, World};
use chrono::{DateTime, Datelike};
use chrono_tz::Tz;

/// Nothing is announced for sooner than this.
const NOTICE: i64 = 9 * DAY;
/// A custom is followed within a few days after an evening.
const EACH_DAY: f64 = 0.4;

impl Life {
    /// A group that meets by custom announces its next evening soon after the last.
    pub(super) fn habit(
        &mut self,
        world: &mut World,
        group: GroupAt,
        now: i64,
        out: &mut Vec<Happening>,
    ) {
        let story = world.group(group).story;
        let Some(weeks) = story.weeks() else { return };
        if next_event(world, group, now).is_some() || !self.dice.chance(EACH_DAY) {
            return;
        }
        let last = world
            .events_of(group)
            .rev()
            .filter(|&event| world.event(event).network_event.is_none())
            .find(|&event| world.status_of(event, now) == EventStatus::Past);
        let Some(last) = last.map(|event| world.event(event)) else {
            return;
        };
        let hosts: Vec<PersonAt> = last.hosts.iter().copied().flatten().collect();
        let Some(start) = last.starts_at else { return };
        let zone = world.group(group).zone;
        let rests = |at: i64| story == Story::Seasonal && matches!(month(zone, at), 7 | 8);
        let later = (1..60).map(|turn| same_evening(zone, start, turn * weeks));
        let next = later
            .filter(|&at| at >= now + NOTICE)
            .find(|&at| !rests(at));
        if let Some(start) = next {
            let title = *self.dice.pick(TOPICS);
            let event = world.announce(group, title, start, &hosts, now);
            out.push(Happening::Announced(event));
        }
    }

    /// Somebody who leads the group there announces an evening in so many days, and many look forward to
    /// it. None where nobody does.
    pub fn take_up(
        &mut self,
        world: &mut World,
        group: GroupAt,
        days: i64,
        now: i64,
    ) -> Option<Happening> {
        let host = world.local_leader(group)?;
        let start = evening(world.group(group).zone, now + days * DAY);
        let title = *self.dice.pick(TOPICS);
        let event = world.announce(group, title, start, &[host], now);
        self.awaited.push(event);
        Some(Happening::Announced(event))
    }

    /// An evening is announced now that ends within minutes of that instant.
    pub fn open_house(&mut self, world: &mut World, then: i64, now: i64) {
        world.open_house(then, now, &mut self.dice);
    }
}

impl World {
    /// Who could announce something: somebody with a role there who is neither the sponsor's own nor their
    /// account.
    pub fn local_leader(&self, group: GroupAt) -> Option<PersonAt> {
        let is_ours = |person: PersonAt| {
            self.staff().contains(&person)
                || self.networks().any(|(_, network)| network.admin == person)
        };
        let rows = self.group(group).memberships.iter();
        let mut leaders = rows.filter(|row| row.is_in() && row.role != Role::Member);
        leaders
            .find(|row| !is_ours(row.person))
            .map(|row| row.person)
    }

    /// Whether the group has an evening to come.
    pub fn has_date(&self, group: GroupAt, now: i64) -> bool {
        next_event(self, group, now).is_some()
    }
}

fn month(zone: Tz, at: i64) -> u32 {
    let at = DateTime::from_timestamp(at, 0).unwrap_or_default();
    at.with_timezone(&zone).month()
}
