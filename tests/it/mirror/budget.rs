//! The request budget.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use gatherd::mirror::*;
use proptest::prelude::*;

use super::samples::*;

const WINDOW: i64 = 60_000;

fn reserve(sample: &Sample, now_ms: i64, limit: u32, fields: u32) -> Reserve {
    sample.put(|w| w.reserve(now_ms, WINDOW, limit, "Groups", fields))
}

fn granted(reserve: Reserve) -> i64 {
    match reserve {
        Reserve::Granted { asked, .. } => asked,
        Reserve::Wait { until_ms } => panic!("has to wait until {until_ms}"),
    }
}

#[test]
fn points_are_free_a_window_after_the_answer() {
    let sample = Sample::new();
    let asked = granted(reserve(&sample, 0, 10, 10));
    assert_eq!(
        reserve(&sample, 1_000, 10, 1),
        Reserve::Wait { until_ms: 61_000 }
    );
    sample.put(|w| w.answered(asked, 5_000, 0));
    assert_eq!(
        reserve(&sample, 6_000, 10, 1),
        Reserve::Wait { until_ms: 65_000 }
    );
    assert_eq!(
        sample
            .read(|conn| points_used(conn, 64_999, WINDOW))
            .unwrap(),
        10
    );
    assert_eq!(
        sample
            .read(|conn| points_used(conn, 65_000, WINDOW))
            .unwrap(),
        0
    );
    assert!(granted(reserve(&sample, 65_000, 10, 1)) > asked);
}

#[test]
fn the_budget_holds_over_a_restart_and_dead_processes_free_theirs() {
    let sample = Sample::new();
    granted(reserve(&sample, 0, 10, 10));
    let sample = sample.reopened();
    assert!(matches!(
        reserve(&sample, 150_000, 10, 1),
        Reserve::Wait { until_ms: 180_000 }
    ));
    granted(reserve(&sample, 180_000, 10, 1));
}

#[test]
fn an_operation_beyond_the_limit_is_granted_alone() {
    let sample = Sample::new();
    let asked = granted(reserve(&sample, 0, 10, 25));
    sample.put(|w| w.answered(asked, 100, 0));
    assert_eq!(
        reserve(&sample, 1_000, 10, 25),
        Reserve::Wait { until_ms: 60_100 }
    );
    granted(reserve(&sample, 60_100, 10, 25));
}

#[test]
fn a_refusal_stops_everybody() {
    let sample = Sample::new();
    let asked = granted(reserve(&sample, 0, 100, 1));
    sample.put(|w| w.refused(asked, 1_000, WINDOW, 30_000, None));
    assert_eq!(
        reserve(&sample, 2_000, 100, 1),
        Reserve::Wait { until_ms: 30_000 }
    );
    let one = granted(reserve(&sample, 70_000, 100, 1));
    // An earlier end of the pause does not count.
    sample.put(|w| w.refused(one, 70_000, WINDOW, 90_000, None));
    sample.put(|w| w.refused(one, 70_000, WINDOW, 80_000, None));
    assert_eq!(
        reserve(&sample, 85_000, 100, 1),
        Reserve::Wait { until_ms: 90_000 }
    );
}

/// Ten answers of 200 rows each, then a refusal at so many points.
fn refused_after_rows(sample: &Sample, from_ms: i64, consumed: u32) {
    for nth in 0..10 {
        let asked = granted(reserve(sample, from_ms + nth, 450, 1));
        sample.put(|w| w.answered(asked, from_ms + nth, 200));
    }
    let asked = granted(reserve(sample, from_ms + 10, 450, 1));
    sample.put(|w| w.refused(asked, from_ms + 10, WINDOW, from_ms + 20, Some(consumed)));
}

fn points_of(reserve: Reserve) -> u32 {
    match reserve {
        Reserve::Granted { points, .. } => points,
        Reserve::Wait { until_ms } => panic!("has to wait until {until_ms}"),
    }
}

#[test]
fn one_refusal_teaches_what_a_row_costs_for_the_window_and_all_that_comes() {
    let sample = Sample::new();
    refused_after_rows(&sample, 0, 410);
    // 400 points over 2,000 rows: 41 points each, and the window is counted anew.
    let used = |at| sample.read(move |conn| points_used(conn, at, WINDOW));
    assert_eq!(used(21).unwrap(), 411);
    assert!(matches!(
        reserve(&sample, 21, 450, 1),
        Reserve::Wait { until_ms: 60_000.. }
    ));
    let asked = reserve(&sample, 61_000, 450, 1);
    assert_eq!(points_of(asked), 41, "as many rows as last time");
    sample.put(|w| w.answered(granted(asked), 61_100, 20));
    assert_eq!(used(61_200).unwrap(), 5, "as many as there were");
}

