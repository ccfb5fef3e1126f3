//! Groups that too few of their leaders look after, once a month.

use super::*;
use crate::world::DAY;
use gatherd::community::Policy;

/// Rome is led by one who was there, Turin by two who host without ever opening its page, Kano by nobody,
/// Lima by one who has not been seen for long.
fn world() -> World {
    let mut world = World::default();
    let rome = world.group("rome");
    world.member(rome, 5, "ORGANIZER", "LEADER").seen = Some(A - DAY);
    world.member(rome, 6, "COORGANIZER", "LEADER").seen = Some(A - 90 * DAY);
    world.met(rome, 20, &[1, 2]);
    let turin = world.group("turin");
    for person in [7, 8] {
        world.member(turin, person, "COORGANIZER", "LEADER").seen = None;
    }
    world.met(turin, 30, &[1, 2]).hosted_by(&[7, 8]);
    let kano = world.group("kano");
    world.member(kano, 9, "MEMBER", "ACTIVE");
    let lima = world.group("lima");
    world.member(lima, 10, "ORGANIZER", "LEADER").seen = Some(A - 400 * DAY);
    world
}

fn told(world: &World, min_leaders: Option<u32>) -> Told {
    let settings = Settings {
        policy: Policy {
            min_leaders,
            ..Policy::default()
        },
        ..settings(A)
    };
    let mut told = Told::of(report_with(world, &settings));
    told.is_monthly = true;
    told
}

const KEYS: &str = "Keys: too few";
const LINE: &str = "- Their leaders who visited, answered or hosted in the last 90 days:";

#[test]
fn groups_with_fewer_than_two_leaders_seen_lately_are_told_the_most_at_stake_first() {
    let world = world();
    let expected = format!(
        "## Keys: too few leaders seen lately (3)\n{LINE} [ACME rome] (1 of 2), [ACME kano] (nobody leads it), [ACME lima] (0 of 1)"
    );
    assert_eq!(told(&world, None).part(KEYS), expected);
}

#[test]
fn how_many_are_enough_says_the_policy() {
    let world = world();
    let one = told(&world, Some(1)).part(KEYS);
    assert!(one.contains("(2)") && !one.contains("rome"), "{one}");
    let three = told(&world, Some(3)).part(KEYS);
    assert!(three.contains("[ACME turin] (2 of 2)"), "{three}");
}

#[test]
fn it_is_told_once_a_month() {
    let mut told = told(&world(), None);
    told.is_monthly = false;
    assert_eq!(told.part(KEYS), "");
}
