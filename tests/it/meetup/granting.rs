//! What passes between gatherd and the token endpoint, whatever the crate between them expects.

use std::path::Path;

use gatherd::meetup::{AskError, Settings, SignIn};
use serde_json::{Value, json};

use super::fake::*;
use super::signing_in::{ask, open};

fn refreshing(fake: &Fake, folder: &Path) -> Settings {
    Settings {
        sign_in: SignIn::Refresh {
            client_id: "client".to_owned(),
            client_secret: "s3cret&+".to_owned().into(),
            refresh_token: Some("seed/=".to_owned().into()),
        },
        ..settings(&fake.url, folder)
    }
}

fn said(status: u16, kind: &str, body: &Value) -> Say {
    Say::status(status, &body.to_string()).header("content-type", kind)
}

#[tokio::test]
async fn tokens_are_kept_under_any_success_and_whatever_they_are_declared_as() {
    for (status, kind) in [
        (200, "text/html"),
        (201, "application/json"),
        (202, "text/plain"),
    ] {
        let tokens = json!({"access_token": "good", "refresh_token": "next"});
        let fake = Fake::start(move |heard| match heard.path.as_str() {
            "/token" => said(status, kind, &tokens),
            _ => nobody(),
        })
        .await;
        let folder = tempfile::tempdir().unwrap();
        ask(&open(refreshing(&fake, folder.path()))).await.unwrap();
        let heard = fake.heard_at("/token");
        assert_eq!(heard.len(), 1, "{status} {kind}");
        let mut form = heard[0].form();
        form.sort();
        let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let asked = [
            field("client_id", "client"),
            field("client_secret", "s3cret&+"),
            field("grant_type", "refresh_token"),
            field("refresh_token", "seed/="),
        ];
        assert_eq!(form, asked);
    }
}

#[tokio::test]
async fn a_refusal_under_a_success_is_a_refusal() {
    let refusal = json!({"error": "invalid_grant"});
    let fake = Fake::start(move |_| said(200, "application/json", &refusal)).await;
    let folder = tempfile::tempdir().unwrap();
    let error = ask(&open(refreshing(&fake, folder.path())))
        .await
        .unwrap_err();
    assert!(matches!(error, AskError::NeedsSignIn { .. }), "{error}");
    assert_eq!(fake.heard_at("/token").len(), 1, "asked once, and believed");
}
