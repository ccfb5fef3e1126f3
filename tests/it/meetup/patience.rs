//! What is asked again, how, and when it is given up.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use gatherd::community::GroupId;
use gatherd::meetup::{AskError, Meetup, Verdict};
use serde_json::{Value, json};

use super::fake::*;

async fn ask(meetup: &Meetup) -> Result<(), AskError> {
    meetup
        .memberships(&GroupId::from("7"), None, false)
        .await
        .map(|_| ())
}

fn html(status: u16) -> Say {
    Say::status(status, "<html><title>Bad gateway</title></html>")
        .header("content-type", "text/html")
}

#[tokio::test]
async fn whatever_may_pass_is_asked_again_and_each_attempt_is_paid_for() {
    let passing = [
        ("a 500", Say::status(500, "{}")),
        ("a 503 in html", html(503)),
        ("html with status 200", html(200)),
        ("a 403 in html, from what stands in front", html(403)),
        ("a 400 that passes when repeated", Say::status(400, "{}")),
        (
            "half an answer",
            Say::status(200, "{\"data\":{\"group\":{\"mem"),
        ),
        ("an empty body", Say::status(200, "")),
        ("a slow answer", nobody().after(Duration::from_millis(900))),
        ("neither data nor errors", Say::status(200, "{}")),
        (
            "data null without a path",
            Say::json(&json!({"data": null, "errors": [{"message": "?"}]})),
        ),
        (
            "retry-after",
            Say::status(503, "").header("retry-after", "1"),
        ),
    ];
    for (what, say) in passing {
        let fake = Fake::start(|_| nobody()).await;
        fake.script([say]);
        let (meetup, told) = meetup(&fake.url);
        ask(&meetup)
            .await
            .unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(fake.heard().len(), 2, "{what}");
        let told = told.lock().unwrap();
        assert_eq!(told.reserved.len(), 2, "{what}");
        assert_eq!(told.answered, [1, 2], "{what}");
        assert_eq!(
            (meetup.counters().requests, meetup.counters().repeated),
            (2, 1),
            "{what}"
        );
    }
}

#[tokio::test]
async fn what_does_not_pass_is_given_up_after_a_bounded_number_of_attempts() {
    for (say, expected) in [
        (Say::status(500, ""), "HTTP 500"),
        (html(200), "an HTML page"),
        (Say::status(200, "{"), "the answer is no JSON, or broke off"),
        (nobody().after(Duration::from_secs(9)), "timed out"),
    ] {
        let fake = Fake::start(move |_| say.clone()).await;
        let (meetup, _) = meetup(&fake.url);
        let error = ask(&meetup).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("meetup: GroupMemberships: {expected}")
        );
        assert_eq!(error.verdict(), Verdict::RetryLater);
        assert_eq!(fake.heard().len(), 4, "{expected}");
    }
    for (url, expected) in [
        (breaking_off().await, "the answer broke off"),
        (
            "http://127.0.0.1:1".to_owned(),
            "no connection (connection refused)",
        ),
    ] {
        let error = ask(&meetup(&url).0).await.unwrap_err();
        assert_eq!(
            error.to_string().lines().next().unwrap(),
            format!("meetup: GroupMemberships: {expected}")
        );
    }
}

