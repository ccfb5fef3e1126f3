//! Worlds drawn at random, with a taste for edges: instants on the borders of windows, duplicate
//! and vanished answers, joint events, odd zones, ties, months off.

use chrono::{DateTime, Offset, TimeZone};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};

use gatherd::community::{MemberId, Policy};
use gatherd::metrics::{Settings, Target};

use crate::recount::Question;
use crate::world::{A, DAY, Group, HOUR, Membership, Person, Rsvp, World, id_of};

const ZONES: [&str; 8] = [
    "UTC",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "America/St_Johns",
    "Pacific/Kiritimati",
    "US/Eastern",
    "Europe/Kiev",
    "Mars/Olympus",
];
const INSTANTS: [i64; 6] = [
    A,
    1_780_272_000,            // 1 June 2026 00:00 UTC: still May in the west
    1_774_746_000,            // 29 March 2026 01:00 UTC: the hour Europe springs forward
    1_793_494_800,            // 1 November 2026 01:00 UTC: summer time ends in America that day
    1_798_761_599,            // 31 December 2026 23:59:59 UTC
    1_772_366_400 - 8 * HOUR, // 28 February 2026, late
];
const BORDERS: [i64; 13] = [30, 90, 120, 180, 181, 210, 270, 365, 395, 455, 730, 1095, 1];
const ANSWERS: [&str; 9] = [
    "YES",
    "YES",
    "YES",
    "YES",
    "ATTENDED",
    "NO",
    "NO_SHOW",
    "EXCUSED_ABSENCE",
    "WAITLIST",
];
const STATUSES: [&str; 8] = [
    "PAST",
    "PAST",
    "PAST",
    "ACTIVE",
    "AUTOSCHED_FINISHED",
    "CANCELLED",
    "CANCELLED_PERM",
    "DRAFT",
];

/// A world of a few groups and what to ask of it.
pub fn draw(seed: u64) -> (World, i64, Asked) {
    let rng = &mut StdRng::seed_from_u64(seed);
    let a = *INSTANTS.choose(rng).unwrap();
    let mut world = World {
        admin: rng.random_bool(0.8).then_some(0),
        ..World::default()
    };
    let notice = *[1, 3, 4, 4, 10, 15].choose(rng).unwrap();
    for n in 0..rng.random_range(1..=4) {
        let group = draw_group(rng, a, n);
        world.groups.push(group);
        if rng.random_bool(0.3) {
            draw_rhythm(rng, &mut world, a, n, notice);
        }
        if rng.random_bool(0.5) {
            draw_history(rng, &mut world, a, n);
        }
        for _ in 0..rng.random_range(0..14) {
            draw_event(rng, &mut world, a, n);
        }
    }
    let asked = Asked {
        staff: match rng.random_range(0..4) {
            0 => None,
            1 => Some(vec![]),
            2 => Some(vec![1]),
            _ => Some(vec![1, 6, 77]),
        },
        share: *[0.75, 0.5, 0.7].choose(rng).unwrap(),
        default_target: rng.random_range(1..=2),
        generated: a + *[0, DAY, DAY + 1, 400 * DAY].choose(rng).unwrap(),
        policy: if rng.random_bool(0.2) {
            Policy::default()
        } else {
            draw_policy(rng)
        },
        zone: [
            "UTC",
            "Australia/Lord_Howe",
            "America/St_Johns",
            "Asia/Kathmandu",
        ]
        .choose(rng)
        .unwrap()
        .parse()
        .unwrap(),
        show_rate: rng.random_bool(0.2).then_some(0.7),
        call_after: *[90, 90, 60, 100, 165].choose(rng).unwrap(),
        call_at: *[0.6, 0.5, 0.3].choose(rng).unwrap(),
    };
    (world, a, asked)
}

