//! Pages, cursors, orders and totals.

use super::*;
use gatherd::demo::PageCaps;
use gatherd::demo::world::{Answer, EventAt, GroupAt, Standing};
use std::collections::HashSet;

fn event_query(meetup: &Simulated, at: EventAt, arguments: &str) -> String {
    let id = meetup.with_world(|world| world.event(at).id.clone());
    format!(
        "query Rsvps($first: Int, $after: String) {{ event(id: \"{id}\") {{
           rsvps(first: $first, after: $after, {arguments}) {{ totalCount
             yesCount noCount waitlistCount attendedCount noShowCount absentCount
             pageInfo {{ hasNextPage endCursor }}
             edges {{ cursor node {{ id status updated member {{ id }} }} }} }} }} }}"
    )
}

const ALL: &str = "filter: {rsvpStatus: [YES, ATTENDED, NO, WAITLIST, NO_SHOW, EXCUSED_ABSENCE]}";
const RSVPS: &str = "/data/event/rsvps";

fn largest(meetup: &Simulated) -> EventAt {
    meetup.with_world(|world| world.events().max_by_key(|(_, e)| e.rsvps.len()).unwrap().0)
}

fn ids(pages: &[Vec<Value>]) -> Vec<String> {
    let rows = pages.iter().flatten();
    rows.map(|row| row["node"]["id"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn events_come_latest_start_first_and_the_last_page_has_an_end_cursor() {
    let meetup = sized(4, 80, 400, 200);
    let caller = Caller::of(&meetup);
    let pages = caller.walk(EVENTS, EVENTS_PATH, 30).await;
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [30, 30, 20]);
    let starts: Vec<_> = pages
        .iter()
        .flatten()
        .map(|row| {
            let start = row["node"]["dateTime"].as_str().unwrap();
            chrono::DateTime::parse_from_rfc3339(start).unwrap()
        })
        .collect();
    assert!(starts.is_sorted_by(|a, b| a >= b));
    let last = caller.ask(EVENTS, json!({"first": 1000})).await;
    let page = last.pointer(EVENTS_PATH).unwrap();
    assert_eq!(page["pageInfo"]["hasNextPage"], false);
    assert!(page["pageInfo"]["endCursor"].is_string());
    assert_eq!(page["totalCount"], 80);
}

#[tokio::test]
async fn groups_come_by_the_day_they_joined_latest_first() {
    let meetup = demo(24);
    let caller = Caller::of(&meetup);
    let query = "query Groups($first: Int, $after: String) { proNetwork(urlname: \"lanternfish\") {
        groupsSearch(input: {first: $first, after: $after}) { totalCount
          pageInfo { hasNextPage endCursor } edges { metadata { tieStatus totalPastEvents }
          node { id proJoinDate memberships(first: 3, sort: {sortField: JOIN_DATE, sortOrder: DESC})
            { totalCount edges { metadata { joinTime role } node { id } } } } } } } }";
    let pages = caller
        .walk(query, "/data/proNetwork/groupsSearch", 10)
        .await;
    assert_eq!(
        pages.iter().map(Vec::len).collect::<Vec<_>>(),
        [10, 10, 2],
        "two are outside"
    );
    let joined: Vec<_> = pages
        .iter()
        .flatten()
        .map(|row| {
            let date = row["node"]["proJoinDate"].as_str().unwrap();
            chrono::DateTime::parse_from_rfc3339(date).unwrap()
        })
        .collect();
    assert!(joined.is_sorted_by(|a, b| a >= b));
}

#[tokio::test]
async fn the_cap_wins_over_the_asked_page_size_and_a_short_page_says_that_more_follows() {
    let meetup = sized(3, 60, 100, 100);
    meetup.switch(|switches| switches.page_caps = PageCaps::all(25));
    let pages = Caller::of(&meetup).walk(EVENTS, EVENTS_PATH, 500).await;
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [25, 25, 10]);
}

#[tokio::test]
async fn the_true_last_page_may_claim_another_which_is_empty() {
    let meetup = sized(3, 60, 100, 100);
    meetup.switch(|switches| switches.last_page_claims_another = true);
    let pages = Caller::of(&meetup).walk(EVENTS, EVENTS_PATH, 60).await;
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [60, 0]);
}

#[tokio::test]
async fn pages_may_overlap_by_a_row() {
    let meetup = sized(3, 60, 100, 100);
    meetup.switch(|switches| switches.pages_overlap = true);
    let pages = Caller::of(&meetup).walk(EVENTS, EVENTS_PATH, 25).await;
    let all = ids(&pages);
    assert!(all.len() > 60);
    assert_eq!(all.iter().collect::<HashSet<_>>().len(), 60);
    assert_eq!(pages[0].last(), pages[1].first());
}

