//! Fields that the API has no more, found out by a refused question.

use super::{NONE, gone, rig};
use crate::program::Program;
use crate::rig::Rig;
use gatherd::demo::Drift;
use gatherd::meetup::{AskError, used_fields};
use gatherd::sync::{Outcome, PassAsk, SyncError};

const SWEEP: PassAsk = PassAsk {
    sweep: true,
    work_units: true,
};

/// Operations that only `doctor` asks.
fn is_of_doctor(operation: &str) -> bool {
    operation.starts_with("Probe")
        || ["Myself", "NetworksOfMine", "NetworkSeen", "GroupsSeen"].contains(&operation)
}

/// Fields that passes ask for, with whether they are required.
fn fields_of_passes() -> Vec<(String, bool)> {
    let fields = used_fields().into_iter();
    fields
        .filter(|(_, operations, _)| !operations.iter().all(|it| is_of_doctor(it)))
        .map(|(place, _, required)| (place, required.is_some()))
        .collect()
}

/// Everything that is mirrored of Meetup.
fn mirrored(rig: &Rig) -> Vec<String> {
    let mut all = Vec::new();
    for view in [
        "networks",
        "groups",
        "members",
        "memberships",
        "events",
        "event_hosts",
        "venues",
        "rsvps",
        "rsvp_changes",
    ] {
        let rows = rig.rows(&format!("SELECT * FROM {view}"));
        assert!(!rows.is_empty() || view == "rsvp_changes", "{view}");
        all.extend(rows.into_iter().map(|row| format!("{view} {row}")));
    }
    all.sort();
    all
}

