//! Values, orders and filters that the API takes no more.

use super::{NONE, rig};
use gatherd::community::{GroupId, MemberId};
use gatherd::demo::Drift;
use gatherd::sync::{Outcome, PassAsk};

/// Inputs that can be done without, each with how they go.
fn optional() -> Vec<Drift> {
    let gone = [
        "RsvpStatus.MAYBE",
        "RsvpStatus.YES_PENDING_PAYMENT",
        "EventStatus.AUTOSCHED_FINISHED",
        "RsvpSortField.DATETIME",
        "RsvpSortField.RSVP_ID",
        "GroupMembershipSortField.JOIN_DATE",
        "SortOrder.DESC",
        "RsvpSort.sortOrder",
    ];
    let arguments = [
        "Event.rsvps.sort",
        "Group.memberships.sort",
        "Group.events.sort",
    ];
    gone.map(|it| Drift::Gone(it.into()))
        .into_iter()
        .chain(arguments.map(|it| Drift::ArgumentGone(it.into())))
        .collect()
}

fn place(drift: &Drift) -> String {
    match drift {
        Drift::Gone(place) | Drift::ArgumentGone(place) => place.clone(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dropped_value_or_order_is_left_out_and_told_and_everything_is_still_found() {
    let rig = rig(21);
    rig.backfill().await.unwrap();
    for drift in optional() {
        let place = place(&drift);
        rig.sim.drift(std::slice::from_ref(&drift)).unwrap();
        rig.sim.with_world(|world| {
            let at = world.groups().next().unwrap().0;
            let event = world.events_of(at).next().unwrap();
            world.rename_event(event, &format!("Renamed under {place}"));
        });
        let syncer = rig.another_syncer();
        let sweep = PassAsk {
            sweep: true,
            work_units: true,
        };
        let report = syncer.pass(sweep).await;
        let report = report.unwrap_or_else(|error| panic!("{place}: {error}"));
        assert_eq!(report.outcome, Outcome::Done, "{place}: {report:?}");
        assert!(
            report
                .cut
                .iter()
                .any(|it| it.starts_with(&format!("{place} is gone"))),
            "{place}: {:?}",
            report.cut
        );
        assert_eq!(rig.differences(), NONE, "{place}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_bounds_an_answer_ends_a_pass_with_its_name() {
    let rig = rig(22);
    rig.backfill().await.unwrap();
    for drift in [
        Drift::Gone("RsvpStatus.YES".into()),
        Drift::ArgumentGone("Event.rsvps.filter".into()),
        Drift::Gone("NetworkEventsFilter.eventDateMin".into()),
    ] {
        rig.sim.drift(std::slice::from_ref(&drift)).unwrap();
        let passed = rig.another_syncer().pass(PassAsk::default()).await;
        let said = passed.map(drop).unwrap_err().to_string();
        assert!(said.contains(&place(&drift)), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_value_is_known_from_the_refusals_words_where_the_schema_is_not_shown() {
    let rig = rig(23);
    rig.backfill().await.unwrap();
    rig.sim
        .switch(|switches| switches.introspection_refused = true);
    rig.sim
        .drift(&[Drift::Gone("RsvpStatus.MAYBE".into())])
        .unwrap();
    let report = rig.another_syncer().pass(PassAsk::default()).await.unwrap();
    assert_eq!(report.outcome, Outcome::Done);
    assert!(
        report.cut[0].starts_with("RsvpStatus.MAYBE"),
        "{:?}",
        report.cut
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_value_that_is_sent_as_a_variable_is_left_out_too() {
    let rig = rig(24);
    let (group, member) = rig.sim.with_world(|world| {
        let (_, group) = world.groups().next().unwrap();
        let person = group.memberships[0].person;
        (group.id.to_string(), world.person(person).id.to_string())
    });
    let (group, member) = (GroupId(group), MemberId(member));
    let meetup = rig.meetup(&rig.mirror);
    for drift in [
        Drift::Gone("MembershipStatus.BOUNCED".into()),
        Drift::Gone("MembershipStatus.DEAD".into()),
    ] {
        rig.sim.drift(&[drift]).unwrap();
        let found = meetup
            .members_of(&group, std::slice::from_ref(&member))
            .await;
        assert_eq!(found.unwrap().value.unwrap().rows.len(), 1);
    }
    let kept: Vec<String> = meetup.cut_fields().into_iter().map(|it| it.place).collect();
    assert!(
        kept.contains(&"MembershipStatus.DEAD".to_owned()),
        "{kept:?}"
    );
}
