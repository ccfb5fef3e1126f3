//! Figures told before that moved since, and why.

use super::{Told, report_at};
use crate::deliver::shown_by_all;
use crate::world::{A, DAY, World};

/// Four groups that met every month, all of it told a week ago.
fn world() -> World {
    let mut world = World::default();
    for urlname in ["rome", "oslo", "turin", "bari"] {
        let group = world.group(urlname);
        let lead = 200 + group as u32;
        world.member(group, lead, "ORGANIZER", "LEADER");
        for n in 0..6 {
            let people = [1, 2, 10 + group as u32];
            world.met(group, 20 + n * 30, &people).hosted_by(&[lead]);
        }
    }
    world
}

/// What is said of it after something about the past changed.
fn restated(before: &World, now: &World) -> String {
    let then = Told::of(report_at(before, A - 7 * DAY));
    let mut told = Told::of(report_at(now, A));
    told.before = vec![then.filed()];
    told.again = Some(report_at(now, A - 7 * DAY));
    let text = told.text();
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| line.starts_with("Restated") || line.contains("was named on"))
        .collect();
    lines.join("\n")
}

#[test]
fn where_nothing_moved_nothing_is_restated() {
    let mut now = world();
    // What came since the last digest restates nothing.
    now.met(0, 2, &[1, 2, 3, 99]);
    now.group("new");
    assert_eq!(restated(&world(), &now), "");
}

