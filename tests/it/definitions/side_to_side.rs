//! Who met whom.

use super::*;

#[test]
fn a_pair_has_taken_part_together_twice_in_person_within_the_year() {
    let figures = one(|w, g| {
        w.met(g, 10, &[1, 2, 3]).hosted_by(&[9]);
        w.met(g, 20, &[1, 2, 9]);
        w.met(g, 30, &[3, 4]).kind = "ONLINE";
        w.met(g, 40, &[3, 4]).kind = "HYBRID";
        w.met(g, 50, &[STAFF, 1]);
        w.met(g, 60, &[STAFF, 5]);
        w.met(g, 365, &[1, 3]);
    });
    let met = figures.side_to_side;
    assert_eq!(met.recurring_pairs, 1, "1 and 2; 9 hosted once");
    assert_eq!(met.acquainted_rate, rate(2, 6), "of 1, 2, 3, 9, 4 and 5");
}

#[test]
fn in_an_event_of_over_sixty_one_has_not_met_everybody() {
    let pairs = |people: u32| {
        let crowd: Vec<u32> = (1_000..1_000 + people).collect();
        let figures = one(|w, g| {
            w.met(g, 10, &crowd);
            w.met(g, 20, &crowd).hosted_by(&[1]).answer("YES", &[1]);
        });
        let met = figures.side_to_side;
        (met.recurring_pairs, met.acquainted_rate)
    };
    assert_eq!(
        pairs(60),
        (60 * 59 / 2, rate(60, 60)),
        "the host does not count"
    );
    assert_eq!(pairs(61), (0, rate(0, 0)));
}
