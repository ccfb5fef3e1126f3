//! One small world for each row of the definitions, with the edges that decide it.

mod ahead;
mod asks;
mod attendance;
mod cadence;
mod calls;
mod handover;
mod leaders;
mod money;
mod network;
mod notice;
mod organizers;
mod pauses;
mod people;
mod policy;
mod repeat;
mod side_to_side;
mod status;
mod terms;
mod weeks;
mod year;
mod zones;

use chrono::{DateTime, Utc};
use gatherd::community::MemberId;
use gatherd::metrics::{
    self, GroupFigures, Measured, NetworkFigures, Rate, Settings, Status, Target,
};

use crate::world::{A, DAY, HOUR, World, id_of};

const STAFF: u32 = 50;
const ADMIN: u32 = 60;

fn instant(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap()
}

fn settings() -> Settings {
    Settings {
        staff: Some(vec![MemberId(id_of(STAFF))]),
        ..Settings::as_of(instant(A))
    }
}

fn measure(world: &World) -> Measured {
    metrics::measure(&world.store(), &settings()).unwrap()
}

/// The figures of a world with one group.
fn one(fill: impl FnOnce(&mut World, usize)) -> GroupFigures {
    let mut world = World {
        admin: Some(ADMIN),
        ..World::default()
    };
    let group = world.group("acme");
    fill(&mut world, group);
    measure(&world).groups.remove(0)
}

fn network(fill: impl FnOnce(&mut World)) -> NetworkFigures {
    let mut world = World {
        admin: Some(ADMIN),
        ..World::default()
    };
    fill(&mut world);
    measure(&world).network
}

/// An event of which nothing was known before that instant.
fn known(event: &mut crate::world::Event, at: i64) {
    event.created = Some(at);
    event.seen = vec![at];
}

fn rate(numerator: i64, denominator: i64) -> Rate {
    Rate::new(numerator, denominator)
}

/// Three years of monthly events but in these calendar months, up to so many months ago.
fn yearly_rhythm(w: &mut World, g: usize, off: &[u32], newest: i64) {
    use chrono::Datelike as _;
    for n in newest..48 {
        let starts = A - n * 2_629_800;
        if !off.contains(&instant(starts).month()) {
            w.event(g, starts);
        }
    }
}
