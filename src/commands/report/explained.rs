//! `gatherd report --explain` and `--backtest`: what figures are made of, and how good forecasts were.

use super::{Exit, json, show, style};
use crate::{
    app::{Misused, database::Database, meant, snapshot},
    cli::{Global, Report as Args, ReportFormat},
    config::Config,
    metrics::{self, Scope},
    report,
};
use anyhow::Result;
use std::io::IsTerminal;

/// How good forecasts were.
pub(super) async fn backtest(
    global: &Global,
    args: &Args,
    database: &Database,
    settings: metrics::Settings,
) -> Result<Exit> {
    let backtest = snapshot::backtest(database, settings).await?;
    let text = match args.format {
        ReportFormat::Json => json(&backtest)?,
        _ => report::backtest_text(&backtest, style(global)),
    };
    show(&text, args.paging)?;
    Ok(Exit::Done)
}

/// What a key means and is made of.
pub(super) async fn run(
    global: &Global,
    args: &Args,
    config: &Config,
    database: &Database,
    settings: metrics::Settings,
    key: &str,
) -> Result<Exit> {
    let unknown = || Misused(unknown_key(key));
    let entry = metrics::entry(key).ok_or_else(unknown)?;
    let wants_group = entry.scope == Scope::Group;
    if wants_group && args.group.is_none() {
        let what = format!("{key} is a figure of each group\nadd --group URLNAME");
        return Err(Misused(what).into());
    }
    if !wants_group && args.group.is_some() {
        let what = format!("{key} is no figure of a single group\nleave out --group");
        return Err(Misused(what).into());
    }
    let meant = match &args.group {
        Some(written) => Some(meant::group(database, written).await?),
        None => None,
    };
    let asked = meant.as_ref().map(|it| it.urlname.clone());
    let (report, explained) = snapshot::explained(config, database, settings, entry, asked).await?;
    let group = meant
        .as_ref()
        .map(|meant| meant::in_report(&report, meant))
        .transpose()?;
    let with_names = args.names || std::io::stdout().is_terminal();
    let explanation =
        report::explain(&report, group, key, explained, with_names).ok_or_else(unknown)?;
    let text = match args.format {
        ReportFormat::Json => json(&explanation)?,
        _ => report::explanation_text(&explanation, style(global)),
    };
    show(&text, args.paging)?;
    Ok(Exit::Done)
}

fn unknown_key(key: &str) -> String {
    let near = metrics::nearest(key);
    let remedy = if near.is_empty() {
        "keys are those of `gatherd report --format json`, such as network.people_365".to_owned()
    } else {
        format!("did you mean {}?", near.join(" or "))
    };
    format!("the report has no key \"{key}\"\n{remedy}")
}
