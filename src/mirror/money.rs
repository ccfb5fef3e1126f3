//! What currencies were worth, and what may be spent: as it was imported.

use rusqlite::{Connection, params};
use rust_decimal::Decimal;

use super::imports::{kept, read};
use super::keys::GroupKey;
use super::{Result, Writing};
use crate::community::{Currency, ImportKind, YearMonth};

/// What one unit of a currency was worth in a month, in the configured currency.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Rate {
    /// When.
    pub month: YearMonth,
    /// One of what.
    pub currency: Currency,
    /// So much of the configured one.
    pub rate: Decimal,
}

/// What may be spent in a calendar year.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct YearBudget {
    /// For which group; none: for all together.
    pub group: Option<GroupKey>,
    /// In which year.
    pub year: i32,
    /// How much, exactly, with at most four digits after the point.
    pub amount: Decimal,
    /// In which money.
    pub currency: Currency,
}

/// The rates that were imported, under a name or all, in the order of their files.
///
/// # Errors
///
/// If the database cannot be read.
pub fn rates(conn: &Connection, name: Option<&str>) -> Result<Vec<Rate>> {
    let found = conn
        .prepare_cached(
            "SELECT month, currency, rate FROM rate_row
             WHERE ?1 IS NULL OR import = (SELECT key FROM import_row WHERE name = ?1) ORDER BY key",
        )?
        .query_map([name], |row| {
            let rate: String = row.get(2)?;
            Ok(Rate {
                month: row.get(0)?,
                currency: row.get(1)?,
                rate: Decimal::from_str_exact(&rate).map_err(|error| {
                    let text = rusqlite::types::Type::Text;
                    rusqlite::Error::FromSqlConversionFailure(2, text, Box::new(error))
                })?,
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(found)
}

/// The budgets that were imported, under a name or all, in the order of their files.
///
/// # Errors
///
/// If the database cannot be read.
pub fn year_budgets(conn: &Connection, name: Option<&str>) -> Result<Vec<YearBudget>> {
    let found = conn
        .prepare_cached(
            "SELECT grp, year, amount, currency FROM year_budget_row
             WHERE ?1 IS NULL OR import = (SELECT key FROM import_row WHERE name = ?1) ORDER BY key",
        )?
        .query_map([name], |row| {
            Ok(YearBudget {
                group: row.get::<_, Option<i64>>(0)?.map(GroupKey),
                year: row.get(1)?,
                amount: read(row.get(2)?),
                currency: row.get(3)?,
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(found)
}

impl Writing<'_> {
    /// Keeps what a file of rates says under a name, in the place of all that was kept under it before.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn import_rates(&self, name: &str, hash: &[u8], rows: &[Rate]) -> Result<()> {
        let import = self.import(name, ImportKind::Rates, hash)?;
        let mut insert = self.prepare_cached(
            "INSERT INTO rate_row (import, month, currency, rate) VALUES (?1, ?2, ?3, ?4)",
        )?;
        for row in rows {
            insert.execute(params![
                import,
                row.month,
                row.currency,
                row.rate.to_string()
            ])?;
        }
        Ok(())
    }

    /// Keeps what a file of budgets says under a name, in the place of all that was kept under it before.
    ///
    /// # Errors
    ///
    /// If the database cannot be written; an amount that was not bounded before is refused.
    pub fn import_year_budgets(&self, name: &str, hash: &[u8], rows: &[YearBudget]) -> Result<()> {
        let import = self.import(name, ImportKind::Budget, hash)?;
        let mut insert = self.prepare_cached(
            "INSERT INTO year_budget_row (import, grp, year, amount, currency) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        for row in rows {
            insert.execute(params![
                import,
                row.group.map(|it| it.0),
                row.year,
                kept(row.amount)?,
                row.currency
            ])?;
        }
        Ok(())
    }
}
