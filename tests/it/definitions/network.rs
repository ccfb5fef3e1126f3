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
