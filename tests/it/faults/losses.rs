//! Answers that are poorer than the ones before: what they lack is not gone, however it is asked for.

use super::{NONE, groups_of, soonest};
use crate::rig::Rig;
use gatherd::community::FailureKind;
use gatherd::demo::world::{Answer, GroupAt, PersonAt, Role};
use gatherd::demo::{LeavesOut, Switches, World};
use gatherd::meetup::AskError;
use gatherd::sync::{Outcome, PassReport, SyncError};
use std::time::Duration;

/// Some groups with twenty events each, the last of them outside the network.
fn rig(seed: u64, groups: usize) -> Rig {
    let (events, members) = (groups * 20, groups * 50);
    let now = chrono::Utc::now();
    let mut world = World::sized(seed, groups, events, events * 10, members, now);
    let last = world.groups().map(|(at, _)| at).last().unwrap();
    world.leave_network(last);
    Rig::new(world, Switches::unlimited())
}

fn leave_out(rig: &Rig, what: LeavesOut) {
    rig.sim.switch(|switches| switches.leaves_out = what);
}

fn accept(rig: &Rig, of: Option<&str>) -> usize {
    let now = chrono::Utc::now();
    rig.mirror.write(now, |w| w.accept_losses(of)).unwrap()
}

fn gone(rig: &Rig) -> String {
    rig.rows(
        "SELECT (SELECT count(*) FROM groups WHERE gone_at IS NOT NULL),
           (SELECT count(*) FROM memberships WHERE gone_at IS NOT NULL),
           (SELECT count(*) FROM events WHERE gone_at IS NOT NULL),
           (SELECT count(*) FROM rsvps WHERE gone_at IS NOT NULL),
           (SELECT count(*) FROM rsvp_changes)",
    )
    .remove(0)
}

fn doubts(rig: &Rig) -> Vec<String> {
    rig.rows("SELECT DISTINCT loss FROM doubts ORDER BY loss")
}

/// Nothing failed but for being too little, and something did.
fn is_refused(report: &PassReport) {
    assert_eq!(report.outcome, Outcome::Partly, "{:?}", report.failures);
    for failure in &report.failures {
        assert_eq!(failure.kind, FailureKind::Shrunken, "{failure:?}");
        assert!(failure.message.contains("--accept-shrink"), "{failure:?}");
    }
}

async fn both(rig: &Rig) -> [Result<PassReport, SyncError>; 2] {
    rig.let_time_pass();
    let pass = rig.pass().await;
    rig.let_time_pass();
    [pass, rig.sweep().await]
}

