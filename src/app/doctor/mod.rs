//! Everything that must be right, looked at: a line for each, with its remedy.
//!
//! A check that fails hides no other: each is made as far as it can be, and says where it cannot.

mod age;
mod api;
mod backups;
mod channels;
mod database;
mod heartbeat;
mod imports;
mod names;
mod seen;
mod sheet;

use crate::{
    app::exit::Exit,
    config::{Config, Need, Problems},
};
pub(crate) use channels::posted;
use chrono::Utc;
pub(crate) use seen::Seen;
pub(crate) use sheet::{Sheet, Word};

/// What is done besides looking.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted {
    /// Asks Meetup's API what it leaves open.
    pub(crate) probe: bool,
    /// Posts a test line to every channel.
    pub(crate) post: bool,
}

/// Makes every check, and tells meanwhile how far it is. `load` reads the configuration for a need.
pub(crate) async fn examine(
    load: &dyn Fn(Need) -> Result<Config, Problems>,
    wanted: Wanted,
    seen: &Seen,
) -> Sheet {
    let mut sheet = Sheet::default();
    let Some((config, can_ask)) = configuration(load, &mut sheet) else {
        return sheet;
    };
    let mirror = database::check(&config, seen, &mut sheet).await;
    if let Some(mirror) = &mirror {
        age::check(&config, mirror, Utc::now(), &mut sheet).await;
        backups::check(&config, mirror, Utc::now(), &mut sheet).await;
        imports::check(&config, mirror, &mut sheet).await;
        names::check(&config, mirror, &mut sheet).await;
    }
    api::check(&config, can_ask, mirror, wanted.probe, &mut sheet).await;
    channels::check(&config, wanted.post, &mut sheet).await;
    heartbeat::check(&config, &mut sheet).await;
    sheet
}

/// The configuration, and whether Meetup can be asked by it. Where something that only asking needs is
/// wrong, the rest is checked all the same.
fn configuration(
    load: &dyn Fn(Need) -> Result<Config, Problems>,
    sheet: &mut Sheet,
) -> Option<(Config, bool)> {
    match load(Need::Meetup) {
        Ok(config) => {
            let count = |number: usize, noun: &str| {
                format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
            };
            let what = [
                count(config.networks.len(), "network"),
                count(config.groups.len(), "group"),
                count(config.channels.len(), "channel"),
            ];
            sheet.ok("config", format!("is in order: {}", what.join(", ")));
            for it in &config.warnings {
                let line = it
                    .line
                    .map_or_else(String::new, |it| format!("line {it}: "));
                sheet.warning("config", format!("{line}{}\n{}", it.what, it.remedy));
            }
            Some((config, true))
        }
        Err(problems) => {
            for problem in &problems.all {
                let line = problem
                    .line
                    .map_or_else(String::new, |it| format!(", line {it}"));
                let what = format!(
                    "{}{line}: {}\n{}",
                    problems.file, problem.what, problem.remedy
                );
                sheet.error("config", &what, Exit::Config);
            }
            load(Need::Database).ok().map(|config| (config, false))
        }
    }
}
