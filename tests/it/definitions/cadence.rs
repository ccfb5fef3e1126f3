//! How regularly a group meets.

use super::*;

#[test]
fn months_follow_the_wall_clock_of_the_place() {
    // 1 June 2026 00:30 in Kathmandu is still 31 May in UTC.
    let figures = one(|w, g| {
        w.groups[g].timezone = Some("Asia/Kathmandu".to_owned());
        w.event(g, 1_780_252_200).offset = 20_700;
    });
    assert_eq!(figures.cadence.streak_months, 1, "June, the current month");
    assert_eq!(figures.cadence.monthly_cadence.numerator, 0);
}

#[test]
fn the_local_month_of_a_moves_the_closed_months() {
    // At 1 June 00:00 UTC it is still May in New York: May is no closed month there.
    let monthly = |zone: &str| {
        let mut world = World::default();
        let g = world.group("acme");
        world.groups[g].timezone = Some(zone.to_owned());
        world.event(g, 1_780_272_000 - 10 * DAY);
        let settings = Settings::as_of(instant(1_780_272_000));
        metrics::measure(&world.store(), &settings)
            .unwrap()
            .groups
            .remove(0)
            .cadence
    };
    assert_eq!(monthly("UTC").monthly_cadence, rate(1, 12));
    assert_eq!(monthly("US/Eastern").monthly_cadence, rate(0, 12));
    assert_eq!(monthly("US/Eastern").streak_months, 1);
}

#[test]
fn where_the_zone_is_unknown_the_latest_event_tells_the_offset() {
    let at_the_turn = 1_780_272_000;
    let mut world = World::default();
    let g = world.group("acme");
    world.groups[g].timezone = Some("Mars/Olympus".to_owned());
    world.event(g, at_the_turn - 40 * DAY).offset = 20_700;
    world.event(g, at_the_turn - 10 * DAY).offset = -14_400;
    let figures = metrics::measure(&world.store(), &Settings::as_of(instant(at_the_turn)))
        .unwrap()
        .groups
        .remove(0);
    assert_eq!(
        figures.as_of_local.to_rfc3339(),
        "2026-05-31T20:00:00-04:00"
    );
    assert_eq!(
        figures.cadence.monthly_cadence,
        rate(1, 12),
        "April is closed, May is not"
    );
}

#[test]
fn observed_months_begin_on_or_after_the_founding() {
    let observed = |founded: &str| {
        one(|w, g| {
            w.groups[g].founded = Some(DateTime::parse_from_rfc3339(founded).unwrap().timestamp());
        })
        .cadence
        .monthly_cadence
        .denominator
    };
    assert_eq!(observed("2026-03-01T00:00:00Z"), 3, "March, April, May");
    assert_eq!(
        observed("2026-03-01T23:59:59Z"),
        3,
        "dates are compared, not instants"
    );
    assert_eq!(observed("2026-03-02T00:00:00Z"), 2);
    assert_eq!(observed("2026-06-10T00:00:00Z"), 0);
}

#[test]
fn without_a_founding_the_first_held_event_begins_the_months() {
    let figures = one(|w, g| {
        w.groups[g].founded = None;
        w.event(g, A - 75 * DAY); // 1 April
        w.event(g, A - 20 * DAY);
    });
    assert_eq!(figures.cadence.monthly_cadence, rate(2, 2));
    let never = one(|w, g| w.groups[g].founded = None);
    assert_eq!(never.cadence.monthly_cadence, rate(0, 0));
    assert_eq!(never.cadence.monthly_cadence.value, None);
}

#[test]
fn a_target_counts_whole_blocks_back_from_the_latest_month() {
    let figures = one(|w, g| {
        w.groups[g].target = Some(3);
        w.groups[g].founded = Some(A - 300 * DAY); // August 2025: nine months observed
        for days in [20, 110, 120] {
            w.event(g, A - days * DAY); // 26 May; 25 and 15 February
        }
    });
    assert_eq!(figures.cadence.every_months, 3);
    assert_eq!(figures.cadence.target_cadence, rate(2, 3));
    assert_eq!(figures.cadence.monthly_cadence, rate(2, 9));
}

#[test]
fn a_stored_target_wins_over_a_configured_one_and_that_over_the_common_one() {
    let mut world = World::default();
    for urlname in ["a", "b", "c"] {
        let g = world.group(urlname);
        world.groups[g].target = (urlname == "a").then_some(4);
    }
    let target = |group: Option<&str>, every_months| Target {
        group: group.map(str::to_owned),
        every_months,
    };
    let settings = Settings {
        targets: vec![target(Some("a"), 2), target(None, 3), target(Some("b"), 2)],
        ..settings()
    };
    let measured = metrics::measure(&world.store(), &settings).unwrap();
    let targets: Vec<i64> = measured
        .groups
        .iter()
        .map(|g| g.cadence.every_months)
        .collect();
    assert_eq!(targets, [4, 2, 3]);
}

#[test]
fn a_streak_reaches_back_without_limit_and_includes_this_month() {
    let monthly = |skip: i64, current: bool| {
        one(|w, g| {
            if current {
                w.event(g, A - 5 * DAY);
            }
            for n in 0..30 {
                if n != skip {
                    w.event(g, A - 25 * DAY - n * 30 * DAY - n * DAY / 2);
                }
            }
        })
        .cadence
        .streak_months
    };
    assert_eq!(monthly(99, false), 30);
    assert_eq!(monthly(99, true), 31);
    assert_eq!(monthly(4, true), 5);
    assert_eq!(monthly(0, true), 1);
}

