//! A large community of asked size, made fast: for measurements, not for reading.

use super::{
    Answer, Event, EventStatus, Gathering, Group, Membership, PersonAt, Role, Rsvp, Standing,
    Story, Venue, World, cast,
};
use crate::demo::clock::DAY;
use crate::demo::dice::Dice;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use std::collections::BTreeSet;

impl World {
    /// A community with exactly these numbers of groups, events, RSVPs and memberships (RSVPs
    /// fewer only where the groups have too few members). Every group meets monthly and has the
    /// next event announced; some events are far larger than others.
    pub fn sized(
        seed: u64,
        groups: usize,
        events: usize,
        rsvps: usize,
        memberships: usize,
        now: DateTime<Utc>,
    ) -> Self {
        let totals = (groups, events, rsvps, memberships);
        Self::shaped(seed, totals, Shape::Even, now)
    }

    /// The same with the skew of real networks, where few groups and few people have most of it: what
    /// measurements are made on.
    pub fn skewed(
        seed: u64,
        groups: usize,
        events: usize,
        rsvps: usize,
        memberships: usize,
        now: DateTime<Utc>,
    ) -> Self {
        let totals = (groups, events, rsvps, memberships);
        Self::shaped(seed, totals, Shape::Skewed, now)
    }

    fn shaped(
        seed: u64,
        (groups, events, rsvps, memberships): (usize, usize, usize, usize),
        shape: Shape,
        now: DateTime<Utc>,
    ) -> Self {
        let now = now.timestamp();
        let dice = Dice::new(seed);
        let mut world = Self::empty(seed);
        let admin = world.add_person("Network Admin");
        let network = world.add_network("sized", "Sized Network", admin);
        let mut sizes = dice.split(1);
        let weights: Vec<f64> = (0..groups).map(|_| 0.4 + 1.2 * sizes.unit()).collect();
        let held: Vec<f64> = match shape {
            Shape::Even => vec![1.0; groups],
            Shape::Skewed => (0..groups)
                .map(|_| drawn(EVENTS_PER_GROUP, sizes.unit()))
                .collect(),
        };
        let events_of = shares(events, &held);
        // Groups that met more often have more members, though not in proportion.
        let weights: Vec<f64> = (weights.iter().zip(&held))
            .map(|(weight, held)| weight * held.sqrt())
            .collect();
        let members_of = shares(memberships, &weights);
        // An event draws people in proportion to its group's size, a few draw the whole house.
        let mut event_weights = Vec::with_capacity(events);
        for group in 0..groups {
            for _ in 0..events_of[group] {
                event_weights.push(match shape {
                    Shape::Skewed => drawn(ANSWERS_PER_EVENT, sizes.unit()),
                    Shape::Even if sizes.chance(0.01) => 6.0 * members_of[group] as f64,
                    Shape::Even => (0.3 + 1.4 * sizes.unit()) * members_of[group] as f64,
                });
            }
        }
        let mut answers_of = shares(rsvps, &event_weights).into_iter();
        let mut owed = 0;
        for index in 0..groups {
            let mut dice = dice.split(100 + index as u64);
            let (city, state, country, timezone, lat, lon) =
                cast::CITIES[index % cast::CITIES.len()];
            // Monthly, and more often where that would begin before there was Meetup.
            let every = (30 * DAY).min(LONGEST / (events_of[index] as i64 + 6));
            let founded_at = now - (events_of[index] as i64 + 6) * every;
            let venue = world.add_venue(Venue {
                name: format!("Library of {city}"),
                city: city.to_owned(),
                country: country.to_owned(),
                lat,
                lon,
                ..Venue::online()
            });
            let mut people = vec![admin];
            people.extend((1..members_of[index]).map(|_| {
                let name = format!("{} {}", dice.pick(cast::GIVEN), dice.pick(cast::FAMILY));
                world.add_person(name)
            }));
            people.truncate(members_of[index]);
            let group = world.add_group(Group {
                id: 0,
                urlname: format!("sized-group-{index:04}"),
                name: format!("Sized {city} {index}"),
                city: city.to_owned(),
                state: state.to_owned(),
                country: country.to_owned(),
                lat,
                lon,
                timezone: timezone.to_owned(),
                zone: timezone.parse().unwrap_or(Tz::UTC),
                founded_at,
                network: Some(network),
                joined_network_at: Some(founded_at + dice.between(1, 90) * DAY),
                status: "PAID",
                tie: "ACTIVE",
                join_mode: "OPEN",
                is_private: false,
                organizer: Some(admin),
                is_deleted: false,
                marks_attendance: index % 2 == 0,
                story: Story::OnTarget,
                memberships: members(&people, founded_at, now, &mut dice),
                events: BTreeSet::new(),
            });
            for turn in 0..events_of[index] {
                let starts_at = now + 12 * DAY - turn as i64 * every
                    + dice.between(-4 * DAY, 4 * DAY) / 1_800 * 1_800;
                let hosts = dice.some(&people[1.min(people.len())..6.min(people.len())], 2);
                let event = world.add_event(Event {
                    id: String::new(),
                    old_ids: Vec::new(),
                    token: String::new(),
                    group,
                    title: (*dice.pick(cast::TOPICS)).to_owned(),
                    status: if dice.chance(0.03) {
                        EventStatus::Cancelled
                    } else {
                        EventStatus::Active
                    },
                    gathering: Gathering::Physical,
                    starts_at: Some(starts_at),
                    minutes: Some(120),
                    says_end: true,
                    created_at: starts_at - 40 * DAY,
                    capacity: None,
                    venues: vec![venue],
                    hosts: hosts.iter().copied().map(Some).collect(),
                    network_event: None,
                    is_deleted: false,
                    rsvps: Vec::new(),
                });
                let wanted = answers_of.next().unwrap_or(0) + owed;
                let given = wanted.min(people.len());
                owed = wanted - given;
                let past = starts_at < now;
                let marked = past && index % 2 == 0;
                let crowd = crowd(shape, given, people.len(), &mut dice);
                for place in crowd {
                    let person = people[place];
                    let answer = match dice.below(20) {
                        0 | 1 => Answer::No,
                        2 => Answer::Waitlist,
                        3 | 4 if marked => Answer::NoShow,
                        5 if marked => Answer::ExcusedAbsence,
                        _ if marked => Answer::Attended,
                        _ => Answer::Yes,
                    };
                    let updated_at = (starts_at - dice.between(0, 35 * DAY)).min(now - 60);
                    world.add_rsvp(
                        event,
                        Rsvp {
                            id: 0,
                            person,
                            answer,
                            guests: u16::from(dice.chance(0.05)),
                            is_host: hosts.contains(&person),
                            is_hidden: false,
                            updated_at: Some(updated_at),
                        },
                    );
                }
            }
        }
        world
    }
}

