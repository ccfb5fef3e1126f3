//! Tokens: trial, refreshed, exchanged for a code, minted from a signed assertion.

use super::*;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gatherd::demo::{BadToken, CLIENT_ID, CLIENT_SECRET, Fault, On, Rights, SEED_REFRESH_TOKEN};
use ring::signature::{KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use std::time::Duration;

/// A key made for these tests; nothing else was ever signed with it.
const KEY: &[u8] = include_bytes!("../../data/signing_key_for_tests.pk8");
const ME: &str = "{ self { id } proNetwork(urlname: \"sized\") { id } }";

async fn post(meetup: &Simulated, form: &[(&str, &str)]) -> (u16, Value) {
    let caller = Caller::of(meetup);
    let response = caller
        .http
        .post(meetup.token_endpoint())
        .form(form)
        .send()
        .await
        .unwrap();
    (
        response.status().as_u16(),
        response.json().await.unwrap_or_default(),
    )
}

async fn refresh(meetup: &Simulated, token: &str) -> (u16, Value) {
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", CLIENT_ID),
        ("client_secret", CLIENT_SECRET),
        ("refresh_token", token),
    ];
    post(meetup, &form).await
}

async fn sees(meetup: &Simulated, token: &str) -> Value {
    let caller = Caller::of(meetup);
    caller
        .try_send(token, ME, json!({}))
        .await
        .unwrap()
        .json()
        .await
        .unwrap()
}

#[tokio::test]
async fn a_refresh_token_works_once_and_its_successor_after_it() {
    let meetup = sized(1, 2, 5, 5);
    let (status, first) = refresh(&meetup, SEED_REFRESH_TOKEN).await;
    assert_eq!(status, 200);
    assert_eq!(
        (&first["token_type"], &first["expires_in"]),
        (&json!("bearer"), &json!(3600))
    );
    let access = first["access_token"].as_str().unwrap();
    assert!(sees(&meetup, access).await["data"]["proNetwork"]["id"].is_string());
    let (status, again) = refresh(&meetup, SEED_REFRESH_TOKEN).await;
    assert_eq!(status, 400);
    assert_eq!(
        again,
        json!({"error": "invalid_grant",
               "error_description": "Unknown or previously used refresh_token"})
    );
    let next = first["refresh_token"].as_str().unwrap();
    assert_eq!(refresh(&meetup, next).await.0, 200);
}

#[tokio::test]
async fn access_tokens_expire_and_can_be_revoked() {
    let meetup = sized(1, 2, 5, 5);
    meetup.switch(|switches| switches.token_lives = Duration::from_millis(100));
    let (_, reply) = refresh(&meetup, SEED_REFRESH_TOKEN).await;
    let access = reply["access_token"].as_str().unwrap().to_owned();
    tokio::time::sleep(Duration::from_millis(150)).await;
    assert!(sees(&meetup, &access).await["data"].is_null());
    meetup.revoke_access_tokens();
    assert!(sees(&meetup, TRIAL_TOKEN).await["data"].is_null());
}

#[tokio::test]
async fn a_bad_token_meets_a_401_or_a_body_that_says_so() {
    let meetup = sized(1, 2, 5, 5);
    let caller = Caller::of(&meetup);
    for (manner, status, word) in [
        (BadToken::Status401, 401, "Unauthorized"),
        (BadToken::TokenInvalid, 200, "access_token_invalid"),
        (BadToken::AuthFail, 200, "auth_fail"),
        (BadToken::Unauthorized, 200, "Unauthorized"),
    ] {
        meetup.switch(|switches| switches.bad_token = manner);
        let response = caller.try_send("expired", ME, json!({})).await.unwrap();
        assert_eq!(response.status().as_u16(), status);
        assert!(response.text().await.unwrap().contains(word));
    }
}

