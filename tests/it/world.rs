//! Small worlds, written by hand or drawn at random, and put straight into a migrated database.

use std::collections::BTreeMap;

use gatherd::metrics::{self, Logged};
use rusqlite::types::Value;
use rusqlite::{Connection, params};

/// The as-of instant of most tests: Monday 15 June 2026, noon UTC.
pub const A: i64 = 1_781_524_800;
pub const DAY: i64 = 86_400;
pub const HOUR: i64 = 3_600;

/// A person is a small number.
pub type Person = u32;

#[derive(Debug, Clone, Default)]
pub struct World {
    pub admin: Option<Person>,
    pub groups: Vec<Group>,
    pub events: Vec<Event>,
    /// The log of roles, in order.
    pub roles: Vec<RoleLine>,
    /// The log of names, in order.
    pub names: Vec<NameLine>,
}

/// A line of the log of roles: of which group, whose, from and to which role (none: no leader), and when.
#[derive(Debug, Clone)]
pub struct RoleLine {
    pub group: usize,
    pub person: Person,
    pub old: Option<&'static str>,
    pub new: Option<&'static str>,
    pub at: i64,
}

/// A line of the log of names: of which group, names and urlnames before and after, and when.
#[derive(Debug, Clone)]
pub struct NameLine {
    pub group: usize,
    pub old: (String, String),
    pub new: (String, String),
    pub at: i64,
}

#[derive(Debug, Clone)]
pub struct Group {
    pub urlname: String,
    pub name: String,
    pub timezone: Option<String>,
    pub country: Option<String>,
    pub founded: Option<i64>,
    pub joined: Option<i64>,
    pub is_complete: bool,
    pub gone: Option<i64>,
    pub target: Option<i64>,
    pub is_roster_read: bool,
    pub city: Option<String>,
    pub state: Option<String>,
    pub members: Vec<Membership>,
    /// When somebody noted that it was asked.
    pub asked: Vec<i64>,
    /// Meetup's own word on it.
    pub status: &'static str,
    /// Its tie to the network.
    pub tie: Option<&'static str>,
}

#[derive(Debug, Clone)]
pub struct Membership {
    pub person: Person,
    pub role: Option<&'static str>,
    pub status: &'static str,
    pub joined: Option<i64>,
    pub seen: Option<i64>,
    pub gone: Option<i64>,
}

#[derive(Debug, Clone)]
pub struct Event {
    pub group: usize,
    pub token: String,
    pub title: String,
    pub status: &'static str,
    pub kind: &'static str,
    pub starts: Option<i64>,
    pub offset: i64,
    pub ends: Option<i64>,
    pub joint: Option<String>,
    /// The name of the place.
    pub venue: Option<&'static str>,
    pub gone: Option<i64>,
    pub hosts: Vec<Person>,
    pub rsvps: Vec<Rsvp>,
    /// When its answers were first read.
    pub watched: Option<i64>,
    /// When it was created, as Meetup says.
    pub created: Option<i64>,
    /// When its ids were first seen.
    pub seen: Vec<i64>,
    pub changes: Vec<Change>,
}

/// A line of the log of changes: whose answer, from and to which status (none: no answer), and when.
#[derive(Debug, Clone)]
pub struct Change(pub Person, pub &'static str, pub &'static str, pub i64);

#[derive(Debug, Clone)]
pub struct Rsvp {
    pub id: String,
    pub person: Person,
    pub status: &'static str,
    pub guests: i64,
    pub is_host: bool,
    pub updated: Option<i64>,
    pub gone: Option<i64>,
}

impl World {
    /// A group in UTC, founded ten years before A, fully read.
    pub fn group(&mut self, urlname: &str) -> usize {
        self.groups.push(Group {
            urlname: urlname.to_owned(),
            name: format!("ACME {urlname}"),
            timezone: Some("UTC".to_owned()),
            country: None,
            founded: Some(A - 3650 * DAY),
            joined: None,
            is_complete: true,
            gone: None,
            target: None,
            is_roster_read: true,
            city: None,
            state: None,
            members: Vec::new(),
            asked: Vec::new(),
            status: "PAID",
            tie: None,
        });
        self.groups.len() - 1
    }

    /// An event of two hours, known 30 days before; Meetup does not say when it was created.
    pub fn event(&mut self, group: usize, starts: i64) -> &mut Event {
        let n = self.events.len();
        self.events.push(Event {
            group,
            token: format!("t{n:04}"),
            title: format!("Evening {n}"),
            status: "PAST",
            kind: "PHYSICAL",
            starts: Some(starts),
            offset: 0,
            ends: Some(starts + 2 * HOUR),
            joint: None,
            venue: None,
            gone: None,
            hosts: Vec::new(),
            rsvps: Vec::new(),
            watched: None,
            created: None,
            seen: vec![starts - 30 * DAY],
            changes: Vec::new(),
        });
        self.events.last_mut().unwrap()
    }

    /// An event so many days before A, with these people saying yes.
    pub fn met(&mut self, group: usize, days_ago: i64, yes: &[Person]) -> &mut Event {
        self.event(group, A - days_ago * DAY).answer("YES", yes)
    }

