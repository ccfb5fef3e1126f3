//! Our clock and Meetup's differ, by minutes and by hours: nothing that is read, kept or waited for
//! goes wrong by it.

use crate::program::Program;
use crate::rig::Rig;
use gatherd::demo::world::Answer;
use gatherd::demo::{CLIENT_ID, CLIENT_SECRET, SEED_REFRESH_TOKEN, Switches, TimeStyle, World};
use gatherd::sync::Outcome;
use std::time::Duration;

const NONE: Vec<String> = Vec::new();
const SKEWS: [i64; 4] = [-3 * 3_600, -300, 300, 3 * 3_600];

fn rig(seed: u64, clock_ahead_seconds: i64) -> Rig {
    // What Meetup has is dated by Meetup's clock.
    let now = chrono::Utc::now() + chrono::TimeDelta::seconds(clock_ahead_seconds);
    let world = World::sized(seed, 5, 80, 900, 400, now);
    let switches = Switches {
        clock_ahead_seconds,
        ..Switches::unlimited()
    };
    Rig::new(world, switches)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mirror_equals_meetup_whatever_the_two_clocks_show() {
    for (seed, skew) in (900..).zip(SKEWS) {
        let rig = rig(seed, skew);
        rig.backfill().await.unwrap();
        assert_eq!(rig.differences(), NONE, "{skew}");
        rig.sim.with_world(|world| {
            let now = world.now();
            let groups: Vec<_> = world.groups().map(|(at, _)| at).collect();
            for group in groups {
                let events: Vec<_> = world.events_of(group).collect();
                let newcomer = world.add_person("Newcomer");
                world.join(group, newcomer, now);
                let host = world.group(group).memberships[0].person;
                world.announce(group, "Soon", now + 86_400, &[host], now);
                if let Some(event) = events.last() {
                    world.answer(*event, newcomer, Answer::Yes, now);
                    world.rename_event(*event, "Renamed");
                }
            }
        });
        let pass = rig.pass().await.unwrap();
        assert_eq!(pass.outcome, Outcome::Done, "{skew}: {:?}", pass.failures);
        rig.sweep().await.unwrap();
        assert_eq!(
            (rig.differences(), rig.falsely_gone()),
            (NONE, NONE),
            "{skew}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_that_change_again_within_a_second_are_found_by_meetups_clock() {
    for (seed, skew) in (910..).zip(SKEWS) {
        let rig = rig(seed, skew);
        rig.backfill().await.unwrap();
        let (event, people) = rig.sim.with_world(|world| {
            let group = world.groups().next().unwrap().0;
            let now = world.now();
            let host = world.group(group).memberships[0].person;
            let event = world.announce(group, "Soon", now + 86_400, &[host], now);
            let people: Vec<_> = (0..9).map(|_| world.add_person("Somebody")).collect();
            (event, people)
        });
        rig.pass().await.unwrap();
        // Six answer in the very second in which the pass asks, more than a sign shows. A machine that
        // stalls for seconds in between makes the sign a settled one, so it is tried until it is not.
        let unsettled = "SELECT count(*) FROM event_row WHERE title = 'Soon' AND NOT is_settled";
        let mut at = 0;
        for attempt in 0.. {
            assert!(attempt < 30, "{skew}: the sign is always taken for settled");
            at = rig.sim.with_world(|world| {
                let now = world.now();
                for (nth, person) in people[..6].iter().enumerate() {
                    let answer = if nth % 2 == 0 {
                        Answer::Yes
                    } else {
                        Answer::No
                    };
                    world.answer(event, *person, answer, now);
                }
                now
            });
            rig.pass().await.unwrap();
            if rig.rows(unsettled) == ["1"] {
                break;
            }
        }
        // In the same second, two whom the sign may not show change places.
        rig.sim
            .with_world(|world| world.swap_answers(event, people[0], people[1], at));
        rig.pass().await.unwrap();
        assert_eq!(rig.differences(), NONE, "{skew}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_way_to_write_an_instant_is_the_same_instant() {
    for (seed, style) in (920..).zip([TimeStyle::Seconds, TimeStyle::Minutes, TimeStyle::Suffixed])
    {
        let rig = rig(seed, 0);
        rig.sim.switch(|switches| switches.time_style = style);
        rig.sim.with_world(|world| {
            let groups: Vec<_> = world.groups().map(|(at, _)| at).collect();
            let zones = [
                "Asia/Kathmandu",
                "Pacific/Chatham",
                "US/Eastern",
                "Asia/Calcutta",
            ];
            for (group, zone) in groups.into_iter().zip(zones) {
                assert!(world.change_timezone(group, zone), "{zone}");
            }
        });
        rig.backfill().await.unwrap();
        assert_eq!(rig.differences(), NONE, "{style:?}");
        // The other styles tell of no change.
        rig.sim
            .switch(|switches| switches.time_style = TimeStyle::Seconds);
        let sweep = rig.sweep().await.unwrap();
        assert_eq!(
            (sweep.rows_changed, rig.differences()),
            (0, NONE),
            "{style:?}"
        );
    }
}

/// With a refresh token or a signed assertion, and Meetup's clock off by so much.
fn signing_in(seed: u64, skew: i64, is_signed: bool) -> Program {
    let now = chrono::Utc::now() + chrono::TimeDelta::seconds(skew);
    let world = World::sized(seed, 4, 40, 500, 200, now);
    let mut program = Program::on(world, Switches::unlimited()).without_token();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data");
    let public = std::fs::read(format!("{folder}/rsa_public.der")).unwrap();
    program.sim.register_signing_key("key-1", "4711", &public);
    program.sim.switch(|switches| {
        switches.clock_ahead_seconds = skew;
        switches.token_lives = Duration::from_secs(3_600);
    });
    let more = if is_signed {
        format!(
            "client_id = \"{CLIENT_ID}\"\n[meetup.jwt]\nsigning_key_id = \"key-1\"\nmember_id = \"4711\"\n\
             private_key_file = \"{folder}/rsa_pkcs8.pem\"\n"
        )
    } else {
        program.env = vec![("GATHERD_MEETUP_CLIENT_SECRET".into(), CLIENT_SECRET.into())];
        format!("client_id = \"{CLIENT_ID}\"\nrefresh_token = \"{SEED_REFRESH_TOKEN}\"\n")
    };
    let meetup = program.meetup_section(&more);
    program.configure(&format!("{meetup}[[network]]\nurlname = \"sized\"\n"));
    program
}

#[test]
fn both_sign_ins_work_and_last_though_the_clocks_are_hours_apart() {
    for (seed, skew) in (930..).zip(SKEWS) {
        for is_signed in [true, false] {
            let program = signing_in(seed, skew, is_signed);
            program.run(&["backfill"]).exits(0);
            let signed_in = program.sim.counters().token_requests;
            assert!(signed_in <= 2, "{skew}: {signed_in} requests");
            // The token is good for an hour, by whatever clock.
            program.run(&["sync"]).exits(0);
            assert_eq!(program.sim.counters().token_requests, signed_in, "{skew}");
            assert_eq!(program.differences(), NONE, "{skew}");
        }
    }
}

#[test]
fn a_token_kept_by_a_clock_that_was_wrong_is_renewed_rather_than_trusted() {
    let program = signing_in(940, 0, false);
    program.run(&["sync"]).exits(0);
    let file = program.path("gatherd.db.state/tokens.json");
    let text = std::fs::read_to_string(&file).unwrap();
    let mut content: serde_json::Value = serde_json::from_str(&text).unwrap();
    for account in content["accounts"].as_object_mut().unwrap().values_mut() {
        for (key, at) in [
            ("granted_at", "2036-01-01T00:00:00Z"),
            ("renew_at", "2036-01-01T01:00:00Z"),
            ("expires_at", "2036-01-01T01:02:00Z"),
        ] {
            account[key] = at.into();
        }
    }
    std::fs::write(&file, content.to_string()).unwrap();
    let before = program.sim.counters().token_requests;
    program.run(&["sync"]).exits(0);
    assert_eq!(program.sim.counters().token_requests, before + 1);
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(!text.contains("2036"), "{text}");
}
