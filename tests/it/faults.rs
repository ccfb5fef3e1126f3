//! Whatever goes wrong on Meetup's side: in the end the mirror equals Meetup, and nothing is said to
//! be gone that is there.

mod apart;
mod boundaries;
mod broken;
mod budget;
mod edges;
mod endless;
mod gone;
mod losses;
mod matrix;
mod moving;
mod points;
mod put_off;
mod shrunk;
mod stir;
mod table;
mod work;

use crate::rig::{Means, Rig, quick};
use gatherd::demo::world::{EventAt, GroupAt};
use gatherd::demo::{Switches, World};
use std::time::Duration;

/// A small community; its last group is outside the network.
fn community(seed: u64, groups: usize) -> World {
    community_at(seed, groups, chrono::Utc::now())
}

/// The same as of Meetup's time, by whose clock all it has is dated.
fn community_at(seed: u64, groups: usize, now: chrono::DateTime<chrono::Utc>) -> World {
    let mut world = World::sized(seed, groups, groups * 8, groups * 120, groups * 50, now);
    let last = world.groups().map(|(at, _)| at).last().unwrap();
    world.leave_network(last);
    world
}

fn rig(seed: u64, groups: usize, switches: Switches) -> Rig {
    let mut waits = quick();
    waits.request = Duration::from_millis(400);
    let means = Means {
        waits,
        ..Means::default()
    };
    let now = chrono::Utc::now() + chrono::TimeDelta::seconds(switches.clock_ahead_seconds);
    Rig::with(community_at(seed, groups, now), switches, means)
}

/// The groups of the network, in the world's order.
fn groups_of(rig: &Rig) -> Vec<GroupAt> {
    rig.sim.with_world(|world| {
        let groups = world.groups().filter(|(_, group)| group.network.is_some());
        groups.map(|(at, _)| at).collect()
    })
}

/// The group outside the network.
fn outside(rig: &Rig) -> GroupAt {
    rig.sim.with_world(|world| {
        let mut groups = world.groups().filter(|(_, group)| group.network.is_none());
        groups.next().map(|(at, _)| at).unwrap()
    })
}

/// A group's latest event.
fn soonest(rig: &Rig, group: GroupAt) -> EventAt {
    rig.sim
        .with_world(|world| world.events_of(group).next_back().unwrap())
}

const NONE: Vec<String> = Vec::new();
