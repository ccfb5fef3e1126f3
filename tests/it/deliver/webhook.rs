use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gatherd::config::Sends;
use gatherd::deliver::{Channel, Courier, Letter, Patience, test_line};
use gatherd::mirror::DeliveryKind;
use hmac::{Hmac, Mac};
use serde_json::json;
use sha2::Sha256;

use super::receiver::{Received, Receiver};
use super::{SECRET, at, channel, digest, document, payload, webhook_that_sends};

/// As a receiver checks: any one of the signatures will do.
fn is_signed_with(received: &Received, secret: &str) -> bool {
    let key = STANDARD
        .decode(secret.strip_prefix("whsec_").unwrap())
        .unwrap();
    let signed = format!(
        "{}.{}.{}",
        received.header("webhook-id"),
        received.header("webhook-timestamp"),
        received.body
    );
    received
        .header("webhook-signature")
        .split(' ')
        .any(|signature| {
            let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
            mac.update(signed.as_bytes());
            let signature = STANDARD
                .decode(signature.strip_prefix("v1,").unwrap())
                .unwrap();
            mac.verify_slice(&signature).is_ok()
        })
}

async fn posted(channel: impl Fn(&str) -> Channel, times: &[&str]) -> Vec<Received> {
    let receiver = Receiver::start(Vec::new()).await;
    let channel = channel(&receiver.url());
    let courier = Courier::new(Patience::default(), &Default::default()).unwrap();
    for time in times {
        channel
            .send(&courier, "msg_7f_1", "{\"type\":\"test\"}", at(time))
            .await;
    }
    receiver.received()
}

#[test]
fn the_envelope_holds_type_timestamp_and_the_report() {
    let payload = payload(&channel("webhook", "https://x"), &digest(3), &document());
    assert_eq!(
        payload,
        json!({
            "type": "report.digest", "timestamp": "2026-08-31T06:00:00Z",
            "data": { "schema_version": 1, "groups": [{ "name": "São Paulo <!channel>" }] },
        })
    );
}

#[test]
fn every_kind_of_letter_has_its_type() {
    let (message, document) = test_line("ops");
    let types = [
        DeliveryKind::Digest,
        DeliveryKind::Manual,
        DeliveryKind::Alert,
        DeliveryKind::Test,
    ]
    .map(|kind| {
        let at = at("2026-08-31T06:00:00Z");
        let letter = Letter {
            kind,
            at,
            message: &message,
            document: &document,
        };
        let text = channel("webhook", "https://x").payload(&letter);
        serde_json::from_str::<serde_json::Value>(&text).unwrap()["type"]
            .as_str()
            .unwrap()
            .to_owned()
    });
    assert_eq!(types, ["report.digest", "report.manual", "alert", "test"]);
}

#[test]
fn persons_go_only_to_a_channel_that_is_sent_people() {
    let open = webhook_that_sends("https://x", &[SECRET], &[Sends::Digest, Sends::People]);
    assert!(payload(&open, &digest(3), &document())["data"]["people"].is_object());
    assert!(
        payload(&channel("webhook", "https://x"), &digest(3), &document())["data"]["people"]
            .is_null()
    );
}

#[tokio::test]
async fn an_attempt_keeps_the_id_and_signs_its_own_time() {
    let received = posted(
        |url| channel("webhook", url),
        &["2026-03-05T10:00:00Z", "2026-03-05T10:05:00Z"],
    )
    .await;
    assert_eq!(
        received[0].header("webhook-id"),
        received[1].header("webhook-id")
    );
    assert_eq!(received[0].header("webhook-timestamp"), "1772704800");
    assert_eq!(received[1].header("webhook-timestamp"), "1772705100");
    assert!(
        received
            .iter()
            .all(|received| is_signed_with(received, SECRET))
    );
    assert_ne!(
        received[0].header("webhook-signature"),
        received[1].header("webhook-signature")
    );
}

#[tokio::test]
async fn while_a_key_rotates_every_key_signs() {
    let keys = [SECRET, "whsec_b2xkIGtleSwgb2xkIGtleSwgb2xk"];
    let received = posted(
        |url| webhook_that_sends(url, &keys, &[]),
        &["2026-03-05T10:00:00Z"],
    )
    .await;
    assert_eq!(
        received[0].header("webhook-signature").split(' ').count(),
        2
    );
    for key in keys {
        assert!(is_signed_with(&received[0], key));
    }
    assert!(!is_signed_with(&received[0], "whsec_c3RyYW5nZXI="));
}
