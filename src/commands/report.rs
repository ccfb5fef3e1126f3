//! `gatherd report`: composed from the mirror, printed, or sent to a channel.

mod explained;
mod sent;

use super::{
    Exit, config, json,
    paging::{show, style},
};
use crate::{
    app::{database::Database, meant, opening, snapshot, within::within},
    cli::{Global, Report as Args, ReportFormat},
    community::Access,
    config::{Config, Need},
    metrics::{self, GroupFigures},
    report::{self, Beside, GroupDocument, GroupReport},
};
use anyhow::Result;
use chrono::{SubsecRound, TimeDelta, Utc};

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
        Some(meant) => Some(meant::in_report(&report, meant)?),
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
        ReportFormat::Json => match group {
            Some(group) => json(&GroupDocument::new(&report, group))?,
            None => json(&report)?,
        },
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
        // What is shown of then is the group's own.
        only: vec![Access {
            groups: vec![group.figures.urlname.clone()],
            ..Access::default()
        }],
        with_people: false,
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
