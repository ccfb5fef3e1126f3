use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, Utc};
use gatherd::deliver::{Courier, Drained, Fate, Outbox, Parcel, Patience, Persistence, drain};

use gatherd::mirror::{
    DeliveryKind, DeliveryState, Filed, Mirror, NewDelivery, NewReport, Outcome, Stamp,
};
use tempfile::TempDir;

use super::receiver::{Receiver, answer};
use super::{channel, channel_named};

/// An outbox in memory: parcels due in order, and what was noted.
#[derive(Default)]
struct Shelf {
    due: Vec<Parcel>,
    under_way: Vec<(i64, String)>,
    noted: Vec<(i64, Fate)>,
}

fn parcel(id: i64, channel: &str, attempt: u32) -> Parcel {
    Parcel {
        id,
        key: format!("msg_{id}"),
        channel: channel.to_owned(),
        payload: format!("{{\"id\":{id}}}"),
        attempt,
        created_at: Utc::now(),
    }
}

fn outbox(due: Vec<Parcel>) -> (Arc<Outbox>, Arc<Mutex<Shelf>>) {
    let shelf = Arc::new(Mutex::new(Shelf {
        due,
        ..Shelf::default()
    }));
    let (lease, note) = (Arc::clone(&shelf), Arc::clone(&shelf));
    let outbox = Outbox {
        // As the mirror's: one at a time per channel.
        lease: Box::new(move |_, _| {
            let mut shelf = lease.lock().unwrap();
            let free = |it: &Parcel| !shelf.under_way.iter().any(|(_, busy)| *busy == it.channel);
            let Some(next) = shelf.due.iter().position(free) else {
                return Ok(None);
            };
            let parcel = shelf.due.remove(next);
            shelf.under_way.push((parcel.id, parcel.channel.clone()));
            Ok(Some(parcel))
        }),
        note: Box::new(move |id, _, fate| {
            let mut shelf = note.lock().unwrap();
            shelf.under_way.retain(|(busy, _)| *busy != id);
            shelf.noted.push((id, fate.clone()));
            Ok(())
        }),
    };
    (Arc::new(outbox), shelf)
}

async fn drained(outbox: &Arc<Outbox>, receiver: &Receiver, persistence: &Persistence) -> Drained {
    let courier = Courier::new(Patience::default(), &Default::default()).unwrap();
    let channels = [channel("slack", &receiver.url())];
    drain(outbox, &channels, &courier, persistence, Utc::now)
        .await
        .unwrap()
}

fn hurried() -> Persistence {
    Persistence {
        pause: Duration::from_millis(1),
        ..Persistence::default()
    }
}

#[tokio::test]
async fn what_is_due_is_sent_in_order_and_noted() {
    let receiver = Receiver::start(Vec::new()).await;
    let (outbox, shelf) = outbox(vec![parcel(1, "ops", 1), parcel(2, "ops", 1)]);
    let drained = drained(&outbox, &receiver, &hurried()).await;
    assert_eq!(drained.sent, [1, 2]);
    let bodies: Vec<String> = receiver
        .received()
        .into_iter()
        .map(|received| received.body)
        .collect();
    assert_eq!(bodies, ["{\"id\":1}", "{\"id\":2}"]);
    assert_eq!(
        shelf.lock().unwrap().noted,
        [(1, Fate::Sent(None)), (2, Fate::Sent(None))]
    );
}

#[tokio::test]
async fn a_channel_that_asks_to_wait_is_left_alone_for_all_that_is_due() {
    let mut wait = answer(429, "rate_limited");
    wait.headers.push(("retry-after", "90".to_owned()));
    let receiver = Receiver::start(vec![wait]).await;
    let (outbox, shelf) = outbox(vec![parcel(1, "ops", 1), parcel(2, "ops", 1)]);
    let before = Utc::now();
    let drained = drained(&outbox, &receiver, &hurried()).await;
    assert_eq!(receiver.received().len(), 1);
    assert_eq!(drained.later.len(), 2);
    for (id, fate) in &shelf.lock().unwrap().noted {
        let Fate::Later(next, why) = fate else {
            panic!("{id} {fate:?}")
        };
        assert!((*next - before).num_seconds() >= 89, "{id}");
        assert_eq!(why, "answered 429: rate_limited");
    }
}

/// The wait that is chosen after that attempt.
async fn wait_after(attempt: u32) -> f64 {
    let receiver = Receiver::start(vec![answer(500, "")]).await;
    let (outbox, shelf) = outbox(vec![parcel(1, "ops", attempt)]);
    let before: DateTime<Utc> = Utc::now();
    drained(&outbox, &receiver, &hurried()).await;
    let noted = shelf.lock().unwrap().noted.clone();
    let Fate::Later(next, _) = &noted[0].1 else {
        panic!("{noted:?}")
    };
    (*next - before).as_seconds_f64()
}

