//! The temporary tables that the SQL files share: laid out before measuring, cleared afterwards.

use std::collections::HashMap;

use rusqlite::fallible_iterator::FallibleIterator as _;
use rusqlite::{Batch, Connection, Row, Statement, params};

use super::both::both;
use super::local::{LocalClock, Weeks, instant, month_number};
use super::measurable::Measurable;
use super::pauses::{Calls, Columns, Pauses, Subject, others};
use super::settings::Settings;
use super::sql::sql;
use super::timeline::{self, Timeline};
use crate::mirror::member_key;

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
    /// The same, of groups that are measured among others: what became of pauses alike is sought in all.
    Among,
    /// By the definitions alone.
    Sql,
}

const TABLES: [&str; 26] = [
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
    "given_year",
    "year_event",
    "year_visit",
    "year_older",
    "year_known",
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

/// Of every event, whenever it starts.
pub(super) const EVER: i64 = i64::MIN;

impl<'a> Workbench<'a> {
    pub(super) fn lay_out(
        conn: &'a Connection,
        settings: &'a Settings,
        way: Way,
    ) -> rusqlite::Result<Self> {
        let mut bench = Self::begin(conn, settings)?;
        match way {
            Way::Columns | Way::Among => bench.read_events(|_| EVER, EVER)?,
            Way::Sql => {
                bench.run(sql!("counted_event.sql"))?;
                bench.run(sql!("gaps.sql"))?;
            }
        }
        bench.pauses = bench.read_pauses(way)?;
        bench.give_pauses()?;
        for step in STEPS {
            bench.run(step)?;
        }
        Ok(bench)
    }

    /// For what is said of events alone: those that start after an instant, and one group's all. In the tables
    /// are those that start after another; what rests on pauses and on who leads stays unknown.
    pub(super) fn lay_out_since(
        conn: &'a Connection,
        settings: &'a Settings,
        (since, whole): (i64, &str),
        tables_since: i64,
    ) -> rusqlite::Result<Self> {
        let mut bench = Self::begin(conn, settings)?;
        let since = |group: &Measurable| match group.urlname == whole {
            true => EVER,
            false => since,
        };
        bench.read_events(since, tables_since)?;
        bench.pauses = bench.read_pauses(Way::Columns)?;
        bench.run(sql!("answered.sql"))?;
        Ok(bench)
    }

    /// The groups, and the tables that are handed in.
    fn begin(conn: &'a Connection, settings: &'a Settings) -> rusqlite::Result<Self> {
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
                at: row
                    .get::<_, Option<f64>>("lat")?
                    .zip(row.get::<_, Option<f64>>("lon")?),
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

    /// Of each group, the events that start after an instant; of them, those in the tables that start after
    /// another.
    fn read_events(
        &mut self,
        since: impl Fn(&Measurable) -> i64 + Sync,
        tables_since: i64,
    ) -> rusqlite::Result<()> {
        let as_of = self.settings.as_of;
        let groups = &self.groups;
        let both = both(self.conn, groups.len(), |conn, turns| {
            let mut reader = timeline::Reader::of(conn, as_of.timestamp())?;
            let mut read = Vec::new();
            while let Some(turn) = turns.take() {
                let offset = groups[turn].local(as_of).offset().local_minus_utc();
                let since = since(&groups[turn]);
                let timeline = reader.read(&groups[turn], since, offset.into())?;
                read.push((turn, timeline));
            }
            Ok(read)
        });
        let (mut read, second) = both?;
        read.extend(second.into_iter().flatten());
        read.sort_unstable_by_key(|(turn, _)| *turn);
        let timelines: Vec<Timeline> = read.into_iter().map(|(_, timeline)| timeline).collect();
        let instants = (tables_since, as_of.timestamp());
        timeline::fill(self.conn, &self.groups, &timelines, instants)?;
        self.timelines = timelines;
        Ok(())
    }

    fn read_pauses(&self, way: Way) -> rusqlite::Result<Pauses> {
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
        let as_of = as_of.timestamp();
        let others = if way == Way::Among && columns.asks_for_alike(as_of) {
            let own: Vec<i64> = self.groups.iter().map(|group| group.key).collect();
            others(self.conn, &own, as_of)?
        } else {
            Vec::new()
        };
        Ok(Pauses::of(columns, others, &asked, as_of, rule))
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
        let mut insert = self
            .conn
            .prepare("INSERT OR IGNORE INTO temp.given_staff VALUES (?1)")?;
        for id in self.settings.staff.iter().flatten() {
            // Who was forgotten is staff all the same, as long as the configuration says so.
            if let Some(member) = member_key(self.conn, id)? {
                insert.execute([member])?;
            }
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
        if let Some(index) = statement.parameter_index(":urlname")? {
            statement.raw_bind_parameter(index, self.settings.only_group())?;
        }
        if let Some(index) = statement.parameter_index(":first_look")? {
            statement.raw_bind_parameter(index, self.settings.first_look)?;
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
