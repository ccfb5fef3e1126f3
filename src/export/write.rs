//! An export, written table by table from one state of the database.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;

use chrono::{NaiveDate, NaiveTime};
use serde_json::Value as Json;

use super::cell::Cell;
use super::column::Shown;
use super::error::ExportError;
use super::package::{About, PACKAGE, Resource, package};
use super::plan::{Since, Source, Table};
use super::pseudonym::Pseudonyms;
use super::sheet::{Sheet, create};
use crate::metrics::GroupMonth;
use crate::mirror::{self, RowsOf, Value};

/// The folder of events whose start is unknown: what readers of such folders take for null.
const UNKNOWN: &str = "__HIVE_DEFAULT_PARTITION__";
/// So often is asked whether to go on.
const ROWS: usize = 4_096;

/// What is to be written.
pub struct Wanted {
    /// What it is of.
    pub about: About,
    /// Which tables.
    pub tables: Vec<Table>,
    /// The key of pseudonyms, where people are left out.
    pub pseudonym_key: Option<Vec<u8>>,
    /// The groups of the report as documents; none where no table wants them.
    pub groups: Vec<Json>,
    /// Their months, likewise.
    pub months: Vec<(String, Vec<GroupMonth>)>,
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// The table in hand.
    pub table: &'static str,
    /// Its parts that are done, and how many there are; 0 of 0 where it has none.
    pub done: (usize, usize),
    /// Rows written so far, of all tables.
    pub rows: u64,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// Rows by table.
    pub rows: BTreeMap<&'static str, u64>,
}

/// Writes all of it into an empty folder. `goes_on` is asked now and then; where it says no, that is the end.
///
/// # Errors
///
/// If it is not whole, and why; what was written so far is left to whoever made the folder.
pub fn write(
    conn: &rusqlite::Connection,
    into: &Path,
    wanted: &Wanted,
    goes_on: &dyn Fn() -> bool,
    tell: &dyn Fn(Step),
) -> Result<Exported, ExportError> {
    let run = Run {
        conn,
        into,
        wanted,
        goes_on,
        tell,
        pseudonyms: wanted.pseudonym_key.as_deref().map(Pseudonyms::under),
        groups: mirror::group_ids(conn)?,
        months: mirror::events_by_month(conn, wanted.about.since)?,
    };
    let mut resources: Vec<Resource> = Vec::new();
    for table in &wanted.tables {
        let before = resources.iter().map(|it| it.rows).sum();
        resources.push(run.table(table, before)?);
    }
    let path = into.join(PACKAGE);
    let text = format!("{:#}\n", package(&wanted.about, &resources));
    let written = create(&path).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    written.map_err(|error| ExportError::at(&path, &error))?;
    let rows = resources.iter().map(|it| (it.table.name, it.rows));
    Ok(Exported {
        rows: rows.collect(),
    })
}

/// Everything that the tables share.
struct Run<'a> {
    conn: &'a rusqlite::Connection,
    into: &'a Path,
    wanted: &'a Wanted,
    goes_on: &'a dyn Fn() -> bool,
    tell: &'a dyn Fn(Step),
    pseudonyms: Option<Pseudonyms>,
    groups: Vec<String>,
    months: Vec<(Option<String>, Vec<String>)>,
}

/// A table under way.
struct Filled<'a> {
    run: &'a Run<'a>,
    table: &'a Table,
    files: Vec<String>,
    sheet: Option<Sheet>,
    rows: u64,
    before: u64,
}

