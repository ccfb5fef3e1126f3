//! Each kind: told once, clear before it is told again.

use chrono::Duration;
use gatherd::community::{AlertKey, AlertKind, AlertStep, GoneWhy, GroupStatus, TieStatus};
use gatherd::metrics::{Floor, SoonState, Watched};

use super::diary::*;

const NONE: [&str; 0] = [];

/// Tells once, not again while it lasts or flickers within the hold, and again after it.
fn told_once_and_again_after(
    kind: &str,
    hold: Duration,
    break_it: impl Fn(&mut Watched),
    hour: Duration,
) {
    let well = group("berlin");
    let mut bad = well.clone();
    break_it(&mut bad);
    let mut diary = Diary::knowing(std::slice::from_ref(&well));
    assert_eq!(diary.later(hour).told(&bad), [kind]);
    assert_eq!(diary.later(hour).told(&bad), NONE, "once only");
    for _ in 0..3 {
        assert_eq!(diary.later(hour).told(&well), NONE);
        assert_eq!(diary.later(hour).told(&bad), NONE, "it flickers");
    }
    assert_eq!(diary.later(hour).told(&well), NONE);
    assert_eq!(diary.later(hold - hour).told(&well), NONE);
    assert_eq!(diary.told(&bad), NONE, "not clear for long enough");
    assert_eq!(diary.later(hour).told(&well), NONE);
    assert_eq!(diary.later(hold).told(&well), NONE);
    assert_eq!(
        diary.later(hour).told(&bad),
        [kind],
        "clear, and broken anew"
    );
}

#[test]
fn a_group_that_loses_its_last_leader_is_told_once_and_again_after_three_days_with_one() {
    told_once_and_again_after(
        "leaderless",
        Duration::days(3),
        |group| group.leaders.clear(),
        Duration::minutes(15),
    );
}

#[test]
fn a_group_that_loses_its_last_active_host_is_told_once_and_again_after_three_days_with_one() {
    told_once_and_again_after(
        "last_host",
        Duration::days(3),
        |group| {
            group.hosts[0].is_here = Some(false);
            group.hosts[0].left_at = Some(start());
        },
        Duration::minutes(15),
    );
}

#[test]
fn a_frozen_group_is_told_once_and_again_after_three_days_in_good_standing() {
    told_once_and_again_after(
        "meetup_status",
        Duration::days(3),
        |group| group.status = GroupStatus::Frozen,
        Duration::minutes(15),
    );
}

#[test]
fn a_delisted_group_is_told_once_and_again_after_three_days_listed() {
    told_once_and_again_after(
        "meetup_status",
        Duration::days(3),
        |group| group.tie_status = Some(TieStatus::Delisted),
        Duration::minutes(15),
    );
}

#[test]
fn a_longer_pause_than_usual_is_told_once_and_again_after_two_weeks_without() {
    told_once_and_again_after(
        "overdue",
        Duration::days(14),
        |group| group.is_overdue = Some(true),
        Duration::hours(6),
    );
}

#[test]
fn each_step_down_at_meetup_is_news_and_no_step_up_is() {
    let mut berlin = group("berlin");
    let mut diary = Diary::knowing(&[berlin.clone()]);
    for (status, told) in [
        ("GRACE", 1),
        ("GRACE", 0),
        ("FROZEN", 1),
        ("GRACE", 0),
        ("FROZEN", 0),
        ("NEVER_SEEN", 0),
        ("DEAD", 1),
        ("PAID", 0),
        ("GRACE", 0),
    ] {
        berlin.status = GroupStatus::parse(status);
        let tidings = diary.later(Duration::hours(1)).look(&[berlin.clone()]);
        assert_eq!(tidings.len(), told, "{status}");
    }
    // Standing at GRACE for long enough, it is no longer DEAD; FROZEN is news again.
    assert_eq!(diary.later(Duration::days(3)).told(&berlin), NONE);
    berlin.status = GroupStatus::Frozen;
    assert_eq!(diary.told(&berlin), ["meetup_status"]);
}

