//! What alerts look at, after every pass: few columns of every group, none of its answers in bulk.
//!
//! The same terms as everywhere (held, scheduled, host, leader), read without the temporary tables
//! of a measurement, so that a thousand groups take a moment. A test holds the two together.

use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::{Connection, Row};

use super::figures::{Happening, Leader};
use super::local::{LocalClock, instant};
use super::per_group::page_of;
use super::roles::{KeyHolder, NamesNoted, RoleChange};
use super::states::SoonState;
use crate::community::{GoneWhy, GroupId, GroupStatus, Role, TieStatus, member_page};

/// A group as alerts see it.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)] // as in `community::Group`, or explained at their own types
pub struct Watched {
    pub id: GroupId,
    pub urlname: String,
    pub name: String,
    pub link: String,
    pub country: Option<String>,
    pub timezone: Option<String>,
    /// How the group tells the time.
    pub clock: LocalClock,
    pub history_complete: bool,
    /// When the backfill that its history is from was planned; none: it is to be planned anew.
    pub planned_at: Option<DateTime<Utc>>,
    pub is_gone: bool,
    pub gone_why: Option<GoneWhy>,
    /// Meetup's own word on the group.
    pub status: GroupStatus,
    pub tie_status: Option<TieStatus>,
    /// Whom to write to.
    pub leaders: Vec<Leader>,
    /// Who led it when they left it, and when that was; the last to leave first.
    pub former_leaders: Vec<(Leader, DateTime<Utc>)>,
    /// Hosts of the last 365 days who are not staff, whoever hosted last first.
    pub hosts: Vec<HostSeen>,
    pub events_ever: i64,
    pub last_event: Option<Happening>,
    /// The start of the held event before that.
    pub previous_at: Option<DateTime<Utc>>,
    pub next_event: Option<Happening>,
    pub is_running: bool,
    /// Events in person that have yet to start, or started within the last day.
    pub soon: Vec<Soon>,
    /// Whether its pause is longer than usual; none: not asked, or not known.
    pub is_overdue: Option<bool>,
    pub floor: Floor,
    /// What it was called when alerts noted that; none: never, or not read. This and the two below are
    /// read by [`super::watch_news`].
    pub noted: Option<NamesNoted>,
    /// The log of its roles, the oldest line first, where any of it is new.
    pub role_changes: Vec<RoleChange>,
    /// Those whom it is about, and the organizer.
    pub key_holders: Vec<KeyHolder>,
}

/// A host of a group.
#[derive(Debug, Clone, PartialEq)]
pub struct HostSeen {
    /// Who.
    pub person: Leader,
    /// The start of the last event they hosted.
    pub last_at: DateTime<Utc>,
    /// Whether they are a member still; none: no membership of theirs is known.
    pub is_here: Option<bool>,
    /// When they were found to have left.
    pub left_at: Option<DateTime<Utc>>,
}

/// An event close to its start.
#[derive(Debug, Clone, PartialEq)]
pub struct Soon {
    /// The event, with who said yes.
    pub event: Happening,
    /// What became of it.
    pub state: SoonState,
}

/// Whether a group will fall below the events a year that the policy asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Floor {
    /// No policy is configured, or it cannot be said.
    Unknown,
    /// Not unless something changes.
    Above,
    /// From that day on, unless it meets before.
    BelowFrom(NaiveDate),
}

pub(super) fn each(
    conn: &Connection,
    (group, as_of): (Option<i64>, DateTime<Utc>),
    file: &str,
    mut take: impl FnMut(&Row<'_>) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    let mut statement = conn.prepare_cached(file)?;
    if let Some(index) = statement.parameter_index(":group")? {
        statement.raw_bind_parameter(index, group)?;
    }
    if let Some(index) = statement.parameter_index(":as_of")? {
        statement.raw_bind_parameter(index, as_of.timestamp())?;
    }
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        take(row)?;
    }
    Ok(())
}

pub(super) fn group(row: &Row<'_>) -> rusqlite::Result<Watched> {
    let urlname: String = row.get("urlname")?;
    let timezone: Option<String> = row.get("timezone")?;
    Ok(Watched {
        id: GroupId(row.get("id")?),
        link: row
            .get::<_, Option<String>>("link")?
            .unwrap_or_else(|| page_of(&urlname)),
        urlname,
        name: row.get("name")?,
        country: row.get("country")?,
        clock: LocalClock::of(timezone.as_deref(), row.get("latest_offset")?),
        timezone,
        history_complete: row.get("history_complete")?,
        planned_at: row
            .get::<_, Option<i64>>("backfill_planned_at")?
            .map(instant),
        is_gone: row.get("is_gone")?,
        gone_why: row.get("gone_why")?,
        status: row.get("status")?,
        tie_status: row.get("tie_status")?,
        leaders: Vec::new(),
        former_leaders: Vec::new(),
        hosts: Vec::new(),
        events_ever: 0,
        last_event: None,
        previous_at: None,
        next_event: None,
        is_running: false,
        soon: Vec::new(),
        is_overdue: None,
        floor: Floor::Unknown,
        noted: None,
        role_changes: Vec::new(),
        key_holders: Vec::new(),
    })
}

pub(super) fn person(row: &Row<'_>, group: &str) -> rusqlite::Result<Leader> {
    let id: String = row.get("id")?;
    Ok(Leader {
        link: member_page(group, &id),
        id,
        name: row.get("name")?,
        role: row
            .get::<_, Option<Role>>("role")?
            .unwrap_or_else(|| Role::Other(String::new())),
        last_access_at: row.get::<_, Option<i64>>("last_access_at")?.map(instant),
        last_seen_at: None,
        last_hosted_at: None,
        last_took_part_at: None,
    })
}

pub(super) fn happening(row: &Row<'_>, yes: i64) -> rusqlite::Result<Happening> {
    Ok(Happening {
        token: row.get("token")?,
        title: row.get("title")?,
        event_type: row.get("event_type")?,
        starts_at: instant(row.get("starts_at")?),
        starts_local: instant(row.get("starts_local")?).naive_utc(),
        url: row.get("url")?,
        yes,
    })
}
