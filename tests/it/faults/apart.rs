//! One bad row costs itself: everything else of its group is read, and what was known stays.

use super::{NONE, groups_of, outside, rig, soonest};
use crate::rig::Rig;
use gatherd::community::FailureKind;
use gatherd::demo::world::{Answer, EventAt, GroupAt};
use gatherd::demo::{Blemish, Switches};
use gatherd::sync::{Outcome, PassReport};

/// Every event but the bad one is renamed, and somebody answers; what of the group differs then.
fn change_all(rig: &Rig, group: GroupAt, bad: EventAt, title: &str) {
    rig.sim.with_world(|world| {
        let events: Vec<EventAt> = world.events_of(group).filter(|at| *at != bad).collect();
        for event in events {
            world.rename_event(event, title);
        }
        let event = world.events_of(group).rfind(|at| *at != bad).unwrap();
        let (person, now) = (world.event(event).rsvps[0].person, world.now() - 30);
        world.answer(event, person, Answer::No, now);
    });
}

/// Differences that are not of the bad event.
fn elsewhere(rig: &Rig, bad: EventAt) -> Vec<String> {
    let token = rig.sim.with_world(|world| world.event(bad).token.clone());
    let mut differences = rig.differences();
    differences.retain(|it| !it.contains(&token));
    differences
}

fn names(rig: &Rig, report: &PassReport, group: GroupAt, event: EventAt) {
    let (urlname, id) = rig.sim.with_world(|world| {
        (
            world.group(group).urlname.clone(),
            world.event(event).id.clone(),
        )
    });
    let [failure] = &report.failures[..] else {
        panic!("{:?}", report.failures)
    };
    assert_eq!(failure.scope.to_string(), format!("group {urlname}"));
    assert_eq!(failure.kind, FailureKind::Unreadable);
    assert!(failure.is_part, "{failure:?}");
    assert!(
        failure.message.contains(&format!("event {id}")),
        "{failure:?}"
    );
    let unread = format!(
        "SELECT count(*) FROM failure_row f JOIN group_row g ON g.key = f.grp
         WHERE g.urlname = '{urlname}' AND f.is_part AND g.retry_at IS NULL"
    );
    assert_eq!(rig.rows(&unread), ["1"], "read, and not put off");
}

