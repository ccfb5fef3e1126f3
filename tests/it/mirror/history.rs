//! Units of work and when a history is complete.

use gatherd::community::Loss;
use gatherd::mirror::*;

use super::samples::*;

fn complete(sample: &Sample) -> String {
    sample.put(|w| w.refresh_history_complete());
    sample
        .rows("SELECT history_complete FROM groups ORDER BY id")
        .join("")
}

const ALL: [Purpose; 3] = [Purpose::Backfill, Purpose::Sweep, Purpose::Rota];

fn due(sample: &Sample) -> Vec<Unit> {
    sample
        .read(|conn| due_units(conn, at(NOW), &ALL, 100))
        .unwrap()
}

#[test]
fn a_history_is_complete_when_no_unit_of_the_backfill_touches_its_group() {
    let sample = Sample::new();
    let (network, first, event_of_first) = sample.put(|w| {
        let network = w.record_network(&network(), 1)?;
        let first = w.record_group(&group("g1"), 1)?.key;
        w.record_group(&group("g2"), 1)?;
        w.record_group(
            &gatherd::community::Group {
                network: None,
                ..group("g3")
            },
            1,
        )?;
        let event = w.record_event(&event("t1", "g1"), 1)?.unwrap().key;
        Ok((network, first, event))
    });
    assert_eq!(complete(&sample), "000", "nothing is planned");
    sample.put(|w| {
        w.mark_backfill_planned(network)?;
        w.mark_group_planned(first)?;
        w.mark_group_planned(GroupKey(2))?;
        w.plan_unit(&NewUnit::network_events(
            Purpose::Backfill,
            network,
            None,
            Some(NOW),
        ))?;
        w.plan_unit(&NewUnit::members(Purpose::Backfill, first))?;
        w.plan_unit(&NewUnit::rsvps(Purpose::Backfill, event_of_first))
    });
    assert_eq!(complete(&sample), "000", "the network's events are due");
    sample.put(|w| w.unit_done(1));
    assert_eq!(
        complete(&sample),
        "010",
        "the first group's members and RSVPs are due"
    );
    sample.put(|w| w.unit_done(2));
    assert_eq!(complete(&sample), "010", "the first group's RSVPs are due");
    sample.put(|w| w.unit_done(3));
    assert_eq!(
        complete(&sample),
        "110",
        "the third group is planned by nobody"
    );
    sample.put(|w| w.mark_group_planned(GroupKey(3)));
    assert_eq!(complete(&sample), "111");
    // Units of a sweep, or a new backfill, take nothing away.
    sample.put(|w| {
        w.restart_history()?;
        w.plan_unit(&NewUnit::members(Purpose::Backfill, first))
    });
    assert_eq!(complete(&sample), "111");
}

#[test]
fn starting_anew_forgets_plans_and_what_is_left_of_them() {
    let sample = Sample::new();
    let (grp, _) = sample.with_event();
    sample.put(|w| {
        w.mark_backfill_planned(NetworkKey(1))?;
        w.mark_group_planned(grp)?;
        w.plan_unit(&NewUnit::groups(Purpose::Backfill, NetworkKey(1)))?;
        w.plan_unit(&NewUnit::members(Purpose::Sweep, grp))?;
        w.restart_history()
    });
    let (networks, roster) = sample
        .read(|conn| Ok((networks(conn)?, roster(conn)?)))
        .unwrap();
    assert_eq!(networks[0].backfill_planned_at, None);
    assert_eq!(roster[0].backfill_planned_at, None);
    assert_eq!(due(&sample).len(), 1);
}

