//! Terms: windows, held, answers, hosts, taking part.

use super::*;

#[test]
fn a_window_excludes_its_first_instant_and_includes_a() {
    let held = one(|w, g| {
        w.event(g, A - 365 * DAY);
        w.event(g, A - 365 * DAY + 1);
        w.event(g, A).ends = Some(A);
    });
    assert_eq!(held.cadence.events_365, 2);
    assert_eq!(held.events_ever, 3);
}

#[test]
fn an_event_is_held_once_it_has_ended() {
    let running = one(|w, g| w.event(g, A - HOUR).ends = Some(A + 1));
    assert_eq!((running.events_ever, running.is_announced), (0, true));
    let held = one(|w, g| w.event(g, A - HOUR).ends = Some(A));
    assert_eq!((held.events_ever, held.is_announced), (1, false));
}

#[test]
fn an_event_without_an_end_lasts_three_hours() {
    assert_eq!(
        one(|w, g| w.event(g, A - 3 * HOUR).ends = None).events_ever,
        1
    );
    assert_eq!(
        one(|w, g| w.event(g, A - 3 * HOUR + 1).ends = None).events_ever,
        0
    );
}

#[test]
fn drafts_unknown_statuses_and_vanished_events_count_nowhere() {
    let figures = one(|w, g| {
        w.met(g, 10, &[1]).status = "DRAFT";
        w.met(g, 10, &[1]).status = "PROPOSED";
        w.met(g, 10, &[1]).gone = Some(A);
        w.event(g, A + DAY).status = "BLOCKED";
    });
    assert_eq!(figures.events_ever, 0);
    assert_eq!(figures.cadence.cancellation_rate, rate(0, 0));
    assert_eq!(figures.cadence.days_to_next_scheduled, None);
}

#[test]
fn an_answer_that_vanished_counts_only_if_it_went_after_the_event() {
    let end = A - 10 * DAY + 2 * HOUR;
    let yes = |gone| {
        one(|w, g| w.met(g, 10, &[1]).last().gone = Some(gone))
            .attendance
            .yes_365
    };
    assert_eq!((yes(end - 1), yes(end), yes(end + 1)), (0, 0, 1));
}

#[test]
fn of_two_answers_by_one_person_the_later_counts_then_the_larger_id() {
    let yes = |first: (&str, Option<i64>), second: (&str, Option<i64>)| {
        one(|w, g| {
            let event = w.met(g, 10, &[]);
            event.answer("YES", &[1]).last().updated = first.1;
            event.last().id = first.0.to_owned();
            event.answer("NO", &[1]).last().updated = second.1;
            event.last().id = second.0.to_owned();
        })
        .attendance
        .yes_365
    };
    assert_eq!(yes(("1", Some(20)), ("2", Some(10))), 1, "the later answer");
    assert_eq!(
        yes(("1", Some(10)), ("2", None)),
        1,
        "an unknown time is the oldest"
    );
    assert_eq!(
        yes(("10", Some(10)), ("9", Some(10))),
        1,
        "ids compare as numbers"
    );
    assert_eq!(yes(("9", Some(10)), ("10", Some(10))), 0);
    assert_eq!(
        yes(("x1", Some(10)), ("99", Some(10))),
        1,
        "what is no number is larger"
    );
}

#[test]
fn hosts_are_named_or_flagged_and_not_absent() {
    let figures = one(|w, g| {
        let event = w.met(g, 10, &[]).hosted_by(&[1, 2, 3, 4]);
        event
            .answer("NO", &[2])
            .answer("NO_SHOW", &[3])
            .answer("EXCUSED_ABSENCE", &[4]);
        event.answer("YES", &[5]).last().is_host = true;
        event.answer("NO", &[6]).last().is_host = true;
        event.answer("WAITLIST", &[7]).last().is_host = true;
    });
    assert_eq!(figures.organizers.hosts_365, 3, "1, 5 and 7");
}

#[test]
fn hosts_and_staff_say_yes_but_do_not_take_part() {
    let figures = one(|w, g| {
        w.met(g, 10, &[1, 2, STAFF, ADMIN]).hosted_by(&[1]);
    });
    assert_eq!(figures.attendance.yes_365, 4);
    assert_eq!(figures.repeat.repeat_rate, rate(0, 1));
}
