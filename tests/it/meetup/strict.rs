//! Read strictly: tokens that cannot be had twice, refusals that may mean something else, answers too
//! large to build.

use std::path::Path;

use gatherd::community::GroupId;
use gatherd::demo::{
    CLIENT_ID, CLIENT_SECRET, Denial, Rights, SEED_REFRESH_TOKEN, Simulated, Switches, TokenReply,
    TooLarge, TooLargeSaid, World,
};
use gatherd::meetup::{AskError, Meetup, Settings, SignIn, Verdict};
use serde_json::{Value, json};

use super::fake::*;
use super::signing_in::{ask, open};

fn simulated(change: impl FnOnce(&mut Switches)) -> Simulated {
    let mut switches = Switches::unlimited();
    change(&mut switches);
    Simulated::start(
        World::sized(9, 4, 40, 200, 300, chrono::Utc::now()),
        switches,
    )
    .unwrap()
}

fn refreshing(sim: &Simulated, folder: &Path) -> Settings {
    Settings {
        endpoint: sim.endpoint().parse().unwrap(),
        token_endpoint: sim.token_endpoint().parse().unwrap(),
        sign_in: SignIn::Refresh {
            client_id: CLIENT_ID.to_owned(),
            client_secret: CLIENT_SECRET.to_owned().into(),
            refresh_token: Some(SEED_REFRESH_TOKEN.to_owned().into()),
        },
        ..settings("http://127.0.0.1:1", folder)
    }
}

fn fake_refreshing(fake: &Fake, folder: &Path) -> Settings {
    Settings {
        sign_in: SignIn::Refresh {
            client_id: "client".to_owned(),
            client_secret: "s3cret".to_owned().into(),
            refresh_token: Some("seed".to_owned().into()),
        },
        ..settings(&fake.url, folder)
    }
}

async fn first_groups(meetup: &Meetup) -> Result<usize, AskError> {
    let page = meetup.network_groups("sized", None, None).await?;
    Ok(page.value.page.rows.len())
}

fn stored(folder: &Path) -> Value {
    let text = std::fs::read_to_string(folder.join("tokens.json")).unwrap();
    let content: Value = serde_json::from_str(&text).unwrap();
    let accounts = content["accounts"].as_object().unwrap();
    accounts.values().next().unwrap().clone()
}

#[tokio::test]
async fn tokens_are_kept_however_oddly_the_rest_of_their_answer_is_written() {
    for reply in TokenReply::ALL {
        let sim = simulated(|it| it.token_reply = reply);
        let folder = tempfile::tempdir().unwrap();
        for _ in 0..3 {
            let meetup = open(refreshing(&sim, folder.path()));
            assert_eq!(first_groups(&meetup).await.unwrap(), 4, "{reply:?}");
            // The next access token needs the refresh token that came with this one.
            sim.revoke_access_tokens();
        }
        assert_eq!(sim.counters().token_requests, 3, "{reply:?}");
        let kept = stored(folder.path());
        let until = kept["expires_at"].as_str().unwrap();
        let until: chrono::DateTime<chrono::Utc> = until.parse().unwrap();
        let left = (until - chrono::Utc::now()).num_minutes();
        assert!((58..=61).contains(&left), "{reply:?}: {left}");
    }
}

