//! The data in tables: what was asked for is looked at, measured and written from one state of the database.

use super::{
    Misused,
    database::Database,
    folder::{Folder, Of},
    health::freshness,
    snapshot,
};
use crate::{
    config::Config,
    export::{self, About, ExportError, Format, Step, Table, Wanted},
    metrics::{group_months, measure},
    mirror::{self, Mirror, MirrorError},
    report::{DEFINITIONS, compose},
};
use anyhow::{Context, Result};
use chrono::{DateTime, NaiveDate, Utc};
use std::{collections::BTreeMap, path::PathBuf};

/// What is asked for.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    pub(crate) format: Format,
    pub(crate) out: PathBuf,
    /// The first day of what is of a day.
    pub(crate) since: Option<NaiveDate>,
    /// None: the end of the last good pass.
    pub(crate) as_of: Option<DateTime<Utc>>,
    /// By name; empty: all.
    pub(crate) tables: Vec<String>,
    pub(crate) without_people: bool,
}

/// What was made of it.
#[derive(Debug)]
pub(crate) struct Made {
    /// Rows by table.
    pub(crate) rows: BTreeMap<&'static str, u64>,
    pub(crate) as_of: DateTime<Utc>,
}

/// What is told as it goes on.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Told {
    /// The groups are being measured.
    Measuring,
    /// A table is being written.
    Table(Step),
}

/// Writes an export while others write the database. `goes_on` is asked now and then; where it says no, none is left.
///
/// # Errors
///
/// If there is none, and why; what stood in its place is as it was.
pub(crate) async fn export(
    config: &Config,
    database: &Database,
    ask: Ask,
    goes_on: impl Fn() -> bool + Send + 'static,
    tell: impl Fn(Told) + Send + 'static,
) -> Result<Made> {
    let tables = chosen(&ask)?;
    let pseudonym_key = match ask.without_people {
        true => {
            let key = database.write(|w| w.pseudonym_key()).await;
            Some(key.context("the key of pseudonyms, which is kept in the database")?)
        }
        false => None,
    };
    let config = config.clone();
    let made = database.with(move |mirror| {
        Folder::check(Of::Export, &ask.out)?;
        let run = Run {
            config: &config,
            ask: &ask,
            goes_on: &goes_on,
            tell: &tell,
        };
        run.export(mirror, tables, pseudonym_key)
    });
    made.await
}

/// The tables that are asked for, in their order, and as they are where people are left out.
fn chosen(ask: &Ask) -> Result<Vec<Table>> {
    let all = export::tables();
    for name in &ask.tables {
        let known = all.iter().find(|it| it.name == *name);
        let wrong = match known {
            None => no_table(&all, name),
            Some(it) if ask.without_people && it.is_of_people => format!(
                "{name} tells of people, or is what people wrote, and they are left out\nleave out {name}, or --no-people"
            ),
            Some(_) => continue,
        };
        return Err(Misused(wrong).into());
    }
    let is_wanted =
        |it: &Table| ask.tables.is_empty() || ask.tables.iter().any(|name| name == it.name);
    let wanted = all.into_iter().filter(is_wanted);
    Ok(wanted
        .filter_map(|it| match ask.without_people {
            true => it.without_people(),
            false => Some(it),
        })
        .collect())
}

fn no_table(all: &[Table], name: &str) -> String {
    let near = all.iter().map(|it| {
        let distance = strsim::damerau_levenshtein(&name.to_lowercase(), it.name);
        (distance, it.name)
    });
    let near = near.filter(|(distance, known)| *distance <= known.len() / 2);
    let remedy = match near.min() {
        Some((_, near)) => format!("did you mean {near}?"),
        None => {
            let names: Vec<&str> = all.iter().map(|it| it.name).collect();
            format!("there are: {}", names.join(", "))
        }
    };
    format!("there is no table {name}\n{remedy}")
}

struct Run<'a> {
    config: &'a Config,
    ask: &'a Ask,
    goes_on: &'a dyn Fn() -> bool,
    tell: &'a dyn Fn(Told),
}

