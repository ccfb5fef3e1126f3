//! Signing in without a person: an assertion signed with a key that was made for these tests alone.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{TimeDelta, Utc};
use gatherd::meetup::{Meetup, Settings, SignIn};
use serde_json::{Value, json};

use super::fake::*;
use super::signing_in::{Tokens, ask, open, serve};

fn assertion(fake: &Fake, folder: &Path, pem: &str) -> Settings {
    Settings {
        sign_in: SignIn::Jwt {
            client_id: "client".to_owned(),
            signing_key_id: "key-1".to_owned(),
            member_id: "4711".to_owned(),
            private_key: pem.to_owned().into(),
        },
        ..settings(&fake.url, folder)
    }
}

/// Header and claims, if the signature holds.
fn verified(assertion: &str) -> (Value, Value) {
    let (signed, signature) = assertion.rsplit_once('.').unwrap();
    let public = include_bytes!("../../data/rsa_public.der");
    ring::signature::UnparsedPublicKey::new(&ring::signature::RSA_PKCS1_2048_8192_SHA256, public)
        .verify(
            signed.as_bytes(),
            &URL_SAFE_NO_PAD.decode(signature).unwrap(),
        )
        .unwrap();
    let (header, claims) = signed.split_once('.').unwrap();
    let read = |part| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
    (read(header), read(claims))
}

#[tokio::test]
async fn an_assertion_is_signed_as_meetup_wants_it_whatever_the_form_of_the_key() {
    for pem in [
        include_str!("../../data/rsa_pkcs8.pem"),
        include_str!("../../data/rsa_pkcs1.pem"),
    ] {
        let fake = serve(&Tokens::knowing(&[])).await;
        let folder = tempfile::tempdir().unwrap();
        for _ in 0..2 {
            ask(&open(assertion(&fake, folder.path(), pem)))
                .await
                .unwrap();
        }
        let heard = fake.heard_at("/token");
        assert_eq!(
            heard.len(),
            1,
            "the access token is kept for the next start"
        );
        assert_eq!(
            heard[0].field("grant_type"),
            "urn:ietf:params:oauth:grant-type:jwt-bearer"
        );
        assert_eq!(heard[0].form().len(), 2, "no client secret");
        let (header, claims) = verified(&heard[0].field("assertion"));
        assert_eq!(
            header,
            json!({"alg": "RS256", "typ": "JWT", "kid": "key-1"})
        );
        let left = claims["exp"].as_i64().unwrap() - Utc::now().timestamp();
        assert!((110..=121).contains(&left), "{left}");
        assert_eq!(
            (&claims["sub"], &claims["iss"], &claims["aud"]),
            (&json!("4711"), &json!("client"), &json!("api.meetup.com"))
        );
    }
}

#[tokio::test]
async fn an_assertion_refused_for_our_wrong_clock_is_made_again_by_meetups() {
    let fake = serve(&Tokens::knowing(&[])).await;
    let folder = tempfile::tempdir().unwrap();
    let theirs = Utc::now() + TimeDelta::minutes(20);
    let date = theirs.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    fake.script([Say::status(400, r#"{"error":"invalid_grant"}"#).header("date", &date)]);
    let pem = include_str!("../../data/rsa_pkcs8.pem");
    ask(&open(assertion(&fake, folder.path(), pem)))
        .await
        .unwrap();
    let (_, claims) = verified(&fake.heard_at("/token")[1].field("assertion"));
    let left = claims["exp"].as_i64().unwrap() - theirs.timestamp();
    assert!((110..=122).contains(&left), "{left}");
}

#[tokio::test]
async fn an_assertion_that_stays_refused_names_what_to_check() {
    let fake = Fake::start(|_| Say::status(400, r#"{"error":"invalid_client"}"#)).await;
    let folder = tempfile::tempdir().unwrap();
    let pem = include_str!("../../data/rsa_pkcs8.pem");
    let error = ask(&open(assertion(&fake, folder.path(), pem)))
        .await
        .unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("invalid_client") && text.contains("signing_key_id"),
        "{text}"
    );
}

#[tokio::test]
async fn settings_that_cannot_work_are_told_before_anything_is_asked() {
    let fake = Fake::start(|_| nobody()).await;
    let folder = tempfile::tempdir().unwrap();
    let broken = assertion(&fake, folder.path(), "no key at all");
    let error = Meetup::new(broken, ledger().0).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("meetup.jwt private key: no PEM private key in it\n")
    );
    let mut plain = settings(&fake.url, folder.path());
    plain.endpoint = "http://api.meetup.com/gql-ext".parse().unwrap();
    let error = Meetup::new(plain, ledger().0).unwrap_err();
    assert!(error.to_string().contains("is not https"), "{error}");
}