/// Groups with a past, most of which somebody asked, often on an edge.
pub fn draw_asked(seed: u64) -> (World, i64, Asked) {
    let (_, _, asked) = draw(seed);
    let rng = &mut StdRng::seed_from_u64(seed);
    let (a, mut world) = (A, World::default());
    for n in 0..rng.random_range(9..16) {
        let mut group = draw_group(rng, a, n);
        group.founded = None;
        for _ in 0..*[0, 1, 1, 2, 3].choose(rng).unwrap() {
            let days = [3, 29, 30, 31, 60, 75, 89, 90, 91, 150, 364, 365, 500, 900];
            let days = *days.choose(rng).unwrap();
            group.asked.push(near(rng, a - days * DAY));
        }
        world.groups.push(group);
        draw_history(rng, &mut world, a, n);
    }
    (world, a, asked)
}

pub struct Asked {
    pub staff: Option<Vec<Person>>,
    pub share: f64,
    pub default_target: i64,
    pub generated: i64,
    pub policy: Policy,
    pub zone: chrono_tz::Tz,
    pub show_rate: Option<f64>,
    pub call_after: i64,
    pub call_at: f64,
}

impl Asked {
    pub fn settings(&self, a: i64) -> Settings {
        let instant = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
        Settings {
            generated_at: instant(self.generated.max(a)),
            staff: self
                .staff
                .as_ref()
                .map(|staff| staff.iter().map(|p| MemberId(id_of(*p))).collect()),
            target_share: self.share,
            targets: vec![Target {
                group: None,
                every_months: self.default_target as u8,
            }],
            call_after_days: self.call_after as u32,
            call_at: self.call_at,
            policy: self.policy,
            zone: self.zone,
            show_rate: self.show_rate,
            with_people: true,
            ..Settings::as_of(instant(a))
        }
    }

    pub fn question<'a>(&self, world: &'a World, a: i64) -> Question<'a> {
        Question {
            world,
            a,
            generated: self.generated,
            staff: self.staff.clone(),
            share: self.share,
            default_target: self.default_target,
            policy: self.policy,
            zone: self.zone,
            show_rate: self.show_rate,
            call_after: self.call_after,
            call_at: self.call_at,
        }
    }
}

fn draw_policy(rng: &mut StdRng) -> Policy {
    let mut some = |values: &[u32]| rng.random_bool(0.7).then(|| *values.choose(rng).unwrap());
    Policy {
        events_per_year: some(&[1, 2, 3, 4, 6]),
        first_event_within_days: some(&[90, 365]),
        warn_after_days: some(&[30, 90]),
        act_after_days: some(&[120, 180]),
        close_after_days: some(&[365, 730]),
        min_leaders: some(&[1, 2]),
    }
}

fn near(rng: &mut StdRng, instant: i64) -> i64 {
    instant + *[-1, 0, 1, 0, -HOUR, HOUR].choose(rng).unwrap()
}

fn draw_group(rng: &mut StdRng, a: i64, n: usize) -> Group {
    let founded = match rng.random_range(0..8) {
        0 => None,
        1 => Some(near(rng, a - 365 * DAY)),
        2 => Some(near(rng, a)),
        3 => Some(near(rng, a - 730 * DAY)),
        _ => Some(a - rng.random_range(0..2000 * DAY)),
    };
    let members: Vec<Membership> = (0..rng.random_range(0..8u32))
        .map(|person| Membership {
            person,
            role: [
                Some("MEMBER"),
                Some("ORGANIZER"),
                Some("COORGANIZER"),
                Some("EVENT_ORGANIZER"),
                None,
            ]
            .choose(rng)
            .copied()
            .unwrap(),
            status: ["ACTIVE", "LEADER", "PENDING"].choose(rng).unwrap(),
            joined: match rng.random_range(0..4) {
                0 => None,
                1 => Some(near(rng, a)),
                2 => Some(near(rng, a - 90 * DAY)),
                _ => Some(a - rng.random_range(0..1000 * DAY)),
            },
            seen: match rng.random_range(0..3) {
                0 => None,
                1 => Some(near(rng, a - 90 * DAY)),
                _ => Some(a - rng.random_range(0..200 * DAY)),
            },
            gone: rng.random_bool(0.1).then_some(a),
        })
        .collect();
    Group {
        urlname: format!("{}-{n}", ["x", "B", "a", "Z"][rng.random_range(0..4)]),
        name: format!("Group {n}"),
        timezone: rng
            .random_bool(0.9)
            .then(|| (*ZONES.choose(rng).unwrap()).to_owned()),
        country: rng
            .random_bool(0.8)
            .then(|| (*["de", "us", ""].choose(rng).unwrap()).to_owned()),
        founded,
        joined: rng.random_bool(0.5).then(|| near(rng, a - 365 * DAY)),
        is_complete: rng.random_bool(0.9),
        gone: rng.random_bool(0.05).then_some(a),
        target: rng.random_bool(0.3).then(|| rng.random_range(1..=4)),
        is_roster_read: rng.random_bool(0.9),
        city: rng
            .random_bool(0.8)
            .then(|| (*["Berlin", "Paris", ""].choose(rng).unwrap()).to_owned()),
        state: rng
            .random_bool(0.3)
            .then(|| (*["TX", ""].choose(rng).unwrap()).to_owned()),
        members,
        status: "PAID",
        tie: None,
        asked: Vec::new(),
    }
}