impl Run<'_> {
    fn table(&self, table: &Table, before: u64) -> Result<Resource, ExportError> {
        let mut filled = Filled {
            run: self,
            table,
            files: Vec::new(),
            sheet: None,
            rows: 0,
            before,
        };
        match table.source {
            Source::View => {
                let rows = filled.read(RowsOf::All)?;
                filled.put_part(rows, None)?;
            }
            Source::Members => filled.put_members()?,
            Source::Groups(column) => {
                for (done, group) in self.groups.iter().enumerate() {
                    filled.tell((done, self.groups.len()))?;
                    let rows = filled.read(RowsOf::With(column, group))?;
                    filled.put_part(rows, None)?;
                }
            }
            Source::Events(column, _) => {
                let all = self.months.iter().map(|(_, tokens)| tokens.len()).sum();
                let mut done = 0;
                for (month, tokens) in &self.months {
                    filled.turn_page()?;
                    for token in tokens {
                        filled.tell((done, all))?;
                        let rows = filled.read(RowsOf::With(column, token))?;
                        filled.put_part(rows, month.as_deref())?;
                        done += 1;
                    }
                }
            }
            Source::GroupMetrics => {
                let groups = self.wanted.groups.iter();
                let rows = groups.map(|group| filled.of_group(group));
                let rows = rows.collect::<Result<_, _>>()?;
                filled.put_part(rows, None)?;
            }
            Source::GroupMonths => {
                let rows = self.months_of_groups();
                filled.put_part(rows, None)?;
            }
        }
        filled.end()
    }

    fn months_of_groups(&self) -> Vec<Vec<Cell>> {
        let groups = self.wanted.months.iter();
        let rows = groups.flat_map(|(group, months)| {
            months.iter().filter_map(|it| {
                let year = i32::try_from(it.month.div_euclid(12)).ok()?;
                let month = u32::try_from(it.month.rem_euclid(12)).ok()? + 1;
                let counts = [it.events, it.yes, it.guests, it.people, it.hosts];
                let mut row = vec![
                    Cell::Text(group.clone()),
                    Cell::Date(NaiveDate::from_ymd_opt(year, month, 1)?),
                ];
                row.extend(counts.map(Cell::Integer));
                Some(row)
            })
        });
        rows.collect()
    }
}

