//! Somebody between gatherd and Meetup, who changes what is answered.

use super::{mutate, seed, tries, written};
use crate::meetup::fake::{Fake, Heard, Say};
use crate::program::GATHERD;
use crate::rig::{Means, Rig, settings};
use gatherd::demo::{Dice, Switches, TRIAL_TOKEN, World};
use gatherd::meetup::{Meetup, Settings};
use gatherd::sync::{self, BackfillAsk, Outcome, PassAsk, SyncError, Syncer};
use serde_json::Value;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::sync::{Arc, Mutex};

/// Puts a question to the simulated Meetup, and answers with the body.
pub fn forwarded(endpoint: &str, heard: &Heard) -> String {
    let url: url::Url = endpoint.parse().unwrap();
    let address = (url.host_str().unwrap(), url.port().unwrap());
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "POST {} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {TRIAL_TOKEN}\r\n\
         content-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{}",
        url.path(),
        heard.body.len(),
        heard.body
    )
    .unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let answer = String::from_utf8(answer).unwrap();
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    body.to_owned()
}

pub fn say(body: &str) -> Say {
    Say::status(200, body).header("content-type", "application/json")
}

/// A small community with somebody between.
pub fn community(seed: u64) -> World {
    let mut world = World::sized(seed, 4, 16, 160, 60, chrono::Utc::now());
    let last = world.groups().last().unwrap().0;
    world.leave_network(last);
    world
}

fn syncer(rig: &Rig, endpoint: &str) -> Syncer {
    let means = Means::default();
    let settings = Settings {
        endpoint: endpoint.parse().unwrap(),
        ..settings(&rig.sim, &rig.dir, &means)
    };
    let ledger = sync::ledger(&rig.mirror, means.points, means.window);
    let scope = sync::Settings::new(
        vec!["sized".into()],
        rig.sim.with_world(|it| it.outside()),
        2,
    );
    Syncer::new(
        Meetup::new(settings, ledger).unwrap(),
        rig.mirror.clone(),
        scope,
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_answered_the_database_stays_whole_and_the_next_pass_comes_through() {
    for turn in 0..tries(6) as u64 {
        let seed = seed().wrapping_add(turn);
        let rig = Rig::new(community(seed), Switches::unlimited());
        let endpoint = rig.sim.endpoint();
        let dice = Arc::new(Mutex::new(Dice::new(seed)));
        let fake = Fake::start({
            let endpoint = endpoint.clone();
            move |heard| {
                let body = forwarded(&endpoint, heard);
                let mut dice = dice.lock().unwrap();
                if dice.chance(0.5) {
                    return say(&body);
                }
                let mut answer: Value = serde_json::from_str(&body).unwrap();
                for _ in 0..1 + dice.below(4) {
                    mutate(&mut answer, &mut dice);
                }
                say(&written(&answer, &mut dice))
            }
        })
        .await;
        let between = syncer(&rig, &format!("{}/gql-ext", fake.url));
        let sweep = |sweep| PassAsk {
            sweep,
            work_units: true,
        };
        let asked = [
            between.backfill(&BackfillAsk::default()).await,
            between.pass(sweep(false)).await,
            between.pass(sweep(true)).await,
        ];
        for answer in &asked {
            if let Err(error @ SyncError::Mirror(_)) = answer {
                panic!("seed {seed}: {error}");
            }
            let failures = answer.iter().flat_map(|report| &report.failures);
            for failure in failures {
                assert!(
                    !failure.message.contains("fault in gatherd"),
                    "seed {seed}: {failure:?}"
                );
            }
        }
        for check in [
            "PRAGMA foreign_key_check",
            "SELECT * FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
        ] {
            assert_eq!(rig.rows(check), super::super::kept::NONE, "seed {seed}");
        }
        // What people see of it.
        std::fs::write(
            rig.dir.path().join("gatherd.toml"),
            "[[network]]\nurlname = \"sized\"\n",
        )
        .unwrap();
        for args in [
            &["report"][..],
            &["report", "--format", "json"],
            &["status"],
            &["status", "--json"],
        ] {
            let mut command = Command::new(GATHERD);
            let ran = command
                .args(args)
                .current_dir(rig.dir.path())
                .env_clear()
                .output()
                .unwrap();
            let said = format!(
                "{}{}",
                String::from_utf8_lossy(&ran.stdout),
                String::from_utf8_lossy(&ran.stderr)
            );
            assert!(
                matches!(ran.status.code(), Some(0 | 2)),
                "seed {seed}, {args:?}: {said}"
            );
            assert_eq!(
                super::injected(&said),
                None,
                "seed {seed}, {args:?}: {said:?}"
            );
        }
        // Alone with Meetup again: nothing that was swallowed keeps it from working.
        rig.let_time_pass();
        rig.mirror
            .write(chrono::Utc::now(), |w| w.accept_losses(None))
            .unwrap();
        let report = rig
            .sweep()
            .await
            .unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        rig.let_time_pass();
        let again = rig
            .sweep()
            .await
            .unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        assert_eq!(
            again.outcome,
            Outcome::Done,
            "seed {seed}: {:?}, before {:?}",
            again.failures,
            report.failures
        );
    }
}
