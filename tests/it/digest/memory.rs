//! Whom it names to write to, whom it waits for, and what it remembers.

use super::{STAFF, Told, asked, contact, mute, note, report_at};
use crate::world::{A, DAY, World};
use gatherd::community::Telling;
use gatherd::report::Freshness;

/// So many groups in a pause that is longer than usual, the first one longest.
fn paused(groups: usize) -> World {
    let mut world = World::default();
    for n in 0..groups {
        let group = world.group(&format!("paused-{n:02}"));
        let person = 100 + n as u32;
        world.member(group, person, "ORGANIZER", "LEADER");
        for month in 0..6 {
            let days = 120 - n as i64 + month * 30;
            world.met(group, days, &[1, 2]).hosted_by(&[person]);
        }
    }
    world
}

#[test]
fn at_most_five_groups_are_named_and_the_rest_is_counted() {
    let told = Told::of(report_at(&paused(8), A));
    let names: Vec<String> = (0..5).map(|n| format!("paused-{n:02}")).collect();
    assert_eq!(told.named(), names);
    let part = told.part("Where to start (5 of 8)");
    assert!(
        part.contains(
            "Also waiting (3): ACME paused-05, ACME paused-06, ACME paused-07 (all: gatherd digest --all)"
        ),
        "{part}"
    );
}

#[test]
fn the_same_groups_are_not_named_again_for_three_weeks() {
    let world = paused(8);
    let week = |n: i64| Told::of(report_at(&world, A + n * 7 * DAY));
    let first = week(0);
    let mut second = week(1);
    second.before = vec![first.filed()];
    assert_eq!(second.named(), ["paused-05", "paused-06", "paused-07"]);
    assert!(
        second
            .part("Please write to (3 of 8)")
            .contains("Also waiting (5): ACME paused-00,")
    );
    let mut third = week(2);
    third.before = vec![second.filed(), first.filed()];
    assert_eq!(third.named(), Vec::<String>::new());
    let text = third.text();
    assert!(
        text.contains("Nobody new to write to. 8 groups would still be glad of a word"),
        "{text}"
    );
    let mut fourth = week(3);
    fourth.before = vec![third.filed(), second.filed(), first.filed()];
    assert_eq!(fourth.named()[..2], ["paused-00", "paused-01"]);
}

#[test]
fn every_kind_of_trouble_gets_its_turn_and_whoever_was_named_comes_last() {
    let mut world = paused(9);
    for n in 0..3 {
        let group = world.group(&format!("new-{n}"));
        world.groups[group].founded = Some(A - 60 * DAY);
        world.member(group, 90 + n, "ORGANIZER", "LEADER");
    }
    let week = |n: i64, before: Vec<gatherd::community::Before>| {
        let mut told = Told::of(report_at(&world, A + n * 7 * DAY));
        told.before = before;
        told
    };
    let first = week(0, Vec::new());
    assert_eq!(
        first.named(),
        ["paused-00", "paused-01", "paused-02", "new-0", "new-1"],
        "two of each, then the most urgent"
    );
    let part = first.part("Where to start (5 of 12)");
    assert!(
        part.contains("All 12: 9 long without a date, 3 without a first event."),
        "{part}"
    );
    let second = week(3, vec![first.filed()]);
    assert_eq!(
        second.named(),
        ["paused-03", "paused-04", "paused-05", "paused-06", "new-2"],
        "those named three weeks ago may come again, but after the others"
    );
}

#[test]
fn a_group_with_a_new_cause_is_named_again_at_once() {
    let mut world = paused(2);
    let first = Told::of(report_at(&world, A));
    // Its only host leaves.
    world.groups[1].members[0].gone = Some(A + DAY);
    let mut second = Told::of(report_at(&world, A + 7 * DAY));
    second.before = vec![first.filed()];
    assert_eq!(second.named(), ["paused-01"]);
    let part = second.part("Please write to");
    assert!(
        part.contains("The only local host of the last 180 days has left the group."),
        "{part}"
    );
    assert!(
        part.contains("Ask its organizers who could host next."),
        "{part}"
    );
}

#[test]
fn unknown_unread_muted_and_waiting_groups_are_never_named() {
    let mut world = paused(6);
    world.groups[0].is_complete = false;
    let mut told = Told::of(report_at(&world, A));
    told.report.freshness = Freshness::new(None, vec![("paused-01".into(), "hidden".into())]);
    for (n, change) in [2_usize, 3, 4].into_iter().enumerate() {
        let mut contact = contact(&world, change);
        match n {
            0 => contact.mutes.push(mute(None)),
            1 => contact.mutes.push(mute(Some("overdue"))),
            _ => contact.asked.push(asked(3, None, None)),
        }
        told.contacts.push(contact);
    }
    assert_eq!(told.named(), ["paused-05"]);
    let text = told.text();
    for silent in ["[ACME paused-00]", "[ACME paused-01]", "[ACME paused-02]"] {
        assert!(!text.contains(silent), "{silent} in\n{text}");
    }
    assert!(told.part("Waiting").contains("ACME paused-04"));
}

