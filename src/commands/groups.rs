//! `gatherd groups`: every group in one line.

use super::{
    Exit, config,
    paging::{show, style},
};
use crate::{
    app::{opening, snapshot, within::within},
    cli::{Global, GroupFormat, Groups as Args},
    community::shown_json,
    config::Need,
    metrics,
    report::{self, GroupLine},
};
use anyhow::Result;
use chrono::{SubsecRound, TimeDelta, Utc};
use serde_json::json;

pub(super) async fn run(global: &Global, args: &Args) -> Result<Exit> {
    let config = config(global, Need::Database)?;
    let database = opening::existing(&config).await?;
    let now = Utc::now();
    let as_of = args.as_of.unwrap_or(now).trunc_subsecs(0);
    let today = as_of.with_timezone(&config.schedule.timezone).date_naive();
    let settings = snapshot::settings(&config, as_of, now);
    let then = metrics::Settings {
        as_of: as_of - TimeDelta::days(365),
        ..settings.clone()
    };
    let measured = database
        .with(move |mirror| {
            let report = snapshot::composed(&config, mirror, &settings)?;
            Ok::<_, anyhow::Error>((report, snapshot::beside(mirror, &then)?))
        })
        .await?;
    let (report, (contacts, before)) = measured;
    let report = within(report, &args.within.access())?;
    let mut lines = report::overview(&report, &before.groups, &contacts, args.sort);
    let all = lines.len();
    lines.retain(|line| is_asked_for(line, args));
    let text = match args.format {
        GroupFormat::Text => report::overview_text(&lines, all, today, style(global)),
        GroupFormat::Csv => report::overview_csv(&lines),
        GroupFormat::Json => {
            let document = json!({ "as_of": report.as_of, "groups": lines });
            shown_json(&serde_json::to_string_pretty(&document)?) + "\n"
        }
    };
    show(&text, args.paging)?;
    Ok(Exit::Done)
}

fn is_asked_for(line: &GroupLine, args: &Args) -> bool {
    let has_status =
        args.status.is_empty() || line.status.is_some_and(|it| args.status.contains(&it));
    let has_cause = args.cause.is_empty() || line.causes.iter().any(|it| args.cause.contains(it));
    has_status && has_cause
}