#[tokio::test]
async fn waits_double_with_jitter_up_to_an_hour() {
    for (attempts, low, high) in [
        (1, 7.5, 17.0),
        (2, 15.0, 32.0),
        (5, 120.0, 242.0),
        (16, 1800.0, 3602.0),
    ] {
        let wait = wait_after(attempts).await;
        assert!((low..high).contains(&wait), "{attempts}: {wait}");
    }
}

#[tokio::test]
async fn trying_ends_after_so_many_attempts_or_so_much_time() {
    let receiver = Receiver::start(vec![answer(500, "oh"), answer(500, "oh")]).await;
    let mut old = parcel(2, "ops", 3);
    old.created_at = Utc::now() - chrono::Duration::days(3);
    let (outbox, _) = outbox(vec![parcel(1, "ops", 100), old]);
    let drained = drained(&outbox, &receiver, &hurried()).await;
    let reasons: Vec<&str> = drained.dead.iter().map(|(_, why)| why.as_str()).collect();
    assert_eq!(
        reasons,
        [
            "given up after 100 attempts: answered 500: oh",
            "given up, as it is too old to be tried again: answered 500: oh"
        ]
    );
}

#[tokio::test]
async fn an_answer_that_is_not_the_services_own_is_tried_again_but_never_often() {
    let strange = || answer(200, "welcome");
    let receiver = Receiver::start(vec![strange(), strange()]).await;
    let (outbox, _) = outbox(vec![parcel(1, "ops", 3), parcel(2, "ops", 2)]);
    let drained = drained(&outbox, &receiver, &hurried()).await;
    let why = "answered 200: welcome, where the service says \"ok\"; the message may have arrived all the same";
    assert_eq!(drained.dead, [(1, why.to_owned())]);
    assert_eq!(drained.later[0], (2, why.to_owned()));
}

#[tokio::test]
async fn a_refused_message_does_not_hold_up_the_next() {
    let receiver = Receiver::start(vec![answer(400, "invalid_blocks")]).await;
    let (outbox, _) = outbox(vec![parcel(1, "ops", 1), parcel(2, "ops", 1)]);
    let drained = drained(&outbox, &receiver, &hurried()).await;
    assert_eq!(
        drained.dead,
        [(1, "answered 400: invalid_blocks".to_owned())]
    );
    assert_eq!(drained.sent, [2]);
}

#[tokio::test]
async fn an_address_that_is_no_more_is_tried_once_for_all_that_is_due() {
    let receiver = Receiver::start(vec![answer(404, "no_service")]).await;
    let (outbox, _) = outbox(vec![parcel(1, "ops", 1), parcel(2, "ops", 1)]);
    let drained = drained(&outbox, &receiver, &hurried()).await;
    let why = "answered 404: no_service".to_owned();
    assert_eq!(drained.dead, [(1, why.clone()), (2, why)]);
    assert_eq!(receiver.received().len(), 1);
}

#[tokio::test]
async fn a_wait_for_all_holds_for_every_channel_of_the_service() {
    let slow = r#"{"message":"Slow down.","retry_after":90.5,"global":true}"#;
    let (first, second) = (
        Receiver::start(vec![answer(429, slow)]).await,
        Receiver::start(Vec::new()).await,
    );
    let channels = [
        channel_named("one", "discord", &first.url()),
        channel_named("two", "discord", &second.url()),
        channel_named("other", "slack", &second.url()),
    ];
    let courier = Courier::new(Patience::default(), &Default::default()).unwrap();
    // What comes second is leased only when the first has been answered.
    let (outbox, shelf) = outbox(vec![parcel(1, "one", 1), parcel(2, "one", 1)]);
    let more = Arc::clone(&shelf);
    let feeding = Arc::new(Outbox {
        lease: Box::new(move |at, lease| (outbox.lease)(at, lease)),
        note: Box::new(move |id, _, fate| {
            let mut shelf = more.lock().unwrap();
            shelf.under_way.clear();
            if id == 1 {
                shelf.due.push(parcel(3, "two", 1));
                shelf.due.push(parcel(4, "other", 1));
            }
            shelf.noted.push((id, fate.clone()));
            Ok(())
        }),
    });
    let drained = drain(&feeding, &channels, &courier, &hurried(), Utc::now)
        .await
        .unwrap();
    let mut later: Vec<i64> = drained.later.iter().map(|(id, _)| *id).collect();
    later.sort_unstable();
    assert_eq!(later, [1, 2, 3]);
    assert_eq!(drained.sent, [4]);
    assert_eq!(first.received().len(), 1);
}

