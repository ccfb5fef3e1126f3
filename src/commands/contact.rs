//! What the commands of the memory of contact share: what they open, and which day is meant.

use crate::{
    app::{database::Database, memory, opening},
    cli::{Day, Global},
    config::{Config, Need},
};
use anyhow::Result;
use chrono::{Days, Months, NaiveDate};

/// The configuration and its mirror, which must exist.
pub(super) async fn open(global: &Global) -> Result<(Config, Database)> {
    let config = super::config(global, Need::Database)?;
    let database = opening::existing(&config).await?;
    Ok((config, database))
}

/// A day to come, the earliest allowed given. `option` is how it was asked for.
pub(super) fn day(
    option: &str,
    day: Day,
    today: NaiveDate,
    earliest: NaiveDate,
) -> Result<NaiveDate> {
    let date = match day {
        Day::On(date) => Some(date),
        Day::InDays(days) => today.checked_add_days(Days::new(u64::from(days))),
        Day::InMonths(months) => today.checked_add_months(Months::new(months)),
    };
    memory::to_come(option, date, today, earliest)
}
