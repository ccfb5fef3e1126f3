//! Units of work: what is still to be asked, and when. They are what resumes after a stop; cursors
//! never are.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::groups::doubled;
use super::keys::{EventKey, GroupKey};
use super::networks::NetworkKey;
use super::words::words;
use super::{Result, Writing};

/// Pause after a unit's first failure, in seconds; doubles with every further one.
const RETRY_FIRST: i64 = 60;
/// Longest pause between attempts.
const RETRY_MOST: i64 = 6 * 3600;

words! {
    /// What a unit is done for.
    Purpose {
        /// The history of what was never read.
        Backfill = "backfill",
        /// The weekly reading of everything.
        Sweep = "sweep",
        /// Left-over points spent on what was verified longest ago.
        Rota = "rota",
    }
    /// What a unit asks.
    UnitKind {
        /// A network's groups.
        Groups = "groups",
        /// Events of a network or a group in a span of time.
        Events = "events",
        /// All RSVPs of an event.
        Rsvps = "rsvps",
        /// All memberships of a group.
        Members = "members",
    }
}

/// A unit to be planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewUnit {
    /// What for.
    pub purpose: Purpose,
    /// What to ask.
    pub kind: UnitKind,
    /// Of which network.
    pub network: Option<NetworkKey>,
    /// Of which group.
    pub grp: Option<GroupKey>,
    /// Of which event.
    pub event: Option<EventKey>,
    /// Events: start of the span, included; none: since ever.
    pub from_at: Option<i64>,
    /// Events: end of the span, included; none: for ever.
    pub to_at: Option<i64>,
    /// Not to be worked before; none: at once. [`PARKED`]: not before somebody asks for it.
    pub due_at: Option<i64>,
}

/// Due only when [`Writing::hasten_units`] asks for it.
pub const PARKED: i64 = i64::MAX / 4;

impl NewUnit {
    fn of(purpose: Purpose, kind: UnitKind) -> Self {
        Self {
            purpose,
            kind,
            network: None,
            grp: None,
            event: None,
            from_at: None,
            to_at: None,
            due_at: None,
        }
    }

    /// A network's groups.
    pub fn groups(purpose: Purpose, network: NetworkKey) -> Self {
        Self {
            network: Some(network),
            ..Self::of(purpose, UnitKind::Groups)
        }
    }

    /// A network's events in a span.
    pub fn network_events(
        purpose: Purpose,
        network: NetworkKey,
        from_at: Option<i64>,
        to_at: Option<i64>,
    ) -> Self {
        Self {
            network: Some(network),
            from_at,
            to_at,
            ..Self::of(purpose, UnitKind::Events)
        }
    }

    /// A group's events in a span.
    pub fn group_events(
        purpose: Purpose,
        grp: GroupKey,
        from_at: Option<i64>,
        to_at: Option<i64>,
    ) -> Self {
        Self {
            grp: Some(grp),
            from_at,
            to_at,
            ..Self::of(purpose, UnitKind::Events)
        }
    }

    /// An event's RSVPs.
    pub fn rsvps(purpose: Purpose, event: EventKey) -> Self {
        Self {
            event: Some(event),
            ..Self::of(purpose, UnitKind::Rsvps)
        }
    }

    /// A group's memberships.
    pub fn members(purpose: Purpose, grp: GroupKey) -> Self {
        Self {
            grp: Some(grp),
            ..Self::of(purpose, UnitKind::Members)
        }
    }
}

/// A unit of work that is due, or will be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Which.
    pub id: i64,
    /// What for.
    pub purpose: Purpose,
    /// What to ask.
    pub kind: UnitKind,
    /// Of which network.
    pub network: Option<NetworkKey>,
    /// Of which group.
    pub grp: Option<GroupKey>,
    /// Of which event.
    pub event: Option<EventKey>,
    /// Events: start of the span, included; none: since ever.
    pub from_at: Option<i64>,
    /// Events: end of what is left of the span, included; none: for ever.
    pub to_at: Option<i64>,
    /// How often it failed.
    pub attempts: i64,
    /// When to try.
    pub next_due: i64,
    /// What was wrong the last time.
    pub last_error: Option<String>,
}

/// How many units of a purpose and kind are open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenUnits {
    /// What for.
    pub purpose: Purpose,
    /// What to ask.
    pub kind: UnitKind,
    /// How many.
    pub count: i64,
    /// How many of them failed at least once.
    pub failing: i64,
}

impl Unit {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            purpose: row.get(1)?,
            kind: row.get(2)?,
            network: row.get::<_, Option<i64>>(3)?.map(NetworkKey),
            grp: row.get::<_, Option<i64>>(4)?.map(GroupKey),
            event: row.get::<_, Option<i64>>(5)?.map(EventKey),
            from_at: row.get(6)?,
            to_at: row.get(7)?,
            attempts: row.get(8)?,
            next_due: row.get(9)?,
            last_error: row.get(10)?,
        })
    }
}