#[tokio::test]
async fn a_channel_that_hangs_holds_up_no_other() {
    let mut hang = answer(200, "ok");
    hang.delay = Duration::from_secs(3600);
    let (stuck, quick) = (
        Receiver::start(vec![hang]).await,
        Receiver::start(Vec::new()).await,
    );
    let channels = [
        channel_named("stuck", "slack", &stuck.url()),
        channel_named("quick", "webhook", &quick.url()),
    ];
    let (outbox, shelf) = outbox(vec![
        parcel(1, "stuck", 1),
        parcel(2, "stuck", 1),
        parcel(3, "quick", 1),
        parcel(4, "quick", 1),
    ]);
    let draining = tokio::spawn(async move {
        let courier = Courier::new(
            Patience {
                connect: Duration::from_secs(3600),
                whole: Duration::from_secs(3600),
            },
            &Default::default(),
        )
        .unwrap();
        drain(&outbox, &channels, &courier, &hurried(), Utc::now).await
    });
    let started = std::time::Instant::now();
    let noted = |count: usize| {
        let shelf = Arc::clone(&shelf);
        async move {
            while shelf.lock().unwrap().noted.len() < count {
                assert!(started.elapsed() < Duration::from_secs(60), "never noted");
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
    };
    noted(2).await;
    // What falls due meanwhile is found as well.
    shelf.lock().unwrap().due.push(parcel(5, "quick", 1));
    noted(3).await;
    let sent: Vec<i64> = shelf
        .lock()
        .unwrap()
        .noted
        .iter()
        .map(|(id, _)| *id)
        .collect();
    assert_eq!(sent, [3, 4, 5]);
    assert!(!draining.is_finished());
    assert!(stuck.received().len() <= 1, "one at a time per channel");
    draining.abort();
}

#[tokio::test]
async fn messages_to_one_channel_keep_their_distance() {
    let receiver = Receiver::start(Vec::new()).await;
    let channels = [channel("slack", &receiver.url())];
    let courier = Courier::new(Patience::default(), &Default::default()).unwrap();
    let persistence = Persistence {
        pause: Duration::from_millis(200),
        ..Persistence::default()
    };
    let started = std::time::Instant::now();
    // Over drains, too.
    for ids in [[1, 2], [3, 4]] {
        let (outbox, _) = outbox(ids.map(|id| parcel(id, "ops", 1)).into());
        drain(&outbox, &channels, &courier, &persistence, Utc::now)
            .await
            .unwrap();
    }
    assert_eq!(receiver.received().len(), 4);
    assert!(started.elapsed() >= Duration::from_millis(600));
}

#[tokio::test]
async fn trouble_with_the_outbox_leaves_nothing_unnoted_that_is_under_way() {
    let receiver = Receiver::start(Vec::new()).await;
    let channels = [channel("slack", &receiver.url())];
    let (inner, shelf) = outbox(vec![parcel(1, "ops", 1)]);
    let leased = Mutex::new(0);
    let breaking = Arc::new(Outbox {
        lease: Box::new(move |at, lease| {
            let mut leased = leased.lock().unwrap();
            *leased += 1;
            if *leased == 1 {
                (inner.lease)(at, lease)
            } else {
                Err("the disk is full".to_owned())
            }
        }),
        note: {
            let shelf = Arc::clone(&shelf);
            Box::new(move |id, _, fate| {
                shelf.lock().unwrap().noted.push((id, fate.clone()));
                Ok(())
            })
        },
    });
    let courier = Courier::new(Patience::default(), &Default::default()).unwrap();
    let result = drain(&breaking, &channels, &courier, &hurried(), Utc::now).await;
    assert_eq!(result.unwrap_err(), "the disk is full");
    assert_eq!(shelf.lock().unwrap().noted, [(1, Fate::Sent(None))]);
}

#[tokio::test]
async fn a_channel_that_is_no_longer_configured_ends_its_deliveries() {
    let receiver = Receiver::start(Vec::new()).await;
    let (outbox, _) = outbox(vec![parcel(1, "gone", 1), parcel(2, "ops", 1)]);
    let drained = drained(&outbox, &receiver, &hurried()).await;
    assert_eq!(
        drained.dead,
        [(1, "no channel named gone is configured".to_owned())]
    );
    assert_eq!(drained.sent, [2]);
}

#[tokio::test]
async fn an_outbox_in_trouble_ends_the_drain_with_its_cause() {
    let outbox = Arc::new(Outbox {
        lease: Box::new(|_, _| Err("the disk is full".to_owned())),
        note: Box::new(|_, _, _| Ok(())),
    });
    let courier = Courier::new(Patience::default(), &Default::default()).unwrap();
    let result = drain(&outbox, &[], &courier, &Persistence::default(), Utc::now).await;
    assert_eq!(result.unwrap_err(), "the disk is full");
}

/// The outbox of a real mirror, with one message filed for the channel.
fn mirror_with_a_message(directory: &TempDir) -> Mirror {
    let stamp = Stamp {
        is_demo: true,
        endpoint: "http://127.0.0.1:1/".to_owned(),
    };
    let mirror = Mirror::open(&directory.path().join("m.db"), &stamp, Utc::now()).unwrap();
    file(&mirror);
    mirror
}

fn file(mirror: &Mirror) -> Vec<Filed> {
    let now = Utc::now();
    let report = NewReport {
        kind: DeliveryKind::Digest,
        period: "2026-08-31T06:00:00Z",
        as_of: now,
        payload_json: "{}",
        told: None,
    };
    let message = NewDelivery {
        channel: "ops".to_owned(),
        payload_json: "{\"a\":1}".to_owned(),
    };
    mirror
        .write(now, |writing| writing.file_report(&report, &[message]))
        .unwrap()
}

#[tokio::test]
async fn a_message_in_the_mirror_is_sent_once_however_often_it_is_filed() {
    let directory = TempDir::new().unwrap();
    let mirror = mirror_with_a_message(&directory);
    let outbox = Arc::new(Outbox::of(&mirror));
    let receiver = Receiver::start(Vec::new()).await;
    assert_eq!(drained(&outbox, &receiver, &hurried()).await.sent.len(), 1);
    assert!(matches!(
        file(&mirror)[0].outcome,
        Outcome::Already {
            state: DeliveryState::Sent
        }
    ));
    assert_eq!(
        drained(&outbox, &receiver, &hurried()).await,
        Drained::default()
    );
    assert_eq!(receiver.received().len(), 1);
}

#[tokio::test]
async fn a_retry_keeps_the_message_id_and_the_payload() {
    let directory = TempDir::new().unwrap();
    let mirror = mirror_with_a_message(&directory);
    let outbox = Arc::new(Outbox::of(&mirror));
    let receiver = Receiver::start(vec![answer(503, "")]).await;
    let courier = Courier::new(Patience::default(), &Default::default()).unwrap();
    let channels = [channel("webhook", &receiver.url())];
    let start = Utc::now();
    let first = drain(&outbox, &channels, &courier, &hurried(), || start)
        .await
        .unwrap();
    assert_eq!(first.later.len(), 1);
    let soon = start + chrono::Duration::seconds(5);
    assert_eq!(
        drain(&outbox, &channels, &courier, &hurried(), || soon)
            .await
            .unwrap(),
        Drained::default()
    );
    let later = start + chrono::Duration::seconds(20);
    assert_eq!(
        drain(&outbox, &channels, &courier, &hurried(), || later)
            .await
            .unwrap()
            .sent
            .len(),
        1
    );
    let received = receiver.received();
    assert_eq!(received.len(), 2);
    assert_eq!(
        received[0].header("webhook-id"),
        received[1].header("webhook-id")
    );
    assert_eq!(received[0].body, received[1].body);
    assert_ne!(
        received[0].header("webhook-timestamp"),
        received[1].header("webhook-timestamp")
    );
}

#[tokio::test]
async fn two_drains_at_once_send_nothing_twice() {
    let directory = TempDir::new().unwrap();
    let mirror = mirror_with_a_message(&directory);
    let outbox = Arc::new(Outbox::of(&mirror));
    let receiver = Receiver::start(Vec::new()).await;
    let persistence = hurried();
    let (one, two) = tokio::join!(
        drained(&outbox, &receiver, &persistence),
        drained(&outbox, &receiver, &persistence)
    );
    assert_eq!(one.sent.len() + two.sent.len(), 1);
    assert_eq!(receiver.received().len(), 1);
}

#[tokio::test]
async fn a_process_that_died_while_sending_leaves_its_message_to_the_next() {
    let directory = TempDir::new().unwrap();
    let mirror = mirror_with_a_message(&directory);
    let outbox = Arc::new(Outbox::of(&mirror));
    let start = Utc::now();
    let lost = (outbox.lease)(start, Duration::from_secs(120))
        .unwrap()
        .unwrap();
    let receiver = Receiver::start(Vec::new()).await;
    let courier = Courier::new(Patience::default(), &Default::default()).unwrap();
    let channels = [channel("slack", &receiver.url())];
    assert_eq!(
        drain(&outbox, &channels, &courier, &hurried(), || start)
            .await
            .unwrap(),
        Drained::default()
    );
    let later = start + chrono::Duration::seconds(121);
    assert_eq!(
        drain(&outbox, &channels, &courier, &hurried(), || later)
            .await
            .unwrap()
            .sent,
        [lost.id]
    );
}
