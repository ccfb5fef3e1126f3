//! The mark: the number of the last commit, alone on a page of its own, so that it can be found in a
//! page's bytes without SQLite. What it is for is told in `guard.rs`.
//!
//! A number is a file's line and the count of its commits. The line is drawn once, at the first commit after the
//! table was made: two young databases have counted equally far, and only their lines tell them apart. Copies keep
//! the line of their file. Where no line was ever drawn (a database older than lines), it is 0.

use rand::Rng as _;
use rusqlite::{Connection, OptionalExtension};

use super::Result;

/// The number with which the table is made: of no line yet.
pub(super) const BIRTH: u64 = 1;
/// How many bits of a number are the count; the rest are the line.
const COUNT_BITS: u32 = 40;

const TEXT: &[u8; 16] = b"gatherd commit #";
/// How the only row of the table lies in its page: length, key, then a record of a null (the key stands
/// before it) and a blob of 28 bytes.
const ROW: &[u8; 5] = &[31, 1, 3, 0, 68];
/// A page of a table with rows in it.
const LEAF: u8 = 13;

/// What a mark says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    /// The commit's number.
    pub(super) number: u64,
    /// The version of the schema at that commit, as SQLite counts its changes.
    pub(super) schema: u32,
}

impl Mark {
    /// Whether a log whose marks go from number `first` to `last` leads on from a file with this mark.
    pub(super) fn is_before(self, first: u64, last: u64) -> bool {
        let is_of_line = self.number == BIRTH || line(self.number) == line(last);
        let counts = count(first).saturating_sub(1)..=count(last);
        is_of_line && counts.contains(&count(self.number))
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (number, schema) = bytes.strip_prefix(TEXT)?.split_first_chunk()?;
        Some(Self {
            number: u64::from_be_bytes(*number),
            schema: u32::from_be_bytes(*schema.first_chunk()?),
        })
    }
}

fn line(number: u64) -> u64 {
    number >> COUNT_BITS
}

fn count(number: u64) -> u64 {
    number & ((1 << COUNT_BITS) - 1)
}

/// The number after this one.
fn after(number: u64) -> u64 {
    if number == BIRTH {
        let drawn = rand::rng().random_range(1..1_u64 << (u64::BITS - COUNT_BITS));
        (drawn << COUNT_BITS) + BIRTH + 1
    } else {
        number + 1
    }
}

/// The mark on a page, if it is the mark's.
pub(super) fn on_page(page: &[u8]) -> Option<Mark> {
    let number = |at: usize| {
        let bytes = page.get(at..at + 2)?;
        Some(usize::from(u16::from_be_bytes(bytes.try_into().ok()?)))
    };
    if *page.first()? != LEAF || number(3)? != 1 {
        return None;
    }
    Mark::read(page.get(number(8)?..)?.strip_prefix(ROW)?)
}

/// The page on which the mark is.
pub(super) fn page(conn: &Connection) -> Result<Option<u32>> {
    Ok(conn
        .prepare_cached("SELECT rootpage FROM sqlite_schema WHERE name = 'mark_row'")?
        .query_row([], |row| row.get(0))
        .optional()?)
}

/// The mark as this transaction sees it.
pub(super) fn mark(conn: &Connection) -> Result<Option<Mark>> {
    let mark: Option<Vec<u8>> = conn
        .prepare_cached("SELECT mark FROM mark_row WHERE key = 1")?
        .query_row([], |row| row.get(0))
        .optional()?;
    Ok(mark.and_then(|mark| Mark::read(&mark)))
}

/// The version of the schema, as SQLite counts its changes.
pub(super) fn schema(conn: &Connection) -> Result<u32> {
    Ok(conn
        .prepare_cached("PRAGMA schema_version")?
        .query_row([], |row| row.get(0))?)
}

/// Gives the transaction under way the next number.
pub(super) fn advance(conn: &Connection) -> Result<()> {
    let next = after(mark(conn)?.map_or(BIRTH, |mark| mark.number));
    let parts = [
        TEXT.as_slice(),
        &next.to_be_bytes(),
        &schema(conn)?.to_be_bytes(),
    ];
    conn.prepare_cached("UPDATE mark_row SET mark = ?1 WHERE key = 1")?
        .execute([parts.concat()])?;
    Ok(())
}
