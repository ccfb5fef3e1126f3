//! Groups: what they are, whether they are still sponsored, and how reading them fares.
//!
//! A group that is no longer sponsored keeps its row: `gone_at` and `gone_why` say when and how it
//! went, and seeing it again clears both. Failures are the reader's own notes about a group and know no
//! `asked`.
//!
//! Meetup's groups only: those of imports have ids of their own, and Meetup's silence says nothing of them.

use rusqlite::{OptionalExtension, Row, named_params, params};

use super::failures::NewFailure;
use super::keys::GroupKey;
use super::names::Names;
use super::networks::NetworkKey;
use super::recall::Of;
use super::touched::Whose;
use super::values::seconds;
use super::{Result, Writing};
use crate::community::{FailureKind, GoneWhy, Group, GroupId, GroupStatus, Scope, TieStatus};

/// First retry of a failing group, in seconds; doubles with every failure.
const RETRY_FIRST: i64 = 15 * 60;
/// Longest pause between retries of a failing group.
const RETRY_MOST: i64 = 86_400;

/// What recording a group came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordedGroup {
    /// Its key.
    pub key: GroupKey,
    /// Whether it was never seen before.
    pub is_new: bool,
}

/// What a question can change.
#[derive(PartialEq)]
struct Kept {
    network: Option<i64>,
    urlname: String,
    name: String,
    city: Option<String>,
    state: Option<String>,
    country: Option<String>,
    lat: Option<f64>,
    lon: Option<f64>,
    timezone: Option<String>,
    founded_at: Option<i64>,
    joined_network_at: Option<i64>,
    status: GroupStatus,
    tie_status: Option<TieStatus>,
    join_mode: String,
    is_private: bool,
    organizer: Option<i64>,
    member_count: Option<i64>,
    link: Option<String>,
    past_events: Option<i64>,
}

impl Kept {
    fn names(&self) -> Names<'_> {
        (&self.name, &self.urlname)
    }

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            network: row.get("network")?,
            urlname: row.get("urlname")?,
            name: row.get("name")?,
            city: row.get("city")?,
            state: row.get("state")?,
            country: row.get("country")?,
            lat: row.get("lat")?,
            lon: row.get("lon")?,
            timezone: row.get("timezone")?,
            founded_at: row.get("founded_at")?,
            joined_network_at: row.get("joined_network_at")?,
            status: row.get("status")?,
            tie_status: row.get("tie_status")?,
            join_mode: row.get("join_mode")?,
            is_private: row.get("is_private")?,
            organizer: row.get("organizer")?,
            member_count: row.get("member_count")?,
            link: row.get("link")?,
            past_events: row.get("past_events")?,
        })
    }

    fn given(w: &Writing<'_>, group: &Group, asked: i64) -> Result<Self> {
        let network = match &group.network {
            None => None,
            Some(id) => w
                .prepare_cached("SELECT key FROM network_row WHERE id = ?1")?
                .query_row([id.as_str()], |row| row.get(0))
                .optional()?,
        };
        Ok(Self {
            network,
            urlname: group.urlname.clone(),
            name: group.name.clone(),
            city: group.city.clone(),
            state: group.state.clone(),
            country: group.country.clone(),
            lat: group.lat,
            lon: group.lon,
            timezone: group.timezone.clone(),
            founded_at: seconds(group.founded_at.as_ref()),
            joined_network_at: seconds(group.joined_network_at.as_ref()),
            status: group.status.clone(),
            tie_status: group.tie_status.clone(),
            join_mode: group.join_mode.clone(),
            is_private: group.is_private,
            organizer: w.member_if_any(group.organizer.as_ref(), asked)?,
            member_count: group.member_count,
            link: group.link.clone(),
            past_events: group.past_events,
        })
    }
}

/// A group with its values, all of one question, is written by one statement.
const WRITE: &str = "INSERT INTO group_row (id, network, urlname, name, city, state, country, lat, lon, timezone,
       founded_at, joined_network_at, status, tie_status, join_mode, is_private, organizer,
       member_count, link, past_events, first_seen_at, asked)
     VALUES (:id, :network, :urlname, :name, :city, :state, :country, :lat, :lon, :timezone,
       :founded_at, :joined_network_at, :status, :tie_status, :join_mode, :is_private, :organizer,
       :member_count, :link, :past_events, :now, :asked)
     ON CONFLICT (id, source) DO UPDATE SET network = excluded.network, urlname = excluded.urlname,
       name = excluded.name, city = excluded.city, state = excluded.state, country = excluded.country,
       lat = excluded.lat, lon = excluded.lon, timezone = excluded.timezone,
       founded_at = excluded.founded_at, joined_network_at = excluded.joined_network_at,
       status = excluded.status, tie_status = excluded.tie_status, join_mode = excluded.join_mode,
       is_private = excluded.is_private, organizer = excluded.organizer,
       member_count = excluded.member_count, link = excluded.link,
       past_events = excluded.past_events, asked = excluded.asked,
       -- one that was away has a hole in its history: it is planned anew
       backfill_planned_at = CASE WHEN gone_at IS NULL THEN backfill_planned_at END,
       history_complete = CASE WHEN gone_at IS NULL THEN history_complete ELSE 0 END,
       gone_at = NULL, gone_why = NULL";

