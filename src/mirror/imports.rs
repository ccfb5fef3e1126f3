//! What was imported: under each name what its file said last.
//!
//! Rows of one name are replaced all together, in the transaction in which the name's own row is written. Deleting
//! them is no breach of what was seen being kept: they are the sponsor's own words, and corrected by the sponsor.

use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::{Connection, OptionalExtension, Row, params};
use rust_decimal::Decimal;

use super::keys::{EventKey, GroupKey};
use super::words::stored;
use super::{Result, Writing};
use crate::community::{Currency, ImportKind, SpendingKind, YearMonth};

stored!(ImportKind, SpendingKind, Currency);

impl rusqlite::ToSql for YearMonth {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        Ok(self.to_string().into())
    }
}

impl rusqlite::types::FromSql for YearMonth {
    fn column_result(value: rusqlite::types::ValueRef<'_>) -> rusqlite::types::FromSqlResult<Self> {
        Self::parse(value.as_str()?).ok_or(rusqlite::types::FromSqlError::InvalidType)
    }
}

/// Digits after the point of an amount as it is kept.
const PLACES: u32 = 4;

/// What was imported under one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// The name.
    pub name: String,
    /// Of which kind its rows are.
    pub kind: ImportKind,
    /// SHA-256 of the file.
    pub hash: Vec<u8>,
    /// How many rows it has.
    pub rows: u64,
    /// When it was imported last.
    pub at: DateTime<Utc>,
}

/// Money that was spent.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Spending {
    /// When.
    pub on: NaiveDate,
    /// For which group.
    pub group: GroupKey,
    /// On what.
    pub kind: SpendingKind,
    /// How much, exactly, with at most four digits after the point; below zero is what was given back.
    pub amount: Decimal,
    /// In which money.
    pub currency: Currency,
    /// Any words.
    pub note: Option<String>,
    /// Whether there is a receipt; none: it was not said.
    pub has_receipt: Option<bool>,
    /// For which event, if for one.
    pub event: Option<EventKey>,
}

/// An amount as the database has it.
pub(super) fn kept(amount: Decimal) -> rusqlite::Result<i64> {
    let mut whole = amount;
    whole.rescale(PLACES);
    i64::try_from(whole.mantissa())
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}

/// An amount of the database.
pub(super) fn read(amount: i64) -> Decimal {
    Decimal::new(amount, PLACES).normalize()
}

/// A date of the database.
fn date(row: &Row<'_>, column: usize) -> rusqlite::Result<NaiveDate> {
    let text: String = row.get(column)?;
    text.parse().map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(
            column,
            rusqlite::types::Type::Text,
            Box::new(error),
        )
    })
}

