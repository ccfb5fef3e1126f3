//! Local time at its edges: odd offsets, clocks that change, zones nobody knows, the turn of the year.

use super::*;
use chrono::{FixedOffset, TimeZone};
use chrono_tz::Tz;
use gatherd::metrics::LocalClock;
use proptest::prelude::*;

fn at(text: &str) -> i64 {
    DateTime::parse_from_rfc3339(text).unwrap().timestamp()
}

/// A group in a zone, with events at these starts as Meetup writes them, measured at that instant.
fn in_zone(zone: Option<&str>, as_of: &str, starts: &[&str]) -> GroupFigures {
    let mut world = World::default();
    let group = world.group("acme");
    world.groups[group].timezone = zone.map(str::to_owned);
    for text in starts {
        let start = DateTime::parse_from_rfc3339(text).unwrap();
        let event = world.event(group, start.timestamp());
        event.offset = i64::from(start.offset().local_minus_utc());
    }
    let asked = Settings::as_of(instant(at(as_of)));
    metrics::measure(&world.store(), &asked)
        .unwrap()
        .groups
        .remove(0)
}

/// The months of the last year in which it met.
fn cadence(figures: &GroupFigures) -> (i64, i64) {
    let rate = figures.cadence.monthly_cadence;
    (rate.numerator, rate.denominator)
}

#[test]
fn months_are_those_of_the_local_start() {
    // 00:10 on the first in Kathmandu (+05:45) is still the month before in UTC.
    let kathmandu =
        |starts: &[&str]| in_zone(Some("Asia/Kathmandu"), "2026-06-15T12:00:00Z", starts);
    let first = kathmandu(&["2026-05-01T00:10:00+05:45", "2026-05-31T23:50:00+05:45"]);
    assert_eq!(cadence(&first), (1, 12), "both are in May");
    let second = kathmandu(&["2026-04-30T23:50:00+05:45", "2026-05-01T00:10:00+05:45"]);
    assert_eq!(cadence(&second), (2, 12), "April and May");
    // Chatham is at +12:45, +13:45 in its summer.
    let chatham = in_zone(
        Some("Pacific/Chatham"),
        "2026-06-15T12:00:00Z",
        &["2026-01-01T00:30:00+13:45", "2025-12-31T23:30:00+13:45"],
    );
    assert_eq!(cadence(&chatham), (2, 12));
}

#[test]
fn an_event_across_midnight_or_the_years_end_counts_where_it_began() {
    let figures = in_zone(
        Some("US/Eastern"),
        "2026-06-15T12:00:00Z",
        &["2025-12-31T23:00:00-05:00"],
    );
    assert_eq!(cadence(&figures), (1, 12));
    // Measured in its own second half, it is neither held nor still to come.
    let mut world = World::default();
    let group = world.group("acme");
    world.event(group, at("2025-12-31T23:00:00Z")).ends = Some(at("2026-01-01T01:00:00Z"));
    let measured = |as_of: &str| {
        let asked = Settings::as_of(instant(at(as_of)));
        metrics::measure(&world.store(), &asked)
            .unwrap()
            .groups
            .remove(0)
    };
    assert_eq!(measured("2026-01-01T00:59:59Z").events_ever, 0);
    let over = measured("2026-01-01T01:00:00Z");
    assert_eq!(
        (over.events_ever, cadence(&over)),
        (1, (1, 12)),
        "it was December's"
    );
    assert_eq!(over.cadence.streak_months, 1);
}

#[test]
fn the_local_month_of_a_decides_which_months_are_closed() {
    // At that instant it is June already in Auckland and still May in Honolulu.
    let as_of = "2026-05-31T18:00:00Z";
    let met_in_may = |zone: &str, offset: &str| {
        let start = format!("2026-05-10T18:00:00{offset}");
        in_zone(Some(zone), as_of, &[&start])
    };
    let auckland = met_in_may("Pacific/Auckland", "+12:00");
    assert_eq!(cadence(&auckland), (1, 12), "May is closed");
    let honolulu = met_in_may("Pacific/Honolulu", "-10:00");
    assert_eq!(cadence(&honolulu), (0, 12), "May goes on");
    assert_eq!(honolulu.cadence.streak_months, 1);
}

#[test]
fn changes_of_the_clocks_move_no_event_into_another_month() {
    // Lisbon's clocks went back on 26 October 2025 and forward on 29 March 2026.
    let figures = in_zone(
        Some("Europe/Lisbon"),
        "2026-06-15T12:00:00Z",
        &[
            "2025-10-31T23:59:00+00:00",
            "2025-10-26T01:30:00+01:00",
            "2025-10-26T01:30:00+00:00",
            "2026-03-29T02:30:00+01:00",
            "2026-03-31T23:59:59+01:00",
        ],
    );
    assert_eq!(cadence(&figures), (2, 12), "October and March");
}

