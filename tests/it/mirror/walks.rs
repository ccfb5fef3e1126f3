//! RSVPs: signs, walks, and the log of changes.

use gatherd::community::*;
use gatherd::mirror::*;

use super::samples::*;

/// A full walk of exactly these rows, with nothing moving.
fn walk(sample: &Sample, event: EventKey, rows: &[Rsvp], asked: i64) -> FullOutcome {
    sample.put(|w| {
        w.record_rsvps(event, rows, asked)?;
        w.finish_full_walk(
            event,
            &ids(rows),
            &sign(rows),
            &sign(rows),
            Some(at(NOW)),
            asked,
        )
    })
}

fn need(sample: &Sample, event: EventKey, sign: &RsvpSign) -> Need {
    sample.read(|conn| rsvp_need(conn, event, sign)).unwrap()
}

fn log(sample: &Sample) -> Vec<String> {
    sample.rows(
        "SELECT rsvp_id, coalesce(old_status, '-'), coalesce(new_status, '-'), old_guest_count, new_guest_count,
           strftime('%s', changed_at) - 1790000000, strftime('%s', noticed_at) - 1790000000
         FROM rsvp_changes ORDER BY noticed_at, rsvp_id",
    )
}

#[test]
fn an_equal_sign_asks_for_nothing_and_a_changed_one_for_a_partial_walk() {
    let sample = Sample::new();
    let event = sample.with_event().1;
    let mut rows = vec![rsvp("1", -100), rsvp("2", -90)];
    assert_eq!(need(&sample, event, &sign(&rows)), Need::Full);
    walk(&sample, event, &rows, 2);
    assert_eq!(need(&sample, event, &sign(&rows)), Need::Nothing);
    let state = sample.read(|conn| walk_state(conn, event)).unwrap();
    assert_eq!(
        state,
        WalkState {
            watermark: Some(NOW - 90),
            first_walked: true,
            live_rows: 2
        }
    );
    rows.push(rsvp("3", -80));
    assert_eq!(need(&sample, event, &sign(&rows)), Need::Partial);
    sample.put(|w| {
        w.record_rsvps(event, &rows[1..], 3)?;
        let outcome = w.finish_partial_walk(event, &sign(&rows), Some(NOW - 80), Some(at(NOW)))?;
        assert_eq!(outcome, PartialOutcome::Done);
        Ok(())
    });
    assert_eq!(need(&sample, event, &sign(&rows)), Need::Nothing);
    assert_eq!(
        sample
            .read(|conn| walk_state(conn, event))
            .unwrap()
            .watermark,
        Some(NOW - 80)
    );
}

#[test]
fn a_sign_of_this_very_moment_is_read_again() {
    let sample = Sample::new();
    let event = sample.with_event().1;
    let rows = [rsvp("1", -1)];
    walk(&sample, event, &rows, 2);
    assert_eq!(need(&sample, event, &sign(&rows)), Need::Partial);
    sample.put(|w| w.finish_partial_walk(event, &sign(&rows), Some(NOW - 1), Some(at(NOW + 900))));
    assert_eq!(need(&sample, event, &sign(&rows)), Need::Nothing);
}

#[test]
fn rsvps_without_instants_are_walked_in_full_when_their_sign_changes() {
    let sample = Sample::new();
    let event = sample.with_event().1;
    let rows = [rsvp("1", None), rsvp("2", -90)];
    walk(&sample, event, &rows, 2);
    assert_eq!(need(&sample, event, &sign(&rows)), Need::Nothing);
    let more = [rsvp("1", None), rsvp("2", -90), rsvp("3", -80)];
    assert_eq!(need(&sample, event, &sign(&more)), Need::Full);
}

