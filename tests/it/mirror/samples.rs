//! A database in a directory of its own, and nouns to put into it.

use std::ops::Deref;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use gatherd::community::*;
use gatherd::mirror::*;
use tempfile::TempDir;

/// "Now" in these tests.
pub const NOW: i64 = 1_790_000_000;

pub fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(second, 0).unwrap()
}

pub fn real() -> Stamp {
    Stamp {
        is_demo: false,
        endpoint: "https://api.example/gql".to_owned(),
    }
}

/// A mirror and the directory it lives in.
pub struct Sample {
    mirror: Mirror,
    pub dir: TempDir,
}

impl Deref for Sample {
    type Target = Mirror;
    fn deref(&self) -> &Mirror {
        &self.mirror
    }
}

impl Sample {
    pub fn new() -> Self {
        let dir = TempDir::new().unwrap();
        let mirror = Mirror::open(&dir.path().join("gatherd.db"), &real(), at(NOW)).unwrap();
        Self { mirror, dir }
    }

    pub fn db(&self) -> PathBuf {
        self.mirror.path().to_owned()
    }

    /// The same file after a restart: all that is only remembered is lost.
    pub fn reopened(self) -> Self {
        let Self { mirror, dir } = self;
        let path = mirror.path().to_owned();
        drop(mirror);
        let mirror = Mirror::open(&path, &real(), at(NOW)).unwrap();
        Self { mirror, dir }
    }

