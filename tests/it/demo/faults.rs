//! Everything that can go wrong does so on request, once or as often as planned.

use super::*;
use gatherd::demo::world::GroupAt;
use gatherd::demo::{Blemish, Fault, On, Receiver, Reply};
use std::time::Duration;

const SELF: &str = "query Me { self { id } }";

#[tokio::test]
async fn connections_break_off_in_each_way_and_the_next_one_works() {
    let meetup = sized(2, 40, 200, 50);
    let caller = Caller::of(&meetup);
    for fault in [Fault::Refuse, Fault::Reset, Fault::CutBody] {
        meetup.fault(On::Next, fault, 1);
        let sent = caller
            .try_send(TRIAL_TOKEN, EVENTS, json!({"first": 30}))
            .await;
        let broken = match sent {
            Err(_) => true,
            Ok(response) => response.bytes().await.is_err(),
        };
        assert!(broken, "{fault:?}");
        assert!(caller.ask(SELF, json!({})).await["data"]["self"]["id"].is_string());
    }
    assert_eq!(meetup.faults_left(), 0);
}

#[tokio::test]
async fn a_hanging_answer_does_not_hold_up_the_others() {
    let meetup = sized(1, 2, 5, 5);
    let caller = Caller::of(&meetup);
    meetup.fault(On::Next, Fault::Hang, 1);
    let hanging = tokio::time::timeout(Duration::from_millis(150), caller.send(SELF));
    assert!(hanging.await.is_err());
    assert!(caller.ask(SELF, json!({})).await["errors"].is_null());
    meetup.fault(On::Next, Fault::Slow(Duration::from_millis(120)), 1);
    let start = std::time::Instant::now();
    caller.ask(SELF, json!({})).await;
    assert!(start.elapsed() >= Duration::from_millis(120));
}

#[tokio::test]
async fn statuses_and_bodies_go_wrong_as_planned() {
    let meetup = sized(1, 2, 5, 5);
    let caller = Caller::of(&meetup);
    for status in [400, 401, 403, 404, 500, 503] {
        meetup.fault(On::Operation("Me".into()), Fault::Status(status), 1);
        assert_eq!(caller.send(SELF).await.status().as_u16(), status);
    }
    for status in [502, 200] {
        meetup.fault(On::Next, Fault::Html(status), 1);
        let response = caller.send(SELF).await;
        assert_eq!(response.status().as_u16(), status);
        assert!(
            response.headers()["content-type"]
                .to_str()
                .unwrap()
                .starts_with("text/html")
        );
    }
    meetup.fault(On::Next, Fault::TooMany(Some(7)), 1);
    assert_eq!(caller.send(SELF).await.headers()["retry-after"], "7");
    meetup.fault(On::Next, Fault::TooMany(None), 1);
    assert_eq!(caller.send(SELF).await.status(), 429);
    meetup.fault(On::Next, Fault::EmptyBody, 1);
    assert_eq!(caller.send(SELF).await.text().await.unwrap(), "");
    meetup.fault(On::Next, Fault::InvalidJson, 1);
    assert!(caller.send(SELF).await.json::<Value>().await.is_err());
    meetup.fault(On::Next, Fault::RateLimited, 1);
    assert_eq!(
        caller.ask(SELF, json!({})).await["errors"][0]["extensions"]["code"],
        "RATE_LIMITED"
    );
    meetup.fault(On::Next, Fault::CursorRefused, 1);
    assert!(caller.ask(SELF, json!({})).await["data"].is_null());
    meetup.fault(On::Next, Fault::ServerError, 1);
    assert!(caller.ask(SELF, json!({})).await.get("data").is_none());
    assert!(caller.ask(SELF, json!({})).await["errors"].is_null());
}

#[tokio::test]
async fn a_fault_can_wait_for_an_operation_or_for_a_number() {
    let meetup = sized(1, 2, 5, 5);
    let caller = Caller::of(&meetup);
    meetup.fault(On::Request(3), Fault::Status(500), 1);
    meetup.fault(On::Operation("Events".into()), Fault::Status(503), 1);
    let mut seen = Vec::new();
    for query in [SELF, EVENTS, SELF, EVENTS] {
        seen.push(caller.send(query).await.status().as_u16());
    }
    assert_eq!(seen, [200, 503, 500, 200]);
    let counters = meetup.counters();
    assert_eq!(counters.requests, 4);
    assert_eq!(counters.by_operation["Events"], 2);
}

