//! One small world for each row of the definitions, with the edges that decide it.

use chrono::{DateTime, Utc};
use gatherd::community::MemberId;
use gatherd::metrics::{
    self, GroupFigures, Measured, NetworkFigures, Rate, Settings, Status, Target,
};

use crate::world::{A, DAY, HOUR, World, id_of};

const STAFF: u32 = 50;
const ADMIN: u32 = 60;

fn instant(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap()
}

fn settings() -> Settings {
    Settings {
        staff: Some(vec![MemberId(id_of(STAFF))]),
        ..Settings::as_of(instant(A))
    }
}

fn measure(world: &World) -> Measured {
    metrics::measure(&world.store(), &settings()).unwrap()
}

/// The figures of a world with one group.
fn one(fill: impl FnOnce(&mut World, usize)) -> GroupFigures {
    let mut world = World {
        admin: Some(ADMIN),
        ..World::default()
    };
    let group = world.group("acme");
    fill(&mut world, group);
    measure(&world).groups.remove(0)
}

fn network(fill: impl FnOnce(&mut World)) -> NetworkFigures {
    let mut world = World {
        admin: Some(ADMIN),
        ..World::default()
    };
    fill(&mut world);
    measure(&world).network
}

fn rate(numerator: i64, denominator: i64) -> Rate {
    Rate::new(numerator, denominator)
}

// Terms

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

// Cadence

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
            w.groups[g].founded = Some(DateTime::parse_from_rfc3339(founded).unwrap().timestamp())
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
            })
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
fn a_usual_pause_is_the_ninetieth_percentile_of_the_last_twelve_gaps() {
    let usual = |gaps: &[i64]| {
        one(|w, g| {
            let mut ago = 5;
            w.met(g, ago, &[]);
            for gap in gaps {
                ago += gap;
                w.met(g, ago, &[]);
            }
        })
        .cadence
        .overdue_after_days
    };
    let twelve = [50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61];
    assert_eq!(usual(&twelve), 60.0, "the 11th of 12");
    assert_eq!(
        usual(&[&twelve[..], &[149, 149]].concat()),
        60.0,
        "older gaps are forgotten"
    );
    assert_eq!(usual(&twelve[..10]), 58.0, "the 9th of 10");
    assert_eq!(usual(&[80, 80]), 120.0, "too few gaps");
    assert_eq!(usual(&[10, 10, 10]), 45.0);
    assert_eq!(usual(&[200, 200, 200]), 150.0);
    assert_eq!(usual(&[60, 60, 969]), 150.0, "1,094 days ago counts");
    assert_eq!(usual(&[60, 60, 970]), 120.0, "1,095 days ago does not");
}

/// Three years of monthly events but in these calendar months, up to so many months ago.
fn yearly_rhythm(w: &mut World, g: usize, off: &[u32], newest: i64) {
    use chrono::Datelike as _;
    for n in newest..48 {
        let starts = A - n * 2_629_800;
        if !off.contains(&instant(starts).month()) {
            w.event(g, starts);
        }
    }
}