#[test]
fn units_come_in_the_order_groups_newest_events_rsvps_members() {
    let sample = Sample::new();
    let (grp, event) = sample.with_event();
    sample.put(|w| {
        let network = NetworkKey(1);
        w.plan_unit(&NewUnit::members(Purpose::Backfill, grp))?;
        w.plan_unit(&NewUnit::rsvps(Purpose::Backfill, event))?;
        w.plan_unit(&NewUnit::network_events(
            Purpose::Backfill,
            network,
            None,
            Some(100),
        ))?;
        w.plan_unit(&NewUnit::network_events(
            Purpose::Backfill,
            network,
            Some(101),
            Some(200),
        ))?;
        w.plan_unit(&NewUnit::network_events(
            Purpose::Backfill,
            network,
            Some(201),
            None,
        ))?;
        w.plan_unit(&NewUnit::groups(Purpose::Backfill, network))
    });
    let order: Vec<_> = due(&sample)
        .iter()
        .map(|unit| (unit.kind, unit.to_at))
        .collect();
    assert_eq!(
        order,
        [
            (UnitKind::Groups, None),
            (UnitKind::Events, None),
            (UnitKind::Events, Some(200)),
            (UnitKind::Events, Some(100)),
            (UnitKind::Rsvps, None),
            (UnitKind::Members, None)
        ]
    );
}

#[test]
fn a_unit_that_is_open_is_not_planned_twice() {
    let sample = Sample::new();
    let (grp, event) = sample.with_event();
    let span = NewUnit::network_events(Purpose::Backfill, NetworkKey(1), None, Some(1_000));
    sample.put(|w| {
        let listing = w.plan_unit(&span)?;
        w.shrink_unit(listing, 500)?;
        w.shrink_unit(listing, 700)?;
        assert_eq!(w.plan_unit(&span)?, listing, "what is left of it is open");
        let other = NewUnit {
            purpose: Purpose::Sweep,
            ..span
        };
        let sweep = w.plan_unit(&other)?;
        assert_ne!(sweep, listing);
        let wider = NewUnit {
            to_at: Some(2_000),
            ..other
        };
        assert_eq!(w.plan_unit(&wider)?, sweep, "what it adds is taken in");
        let walk = w.plan_unit(&NewUnit::rsvps(Purpose::Rota, event))?;
        assert_eq!(
            w.plan_unit(&NewUnit::rsvps(Purpose::Backfill, event))?,
            walk
        );
        assert_eq!(w.plan_unit(&NewUnit::rsvps(Purpose::Sweep, event))?, walk);
        let members = w.plan_unit(&NewUnit::members(Purpose::Sweep, grp))?;
        assert_eq!(
            w.plan_unit(&NewUnit::members(Purpose::Sweep, grp))?,
            members
        );
        Ok(())
    });
    let units = due(&sample);
    let of = |kind| {
        units
            .iter()
            .filter(|unit| unit.kind == kind)
            .collect::<Vec<_>>()
    };
    let ends = of(UnitKind::Events);
    assert_eq!((ends[0].to_at, ends[1].to_at), (Some(2_000), Some(500)));
    assert_eq!(
        of(UnitKind::Rsvps)[0].purpose,
        Purpose::Backfill,
        "the most pressing wins"
    );
    sample.put(|w| {
        w.unit_done(units[0].id)?;
        w.unit_done(units[0].id)
    });
    let open = sample.read(open_units).unwrap();
    assert_eq!(open.iter().map(|open| open.count).sum::<i64>(), 3);
    let again = NewUnit {
        purpose: Purpose::Sweep,
        ..span
    };
    let planned = sample.put(|w| w.plan_unit(&again));
    assert!(
        units.iter().all(|unit| unit.id != planned),
        "one that is done is planned anew"
    );
}

#[test]
fn a_failing_unit_waits_longer_each_time_and_a_page_that_got_through_ends_that() {
    let sample = Sample::new();
    sample.with_event();
    sample.put(|w| {
        w.plan_unit(&NewUnit::network_events(
            Purpose::Backfill,
            NetworkKey(1),
            None,
            None,
        ))
    });
    let mut pauses = Vec::new();
    for _ in 0..11 {
        sample.put(|w| w.unit_failed(1, "a timeout"));
        pauses.push((sample.read(next_unit_due).unwrap().unwrap() - NOW) / 60);
    }
    assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]);
    assert_eq!(due(&sample), []);
    assert_eq!(sample.read(open_units).unwrap()[0].failing, 1);
    let later = sample
        .read(|conn| due_units(conn, at(NOW + 30_000), &ALL, 9))
        .unwrap();
    assert_eq!(
        (later[0].attempts, later[0].last_error.as_deref()),
        (11, Some("a timeout"))
    );
    assert_eq!(
        sample
            .read(|conn| due_units(conn, at(NOW + 30_000), &[Purpose::Sweep], 9))
            .unwrap(),
        []
    );
    sample.put(|w| w.shrink_unit(1, 100));
    assert_eq!(
        sample.one("SELECT attempts, last_error IS NULL FROM units"),
        "0|1"
    );
}

