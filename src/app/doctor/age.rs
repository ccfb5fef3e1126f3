//! How old what is known is, as everybody else tells it.

use super::sheet::Sheet;
use crate::{
    app::{
        database::Database,
        health::{self, stale},
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
    let facts = match health::gather_quickly(config, database, now).await {
        Ok(facts) => facts,
        Err(error) => return sheet.warning(ABOUT, error.to_string()),
    };
    let is_running = facts.running().is_some();
    let readings = facts.readings;
    if readings.last_good_at.is_none() && readings.failing.is_empty() {
        return; // Before the first pass there is none.
    }
    let stale = stale(&readings, &config.schedule, is_running, now);
    for it in &stale {
        let says = format!("{}\nsee what fails with `gatherd status`", it.sentence());
        sheet.warning(ABOUT, &says);
    }
    let oldest = readings.groups.iter().filter_map(|it| it.at).min();
    let never = readings.groups.iter().filter(|it| it.at.is_none()).count();
    if let (true, Some(oldest)) = (stale.is_empty(), oldest) {
        let groups = many(readings.groups.len() as u64, "group", "groups");
        let oldest = oldest.format("%Y-%m-%d %H:%M UTC");
        match never {
            0 => sheet.ok(ABOUT, format!("{groups}, none read before {oldest}")),
            never => sheet.warning(ABOUT, format!(
                "{groups}, {never} never read, none of the others before {oldest}\nsee what fails with `gatherd status`"
            )),
        }
    }
}
