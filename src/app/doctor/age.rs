//! How old what is known is, as everybody else tells it.

use super::sheet::Sheet;
use crate::{
    app::{
        database::Database,
        health::{Readings, stale},
    },
    config::Config,
    report::many,
};
use chrono::{DateTime, Utc};

const ABOUT: &str = "data";

/// Checks that everything sponsored was read lately.
pub(super) async fn check(
    config: &Config,
    database: &Database,
    now: DateTime<Utc>,
    sheet: &mut Sheet,
) {
    let by = config.clone();
    let looked = database.read(move |conn| Readings::look(conn, &by)).await;
    let readings = match looked {
        Ok(readings) => readings,
        Err(error) => return sheet.warning(ABOUT, error.to_string()),
    };
    if readings.last_good_at.is_none() && readings.failing.is_empty() {
        return; // Before the first pass there is none.
    }
    let stale = stale(&readings, &config.schedule, false, now);
    for it in &stale {
        let says = format!("{}\nsee what fails with `gatherd status`", it.sentence());
        sheet.warning(ABOUT, &says);
    }
    let oldest = readings.groups.iter().filter_map(|it| it.at).min();
    if let (true, Some(oldest)) = (stale.is_empty(), oldest) {
        let groups = many(readings.groups.len() as u64, "group", "groups");
        let oldest = oldest.format("%Y-%m-%d %H:%M UTC");
        sheet.ok(ABOUT, format!("{groups}, none read before {oldest}"));
    }
}
