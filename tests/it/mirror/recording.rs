//! What recordings keep, and that recording twice changes nothing.

use std::collections::HashSet;

use gatherd::community::*;
use gatherd::mirror::*;

use super::samples::*;

fn record_everything(w: &Writing<'_>, asked: i64) -> Result<(), MirrorError> {
    w.record_network(&network(), asked)?;
    let grp = w.record_group(&group("g1"), asked)?.key;
    w.record_memberships(
        grp,
        &[membership("1"), membership("x7"), membership("8")],
        asked,
    )?;
    w.finish_member_walk(grp, Some(5))?;
    w.record_group_day(grp)?;
    let event = w.record_event(&event("t1", "g1"), asked)?.unwrap().key;
    let rows = [rsvp("1", -50), rsvp("r2", -60), rsvp("3", None)];
    w.record_rsvps(event, &rows, asked)?;
    w.finish_full_walk(
        event,
        &ids(&rows),
        &sign(&rows),
        &sign(&rows),
        Some(at(NOW)),
        asked,
    )?;
    Ok(())
}

#[test]
fn recording_twice_changes_nothing() {
    let sample = Sample::new();
    sample.put(|w| record_everything(w, 1));
    let (before, changed) = (sample.everything(), sample.rows_changed());
    assert!(changed > 0);
    sample.put(|w| record_everything(w, 2));
    assert_eq!(sample.everything(), before);
    assert_eq!(sample.rows_changed(), changed);
    let sample = sample.reopened();
    sample.put(|w| record_everything(w, 3));
    assert_eq!(sample.everything(), before);
    assert_eq!(sample.rows_changed(), 0);
}

#[test]
fn a_row_that_is_confirmed_is_not_even_written() {
    let sample = Sample::new();
    sample.put(|w| record_everything(w, 1));
    let writes = |w: &Writing<'_>| -> i64 { w.total_changes() as i64 };
    sample.put(|w| {
        let before = writes(w);
        w.record_network(&network(), 2)?;
        let grp = w.record_group(&group("g1"), 2)?.key;
        w.record_memberships(grp, &[membership("1"), membership("x7")], 2)?;
        w.record_group_day(grp)?;
        let event = w.record_event(&event("t1", "g1"), 2)?.unwrap().key;
        w.record_rsvps(event, &[rsvp("1", -50), rsvp("r2", -60)], 2)?;
        assert_eq!(writes(w), before);
        Ok(())
    });
}

#[test]
fn nothing_seen_is_deleted_and_what_is_seen_again_is_back() {
    let sample = Sample::new();
    let (grp, event_key) = sample.with_event();
    sample.put(|w| w.record_memberships(grp, &[membership("8")], 1));
    sample.put_at(60, |w| {
        assert!(w.mark_group_gone(grp, GoneWhy::Left, 2)?);
        assert!(!w.mark_group_gone(grp, GoneWhy::Left, 3)?);
        assert!(w.mark_event_gone(event_key, 2)?);
        assert!(!w.mark_event_gone(event_key, 3)?);
        assert_eq!(
            w.mark_memberships_gone(grp, &["8".into(), "nobody".into()], 2)?,
            1
        );
        assert_eq!(w.mark_memberships_gone(grp, &["8".into()], 3)?, 0);
        Ok(())
    });
    assert_eq!(
        sample.one("SELECT gone_at, gone_why FROM groups"),
        "2026-09-21T14:14:20Z|left"
    );
    assert_eq!(
        sample.one("SELECT gone_at FROM events"),
        "2026-09-21T14:14:20Z"
    );
    assert_eq!(
        sample.one("SELECT gone_at FROM memberships"),
        "2026-09-21T14:14:20Z"
    );
    sample.put_at(120, |w| {
        // Another reason, at the same going.
        assert!(w.mark_group_gone(grp, GoneWhy::Deleted, 4)?);
        Ok(())
    });
    assert_eq!(
        sample.one("SELECT gone_at, gone_why FROM groups"),
        "2026-09-21T14:14:20Z|deleted"
    );
    sample.put(|w| {
        assert!(!w.record_group(&group("g1"), 5)?.is_new);
        assert!(!w.record_event(&event("t1", "g1"), 5)?.unwrap().is_new);
        w.record_memberships(grp, &[membership("8")], 5)
    });
    assert_eq!(
        sample.one(
            "SELECT (SELECT count(*) FROM groups WHERE gone_at IS NULL AND gone_why IS NULL),
            (SELECT count(*) FROM events WHERE gone_at IS NULL),
            (SELECT count(*) FROM memberships WHERE gone_at IS NULL)"
        ),
        "1|1|1"
    );
}