#[test]
fn an_event_without_rsvps_is_settled_and_its_first_ones_are_news() {
    let sample = Sample::new();
    let event = sample.with_event().1;
    walk(&sample, event, &[], 2);
    assert_eq!(need(&sample, event, &sign(&[])), Need::Nothing);
    let rows = [rsvp("1", -5)];
    assert_eq!(need(&sample, event, &sign(&rows)), Need::Full);
    walk(&sample, event, &rows, 3);
    assert_eq!(log(&sample), ["1|-|YES||0|-5|0"]);
}

#[test]
fn a_removal_shows_in_the_counts_and_starts_a_full_walk() {
    let sample = Sample::new();
    let event = sample.with_event().1;
    let rows = [
        rsvp("1", -100),
        rsvp("2", -90),
        rsvp("3", -80),
        rsvp("4", -70),
    ];
    walk(&sample, event, &rows, 2);
    let left = &rows[1..];
    assert_eq!(need(&sample, event, &sign(left)), Need::Partial);
    let before = sample.everything();
    let outcome = sample.put(|w| w.finish_partial_walk(event, &sign(left), None, Some(at(NOW))));
    assert_eq!(outcome, PartialOutcome::NeedsFull);
    assert_eq!(sample.everything(), before);
    let outcome = walk(&sample, event, left, 3);
    assert_eq!(
        outcome,
        FullOutcome {
            gone: 1,
            is_verified: true
        }
    );
    assert_eq!(
        sample.one("SELECT id FROM rsvps WHERE gone_at IS NOT NULL"),
        "1"
    );
    assert_eq!(need(&sample, event, &sign(left)), Need::Nothing);
    assert_eq!(log(&sample), ["1|YES|-|0||0|0"]);
}

#[test]
fn rows_that_are_hidden_from_us_are_no_difference() {
    let sample = Sample::new();
    let event = sample.with_event().1;
    let counted = |rows: &[Rsvp]| {
        let mut sign = sign(rows);
        sign.counts.yes = sign.counts.yes.map(|yes| yes + 5);
        sign
    };
    let mut rows = vec![rsvp("1", -100)];
    sample.put(|w| {
        w.record_rsvps(event, &rows, 2)?;
        w.finish_full_walk(
            event,
            &ids(&rows),
            &counted(&rows),
            &counted(&rows),
            Some(at(NOW)),
            2,
        )
    });
    rows.push(rsvp("2", -50));
    let outcome = sample.put(|w| {
        w.record_rsvps(event, &rows, 3)?;
        w.finish_partial_walk(event, &counted(&rows), Some(NOW - 50), Some(at(NOW)))
    });
    assert_eq!(outcome, PartialOutcome::Done);
    // One hidden row fewer, or a row of ours fewer: a full walk tells.
    let outcome = sample.put(|w| w.finish_partial_walk(event, &sign(&rows), None, Some(at(NOW))));
    assert_eq!(outcome, PartialOutcome::NeedsFull);
}

#[test]
fn when_the_sign_moved_during_a_full_walk_nothing_is_gone_and_the_next_pass_walks_again() {
    let sample = Sample::new();
    let event = sample.with_event().1;
    let rows = [rsvp("1", -100), rsvp("2", -90)];
    walk(&sample, event, &rows, 2);
    let (before, after) = (sign(&rows), sign(&rows[1..]));
    let outcome = sample
        .put(|w| w.finish_full_walk(event, &ids(&rows[1..]), &before, &after, Some(at(NOW)), 3));
    assert_eq!(
        outcome,
        FullOutcome {
            gone: 0,
            is_verified: false
        }
    );
    assert_eq!(
        sample.one("SELECT count(*) FROM rsvps WHERE gone_at IS NOT NULL"),
        "0"
    );
    assert_eq!(need(&sample, event, &after), Need::Partial);
}

