//! The journal of passes.

use gatherd::community::{FailureKind, Scope};
use gatherd::mirror::*;

use super::samples::*;

fn totals(outcome: PassOutcome) -> PassTotals {
    PassTotals {
        outcome,
        requests: 7,
        points: 9,
        rows_changed: 11,
        failures: 2,
        is_good: matches!(outcome, PassOutcome::Done | PassOutcome::Partly),
    }
}

fn failure(scope: Scope, message: &str) -> NewFailure {
    NewFailure {
        scope,
        network: None,
        kind: FailureKind::Unreadable,
        message: message.to_owned(),
        is_part: false,
        is_waiting: false,
    }
}

#[test]
fn a_pass_leaves_its_figures_and_failures() {
    let sample = Sample::new();
    let pass = sample.put(|w| w.begin_pass(PassKind::Pass));
    assert_eq!(
        sample.read(|conn| last_pass(conn, PassKind::Pass)).unwrap(),
        None
    );
    let failures = [
        failure(Scope::group("acme-berlin"), "not readable"),
        failure(Scope::group("acme-rome"), "not readable"),
        failure(Scope::group("acme-rome"), "still not"),
    ];
    sample.put_at(30, |w| {
        w.finish_pass(pass, &totals(PassOutcome::Partly), &failures, None)
    });
    let last = sample
        .read(|conn| last_pass(conn, PassKind::Pass))
        .unwrap()
        .unwrap();
    assert_eq!(
        (last.finished_at, last.outcome),
        (Some(NOW + 30), Some(PassOutcome::Partly))
    );
    assert_eq!(
        (last.requests, last.points, last.rows_changed, last.failures),
        (7, 9, 11, 2)
    );
    let failures = sample.read(failing).unwrap();
    assert_eq!(failures.len(), 2);
    assert_eq!(failures[1].message, "still not");
    assert_eq!(sample.read(last_good_pass).unwrap().unwrap().id, pass);
}

#[test]
fn a_group_that_fails_with_its_network_is_told_from_one_that_fails_by_itself() {
    let sample = Sample::new();
    let (group, _) = sample.with_event();
    let known = sample.read(roster).unwrap().remove(0);
    let network = known.network.unwrap();
    let urlname = sample.one("SELECT urlname FROM networks");
    let alone = failure(Scope::group_of(&known.id), "not readable");
    let with = NewFailure {
        network: Some(urlname.clone()),
        ..alone.clone()
    };
    let of_network = NewFailure {
        is_part: true,
        ..failure(Scope::network(&urlname), "not readable")
    };
    let fails = |failures: &[NewFailure], reading: Option<&Reading>| {
        let pass = sample.put(|w| w.begin_pass(PassKind::Pass));
        sample.put(|w| w.finish_pass(pass, &totals(PassOutcome::Partly), failures, reading));
        let failing = sample.read(failing).unwrap().into_iter();
        failing.map(|it| (it.group, it.network)).collect::<Vec<_>>()
    };
    let (whole, part) = ((None, Some(network)), (Some(group), Some(network)));
    assert_eq!(
        fails(&[of_network.clone(), with.clone()], None),
        [whole, part]
    );
    let by_itself = (Some(group), None);
    assert_eq!(
        fails(&[of_network.clone(), with, alone], None),
        [whole, by_itself]
    );
    // The network is read again, though one of its groups is not.
    let reading = Reading {
        read: vec![Scope::network(&urlname)],
        ..Reading::default()
    };
    let with = NewFailure {
        network: Some(urlname),
        ..failure(Scope::group_of(&known.id), "still not")
    };
    assert_eq!(fails(&[with], Some(&reading)), [part]);
    let read_at = sample.read(networks_read).unwrap();
    assert!(
        read_at
            .iter()
            .any(|(key, _, at)| *key == network && at.is_some())
    );
    assert_eq!(fails(&[], Some(&reading)), []);
}

#[test]
fn a_pass_whose_process_died_is_closed_by_the_next() {
    let sample = Sample::new();
    let died = sample.put(|w| w.begin_pass(PassKind::Backfill));
    let failed = sample.put_at(10, |w| w.begin_pass(PassKind::Sweep));
    sample.put_at(20, |w| {
        w.finish_pass(failed, &totals(PassOutcome::Failed), &[], None)
    });
    let passes = sample.read(|conn| recent_passes(conn, 10)).unwrap();
    assert_eq!(
        passes.iter().map(|pass| pass.id).collect::<Vec<_>>(),
        [failed, died]
    );
    assert_eq!(passes[1].outcome, Some(PassOutcome::Interrupted));
    assert_eq!(passes[1].finished_at, Some(NOW + 10));
    assert_eq!(sample.read(last_good_pass).unwrap(), None);
}

#[test]
fn entries_older_than_a_year_and_some_are_dropped() {
    let sample = Sample::new();
    sample.with_event();
    let old = sample.put(|w| w.begin_pass(PassKind::Pass));
    sample.put(|w| {
        w.finish_pass(
            old,
            &totals(PassOutcome::Done),
            &[],
            Some(&Reading::default()),
        )
    });
    sample.put(|w| {
        w.plan_unit(&NewUnit::groups(Purpose::Sweep, NetworkKey(1)))?;
        w.plan_unit(&NewUnit::members(Purpose::Sweep, GroupKey(1)))?;
        w.unit_done(1)
    });
    // Not before a pass came through: until then nobody knows whether the clock is right.
    let next = sample.put_at(401 * 86_400, |w| w.begin_pass(PassKind::Pass));
    assert_eq!(sample.one("SELECT count(*) FROM passes"), "2");
    sample.put_at(401 * 86_400, |w| {
        w.finish_pass(next, &totals(PassOutcome::Done), &[], None)
    });
    assert_eq!(sample.one("SELECT kind, state FROM units"), "members|due");
    assert_eq!(sample.one("SELECT count(*) FROM passes"), "1");
}

#[test]
fn what_a_clock_that_was_wrong_put_off_for_years_is_tried_again() {
    let sample = Sample::new();
    let (group, _) = sample.with_event();
    let due = |sample: &Sample, purpose| {
        let due = sample.read(|conn| due_units(conn, at(NOW), &[purpose], 9));
        due.unwrap().len()
    };
    sample.put_at(40 * 86_400, |w| {
        w.plan_unit(&NewUnit::members(Purpose::Sweep, group))?;
        w.plan_unit(&NewUnit {
            due_at: Some(PARKED),
            ..NewUnit::group_events(Purpose::Backfill, group, None, None)
        })?;
        w.group_failed(group, "not readable")
    });
    assert_eq!(due(&sample, Purpose::Sweep), 0);
    sample.put(|w| w.begin_pass(PassKind::Pass));
    assert_eq!(due(&sample, Purpose::Sweep), 1);
    assert_eq!(due(&sample, Purpose::Backfill), 0);
    let retry = sample.read(roster).unwrap()[0].retry_at;
    assert_eq!(retry, Some(NOW));
}
