//! `gatherd groups`: every group in one line.

use super::{
    Exit, config,
    configured::access,
    json,
    paging::{show, style},
};
use crate::{
    app::{beside, opening, regions, snapshot, within::within},
    cli::{Global, GroupFormat, Groups as Args},
    config::Need,
    report::{self, GroupLine},
};
use anyhow::Result;
use chrono::{SubsecRound, Utc};

pub(super) async fn run(global: &Global, args: &Args) -> Result<Exit> {
    let config = config(global, Need::Database)?;
    let database = opening::existing(&config).await?;
    let now = Utc::now();
    let as_of = args.as_of.unwrap_or(now).trunc_subsecs(0);
    let today = as_of.with_timezone(&config.schedule.timezone).date_naive();
    let settings = snapshot::settings(&config, as_of, now);
    let report = snapshot::composed(&config, &database, &settings).await?;
    let mut contacts = beside::contacts(&database).await?;
    let report = within(report, &access(&config, &args.within)?)?;
    regions::add_owners(&mut contacts, &report, &config.regions);
    let mut lines = report::overview(&report, (&contacts, report.as_of), args.sort);
    let all = lines.len();
    lines.retain(|line| is_asked_for(line, args));
    let text = match args.format {
        GroupFormat::Text => report::overview_text(&lines, all, today, style(global)),
        GroupFormat::Csv => report::overview_csv(&lines),
        GroupFormat::Json => {
            let document = serde_json::json!({ "as_of": report.as_of, "groups": lines });
            json(&document)?
        }
    };
    show(&text, args.paging)?;
    Ok(Exit::Done)
}

fn is_asked_for(line: &GroupLine, args: &Args) -> bool {
    let has_status =
        args.status.is_empty() || line.status.is_some_and(|it| args.status.contains(&it));
    let has_cause = args.cause.is_empty() || line.causes.iter().any(|it| args.cause.contains(it));
    let is_owner = |name: &String| {
        line.owner
            .as_deref()
            .is_some_and(|owner| owner.to_lowercase() == name.trim().to_lowercase())
    };
    let has_owner = args.owner.is_empty() || args.owner.iter().any(is_owner);
    has_status && has_cause && has_owner
}
