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

#[test]
fn who_leads_a_group_now_is_told_once_by_name() {
    let mut world = World::default();
    let [rome, oslo, bern, kyiv] = ["rome", "oslo", "bern", "kyiv"].map(|it| world.group(it));
    let (org, co) = (Some("ORGANIZER"), Some("COORGANIZER"));
    world.admin = Some(9);
    world.member(rome, 5, "ORGANIZER", "LEADER");
    world.turned(rome, 6, org, None, 3);
    world.turned(rome, 5, co, org, 2);
    world.turned(oslo, 9, None, org, 1);
    world.turned(oslo, 7, org, co, 1);
    world.turned(bern, 8, org, None, 4);
    world.turned(bern, 3, None, Some("EVENT_ORGANIZER"), 4);
    // Came and went again.
    world.turned(kyiv, 4, None, co, 5);
    world.turned(kyiv, 4, co, None, 4);
    let told = Told::after(&world, 7);
    insta::assert_snapshot!(told.part("Changed"), @r#"
    ## Changed since 8 Jun
    Another organizer: [ACME bern] (nobody; before, Person 8), [ACME oslo] (the network's own account; before, Person 7), [ACME rome] (Person 5; before, Person 6).
    New leaders: [ACME bern] (Person 3, event organizer).
    "#);
    let words: Vec<&str> = told
        .digest()
        .changed
        .iter()
        .map(|it| it.change.as_str())
        .collect();
    assert_eq!(
        words,
        [
            "organizer_changed",
            "new_leader",
            "organizer_changed",
            "organizer_changed"
        ]
    );
    // By the day after, it was told.
    assert_eq!(Told::after(&world, 1).part("Changed"), "");
}

#[test]
fn what_a_group_is_called_now_is_told_once_with_what_it_was_called() {
    let mut world = World::default();
    let [rome, oslo, bern] = ["rome", "oslo", "bern"].map(|it| world.group(it));
    world.was_called(rome, "Roma", "rome", 2);
    world.was_called(oslo, "ACME oslo", "acme-oslo", 3);
    world.was_called(bern, "Berne", "berne", 8);
    let told = Told::after(&world, 7);
    insta::assert_snapshot!(told.part("Changed"), @r#"
    ## Changed since 8 Jun
    New names: [ACME oslo] (its address was acme-oslo), [ACME rome] (was Roma).
    "#);
    assert_eq!(Told::after(&world, 1).part("Changed"), "");
}

#[test]
fn who_is_muted_for_such_news_is_not_told_of() {
    let mut world = World::default();
    let rome = led(&mut world, "rome");
    world.turned(rome, 5, None, Some("ORGANIZER"), 2);
    world.was_called(rome, "Roma", "roma", 2);
    let mut told = Told::after(&world, 7);
    let mut muted = super::contact(&world, rome);
    muted.mutes = vec![super::mute(Some("organizer_changed"))];
    told.contacts = vec![muted];
    insta::assert_snapshot!(told.part("Changed"), @r#"
    ## Changed since 8 Jun
    New names: [ACME rome] (was Roma; its address was roma).
    "#);
}
