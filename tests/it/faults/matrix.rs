//! Every fault on every operation: once and several times in a row it is overcome without a trace,
//! and without end it costs what it hides and nothing more.

use super::{NONE, groups_of, outside, rig, soonest};
use crate::rig::Rig;
use gatherd::demo::world::{Answer, GroupAt};
use gatherd::demo::{Fault, On, Switches};
use gatherd::sync::{Outcome, PassReport, SyncError};
use std::time::Duration;

/// Each fault that passes, and how often in a row a question survives it.
const FAULTS: &[(Fault, u32)] = &[
    (Fault::Refuse, 4),
    (Fault::Reset, 4),
    (Fault::Hang, 1),
    (Fault::Slow(Duration::from_millis(30)), 1),
    (Fault::CutBody, 4),
    (Fault::Status(400), 2),
    (Fault::Status(500), 4),
    (Fault::Status(503), 4),
    (Fault::Html(200), 4),
    (Fault::Html(403), 4),
    (Fault::Html(502), 4),
    (Fault::TooMany(None), 3),
    (Fault::TooMany(Some(0)), 3),
    (Fault::EmptyBody, 4),
    (Fault::InvalidJson, 4),
    (Fault::RateLimited, 3),
    (Fault::ServerError, 4),
];

/// What makes a pass ask an operation.
#[derive(Debug, Clone, Copy)]
enum Stir {
    /// Any pass does.
    Nothing,
    /// A changed answer to a coming event.
    Rsvp,
    /// An event of the network deleted.
    Deletion,
    /// A coming event of the outside group deleted.
    DeletionOutside,
    /// A member gone.
    Departure,
    /// The outside group not yet known by its id.
    Unknown,
    /// A group left alone after failures.
    Waiting,
    /// A full sweep.
    Sweep,
}

const OPERATIONS: &[(&str, Stir)] = &[
    ("NetworkGroups", Stir::Nothing),
    ("NetworkEvents", Stir::Nothing),
    ("GroupsById", Stir::Nothing),
    ("EventRsvps", Stir::Rsvp),
    ("EventsById", Stir::Deletion),
    ("GroupEvents", Stir::DeletionOutside),
    ("GroupMemberships", Stir::Departure),
    ("GroupsByUrlname", Stir::Unknown),
    ("NetworkGroupIds", Stir::Waiting),
    ("NetworkEventsRiding", Stir::Sweep),
    ("GroupEventsRiding", Stir::Sweep),
];

/// What no pass asks, but a person who wants to know what the account sees.
const BESIDE_PASSES: [&str; 3] = ["Myself", "NetworkSeen", "GroupsSeen"];

/// Changes something, so that the next pass asks what it should.
fn stir(rig: &Rig, stir: Stir, turn: i64) {
    let groups = groups_of(rig);
    match stir {
        Stir::Nothing | Stir::Sweep => {}
        Stir::Rsvp => {
            let event = soonest(rig, groups[0]);
            rig.sim.with_world(|world| {
                let person = world.event(event).rsvps[0].person;
                let answer = if turn % 2 == 0 {
                    Answer::No
                } else {
                    Answer::Yes
                };
                let now = world.now();
                world.answer(event, person, answer, now);
            });
        }
        Stir::Deletion | Stir::DeletionOutside => rig.sim.with_world(|world| {
            let event = world.event_of_token(&format!("once{turn}")).unwrap();
            world.delete_event(event);
        }),
        Stir::Departure => rig.sim.with_world(|world| {
            let many = |at: &&GroupAt| world.group(**at).memberships.len();
            let largest = *groups.iter().max_by_key(many).unwrap();
            let person = world.group(largest).memberships.last().unwrap().person;
            world.leave(largest, person, false);
        }),
        Stir::Unknown => rig.meddle("UPDATE group_row SET configured_as = NULL"),
        Stir::Waiting => rig.meddle(
            "UPDATE group_row SET retry_at = unixepoch() + 36000, failures = 1, failure = 'x'
             WHERE key = (SELECT min(key) FROM group_row)",
        ),
    }
}

async fn ask(rig: &Rig, stir: Stir) -> Result<PassReport, SyncError> {
    match stir {
        Stir::Sweep => rig.sweep().await,
        _ => rig.pass().await,
    }
}

async fn overcomes(operation: &'static str, how: Stir) {
    let rig = rig(11, 4, Switches::unlimited());
    rig.backfill().await.unwrap();
    // The outside group is known by its id from the first pass on.
    rig.pass().await.unwrap();
    for (turn, (fault, times)) in FAULTS.iter().enumerate() {
        for (again, times) in [1, *times].into_iter().enumerate() {
            let turn = (turn * 2 + again) as i64;
            if matches!(how, Stir::Deletion | Stir::DeletionOutside) {
                plant(&rig, how, turn);
                rig.pass().await.unwrap();
            }
            stir(&rig, how, turn);
            rig.sim
                .fault(On::Operation(operation.into()), *fault, times);
            let what = format!("{operation} meets {fault:?} {times} times");
            let report = ask(&rig, how).await;
            let report = report.unwrap_or_else(|error| panic!("{what}: {error}"));
            let wanted = if matches!(how, Stir::Waiting) {
                Outcome::Partly
            } else {
                Outcome::Done
            };
            assert_eq!(report.outcome, wanted, "{what}: {:?}", report.failures);
            assert_eq!(rig.sim.faults_left(), 0, "{what}: never asked");
            rig.meddle("UPDATE group_row SET retry_at = NULL, failures = 0, failure = NULL");
            assert_eq!(rig.differences(), NONE, "{what}");
            assert_eq!(rig.falsely_gone(), NONE, "{what}");
        }
    }
    // Without end: the pass says so, nothing is lost, and the next pass after it makes all good.
    if matches!(how, Stir::Deletion | Stir::DeletionOutside) {
        plant(&rig, how, 999);
        rig.pass().await.unwrap();
    }
    stir(&rig, how, 999);
    rig.sim
        .fault(On::Operation(operation.into()), Fault::Status(503), 10_000);
    let report = ask(&rig, how).await.unwrap();
    assert_ne!(
        report.outcome,
        Outcome::Done,
        "{operation} is never answered"
    );
    assert!(!report.failures.is_empty(), "{operation}");
    assert_eq!(rig.falsely_gone(), NONE, "{operation}");
    rig.sim.heal();
    rig.let_time_pass();
    let report = rig.pass().await.unwrap();
    assert_eq!(
        report.outcome,
        Outcome::Done,
        "{operation}: {:?}",
        report.failures
    );
    assert_eq!(rig.differences(), NONE, "{operation}");
    let units = rig.rows("SELECT count(*) FROM units WHERE state = 'due'");
    assert_eq!(units, ["0"], "{operation}");
}