impl Kept {
    /// With what is known where nothing was asked.
    fn knowing(mut self, kept: &Self, w: &Writing<'_>) -> Self {
        w.keep(&["Group.name"], &mut self.name, &kept.name);
        w.keep(&["Group.city"], &mut self.city, &kept.city);
        w.keep(&["Group.state"], &mut self.state, &kept.state);
        w.keep(&["Group.country"], &mut self.country, &kept.country);
        w.keep(&["Group.lat"], &mut self.lat, &kept.lat);
        w.keep(&["Group.lon"], &mut self.lon, &kept.lon);
        w.keep(&["Group.timezone"], &mut self.timezone, &kept.timezone);
        w.keep(
            &["Group.foundedDate"],
            &mut self.founded_at,
            &kept.founded_at,
        );
        let joined = &mut self.joined_network_at;
        w.keep(&["Group.proJoinDate"], joined, &kept.joined_network_at);
        w.keep(&["Group.status"], &mut self.status, &kept.status);
        let tie = ["Group.groupAnalytics", "GroupAnalytics.tieStatus"];
        w.keep(&tie, &mut self.tie_status, &kept.tie_status);
        w.keep(&["Group.joinMode"], &mut self.join_mode, &kept.join_mode);
        w.keep(&["Group.isPrivate"], &mut self.is_private, &kept.is_private);
        w.keep(&["Group.organizer"], &mut self.organizer, &kept.organizer);
        w.keep(&["Group.link"], &mut self.link, &kept.link);
        let past = ["Group.groupAnalytics", "GroupAnalytics.totalPastEvents"];
        w.keep(&past, &mut self.past_events, &kept.past_events);
        // No figure is no figure, and not none; only a group outside networks has no tally.
        w.keep(&["Group.proNetwork"], &mut self.network, &kept.network);
        self.member_count = self.member_count.or(kept.member_count);
        if self.network.is_some() {
            self.past_events = self.past_events.or(kept.past_events);
            self.tie_status = self.tie_status.or_else(|| kept.tie_status.clone());
        }
        self
    }
}