#[test]
fn a_group_that_leaves_or_is_deleted_is_told_and_one_taken_out_of_the_configuration_is_not() {
    let towns = [group("berlin"), group("paris"), group("rome")];
    let mut diary = Diary::knowing(&towns);
    let mut gone = towns.clone();
    for (group, why) in gone.iter_mut().zip(GoneWhy::ALL) {
        group.is_gone = true;
        group.gone_why = Some(*why);
        // Nothing is read of a group that is gone.
        group.leaders.clear();
        group.hosts.clear();
        group.events_ever = 0;
        group.last_event = None;
    }
    let told: Vec<_> = diary
        .later(Duration::hours(1))
        .look(&gone)
        .into_iter()
        .map(|it| (it.group.urlname, it.sentence))
        .collect();
    assert_eq!(told.len(), 2);
    assert!(told[0].0 == "berlin" && told[0].1.contains("left the network"));
    assert!(told[1].0 == "paris" && told[1].1.contains("does not have it"));
    assert_eq!(diary.later(Duration::hours(1)).look(&gone), []);
}

#[test]
fn a_group_that_comes_back_is_looked_at_as_for_the_first_time() {
    let berlin = group("berlin");
    let mut diary = Diary::knowing(std::slice::from_ref(&berlin));
    let mut gone = berlin.clone();
    gone.is_gone = true;
    gone.gone_why = Some(GoneWhy::Left);
    assert_eq!(diary.told(&gone), ["meetup_status"]);
    let mut back = berlin.clone();
    back.history_complete = false;
    back.planned_at = None;
    back.leaders.clear();
    assert_eq!(diary.later(Duration::days(9)).told(&back), NONE);
    back.history_complete = true;
    back.planned_at = Some(diary.now);
    assert_eq!(diary.told(&back), NONE, "how it is found is no news");
    back.status = GroupStatus::Grace;
    assert_eq!(diary.told(&back), ["meetup_status"]);
    gone.planned_at = back.planned_at;
    assert_eq!(diary.told(&gone), ["meetup_status"], "it leaves once more");
}

#[test]
fn an_event_in_person_cancelled_within_three_days_is_told_once() {
    for state in [SoonState::Cancelled, SoonState::Deleted] {
        let mut berlin = group("berlin");
        let starts_at = start() + Duration::days(10);
        berlin.soon = vec![soon("t1", starts_at, SoonState::On)];
        let mut diary = Diary::knowing(&[berlin.clone()]);
        diary.now = starts_at - Duration::hours(72);
        assert_eq!(diary.told(&berlin), NONE);
        berlin.soon[0].state = state;
        let told = diary.look(&[berlin.clone()]);
        assert_eq!(told[0].event.as_ref().unwrap().token, "t1");
        assert_eq!(told.len(), 1);
        for state in [SoonState::On, state, SoonState::On, state] {
            berlin.soon[0].state = state;
            assert_eq!(
                diary.later(Duration::hours(1)).told(&berlin),
                NONE,
                "{state}"
            );
        }
        berlin.soon[0].state = SoonState::On;
        assert_eq!(diary.told(&berlin), NONE);
        assert_eq!(diary.later(Duration::hours(12)).told(&berlin), NONE);
        berlin.soon[0].state = state;
        assert_eq!(diary.told(&berlin), ["cancelled_soon"], "it was on again");
        // Long past, it is forgotten.
        berlin.soon.clear();
        assert_eq!(diary.told(&berlin), NONE);
        assert!(
            !diary
                .rows
                .keys()
                .any(|key| matches!(key, AlertKey::Event(_, token) if token.as_str() == "t1"))
        );
    }
}

#[test]
fn an_event_cancelled_earlier_or_found_cancelled_or_over_is_not_told() {
    let starts_at = start() + Duration::days(10);
    let mut berlin = group("berlin");
    berlin.soon = vec![soon("t1", starts_at, SoonState::On)];
    let mut diary = Diary::knowing(&[berlin.clone()]);
    berlin.soon[0].state = SoonState::Cancelled;
    diary.now = starts_at - Duration::hours(72) - Duration::seconds(1);
    assert_eq!(diary.told(&berlin), NONE, "a second too early");
    diary.later(Duration::days(1));
    assert_eq!(diary.told(&berlin), NONE, "and not later either");
    berlin.soon.push(soon(
        "t2",
        diary.now + Duration::hours(5),
        SoonState::Cancelled,
    ));
    assert_eq!(diary.told(&berlin), NONE, "never seen to be on");
    berlin
        .soon
        .push(soon("t3", diary.now + Duration::hours(5), SoonState::On));
    assert_eq!(diary.told(&berlin), NONE);
    berlin.soon[2].state = SoonState::Cancelled;
    diary.later(Duration::hours(30));
    assert_eq!(diary.told(&berlin), NONE, "over for a day");
}

