//! The API's open questions, each switched both ways and found out.

use super::{NONE, rig};
use crate::rig::Rig;
use gatherd::demo::world::{Answer, EventAt};
use gatherd::demo::{PageCaps, SearchSort, Switches, World};
use gatherd::mirror::capability;

async fn learnt(rig: &Rig, name: &str) -> Option<String> {
    let all = rig.syncer.probe().await.unwrap();
    let found = all.into_iter().find(|it| it.name == name);
    found.unwrap_or_else(|| panic!("{name} is not asked")).value
}

fn kept(rig: &Rig, name: &str) -> Option<String> {
    let now = chrono::Utc::now().timestamp();
    rig.mirror.read(|conn| capability(conn, name, now)).unwrap()
}

/// A past event with answers, of a group of the network.
fn held(rig: &Rig) -> EventAt {
    rig.sim.with_world(|world| {
        let now = world.now();
        let groups: Vec<_> = world
            .groups()
            .filter(|(_, it)| it.network.is_some())
            .map(|(at, _)| at)
            .collect();
        let mut events: Vec<EventAt> = groups
            .into_iter()
            .flat_map(|group| world.events_of(group).collect::<Vec<_>>())
            .collect();
        events.retain(|at| {
            let event = world.event(*at);
            event
                .starts_at
                .is_some_and(|at| at < now && at > now - 40 * 86_400)
                && event
                    .rsvps
                    .iter()
                    .filter(|it| !it.is_hidden && it.answer == Answer::Yes)
                    .count()
                    > 2
        });
        events.pop().expect("a past event with answers")
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_listed_without_a_status_is_found_out() {
    for is_listed in [true, false] {
        let rig = rig(20);
        let switch = |switches: &mut Switches| {
            switches.cancelled_listed = is_listed;
            switches.drafts_listed = is_listed;
        };
        rig.sim.switch(switch);
        let event = held(&rig);
        rig.sim.with_world(|world| {
            world.cancel_event(event);
            let group = world.event(event).group;
            let now = world.now();
            let draft = world.announce(group, "Not yet", now + 9 * 86_400, &[], now);
            world.edit_event(draft, |event| {
                event.status = gatherd::demo::world::EventStatus::Draft;
            });
        });
        rig.backfill().await.unwrap();
        let answer = Some(if is_listed { "yes" } else { "no" }.to_owned());
        assert_eq!(learnt(&rig, "cancelled_listed").await, answer);
        assert_eq!(learnt(&rig, "drafts_listed").await, answer);
        assert_eq!(kept(&rig, "drafts_listed"), answer);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whether_the_end_of_a_span_belongs_to_it_is_found_out() {
    let rig = rig(21);
    rig.backfill().await.unwrap();
    for is_inclusive in [true, false] {
        rig.sim
            .switch(|switches| switches.date_max_inclusive = is_inclusive);
        let found = learnt(&rig, "date_max_inclusive").await;
        assert_eq!(
            found.as_deref(),
            Some(if is_inclusive { "yes" } else { "no" })
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whether_a_replaced_id_is_answered_is_found_out_and_relied_on() {
    let rig = rig(22);
    rig.backfill().await.unwrap();
    assert_eq!(
        learnt(&rig, "old_id_answers").await,
        None,
        "no id was replaced yet"
    );
    let event = held(&rig);
    rig.sim.with_world(|world| world.replace_event_id(event));
    rig.pass().await.unwrap();
    for answers in [true, false] {
        rig.sim.switch(|switches| switches.old_id_answers = answers);
        let found = learnt(&rig, "old_id_answers").await;
        assert_eq!(found.as_deref(), Some(if answers { "yes" } else { "no" }));
    }
    // Where the finding is wrong by now, an event that moved out of the window under yet another id is
    // found all the same.
    rig.sim.switch(|switches| switches.old_id_answers = true);
    rig.sim.with_world(|world| {
        world.replace_event_id(event);
        let far = world.now() - 300 * 86_400;
        world.move_event(event, Some(far));
    });
    rig.pass().await.unwrap();
    rig.sweep().await.unwrap();
    assert_eq!(rig.differences(), NONE);
    assert_eq!(rig.falsely_gone(), NONE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whether_yes_includes_the_attended_is_found_out() {
    for includes in [true, false] {
        let rig = rig(23);
        rig.sim
            .switch(|switches| switches.yes_count_includes_attended = includes);
        let event = held(&rig);
        rig.sim.with_world(|world| {
            let people: Vec<_> = world
                .event(event)
                .rsvps
                .iter()
                .filter(|it| it.answer == Answer::Yes)
                .map(|it| it.person)
                .collect();
            let now = world.now();
            world.mark_attendance(event, people[0], Answer::Attended, now);
        });
        rig.backfill().await.unwrap();
        let found = learnt(&rig, "yes_count_includes_attended").await;
        assert_eq!(found.as_deref(), Some(if includes { "yes" } else { "no" }));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whether_updated_moves_is_seen_from_changes_on_record() {
    for moves in [true, false] {
        let rig = rig(24);
        rig.sim.switch(|switches| {
            switches.updated_moves_with_guests = moves;
            switches.updated_moves_with_attendance = moves;
        });
        rig.backfill().await.unwrap();
        assert_eq!(learnt(&rig, "updated_moves_with_guests").await, None);
        let event = held(&rig);
        rig.sim.with_world(|world| {
            let people: Vec<_> = world
                .event(event)
                .rsvps
                .iter()
                .filter(|it| !it.is_hidden && it.answer == Answer::Yes)
                .map(|it| it.person)
                .collect();
            // A while ago, so that it is not the second in which it is noticed.
            let then = world.now() - 3_600;
            world.change_guests(event, people[0], 3, then);
            world.mark_attendance(event, people[1], Answer::NoShow, then);
        });
        rig.sweep().await.unwrap();
        let answer = Some(if moves { "yes" } else { "no" }.to_owned());
        assert_eq!(learnt(&rig, "updated_moves_with_guests").await, answer);
        assert_eq!(learnt(&rig, "updated_moves_with_attendance").await, answer);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn page_caps_are_found_out_relied_on_and_forgotten() {
    let world = World::sized(25, 60, 200, 3_000, 900, chrono::Utc::now());
    let rig = Rig::new(world, Switches::unlimited());
    rig.backfill().await.unwrap();
    assert_eq!(
        learnt(&rig, "page_rows.groups").await,
        None,
        "all on one page"
    );
    rig.sim.switch(|switches| {
        switches.page_caps = PageCaps {
            groups: 51,
            events: 60,
            group_events: 2,
            memberships: 7,
            rsvps: 9,
        };
    });
    for (name, rows) in [
        ("groups", "51"),
        ("events", "60"),
        ("group_events", "2"),
        ("memberships", "7"),
        ("rsvps", "9"),
    ] {
        let found = learnt(&rig, &format!("page_rows.{name}")).await;
        assert_eq!(found.as_deref(), Some(rows), "{name}");
    }
    // A cap that is believed for good reason, one that is wrong, and one too small to believe.
    rig.sim
        .switch(|switches| switches.page_caps = PageCaps::all(1_000));
    rig.sim.reset_counters();
    rig.pass().await.unwrap();
    let groups = rig.sim.counters().by_operation["NetworkGroups"];
    assert_eq!(groups, 2, "60 groups in pages of 51");
    rig.sweep().await.unwrap();
    assert_eq!(rig.differences(), NONE);
    rig.meddle("UPDATE capability_row SET found_at = found_at - 31 * 86400");
    rig.sim.reset_counters();
    rig.another_syncer()
        .pass(gatherd::sync::PassAsk::default())
        .await
        .unwrap();
    assert_eq!(
        rig.sim.counters().by_operation["NetworkGroups"],
        1,
        "too old to rely on"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sorting_is_found_out_and_refusals_on_record_are_told() {
    let rig = rig(26);
    rig.backfill().await.unwrap();
    for (sort, groups, events) in [
        (
            SearchSort::Ignored,
            "name changes nothing",
            "createdTime changes nothing",
        ),
        (
            SearchSort::Followed,
            "name is followed",
            "createdTime is followed",
        ),
        (
            SearchSort::Refused,
            "name is refused",
            "createdTime is refused",
        ),
    ] {
        rig.sim.switch(|switches| switches.search_sort = sort);
        assert_eq!(learnt(&rig, "sort.groups").await.as_deref(), Some(groups));
        assert_eq!(learnt(&rig, "sort.events").await.as_deref(), Some(events));
    }
    assert_eq!(learnt(&rig, "points").await, None, "nothing was refused");
    rig.meddle(
        "INSERT INTO meta VALUES ('row_price', 25000), ('row_price_kept_ms', 600000),
         ('row_price_set_ms', unixepoch() * 1000)",
    );
    assert_eq!(learnt(&rig, "points").await.as_deref(), Some("0.025 a row"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_mirrored_decides_nothing_and_loses_no_earlier_finding() {
    let rig = rig(27);
    rig.meddle("INSERT INTO capability_row VALUES ('date_max_inclusive', 'yes', unixepoch())");
    let all = rig.syncer.probe().await.unwrap();
    assert!(all.iter().all(|it| it.value.is_none()), "{all:?}");
    assert_eq!(kept(&rig, "date_max_inclusive").as_deref(), Some("yes"));
    assert_eq!(rig.sim.counters().throttled, 0);
}
