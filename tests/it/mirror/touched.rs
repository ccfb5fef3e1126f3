//! Looking at groups again reads those that changed and no others, and finds what reading all finds.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Duration, FixedOffset, Utc};
use gatherd::community::*;
use gatherd::metrics::{self, Leader, Watched, Watching};
use gatherd::mirror::*;
use gatherd::report::alerts::{self, Ask, Decision};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};

use super::samples::*;

const GROUPS: [&str; 4] = ["g1", "g2", "g3", "g4"];
const DAY: i64 = 86_400;

fn instant(rng: &mut StdRng, now: i64) -> i64 {
    let days = [-400, -366, -365, -181, -180, -30, -2, -1, 0, 1, 2, 3, 30];
    now + days.choose(rng).unwrap() * DAY + rng.random_range(-4..4) * 3_600
}

fn drawn_event(rng: &mut StdRng, now: i64) -> Event {
    let starts = instant(rng, now);
    let zone = FixedOffset::east_opt(7_200).unwrap();
    let n = rng.random_range(0..20);
    Event {
        starts_at: Some(at(starts).with_timezone(&zone)),
        ends_at: rng.random_bool(0.7).then(|| at(starts + 7_200)),
        created_at: rng
            .random_bool(0.7)
            .then(|| at(starts.min(now) + rng.random_range(-2..2) * 3_600)),
        status: (*["ACTIVE", "ACTIVE", "PAST", "CANCELLED"]
            .choose(rng)
            .unwrap())
        .to_owned(),
        hosts: Some(
            (0..rng.random_range(0..3))
                .map(|_| drawn_member(rng))
                .collect(),
        ),
        // Now and then it is another group's.
        ..event(
            &format!("t{n}"),
            GROUPS[if rng.random_bool(0.95) { n % 4 } else { 0 }],
        )
    }
}

fn drawn_member(rng: &mut StdRng) -> Member {
    let id = rng.random_range(1..7);
    Member {
        id: id.to_string().as_str().into(),
        // Some are called otherwise from time to time.
        name: Some(format!(
            "Member {id}{}",
            ["", "", " the elder"].choose(rng).unwrap()
        )),
    }
}

/// One page of answers, of whatever kind.
fn record(w: &Writing<'_>, rng: &mut StdRng, (now, asked): (i64, i64)) -> Result<(), MirrorError> {
    let id = *GROUPS.choose(rng).unwrap();
    let key = w.record_group(&group(id), asked)?.key;
    match rng.random_range(0..10) {
        0..=2 => {
            w.record_event(&drawn_event(rng, now), asked)?;
        }
        3..=4 => {
            if let Some(event) = w.record_event(&drawn_event(rng, now), asked)? {
                let rows = (0..rng.random_range(0..5)).map(|n| Rsvp {
                    member: drawn_member(rng),
                    is_host: rng.random_bool(0.5),
                    ..with_status(
                        [RsvpStatus::Yes, RsvpStatus::No]
                            .choose(rng)
                            .unwrap()
                            .clone(),
                        rsvp(&format!("{}-{n}", event.key.0), now - NOW),
                    )
                });
                let rows: Vec<Rsvp> = rows.collect();
                w.record_rsvps(event.key, &rows, asked)?;
            }
        }
        5 => {
            if let Some(event) = w.record_event(&drawn_event(rng, now), asked)? {
                w.mark_event_gone(event.key, asked + 1)?;
            }
        }
        6..=7 => {
            let role = *[Role::Member, Role::Organizer, Role::Coorganizer]
                .choose(rng)
                .as_ref()
                .unwrap();
            let of = Membership {
                member: drawn_member(rng),
                role: Some(role.clone()),
                status: "LEADER".to_owned(),
                joined_at: Some(at(instant(rng, now))),
                ..membership("1")
            };
            w.record_memberships(key, &[of], asked)?;
        }
        8 => {
            w.mark_memberships_gone(key, &[drawn_member(rng).id], asked)?;
        }
        _ => match rng.random_range(0..4) {
            0 => {
                let of = Network {
                    primary_admin: Some(drawn_member(rng)),
                    ..network()
                };
                w.record_network(&of, asked)?;
            }
            1 => {
                w.mark_group_gone(key, GoneWhy::Left, asked)?;
            }
            2 => {
                let link = Some(format!("https://www.meetup.com/{id}-{asked}"));
                let status = GroupStatus::Grace;
                w.record_group(
                    &Group {
                        link,
                        status,
                        ..group(id)
                    },
                    asked,
                )?;
            }
            _ => w.unsponsor_group(key)?,
        },
    }
    Ok(())
}

/// As if nobody had a name.
fn nameless(groups: &[Watched]) -> Vec<Watched> {
    let bare = |it: &Leader| Leader {
        name: None,
        ..it.clone()
    };
    let mut groups = groups.to_vec();
    for group in &mut groups {
        for leader in &mut group.leaders {
            *leader = bare(leader);
        }
        for (leader, _) in &mut group.former_leaders {
            *leader = bare(leader);
        }
        for host in &mut group.hosts {
            host.person = bare(&host.person);
        }
    }
    groups
}

