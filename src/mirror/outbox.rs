//! The outbox: reports, and the messages they become, written before anything is sent.
//!
//! A message is unique by kind, period and channel, so the same report is filed once however often it
//! is asked for. It is sent under a lease: a process that dies with one leaves it to whoever comes
//! after the lease ran out, with the same message id, and the message may come twice, but never not at all.
//! A channel has one message under way at a time.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::words::words;
use super::{Result, Writing, meta};

/// Longest lease there is, in seconds: one that ends later is from before the clock stepped back.
const LEASE_MOST: i64 = 3600;
/// Earlier reports read back at most: more would be those of a channel told every few seconds.
const TOLD_MOST: i64 = 40;

words! {
    /// What a report or message is.
    DeliveryKind {
        /// The periodic report.
        Digest = "digest",
        /// One thing that happened.
        Alert = "alert",
        /// A report somebody asked for.
        Manual = "manual",
        /// A test line.
        Test = "test",
    }
    /// Where a message stands.
    DeliveryState {
        /// To be sent.
        Pending = "pending",
        /// Under a lease.
        Sending = "sending",
        /// Done.
        Sent = "sent",
        /// Given up.
        Dead = "dead",
    }
}

/// A composed report, to be filed.
#[derive(Debug, Clone, Copy)]
pub struct NewReport<'a> {
    /// What it is.
    pub kind: DeliveryKind,
    /// The due instant, the as-of or the transition it is for.
    pub period: &'a str,
    /// The instant it reports on.
    pub as_of: DateTime<Utc>,
    /// The report, JSON.
    pub payload_json: &'a str,
}

/// A message for one channel, to be filed.
#[derive(Debug, Clone)]
pub struct NewDelivery {
    /// The channel's name.
    pub channel: String,
    /// What will be posted, JSON.
    pub payload_json: String,
}

/// Whether a message was filed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was.
    New,
    /// There was one for this kind, period and channel.
    Already {
        /// Where that one stands.
        state: DeliveryState,
    },
}

/// What filing a message came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filed {
    /// The channel's name.
    pub channel: String,
    /// The message.
    pub delivery_id: i64,
    /// New, or filed before.
    pub outcome: Outcome,
}

/// A message to send now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leased {
    /// The message.
    pub id: i64,
    /// Its id in the world, the same at every attempt.
    pub key: String,
    /// The channel's name.
    pub channel: String,
    /// What it is.
    pub kind: DeliveryKind,
    /// What it is for.
    pub period: String,
    /// What to post, JSON.
    pub payload: String,
    /// Which attempt this is, from 1.
    pub attempts: i64,
    /// When it was filed.
    pub created_at: i64,
}

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

/// Which messages to try again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// This one.
    One(i64),
    /// All that are pending or dead.
    All,
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
        "SELECT id, channel, kind, period, state, attempts, next_attempt_at, last_error, created_at, sent_at
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
            "SELECT id, channel, kind, period, state, attempts, next_attempt_at, last_error, created_at, sent_at
             FROM delivery_row WHERE id = ?1",
        )?
        .query_row([id], Delivery::read)
        .optional()?)
}

/// A report that a channel was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldReport {
    /// The instant it reported on.
    pub as_of: DateTime<Utc>,
    /// The report, JSON.
    pub payload_json: String,
}

