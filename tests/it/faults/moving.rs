//! Rows that come and go while the pages are read: none is lost, none is called gone that is there.

use super::{NONE, community, groups_of};
use crate::rig::Rig;
use gatherd::demo::world::{Answer, GroupAt, Standing, World};
use gatherd::demo::{Dice, PageCaps, Switches};
use gatherd::sync::Outcome;

const DAY: i64 = 86_400;

/// Small pages, so that every walk has several.
fn rig(seed: u64) -> Rig {
    let switches = Switches {
        page_caps: PageCaps::all(9),
        pages_overlap: seed.is_multiple_of(2),
        last_page_claims_another: seed.is_multiple_of(3),
        ..Switches::unlimited()
    };
    Rig::new(community(seed, 5), switches)
}

/// Three seeds from `first`, or as many as `GATHERD_TEST_SEEDS` says.
fn seeds(first: u64) -> std::ops::Range<u64> {
    let asked = std::env::var("GATHERD_TEST_SEEDS").ok();
    let many: u64 = asked.and_then(|text| text.parse().ok()).unwrap_or(3);
    first..first + many
}

/// What moves before an answer to `operation`.
fn move_rows(world: &mut World, dice: &mut Dice, groups: &[GroupAt], operation: &str) {
    let now = world.now();
    let group = *dice.pick(groups);
    match operation {
        "EventRsvps" | "NetworkEventsRiding" if dice.chance(0.7) => {
            let events: Vec<_> = world.events_of(group).collect();
            let event = *dice.pick(&events);
            if dice.chance(0.5) {
                let newcomer = world.add_person("Newcomer");
                world.answer(event, newcomer, Answer::Yes, now);
            } else if world.event(event).rsvps.len() > 2 {
                let person = world.event(event).rsvps[dice.below(2)].person;
                world.remove_rsvp(event, person);
            }
        }
        "NetworkEvents" | "NetworkEventsRiding" => {
            let events: Vec<_> = world.events_of(group).collect();
            let event = *dice.pick(&events);
            let host = world.group(group).memberships[0].person;
            match dice.below(5) {
                0 => drop(world.announce(group, "Spontaneous", now + 3 * DAY, &[host], now)),
                1 => world.move_event(event, Some(now + 30 * DAY)),
                2 => world.move_event(event, Some(now - 20 * DAY)),
                3 => drop(world.replace_event_id(event)),
                _ => world.rename_event(event, "Renamed meanwhile"),
            }
        }
        "GroupMemberships" => {
            let members = &world.group(group).memberships;
            let one = &members[dice.below(members.len())];
            let (person, leads) = (one.person, one.standing == Standing::Leader);
            if dice.chance(0.5) || members.len() < 30 {
                let newcomer = world.add_person("Newcomer");
                world.join(group, newcomer, now);
            } else if !leads {
                // Half of a group's leaders gone at once is doubted, and told of elsewhere.
                world.leave(group, person, false);
            }
        }
        _ => {}
    }
}

fn stir(rig: &Rig, seed: u64, one_in: usize) {
    let groups = groups_of(rig);
    let mut dice = Dice::new(seed);
    rig.sim.before_answer(move |asked, world| {
        if dice.below(one_in) == 0 {
            move_rows(world, &mut dice, &groups, asked.operation);
        }
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_moves_under_a_backfill_is_neither_lost_nor_called_gone() {
    for seed in seeds(1) {
        let rig = rig(seed);
        stir(&rig, seed, 2);
        let report = rig.backfill().await.unwrap();
        assert!(
            report.failures.is_empty(),
            "seed {seed}: {:?}",
            report.failures
        );
        assert_eq!(rig.falsely_gone(), NONE, "seed {seed}");
        rig.sim.forget_hook();
        rig.let_time_pass();
        rig.pass().await.unwrap();
        let sweep = rig.sweep().await.unwrap();
        assert_eq!(
            sweep.outcome,
            Outcome::Done,
            "seed {seed}: {:?}",
            sweep.failures
        );
        assert_eq!(rig.differences(), NONE, "seed {seed}");
        assert_eq!(rig.falsely_gone(), NONE, "seed {seed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_moves_under_passes_and_sweeps_is_neither_lost_nor_called_gone() {
    for seed in seeds(4) {
        let rig = rig(seed);
        rig.backfill().await.unwrap();
        for round in 0..3 {
            stir(&rig, seed * 10 + round, 3);
            let report = if round == 1 {
                rig.sweep().await
            } else {
                rig.pass().await
            }
            .unwrap();
            assert_eq!(
                report.outcome,
                Outcome::Done,
                "seed {seed}.{round}: {:?}",
                report.failures
            );
            rig.sim.forget_hook();
            // What moved behind a page that was read already is the next pass's to find.
            let after = rig.pass().await.unwrap();
            assert_eq!(
                after.outcome,
                Outcome::Done,
                "seed {seed}.{round}: {:?}",
                after.failures
            );
            assert_eq!(rig.falsely_gone(), NONE, "seed {seed}.{round}");
        }
        let sweep = rig.sweep().await.unwrap();
        assert_eq!(
            sweep.outcome,
            Outcome::Done,
            "seed {seed}: {:?}",
            sweep.failures
        );
        assert_eq!(rig.differences(), NONE, "seed {seed}");
        assert_eq!(rig.falsely_gone(), NONE, "seed {seed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_removed_under_every_page_of_a_walk_hides_no_other() {
    let rig = rig(7);
    rig.backfill().await.unwrap();
    let group = groups_of(&rig)[0];
    let event = rig.sim.with_world(|world| {
        let now = world.now();
        let event = world.events_of(group).next_back().unwrap();
        for nth in 0..40 {
            let person = world.add_person(format!("Guest {nth}"));
            world.answer(event, person, Answer::Yes, now - 600);
        }
        event
    });
    rig.sim.before_answer(move |asked, world| {
        if asked.operation == "EventRsvps" && asked.turn % 2 == 0 && asked.turn < 12 {
            let first = world.event(event).rsvps[0].person;
            world.remove_rsvp(event, first);
        }
    });
    let report = rig.pass().await.unwrap();
    assert_eq!(report.outcome, Outcome::Done, "{:?}", report.failures);
    assert_eq!(rig.falsely_gone(), NONE);
    rig.sim.forget_hook();
    assert_eq!(rig.pass().await.unwrap().outcome, Outcome::Done);
    assert_eq!(rig.differences(), NONE);
}

#[tokio::test(flavor = "multi_thread")]
async fn cursors_of_another_release_cost_at_most_the_walk_in_hand() {
    let rig = rig(8);
    rig.backfill().await.unwrap();
    rig.sim.renew_cursors();
    let report = rig.pass().await.unwrap();
    assert_eq!(report.outcome, Outcome::Done, "{:?}", report.failures);
    assert_eq!(rig.differences(), NONE);
}