#[tokio::test(flavor = "multi_thread")]
async fn what_answers_leave_out_is_not_gone_and_is_all_there_when_they_show_it_again() {
    for (nth, what) in LeavesOut::ALL.into_iter().enumerate() {
        let rig = rig(700 + nth as u64, 6);
        rig.backfill().await.unwrap();
        assert_eq!(
            both(&rig).await.map(|it| it.unwrap().outcome),
            [Outcome::Done; 2]
        );
        let before = gone(&rig);
        leave_out(&rig, what);
        for ended in both(&rig).await.into_iter().chain(both(&rig).await) {
            match ended {
                Ok(report) if what != LeavesOut::AllButPublic => is_refused(&report),
                Err(SyncError::Ask(AskError::NeedsSignIn { .. }))
                    if what == LeavesOut::AllButPublic => {}
                ended => panic!("{what:?}: {ended:?}"),
            }
            assert_eq!(gone(&rig), before, "{what:?}");
        }
        leave_out(&rig, LeavesOut::Nothing);
        for ended in both(&rig).await {
            let report = ended.unwrap();
            assert_eq!(
                report.outcome,
                Outcome::Done,
                "{what:?}: {:?}",
                report.failures
            );
        }
        assert_eq!(doubts(&rig), NONE, "{what:?}");
        assert_eq!(gone(&rig), before, "{what:?}");
        assert_eq!(rig.differences(), NONE, "{what:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_loss_that_is_accepted_is_believed_and_no_later_one() {
    for (what, loss) in [
        (LeavesOut::PastEvents, "events"),
        (LeavesOut::Leaders, "leaders"),
        (LeavesOut::Rsvps, "rsvps"),
    ] {
        let rig = rig(711, 4);
        rig.backfill().await.unwrap();
        leave_out(&rig, what);
        assert_eq!(accept(&rig, None), 0, "nothing fails yet");
        for ended in both(&rig).await {
            let report = ended.unwrap();
            is_refused(&report);
        }
        assert!(doubts(&rig).contains(&loss.to_owned()), "{what:?}");
        assert_eq!(accept(&rig, Some("elsewhere")), 0);
        assert!(accept(&rig, Some("sized")) > 0);
        for _ in 0..3 {
            // One loss may have hidden another.
            let _ = both(&rig).await;
            accept(&rig, None);
        }
        let ended = both(&rig).await.map(|it| it.unwrap());
        for report in ended {
            assert_eq!(
                report.outcome,
                Outcome::Done,
                "{what:?}: {:?}",
                report.failures
            );
        }
        assert_eq!(doubts(&rig), NONE, "{what:?}");
    }
}

fn series(rig: &Rig, group: GroupAt, events: i64) {
    rig.sim.with_world(|world| {
        let now = world.now();
        for nth in 0..events {
            world.announce(group, "One of a series", now + (3 + nth) * 86_400, &[], now);
        }
    });
}

fn cancel_series(rig: &Rig, groups: &[GroupAt]) {
    rig.sim.with_world(|world| {
        let now = world.now();
        for group in groups {
            let coming: Vec<_> = world
                .events_of(*group)
                .filter(|at| world.event(*at).starts_at > Some(now))
                .collect();
            coming.into_iter().for_each(|at| world.delete_event(at));
        }
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_series_of_one_group_is_believed_and_one_of_each_group_is_not() {
    let rig = rig(721, 4);
    rig.backfill().await.unwrap();
    let groups = groups_of(&rig);
    groups.iter().for_each(|group| series(&rig, *group, 24));
    assert_eq!(rig.pass().await.unwrap().outcome, Outcome::Done);
    cancel_series(&rig, &groups[..1]);
    let report = rig.pass().await.unwrap();
    assert_eq!(report.outcome, Outcome::Done, "{:?}", report.failures);
    assert_eq!(rig.differences(), NONE);
    let before = gone(&rig);
    cancel_series(&rig, &groups[1..]);
    is_refused(&rig.pass().await.unwrap());
    assert_eq!(gone(&rig), before);
    assert!(accept(&rig, None) > 0);
    let report = rig.pass().await.unwrap();
    assert_eq!(report.outcome, Outcome::Done, "{:?}", report.failures);
    assert_eq!(rig.differences(), NONE);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_group_deletes_is_weighed_as_its_own_loss_and_not_its_networks() {
    let rig = rig(723, 4);
    rig.backfill().await.unwrap();
    let group = groups_of(&rig)[0];
    series(&rig, group, 6);
    rig.sim.with_world(|world| {
        let now = world.now();
        for days in 1..=9 {
            world.announce(group, "Just over", now - days * 86_400, &[], now);
        }
    });
    assert_eq!(rig.pass().await.unwrap().outcome, Outcome::Done);
    let hot = || -> usize {
        let rows = "SELECT count(*) FROM event_row
                    WHERE starts_at > unixepoch() - 45 * 86400 AND gone_at IS NULL";
        rig.rows(rows)[0].parse().unwrap()
    };
    // Half or more of what a pass looks at, and less than half of all that the group has.
    let before = hot();
    cancel_series(&rig, &[group]);
    let over = rig.sim.with_world(|world| {
        let over: Vec<_> = world
            .events_of(group)
            .filter(|at| world.event(*at).title == "Just over")
            .collect();
        over.iter().for_each(|at| world.delete_event(*at));
        over.len()
    });
    assert!((over + 6) * 2 >= before, "{before}");
    let report = rig.pass().await.unwrap();
    assert_eq!(report.outcome, Outcome::Done, "{:?}", report.failures);
    assert_eq!(doubts(&rig), NONE);
    assert!(hot() <= before - 15, "{} of {before}", hot());
    assert_eq!(rig.differences(), NONE);
}

fn lead(rig: &Rig, group: GroupAt, many: usize) -> Vec<PersonAt> {
    rig.sim.with_world(|world| {
        let organizer = world.group(group).organizer;
        let plain: Vec<PersonAt> = world
            .group(group)
            .memberships
            .iter()
            .filter(|it| it.is_in() && Some(it.person) != organizer)
            .map(|it| it.person)
            .collect();
        for person in &plain {
            world.change_role(group, *person, Role::Member);
        }
        for person in &plain[..many] {
            world.change_role(group, *person, Role::Coorganizer);
        }
        plain[..many].to_vec()
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn leaders_who_step_down_are_believed_at_once_and_those_who_left_after_two_hours() {
    let rig = rig(731, 4);
    rig.backfill().await.unwrap();
    let group = groups_of(&rig)[0];
    let leaders = lead(&rig, group, 6);
    assert_eq!(rig.pass().await.unwrap().outcome, Outcome::Done);
    // Asked by id, they are shown with another role.
    rig.sim.with_world(|world| {
        for person in &leaders[..2] {
            world.change_role(group, *person, Role::Member);
        }
    });
    assert_eq!(rig.pass().await.unwrap().outcome, Outcome::Done);
    let before = gone(&rig);
    rig.sim.with_world(|world| {
        for person in &leaders[2..] {
            world.leave(group, *person, false);
        }
    });
    for _ in 0..2 {
        is_refused(&rig.pass().await.unwrap());
        assert_eq!(gone(&rig), before);
    }
    let hour = "UPDATE doubted_row SET looked_at = looked_at - 3600";
    rig.meddle(hour);
    is_refused(&rig.pass().await.unwrap());
    is_refused(&rig.pass().await.unwrap());
    rig.meddle(hour);
    let report = rig.pass().await.unwrap();
    assert_eq!(report.outcome, Outcome::Done, "{:?}", report.failures);
    assert_eq!(rig.differences(), NONE);
}

#[tokio::test(flavor = "multi_thread")]
async fn small_events_do_not_lose_their_answers_one_by_one() {
    let rig = rig(741, 4);
    let group = groups_of(&rig)[0];
    // Six small events with eight answers each.
    rig.sim.with_world(|world| {
        let now = world.now();
        let old: Vec<_> = world.events_of(group).collect();
        old.into_iter().for_each(|at| world.delete_event(at));
        let people: Vec<PersonAt> = world
            .group(group)
            .memberships
            .iter()
            .map(|it| it.person)
            .take(8)
            .collect();
        for nth in 0..6 {
            let at = world.announce(group, "Small", now + (3 + nth) * 86_400, &[], now);
            for person in &people {
                world.answer(at, *person, gatherd::demo::world::Answer::Yes, now);
            }
        }
    });
    rig.backfill().await.unwrap();
    assert_eq!(rig.pass().await.unwrap().outcome, Outcome::Done);
    let before = gone(&rig);
    let clear = |many: usize| {
        rig.sim.with_world(|world| {
            let events: Vec<_> = world.events_of(group).take(many).collect();
            for at in events {
                let people: Vec<_> = world.event(at).rsvps.iter().map(|it| it.person).collect();
                for person in people {
                    world.remove_rsvp(at, person);
                }
            }
        });
    };
    clear(2);
    let report = rig.pass().await.unwrap();
    assert_eq!(report.outcome, Outcome::Done, "{:?}", report.failures);
    assert_ne!(gone(&rig), before, "a third is believed");
    let before = gone(&rig);
    clear(6);
    is_refused(&rig.pass().await.unwrap());
    assert_eq!(gone(&rig), before);
    accept(&rig, None);
    let report = rig.pass().await.unwrap();
    assert_eq!(report.outcome, Outcome::Done, "{:?}", report.failures);
    assert_eq!(rig.differences(), NONE);
}

#[tokio::test(flavor = "multi_thread")]
async fn half_of_the_answers_to_an_event_is_too_much_at_once_and_less_is_not() {
    for (lost, is_believed) in [(9, true), (10, false)] {
        let rig = rig(742, 4);
        let group = groups_of(&rig)[0];
        let (event, people) = rig.sim.with_world(|world| {
            let now = world.now();
            let event = world.announce(group, "Half", now + 3 * 86_400, &[], now);
            let people: Vec<PersonAt> = (0..20)
                .map(|nth| world.add_person(format!("Person {nth}")))
                .collect();
            for person in &people {
                world.answer(event, *person, gatherd::demo::world::Answer::Yes, now);
            }
            (event, people)
        });
        rig.backfill().await.unwrap();
        assert_eq!(rig.pass().await.unwrap().outcome, Outcome::Done);
        let before = gone(&rig);
        rig.sim.with_world(|world| {
            for person in &people[..lost] {
                world.remove_rsvp(event, *person);
            }
        });
        let report = rig.pass().await.unwrap();
        if is_believed {
            assert_eq!(report.outcome, Outcome::Done, "{:?}", report.failures);
            assert_eq!(rig.differences(), NONE);
        } else {
            is_refused(&report);
            assert_eq!(gone(&rig), before);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_history_whose_answers_do_not_fit_a_page_and_were_halved_is_walked_once_and_ends() {
    let rig = rig(88, 4);
    rig.sim.switch(|switches| switches.page_caps.rsvps = 5);
    let event = soonest(&rig, groups_of(&rig)[0]);
    let people = rig.sim.with_world(|world| {
        let now = world.now() - 86_400;
        let people: Vec<_> = (0..60)
            .map(|nth| world.add_person(format!("Guest {nth}")))
            .collect();
        for person in &people {
            world.answer(event, *person, Answer::Yes, now);
        }
        people
    });
    rig.backfill().await.unwrap();
    rig.sim.with_world(|world| {
        for person in &people[..50] {
            world.remove_rsvp(event, *person);
        }
    });
    rig.sim.reset_counters();
    let swept = tokio::time::timeout(Duration::from_secs(60), rig.sweep()).await;
    let report = swept.expect("a sweep that hangs").unwrap();
    assert_eq!(report.failures[0].kind, FailureKind::Shrunken);
    assert!(report.requests < 200, "{} requests", report.requests);
    assert_eq!(rig.falsely_gone(), NONE);
}
