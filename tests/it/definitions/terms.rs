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
fn what_starts_after_a_and_was_created_after_it_counts_nowhere() {
    let next = |created: Option<i64>, seen: Vec<i64>| {
        one(|w, g| {
            let event = w.event(g, A + 14 * DAY);
            (event.created, event.seen) = (created, seen);
        })
        .cadence
        .days_to_next_scheduled
    };
    assert_eq!(next(Some(A), vec![A + 5]), Some(14));
    assert_eq!(next(Some(A + 1), vec![A + 5]), None);
    assert_eq!(next(Some(A + 1), vec![A + 5, A]), Some(14), "it was seen");
    assert_eq!(
        next(None, vec![A + 5]),
        Some(14),
        "14 days before the start"
    );
    let later = one(|w, g| w.event(g, A + 14 * DAY + 1).seen = vec![A + 5]);
    assert_eq!(
        (later.cadence.days_to_next_scheduled, later.is_announced),
        (None, false)
    );
    let running = one(|w, g| w.event(g, A - HOUR).created = Some(A + 9 * DAY));
    assert!(running.is_announced, "never created later than it starts");
}

#[test]
fn attendance_is_taken_where_an_absence_is_marked_or_some_but_not_all_have_come() {
    let taken = |answers: &[&'static str], before: Option<(i64, &'static str)>| {
        one(|w, g| {
            if let Some((days, status)) = before {
                let event = w.met(g, 10, &[]);
                event.answer(status, &[1]);
                event.starts = Some(A - 10 * DAY - days * DAY);
                event.ends = Some(A - 10 * DAY - days * DAY + HOUR);
            }
            let event = w.met(g, 10, &[]);
            for (n, status) in answers.iter().enumerate() {
                event.answer(status, &[n as u32 + 1]);
            }
        })
        .attendance
        .attendance_taken
        .numerator
    };
    assert_eq!(taken(&["YES", "NO_SHOW"], None), 1);
    assert_eq!(taken(&["EXCUSED_ABSENCE"], None), 1);
    assert_eq!(taken(&["YES", "YES", "NO"], None), 0);
    assert_eq!(taken(&["ATTENDED", "YES"], None), 1);
    assert_eq!(
        taken(&["ATTENDED", "ATTENDED", "NO"], None),
        0,
        "may be a default"
    );
    let all_came = |before| taken(&["ATTENDED", "ATTENDED"], before);
    assert_eq!(
        all_came(Some((364, "ATTENDED"))),
        0,
        "no absence there either"
    );
    assert_eq!(all_came(Some((365, "NO_SHOW"))), 0);
    assert_eq!(
        all_came(Some((0, "NO_SHOW"))),
        2,
        "that of the same start and this one"
    );
    assert_eq!(all_came(Some((300, "EXCUSED_ABSENCE"))), 2);
    assert_eq!(
        taken(&["YES", "YES"], Some((5, "NO_SHOW"))),
        1,
        "nothing is marked"
    );
}

#[test]
fn what_a_cancelled_event_marks_takes_no_attendance_elsewhere() {
    let figures = one(|w, g| {
        w.met(g, 20, &[]).answer("NO_SHOW", &[1]).status = "CANCELLED";
        w.met(g, 10, &[]).answer("ATTENDED", &[1, 2]);
    });
    assert_eq!(figures.attendance.attendance_taken, rate(0, 1));
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
