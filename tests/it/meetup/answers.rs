//! What answers become, whatever Meetup puts into them.

use chrono::Utc;
use gatherd::community::{
    Event, EventId, EventType, GroupId, Member, MemberId, Role, RsvpStatus, Venue,
};
use gatherd::meetup::{ARITY, AskError, RsvpOrder, Span, Verdict};
use serde_json::{Value, json};

use super::fake::*;

fn edge(id: &str, name: Value) -> Value {
    json!({"cursor": id, "node": {"id": id, "name": name}, "metadata": {
        "role": "DUKE", "status": "ASCENDED",
        "joinTime": "2024-03-01T18:30-05:00[US/Eastern]", "lastAccessTime": null}})
}

fn rsvp(id: &str, status: &str) -> Value {
    json!({"cursor": format!("c{id}"), "node": {
        "id": id, "status": status, "guestsCount": 1, "isHost": false,
        "updated": "2025-03-01T10:00:00Z", "member": {"id": "9", "name": " Ada "}}})
}

fn event(id: &str) -> Value {
    json!({
        "id": id, "token": format!("t{id}"), "title": " Rust night ", "status": "ACTIVE",
        "eventType": "HYBRID", "dateTime": "2025-03-01T19:00:00+01:00", "endTime": null,
        "duration": "PT30H", "createdTime": "2025-02-01T10:00:00-05:00",
        "eventUrl": "https://example.org/e", "maxTickets": 0, "group": {"id": "7"},
        "networkEvent": {"id": "n1"},
        "venues": [
            {"id": "5", "name": "Library", "city": " Bern ", "country": "CH", "lat": 46.9, "lon": 7.4, "venueType": ""},
            {"id": "26906060", "name": "Online event", "city": "", "country": "", "lat": -8.5, "lon": 179.2, "venueType": "online"}],
        "eventHosts": [{"member": null}, null, {"member": {"id": "9", "name": "Ada"}}, {"member": {"id": "9", "name": "Ada"}}],
        "sign": {"yesCount": 2, "noCount": 0, "waitlistCount": null, "attendedCount": 0,
                 "noShowCount": 0, "absentCount": 0, "edges": [rsvp("1", "PERHAPS")]}})
}

#[tokio::test]
async fn people_come_with_trimmed_names_and_unknown_words_and_holes_are_skipped() {
    let answer = json!({"data": {"group": {"memberships": {
        "totalCount": 4, "pageInfo": null,
        "edges": [edge("1", json!("  Ada  ")), edge("2", json!(" ")), edge("3", Value::Null),
                  {"cursor": "4", "node": null, "metadata": null}]}}}});
    let fake = Fake::start(move |_| Say::json(&answer)).await;
    let (meetup, _) = meetup(&fake.url);
    let page = meetup
        .memberships(&GroupId::from("7"), None, true)
        .await
        .unwrap()
        .value
        .unwrap();
    let names: Vec<Option<&str>> = page
        .rows
        .iter()
        .map(|it| it.member.name.as_deref())
        .collect();
    assert_eq!(names, [Some("Ada"), None, None]);
    assert_eq!(
        (page.rows[0].role.clone(), page.rows[0].status.as_str()),
        (Some(Role::Other("DUKE".to_owned())), "ASCENDED")
    );
    assert_eq!(
        page.rows[0].joined_at.unwrap().to_rfc3339(),
        "2024-03-01T23:30:00+00:00"
    );
    assert_eq!(
        page.next.unwrap().0,
        "4",
        "without page info the last cursor goes on"
    );
    let asked = fake.heard()[0].json();
    assert_eq!(
        asked["variables"]["sort"],
        json!({"sortField": "JOIN_DATE", "sortOrder": "DESC"})
    );
    assert_eq!(
        asked["variables"]["filter"],
        json!({"status": ["ACTIVE", "LEADER"]})
    );
    assert_eq!(asked["operationName"], "GroupMemberships");
}