/// The reports on earlier instants that a channel was told, the latest first: those since an instant,
/// or the last one where that is older. The latest is read back whole, of the others only whom they
/// asked to write to. One that somebody asked for counts from half a day on, so
/// that a trial does not stand for the digest after it; one that never arrived does not count.
///
/// # Errors
///
/// If the database cannot be read.
pub fn reports_told(
    conn: &Connection,
    channel: &str,
    before: DateTime<Utc>,
    since: DateTime<Utc>,
) -> Result<Vec<ToldReport>> {
    let filed: Vec<(i64, i64)> = conn
        .prepare_cached(
            "SELECT r.id, r.as_of FROM delivery_row d JOIN report_row r ON r.id = d.report
             WHERE d.channel = ?1 AND d.state <> 'dead'
               AND ((d.kind = 'digest' AND r.as_of < ?2) OR (d.kind = 'manual' AND r.as_of <= ?2 - 43200))
             ORDER BY r.as_of DESC, r.id DESC LIMIT ?3",
        )?
        .query_map(params![channel, before.timestamp(), TOLD_MOST], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?
        .collect::<rusqlite::Result<_>>()?;
    let mut whole = conn.prepare_cached("SELECT payload FROM report_row WHERE id = ?1")?;
    let mut short = conn.prepare_cached(
        "SELECT json_object('as_of', payload ->> '$.as_of', 'definitions_version', payload ->> '$.definitions_version',
                            'please_write_to', json(coalesce(payload -> '$.please_write_to', '[]')))
         FROM report_row WHERE id = ?1",
    )?;
    let mut told = Vec::new();
    for (id, as_of) in filed {
        if !told.is_empty() && as_of < since.timestamp() {
            break;
        }
        let payload = if told.is_empty() {
            &mut whole
        } else {
            &mut short
        };
        told.push(ToldReport {
            as_of: DateTime::from_timestamp(as_of, 0).unwrap_or_default(),
            payload_json: payload.query_row([id], |row| row.get(0))?,
        });
    }
    Ok(told)
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

impl Writing<'_> {
    /// Files a report and its messages. Where all messages were filed before, the report was too.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn file_report(
        &self,
        report: &NewReport<'_>,
        deliveries: &[NewDelivery],
    ) -> Result<Vec<Filed>> {
        let mut report_id = None;
        if deliveries.is_empty() {
            self.insert_report(report)?;
        }
        let mut filed = Vec::with_capacity(deliveries.len());
        for delivery in deliveries {
            let known = self
                .prepare_cached(
                    "SELECT id, state FROM delivery_row WHERE kind = ?1 AND period = ?2 AND channel = ?3",
                )?
                .query_row(params![report.kind, report.period, delivery.channel], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })
                .optional()?;
            let (delivery_id, outcome) = if let Some((id, state)) = known {
                (id, Outcome::Already { state })
            } else {
                let report_id = match report_id {
                    Some(id) => id,
                    None => *report_id.insert(self.insert_report(report)?),
                };
                self.prepare_cached(
                    "INSERT INTO delivery_row (report, channel, kind, period, payload, next_attempt_at, created_at)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)",
                )?
                .execute(params![
                    report_id, delivery.channel, report.kind, report.period,
                    delivery.payload_json, self.now
                ])?;
                (self.last_insert_rowid(), Outcome::New)
            };
            filed.push(Filed {
                channel: delivery.channel.clone(),
                delivery_id,
                outcome,
            });
        }
        Ok(filed)
    }

    fn insert_report(&self, report: &NewReport<'_>) -> Result<i64> {
        self.prepare_cached(
            "INSERT INTO report_row (kind, period, as_of, created_at, payload) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![
            report.kind,
            report.period,
            report.as_of.timestamp(),
            self.now,
            report.payload_json
        ])?;
        Ok(self.last_insert_rowid())
    }

    /// Takes the next message to send, for so many seconds: one that is due, or whose lease ran out.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn lease_delivery(&self, lease_seconds: i64) -> Result<Option<Leased>> {
        let leased = self
            .prepare_cached(
                "UPDATE delivery_row SET state = 'sending', attempts = attempts + 1, leased_until = ?1 + ?2
                 WHERE id = (SELECT d.id FROM delivery_row d
                   WHERE ((d.state = 'pending' AND coalesce(d.next_attempt_at, 0) <= ?1)
                       OR (d.state = 'sending' AND NOT d.leased_until BETWEEN ?1 + 1 AND ?1 + ?3))
                     AND NOT EXISTS (SELECT 1 FROM delivery_row o
                       WHERE o.channel = d.channel AND o.state = 'sending'
                         AND o.leased_until BETWEEN ?1 + 1 AND ?1 + ?3)
                   ORDER BY coalesce(d.next_attempt_at, d.created_at), d.id LIMIT 1)
                 RETURNING id, channel, kind, period, payload, attempts, created_at",
            )?
            .query_row(
                [self.now, lease_seconds.clamp(1, LEASE_MOST), LEASE_MOST],
                |row| {
                    Ok(Leased {
                        id: row.get(0)?,
                        key: String::new(),
                        channel: row.get(1)?,
                        kind: row.get(2)?,
                        period: row.get(3)?,
                        payload: row.get(4)?,
                        attempts: row.get(5)?,
                        created_at: row.get(6)?,
                    })
                },
            )
            .optional()?;
        let Some(mut leased) = leased else {
            return Ok(None);
        };
        leased.key = format!("msg_{}_{}", meta::database_id(self)?, leased.id);
        Ok(Some(leased))
    }

    /// Notes that a message arrived.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn delivery_sent(&self, id: i64) -> Result<()> {
        self.prepare_cached(
            "UPDATE delivery_row SET state = 'sent', sent_at = ?2, leased_until = NULL, next_attempt_at = NULL, last_error = NULL
             WHERE id = ?1 AND state <> 'sent'",
        )?
        .execute([id, self.now])?;
        Ok(())
    }

    /// Puts a message off.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn delivery_later(
        &self,
        id: i64,
        next_attempt_at: DateTime<Utc>,
        error: &str,
    ) -> Result<()> {
        self.prepare_cached(
            "UPDATE delivery_row SET state = 'pending', next_attempt_at = ?2, leased_until = NULL, last_error = ?3
             WHERE id = ?1 AND state = 'sending'",
        )?
        .execute(params![id, next_attempt_at.timestamp(), error])?;
        Ok(())
    }

    /// Gives a message up.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn delivery_dead(&self, id: i64, error: &str) -> Result<()> {
        self.prepare_cached(
            "UPDATE delivery_row SET state = 'dead', next_attempt_at = NULL, leased_until = NULL, last_error = ?2
             WHERE id = ?1 AND state <> 'sent'",
        )?
        .execute(params![id, error])?;
        Ok(())
    }

    /// Makes messages due now, as if never tried. Returns how many: none that is sent or being sent.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn retry_delivery(&self, which: Retry) -> Result<usize> {
        let only = match which {
            Retry::One(id) => Some(id),
            Retry::All => None,
        };
        Ok(self
            .prepare_cached(
                "UPDATE delivery_row SET state = 'pending', attempts = 0, next_attempt_at = ?2
                 WHERE (?1 IS NULL OR id = ?1)
                   AND (state IN ('pending', 'dead')
                     OR (state = 'sending' AND NOT leased_until BETWEEN ?2 + 1 AND ?2 + ?3))",
            )?
            .execute(params![only, self.now, LEASE_MOST])?)
    }
}
