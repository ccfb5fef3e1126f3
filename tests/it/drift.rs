//! An API that changes: what can be done without is cut, what cannot is named, what is open is learnt.

mod cutting;
mod inputs;
mod looking;
mod probing;

use crate::rig::Rig;
use gatherd::demo::{Drift, Switches, World};

const NONE: Vec<String> = Vec::new();

/// A few groups of a network and one outside, with everything that an answer can hold.
fn rig(seed: u64) -> Rig {
    let mut world = World::demo(seed, 4, chrono::Utc::now());
    let last = world.groups().map(|(at, _)| at).last().unwrap();
    world.leave_network(last);
    // What would change by itself while a test lasts, such as an event that begins, stands still.
    world.freeze(Some(chrono::Utc::now()));
    Rig::new(world, Switches::unlimited())
}

/// A field that is gone; its type keeps another, for there is none without any.
fn gone(place: &str) -> Vec<Drift> {
    let of = place.split('.').next().unwrap();
    vec![
        Drift::New(format!("{of}.tomorrow")),
        Drift::Gone(place.to_owned()),
    ]
}
