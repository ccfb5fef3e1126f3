//! Backfill, passes and sweeps against the simulated Meetup.

use crate::rig::Rig;
use gatherd::demo::{Switches, World};
use gatherd::sync::Outcome;

fn small(seed: u64) -> World {
    World::sized(seed, 12, 200, 4_000, 3_000, chrono::Utc::now())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backfill_makes_the_mirror_equal_meetup_and_a_second_one_asks_nothing() {
    let rig = Rig::new(small(1), Switches::unlimited());
    let report = rig.backfill().await.unwrap();
    assert_eq!(report.outcome, Outcome::Done, "{:?}", report.failures);
    assert_eq!(rig.differences(), Vec::<String>::new());
    assert_eq!(
        rig.rows("SELECT count(*) FROM groups WHERE NOT history_complete"),
        ["0"]
    );
    let again = rig.backfill().await.unwrap();
    assert_eq!((again.requests, again.rows_changed), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quiet_pass_asks_one_page_of_groups_and_one_of_events_and_changes_nothing() {
    let rig = Rig::new(small(2), Switches::unlimited());
    rig.backfill().await.unwrap();
    let pass = rig.pass().await.unwrap();
    assert_eq!(pass.outcome, Outcome::Done, "{:?}", pass.failures);
    assert_eq!(pass.rows_changed, 0);
    let outside = u64::from(!rig.sim.with_world(|world| world.outside()).is_empty());
    assert!(pass.requests <= 2 + outside, "{} requests", pass.requests);
    assert_eq!(rig.differences(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_pass_on_an_empty_database_backfills() {
    let rig = Rig::new(small(3), Switches::unlimited());
    let report = rig.pass().await.unwrap();
    assert_eq!(report.outcome, Outcome::Done, "{:?}", report.failures);
    assert_eq!(rig.differences(), Vec::<String>::new());
    assert_eq!(
        rig.rows("SELECT count(*) FROM groups WHERE NOT history_complete"),
        ["0"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sweep_changes_nothing_where_nothing_changed() {
    let rig = Rig::new(small(4), Switches::unlimited());
    rig.backfill().await.unwrap();
    let sweep = rig.sweep().await.unwrap();
    assert_eq!(sweep.outcome, Outcome::Done, "{:?}", sweep.failures);
    assert_eq!(sweep.rows_changed, 0);
    assert_eq!(sweep.units_left, 0);
}

use gatherd::demo::Dice;
use gatherd::demo::world::{Answer, EventAt, GroupAt, PersonAt, Role};

const DAY: i64 = 86_400;

/// One random change of the community; told in words.
pub fn mutate(world: &mut World, dice: &mut Dice, now: i64) -> String {
    let groups: Vec<GroupAt> = world
        .groups()
        .filter(|(_, group)| !group.is_deleted && group.network.is_some())
        .map(|(at, _)| at)
        .collect();
    let group = *dice.pick(&groups);
    let hot: Vec<EventAt> = world
        .events_of(group)
        .filter(|at| {
            world
                .event(*at)
                .starts_at
                .is_some_and(|start| start > now - 40 * DAY)
        })
        .collect();
    let members: Vec<PersonAt> = world
        .group(group)
        .memberships
        .iter()
        .map(|it| it.person)
        .collect();
    let person = *dice.pick(&members);
    let event = if hot.is_empty() {
        None
    } else {
        Some(*dice.pick(&hot))
    };
    let rsvp_of = |world: &World, event: EventAt, dice: &mut Dice| {
        let people: Vec<PersonAt> = world
            .event(event)
            .rsvps
            .iter()
            .map(|it| it.person)
            .collect();
        if people.is_empty() {
            None
        } else {
            Some(*dice.pick(&people))
        }
    };
    let Some(event) = event else {
        world.announce(group, "A first evening", now + 5 * DAY, &[person], now);
        return "announce".into();
    };
    let what = dice.below(19);
    match what {
        0 => drop(world.announce(group, "One more evening", now + 9 * DAY, &[person], now)),
        1 => world.move_event(event, Some(now + 3 * DAY)),
        2 => world.rename_event(event, "Another title"),
        3 => world.cancel_event(event),
        4 => world.delete_event(event),
        5 => world.restore_event(event),
        6 => drop(world.replace_event_id(event)),
        7 => world.change_hosts(event, &[person]),
        8 => drop(world.answer(event, person, Answer::Yes, now)),
        9 => drop(world.answer(event, person, Answer::No, now)),
        10 => {
            if let Some(one) = rsvp_of(world, event, dice) {
                world.remove_rsvp(event, one);
            }
        }
        11 => {
            // Counts without any row mean "not visible", so the last row to be seen is let be.
            if let Some(one) =
                rsvp_of(world, event, dice).filter(|_| world.event(event).shown_rsvps().count() > 1)
            {
                world.hide_rsvp(event, one, true);
            }
        }
        12 => {
            if let Some(one) = rsvp_of(world, event, dice) {
                world.change_guests(event, one, 2, now);
            }
        }
        13 => {
            if let Some(one) = rsvp_of(world, event, dice) {
                world.mark_attendance(event, one, Answer::Attended, now);
            }
        }
        14 => {
            let (one, other) = (rsvp_of(world, event, dice), rsvp_of(world, event, dice));
            if let (Some(one), Some(other)) = (one, other) {
                world.swap_answers(event, one, other, now);
            }
        }
        15 => {
            let newcomer = world.add_person("Newcomer");
            world.join(group, newcomer, now);
        }
        16 => world.leave(group, person, dice.chance(0.5)),
        17 => drop(world.change_role(
            group,
            person,
            *dice.pick(&[Role::Member, Role::Coorganizer]),
        )),
        _ => world.rename_group(
            group,
            "Renamed group",
            &format!("renamed-{}", dice.below(1_000_000)),
        ),
    }
    format!("{what} on {}", world.event(event).token)
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_changes_one_pass_and_one_sweep_make_the_mirror_equal_meetup() {
    let seeds = std::env::var("GATHERD_TEST_SEEDS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(6_u64);
    for seed in 0..seeds {
        let world = World::sized(seed, 5, 60, 900, 400, chrono::Utc::now());
        let rig = Rig::new(world, Switches::drawn(seed));
        let first = rig.backfill().await.unwrap();
        assert_eq!(
            first.outcome,
            Outcome::Done,
            "seed {seed}: {:?}",
            first.failures
        );
        assert_eq!(
            rig.differences(),
            Vec::<String>::new(),
            "seed {seed} after the backfill"
        );
        let mut dice = Dice::new(seed ^ 0x5eed);
        let mut told = Vec::new();
        for round in 0..6 {
            let many = dice.below(8);
            rig.sim.with_world(|world| {
                let now = world.now();
                for _ in 0..many {
                    told.push(mutate(world, &mut dice, now));
                }
            });
            let pass = rig.pass().await.unwrap();
            assert_eq!(
                pass.outcome,
                Outcome::Done,
                "seed {seed} round {round}: {:?}\n{told:?}",
                pass.failures
            );
        }
        let sweep = rig.sweep().await.unwrap();
        assert_eq!(
            sweep.outcome,
            Outcome::Done,
            "seed {seed}: {:?}",
            sweep.failures
        );
        assert_eq!(
            rig.differences(),
            Vec::<String>::new(),
            "seed {seed} after the sweep\n{told:?}"
        );
        let doubled =
            rig.rows("SELECT event_token, id FROM rsvps GROUP BY 1, 2 HAVING count(*) > 1");
        assert!(doubled.is_empty(), "seed {seed}: {doubled:?}");
    }
}
