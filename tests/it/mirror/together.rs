//! What several record at once goes into one transaction, and a first load that does without an index.

use std::sync::mpsc::channel;

use gatherd::mirror::*;

use super::samples::*;

fn terms() -> Terms {
    Terms {
        now: NOW,
        ..Terms::default()
    }
}

fn commits(sample: &Sample) -> u64 {
    let hex = sample.one("SELECT hex(substr(mark, 17, 8)) FROM mark_row");
    u64::from_str_radix(&hex, 16).unwrap()
}

#[test]
fn what_comes_while_another_is_recorded_is_committed_with_it_and_undone_by_itself() {
    let sample = &Sample::new();
    sample.with_event();
    let before = commits(sample);
    std::thread::scope(|scope| {
        let (go, wait) = channel::<()>();
        let (begun, begins) = channel::<()>();
        // The first holds the writer until the others stand behind it.
        let first = scope.spawn(move || {
            sample.write_together(terms(), move |w| {
                begun.send(()).unwrap();
                wait.recv().unwrap();
                w.record_rsvps(EventKey(1), &[rsvp("1", 0)], 2)
            })
        });
        begins.recv().unwrap();
        let (sent, arrived) = channel::<()>();
        let others: Vec<_> = (2..8_i64)
            .map(|nth| {
                let sent = sent.clone();
                scope.spawn(move || {
                    sent.send(()).unwrap();
                    std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                        sample.write_together(terms(), move |w| {
                            w.record_rsvps(EventKey(1), &[rsvp(&nth.to_string(), 0)], 2)?;
                            match nth {
                                3 => w.prepare("nonsense").map(drop)?,
                                5 => panic!("broken on purpose"),
                                _ => {}
                            }
                            Ok(nth)
                        })
                    }))
                })
            })
            .collect();
        for _ in 2..8 {
            arrived.recv().unwrap();
        }
        go.send(()).unwrap();
        assert_eq!(first.join().unwrap().unwrap(), 1);
        for (nth, other) in (2..8_i64).zip(others) {
            match (nth, other.join().unwrap()) {
                (3, Ok(Err(_))) | (5, Err(_)) => {}
                (_, Ok(Ok(answered))) => assert_eq!(answered, nth),
                (_, other) => panic!("{nth}: {other:?}"),
            }
        }
    });
    assert_eq!(
        sample.rows("SELECT id FROM rsvps ORDER BY CAST(id AS INTEGER)"),
        ["1", "2", "4", "6", "7"],
        "two were undone, each by itself"
    );
    // How many stood in line when the first was done is the machine's matter; never more than one each.
    let made = commits(sample) - before;
    assert!((1..=5).contains(&made), "{made}");
    // Members that were undone are no longer at hand.
    sample.put(|w| w.record_rsvps(EventKey(1), &[rsvp("3", 0), rsvp("5", 0)], 3));
    assert_eq!(sample.one("SELECT count(*) FROM rsvps"), "7");
}

#[test]
fn an_answer_is_noted_with_what_is_recorded_next_and_at_the_latest_when_the_mirror_is_closed() {
    let sample = Sample::new();
    let ask = |w: &Writing<'_>| w.reserve(0, 60_000, 10, "Groups", 1);
    sample.put(ask);
    let open = "SELECT count(*) FROM budget_row WHERE answered_ms IS NULL";
    sample.answered(1, 5, 3);
    assert_eq!(sample.one(open), "1");
    sample.put(ask);
    assert_eq!(sample.one(open), "1", "the second one's");
    assert_eq!(
        sample.one("SELECT answered_ms, nodes FROM budget_row WHERE id = 1"),
        "5|3"
    );
    sample.answered(2, 7, 0);
    let sample = sample.reopened();
    assert_eq!(sample.one(open), "0");
}

#[test]
fn a_first_load_does_without_an_index_and_settles_at_its_end_what_that_let_through() {
    let index = "SELECT count(*) FROM sqlite_schema WHERE name = 'rsvp_by_id'";
    let sample = Sample::new();
    sample.with_event();
    let other = sample.put(|w| {
        let other = w.record_event(&event("t2", "g1"), 1)?.unwrap().key;
        w.plan_unit(&NewUnit::network_events(
            Purpose::Backfill,
            NetworkKey(1),
            None,
            None,
        ))?;
        w.mark_backfill_planned(NetworkKey(1))?;
        Ok(other)
    });
    assert_eq!(sample.one(index), "0");
    sample.put(|w| {
        w.record_rsvps(EventKey(1), &[rsvp("1", 0), rsvp("2", 0)], 3)?;
        w.record_rsvps(other, &[rsvp("2", 0), rsvp("3", 0)], 4)
    });
    sample.end_first_load(&terms()).unwrap();
    assert_eq!(sample.one(index), "0", "its unit is still due");
    let sample = sample.reopened();
    sample.put(|w| w.unit_done(1));
    sample.end_first_load(&terms()).unwrap();
    assert_eq!(sample.one(index), "1");
    assert!(!sample.read(lacks_index).unwrap());
    let live = "SELECT event_token, id FROM rsvps WHERE gone_at IS NULL ORDER BY id";
    assert_eq!(
        sample.rows(live),
        ["t1|1", "t2|2", "t2|3"],
        "it is where the later question showed it"
    );
    // From here on it is as ever, and a second history does not begin anew.
    sample.put(|w| w.mark_backfill_planned(NetworkKey(1)));
    assert_eq!(sample.one(index), "1");
    sample.put(|w| w.record_rsvps(EventKey(1), &[rsvp("3", 0)], 5));
    assert_eq!(sample.rows(live), ["t1|1", "t2|2", "t1|3"]);
    sample.check_integrity().unwrap();
}
