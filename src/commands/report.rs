//! `gatherd report`: composed from the mirror, printed, or sent to a channel.

mod explained;
mod sent;

use super::{
    Exit, config,
    paging::{show, style},
};
use crate::{
    app::{database::Database, meant, opening, snapshot, within::within},
    cli::{Global, Report as Args, ReportFormat},
    community::shown_json,
    config::{Config, Need},
    metrics::{self, GroupFigures},
    mirror::KnownGroup,
    report::{self, Beside, GroupDocument, GroupReport, Report},
};
use anyhow::{Result, anyhow};
use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

pub(super) async fn run(global: &Global, args: &Args) -> Result<Exit> {
    let config = config(global, Need::Database)?;
    let is_sent = args.send.is_some() && !args.dry_run;
    let database = if is_sent {
        opening::sending(&config).await?
    } else {
        opening::existing(&config).await?
    };
    let now = Utc::now();
    let as_of = args.as_of.unwrap_or(now).trunc_subsecs(0);
    let mut settings = snapshot::settings(&config, as_of, now);
    if args.backtest {
        return explained::backtest(global, args, &database, settings).await;
    }
    if let Some(key) = &args.explain {
        return explained::run(global, args, &config, &database, settings, key).await;
    }
    if let Some(name) = &args.send {
        return sent::run(global, args, &config, &database, name, (as_of, now)).await;
    }
    settings.with_people = args.names;
    let meant = match &args.group {
        Some(written) => Some(meant::group(&database, written).await?),
        None => None,
    };
    let (composing, by) = (settings.clone(), config.clone());
    let composed = database.with(move |mirror| snapshot::composed(&by, mirror, &composing));
    let report = within(composed.await?, &args.within.access())?;
    let group = match &meant {
        Some(meant) => Some(group_of(&report, meant)?),
        None => None,
    };
    let page = match group {
        Some(group) => page_of(&config, &database, &settings, group).await?,
        None => GroupPage::default(),
    };
    let beside = Beside {
        notes: &page.notes,
        year_before: page.year_before.as_ref(),
    };
    let text = match args.format {
        ReportFormat::Json => {
            let document = match group {
                Some(group) => serde_json::to_string_pretty(&GroupDocument::new(&report, group))?,
                None => serde_json::to_string_pretty(&report)?,
            };
            shown_json(&document) + "\n"
        }
        ReportFormat::Text => group.map_or_else(
            || report::text(&report, style(global)),
            |group| report::group_text(&report, group, beside, style(global)),
        ),
        ReportFormat::Markdown => group.map_or_else(
            || report::markdown(&report),
            |group| report::group_markdown(&report, group, beside),
        ),
    };
    show(&text, args.paging)?;
    Ok(Exit::Done)
}

/// What stands on a group's page besides the report.
#[derive(Default)]
struct GroupPage {
    notes: Vec<String>,
    year_before: Option<GroupFigures>,
}

async fn page_of(
    config: &Config,
    database: &Database,
    settings: &metrics::Settings,
    group: &GroupReport,
) -> Result<GroupPage> {
    let then = metrics::Settings {
        as_of: settings.as_of - TimeDelta::days(365),
        ..settings.clone()
    };
    let (contacts, measured) = database
        .with(move |mirror| snapshot::beside(mirror, &then))
        .await?;
    let id = &group.figures.id;
    let local = settings.as_of.with_timezone(&config.schedule.timezone);
    let contact = contacts.iter().find(|it| it.group.as_str() == id);
    Ok(GroupPage {
        notes: contact.map_or_else(Vec::new, |contact| {
            report::remembered(contact, local.fixed_offset())
        }),
        year_before: measured.groups.into_iter().find(|it| it.id == *id),
    })
}

/// A known group in a report, or why it is in no figure of it.
pub(super) fn group_of<'a>(report: &'a Report, known: &KnownGroup) -> Result<&'a GroupReport> {
    let id = known.id.as_str();
    if let Some(group) = report.groups.iter().find(|it| it.figures.id == id) {
        return Ok(group);
    }
    let urlname = report::clean(&known.urlname);
    let is_it = |known: &str| known.eq_ignore_ascii_case(&urlname);
    let day = |at: DateTime<Utc>| at.format("%Y-%m-%d");
    if let Some(group) = report.not_yet.iter().find(|it| is_it(&it.urlname)) {
        return Err(anyhow!(
            "the group \"{urlname}\" was founded on {}, after {}\nask for a later day with --as-of",
            day(group.founded_at),
            day(report.as_of)
        ));
    }
    if let Some(group) = report.left.iter().find(|it| it.id == id) {
        return Err(anyhow!(
            "the group \"{urlname}\" is no longer sponsored, since {}; it is in no figure\nits history stands under \"left\" in the JSON of the whole report",
            day(group.gone_at)
        ));
    }
    Err(anyhow!(
        "the group \"{urlname}\" is not sponsored; it is in no figure\n`gatherd groups` lists those that are"
    ))
}
