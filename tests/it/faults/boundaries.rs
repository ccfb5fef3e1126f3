//! The table at the two other boundaries: the token endpoint, and each channel.

use super::rig;
use super::table::{Comes, TABLE};
use crate::rig::{Means, Rig, quick, settings};
use gatherd::config::{Channel as Configured, Kind, Sends};
use gatherd::deliver::{Channel, Courier, Patience, Verdict};
use gatherd::demo::{Fault, On, Switches};
use gatherd::meetup::{AskError, Meetup};
use gatherd::sync;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

/// A program that must renew its sign-in before it can ask anything.
fn signing_in(seed: u64) -> Rig {
    let rig = rig(seed, 3, Switches::unlimited());
    rig.sim.revoke_access_tokens();
    rig
}

/// Asks anything, with a fresh sign-in, and says what came of it.
async fn signs_in(rig: &Rig, what: &str) -> Comes {
    let mut waits = quick();
    waits.request = Duration::from_millis(400);
    let means = Means {
        waits,
        renews: true,
        ..Means::default()
    };
    let ledger = sync::ledger(&rig.mirror, means.points, means.window);
    let meetup = Meetup::new(settings(&rig.sim, &rig.dir, &means), ledger).unwrap();
    let asked = meetup.network_group_ids("sized", None, false, None);
    let asked = tokio::time::timeout(Duration::from_secs(300), asked).await;
    match asked.unwrap_or_else(|_| panic!("{what}: hangs")) {
        Ok(_) => Comes::Well,
        Err(AskError::NeedsSignIn { .. }) => Comes::Stops(4),
        Err(AskError::Unavailable { operation, .. }) => {
            assert_eq!(operation, "token endpoint", "{what}");
            Comes::Later
        }
        Err(error) => panic!("{what}: {error}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_token_endpoint_comes_through_every_fault_as_the_table_says() {
    for row in TABLE {
        let Some((once, without_end)) = row.tokens else {
            continue;
        };
        for (times, wanted) in [(1, once), (10_000, without_end)] {
            let rig = signing_in(61);
            rig.sim.fault(On::Tokens, row.fault, times);
            let what = format!("{:?} {times} times", row.fault);
            assert_eq!(signs_in(&rig, &what).await, wanted, "{what}");
            let asked = rig.sim.counters().token_requests;
            assert!(
                (1..=6).contains(&asked),
                "{what}: {asked} requests, a tight loop"
            );
            // Afterwards it works again, unless one was enough to lose the sign-in.
            rig.sim.heal();
            let afterwards = if once == Comes::Stops(4) {
                once
            } else {
                Comes::Well
            };
            assert_eq!(
                signs_in(&rig, &what).await,
                afterwards,
                "{what}, afterwards"
            );
        }
    }
}

/// A chat service that meets every message with the fault.
fn service(fault: Fault) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook/secret", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            // Whoever hangs up early is answered as well as may be.
            let _ = stream.and_then(|stream| meet(stream, fault));
        }
    });
    url
}

fn meet(mut stream: TcpStream, fault: Fault) -> std::io::Result<()> {
    let mut request = [0; 16_384];
    let _ = stream.read(&mut request)?;
    let mut say = |status: u16, headers: &str, body: &str| {
        let length = body.len();
        write!(
            stream,
            "HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n{body}"
        )
    };
    let html = "<!DOCTYPE html><html><title>Sorry</title></html>";
    match fault {
        // Closed with what was read unanswered.
        Fault::Refuse | Fault::Reset => Ok(()),
        Fault::Hang => {
            std::thread::sleep(Duration::from_secs(2));
            Ok(())
        }
        Fault::Slow(time) => {
            std::thread::sleep(time);
            say(200, "", "ok")
        }
        Fault::Status(status) => say(status, "content-type: application/json\r\n", "{}"),
        Fault::Html(status) => say(status, "content-type: text/html\r\n", html),
        Fault::TooMany(None) => say(429, "", "slow down"),
        Fault::TooMany(Some(after)) => say(429, &format!("retry-after: {after}\r\n"), ""),
        Fault::EmptyBody => say(200, "", ""),
        Fault::InvalidJson => say(200, "", "{\"ok"),
        Fault::CutBody => stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{\"o"),
        Fault::Endless => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n")?;
            loop {
                stream.write_all(&[b'x'; 65_536])?;
            }
        }
        other => panic!("{other:?} is no fault of a channel"),
    }
}

fn channels(url: &str) -> [Channel; 2] {
    let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let hook = Kind::Webhook(vec![secret.to_owned().into()]);
    [("slack", Kind::Slack), ("hook", hook)].map(|(name, kind)| {
        Channel::new(&Configured {
            name: name.to_owned(),
            kind,
            url: url.to_owned().into(),
            sends: vec![Sends::Digest],
            access: gatherd::community::Access::default(),
            digest: None,
            memory: Default::default(),
            pictures: true,
        })
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn every_channel_comes_through_every_fault_as_the_table_says() {
    let courier = Courier::new(
        Patience {
            connect: Duration::from_secs(5),
            whole: Duration::from_millis(700),
        },
        &Default::default(),
    )
    .unwrap();
    for row in TABLE {
        let Some(wanted) = row.message else { continue };
        for (channel, wanted) in channels(&service(row.fault)).into_iter().zip(wanted) {
            let what = format!("{:?}, {channel:?}", row.fault);
            let sent = channel.send(&courier, "msg_1", "{}", chrono::Utc::now());
            let sent = tokio::time::timeout(Duration::from_secs(300), sent).await;
            let came = match sent.unwrap_or_else(|_| panic!("{what}: hangs")) {
                Verdict::Sent | Verdict::SentInPart { .. } => Comes::Well,
                Verdict::Later { .. } | Verdict::Doubtful { .. } => Comes::Later,
                // `report --send` and `deliveries retry` exit so, and `status --check` tells it.
                Verdict::Dead { .. } | Verdict::Gone { .. } => Comes::Stops(3),
            };
            assert_eq!(came, wanted, "{what}");
        }
    }
    for channel in channels("http://127.0.0.1:1/hook") {
        let sent = channel
            .send(&courier, "msg_1", "{}", chrono::Utc::now())
            .await;
        assert!(
            matches!(&sent, Verdict::Later { why, .. } if why == "no connection (connection refused)"),
            "{sent:?}"
        );
    }
}
