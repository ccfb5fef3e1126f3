//! Events, keyed by token: an id that changes makes no second event, only a line in its history.
//!
//! Where a series is edited, Meetup gives its events other tokens while their ids, hours and RSVPs live on. So
//! an unknown token whose id is that of an event of the same group is that event: it takes the token, and
//! both tokens are kept among its ids, as which Meetup may answer them.
//!
//! Hosts and venue belong to the event's answer: they are compared, and replaced, with it.
//!
//! Meetup's events only: those of imports have tokens of their own, whosever group they are in.

use rusqlite::{Connection, OptionalExtension, Row, named_params, params};

use super::capabilities::{Finding, OLD_ID_ANSWERS, capability};
use super::keys::{EventKey, GroupKey};
use super::members::Sight;
use super::networks::NetworkKey;
use super::recall::Of;
use super::touched::Whose;
use super::values::seconds;
use super::{Result, Writing};
use crate::community::{Event, EventId, EventToken, EventType};

/// An id's `last_seen_at` is refreshed at most this often, in seconds.
const ID_SEEN_EVERY: i64 = 86_400;

/// What recording an event came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordedEvent {
    /// Its key.
    pub key: EventKey,
    /// Whether it was never seen before.
    pub is_new: bool,
}

/// An event as it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownEvent {
    /// Key here.
    pub key: EventKey,
    /// Meetup's stable key.
    pub token: EventToken,
    /// Its current id.
    pub id: EventId,
    /// Whose event it is.
    pub grp: GroupKey,
    /// Its start.
    pub starts_at: Option<i64>,
}

impl KnownEvent {
    /// From key, token, id, grp, starts_at.
    pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            key: EventKey(row.get(0)?),
            token: EventToken(row.get(1)?),
            id: EventId(row.get(2)?),
            grp: GroupKey(row.get(3)?),
            starts_at: row.get(4)?,
        })
    }
}

/// Whose events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EventsOf {
    /// Those of all groups that are in the network now.
    Network(NetworkKey),
    /// Those of one group.
    Group(GroupKey),
}

/// Meetup's events not gone that start within the span, both ends included (none: open), latest first. An event
/// without a start is in no span.
///
/// # Errors
///
/// If the database cannot be read.
pub fn events_in_span(
    conn: &Connection,
    scope: EventsOf,
    from: Option<i64>,
    to: Option<i64>,
) -> Result<Vec<KnownEvent>> {
    let (of, key) = match scope {
        EventsOf::Network(NetworkKey(key)) => (
            "e.grp IN (SELECT g.key FROM group_row g WHERE g.network = ?1 AND g.source = 'meetup' AND g.gone_at IS NULL)",
            key,
        ),
        EventsOf::Group(GroupKey(key)) => ("e.grp = ?1", key),
    };
    conn.prepare_cached(&format!(
        "SELECT e.key, e.token, e.id, e.grp, e.starts_at FROM event_row e
         WHERE {of} AND e.source = 'meetup' AND e.gone_at IS NULL AND e.starts_at BETWEEN ?2 AND ?3
         ORDER BY e.starts_at DESC, e.token"
    ))?
    .query_map(
        params![key, from.unwrap_or(i64::MIN), to.unwrap_or(i64::MAX)],
        KnownEvent::read,
    )?
    .map(|row| Ok(row?))
    .collect()
}

/// One event of Meetup's, gone or not.
///
/// # Errors
///
/// If the database cannot be read.
pub fn event_by_token(conn: &Connection, token: &EventToken) -> Result<Option<KnownEvent>> {
    Ok(conn
        .prepare_cached("SELECT key, token, id, grp, starts_at FROM event_row WHERE token = ?1 AND source = 'meetup'")?
        .query_row([token.as_str()], KnownEvent::read)
        .optional()?)
}

/// One event with its group's id, gone or not.
///
/// # Errors
///
/// If the database cannot be read.
pub fn event_by_key(conn: &Connection, key: EventKey) -> Result<Option<KnownEvent>> {
    Ok(conn
        .prepare_cached(
            "SELECT key, token, id, grp, starts_at FROM event_row WHERE key = ?1 AND gone_at IS NULL",
        )?
        .query_row([key.0], KnownEvent::read)
        .optional()?)
}

