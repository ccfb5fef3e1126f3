//! Which changes of status are news.

use super::Told;
use crate::world::{A, DAY, World};
use gatherd::metrics::Status;

fn led(world: &mut World, urlname: &str) -> usize {
    let group = world.group(urlname);
    world.member(group, 5, "ORGANIZER", "LEADER");
    group
}

#[test]
fn a_pause_that_grew_too_long_is_news() {
    let mut world = World::default();
    let group = led(&mut world, "rome");
    for n in 0..8 {
        world.met(group, 92 + n * 30, &[1, 2]).hosted_by(&[5]);
    }
    let mut told = Told::after(&world, 7);
    // Named to write to already; only where it is not is the change told by itself.
    assert_eq!(told.named(), ["rome"]);
    assert_eq!(told.part("Changed"), "");
    let named = told.filed().please_write_to;
    told.before[0].please_write_to = named;
    insta::assert_snapshot!(told.part("Changed"), @r#"
    ## Changed since 8 Jun
    Now long without a date: [ACME rome].
    "#);
}

#[test]
fn on_target_no_more_because_a_month_left_the_window_is_none() {
    let mut world = World::default();
    let group = led(&mut world, "rome");
    // Met in nine of twelve months, the oldest of them just leaving.
    for month in 5..=13 {
        world.met(group, month * 30, &[1, 2]).hosted_by(&[5]);
    }
    let next = world.event(group, A + 30 * DAY);
    next.status = "ACTIVE";
    next.created = Some(A - 60 * DAY);
    let status = |days: i64| {
        super::report_at(&world, A - days * DAY).groups[0]
            .figures
            .status
    };
    assert_eq!(status(28), Some(Status::OnTarget));
    assert_eq!(status(0), Some(Status::Meeting));
    assert_eq!(Told::after(&world, 28).part("Changed"), "");
}

#[test]
fn a_date_again_or_an_event_after_a_long_pause_is_news() {
    let mut world = World::default();
    for urlname in ["dated", "met"] {
        let group = led(&mut world, urlname);
        for n in 0..8 {
            world.met(group, 100 + n * 30, &[1, 2]).hosted_by(&[5]);
        }
    }
    let before = Told::after(&world, 7).before;
    world.event(0, A + 10 * DAY).status = "ACTIVE";
    world.met(1, 2, &[1, 2]).hosted_by(&[5]);
    let mut told = Told::of(super::report_at(&world, A));
    told.before = before;
    insta::assert_snapshot!(told.part("Changed"), @r#"
    ## Changed since 8 Jun
    Have a date again: [ACME dated].
    Met again: [ACME met].
    "#);
}

#[test]
fn groups_that_came_and_left_are_told() {
    let mut world = World::default();
    led(&mut world, "rome");
    let mut told = Told::after(&world, 7);
    led(&mut world, "new");
    let group = led(&mut world, "boston");
    world.groups[group].gone = Some(A - 2 * DAY);
    let before = told.before.clone();
    told = Told::of(super::report_at(&world, A));
    told.before = before;
    insta::assert_snapshot!(told.part("Changed"), @r#"
    ## Changed since 8 Jun
    New here: [ACME new].
    No longer sponsored: ACME boston.
    "#);
}
