//! What is the same thing under another name.

use crate::rig::Rig;
use gatherd::demo::world::{Answer, EventAt};
use gatherd::demo::{Switches, World};

const NONE: Vec<String> = Vec::new();
const DAY: i64 = 86_400;

fn rig(seed: u64) -> Rig {
    let world = World::sized(seed, 4, 60, 700, 300, chrono::Utc::now());
    Rig::new(world, Switches::unlimited())
}

/// A series of coming events in one group, with people who said yes.
fn series(rig: &Rig) -> Vec<EventAt> {
    rig.sim.with_world(|world| {
        let (group, now) = (world.groups().next().unwrap().0, world.now());
        let host = world.group(group).memberships[0].person;
        let people: Vec<_> = (0..6).map(|_| world.add_person("Somebody")).collect();
        (1..=4)
            .map(|week| {
                let event = world.announce(group, "Weekly", now + week * 2 * DAY, &[host], now);
                for person in &people {
                    world.answer(event, *person, Answer::Yes, now - 60);
                }
                event
            })
            .collect()
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_series_that_is_edited_gets_other_tokens_and_is_the_same_series() {
    let rig = rig(800);
    rig.backfill().await.unwrap();
    let events = series(&rig);
    rig.pass().await.unwrap();
    let counts = "SELECT (SELECT count(*) FROM events), (SELECT count(*) FROM rsvps),
                         (SELECT count(*) FROM rsvp_changes)";
    let before = rig.rows(counts);
    let tokens = |rig: &Rig| -> Vec<String> {
        rig.sim.with_world(|world| {
            events
                .iter()
                .map(|at| world.event(*at).token.clone())
                .collect()
        })
    };
    let old = tokens(&rig);
    rig.sim.with_world(|world| {
        for event in &events {
            world.replace_event_token(*event);
        }
    });
    // Found by a pass, and by a sweep that finds the second change.
    rig.pass().await.unwrap();
    assert_eq!(
        (rig.differences(), rig.rows(counts)),
        (NONE, before.clone())
    );
    rig.sim
        .with_world(|world| drop(world.replace_event_token(events[0])));
    rig.sweep().await.unwrap();
    assert_eq!((rig.differences(), rig.rows(counts)), (NONE, before));
    assert_eq!(
        rig.rows("SELECT count(*) FROM events WHERE gone_at IS NOT NULL"),
        ["0"]
    );
    // Both tokens are kept, and the log of answers goes on under the new one.
    for (old, new) in old.iter().zip(tokens(&rig)) {
        let kept = format!(
            "SELECT count(*) FROM event_ids WHERE event_token = '{new}' AND id IN ('{old}', '{new}')"
        );
        assert_eq!(rig.rows(&kept), ["2"]);
    }
    let live_twice = "SELECT id FROM rsvps WHERE gone_at IS NULL GROUP BY id HAVING count(*) > 1";
    assert_eq!(rig.rows(live_twice), NONE);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_rsvp_that_lives_on_under_another_event_is_live_once() {
    let rig = rig(801);
    rig.backfill().await.unwrap();
    let events = series(&rig);
    rig.pass().await.unwrap();
    // Token and id at once: nothing says that it is the same event, and its RSVPs are the same all the same.
    rig.sim.with_world(|world| {
        world.replace_event_token(events[0]);
        world.replace_event_id(events[0]);
    });
    rig.pass().await.unwrap();
    assert_eq!(rig.differences(), NONE);
    let live_twice = "SELECT id FROM rsvps WHERE gone_at IS NULL GROUP BY id HAVING count(*) > 1";
    assert_eq!(rig.rows(live_twice), NONE);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edited_series_is_not_told_as_cancelled() {
    let rig = rig(802);
    rig.backfill().await.unwrap();
    let events = series(&rig);
    rig.pass().await.unwrap();
    rig.sim.with_world(|world| {
        for event in &events {
            world.replace_event_token(*event);
        }
    });
    rig.pass().await.unwrap();
    // What alerts and the digest read: no event of the next days is off.
    let off = "SELECT token FROM events WHERE starts_at > strftime('%Y-%m-%dT%H:%M:%SZ', 'now')
                 AND title = 'Weekly' AND (gone_at IS NOT NULL OR status LIKE 'CANCELLED%')";
    assert_eq!(rig.rows(off), NONE);
}