/// Wall clock of the place; any clock where the zone is unknown.
fn offset(rng: &mut StdRng, world: &World, group: usize, at: i64) -> i64 {
    let zone: Option<chrono_tz::Tz> = world.groups[group]
        .timezone
        .as_ref()
        .and_then(|z| z.parse().ok());
    zone.map_or_else(
        || *[0, 20_700, -12_600, 50_400].choose(rng).unwrap(),
        |zone| {
            i64::from(
                zone.timestamp_opt(at, 0)
                    .unwrap()
                    .offset()
                    .fix()
                    .local_minus_utc(),
            )
        },
    )
}

/// Years of an event a month or so, with some calendar months left out.
fn draw_rhythm(rng: &mut StdRng, world: &mut World, a: i64, group: usize, notice: i64) {
    let off: Vec<i64> = (0..rng.random_range(0..4))
        .map(|_| rng.random_range(0..12))
        .collect();
    let every = *[28, 30, 31, 45, 9, 14].choose(rng).unwrap();
    let stop = rng.random_range(0..200);
    for n in 0..50 {
        let days = stop + n * every + rng.random_range(0..9);
        if !off.contains(&((days / 30) % 12)) {
            let starts = a - days * DAY - rng.random_range(0..20) * HOUR;
            let east = offset(rng, world, group, starts);
            // Some are known longer before, and then more come.
            let (notice, share) = if rng.random_bool(0.6) {
                (notice, 0.2)
            } else {
                (notice + 12, 0.5)
            };
            let said: Vec<Person> = (0..8).filter(|_| rng.random_bool(share)).collect();
            let event = world.event(group, starts).answer("YES", &said);
            event.offset = east;
            event.created = rng
                .random_bool(0.9)
                .then(|| starts - notice * DAY - rng.random_range(0..DAY));
            event.seen.clear();
        }
    }
}

/// Years of gaps as they come, many of them on the edges at which pauses are looked at, and announcements
/// made at such an edge.
fn draw_history(rng: &mut StdRng, world: &mut World, a: i64, group: usize) {
    let newest = *[0, 20, 44, 46, 75, 91, 120, 170, 180, 200]
        .choose(rng)
        .unwrap();
    let mut starts = near(rng, a - newest * DAY);
    let usual = *[10, 15, 30, 60].choose(rng).unwrap();
    while starts > a - 2_200 * DAY {
        let gap = match rng.random_range(0..4) {
            0 => *[45, 60, 90, 105, 180, 181, 240].choose(rng).unwrap(),
            1 => rng.random_range(1..70),
            _ => usual,
        };
        let before = starts - gap * DAY + *[0, 0, 0, 1, -1].choose(rng).unwrap();
        let east = offset(rng, world, group, starts);
        let known = match rng.random_range(0..4) {
            0 => starts - 20 * DAY,
            1 => starts - *[7, 30, 200].choose(rng).unwrap() * DAY,
            2 => before + *[45, 60, 90].choose(rng).unwrap() * DAY,
            _ => before + *[45, 75, 90].choose(rng).unwrap() * DAY + 1,
        };
        let (created, seen) = match rng.random_range(0..4) {
            0 => (None, vec![known + 9 * DAY, known]),
            1 => (None, vec![]),
            2 => (Some(known), vec![a]),
            _ => (Some(known), vec![known - DAY]),
        };
        for _ in 0..*[1, 1, 1, 2].choose(rng).unwrap() {
            let said: Vec<Person> = (0..8).filter(|_| rng.random_bool(0.3)).collect();
            let event = world.event(group, starts).answer("YES", &said);
            event.offset = east;
            event.created = created;
            event.seen.clone_from(&seen);
        }
        starts = before;
    }
}