/// Units due at `now`, in the order of working: groups, then events by the newest span, then RSVPs by
/// the latest event, then members.
///
/// # Errors
///
/// If the database cannot be read.
pub fn due_units(
    conn: &Connection,
    now: DateTime<Utc>,
    purposes: &[Purpose],
    limit: usize,
) -> Result<Vec<Unit>> {
    let wants = |purpose| purposes.contains(&purpose);
    conn.prepare_cached(
        "SELECT u.id, u.purpose, u.kind, u.network, u.grp, u.event, u.from_at, u.to_at, u.attempts, u.next_due, u.last_error
         FROM unit_row u LEFT JOIN event_row e ON e.key = u.event
         WHERE u.state = 'due' AND u.next_due <= ?1
           AND ((?2 AND u.purpose = 'backfill') OR (?3 AND u.purpose = 'sweep') OR (?4 AND u.purpose = 'rota'))
         ORDER BY CASE u.kind WHEN 'groups' THEN 0 WHEN 'events' THEN 1 WHEN 'rsvps' THEN 2 ELSE 3 END,
           u.kind = 'events' AND u.to_at IS NULL DESC, u.to_at DESC, e.starts_at DESC, u.id
         LIMIT ?5",
    )?
    .query_map(
        params![
            now.timestamp(),
            wants(Purpose::Backfill),
            wants(Purpose::Sweep),
            wants(Purpose::Rota),
            limit as i64
        ],
        Unit::read,
    )?
    .map(|row| Ok(row?))
    .collect()
}

/// Open units, counted by purpose and kind.
///
/// # Errors
///
/// If the database cannot be read.
pub fn open_units(conn: &Connection) -> Result<Vec<OpenUnits>> {
    conn.prepare_cached(
        "SELECT purpose, kind, count(*), sum(attempts > 0) FROM unit_row WHERE state = 'due'
         GROUP BY purpose, kind ORDER BY purpose, kind",
    )?
    .query_map([], |row| {
        Ok(OpenUnits {
            purpose: row.get(0)?,
            kind: row.get(1)?,
            count: row.get(2)?,
            failing: row.get(3)?,
        })
    })?
    .map(|row| Ok(row?))
    .collect()
}

/// When the next open unit is due.
///
/// # Errors
///
/// If the database cannot be read.
pub fn next_unit_due(conn: &Connection) -> Result<Option<i64>> {
    Ok(conn
        .prepare_cached("SELECT min(next_due) FROM unit_row WHERE state = 'due'")?
        .query_row([], |row| row.get(0))?)
}