impl Run<'_> {
    fn export(
        &self,
        mirror: &Mirror,
        tables: Vec<Table>,
        pseudonym_key: Option<Vec<u8>>,
    ) -> Result<Made> {
        let database_version = mirror.versions()?.0;
        // What goes wrong with the folder is no trouble of the database's.
        let made = mirror.read(|conn| {
            let about = match self.about(conn, database_version)? {
                Ok(about) => about,
                Err(misused) => return Ok(Err(misused.into())),
            };
            let mut wanted = Wanted {
                about,
                tables,
                pseudonym_key,
                groups: Vec::new(),
                months: Vec::new(),
            };
            self.measure(conn, &mut wanted)?;
            Ok(self.write(conn, &wanted))
        });
        made?
    }

    fn about(
        &self,
        conn: &rusqlite::Connection,
        database_version: i64,
    ) -> Result<Result<About, Misused>, MirrorError> {
        let as_of = match self.ask.as_of {
            Some(as_of) => Some(as_of),
            None => last_read(conn)?,
        };
        Ok(match as_of {
            Some(as_of) => Ok(About {
                as_of,
                definitions_version: DEFINITIONS,
                database_version,
                format: self.ask.format,
                since: self.ask.since,
                without_people: self.ask.without_people,
            }),
            None => Err(Misused(
                "no pass has come through yet, so there is no instant as of which to measure\nrun `gatherd sync`, or name one with --as-of".to_owned(),
            )),
        })
    }

    /// Measures as if it were done when Meetup was read last: whether the roster speaks of A is told by that, not by the clock.
    fn measure(&self, conn: &rusqlite::Connection, wanted: &mut Wanted) -> Result<(), MirrorError> {
        let as_of = wanted.about.as_of;
        let now = last_read(conn)?.map_or(as_of, |it| it.max(as_of));
        let settings = snapshot::settings(self.config, as_of, now);
        let is_stopped = || match (self.goes_on)() {
            true => Ok(()),
            false => Err(MirrorError::Stopped),
        };
        if wanted.tables.iter().any(Table::wants_groups) {
            (self.tell)(Told::Measuring);
            let measured = measure(conn, &settings)?;
            let report = compose(measured, &settings, freshness(conn, self.config)?);
            let mut groups = Vec::with_capacity(report.groups.len());
            for group in &report.groups {
                groups.push(serde_json::to_value(group).unwrap_or_default());
            }
            wanted.groups = groups;
            is_stopped()?;
        }
        if wanted.tables.iter().any(Table::wants_months) {
            (self.tell)(Told::Measuring);
            wanted.months = group_months(conn, &settings)?;
            is_stopped()?;
        }
        Ok(())
    }

    fn write(&self, conn: &rusqlite::Connection, wanted: &Wanted) -> Result<Made> {
        let folder = Folder::begin(Of::Export, &self.ask.out)?;
        let tell = |step| (self.tell)(Told::Table(step));
        let written = export::write(conn, folder.path(), wanted, self.goes_on, &tell);
        let written = written.map_err(|error| self.named(error, &folder))?;
        folder.end()?;
        Ok(Made {
            rows: written.rows,
            as_of: wanted.about.as_of,
        })
    }

    /// A file is told by the name that it was to have.
    fn named(&self, error: ExportError, folder: &Folder) -> ExportError {
        let name = |path: PathBuf| match path.strip_prefix(folder.path()) {
            Ok(file) => self.ask.out.join(file),
            Err(_) => path,
        };
        match error {
            ExportError::Full { path } => ExportError::Full { path: name(path) },
            ExportError::NotWritten { path, cause } => ExportError::NotWritten {
                path: name(path),
                cause,
            },
            other => other,
        }
    }
}

/// The end of the last good pass.
fn last_read(conn: &rusqlite::Connection) -> Result<Option<DateTime<Utc>>, MirrorError> {
    let pass = mirror::last_good_pass(conn)?;
    let ended = pass.and_then(|it| it.finished_at);
    Ok(ended.and_then(|at| DateTime::from_timestamp(at, 0)))
}