    /// One transaction at `NOW`.
    pub fn put<T>(&self, f: impl FnOnce(&Writing<'_>) -> Result<T, MirrorError>) -> T {
        self.write(at(NOW), f).unwrap()
    }

    /// One transaction so many seconds after `NOW`.
    pub fn put_at<T>(
        &self,
        second: i64,
        f: impl FnOnce(&Writing<'_>) -> Result<T, MirrorError>,
    ) -> T {
        self.write(at(NOW + second), f).unwrap()
    }

    /// A query's rows, columns joined by "|", nulls empty.
    pub fn rows(&self, sql: &str) -> Vec<String> {
        self.read(|conn| {
            let mut statement = conn.prepare(sql)?;
            let columns = statement.column_count();
            let rows = statement.query_map([], |row| {
                (0..columns)
                    .map(|at| {
                        use rusqlite::types::ValueRef;
                        Ok(match row.get_ref(at)? {
                            ValueRef::Null => String::new(),
                            ValueRef::Integer(number) => number.to_string(),
                            ValueRef::Real(number) => number.to_string(),
                            ValueRef::Text(text) | ValueRef::Blob(text) => {
                                String::from_utf8_lossy(text).into_owned()
                            }
                        })
                    })
                    .collect::<rusqlite::Result<Vec<_>>>()
                    .map(|row| row.join("|"))
            })?;
            rows.map(|row| Ok(row?)).collect()
        })
        .unwrap()
    }

    /// A query's only value.
    pub fn one(&self, sql: &str) -> String {
        self.rows(sql).join("\n")
    }

    /// Everything in the database, bookkeeping included; the number of commits apart.
    pub fn everything(&self) -> Vec<String> {
        self.rows(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name <> 'mark_row' ORDER BY name",
        )
        .into_iter()
        .flat_map(|table| {
            let rows = self.rows(&format!("SELECT * FROM {table}"));
            rows.into_iter().map(move |row| format!("{table}: {row}"))
        })
        .collect()
    }

    /// A recorded group and one event of it.
    pub fn with_event(&self) -> (GroupKey, EventKey) {
        self.put(|w| {
            w.record_network(&network(), 1)?;
            let grp = w.record_group(&group("g1"), 1)?.key;
            let event = w.record_event(&event("t1", "g1"), 1)?.unwrap().key;
            Ok((grp, event))
        })
    }
}

pub fn member(id: &str) -> Member {
    Member {
        id: id.into(),
        name: Some(format!("Member {id}")),
    }
}

pub fn network() -> Network {
    Network {
        id: "n1".into(),
        urlname: "acme".to_owned(),
        name: "Acme".to_owned(),
        primary_admin: Some(member("1")),
    }
}

pub fn group(id: &str) -> Group {
    Group {
        id: id.into(),
        network: Some("n1".into()),
        urlname: format!("acme-{id}"),
        name: format!("Acme {id}"),
        city: Some("Berlin".to_owned()),
        state: None,
        country: Some("de".to_owned()),
        lat: Some(52.5),
        lon: Some(13.4),
        timezone: Some("Europe/Berlin".to_owned()),
        founded_at: Some(at(NOW - 1_000_000_000)),
        joined_network_at: Some(at(NOW - 900_000_000)),
        status: GroupStatus::Paid,
        tie_status: Some(TieStatus::Active),
        join_mode: "OPEN".to_owned(),
        is_private: false,
        organizer: Some(member("1")),
        member_count: Some(100),
        link: Some(format!("https://www.meetup.com/acme-{id}")),
        past_events: Some(3),
    }
}

pub fn event(token: &str, group: &str) -> Event {
    Event {
        token: token.into(),
        id: format!("id-{token}").into(),
        group: group.into(),
        title: "Evening of talks".to_owned(),
        status: "ACTIVE".to_owned(),
        event_type: EventType::Physical,
        starts_at: Some(
            at(NOW + 86_400).with_timezone(&chrono::FixedOffset::east_opt(7200).unwrap()),
        ),
        ends_at: Some(at(NOW + 97_200)),
        created_at: Some(at(NOW - 86_400)),
        url: Some("https://www.meetup.com/acme/events/1".to_owned()),
        capacity: Some(50),
        venues: Some(vec![venue("v1")]),
        hosts: Some(vec![member("1"), member("2")]),
        network_event_id: None,
    }
}

pub fn venue(id: &str) -> Venue {
    Venue {
        id: id.into(),
        name: Some("Hall".to_owned()),
        city: Some("Berlin".to_owned()),
        country: Some("de".to_owned()),
        lat: Some(52.5),
        lon: Some(13.4),
        is_online: false,
    }
}

pub fn membership(id: &str) -> Membership {
    Membership {
        member: member(id),
        role: Some(Role::Member),
        status: "ACTIVE".to_owned(),
        joined_at: Some(at(NOW - 5_000_000)),
        last_access_at: Some(at(NOW - 5_000)),
    }
}

/// An RSVP of "yes" by member `id`, changed so many seconds after `NOW` (or at no known time).
pub fn rsvp(id: &str, updated: impl Into<Option<i64>>) -> Rsvp {
    Rsvp {
        id: id.into(),
        member: member(id),
        status: Some(RsvpStatus::Yes),
        guest_count: 0,
        is_host: false,
        updated_at: updated.into().map(|second| at(NOW + second)),
    }
}

pub fn with_status(status: RsvpStatus, rsvp: Rsvp) -> Rsvp {
    Rsvp {
        status: Some(status),
        ..rsvp
    }
}

/// The sign Meetup would give for exactly these rows.
pub fn sign(rows: &[Rsvp]) -> RsvpSign {
    let count = |status: RsvpStatus| {
        let has = |row: &&Rsvp| row.status.as_ref() == Some(&status);
        Some(rows.iter().filter(has).count() as i64)
    };
    let counts = RsvpCounts {
        yes: count(RsvpStatus::Yes),
        no: count(RsvpStatus::No),
        waitlist: count(RsvpStatus::Waitlist),
        attended: count(RsvpStatus::Attended),
        no_show: count(RsvpStatus::NoShow),
        absent: count(RsvpStatus::ExcusedAbsence),
    };
    let mut newest = rows.to_vec();
    newest.sort_by_key(|row| std::cmp::Reverse(row.updated_at));
    newest.truncate(3);
    RsvpSign { counts, newest }
}

pub fn ids(rows: &[Rsvp]) -> std::collections::HashSet<RsvpId> {
    rows.iter().map(|row| row.id.clone()).collect()
}
