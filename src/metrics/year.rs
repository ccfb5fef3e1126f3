//! A calendar year beside the year before, by the local dates of the groups.

use chrono::{DateTime, Datelike as _, NaiveDate, TimeDelta, Utc};
use rusqlite::{Connection, Row};

use super::local::{LocalClock, instant};
use super::settings::Settings;
use super::sql::sql;
use super::workbench::{Way, Workbench};
use crate::community::GoneWhy;

/// What comes within so long of an asking is told with it.
const PATIENCE: TimeDelta = TimeDelta::days(90);

/// A year, or what there is of it yet, beside the same part of the year before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Year {
    /// A: the instant as of which it was counted.
    pub as_of: DateTime<Utc>,
    /// Which.
    pub year: i32,
    /// The last day that counts: 31 December, or while the year runs the date of A by the schedule's clock. The year
    /// before counts up to the same day.
    pub until: NaiveDate,
    /// The year.
    pub now: OfYear,
    /// The same part of the year before.
    pub before: OfYear,
    /// The groups that were asked in the year, the first asked first.
    pub asked: Vec<AskedOf>,
}

/// A group that was asked in a year, and what came of the first asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedOf {
    /// The group, by urlname.
    pub group: String,
    /// Its name.
    pub name: String,
    /// The local date of the first asking of the year.
    pub asked_on: NaiveDate,
    /// How often it was asked in the year.
    pub times: i64,
    /// The local date of its first event within 90 days of that.
    pub met_on: Option<NaiveDate>,
    /// The local date on which it first announced one within 90 days of that.
    pub announced_on: Option<NaiveDate>,
    /// Whether the 90 days are over.
    pub is_over: bool,
}

/// The figures of a year, over the groups whose history is complete; those of groups that left are in none but the last
/// two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OfYear {
    /// People who took part.
    pub people: i64,
    /// Those who had not taken part before, anywhere in the network.
    pub new_people: i64,
    /// Those who took part twice or more.
    pub came_again: i64,
    /// Those who met somebody again: took part with the same person in two or more events in person of at most 60.
    pub met_again: i64,
    /// Events held; a joint one counts once.
    pub events: i64,
    /// Groups that met.
    pub groups_met: i64,
    /// Countries of these groups.
    pub countries: i64,
    /// Groups that met for the first time.
    pub begun: i64,
    /// Groups that met again after more than 180 days.
    pub revived: i64,
    /// Groups that somebody noted to have asked.
    pub asked: i64,
    /// Those that held or announced an event within 90 days of it, so far.
    pub answered: i64,
    /// Groups that left the network, or are not configured any more.
    pub left: i64,
    /// Groups that are no more.
    pub deleted: i64,
}

impl Year {
    /// Whether it goes on.
    pub fn is_running(&self) -> bool {
        (self.until.month(), self.until.day()) != (12, 31)
    }
}

/// Counts a year. `settings.as_of` is now, whatever year it is: what is known of it now counts.
///
/// # Errors
///
/// If the database cannot be read.
pub fn year(conn: &Connection, settings: &Settings, year: i32) -> rusqlite::Result<Year> {
    let bench = Workbench::lay_out(conn, settings, Way::Columns)?;
    let today = settings.as_of.with_timezone(&settings.zone).date_naive();
    let until = match today.year() == year {
        true => today,
        false => NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or(today),
    };
    bench.run(sql!("year_tables.sql"))?;
    let until_text = until.format("%m-%d").to_string();
    let given = "INSERT INTO temp.given_year VALUES (?1, ?2)";
    bench.conn().execute(given, (year, &until_text))?;
    bench.run(sql!("year_event.sql"))?;
    // One group's answers at a time: all of them at once would be held twice.
    for group in bench.groups.iter().filter(|it| it.history_complete) {
        bench.run_of(sql!("at_event.sql"), Some(group.key))?;
        bench.run_of(sql!("year_visit.sql"), Some(group.key))?;
    }
    bench.run(sql!("year_joint.sql"))?;
    let mut figures = [OfYear::default(); 2];
    let span = |row: &Row<'_>| row.get::<_, bool>("is_before").map(usize::from);
    bench.each(sql!("year_people.sql"), |row| {
        let of = &mut figures[span(row)?];
        of.people = row.get("people")?;
        of.new_people = row.get("new_people")?;
        of.came_again = row.get("came_again")?;
        of.met_again = row.get("met_again")?;
        Ok(())
    })?;
    bench.each(sql!("year_groups.sql"), |row| {
        let of = &mut figures[span(row)?];
        of.events = row.get("events")?;
        of.groups_met = row.get("groups_met")?;
        of.countries = row.get("countries")?;
        of.begun = row.get("begun")?;
        of.revived = row.get("revived")?;
        Ok(())
    })?;
    bench.each(sql!("year_asked.sql"), |row| {
        let of = &mut figures[span(row)?];
        (of.asked, of.answered) = (row.get("asked")?, row.get("answered")?);
        Ok(())
    })?;
    let asked = asked(&bench)?;
    left(&bench, until, &mut figures)?;
    let [now, before] = figures;
    Ok(Year {
        as_of: settings.as_of,
        year,
        until,
        now,
        before,
        asked,
    })
}

/// The groups that were asked.
fn asked(bench: &Workbench<'_>) -> rusqlite::Result<Vec<AskedOf>> {
    let mut asked = Vec::new();
    let as_of = bench.settings.as_of;
    bench.each(sql!("year_asked_groups.sql"), |row| {
        let key: i64 = row.get("grp")?;
        let Some(group) = bench.groups.iter().find(|it| it.key == key) else {
            return Ok(());
        };
        // As year_asked.sql tells the year of an asking: at the offset of A.
        let offset = *group.local(as_of).offset();
        let on = |at: i64| instant(at).with_timezone(&offset).date_naive();
        let asked_at: i64 = row.get("asked_at")?;
        asked.push(AskedOf {
            group: group.urlname.clone(),
            name: group.name.clone(),
            asked_on: on(asked_at),
            times: row.get("times")?,
            met_on: row.get::<_, Option<i64>>("met_at")?.map(on),
            announced_on: row.get::<_, Option<i64>>("announced_at")?.map(on),
            is_over: instant(asked_at) + PATIENCE < as_of,
        });
        Ok(())
    })?;
    Ok(asked)
}

/// The groups that left, by the local date on which that was seen.
fn left(
    bench: &Workbench<'_>,
    until: NaiveDate,
    figures: &mut [OfYear; 2],
) -> rusqlite::Result<()> {
    let settings = bench.settings;
    bench.each(sql!("left.sql"), |row| {
        let urlname: String = row.get("urlname")?;
        let country: Option<String> = row.get("country")?;
        let timezone: Option<String> = row.get("timezone")?;
        let (country, timezone) = (country.as_deref(), timezone.as_deref());
        let mut all = settings.only.iter();
        let gone_at = instant(row.get("gone_at")?);
        if gone_at > settings.as_of || !all.all(|only| only.reaches(&urlname, country, timezone)) {
            return Ok(());
        }
        let on = LocalClock::of(timezone, None).at(gone_at).date_naive();
        if (on.month(), on.day()) > (until.month(), until.day()) {
            return Ok(());
        }
        let of = match until.year() - on.year() {
            0 => &mut figures[0],
            1 => &mut figures[1],
            _ => return Ok(()),
        };
        match row.get::<_, Option<GoneWhy>>("gone_why")? {
            Some(GoneWhy::Deleted) => of.deleted += 1,
            _ => of.left += 1,
        }
        Ok(())
    })
}
