//! What is not told: what is not known, found at the first look, muted, or due to a window alone.

use chrono::Duration;
use gatherd::community::{AlertKey, AlertKind as Kind, GroupStatus, TieStatus};
use gatherd::metrics::SoonState;
use gatherd::metrics::Watched;

use super::diary::*;

const NONE: [&str; 0] = [];

/// A group in every trouble at once.
fn troubled(urlname: &str) -> Watched {
    let mut group = group(urlname);
    group.leaders.clear();
    group.hosts[0].is_here = Some(false);
    group.hosts[0].left_at = Some(start());
    group.status = GroupStatus::Frozen;
    group.tie_status = Some(TieStatus::Delisted);
    group.is_overdue = Some(true);
    group.soon = vec![soon(
        urlname,
        start() + Duration::days(2),
        SoonState::Cancelled,
    )];
    group
}

fn with_event_on(urlname: &str) -> Watched {
    let mut group = group(urlname);
    group.soon = vec![soon(urlname, start() + Duration::days(2), SoonState::On)];
    group
}

#[test]
fn the_first_look_at_a_group_tells_nothing() {
    let mut diary = Diary::new();
    assert_eq!(diary.told(&troubled("berlin")), NONE);
    assert_eq!(
        diary.later(Duration::hours(1)).told(&troubled("berlin")),
        NONE
    );
    assert!(diary.rows.values().all(|alert| alert.told_at.is_none()));
}

#[test]
fn a_history_still_being_read_is_looked_at_when_it_is_complete_and_tells_nothing_then() {
    let mut reading = with_event_on("berlin");
    reading.history_complete = false;
    let mut diary = Diary::new();
    assert_eq!(diary.told(&reading), NONE);
    assert!(diary.rows.is_empty());
    assert_eq!(
        diary.later(Duration::days(1)).told(&troubled("berlin")),
        NONE
    );
}

#[test]
fn a_backfill_begun_again_tells_nothing_at_the_first_look_after_it() {
    let mut diary = Diary::knowing(&[with_event_on("berlin")]);
    let mut again = troubled("berlin");
    again.planned_at = None;
    assert_eq!(diary.told(&again), NONE, "not planned yet");
    again.planned_at = Some(diary.now);
    assert_eq!(diary.told(&again), NONE);
    again.status = GroupStatus::Dead;
    assert_eq!(
        diary.told(&again),
        ["meetup_status"],
        "what comes after is news"
    );
}

#[test]
fn a_kind_newly_switched_on_tells_nothing_at_first_and_one_switched_off_is_forgotten() {
    let mut diary = Diary::new();
    diary.kinds = vec![Kind::Leaderless];
    assert_eq!(diary.told(&with_event_on("berlin")), NONE);
    assert_eq!(diary.told(&troubled("berlin")), ["leaderless"]);
    diary.kinds = vec![Kind::MeetupStatus, Kind::CancelledSoon, Kind::LastHost];
    assert_eq!(diary.told(&troubled("berlin")), NONE);
    assert!(
        !diary
            .rows
            .keys()
            .any(|key| matches!(key, AlertKey::Group(Kind::Leaderless, _)))
    );
    diary.kinds = vec![Kind::Leaderless];
    assert_eq!(diary.told(&group("berlin")), NONE);
    diary.kinds = Vec::new();
    assert_eq!(diary.told(&group("berlin")), NONE);
    diary.kinds = vec![Kind::Leaderless];
    assert_eq!(
        diary.told(&troubled("berlin")),
        NONE,
        "found so, not seen to become so"
    );
}

#[test]
fn a_group_that_was_not_read_changes_no_state() {
    for make_unknown in [0, 1, 2] {
        let mut diary = Diary::knowing(&[with_event_on("berlin")]);
        let before = diary.rows.clone();
        let mut unknown = troubled("berlin");
        match make_unknown {
            0 => drop(diary.unread.insert("berlin".to_owned())),
            1 => unknown.history_complete = false,
            _ => unknown.planned_at = None,
        }
        assert_eq!(diary.later(Duration::days(1)).told(&unknown), NONE);
        assert_eq!(diary.rows, before);
        // Read again, it is told all the same, and trouble does not clear unread.
        diary.unread.clear();
        let told = diary.told(&troubled("berlin"));
        assert_eq!(told.len(), 6, "{told:?}");
        let before = diary.rows.clone();
        diary.unread.insert("berlin".to_owned());
        assert_eq!(diary.later(Duration::days(9)).told(&group("berlin")), NONE);
        assert_eq!(diary.rows, before);
    }
}