/// Announces an event that can be deleted later.
fn plant(rig: &Rig, how: Stir, turn: i64) {
    let group = match how {
        Stir::Deletion => groups_of(rig)[0],
        _ => outside(rig),
    };
    rig.sim.with_world(|world| {
        let like = world.events_of(group).next_back().unwrap();
        let mut event = world.event(like).clone();
        (event.id, event.token) = (String::new(), format!("once{turn}"));
        event.starts_at = Some(world.now() + 20 * 86_400 + turn);
        event.rsvps.clear();
        world.add_event(event);
    });
}

macro_rules! each_operation {
    ($($name:ident: $operation:literal),+ $(,)?) => {
        $(#[tokio::test(flavor = "multi_thread")]
        async fn $name() {
            let (operation, how) = OPERATIONS.iter().find(|(name, _)| *name == $operation).unwrap();
            overcomes(operation, *how).await;
        })+

        #[test]
        fn no_operation_is_forgotten() {
            let mut asked: Vec<String> = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/graphql"))
                .unwrap()
                .map(|file| file.unwrap().path())
                // What only `doctor` asks fails before somebody's eyes and mirrors nothing.
                .filter(|file| !file.ends_with("probe.graphql"))
                .map(|file| std::fs::read_to_string(file).unwrap())
                .flat_map(|text| {
                    let queries = text.lines().filter_map(|line| line.strip_prefix("query "));
                    let names = queries.map(|rest| rest.split(['(', ' ']).next().unwrap().to_owned());
                    names.collect::<Vec<_>>()
                })
                .collect();
            let mut tried = vec![$($operation.to_owned()),+];
            tried.extend(BESIDE_PASSES.map(str::to_owned));
            asked.sort();
            tried.sort();
            assert_eq!(tried, asked);
        }
    };
}

each_operation! {
    a_networks_groups_come_through_every_fault: "NetworkGroups",
    hot_events_come_through_every_fault: "NetworkEvents",
    known_groups_outside_come_through_every_fault: "GroupsById",
    rsvps_come_through_every_fault: "EventRsvps",
    missing_events_come_through_every_fault: "EventsById",
    events_outside_come_through_every_fault: "GroupEvents",
    memberships_come_through_every_fault: "GroupMemberships",
    new_groups_outside_come_through_every_fault: "GroupsByUrlname",
    bare_ids_come_through_every_fault: "NetworkGroupIds",
    history_comes_through_every_fault: "NetworkEventsRiding",
    history_outside_comes_through_every_fault: "GroupEventsRiding",
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_question_ends_the_pass_and_loses_nothing() {
    for operation in ["NetworkGroups", "NetworkEvents"] {
        let rig = rig(12, 4, Switches::unlimited());
        rig.backfill().await.unwrap();
        let group = groups_of(&rig)[0];
        rig.sim
            .with_world(|world| world.rename_group(group, "New name", "new-name"));
        rig.sim
            .fault(On::Operation(operation.into()), Fault::CursorRefused, 1);
        let error = rig.pass().await.unwrap_err();
        assert!(error.to_string().contains("refused by Meetup"), "{error}");
        assert_eq!(
            rig.rows("SELECT outcome FROM passes ORDER BY id DESC LIMIT 1"),
            ["failed"]
        );
        assert_eq!(rig.pass().await.unwrap().outcome, Outcome::Done);
        assert_eq!(rig.differences(), NONE);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_account_sees_is_told_through_every_fault() {
    let rig = rig(13, 4, Switches::unlimited());
    let meetup = rig.meetup(&rig.mirror);
    let (network, group) = rig.sim.with_world(|world| {
        let network = world.networks().next().unwrap().1.urlname.clone();
        (network, world.groups().next().unwrap().1.urlname.clone())
    });
    for (fault, times) in FAULTS {
        for operation in BESIDE_PASSES {
            rig.sim
                .fault(On::Operation(operation.into()), *fault, *times);
        }
        assert!(meetup.myself().await.unwrap().is_some(), "{fault:?}");
        let seen = meetup.network_seen(&network).await.unwrap().unwrap();
        assert_eq!(seen.groups, 3, "{fault:?}");
        assert!(meetup.network_seen("nobodys").await.unwrap().is_none());
        let seen = meetup.groups_seen(&[&group, "nobodys"]).await.unwrap();
        assert!(
            seen[0].is_some() && seen[1].is_none(),
            "{fault:?}: {seen:?}"
        );
        assert_eq!(rig.sim.faults_left(), 0, "{fault:?}");
    }
}
