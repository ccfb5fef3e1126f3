//! Rosters that come back much smaller are not believed until somebody says so, once.

use super::{NONE, groups_of, rig};
use crate::rig::Rig;
use gatherd::demo::Switches;
use gatherd::demo::world::{GroupAt, NetworkAt};
use gatherd::sync::{Outcome, PassReport};

fn accept(rig: &Rig) {
    rig.mirror
        .write(chrono::Utc::now(), |w| w.accept_losses(None))
        .unwrap();
}

fn gone(rig: &Rig, table: &str) -> String {
    rig.rows(&format!(
        "SELECT count(*) FROM {table} WHERE gone_at IS NOT NULL"
    ))
    .remove(0)
}

fn refused<'r>(report: &'r PassReport, figures: &str) -> &'r str {
    assert_eq!(report.outcome, Outcome::Partly, "{:?}", report.failures);
    let message = report
        .failures
        .iter()
        .map(|it| it.message.as_str())
        .find(|it| it.contains(figures));
    let message = message.unwrap_or_else(|| panic!("no {figures:?} in {:?}", report.failures));
    assert!(message.contains("--accept-shrink"), "{message}");
    message
}

async fn network_shrinks(keep: usize, figures: &str) {
    let rig = rig(21, 9, Switches::unlimited());
    rig.backfill().await.unwrap();
    let groups = groups_of(&rig);
    let lost: Vec<GroupAt> = groups[keep..].to_vec();
    rig.sim
        .with_world(|world| lost.iter().for_each(|at| world.leave_network(*at)));
    for _ in 0..2 {
        refused(&rig.pass().await.unwrap(), figures);
        assert_eq!(
            (gone(&rig, "groups").as_str(), gone(&rig, "events").as_str()),
            ("0", "0")
        );
    }
    accept(&rig);
    let report = rig.pass().await.unwrap();
    assert_eq!(report.outcome, Outcome::Done, "{:?}", report.failures);
    assert_eq!(gone(&rig, "groups"), lost.len().to_string());
    let why = rig.rows("SELECT DISTINCT gone_why FROM groups WHERE gone_at IS NOT NULL");
    assert_eq!(why, ["left"]);
    assert_eq!(rig.differences(), NONE);

    // They come back, and go again: the acceptance was for once.
    rig.sim.with_world(|world| {
        let now = world.now();
        lost.iter()
            .for_each(|at| world.join_network(*at, NetworkAt(0), now));
    });
    let report = rig.pass().await.unwrap();
    assert_eq!(report.outcome, Outcome::Done, "{:?}", report.failures);
    assert_eq!(
        (gone(&rig, "groups").as_str(), rig.differences()),
        ("0", NONE)
    );
    rig.sim
        .with_world(|world| lost.iter().for_each(|at| world.leave_network(*at)));
    refused(&rig.pass().await.unwrap(), figures);
    assert_eq!(gone(&rig, "groups"), "0");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_halved_network_is_refused_with_its_figures_until_accepted_once() {
    network_shrinks(4, "lists 4 of the 8 groups").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_network_is_refused_with_its_figures_until_accepted_once() {
    network_shrinks(0, "lists 0 of the 8 groups").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_that_loses_less_than_half_is_believed() {
    let rig = rig(22, 9, Switches::unlimited());
    rig.backfill().await.unwrap();
    let lost = groups_of(&rig)[5..].to_vec();
    rig.sim
        .with_world(|world| lost.iter().for_each(|at| world.leave_network(*at)));
    assert_eq!(rig.pass().await.unwrap().outcome, Outcome::Done);
    assert_eq!(
        (gone(&rig, "groups").as_str(), rig.differences()),
        ("3", NONE)
    );
}

async fn members_shrink(is_all: bool) {
    let rig = rig(23, 4, Switches::unlimited());
    rig.backfill().await.unwrap();
    let group = groups_of(&rig)[1];
    let before: usize = rig
        .rows("SELECT count(*) FROM memberships")
        .remove(0)
        .parse()
        .unwrap();
    let (many, lost) = rig.sim.with_world(|world| {
        let people: Vec<_> = world
            .group(group)
            .memberships
            .iter()
            .map(|it| it.person)
            .collect();
        let stay = if is_all { 0 } else { people.len() / 2 };
        for person in &people[stay..] {
            world.leave(group, *person, false);
        }
        (people.len(), people.len() - stay)
    });
    let figures = format!("lists {} of the {many} members", many - lost);
    for _ in 0..2 {
        refused(&rig.pass().await.unwrap(), &figures);
        assert_eq!(
            gone(&rig, "memberships"),
            "0",
            "a former leader asked by id aside"
        );
    }
    accept(&rig);
    let report = rig.pass().await.unwrap();
    assert_eq!(report.outcome, Outcome::Done, "{:?}", report.failures);
    assert_eq!(gone(&rig, "memberships"), lost.to_string());
    assert_eq!(rig.differences(), NONE);
    let after: usize = rig
        .rows("SELECT count(*) FROM memberships")
        .remove(0)
        .parse()
        .unwrap();
    assert_eq!(after, before, "nothing that was seen is deleted");
    assert_eq!(rig.rows("SELECT loss FROM doubts"), NONE, "used up");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_groups_halved_members_are_refused_with_their_figures_until_accepted() {
    members_shrink(false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_groups_members_all_missing_are_refused_with_their_figures_until_accepted() {
    members_shrink(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rsvps_that_are_counted_and_not_shown_are_not_gone() {
    let rig = rig(24, 4, Switches::unlimited());
    rig.backfill().await.unwrap();
    let group = groups_of(&rig)[0];
    rig.sim.with_world(|world| {
        let event = world.events_of(group).next_back().unwrap();
        let people: Vec<_> = world
            .event(event)
            .rsvps
            .iter()
            .map(|it| it.person)
            .collect();
        for person in people {
            world.hide_rsvp(event, person, true);
        }
    });
    let report = rig.sweep().await.unwrap();
    assert_eq!(report.outcome, Outcome::Done, "{:?}", report.failures);
    assert_eq!(gone(&rig, "rsvps"), "0");
}
