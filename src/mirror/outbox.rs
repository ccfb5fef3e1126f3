//! The outbox: reports, and the messages they become, written before anything is sent.
//!
//! What is posted is rendered once, when it is filed, and posted exactly so at every try. It is emptied
//! when it has no more use: sent, dropped, or given up a month ago. Documents of reports are kept for the
//! last few of each kind per channel; what they told is remembered for a year, in rows of its own (`told.rs`).
//!
//! A message is unique by kind, period and channel, so the same report is filed once however often it
//! is asked for. It is sent under a lease: a process that dies with one leaves it to whoever comes
//! after the lease ran out, with the same message id, and the message may come twice, but never not at all.
//! A channel has one message under way at a time.
//!
//! A message that is dropped while it is being sent stays dropped if it failed. If it arrived all the same,
//! it becomes `sent`: what the channel was told is the truth, and counts as told.

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, params};

use super::words::words;
use super::{Result, Writing, meta};
use crate::community::Before;

/// Longest lease there is, in seconds: one that ends later is from before the clock stepped back.
pub(super) const LEASE_MOST: i64 = 3600;
/// Documents kept of each kind per channel.
const DOCUMENTS: i64 = 8;
/// After so many seconds a message that was given up cannot be tried again.
const GIVEN_UP_FOR_GOOD: i64 = 30 * 86_400;

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
        /// Given up, since it did not arrive.
        Dead = "dead",
        /// Given up by hand.
        Dropped = "dropped",
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
    /// The report, JSON, persons by their ids.
    pub payload_json: &'a str,
    /// What it says, for the digests after it; none: it is no digest.
    pub told: Option<&'a Before>,
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

/// Where a message goes, by the names of channels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whither {
    /// Wherever.
    Anywhere,
    /// To this channel.
    To(String),
    /// To none of these.
    Elsewhere(Vec<String>),
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
        if filed.iter().any(|it| it.outcome == Outcome::New) || deliveries.is_empty() {
            self.drop_documents(report.kind)?;
            self.empty_old_messages()?;
            if report.told.is_some() {
                self.forget_told()?;
            }
        }
        Ok(filed)
    }

    /// The same document for one instant is kept once, whatever the channels.
    fn insert_report(&self, report: &NewReport<'_>) -> Result<i64> {
        let same = self
            .prepare_cached(
                "SELECT id FROM report_row
                 WHERE kind = ?1 AND period = ?2 AND as_of = ?3 AND payload = ?4 AND payload IS NOT NULL",
            )?
            .query_row(
                params![report.kind, report.period, report.as_of.timestamp(), report.payload_json],
                |row| row.get(0),
            )
            .optional()?;
        if let Some(same) = same {
            return Ok(same);
        }
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
        let id = self.last_insert_rowid();
        if let Some(told) = report.told {
            self.remember_told(id, told)?;
        }
        Ok(id)
    }

    fn drop_documents(&self, kind: DeliveryKind) -> Result<()> {
        self.prepare_cached(
            "UPDATE report_row SET payload = NULL WHERE kind = ?1 AND payload IS NOT NULL AND id NOT IN (
               SELECT report FROM (
                 SELECT r.id AS report, row_number() OVER (PARTITION BY d.channel ORDER BY r.id DESC) AS nth
                 FROM report_row r LEFT JOIN delivery_row d ON d.report = r.id
                 WHERE r.kind = ?1 AND r.payload IS NOT NULL)
               WHERE nth <= ?2)",
        )?
        .execute(params![kind, DOCUMENTS])?;
        Ok(())
    }

    /// Empties messages that were given up too long ago to be worth another try.
    pub(super) fn empty_old_messages(&self) -> Result<()> {
        self.prepare_cached(
            "UPDATE delivery_row SET payload = NULL
             WHERE state = 'dead' AND payload IS NOT NULL AND coalesce(given_up_at, created_at) <= ?1",
        )?
        .execute([self.now - GIVEN_UP_FOR_GOOD])?;
        Ok(())
    }

    /// Takes the next message to send, for so many seconds: one that is due, or whose lease ran out.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn lease_delivery(&self, lease_seconds: i64) -> Result<Option<Leased>> {
        self.lease_delivery_to(&Whither::Anywhere, lease_seconds)
    }

    /// The same, of the messages that go there.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn lease_delivery_to(&self, to: &Whither, lease_seconds: i64) -> Result<Option<Leased>> {
        let (only, but): (Option<&str>, &[String]) = match to {
            Whither::Anywhere => (None, &[]),
            Whither::To(channel) => (Some(channel), &[]),
            Whither::Elsewhere(channels) => (None, channels),
        };
        let but = serde_json::Value::from(but).to_string();
        let leased = self
            .prepare_cached(
                "UPDATE delivery_row SET state = 'sending', attempts = attempts + 1, leased_until = ?1 + ?2
                 WHERE id = (SELECT d.id FROM delivery_row d
                   WHERE ((d.state = 'pending' AND coalesce(d.next_attempt_at, 0) <= ?1)
                       OR (d.state = 'sending' AND NOT d.leased_until BETWEEN ?1 + 1 AND ?1 + ?3))
                     AND d.payload IS NOT NULL
                     AND NOT EXISTS (SELECT 1 FROM delivery_row o
                       WHERE o.channel = d.channel AND o.state = 'sending'
                         AND o.leased_until BETWEEN ?1 + 1 AND ?1 + ?3)
                     AND (?4 IS NULL OR d.channel = ?4)
                     AND d.channel NOT IN (SELECT value FROM json_each(?5))
                   ORDER BY coalesce(d.next_attempt_at, d.created_at), d.id LIMIT 1)
                 RETURNING id, channel, kind, period, payload, attempts, created_at",
            )?
            .query_row(
                params![
                    self.now,
                    lease_seconds.clamp(1, LEASE_MOST),
                    LEASE_MOST,
                    only,
                    but
                ],
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

    /// Notes that a message arrived, also one that was dropped meanwhile.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn delivery_sent(&self, id: i64, lacks: Option<&str>) -> Result<()> {
        self.prepare_cached(
            "UPDATE delivery_row SET state = 'sent', sent_at = ?2, payload = NULL, leased_until = NULL, next_attempt_at = NULL,
               last_error = ?3, given_up_at = NULL
             WHERE id = ?1 AND state <> 'sent'",
        )?
        .execute(params![id, self.now, lacks])?;
        Ok(())
    }

    /// Puts a message off, unless it is no longer being sent.
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

    /// Gives a message up, unless it arrived or was dropped meanwhile.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn delivery_dead(&self, id: i64, error: &str) -> Result<()> {
        self.prepare_cached(
            "UPDATE delivery_row SET state = 'dead', next_attempt_at = NULL, leased_until = NULL, last_error = ?2,
               given_up_at = ?3
             WHERE id = ?1 AND state NOT IN ('sent', 'dropped')",
        )?
        .execute(params![id, error, self.now])?;
        Ok(())
    }
}