#[tokio::test]
async fn a_group_that_cannot_be_read_takes_the_whole_page_until_it_is_left_out() {
    let meetup = sized(3, 9, 20, 40);
    let caller = Caller::of(&meetup);
    let ids: Vec<String> = meetup.with_world(|world| {
        world
            .groups()
            .map(|(_, group)| group.id.to_string())
            .collect()
    });
    let query = "query Some($ids: [ID!]) { proNetwork(urlname: \"sized\") {
        eventsSearch(input: {first: 50, filter: {groupIds: $ids}}) { edges { node { id title status group { id } } } }
        groupsSearch(input: {first: 50, filter: {groupIds: $ids}}) { edges { node { id name } } } } }";
    for blemish in [Blemish::Unreadable, Blemish::NullId] {
        meetup.blemish(GroupAt(1), blemish);
        let all = caller.ask(query, json!({"ids": ids})).await;
        assert_eq!(
            all["data"],
            json!({"proNetwork": null}),
            "null goes up to the nullable root"
        );
        let path = all["errors"][0]["path"].as_array().unwrap();
        assert_eq!(
            (&path[0], &path[1], &path[2]),
            (
                &json!("proNetwork"),
                &json!("eventsSearch"),
                &json!("edges")
            )
        );
        let rest = caller.ask(query, json!({"ids": [ids[0], ids[2]]})).await;
        assert!(rest.get("errors").is_none());
        assert_eq!(
            rest["data"]["proNetwork"]["eventsSearch"]["edges"]
                .as_array()
                .unwrap()
                .len(),
            6
        );
    }
    meetup.heal();
    assert!(
        caller
            .ask(query, json!({"ids": ids}))
            .await
            .get("errors")
            .is_none()
    );
}

#[tokio::test]
async fn a_page_can_be_partly_broken_without_losing_the_rest() {
    let meetup = sized(3, 9, 20, 40);
    let caller = Caller::of(&meetup);
    let query = "{ proNetwork(urlname: \"sized\") { eventsSearch(input: {first: 50}) { edges {
        node { title status venues { id } group { id } } } } } }";
    let rows = |answer: &Value| {
        answer["data"]["proNetwork"]["eventsSearch"]["edges"]
            .as_array()
            .unwrap()
            .clone()
    };
    meetup.blemish(GroupAt(0), Blemish::Field);
    let answer = caller.ask(query, json!({})).await;
    assert_eq!(answer["errors"].as_array().unwrap().len(), 3);
    assert_eq!(
        rows(&answer)
            .iter()
            .filter(|row| row["node"]["venues"].is_null())
            .count(),
        3
    );
    meetup.blemish(GroupAt(0), Blemish::RawNull);
    let answer = caller.ask(query, json!({})).await;
    assert!(answer.get("errors").is_none());
    assert_eq!(
        rows(&answer)
            .iter()
            .filter(|row| row["node"]["title"].is_null())
            .count(),
        3
    );
    meetup.blemish(GroupAt(0), Blemish::StrangeValues);
    let answer = caller.ask(query, json!({})).await;
    assert_eq!(
        rows(&answer)
            .iter()
            .filter(|row| row["node"]["status"] == "RESCHEDULING")
            .count(),
        3
    );
}

#[tokio::test]
async fn the_world_can_change_right_before_an_answer() {
    let meetup = sized(1, 5, 20, 20);
    let caller = Caller::of(&meetup);
    meetup.before_answer(|asked, world| {
        if asked.operation == "Events" && asked.turn == 2 {
            let at = world.events().next().unwrap().0;
            world.delete_event(at);
        }
    });
    let total = |answer: Value| answer.pointer(EVENTS_PATH).unwrap()["totalCount"].clone();
    assert_eq!(total(caller.ask(EVENTS, json!({})).await), 5);
    assert_eq!(total(caller.ask(EVENTS, json!({})).await), 4);
    meetup.forget_hook();
}

#[tokio::test]
async fn dropping_the_server_ends_what_hangs() {
    let meetup = sized(1, 2, 5, 5);
    let caller = Caller::of(&meetup);
    meetup.fault(On::Next, Fault::Hang, 1);
    let hanging = tokio::spawn(async move { caller.try_send(TRIAL_TOKEN, SELF, json!({})).await });
    tokio::time::sleep(Duration::from_millis(80)).await;
    drop(meetup);
    let ended = tokio::time::timeout(Duration::from_secs(5), hanging)
        .await
        .unwrap();
    assert!(ended.unwrap().is_err());
}

#[tokio::test]
async fn the_receiver_hands_on_what_came_and_answers_as_told() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let receiver = Receiver::start().unwrap();
    let (tell, told) = std::sync::mpsc::channel();
    receiver.on_message(move |message| {
        let _ = tell.send((message.path.clone(), message.json["text"].clone()));
    });
    receiver.reply([
        Reply::Later(429, 3),
        Reply::Redirect("http://elsewhere.example/".into()),
    ]);
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let mut statuses = Vec::new();
    for turn in 0..3 {
        let request = client
            .post(receiver.url("/hook?thread=1"))
            .header("webhook-id", "m1");
        let response = request.json(&json!({"text": turn})).send().await.unwrap();
        statuses.push(response.status().as_u16());
    }
    assert_eq!(statuses, [429, 302, 200]);
    assert_eq!(
        told.iter()
            .take(3)
            .map(|(_, text)| text)
            .collect::<Vec<_>>(),
        [0, 1, 2]
    );
    let received = receiver.take();
    assert_eq!(received.len(), 3);
    assert_eq!(
        (received[0].path.as_str(), received[0].query.as_deref()),
        ("/hook", Some("thread=1"))
    );
    assert_eq!(received[0].headers["webhook-id"], "m1");
    assert!(receiver.received().is_empty());
}
