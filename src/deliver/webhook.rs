//! A webhook signed as Standard Webhooks describes: whoever holds the secret can tell a message of
//! ours from a stranger's, and by its id one that comes twice.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, SecondsFormat, Utc};
use hmac::{Hmac, Mac};
use secrecy::{ExposeSecret, SecretBox, SecretString};
use serde_json::{Value, json};
use sha2::Sha256;

use super::Letter;
use crate::mirror::DeliveryKind;

/// What a receiver of signed reports knows us by.
#[derive(Debug, Clone)]
pub(super) struct Seals {
    /// The newest first; every one signs, so that a receiver may hold any of them.
    keys: Vec<std::sync::Arc<SecretBox<Vec<u8>>>>,
    has_people: bool,
}

impl Seals {
    pub(super) fn new(secrets: &[SecretString], has_people: bool) -> Self {
        let key = |secret: &SecretString| {
            let text = secret.expose_secret();
            let bytes = STANDARD
                .decode(text.strip_prefix("whsec_").unwrap_or(text))
                .ok()?;
            Some(std::sync::Arc::new(SecretBox::new(Box::new(bytes))))
        };
        Self {
            keys: secrets.iter().filter_map(key).collect(),
            has_people,
        }
    }

    /// `{type, timestamp, data}`; lists of persons only for a channel that is sent people.
    pub(super) fn payload(&self, letter: &Letter<'_>) -> String {
        let mut data = letter.document.clone();
        if !self.has_people
            && let Value::Object(fields) = &mut data
        {
            fields.remove("people");
        }
        let kind = match letter.kind {
            DeliveryKind::Digest => "report.digest",
            DeliveryKind::Manual => "report.manual",
            DeliveryKind::Alert => "alert",
            DeliveryKind::Test => "test",
        };
        let timestamp = letter.at.to_rfc3339_opts(SecondsFormat::Secs, true);
        json!({ "type": kind, "timestamp": timestamp, "data": data }).to_string()
    }

    /// The headers of one attempt: the same id each time, the attempt's own time, a signature by
    /// each key.
    pub(super) fn headers(
        &self,
        id: &str,
        payload: &str,
        now: DateTime<Utc>,
    ) -> Vec<(&'static str, String)> {
        let timestamp = now.timestamp().to_string();
        let signatures: Vec<String> = self
            .keys
            .iter()
            .map(|key| signature(key, id, &timestamp, payload))
            .collect();
        vec![
            ("webhook-id", id.to_owned()),
            ("webhook-timestamp", timestamp),
            ("webhook-signature", signatures.join(" ")),
        ]
    }
}

fn signature(key: &SecretBox<Vec<u8>>, id: &str, timestamp: &str, payload: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.expose_secret()) else {
        unreachable!("HMAC takes keys of any length");
    };
    for part in [id, ".", timestamp, ".", payload] {
        mac.update(part.as_bytes());
    }
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_that_of_the_specification() {
        // The example of the specification's own libraries.
        let secret = SecretString::from("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let webhook = Seals::new(&[secret], false);
        let at = DateTime::from_timestamp(1_614_265_330, 0).unwrap();
        let headers = webhook.headers("msg_p5jXN8AQM9LWM0D4loKWxJek", "{\"test\": 2432232314}", at);
        assert_eq!(
            headers[2].1,
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        );
    }
}
