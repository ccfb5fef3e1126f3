//! What a unit of work costs does not grow with the number of groups.

use crate::program::Program;
use gatherd::demo::{Switches, World};

/// How many groups each look-up found while a network of so many had its history read; and how many units of
/// work that was.
fn looked_up(groups: usize) -> (Vec<usize>, usize) {
    let world = World::sized(
        830,
        groups,
        groups * 6,
        groups * 40,
        groups * 20,
        chrono::Utc::now(),
    );
    let program = Program::on(world, Switches::unlimited());
    let meetup = program.meetup_section("");
    program.configure(&format!("{meetup}[[network]]\nurlname = \"sized\"\n"));
    let ran = program
        .run(&["backfill", "-vv", "--color", "never"])
        .exits(0);
    let lines = ran.err.lines();
    let found = lines.filter(|line| line.contains("groups were looked up"));
    let found = found.map(|line| {
        let (_, groups) = line.split_once("groups=").unwrap();
        groups.split_whitespace().next().unwrap().parse().unwrap()
    });
    let units: usize = program.rows("SELECT count(*) FROM units WHERE state = 'done'")[0]
        .parse()
        .unwrap();
    (found.collect(), units)
}

#[test]
fn a_unit_of_work_looks_up_its_own_group_and_the_roster_is_read_as_often_however_many_there_are() {
    let (few, many) = (looked_up(4), looked_up(24));
    assert!(many.1 >= few.1 + 20, "{} and {} units", few.1, many.1);
    let of_several =
        |(found, _): &(Vec<usize>, usize)| found.iter().filter(|groups| **groups > 1).count();
    assert_eq!(of_several(&few), of_several(&many), "{few:?}\n{many:?}");
    // Which is seen at all: the pass itself reads it, and each unit of members its own group.
    assert!(of_several(&few) > 0, "{few:?}");
    let alone = many.0.iter().filter(|groups| **groups == 1).count();
    assert!(alone >= 24, "{many:?}");
}