#[tokio::test]
async fn a_token_without_rights_sees_no_network() {
    let meetup = sized(1, 2, 5, 5);
    meetup.allow_token("no-pro", Rights::NoNetwork);
    let answer = sees(&meetup, "no-pro").await;
    assert!(answer.get("errors").is_none());
    assert!(answer["data"]["proNetwork"].is_null());
    assert!(answer["data"]["self"]["id"].is_string());
}

#[tokio::test]
async fn the_authorise_page_sends_back_a_code_that_works_once() {
    let meetup = sized(1, 2, 5, 5);
    let caller = Caller::of(&meetup);
    let redirect = "http://127.0.0.1:1410/";
    let url = format!(
        "{}?client_id={CLIENT_ID}&response_type=code&state=s%201&redirect_uri=http%3A%2F%2F127.0.0.1%3A1410%2F",
        meetup.authorize_endpoint()
    );
    let response = caller.http.get(url).send().await.unwrap();
    assert_eq!(response.status(), 302);
    let target = url::Url::parse(response.headers()["location"].to_str().unwrap()).unwrap();
    let back: std::collections::HashMap<_, _> = target.query_pairs().into_owned().collect();
    assert_eq!(back["state"], "s 1");
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", CLIENT_ID),
        ("client_secret", CLIENT_SECRET),
        ("redirect_uri", redirect),
        ("code", back["code"].as_str()),
    ];
    assert_eq!(post(&meetup, &form).await.0, 200);
    assert_eq!(post(&meetup, &form).await.0, 400);
}

fn assertion(claims: &Value, kid: &str) -> String {
    let key = RsaKeyPair::from_pkcs8(KEY).unwrap();
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let head = part(&json!({"alg": "RS256", "typ": "JWT", "kid": kid}));
    let signed = format!("{head}.{}", part(claims));
    let mut signature = vec![0; key.public().modulus_len()];
    let rng = ring::rand::SystemRandom::new();
    key.sign(&RSA_PKCS1_SHA256, &rng, signed.as_bytes(), &mut signature)
        .unwrap();
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

#[tokio::test]
async fn a_signed_assertion_is_held_to_its_key_audience_issuer_and_expiry() {
    let meetup = sized(1, 2, 5, 5);
    let key = RsaKeyPair::from_pkcs8(KEY).unwrap();
    meetup.register_signing_key("key-1", "4711", key.public_key().as_ref());
    let now = chrono::Utc::now().timestamp();
    let good = json!({"sub": "4711", "iss": CLIENT_ID, "aud": "api.meetup.com", "exp": now + 120});
    let with = |name: &str, value: Value| {
        let mut claims = good.clone();
        claims[name] = value;
        claims
    };
    let mut tampered = assertion(&good, "key-1");
    tampered.replace_range(tampered.len() - 6.., "AAAAAA");
    for (jwt, status) in [
        (assertion(&good, "key-1"), 200),
        (assertion(&good, "key-2"), 400),
        (assertion(&with("aud", json!("example.org")), "key-1"), 400),
        (assertion(&with("iss", json!("other")), "key-1"), 400),
        (assertion(&with("sub", json!("12")), "key-1"), 400),
        (assertion(&with("exp", json!(now - 1)), "key-1"), 400),
        (tampered, 400),
        ("nonsense".to_owned(), 400),
    ] {
        let grant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
        let (got, reply) = post(&meetup, &[("grant_type", grant), ("assertion", &jwt)]).await;
        assert_eq!(got, status, "{reply}");
    }
}

#[tokio::test]
async fn the_token_endpoint_fails_too() {
    let meetup = sized(1, 2, 5, 5);
    meetup.fault(On::Tokens, Fault::Html(502), 1);
    assert_eq!(refresh(&meetup, SEED_REFRESH_TOKEN).await.0, 502);
    assert_eq!(
        refresh(&meetup, SEED_REFRESH_TOKEN).await.0,
        200,
        "and the token was not used up"
    );
    assert_eq!(meetup.counters().token_requests, 2);
}
