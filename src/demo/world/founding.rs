//! Who is in a group and where it meets: the part of a group's telling before its first evening.

use super::cast::{FAMILY, GIVEN, HOSTILE_NAMES};
use super::crowd::{Crowd, Regular};
use super::telling::Teller;
use super::{
    Gathering, GroupAt, Membership, PersonAt, Role, Standing, Story, Venue, VenueAt, World,
};
use crate::demo::clock::{DAY, HOUR};
use crate::demo::dice::Dice;

impl World {
    /// Local leaders; the network's admin is ORGANIZER of every group of the network.
    pub(super) fn tell_leaders(
        &mut self,
        teller: &Teller,
        group: GroupAt,
        organizer: PersonAt,
        is_outside: bool,
        dice: &mut Dice,
    ) -> Vec<PersonAt> {
        let (founded_at, story) = (self.group(group).founded_at, self.group(group).story);
        let now = teller.now;
        let since = self.group(group).joined_network_at.unwrap_or(founded_at);
        let add = |world: &mut Self, person, role, joined_at, last_access_at| {
            world.add_membership(
                group,
                Membership {
                    person,
                    role,
                    standing: if role == Role::Member {
                        Standing::Active
                    } else {
                        Standing::Leader
                    },
                    is_hidden: false,
                    joined_at,
                    last_access_at: Some(last_access_at),
                },
            );
        };
        add(
            self,
            organizer,
            Role::Organizer,
            since,
            now - dice.between(0, 6) * DAY,
        );
        let count = match story {
            Story::OnePerson | Story::Unstarted | Story::AboutToStart | Story::New => 1,
            Story::Staffed => 2,
            _ => 2 + dice.below(3),
        };
        let mut locals = Vec::new();
        for turn in 0..count {
            let name =
                (turn == 0 && matches!(story, Story::Quiet(250))).then_some(HOSTILE_NAMES[1]);
            let person = match name {
                Some(name) => self.add_person(name),
                None => self.invent_person(dice),
            };
            let role = match (story, turn) {
                (Story::Leaderless, _) => Role::Member,
                (_, 0) => Role::Coorganizer,
                (_, 1) => Role::EventOrganizer,
                _ => Role::AsstOrganizer,
            };
            let silence = match story {
                Story::Quiet(days) => i64::from(days).min(300) - dice.between(20, 60),
                Story::Leaderless => 100,
                Story::Fading => dice.between(10, 110),
                _ => dice.between(0, 20),
            };
            let joined_at = founded_at + turn as i64 * 9 * DAY;
            add(
                self,
                person,
                role,
                joined_at.min(now - DAY),
                now - silence * DAY,
            );
            locals.push(person);
        }
        if is_outside {
            locals.insert(0, organizer);
        } else if matches!(
            story,
            Story::Staffed | Story::HandedOver | Story::AboutToStart
        ) {
            for &person in &self.staff.clone() {
                let last_access_at = now - dice.between(0, 25) * DAY;
                add(self, person, Role::EventOrganizer, since, last_access_at);
            }
        }
        locals
    }

    /// Everyone else, and how keen each is. Some have left since and are in no list any more.
    pub(super) fn tell_members(
        &mut self,
        group: GroupAt,
        leaders: &[PersonAt],
        now: i64,
        dice: &mut Dice,
    ) -> Crowd {
        let row = self.group(group);
        let (founded_at, story, join_mode) = (row.founded_at, row.story, row.join_mode);
        let wanted = story.members() * dice.between(60, 150) / 100;
        let until = match story {
            Story::Quiet(days) => now - i64::from(days) * DAY * 4 / 5,
            Story::Fading | Story::Leaderless => now - 70 * DAY,
            _ => now - 3 * HOUR,
        };
        let mut crowd = Crowd::default();
        for &person in leaders {
            crowd.0.push(Regular {
                person,
                joined_at: founded_at,
                keen: 0.6,
            });
        }
        let known = self.people.len();
        for _ in 0..wanted {
            // A few people are in several groups; the first four are admin and staff.
            let person = if known > 60 && dice.chance(0.05) {
                PersonAt(4 + dice.below(known - 4) as u32)
            } else {
                self.invent_person(dice)
            };
            // Joining slows down a little as a group grows older.
            let share = dice.unit().powf(1.25);
            let joined_at = founded_at + ((until - founded_at).max(0) as f64 * share) as i64;
            let keen = match dice.unit() {
                x if x < 0.13 => 0.35 + 0.35 * dice.unit(),
                x if x < 0.42 => 0.06 + 0.14 * dice.unit(),
                _ => 0.012,
            };
            crowd.0.push(Regular {
                person,
                joined_at,
                keen,
            });
            if dice.chance(0.06) {
                continue;
            }
            let standing = if join_mode == "APPROVAL" && dice.chance(0.05) {
                Standing::Pending
            } else if dice.chance(0.01) {
                Standing::Blocked
            } else {
                Standing::Active
            };
            self.add_membership(
                group,
                Membership {
                    person,
                    role: Role::Member,
                    standing,
                    is_hidden: dice.chance(0.006),
                    joined_at,
                    last_access_at: dice.chance(0.97).then(|| dice.between(joined_at, now)),
                },
            );
        }
        crowd
    }

    /// Someone new, with a name now and then that tries to break whoever prints it.
    pub(in crate::demo) fn invent_person(&mut self, dice: &mut Dice) -> PersonAt {
        let count = self.people.len();
        if count % 97 == 41 {
            return self.add_person(HOSTILE_NAMES[count / 97 % HOSTILE_NAMES.len()]);
        }
        let family = dice.pick(FAMILY);
        let name = match dice.below(8) {
            0 => format!(
                "{} {}.",
                dice.pick(GIVEN),
                family.chars().next().unwrap_or('X')
            ),
            1 => (*dice.pick(GIVEN)).to_owned(),
            _ => format!("{} {family}", dice.pick(GIVEN)),
        };
        self.add_person(name)
    }

    pub(super) fn tell_venues(
        &mut self,
        index: usize,
        group: GroupAt,
        dice: &mut Dice,
    ) -> (Vec<VenueAt>, Gathering) {
        let row = self.group(group);
        let (city, country, lat, lon) = (row.city.clone(), row.country.clone(), row.lat, row.lon);
        let gathering = match index % 24 {
            12 => Gathering::Online,
            14 | 15 => Gathering::Hybrid,
            _ => Gathering::Physical,
        };
        let venues = ["Library", "Old Mill", "Café Central"].map(|name| {
            self.add_venue(Venue {
                id: 0,
                name: format!("{name}, {city}"),
                city: city.clone(),
                country: country.clone(),
                lat: lat + dice.between(0, 500) as f64 / 10_000.0,
                lon: lon + dice.between(0, 500) as f64 / 10_000.0,
            })
        });
        (venues.to_vec(), gathering)
    }
}