#[test]
fn what_the_rows_do_not_explain_teaches_nothing() {
    let sample = Sample::new();
    // More than two points a row: someone else asks with this account.
    refused_after_rows(&sample, 0, 4_500);
    assert_eq!(points_of(reserve(&sample, 70_000, 450, 1)), 1);
    // No more than was known: the limit is lower than ours.
    refused_after_rows(&sample, 140_000, 10);
    assert_eq!(points_of(reserve(&sample, 210_000, 450, 1)), 1);
}

#[test]
fn a_price_is_forgotten_in_time_and_later_when_it_was_confirmed() {
    let minute = 60_000;
    let sample = Sample::new();
    refused_after_rows(&sample, 0, 410);
    let price = |at| sample.read(move |conn| row_price(conn, at)).unwrap();
    assert!(price(9 * minute) > 0);
    assert_eq!(price(11 * minute), 0);
    refused_after_rows(&sample, 12 * minute, 410);
    assert!(price(31 * minute) > 0, "twenty minutes now");
    assert_eq!(price(33 * minute), 0);
    refused_after_rows(&sample, 500 * minute, 410);
    assert_eq!(price(511 * minute), 0, "ten again, so long after");
}

#[test]
fn a_clock_that_steps_back_costs_a_window_and_not_the_step() {
    let hour = 3_600_000;
    let sample = Sample::new();
    let asked = granted(reserve(&sample, 10 * hour, 10, 5));
    granted(reserve(&sample, 10 * hour, 10, 5));
    sample.put(|w| w.refused(asked, 10 * hour, WINDOW, 10 * hour + 20_000, None));
    let Reserve::Wait { until_ms } = reserve(&sample, 9 * hour, 10, 10) else {
        panic!()
    };
    assert_eq!(until_ms, 9 * hour + 20_000, "the rest of the pause");
    let Reserve::Wait { until_ms } = reserve(&sample, until_ms, 10, 10) else {
        panic!()
    };
    assert!(until_ms <= 9 * hour + 80_000, "then a window");
    granted(reserve(&sample, 9 * hour + 180_001, 10, 10));
}

#[test]
fn old_rows_are_dropped_and_numbers_never_come_again() {
    let sample = Sample::new();
    let mut last = 0;
    for turn in 0..600 {
        let asked = granted(reserve(&sample, turn * 1_000_000, 10, 1));
        assert!(asked > last);
        last = asked;
    }
    let kept: i64 = sample
        .one("SELECT count(*) FROM budget_row")
        .parse()
        .unwrap();
    assert!(kept < 400, "{kept}");
}

#[test]
fn many_at_once_never_exceed_the_limit_in_any_window() {
    const SPAN: Duration = Duration::from_millis(120);
    const LIMIT: u32 = 20;
    let sample = Sample::new();
    let other = Mirror::open_existing(&sample.db()).unwrap();
    let start = Instant::now();
    // Meetup counts a question somewhere between the reservation and the answer.
    let counted = Mutex::new(Vec::new());
    let ms = |start: Instant| start.elapsed().as_millis() as i64 + 1_000_000;
    std::thread::scope(|scope| {
        for worker in 0..8_u32 {
            let (mirror, counted) = (if worker % 2 == 0 { &*sample } else { &other }, &counted);
            scope.spawn(move || {
                while start.elapsed() < Duration::from_millis(900) {
                    let fields = 1 + worker % 4;
                    let answer = mirror
                        .write(at(NOW), |w| {
                            w.reserve(
                                ms(start),
                                SPAN.as_millis() as i64,
                                LIMIT,
                                &format!("of {worker}"),
                                fields,
                            )
                        })
                        .unwrap();
                    match answer {
                        Reserve::Granted { asked, points } => {
                            std::thread::sleep(Duration::from_millis(u64::from(worker)));
                            counted.lock().unwrap().push((start.elapsed(), points));
                            std::thread::sleep(Duration::from_millis(2));
                            mirror
                                .write(at(NOW), |w| w.answered(asked, ms(start), 0))
                                .unwrap();
                        }
                        Reserve::Wait { until_ms } => {
                            let pause = (until_ms - ms(start)).clamp(1, 200);
                            std::thread::sleep(Duration::from_millis(pause as u64));
                        }
                    }
                }
            });
        }
    });
    let mut counted = counted.into_inner().unwrap();
    counted.sort();
    let total: u32 = counted.iter().map(|(_, points)| points).sum();
    assert!(total > 2 * LIMIT, "{total} points were used at all");
    for (at, (from, _)) in counted.iter().enumerate() {
        let window: u32 = counted[at..]
            .iter()
            .take_while(|(to, _)| *to < *from + SPAN)
            .map(|(_, points)| points)
            .sum();
        assert!(window <= LIMIT, "{window} points within one window");
    }
}

