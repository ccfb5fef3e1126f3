//! What changes in the community shows in the answers as it would at Meetup.

use super::*;
use gatherd::demo::Life;
use gatherd::demo::world::{Answer, EventAt, EventStatus, GroupAt, Role};

async fn event(caller: &Caller, id: &str) -> Value {
    let query = format!(
        "{{ event(id: \"{id}\") {{ id token title status dateTime eventHosts {{ member {{ id }} name }}
           rsvps(first: 3, filter: {{rsvpStatus: [YES, NO, ATTENDED, NO_SHOW]}},
                 sort: {{sortField: DATETIME, sortOrder: DESC}})
             {{ yesCount edges {{ node {{ updated status guestsCount member {{ id }} }} }} }} }} }}"
    );
    caller.ask(&query, json!({})).await["data"]["event"].clone()
}

fn id_of(meetup: &Simulated, at: EventAt) -> String {
    meetup.with_world(|world| world.event(at).id.clone())
}

#[tokio::test]
async fn an_event_keeps_its_token_when_its_id_changes() {
    let meetup = sized(1, 3, 20, 20);
    let caller = Caller::of(&meetup);
    let old = id_of(&meetup, EventAt(0));
    let before = event(&caller, &old).await;
    let new = meetup.with_world(|world| world.replace_event_id(EventAt(0)));
    assert!(new.chars().any(|letter| letter.is_ascii_lowercase()));
    assert!(event(&caller, &old).await.is_null());
    let after = event(&caller, &new).await;
    assert_eq!(
        (&after["token"], &after["id"]),
        (&before["token"], &json!(new))
    );
    meetup.switch(|switches| switches.old_id_answers = true);
    assert_eq!(
        event(&caller, &old).await["id"],
        new,
        "an old id may go on answering"
    );
}

#[tokio::test]
async fn a_deleted_event_vanishes_without_a_trace_and_may_come_back() {
    let meetup = sized(1, 3, 20, 20);
    let caller = Caller::of(&meetup);
    let id = id_of(&meetup, EventAt(1));
    meetup.with_world(|world| world.delete_event(EventAt(1)));
    assert!(event(&caller, &id).await.is_null());
    let rows = caller.walk(EVENTS, EVENTS_PATH, 100).await.concat();
    assert_eq!(rows.len(), 2);
    meetup.with_world(|world| world.restore_event(EventAt(1)));
    assert_eq!(event(&caller, &id).await["id"], id);
}

#[tokio::test]
async fn an_event_can_be_moved_renamed_cancelled_and_given_other_hosts() {
    let meetup = sized(1, 3, 20, 20);
    let caller = Caller::of(&meetup);
    let id = id_of(&meetup, EventAt(0));
    let host = meetup.with_world(|world| {
        let start = world.event(EventAt(0)).starts_at.unwrap();
        world.move_event(EventAt(0), Some(start + 86_400 * 500));
        world.rename_event(EventAt(0), "Another title");
        world.cancel_event(EventAt(0));
        let host = world.group(GroupAt(0)).memberships[5].person;
        world.change_hosts(EventAt(0), &[host]);
        world.person(host).id.to_string()
    });
    let row = event(&caller, &id).await;
    assert_eq!(row["title"], "Another title");
    assert_eq!(row["status"], "CANCELLED");
    assert_eq!(row["eventHosts"][0]["member"]["id"], host);
    let rows = caller.walk(EVENTS, EVENTS_PATH, 100).await.concat();
    assert_eq!(rows[0]["node"]["id"], id, "it is the latest of all now");
}

#[tokio::test]
async fn whether_updated_moves_with_guests_or_attendance_is_a_switch() {
    for moves in [true, false] {
        let meetup = sized(1, 2, 20, 20);
        meetup.switch(|switches| {
            switches.updated_moves_with_guests = moves;
            switches.updated_moves_with_attendance = moves;
        });
        meetup.with_world(|world| {
            let (one, two) = (
                world.event(EventAt(0)).rsvps[0],
                world.event(EventAt(0)).rsvps[1],
            );
            world.change_guests(EventAt(0), one.person, 4, world.now());
            world.mark_attendance(EventAt(0), two.person, Answer::Attended, world.now());
            let moved = |old: gatherd::demo::world::Rsvp| {
                let new = world.event(EventAt(0)).rsvp_of(old.person).unwrap();
                new.updated_at != old.updated_at
            };
            assert_eq!((moved(one), moved(two)), (moves, moves));
            assert_eq!(
                world.event(EventAt(0)).rsvp_of(one.person).unwrap().guests,
                4
            );
        });
    }
}

