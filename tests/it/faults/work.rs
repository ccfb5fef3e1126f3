//! Units of work that meet a changed world: nothing is forgotten, and nothing is worked for ever.

use super::{NONE, groups_of, rig};
use crate::rig::{Rig, rows};
use gatherd::demo::{Fault, On, Switches};
use gatherd::mirror::{self, EventKey, NewUnit, Purpose};
use gatherd::sync::{BackfillAsk, Outcome};

/// An event of the long past, which no pass lists; its token and key.
fn old_event(rig: &Rig) -> (gatherd::demo::world::EventAt, String, EventKey) {
    let group = groups_of(rig)[0];
    let (at, token) = rig.sim.with_world(|world| {
        let at = world.events_of(group).next().unwrap();
        (at, world.event(at).token.clone())
    });
    let key = rig.rows(&format!(
        "SELECT key FROM event_row WHERE token = '{token}'"
    ));
    (at, token, EventKey(key[0].parse().unwrap()))
}

fn due(rig: &Rig) -> Vec<String> {
    rig.rows("SELECT purpose || ' ' || kind FROM units WHERE state = 'due'")
}

fn plan(rig: &Rig, unit: NewUnit) {
    rig.mirror
        .write(chrono::Utc::now(), |w| w.plan_unit(&unit))
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_event_that_vanished_before_its_rsvps_were_read_is_settled_at_once() {
    let rig = rig(61, 4, Switches::unlimited());
    rig.backfill().await.unwrap();
    let (at, token, key) = old_event(&rig);
    plan(&rig, NewUnit::rsvps(Purpose::Backfill, key));
    rig.sim.with_world(|world| world.delete_event(at));
    let pass = rig.pass().await.unwrap();
    assert_eq!(pass.outcome, Outcome::Done, "{:?}", pass.failures);
    let gone = format!("SELECT gone_at IS NOT NULL FROM events WHERE token = '{token}'");
    assert_eq!(rig.rows(&gone), ["1"]);
    assert_eq!(due(&rig), NONE);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_event_given_a_new_id_before_its_rsvps_were_read_is_found_by_its_token() {
    let switches = Switches {
        old_id_answers: false,
        ..Switches::unlimited()
    };
    let rig = rig(62, 4, switches);
    rig.backfill().await.unwrap();
    let (at, token, key) = old_event(&rig);
    plan(&rig, NewUnit::rsvps(Purpose::Backfill, key));
    let id = rig.sim.with_world(|world| {
        let id = world.replace_event_id(at);
        let person = world.add_person("Late Riser");
        world.answer(at, person, gatherd::demo::world::Answer::Yes, world.now());
        id
    });
    let pass = rig.pass().await.unwrap();
    assert_eq!(pass.outcome, Outcome::Done, "{:?}", pass.failures);
    let kept = format!("SELECT id FROM events WHERE token = '{token}'");
    assert_eq!(rig.rows(&kept), [id]);
    assert_eq!(rig.differences(), NONE);
    assert_eq!(due(&rig), NONE);
}

#[tokio::test(flavor = "multi_thread")]
async fn units_of_a_network_that_left_the_configuration_are_not_worked() {
    let mut rig = rig(63, 4, Switches::unlimited());
    rig.backfill().await.unwrap();
    let network = rig.mirror.read(mirror::networks).unwrap()[0].key;
    plan(
        &rig,
        NewUnit::network_events(Purpose::Sweep, network, None, None),
    );
    rig.configure(&[], &[]);
    let pass = rig.pass().await.unwrap();
    assert_eq!((pass.outcome, pass.requests), (Outcome::Done, 0));
    assert_eq!(due(&rig), NONE);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_that_comes_back_to_the_configuration_is_read_anew() {
    let mut rig = rig(64, 4, Switches::unlimited());
    rig.backfill().await.unwrap();
    let (networks, groups) = rig.configured();
    rig.configure(&[], &[]);
    rig.pass().await.unwrap();
    let (at, ..) = old_event(&rig);
    rig.sim
        .with_world(|world| world.rename_event(at, "Renamed while nobody looked"));
    rig.configure(&networks, &groups);
    let pass = rig.pass().await.unwrap();
    assert_eq!(pass.outcome, Outcome::Done, "{:?}", pass.failures);
    assert_eq!(rig.differences(), NONE);
    let incomplete = "SELECT count(*) FROM groups WHERE NOT history_complete";
    assert_eq!(rig.rows(incomplete), ["0"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn restarting_the_history_of_one_group_plans_that_group_and_no_other() {
    let rig = rig(65, 6, Switches::unlimited());
    rig.backfill().await.unwrap();
    let ask = BackfillAsk {
        groups: rig.rows("SELECT urlname FROM groups ORDER BY 1 LIMIT 1"),
        restart: true,
        ..BackfillAsk::default()
    };
    let one = rig.syncer.backfill(&ask).await.unwrap();
    assert_eq!(one.outcome, Outcome::Done, "{:?}", one.failures);
    assert!(one.requests > 0);
    let quiet = rig.pass().await.unwrap();
    assert!(quiet.requests <= 3, "{} requests", quiet.requests);
    assert_eq!(quiet.rows_changed, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_acceptance_that_comes_while_a_pass_runs_is_for_the_next_one() {
    let rig = rig(66, 8, Switches::unlimited());
    rig.backfill().await.unwrap();
    rig.sim.with_world(|world| {
        let groups: Vec<_> = world.groups().map(|(at, _)| at).take(5).collect();
        groups.into_iter().for_each(|at| world.leave_network(at));
    });
    assert_eq!(rig.pass().await.unwrap().outcome, Outcome::Partly);
    let beside = rig.opened_again();
    rig.sim.before_answer(move |_, _| {
        beside
            .write(chrono::Utc::now(), |w| w.accept_losses(None))
            .unwrap();
    });
    assert_eq!(rig.pass().await.unwrap().outcome, Outcome::Partly);
    rig.sim.forget_hook();
    let next = rig.pass().await.unwrap();
    assert_eq!(next.outcome, Outcome::Done, "{:?}", next.failures);
    let left = "SELECT count(*) FROM groups WHERE gone_why = 'left'";
    assert_eq!(rig.rows(left), ["5"]);
    assert_eq!(rig.mirror.read(mirror::doubts).unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn when_meetup_goes_down_while_vanished_events_are_looked_for_the_search_ends_soon() {
    let rig = rig(67, 6, Switches::unlimited());
    rig.backfill().await.unwrap();
    let vanished = rig.sim.with_world(|world| {
        let groups: Vec<_> = world.groups().map(|(at, _)| at).collect();
        let mut vanished = 0;
        for group in groups {
            for nth in 0..5 {
                world.announce(group, "Soon", world.now() + (nth + 1) * 86_400, &[], 0);
                vanished += 1;
            }
        }
        vanished
    });
    rig.pass().await.unwrap();
    rig.sim.with_world(|world| {
        let events: Vec<_> = world.events().map(|(at, _)| at).collect();
        for at in events {
            if world.event(at).title == "Soon" {
                world.delete_event(at);
            }
        }
    });
    rig.sim
        .fault(On::Operation("GroupEvents".into()), Fault::Reset, 100_000);
    let before = rig.sim.counters().requests;
    let report = rig.pass().await.unwrap();
    assert_eq!(report.outcome, Outcome::Partly);
    let asked = rig.sim.counters().requests - before;
    assert!(
        asked < vanished * 3,
        "{asked} requests for {vanished} events"
    );
    let gone = rows(
        &rig.mirror,
        "SELECT count(*) FROM events WHERE gone_at IS NOT NULL",
    );
    assert_eq!(gone, ["0"], "unknown is not gone");
    rig.sim.heal();
    rig.let_time_pass();
    // Every group's future at once is too much to be believed unasked.
    assert_eq!(rig.pass().await.unwrap().outcome, Outcome::Partly);
    rig.mirror
        .write(chrono::Utc::now(), |w| w.accept_losses(None))
        .unwrap();
    assert_eq!(rig.pass().await.unwrap().outcome, Outcome::Done);
    assert_eq!(rig.differences(), NONE);
}
