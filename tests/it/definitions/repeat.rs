//! How people come back.

use super::*;

#[test]
fn repeaters_took_part_twice_within_the_year() {
    let figures = one(|w, g| {
        w.met(g, 400, &[1, 2]);
        w.met(g, 20, &[1, 3]);
        w.met(g, 10, &[1, 4]);
    });
    assert_eq!(figures.repeat.repeat_rate, rate(1, 3));
    assert_eq!(
        figures.repeat.returning_share,
        rate(2, 4),
        "both of 1: they took part before the year"
    );
}

#[test]
fn next_event_return_pairs_events_that_follow_each_other() {
    let figures = one(|w, g| {
        w.met(g, 500, &[1, 2, 3]);
        w.met(g, 100, &[1, 2]);
        w.met(g, 50, &[3]);
        w.met(g, 20, &[3, 4]);
    });
    assert_eq!(figures.repeat.next_event_return, rate(2 + 1, 3 + 2 + 1));
}

#[test]
fn events_that_start_together_follow_their_tokens() {
    let figures = one(|w, g| {
        w.met(g, 10, &[1]).token = "b".to_owned();
        w.met(g, 10, &[1, 2]).token = "a".to_owned();
    });
    assert_eq!(figures.repeat.returning_share, rate(1, 3));
    assert_eq!(figures.repeat.next_event_return, rate(1, 2));
    assert_eq!(figures.last_event.unwrap().token, "b");
}

#[test]
fn first_timers_have_ninety_days_to_come_back() {
    let figures = one(|w, g| {
        w.met(g, 455, &[1]);
        w.met(g, 454, &[2, 3, 4]);
        w.met(g, 364, &[2]);
        w.event(g, A - 364 * DAY + 1).answer("YES", &[3]);
        w.met(g, 90, &[5]);
        w.met(g, 89, &[5, 6]);
    });
    assert_eq!(
        figures.repeat.first_timer_return_90,
        rate(2, 4),
        "of 2, 3, 4 and 5: 2 on the last day, and 5"
    );
    assert_eq!(
        figures.growth.first_timers_90, 1,
        "6; the first time of 5 is too long ago"
    );
}