#[tokio::test]
async fn cursors_of_another_run_are_refused() {
    let meetup = sized(3, 60, 100, 100);
    let caller = Caller::of(&meetup);
    let first = caller.ask(EVENTS, json!({"first": 5})).await;
    let after = first.pointer(EVENTS_PATH).unwrap()["pageInfo"]["endCursor"].clone();
    meetup.renew_cursors();
    let second = caller
        .ask(EVENTS, json!({"first": 5, "after": after}))
        .await;
    assert!(second["data"].is_null());
    assert_eq!(
        second["errors"][0]["extensions"]["classification"],
        "ValidationError"
    );
}

#[tokio::test]
async fn rsvp_cursors_are_offsets_so_a_row_that_leaves_shifts_the_rest() {
    let meetup = sized(1, 2, 60, 60);
    let at = largest(&meetup);
    let query = event_query(&meetup, at, ALL);
    let caller = Caller::of(&meetup);
    let whole = ids(&caller.walk(&query, RSVPS, 1000).await);
    let first = caller.ask(&query, json!({"first": 10})).await;
    let after = first.pointer(RSVPS).unwrap()["pageInfo"]["endCursor"].clone();
    meetup.with_world(|world| {
        let person = world.event(at).rsvps[0].person;
        assert!(world.remove_rsvp(at, person));
    });
    let second = caller
        .ask(&query, json!({"first": 10, "after": after}))
        .await;
    let row = &second.pointer(RSVPS).unwrap()["edges"][0]["node"]["id"];
    assert_eq!(
        *row,
        whole[11].as_str(),
        "the row in between was jumped over"
    );
}

#[tokio::test]
async fn key_cursors_do_not_shift() {
    let meetup = sized(1, 2, 10, 60);
    let caller = Caller::of(&meetup);
    let query = |meetup: &Simulated| {
        let id = meetup.with_world(|world| world.groups().next().unwrap().1.id);
        format!(
            "query Members($first: Int, $after: String) {{ group(id: {id}) {{
               memberships(first: $first, after: $after) {{ totalCount
                 pageInfo {{ hasNextPage endCursor }} edges {{ node {{ id }} metadata {{ joinTime }} }} }} }} }}"
        )
    };
    let whole = ids(&caller
        .walk(&query(&meetup), "/data/group/memberships", 1000)
        .await);
    let first = caller.ask(&query(&meetup), json!({"first": 10})).await;
    let after = first["data"]["group"]["memberships"]["pageInfo"]["endCursor"].clone();
    meetup.with_world(|world| {
        let person = world.group(GroupAt(0)).memberships[2].person;
        world.leave(GroupAt(0), person, false);
    });
    let second = caller
        .ask(&query(&meetup), json!({"first": 10, "after": after}))
        .await;
    assert_eq!(
        second["data"]["group"]["memberships"]["edges"][0]["node"]["id"],
        whole[10].as_str()
    );
}

#[tokio::test]
async fn rsvps_default_to_twenty_rows_of_those_who_come() {
    let meetup = sized(1, 2, 100, 100);
    let at = largest(&meetup);
    let id = meetup.with_world(|world| {
        for turn in 0..world.event(at).rsvps.len() {
            let person = world.event(at).rsvps[turn].person;
            let answer = if turn % 2 == 0 {
                Answer::Yes
            } else {
                Answer::No
            };
            world.edit_rsvp(at, person, |rsvp| rsvp.answer = answer);
        }
        world.event(at).id.clone()
    });
    let query = format!(
        "{{ event(id: \"{id}\") {{ rsvps {{ yesCount noCount edges {{ node {{ status }} }} }} }} }}"
    );
    let answer = Caller::of(&meetup).ask(&query, json!({})).await;
    let rsvps = &answer["data"]["event"]["rsvps"];
    assert_eq!(rsvps["edges"].as_array().unwrap().len(), 20);
    assert!(
        rsvps["edges"]
            .as_array()
            .unwrap()
            .iter()
            .all(|row| row["node"]["status"] == "YES")
    );
    assert!(
        rsvps["noCount"].as_i64().unwrap() >= 20,
        "counts are over all"
    );
}

#[tokio::test]
async fn asking_for_those_who_have_not_answered_drops_everyone_else() {
    let meetup = sized(1, 2, 40, 40);
    let at = largest(&meetup);
    let query = event_query(&meetup, at, "filter: {rsvpStatus: [YES, NO, HAVENT]}");
    assert!(ids(&Caller::of(&meetup).walk(&query, RSVPS, 100).await).is_empty());
}

