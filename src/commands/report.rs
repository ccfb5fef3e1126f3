//! `gatherd report`: composed from the mirror, printed, or sent to a channel.

mod explained;
mod sent;
mod site;

use super::{
    Exit, config,
    configured::access,
    json,
    paging::{show, style},
};
use crate::{
    app::{Misused, beside, database::Database, meant, money, opening, snapshot, within::within},
    cli::{Global, Report as Args, ReportFormat},
    config::{Config, Need},
    metrics::{self, Money, Purpose},
    mirror::KnownGroup,
    report::{self, Beside, GroupDocument, MoneyPart},
};
use anyhow::Result;
use chrono::{SubsecRound, Utc};
use serde::Serialize;

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
    if args.out.is_some() && args.format != ReportFormat::Html {
        let what = "only pages are written to a folder\nadd --format html, or leave out --out";
        return Err(Misused(what.to_owned()).into());
    }
    settings.with_people = args.names;
    if args.names && !config.privacy.names {
        let what = "lists of persons are made of names, and none are kept ([privacy] names = false)\nleave out --names";
        return Err(Misused(what.to_owned()).into());
    }
    let meant = match &args.group {
        Some(written) => Some(meant::group(&database, written).await?),
        None => None,
    };
    if args.format == ReportFormat::Html {
        return site::run(global, args, &config, &database, settings, meant.as_ref()).await;
    }
    if let Some(meant) = &meant {
        return of_group(global, args, &config, &database, &settings, meant).await;
    }
    let composed = snapshot::composed(&config, &database, &settings).await?;
    let access = access(&config, &args.within)?;
    let report = within(composed, &access)?;
    if args.money {
        settings.only = Vec::from_iter(access.is_narrow().then_some(access));
    }
    let money = money_of(args, &config, &database, &settings).await?;
    let text = match args.format {
        ReportFormat::Json => with_money(&report, money.as_ref())?,
        // Of pages, text is what they say in one.
        ReportFormat::Text | ReportFormat::Html => {
            let money = money.map(|it| report::money_text(&it, style(global)));
            report::text(&report, style(global)) + &money.unwrap_or_default()
        }
        ReportFormat::Markdown => {
            let money = money.map(|it| report::money_markdown(&it));
            report::markdown(&report) + &money.unwrap_or_default()
        }
    };
    show(&text, args.paging)?;
    Ok(Exit::Done)
}

/// One group in detail.
async fn of_group(
    global: &Global,
    args: &Args,
    config: &Config,
    database: &Database,
    settings: &metrics::Settings,
    meant: &KnownGroup,
) -> Result<Exit> {
    let purpose = match args.format {
        ReportFormat::Json => Purpose::Document,
        ReportFormat::Text | ReportFormat::Markdown | ReportFormat::Html => Purpose::Page,
    };
    let report = snapshot::of_group(config, database, settings, &meant.urlname, purpose).await?;
    let group = meant::in_report(&report, meant)?;
    let page = match purpose == Purpose::Page {
        true => beside::page(config, database, settings, group).await?,
        false => beside::Page::default(),
    };
    let beside = Beside {
        notes: &page.notes,
        year_before: page.year_before.as_ref(),
    };
    let alone = settings.alone(&meant.urlname);
    let money = money_of(args, config, database, &alone).await?;
    let text = match args.format {
        ReportFormat::Json => with_money(&GroupDocument::new(&report, group), money.as_ref())?,
        ReportFormat::Text | ReportFormat::Html => {
            let money = money.map(|it| report::money_text(&it, style(global)));
            report::group_text(&report, group, beside, style(global)) + &money.unwrap_or_default()
        }
        ReportFormat::Markdown => {
            let money = money.map(|it| report::money_markdown(&it));
            report::group_markdown(&report, group, beside) + &money.unwrap_or_default()
        }
    };
    show(&text, args.paging)?;
    Ok(Exit::Done)
}

/// What money bought, where it is asked for.
async fn money_of(
    args: &Args,
    config: &Config,
    database: &Database,
    settings: &metrics::Settings,
) -> Result<Option<Money>> {
    Ok(match args.money {
        true => Some(money::money(config, database, settings).await?),
        false => None,
    })
}

/// A document, with a part on money where there is one.
fn with_money<T: Serialize>(document: &T, money: Option<&Money>) -> Result<String> {
    Ok(match money {
        Some(money) => json(&MoneyPart { document, money })?,
        None => json(document)?,
    })
}