#[tokio::test]
async fn a_refresh_token_that_comes_alone_is_kept_for_the_next_time() {
    let fake = Fake::start(|heard| match heard.field("refresh_token").as_str() {
        "seed" => Say::json(&json!({"refresh_token": "next", "expires_in": {"hours": 1}})),
        "next" => Say::json(&json!({"access_token": "good", "token_type": ["Bearer"]})),
        _ => nobody(),
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let meetup = open(fake_refreshing(&fake, folder.path()));
    let error = ask(&meetup).await.unwrap_err();
    assert_eq!(error.verdict(), Verdict::RetryLater, "{error}");
    assert_eq!(stored(folder.path())["refresh_token"], "next");
    ask(&meetup).await.unwrap();
    assert_eq!(fake.heard_at("/token").len(), 2);
}

#[tokio::test]
async fn a_403_is_no_lost_sign_in_until_a_renewed_token_says_so_twice() {
    for (refusals, is_lost) in [(1, false), (2, false), (3, true)] {
        let fake = Fake::start(|heard| match heard.path.as_str() {
            "/token" => Say::json(&json!({"access_token": "good", "refresh_token": "next"})),
            _ => nobody(),
        })
        .await;
        let folder = tempfile::tempdir().unwrap();
        let meetup = open(fake_refreshing(&fake, folder.path()));
        ask(&meetup).await.unwrap();
        let forbidden = Say::status(403, r#"{"message": "Forbidden"}"#);
        // The renewal that follows the first one is answered in between.
        let token = Say::json(&json!({"access_token": "better", "refresh_token": "third"}));
        let mut script = vec![forbidden.clone(), token];
        script.extend(vec![forbidden; refusals - 1]);
        fake.script(script);
        let answer = ask(&meetup).await;
        assert_eq!(
            matches!(answer, Err(AskError::NeedsSignIn { .. })),
            is_lost,
            "{refusals}: {answer:?}"
        );
        assert_eq!(answer.is_err(), is_lost);
        assert_eq!(fake.heard_at("/token").len(), 2);
        assert_eq!(
            fake.heard_at("/gql").len(),
            1 + refusals + usize::from(!is_lost)
        );
    }
}

#[tokio::test]
async fn auth_fail_at_the_token_endpoint_is_a_lost_sign_in() {
    let sim = simulated(|it| it.tokens_refused_as_auth_fail = true);
    let folder = tempfile::tempdir().unwrap();
    let meetup = open(refreshing(&sim, folder.path()));
    first_groups(&meetup).await.unwrap();
    sim.revoke_access_tokens();
    sim.revoke_refresh_tokens();
    let error = first_groups(&meetup).await.unwrap_err();
    assert!(
        matches!(&error, AskError::NeedsSignIn { cause, .. } if cause.contains("auth_fail")),
        "{error}"
    );
    assert_eq!(sim.counters().token_requests, 2, "asked once, and believed");
}

#[tokio::test]
async fn a_network_that_the_account_does_not_own_is_told_as_that() {
    for denial in [Denial::Forbidden, Denial::AdminRequired] {
        let sim = simulated(|it| it.denial = denial);
        sim.allow_token("trial", Rights::NoNetwork);
        let meetup = open(Settings {
            endpoint: sim.endpoint().parse().unwrap(),
            ..settings("http://127.0.0.1:1", "/nonexistent".as_ref())
        });
        let error = first_groups(&meetup).await.unwrap_err();
        let said = error.to_string();
        assert!(
            matches!(error, AskError::Denied { .. }),
            "{denial:?}: {said}"
        );
        assert_eq!(error.verdict(), Verdict::SkipGroup);
        assert!(
            said.starts_with("network sized: Meetup does not show it to this account"),
            "{said}"
        );
        assert!(
            said.contains("\na network is shown to the account that owns"),
            "{said}"
        );
    }
}

#[tokio::test]
async fn a_page_size_refused_in_any_form_shrinks_the_page_and_keeps_meetups_words() {
    for said in [
        TooLargeSaid::Validation,
        TooLargeSaid::Hole,
        TooLargeSaid::BadRequest,
    ] {
        for (first_above, is_well) in [(150, true), (1, false)] {
            let sim = simulated(|it| {
                it.too_large_said = said;
                it.too_large = Some(TooLarge {
                    first_above,
                    status: 200,
                });
            });
            sim.allow_token("trial", Rights::Network);
            let meetup = open(Settings {
                endpoint: sim.endpoint().parse().unwrap(),
                ..settings("http://127.0.0.1:1", "/nonexistent".as_ref())
            });
            let group = sim.with_world(|world| world.groups().next().unwrap().1.id.to_string());
            let answer = meetup.memberships(&GroupId(group), None, false).await;
            match answer {
                Ok(_) => assert!(is_well, "{said:?}"),
                Err(error) => {
                    let told = error.to_string();
                    assert!(!is_well, "{said:?}: {told}");
                    let words = "Page size must not exceed the limit";
                    assert!(told.contains(words), "{said:?}: {told}");
                }
            }
        }
    }
}

#[tokio::test]
async fn an_answer_of_countless_tiny_errors_is_not_taken_apart() {
    let body = format!("{{\"errors\":[{}{{}}]}}", "{},".repeat(3_000_000));
    let fake = Fake::start(move |_| Say::status(200, &body)).await;
    let error = ask(&meetup(&fake.url).0).await.unwrap_err();
    assert_eq!(error.verdict(), Verdict::RetryLater);
    assert!(error.to_string().contains("more in it"), "{error}");
    let asked: Vec<i64> = fake
        .heard()
        .iter()
        .map(|it| it.json()["variables"]["first"].as_i64().unwrap())
        .collect();
    assert_eq!(
        asked[..3],
        [500, 250, 125],
        "a smaller page may be bearable"
    );
}

#[tokio::test]
async fn a_guess_at_what_was_meant_costs_no_field() {
    for (message, path) in [
        (
            "Cannot query field \"joinDate\" on type \"Membership\". Did you mean \"joinTime\" or \"role\"?",
            Value::Null,
        ),
        (
            "Field 'joinTime' in type 'Membership' is undefined",
            json!([
                "query GroupMemberships",
                "group",
                "memberships",
                "edges",
                "metadata",
                "joinDate"
            ]),
        ),
    ] {
        let refusal = json!({"errors": [{"message": message, "path": path,
            "extensions": {"classification": "ValidationError"}}]});
        let fake = Fake::start(move |_| Say::json(&refusal)).await;
        let (meetup, _) = meetup(&fake.url);
        let error = ask(&meetup).await.unwrap_err();
        assert!(matches!(error, AskError::Refused { .. }), "{error}");
        assert!(meetup.unasked().is_empty(), "{:?}", meetup.unasked());
    }
}
