//! What an attempt sends, and what the answer means.

use std::time::Duration;

use chrono::Utc;
use gatherd::deliver::{Courier, Patience, Verdict};

use super::super::receiver::{Answer, Receiver, answer};
use super::super::{KINDS, POSTED, at, channel};

fn courier(whole: Duration) -> Courier {
    Courier::new(
        Patience {
            connect: Duration::from_secs(30),
            whole,
        },
        &Default::default(),
    )
    .unwrap()
}

/// What every kind can send, e-mail too.
const MAIL: &str = r#"{"subject":"a","date":"2026-03-05T10:00:00Z","text":"a","html":"a"}"#;

fn later(after: Option<Duration>, why: &str) -> Verdict {
    Verdict::Later {
        after,
        why: why.to_owned(),
        is_global: false,
    }
}

/// Sends one payload to a receiver that answers so.
async fn attempt(kind: &str, answer: Answer) -> (Verdict, Receiver) {
    attempt_for(kind, answer, Duration::from_secs(60)).await
}

async fn attempt_for(kind: &str, answer: Answer, whole: Duration) -> (Verdict, Receiver) {
    let receiver = Receiver::start(vec![answer]).await;
    let channel = channel(kind, &receiver.url());
    let now = at("2026-03-05T10:00:00Z");
    let verdict = channel
        .send(&courier(whole), "msg_1", "{\"a\":1}", now)
        .await;
    (verdict, receiver)
}

#[tokio::test]
async fn the_stored_payload_is_posted_as_it_is() {
    for kind in POSTED {
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
        let path = "/services/T0SECRET/B0SECRET/verysecrettoken";
        assert!(received[0].path.starts_with(path), "{kind}");
    }
}

/// Those that say more than a status when they took a message.
fn says_ok(kind: &str) -> bool {
    matches!(kind, "slack" | "mattermost")
}

