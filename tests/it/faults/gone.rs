//! Events that are deleted, come back, move, or change their id.

use super::{NONE, groups_of, rig};
use crate::rig::Rig;
use gatherd::demo::world::EventAt;
use gatherd::demo::{Fault, On, Spoil, Switches};
use gatherd::sync::Outcome;

const DAY: i64 = 86_400;

async fn quiet(rig: &Rig, what: &str) {
    let report = rig.pass().await.unwrap();
    assert_eq!(
        report.outcome,
        Outcome::Done,
        "{what}: {:?}",
        report.failures
    );
    assert_eq!(rig.differences(), NONE, "{what}");
    assert_eq!(rig.falsely_gone(), NONE, "{what}");
}

fn event_of(rig: &Rig, group: usize) -> (EventAt, String) {
    let group = groups_of(rig)[group];
    rig.sim.with_world(|world| {
        let at = world.events_of(group).next_back().unwrap();
        (at, world.event(at).token.clone())
    })
}

fn row(rig: &Rig, columns: &str, token: &str) -> Vec<String> {
    rig.rows(&format!(
        "SELECT {columns} FROM events WHERE token = '{token}'"
    ))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_event_is_gone_in_the_next_pass_and_back_when_restored() {
    let rig = rig(41, 4, Switches::unlimited());
    rig.backfill().await.unwrap();
    let (at, token) = event_of(&rig, 0);
    let rsvps = rig.rows(&format!(
        "SELECT count(*) FROM rsvps WHERE event_token = '{token}'"
    ));
    rig.sim.with_world(|world| world.delete_event(at));
    quiet(&rig, "deleted").await;
    assert_eq!(row(&rig, "gone_at IS NOT NULL", &token), ["1"]);
    let kept = rig.rows(&format!(
        "SELECT count(*) FROM rsvps WHERE event_token = '{token}'"
    ));
    assert_eq!(kept, rsvps, "its answers are kept");
    assert_eq!(rig.pass().await.unwrap().rows_changed, 0, "said once");
    rig.sim.with_world(|world| world.restore_event(at));
    quiet(&rig, "restored").await;
    assert_eq!(row(&rig, "gone_at IS NOT NULL", &token), ["0"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_moves_is_found_wherever_it_went() {
    let rig = rig(42, 4, Switches::unlimited());
    rig.backfill().await.unwrap();
    let now = chrono::Utc::now().timestamp();
    for (nth, days) in [-400, -46, 3, 700].into_iter().enumerate() {
        let (at, token) = event_of(&rig, nth % 3);
        rig.sim
            .with_world(|world| world.move_event(at, Some(now + days * DAY)));
        quiet(&rig, &format!("moved by {days} days")).await;
        assert_eq!(row(&rig, "gone_at IS NOT NULL", &token), ["0"], "{days}");
        assert_eq!(rig.rows("SELECT count(*) FROM events"), ["32"], "{days}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_whose_id_changes_stays_one_event() {
    for old_id_answers in [false, true] {
        let rig = rig(
            43,
            4,
            Switches {
                old_id_answers,
                ..Switches::unlimited()
            },
        );
        rig.backfill().await.unwrap();
        let (at, token) = event_of(&rig, 0);
        rig.sim.with_world(|world| drop(world.replace_event_id(at)));
        quiet(&rig, "another id").await;
        assert_eq!(row(&rig, "count(*)", &token), ["1"]);
        let ids = format!("SELECT count(*) FROM event_ids WHERE event_token = '{token}'");
        assert_eq!(rig.rows(&ids), ["2"]);
        // Then into the far past, out of what a pass lists: neither there nor known by any id.
        for (days, known) in [(10, "3"), (-400, "4")] {
            rig.sim.with_world(|world| {
                world.replace_event_id(at);
                let now = world.now();
                world.move_event(at, Some(now + days * DAY));
            });
            quiet(&rig, "another id and another day").await;
            assert_eq!(row(&rig, "gone_at IS NOT NULL", &token), ["0"]);
            assert_eq!(rig.rows(&ids), [known]);
        }
        let answers = format!(
            "SELECT count(*) = count(DISTINCT id) FROM rsvps WHERE event_token = '{token}'"
        );
        assert_eq!(rig.rows(&answers), ["1"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_hidden_from_the_listing_and_renamed_meanwhile_is_looked_for_once_more() {
    let rig = rig(44, 4, Switches::unlimited());
    rig.backfill().await.unwrap();
    let (at, token) = event_of(&rig, 1);
    rig.sim.with_world(|world| world.delete_event(at));
    // Not in the listing, not under its old id; then it is back under a new one.
    rig.sim.before_answer(move |asked, world| {
        if asked.operation == "EventsById" {
            world.replace_event_id(at);
            world.restore_event(at);
        }
    });
    quiet(&rig, "missed by the listing").await;
    assert_eq!(row(&rig, "gone_at IS NOT NULL", &token), ["0"]);
    rig.sim.forget_hook();
    quiet(&rig, "after that").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_deleted_between_its_listing_and_the_walk_of_its_answers_is_no_failure() {
    let rig = rig(45, 4, Switches::unlimited());
    rig.backfill().await.unwrap();
    let (at, token) = event_of(&rig, 2);
    rig.sim.with_world(|world| {
        let (person, now) = (world.event(at).rsvps[0].person, world.now());
        world.answer(at, person, gatherd::demo::world::Answer::No, now);
    });
    rig.sim.before_answer(move |asked, world| {
        if asked.operation == "EventRsvps" {
            world.delete_event(at);
        }
    });
    let report = rig.pass().await.unwrap();
    assert_eq!(report.outcome, Outcome::Done, "{:?}", report.failures);
    rig.sim.forget_hook();
    quiet(&rig, "the next pass").await;
    assert_eq!(row(&rig, "gone_at IS NOT NULL", &token), ["1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_group_is_gone_and_one_that_left_is_told_from_it() {
    let rig = rig(46, 7, Switches::unlimited());
    rig.backfill().await.unwrap();
    let groups = groups_of(&rig);
    rig.sim.with_world(|world| {
        world.delete_group(groups[0]);
        world.leave_network(groups[1]);
    });
    let gone = "SELECT gone_why FROM groups WHERE gone_at IS NOT NULL ORDER BY gone_why";
    // One null is no proof.
    let first = rig.pass().await.unwrap();
    assert_eq!(first.outcome, Outcome::Partly, "{:?}", first.failures);
    assert_eq!(rig.rows(gone), ["left"]);
    quiet(&rig, "two groups fewer").await;
    assert_eq!(rig.rows(gone), ["deleted", "left"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_whose_events_cannot_be_read_is_asked_once_however_many_are_missing() {
    let rig = rig(48, 4, Switches::unlimited());
    rig.backfill().await.unwrap();
    let group = groups_of(&rig)[0];
    let deleted = rig.sim.with_world(|world| {
        let events: Vec<EventAt> = world.events_of(group).skip(1).collect();
        for at in &events {
            world.delete_event(*at);
        }
        events.len()
    });
    assert!(deleted > 5, "{deleted}");
    // Where there is a row to spoil: in the listing of all its events, not around the missing ones. Nor can
    // their ids be listed bare.
    for operation in ["GroupEvents", "NetworkEventIds", "GroupEventIds"] {
        rig.sim.fault(
            On::Operation(operation.to_owned()),
            Fault::Spoilt(Spoil::Partial),
            1_000,
        );
    }
    rig.sim.reset_counters();
    let report = rig.sweep().await.unwrap();
    assert_eq!(report.outcome, Outcome::Partly);
    assert_eq!(rig.falsely_gone(), NONE);
    let gone = "SELECT count(*) FROM events WHERE gone_at IS NOT NULL";
    assert_eq!(rig.rows(gone), ["0"], "nothing is known of them");
    let asked = rig.sim.counters().by_operation;
    // A sweep begins with a pass: each looks around one event, then everywhere, and believes the third failure.
    assert!(asked["GroupEvents"] <= 8, "{asked:?} for {deleted} events");
    // Bare ids are listed around what does not show its own: 80 times a look at most.
    assert!(asked["NetworkEventIds"] <= 160, "{asked:?}");
    // Where the ids can be listed, all that is there is read one by one, and what is not is known to be gone.
    rig.sim.heal();
    rig.let_time_pass();
    rig.sim.fault(
        On::Operation("GroupEvents".to_owned()),
        Fault::Spoilt(Spoil::Partial),
        1_000,
    );
    let report = rig.sweep().await.unwrap();
    assert_eq!(report.outcome, Outcome::Done, "{:?}", report.failures);
    assert_eq!(rig.falsely_gone(), NONE);
    assert_eq!(rig.rows(gone), [deleted.to_string()]);
}
