//! No part of an address or a token shows, whatever a service answers.

use gatherd::deliver::{Courier, Patience, Verdict};

use super::super::receiver::{Receiver, answer};
use super::super::{KINDS, POSTED, SECRET, at, channel};

const SECRETS: [&str; 6] = [
    "verysecrettoken",
    "T0SECRET",
    "keysecret1",
    "tokensecret2",
    "syt_secrettoken",
    "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
];

#[tokio::test]
async fn secrets_show_in_no_reason_and_no_debug_print() {
    let courier = Courier::new(Patience::default(), &Default::default()).unwrap();
    for kind in POSTED {
        for (status, template) in [
            (404, "no hook at URL ({token})"),
            (
                400,
                "{\"message\":\"no hook at URL {token}\",\"code\":1,\"id\":\"x\"}",
            ),
            (
                403,
                "{\"errcode\":\"M_X\",\"error\":\"no hook at URL {token}\"}",
            ),
            (
                429,
                "{\"error\":{\"status\":\"X\",\"code\":\"X\",\"message\":\"no hook at URL {token}\"}}",
            ),
            (500, "no hook at keysecret1 and tokensecret2 and URL"),
        ] {
            let receiver = Receiver::start(Vec::new()).await;
            // Another service knows nothing of the token of a Matrix account.
            let token = if kind == "matrix" {
                "syt_secrettoken"
            } else {
                "verysecrettoken"
            };
            let body = template
                .replace("URL", &receiver.url())
                .replace("{token}", token);
            receiver.answer_next(answer(status, &body));
            let channel = channel(kind, &receiver.url());
            let verdict = channel
                .send(&courier, "msg_1", "{}", at("2026-03-05T10:00:00Z"))
                .await;
            let told = format!("{verdict:?} {channel:?} {courier:?}");
            for secret in SECRETS {
                assert!(!told.contains(secret), "{kind}: {told}");
            }
            assert!(told.contains("no hook at"), "{kind}: {told}");
        }
    }
    assert!(SECRET.contains(SECRETS[5]));
}

#[tokio::test]
async fn an_address_that_is_none_is_not_repeated() {
    let courier = Courier::new(Patience::default(), &Default::default()).unwrap();
    for kind in KINDS {
        for url in [
            "http://192.0.2.1/verysecrettoken",
            "verysecrettoken",
            "https://",
        ] {
            let verdict = channel(kind, url)
                .send(&courier, "msg_1", "{}", at("2026-03-05T10:00:00Z"))
                .await;
            let Verdict::Dead { why } = &verdict else {
                panic!("{kind} {url} {verdict:?}")
            };
            assert!(why.starts_with("the channel's address is not "), "{why}");
        }
    }
}
