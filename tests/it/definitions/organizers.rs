//! Who carries a group, and its roster.

use super::*;

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

#[test]
fn a_roster_that_was_never_read_is_unknown_not_empty() {
    let unread = one(|w, g| w.groups[g].is_roster_read = false);
    assert_eq!(unread.growth.members, None);
    assert_eq!(unread.growth.joined_90, None);
    assert_eq!(unread.organizers.leaders, None);
    assert_eq!(unread.organizers.leader_activity, None);
    assert_eq!(unread.organizers.leaderless, None);
    let empty = one(|_, _| {});
    assert_eq!(empty.growth.members, Some(0));
    assert_eq!(empty.organizers.leaderless, Some(true));
}
