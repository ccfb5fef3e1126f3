//! Groups that cannot be read: each costs itself alone, and recovers when it is healed.

use super::{NONE, groups_of, outside, rig, soonest};
use gatherd::demo::world::Answer;
use gatherd::demo::{Blemish, Switches};
use gatherd::sync::Outcome;

#[tokio::test(flavor = "multi_thread")]
async fn a_group_that_cannot_be_read_costs_itself_alone_and_recovers_when_healed() {
    for blemish in [Blemish::Unreadable, Blemish::NullId, Blemish::RawNull] {
        let rig = rig(13, 9, Switches::unlimited());
        rig.backfill().await.unwrap();
        let groups = groups_of(&rig);
        let (bad, good) = (groups[3], groups[5]);
        let urlname = rig.sim.with_world(|world| world.group(bad).urlname.clone());
        let change = |title: &str| {
            for group in [bad, good] {
                let event = soonest(&rig, group);
                rig.sim.with_world(|world| {
                    world.rename_event(event, title);
                    let (person, now) = (world.event(event).rsvps[0].person, world.now() - 30);
                    world.answer(event, person, Answer::No, now);
                });
            }
        };
        change("First change");
        rig.sim.blemish(bad, blemish);
        let report = rig.pass().await.unwrap();
        let failures = report.failures.iter();
        let scopes: Vec<String> = failures.map(|it| it.scope.to_string()).collect();
        assert_eq!(
            scopes,
            [format!("group {urlname}")],
            "{blemish:?}: {:?}",
            report.failures
        );
        assert_eq!(report.outcome, Outcome::Partly, "{blemish:?}");
        assert_eq!(rig.differences_apart_from(&[bad]), NONE, "{blemish:?}");

        change("Second change");
        let report = rig.pass().await.unwrap();
        let failures = report.failures.iter();
        let scopes: Vec<String> = failures.map(|it| it.scope.to_string()).collect();
        assert_eq!(scopes, [format!("group {urlname}")], "{blemish:?} left out");
        assert!(
            report.failures[0].message.contains("left out until"),
            "{:?}",
            report.failures
        );
        let asked = rig.sim.counters().by_operation;
        assert_eq!(
            rig.differences_apart_from(&[bad]),
            NONE,
            "{blemish:?} left out"
        );

        // Still broken when its time comes: it waits longer.
        rig.let_time_pass();
        rig.pass().await.unwrap();
        let failures = rig.rows("SELECT failures FROM group_row WHERE failures > 0");
        assert_eq!(failures, ["2"], "{blemish:?}, asked {asked:?}");

        rig.sim.heal();
        rig.let_time_pass();
        let report = rig.pass().await.unwrap();
        assert_eq!(
            report.outcome,
            Outcome::Done,
            "{blemish:?}: {:?}",
            report.failures
        );
        assert_eq!(rig.differences(), NONE, "{blemish:?} healed");
        assert_eq!(rig.falsely_gone(), NONE, "{blemish:?} healed");
        let quiet = rig.pass().await.unwrap();
        assert_eq!(
            (quiet.rows_changed, quiet.requests),
            (0, 3),
            "{blemish:?} healed"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_left_out_costs_one_bare_listing_a_pass_and_no_more() {
    let rig = rig(14, 9, Switches::unlimited());
    rig.backfill().await.unwrap();
    rig.sim.blemish(groups_of(&rig)[2], Blemish::RawNull);
    rig.pass().await.unwrap();
    assert_eq!(
        rig.pass().await.unwrap().requests,
        4,
        "groups, their ids, events, outside"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_that_left_does_not_stand_for_one_that_shows_not_even_its_id() {
    let rig = rig(16, 6, Switches::unlimited());
    let groups = groups_of(&rig);
    rig.sim.blemish(groups[0], Blemish::Unreadable);
    assert_eq!(rig.pass().await.unwrap().outcome, Outcome::Partly);
    rig.sim.with_world(|world| world.leave_network(groups[1]));
    let report = rig.pass().await.unwrap();
    assert_eq!(report.outcome, Outcome::Partly, "{:?}", report.failures);
    rig.sim.heal();
    rig.let_time_pass();
    let report = rig.pass().await.unwrap();
    assert_eq!(report.outcome, Outcome::Done, "{:?}", report.failures);
    assert_eq!(rig.differences(), NONE);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_broken_during_the_backfill_leaves_its_own_history_open_and_no_other() {
    for blemish in [Blemish::Unreadable, Blemish::RawNull] {
        let rig = rig(15, 6, Switches::unlimited());
        let bad = groups_of(&rig)[2];
        rig.sim.blemish(bad, blemish);
        let report = rig.backfill().await.unwrap();
        assert_eq!(report.outcome, Outcome::Partly, "{blemish:?}");
        assert_eq!(rig.differences_apart_from(&[bad]), NONE, "{blemish:?}");
        rig.sim.heal();
        rig.let_time_pass();
        let report = rig.pass().await.unwrap();
        assert_eq!(
            report.outcome,
            Outcome::Done,
            "{blemish:?}: {:?}",
            report.failures
        );
        assert_eq!(rig.differences(), NONE, "{blemish:?} healed");
        let open = rig.rows("SELECT urlname FROM groups WHERE NOT history_complete");
        assert_eq!(open, NONE, "{blemish:?} healed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_broken_during_a_sweep_is_swept_when_it_can_be_read() {
    for blemish in [Blemish::Unreadable, Blemish::RawNull] {
        let rig = rig(18, 6, Switches::unlimited());
        rig.backfill().await.unwrap();
        let (bad, good) = (groups_of(&rig)[2], groups_of(&rig)[3]);
        rig.sim.with_world(|world| {
            for group in [bad, good] {
                // Long past: only a sweep looks there.
                let event = world.events_of(group).next().unwrap();
                let person = world.event(event).rsvps[0].person;
                world.rename_event(event, "Renamed long after");
                world.remove_rsvp(event, person);
            }
        });
        rig.sim.blemish(bad, blemish);
        let report = rig.sweep().await.unwrap();
        assert_eq!(
            report.failures.len(),
            1,
            "{blemish:?}: {:?}",
            report.failures
        );
        assert_eq!(rig.differences_apart_from(&[bad]), NONE, "{blemish:?}");
        assert_eq!(rig.falsely_gone(), NONE, "{blemish:?}");
        rig.sim.heal();
        rig.let_time_pass();
        let report = rig.pass().await.unwrap();
        assert_eq!(
            report.outcome,
            Outcome::Done,
            "{blemish:?}: {:?}",
            report.failures
        );
        assert_eq!(rig.differences(), NONE, "{blemish:?} healed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_outside_that_cannot_be_read_costs_itself_alone() {
    let rig = rig(16, 4, Switches::unlimited());
    rig.backfill().await.unwrap();
    rig.sim.blemish(outside(&rig), Blemish::Unreadable);
    let report = rig.pass().await.unwrap();
    assert_eq!(
        (report.outcome, report.failures.len()),
        (Outcome::Partly, 1),
        "{:?}",
        report.failures
    );
    assert_eq!(rig.differences(), NONE);
    rig.sim.heal();
    rig.let_time_pass();
    assert_eq!(rig.pass().await.unwrap().outcome, Outcome::Done);
}

#[tokio::test(flavor = "multi_thread")]
async fn values_that_the_schema_does_not_know_are_kept_as_they_come() {
    let rig = rig(17, 4, Switches::unlimited());
    rig.backfill().await.unwrap();
    let strange = groups_of(&rig)[1];
    rig.sim.blemish(strange, Blemish::StrangeValues);
    let report = rig.sweep().await.unwrap();
    assert_eq!(report.outcome, Outcome::Done, "{:?}", report.failures);
    assert_eq!(rig.differences_apart_from(&[strange]), NONE);
    rig.sim.heal();
    let report = rig.sweep().await.unwrap();
    assert_eq!(report.outcome, Outcome::Done, "{:?}", report.failures);
    assert_eq!(rig.differences(), NONE);
}