#[test]
fn a_loss_is_accepted_by_name_or_with_all_others_and_nothing_later_is() {
    let sample = Sample::new();
    let (grp, event) = sample.with_event();
    let of = DoubtOf::Group(grp);
    let missed = [Missed::event(event)];
    let accepted = "SELECT accepted_at IS NOT NULL FROM doubted_row";
    sample.put(|w| w.accept_losses(None).map(|count| assert_eq!(count, 0)));
    sample.put(|w| w.doubt(Loss::Events, of, (10, 5), &missed));
    assert_eq!(sample.one(accepted), "0", "accepted before, so for nothing");
    sample.put(|w| {
        w.accept_losses(Some("elsewhere"))
            .map(|count| assert_eq!(count, 0))
    });
    assert_eq!(sample.one(accepted), "0");
    let urlname = sample.one("SELECT urlname FROM groups").to_uppercase();
    sample.put(|w| {
        w.accept_losses(Some(&urlname))
            .map(|count| assert_eq!(count, 1))
    });
    assert_eq!(sample.one(accepted), "1");
    sample.put(|w| w.doubt(Loss::Events, of, (10, 6), &missed));
    assert_eq!(
        sample.one("SELECT known, lost, accepted_at IS NOT NULL FROM doubts"),
        "10|6|1",
        "missed again, it stays accepted"
    );
    sample.put(|w| w.end_doubts(&missed));
    assert_eq!(sample.one("SELECT count(*) FROM doubts"), "0");
}

#[test]
fn firings_remember_what_they_served() {
    let sample = Sample::new();
    assert_eq!(sample.read(|conn| firing(conn, "digest")).unwrap(), None);
    sample.put(|w| w.served("digest", at(100)));
    sample.put(|w| w.served("digest", at(200)));
    assert_eq!(
        sample.read(|conn| firing(conn, "digest")).unwrap(),
        Some(200)
    );
}

#[test]
fn the_rota_takes_what_was_verified_longest_ago() {
    let sample = Sample::new();
    let (grp, first) = sample.with_event();
    let second = sample.put(|w| Ok(w.record_event(&event("t2", "g1"), 1)?.unwrap().key));
    assert_eq!(sample.read(oldest_verification).unwrap(), None);
    let empty = sign(&[]);
    sample.put_at(50, |w| {
        w.finish_full_walk(first, &ids(&[]), &empty, &empty, Some(at(NOW)), 2)
    });
    sample.put_at(20, |w| {
        w.finish_full_walk(second, &ids(&[]), &empty, &empty, Some(at(NOW)), 2)
    });
    sample.put_at(90, |w| w.finish_member_walk(grp, None));
    assert_eq!(sample.read(oldest_verification).unwrap(), Some(NOW + 20));
    let stalest = |before| sample.read(|conn| stalest_group(conn, before)).unwrap();
    assert_eq!(stalest(NOW + 21), None, "its history is not read yet");
    sample.put(|w| {
        w.mark_group_planned(grp)?;
        w.refresh_history_complete()
    });
    assert_eq!(
        stalest(NOW + 21),
        Some(grp),
        "its oldest event was verified before"
    );
    assert_eq!(stalest(NOW + 20), None);
    sample.put(|w| w.plan_unit(&NewUnit::members(Purpose::Rota, grp)));
    assert_eq!(stalest(NOW + 21), None, "it is being verified");
}