fn first_difference(before: &[String], after: &[String]) -> Option<String> {
    let lost = before.iter().find(|row| !after.contains(row));
    let new = after.iter().find(|row| !before.contains(row));
    lost.or(new)
        .map(|_| format!("\n  before {lost:?}\n  after  {new:?}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_optional_field_may_go_and_nothing_known_is_lost() {
    let rig = rig(3);
    rig.backfill().await.unwrap();
    rig.pass().await.unwrap();
    let before = mirrored(&rig);
    let optional: Vec<String> = fields_of_passes()
        .into_iter()
        .filter_map(|(place, is_required)| (!is_required).then_some(place))
        .collect();
    assert!(optional.len() > 40, "{optional:?}");
    let mut untried = optional.clone();
    for place in &optional {
        rig.sim.drift(&gone(place)).unwrap();
        rig.sim.reset_counters();
        let report = rig.another_syncer().pass(PassAsk::default()).await;
        let report = report.unwrap_or_else(|error| panic!("{place}: {error}"));
        assert_eq!(report.outcome, Outcome::Done, "{place}");
        assert_eq!(report.rows_changed, 0, "{place}");
        let line = format!("{place} is gone");
        if report.cut.iter().any(|it| it.starts_with(&line)) {
            untried.retain(|it| it != place);
        }
        assert_eq!(first_difference(&before, &mirrored(&rig)), None, "{place}");
        let walks = rig.sim.counters().by_operation;
        assert_eq!(
            walks.get("EventRsvps"),
            None,
            "{place}: looks like a change"
        );
        let kept = rig.rows("SELECT place, weight, found_at > '2020' FROM drift");
        let line = format!("{place}|warning|1");
        assert!(
            kept.contains(&line) || untried.contains(place),
            "{place}: {kept:?}"
        );
    }
    // Of listings that only a sweep walks: see below.
    let of_sweeps =
        ["GroupEventConnection", "GroupMemberConnection"].map(|it| format!("{it}.totalCount"));
    assert_eq!(untried, of_sweeps);
    rig.sim.drift(&[]).unwrap();
    rig.sweep().await.unwrap();
    assert_eq!(rig.rows("SELECT * FROM drift"), NONE, "all is well again");
    assert_eq!(rig.differences(), NONE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_optional_fields_may_go_at_once_and_what_happens_meanwhile_is_seen() {
    let rig = rig(4);
    rig.backfill().await.unwrap();
    let optional = fields_of_passes()
        .into_iter()
        .filter(|(_, required)| !required);
    let all: Vec<Drift> = optional.flat_map(|(place, _)| gone(&place)).collect();
    rig.sim.drift(&all).unwrap();
    let known = mirrored(&rig);
    let before = rig.rows("SELECT count(*) FROM events");
    let report = rig.sweep().await.unwrap();
    assert_eq!(report.outcome, Outcome::Done);
    assert_eq!(first_difference(&known, &mirrored(&rig)), None);
    // A new event, one that moves, an answer that changes.
    let moved = rig.sim.with_world(|world| {
        let now = world.now();
        let (group, _) = world.groups().next().unwrap();
        let host = world.group(group).memberships[0].person;
        world.announce(group, "Meanwhile", now + 86_400, &[host], now);
        let old = world
            .events_of(group)
            .find(|at| world.event(*at).starts_at.is_some_and(|at| at < now))
            .unwrap();
        world.move_event(old, Some(now + 2 * 86_400));
        world.event(old).token.clone()
    });
    rig.pass().await.unwrap();
    let after = rig.rows("SELECT count(*) FROM events");
    assert_eq!(
        after[0].parse::<i64>().unwrap(),
        before[0].parse::<i64>().unwrap() + 1
    );
    let lasts = rig.rows(&format!(
        "SELECT strftime('%s', ends_at) - strftime('%s', starts_at) > 0 FROM events WHERE token = '{moved}'"
    ));
    assert_eq!(lasts, ["1"], "the end moves with the start");
    rig.sim.drift(&[]).unwrap();
    rig.syncer.check_schema().await.unwrap();
    rig.sweep().await.unwrap();
    assert_eq!(rig.differences(), NONE);
    assert_eq!(
        rig.rows("SELECT title FROM events WHERE title IN ('', 'Meanwhile')"),
        ["Meanwhile"]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_required_field_that_goes_is_named_with_its_operation() {
    let rig = rig(5);
    rig.backfill().await.unwrap();
    let before = mirrored(&rig);
    for (place, _) in fields_of_passes()
        .into_iter()
        .filter(|(_, required)| *required)
    {
        // These are asked only where something changed or is configured anew.
        if ["Query.event", "Query.groupByUrlname"].contains(&place.as_str()) {
            continue;
        }
        rig.sim.drift(&gone(&place)).unwrap();
        rig.let_time_pass();
        let ended = rig.another_syncer().pass(SWEEP).await;
        let error = ended.err().unwrap_or_else(|| panic!("{place}"));
        let SyncError::Ask(AskError::Outgrown {
            operation,
            place: named,
            ..
        }) = &error
        else {
            panic!("{place}: {error}");
        };
        assert_eq!(*named, place);
        let said = error.to_string();
        assert!(
            said.contains(operation) && said.contains("newer gatherd"),
            "{said}"
        );
    }
    assert_eq!(first_difference(&before, &mirrored(&rig)), None);
    rig.sim.drift(&[]).unwrap();
    rig.let_time_pass();
    rig.sweep().await.unwrap();
    assert_eq!(rig.differences(), NONE);
}

#[test]
fn the_program_names_what_went_and_exits_1_or_goes_on() {
    let program = Program::small(61);
    program.run(&["backfill"]).exits(0);
    program.sim.drift(&gone("Event.token")).unwrap();
    program.run(&["sync"]).exits(1).says(&[
        "NetworkEvents: Event.token is gone from Meetup's API",
        "newer gatherd",
    ]);
    let lost = [gone("Group.city"), gone("RsvpConnection.noShowCount")].concat();
    program.sim.drift(&lost).unwrap();
    program.run(&["sync"]).exits(0).says(&[
        "note: Group.city is gone",
        "note: RsvpConnection.noShowCount is gone",
        "NetworkGroups",
    ]);
    assert_eq!(program.differences(), NONE);
    program.sim.drift(&[]).unwrap();
    let ran = program.run(&["sync"]).exits(0);
    assert!(!ran.said().contains("is gone"), "{}", ran.said());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_whose_words_tell_nothing_is_understood_by_looking_at_the_schema() {
    let rig = rig(6);
    rig.backfill().await.unwrap();
    // Of another type: the selection below it is what Meetup complains of.
    rig.sim
        .drift(&[Drift::Retyped("Group.stats".into(), "String")])
        .unwrap();
    let report = rig.another_syncer().pass(PassAsk::default()).await.unwrap();
    assert_eq!(report.outcome, Outcome::Done);
    assert!(
        report.cut[0].starts_with("Group.stats is gone"),
        "{:?}",
        report.cut
    );
    // A filter cannot be cut: its loss is told by the schema.
    rig.sim
        .drift(&[Drift::ArgumentGone("Event.rsvps.filter".into())])
        .unwrap();
    let error = rig
        .another_syncer()
        .pass(PassAsk::default())
        .await
        .map(drop)
        .unwrap_err();
    let said = error.to_string();
    assert!(
        said.contains("Event.rsvps.filter can no longer be given"),
        "{said}"
    );
    // Where the schema is not shown either, Meetup's own words are all there is.
    rig.sim
        .switch(|switches| switches.introspection_refused = true);
    let error = rig
        .another_syncer()
        .pass(PassAsk::default())
        .await
        .map(drop)
        .unwrap_err();
    assert!(error.to_string().contains("refused by Meetup"), "{error}");
}
