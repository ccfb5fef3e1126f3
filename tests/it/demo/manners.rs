//! Transport, values, points: how Meetup says what it says.

use super::*;
use chrono::{DateTime, Utc};
use gatherd::demo::world::{EventStatus, Gathering};
use gatherd::demo::{BadToken, Points, TooLarge};
use std::time::Duration;

#[tokio::test]
async fn a_refused_question_is_a_200_with_a_validation_error_and_no_data() {
    let meetup = sized(1, 2, 5, 5);
    let response = Caller::of(&meetup)
        .send("{ event(id: 1) { nonsense } }")
        .await;
    assert_eq!(response.status(), 200);
    let body: Value = response.json().await.unwrap();
    let error = &body["errors"][0];
    assert_eq!(
        error["extensions"],
        json!({"classification": "ValidationError"})
    );
    assert!(error["locations"][0]["line"].is_number());
    assert!(body.get("data").is_none());
}

#[tokio::test]
async fn undeclared_variables_are_ignored_in_silence() {
    let meetup = sized(1, 7, 5, 5);
    let variables = json!({"first": 5, "eventDateMin": "no date at all"});
    let answer = Caller::of(&meetup).ask(EVENTS, variables).await;
    assert_eq!(
        answer.pointer(EVENTS_PATH).unwrap()["totalCount"],
        7,
        "{answer}"
    );
}

#[tokio::test]
async fn input_instants_need_an_offset() {
    let meetup = sized(2, 40, 5, 5);
    let query = "query Span($from: DateTime) { proNetwork(urlname: \"sized\") {
        eventsSearch(input: {filter: {eventDateMin: $from}}) { totalCount } } }";
    let caller = Caller::of(&meetup);
    for (text, passes) in [
        ("2023-01-01T12:00:00Z", true),
        ("2023-01-01T12:00:00+05:45", true),
        ("2023-01-01", false),
        ("2023-01-01T12:00:00", false),
    ] {
        let answer = caller.ask(query, json!({"from": text})).await;
        assert_eq!(answer.get("errors").is_none(), passes, "{text}: {answer}");
    }
}

#[tokio::test]
async fn every_answer_has_a_date_and_none_speaks_of_quotas() {
    let meetup = sized(1, 2, 5, 5);
    let response = Caller::of(&meetup).send("{ self { id } }").await;
    let names: Vec<_> = response
        .headers()
        .keys()
        .map(|name| name.as_str().to_owned())
        .collect();
    assert!(names.contains(&"date".to_owned()));
    assert!(
        !names
            .iter()
            .any(|name| name.contains("rate") || name.contains("retry")),
        "{names:?}"
    );
    let date = response.headers()["date"].to_str().unwrap();
    let date = DateTime::parse_from_rfc2822(date)
        .unwrap()
        .with_timezone(&Utc);
    assert!((Utc::now() - date).num_seconds().abs() <= 2);
}

#[tokio::test]
async fn the_schema_can_be_asked() {
    let meetup = sized(1, 2, 5, 5);
    let answer = Caller::of(&meetup)
        .ask("{ __schema { queryType { name } } __type(name: \"RsvpStatus\") { enumValues { name } } }", json!({}))
        .await;
    assert_eq!(answer["data"]["__schema"]["queryType"]["name"], "Query");
    assert!(
        answer["data"]["__type"]["enumValues"]
            .as_array()
            .unwrap()
            .len()
            > 5
    );
}

#[tokio::test]
async fn many_aliases_work_in_one_request_and_cost_a_point_each() {
    let meetup = sized(2, 40, 5, 5);
    let ids: Vec<String> =
        meetup.with_world(|world| world.events().map(|(_, event)| event.id.clone()).collect());
    let fields: String = (0..250)
        .map(|turn| {
            format!(
                "a{turn}: event(id: \"{}\") {{ id status }} ",
                ids[turn % ids.len()]
            )
        })
        .collect();
    let answer = Caller::of(&meetup)
        .ask(&format!("{{ {fields} }}"), json!({}))
        .await;
    assert_eq!(answer["data"].as_object().unwrap().len(), 250);
    assert_eq!(meetup.counters().points, 250);
}