    /// Somebody's place in a group.
    pub fn member(
        &mut self,
        group: usize,
        person: Person,
        role: &'static str,
        status: &'static str,
    ) -> &mut Membership {
        let members = &mut self.groups[group].members;
        members.push(Membership {
            person,
            role: Some(role),
            status,
            joined: Some(A - 1000 * DAY),
            seen: Some(A - 10 * DAY),
            gone: None,
        });
        members.last_mut().unwrap()
    }

    /// What the logs tell after one instant and by another.
    pub fn logged(&self, since: i64, a: i64) -> BTreeMap<String, Logged> {
        let at = |seconds| chrono::DateTime::from_timestamp(seconds, 0).unwrap();
        if self.roles.is_empty() && self.names.is_empty() {
            return BTreeMap::new();
        }
        let bare = |group: &Group| Group {
            members: Vec::new(),
            ..group.clone()
        };
        let logs = Self {
            groups: self.groups.iter().map(bare).collect(),
            events: Vec::new(),
            ..self.clone()
        };
        metrics::logged(&logs.store(), at(since), at(a)).unwrap()
    }

    /// A line of the log of roles, so many days ago.
    pub fn turned(
        &mut self,
        group: usize,
        person: Person,
        old: Option<&'static str>,
        new: Option<&'static str>,
        days_ago: i64,
    ) {
        self.roles.push(RoleLine {
            group,
            person,
            old,
            new,
            at: A - days_ago * DAY,
        });
    }

    /// A group was called otherwise until so many days ago.
    pub fn was_called(&mut self, group: usize, name: &str, urlname: &str, days_ago: i64) {
        let row = &self.groups[group];
        self.names.push(NameLine {
            group,
            old: (name.to_owned(), urlname.to_owned()),
            new: (row.name.clone(), row.urlname.clone()),
            at: A - days_ago * DAY,
        });
    }

    /// The world in a database.
    pub fn store(&self) -> Connection {
        let mut conn = Connection::open_in_memory().unwrap();
        conn.execute_batch(include_str!("../../schema/mirror/0001_mirror.sql"))
            .unwrap();
        conn.execute_batch(include_str!("../../schema/mirror/0015_forgotten.sql"))
            .unwrap();
        for later in [
            include_str!("../../schema/mirror/0011_roles.sql"),
            include_str!("../../schema/mirror/0012_names.sql"),
        ] {
            if !self.roles.is_empty() || !self.names.is_empty() {
                let (table, _) = later.split_once("CREATE VIEW").unwrap();
                conn.execute_batch(table).unwrap();
            }
        }
        let tx = conn.transaction().unwrap();
        self.write(&tx);
        tx.commit().unwrap();
        conn
    }