#[test]
fn an_id_that_changes_makes_no_second_event() {
    let sample = Sample::new();
    let (_, key) = sample.with_event();
    let with_id = |id: &str| Event {
        id: id.into(),
        ..event("t1", "g1")
    };
    sample.put_at(10, |w| w.record_event(&with_id("second"), 2));
    sample.put_at(20, |w| w.record_event(&with_id("id-t1"), 3));
    assert_eq!(sample.one("SELECT token, id FROM events"), "t1|id-t1");
    let known = sample.read(|conn| known_ids(conn, key)).unwrap();
    assert_eq!(known, ["id-t1".into(), "second".into()]);
    assert_eq!(
        sample.rows("SELECT id, first_seen_at, last_seen_at FROM event_ids ORDER BY id"),
        [
            "id-t1|2026-09-21T14:13:20Z|2026-09-21T14:13:40Z",
            "second|2026-09-21T14:13:30Z|2026-09-21T14:13:30Z"
        ]
    );
    // An id that stays is noted once a day.
    sample.put_at(3_600, |w| w.record_event(&with_id("id-t1"), 4));
    assert_eq!(
        sample.one("SELECT max(last_seen_at) FROM event_ids"),
        "2026-09-21T14:13:40Z"
    );
    sample.put_at(90_000, |w| w.record_event(&with_id("id-t1"), 5));
    assert_eq!(
        sample.one("SELECT max(last_seen_at) FROM event_ids"),
        "2026-09-22T15:13:20Z"
    );
}

#[test]
fn an_event_of_an_unknown_group_is_not_recorded() {
    let sample = Sample::new();
    let before = sample.everything();
    assert_eq!(
        sample.put(|w| w.record_event(&event("t1", "nowhere"), 1)),
        None
    );
    assert_eq!(sample.everything(), before);
}

#[test]
fn hosts_and_venue_follow_the_answer() {
    let sample = Sample::new();
    sample.with_event();
    let changed = sample.rows_changed();
    let online = Venue {
        id: "26906060".into(),
        is_online: true,
        lat: None,
        lon: None,
        ..venue("x")
    };
    let answer = Event {
        hosts: Some(vec![member("2"), member("3"), member("2")]),
        venues: Some(vec![online.clone(), venue("v2")]),
        ..event("t1", "g1")
    };
    sample.put(|w| w.record_event(&answer, 2));
    assert_eq!(
        sample.rows("SELECT member_id FROM event_hosts ORDER BY 1"),
        ["2", "3"]
    );
    assert_eq!(sample.one("SELECT venue_id FROM events"), "v2");
    assert_eq!(
        sample.rows_changed() - changed,
        4,
        "the event, two venues, a member"
    );
    sample.put(|w| {
        w.record_event(
            &Event {
                venues: Some(vec![online]),
                ..answer
            },
            3,
        )
    });
    assert_eq!(sample.one("SELECT venue_id IS NULL FROM events"), "1");
}

#[test]
fn a_withheld_name_forgets_no_name() {
    let sample = Sample::new();
    let nameless = |id: &str| Membership {
        member: Member {
            id: id.into(),
            name: None,
        },
        ..membership(id)
    };
    let (grp, _) = sample.with_event();
    sample.put(|w| w.record_memberships(grp, &[membership("5"), nameless("6")], 2));
    let changed = sample.rows_changed();
    sample.put(|w| w.record_memberships(grp, &[nameless("5"), nameless("6")], 3));
    assert_eq!(sample.rows_changed(), changed);
    sample.put(|w| w.record_memberships(grp, &[membership("6")], 4));
    assert_eq!(
        sample.rows("SELECT name FROM members WHERE id IN ('5', '6') ORDER BY id"),
        ["Member 5", "Member 6"]
    );
}

#[test]
fn ids_come_back_as_meetup_wrote_them() {
    let sample = Sample::new();
    let (grp, _) = sample.with_event();
    let odd = ["7", "007", "-0", "+7", " 7", "9223372036854775808", "abc"];
    let crowd: Vec<_> = odd.iter().map(|id| membership(id)).collect();
    sample.put(|w| w.record_memberships(grp, &crowd, 1));
    let mut expected = odd.map(str::to_owned).to_vec();
    expected.sort();
    let mut kept = sample.rows("SELECT member_id FROM memberships");
    kept.sort();
    assert_eq!(kept, expected);
    assert_eq!(
        sample.one("SELECT count(*) FROM member_row WHERE typeof(id) = 'integer' AND id = 7"),
        "1"
    );
}

