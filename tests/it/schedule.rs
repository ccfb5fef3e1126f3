use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use gatherd::config::Line;
use gatherd::schedule::{DueFiring, DueFirings, Firing, missed, next_due};
use proptest::prelude::*;

fn line(text: &str) -> Line {
    Line::parse(text).unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// The next `count` due instants.
fn dues(text: &str, zone: Tz, after: &str, count: usize) -> Vec<String> {
    let line = line(text);
    let mut from = at(after);
    let mut all = Vec::new();
    for _ in 0..count {
        let Some(next) = next_due(&line, zone, from) else {
            break;
        };
        assert!(next > from);
        all.push(next.format("%Y-%m-%dT%H:%M:%SZ").to_string());
        from = next;
    }
    all
}

#[test]
fn five_fields_start_at_second_zero_and_six_name_it() {
    assert_eq!(
        dues("*/15 * * * *", Tz::UTC, "2026-03-01T10:07:31Z", 2),
        ["2026-03-01T10:15:00Z", "2026-03-01T10:30:00Z"]
    );
    assert_eq!(
        dues("20 5 * * * *", Tz::UTC, "2026-03-01T10:07:31Z", 1),
        ["2026-03-01T11:05:20Z"]
    );
}

#[test]
fn monday_is_monday_by_number_and_by_name() {
    // 2026-03-02 is a Monday.
    for text in ["0 8 * * 1", "0 8 * * mon", "0 8 * * MON", "0 8 * * 1-1"] {
        assert_eq!(
            dues(text, Tz::UTC, "2026-02-27T00:00:00Z", 1),
            ["2026-03-02T08:00:00Z"],
            "{text}"
        );
    }
    for text in ["0 3 * * 0", "0 3 * * 7", "0 3 * * sun"] {
        assert_eq!(
            dues(text, Tz::UTC, "2026-02-27T00:00:00Z", 1),
            ["2026-03-01T03:00:00Z"],
            "{text}"
        );
    }
}

#[test]
fn day_of_month_or_weekday_will_do_as_in_a_crontab() {
    assert_eq!(
        dues("0 8 15 * 1", Tz::UTC, "2026-03-03T00:00:00Z", 3),
        [
            "2026-03-09T08:00:00Z",
            "2026-03-15T08:00:00Z",
            "2026-03-16T08:00:00Z"
        ]
    );
}

#[test]
fn a_line_is_read_on_its_zones_clocks() {
    assert_eq!(
        dues("0 8 * * 1", Tz::Asia__Tokyo, "2026-02-27T00:00:00Z", 1),
        ["2026-03-01T23:00:00Z"]
    );
    assert_eq!(
        dues("0 8 * * 1", Tz::Europe__Berlin, "2026-03-20T00:00:00Z", 2),
        ["2026-03-23T07:00:00Z", "2026-03-30T06:00:00Z"]
    );
}

#[test]
fn a_time_that_the_clocks_skip_fires_once_right_after_the_gap() {
    // Berlin goes from 02:00 to 03:00 on 2026-03-29 at 01:00 UTC.
    assert_eq!(
        dues("30 2 * * *", Tz::Europe__Berlin, "2026-03-28T00:00:00Z", 3),
        [
            "2026-03-28T01:30:00Z",
            "2026-03-29T01:00:00Z",
            "2026-03-30T00:30:00Z"
        ]
    );
}

#[test]
fn a_time_that_comes_twice_fires_once() {
    // Berlin goes from 03:00 back to 02:00 on 2026-10-25 at 01:00 UTC.
    assert_eq!(
        dues("30 2 * * *", Tz::Europe__Berlin, "2026-10-24T12:00:00Z", 2),
        ["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"]
    );
    let between = "2026-10-25T01:10:00Z"; // 02:10 for the second time
    assert_eq!(
        dues("30 2 * * *", Tz::Europe__Berlin, between, 1),
        ["2026-10-26T01:30:00Z"]
    );
}

#[test]
fn a_line_with_open_hours_counts_real_time_through_gap_and_overlap() {
    for start in ["2026-10-25T00:00:00Z", "2026-03-29T00:00:00Z"] {
        let expected: Vec<String> = (1..=12)
            .map(|n| {
                (at(start) + chrono::Duration::minutes(15 * n))
                    .format("%Y-%m-%dT%H:%M:%SZ")
                    .to_string()
            })
            .collect();
        assert_eq!(
            dues("*/15 * * * *", Tz::Europe__Berlin, start, 12),
            expected
        );
    }
}

#[test]
fn samoa_skipping_a_whole_day_skips_no_digest() {
    // Apia had no 2011-12-30.
    let dues = dues("0 8 * * *", Tz::Pacific__Apia, "2011-12-29T10:00:00Z", 3);
    assert_eq!(
        dues,
        [
            "2011-12-29T18:00:00Z",
            "2011-12-30T10:00:00Z",
            "2011-12-30T18:00:00Z"
        ]
    );
}

#[test]
fn wrong_lines_are_refused_with_their_cause() {
    for (text, cause) in [
        ("* * * *", "has 4 fields instead of 5 (or 6 with seconds)"),
        ("* * * * * *", "falls due every second"),
        ("*/1 * * * * *", "falls due every second"),
        ("61 * * * *", "has a minute that is not understood: 61"),
        ("0 8 * * 8", "has a weekday that is none: 8"),
        ("0 8 * foo *", "has a month that is not understood: foo"),
        ("0 0 30 2 *", "never falls due"),
        ("", "has 0 fields instead of 5 (or 6 with seconds)"),
    ] {
        assert_eq!(Line::parse(text).unwrap_err(), cause, "{text}");
    }
}

#[test]
fn missed_firings_are_caught_up_once_and_the_latest_counts() {
    let (poll, now) = (line("*/15 * * * *"), at("2026-03-05T10:07:00Z"));
    let served = |text: &str| Some(at(text));
    assert_eq!(
        missed(&poll, Tz::UTC, served("2026-03-01T00:00:00Z"), now),
        served("2026-03-05T10:00:00Z")
    );
    assert_eq!(
        missed(&poll, Tz::UTC, served("2026-03-05T10:00:00Z"), now),
        None
    );
    assert_eq!(
        missed(&poll, Tz::UTC, served("2026-03-05T09:52:00Z"), now),
        served("2026-03-05T10:00:00Z")
    );
    let digest = line("0 8 * * 1");
    assert_eq!(
        missed(&digest, Tz::UTC, served("2020-03-01T00:00:00Z"), now),
        served("2026-03-02T08:00:00Z")
    );
    assert_eq!(
        missed(&digest, Tz::UTC, served("2026-03-02T08:00:00Z"), now),
        None
    );
}

#[test]
fn a_first_start_is_no_missed_firing() {
    assert_eq!(
        missed(
            &line("0 8 * * 1"),
            Tz::UTC,
            None,
            at("2026-03-05T10:07:00Z")
        ),
        None
    );
}

fn firing(name: &str, text: &str, last_served: Option<&str>) -> Firing {
    Firing {
        name: name.to_owned(),
        line: line(text),
        zone: Tz::UTC,
        last_served: last_served.map(at),
    }
}

#[test]
fn knocks_come_in_order_and_a_missed_one_first() {
    let now = at("2026-03-05T10:07:00Z");
    let firings = vec![
        firing("poll", "*/15 * * * *", Some("2026-03-05T10:00:00Z")),
        firing("digest", "0 8 * * 1", Some("2026-02-23T08:00:00Z")),
        firing("sweep", "0 3 * * 0", None),
    ];
    let mut due_firings = DueFirings::new(firings, now);
    let first = due_firings.next(now).unwrap();
    assert_eq!(
        (first.name.as_str(), first.at),
        ("digest", at("2026-03-02T08:00:00Z"))
    );
    due_firings.served(&first);
    let second = due_firings.next(now).unwrap();
    assert_eq!(
        (second.name.as_str(), second.at),
        ("poll", at("2026-03-05T10:15:00Z"))
    );
    assert_eq!(due_firings.due(now), []);
    let later = at("2026-03-09T08:01:00Z");
    let due: Vec<String> = due_firings
        .due(later)
        .into_iter()
        .map(|DueFiring { name, at }| format!("{name} {at}"))
        .collect();
    assert_eq!(
        due,
        [
            "poll 2026-03-09 08:00:00 UTC",
            "digest 2026-03-09 08:00:00 UTC",
            "sweep 2026-03-08 03:00:00 UTC"
        ]
    );
}

#[test]
fn a_clock_set_back_silences_nothing() {
    let now = at("2026-03-05T10:07:00Z");
    let mut due_firings = DueFirings::new(
        vec![firing("poll", "*/15 * * * *", Some("2036-01-01T00:00:00Z"))],
        now,
    );
    assert_eq!(
        due_firings.next(now).unwrap().at,
        at("2026-03-05T10:15:00Z")
    );
    let later = at("2026-03-05T10:20:00Z");
    assert_eq!(
        due_firings.next(later).unwrap().at,
        at("2026-03-05T10:15:00Z")
    );
}

#[test]
fn a_clock_set_back_while_running_silences_nothing_either() {
    let noon = at("2026-03-05T12:00:00Z");
    let mut due_firings = DueFirings::new(vec![firing("poll", "*/15 * * * *", None)], noon);
    let served = due_firings.next(noon).unwrap();
    due_firings.served(&served);
    assert_eq!(served.at, at("2026-03-05T12:15:00Z"));
    // Five hours back: the old time is not waited for.
    let back = at("2026-03-05T07:16:00Z");
    assert_eq!(
        due_firings.next(back).unwrap().at,
        at("2026-03-05T07:30:00Z")
    );
}

#[test]
fn an_instant_that_comes_again_after_a_small_correction_fires_once() {
    let due = at("2026-03-02T08:00:00Z");
    for (text, again, next) in [
        (
            "*/15 * * * *",
            "2026-03-02T07:59:58Z",
            "2026-03-02T08:15:00Z",
        ),
        ("0 8 * * 1", "2026-03-02T06:00:00Z", "2026-03-09T08:00:00Z"),
    ] {
        let mut due_firings = DueFirings::new(
            vec![firing("it", text, None)],
            due - chrono::Duration::hours(3),
        );
        let firing = due_firings.due(due).remove(0);
        assert_eq!(firing.at, due);
        due_firings.served(&firing);
        assert_eq!(due_firings.next(at(again)).unwrap().at, at(next), "{text}");
        assert_eq!(due_firings.due(due), [], "{text}");
    }
}

#[test]
fn a_clock_set_forward_by_days_is_caught_up_once() {
    let now = at("2026-03-05T10:07:00Z");
    let mut due_firings = DueFirings::new(vec![firing("poll", "*/15 * * * *", None)], now);
    let later = at("2026-03-09T10:07:00Z");
    let due = due_firings.due(later);
    assert_eq!(due.len(), 1);
    due_firings.served(&due[0]);
    assert_eq!(due_firings.due(later), []);
    assert_eq!(
        due_firings.next(later).unwrap().at,
        at("2026-03-09T10:15:00Z")
    );
}

/// Clocks that jump, double an hour, change by half an hour, or are odd altogether.
const ZONES: [Tz; 7] = [
    Tz::UTC,
    Tz::Europe__Berlin,
    Tz::US__Eastern,
    Tz::Asia__Kathmandu,
    Tz::Australia__Lord_Howe,
    Tz::Pacific__Chatham,
    Tz::America__St_Johns,
];
const LINES: [&str; 7] = [
    "*/15 * * * *",
    "0 8 * * 1",
    "30 2 * * *",
    "0 3 * * 0",
    "7 */6 * * *",
    "*/20 1-3 * * *",
    "15 0 1 * *",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// While the clock only goes on, each due instant is knocked for exactly once, whenever somebody looks
    /// in time.
    #[test]
    fn every_due_instant_fires_once(
        line_at in 0..LINES.len(), zone_at in 0..ZONES.len(), start in 1_700_000_000..1_830_000_000_i64,
        naps in proptest::collection::vec(1..40_i64, 1..120)
    ) {
        let (line, zone) = (line(LINES[line_at]), ZONES[zone_at]);
        let mut now = DateTime::from_timestamp(start, 0).unwrap();
        let firing = Firing { name: "it".to_owned(), line: line.clone(), zone, last_served: None };
        let mut due_firings = DueFirings::new(vec![firing], now);
        let mut wanted = next_due(&line, zone, now);
        for nap in naps {
            // Never past the next instant by more than half the way to the one after it.
            let next = due_firings.next(now).unwrap();
            prop_assert_eq!(Some(next.at), wanted);
            let after = next_due(&line, zone, next.at).unwrap();
            now = next.at + (after - next.at) / 2 * i32::try_from(nap).unwrap() / 40;
            let due = due_firings.due(now);
            prop_assert_eq!(&due, std::slice::from_ref(&next));
            due_firings.served(&next);
            prop_assert!(due_firings.due(now).is_empty());
            wanted = Some(after);
        }
    }

    /// However the clock is set: nothing fires in bursts, nothing is silenced, and no instant fires twice
    /// unless the clock went back in between.
    #[test]
    fn a_clock_that_is_set_makes_no_burst_and_no_silence(
        line_at in 0..LINES.len(), zone_at in 0..ZONES.len(), start in 1_700_000_000..1_830_000_000_i64,
        steps in proptest::collection::vec(
            (1..2_000_i64, proptest::option::weighted(0.3, -3_000_000..3_000_000_i64)), 1..80)
    ) {
        let (line, zone) = (line(LINES[line_at]), ZONES[zone_at]);
        let mut now = DateTime::from_timestamp(start, 0).unwrap();
        let firing = Firing { name: "it".to_owned(), line: line.clone(), zone, last_served: None };
        let mut due_firings = DueFirings::new(vec![firing], now);
        let (mut fired, mut went_back) = (None::<DateTime<Utc>>, false);
        for (nap, set) in steps {
            now += chrono::Duration::seconds(nap + set.unwrap_or(0));
            went_back |= set.is_some_and(|by| by < 0);
            let due = due_firings.due(now);
            prop_assert!(due.len() <= 1, "a burst: {due:?}");
            if let Some(firing) = due.first() {
                // A real due instant, the latest there is.
                let second = chrono::Duration::seconds(1);
                prop_assert_eq!(next_due(&line, zone, firing.at - second), Some(firing.at));
                prop_assert!(next_due(&line, zone, firing.at).unwrap() > now);
                let is_new = fired.is_none_or(|fired| firing.at > fired);
                prop_assert!(is_new || went_back, "{firing:?} after {fired:?}");
                went_back = false;
                fired = Some(firing.at);
                due_firings.served(firing);
                prop_assert!(due_firings.due(now).is_empty(), "the same moment again");
            }
            // What comes next is at most one instant later than the clock itself says.
            let own = next_due(&line, zone, now).unwrap();
            let next = due_firings.next(now).unwrap().at;
            let one_later = next_due(&line, zone, own).unwrap();
            prop_assert!(next == own || next == one_later, "{next} for {own} or {one_later}");
            // Later only where that instant was served already.
            prop_assert!(next == own || fired == Some(own), "{own} is left out");
        }
    }

    /// Gaps and overlaps: a line that names its hour fires once on each of its days.
    #[test]
    fn a_line_that_names_its_hour_fires_once_a_day_in_every_zone(
        zone_at in 0..chrono_tz::TZ_VARIANTS.len(), hour in 0..24_u32, minute in 0..60_u32, day in 19_700..20_800_i64
    ) {
        let zone = chrono_tz::TZ_VARIANTS[zone_at];
        let line = line(&format!("{minute} {hour} * * *"));
        let mut now = DateTime::from_timestamp(day * 86_400, 0).unwrap();
        for _ in 0..200 {
            let next = next_due(&line, zone, now).unwrap();
            let gap = next - now;
            prop_assert!(gap > chrono::Duration::zero() && gap <= chrono::Duration::hours(49), "{gap} in {zone}");
            let after = next_due(&line, zone, next).unwrap() - next;
            prop_assert!(
                after >= chrono::Duration::hours(20) && after <= chrono::Duration::hours(28),
                "{after} after {next} in {zone}"
            );
            now = next;
        }
    }
}

#[test]
fn legacy_zone_names_mean_the_zones_they_meant() {
    for (legacy, name) in [
        ("US/Eastern", Tz::America__New_York),
        ("Asia/Calcutta", Tz::Asia__Kolkata),
        ("Europe/Kiev", Tz::Europe__Kyiv),
        ("Asia/Katmandu", Tz::Asia__Kathmandu),
    ] {
        let legacy: Tz = legacy.parse().unwrap();
        for day in 0..400 {
            let after = at("2026-01-01T00:00:00Z") + chrono::Duration::days(day);
            let line = line("30 2 * * *");
            assert_eq!(next_due(&line, legacy, after), next_due(&line, name, after));
        }
    }
}
