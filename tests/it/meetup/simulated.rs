//! Against the simulated Meetup: every question walked to its end, whatever the API's open questions
//! turn out to be, with faults on the way, and each way of signing in.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::{TimeDelta, Utc};
use gatherd::community::{EventId, EventSnapshot, GroupId, MemberId, RsvpId};
use gatherd::demo::{
    BadToken, CLIENT_ID, CLIENT_SECRET, Fault, On, PageCaps, Points, SEED_REFRESH_TOKEN, Simulated,
    Switches, TRIAL_TOKEN, TooLarge, World,
};
use gatherd::meetup::{AskError, Meetup, RsvpOrder, Settings, SignIn, Span, Verdict, Walk};

use super::fake::{impatient, ledger};

const NETWORK: &str = "sized";

fn world() -> World {
    World::sized(7, 6, 40, 700, 300, Utc::now())
}

fn settings(sim: &Simulated, folder: &std::path::Path, sign_in: SignIn) -> Settings {
    Settings {
        endpoint: sim.endpoint().parse().unwrap(),
        token_endpoint: sim.token_endpoint().parse().unwrap(),
        sign_in,
        max_concurrency: 2,
        page_size: 500,
        network_access: Default::default(),
        state_dir: folder.to_owned(),
        waits: gatherd::meetup::Waits {
            request: Duration::from_secs(3),
            attempts: 8,
            ..impatient()
        },
    }
}

fn on_trial(sim: &Simulated) -> Meetup {
    let sign_in = SignIn::AccessToken(TRIAL_TOKEN.to_owned().into());
    Meetup::new(settings(sim, "/nonexistent".as_ref(), sign_in), ledger().0).unwrap()
}

/// What a complete walk of everything sees.
#[derive(Debug, Default, PartialEq)]
struct Seen {
    groups: BTreeSet<String>,
    memberships: BTreeSet<(String, String)>,
    events: BTreeMap<String, BTreeSet<u64>>,
}

fn shown(sim: &Simulated) -> Seen {
    sim.with_world(|world| {
        let mut seen = Seen::default();
        for (at, group) in world.groups() {
            let group_id = group.id.to_string();
            for membership in group.memberships.iter().filter(|it| it.is_in()) {
                let member = world.person(membership.person).id.to_string();
                seen.memberships.insert((group_id.clone(), member));
            }
            seen.groups.insert(group_id);
            for at in world.events_of(at).filter(|at| world.is_shown(*at)) {
                let event = world.event(at);
                let rsvps = event.shown_rsvps().map(|it| it.id).collect();
                seen.events.insert(event.token.clone(), rsvps);
            }
        }
        seen
    })
}

async fn walk_everything(meetup: &Meetup) -> Seen {
    let mut seen = Seen::default();
    let mut walk = Walk::default();
    loop {
        let page = meetup
            .network_groups(NETWORK, walk.at(), None)
            .await
            .unwrap()
            .value
            .page;
        let keys = page.rows.iter().map(|it| it.group.id.as_str());
        let goes_on = walk.goes_on(page.next, page.total, keys).unwrap();
        seen.groups
            .extend(page.rows.into_iter().map(|it| it.group.id.0));
        if !goes_on {
            break;
        }
    }
    for group in seen.groups.clone() {
        let mut walk = Walk::default();
        loop {
            let id = GroupId(group.clone());
            let page = meetup
                .memberships(&id, walk.at(), false)
                .await
                .unwrap()
                .value
                .unwrap();
            let keys = page.rows.iter().map(|it| it.member.id.as_str());
            let goes_on = walk.goes_on(page.next, page.total, keys).unwrap();
            let people = page
                .rows
                .into_iter()
                .map(|it| (group.clone(), it.member.id.0));
            seen.memberships.extend(people);
            if !goes_on {
                break;
            }
        }
    }
    let mut walk = Walk::default();
    loop {
        let span = Span::default();
        let page = meetup
            .network_events(NETWORK, span, walk.at(), None, true)
            .await
            .unwrap()
            .value;
        for snapshot in &page.rows {
            let rsvps = rsvps_of(meetup, snapshot).await;
            seen.events.insert(snapshot.event.token.0.clone(), rsvps);
        }
        let keys = page.rows.iter().map(|it| it.event.token.as_str());
        if !walk.goes_on(page.next, page.total, keys).unwrap() {
            break;
        }
    }
    seen
}

