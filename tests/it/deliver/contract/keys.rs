//! The same delivery again is the same message again, wherever a service can tell.

use std::time::Duration;

use gatherd::deliver::{Courier, Patience};

use super::super::receiver::{Received, Receiver};
use super::super::{POSTED, at, channel};

/// What two attempts at one delivery and one at another look like from outside.
async fn attempts(kind: &str) -> Vec<Received> {
    let receiver = Receiver::start(Vec::new()).await;
    let courier = Courier::new(
        Patience {
            connect: Duration::from_secs(30),
            whole: Duration::from_secs(30),
        },
        &Default::default(),
    )
    .unwrap();
    let channel = channel(kind, &receiver.url());
    for (key, time) in [
        ("msg_ab12_7", "2026-03-05T10:00:00Z"),
        ("msg_ab12_7", "2026-03-05T10:05:00Z"),
        ("msg_ab12_8", "2026-03-05T10:06:00Z"),
    ] {
        channel.send(&courier, key, "{\"a\":1}", at(time)).await;
    }
    receiver.received()
}

#[tokio::test]
async fn an_attempt_repeats_the_one_before_to_the_letter() {
    for kind in POSTED {
        let came = attempts(kind).await;
        assert_eq!(
            (
                &came[0].method,
                &came[0].path,
                &came[0].query,
                &came[0].body
            ),
            (
                &came[1].method,
                &came[1].path,
                &came[1].query,
                &came[1].body
            ),
            "{kind}"
        );
    }
}

#[tokio::test]
async fn where_a_service_takes_a_key_it_gets_one_per_delivery() {
    let came = attempts("matrix").await;
    let room =
        "/services/T0SECRET/B0SECRET/verysecrettoken/_matrix/client/v3/rooms/!room:example.org";
    for (nth, key) in [(0, "msg_ab12_7"), (1, "msg_ab12_7"), (2, "msg_ab12_8")] {
        assert_eq!(came[nth].path, format!("{room}/send/m.room.message/{key}"));
        assert_eq!(came[nth].method, "PUT");
        assert_eq!(came[nth].header("authorization"), "Bearer syt_secrettoken");
    }

    let came = attempts("google_chat").await;
    for (nth, key) in [(0, "msg_ab12_7"), (1, "msg_ab12_7"), (2, "msg_ab12_8")] {
        let query = came[nth].query.clone().unwrap();
        assert_eq!(
            query,
            format!(
                "key=keysecret1&token=tokensecret2&\
                 messageReplyOption=REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD&requestId={key}"
            )
        );
    }

    let came = attempts("webhook").await;
    let ids: Vec<&str> = came.iter().map(|it| it.header("webhook-id")).collect();
    assert_eq!(ids, ["msg_ab12_7", "msg_ab12_7", "msg_ab12_8"]);
}

#[tokio::test]
async fn discord_is_asked_to_answer_only_when_the_message_is_there() {
    let came = attempts("discord").await;
    let query = came[0].query.clone().unwrap();
    assert!(query.ends_with("&wait=true"), "{query}");
}