#[test]
fn months_off_are_those_without_an_event_in_three_years() {
    let off = |months: &[u32]| {
        one(|w, g| yearly_rhythm(w, g, months, 0))
            .cadence
            .off_months
    };
    assert_eq!(off(&[7, 8]), [7, 8]);
    assert_eq!(off(&[7, 8, 12]), [7, 8, 12]);
    assert_eq!(
        off(&[1, 7, 8, 12]),
        [0; 0],
        "four are too many to be a habit"
    );
    let young = one(|w, g| {
        w.groups[g].founded = Some(A - 720 * DAY);
        yearly_rhythm(w, g, &[7], 0);
    });
    assert!(
        young.cadence.off_months.is_empty(),
        "23 months are too few to tell"
    );
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

// Attendance

#[test]
fn yes_people_guests_and_medians_are_those_of_the_year() {
    let figures = one(|w, g| {
        w.met(g, 10, &[1, 2, 3]).last().guests = 2;
        w.met(g, 20, &[1]).kind = "ONLINE";
        w.met(g, 30, &[1, 4]).kind = "HYBRID";
        let event = w.met(g, 40, &[]);
        event.answer("WAITLIST", &[8]).last().guests = 5;
        event.answer("ATTENDED", &[9]);
        w.met(g, 365, &[7]);
    });
    let attendance = figures.attendance;
    assert_eq!(
        (
            attendance.yes_365,
            attendance.people_365,
            attendance.guests_365
        ),
        (7, 5, 2)
    );
    assert_eq!(attendance.median_yes, Some(1.5));
    assert_eq!(attendance.median_yes_in_person, Some(2.0));
    assert_eq!(attendance.median_yes_online, Some(1.0));
}

#[test]
fn the_show_rate_looks_only_where_attendance_was_taken() {
    let figures = one(|w, g| {
        w.met(g, 10, &[1, 2])
            .answer("NO_SHOW", &[3, 4, 5])
            .answer("EXCUSED_ABSENCE", &[6]);
        w.met(g, 20, &[1, 2, 3]);
        w.met(g, 30, &[1]).answer("EXCUSED_ABSENCE", &[2]);
    });
    assert_eq!(figures.attendance.attendance_taken, rate(2, 3));
    assert_eq!(figures.attendance.show_rate, rate(3, 6));
}

// Repeat

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
    assert_eq!(figures.repeat.next_event_return, rate(2 + 0 + 1, 3 + 2 + 1));
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

// Organizers

#[test]
fn hosts_of_90_and_365_days_and_the_new_ones() {
    let figures = one(|w, g| {
        w.met(g, 400, &[]).hosted_by(&[1]);
        w.met(g, 100, &[]).hosted_by(&[1, 2]);
        w.met(g, 10, &[]).hosted_by(&[3, STAFF, ADMIN]);
    });
    let o = figures.organizers;
    assert_eq!((o.hosts_90, o.hosts_365, o.new_hosts_365), (3, 5, 4));
    assert_eq!(o.local_hosts_90, Some(1));
}

#[test]
fn the_absence_factor_is_the_fewest_hosts_of_half_the_events() {
    let factor = |hosts: &[&[u32]]| {
        let figures = one(|w, g| {
            for (n, hosts) in hosts.iter().enumerate() {
                w.met(g, 10 + n as i64, &[]).hosted_by(hosts);
            }
        });
        (
            figures.organizers.host_absence_factor,
            figures.organizers.top_host_share,
        )
    };
    assert_eq!(factor(&[&[1], &[1], &[2], &[3]]), (Some(1), rate(2, 4)));
    assert_eq!(factor(&[&[1], &[2], &[3]]), (Some(2), rate(1, 3)));
    assert_eq!(factor(&[&[1, 2], &[3, 4], &[5]]), (Some(3), rate(1, 5)));
    assert_eq!(factor(&[&[]]), (None, rate(0, 0)));
}

#[test]
fn staff_host_alone_or_not_at_all() {
    let figures = one(|w, g| {
        w.met(g, 10, &[]).hosted_by(&[STAFF]);
        w.met(g, 20, &[]).hosted_by(&[STAFF, ADMIN]);
        w.met(g, 30, &[]).hosted_by(&[STAFF, 1]);
        w.met(g, 40, &[]);
    });
    assert_eq!(figures.organizers.staff_hosted_share, Some(rate(2, 3)));
}

#[test]
fn without_staff_configured_its_figures_are_null_but_the_admin_is_staff_all_the_same() {
    let mut world = World {
        admin: Some(ADMIN),
        ..World::default()
    };
    let g = world.group("acme");
    world.met(g, 10, &[1, ADMIN]).hosted_by(&[2]);
    for staff in [None, Some(Vec::new())] {
        let figures = metrics::measure(
            &world.store(),
            &Settings {
                staff,
                ..settings()
            },
        )
        .unwrap()
        .groups
        .remove(0);
        assert_eq!(figures.organizers.local_hosts_90, None);
        assert_eq!(figures.organizers.staff_hosted_share, None);
        assert_eq!(figures.repeat.repeat_rate, rate(0, 1));
    }
}

#[test]
fn leaders_have_a_leading_role_and_are_not_the_admin() {
    let figures = one(|w, g| {
        w.member(g, 1, "ORGANIZER", "LEADER").seen = Some(A - 90 * DAY);
        w.member(g, 2, "EVENT_ORGANIZER", "ACTIVE").seen = Some(A - 90 * DAY + 1);
        w.member(g, 3, "ASST_ORGANIZER", "PENDING");
        w.member(g, 4, "MEMBER", "LEADER");
        w.member(g, 5, "COORGANIZER", "LEADER").gone = Some(A - DAY);
        w.member(g, 6, "COORGANIZER", "LEADER").joined = Some(A + 1);
        w.member(g, ADMIN, "ORGANIZER", "LEADER");
    });
    assert_eq!(figures.organizers.leaders, Some(2));
    assert_eq!(figures.organizers.leader_activity, Some(rate(1, 2)));
    assert_eq!(figures.organizers.leaderless, Some(false));
    assert!(
        one(|w, g| {
            w.member(g, ADMIN, "ORGANIZER", "LEADER");
        })
        .organizers
        .leaderless
        .unwrap()
    );
}

#[test]
fn members_joined_by_a_and_roster_figures_end_a_day_before_the_report() {
    let mut world = World::default();
    let g = world.group("acme");
    world.member(g, 1, "MEMBER", "ACTIVE").joined = Some(A - 90 * DAY);
    world.member(g, 2, "MEMBER", "LEADER").joined = Some(A - 90 * DAY + 1);
    world.member(g, 3, "MEMBER", "ACTIVE").joined = Some(A + 1);
    world.member(g, 4, "MEMBER", "BLOCKED");
    let growth = |late: i64| {
        let settings = Settings {
            generated_at: instant(A + late),
            ..settings()
        };
        let figures = metrics::measure(&world.store(), &settings)
            .unwrap()
            .groups
            .remove(0);
        (
            figures.growth.members,
            figures.growth.joined_90,
            figures.organizers.leaders,
            figures.organizers.leaderless,
        )
    };
    assert_eq!(growth(DAY), (Some(2), Some(1), Some(0), Some(true)));
    assert_eq!(growth(DAY + 1), (None, None, None, None));
}

// Status

fn status(fill: impl FnOnce(&mut World, usize)) -> Option<Status> {
    one(fill).status
}

#[test]
fn new_is_young_with_fewer_than_three_events() {
    let young = |days: i64, events: i64| {
        status(|w, g| {
            w.groups[g].founded = Some(A - days * DAY);
            (0..events).for_each(|n| {
                w.met(g, 10 + n, &[]);
            });
        })
    };
    assert_eq!(young(365, 2), Some(Status::New));
    assert_eq!(young(365, 0), Some(Status::New));
    assert_ne!(young(365, 3), Some(Status::New));
    assert_eq!(young(366, 0), Some(Status::Unstarted));
    let joined = status(|w, g| {
        w.groups[g].founded = None;
        w.groups[g].joined = Some(A - 10 * DAY);
    });
    assert_eq!(joined, Some(Status::New));
}

#[test]
fn unstarted_never_met() {
    assert_eq!(status(|_, _| {}), Some(Status::Unstarted));
    assert_eq!(
        status(|w, g| {
            w.event(g, A + DAY);
        }),
        Some(Status::Unstarted)
    );
}

#[test]
fn restarted_after_more_than_180_days() {
    let after = |pause: i64| {
        status(|w, g| {
            w.event(g, A - 89 * DAY);
            w.event(g, A - 89 * DAY - pause);
        })
    };
    assert_eq!(after(180 * DAY + 1), Some(Status::Restarted));
    assert_ne!(after(180 * DAY), Some(Status::Restarted));
    let earlier = status(|w, g| {
        w.met(g, 90, &[]);
        w.met(g, 400, &[]);
    });
    assert_ne!(
        earlier,
        Some(Status::Restarted),
        "90 days ago is outside the window"
    );
}

#[test]
fn quiet_after_more_than_180_whole_days_even_with_a_date_announced() {
    let last = |ago: i64| {
        status(|w, g| {
            w.event(g, A - ago);
            w.event(g, A + DAY);
        })
    };
    assert_eq!(last(181 * DAY), Some(Status::Quiet));
    assert_eq!(last(181 * DAY - 1), Some(Status::Meeting));
}

#[test]
fn overdue_only_while_nothing_is_announced_or_on() {
    let ago = |days: i64| {
        status(|w, g| {
            w.met(g, days, &[]);
        })
    };
    assert_eq!(ago(121), Some(Status::Overdue));
    assert_eq!(ago(120), Some(Status::Meeting));
    assert_eq!(
        status(|w, g| {
            w.met(g, 121, &[]);
            w.event(g, A + 300 * DAY);
        }),
        Some(Status::Meeting)
    );
    assert_eq!(
        status(|w, g| {
            w.met(g, 121, &[]);
            w.event(g, A - HOUR);
        }),
        Some(Status::Meeting),
        "one is on right now"
    );
}

#[test]
fn days_in_months_off_do_not_make_a_group_overdue() {
    // Last met in early April; May is off every year.
    let figures = one(|w, g| yearly_rhythm(w, g, &[5], 2));
    assert_eq!(figures.cadence.off_months, [5]);
    assert_eq!(figures.days_off, 31);
    assert_eq!(
        figures.status,
        Some(Status::OnTarget),
        "60 days less 31 are no long pause"
    );
    let longer = one(|w, g| yearly_rhythm(w, g, &[3], 3));
    assert_eq!(longer.status, Some(Status::Overdue));
}

#[test]
fn on_target_needs_three_blocks_and_three_quarters_of_them() {
    let monthly = |months: &[i64], founded: i64| {
        status(|w, g| {
            w.groups[g].founded = Some(A - founded * DAY);
            months.iter().for_each(|n| {
                w.event(g, A - n * 2_629_800);
                w.event(g, A - n * 2_629_800 - DAY);
            });
        })
    };
    assert_eq!(
        monthly(&[1, 2, 3, 4, 5, 6, 7, 8, 9], 3650),
        Some(Status::OnTarget),
        "9 of 12"
    );
    assert_eq!(
        monthly(&[1, 2, 3, 4, 5, 6, 7, 8], 3650),
        Some(Status::Meeting),
        "8 of 12"
    );
    assert_eq!(monthly(&[1, 2, 3], 110), Some(Status::OnTarget), "3 of 3");
    assert_eq!(
        monthly(&[1, 2], 80),
        Some(Status::Meeting),
        "2 blocks are too few"
    );
}

#[test]
fn an_incomplete_group_has_no_status_and_is_in_no_network_figure() {
    let mut world = World::default();
    let g = world.group("acme");
    world.groups[g].is_complete = false;
    world.met(g, 10, &[1]);
    let measured = measure(&world);
    assert_eq!(measured.groups[0].status, None);
    assert_eq!(measured.groups[0].cadence.events_365, 1);
    let n = measured.network;
    assert_eq!(
        (n.groups, n.groups_met_30, n.events_30, n.people_30),
        (0, 0, 0, 0)
    );
}

#[test]
fn groups_that_left_keep_their_history_apart_and_the_unfounded_are_left_out() {
    let mut world = World::default();
    let gone = world.group("gone");
    world.groups[gone].gone = Some(A - DAY);
    world.met(gone, 10, &[1]);
    let later = world.group("later");
    world.groups[later].founded = Some(A + 1);
    let measured = measure(&world);
    assert!(measured.groups.is_empty());
    assert_eq!(measured.network.events_365, 0);
    assert_eq!(measured.left.len(), 1);
    assert_eq!(
        (measured.left[0].urlname.as_str(), measured.left[0].events),
        ("gone", 1)
    );
}

// Network

#[test]
fn a_joint_event_counts_once_with_its_hosts_and_yes_united() {
    let n = network(|w| {
        let (a, b) = (w.group("a"), w.group("b"));
        w.met(a, 10, &[1, 2, 3]).hosted_by(&[4]).joint = Some("j".to_owned());
        w.met(b, 10, &[1, 4, 5]).hosted_by(&[3]).joint = Some("j".to_owned());
        w.met(b, 20, &[5]);
    });
    assert_eq!((n.groups_met_30, n.events_30), (2, 2));
    assert_eq!(n.people_30, 3, "1, 2 and 5: 3 and 4 host it");
    assert_eq!(n.repeat_rate, rate(1, 3));
}

#[test]
fn a_year_before_sees_only_what_was_held_and_founded_then() {
    let n = network(|w| {
        let old = w.group("old");
        w.met(old, 365 + 10, &[1, 2]);
        w.met(old, 365, &[3]); // was still running
        w.met(old, 10, &[1]);
        let young = w.group("young");
        w.groups[young].founded = Some(A - 364 * DAY);
        w.met(young, 365 + 20, &[9]); // older than the group says it is
    });
    assert_eq!((n.groups_met_30, n.events_30, n.people_30), (1, 1, 1));
    assert_eq!(
        (
            n.groups_met_30_year_before,
            n.events_30_year_before,
            n.people_30_year_before
        ),
        (1, 1, 2)
    );
    assert_eq!((n.events_365, n.events_365_year_before), (1, 1));
}

#[test]
fn the_share_on_target_leaves_out_who_cannot_be_expected_to_meet() {
    let n = network(|w| {
        let new = w.group("new");
        w.groups[new].founded = Some(A - DAY);
        w.group("unstarted");
        for (urlname, days) in [("quiet", 365), ("long-quiet", 366)] {
            let g = w.group(urlname);
            w.met(g, days, &[]);
        }
        let g = w.group("on-target");
        yearly_rhythm(w, g, &[], 0);
    });
    assert_eq!(n.groups, 5);
    assert_eq!(
        (
            n.groups_by_status.new,
            n.groups_by_status.unstarted,
            n.groups_by_status.quiet
        ),
        (1, 1, 2)
    );
    assert_eq!(n.share_on_target, rate(1, 2));
}
