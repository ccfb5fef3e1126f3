//! A calendar year beside the year before.

use super::*;
use gatherd::metrics::{OfYear, Year};

/// 1 January 2026, midnight UTC.
const NEW_YEAR: i64 = 1_767_225_600;

/// 2026 as of A, 15 June 2026 at noon UTC.
fn year(fill: impl FnOnce(&mut World)) -> Year {
    of(2026, fill)
}

fn of(year: i32, fill: impl FnOnce(&mut World)) -> Year {
    let mut world = World {
        admin: Some(ADMIN),
        ..World::default()
    };
    fill(&mut world);
    metrics::year(&world.store(), &settings(), year).unwrap()
}

#[test]
fn a_year_that_runs_is_counted_up_to_today_and_so_is_the_year_before() {
    let counted = year(|w| {
        let g = w.group("a");
        w.event(g, NEW_YEAR - 1).answer("YES", &[1]); // 31 December: after the same day of the year before
        w.event(g, NEW_YEAR).answer("YES", &[2]);
        w.event(g, A - 3 * HOUR).answer("YES", &[3]); // over by A
        w.event(g, A - HOUR).answer("YES", &[4]); // runs
        w.event(g, A - 365 * DAY + 10 * HOUR).answer("YES", &[5]); // 15 June 2025, in the evening
        w.event(g, A - 364 * DAY).answer("YES", &[6]);
    });
    assert_eq!(counted.until.to_string(), "2026-06-15");
    assert!(counted.is_running());
    assert_eq!((counted.now.events, counted.before.events), (2, 1));
    assert_eq!((counted.now.people, counted.before.people), (2, 1));
    let whole = of(2025, |w| {
        let g = w.group("a");
        w.event(g, NEW_YEAR - 1);
        w.event(g, A - 364 * DAY);
    });
    assert_eq!(
        (whole.until.to_string().as_str(), whole.now.events),
        ("2025-12-31", 2)
    );
    assert!(!whole.is_running());
}

#[test]
fn the_year_of_an_event_is_that_of_the_place() {
    let counted = year(|w| {
        let g = w.group("a");
        w.event(g, NEW_YEAR - HOUR).offset = 2 * HOUR;
        w.event(g, NEW_YEAR + HOUR).offset = -2 * HOUR;
    });
    assert_eq!((counted.now.events, counted.before.events), (1, 0));
}

#[test]
fn new_is_who_took_part_nowhere_before_the_year() {
    let counted = year(|w| {
        let (a, b) = (w.group("a"), w.group("b"));
        w.met(a, 10, &[1, 2, 3]);
        w.met(b, 20, &[1]);
        w.met(b, 300, &[2, 4]); // between the two spans
        w.met(b, 400, &[5]);
        w.met(a, 900, &[5]);
    });
    assert_eq!(
        (counted.now.people, counted.now.new_people),
        (3, 2),
        "2 came before"
    );
    assert_eq!(counted.now.came_again, 1, "1 came twice");
    assert_eq!((counted.before.people, counted.before.new_people), (1, 0));
}

#[test]
fn a_joint_event_counts_once_and_whoever_hosts_a_copy_took_part_in_none() {
    let counted = year(|w| {
        let (a, b) = (w.group("a"), w.group("b"));
        w.met(a, 10, &[1, 2, 3]).hosted_by(&[4]).joint = Some("j".to_owned());
        w.met(b, 10, &[1, 4, 5]).hosted_by(&[3]).joint = Some("j".to_owned());
        w.met(b, 12, &[STAFF, 6]);
    });
    assert_eq!((counted.now.events, counted.now.groups_met), (2, 2));
    assert_eq!(counted.now.people, 4, "1, 2, 5 and 6");
}

#[test]
fn people_met_again_where_two_took_part_together_twice_in_person_in_any_group() {
    let counted = year(|w| {
        let (a, b) = (w.group("a"), w.group("b"));
        w.met(a, 10, &[1, 2, 3]);
        w.met(b, 20, &[1, 2]);
        w.met(b, 30, &[3]);
        w.met(a, 40, &[3, 4]).kind = "ONLINE";
        w.met(a, 50, &[3, 4]);
        let many: Vec<u32> = (100..160).collect();
        w.met(a, 60, &many);
        w.met(a, 61, &many);
        let too_many: Vec<u32> = (200..261).collect();
        w.met(a, 62, &too_many);
        w.met(a, 63, &too_many);
    });
    assert_eq!(counted.now.met_again, 2 + 60);
}

#[test]
fn groups_begin_with_their_first_event_and_are_revived_after_more_than_180_days() {
    let counted = year(|w| {
        let begun = w.group("begun");
        w.met(begun, 10, &[]);
        let revived = w.group("revived");
        w.met(revived, 20, &[]);
        w.met(revived, 201, &[]);
        let just = w.group("just");
        w.met(just, 20, &[]);
        w.met(just, 200, &[]);
        let unread = w.group("unread");
        w.groups[unread].is_complete = false;
        w.met(unread, 10, &[1]);
    });
    assert_eq!((counted.now.begun, counted.now.revived), (1, 1));
    assert_eq!(counted.now.groups_met, 3);
}

#[test]
fn asking_counts_once_a_group_and_an_answer_is_an_event_within_90_days() {
    let counted = year(|w| {
        let met = w.group("met");
        w.groups[met].asked = vec![A - 100 * DAY, A - 20 * DAY];
        w.met(met, 10, &[]).created = Some(A - 110 * DAY); // 90 days after the first asking, announced before it
        let late = w.group("late");
        w.groups[late].asked = vec![A - 110 * DAY];
        w.met(late, 10, &[]).created = Some(A - 120 * DAY);
        let announced = w.group("announced");
        w.groups[announced].asked = vec![A - 10 * DAY];
        known(w.event(announced, A + 30 * DAY), A - 5 * DAY);
        let before = w.group("before");
        w.groups[before].asked = vec![A - 400 * DAY];
    });
    assert_eq!((counted.now.asked, counted.now.answered), (3, 2));
    assert_eq!((counted.before.asked, counted.before.answered), (1, 0));
}

#[test]
fn what_left_is_counted_where_it_left_and_in_no_other_figure() {
    let counted = year(|w| {
        for (urlname, days) in [("gone", 10), ("long-gone", 400), ("longer-gone", 800)] {
            let g = w.group(urlname);
            w.groups[g].gone = Some(A - days * DAY);
            w.met(g, days + 5, &[1, 2]);
        }
    });
    let left = |left| OfYear {
        left,
        ..OfYear::default()
    };
    assert_eq!((counted.now, counted.before), (left(1), left(1)));
}

#[test]
fn counting_a_year_leaves_nothing_on_the_connection() {
    let mut world = World::default();
    let g = world.group("a");
    world.met(g, 10, &[1, 2]).joint = Some("j".to_owned());
    let conn = world.store();
    conn.execute_batch("PRAGMA query_only = ON").unwrap();
    let first = metrics::year(&conn, &settings(), 2026).unwrap();
    assert_eq!(metrics::year(&conn, &settings(), 2026).unwrap(), first);
    let left: i64 = conn
        .query_row("SELECT COUNT(*) FROM temp.sqlite_schema", [], |row| {
            row.get(0)
        })
        .unwrap();
    assert_eq!(left, 0);
}