/// All ids an event ever had: the current one, then the one seen last.
///
/// # Errors
///
/// If the database cannot be read.
pub fn known_ids(conn: &Connection, event: EventKey) -> Result<Vec<EventId>> {
    conn.prepare_cached(
        "SELECT i.id FROM event_id_row i JOIN event_row e ON e.key = i.event WHERE i.event = ?1
         ORDER BY i.id = e.id DESC, i.last_seen_at DESC, i.first_seen_at DESC, i.id",
    )?
    .query_map([event.0], |row| Ok(EventId(row.get(0)?)))?
    .map(|row| Ok(row?))
    .collect()
}

/// Ids of an event that Meetup may answer: all it ever had, unless it is known that only the current one
/// is answered.
///
/// # Errors
///
/// If the database cannot be read.
pub fn ids_worth_asking(conn: &Connection, event: EventKey, now: i64) -> Result<Vec<EventId>> {
    let mut ids = known_ids(conn, event)?;
    if capability(conn, OLD_ID_ANSWERS, now)?
        .as_deref()
        .and_then(Finding::parse)
        == Some(Finding::No)
    {
        ids.truncate(1);
    }
    Ok(ids)
}

/// What a question can change, hosts apart.
#[derive(PartialEq)]
struct Kept {
    id: String,
    grp: i64,
    title: String,
    status: String,
    event_type: EventType,
    starts_at: Option<i64>,
    starts_offset: Option<i64>,
    ends_at: Option<i64>,
    created_at: Option<i64>,
    url: Option<String>,
    capacity: Option<i64>,
    venue: Option<i64>,
    network_event_id: Option<String>,
}

impl Kept {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(3)?,
            grp: row.get(4)?,
            title: row.get(5)?,
            status: row.get(6)?,
            event_type: row.get(7)?,
            starts_at: row.get(8)?,
            starts_offset: row.get(9)?,
            ends_at: row.get(10)?,
            created_at: row.get(11)?,
            url: row.get(12)?,
            capacity: row.get(13)?,
            venue: row.get(14)?,
            network_event_id: row.get(15)?,
        })
    }

    fn given(w: &Writing<'_>, event: &Event, grp: i64, asked: i64) -> Result<Self> {
        let mut venue = None;
        for place in event.venues.iter().flatten() {
            let (key, is_online) = w.venue(place, asked)?;
            if venue.is_none() && !is_online {
                venue = Some(key);
            }
        }
        Ok(Self {
            id: event.id.0.clone(),
            grp,
            title: event.title.clone(),
            status: event.status.clone(),
            event_type: event.event_type.clone(),
            starts_at: seconds(event.starts_at.as_ref()),
            starts_offset: event
                .starts_at
                .map(|at| i64::from(at.offset().local_minus_utc())),
            ends_at: seconds(event.ends_at.as_ref()),
            created_at: seconds(event.created_at.as_ref()),
            url: event.url.clone(),
            capacity: event.capacity,
            venue,
            network_event_id: event.network_event_id.clone(),
        })
    }
}

impl Kept {
    /// With what is known where nothing was asked.
    fn knowing(mut self, kept: &Self, event: &Event, w: &Writing<'_>) -> Self {
        if event.venues.is_none() {
            self.venue = kept.venue;
        }
        let start = ["Event.dateTime"];
        w.keep(&start, &mut self.starts_at, &kept.starts_at);
        w.keep(&start, &mut self.starts_offset, &kept.starts_offset);
        w.keep(&["Event.title"], &mut self.title, &kept.title);
        w.keep(&["Event.eventType"], &mut self.event_type, &kept.event_type);
        w.keep(
            &["Event.createdTime"],
            &mut self.created_at,
            &kept.created_at,
        );
        w.keep(&["Event.eventUrl"], &mut self.url, &kept.url);
        w.keep(&["Event.maxTickets"], &mut self.capacity, &kept.capacity);
        w.keep(&["Event.venues"], &mut self.venue, &kept.venue);
        let joint = &mut self.network_event_id;
        w.keep(&["Event.networkEvent"], joint, &kept.network_event_id);
        // Each of the two stands in for the other, but the known end is surer than a guess. It moves
        // with the start.
        let moved = self.starts_at.zip(kept.starts_at);
        let end = kept
            .ends_at
            .zip(moved)
            .map(|(end, (now, before))| end + now - before);
        let places = ["Event.endTime", "Event.duration"];
        if end.is_some() && (w.is_unasked(&places) || w.may_be_error(&places)) {
            self.ends_at = end;
        }
        self
    }
}