#[tokio::test]
async fn a_2xx_is_done_where_the_service_says_no_more_than_that() {
    for kind in POSTED.into_iter().filter(|kind| !says_ok(kind)) {
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
async fn slack_and_mattermost_took_a_message_only_if_they_say_ok() {
    for kind in POSTED.into_iter().filter(|kind| says_ok(kind)) {
        assert_eq!(attempt(kind, answer(200, "ok\n")).await.0, Verdict::Sent);
        for (body, said) in [
            ("", "answered 200, where"),
            (
                "{\"success\":true}",
                "answered 200: {\"success\":true}, where",
            ),
        ] {
            let Verdict::Doubtful { why } = attempt(kind, answer(200, body)).await.0 else {
                panic!("{kind} {body}")
            };
            assert!(why.starts_with(said), "{why}");
        }
    }
}

#[tokio::test]
async fn a_proxys_page_is_no_acceptance_and_tried_again() {
    let page = "\n<!DOCTYPE html><html><body>Please sign in to the network</body></html>";
    for kind in POSTED {
        let mut headed = answer(200, "Welcome");
        headed
            .headers
            .push(("content-type", "text/html; charset=utf-8".to_owned()));
        for answer in [answer(200, page), headed] {
            let (verdict, _) = attempt(kind, answer).await;
            match verdict {
                Verdict::Later { why, .. } => {
                    assert!(why.contains("web page"), "{why}");
                }
                other => panic!("{kind} {other:?}"),
            }
        }
    }
}

#[tokio::test]
async fn being_asked_to_wait_is_honoured_in_every_spelling() {
    for kind in POSTED {
        for (value, expected) in [
            ("7", Some(7_000)),
            ("1.5", Some(1_500)),
            ("Thu, 05 Mar 2026 10:01:00 GMT", Some(60_000)),
            ("nonsense", None),
        ] {
            let mut answer = answer(429, "rate_limited");
            answer.headers.push(("retry-after", value.to_owned()));
            let Verdict::Later { after, why, .. } = attempt(kind, answer).await.0 else {
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
    for kind in POSTED {
        for status in [500, 502, 503, 504, 408] {
            let (verdict, _) = attempt(kind, answer(status, "<html>sorry</html>")).await;
            let why = format!("answered {status}: <html>sorry</html>");
            assert_eq!(verdict, later(None, &why), "{kind}");
        }
    }
}

#[tokio::test]
async fn a_refusal_ends_the_delivery_with_an_excerpt() {
    for kind in POSTED.into_iter().filter(|kind| *kind != "webhook") {
        for (status, body) in [
            (400, "invalid_blocks"),
            (401, "unauthorized"),
            (403, "action_prohibited"),
            (404, "no_service"),
            (410, ""),
            (413, "too large"),
        ] {
            let why = match attempt(kind, answer(status, body)).await.0 {
                Verdict::Gone { why } if matches!(status, 404 | 410) => why,
                Verdict::Dead { why } if !matches!(status, 404 | 410) => why,
                other => panic!("{kind} {status} {other:?}"),
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
async fn whatever_a_webhook_refuses_with_is_tried_again_but_for_410() {
    for (status, body) in [
        (301, ""),
        (400, "bad"),
        (401, "who"),
        (403, "an ingress that restarts"),
        (404, "no backend"),
        (413, "too large"),
        (422, ""),
        (451, ""),
    ] {
        let (verdict, _) = attempt("webhook", answer(status, body)).await;
        let Verdict::Later { why, .. } = verdict else {
            panic!("{status} {verdict:?}")
        };
        assert!(why.starts_with(&format!("answered {status}")), "{why}");
    }
    let (verdict, _) = attempt("webhook", answer(410, "")).await;
    assert_eq!(verdict, gone("answered 410"));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    for kind in POSTED {
        let elsewhere = Receiver::start(Vec::new()).await;
        let mut answer = answer(307, "");
        answer.headers.push(("location", elsewhere.url()));
        let (Verdict::Dead { why } | Verdict::Later { why, .. }) = attempt(kind, answer).await.0
        else {
            panic!("{kind}")
        };
        assert!(why.contains("redirect") && !why.contains("http"), "{why}");
        assert!(elsewhere.received().is_empty());
    }
}

#[tokio::test]
async fn no_answer_in_time_is_tried_again_and_called_ambiguous() {
    for kind in POSTED {
        let mut slow = answer(200, "ok");
        slow.delay = Duration::from_secs(600);
        let brief = Duration::from_millis(100);
        let Verdict::Later { why, .. } = attempt_for(kind, slow, brief).await.0 else {
            panic!("{kind}")
        };
        assert!(why.contains("may have arrived"), "{why}");
    }
}

#[tokio::test]
async fn nobody_there_is_tried_again() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let there = listener.local_addr().unwrap();
    drop(listener);
    for kind in KINDS {
        let url = match kind {
            "email" => format!("smtp://{there}"),
            _ => format!("http://{there}/secrettoken"),
        };
        let verdict = channel(kind, &url)
            .send(&courier(Duration::from_secs(60)), "msg_1", MAIL, Utc::now())
            .await;
        assert_eq!(
            verdict,
            later(None, "no connection (connection refused)"),
            "{kind}"
        );
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
                .send(&courier(Duration::from_secs(60)), "msg_1", "{}", Utc::now())
                .await;
            assert!(
                matches!(verdict, Verdict::Dead { .. }),
                "{kind} {url} {verdict:?}"
            );
        }
    }
}

#[tokio::test]
async fn an_endless_answer_is_cut_off() {
    for kind in POSTED {
        let (verdict, _) = attempt(kind, answer(500, &"x".repeat(20_000_000))).await;
        assert!(matches!(verdict, Verdict::Later { .. }), "{kind}");
    }
}

/// What a service says, and what is made of it.
struct Said {
    kind: &'static str,
    status: u16,
    header: Option<&'static str>,
    body: &'static str,
    verdict: Verdict,
}

fn dead(why: &str) -> Verdict {
    Verdict::Dead {
        why: why.to_owned(),
    }
}

fn gone(why: &str) -> Verdict {
    Verdict::Gone {
        why: why.to_owned(),
    }
}

fn wait(milliseconds: u64, why: &str) -> Verdict {
    later(Some(Duration::from_millis(milliseconds)), why)
}

#[tokio::test]
async fn each_service_is_understood_in_its_own_words() {
    let said = |kind, status, header, body, verdict| Said {
        kind,
        status,
        header,
        body,
        verdict,
    };
    let everywhere = Verdict::Later {
        after: Some(Duration::from_millis(64_570)),
        why: "answered 429: You are being rate limited.".to_owned(),
        is_global: true,
    };
    for it in [
        said("slack", 200, None, "ok", Verdict::Sent),
        said(
            "slack",
            404,
            None,
            "channel_not_found",
            gone("answered 404: channel_not_found"),
        ),
        said(
            "slack",
            410,
            None,
            "channel_is_archived",
            gone("answered 410: channel_is_archived"),
        ),
        said(
            "slack",
            429,
            Some("30"),
            "rate_limited",
            wait(30_000, "answered 429: rate_limited"),
        ),
        said("discord", 204, None, "", Verdict::Sent),
        said("discord", 200, None, r#"{"id":"1"}"#, Verdict::Sent),
        said(
            "discord",
            404,
            None,
            r#"{"message": "Unknown Webhook", "code": 10015}"#,
            gone("answered 404: Unknown Webhook (code 10015)"),
        ),
        said(
            "discord",
            400,
            None,
            r#"{"code":50035,"message":"Invalid Form Body","errors":{"embeds":{"0":{"title":{"_errors":
               [{"code":"BASE_TYPE_MAX_LENGTH","message":"Must be 256 or fewer in length."}]}}}}}"#,
            dead(
                "answered 400: Invalid Form Body (code 50035); embeds.0.title: Must be 256 or fewer in length.",
            ),
        ),
        said(
            "discord",
            429,
            Some("1"),
            r#"{"message":"You are being rate limited.","retry_after":1.337,"global":false,"code":0}"#,
            wait(1_337, "answered 429: You are being rate limited."),
        ),
        said(
            "discord",
            429,
            Some("65"),
            r#"{"message":"You are being rate limited.","retry_after":64.57,"global":false}"#,
            wait(65_000, "answered 429: You are being rate limited."),
        ),
        said(
            "discord",
            429,
            None,
            r#"{"message":"You are being rate limited.","retry_after":64.57,"global":true}"#,
            everywhere,
        ),
        said(
            "discord",
            429,
            None,
            r#"{"message":"Slow.","retry_after":1e99}"#,
            wait(86_400_000, "answered 429: Slow."),
        ),
        said(
            "discord",
            429,
            None,
            r#"{"message":"Slow.","retry_after":-1}"#,
            later(None, "answered 429: Slow."),
        ),
        said("teams", 202, None, "", Verdict::Sent),
        said(
            "teams",
            401,
            None,
            r#"{"error":{"code":"DirectApiAuthorizationRequired","message":"Not valid."}}"#,
            dead("answered 401: DirectApiAuthorizationRequired: Not valid."),
        ),
        said(
            "teams",
            404,
            None,
            r#"{"error":{"code":"WorkflowNotFound","message":"Off."}}"#,
            gone("answered 404: WorkflowNotFound: Off."),
        ),
        said("teams", 413, None, "", dead("answered 413")),
        said(
            "google_chat",
            400,
            None,
            r#"{"error":{"code":400,"message":"Unknown name \"x\" at 'message'","status":"INVALID_ARGUMENT"}}"#,
            dead("answered 400: INVALID_ARGUMENT: Unknown name \"x\" at 'message'"),
        ),
        said(
            "google_chat",
            429,
            None,
            r#"{"error":{"code":429,"message":"Quota.","status":"RESOURCE_EXHAUSTED"}}"#,
            later(None, "answered 429: RESOURCE_EXHAUSTED: Quota."),
        ),
        said("mattermost", 200, None, "ok", Verdict::Sent),
        said(
            "mattermost",
            400,
            None,
            r#"{"id":"web.incoming_webhook.parse.app_error","message":"Invalid payload.","status_code":400}"#,
            dead("answered 400: Invalid payload. (web.incoming_webhook.parse.app_error)"),
        ),
        said("matrix", 200, None, r#"{"event_id":"$x"}"#, Verdict::Sent),
        said(
            "matrix",
            401,
            None,
            r#"{"errcode":"M_UNKNOWN_TOKEN","error":"Invalid access token"}"#,
            dead("answered 401: M_UNKNOWN_TOKEN: Invalid access token"),
        ),
        said(
            "matrix",
            403,
            None,
            r#"{"errcode":"M_FORBIDDEN","error":"Not in the room"}"#,
            dead("answered 403: M_FORBIDDEN: Not in the room"),
        ),
        said(
            "matrix",
            413,
            None,
            r#"{"errcode":"M_TOO_LARGE","error":"event too large"}"#,
            dead("answered 413: M_TOO_LARGE: event too large"),
        ),
        said(
            "matrix",
            429,
            None,
            r#"{"errcode":"M_LIMIT_EXCEEDED","error":"Too Many Requests","retry_after_ms":2500}"#,
            wait(2_500, "answered 429: M_LIMIT_EXCEEDED: Too Many Requests"),
        ),
        said("webhook", 410, None, "", gone("answered 410")),
    ] {
        let mut answer = answer(it.status, it.body);
        answer
            .headers
            .extend(it.header.map(|value| ("retry-after", value.to_owned())));
        let (verdict, _) = attempt(it.kind, answer).await;
        assert_eq!(verdict, it.verdict, "{} {} {}", it.kind, it.status, it.body);
    }
}
