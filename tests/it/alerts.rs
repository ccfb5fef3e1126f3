//! What alerts decide: told once, clear before told again, silent where nothing is known.

mod diary;
mod drawn;
mod kinds;
mod operator;
mod roles;
mod silence;
mod words;

use std::collections::BTreeSet;

use gatherd::community::MemberId;
use gatherd::metrics::{self, Settings};

use crate::world::id_of;

/// The quick look of alerts and the measurement of the report know the same terms.
#[test]
fn what_alerts_look_at_is_what_the_report_measures() {
    for seed in 0..100 {
        let (world, a, asked) = crate::drawn::draw(seed);
        let conn = world.store();
        let as_of = chrono::DateTime::from_timestamp(a, 0).unwrap();
        let staff: Vec<MemberId> = asked
            .staff
            .iter()
            .flatten()
            .map(|it| id_of(*it).into())
            .collect();
        let settings = Settings {
            staff: Some(staff.clone()),
            ..Settings::as_of(as_of)
        };
        let measured = metrics::measure(&conn, &settings).unwrap();
        let watched = metrics::watch(&conn, as_of, &staff).unwrap();
        let live: BTreeSet<_> = watched
            .iter()
            .filter(|group| !group.is_gone)
            .map(|group| group.urlname.as_str())
            .collect();
        for group in &measured.groups {
            let name = format!("seed {seed}, {}", group.urlname);
            assert!(live.contains(group.urlname.as_str()), "{name}");
            let seen = watched
                .iter()
                .find(|it| it.id.as_str() == group.id)
                .unwrap();
            assert_eq!(seen.link, group.link, "{name}");
            // When they were seen and hosted is read where it is told: see below.
            let known = group.leaders.iter().map(|leader| metrics::Leader {
                last_seen_at: None,
                last_hosted_at: None,
                last_took_part_at: None,
                ..leader.clone()
            });
            assert_eq!(seen.leaders, known.collect::<Vec<_>>(), "{name}");
            assert_eq!(seen.events_ever, group.events_ever, "{name}");
            let days = |at: chrono::DateTime<chrono::Utc>| (as_of - at).num_days();
            assert_eq!(
                seen.last_event.as_ref().map(|event| days(event.starts_at)),
                group.cadence.days_since_last_held,
                "{name}"
            );
            assert_eq!(
                seen.next_event.as_ref().map(|event| event.starts_at),
                group.next_event.as_ref().map(|event| event.starts_at),
                "{name}"
            );
            let is_announced = seen.next_event.is_some() || seen.is_running;
            assert_eq!(is_announced, group.is_announced, "{name}");
            let lately =
                |host: &&metrics::HostSeen| host.last_at > as_of - chrono::Duration::days(90);
            let local = seen.hosts.iter().filter(lately).count();
            if settings.knows_staff() {
                assert_eq!(
                    Some(local as i64),
                    group.organizers.local_hosts_90,
                    "{name}"
                );
            }
        }
    }
}

/// What is told of whoever comes to lead a group is what the report says of its leaders.
#[test]
fn when_a_new_leader_was_seen_and_hosted_is_what_the_report_measures() {
    let mut compared = 0;
    for seed in 0..100 {
        let (world, a, _) = crate::drawn::draw(seed);
        let conn = world.store();
        let roles = include_str!("../../schema/mirror/0011_roles.sql");
        let (table, names) = roles.split_once("CREATE VIEW").unwrap();
        conn.execute_batch(table).unwrap();
        conn.execute_batch(
            "ALTER TABLE group_row ADD COLUMN source TEXT NOT NULL DEFAULT 'meetup'",
        )
        .unwrap();
        conn.execute_batch(
            names
                .split_once("ALTER")
                .map(|(_, rest)| format!("ALTER{rest}"))
                .as_deref()
                .unwrap(),
        )
        .unwrap();
        conn.execute_batch(
            "INSERT INTO role_change_row (grp, member, new_role, noticed_at)
             SELECT grp, member, role, 1 FROM membership_row WHERE role <> 'MEMBER'",
        )
        .unwrap();
        let as_of = chrono::DateTime::from_timestamp(a, 0).unwrap();
        let measured = metrics::measure(&conn, &Settings::as_of(as_of)).unwrap();
        let mut watched = metrics::watch(&conn, as_of, &[]).unwrap();
        metrics::watch_news(&conn, as_of, &mut watched).unwrap();
        for group in &measured.groups {
            let seen = watched
                .iter()
                .find(|it| it.id.as_str() == group.id)
                .unwrap();
            for leader in &group.leaders {
                let name = format!("seed {seed}, {}, {}", group.urlname, leader.id);
                let holder = seen
                    .key_holders
                    .iter()
                    .find(|it| it.person.id == leader.id)
                    .unwrap();
                assert!(
                    holder.leads_as() == Some(&leader.role) && !holder.is_admin,
                    "{name}"
                );
                let told = (holder.person.last_seen_at, holder.person.last_hosted_at);
                assert_eq!(told, (leader.last_seen_at, leader.last_hosted_at), "{name}");
                compared += usize::from(leader.last_hosted_at.is_some());
            }
        }
    }
    assert!(compared > 50, "{compared}");
}