#[test]
fn the_29th_of_february_is_a_day_like_others() {
    let met = ["2024-02-29T18:00:00+00:00"];
    let figures = in_zone(Some("UTC"), "2024-02-29T23:00:00Z", &met);
    assert_eq!(figures.cadence.days_since_last_held, Some(0));
    let figures = in_zone(Some("UTC"), "2025-02-28T18:00:00Z", &met);
    assert_eq!(figures.cadence.days_since_last_held, Some(365));
    assert_eq!(figures.cadence.events_365, 0, "365 days ago is outside");
    assert_eq!(cadence(&figures), (1, 12), "the month still counts");
}

#[test]
fn legacy_names_are_zones_and_a_zone_nobody_knows_has_the_offset_of_the_latest_event() {
    let as_of = "2026-05-31T20:00:00Z";
    let start = ["2026-05-10T18:00:00+05:30"];
    // In India it is the first of June by then.
    for zone in [
        Some("Asia/Calcutta"),
        Some("Asia/Kolkata"),
        Some("Mars/Olympus"),
        Some(""),
        None,
    ] {
        let figures = in_zone(zone, as_of, &start);
        assert_eq!(cadence(&figures), (1, 12), "{zone:?}");
    }
    // The latest event decides, not the first one.
    let moved = ["2026-05-10T18:00:00+05:30", "2026-05-20T18:00:00-10:00"];
    let figures = in_zone(Some("Mars/Olympus"), as_of, &moved);
    assert_eq!(cadence(&figures), (0, 12), "still May there");
    // Whatever its status, unless it is gone.
    let mut world = World::default();
    let group = world.group("acme");
    world.groups[group].timezone = None;
    world.event(group, at("2026-05-10T18:00:00Z")).offset = 19_800;
    for (days, gone) in [(1, None), (2, Some(1))] {
        let event = world.event(group, at("2026-05-10T18:00:00Z") + days * DAY);
        (event.status, event.offset, event.gone) = ("DRAFT", -36_000 * (2 - days), gone);
    }
    let asked = Settings::as_of(instant(at(as_of)));
    let figures = metrics::measure(&world.store(), &asked)
        .unwrap()
        .groups
        .remove(0);
    assert_eq!(figures.as_of_local.offset().local_minus_utc(), -36_000);
    // Without an event there is only UTC.
    assert_eq!(in_zone(Some("Mars/Olympus"), as_of, &[]).events_ever, 0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    /// Months and days since, counted again from what Meetup would write for each start.
    #[test]
    fn months_by_local_start_hold_in_every_zone(
        zone_at in 0..chrono_tz::TZ_VARIANTS.len(), as_of in 1_640_000_000..1_900_000_000_i64,
        ages in proptest::collection::vec(11_000..34_000_000_i64, 1..20), is_known in any::<bool>()
    ) {
        use chrono::Datelike as _;
        let zone: Tz = chrono_tz::TZ_VARIANTS[zone_at];
        let mut world = World::default();
        let group = world.group("acme");
        world.groups[group].timezone = Some(if is_known { zone.name() } else { "Nowhere/Known" }.to_owned());
        world.groups[group].founded = Some(as_of - 3650 * DAY);
        let mut months = std::collections::BTreeSet::new();
        for age in &ages {
            let start = zone.timestamp_opt(as_of - age, 0).unwrap().fixed_offset();
            let event = world.event(group, as_of - age);
            event.offset = i64::from(start.offset().local_minus_utc());
            months.insert(start.year() * 12 + start.month0() as i32);
        }
        let youngest = *ages.iter().min().unwrap();
        let latest = zone.timestamp_opt(as_of - youngest, 0).unwrap().fixed_offset();
        let clock = |at: i64| {
            if is_known {
                zone.timestamp_opt(at, 0).unwrap().fixed_offset()
            } else {
                let offset: FixedOffset = *latest.offset();
                offset.timestamp_opt(at, 0).unwrap()
            }
        };
        let now = clock(as_of);
        let this = now.year() * 12 + now.month0() as i32;
        let closed = (this - 12..this).filter(|month| months.contains(month)).count();
        let figures = metrics::measure(&world.store(), &Settings::as_of(instant(as_of))).unwrap().groups.remove(0);
        prop_assert_eq!(cadence(&figures), (closed as i64, 12));
        prop_assert_eq!(figures.cadence.days_since_last_held, Some(youngest / DAY));
        let known = LocalClock::of(Some(zone.name()), None).at(instant(as_of));
        prop_assert_eq!(known, zone.timestamp_opt(as_of, 0).unwrap().fixed_offset());
    }
}