#[test]
fn each_figure_that_moved_is_told_with_its_reason() {
    let mut now = world();
    now.met(0, 40, &[1, 77]);
    now.events[6].gone = Some(A - DAY);
    now.events[12].rsvps[2].status = "NO_SHOW";
    now.events[18].rsvps[2].status = "NO";
    insta::assert_snapshot!(restated(&world(), &now), @r#"
    Restated for 8 Jun: 7 people in 365 days (counted then: 6), 3 groups that met in 30 days (counted then: 4), 1 first-timer in 90 days (counted then: 0). Why: 1 past event came to be known since, of [ACME rome]; 1 past event was deleted or called off since, of [ACME oslo]; attendance was marked since in [ACME turin]; answers to past events changed since in [ACME bari].
    "#);
}

#[test]
fn a_group_that_left_takes_its_past_along_and_one_read_since_brings_it() {
    let mut half = world();
    half.groups[1].is_complete = false;
    insta::assert_snapshot!(restated(&half, &world()), @r#"
    Restated for 8 Jun: 4 groups that met in 365 days (counted then: 3), 24 events in 365 days (counted then: 18), 6 people in 365 days (counted then: 5), 4 groups that met in 30 days (counted then: 3). Why: the history was read since of [ACME oslo].
    "#);
    let mut left = world();
    left.groups[3].gone = Some(A - DAY);
    insta::assert_snapshot!(restated(&world(), &left), @r#"
    Restated for 8 Jun: 3 groups that met in 365 days (counted then: 4), 18 events in 365 days (counted then: 24), 5 people in 365 days (counted then: 6), 3 groups that met in 30 days (counted then: 4). Why: no longer sponsored, so in no figure: ACME bari.
    "#);
}

#[test]
fn people_may_move_by_the_configuration_alone() {
    let world = world();
    let then = Told::of(report_at(&world, A - 7 * DAY));
    let mut told = Told::of(report_at(&world, A));
    told.before = vec![then.filed()];
    let mut again = report_at(&world, A - 7 * DAY);
    again.network.people_365 -= 1;
    told.again = Some(again);
    insta::assert_snapshot!(told.text().lines().find(|line| line.starts_with("Restated")).unwrap(), @r#"
    Restated for 8 Jun: 5 people in 365 days (counted then: 6). Why: events over a year old, the dates of later ones, or the configuration (staff, or which groups) changed.
    "#);
}

#[test]
fn a_group_named_for_a_pause_that_was_none_is_named_as_such() {
    let mut before = World::default();
    let group = before.group("rome");
    before.member(group, 5, "ORGANIZER", "LEADER");
    for n in 0..6 {
        before.met(group, 100 + n * 30, &[1, 2]).hosted_by(&[5]);
    }
    let mut now = before.clone();
    now.met(group, 30, &[1, 2]).hosted_by(&[5]);
    insta::assert_snapshot!(restated(&before, &now), @r#"
    Restated for 8 Jun: 7 events in 365 days (counted then: 6), 1 group that met in 30 days (counted then: 0). Why: 1 past event came to be known since, of [ACME rome].
    [ACME rome] was named on 8 Jun as "long without a date"; by what is known now, it was "meets now and then".
    "#);
}

/// A group in a longer pause than usual, as it was told a week ago.
fn paused() -> World {
    let mut world = World::default();
    let group = world.group("rome");
    world.member(group, 5, "ORGANIZER", "LEADER");
    for n in 0..6 {
        world.met(group, 100 + n * 30, &[1, 2]).hosted_by(&[5]);
    }
    world
}

#[test]
fn a_group_that_announced_a_date_after_it_was_named_was_named_rightly() {
    for days in [3, -10] {
        let mut now = paused();
        now.met(0, days, &[1, 2]).hosted_by(&[5]);
        assert_eq!(restated(&paused(), &now), "", "{days}");
    }
}

#[test]
fn a_date_called_off_after_the_digest_makes_no_earlier_pause() {
    let mut before = paused();
    // Named since its host left.
    before.groups[0].members.clear();
    before.met(0, -3, &[1]).hosted_by(&[5]);
    let mut now = before.clone();
    now.events.last_mut().unwrap().gone = Some(A - DAY);
    assert_eq!(restated(&before, &now), "");
}

#[test]
fn first_timers_that_an_older_event_knew_are_not_laid_on_the_configuration() {
    let mut before = world();
    before.met(0, 30, &[88]);
    let mut now = before.clone();
    now.met(0, 500, &[88]);
    insta::assert_snapshot!(restated(&before, &now), @"Restated for 8 Jun: 0 first-timers in 90 days (counted then: 1). Why: events over a year old, the dates of later ones, or the configuration (staff, or which groups) changed.");
}

#[test]
fn many_groups_that_left_are_counted() {
    let mut before = world();
    for n in 0..40 {
        before.group(&format!("gone-{n:02}"));
    }
    let mut now = before.clone();
    for group in &mut now.groups[3..] {
        group.gone = Some(A - DAY);
    }
    let text = restated(&before, &now);
    let end = "in no figure: ACME bari, ACME gone-00, ACME gone-01 and 38 more.";
    assert!(text.ends_with(end), "{text}");
    let mut told = Told::of(report_at(&now, A));
    told.before = vec![Told::of(report_at(&before, A - 7 * DAY)).filed()];
    let changed = told.part("Changed since");
    assert!(changed.contains("ACME gone-04 and 35 more."), "{changed}");
}

#[test]
fn however_much_is_restated_every_chat_still_says_what_is_unknown() {
    let mut before = World::default();
    for n in 0..24 {
        let group = before.group(&format!("cloud-native-and-kubernetes-user-group-{n:02}"));
        before.groups[group].is_complete = n >= 6;
        for event in 0..6 {
            before.met(group, 20 + event * 30, &[1, 2, 30 + n]);
        }
    }
    let mut now = before.clone();
    for n in 0..24 {
        now.groups[n].is_complete = true;
        match n / 6 {
            1 => drop(now.met(n, 40, &[90])),
            2 => now.events[n * 6].gone = Some(A - DAY),
            3 => now.events[n * 6].rsvps[0].status = "NO",
            _ => {}
        }
    }
    let mut told = Told::of(report_at(&now, A));
    told.before = vec![Told::of(report_at(&before, A - 7 * DAY)).filed()];
    told.again = Some(report_at(&now, A - 7 * DAY));
    for (kind, text) in shown_by_all(&told.digest().message) {
        assert!(
            text.contains("Attendance is never marked"),
            "{kind}: {text}"
        );
        assert!(text.contains("Restated for 8 Jun"), "{kind}: {text}");
    }
}
