use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, Utc};
use gatherd::deliver::{Courier, Drained, Fate, Outbox, Parcel, Patience, Persistence, drain};

use super::channel;
use super::receiver::{Receiver, answer};

/// An outbox in memory: parcels due in order, and what was noted.
#[derive(Default)]
struct Shelf {
    due: Vec<Parcel>,
    noted: Vec<(i64, Fate)>,
}

fn parcel(id: i64, channel: &str, attempts: u32) -> Parcel {
    Parcel {
        id,
        key: format!("msg_{id}"),
        channel: channel.to_owned(),
        payload: format!("{{\"id\":{id}}}"),
        attempts,
        created_at: Utc::now(),
    }
}

fn outbox(due: Vec<Parcel>) -> (Arc<Outbox>, Arc<Mutex<Shelf>>) {
    let shelf = Arc::new(Mutex::new(Shelf {
        due,
        noted: Vec::new(),
    }));
    let (lease, note) = (Arc::clone(&shelf), Arc::clone(&shelf));
    let outbox = Outbox {
        lease: Box::new(move |_, _| {
            let mut shelf = lease.lock().unwrap();
            Ok((!shelf.due.is_empty()).then(|| shelf.due.remove(0)))
        }),
        note: Box::new(move |id, _, fate| {
            note.lock().unwrap().noted.push((id, fate.clone()));
            Ok(())
        }),
    };
    (Arc::new(outbox), shelf)
}

async fn drained(outbox: &Arc<Outbox>, receiver: &Receiver, persistence: &Persistence) -> Drained {
    let courier = Courier::new(Patience::default()).unwrap();
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
    let (outbox, shelf) = outbox(vec![parcel(1, "ops", 0), parcel(2, "ops", 0)]);
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
        [(1, Fate::Sent), (2, Fate::Sent)]
    );
}

#[tokio::test]
async fn a_channel_that_asks_to_wait_is_left_alone_for_all_that_is_due() {
    let mut wait = answer(429, "rate_limited");
    wait.headers.push(("retry-after", "90".to_owned()));
    let receiver = Receiver::start(vec![wait]).await;
    let (outbox, shelf) = outbox(vec![parcel(1, "ops", 0), parcel(2, "ops", 0)]);
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

/// The waits that are chosen after so many attempts.
async fn wait_after(attempts: u32) -> f64 {
    let receiver = Receiver::start(vec![answer(500, "")]).await;
    let (outbox, shelf) = outbox(vec![parcel(1, "ops", attempts)]);
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
        (0, 7.5, 16.0),
        (1, 15.0, 31.0),
        (4, 120.0, 241.0),
        (15, 1800.0, 3601.0),
    ] {
        let wait = wait_after(attempts).await;
        assert!((low..high).contains(&wait), "{attempts}: {wait}");
    }
}

#[tokio::test]
async fn trying_ends_after_so_many_attempts_or_so_much_time() {
    let receiver = Receiver::start(vec![answer(500, "oh"), answer(500, "oh")]).await;
    let mut old = parcel(2, "ops", 1);
    old.created_at = Utc::now() - chrono::Duration::days(3);
    let (outbox, _) = outbox(vec![parcel(1, "ops", 19), old]);
    let drained = drained(&outbox, &receiver, &hurried()).await;
    let reasons: Vec<&str> = drained.dead.iter().map(|(_, why)| why.as_str()).collect();
    assert_eq!(
        reasons,
        [
            "given up after 20 attempts: answered 500: oh",
            "given up, as it is too old to be tried again: answered 500: oh"
        ]
    );
}

#[tokio::test]
async fn a_refused_message_does_not_hold_up_the_next() {
    let receiver = Receiver::start(vec![answer(400, "invalid_blocks")]).await;
    let (outbox, _) = outbox(vec![parcel(1, "ops", 0), parcel(2, "ops", 0)]);
    let drained = drained(&outbox, &receiver, &hurried()).await;
    assert_eq!(
        drained.dead,
        [(1, "answered 400: invalid_blocks".to_owned())]
    );
    assert_eq!(drained.sent, [2]);
}

#[tokio::test]
async fn a_channel_that_is_no_longer_configured_ends_its_deliveries() {
    let receiver = Receiver::start(Vec::new()).await;
    let (outbox, _) = outbox(vec![parcel(1, "gone", 0), parcel(2, "ops", 0)]);
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
    let courier = Courier::new(Patience::default()).unwrap();
    let result = drain(&outbox, &[], &courier, &Persistence::default(), Utc::now).await;
    assert_eq!(result.unwrap_err(), "the disk is full");
}