fn draw_event(rng: &mut StdRng, world: &mut World, a: i64, group: usize) {
    let starts = match rng.random_range(0..10) {
        0 => near(rng, a),
        1 => a + rng.random_range(0..60 * DAY),
        2..=5 => {
            let days = *BORDERS.choose(rng).unwrap();
            near(rng, a - days * DAY)
        }
        6 => world
            .events
            .last()
            .and_then(|e| e.starts)
            .unwrap_or(a - 40 * DAY),
        _ => a - rng.random_range(0..800 * DAY),
    };
    let east = offset(rng, world, group, starts);
    let status = STATUSES.choose(rng).unwrap();
    let ends = match rng.random_range(0..5) {
        0 => None,
        1 => Some(a.max(starts)),
        _ => Some(starts + rng.random_range(0..30) * HOUR / 2),
    };
    let kind = *["PHYSICAL", "ONLINE", "HYBRID"].choose(rng).unwrap();
    let joint = rng
        .random_bool(0.25)
        .then(|| format!("j{}", rng.random_range(0..3)));
    let gone = rng.random_bool(0.05).then_some(a);
    let hosts: Vec<Person> = (0..8).filter(|_| rng.random_bool(0.12)).collect();
    let token_salt = rng.random_range(0..100);
    let created = match rng.random_range(0..4) {
        0 => None,
        1 => Some(near(rng, a)),
        2 => Some(near(rng, starts)),
        _ => Some(starts - rng.random_range(0..50 * DAY)),
    };
    let seen: Vec<i64> = (0..rng.random_range(0..3))
        .map(|_| match rng.random_range(0..3) {
            0 => near(rng, a),
            1 => near(rng, starts + DAY),
            _ => starts - rng.random_range(0..60 * DAY),
        })
        .collect();
    let starts = rng.random_bool(0.98).then_some(starts);
    let mut rsvps: Vec<Rsvp> = (0..rng.random_range(0..9))
        .map(|n| draw_rsvp(rng, n, starts, ends))
        .collect();
    // Here everybody came, there nobody was marked, and elsewhere some are.
    let only = *[
        None,
        None,
        Some(&["ATTENDED"][..]),
        Some(&["YES"]),
        Some(&["YES", "ATTENDED"]),
    ]
    .choose(rng)
    .unwrap();
    for (rsvp, status) in rsvps.iter_mut().zip(only.into_iter().flatten().cycle()) {
        rsvp.status = status;
    }
    let event = world.event(group, a);
    event.token = format!("{token_salt:02}{}", event.token);
    event.status = status;
    event.starts = starts;
    event.ends = if starts.is_some() { ends } else { None };
    event.offset = east;
    event.kind = kind;
    event.joint = joint;
    event.gone = gone;
    event.hosts = hosts;
    event.rsvps = rsvps;
    event.created = created;
    event.seen = seen;
}

fn draw_rsvp(rng: &mut StdRng, n: i64, starts: Option<i64>, ends: Option<i64>) -> Rsvp {
    let over = ends.or(starts.map(|s| s + 3 * HOUR)).unwrap_or(A);
    Rsvp {
        id: match rng.random_range(0..6) {
            0 => format!("r{n}"),
            1 => format!("{}", 9 - n),
            _ => format!("{}", 100 + n),
        },
        person: rng.random_range(0..8),
        status: ANSWERS.choose(rng).unwrap(),
        guests: rng.random_range(0..3),
        is_host: rng.random_bool(0.15),
        updated: match rng.random_range(0..4) {
            0 => None,
            1 => starts.map(|starts| starts - rng.random_range(0..20) * DAY),
            2 => Some(1_700_000_000),
            _ => Some(1_700_000_001),
        },
        gone: rng.random_bool(0.15).then(|| near(rng, over)),
    }
}