#[tokio::test]
async fn people_are_asked_for_by_number_and_what_is_no_number_is_absent() {
    let answer = json!({"data": {"group": {"memberships": {
        "totalCount": 1, "pageInfo": {"hasNextPage": false, "endCursor": "x"},
        "edges": [edge("12", json!("Ada"))]}}}});
    let fake = Fake::start(move |_| Say::json(&answer)).await;
    let (meetup, _) = meetup(&fake.url);
    let ids = ["12", "abc", "99999999999"].map(MemberId::from);
    let found = meetup.members_of(&GroupId::from("7"), &ids).await.unwrap();
    assert_eq!(found.value.unwrap().rows.len(), 1);
    let variables = fake.heard()[0].json()["variables"].clone();
    assert_eq!(variables["filter"]["memberIds"], json!([12]));
    assert!(variables["filter"]["status"].as_array().unwrap().len() > 10);
}

#[tokio::test]
async fn an_event_is_read_whole() {
    let listing = json!({"data": {"proNetwork": {"eventsSearch": {
        "totalCount": 1, "pageInfo": {"hasNextPage": false, "endCursor": "z"},
        "edges": [{"node": event("e1")}]}}}});
    let fake = Fake::start(move |_| Say::json(&listing)).await;
    let (meetup, _) = meetup(&fake.url);
    let span = Span {
        from: Some("2025-01-01T00:00:00Z".parse().unwrap()),
        to: None,
    };
    let only = [GroupId::from("7")];
    let page = meetup
        .network_events("acme", span, None, Some(&only), false)
        .await
        .unwrap()
        .value;
    let venue = |id: &str, name: &str, is_online: bool| Venue {
        id: id.into(),
        name: Some(name.to_owned()),
        city: (!is_online).then(|| "Bern".to_owned()),
        country: (!is_online).then(|| "ch".to_owned()),
        lat: (!is_online).then_some(46.9),
        lon: (!is_online).then_some(7.4),
        is_online,
    };
    let starts_at = page.rows[0].event.starts_at.unwrap();
    assert_eq!(
        starts_at.to_rfc3339(),
        "2025-03-01T19:00:00+01:00",
        "with its own offset"
    );
    let expected = Event {
        token: "te1".into(),
        id: "e1".into(),
        group: "7".into(),
        title: "Rust night".to_owned(),
        status: "ACTIVE".to_owned(),
        event_type: EventType::Hybrid,
        starts_at: Some(starts_at),
        ends_at: Some("2025-03-03T00:00:00Z".parse().unwrap()),
        created_at: Some("2025-02-01T15:00:00Z".parse().unwrap()),
        url: Some("https://example.org/e".to_owned()),
        capacity: None,
        venues: Some(vec![
            venue("5", "Library", false),
            venue("26906060", "Online event", true),
        ]),
        hosts: Some(vec![Member {
            id: "9".into(),
            name: Some("Ada".to_owned()),
        }]),
        network_event_id: Some("n1".to_owned()),
    };
    assert_eq!(page.rows[0].event, expected);
    assert_eq!(page.next, None, "the last page has a cursor too");
    assert_eq!(page.rows[0].sign.counts.yes, Some(2));
    assert_eq!(
        page.rows[0].sign.newest[0].status,
        Some(RsvpStatus::Other("PERHAPS".to_owned()))
    );
    assert_eq!(page.rows[0].riding, None);
    assert_eq!(
        fake.heard()[0].json()["variables"]["input"],
        json!({"first": 500, "filter": {"eventDateMin": "2025-01-01T00:00:00Z",
               "groupIds": ["7"], "status": ["UPCOMING", "PAST", "CANCELLED"]}})
    );
}

#[tokio::test]
async fn riding_rsvps_come_with_the_cursor_that_overlaps_by_one_row() {
    let mut with_rsvps = event("e1");
    with_rsvps["riding"] = json!({"pageInfo": {"hasNextPage": true},
        "edges": [rsvp("1", "YES"), rsvp("2", "NO"), rsvp("3", "ATTENDED")]});
    let listing = json!({"data": {"proNetwork": {"eventsSearch": {
        "totalCount": 1, "pageInfo": {"hasNextPage": false, "endCursor": "z"},
        "edges": [{"node": with_rsvps}]}}}});
    let fake = Fake::start(move |_| Say::json(&listing)).await;
    let (meetup, _) = meetup(&fake.url);
    let page = meetup
        .network_events("acme", Span::default(), None, None, true)
        .await
        .unwrap()
        .value;
    let riding = page.rows[0].riding.as_ref().unwrap();
    assert!(riding.has_next);
    assert_eq!(riding.resume_after.as_ref().unwrap().0, "c2");
    assert_eq!(riding.rows.len(), 3);
    let variables = fake.heard()[0].json()["variables"].clone();
    assert_eq!(
        (&variables["riding"], &variables["input"]["first"]),
        (&json!(100), &json!(50))
    );
}