/// The riding ones, and the rest by overlapping pages.
async fn rsvps_of(meetup: &Meetup, snapshot: &EventSnapshot) -> BTreeSet<u64> {
    let number = |id: &RsvpId| id.as_str().parse().unwrap();
    let mut page = snapshot.riding.clone().unwrap();
    let mut seen: BTreeSet<u64> = page.rows.iter().map(|it| number(&it.id)).collect();
    while let Some(after) = page.resume_after.take() {
        let answer = meetup
            .event_rsvps(&snapshot.event.id, RsvpOrder::ById, Some(&after))
            .await
            .unwrap();
        let next = answer.value.unwrap().page;
        assert_eq!(
            next.rows.first(),
            page.rows.last(),
            "the overlap shows that nothing shifted"
        );
        seen.extend(next.rows.iter().map(|it| number(&it.id)));
        page = next;
    }
    seen
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_seen_whatever_the_page_caps_and_habits() {
    for (caps, habit) in [(1000, false), (120, true), (30, true)] {
        let switches = Switches {
            page_caps: PageCaps::all(caps),
            last_page_claims_another: habit,
            ..Switches::default()
        };
        let sim = Simulated::start(world(), switches).unwrap();
        assert_eq!(
            walk_everything(&on_trial(&sim)).await,
            shown(&sim),
            "{caps} {habit}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_seen_through_faults_and_pages_too_large() {
    let too_large = TooLarge {
        first_above: 60,
        status: 503,
    };
    let switches = Switches {
        too_large: Some(too_large),
        ..Switches::default()
    };
    let sim = Simulated::start(world(), switches).unwrap();
    for (number, fault) in [
        Fault::Refuse,
        Fault::Reset,
        Fault::CutBody,
        Fault::Status(500),
        Fault::Html(200),
        Fault::Html(503),
        Fault::TooMany(Some(1)),
        Fault::TooMany(None),
        Fault::EmptyBody,
        Fault::InvalidJson,
        Fault::RateLimited,
        Fault::ServerError,
        Fault::Status(400),
    ]
    .into_iter()
    .enumerate()
    {
        sim.fault(On::Request(3 * number as u64 + 2), fault, 1);
    }
    assert_eq!(walk_everything(&on_trial(&sim)).await, shown(&sim));
    assert_eq!(sim.faults_left(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_that_is_refused_costs_the_walk_but_not_the_pass() {
    let switches = Switches {
        page_caps: PageCaps::all(3),
        ..Switches::default()
    };
    let sim = Simulated::start(world(), switches).unwrap();
    let meetup = on_trial(&sim);
    let next = meetup
        .network_groups(NETWORK, None, None)
        .await
        .unwrap()
        .value
        .page
        .next;
    // Pages of that size came before, so it is not the size.
    // It may be the size of the page, so smaller ones are tried before it is believed to be the cursor.
    sim.fault(On::Next, Fault::CursorRefused, 20);
    let error = meetup
        .network_groups(NETWORK, next.as_ref(), None)
        .await
        .unwrap_err();
    assert_eq!(error.verdict(), Verdict::RetryLater, "{error}");
    // Without a cursor it is the question itself that is refused.
    sim.fault(On::Next, Fault::CursorRefused, 20);
    let error = meetup
        .network_groups(NETWORK, None, None)
        .await
        .unwrap_err();
    assert_eq!(error.verdict(), Verdict::StopPass, "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_are_found_by_id_and_urlname_and_the_unknown_is_none() {
    let sim = Simulated::start(world(), Switches::default()).unwrap();
    let meetup = on_trial(&sim);
    let (ids, urlnames, events) = sim.with_world(|world| {
        let groups = || world.groups().map(|(_, group)| group);
        let events: Vec<EventId> = world
            .events()
            .map(|(_, it)| EventId(it.id.clone()))
            .collect();
        let ids: Vec<GroupId> = groups().map(|it| GroupId(it.id.to_string())).collect();
        (
            ids,
            groups().map(|it| it.urlname.clone()).collect::<Vec<_>>(),
            events,
        )
    });
    let hot_from = Utc::now() - TimeDelta::days(45);
    let mut asked = ids.clone();
    asked.push("999999999".into());
    let by_id = meetup.groups_by_id(&asked, hot_from).await.unwrap().value;
    assert_eq!(by_id.last(), Some(&Ok(None)));
    let found: Vec<_> = by_id
        .into_iter()
        .filter_map(Result::unwrap)
        .map(|it| it.group.id)
        .collect();
    assert_eq!(found, ids);
    let names: Vec<&str> = urlnames.iter().map(String::as_str).collect();
    for found in meetup
        .groups_by_urlname(&names, hot_from)
        .await
        .unwrap()
        .value
    {
        let snapshot = found.unwrap().unwrap();
        assert!(snapshot.group.member_count.is_some());
        let hot = snapshot.events.unwrap();
        assert!(hot.complete);
        assert!(
            hot.events
                .iter()
                .all(|it| it.event.starts_at.unwrap() >= hot_from)
        );
        assert!(
            hot.events
                .iter()
                .all(|it| it.event.group == snapshot.group.id)
        );
    }
    let found = meetup.events_by_id(&events).await.unwrap().value;
    assert!(
        found
            .iter()
            .zip(&events)
            .all(|(it, id)| it.as_ref().unwrap().as_ref().unwrap().event.id == *id)
    );

    let group = &ids[0];
    let page = meetup
        .memberships(group, None, false)
        .await
        .unwrap()
        .value
        .unwrap();
    let wanted: Vec<MemberId> = page.rows.iter().map(|it| it.member.id.clone()).collect();
    let again = meetup
        .members_of(group, &wanted)
        .await
        .unwrap()
        .value
        .unwrap();
    assert_eq!(again.rows.len(), wanted.len());
    let listed = meetup
        .group_events(group, Span::default(), None, true)
        .await
        .unwrap()
        .value;
    assert!(!listed.rows.is_empty());
    assert!(listed.rows.iter().all(|it| it.riding.is_some()));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_way_of_signing_in_survives_expiry_and_revocation() {
    let bad_tokens = [
        BadToken::Status401,
        BadToken::TokenInvalid,
        BadToken::AuthFail,
        BadToken::Unauthorized,
    ];
    for bad_token in bad_tokens {
        let switches = Switches {
            bad_token,
            clock_ahead_seconds: 1_800,
            token_lives: Duration::from_secs(2),
            ..Switches::default()
        };
        let sim = Simulated::start(world(), switches).unwrap();
        let member = sim.with_world(|world| {
            let (_, network) = world.networks().next().unwrap();
            world.person(network.admin).id.to_string()
        });
        let public = include_bytes!("../../data/rsa_public.der");
        sim.register_signing_key("key-1", &member, public);
        let ways = [
            SignIn::Refresh {
                client_id: CLIENT_ID.to_owned(),
                client_secret: CLIENT_SECRET.to_owned().into(),
                refresh_token: Some(SEED_REFRESH_TOKEN.to_owned().into()),
            },
            SignIn::Jwt {
                client_id: CLIENT_ID.to_owned(),
                signing_key_id: "key-1".to_owned(),
                member_id: member.clone(),
                private_key: include_str!("../../data/rsa_pkcs8.pem").to_owned().into(),
            },
        ];
        for sign_in in ways {
            let folder = tempfile::tempdir().unwrap();
            let meetup = Meetup::new(settings(&sim, folder.path(), sign_in), ledger().0).unwrap();
            meetup.network_groups(NETWORK, None, None).await.unwrap();
            sim.revoke_access_tokens();
            meetup.network_groups(NETWORK, None, None).await.unwrap();
            if bad_token != BadToken::Status401 {
                continue;
            }
            tokio::time::sleep(Duration::from_millis(1_200)).await;
            let before = meetup.counters().requests;
            meetup.network_groups(NETWORK, None, None).await.unwrap();
            assert_eq!(
                meetup.counters().requests,
                before + 1,
                "renewed before it was refused"
            );
        }
        let lost = on_trial(&sim);
        sim.revoke_access_tokens();
        let error = lost.network_groups(NETWORK, None, None).await.unwrap_err();
        assert!(
            matches!(error, AskError::NeedsSignIn { .. }),
            "{bad_token:?}: {error}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_that_counts_rows_is_survived_with_smaller_pages_and_patience() {
    let switches = Switches {
        points: Points::PerNode { rows_per_point: 10 },
        points_limit: Some(60),
        points_window: Duration::from_millis(300),
        reset_at_in_past: true,
        ..Switches::default()
    };
    let sim = Simulated::start(world(), switches).unwrap();
    let group = sim.with_world(|world| GroupId(world.groups().next().unwrap().1.id.to_string()));
    let sign_in = SignIn::AccessToken(TRIAL_TOKEN.to_owned().into());
    let mut settings = settings(&sim, "/nonexistent".as_ref(), sign_in);
    settings.waits.shortest_reset = Duration::from_millis(100);
    settings.waits.refusals = 10;
    let meetup = Meetup::new(settings, ledger().0).unwrap();
    for _ in 0..20 {
        meetup.memberships(&group, None, false).await.unwrap();
    }
    assert!(meetup.counters().rate_limited > 0);
}
