//! The API's schema, compared with what is used of it.

use super::{NONE, gone, rig};
use crate::program::Program;
use gatherd::demo::Drift;
use gatherd::mirror::{DriftFinding, DriftWeight, drift_findings, schema_checked_at};
use gatherd::sync::PassAsk;

fn told(found: &[DriftFinding]) -> Vec<String> {
    let line = |it: &DriftFinding| format!("{} {} {}", it.weight, it.place, it.what);
    found.iter().map(line).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_api_as_it_is_differs_in_nothing() {
    let rig = rig(10);
    assert_eq!(rig.syncer.check_schema().await.unwrap(), []);
    assert!(rig.mirror.read(schema_checked_at).unwrap().is_some());
    let asked = rig.sim.counters();
    assert_eq!(asked.requests, 1);
    assert!(asked.bytes < 100_000, "{} bytes", asked.bytes);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_kind_of_difference_is_told_by_its_weight() {
    let rig = rig(11);
    let text = str::to_owned;
    for (changes, expected) in [
        (
            gone("Event.token"),
            "error Event.token is gone from Meetup's API, and an event is known by it",
        ),
        (gone("Event.maxTickets"), "warning Event.maxTickets is gone"),
        (
            vec![Drift::ArgumentGone(text("Group.memberships.filter"))],
            "error Group.memberships.filter can no longer be given",
        ),
        (
            vec![Drift::Gone(text("NetworkEventsFilter.groupIds"))],
            "error NetworkEventsFilter.groupIds can no longer be given",
        ),
        (
            vec![Drift::Gone(text("RsvpStatus.MAYBE"))],
            "warning RsvpStatus.MAYBE is gone from Meetup's API: nothing is asked for by it",
        ),
        (
            vec![Drift::Gone(text("EventStatus.AUTOSCHED"))],
            "warning EventStatus.AUTOSCHED is gone from Meetup's API",
        ),
        (
            vec![Drift::Gone(text("EventStatus.PAST"))],
            "error EventStatus.PAST is no value any more, and what has it could not be asked for",
        ),
        (
            vec![Drift::ArgumentGone(text("Event.rsvps.sort"))],
            "warning Event.rsvps.sort is gone from Meetup's API: rows come in Meetup's own order",
        ),
        (
            vec![Drift::New(text("EventStatus.POSTPONED"))],
            "note EventStatus.POSTPONED is a new value",
        ),
        (
            vec![Drift::Nullable(text("Event.title"))],
            "warning Event.title may be null now",
        ),
        (
            vec![Drift::Retyped(text("Event.maxTickets"), "String")],
            "warning Event.maxTickets is of type String now, not Int",
        ),
        (
            vec![Drift::Retyped(text("Rsvp.id"), "Int")],
            "error Rsvp.id is of type Int now",
        ),
        (
            vec![Drift::Needed(text("Event.rsvps.after"))],
            "error Event.rsvps.after takes String! now",
        ),
        (
            vec![Drift::Needed(text("NetworkEventsFilter.eventDateMin"))],
            "error NetworkEventsFilter.eventDateMin takes DateTime! now",
        ),
    ] {
        rig.sim.drift(&changes).unwrap();
        let found = rig.syncer.check_schema().await.unwrap();
        let lines = told(&found);
        assert!(
            lines.iter().any(|it| it.starts_with(expected)),
            "{expected}: {lines:?}"
        );
        let of = found
            .iter()
            .find(|it| expected.contains(&it.place))
            .unwrap();
        assert!(!of.operations.is_empty(), "{expected}");
        assert_eq!(rig.mirror.read(drift_findings).unwrap().len(), found.len());
    }
    // A value of the schema that is never sent may go; nobody is told.
    rig.sim
        .drift(&[Drift::Gone(text("GroupStatus.DEAD"))])
        .unwrap();
    let found = rig.syncer.check_schema().await.unwrap();
    assert!(
        !told(&found).iter().any(|it| it.contains("DEAD")),
        "{found:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_field_is_new_only_against_an_earlier_look() {
    let rig = rig(12);
    rig.sim.drift(&[Drift::New("Group.mood".into())]).unwrap();
    assert_eq!(
        rig.syncer.check_schema().await.unwrap(),
        [],
        "there from the start"
    );
    let changes = ["Group.mood", "Group.weather"].map(|it| Drift::New(it.into()));
    rig.sim.drift(&changes).unwrap();
    for _ in 0..2 {
        let found = rig.syncer.check_schema().await.unwrap();
        assert_eq!(
            told(&found),
            ["note Group.weather is new in Meetup's API; gatherd does not ask for it"]
        );
    }
    rig.meddle("UPDATE schema_field_row SET first_seen_at = first_seen_at - 31 * 86400");
    assert_eq!(
        rig.syncer.check_schema().await.unwrap(),
        [],
        "no news any more"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_look_cuts_before_anything_is_refused_and_asks_again_for_what_is_back() {
    let rig = rig(13);
    rig.backfill().await.unwrap();
    rig.sim.drift(&gone("Group.city")).unwrap();
    rig.syncer.check_schema().await.unwrap();
    rig.sim.reset_counters();
    let report = rig.syncer.pass(PassAsk::default()).await.unwrap();
    assert_eq!(report.cut.len(), 1);
    let asked = rig.sim.counters().by_operation;
    assert_eq!(asked.get(""), None, "nothing was refused: {asked:?}");
    rig.sim.drift(&[]).unwrap();
    rig.sim.with_world(|world| {
        let (group, _) = world.groups().next().unwrap();
        world.edit_group(group, |group| group.city = "Elsewhere".into());
    });
    rig.pass().await.unwrap();
    assert_ne!(rig.differences(), NONE, "still cut");
    assert_eq!(rig.syncer.check_schema().await.unwrap(), []);
    assert_eq!(rig.pass().await.unwrap().cut, NONE);
    assert_eq!(rig.differences(), NONE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_shows_no_schema_is_worth_a_note() {
    let rig = rig(14);
    rig.sim
        .switch(|switches| switches.introspection_refused = true);
    let found = rig.syncer.check_schema().await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].weight, DriftWeight::Note);
    assert!(found[0].what.contains("is refused by Meetup"), "{found:?}");
    rig.backfill().await.unwrap();
}

#[test]
fn the_daemon_looks_at_its_start_and_keeps_what_it_found() {
    let program = Program::small(62);
    program.run(&["backfill"]).exits(0);
    let changes = [gone("Group.city"), gone("Rsvp.status")].concat();
    program.sim.drift(&changes).unwrap();
    let daemon = program.start(&["run"]);
    daemon.logs("Meetup's API: Rsvp.status is gone from Meetup's API, and it is the answer");
    daemon.logs("Group.city is gone");
    daemon.signal("TERM");
    daemon.ends().exits(0);
    let kept = program.rows("SELECT weight, place FROM drift ORDER BY weight");
    assert!(kept.contains(&"error|Rsvp.status".to_owned()), "{kept:?}");
    assert!(kept.contains(&"warning|Group.city".to_owned()), "{kept:?}");
}
