//! The views of the schema row by row, for whoever copies them out of the database.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Params, Row};

use super::{MirrorError, Result};

/// A value of a view.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// Unknown, or not there.
    Null,
    /// A whole number; of a boolean 0 or 1.
    Integer(i64),
    /// Any other number.
    Real(f64),
    /// Everything else.
    Text(&'a str),
}

/// Which rows of a view.
#[derive(Debug, Clone, Copy)]
pub enum RowsOf<'a> {
    /// All, in no order.
    All,
    /// Those in whose column the text is this.
    With(&'a str, &'a str),
    /// All members by their ids: id and name. There may be a million of them, so this one order is the database's.
    Members,
}

/// The index of members is by their ids as they are kept, which the view hides.
const MEMBERS: &str = "SELECT CAST(id AS TEXT) AS id, name FROM member_row ORDER BY member_row.id";

/// Hands each row of a view to `take`, its values in the order of `columns`. Names come from the program itself.
///
/// # Errors
///
/// If the database cannot be read; and what `take` failed with.
pub fn each_row<E: From<MirrorError>>(
    conn: &Connection,
    view: &str,
    columns: &[&str],
    rows: RowsOf<'_>,
    take: &mut dyn FnMut(&[Value<'_>]) -> Result<(), E>,
) -> Result<(), E> {
    let columns: Vec<String> = columns.iter().map(|it| format!("\"{it}\"")).collect();
    let columns = columns.join(", ");
    let from = format!("SELECT {columns} FROM \"{view}\"");
    match rows {
        RowsOf::All => each(conn, &from, [], take),
        RowsOf::With(column, is) => {
            each(conn, &format!("{from} WHERE \"{column}\" = ?1"), [is], take)
        }
        RowsOf::Members => each(conn, MEMBERS, [], take),
    }
}

fn each<E: From<MirrorError>>(
    conn: &Connection,
    sql: &str,
    params: impl Params,
    take: &mut dyn FnMut(&[Value<'_>]) -> Result<(), E>,
) -> Result<(), E> {
    let sql_error = |error: rusqlite::Error| E::from(MirrorError::Sql(error));
    let mut statement = conn.prepare_cached(sql).map_err(sql_error)?;
    let width = statement.column_count();
    let mut rows = statement.query(params).map_err(sql_error)?;
    while let Some(row) = rows.next().map_err(sql_error)? {
        let values = values(row, width).map_err(sql_error)?;
        take(&values)?;
    }
    Ok(())
}

fn values<'a>(row: &'a Row<'_>, width: usize) -> rusqlite::Result<Vec<Value<'a>>> {
    let value = |at| {
        Ok(match row.get_ref(at)? {
            ValueRef::Null => Value::Null,
            ValueRef::Integer(number) => Value::Integer(number),
            ValueRef::Real(number) => Value::Real(number),
            text => Value::Text(text.as_str()?),
        })
    };
    (0..width).map(value).collect()
}

/// The views that the database has, each with its columns in order.
///
/// # Errors
///
/// If the database cannot be read.
pub fn views(conn: &Connection) -> Result<BTreeMap<String, Vec<String>>> {
    let mut statement = conn.prepare(
        "SELECT v.name, c.name FROM sqlite_schema v, pragma_table_info(v.name) c
         WHERE v.type = 'view' ORDER BY v.name, c.cid",
    )?;
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        found.entry(row.get(0)?).or_default().push(row.get(1)?);
    }
    Ok(found)
}

/// The ids of all groups, in order.
///
/// # Errors
///
/// If the database cannot be read.
pub fn group_ids(conn: &Connection) -> Result<Vec<String>> {
    let mut statement = conn.prepare("SELECT DISTINCT id FROM groups ORDER BY id")?;
    let ids = statement.query_map([], |row| row.get(0))?;
    ids.map(|id| Ok(id?)).collect()
}

/// The tokens of events by the month of their local start (`YYYY-MM`), those whose start is unknown first; within a
/// month by start. With a date, only those that start on it or later by the wall clock of the place.
///
/// # Errors
///
/// If the database cannot be read.
pub fn events_by_month(
    conn: &Connection,
    since: Option<NaiveDate>,
) -> Result<Vec<(Option<String>, Vec<String>)>> {
    let mut statement = conn.prepare(
        "SELECT DISTINCT substr(starts_local, 1, 7) AS month, token FROM events
         WHERE ?1 IS NULL OR starts_local >= ?1 ORDER BY month, starts_at, token",
    )?;
    let mut months: Vec<(Option<String>, Vec<String>)> = Vec::new();
    let mut rows = statement.query([since.map(|it| it.to_string())])?;
    while let Some(row) = rows.next()? {
        let (month, token) = (row.get(0)?, row.get(1)?);
        match months.last_mut() {
            Some((last, tokens)) if *last == month => tokens.push(token),
            _ => months.push((month, vec![token])),
        }
    }
    Ok(months)
}
