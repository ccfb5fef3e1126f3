//! The simulated Meetup has the manners of the real one.

mod changes;
mod faults;
mod manners;
mod paging;
mod signing_in;
mod size;
mod story;

use gatherd::demo::{Simulated, Switches, TRIAL_TOKEN, World};
use serde_json::{Value, json};

/// A client of the simplest kind.
struct Caller {
    http: reqwest::Client,
    endpoint: String,
}

impl Caller {
    fn of(meetup: &Simulated) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        Self {
            http: http.build().unwrap(),
            endpoint: meetup.endpoint(),
        }
    }

    async fn try_send(
        &self,
        token: &str,
        query: &str,
        variables: Value,
    ) -> reqwest::Result<reqwest::Response> {
        let body = json!({"query": query, "variables": variables});
        self.http
            .post(&self.endpoint)
            .bearer_auth(token)
            .json(&body)
            .send()
            .await
    }

    async fn send(&self, query: &str) -> reqwest::Response {
        self.try_send(TRIAL_TOKEN, query, json!({})).await.unwrap()
    }

    async fn ask(&self, query: &str, variables: Value) -> Value {
        self.try_send(TRIAL_TOKEN, query, variables)
            .await
            .unwrap()
            .json()
            .await
            .unwrap()
    }

    /// Walks a listing to its end: all pages, by the four reasons to stop.
    async fn walk(&self, query: &str, path: &str, first: usize) -> Vec<Vec<Value>> {
        let (mut pages, mut after) = (Vec::new(), Value::Null);
        loop {
            let answer = self
                .ask(query, json!({"first": first, "after": after}))
                .await;
            let page = answer.pointer(path).unwrap_or_else(|| panic!("{answer}"));
            let rows = page["edges"].as_array().unwrap().clone();
            let next = page["pageInfo"]["endCursor"].clone();
            let ends = rows.is_empty() || next.is_null() || next == after;
            pages.push(rows);
            if ends || page["pageInfo"]["hasNextPage"] == false {
                return pages;
            }
            after = next;
        }
    }
}

fn sized(groups: usize, events: usize, rsvps: usize, memberships: usize) -> Simulated {
    let world = World::sized(1, groups, events, rsvps, memberships, chrono::Utc::now());
    Simulated::start(world, Switches::unlimited()).unwrap()
}

fn demo(groups: usize) -> Simulated {
    Simulated::start(
        World::demo(1, groups, chrono::Utc::now()),
        Switches::unlimited(),
    )
    .unwrap()
}

const EVENTS: &str = "query Events($first: Int, $after: String) { proNetwork(urlname: \"sized\") {
    eventsSearch(input: {first: $first, after: $after}) { totalCount
      pageInfo { hasNextPage endCursor }
      edges { cursor node { id token title status dateTime } } } } }";
const EVENTS_PATH: &str = "/data/proNetwork/eventsSearch";
