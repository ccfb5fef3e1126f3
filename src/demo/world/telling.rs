//! Tells a believable community of some two dozen groups: what the demo shows.

use super::cast::{CITIES, HOSTILE_TITLES, TOPICS};
use super::change::letters;
use super::story::{Door, Evening, Slot};
use super::{
    Event, EventAt, EventStatus, Gathering, Group, GroupAt, NetworkAt, PersonAt, Story, VenueAt,
    World,
};
use crate::demo::clock::{DAY, HOUR};
use crate::demo::dice::Dice;
use chrono::{DateTime, Utc, Weekday};
use chrono_tz::Tz;
use std::collections::BTreeSet;

/// The demo network's urlname.
pub const DEMO_NETWORK: &str = "lanternfish";
const WEEKDAYS: [Weekday; 4] = [Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Sat];

/// What a group's telling needs again and again.
pub(super) struct Teller {
    pub(super) network: NetworkAt,
    pub(super) admin: PersonAt,
    pub(super) now: i64,
}

impl World {
    /// A community whose groups each have a story: on target, carried by staff, fading, quiet,
    /// new, restarted, handed over. A few groups are outside the network, at the end of the list.
    pub fn demo(seed: u64, groups: usize, now: DateTime<Utc>) -> Self {
        let now = now.timestamp();
        let dice = Dice::new(seed);
        let mut world = Self::empty(seed);
        let admin = world.add_person("Lanternfish Community");
        let network = world.add_network(DEMO_NETWORK, "Lanternfish User Groups", admin);
        for name in ["Robin Vale", "Sunniva Aas", "Teodor Marsh"] {
            let person = world.add_person(name);
            world.staff.push(person);
        }
        let outside = if groups < 6 { 0 } else { (groups / 12).max(1) };
        let teller = Teller {
            network,
            admin,
            now,
        };
        for index in 0..groups {
            let mut dice = dice.split(1_000 + index as u64);
            let is_outside = index + outside >= groups;
            world.tell_group(&teller, index, is_outside, &mut dice);
        }
        let mut dice = dice.split(7);
        world.tell_joint_events(now, &mut dice);
        world.open_house(now, now, &mut dice);
        world
    }

    fn tell_group(&mut self, teller: &Teller, index: usize, is_outside: bool, dice: &mut Dice) {
        let now = teller.now;
        let story = Story::of_place(index);
        let (city, state, country, timezone, lat, lon) = CITIES[index % CITIES.len()];
        let zone: Tz = timezone.parse().unwrap_or(Tz::UTC);
        let evening = Evening {
            zone,
            nth: 1 + (index % 4) as u8,
            weekday: WEEKDAYS[dice.below(WEEKDAYS.len())],
            minute_of_day: 18 * 60 + 15 * dice.below(6) as u32,
        };
        let slots = story.gatherings(evening, now, dice);
        let first = slots.first().map_or(now, |slot| slot.start);
        let founded_at = story
            .founded_days_ago()
            .map_or(first - dice.between(30, 120) * DAY, |days| now - days * DAY);
        let turn = index / CITIES.len();
        let again = if turn == 0 {
            String::new()
        } else {
            format!(" {}", turn + 1)
        };
        let joined_network_at = founded_at + dice.between(0, 25) * DAY;
        let organizer = if is_outside {
            self.invent_person(dice)
        } else {
            teller.admin
        };
        let group = self.add_group(Group {
            id: 0,
            urlname: urlname(city, &again),
            name: match index {
                18 => format!("Lanternfish & Friends <{city}>{again}"),
                _ => format!("Lanternfish {city}{again}"),
            },
            city: city.to_owned(),
            state: state.to_owned(),
            country: country.to_owned(),
            lat,
            lon,
            timezone: timezone.to_owned(),
            zone,
            founded_at,
            network: (!is_outside).then_some(teller.network),
            joined_network_at: (!is_outside).then_some(joined_network_at.min(now)),
            status: if index % 11 == 10 { "GRACE" } else { "PAID" },
            tie: "ACTIVE",
            join_mode: if index % 6 == 3 { "APPROVAL" } else { "OPEN" },
            is_private: index % 12 == 3,
            organizer: Some(organizer),
            is_deleted: false,
            marks_attendance: index % 3 != 1,
            story,
            memberships: Vec::new(),
            events: BTreeSet::new(),
        });
        let leaders = self.tell_leaders(teller, group, organizer, is_outside, dice);
        let crowd = self.tell_members(group, &leaders, now, dice);
        let (venues, gathering) = self.tell_venues(index, group, dice);
        for slot in &slots {
            let hosts = self.hosts_at(slot, &leaders, dice);
            let mut title = title(index, dice);
            let mut kind = gathering;
            if kind == Gathering::Physical && dice.chance(0.08) {
                (kind, title) = (Gathering::Online, format!("Online: {title}"));
            }
            let event = self.tell_event(slot, group, title, kind, &venues, &hosts, now, dice);
            if story.is_lively() && index.is_multiple_of(2) {
                self.tell_recurring_id(event, slot.start > now - 20 * DAY);
            }
            self.gather(event, &crowd, slot, &hosts, now, dice);
        }
        self.tell_called_off(index, group, &venues, &leaders, evening, now, dice);
    }