impl Writing<'_> {
    /// Plans a unit, or finds the one that is open already; answers its id. Listings are open per purpose and start of span,
    /// whatever is left of them; an event's RSVPs and a group's members are walked once for whoever
    /// wants it, and for the most pressing purpose.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn plan_unit(&self, unit: &NewUnit) -> Result<i64> {
        let (network, grp, event) = (
            unit.network.map(|key| key.0),
            unit.grp.map(|key| key.0),
            unit.event.map(|key| key.0),
        );
        let is_shared = matches!(unit.kind, UnitKind::Rsvps | UnitKind::Members);
        let open = if is_shared {
            self.open_shared(unit.kind, grp, event)?
        } else {
            self.prepare_cached(
                "SELECT id, purpose FROM unit_row WHERE state = 'due' AND kind = ?1 AND purpose = ?2
                   AND network IS ?3 AND grp IS ?4 AND from_at IS ?5",
            )?
            .query_row(
                params![unit.kind, unit.purpose, network, grp, unit.from_at],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()?
        };
        if let Some((id, purpose)) = open {
            // What a later plan adds to the span is new work; a backfill's shrinks only by what is done.
            if !is_shared && unit.purpose != Purpose::Backfill {
                self.prepare_cached(
                    "UPDATE unit_row SET to_at = CASE WHEN ?2 IS NULL THEN NULL ELSE max(to_at, ?2) END
                     WHERE id = ?1 AND to_at IS NOT NULL",
                )?
                .execute(params![id, unit.to_at])?;
            }
            if unit.purpose < purpose {
                self.prepare_cached(
                    "UPDATE unit_row SET purpose = ?2, next_due = min(next_due, ?3) WHERE id = ?1",
                )?
                .execute(params![id, unit.purpose, self.now])?;
            }
            return Ok(id);
        }
        self.prepare_cached(
            "INSERT INTO unit_row (purpose, kind, network, grp, event, from_at, to_at, next_due, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, coalesce(?9, ?8), ?8)",
        )?
        .execute(params![
            unit.purpose, unit.kind, network, grp, event, unit.from_at, unit.to_at, self.now, unit.due_at
        ])?;
        Ok(self.last_insert_rowid())
    }

    fn open_shared(
        &self,
        kind: UnitKind,
        grp: Option<i64>,
        event: Option<i64>,
    ) -> Result<Option<(i64, Purpose)>> {
        // Two statements, so that each finds its row by its own index.
        let (sql, key) = if kind == UnitKind::Rsvps {
            (
                "SELECT id, purpose FROM unit_row WHERE state = 'due' AND event = ?1",
                event,
            )
        } else {
            (
                "SELECT id, purpose FROM unit_row WHERE state = 'due' AND kind = 'members' AND grp = ?1",
                grp,
            )
        };
        Ok(self
            .prepare_cached(sql)?
            .query_row([key], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?)
    }

    /// Makes all open units of a purpose due now, those put off after failures and, where `since`
    /// reaches back into them, parked ones, members included; a parked span is cut at `since` and its older part
    /// stays parked. None: everything.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn hasten_units(&self, purpose: Purpose, since: Option<i64>) -> Result<()> {
        self.prepare_cached(
            "INSERT INTO unit_row (purpose, kind, network, grp, from_at, to_at, next_due, created_at)
             SELECT purpose, kind, network, grp, from_at, ?3, next_due, ?4 FROM unit_row
             WHERE state = 'due' AND purpose = ?1 AND next_due = ?2 AND ?3 IS NOT NULL AND to_at > ?3",
        )?
        .execute(params![purpose, PARKED, since, self.now])?;
        self.prepare_cached(
            "UPDATE unit_row SET next_due = ?4,
               from_at = CASE WHEN next_due = ?2 THEN coalesce(?3, from_at) ELSE from_at END
             WHERE state = 'due' AND purpose = ?1
               AND (next_due <> ?2 OR ?3 IS NULL OR to_at > ?3 OR kind = ?5)",
        )?
        .execute(params![purpose, PARKED, since, self.now, UnitKind::Members])?;
        Ok(())
    }

    /// Spans of a network's known events, newest first, that meet without a gap, reach over all time
    /// and hold about `per_span` events each.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn spans_of_events(
        &self,
        network: NetworkKey,
        per_span: i64,
    ) -> Result<Vec<(Option<i64>, Option<i64>)>> {
        let cuts: Vec<i64> = self
            .prepare_cached(
                "SELECT starts_at FROM (
                   SELECT e.starts_at, row_number() OVER (ORDER BY e.starts_at DESC) AS nth
                   FROM event_row e JOIN group_row g ON g.key = e.grp
                   WHERE g.network = ?1 AND g.source = 'meetup' AND g.gone_at IS NULL
                     AND e.source = 'meetup' AND e.gone_at IS NULL AND e.starts_at IS NOT NULL)
                 WHERE nth % ?2 = 0 GROUP BY starts_at ORDER BY starts_at DESC",
            )?
            .query_map(params![network.0, per_span.max(1)], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        let mut spans = Vec::with_capacity(cuts.len() + 1);
        let mut to_at = None;
        for cut in cuts {
            spans.push((Some(cut), to_at));
            to_at = Some(cut);
        }
        spans.push((None, to_at));
        Ok(spans)
    }

    /// Ends a unit.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn unit_done(&self, id: i64) -> Result<()> {
        self.prepare_cached(
            "UPDATE unit_row SET state = 'done', finished_at = ?2 WHERE id = ?1 AND state = 'due'",
        )?
        .execute(params![id, self.now])?;
        Ok(())
    }

    /// Puts a unit off after a failure: a minute, then twice as long each time, at most six hours.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn unit_failed(&self, id: i64, error: &str) -> Result<()> {
        let attempts: i64 = self
            .prepare_cached("SELECT attempts FROM unit_row WHERE id = ?1")?
            .query_row([id], |row| row.get(0))?;
        let pause = doubled(RETRY_FIRST, attempts, RETRY_MOST);
        self.prepare_cached(
            "UPDATE unit_row SET attempts = ?2, next_due = ?3, last_error = ?4 WHERE id = ?1 AND state = 'due'",
        )?
        .execute(params![id, attempts + 1, self.now + pause, error])?;
        Ok(())
    }

    /// Notes that all of a unit's events after `to_at` are recorded: only what is up to it is left. A
    /// page that got through also ends a row of failures.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn shrink_unit(&self, id: i64, to_at: i64) -> Result<()> {
        self.prepare_cached(
            "UPDATE unit_row SET to_at = min(coalesce(to_at, ?2), ?2), attempts = 0, last_error = NULL
             WHERE id = ?1 AND state = 'due'",
        )?
        .execute(params![id, to_at])?;
        Ok(())
    }
}
