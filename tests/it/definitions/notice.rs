//! How long before events are known, and what that does.

use super::*;

#[test]
fn median_notice_counts_from_meetups_creation_and_takes_three_events() {
    let median = |days: &[Option<i64>]| {
        one(|w, g| {
            for (n, days) in days.iter().enumerate() {
                let event = w.met(g, 10 + n as i64, &[]);
                event.created = days.map(|days| event.starts.unwrap() - days * DAY);
            }
        })
        .cadence
        .median_notice_days
    };
    assert_eq!(median(&[Some(3), Some(10), Some(4)]), Some(4.0));
    assert_eq!(median(&[Some(3), Some(10), None]), None);
    assert_eq!(
        median(&[Some(3), Some(-7), Some(1), Some(-2)]),
        Some(0.5),
        "never below 0"
    );
    let old = one(|w, g| {
        for days in [10, 20, 365] {
            let event = w.met(g, days, &[]);
            event.created = Some(event.starts.unwrap() - DAY);
        }
    });
    assert_eq!(old.cadence.median_notice_days, None);
}

#[test]
fn the_next_date_is_known_if_it_was_created_within_a_day_of_the_event() {
    let known = |created: i64| {
        one(|w, g| {
            w.met(g, 50, &[]);
            let next = w.met(g, 20, &[]);
            (next.created, next.seen) = (Some(created), vec![]);
        })
        .cadence
        .next_date_known
    };
    assert_eq!(known(A - 49 * DAY), rate(1, 1));
    assert_eq!(known(A - 49 * DAY + 1), rate(0, 1));
    let far = one(|w, g| {
        w.met(g, 50, &[]);
        w.met(g, 20, &[]).seen = vec![];
        // The one after the next was known early.
        w.met(g, 5, &[]).seen = vec![A - 60 * DAY];
    });
    assert_eq!(far.cadence.next_date_known, rate(2, 2));
    let together = one(|w, g| {
        w.met(g, 50, &[]);
        w.met(g, 50, &[]);
    });
    assert_eq!(
        together.cadence.next_date_known,
        rate(0, 1),
        "none starts after"
    );
    assert_eq!(
        one(|w, g| {
            w.met(g, 5, &[]);
        })
        .cadence
        .next_date_known,
        rate(0, 0)
    );
}

#[test]
fn turnout_by_notice_is_told_from_twenty_events_on() {
    let told = |events: i64| {
        network(|w| {
            let g = w.group("a");
            for n in 0..events {
                // Every second is known for five days and draws half as many.
                let event = w.met(g, n * 7, &[1, 2, 3, 4][..if n % 2 == 0 { 4 } else { 2 }]);
                let days = if n % 2 == 0 { 14 } else { 5 };
                event.created = Some(event.starts.unwrap() - days * DAY);
                event.ends = event.starts;
            }
            // Too few here to say what is usual.
            let few = w.group("few");
            for days in [10, 20] {
                let event = w.met(few, days, &[1]);
                event.created = Some(event.starts.unwrap() - 5 * DAY);
            }
        })
        .notice
    };
    let notice = told(40);
    assert_eq!(
        notice.keys().copied().collect::<Vec<_>>(),
        [0, 3, 7, 14, 21]
    );
    let band = |days: u8| notice[&days].map(|band| (band.events, band.ratio));
    assert_eq!(band(14), Some((20, 4.0 / 3.0)), "the median of all is 3");
    assert_eq!(band(3), Some((20, 2.0 / 3.0)));
    assert_eq!((band(0), band(7), band(21)), (None, None, None));
    assert_eq!(told(39)[&3], None);
}
