//! Two groups that meet together in one place, and what is ordered for both.

use super::*;
use crate::world::{A, World};

/// An event to which half of 20 said yes three weeks before, and the others in the last two days.
fn filling(world: &mut World, group: usize, starts: i64, from: u32) {
    let event = world.event(group, starts);
    for nth in 0..20 {
        let days = if nth < 10 { 20 } else { 1 };
        if starts - days * DAY <= A {
            event.answer("YES", &[from + nth]).last().updated = Some(starts - days * DAY);
        }
    }
}

/// What is ordered is for those of either group, once each, by the share that comes.
pub fn case() -> Case {
    let mut world = World::default();
    for (urlname, from) in [("acme", 100), ("other", 105)] {
        let group = world.group(urlname);
        for n in 1..=30 {
            filling(&mut world, group, A - n * 21 * DAY, from);
        }
        filling(&mut world, group, A + 7 * DAY, from);
        let event = world.events.last_mut().unwrap();
        event.status = "ACTIVE";
        (event.joint, event.venue) = (Some("together".to_owned()), Some("Hall"));
    }
    let (_, _, mut asked) = drawn::draw(1);
    asked.staff = Some(vec![300]);
    (asked.share, asked.default_target, asked.generated) = (0.75, 1, A);
    (asked.call_after, asked.call_at, asked.show_rate) = (90, 0.6, Some(0.75));
    Case {
        name: "two groups together".to_owned(),
        world,
        a: A,
        asked,
        contacts: Vec::new(),
        asked_days: 9,
        is_monthly: false,
        with_people: true,
    }
}
