//! Where a group stands beside the policy.

use super::*;
use gatherd::community::{Policy, PolicyStep};
use gatherd::metrics::PolicyFigures;

fn stand(
    policy: Policy,
    as_of: i64,
    fill: impl FnOnce(&mut World, usize),
) -> Option<PolicyFigures> {
    let mut world = World::default();
    let g = world.group("acme");
    fill(&mut world, g);
    let asked = Settings {
        policy,
        ..Settings::as_of(instant(as_of))
    };
    metrics::measure(&world.store(), &asked)
        .unwrap()
        .groups
        .remove(0)
        .policy
}

/// The date of a policy's only step, and whether the group is below it.
fn one_step(
    policy: Policy,
    as_of: i64,
    fill: impl FnOnce(&mut World, usize),
) -> (Option<String>, bool) {
    let told = stand(policy, as_of, fill).unwrap();
    assert_eq!(told.steps.len(), 1);
    (
        told.steps[0].on.map(|on| on.to_string()),
        !told.below.is_empty(),
    )
}

#[test]
fn without_a_policy_there_is_none_and_each_configured_step_is_told_in_order() {
    assert_eq!(stand(Policy::default(), A, |_, _| {}), None);
    let told = stand(
        Policy {
            close_after_days: Some(3),
            warn_after_days: Some(1),
            ..Policy::default()
        },
        A,
        |w, g| {
            w.met(g, 2, &[]);
        },
    )
    .unwrap();
    let steps: Vec<_> = told.steps.iter().map(|due| due.step).collect();
    assert_eq!(
        steps,
        [PolicyStep::WarnAfterDays, PolicyStep::CloseAfterDays]
    );
    assert_eq!(told.below, [PolicyStep::WarnAfterDays]);
}

#[test]
fn silence_counts_from_the_latest_event_and_a_step_passed_keeps_its_date() {
    let policy = Policy {
        act_after_days: Some(120),
        ..Policy::default()
    };
    let met = |days: i64| {
        one_step(policy, A, |w, g| {
            w.met(g, days, &[]);
            w.met(g, 400, &[]);
        })
    };
    // A is 15 June 2026.
    assert_eq!(met(119), (Some("2026-06-16".to_owned()), false));
    assert_eq!(met(120), (Some("2026-06-15".to_owned()), true));
    assert_eq!(met(130), (Some("2026-06-05".to_owned()), true));
}

#[test]
fn the_date_is_the_groups_own() {
    let policy = Policy {
        warn_after_days: Some(10),
        ..Policy::default()
    };
    let on = one_step(policy, A, |w, g| {
        w.groups[g].timezone = Some("Pacific/Kiritimati".to_owned());
        w.met(g, 10, &[]);
    });
    assert_eq!(on.0.as_deref(), Some("2026-06-16"), "14 hours ahead");
}

#[test]
fn a_group_that_never_met_is_silent_since_it_began_or_joined_the_later() {
    for (founded, joined, on) in [
        (Some(40), Some(30), Some("2026-06-15")),
        (Some(30), Some(40), Some("2026-06-15")),
        (None, Some(30), Some("2026-06-15")),
        (Some(30), None, Some("2026-06-15")),
        (None, None, None),
    ] {
        for policy in [
            Policy {
                warn_after_days: Some(30),
                ..Policy::default()
            },
            Policy {
                first_event_within_days: Some(30),
                ..Policy::default()
            },
        ] {
            let told = one_step(policy, A, |w, g| {
                w.groups[g].founded = founded.map(|days: i64| A - days * DAY);
                w.groups[g].joined = joined.map(|days: i64| A - days * DAY);
            });
            assert_eq!(told, (on.map(str::to_owned), on.is_some()));
        }
    }
}

#[test]
fn the_first_event_is_asked_of_who_never_met() {
    let policy = Policy {
        first_event_within_days: Some(30),
        ..Policy::default()
    };
    let told = one_step(policy, A, |w, g| {
        w.met(g, 900, &[]);
    });
    assert_eq!(told, (None, false));
    let running = one_step(policy, A, |w, g| {
        w.event(g, A - HOUR);
    });
    assert!(running.1, "what is on is not held yet");
}

#[test]
fn events_a_year_fall_short_a_year_after_the_nth_latest() {
    let policy = Policy {
        events_per_year: Some(2),
        ..Policy::default()
    };
    let met = |days: &[i64]| {
        one_step(policy, A, |w, g| {
            for days in days {
                w.met(g, *days, &[]);
            }
        })
    };
    assert_eq!(met(&[10, 364, 500]), (Some("2026-06-16".to_owned()), false));
    assert_eq!(met(&[10, 365]), (Some("2026-06-15".to_owned()), true));
    assert_eq!(
        met(&[400, 500]),
        (Some("2026-01-31".to_owned()), true),
        "long since"
    );
    assert_eq!(met(&[10]), (None, true), "it never held as many");
}

#[test]
fn leaders_asked_for_are_those_seen_in_90_days() {
    let policy = Policy {
        min_leaders: Some(2),
        ..Policy::default()
    };
    let told = |fill: &dyn Fn(&mut World, usize)| {
        one_step(policy, A, |w, g| {
            w.member(g, 1, "ORGANIZER", "LEADER");
            w.member(g, 2, "EVENT_ORGANIZER", "LEADER").seen = Some(A - 90 * DAY);
            fill(w, g);
        })
    };
    assert_eq!(told(&|_, _| {}), (None, true));
    assert_eq!(
        told(&|w, g| {
            w.met(g, 20, &[]).hosted_by(&[2]);
        }),
        (None, false),
        "who hosts is seen"
    );
    assert_eq!(
        told(&|w, g| w.groups[g].is_roster_read = false),
        (None, false),
        "it cannot be told"
    );
}
