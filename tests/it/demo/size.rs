//! How long the server takes for the whole large world. Run alone, in release:
//! `cargo test --release --test it -- --ignored the_whole_sized_world --nocapture`

use super::*;
use std::time::{Duration, Instant};

const BACKFILL: &str = "query Backfill($first: Int, $after: String) { proNetwork(urlname: \"sized\") {
    eventsSearch(input: {first: $first, after: $after}) { pageInfo { hasNextPage endCursor } edges {
      node { id token title status eventType dateTime endTime duration createdTime eventUrl maxTickets
        group { id } networkEvent { id } eventHosts { member { id name } }
        venues { id name city country lat lon venueType }
        sign: rsvps(first: 3, filter: {rsvpStatus: [YES, ATTENDED, NO, WAITLIST, NO_SHOW, EXCUSED_ABSENCE]},
                    sort: {sortField: DATETIME, sortOrder: DESC}) {
          yesCount noCount waitlistCount attendedCount noShowCount absentCount edges { node { ...rsvp } } }
        riding: rsvps(first: 100, filter: {rsvpStatus: [YES, ATTENDED, NO, WAITLIST, NO_SHOW, EXCUSED_ABSENCE]}) {
          pageInfo { hasNextPage } edges { cursor node { ...rsvp } } } } } } } }
    fragment rsvp on Rsvp { id status guestsCount isHost updated member { id name } }";

async fn whole(groups: usize, events: usize, rsvps: usize, memberships: usize) {
    let start = Instant::now();
    let meetup = sized(groups, events, rsvps, memberships);
    println!("made in {:?}", start.elapsed());
    let caller = Caller::of(&meetup);
    let (start, mut after, mut rows, mut reading) =
        (Instant::now(), Value::Null, 0, Duration::ZERO);
    loop {
        let variables = json!({"first": 100, "after": after});
        let bytes = caller
            .try_send(TRIAL_TOKEN, BACKFILL, variables)
            .await
            .unwrap()
            .bytes()
            .await
            .unwrap();
        let read = Instant::now();
        let answer: Value = serde_json::from_slice(&bytes).unwrap();
        let page = answer.pointer(EVENTS_PATH).unwrap();
        for event in page["edges"].as_array().unwrap() {
            rows += event["node"]["riding"]["edges"].as_array().unwrap().len();
        }
        after = page["pageInfo"]["endCursor"].clone();
        reading += read.elapsed();
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    println!(
        "{rows} rsvps in {:?}, of which {reading:?} here",
        start.elapsed()
    );
    let ids: Vec<u64> =
        meetup.with_world(|world| world.groups().map(|(_, group)| group.id).collect());
    let (start, mut rows) = (Instant::now(), 0);
    for id in ids {
        let query = format!(
            "query Members($first: Int, $after: String) {{ group(id: {id}) {{ memberships(first: $first, after: $after,
               filter: {{status: [ACTIVE, LEADER]}}) {{ pageInfo {{ hasNextPage endCursor }} edges {{
               node {{ id name }} metadata {{ role status joinTime lastAccessTime }} }} }} }} }}"
        );
        rows += caller
            .walk(&query, "/data/group/memberships", 500)
            .await
            .concat()
            .len();
    }
    println!("{rows} memberships in {:?}", start.elapsed());
    println!("{:?}", meetup.counters());
}

#[tokio::test]
async fn a_thousandth_of_it_can_be_served() {
    whole(3, 30, 500, 300).await;
}

#[tokio::test]
#[ignore = "a measurement"]
async fn the_whole_sized_world() {
    whole(250, 5_000, 150_000, 130_000).await;
}
