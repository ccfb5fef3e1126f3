//! What the commands of the memory of contact share: what they open, and which day is meant.

use crate::{
    app::{Misused, database::Database, opening},
    cli::{Day, Global},
    config::{Config, Need},
};
use anyhow::Result;
use chrono::{Days, Months, NaiveDate};

/// A day later than so many years is a slip of the finger.
const FARTHEST: Months = Months::new(5 * 12);

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
    let farthest = today.checked_add_months(FARTHEST).unwrap_or(NaiveDate::MAX);
    let refused = |cause: String| Misused(format!("{option}: {cause}"));
    let Some(date) = date.filter(|date| *date <= farthest) else {
        let cause = "that day is more than five years away\nwrite a nearer one";
        return Err(refused(cause.to_owned()).into());
    };
    if date < today {
        let cause = format!("{date} is past; today is {today}\nwrite a day to come, such as +2w");
        return Err(refused(cause).into());
    }
    if date < earliest {
        let cause = format!("{date} is today\nwrite a day from {earliest} on");
        return Err(refused(cause).into());
    }
    Ok(date)
}