#[tokio::test]
async fn a_page_of_rsvps_that_does_not_say_whether_it_is_the_last_is_taken_for_none() {
    // The server may give fewer rows than it was asked for.
    for (rows, has_next) in [(3, true), (1, false), (0, false)] {
        let edges: Vec<_> = (0..rows).map(|nth| rsvp(&nth.to_string(), "YES")).collect();
        let mut with_rsvps = event("e1");
        with_rsvps["riding"] = json!({"pageInfo": null, "edges": edges});
        let listing = json!({"data": {"proNetwork": {"eventsSearch": {
            "totalCount": 1, "pageInfo": {"hasNextPage": false, "endCursor": "z"},
            "edges": [{"node": with_rsvps}]}}}});
        let fake = Fake::start(move |_| Say::json(&listing)).await;
        let (meetup, _) = meetup(&fake.url);
        let answer = meetup.network_events("acme", Span::default(), None, None, true);
        let page = answer.await.unwrap().value;
        let riding = page.rows[0].riding.as_ref().unwrap();
        assert_eq!(riding.has_next, has_next, "{rows} rows");
    }
}

#[tokio::test]
async fn no_question_asks_for_what_gatherd_must_not_know() {
    let fake = Fake::start(|_| Say::json(&json!({"data": {}}))).await;
    let (meetup, _) = meetup(&fake.url);
    let (group, event) = (GroupId::from("7"), EventId::from("e"));
    let (groups, events) = ([group.clone()], [event.clone()]);
    let _ = meetup.network_groups("acme", None, None).await;
    for riding in [true, false] {
        let _ = meetup
            .network_events("acme", Span::default(), None, None, riding)
            .await;
        let _ = meetup
            .group_events(&group, Span::default(), None, riding)
            .await;
    }
    let _ = meetup.event_rsvps(&event, RsvpOrder::ById, None).await;
    let _ = meetup.memberships(&group, None, false).await;
    let _ = meetup.events_by_id(&events).await;
    let _ = meetup.groups_by_id(&groups, Utc::now()).await;
    let _ = meetup.groups_by_urlname(&["rust-bern"], Utc::now()).await;
    let asked: Vec<Value> = fake.heard().iter().map(super::fake::Heard::json).collect();
    let mut operations: Vec<&str> = asked
        .iter()
        .map(|it| it["operationName"].as_str().unwrap())
        .collect();
    operations.dedup();
    assert_eq!(operations.len(), 10, "{operations:?}");
    for it in &asked {
        let text = it["query"].as_str().unwrap();
        assert_eq!(text.matches("query ").count(), 1, "one operation at a time");
        for word in [
            "description",
            "photo",
            "email",
            "bio",
            "birthday",
            "gender",
            "HAVENT",
        ] {
            assert!(
                !text.to_lowercase().contains(&word.to_lowercase()),
                "{word}: {text}"
            );
        }
        let statuses = "rsvpStatus: [YES, ATTENDED, NO, WAITLIST, NO_SHOW, EXCUSED_ABSENCE, YES_PENDING_PAYMENT, MAYBE]";
        let listings = text.matches("rsvps(").count();
        assert_eq!(
            listings,
            text.matches(statuses).count(),
            "all statuses, each time: {text}"
        );
    }
}