impl Filled<'_> {
    fn tell(&self, done: (usize, usize)) -> Result<(), ExportError> {
        if !(self.run.goes_on)() {
            return Err(ExportError::Stopped);
        }
        (self.run.tell)(Step {
            table: self.table.name,
            done,
            rows: self.before + self.rows,
        });
        Ok(())
    }

    /// The rows of a part of a view.
    fn read(&self, rows: RowsOf<'_>) -> Result<Vec<Vec<Cell>>, ExportError> {
        let mut read = Vec::new();
        self.each(rows, &mut |row| {
            read.push(row);
            if read.len().is_multiple_of(ROWS) && !(self.run.goes_on)() {
                return Err(ExportError::Stopped);
            }
            Ok(())
        })?;
        Ok(read)
    }

    fn each(
        &self,
        rows: RowsOf<'_>,
        take: &mut dyn FnMut(Vec<Cell>) -> Result<(), ExportError>,
    ) -> Result<(), ExportError> {
        let columns: Vec<&str> = self
            .table
            .columns
            .iter()
            .map(|it| it.name.as_str())
            .collect();
        let conn = self.run.conn;
        mirror::each_row(conn, self.table.name, &columns, rows, &mut |values| {
            take(self.row(values)?)
        })
    }

    fn row(&self, values: &[Value<'_>]) -> Result<Vec<Cell>, ExportError> {
        let columns = self.table.columns.iter().zip(values);
        let cells = columns.map(|(column, value)| {
            let cell = Cell::of(column.kind, *value).ok_or_else(|| self.unlike(&column.name))?;
            Ok(match &self.run.pseudonyms {
                Some(pseudonyms) if column.without_people() == Shown::Pseudonym => {
                    pseudonyms.of(column.kind, cell)
                }
                _ => cell,
            })
        });
        cells.collect()
    }

    fn of_group(&self, group: &Json) -> Result<Vec<Cell>, ExportError> {
        let cells = self.table.columns.iter().map(|column| {
            let mut at = group;
            for key in &column.path {
                at = at.get(*key).unwrap_or(&Json::Null);
            }
            Cell::of_json(column.kind, at).ok_or_else(|| self.unlike(&column.name))
        });
        cells.collect()
    }

    fn unlike(&self, column: &str) -> ExportError {
        ExportError::Unlike {
            table: self.table.name,
            column: column.to_owned(),
        }
    }

    /// Writes a part in the order of the key, then of all columns: by what is written, so that pseudonyms do not tell the
    /// order of what they stand for.
    fn put_part(
        &mut self,
        mut rows: Vec<Vec<Cell>>,
        month: Option<&str>,
    ) -> Result<(), ExportError> {
        let columns = &self.table.columns;
        let key = self.table.key.iter();
        let key = key.filter_map(|name| columns.iter().position(|it| it.name == *name));
        let order: Vec<usize> = key.chain(0..columns.len()).collect();
        rows.sort_by(|one, other| {
            let by = order.iter().map(|at| one[*at].order(&other[*at]));
            by.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
        });
        for row in rows {
            if self.is_since(&row) {
                self.put(&row, month)?;
            }
        }
        Ok(())
    }

    /// Members come in order, but for pseudonyms, and there are none where people are left out.
    fn put_members(&mut self) -> Result<(), ExportError> {
        let mut sheet = self.sheet(None)?;
        let mut rows = 0_usize;
        self.each(RowsOf::Members, &mut |row| {
            rows += 1;
            if rows.is_multiple_of(ROWS) {
                if !(self.run.goes_on)() {
                    return Err(ExportError::Stopped);
                }
                (self.run.tell)(Step {
                    table: self.table.name,
                    done: (0, 0),
                    rows: self.before + rows as u64,
                });
            }
            sheet.1.put(&row)
        })?;
        let (file, sheet) = sheet;
        self.files.push(file);
        self.sheet = Some(sheet);
        self.rows = rows as u64;
        Ok(())
    }

    /// Whether a row is of the first day or later, where its table has days.
    fn is_since(&self, row: &[Cell]) -> bool {
        let Some(since) = self.run.wanted.about.since else {
            return true;
        };
        let at = |name: &str| {
            let columns = &self.table.columns;
            columns
                .iter()
                .position(|it| it.name == name)
                .map(|at| &row[at])
        };
        match self.table.since {
            Since::Whole | Since::Events => true,
            Since::Column(name) => match at(name) {
                Some(Cell::Instant(seconds)) => {
                    *seconds >= since.and_time(NaiveTime::MIN).and_utc().timestamp()
                }
                Some(Cell::Date(date)) => *date >= since,
                _ => false,
            },
            Since::Month => row.iter().any(|cell| match cell {
                Cell::Date(first) => *first + chrono::Months::new(1) > since,
                _ => false,
            }),
        }
    }

    fn put(&mut self, row: &[Cell], month: Option<&str>) -> Result<(), ExportError> {
        if self.sheet.is_none() {
            let (file, sheet) = self.sheet(month)?;
            self.files.push(file);
            self.sheet = Some(sheet);
        }
        if let Some(sheet) = &mut self.sheet {
            sheet.put(row)?;
        }
        self.rows += 1;
        Ok(())
    }

    /// A file, by its path within the folder: of one month where the table has such files.
    fn sheet(&self, month: Option<&str>) -> Result<(String, Sheet), ExportError> {
        let format = self.run.wanted.about.format;
        let (name, ending) = (self.table.name, format.as_str());
        let file = match self.is_by_month() {
            true => format!("{name}/month={}/part-0.{ending}", month.unwrap_or(UNKNOWN)),
            false => format!("{name}.{ending}"),
        };
        let sheet = Sheet::begin(format, &self.run.into.join(&file), &self.table.columns)?;
        Ok((file, sheet))
    }

    fn is_by_month(&self) -> bool {
        self.run.wanted.about.format.has_folders() && self.table.is_by_month()
    }

    /// Ends the file of a month.
    fn turn_page(&mut self) -> Result<(), ExportError> {
        match self.is_by_month() {
            true => self.sheet.take().map_or(Ok(()), Sheet::end),
            false => Ok(()),
        }
    }

    /// A table without rows has a file, too.
    fn end(mut self) -> Result<Resource, ExportError> {
        if self.files.is_empty() {
            let (file, sheet) = self.sheet(None)?;
            self.files.push(file);
            self.sheet = Some(sheet);
        }
        if let Some(sheet) = self.sheet.take() {
            sheet.end()?;
        }
        Ok(Resource {
            table: self.table.clone(),
            files: self.files,
            rows: self.rows,
        })
    }
}