#[test]
fn a_host_who_was_alone_because_the_others_events_grew_old_was_not_the_last_to_leave() {
    // Ben left 100 days ago, when Cleo, who hosted long before, was still active.
    let mut berlin = group("berlin");
    let days_ago = |days| start() - Duration::days(days);
    berlin.hosts = vec![host("Ben", days_ago(110)), host("Cleo", days_ago(175))];
    berlin.hosts[0].is_here = Some(false);
    berlin.hosts[0].left_at = Some(days_ago(100));
    let mut diary = Diary::knowing(&[berlin.clone()]);
    assert_eq!(diary.later(Duration::days(6)).told(&berlin), NONE);
    // Cleo hosts again and leaves: now nobody is left.
    berlin.hosts[1].last_at = diary.now - Duration::days(1);
    assert_eq!(diary.told(&berlin), NONE);
    berlin.hosts[1].is_here = Some(false);
    berlin.hosts[1].left_at = Some(diary.now);
    assert_eq!(diary.told(&berlin), ["last_host"]);
}

#[test]
fn a_group_whose_last_event_grows_old_has_not_lost_its_last_host() {
    let mut diary = Diary::knowing(&[group("berlin")]);
    diary.kinds.retain(|kind| *kind != Kind::Quiet);
    assert_eq!(
        diary.later(Duration::days(160)).told(&group("berlin")),
        NONE
    );
}

#[test]
fn a_host_of_whom_no_membership_is_known_neither_stays_nor_leaves() {
    let mut berlin = group("berlin");
    berlin.hosts[0].is_here = None;
    let mut diary = Diary::knowing(&[berlin.clone()]);
    assert_eq!(diary.told(&berlin), NONE);
    assert!(
        !diary
            .rows
            .contains_key(&AlertKey::Group(Kind::LastHost, "berlin".into()))
    );
}

#[test]
fn a_mute_silences_a_group_or_a_kind_until_its_day_and_what_happened_meanwhile_is_not_told_later() {
    let towns = [
        with_event_on("berlin"),
        with_event_on("paris"),
        with_event_on("rome"),
    ];
    let mut diary = Diary::knowing(&towns);
    diary.mute("berlin", None, Some("2026-06-17"));
    diary.mute("paris", Some("leaderless"), None);
    let bad = [troubled("berlin"), troubled("paris"), troubled("rome")];
    let told = |diary: &mut Diary, town: &str, groups: &[Watched]| {
        let tidings = diary.look(groups);
        tidings.iter().filter(|it| it.group.urlname == town).count()
    };
    let mut other = Diary::knowing(&towns);
    other.mute("berlin", None, Some("2026-06-17"));
    other.mute("paris", Some("leaderless"), None);
    assert_eq!(told(&mut diary, "berlin", &bad), 0);
    assert_eq!(told(&mut other, "paris", &bad), 5, "all but one kind");
    let mut third = Diary::knowing(&towns);
    assert_eq!(told(&mut third, "rome", &bad), 6);
    // The day comes; what happened before it stays untold, what happens now is told.
    diary.now = "2026-06-17T00:00:00Z".parse().unwrap();
    assert_eq!(told(&mut diary, "berlin", &bad), 0);
    let mut worse = bad.clone();
    worse[0].status = GroupStatus::Dead;
    assert_eq!(told(&mut diary, "berlin", &worse), 1);
}

#[test]
fn a_pause_that_is_measured_after_the_first_look_alone_tells_nothing_then() {
    let paused = |is_overdue| {
        let mut group = group("berlin");
        group.is_overdue = is_overdue;
        group
    };
    let mut diary = Diary::new();
    diary.kinds = vec![Kind::Overdue];
    assert_eq!(diary.told(&paused(None)), NONE);
    assert_eq!(diary.told(&paused(Some(true))), NONE, "found so");
    // What is remembered of another history is not compared with what this one is found to be, later.
    let mut diary = Diary::new();
    diary.kinds = vec![Kind::Overdue];
    assert_eq!(diary.told(&paused(Some(false))), NONE);
    let again = |is_overdue| Watched {
        planned_at: Some(start()),
        ..paused(is_overdue)
    };
    assert_eq!(diary.told(&again(None)), NONE);
    assert_eq!(diary.told(&again(Some(true))), NONE, "found so");
    let mut diary = Diary::knowing(&[paused(Some(false))]);
    diary.kinds = vec![Kind::Overdue];
    assert_eq!(diary.told(&paused(None)), NONE);
    assert_eq!(diary.told(&paused(Some(true))), ["overdue"], "became so");
}