#[test]
fn a_quiet_group_that_announces_is_told_and_an_announcement_that_flickers_is_not_told_again() {
    let mut quiet = group("berlin");
    quiet.last_event = Some(event("last", start() - Duration::days(300)));
    quiet.hosts.clear();
    let mut announced = quiet.clone();
    announced.next_event = Some(event("next", start() + Duration::days(40)));
    let mut diary = Diary::knowing(&[quiet.clone()]);
    assert_eq!(diary.told(&announced), ["restarted"]);
    for _ in 0..3 {
        // The kind "quiet" is on in this diary, and it is quiet again.
        assert_eq!(diary.later(Duration::days(1)).told(&quiet), NONE);
        assert_eq!(diary.later(Duration::days(1)).told(&announced), NONE);
    }
    assert_eq!(diary.later(Duration::days(1)).told(&quiet), NONE);
    assert_eq!(diary.later(Duration::days(30)).told(&quiet), NONE);
    assert_eq!(
        diary.told(&announced),
        ["restarted"],
        "a month without, then anew"
    );
}

#[test]
fn a_group_that_met_again_and_fell_quiet_anew_may_restart_anew() {
    let mut berlin = group("berlin");
    berlin.last_event = Some(event("old", start() - Duration::days(300)));
    let mut diary = Diary::knowing(&[berlin.clone()]);
    diary.later(Duration::days(1));
    // It held an event between two looks.
    berlin.previous_at = Some(start() - Duration::days(300));
    berlin.last_event = Some(event("new", diary.now - Duration::hours(3)));
    assert_eq!(diary.told(&berlin), ["restarted"]);
    assert_eq!(
        diary.later(Duration::days(90)).told(&berlin),
        NONE,
        "a window that ends is no news"
    );
    // It meets once more, is silent for long, then announces.
    berlin.last_event = Some(event("newer", diary.now));
    assert_eq!(diary.told(&berlin), NONE);
    assert_eq!(diary.later(Duration::days(181)).told(&berlin), ["quiet"]);
    berlin.next_event = Some(event("next", diary.now + Duration::days(9)));
    assert_eq!(diary.told(&berlin), ["restarted"]);
}

#[test]
fn the_first_event_of_a_group_is_told_when_announced_and_not_when_held() {
    let mut new = group("berlin");
    new.events_ever = 0;
    new.last_event = None;
    new.hosts.clear();
    let mut announced = new.clone();
    announced.next_event = Some(event("first", start() + Duration::days(9)));
    let mut diary = Diary::knowing(&[new.clone()]);
    assert_eq!(diary.told(&announced), ["first_event"]);
    assert_eq!(diary.later(Duration::days(1)).told(&new), NONE);
    assert_eq!(
        diary.later(Duration::days(1)).told(&announced),
        NONE,
        "it flickers"
    );
    let mut held = new.clone();
    held.events_ever = 1;
    held.last_event = Some(event("first", start() + Duration::days(9)));
    assert_eq!(diary.later(Duration::days(8)).told(&held), NONE);

    let mut diary = Diary::knowing(&[new]);
    let told = diary.later(Duration::days(10)).look(&[held]);
    assert_eq!(told[0].sentence, "It has held its first event, on 24 Jun.");
}

#[test]
fn the_floor_is_remembered_for_the_digest_and_never_sent() {
    let mut berlin = group("berlin");
    berlin.floor = Floor::Above;
    let mut diary = Diary::knowing(&[berlin.clone()]);
    let key = AlertKey::Group(AlertKind::Floor, "berlin".into());
    let state = |diary: &Diary| diary.rows[&key].step;
    for (days, expected) in [
        (61, AlertStep::No),
        (60, AlertStep::Yes),
        (30, AlertStep::Yes),
    ] {
        berlin.floor = Floor::BelowFrom((diary.now + Duration::days(days)).date_naive());
        assert_eq!(diary.told(&berlin), NONE);
        assert_eq!(state(&diary), expected, "{days} days ahead");
    }
    berlin.floor = Floor::Unknown;
    assert_eq!(diary.told(&berlin), NONE);
    assert_eq!(state(&diary), AlertStep::Yes);
}