    fn write(&self, conn: &Connection) {
        let mut people: Vec<Person> = self.admin.into_iter().collect();
        people.extend(
            self.groups
                .iter()
                .flat_map(|g| g.members.iter().map(|m| m.person)),
        );
        people.extend(self.events.iter().flat_map(|e| e.hosts.iter().copied()));
        people.extend(
            self.events
                .iter()
                .flat_map(|e| e.rsvps.iter().map(|r| r.person)),
        );
        people.extend(self.roles.iter().map(|line| line.person));
        people.sort_unstable();
        people.dedup();
        let mut member = conn
            .prepare("INSERT INTO member_row (key, id, name, asked) VALUES (?1, ?2, ?3, 1)")
            .unwrap();
        for person in people {
            member
                .execute(params![person, stored(&id_of(person)), name_of(person)])
                .unwrap();
        }
        conn.execute(
            "INSERT INTO network_row (key, id, urlname, name, primary_admin, asked) VALUES (1, '1', 'acme', 'ACME', ?1, 1)",
            [self.admin],
        ).unwrap();
        for (index, group) in self.groups.iter().enumerate() {
            let key = index as i64 + 1;
            conn.execute(
                "INSERT INTO group_row (key, id, network, urlname, name, country, timezone, founded_at, joined_network_at,
                   status, join_mode, is_private, link, history_complete, gone_at, gone_why, first_seen_at, asked,
                   members_verified_at, city, state, tie_status)
                 VALUES (?1, ?2, 1, ?3, ?4, ?5, ?6, ?7, ?8, ?15, 'OPEN', 0, NULL, ?9, ?10, ?11, 1, 1, ?12, ?13, ?14, ?16)",
                params![key, format!("g{key}"), group.urlname, group.name, group.country, group.timezone, group.founded,
                    group.joined, group.is_complete, group.gone, group.gone.map(|_| "left"),
                    group.is_roster_read.then_some(1), group.city, group.state, group.status, group.tie],
            ).unwrap();
            if let Some(target) = group.target {
                conn.execute("INSERT INTO target_row VALUES (?1, ?2, 1)", [key, target])
                    .unwrap();
            }
            for asked in &group.asked {
                conn.execute(
                    "INSERT INTO note_row (grp, kind, created_at) VALUES (?1, 'asked', ?2)",
                    [key, *asked],
                )
                .unwrap();
            }
            for m in &group.members {
                conn.execute(
                    "INSERT INTO membership_row VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1)",
                    params![key, m.person, m.role, m.status, m.joined, m.seen, m.gone],
                )
                .unwrap();
            }
        }
        for it in &self.roles {
            conn.execute(
                "INSERT INTO role_change_row (grp, member, old_role, new_role, noticed_at)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
                params![it.group as i64 + 1, it.person, it.old, it.new, it.at],
            )
            .unwrap();
        }
        for it in &self.names {
            conn.execute(
                "INSERT INTO name_change_row (grp, old_name, new_name, old_urlname, new_urlname, noticed_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![it.group as i64 + 1, it.old.0, it.new.0, it.old.1, it.new.1, it.at],
            )
            .unwrap();
        }
        for (index, event) in self.events.iter().enumerate() {
            // Keys run backwards, so that nothing passes by leaning on their order.
            let key = 10_000 - index as i64;
            conn.execute(
                "INSERT INTO event_row (key, token, id, grp, title, status, event_type, starts_at, starts_offset, ends_at,
                   network_event_id, gone_at, asked, first_walked_at, created_at)
                 VALUES (?1, ?2, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 1, ?12, ?13)",
                params![key, event.token, event.group as i64 + 1, event.title, event.status, event.kind, event.starts,
                    event.offset, event.ends, event.joint, event.gone, event.watched, event.created],
            ).unwrap();
            for (nth, seen) in event.seen.iter().enumerate() {
                conn.execute(
                    "INSERT INTO event_id_row VALUES (?1, ?2, ?3, ?3)",
                    params![key, format!("{}-{nth}", event.token), seen],
                )
                .unwrap();
            }
            if let Some(venue) = event.venue {
                // Each copy of a joint event names a venue of its own.
                conn.execute(
                    "INSERT INTO venue_row (key, id, name, city, is_online, asked) VALUES (?1, ?2, ?3, 'Berlin', 0, 1)",
                    params![key, format!("v{key}"), venue],
                )
                .unwrap();
                conn.execute("UPDATE event_row SET venue = ?1 WHERE key = ?1", [key])
                    .unwrap();
            }
            for host in &event.hosts {
                conn.execute(
                    "INSERT OR IGNORE INTO host_row VALUES (?1, ?2)",
                    params![key, host],
                )
                .unwrap();
            }
            for r in &event.rsvps {
                conn.execute(
                    "INSERT INTO rsvp_row (event, id, member, status, guest_count, is_host, updated_at, gone_at, asked)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 1)",
                    params![
                        key,
                        stored(&r.id),
                        r.person,
                        number(r.status),
                        r.guests,
                        r.is_host,
                        r.updated,
                        r.gone
                    ],
                )
                .unwrap();
            }
            for Change(person, old, new, at) in &event.changes {
                let rsvp = event.rsvps.iter().find(|r| r.person == *person);
                conn.execute(
                    "INSERT INTO rsvp_change_row (event, rsvp, member, old_status, new_status, changed_at, noticed_at)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)",
                    params![
                        key,
                        stored(rsvp.map_or("1", |r| &r.id)),
                        person,
                        number(old),
                        number(new),
                        at
                    ],
                )
                .unwrap();
            }
        }
    }
}

/// A status as the mirror holds it.
fn number(status: &str) -> Value {
    match status {
        "YES" => Value::Integer(1),
        "ATTENDED" => Value::Integer(2),
        "NO" => Value::Integer(3),
        "WAITLIST" => Value::Integer(4),
        "NO_SHOW" => Value::Integer(5),
        "EXCUSED_ABSENCE" => Value::Integer(6),
        "" => Value::Null,
        other => Value::Text(other.to_owned()),
    }
}

impl Event {
    /// Adds an answer of each of these people.
    pub fn answer(&mut self, status: &'static str, people: &[Person]) -> &mut Self {
        for person in people {
            let id = format!("{}", 100 + self.rsvps.len());
            self.rsvps.push(Rsvp {
                id,
                person: *person,
                status,
                guests: 0,
                is_host: false,
                updated: self.starts.map(|starts| starts - DAY),
                gone: None,
            });
        }
        self
    }

    /// Names its hosts.
    pub fn hosted_by(&mut self, people: &[Person]) -> &mut Self {
        self.hosts.extend(people);
        self
    }

    /// The answer given last.
    pub fn last(&mut self) -> &mut Rsvp {
        self.rsvps.last_mut().unwrap()
    }
}

/// A person's id: every seventh is not a number.
pub fn id_of(person: Person) -> String {
    if person % 7 == 6 {
        format!("m{person}")
    } else {
        format!("{}", 1000 + person)
    }
}

pub fn name_of(person: Person) -> String {
    format!("Person {person}")
}

fn stored(id: &str) -> Value {
    match id.parse::<i64>() {
        Ok(number) if number.to_string() == id => Value::Integer(number),
        _ => Value::Text(id.to_owned()),
    }
}
