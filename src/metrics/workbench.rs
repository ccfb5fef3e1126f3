//! The temporary tables that the SQL files share: laid out before measuring, cleared afterwards.

use std::collections::HashMap;

use rusqlite::fallible_iterator::FallibleIterator as _;
use rusqlite::types::Value;
use rusqlite::{Batch, Connection, Row, Statement, params};

use super::both::both;
use super::local::{LocalClock, Weeks, instant, month_number};
use super::measurable::Measurable;
use super::pauses::{Calls, Columns, Pauses, Subject};
use super::settings::Settings;
use super::sql::sql;
use super::timeline::{self, Timeline};

/// Files that fill temporary tables, in the order in which they build on each other, once the events are
/// counted and the pauses between them known. The answers are counted afterwards.
const STEPS: [&str; 4] = [
    sql!("leads.sql"),
    sql!("answered.sql"),
    sql!("cadence.sql"),
    sql!("status.sql"),
];

/// How the events are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// In columns, group by group.
    Columns,
    /// By the definitions alone.
    Sql,
}

const TABLES: [&str; 21] = [
    "given_group",
    "given_staff",
    "given_pause",
    "counted_event",
    "month_met",
    "at_event",
    "took_part",
    "hosted",
    "turnout",
    "leads",
    "lead_visit",
    "lead_answer",
    "people_of_year",
    "joint_yes",
    "first_month",
    "cadence",
    "gaps",
    "standing",
    "network_event",
    "network_visit",
    "network_guest",
];

/// The connection with the temporary tables on it.
pub(super) struct Workbench<'a> {
    conn: &'a Connection,
    pub settings: &'a Settings,
    pub groups: Vec<Measurable>,
    /// The groups' events, one after the other; none where they are counted in SQL.
    pub timelines: Vec<Timeline>,
    pub weeks: Weeks,
    pub pauses: Pauses,
    /// The connection refuses to write, be it to temporary tables, unless asked otherwise.
    is_query_only: bool,
}

impl<'a> Workbench<'a> {
    pub(super) fn lay_out(
        conn: &'a Connection,
        settings: &'a Settings,
        way: Way,
    ) -> rusqlite::Result<Self> {
        let mut bench = Self {
            conn,
            settings,
            groups: Vec::new(),
            timelines: Vec::new(),
            weeks: Weeks::around(settings.as_of, settings.zone),
            pauses: Pauses::default(),
            is_query_only: conn.pragma_query_value(None, "query_only", |row| row.get(0))?,
        };
        conn.pragma_update(None, "query_only", false)?;
        bench.groups = bench.rows(sql!("groups.sql"), |row| {
            Ok(Measurable {
                key: row.get("key")?,
                id: row.get("id")?,
                urlname: row.get("urlname")?,
                name: row.get("name")?,
                link: row.get("link")?,
                city: row.get("city")?,
                country: row.get("country")?,
                timezone: row.get("timezone")?,
                founded_at: row.get::<_, Option<i64>>("founded_at")?.map(instant),
                joined_network_at: row.get::<_, Option<i64>>("joined_network_at")?.map(instant),
                history_complete: row.get("history_complete")?,
                meetup_status: row.get("status")?,
                tie_status: row.get("tie_status")?,
                stored_target: row.get("every_months")?,
                clock: LocalClock::of(
                    row.get::<_, Option<String>>("timezone")?.as_deref(),
                    row.get("latest_offset")?,
                ),
            })
        })?;
        bench.groups.retain(|group| {
            let (country, timezone) = (group.country.as_deref(), group.timezone.as_deref());
            let mut all = settings.only.iter();
            all.all(|only| only.reaches(&group.urlname, country, timezone))
        });
        bench.run(sql!("given.sql"))?;
        bench.give_groups()?;
        bench.give_staff()?;
        bench.run(sql!("event_tables.sql"))?;
        match way {
            Way::Columns => bench.read_events()?,
            Way::Sql => {
                bench.run(sql!("counted_event.sql"))?;
                bench.run(sql!("gaps.sql"))?;
            }
        }
        bench.pauses = bench.read_pauses()?;
        bench.give_pauses()?;
        for step in STEPS {
            bench.run(step)?;
        }
        Ok(bench)
    }