/// Everything that was imported, by name.
///
/// # Errors
///
/// If the database cannot be read.
pub fn imports(conn: &Connection) -> Result<Vec<Import>> {
    let found = conn
        .prepare_cached(
            "SELECT i.name, i.kind, i.hash, i.imported_at, v.rows FROM import_row i JOIN imports v ON v.name = i.name
             ORDER BY i.name",
        )?
        .query_map([], |row| {
            Ok(Import {
                name: row.get(0)?,
                kind: row.get(1)?,
                hash: row.get(2)?,
                at: DateTime::from_timestamp(row.get(3)?, 0).unwrap_or_default(),
                rows: row.get::<_, i64>(4)?.unsigned_abs(),
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(found)
}

/// The spending that was imported under a name, in the order of its file.
///
/// # Errors
///
/// If the database cannot be read.
pub fn spending_of(conn: &Connection, name: &str) -> Result<Vec<Spending>> {
    let found = conn
        .prepare_cached(
            "SELECT on_date, grp, kind, amount, currency, note, has_receipt, event FROM spending_row
             WHERE import = (SELECT key FROM import_row WHERE name = ?1) ORDER BY key",
        )?
        .query_map([name], |row| {
            Ok(Spending {
                on: date(row, 0)?,
                group: GroupKey(row.get(1)?),
                kind: row.get(2)?,
                amount: read(row.get(3)?),
                currency: row.get(4)?,
                note: row.get(5)?,
                has_receipt: row.get(6)?,
                event: row.get::<_, Option<i64>>(7)?.map(EventKey),
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(found)
}

/// Events of one group on a local date, called off or not; where that is unknown, by the clock of UTC.
///
/// # Errors
///
/// If the database cannot be read.
pub fn events_on(conn: &Connection, group: GroupKey, on: NaiveDate) -> Result<Vec<EventKey>> {
    let found = conn
        .prepare_cached(
            "SELECT key FROM event_row
             WHERE grp = ?1 AND gone_at IS NULL AND date(starts_at + COALESCE(starts_offset, 0), 'unixepoch') = ?2
             ORDER BY starts_at, token",
        )?
        .query_map(params![group.0, on.to_string()], |row| row.get(0).map(EventKey))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(found)
}

/// The days on which a group has events that are nearest to a date, at most so many.
///
/// # Errors
///
/// If the database cannot be read.
pub fn event_days_near(
    conn: &Connection,
    group: GroupKey,
    on: NaiveDate,
    most: u32,
) -> Result<Vec<String>> {
    let found = conn
        .prepare_cached(
            "SELECT DISTINCT date(starts_at + COALESCE(starts_offset, 0), 'unixepoch') AS day FROM event_row
             WHERE grp = ?1 AND gone_at IS NULL AND starts_at IS NOT NULL
             ORDER BY abs(julianday(day) - julianday(?2)), day LIMIT ?3",
        )?
        .query_map(params![group.0, on.to_string(), most], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(found)
}

/// The event that has or had an id, or has a token, with its group.
///
/// # Errors
///
/// If the database cannot be read.
pub fn event_named(conn: &Connection, named: &str) -> Result<Option<(EventKey, GroupKey)>> {
    let found = conn
        .prepare_cached(
            "SELECT key, grp FROM event_row
             WHERE token = ?1 OR id = ?1 OR key IN (SELECT event FROM event_id_row WHERE id = ?1)
             ORDER BY token = ?1 DESC, id = ?1 DESC, gone_at IS NOT NULL LIMIT 1",
        )?
        .query_row([named], |row| {
            Ok((EventKey(row.get(0)?), GroupKey(row.get(1)?)))
        })
        .optional()?;
    Ok(found)
}

impl Writing<'_> {
    /// Keeps what a file of spending says under a name, in the place of all that was kept under it before.
    ///
    /// # Errors
    ///
    /// If the database cannot be written; an amount that was not bounded before is refused.
    pub fn import_spending(&self, name: &str, hash: &[u8], rows: &[Spending]) -> Result<()> {
        let import = self.import(name, ImportKind::Spending, hash)?;
        let mut insert = self.prepare_cached(
            "INSERT INTO spending_row (import, on_date, grp, kind, amount, currency, note, has_receipt, event)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?;
        for row in rows {
            insert.execute(params![
                import,
                row.on.to_string(),
                row.group.0,
                row.kind,
                kept(row.amount)?,
                row.currency,
                row.note,
                row.has_receipt,
                row.event.map(|it| it.0),
            ])?;
        }
        Ok(())
    }

    /// The row of a name, with this content from now on and none of its rows yet.
    pub(super) fn import(&self, name: &str, kind: ImportKind, hash: &[u8]) -> Result<i64> {
        let key = self
            .prepare_cached(
                "INSERT INTO import_row (name, kind, hash, imported_at) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (name) DO UPDATE SET kind = excluded.kind, hash = excluded.hash, imported_at = excluded.imported_at
                 RETURNING key",
            )?
            .query_row(params![name, kind, hash, self.now()], |row| row.get(0))?;
        self.empty_import(key)?;
        Ok(key)
    }

    /// Keeps that a file says the same as before in other bytes.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn import_rewritten(&self, name: &str, hash: &[u8]) -> Result<()> {
        self.prepare_cached("UPDATE import_row SET hash = ?2 WHERE name = ?1")?
            .execute(params![name, hash])?;
        Ok(())
    }

    /// Takes back what was imported under a name, all of it: how many rows; none where nothing was.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn undo_import(&self, name: &str) -> Result<Option<u64>> {
        let key: Option<i64> = self
            .prepare_cached("SELECT key FROM import_row WHERE name = ?1")?
            .query_row([name], |row| row.get(0))
            .optional()?;
        let Some(key) = key else { return Ok(None) };
        let rows = self.empty_import(key)?;
        self.execute("DELETE FROM import_row WHERE key = ?1", [key])?;
        Ok(Some(rows as u64))
    }

    /// Takes all rows of an import away: how many.
    fn empty_import(&self, key: i64) -> Result<usize> {
        let mut rows = 0;
        for empty in [
            "DELETE FROM spending_row WHERE import = ?1",
            "DELETE FROM rate_row WHERE import = ?1",
            "DELETE FROM year_budget_row WHERE import = ?1",
        ] {
            rows += self.prepare_cached(empty)?.execute([key])?;
        }
        Ok(rows)
    }
}