#[tokio::test]
async fn a_question_that_meetup_does_not_accept_is_not_repeated() {
    let refusal = json!({"errors": [{
        "message": "Field 'venue' in type 'Event' is undefined",
        "extensions": {"classification": "ValidationError"}}]});
    let fake = Fake::start(move |_| Say::json(&refusal)).await;
    let error = ask(&meetup(&fake.url).0).await.unwrap_err();
    assert!(
        matches!(&error, AskError::Refused { operation: "GroupMemberships", message }
        if message == "Field 'venue' in type 'Event' is undefined")
    );
    let asked: Vec<Value> = fake.heard().iter().map(Heard::json).collect();
    assert_eq!(
        asked.len(),
        2,
        "the schema is looked at once for what it may be"
    );
    assert_eq!(asked[0]["operationName"], "GroupMemberships");
    assert_eq!(asked[1]["operationName"], "Introspection");

    let retired = Say::status(503, r#"{"message":"This API endpoint is deprecated"}"#);
    let fake = Fake::start(move |_| retired.clone()).await;
    assert!(matches!(
        ask(&meetup(&fake.url).0).await,
        Err(AskError::Refused { .. })
    ));
    assert_eq!(fake.heard().len(), 1);
}

#[tokio::test]
async fn a_400_that_stays_counts_as_a_refusal_after_three_attempts() {
    let fake = Fake::start(|_| Say::status(400, "{}")).await;
    let error = ask(&meetup(&fake.url).0).await.unwrap_err();
    assert!(matches!(&error, AskError::Refused { message, .. } if message == "HTTP 400"));
    assert_eq!(fake.heard().len(), 3);
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let fake = Fake::start(|_| nobody()).await;
    let elsewhere = format!("{}/elsewhere", fake.url);
    fake.script(vec![Say::status(302, "").header("location", &elsewhere); 3]);
    assert!(ask(&meetup(&fake.url).0).await.is_err());
    assert!(fake.heard_at("/elsewhere").is_empty());
}

#[tokio::test]
async fn a_rate_limit_discards_the_page_and_waits_by_meetups_clock() {
    // Meetup's clock is an hour ahead: 300 ms from its now are 300 ms from ours.
    for status in [200, 429] {
        let fake = Fake::start(|_| nobody()).await;
        let theirs = Utc::now() + TimeDelta::hours(1);
        let mut limited = rate_limited(&(theirs + TimeDelta::milliseconds(1300)).to_rfc3339());
        limited["data"] = json!({"group": null});
        let date = theirs.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
        fake.script([Say::status(status, &limited.to_string()).header("date", &date)]);
        let (meetup, told) = meetup(&fake.url);
        let before = Utc::now();
        let answer = meetup
            .memberships(&GroupId::from("7"), None, false)
            .await
            .unwrap();
        assert!(
            answer.value.is_some(),
            "{status}: the null of the refused page is not believed"
        );
        assert_eq!(answer.asked, 2);
        let waited = Utc::now() - before;
        assert!(waited >= TimeDelta::milliseconds(390), "{status}: {waited}");
        assert!(
            waited < TimeDelta::seconds(5),
            "{status}: capped, not an hour: {waited}"
        );
        let told = told.lock().unwrap();
        assert_eq!(told.answered, [2], "{status}");
        let (asked, not_before_ms, consumed) = told.refused[0];
        assert_eq!((asked, consumed), (1, Some(500)));
        assert!(not_before_ms >= before.timestamp_millis() + 390, "{status}");
    }
}

#[tokio::test]
async fn a_rate_limit_without_end_is_given_up_with_the_instant_to_come_back() {
    let fake = Fake::start(|_| Say::json(&rate_limited("2021-12-12T18:37:51.644Z"))).await;
    let (meetup, told) = meetup(&fake.url);
    let error = ask(&meetup).await.unwrap_err();
    assert!(matches!(error, AskError::Throttled { .. }));
    assert_eq!(told.lock().unwrap().refused.len(), 4);
    assert_eq!(meetup.counters().rate_limited, 4);
}

#[tokio::test]
async fn a_429_without_words_is_a_rate_limit_too() {
    let fake = Fake::start(|_| nobody()).await;
    fake.script([Say::status(429, "slow down").header("retry-after", "7")]);
    let (meetup, told) = meetup(&fake.url);
    let before = Utc::now().timestamp_millis();
    ask(&meetup).await.unwrap();
    let told = told.lock().unwrap();
    assert!(
        told.refused[0].1 >= before + 400,
        "Retry-After, kept within the longest wait"
    );
}

#[tokio::test]
async fn nothing_is_asked_while_the_ledger_says_wait() {
    let fake = Fake::start(|_| nobody()).await;
    let (meetup, told) = meetup(&fake.url);
    told.lock().unwrap().waits = 2;
    let before = Utc::now();
    ask(&meetup).await.unwrap();
    assert!(Utc::now() - before >= TimeDelta::milliseconds(35));
    assert_eq!(fake.heard().len(), 1);

    told.lock().unwrap().waits = 1000;
    assert!(matches!(
        ask(&meetup).await,
        Err(AskError::Throttled { .. })
    ));
    assert_eq!(fake.heard().len(), 1);
}

#[tokio::test]
async fn a_page_that_fails_for_its_size_is_asked_smaller_and_grows_back() {
    let fake = Fake::start(|_| nobody()).await;
    let (meetup, _) = meetup(&fake.url);
    let too_large = Say::status(200, &" ".repeat(32 * 1024 * 1024 + 1));
    fake.script([Say::status(503, ""), too_large]);
    for _ in 0..18 {
        ask(&meetup).await.unwrap();
    }
    let sizes: Vec<i64> = fake
        .heard()
        .iter()
        .map(|it| it.json()["variables"]["first"].as_i64().unwrap())
        .collect();
    assert_eq!(sizes[..3], [500, 250, 125]);
    assert_eq!(sizes[3..10], [125; 7]);
    assert_eq!(sizes[10..18], [250; 8]);
    assert_eq!(sizes[18..], [500; 2]);
}

#[tokio::test]
async fn a_page_never_shrinks_below_ten_rows() {
    let fake = Fake::start(|_| Say::status(503, "")).await;
    let (meetup, _) = meetup(&fake.url);
    for _ in 0..3 {
        let _ = ask(&meetup).await;
    }
    let last = fake.heard().pop().unwrap().json();
    assert_eq!(last["variables"]["first"], 10);
}