#[tokio::test]
async fn what_is_unknown_or_out_of_reach_is_null_without_errors() {
    let meetup = sized(1, 2, 5, 5);
    let answer = Caller::of(&meetup)
        .ask(
            "{ event(id: \"404\") { id } group(id: 404) { id } groupByUrlname(urlname: \"no\") { id }
               proNetwork(urlname: \"no\") { id } }",
            json!({}),
        )
        .await;
    assert_eq!(
        answer,
        json!({"data": {"event": null, "group": null, "groupByUrlname": null, "proNetwork": null}})
    );
}

#[tokio::test]
async fn too_many_points_are_refused_in_the_documented_words() {
    let meetup = sized(1, 2, 5, 5);
    meetup.switch(|switches| {
        switches.points_limit = Some(3);
        switches.points_window = Duration::from_secs(30);
    });
    let caller = Caller::of(&meetup);
    let query = "{ a: self { id } b: self { id } c: self { id } }";
    assert!(caller.ask(query, json!({})).await.get("errors").is_none());
    for (status, as_text, in_past) in [(200, false, false), (429, true, true)] {
        meetup.switch(|switches| {
            switches.throttle_status = status;
            switches.consumed_points_as_text = as_text;
            switches.reset_at_in_past = in_past;
        });
        let response = caller.send(query).await;
        assert_eq!(response.status().as_u16(), status);
        assert!(!response.headers().contains_key("retry-after"));
        let body: Value = response.json().await.unwrap();
        assert!(body["data"].is_null());
        let error = &body["errors"][0];
        assert_eq!(
            error["message"],
            "Too many requests, please try again shortly."
        );
        assert_eq!(error["path"], json!(["a"]));
        let details = &error["extensions"];
        assert_eq!(details["code"], "RATE_LIMITED");
        assert_eq!(
            details["consumedPoints"],
            if as_text { json!("3") } else { json!(3) }
        );
        let reset: DateTime<Utc> = details["resetAt"].as_str().unwrap().parse().unwrap();
        assert_eq!(
            reset < Utc::now() - chrono::TimeDelta::milliseconds(1),
            in_past
        );
    }
    meetup.switch(|switches| switches.points_window = Duration::from_millis(1));
    assert!(caller.ask(query, json!({})).await.get("errors").is_none());
    assert_eq!(meetup.counters().throttled, 2);
}

#[tokio::test]
async fn points_may_grow_with_the_rows() {
    let meetup = sized(2, 60, 5, 5);
    meetup.switch(|switches| switches.points = Points::PerNode { rows_per_point: 10 });
    Caller::of(&meetup).ask(EVENTS, json!({"first": 50})).await;
    assert_eq!(meetup.counters().points, 6);
    assert_eq!(meetup.counters().most_points_in_window, 6);
}

#[tokio::test]
async fn a_page_asked_too_large_may_fail() {
    let meetup = sized(2, 60, 5, 5);
    let caller = Caller::of(&meetup);
    meetup.switch(|s| {
        s.too_large = Some(TooLarge {
            first_above: 25,
            status: 503,
        });
    });
    let response = caller
        .try_send(TRIAL_TOKEN, EVENTS, json!({"first": 26}))
        .await
        .unwrap();
    assert_eq!(response.status(), 503);
    assert!(response.text().await.unwrap().contains("<html>"));
    let answer = caller.ask(EVENTS, json!({"first": 25})).await;
    assert_eq!(
        answer.pointer(EVENTS_PATH).unwrap()["edges"]
            .as_array()
            .unwrap()
            .len(),
        25
    );
}

#[tokio::test]
async fn instants_carry_the_offset_of_their_kind() {
    let meetup = demo(24);
    let caller = Caller::of(&meetup);
    let answer = caller
        .ask(
            "{ groupByUrlname(urlname: \"lanternfish-kathmandu\") { timezone foundedDate proJoinDate
                 events(first: 1, filter: {status: [PAST]}) { edges { node { dateTime endTime createdTime duration } } }
                 memberships(first: 1) { edges { metadata { joinTime } } } } }",
            json!({}),
        )
        .await;
    let group = &answer["data"]["groupByUrlname"];
    assert_eq!(group["timezone"], "Asia/Katmandu");
    let event = &group["events"]["edges"][0]["node"];
    for local in [
        &group["foundedDate"],
        &event["dateTime"],
        &group["memberships"]["edges"][0]["metadata"]["joinTime"],
    ] {
        assert!(local.as_str().unwrap().ends_with("+05:45"), "{answer}");
    }
    for eastern in [&group["proJoinDate"], &event["createdTime"]] {
        let text = eastern.as_str().unwrap();
        assert!(
            text.ends_with("-05:00") || text.ends_with("-04:00"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn durations_exceed_a_day_and_the_online_venue_is_one_for_all() {
    let meetup = demo(24);
    let (long, hybrid) = meetup.with_world(|world| {
        let with = |wanted: &dyn Fn(&gatherd::demo::world::Event) -> bool| {
            world
                .events()
                .find(|(_, event)| wanted(event))
                .unwrap()
                .1
                .id
                .clone()
        };
        (
            with(&|e| e.minutes == Some(1_800)),
            with(&|e| e.gathering == Gathering::Hybrid),
        )
    });
    let answer = Caller::of(&meetup)
        .ask(
            &format!(
                "{{ long: event(id: \"{long}\") {{ duration endTime networkEvent {{ id }} }}
                    hybrid: event(id: \"{hybrid}\") {{ eventType venues {{ id venueType country lat }} }} }}"
            ),
            json!({}),
        )
        .await;
    assert_eq!(answer["data"]["long"]["duration"], "PT30H");
    assert!(answer["data"]["long"]["endTime"].is_null());
    assert!(answer["data"]["long"]["networkEvent"]["id"].is_string());
    let venues = answer["data"]["hybrid"]["venues"].as_array().unwrap();
    assert_eq!(venues.len(), 2);
    assert_eq!(venues[0]["venueType"], "");
    assert_eq!(venues[1]["id"], "26906060");
    assert_eq!(venues[1]["venueType"], "online");
    assert_eq!(venues[1]["country"], "");
    assert!(
        venues[1]["lat"].is_number(),
        "its coordinates are false, but there"
    );
}

#[tokio::test]
async fn events_search_filters_by_words_dates_and_groups() {
    let meetup = demo(24);
    let caller = Caller::of(&meetup);
    let count = |filter: &str| {
        let query = format!(
            "{{ proNetwork(urlname: \"lanternfish\") {{ eventsSearch(input: {{filter: {{{filter}}}}}) {{ totalCount }} }} }}"
        );
        let caller = &caller;
        async move {
            let answer = caller.ask(&query, json!({})).await;
            answer["data"]["proNetwork"]["eventsSearch"]["totalCount"]
                .as_i64()
                .unwrap_or_else(|| panic!("{answer}"))
        }
    };
    let truth = |wanted: &dyn Fn(EventStatus) -> bool| {
        meetup.with_world(|world| {
            let now = world.now();
            world
                .events()
                .filter(|(_, event)| world.group(event.group).network.is_some())
                .filter(|(at, _)| wanted(world.status_of(*at, now)))
                .count() as i64
        })
    };
    assert_eq!(
        count("status: [\"UPCOMING\"]").await,
        truth(&|s| s == EventStatus::Active)
    );
    assert_eq!(
        count("status: [\"PAST\"]").await,
        truth(&|s| s == EventStatus::Past)
    );
    assert_eq!(
        count("status: [\"CANCELLED\"]").await,
        truth(&EventStatus::is_cancelled)
    );
    meetup.switch(|switches| (switches.cancelled_listed, switches.drafts_listed) = (false, false));
    let plain = truth(&|s| matches!(s, EventStatus::Active | EventStatus::Past));
    assert_eq!(count("").await, plain);
    meetup.switch(|switches| (switches.cancelled_listed, switches.drafts_listed) = (true, true));
    assert_eq!(count("").await, truth(&|_| true));
    let group = meetup.with_world(|world| {
        let at = world.group_named("lanternfish-lisbon").unwrap();
        (world.group(at).id, world.events_of(at).count() as i64)
    });
    assert_eq!(
        count(&format!("groupIds: [\"{}\"]", group.0)).await,
        group.1
    );
    let now = Utc::now().to_rfc3339();
    let before = count(&format!(
        "eventDateMax: \"{now}\", status: [\"UPCOMING\", \"PAST\", \"CANCELLED\"]"
    ))
    .await;
    let after = count(&format!(
        "eventDateMin: \"{now}\", status: [\"UPCOMING\", \"PAST\", \"CANCELLED\"]"
    ))
    .await;
    assert_eq!(before + after, truth(&|s| s != EventStatus::Draft));
}

#[tokio::test]
async fn a_groups_events_are_the_upcoming_ones_unless_asked_otherwise() {
    let meetup = demo(4);
    let caller = Caller::of(&meetup);
    let statuses = |arguments: &str| {
        let query = format!(
            "{{ groupByUrlname(urlname: \"lanternfish-lisbon\") {{ events(first: 1000{arguments}) {{ edges {{ node {{ status }} }} }} }} }}"
        );
        let caller = &caller;
        async move {
            let answer = caller.ask(&query, json!({})).await;
            let rows = answer["data"]["groupByUrlname"]["events"]["edges"]
                .as_array()
                .unwrap()
                .clone();
            rows.iter()
                .map(|row| row["node"]["status"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        }
    };
    assert!(statuses("").await.iter().all(|status| status == "ACTIVE"));
    let past = statuses(", filter: {status: [PAST]}").await;
    assert!(past.len() > 20 && past.iter().all(|status| status == "PAST"));
}

#[tokio::test]
async fn the_retired_endpoint_says_so() {
    let meetup = sized(1, 2, 5, 5);
    let url = meetup.endpoint().replace("/gql-ext", "/gql");
    let response = Caller::of(&meetup)
        .http
        .post(url)
        .body("{}")
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 503);
    assert!(
        response.json::<Value>().await.unwrap()["message"]
            .as_str()
            .unwrap()
            .contains("deprecated")
    );
}

#[tokio::test]
async fn a_missing_token_may_show_less_instead_of_an_error() {
    let meetup = sized(1, 2, 5, 5);
    meetup.switch(|switches| switches.bad_token = BadToken::SeesLess);
    let caller = Caller::of(&meetup);
    let answer = caller.try_send("bad", EVENTS, json!({})).await.unwrap();
    assert_eq!(
        answer.json::<Value>().await.unwrap(),
        json!({"data": {"proNetwork": null}})
    );
}