#[test]
fn the_unseen_are_told_apart_from_the_seen() {
    let sample = Sample::new();
    let (grp, _) = sample.with_event();
    let leader = Membership {
        status: "LEADER".to_owned(),
        ..membership("9")
    };
    sample.put(|w| {
        w.record_memberships(grp, &[membership("5"), membership("x6"), leader], 1)?;
        w.mark_memberships_gone(grp, &["5".into()], 2)
    });
    let seen: HashSet<MemberId> = HashSet::from(["x6".into()]);
    let (members, leaders, live) = sample
        .read(|conn| {
            Ok((
                members_unseen(conn, grp, &seen)?,
                leaders_unseen(conn, grp, &HashSet::new())?,
                live_members(conn, grp)?,
            ))
        })
        .unwrap();
    assert_eq!(members, ["9".into()]);
    assert_eq!(leaders, ["9".into()]);
    assert_eq!(live, 2);
}

#[test]
fn a_walk_of_the_members_leaves_the_gap_to_meetups_count() {
    let sample = Sample::new();
    let (grp, _) = sample.with_event();
    let known = || sample.read(roster).unwrap().remove(0);
    assert_eq!(known().roster_gap, None);
    let needs_walk = |count| {
        sample
            .read(|conn| members_need_walk(conn, grp, count))
            .unwrap()
    };
    assert!(!needs_walk(Some(7)), "the first walk is a unit of work");
    sample.put(|w| {
        w.record_memberships(grp, &[membership("5"), membership("6")], 1)?;
        w.finish_member_walk(grp, Some(7))
    });
    assert_eq!(known().roster_gap, Some(5));
    assert!(!needs_walk(Some(7)));
    assert!(needs_walk(Some(6)), "one left, or one hidden member did");
    assert_eq!(known().members_verified_at, Some(NOW));
}

#[test]
fn a_groups_diary_has_one_line_a_day() {
    let sample = Sample::new();
    let (grp, _) = sample.with_event();
    let leader = Membership {
        status: "LEADER".to_owned(),
        ..membership("9")
    };
    sample.put(|w| w.record_group_day(grp));
    sample.put(|w| {
        w.record_memberships(grp, &[leader], 2)?;
        w.record_group_day(grp)
    });
    sample.put_at(86_400, |w| w.record_group_day(grp));
    assert_eq!(
        sample.rows(
            "SELECT group_id, on_date, member_count, leader_count FROM group_days ORDER BY on_date"
        ),
        ["g1|2026-09-21|100|1", "g1|2026-09-22|100|1"]
    );
}

#[test]
fn a_span_holds_its_ends_and_no_event_without_a_start() {
    let sample = Sample::new();
    let grp = sample.with_event().0;
    let network = sample.put(|w| w.record_network(&network(), 2));
    let starting = |token: &str, second: i64| Event {
        starts_at: Some(at(second).fixed_offset()),
        ..event(token, "g1")
    };
    sample.put(|w| {
        w.record_event(
            &Event {
                starts_at: None,
                ..event("t1", "g1")
            },
            2,
        )?;
        for (token, second) in [("a", 100), ("b", 200), ("c", 300), ("d", 400)] {
            w.record_event(&starting(token, second), 2)?;
        }
        let gone = event_by_token(w, &"c".into())?.unwrap().key;
        w.mark_event_gone(gone, 3)
    });
    let tokens = |scope, from, to| {
        let events = sample
            .read(|conn| events_in_span(conn, scope, from, to))
            .unwrap();
        events
            .into_iter()
            .map(|event| event.token.0)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        tokens(EventsOf::Group(grp), Some(100), Some(200)),
        ["b", "a"]
    );
    assert_eq!(
        tokens(EventsOf::Network(network), None, None),
        ["d", "b", "a"]
    );
    assert_eq!(tokens(EventsOf::Network(network), Some(201), None), ["d"]);
    sample.put(|w| w.mark_group_gone(grp, GoneWhy::Left, 4));
    assert_eq!(
        tokens(EventsOf::Network(network), None, None),
        Vec::<String>::new()
    );
}

#[test]
fn a_failing_group_is_tried_less_and_less_until_it_recovers() {
    let sample = Sample::new();
    let (grp, _) = sample.with_event();
    let known = || sample.read(roster).unwrap().remove(0);
    let mut pauses = Vec::new();
    for _ in 0..9 {
        sample.put(|w| w.group_failed(grp, "answers that make no sense"));
        pauses.push((known().retry_at.unwrap() - NOW) / 60);
    }
    assert_eq!(pauses, [15, 30, 60, 120, 240, 480, 960, 1440, 1440]);
    assert_eq!(known().failures, 9);
    let why = sample.read(failing).unwrap();
    assert_eq!(why[0].group, Some(grp));
    assert_eq!(why[0].message, "answers that make no sense");
    sample.put(|w| w.group_recovered(grp));
    assert_eq!((known().failures, known().retry_at), (0, None));
}
