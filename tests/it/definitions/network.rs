//! The network as a whole.

use super::*;

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

#[test]
fn first_timers_took_part_nowhere_before() {
    let n = network(|w| {
        let (a, b) = (w.group("a"), w.group("b"));
        w.met(a, 90, &[1]);
        w.met(b, 89, &[1, 2]);
        w.met(b, 500, &[3]).hosted_by(&[4]);
        w.met(a, 10, &[2, 3, 4]);
    });
    assert_eq!(n.first_timers_90, 2, "2, and 4 who only hosted before");
}

#[test]
fn crossing_groups_takes_two_groups_within_the_year() {
    let n = network(|w| {
        let (a, b) = (w.group("a"), w.group("b"));
        w.met(a, 10, &[1, 2]);
        w.met(a, 20, &[2]);
        w.met(b, 30, &[1]);
        w.met(b, 365, &[2]);
    });
    assert_eq!(n.cross_group_rate, rate(1, 2));
}

#[test]
fn who_took_part_in_a_joint_event_did_so_in_each_of_its_groups() {
    let n = network(|w| {
        let (a, b) = (w.group("a"), w.group("b"));
        w.met(a, 10, &[1, 2, 3, 4]).joint = Some("j".to_owned());
        w.met(b, 10, &[5]).joint = Some("j".to_owned());
        w.met(a, 20, &[6]);
    });
    assert_eq!(n.cross_group_rate, rate(5, 6));
    assert_eq!(n.overlaps.len(), 1);
    assert_eq!(n.overlaps[0].shared, rate(5, 5), "of b, the smaller one");
}

#[test]
fn groups_overlap_from_five_people_on() {
    let shared = |people: &[u32]| {
        network(|w| {
            let (b, a) = (w.group("b"), w.group("a"));
            w.met(a, 10, &[1, 2, 3, 4, 5, 6, 7]);
            w.met(b, 20, people);
            w.met(b, 30, &[21]);
        })
        .overlaps
    };
    assert!(shared(&[1, 2, 3, 4]).is_empty());
    let found = shared(&[1, 2, 3, 4, 5]);
    assert_eq!(found[0].groups, ["a", "b"]);
    assert_eq!(found[0].shared, rate(5, 6));
}

#[test]
fn the_fifty_pairs_that_share_most_people_are_listed_by_urlnames_and_all_are_counted() {
    let n = network(|w| {
        // Twelve groups of the same five people: 66 pairs, of which one shares a sixth.
        for name in "lkjihgfedcba".chars() {
            let g = w.group(&name.to_string());
            w.met(g, 10, &[1, 2, 3, 4, 5]);
            if ['h', 'k'].contains(&name) {
                w.met(g, 20, &[6, 7, 8]);
            }
        }
        let small = w.group("m");
        w.met(small, 20, &[1, 2, 3, 4]);
    });
    assert_eq!((n.overlaps.len(), n.overlaps_total), (50, 66));
    let pairs: Vec<String> = n.overlaps.iter().map(|it| it.groups.join("")).collect();
    assert_eq!(pairs[..3], ["hk", "ab", "ac"], "8 people, then 5");
    assert_eq!(n.overlaps[0].shared, rate(8, 8));
}

#[test]
fn places_are_those_of_groups_that_met_within_the_year() {
    let n = network(|w| {
        for (urlname, country, state, city, zone, days) in [
            ("a", "de", "", "Berlin", "Europe/Berlin", 10),
            ("b", "de", "", "Berlin", "Europe/Berlin", 20),
            ("c", "us", "TX", "Paris", "US/Central", 30),
            ("d", "fr", "", "Paris", "", 40),
            ("e", "jp", "", "Tokyo", "Asia/Tokyo", 365),
            ("f", "", "", "", "UTC", 50),
        ] {
            let g = w.group(urlname);
            w.groups[g].country = Some(country.to_owned());
            w.groups[g].state = Some(state.to_owned());
            w.groups[g].city = Some(city.to_owned());
            w.groups[g].timezone = Some(zone.to_owned());
            w.met(g, days, &[]);
        }
    });
    assert_eq!((n.countries, n.cities, n.timezones), (3, 3, 3));
}

#[test]
fn stranded_members_have_only_groups_that_are_unstarted_or_quiet() {
    let mut world = World::default();
    let quiet = world.group("quiet");
    for days in [200, 210, 220] {
        world.met(quiet, days, &[]);
    }
    let unstarted = world.group("unstarted");
    let alive = world.group("alive");
    for days in [10, 20, 30] {
        world.met(alive, days, &[]);
    }
    let unread = world.group("unread");
    world.groups[unread].is_complete = false;
    for (group, person) in [
        (quiet, 1),
        (unstarted, 1),
        (quiet, 2),
        (alive, 2),
        (unstarted, 3),
        (unread, 3),
        (unread, 4),
    ] {
        world.member(group, person, "MEMBER", "ACTIVE");
    }
    world.member(quiet, 5, "MEMBER", "ACTIVE").gone = Some(A - DAY);
    world.member(quiet, 6, "MEMBER", "PENDING");
    world.member(quiet, 7, "MEMBER", "ACTIVE").joined = Some(A + 1);
    assert_eq!(measure(&world).network.stranded_members, Some(2), "1 and 3");
    let late = Settings {
        generated_at: instant(A + DAY + 1),
        ..settings()
    };
    let measured = metrics::measure(&world.store(), &late).unwrap();
    assert_eq!(measured.network.stranded_members, None);
}

#[test]
fn survival_is_told_of_over_twenty_pauses_that_had_their_year() {
    let survival = |groups: usize| {
        network(|w| {
            for n in 0..groups {
                let g = w.group(&format!("g{n:02}"));
                w.met(g, 1_000, &[]);
                if n % 3 == 0 {
                    // Back within a year of having been silent for half a year, on the last day.
                    w.met(g, 1_000 - 545, &[]);
                }
            }
        })
        .survival
    };
    assert_eq!(survival(20).months_6, None);
    let told = survival(21);
    assert_eq!(
        told.months_6,
        Some(rate(7, 21)),
        "their next pauses have not had their year"
    );
    assert_eq!(told.months_12, Some(rate(7, 21)));
    assert_eq!(told.months_24, None, "none has had three years");
}

#[test]
fn a_pause_is_longer_than_its_length_and_counts_from_the_day_on_which_its_other_year_ends() {
    // Each group met so many days ago, and again so many days later.
    let half_years = |first: i64, gap: Option<i64>| {
        network(|w| {
            for n in 0..21 {
                let g = w.group(&format!("g{n:02}"));
                w.met(g, first, &[]);
                if let Some(gap) = gap {
                    w.met(g, first - gap, &[]);
                }
            }
        })
        .survival
        .months_6
    };
    assert_eq!(half_years(545, None), Some(rate(0, 21)));
    assert_eq!(half_years(544, None), None, "its year is not over");
    assert_eq!(half_years(600, Some(181)), Some(rate(21, 21)));
    assert_eq!(half_years(600, Some(180)), None, "it was no pause");
    assert_eq!(half_years(1_000, Some(545)), Some(rate(21, 21)));
    assert_eq!(half_years(1_000, Some(546)), Some(rate(0, 21)));
}
