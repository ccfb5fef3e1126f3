//! One contract for every kind: what an attempt sends, and what the answer means.

use std::time::Duration;

use chrono::Utc;
use gatherd::deliver::{Courier, Patience, Verdict};

use super::receiver::{Answer, Receiver, answer};
use super::{KINDS, at, channel};

fn courier() -> Courier {
    Courier::new(Patience {
        connect: Duration::from_secs(5),
        whole: Duration::from_millis(400),
    })
    .unwrap()
}

/// Sends one payload to a receiver that answers so.
async fn attempt(kind: &str, answer: Answer) -> (Verdict, Receiver) {
    let receiver = Receiver::start(vec![answer]).await;
    let channel = channel(kind, &receiver.url());
    let verdict = channel
        .send(&courier(), "msg_1", "{\"a\":1}", at("2026-03-05T10:00:00Z"))
        .await;
    (verdict, receiver)
}

#[tokio::test]
async fn the_stored_payload_is_posted_as_it_is() {
    for kind in KINDS {
        let (verdict, receiver) = attempt(kind, answer(200, "ok")).await;
        assert_eq!(verdict, Verdict::Sent);
        let received = receiver.received();
        assert_eq!(
            (received.len(), received[0].body.as_str()),
            (1, "{\"a\":1}"),
            "{kind}"
        );
        assert!(
            received[0]
                .header("content-type")
                .starts_with("application/json")
        );
        assert_eq!(
            received[0].path,
            "/services/T0SECRET/B0SECRET/verysecrettoken"
        );
    }
}

#[tokio::test]
async fn any_2xx_is_done() {
    for kind in KINDS {
        for status in [200, 202, 204] {
            assert_eq!(
                attempt(kind, answer(status, "")).await.0,
                Verdict::Sent,
                "{kind} {status}"
            );
        }
    }
}

#[tokio::test]
async fn being_asked_to_wait_is_honoured_in_every_spelling() {
    for kind in KINDS {
        for (value, expected) in [
            ("7", Some(7_000)),
            ("1.5", Some(1_500)),
            ("Thu, 05 Mar 2026 10:01:00 GMT", Some(60_000)),
            ("nonsense", None),
        ] {
            let mut answer = answer(429, "rate_limited");
            answer.headers.push(("retry-after", value.to_owned()));
            let Verdict::Later { after, why } = attempt(kind, answer).await.0 else {
                panic!("{kind}")
            };
            assert_eq!(
                after.map(|after| after.as_millis()),
                expected,
                "{kind} {value}"
            );
            assert_eq!(why, "answered 429: rate_limited");
        }
    }
}

#[tokio::test]
async fn a_server_in_trouble_is_tried_again() {
    for kind in KINDS {
        for status in [500, 502, 503, 504, 408] {
            let (verdict, _) = attempt(kind, answer(status, "<html>sorry</html>")).await;
            let why = format!("answered {status}: <html>sorry</html>");
            assert_eq!(verdict, Verdict::Later { after: None, why }, "{kind}");
        }
    }
}

#[tokio::test]
async fn a_refusal_ends_the_delivery_with_an_excerpt() {
    for kind in KINDS {
        for (status, body) in [
            (400, "invalid_blocks"),
            (403, "action_prohibited"),
            (404, "no_service"),
            (410, ""),
        ] {
            let Verdict::Dead { why } = attempt(kind, answer(status, body)).await.0 else {
                panic!("{kind} {status}")
            };
            assert!(
                why.starts_with(&format!("answered {status}")) && why.ends_with(body),
                "{why}"
            );
        }
        let Verdict::Dead { why } = attempt(kind, answer(400, &"x\u{1b}\n".repeat(5000)))
            .await
            .0
        else {
            panic!()
        };
        assert!(
            why.chars().count() < 230 && !why.contains('\u{1b}') && why.ends_with('…'),
            "{why}"
        );
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    for kind in KINDS {
        let elsewhere = Receiver::start(Vec::new()).await;
        let mut answer = answer(307, "");
        answer.headers.push(("location", elsewhere.url()));
        let Verdict::Dead { why } = attempt(kind, answer).await.0 else {
            panic!("{kind}")
        };
        assert!(why.contains("redirect") && !why.contains("http"), "{why}");
        assert!(elsewhere.received().is_empty());
    }
}

#[tokio::test]
async fn no_answer_in_time_is_tried_again_and_called_ambiguous() {
    for kind in KINDS {
        let mut slow = answer(200, "ok");
        slow.delay = Duration::from_secs(3);
        let Verdict::Later { why, .. } = attempt(kind, slow).await.0 else {
            panic!("{kind}")
        };
        assert!(why.contains("may have arrived"), "{why}");
    }
}

#[tokio::test]
async fn nobody_there_is_tried_again() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/secrettoken", listener.local_addr().unwrap());
    drop(listener);
    for kind in KINDS {
        let verdict = channel(kind, &url)
            .send(&courier(), "msg_1", "{}", Utc::now())
            .await;
        let why = "no connection".to_owned();
        assert_eq!(verdict, Verdict::Later { after: None, why });
    }
}

#[tokio::test]
async fn nothing_is_sent_in_the_clear_beyond_loopback() {
    for kind in KINDS {
        for url in [
            "http://192.0.2.1/secrettoken",
            "http://127.0.0.1.example.com/secrettoken",
            "nonsense",
        ] {
            let verdict = channel(kind, url)
                .send(&courier(), "msg_1", "{}", Utc::now())
                .await;
            assert!(
                matches!(verdict, Verdict::Dead { .. }),
                "{kind} {url} {verdict:?}"
            );
        }
    }
}

#[tokio::test]
async fn the_address_shows_in_no_reason_and_no_debug_print() {
    for kind in KINDS {
        let receiver = Receiver::start(Vec::new()).await;
        let echo = format!(
            "no hook at {} or /services/T0SECRET/B0SECRET/verysecrettoken (verysecrettoken)",
            receiver.url()
        );
        let (verdict, used) = attempt(kind, answer(404, &echo)).await;
        let told = format!(
            "{verdict:?} {:?} {:?}",
            channel(kind, &used.url()),
            courier()
        );
        for secret in [
            "verysecrettoken",
            "T0SECRET",
            "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        ] {
            assert!(!told.contains(secret), "{told}");
        }
        assert!(told.contains("no hook at"), "{told}");
    }
}

#[tokio::test]
async fn an_endless_answer_is_cut_off() {
    for kind in KINDS {
        let (verdict, _) = attempt(kind, answer(500, &"x".repeat(20_000_000))).await;
        assert!(matches!(verdict, Verdict::Later { .. }), "{kind}");
    }
}