#[tokio::test]
async fn many_ids_go_in_requests_of_one_and_the_same_text() {
    let fake = Fake::start(|heard| {
        let variables = heard.json()["variables"].clone();
        let data: serde_json::Map<String, Value> = variables
            .as_object()
            .unwrap()
            .iter()
            .map(|(alias, id)| (alias.clone(), event(id.as_str().unwrap())))
            .collect();
        Say::json(&json!({"data": data}))
    })
    .await;
    let (meetup, told) = meetup(&fake.url);
    let ids: Vec<EventId> = (0..ARITY + 2).map(|it| EventId(format!("e{it}"))).collect();
    let answer = meetup.events_by_id(&ids).await.unwrap();
    assert_eq!(answer.asked, 1, "the older of the two questions");
    let found: Vec<EventId> = answer
        .value
        .into_iter()
        .map(|it| it.unwrap().unwrap().event.id)
        .collect();
    assert_eq!(found, ids);
    let heard = fake.heard();
    assert_eq!(heard.len(), 2);
    assert_eq!(heard[0].json()["query"], heard[1].json()["query"]);
    let padded = heard[1].json()["variables"].clone();
    assert_eq!(
        (&padded["a0"], &padded["a1"], &padded["a24"]),
        (&json!("e25"), &json!("e26"), &json!("e26"))
    );
    assert_eq!(
        told.lock().unwrap().reserved[0],
        ("EventsById".to_owned(), 25)
    );
}

#[tokio::test]
async fn what_goes_wrong_with_one_alias_leaves_the_others_alone() {
    let fake = Fake::start(|_| {
        let mut data: serde_json::Map<String, Value> = (0..ARITY)
            .map(|it| (format!("a{it}"), event("e")))
            .collect();
        data["a1"] = Value::Null;
        data["a2"] = Value::Null;
        data["a3"]["dateTime"] = json!("Ada's birthday");
        data["a4"]["group"] = Value::Null;
        data.remove("a5");
        let errors = json!([{"message": "for Ada", "path": ["a2"],
                             "extensions": {"classification": "DataFetchingException"}}]);
        Say::json(&json!({"data": data, "errors": errors}))
    })
    .await;
    let (meetup, _) = meetup(&fake.url);
    let ids: Vec<EventId> = (0..7).map(|it| EventId(format!("e{it}"))).collect();
    let found = meetup.events_by_id(&ids).await.unwrap().value;
    assert_eq!(
        fake.heard().len(),
        3,
        "a hole may pass, so it is asked again before it is believed"
    );
    assert!(found[0].as_ref().unwrap().is_some());
    assert_eq!(found[1], Ok(None));
    let lost = |place: usize| found[place].as_ref().unwrap_err().to_string();
    assert_eq!(lost(2), "EventsById: a2: DataFetchingException");
    assert_eq!(
        lost(3),
        "EventsById: a3.dateTime: text instead of an instant"
    );
    assert_eq!(lost(4), "EventsById: a4: belongs to no group");
    assert_eq!(lost(5), "EventsById: a5: absent from the answer");
    assert!(found[6].as_ref().unwrap().is_some());
}

#[tokio::test]
async fn a_hole_in_a_listing_costs_the_listing_and_names_its_place() {
    let answer = json!({
        "data": {"proNetwork": null},
        "errors": [{"message": "boom", "path": ["proNetwork", "eventsSearch", "edges", 3, "node", "group"],
                    "extensions": {"classification": "DataFetchingException"}}]});
    let fake = Fake::start(move |_| Say::json(&answer)).await;
    let (meetup, _) = meetup(&fake.url);
    let error = meetup
        .network_events("acme", Span::default(), None, None, false)
        .await
        .unwrap_err();
    assert_eq!(error.verdict(), Verdict::SkipGroup);
    assert_eq!(
        error.to_string(),
        "NetworkEvents: proNetwork.eventsSearch.edges.3.node.group: DataFetchingException"
    );
}

#[tokio::test]
async fn a_network_that_is_null_is_not_visible() {
    let fake = Fake::start(|_| Say::json(&json!({"data": {"proNetwork": null}}))).await;
    let (meetup, _) = meetup(&fake.url);
    let error = meetup.network_groups("acme", None, None).await.unwrap_err();
    assert!(matches!(&error, AskError::NotVisible { what } if what == "network acme"));
}

#[tokio::test]
async fn an_answer_carries_its_question_and_meetups_time() {
    let fake = Fake::start(|_| nobody().header("date", "Sat, 01 Mar 2025 10:00:00 GMT")).await;
    let (meetup, _) = meetup(&fake.url);
    for asked in 1..=3 {
        let answer = meetup
            .memberships(&GroupId::from("7"), None, false)
            .await
            .unwrap();
        assert_eq!(answer.asked, asked);
        assert_eq!(
            answer.answered_at.unwrap().to_rfc3339(),
            "2025-03-01T10:00:00+00:00"
        );
    }
}
