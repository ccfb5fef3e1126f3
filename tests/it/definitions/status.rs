//! The first status that fits.

use super::*;

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
    assert_eq!(young(364, 2), Some(Status::New));
    assert_eq!(young(364, 0), Some(Status::New));
    assert_ne!(young(364, 3), Some(Status::New));
    assert_eq!(
        young(365, 0),
        Some(Status::Unstarted),
        "a year to the second"
    );
    assert_eq!(young(0, 0), Some(Status::New), "founded as of that instant");
    let joined = status(|w, g| {
        w.groups[g].founded = None;
        w.groups[g].joined = Some(A - 10 * DAY);
    });
    assert_eq!(joined, Some(Status::New));
    let unknown = status(|w, g| w.groups[g].founded = None);
    assert_eq!(unknown, Some(Status::Unstarted), "never new");
    let silent = |seconds: i64| {
        status(|w, g| {
            w.groups[g].founded = Some(A - 300 * DAY);
            w.event(g, A - 200 * DAY);
            w.event(g, A - seconds);
        })
    };
    assert_eq!(silent(180 * DAY), Some(Status::New));
    assert_eq!(silent(180 * DAY + 1), Some(Status::Quiet));
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
fn quiet_after_more_than_180_days_to_the_second_even_with_a_date_announced() {
    let last = |ago: i64| {
        status(|w, g| {
            w.event(g, A - ago);
            w.event(g, A + DAY);
        })
    };
    assert_eq!(last(180 * DAY + 1), Some(Status::Quiet));
    assert_eq!(last(180 * DAY), Some(Status::Meeting));
}

#[test]
fn overdue_only_while_nothing_is_announced_or_on() {
    let ago = |days: i64| {
        status(|w, g| {
            w.met(g, days, &[]);
        })
    };
    assert_eq!(ago(90), Some(Status::Overdue));
    assert_eq!(ago(89), Some(Status::Meeting));
    let announced = |created: i64| {
        status(|w, g| {
            w.met(g, 121, &[]);
            known(w.event(g, A + 300 * DAY), created);
        })
    };
    assert_eq!(announced(A), Some(Status::Meeting));
    assert_eq!(
        announced(A + 1),
        Some(Status::Overdue),
        "announced only after"
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
    // Last met in the middle of March; April and May are off every year.
    let figures = one(|w, g| yearly_rhythm(w, g, &[4, 5], 3));
    assert_eq!(figures.cadence.off_months, [4, 5]);
    assert_eq!(figures.days_off, 61);
    assert_eq!(figures.cadence.days_since_last_held, Some(91));
    assert_eq!(figures.pause.map(|pause| pause.idle_days), Some(30));
    assert_eq!(
        figures.status,
        Some(Status::OnTarget),
        "91 days less 61 are no long pause"
    );
    let met = one(|w, g| yearly_rhythm(w, g, &[1], 3));
    assert_eq!(met.cadence.off_months, [1]);
    assert_eq!(met.status, Some(Status::Overdue));
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
