//! The simulated Meetup has the manners of the real one.

mod story;

use gatherd::demo::{Simulated, Switches, TRIAL_TOKEN, World};
use serde_json::{Value, json};

/// A client of the simplest kind.
struct Caller {
    http: reqwest::Client,
    endpoint: String,
}

impl Caller {
    fn of(simulated: &Simulated) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self {
            http: reqwest::Client::new(),
            endpoint: simulated.endpoint(),
        }
    }

    async fn send(&self, token: &str, query: &str, variables: Value) -> reqwest::Response {
        self.http
            .post(&self.endpoint)
            .bearer_auth(token)
            .json(&json!({"query": query, "variables": variables}))
            .send()
            .await
            .unwrap()
    }

    async fn ask(&self, query: &str, variables: Value) -> Value {
        self.send(TRIAL_TOKEN, query, variables)
            .await
            .json()
            .await
            .unwrap()
    }
}

const EVENTS: &str =
    "query Events($input: ProNetworkEventsSearchInput!) { proNetwork(urlname: \"sized\") {
    eventsSearch(input: $input) { totalCount pageInfo { hasNextPage endCursor }
      edges { cursor node { id token title status dateTime } } } } }";

fn sized(groups: usize, events: usize, rsvps: usize, memberships: usize) -> Simulated {
    let world = World::sized(1, groups, events, rsvps, memberships, chrono::Utc::now());
    Simulated::start(world, Switches::unlimited()).unwrap()
}

#[tokio::test]
async fn events_come_newest_first_page_by_page() {
    let meetup = sized(4, 80, 400, 200);
    let caller = Caller::of(&meetup);
    let mut after = Value::Null;
    let mut starts = Vec::new();
    loop {
        let answer = caller
            .ask(EVENTS, json!({"input": {"first": 30, "after": after}}))
            .await;
        let page = &answer["data"]["proNetwork"]["eventsSearch"];
        assert_eq!(page["totalCount"], 80, "{answer}");
        for edge in page["edges"].as_array().unwrap() {
            let start = edge["node"]["dateTime"].as_str().unwrap();
            starts.push(chrono::DateTime::parse_from_rfc3339(start).unwrap());
        }
        after = page["pageInfo"]["endCursor"].clone();
        assert!(after.is_string(), "the last page has an end cursor too");
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    assert_eq!(starts.len(), 80);
    assert!(starts.is_sorted_by(|a, b| a >= b));
}