#[tokio::test]
async fn rsvps_come_by_id_or_by_their_last_change_newest_first() {
    let meetup = sized(1, 2, 80, 80);
    let at = largest(&meetup);
    let caller = Caller::of(&meetup);
    let plain = ids(&caller.walk(&event_query(&meetup, at, ALL), RSVPS, 7).await);
    assert!(plain.is_sorted_by_key(|id| id.parse::<u64>().unwrap()));
    let person = meetup.with_world(|world| {
        let person = world.event(at).rsvps[3].person;
        world.answer(at, person, Answer::No, world.now());
        world.person(person).id.to_string()
    });
    let by_change = format!("{ALL}, sort: {{sortField: DATETIME, sortOrder: DESC}}");
    let pages = caller
        .walk(&event_query(&meetup, at, &by_change), RSVPS, 7)
        .await;
    assert_eq!(pages[0][0]["node"]["member"]["id"], person.as_str());
    assert_eq!(pages[0][0]["node"]["status"], "NO");
}

#[tokio::test]
async fn hidden_rsvps_count_but_do_not_show() {
    for leave_holes in [true, false] {
        let meetup = sized(1, 2, 80, 80);
        meetup.switch(|switches| switches.hidden_leave_holes = leave_holes);
        let at = largest(&meetup);
        let rows = meetup.with_world(|world| {
            let people: Vec<_> = world
                .event(at)
                .rsvps
                .iter()
                .map(|rsvp| rsvp.person)
                .collect();
            for person in &people[5..25] {
                world.hide_rsvp(at, *person, true);
            }
            people.len()
        });
        let caller = Caller::of(&meetup);
        let query = event_query(&meetup, at, ALL);
        let pages = caller.walk(&query, RSVPS, 8).await;
        let shown = ids(&pages);
        assert_eq!(shown.len(), rows - 20, "a walk finds all that is shown");
        assert_eq!(
            pages[0].len() < 8,
            leave_holes,
            "short pages that say more follows"
        );
        let answer = caller.ask(&query, json!({"first": 1})).await;
        assert_eq!(answer.pointer(RSVPS).unwrap()["totalCount"], rows);
    }
}

#[tokio::test]
async fn yes_count_may_or_may_not_include_those_who_attended() {
    let meetup = sized(1, 2, 40, 40);
    let at = largest(&meetup);
    meetup.with_world(|world| {
        let people: Vec<_> = world
            .event(at)
            .rsvps
            .iter()
            .map(|rsvp| rsvp.person)
            .collect();
        for (turn, person) in people.into_iter().enumerate() {
            let answer = if turn < 5 {
                Answer::Attended
            } else {
                Answer::Yes
            };
            world.edit_rsvp(at, person, |rsvp| rsvp.answer = answer);
        }
    });
    let caller = Caller::of(&meetup);
    let query = event_query(&meetup, at, ALL);
    for (includes, less) in [(true, 0), (false, 5)] {
        meetup.switch(|switches| switches.yes_count_includes_attended = includes);
        let answer = caller.ask(&query, json!({"first": 1})).await;
        let page = answer.pointer(RSVPS).unwrap();
        let total = page["totalCount"].as_i64().unwrap();
        assert_eq!(page["yesCount"], total - less);
        assert_eq!(page["attendedCount"], 5);
    }
}

#[tokio::test]
async fn memberships_come_by_joining_and_can_be_asked_by_status_or_person() {
    let meetup = sized(1, 2, 10, 60);
    let caller = Caller::of(&meetup);
    let (id, pending, first) = meetup.with_world(|world| {
        let people: Vec<_> = world
            .group(GroupAt(0))
            .memberships
            .iter()
            .map(|row| row.person)
            .collect();
        world.edit_membership(GroupAt(0), people[9], |row| {
            row.standing = Standing::Pending;
        });
        let id = |place: usize| world.person(people[place]).id;
        (world.group(GroupAt(0)).id, id(9), id(0))
    });
    let ask = |arguments: &str| {
        let query = format!(
            "{{ group(id: {id}) {{ memberships({arguments}) {{ edges {{ node {{ id }}
               metadata {{ status joinTime role }} }} }} stats {{ memberCounts {{ all pending }} }} }} }}"
        );
        let caller = &caller;
        async move { caller.ask(&query, json!({})).await["data"]["group"].clone() }
    };
    let rows = |group: &Value| group["memberships"]["edges"].as_array().unwrap().clone();
    let plain = ask("first: 1000").await;
    assert_eq!(rows(&plain).len(), 59);
    assert_eq!(
        plain["stats"]["memberCounts"],
        json!({"all": 59, "pending": 1})
    );
    assert_eq!(rows(&plain)[0]["node"]["id"], first.to_string());
    let leaders = ask("first: 1000, filter: {status: [LEADER]}").await;
    assert_eq!(rows(&leaders).len(), 4);
    let newest = ask("first: 3, sort: {sortField: JOIN_DATE, sortOrder: DESC}").await;
    assert_eq!(rows(&newest)[0], *rows(&plain).last().unwrap());
    let by_person = ask(&format!("filter: {{memberIds: [{pending}, 12]}}")).await;
    assert_eq!(rows(&by_person).len(), 1);
    assert_eq!(rows(&by_person)[0]["metadata"]["status"], "PENDING");
}