#[test]
fn a_mute_that_ended_mutes_nothing() {
    let world = paused(1);
    let mut told = Told::of(report_at(&world, A));
    let mut contact = contact(&world, 0);
    contact.mutes.push(mute(None));
    contact.mutes[0].until_on = Some("2026-06-15".parse().unwrap());
    told.contacts.push(contact);
    assert_eq!(told.named(), ["paused-00"]);
}

/// One group with two leaders, one of them ours, a host who leads nothing, and a pause.
fn one() -> World {
    let mut world = World::default();
    let group = world.group("oslo");
    world.member(group, STAFF, "ORGANIZER", "LEADER");
    world.member(group, 7, "COORGANIZER", "LEADER");
    world.member(group, 8, "MEMBER", "ACTIVE");
    for month in 0..6 {
        world
            .met(group, 100 + month * 30, &[1, 2])
            .hosted_by(&[7, 8]);
    }
    world
}

#[test]
fn local_people_come_before_our_own() {
    let part = Told::of(report_at(&one(), A)).part("Where to start");
    assert!(
        part.contains("→ [Person 7], [Person 50] (one of us)"),
        "{part}"
    );
}

#[test]
fn who_was_asked_is_waited_for_two_weeks_then_the_next_person_is_named() {
    let world = one();
    let at = |days: i64, whom: Option<&str>, again: Option<&str>| {
        let mut told = Told::of(report_at(&world, A));
        let mut contact = contact(&world, 0);
        contact.asked.push(asked(days, whom, again));
        told.contacts.push(contact);
        told
    };
    insta::assert_snapshot!(at(3, Some("Person 7"), None).part("Waiting"), @r#"
    ## Waiting for an answer (1)
    - [ACME oslo] · asked Person 7 on 12 Jun; look again on Fri 26 Jun.
    "#);
    insta::assert_snapshot!(at(14, None, None).part("Waiting"), @r#"
    ## Waiting for an answer (1)
    - [ACME oslo] · asked on 1 Jun; look again today. Next person to ask: [Person 50] (one of us).
    "#);
    insta::assert_snapshot!(at(30, Some("7"), Some("2026-06-10")).part("Waiting"), @r#"
    ## Waiting for an answer (1)
    - [ACME oslo] · asked 7 on 16 May; look again, due on 10 Jun. Next person to ask: [Person 7].
    "#);
    // A date of one's own is kept, however far.
    insta::assert_snapshot!(at(90, None, Some("2026-09-01")).part("Waiting"), @r#"
    ## Waiting for an answer (1)
    - [ACME oslo] · asked on 17 Mar; look again on Tue 1 Sep.
    "#);
    // Long past its day it is a group like any other, and the next person is named.
    let long = at(60, None, None);
    assert_eq!(long.part("Waiting"), "");
    let part = long.part("Where to start");
    assert!(
        part.contains("→ [Person 50] (one of us) (asked before: on 16 Apr)"),
        "{part}"
    );
}

#[test]
fn a_note_since_then_begins_the_wait_anew() {
    let world = one();
    let mut told = Told::of(report_at(&world, A));
    let mut contact = contact(&world, 0);
    contact.asked.push(asked(20, None, None));
    contact.notes.push(note(10));
    told.contacts.push(contact);
    let part = told.part("Waiting");
    assert!(
        part.contains("asked on 26 May; look again on Fri 19 Jun."),
        "{part}"
    );
    assert!(part.contains("Note of 5 Jun: “back in spring”"), "{part}");
}

#[test]
fn a_group_that_met_or_announced_an_event_since_it_was_asked_has_answered() {
    let mut world = one();
    let mut contact = contact(&world, 0);
    contact.asked.push(asked(10, Some("Person 7"), None));
    // A week ago nothing was announced, and nobody had answered.
    let mut before = Told::of(report_at(&world, A - 7 * DAY));
    before.contacts.push(contact.clone());
    assert!(before.part("Waiting").contains("asked Person 7 on 5 Jun"));
    let before = before.filed();
    let answered = |world: &World, before: &gatherd::community::Before| {
        let mut told = Told::of(report_at(world, A));
        told.contacts.push(contact.clone());
        told.before = vec![before.clone()];
        told
    };
    let mut announced = world.clone();
    announced
        .event(0, A + 20 * DAY)
        .answer("YES", &[1, 2])
        .status = "ACTIVE";
    let told = answered(&announced, &before);
    assert_eq!(told.part("Waiting"), "");
    insta::assert_snapshot!(told.part("Answered"), @r#"
    ## Answered (1)
    - [ACME oslo] · asked Person 7 on 5 Jun; its next event is on Sun 5 Jul, 2 yes so far.
    "#);
    // It is told once.
    let mut next = Told::of(report_at(&announced, A + 7 * DAY));
    next.contacts.push(contact.clone());
    next.before = vec![told.filed()];
    assert_eq!(next.part("Answered"), "");
    assert_eq!(next.part("Waiting"), "");
    world.met(0, 2, &[1, 2, 3]).hosted_by(&[7]);
    insta::assert_snapshot!(answered(&world, &before).part("Answered"), @r#"
    ## Answered (1)
    - [ACME oslo] · asked Person 7 on 5 Jun; it met on Sat 13 Jun, 3 said yes.
    "#);
}

#[test]
fn what_was_known_before_the_asking_is_no_answer() {
    let mut world = one();
    world.event(0, A + 20 * DAY).status = "ACTIVE";
    let mut told = Told::of(report_at(&world, A));
    let mut contact = contact(&world, 0);
    contact.asked.push(asked(10, None, None));
    told.contacts.push(contact);
    // Whether the date was there before is not known to the first digest.
    assert_eq!(told.part("Answered"), "");
    let mut before = Told::of(report_at(&world, A - 7 * DAY)).filed();
    before.please_write_to.clear();
    told.before = vec![before];
    assert_eq!(told.part("Answered"), "");
}

#[test]
fn what_is_remembered_of_later_days_is_not_told() {
    let world = one();
    let mut told = Told::of(report_at(&world, A - 30 * DAY));
    let mut contact = contact(&world, 0);
    contact.asked.push(asked(10, Some("Person 7"), None));
    contact.notes.push(note(5));
    told.contacts.push(contact);
    let text = told.text();
    assert!(
        !text.contains("asked") && !text.contains("back in spring"),
        "{text}"
    );
}

/// So many groups whose first event is to come.
fn unbegun(groups: usize) -> World {
    let mut world = World::default();
    for n in 0..groups {
        let group = world.group(&format!("unbegun-{n:02}"));
        world.groups[group].founded = Some(A - (60 + n as i64) * DAY);
        world.member(group, 100 + n as u32, "ORGANIZER", "LEADER");
    }
    world
}

#[test]
fn whom_another_channel_was_asked_to_write_to_rests_here_from_the_next_day_on() {
    let world = unbegun(8);
    let elsewhere = |hours: i64| {
        let first = Told::of(report_at(&world, A)).filed();
        let mut told = Told::of(report_at(&world, A + hours * 3_600));
        told.elsewhere = vec![Telling {
            as_of: first.as_of,
            please_write_to: first.please_write_to,
        }];
        told.named()
    };
    let names = Told::of(report_at(&world, A)).named();
    assert_eq!(elsewhere(0), names);
    // A is noon: the day is not over.
    assert_eq!(elsewhere(11), names);
    let rest = |hours: i64| !elsewhere(hours).iter().any(|it| names.contains(it));
    assert!(rest(12) && !elsewhere(12).is_empty());
    assert!(rest(20 * 24));
    assert!(!rest(21 * 24));
}

#[test]
fn what_was_told_earlier_on_the_same_day_makes_no_group_rest() {
    let world = unbegun(8);
    let first = Told::of(report_at(&world, A - 3_600));
    let mut second = Told::of(report_at(&world, A));
    second.before = vec![first.filed()];
    assert_eq!(second.named(), first.named());
}

#[test]
fn the_first_digest_tells_what_came_of_an_asking_within_the_week() {
    let answered = |asked_days_ago: i64, met_days_ago: i64| {
        let mut world = one();
        let mut contact = contact(&world, 0);
        contact.asked.push(asked(asked_days_ago, None, None));
        world.met(0, met_days_ago, &[1, 2, 3]).hosted_by(&[7]);
        let mut told = Told::of(report_at(&world, A));
        told.contacts.push(contact);
        !told.part("Answered").is_empty()
    };
    assert!(answered(20, 6));
    assert!(!answered(20, 7), "longer ago it is no news");
    assert!(!answered(20, 12), "longer ago it is no news");
    assert!(!answered(3, 6), "it met before it was asked");
    assert!(answered(180, 6));
    assert!(!answered(181, 6), "so long after it is no answer");
}