/// How a community is spread over its groups, events and people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// All groups meet as often, and everybody comes in turn.
    Even,
    /// As in real networks: few groups and few people have most of it.
    Skewed,
}

/// A whole history of a group, in seconds: the oldest groups of Meetup.
const LONGEST: i64 = 20 * 365 * DAY;

/// Quantiles of events per group, of all time, in 235 groups of R-Ladies (rladies/meetup_archive, CC BY 4.0).
const EVENTS_PER_GROUP: &[(f64, f64)] = &[
    (0.05, 1.0),
    (0.10, 2.0),
    (0.25, 4.0),
    (0.50, 12.0),
    (0.75, 31.0),
    (0.90, 51.0),
    (0.95, 68.0),
    (0.99, 105.0),
    (1.00, 140.0),
];
/// Quantiles of answers per event, in 139 groups of Los Angeles (johnymontana/la-datascience-pop).
const ANSWERS_PER_EVENT: &[(f64, f64)] = &[
    (0.10, 1.0),
    (0.25, 3.0),
    (0.50, 10.0),
    (0.75, 30.0),
    (0.90, 67.0),
    (0.95, 104.0),
    (0.99, 174.0),
    (1.00, 428.0),
];
/// How strongly the same people come: with the third power of an even draw, half of all yes are of an
/// eighth of the people.
const REGULARS: i32 = 3;

/// The value of a quantile, in a straight line between those that are known.
fn drawn(quantiles: &[(f64, f64)], share: f64) -> f64 {
    let at = quantiles.partition_point(|known| known.0 < share);
    let (upper, most) = quantiles[at.min(quantiles.len() - 1)];
    let (lower, least) = if at == 0 {
        (0.0, 1.0)
    } else {
        quantiles[at - 1]
    };
    least + (most - least) * ((share - lower) / (upper - lower)).clamp(0.0, 1.0)
}

/// Who answers an event: places among so many people, each once.
fn crowd(shape: Shape, given: usize, people: usize, dice: &mut Dice) -> Vec<usize> {
    if shape == Shape::Even {
        let first = dice.below(people.max(1));
        return (0..given).map(|step| (first + step) % people).collect();
    }
    let mut is_taken = vec![false; people];
    let pick = |_| {
        let mut place = (dice.unit().powi(REGULARS) * people as f64) as usize % people;
        while is_taken[place] {
            place = (place + 1) % people;
        }
        is_taken[place] = true;
        place
    };
    (0..given).map(pick).collect()
}

fn members(people: &[PersonAt], founded_at: i64, now: i64, dice: &mut Dice) -> Vec<Membership> {
    let span = now - founded_at;
    let count = people.len().max(1) as i64;
    people
        .iter()
        .enumerate()
        .map(|(place, &person)| {
            let joined_at = founded_at + span * place as i64 / count;
            let role = match place {
                0 => Role::Organizer,
                1 | 2 => Role::Coorganizer,
                3 => Role::EventOrganizer,
                _ => Role::Member,
            };
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
                last_access_at: Some(dice.between(joined_at, now)),
            }
        })
        .collect()
}

/// Splits a total by weights; the parts add up exactly.
fn shares(total: usize, weights: &[f64]) -> Vec<usize> {
    let sum: f64 = weights.iter().sum();
    let (mut so_far, mut given) = (0.0, 0);
    weights
        .iter()
        .map(|weight| {
            so_far += weight;
            let upto = ((so_far / sum) * total as f64).round() as usize;
            let part = upto.min(total) - given;
            given += part;
            part
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::world::Tally;

    #[test]
    fn shares_add_up() {
        assert_eq!(shares(10, &[1.0, 1.0, 2.0]), [3, 2, 5]);
        assert_eq!(shares(7, &[0.3, 0.3, 0.4, 5.0]).iter().sum::<usize>(), 7);
    }

    #[test]
    fn a_sized_world_has_the_asked_size_and_the_same_seed_makes_the_same() {
        let now = Utc::now();
        let make = || World::sized(3, 10, 200, 6_000, 5_200, now);
        let world = make();
        assert_eq!(
            world.tally(),
            Tally {
                groups: 10,
                events: 200,
                rsvps: 6_000,
                memberships: 5_200
            }
        );
        let skewed = World::skewed(3, 10, 200, 6_000, 5_200, now);
        assert_eq!(skewed.tally(), world.tally());
        let rows = |world: &World| {
            world
                .events()
                .map(|(_, e)| (e.title.clone(), e.rsvps.clone()))
                .collect::<Vec<_>>()
        };
        assert_eq!(rows(&world), rows(&make()));
    }
}