    /// The connection, to fill its tables by.
    pub(super) fn conn(&self) -> &'a Connection {
        self.conn
    }

    fn give_groups(&self) -> rusqlite::Result<()> {
        let mut insert = self
            .conn
            .prepare("INSERT INTO temp.given_group VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?;
        for group in &self.groups {
            let now = group.local(self.settings.as_of);
            let founded_on = group
                .founded_at
                .map(|founded| group.local(founded).format("%Y-%m-%d").to_string());
            insert.execute(params![
                group.key,
                now.format("%Y-%m-%d").to_string(),
                month_number(now),
                now.offset().local_minus_utc(),
                founded_on,
                group
                    .founded_at
                    .or(group.joined_network_at)
                    .map(|at| at.timestamp()),
                group.every_months(self.settings),
                group.history_complete,
            ])?;
        }
        Ok(())
    }

    fn read_events(&mut self) -> rusqlite::Result<()> {
        let as_of = self.settings.as_of;
        let groups = &self.groups;
        let both = both(self.conn, groups.len(), |conn, turns| {
            let mut reader = timeline::Reader::of(conn, as_of.timestamp())?;
            let mut read = Vec::new();
            while let Some(turn) = turns.take() {
                let offset = groups[turn].local(as_of).offset().local_minus_utc();
                read.push((turn, reader.read(&groups[turn], offset.into())?));
            }
            Ok(read)
        });
        let (mut read, second) = both?;
        read.extend(second.into_iter().flatten());
        read.sort_unstable_by_key(|(turn, _)| *turn);
        let timelines: Vec<Timeline> = read.into_iter().map(|(_, timeline)| timeline).collect();
        timeline::fill(self.conn, &self.groups, &timelines, as_of.timestamp())?;
        self.timelines = timelines;
        Ok(())
    }

    fn read_pauses(&self) -> rusqlite::Result<Pauses> {
        let as_of = self.settings.as_of;
        let mut columns = Columns::of(self.groups.iter().map(|group| {
            let now = group.local(as_of);
            Subject {
                key: group.key,
                is_complete: group.history_complete,
                every_months: group.every_months(self.settings),
                today: now.date_naive(),
                month: month_number(now),
            }
        }));
        if self.timelines.is_empty() {
            self.each(sql!("starts.sql"), |row| columns.take(row))?;
        }
        for (group, timeline) in self.groups.iter().zip(&self.timelines) {
            columns.take_all(group.key, timeline);
        }
        let rule = self.settings.call_rule();
        let mut asked: HashMap<i64, Vec<i64>> = HashMap::new();
        self.each(sql!("asked.sql"), |row| {
            asked.entry(row.get(0)?).or_default().push(row.get(1)?);
            Ok(())
        })?;
        Ok(Pauses::of(columns, &asked, as_of.timestamp(), rule))
    }

    /// The calls that would have been made.
    pub(super) fn replay_calls(&self) -> Calls {
        let as_of = self.settings.as_of.timestamp();
        self.pauses.replay(as_of, self.settings.call_rule())
    }

    fn give_pauses(&self) -> rusqlite::Result<()> {
        let mut insert = self
            .conn
            .prepare("INSERT INTO temp.given_pause VALUES (?1, ?2)")?;
        for (key, present) in &self.pauses.present {
            if let Some(pause) = present.pause {
                insert.execute(params![key, pause.call])?;
            }
        }
        Ok(())
    }

    fn give_staff(&self) -> rusqlite::Result<()> {
        let mut insert = self.conn.prepare(
            "INSERT OR IGNORE INTO temp.given_staff SELECT key FROM member_row WHERE id = ?1",
        )?;
        for id in self.settings.staff.iter().flatten() {
            insert.execute([stored_id(id.as_str())])?;
        }
        Ok(())
    }

    /// Runs every statement of a file.
    pub(super) fn run(&self, file: &str) -> rusqlite::Result<()> {
        self.run_of(file, None)
    }

    /// The same for one group alone, where one is named.
    pub(super) fn run_of(&self, file: &str, group: Option<i64>) -> rusqlite::Result<()> {
        let mut batch = Batch::new(self.conn, file);
        while let Some(mut statement) = batch.next()? {
            self.bind(&mut statement)?;
            if let Some(index) = statement.parameter_index(":group")? {
                statement.raw_bind_parameter(index, group)?;
            }
            statement.raw_execute()?;
        }
        Ok(())
    }

    /// Reads every row of a file's one question.
    pub(super) fn rows<T>(
        &self,
        file: &str,
        mut read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<Vec<T>> {
        let mut read_rows = Vec::new();
        self.each(file, |row| {
            read_rows.push(read(row)?);
            Ok(())
        })?;
        Ok(read_rows)
    }

    /// Hands on every row of a file's one question.
    pub(super) fn each(
        &self,
        file: &str,
        mut take: impl FnMut(&Row<'_>) -> rusqlite::Result<()>,
    ) -> rusqlite::Result<()> {
        self.each_of(file, None, &mut take)
    }

    /// The same of a question about one group.
    pub(super) fn each_of(
        &self,
        file: &str,
        group: Option<i64>,
        mut take: impl FnMut(&Row<'_>) -> rusqlite::Result<()>,
    ) -> rusqlite::Result<()> {
        let mut statement = self.conn.prepare(file)?;
        self.bind(&mut statement)?;
        if let Some(index) = statement.parameter_index(":group")? {
            statement.raw_bind_parameter(index, group)?;
        }
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            take(row)?;
        }
        Ok(())
    }

    fn bind(&self, statement: &mut Statement<'_>) -> rusqlite::Result<()> {
        if let Some(index) = statement.parameter_index(":as_of")? {
            statement.raw_bind_parameter(index, self.settings.as_of.timestamp())?;
        }
        if let Some(index) = statement.parameter_index(":target_share")? {
            statement.raw_bind_parameter(index, self.settings.target_share)?;
        }
        if let Some(index) = statement.parameter_index(":events_per_year")? {
            statement.raw_bind_parameter(index, self.settings.policy.events_per_year)?;
        }
        for (name, begins) in [
            (":week_before", self.weeks.before),
            (":today", self.weeks.today),
            (":week_after", self.weeks.after),
        ] {
            if let Some(index) = statement.parameter_index(name)? {
                statement.raw_bind_parameter(index, begins)?;
            }
        }
        Ok(())
    }
}

impl Drop for Workbench<'_> {
    fn drop(&mut self) {
        // A connection too broken for this is about to be closed anyway.
        for table in TABLES {
            let _ = self
                .conn
                .execute_batch(&format!("DROP TABLE IF EXISTS temp.{table}"));
        }
        let _ = self
            .conn
            .pragma_update(None, "query_only", self.is_query_only);
    }
}

/// An id as the mirror stores it: a plain decimal number as a number.
fn stored_id(id: &str) -> Value {
    match id.parse::<i64>() {
        Ok(number) if number.to_string() == id => Value::Integer(number),
        _ => Value::Text(id.to_owned()),
    }
}