#[test]
fn the_median_gap_needs_three_events() {
    let gap = |days: &[i64]| {
        one(|w, g| {
            days.iter().for_each(|d| {
                w.met(g, *d, &[]);
            });
        })
        .cadence
        .median_gap_days
    };
    assert_eq!(gap(&[10, 20]), None);
    assert_eq!(gap(&[10, 20, 50]), Some(20.0));
    assert_eq!(gap(&[10, 20, 50, 51]), Some(10.0));
    assert_eq!(gap(&[10, 20, 365]), None, "the third is outside the window");
}

#[test]
fn days_are_whole_and_rounded_down() {
    let figures = one(|w, g| {
        w.event(g, A - 10 * DAY - 1);
        w.event(g, A - 10 * DAY + 1);
        w.event(g, A + 3 * DAY - 1);
        w.event(g, A + 9 * DAY);
    });
    assert_eq!(figures.cadence.days_since_last_held, Some(9));
    assert_eq!(figures.cadence.days_to_next_scheduled, Some(2));
}

#[test]
fn months_off_are_missed_in_years_in_which_the_group_was_alive() {
    let off = |months: &[u32], newest: i64| {
        let figures = one(|w, g| yearly_rhythm(w, g, months, newest));
        let years: Vec<(u32, u32)> = figures.off.iter().map(|it| (it.month, it.years)).collect();
        let months: Vec<u32> = figures.off.iter().map(|it| it.month).collect();
        assert_eq!(figures.cadence.off_months, months);
        years
    };
    let none: Vec<(u32, u32)> = Vec::new();
    // Four years of months up to June 2026.
    assert_eq!(off(&[], 0), none);
    assert_eq!(
        off(&[7, 8], 0),
        [(7, 3), (8, 3)],
        "nothing is before those of 2022"
    );
    assert_eq!(
        off(&[1, 7, 8, 12], 0),
        [(1, 4), (12, 4)],
        "with so many missed, three years may be chance"
    );
    assert_eq!(off(&[6], 0), [(6, 3)], "nothing this June");
    assert_eq!(off(&[5], 2), [(5, 3)], "nothing since this May so far");
    let since = one(|w, g| {
        yearly_rhythm(w, g, &[5], 2);
        w.met(g, 5, &[]);
    });
    assert_eq!(since.off[0].years, 4, "met this June, so this May counts");
    let young = |founded: i64| {
        one(|w, g| {
            (0..founded)
                .map(|n| A - n * 2_629_800)
                .filter(|at| chrono::Datelike::month(&instant(*at)) != 8)
                .for_each(|at| {
                    w.event(g, at);
                });
        })
        .cadence
        .off_months
    };
    assert_eq!(young(20), [0; 0], "one August");
    assert_eq!(young(26), [8], "two");
}

#[test]
fn a_month_with_an_event_held_running_or_to_come_is_not_off_this_year() {
    let off = |at: Option<(i64, i64)>| {
        one(|w, g| {
            yearly_rhythm(w, g, &[6], 1);
            if let Some((starts, from)) = at {
                known(w.event(g, starts), from);
            }
        })
        .cadence
        .off_months
    };
    assert_eq!(off(None), [6]);
    assert_eq!(off(Some((A - 5 * DAY, A - 9 * DAY))), [0; 0]);
    assert_eq!(off(Some((A - HOUR, A - 9 * DAY))), [0; 0], "on right now");
    assert_eq!(off(Some((A + 5 * DAY, A))), [0; 0], "announced");
    assert_eq!(off(Some((A + 5 * DAY, A + 1))), [6], "announced later");
    assert_eq!(off(Some((A + 30 * DAY, A))), [6], "in July");
}

#[test]
fn cancelled_events_count_against_the_held_ones_of_the_year() {
    let figures = one(|w, g| {
        w.met(g, 10, &[]);
        w.met(g, 20, &[]).status = "CANCELLED";
        w.met(g, 30, &[]).status = "AUTOSCHED_CANCELLED";
        w.met(g, 365, &[]).status = "CANCELLED";
        w.event(g, A + DAY).status = "CANCELLED_PERM";
    });
    assert_eq!(figures.cadence.cancellation_rate, rate(2, 3));
}

#[test]
fn the_floor_is_reached_when_the_last_event_it_needs_leaves_the_year() {
    let falls = |floor: u32, days: &[i64]| {
        let mut world = World::default();
        let g = world.group("acme");
        world.groups[g].timezone = Some("Pacific/Kiritimati".to_owned());
        for d in days {
            world.met(g, *d, &[]);
        }
        let settings = Settings {
            policy: gatherd::community::Policy {
                events_per_year: (floor > 0).then_some(floor),
                ..Default::default()
            },
            ..settings()
        };
        let mut measured = metrics::measure(&world.store(), &settings).unwrap();
        let policy = measured.groups.remove(0).policy?;
        let on = policy.steps[0].on.map(|on| on.to_string());
        Some((on, !policy.below.is_empty()))
    };
    // 15 June 2026 noon less 10 days and a year on, at UTC+14.
    let on = |day: &str| Some(day.to_owned());
    assert_eq!(falls(1, &[10, 300]), Some((on("2027-06-06"), false)));
    assert_eq!(falls(2, &[10, 300]), Some((on("2026-08-20"), false)));
    assert_eq!(falls(3, &[10, 300]), Some((None, true)), "never so many");
    let left = falls(2, &[10, 365]);
    assert_eq!(left, Some((on("2026-06-16"), true)), "one has just left");
    assert_eq!(falls(0, &[10]), None, "no policy");
}
