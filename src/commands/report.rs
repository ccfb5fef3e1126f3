//! `gatherd report`: composed from the mirror, printed, or sent to a channel.

use super::{Exit, composing, opening, post, print, print_json};
use crate::{
    cli::{Global, Report as Args, ReportFormat},
    community::shown_json,
    config::Need,
    deliver::Letter,
    mirror::{DeliveryKind, Outcome},
    report::{self, Style, digest},
    telemetry::Colour,
};
use anyhow::{Result, anyhow};
use chrono::{SecondsFormat, SubsecRound, Utc};
use std::io::IsTerminal;

pub(super) async fn run(global: &Global, args: &Args) -> Result<Exit> {
    let config = opening::config(global, Need::Database)?;
    let is_sent = args.send.is_some() && !args.dry_run;
    let database = if is_sent {
        opening::sending(&config)?
    } else {
        opening::existing(&config)?
    };
    let now = Utc::now();
    let as_of = args.as_of.unwrap_or(now).trunc_subsecs(0);
    let report = composing::report(&config, &database, as_of, now)?;
    if let Some(name) = &args.send {
        let office = post::Post::open(&config, &database)?;
        let channel = office.channel(name)?;
        let report = composing::narrowed(report, &config, name);
        let document = serde_json::to_value(&report)?;
        let message = digest(&report);
        let letter = Letter {
            kind: DeliveryKind::Manual,
            at: now,
            message: &message,
            document: &document,
        };
        let payload = channel.payload(&letter);
        if args.dry_run {
            let payload: serde_json::Value = serde_json::from_str(&payload)?;
            print_json(&format!("{payload:#}\n"))?;
            return Ok(Exit::Done);
        }
        let period = as_of.to_rfc3339_opts(SecondsFormat::Secs, true);
        let filed = office.file(
            DeliveryKind::Manual,
            &period,
            as_of,
            &document.to_string(),
            &[(name.clone(), payload)],
        )?;
        if let Some(Outcome::Already { state }) = filed.first().map(|filed| &filed.outcome) {
            print(&format!(
                "the report as of {period} went to {name} before: {}\n",
                state.as_str()
            ))?;
        }
        let drained = office.drain().await?;
        print(&post::told(&drained))?;
        return Ok(if drained.later.is_empty() && drained.dead.is_empty() {
            Exit::Done
        } else {
            Exit::Partly
        });
    }
    let group = match &args.group {
        Some(urlname) => Some(report.group(urlname).ok_or_else(|| {
            anyhow!("no sponsored group has the urlname \"{urlname}\"\nthe last part of the group's address is its urlname")
        })?),
        None => None,
    };
    let text = match args.format {
        ReportFormat::Json => {
            let document = match group {
                Some(group) => serde_json::to_string_pretty(group)?,
                None => serde_json::to_string_pretty(&report)?,
            };
            shown_json(&document) + "\n"
        }
        ReportFormat::Text => {
            let env = |name: &str| std::env::var(name).ok();
            let style = Style {
                colour: Colour::from(global.color).on_stdout(&env),
                width: columns(),
            };
            group.map_or_else(
                || report::text(&report, style),
                |group| report::group_text(group, style),
            )
        }
    };
    print(&text)?;
    Ok(Exit::Done)
}

/// The terminal's width, where it is known and narrower than the page.
pub(super) fn columns() -> usize {
    let widest = Style::default().width;
    if !std::io::stdout().is_terminal() {
        return widest;
    }
    console::Term::stdout()
        .size_checked()
        .map_or(widest, |(_, columns)| widest.min(columns.into()))
}