async fn heals(rig: &Rig, what: &str) {
    rig.sim.heal();
    rig.let_time_pass();
    for report in [rig.pass().await.unwrap(), rig.sweep().await.unwrap()] {
        assert_eq!(
            report.outcome,
            Outcome::Done,
            "{what}: {:?}",
            report.failures
        );
    }
    assert_eq!(rig.differences(), NONE, "{what} healed");
    assert_eq!(rig.falsely_gone(), NONE, "{what} healed");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_cannot_be_read_costs_itself_alone_in_a_network_and_outside_it() {
    for is_outside in [false, true] {
        let rig = rig(61, 6, Switches::unlimited());
        rig.backfill().await.unwrap();
        let group = if is_outside {
            outside(&rig)
        } else {
            groups_of(&rig)[2]
        };
        let bad = soonest(&rig, group);
        rig.sim.blemish_event(bad, Blemish::Unreadable);
        let mut requests = Vec::new();
        for title in ["First", "Second"] {
            change_all(&rig, group, bad, title);
            let report = rig.pass().await.unwrap();
            requests.push(report.requests);
            assert_eq!(report.outcome, Outcome::Partly);
            names(&rig, &report, group, bad);
            let hot = elsewhere(&rig, bad);
            let titles = hot.iter().filter(|it| it.contains("event "));
            assert!(titles.count() <= 10, "{hot:?}");
            assert_eq!(rig.falsely_gone(), NONE);
        }
        rig.sweep().await.unwrap();
        assert_eq!(elsewhere(&rig, bad), NONE, "outside: {is_outside}");
        assert!(requests[1] <= 60, "{requests:?}");
        heals(&rig, "an event").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_of_a_deleted_account_costs_itself_alone() {
    for blemish in [Blemish::LostAccount, Blemish::LostNewest] {
        let rig = rig(62, 6, Switches::unlimited());
        let group = groups_of(&rig)[1];
        let bad = soonest(&rig, group);
        rig.sim.blemish_event(bad, blemish);
        let report = rig.backfill().await.unwrap();
        names(&rig, &report, group, bad);
        let lost: Vec<String> = rig.differences();
        assert_eq!(lost.len(), 1, "{blemish:?}: {lost:?}");
        assert!(lost[0].starts_with("rsvp missing"), "{lost:?}");
        let open = "SELECT urlname FROM groups WHERE NOT history_complete";
        assert_eq!(
            rig.rows(open),
            NONE,
            "its history is as complete as it can be"
        );
        change_all(&rig, group, bad, "Changed");
        let before = rig.pass().await.unwrap();
        names(&rig, &before, group, bad);
        let again = rig.pass().await.unwrap();
        names(&rig, &again, group, bad);
        assert!(again.requests <= 15, "{blemish:?}: {}", again.requests);
        assert_eq!(again.rows_changed, 0, "{blemish:?}");
        heals(&rig, "an answer").await;
        let quiet = rig.pass().await.unwrap();
        assert_eq!((quiet.rows_changed, quiet.requests), (0, 3), "{blemish:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_whose_account_is_deleted_later_keeps_its_person() {
    let rig = rig(63, 5, Switches::unlimited());
    rig.backfill().await.unwrap();
    let group = groups_of(&rig)[1];
    let bad = soonest(&rig, group);
    rig.sim.blemish_event(bad, Blemish::LostNewest);
    change_all(&rig, group, bad, "Changed");
    let report = rig.pass().await.unwrap();
    assert_eq!(report.outcome, Outcome::Done, "{:?}", report.failures);
    rig.sweep().await.unwrap();
    assert_eq!(rig.differences(), NONE);
    heals(&rig, "an answer").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_be_null_is_no_failure_and_keeps_what_was_known() {
    for blemish in [
        Blemish::Field,
        Blemish::NoGroup,
        Blemish::NullLists,
        Blemish::CutName,
        Blemish::CutBytes,
    ] {
        for knows in [true, false] {
            let rig = rig(64, 6, Switches::unlimited());
            let group = groups_of(&rig)[3];
            let bad = soonest(&rig, group);
            let venues = "SELECT token, venue_id FROM events ORDER BY token";
            if knows {
                rig.backfill().await.unwrap();
            }
            let known = rig.rows(venues);
            rig.sim.blemish_event(bad, blemish);
            let report = if knows {
                change_all(&rig, group, bad, "Changed");
                rig.pass().await.unwrap();
                rig.sweep().await.unwrap()
            } else {
                rig.backfill().await.unwrap()
            };
            let what = format!("{blemish:?}, known: {knows}");
            assert_eq!(
                report.outcome,
                Outcome::Done,
                "{what}: {:?}",
                report.failures
            );
            assert_eq!(elsewhere(&rig, bad), NONE, "{what}");
            if knows {
                assert_eq!(rig.rows(venues), known, "{what}");
                let hosts = rig.differences();
                assert!(hosts.iter().all(|it| !it.starts_with("host")), "{hosts:?}");
            }
            heals(&rig, &what).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_listed_without_saying_what_is_not_gone() {
    let rig = rig(65, 5, Switches::unlimited());
    rig.backfill().await.unwrap();
    let group = groups_of(&rig)[1];
    let left = rig.sim.with_world(|world| {
        let it = world.group(group).memberships.iter().rfind(|it| it.is_in());
        it.unwrap().person
    });
    rig.sim.blemish(group, Blemish::NoPresence);
    rig.sim.with_world(|world| world.leave(group, left, false));
    for report in [rig.pass().await.unwrap(), rig.sweep().await.unwrap()] {
        assert_eq!(report.outcome, Outcome::Done, "{:?}", report.failures);
        assert_eq!(rig.falsely_gone(), NONE);
    }
    heals(&rig, "members").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_that_is_null_for_want_of_matching_events_is_mirrored_and_not_gone() {
    let switches = Switches {
        null_without_match: true,
        ..Switches::unlimited()
    };
    let rig = rig(66, 4, switches);
    let group = outside(&rig);
    // Nothing of it lies within the hot window.
    rig.sim.with_world(|world| {
        let events: Vec<EventAt> = world.events_of(group).collect();
        let now = world.now();
        for (nth, event) in (0..).zip(events) {
            world.move_event(event, Some(now - (100 + nth) * 86_400));
        }
    });
    rig.backfill().await.unwrap();
    for report in [rig.pass().await.unwrap(), rig.sweep().await.unwrap()] {
        assert_eq!(report.outcome, Outcome::Done, "{:?}", report.failures);
        assert_eq!(rig.differences(), NONE);
        assert_eq!(rig.falsely_gone(), NONE);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_is_gone_when_a_second_pass_finds_null_and_not_before() {
    let rig = rig(67, 5, Switches::unlimited());
    rig.backfill().await.unwrap();
    let (inside, apart) = (groups_of(&rig)[0], outside(&rig));
    let gone = "SELECT count(*) FROM groups WHERE gone_at IS NOT NULL";
    let delete = |is_deleted: bool| {
        rig.sim.with_world(|world| {
            for at in [inside, apart] {
                world.edit_group(at, |group| group.is_deleted = is_deleted);
            }
        });
    };
    delete(true);
    let report = rig.pass().await.unwrap();
    let kinds: Vec<FailureKind> = report.failures.iter().map(|it| it.kind).collect();
    assert_eq!(kinds, [FailureKind::NotVisible; 2], "{:?}", report.failures);
    assert_eq!(rig.rows(gone), ["0"]);
    // Shown between two nulls: counted from the start.
    delete(false);
    assert_eq!(rig.pass().await.unwrap().outcome, Outcome::Done);
    delete(true);
    rig.pass().await.unwrap();
    assert_eq!(rig.rows(gone), ["0"]);
    let report = rig.sweep().await.unwrap();
    assert_eq!(report.outcome, Outcome::Done, "{:?}", report.failures);
    assert_eq!(rig.rows(gone), ["2"]);
}