/// What alerts remember.
type Remembered = BTreeMap<AlertKey, Alert>;

fn decide(groups: &[Watched], before: &Remembered, now: DateTime<Utc>) -> Decision {
    let before: Vec<Alert> = before.values().cloned().collect();
    let ask = Ask {
        now,
        today: now.date_naive(),
        kinds: AlertKind::ALL,
        contacts: &[],
        unread: &Default::default(),
    };
    alerts::decide(groups, &before, ask)
}

#[test]
fn groups_found_again_are_what_reading_all_finds_and_the_same_is_told() {
    let (mut told, mut kept, mut by_time) = (BTreeSet::new(), 0, 0);
    for seed in 0..12 {
        let rng = &mut StdRng::seed_from_u64(seed);
        let sample = Sample::new();
        let mut now = NOW;
        sample.put(|w| {
            w.record_network(&network(), 1)?;
            for id in GROUPS {
                w.record_group(&group(id), 1)?;
            }
            Ok(())
        });
        sample.put(|w| {
            Ok(w.execute_batch(
                "UPDATE group_row SET history_complete = 1, backfill_planned_at = 1",
            )?)
        });
        let mut last: Option<(Watching, i64)> = None;
        let mut remembered = Remembered::new();
        for look in 0..60 {
            now += *[60, 900, 3_600, 7_200, DAY, 4 * DAY].choose(rng).unwrap();
            for page in 0..rng.random_range(0..4) {
                let asked = 10 + look * 20 + page * 2;
                sample.put_at(now - NOW, |w| record(w, rng, (now, asked)));
            }
            let is_foreign = rng.random_bool(0.05);
            if is_foreign {
                // Another process, of which this one only sees that figures moved.
                let other = Mirror::open_existing(&sample.db()).unwrap();
                let asked = 19 + look * 20;
                let foreign = |w: &Writing<'_>| record(w, rng, (now, asked));
                other.write(at(now), foreign).unwrap();
            }
            let touched = sample.take_touched();
            let (found, all, version) = sample
                .read(|conn| {
                    let all = metrics::watch(conn, at(now), &[])?;
                    let again = match &last {
                        Some((watching, version)) => touched
                            .groups_since(conn, *version)?
                            .map(|groups| (watching.clone(), groups)),
                        None => None,
                    };
                    let found = match again {
                        Some((watching, groups)) => {
                            kept += usize::from(groups.len() < GROUPS.len());
                            let before = nameless(&watching.groups().cloned().collect::<Vec<_>>());
                            let found = watching.again(conn, at(now), &groups)?;
                            by_time += usize::from(groups.is_empty() && before != nameless(&all));
                            found
                        }
                        None => Watching::begin(conn, at(now), &[])?,
                    };
                    Ok((found, all, figures_version(conn)?))
                })
                .unwrap();
            let groups: Vec<Watched> = found.groups().cloned().collect();
            assert_eq!(
                nameless(&groups),
                nameless(&all),
                "seed {seed}, look {look}"
            );
            let expected = decide(&all, &remembered, at(now));
            let first = decide(&groups, &remembered, at(now));
            let ids: Vec<&GroupId> = first.tidings.iter().map(|it| &it.group.id).collect();
            let keys = found.keys(&ids);
            let found = sample
                .read(|conn| Ok(found.again(conn, at(now), &keys)?))
                .unwrap();
            let groups: Vec<Watched> = found.groups().cloned().collect();
            assert_eq!(
                decide(&groups, &remembered, at(now)),
                expected,
                "seed {seed}, look {look}"
            );
            told.extend(expected.tidings.iter().map(|it| it.kind.as_str()));
            for alert in expected.remember {
                remembered.insert(alert.key.clone(), alert);
            }
            for key in &expected.forget {
                remembered.remove(key);
            }
            last = Some((found, version));
        }
    }
    assert!(told.len() >= 6, "{told:?}");
    assert!(kept > 300, "{kept} looks read less than all");
    assert!(
        by_time > 30,
        "{by_time} looks found what time alone had changed"
    );
}

#[test]
fn a_mirror_in_which_nothing_was_recorded_has_touched_nothing() {
    let sample = Sample::new();
    sample.with_event();
    sample.take_touched();
    sample.put(|w| {
        w.record_network(&network(), 2)?;
        w.record_event(&event("t1", "g1"), 2)
    });
    let version = sample.read(figures_version).unwrap();
    let touched = sample.take_touched();
    let groups = sample
        .read(|conn| touched.groups_since(conn, version))
        .unwrap();
    assert_eq!(groups, Some(BTreeSet::new()));
    let later = Event {
        title: "Another".to_owned(),
        ends_at: Some(at(NOW) + Duration::days(2)),
        ..event("t1", "g1")
    };
    sample.put(|w| w.record_event(&later, 3));
    let touched = sample.take_touched();
    let groups = sample
        .read(|conn| touched.groups_since(conn, version))
        .unwrap();
    assert_eq!(groups.map(|it| it.len()), Some(1));
}
