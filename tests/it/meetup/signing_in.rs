//! Signing in, staying so, and saying when a person is needed.

use std::collections::HashSet;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use gatherd::community::GroupId;
use gatherd::meetup::{AskError, Meetup, Settings, SignIn, Verdict};
use serde_json::{Value, json};

use super::fake::*;

/// A token endpoint with rotating refresh tokens, and an API that knows which access tokens count.
#[derive(Default)]
pub struct Tokens {
    valid_refresh: HashSet<String>,
    valid_access: HashSet<String>,
    granted: usize,
}

impl Tokens {
    pub fn knowing(refresh: &[&str]) -> Arc<Mutex<Self>> {
        let valid_refresh = refresh.iter().map(|it| (*it).to_owned()).collect();
        Arc::new(Mutex::new(Self {
            valid_refresh,
            ..Self::default()
        }))
    }

    fn answer(&mut self, heard: &Heard) -> Say {
        if heard.path == "/token" {
            return self.grant(heard);
        }
        let token = heard
            .token
            .as_deref()
            .and_then(|it| it.strip_prefix("Bearer "));
        if token.is_some_and(|it| self.valid_access.contains(it)) {
            return nobody();
        }
        Say::status(401, r#"{"errors":[{"code":"auth_fail"}]}"#)
    }

    fn grant(&mut self, heard: &Heard) -> Say {
        let is_refresh = heard.field("grant_type") == "refresh_token";
        if is_refresh && !self.valid_refresh.remove(&heard.field("refresh_token")) {
            return Say::status(400, r#"{"error":"invalid_grant","error_description":"Unknown or previously used refresh_token"}"#)
                .header("content-type", "application/json");
        }
        self.granted += 1;
        let (access, refresh) = (
            format!("access-{}", self.granted),
            format!("refresh-{}", self.granted),
        );
        self.valid_access = HashSet::from([access.clone()]);
        let mut answer =
            json!({"access_token": access, "token_type": "bearer", "expires_in": 3600});
        if is_refresh {
            answer["refresh_token"] = json!(refresh);
            self.valid_refresh.insert(refresh);
        }
        Say::json(&answer)
    }
}

pub async fn serve(tokens: &Arc<Mutex<Tokens>>) -> Fake {
    let tokens = Arc::clone(tokens);
    Fake::start(move |heard| tokens.lock().unwrap().answer(heard)).await
}

fn refreshing(fake: &Fake, folder: &Path, seed: Option<&str>) -> Settings {
    Settings {
        sign_in: SignIn::Refresh {
            client_id: "client".to_owned(),
            client_secret: "s3cret".to_owned().into(),
            refresh_token: seed.map(|it| it.to_owned().into()),
        },
        ..settings(&fake.url, folder)
    }
}

pub fn open(settings: Settings) -> Meetup {
    Meetup::new(settings, ledger().0).unwrap()
}

pub async fn ask(meetup: &Meetup) -> Result<(), AskError> {
    meetup
        .memberships(&GroupId::from("7"), None, false)
        .await
        .map(|_| ())
}

fn stored(folder: &Path) -> Value {
    let content: Value =
        serde_json::from_slice(&std::fs::read(folder.join("tokens.json")).unwrap()).unwrap();
    content["accounts"]
        .as_object()
        .unwrap()
        .values()
        .next()
        .unwrap()
        .clone()
}

/// As if the access token had run out.
fn expire(folder: &Path) {
    let path = folder.join("tokens.json");
    let mut content: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    for account in content["accounts"].as_object_mut().unwrap().values_mut() {
        account["renew_at"] = json!("2020-01-01T00:00:00Z");
    }
    std::fs::write(&path, content.to_string()).unwrap();
}

#[tokio::test]
async fn a_trial_token_is_used_until_it_is_refused() {
    let tokens = Tokens::knowing(&[]);
    tokens
        .lock()
        .unwrap()
        .valid_access
        .insert("trial".to_owned());
    let fake = serve(&tokens).await;
    let (meetup, _) = meetup(&fake.url);
    ask(&meetup).await.unwrap();
    tokens.lock().unwrap().valid_access.clear();
    let error = ask(&meetup).await.unwrap_err();
    assert_eq!(error.verdict(), Verdict::StopPass);
    let AskError::NeedsSignIn { remedy, .. } = &error else {
        panic!("{error}")
    };
    assert!(remedy.contains("access_token"), "{remedy}");
    assert!(!error.to_string().contains("trial token"));
    assert_eq!(
        fake.heard().len(),
        2,
        "asking again with the same token is no use"
    );
}

#[tokio::test]
async fn a_refused_sign_in_is_known_by_status_and_by_words() {
    for say in [
        Say::status(401, ""),
        Say::status(403, "{}"),
        Say::json(&json!({"errors": [{"message": "access_token_invalid"}]})),
        Say::json(&json!({"data": null, "errors": [{"message": "no", "code": "auth_fail"}]})),
        Say::json(&json!({"errors": [{"message": "x", "extensions": {"code": "Unauthorized"}}]})),
    ] {
        let fake = Fake::start(move |_| say.clone()).await;
        let error = ask(&meetup(&fake.url).0).await.unwrap_err();
        assert!(matches!(error, AskError::NeedsSignIn { .. }), "{error}");
    }
}

#[tokio::test]
async fn the_successor_of_a_refresh_token_is_on_disk_before_it_is_needed() {
    let tokens = Tokens::knowing(&["seed"]);
    let fake = serve(&tokens).await;
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("state");
    ask(&open(refreshing(&fake, &folder, Some("seed"))))
        .await
        .unwrap();

    let form = fake.heard_at("/token")[0].clone();
    assert_eq!(form.field("client_id"), "client");
    assert_eq!(form.field("client_secret"), "s3cret");
    assert_eq!(stored(&folder)["refresh_token"], "refresh-1");
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    for file in ["tokens.json", "tokens.lock"] {
        assert_eq!(mode(&folder.join(file)), 0o600, "{file}");
    }
    let names: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|it| it.unwrap().file_name())
        .collect();
    assert_eq!(
        names.len(),
        2,
        "nothing half-written stays behind: {names:?}"
    );
}

#[tokio::test]
async fn the_next_start_uses_the_stored_access_token_and_later_the_stored_successor() {
    let tokens = Tokens::knowing(&["seed"]);
    let fake = serve(&tokens).await;
    let folder = tempfile::tempdir().unwrap();
    for _ in 0..3 {
        ask(&open(refreshing(&fake, folder.path(), Some("seed"))))
            .await
            .unwrap();
    }
    assert_eq!(fake.heard_at("/token").len(), 1);
    expire(folder.path());
    ask(&open(refreshing(&fake, folder.path(), Some("seed"))))
        .await
        .unwrap();
    expire(folder.path());
    ask(&open(refreshing(&fake, folder.path(), None)))
        .await
        .unwrap();
    let used: Vec<String> = fake
        .heard_at("/token")
        .iter()
        .map(|it| it.field("refresh_token"))
        .collect();
    assert_eq!(used, ["seed", "refresh-1", "refresh-2"]);
}

#[tokio::test]
async fn a_changed_seed_starts_over() {
    let tokens = Tokens::knowing(&["seed", "another"]);
    let fake = serve(&tokens).await;
    let folder = tempfile::tempdir().unwrap();
    ask(&open(refreshing(&fake, folder.path(), Some("seed"))))
        .await
        .unwrap();
    ask(&open(refreshing(&fake, folder.path(), Some("another"))))
        .await
        .unwrap();
    ask(&open(refreshing(&fake, folder.path(), Some("another"))))
        .await
        .unwrap();
    let used: Vec<String> = fake
        .heard_at("/token")
        .iter()
        .map(|it| it.field("refresh_token"))
        .collect();
    assert_eq!(used, ["seed", "another"]);
}

#[tokio::test]
async fn accounts_in_one_folder_do_not_overwrite_each_other() {
    let (real, demo) = (
        serve(&Tokens::knowing(&["seed"])).await,
        serve(&Tokens::knowing(&["seed"])).await,
    );
    let folder = tempfile::tempdir().unwrap();
    for fake in [&real, &demo, &real, &demo] {
        ask(&open(refreshing(fake, folder.path(), Some("seed"))))
            .await
            .unwrap();
    }
    assert_eq!(
        (real.heard_at("/token").len(), demo.heard_at("/token").len()),
        (1, 1)
    );
}

#[tokio::test]
async fn a_refused_access_token_is_renewed_once_and_the_question_goes_on() {
    let tokens = Tokens::knowing(&["seed"]);
    let fake = serve(&tokens).await;
    let folder = tempfile::tempdir().unwrap();
    let meetup = open(refreshing(&fake, folder.path(), Some("seed")));
    ask(&meetup).await.unwrap();
    tokens.lock().unwrap().valid_access.clear();
    ask(&meetup).await.unwrap();
    assert_eq!(fake.heard_at("/token").len(), 2);
}

#[tokio::test]
async fn a_new_access_token_that_is_refused_as_well_needs_a_person() {
    let tokens = Tokens::knowing(&["seed"]);
    let fake = Fake::start(move |heard| match heard.path.as_str() {
        "/token" => tokens.lock().unwrap().grant(heard),
        _ => Say::status(401, ""),
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let error = ask(&open(refreshing(&fake, folder.path(), Some("seed"))))
        .await
        .unwrap_err();
    assert!(matches!(error, AskError::NeedsSignIn { .. }), "{error}");
    assert_eq!(
        (fake.heard_at("/token").len(), fake.heard_at("/gql").len()),
        (2, 2)
    );
    assert_eq!(
        stored(folder.path())["refresh_token"],
        "refresh-2",
        "nothing is lost by it"
    );
}

#[tokio::test]
async fn a_spent_refresh_token_needs_a_person() {
    let fake = serve(&Tokens::knowing(&[])).await;
    let folder = tempfile::tempdir().unwrap();
    let error = ask(&open(refreshing(&fake, folder.path(), Some("spent"))))
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "sign-in needed: Meetup refused the sign-in (invalid_grant)\n\
         run `gatherd auth login`, signed in to Meetup as the network's owner; or put a new refresh_token into the configuration"
    );
    assert_eq!(fake.heard().len(), 1);
    let error = ask(&open(refreshing(&fake, folder.path(), None)))
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("nobody has signed in yet"),
        "{error}"
    );
}

#[tokio::test]
async fn trouble_at_the_token_endpoint_passes_and_costs_no_sign_in() {
    let tokens = Tokens::knowing(&["seed"]);
    let fake = serve(&tokens).await;
    let folder = tempfile::tempdir().unwrap();
    fake.script([
        Say::status(503, "<html>busy</html>"),
        Say::status(500, ""),
        Say::status(429, "").header("retry-after", "1"),
    ]);
    ask(&open(refreshing(&fake, folder.path(), Some("seed"))))
        .await
        .unwrap();
    assert_eq!(fake.heard_at("/token").len(), 4);
}

#[tokio::test]
async fn a_refresh_of_unknown_fate_is_tried_once_more_with_the_same_token() {
    // It had not counted: the second try succeeds.
    let tokens = Tokens::knowing(&["seed"]);
    let fake = serve(&tokens).await;
    let folder = tempfile::tempdir().unwrap();
    fake.script([Say::status(200, "{}").after(Duration::from_millis(900))]);
    ask(&open(refreshing(&fake, folder.path(), Some("seed"))))
        .await
        .unwrap();
    assert_eq!(fake.heard_at("/token").len(), 2);

    // It had counted: a person is needed.
    let tokens = Tokens::knowing(&[]);
    let fake = serve(&tokens).await;
    let folder = tempfile::tempdir().unwrap();
    fake.script([Say::status(200, r#"{"access_token":"half"#)]);
    let error = ask(&open(refreshing(&fake, folder.path(), Some("seed"))))
        .await
        .unwrap_err();
    assert!(matches!(error, AskError::NeedsSignIn { .. }), "{error}");
    assert_eq!(fake.heard_at("/token").len(), 2);
    assert!(!error.to_string().contains("half"));

    // Its fate stays unknown: later, not never.
    let fake = Fake::start(|_| Say::status(200, "")).await;
    let folder = tempfile::tempdir().unwrap();
    let error = ask(&open(refreshing(&fake, folder.path(), Some("seed"))))
        .await
        .unwrap_err();
    assert_eq!(error.verdict(), Verdict::RetryLater);
    assert_eq!(fake.heard().len(), 2);
}

#[tokio::test]
async fn two_processes_refresh_once() {
    let tokens = Tokens::knowing(&["seed"]);
    let fake = serve(&tokens).await;
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (
        open(refreshing(&fake, folder.path(), Some("seed"))),
        open(refreshing(&fake, folder.path(), Some("seed"))),
    );
    let (one, two) = tokio::join!(ask(&one), ask(&two));
    one.unwrap();
    two.unwrap();
    assert_eq!(fake.heard_at("/token").len(), 1);
}

#[tokio::test]
async fn a_question_that_is_dropped_does_not_lose_the_successor() {
    let tokens = Tokens::knowing(&["seed"]);
    let granted = tokens.lock().unwrap().grant(&Heard {
        method: "POST".to_owned(),
        query: String::new(),
        path: String::new(),
        token: None,
        body: "grant_type=refresh_token&refresh_token=seed".to_owned(),
    });
    let fake = serve(&tokens).await;
    fake.script([granted.after(Duration::from_millis(100))]);
    let folder = tempfile::tempdir().unwrap();
    let meetup = open(refreshing(&fake, folder.path(), Some("seed")));
    let dropped = tokio::time::timeout(Duration::from_millis(50), ask(&meetup)).await;
    assert!(dropped.is_err());
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(stored(folder.path())["refresh_token"], "refresh-1");
}