#[test]
fn a_clock_that_is_set_back_and_then_a_little_further_forward_frees_nothing_early() {
    let sample = Sample::new();
    let Reserve::Granted { asked, .. } = reserve(&sample, 0, 20, 20) else {
        panic!("nothing was taken yet");
    };
    sample.put(|w| w.answered(asked, 0, 0));
    // Set back by 8,431 ms, then forward by 8,432, while no time went by: it is 1 now.
    sample.put(|w| w.budget_clock_stepped(-8_431, -8_431));
    sample.put(|w| w.budget_clock_stepped(8_432, 1));
    assert!(matches!(
        reserve(&sample, WINDOW, 20, 1),
        Reserve::Wait { .. }
    ));
    assert!(matches!(
        reserve(&sample, WINDOW + 1, 20, 1),
        Reserve::Granted { .. }
    ));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_window_exceeds_the_limit_whatever_the_answers_take(
        steps in proptest::collection::vec((0..9_000_i64, 1..8_u32, 0..15_000_i64, 0..100_i64), 1..80)
    ) {
        let sample = Sample::new();
        let limit = 20;
        let (mut now, mut counted, mut answers) = (0, Vec::new(), Vec::new());
        for (pause, fields, takes, place) in steps {
            now += pause;
            loop {
                answers.sort_unstable();
                while let Some((due, asked)) = answers.first().copied().filter(|(due, _)| *due <= now) {
                    sample.put(|w| w.answered(asked, due, 0));
                    answers.remove(0);
                }
                match reserve(&sample, now, limit, fields) {
                    Reserve::Granted { asked, points } => {
                        counted.push((now + takes * place / 100, points));
                        answers.push((now + takes, asked));
                        break;
                    }
                    Reserve::Wait { until_ms } => {
                        prop_assert!(until_ms > now);
                        now = answers.first().map_or(until_ms, |(due, _)| until_ms.min((*due).max(now + 1)));
                    }
                }
            }
        }
        for (from, _) in &counted {
            let window: u32 = counted.iter()
                .filter(|(at, _)| (*from..*from + WINDOW).contains(at)).map(|(_, points)| points).sum();
            prop_assert!(window <= limit);
        }
    }

    /// Two processes; one keeps its own clock and follows steps of the wall clock, as `sync::ledger` does,
    /// the other goes by the wall clock.
    #[test]
    fn no_window_exceeds_the_limit_however_the_clock_is_set(
        steps in proptest::collection::vec(
            (0..9_000_i64, 1..8_u32, proptest::option::weighted(0.15, -7_200_000..7_200_000_i64), any::<bool>()), 1..25)
    ) {
        let sample = Sample::new();
        let limit = 20;
        let (mut real, mut wall, mut own) = (0, 0, 0);
        let mut counted = Vec::new();
        for (pause, fields, set, is_first) in steps {
            real += pause;
            let mut is_first = is_first;
            if let Some(step) = set {
                wall += step;
                // Whoever asks all the time notices before another process is started.
                is_first = true;
            }
            let mut turns = 0;
            loop {
                turns += 1;
                prop_assert!(turns < 100, "never granted");
                let now = real + wall;
                let reserve = sample.put(|w| {
                    if is_first {
                        w.budget_clock_stepped(wall - own, now)?;
                    }
                    w.reserve(now, WINDOW, limit, "Groups", fields)
                });
                if is_first {
                    own = wall;
                }
                match reserve {
                    Reserve::Granted { asked, points } => {
                        sample.put(|w| w.answered(asked, now, 0));
                        counted.push((real, points));
                        break;
                    }
                    // Nobody sleeps for long on the word of a clock.
                    Reserve::Wait { until_ms } => real += (until_ms - now).clamp(1, 10_000),
                }
            }
        }
        for (from, _) in &counted {
            let within = counted.iter().filter(|(at, _)| at >= from && at - from < WINDOW);
            let sum: u32 = within.map(|(_, points)| points).sum();
            prop_assert!(sum <= limit, "{sum} from {from}: {counted:?}");
        }
    }
}

#[test]
fn what_is_taken_is_found_without_reading_the_day_of_questions_that_is_kept() {
    let sample = Sample::new();
    let (day, now) = (86_400_000, 90_000_000);
    sample.put(|w| {
        // A question every 432 ms, each answered at once; but the first, which no question lives to be, only now.
        w.execute_batch(&format!(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)
             INSERT INTO budget_row (operation, fields, points, reserved_ms, answered_ms)
             SELECT 'Groups', 1, 1, {now} - {day} + i * 432, {now} - {day} + i * 432 FROM n;
             UPDATE budget_row SET answered_ms = {now} WHERE id = 1"
        ))?;
        Ok(())
    });
    let used = sample.read(|conn| points_used(conn, now, WINDOW));
    // Those of the last 60,000 ms alone: the first row was not read.
    assert_eq!(used.unwrap(), 60_000 / 432 + 1);
}