#[tokio::test]
async fn two_people_may_swap_their_answers_within_a_second() {
    let meetup = sized(1, 2, 20, 20);
    let caller = Caller::of(&meetup);
    let id = id_of(&meetup, EventAt(0));
    meetup.with_world(|world| {
        let people: Vec<_> = world
            .event(EventAt(0))
            .rsvps
            .iter()
            .map(|r| r.person)
            .collect();
        world.answer(EventAt(0), people[0], Answer::Yes, world.now() - 500);
        world.answer(EventAt(0), people[1], Answer::No, world.now() - 500);
    });
    let before = event(&caller, &id).await["rsvps"]["yesCount"].clone();
    meetup.with_world(|world| {
        let people: Vec<_> = world
            .event(EventAt(0))
            .rsvps
            .iter()
            .map(|r| r.person)
            .collect();
        world.swap_answers(EventAt(0), people[0], people[1], world.now());
    });
    let after = event(&caller, &id).await;
    assert_eq!(after["rsvps"]["yesCount"], before);
    let newest = &after["rsvps"]["edges"];
    assert_eq!(newest[0]["node"]["updated"], newest[1]["node"]["updated"]);
}

#[tokio::test]
async fn a_group_may_be_renamed_leave_the_network_return_and_be_deleted() {
    let meetup = sized(3, 9, 20, 40);
    let caller = Caller::of(&meetup);
    let ask = || async {
        let id = meetup.with_world(|world| world.group(GroupAt(0)).id);
        let query = format!(
            "{{ group(id: {id}) {{ urlname timezone proNetwork {{ id }} groupAnalytics {{ tieStatus }} }}
               proNetwork(urlname: \"sized\") {{ groupsSearch(input: {{}}) {{ totalCount }}
                 eventsSearch(input: {{}}) {{ totalCount }} }} }}"
        );
        caller.ask(&query, json!({})).await["data"].clone()
    };
    meetup.with_world(|world| {
        world.rename_group(GroupAt(0), "Other", "other-urlname");
        assert!(world.change_timezone(GroupAt(0), "Australia/Eucla"));
        assert!(!world.change_timezone(GroupAt(0), "Mars/Olympus"));
        world.leave_network(GroupAt(0));
    });
    let left = ask().await;
    assert_eq!(left["group"]["urlname"], "other-urlname");
    assert_eq!(left["group"]["timezone"], "Australia/Eucla");
    assert!(left["group"]["proNetwork"].is_null());
    assert_eq!(left["proNetwork"]["groupsSearch"]["totalCount"], 2);
    assert_eq!(left["proNetwork"]["eventsSearch"]["totalCount"], 6);
    meetup.with_world(|world| {
        let network = world.networks().next().unwrap().0;
        world.join_network(GroupAt(0), network, world.now());
        world.delist_group(GroupAt(0));
    });
    let back = ask().await;
    assert_eq!(back["proNetwork"]["groupsSearch"]["totalCount"], 3);
    assert_eq!(back["group"]["groupAnalytics"]["tieStatus"], "DELISTED");
    meetup.with_world(|world| {
        world.delete_group(GroupAt(0));
        assert!(world.group(GroupAt(0)).urlname.contains("_deleted@"));
    });
    assert!(ask().await["group"].is_null());
    assert_eq!(meetup.with_world(|world| world.events().count()), 6);
}

#[tokio::test]
async fn a_member_who_leaves_disappears_and_may_take_the_answers_along() {
    let meetup = sized(1, 4, 40, 20);
    meetup.with_world(|world| {
        let people: Vec<_> = world
            .group(GroupAt(0))
            .memberships
            .iter()
            .map(|m| m.person)
            .collect();
        let answers = |world: &World, person| {
            world
                .events()
                .filter(|(_, event)| event.rsvp_of(person).is_some())
                .count()
        };
        let (one, other) = (people[6], people[7]);
        let before = answers(world, one);
        world.leave(GroupAt(0), one, false);
        world.leave(GroupAt(0), other, true);
        assert_eq!((answers(world, one), answers(world, other)), (before, 0));
        assert!(world.group(GroupAt(0)).membership(one).is_none());
        assert!(world.change_role(GroupAt(0), people[8], Role::Coorganizer));
    });
}

#[test]
fn life_brings_every_kind_of_change_and_keeps_its_promises() {
    let now = chrono::Utc::now();
    let mut world = World::demo(4, 24, now);
    let before = world.tally();
    let mut life = Life::new(4);
    let mut kinds = std::collections::BTreeSet::new();
    for _ in 0..300 {
        for happening in life.day(&mut world, now.timestamp()) {
            let text = format!("{happening:?}");
            kinds.insert(text.split('(').next().unwrap().to_owned());
            assert!(!happening.tell(&world).is_empty());
        }
    }
    for kind in [
        "Answered",
        "Guests",
        "TookBack",
        "Joined",
        "Left",
        "Marked",
        "Announced",
        "CalledOff",
        "Moved",
        "Renumbered",
    ] {
        assert!(kinds.contains(kind), "{kind} is missing from {kinds:?}");
    }
    assert_eq!(life.days(), 300);
    assert!(world.tally().rsvps > before.rsvps);
}

#[test]
fn an_event_is_about_to_end_when_the_demo_starts() {
    let now = chrono::Utc::now();
    let world = World::demo(1, 24, now);
    let soon = now.timestamp() + 600;
    let ends = world.events().filter(|(at, event)| {
        world.status_of(*at, now.timestamp()) == EventStatus::Active
            && event.ends_at().is_some_and(|end| end <= soon)
    });
    assert!(ends.count() >= 1);
}