#[test]
fn counts_without_rows_mean_not_visible_and_never_all_gone() {
    let sample = Sample::new();
    let event = sample.with_event().1;
    let rows = [rsvp("1", -100), rsvp("2", -90)];
    walk(&sample, event, &rows, 2);
    let unseen = RsvpSign {
        newest: Vec::new(),
        ..sign(&rows)
    };
    let outcome =
        sample.put(|w| w.finish_full_walk(event, &ids(&[]), &unseen, &unseen, Some(at(NOW)), 3));
    assert_eq!(outcome.gone, 0);
    assert_eq!(need(&sample, event, &unseen), Need::Nothing);
    assert_ne!(need(&sample, event, &sign(&rows)), Need::Nothing);
    // With the counts at zero as well, they are.
    assert_eq!(walk(&sample, event, &[], 4).gone, 2);
}

#[test]
fn the_first_walk_logs_nothing_and_each_change_after_it_once() {
    let sample = Sample::new();
    let event = sample.with_event().1;
    walk(&sample, event, &[rsvp("1", -100), rsvp("2", -90)], 2);
    assert_eq!(log(&sample), Vec::<String>::new());
    let changed = [
        with_status(RsvpStatus::No, rsvp("1", 5)),
        Rsvp {
            guest_count: 2,
            ..rsvp("2", -90)
        },
        rsvp("3", 7),
        rsvp("4", None),
        Rsvp {
            status: None,
            ..rsvp("5", 8)
        },
    ];
    for asked in [3, 4] {
        sample.put_at(10, |w| w.record_rsvps(event, &changed, asked));
    }
    assert_eq!(
        log(&sample),
        [
            "1|YES|NO|0|0|5|10",
            "2|YES|YES|0|2|10|10",
            "3|-|YES||0|7|10",
            "4|-|YES||0|10|10"
        ]
    );
}

#[test]
fn one_who_comes_back_is_logged_as_seen_first() {
    let sample = Sample::new();
    let event = sample.with_event().1;
    walk(&sample, event, &[rsvp("1", -100), rsvp("2", -90)], 2);
    walk(&sample, event, &[rsvp("2", -90)], 3);
    sample.put_at(10, |w| w.record_rsvps(event, &[rsvp("1", -100)], 4));
    assert_eq!(log(&sample), ["1|YES|-|0||0|0", "1|-|YES||0|10|10"]);
}

#[test]
fn a_status_that_meetup_adds_is_kept_as_it_came() {
    let sample = Sample::new();
    let event = sample.with_event().1;
    let odd = with_status(RsvpStatus::Other("BEAMED_IN".to_owned()), rsvp("1", -5));
    let rows = [
        odd,
        Rsvp {
            status: None,
            ..rsvp("2", -6)
        },
        with_status(RsvpStatus::Other("5".to_owned()), rsvp("3", -7)),
    ];
    walk(&sample, event, &rows, 2);
    assert_eq!(
        sample.rows("SELECT coalesce(status, 'null') FROM rsvps ORDER BY id"),
        ["BEAMED_IN", "null", "5"]
    );
    let changed = sample.rows_changed();
    walk(&sample, event, &rows, 3);
    assert_eq!(sample.rows_changed(), changed);
}

#[test]
fn no_rows_are_believed_where_the_counts_are_not_told() {
    let sample = Sample::new();
    let event = sample.with_event().1;
    let rows = [rsvp("1", -100), rsvp("2", -90)];
    walk(&sample, event, &rows, 2);
    let untold = RsvpSign {
        counts: RsvpCounts::default(),
        newest: Vec::new(),
    };
    let outcome =
        sample.put(|w| w.finish_full_walk(event, &ids(&[]), &untold, &untold, Some(at(NOW)), 3));
    assert_eq!(outcome.gone, 0);
}

#[test]
fn rows_written_by_a_walk_that_died_unsettle_the_sign() {
    let sample = Sample::new();
    let event = sample.with_event().1;
    let mut rows = vec![rsvp("1", -100), rsvp("2", -90)];
    walk(&sample, event, &rows, 2);
    let before = sign(&rows);
    // The first page of a walk that never ends.
    rows[0].guest_count += 1;
    sample.put(|w| w.record_rsvps(event, &rows[..1], 3));
    assert_eq!(need(&sample, event, &before), Need::Partial);
}