const FIND: &str =
    "SELECT key, asked, gone_at, id, grp, title, status, event_type, starts_at, starts_offset,
       ends_at, created_at, url, capacity, venue, network_event_id
     FROM event_row WHERE token = ?1 AND source = 'meetup'";

const WRITE: &str =
    "INSERT INTO event_row (token, id, grp, title, status, event_type, starts_at, starts_offset,
       ends_at, created_at, url, capacity, venue, network_event_id, asked)
     VALUES (:token, :id, :grp, :title, :status, :event_type, :starts_at, :starts_offset,
       :ends_at, :created_at, :url, :capacity, :venue, :network_event_id, :asked)
     ON CONFLICT (token, source) DO UPDATE SET id = excluded.id, grp = excluded.grp, title = excluded.title,
       status = excluded.status, event_type = excluded.event_type, starts_at = excluded.starts_at,
       starts_offset = excluded.starts_offset, ends_at = excluded.ends_at,
       created_at = excluded.created_at, url = excluded.url, capacity = excluded.capacity,
       venue = excluded.venue, network_event_id = excluded.network_event_id,
       asked = excluded.asked, gone_at = NULL";

impl Writing<'_> {
    /// Records an event with its hosts and venues; one that had gone is back. None when its group is
    /// unknown here: nothing is recorded then.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn record_event(&self, event: &Event, asked: i64) -> Result<Option<RecordedEvent>> {
        let grp = self
            .prepare_cached("SELECT key FROM group_row WHERE id = ?1 AND source = 'meetup'")?
            .query_row([event.group.as_str()], |row| row.get::<_, i64>(0))
            .optional()?;
        let Some(grp) = grp else { return Ok(None) };
        let renamed = self.take_token(event, grp, asked)?;
        let found = self
            .prepare_cached(FIND)?
            .query_row([renamed.as_ref().unwrap_or(&event.token).as_str()], |row| {
                Ok((
                    row.get::<_, i64>(0)?,
                    row.get::<_, i64>(1)?,
                    row.get::<_, Option<i64>>(2)?,
                    Kept::read(row)?,
                ))
            })
            .optional()?;
        let given = Kept::given(self, event, grp, asked)?;
        let hosts = self.hosts_given(event, asked)?;
        let Some((key, written, gone_at, kept)) = found else {
            self.write_event(event, &given, asked)?;
            let key = self.last_insert_rowid();
            self.count(1, Whose::Event(key));
            self.replace_hosts(key, &[], &hosts)?;
            self.note_id(key, &given.id, true)?;
            return Ok(Some(RecordedEvent {
                key: EventKey(key),
                is_new: true,
            }));
        };
        let given = given.knowing(&kept, event, self);
        let hosts_kept = self.hosts_kept(key)?;
        let mut hosts = hosts;
        if event.hosts.is_none() || self.is_unasked(&["Event.eventHosts"]) {
            hosts.clone_from(&hosts_kept);
        } else if self.may_be_error(&["Event.eventHosts", "EventHost.member"]) {
            // Which of them the error hides is not told: whoever is named is one, and nobody is none.
            hosts.extend(&hosts_kept);
            hosts.sort_unstable();
            hosts.dedup();
        }
        let is_same = gone_at.is_none() && kept == given && hosts_kept == hosts;
        let is_older = asked < self.recall.borrow().asked((Of::Event, key, 0), written);
        if self.is_news((Of::Event, key, 0), written, asked, is_same) {
            self.write_event(event, &given, asked)?;
            self.count(1, Whose::Event(key));
            if kept.grp != given.grp {
                self.touched.borrow_mut().note(Whose::Group(kept.grp));
            }
            self.replace_hosts(key, &hosts_kept, &hosts)?;
        }
        if !is_older {
            self.note_id(key, &given.id, kept.id != given.id)?;
        }
        Ok(Some(RecordedEvent {
            key: EventKey(key),
            is_new: false,
        }))
    }

    /// Lets an event that is known by its id take its new token. Answers the token under which it stands,
    /// where a later question already gave it another.
    fn take_token(&self, event: &Event, grp: i64, asked: i64) -> Result<Option<EventToken>> {
        let is_known = self
            .prepare_cached("SELECT 1 FROM event_row WHERE token = ?1 AND source = 'meetup'")?
            .exists([event.token.as_str()])?;
        if is_known {
            return Ok(None);
        }
        let found = self
            .prepare_cached(
                "SELECT key, token, asked FROM event_row
                 WHERE id = ?1 AND grp = ?2 AND source = 'meetup' ORDER BY gone_at IS NULL DESC, asked DESC",
            )?
            .query_row(params![event.id.0, grp], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, i64>(2)?))
            })
            .optional()?;
        let Some((key, token, written)) = found else {
            return Ok(None);
        };
        if asked < self.recall.borrow().asked((Of::Event, key, 0), written) {
            return Ok(Some(EventToken(token)));
        }
        self.prepare_cached("UPDATE event_row SET token = ?2 WHERE key = ?1")?
            .execute(params![key, event.token.as_str()])?;
        self.note_id(key, &token, true)?;
        self.note_id(key, event.token.as_str(), true)?;
        self.count(1, Whose::Event(key));
        Ok(None)
    }

    fn write_event(&self, event: &Event, given: &Kept, asked: i64) -> Result<()> {
        self.prepare_cached(WRITE)?.execute(named_params! {
            ":token": event.token.as_str(), ":id": given.id, ":grp": given.grp,
            ":title": given.title, ":status": given.status, ":event_type": given.event_type,
            ":starts_at": given.starts_at, ":starts_offset": given.starts_offset,
            ":ends_at": given.ends_at, ":created_at": given.created_at, ":url": given.url,
            ":capacity": given.capacity, ":venue": given.venue,
            ":network_event_id": given.network_event_id, ":asked": asked,
        })?;
        Ok(())
    }

    /// Keys of the hosts an answer names, in order and each once.
    fn hosts_given(&self, event: &Event, asked: i64) -> Result<Vec<i64>> {
        let sight = Sight::At(seconds(event.starts_at.as_ref()));
        let hosts = event.hosts.as_deref().unwrap_or_default().iter();
        let mut keys = hosts
            .map(|host| self.member(host, sight, asked))
            .collect::<Result<Vec<_>>>()?;
        keys.sort_unstable();
        keys.dedup();
        Ok(keys)
    }

    fn hosts_kept(&self, event: i64) -> Result<Vec<i64>> {
        self.prepare_cached("SELECT member FROM host_row WHERE event = ?1 ORDER BY member")?
            .query_map([event], |row| row.get(0))?
            .map(|row| Ok(row?))
            .collect()
    }

    fn replace_hosts(&self, event: i64, kept: &[i64], given: &[i64]) -> Result<()> {
        for member in kept.iter().filter(|member| !given.contains(member)) {
            self.prepare_cached("DELETE FROM host_row WHERE event = ?1 AND member = ?2")?
                .execute([event, *member])?;
        }
        for member in given.iter().filter(|member| !kept.contains(member)) {
            self.prepare_cached("INSERT INTO host_row (event, member) VALUES (?1, ?2)")?
                .execute([event, *member])?;
        }
        Ok(())
    }

    /// Keeps the history of an event's ids; one that just became current is noted at once.
    fn note_id(&self, event: i64, id: &str, is_change: bool) -> Result<()> {
        let stale = if is_change {
            i64::MAX
        } else {
            self.now - ID_SEEN_EVERY
        };
        self.prepare_cached(
            "INSERT INTO event_id_row (event, id, first_seen_at, last_seen_at) VALUES (?1, ?2, ?3, ?3)
             ON CONFLICT DO UPDATE SET last_seen_at = excluded.last_seen_at
             WHERE last_seen_at <= ?4 AND last_seen_at < excluded.last_seen_at",
        )?
        .execute(params![event, id, self.now, stale])?;
        Ok(())
    }

    /// Notes that Meetup has an event no more, as question `asked` found; true if that was news.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn mark_event_gone(&self, event: EventKey, asked: i64) -> Result<bool> {
        let (written, is_gone) = self
            .prepare_cached("SELECT asked, gone_at IS NOT NULL FROM event_row WHERE key = ?1")?
            .query_row([event.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
        if !self.is_news((Of::Event, event.0, 0), written, asked, is_gone) {
            return Ok(false);
        }
        self.prepare_cached("UPDATE event_row SET gone_at = ?2, asked = ?3 WHERE key = ?1")?
            .execute(params![event.0, self.now, asked])?;
        self.count(1, Whose::Event(event.0));
        Ok(true)
    }
}
