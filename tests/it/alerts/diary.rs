//! Groups by hand, and a diary that remembers between looks as the mirror does.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Duration, Utc};
use gatherd::community::{
    Alert, AlertKey, AlertKind as Kind, Contact, EventType, GroupStatus, Mute, Muted, Role,
    TieStatus,
};
use gatherd::metrics::{Floor, Happening, HostSeen, Leader, LocalClock, Soon, SoonState, Watched};
use gatherd::report::alerts::{self, Ask, Decision, Tiding};

pub fn start() -> DateTime<Utc> {
    "2026-06-15T12:00:00Z".parse().unwrap()
}

pub fn person(name: &str) -> Leader {
    Leader {
        id: name.to_lowercase(),
        name: Some(name.to_owned()),
        role: Role::Organizer,
        link: format!(
            "https://www.meetup.com/acme/members/{}/",
            name.to_lowercase()
        ),
        last_access_at: None,
        last_seen_at: None,
        last_hosted_at: None,
        last_took_part_at: None,
    }
}

pub fn event(token: &str, starts_at: DateTime<Utc>) -> Happening {
    Happening {
        token: token.to_owned(),
        title: format!("Evening {token}"),
        event_type: EventType::Physical,
        starts_at,
        starts_local: starts_at.naive_utc(),
        url: Some(format!("https://www.meetup.com/acme/events/{token}/")),
        yes: 12,
    }
}

pub fn host(name: &str, last_at: DateTime<Utc>) -> HostSeen {
    HostSeen {
        person: person(name),
        last_at,
        is_here: Some(true),
        left_at: None,
    }
}

pub fn soon(token: &str, starts_at: DateTime<Utc>, state: SoonState) -> Soon {
    Soon {
        event: event(token, starts_at),
        state,
    }
}

/// A group in good order: led by Ana, hosted by Ben three weeks ago, nothing announced.
pub fn group(urlname: &str) -> Watched {
    Watched {
        id: urlname.into(),
        urlname: urlname.to_owned(),
        name: format!("ACME {urlname}"),
        link: format!("https://www.meetup.com/{urlname}/"),
        country: Some("de".to_owned()),
        timezone: Some("UTC".to_owned()),
        clock: LocalClock::of(Some("UTC"), None),
        history_complete: true,
        planned_at: Some(start() - Duration::days(400)),
        is_gone: false,
        gone_why: None,
        status: GroupStatus::Paid,
        tie_status: Some(TieStatus::Active),
        leaders: vec![person("Ana")],
        former_leaders: Vec::new(),
        hosts: vec![host("Ben", start() - Duration::days(21))],
        events_ever: 10,
        last_event: Some(event("last", start() - Duration::days(21))),
        previous_at: Some(start() - Duration::days(51)),
        next_event: None,
        is_running: false,
        soon: Vec::new(),
        is_overdue: Some(false),
        floor: Floor::Unknown,
        noted: None,
        role_changes: Vec::new(),
        key_holders: Vec::new(),
    }
}

/// What is remembered from look to look.
pub struct Diary {
    pub rows: BTreeMap<AlertKey, Alert>,
    pub now: DateTime<Utc>,
    pub kinds: Vec<Kind>,
    pub contacts: Vec<Contact>,
    pub unread: HashSet<String>,
}

impl Diary {
    /// With every kind switched on.
    pub fn new() -> Self {
        Self {
            rows: BTreeMap::new(),
            now: start(),
            kinds: Kind::ALL.to_vec(),
            contacts: Vec::new(),
            unread: HashSet::new(),
        }
    }

    /// One that has seen these groups already.
    pub fn knowing(groups: &[Watched]) -> Self {
        let mut diary = Self::new();
        assert_eq!(diary.look(groups), []);
        diary
    }

    pub fn look(&mut self, groups: &[Watched]) -> Vec<Tiding> {
        self.decide(groups).tidings
    }

    pub fn decide(&mut self, groups: &[Watched]) -> Decision {
        let before: Vec<Alert> = self.rows.values().cloned().collect();
        let ask = Ask {
            now: self.now,
            today: self.now.date_naive(),
            kinds: &self.kinds,
            contacts: &self.contacts,
            unread: &self.unread,
        };
        let decision = alerts::decide(groups, &before, ask);
        for alert in &decision.remember {
            self.rows.insert(alert.key.clone(), alert.clone());
        }
        for key in &decision.forget {
            self.rows.remove(key);
        }
        decision
    }

    /// The kinds told of one group.
    pub fn told(&mut self, group: &Watched) -> Vec<&'static str> {
        let tidings = self.look(std::slice::from_ref(group));
        tidings.iter().map(|it| it.kind.as_str()).collect()
    }

    pub fn later(&mut self, time: Duration) -> &mut Self {
        self.now += time;
        self
    }

    pub fn mute(&mut self, urlname: &str, alert: Option<&str>, until_on: Option<&str>) {
        let mute = Mute {
            author: None,
            id: 1,
            what: Muted::parse(alert.map(str::to_owned)),
            until_on: until_on.map(|day| day.parse().unwrap()),
            at: start(),
        };
        self.contacts.push(Contact {
            owner: None,
            group: urlname.into(),
            urlname: urlname.to_owned(),
            name: urlname.to_owned(),
            is_gone: false,
            notes: Vec::new(),
            asked: Vec::new(),
            mutes: vec![mute],
            target: None,
        });
    }
}