    fn hosts_at(&self, slot: &Slot, leaders: &[PersonAt], dice: &mut Dice) -> Vec<PersonAt> {
        match slot.door {
            Door::OneLocal => leaders.iter().copied().take(1).collect(),
            Door::Locals => dice.some(leaders, 1 + dice.clone().below(2)),
            Door::Staff => dice.some(&self.staff, 1),
            Door::Both => {
                let mut hosts = dice.some(&self.staff, 1);
                hosts.extend(dice.some(leaders, 1));
                hosts
            }
        }
    }

    #[allow(clippy::too_many_arguments)] // each is another fact about one event
    fn tell_event(
        &mut self,
        slot: &Slot,
        group: GroupAt,
        title: String,
        gathering: Gathering,
        venues: &[VenueAt],
        hosts: &[PersonAt],
        now: i64,
        dice: &mut Dice,
    ) -> EventAt {
        let place = *dice.pick(venues);
        let online = VenueAt(0);
        let created_at =
            (slot.start - dice.between(21, 45) * DAY).min(now - dice.between(1, 9) * DAY);
        let mut named: Vec<Option<PersonAt>> = hosts.iter().copied().map(Some).collect();
        if dice.chance(0.03) {
            named.push(None);
        }
        self.add_event(Event {
            id: String::new(),
            old_ids: Vec::new(),
            token: String::new(),
            group,
            title,
            status: match (slot.is_cancelled, dice.chance(0.3)) {
                (true, true) => EventStatus::CancelledPerm,
                (true, false) => EventStatus::Cancelled,
                _ => EventStatus::Active,
            },
            gathering,
            starts_at: Some(slot.start),
            minutes: if dice.chance(0.05) {
                None
            } else {
                Some(*dice.pick(&[90, 120, 120, 150, 180]))
            },
            says_end: dice.chance(0.9),
            created_at,
            capacity: dice.chance(0.6).then(|| dice.between(18, 80) as u32),
            venues: match gathering {
                Gathering::Physical => vec![place],
                Gathering::Online => vec![online],
                Gathering::Hybrid => vec![place, online],
            },
            hosts: named,
            network_event: None,
            is_deleted: false,
            rsvps: Vec::new(),
        })
    }

    /// Recurring events have letters for an id; those that had some activity had another before.
    fn tell_recurring_id(&mut self, at: EventAt, is_fresh: bool) {
        let id = format!("{}yhb", letters(self.seed, u64::from(at.0), 9));
        let event = &mut self.events[at.index()];
        self.event_ids.remove(&event.id);
        event.id.clone_from(&id);
        self.event_ids.insert(id, at);
        if !is_fresh {
            self.replace_event_id(at);
        }
    }

    /// Events that were called off, and drafts nobody should see.
    #[allow(clippy::too_many_arguments)] // each is another fact about one group
    fn tell_called_off(
        &mut self,
        index: usize,
        group: GroupAt,
        venues: &[VenueAt],
        leaders: &[PersonAt],
        evening: Evening,
        now: i64,
        dice: &mut Dice,
    ) {
        let story = self.group(group).story;
        let founded_days = (now - self.group(group).founded_at) / DAY;
        let count = match index % 24 {
            18 => 4,
            11 | 17 | 7 => 0,
            _ => dice.below(3),
        };
        for turn in 0..count {
            let ahead = turn == 0 && matches!(story, Story::NowAndThen);
            let days = if ahead {
                26
            } else {
                -dice.between(30, founded_days.clamp(31, 500))
            };
            let slot = Slot {
                start: evening.days_from(now, days) + HOUR,
                door: Door::Locals,
                is_cancelled: true,
                draw: 1.0,
            };
            let hosts = self.hosts_at(&slot, leaders, dice);
            let title = title(index, dice);
            self.tell_event(
                &slot,
                group,
                title,
                Gathering::Physical,
                venues,
                &hosts,
                now,
                dice,
            );
        }
        if index % 9 == 2 {
            let slot = Slot {
                start: evening.days_from(now, 40),
                door: Door::Locals,
                is_cancelled: false,
                draw: 0.0,
            };
            let event = self.tell_event(
                &slot,
                group,
                "Draft, do not announce".to_owned(),
                Gathering::Physical,
                venues,
                &[],
                now,
                dice,
            );
            self.events[event.index()].status = EventStatus::Draft;
            if index.is_multiple_of(2) {
                self.move_event(event, None);
            }
        }
    }
}

fn title(index: usize, dice: &mut Dice) -> String {
    if dice.chance(0.02) {
        return HOSTILE_TITLES[(index + dice.below(3)) % HOSTILE_TITLES.len()].to_owned();
    }
    (*dice.pick(TOPICS)).to_owned()
}

fn urlname(city: &str, again: &str) -> String {
    let plain: String = city
        .to_lowercase()
        .chars()
        .filter_map(|letter| match letter {
            'ã' | 'á' => Some('a'),
            'ü' => Some('u'),
            'é' => Some('e'),
            ' ' => Some('-'),
            other => other.is_ascii_alphanumeric().then_some(other),
        })
        .collect();
    format!("{DEMO_NETWORK}-{plain}{}", again.replace(' ', "-"))
}
