//! `gatherd doctor`: everything that must be right, one line each with its remedy.
//!
//! A check that fails hides no other: each is made as far as it can be, and says where it cannot.

mod age;
mod api;
mod channels;
mod database;
mod names;
mod sheet;

use super::{Exit, config_unwarned as config, print};
use crate::{
    cli::{Doctor, Global},
    config::{Config, Need, Problems},
    telemetry::Colour,
};
use anyhow::Result;
use sheet::Sheet;

pub(super) async fn run(global: &Global, args: &Doctor) -> Result<Exit> {
    let mut sheet = Sheet::default();
    if let Some((config, can_ask)) = configuration(global, &mut sheet) {
        let mirror = database::check(&config, &mut sheet).await;
        if let Some(mirror) = &mirror {
            age::check(&config, mirror, chrono::Utc::now(), &mut sheet).await;
            names::check(&config, mirror, &mut sheet).await;
        }
        api::check(&config, can_ask, mirror, args.probe, &mut sheet).await;
        channels::check(&config, args.post, &mut sheet).await;
    }
    if args.json || args.format == crate::cli::ReportFormat::Json {
        print(&format!("{:#}\n", sheet.as_json()))?;
    } else {
        let is_coloured = Colour::from(global.color).on_stdout(&|name| std::env::var(name).ok());
        print(&sheet.as_text(is_coloured))?;
    }
    Ok(sheet.exit())
}

fn warn(config: &Config, sheet: &mut Sheet) {
    for it in &config.warnings {
        let line = it
            .line
            .map_or_else(String::new, |it| format!("line {it}: "));
        sheet.warning("config", format!("{line}{}\n{}", it.what, it.remedy));
    }
}

/// The configuration, and whether Meetup can be asked by it. Where something that only asking needs is
/// wrong, the rest is checked all the same.
fn configuration(global: &Global, sheet: &mut Sheet) -> Option<(Config, bool)> {
    match config(global, Need::Meetup) {
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
            warn(&config, sheet);
            Some((config, true))
        }
        Err(error) => {
            let Some(problems) = error.downcast_ref::<Problems>() else {
                sheet.error("config", &format!("{error:#}"), Exit::Config);
                return None;
            };
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
            let config = config(global, Need::Database).ok()?;
            Some((config, false))
        }
    }
}