impl Writing<'_> {
    /// Records a group; one that had gone is back.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn record_group(&self, group: &Group, asked: i64) -> Result<RecordedGroup> {
        let found = self
            .prepare_cached("SELECT * FROM group_row WHERE id = ?1 AND source = 'meetup'")?
            .query_row([group.id.as_str()], |row| {
                Ok((
                    row.get::<_, i64>("key")?,
                    row.get::<_, i64>("asked")?,
                    row.get::<_, Option<i64>>("gone_at")?,
                    Kept::read(row)?,
                ))
            })
            .optional()?;
        let mut given = Kept::given(self, group, asked)?;
        if let Some((key, written, gone_at, kept)) = &found {
            self.group_is_shown(*key)?;
            given = given.knowing(kept, self);
            let is_same = gone_at.is_none() && *kept == given;
            if !self.is_news((Of::Group, *key, 0), *written, asked, is_same) {
                return Ok(RecordedGroup {
                    key: GroupKey(*key),
                    is_new: false,
                });
            }
            self.log_names(*key, kept.names(), given.names())?;
        }
        self.prepare_cached(WRITE)?.execute(named_params! {
            ":id": group.id.as_str(), ":network": given.network, ":urlname": given.urlname,
            ":name": given.name, ":city": given.city, ":state": given.state,
            ":country": given.country, ":lat": given.lat, ":lon": given.lon,
            ":timezone": given.timezone, ":founded_at": given.founded_at,
            ":joined_network_at": given.joined_network_at, ":status": given.status,
            ":tie_status": given.tie_status, ":join_mode": given.join_mode,
            ":is_private": given.is_private, ":organizer": given.organizer,
            ":member_count": given.member_count, ":link": given.link,
            ":past_events": given.past_events, ":now": self.now, ":asked": asked,
        })?;
        let known = found.map(|(key, ..)| key);
        let key = known.unwrap_or_else(|| self.last_insert_rowid());
        self.count(1, Whose::Group(key));
        Ok(RecordedGroup {
            key: GroupKey(key),
            is_new: known.is_none(),
        })
    }

    /// Notes that a group is no longer sponsored, as question `asked` found; true if that was news.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn mark_group_gone(&self, group: GroupKey, why: GoneWhy, asked: i64) -> Result<bool> {
        let (written, known): (i64, Option<GoneWhy>) = self
            .prepare_cached("SELECT asked, gone_why FROM group_row WHERE key = ?1")?
            .query_row([group.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let is_same = known == Some(why);
        if !self.is_news((Of::Group, group.0, 0), written, asked, is_same) {
            return Ok(false);
        }
        self.prepare_cached(
            "UPDATE group_row SET gone_at = coalesce(gone_at, ?2), gone_why = ?3, asked = ?4 WHERE key = ?1",
        )?
        .execute(params![group.0, self.now, why, asked])?;
        self.count(1, Whose::Group(group.0));
        Ok(true)
    }

    /// Notes that an answer about a group could not be read, and when to try again: after 15 minutes, then
    /// twice that after each further failure, at most a day.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn group_failed(&self, group: GroupKey, message: &str) -> Result<()> {
        let (before, id): (i64, String) = self
            .prepare_cached("SELECT failures, id FROM group_row WHERE key = ?1")?
            .query_row([group.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let failure = NewFailure {
            scope: Scope::group_of(&GroupId(id)),
            network: None,
            kind: FailureKind::Unreadable,
            message: message.to_owned(),
            is_part: false,
            is_waiting: false,
        };
        self.note_failure(&failure, self.now)?;
        let pause = doubled(RETRY_FIRST, before, RETRY_MOST);
        self.prepare_cached("UPDATE group_row SET failures = ?2, retry_at = ?3 WHERE key = ?1")?
            .execute(params![group.0, before + 1, self.now + pause])?;
        Ok(())
    }

    /// Notes that a group could be read.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn group_recovered(&self, group: GroupKey) -> Result<()> {
        self.prepare_cached(
            "UPDATE group_row SET failures = 0, retry_at = NULL
             WHERE key = ?1 AND failures > 0",
        )?
        .execute([group.0])?;
        Ok(())
    }

    /// Writes today's line of a group's diary: the API has no history of these figures.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn record_group_day(&self, group: GroupKey) -> Result<()> {
        self.prepare_cached(
            "INSERT INTO group_day_row (grp, day, member_count, leader_count)
             SELECT g.key, ?2, g.member_count,
                    (SELECT count(*) FROM membership_row m
                     WHERE m.grp = g.key AND m.gone_at IS NULL AND m.status = 'LEADER')
             FROM group_row g WHERE g.key = ?1
             ON CONFLICT DO UPDATE SET member_count = excluded.member_count, leader_count = excluded.leader_count
             WHERE member_count IS NOT excluded.member_count OR leader_count IS NOT excluded.leader_count",
        )?
        .execute(params![group.0, self.now.div_euclid(86_400)])?;
        Ok(())
    }

    /// Notes that nobody sponsors a group any more by the configuration. That is no answer of Meetup's,
    /// so it stands beside the order of questions: any later answer about the group brings it back.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn unsponsor_group(&self, group: GroupKey) -> Result<()> {
        let changed = self
            .prepare_cached(
                "UPDATE group_row SET gone_at = ?2, gone_why = ?3 WHERE key = ?1 AND gone_at IS NULL",
            )?
            .execute(params![group.0, self.now, GoneWhy::NotConfigured])?;
        self.count(changed, Whose::Group(group.0));
        Ok(())
    }

    /// Remembers the configured urlname of a group outside the networks: its own may change.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn configured_as(&self, group: GroupKey, urlname: &str) -> Result<()> {
        self.prepare_cached(
            "UPDATE group_row SET configured_as = ?2 WHERE key = ?1 AND configured_as IS NOT ?2",
        )?
        .execute(params![group.0, urlname])?;
        Ok(())
    }

    /// The network that a group says it is in, where that network is known here.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn network_of(&self, group: &Group) -> Result<Option<NetworkKey>> {
        let Some(id) = &group.network else {
            return Ok(None);
        };
        Ok(self
            .prepare_cached("SELECT key FROM network_row WHERE id = ?1")?
            .query_row([id.as_str()], |row| row.get(0))
            .optional()?
            .map(NetworkKey))
    }

    /// When the oldest group of a network was founded.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn earliest_founding(&self, network: NetworkKey) -> Result<Option<i64>> {
        Ok(self
            .prepare_cached(
                "SELECT min(founded_at) FROM group_row WHERE network = ?1 AND source = 'meetup'",
            )?
            .query_row([network.0], |row| row.get(0))?)
    }
}

/// `first` doubled once per earlier failure, at most `most`.
pub(super) fn doubled(first: i64, failures: i64, most: i64) -> i64 {
    first
        .saturating_mul(1_i64 << failures.clamp(0, 40))
        .min(most)
}
