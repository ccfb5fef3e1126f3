//! `gatherd report`: composed from the mirror, printed, or sent to a channel.

use super::{Exit, config, delivered, print, print_json};
use crate::{
    app::{
        Misused,
        database::Database,
        digest, opening, outbox,
        snapshot::{self, Snapshots},
    },
    cli::{Global, Report as Args, ReportFormat},
    community::shown_json,
    config::{Config, Need},
    metrics::{self, GroupFigures, Scope},
    mirror::{DeliveryKind, DeliveryState, Filed, Outcome},
    report::{self, Beside, GroupDocument, GroupReport, Report, Style},
    telemetry::Colour,
};
use anyhow::{Result, anyhow};
use chrono::{DateTime, SecondsFormat, SubsecRound, TimeDelta, Utc};
use std::io::IsTerminal;

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
        return backtest(global, args, &database, settings).await;
    }
    if let Some(key) = &args.explain {
        return explain(global, args, &config, &database, settings, key).await;
    }
    if let Some(name) = &args.send {
        let office = outbox::Post::open(&config, &database)?;
        let channel = office.channel(name)?;
        let (by, to) = (config.clone(), name.clone());
        let composed = database
            .with(move |mirror| digest::digest(&by, mirror, &Snapshots::default(), &to, as_of, now))
            .await?;
        if args.dry_run {
            let payload = composed.payload(channel, DeliveryKind::Manual);
            let payload: serde_json::Value = serde_json::from_str(&payload)?;
            print_json(&format!("{payload:#}\n"))?;
            return Ok(Exit::Done);
        }
        let (desk, to) = (office.clone(), name.clone());
        let filed = database
            .with(move |mirror| composed.file(mirror, &desk, &to, DeliveryKind::Manual, as_of))
            .await?;
        let period = as_of.to_rfc3339_opts(SecondsFormat::Secs, true);
        return match filed.first() {
            Some(Filed {
                delivery_id,
                outcome: Outcome::Already { state },
                ..
            }) => already(&office, name, &period, *delivery_id, *state).await,
            Some(filed) => {
                let drained = office.deliver(filed.delivery_id).await?;
                print(&delivered::told(&drained))?;
                Ok(delivered::exit(&drained))
            }
            None => Ok(Exit::Done),
        };
    }
    settings.with_people = args.names;
    let (composing, by) = (settings.clone(), config.clone());
    let composed = database.with(move |mirror| snapshot::composed(&by, mirror, &composing));
    let report = composed.await?;
    let group = match &args.group {
        Some(urlname) => Some(group_of(&report, urlname)?),
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
    print(&text)?;
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

/// A report that was filed before: told where it stands, and tried again only if it is due.
async fn already(
    office: &outbox::Post,
    channel: &str,
    period: &str,
    id: i64,
    state: DeliveryState,
) -> Result<Exit> {
    let report = format!("the report as of {period}");
    match state {
        DeliveryState::Sent => {
            print(&format!("{report} went to {channel} before: sent\n"))?;
            Ok(Exit::Done)
        }
        DeliveryState::Dead => {
            print(&format!(
                "{report} was given up for {channel} before\n  mend the channel, then run `gatherd deliveries retry {id}`\n"
            ))?;
            Ok(Exit::Partly)
        }
        DeliveryState::Dropped => {
            print(&format!(
                "{report} was dropped for {channel} before, and will not be sent\n  another instant is another report: --as-of\n"
            ))?;
            Ok(Exit::Partly)
        }
        DeliveryState::Pending | DeliveryState::Sending => {
            print(&format!("{report} is on its way to {channel} already\n"))?;
            let drained = office.deliver(id).await?;
            print(&delivered::told(&drained))?;
            Ok(delivered::exit(&drained))
        }
    }
}

/// How good forecasts were.
async fn backtest(
    global: &Global,
    args: &Args,
    database: &Database,
    settings: metrics::Settings,
) -> Result<Exit> {
    let backtest = database
        .with(move |mirror| snapshot::backtest(mirror, &settings))
        .await?;
    print(&match args.format {
        ReportFormat::Json => serde_json::to_string_pretty(&backtest)? + "\n",
        _ => report::backtest_text(&backtest, style(global)),
    })?;
    Ok(Exit::Done)
}

/// What a key means and is made of.
async fn explain(
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
    let urlname = args.group.as_deref();
    let (config, asked) = (config.clone(), args.group.clone());
    let (report, explained) = database
        .with(move |mirror| {
            snapshot::explained(&config, mirror, &settings, entry, asked.as_deref())
        })
        .await?;
    let group = urlname
        .map(|urlname| group_of(&report, urlname))
        .transpose()?;
    let with_names = args.names || std::io::stdout().is_terminal();
    let explanation =
        report::explain(&report, group, key, explained, with_names).ok_or_else(unknown)?;
    print(&match args.format {
        ReportFormat::Json => serde_json::to_string_pretty(&explanation)? + "\n",
        _ => report::explanation_text(&explanation, style(global)),
    })?;
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

/// The group of a urlname, or why it is in no figure.
fn group_of<'a>(report: &'a Report, urlname: &str) -> Result<&'a GroupReport> {
    if let Some(group) = report.group(urlname) {
        return Ok(group);
    }
    let is_it = |known: &str| known.eq_ignore_ascii_case(urlname);
    let day = |at: DateTime<Utc>| at.format("%Y-%m-%d");
    if let Some(group) = report.not_yet.iter().find(|it| is_it(&it.urlname)) {
        return Err(anyhow!(
            "the group \"{urlname}\" was founded on {}, after {}\nask for a later day with --as-of",
            day(group.founded_at),
            day(report.as_of)
        ));
    }
    if let Some(group) = report.left.iter().find(|it| is_it(&it.urlname)) {
        return Err(anyhow!(
            "the group \"{urlname}\" is no longer sponsored, since {}; it is in no figure\nits history stands under \"left\" in the JSON of the whole report",
            day(group.gone_at)
        ));
    }
    Err(anyhow!(
        "no sponsored group has the urlname \"{urlname}\"\nthe last part of the group's address is its urlname"
    ))
}

fn style(global: &Global) -> Style {
    let env = |name: &str| std::env::var(name).ok();
    Style {
        colour: Colour::from(global.color).on_stdout(&env),
        width: columns(),
    }
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
