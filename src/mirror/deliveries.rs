//! The messages of the outbox as people see them: listed, counted, tried again, dropped.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::outbox::{DeliveryKind, DeliveryState, LEASE_MOST};
use super::{Result, Writing};

/// A message as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The message.
    pub id: i64,
    /// The channel's name.
    pub channel: String,
    /// What it is.
    pub kind: DeliveryKind,
    /// What it is for.
    pub period: String,
    /// Where it stands.
    pub state: DeliveryState,
    /// How often it was tried.
    pub attempts: i64,
    /// When it is tried next.
    pub next_attempt_at: Option<i64>,
    /// What was wrong the last time.
    pub last_error: Option<String>,
    /// When it was filed.
    pub created_at: i64,
    /// When it was sent.
    pub sent_at: Option<i64>,
    /// Whether what is to be posted is still there.
    pub is_kept: bool,
}

/// Messages that have not arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Undelivered {
    /// To be sent, or being sent.
    pub open: i64,
    /// Given up.
    pub dead: i64,
    /// When the oldest open one was filed.
    pub oldest_open_at: Option<i64>,
    /// When an open one is tried next.
    pub next_attempt_at: Option<i64>,
}

/// Which messages are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// This one.
    One(i64),
    /// All that have not arrived.
    All,
}

impl Which {
    fn only(self) -> Option<i64> {
        match self {
            Self::One(id) => Some(id),
            Self::All => None,
        }
    }
}

/// What trying messages again came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Retried {
    /// So many are due now.
    pub due: usize,
    /// So many were given up too long ago: what they said is not kept any more.
    pub emptied: usize,
}

impl Delivery {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            channel: row.get(1)?,
            kind: row.get(2)?,
            period: row.get(3)?,
            state: row.get(4)?,
            attempts: row.get(5)?,
            next_attempt_at: row.get(6)?,
            last_error: row.get(7)?,
            created_at: row.get(8)?,
            sent_at: row.get(9)?,
            is_kept: row.get(10)?,
        })
    }
}

/// Messages, the latest first.
///
/// # Errors
///
/// If the database cannot be read.
pub fn deliveries(conn: &Connection, limit: usize) -> Result<Vec<Delivery>> {
    conn.prepare_cached(
        "SELECT id, channel, kind, period, state, attempts, next_attempt_at, last_error, created_at, sent_at,
                payload IS NOT NULL
         FROM delivery_row ORDER BY id DESC LIMIT ?1",
    )?
    .query_map([limit as i64], Delivery::read)?
    .map(|row| Ok(row?))
    .collect()
}

/// One message.
///
/// # Errors
///
/// If the database cannot be read.
pub fn delivery(conn: &Connection, id: i64) -> Result<Option<Delivery>> {
    Ok(conn
        .prepare_cached(
            "SELECT id, channel, kind, period, state, attempts, next_attempt_at, last_error, created_at, sent_at,
                payload IS NOT NULL
             FROM delivery_row WHERE id = ?1",
        )?
        .query_row([id], Delivery::read)
        .optional()?)
}

/// Messages that have not arrived.
///
/// # Errors
///
/// If the database cannot be read.
pub fn undelivered(conn: &Connection) -> Result<Undelivered> {
    Ok(conn
        .prepare_cached(
            "SELECT count(*) FILTER (WHERE state IN ('pending', 'sending')), count(*) FILTER (WHERE state = 'dead'),
                    min(created_at) FILTER (WHERE state IN ('pending', 'sending')),
                    min(coalesce(CASE state WHEN 'sending' THEN leased_until ELSE next_attempt_at END, created_at))
                      FILTER (WHERE state IN ('pending', 'sending'))
             FROM delivery_row WHERE state <> 'sent'",
        )?
        .query_row([], |row| {
            Ok(Undelivered {
                open: row.get(0)?,
                dead: row.get(1)?,
                oldest_open_at: row.get(2)?,
                next_attempt_at: row.get(3)?,
            })
        })?)
}

/// How many messages to each channel were given up: of channels whose latest message is one of them. Test
/// lines and dropped messages do not count.
///
/// # Errors
///
/// If the database cannot be read.
pub fn given_up(conn: &Connection) -> Result<Vec<(String, i64)>> {
    conn.prepare_cached(
        "SELECT d.channel, count(*) FROM delivery_row d
         WHERE d.state = 'dead' AND d.kind <> 'test'
           AND (SELECT l.state FROM delivery_row l
                WHERE l.channel = d.channel AND l.kind <> 'test' AND l.state <> 'dropped'
                ORDER BY l.id DESC LIMIT 1) = 'dead'
         GROUP BY d.channel ORDER BY d.channel",
    )?
    .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
    .map(|row| Ok(row?))
    .collect()
}

impl Writing<'_> {
    /// Makes messages due now, as if never tried: none that is sent, being sent or dropped, nor one whose
    /// content is not kept any more.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn retry_delivery(&self, which: Which) -> Result<Retried> {
        self.empty_old_messages()?;
        let due = self
            .prepare_cached(
                "UPDATE delivery_row SET state = 'pending', attempts = 0, next_attempt_at = ?2, given_up_at = NULL
                 WHERE (?1 IS NULL OR id = ?1) AND payload IS NOT NULL
                   AND (state IN ('pending', 'dead')
                     OR (state = 'sending' AND NOT leased_until BETWEEN ?2 + 1 AND ?2 + ?3))",
            )?
            .execute(params![which.only(), self.now, LEASE_MOST])?;
        let emptied: i64 = self
            .prepare_cached(
                "SELECT count(*) FROM delivery_row
                 WHERE (?1 IS NULL OR id = ?1) AND payload IS NULL AND state = 'dead'",
            )?
            .query_row([which.only()], |row| row.get(0))?;
        Ok(Retried {
            due,
            emptied: usize::try_from(emptied).unwrap_or_default(),
        })
    }

    /// Gives messages up for good, without sending: those to be sent, being sent or given up. Returns how
    /// many.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn drop_delivery(&self, which: Which) -> Result<usize> {
        Ok(self
            .prepare_cached(
                "UPDATE delivery_row SET state = 'dropped', payload = NULL, next_attempt_at = NULL, leased_until = NULL
                 WHERE (?1 IS NULL OR id = ?1) AND state IN ('pending', 'sending', 'dead')",
            )?
            .execute([which.only()])?)
    }
}
