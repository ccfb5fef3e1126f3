//! A report from the mirror and the configuration.

use crate::{
    community::is_same_zone,
    config::{Channel, Config},
    metrics::{self, measure},
    mirror::{self, Mirror, MirrorError},
    report::{CandidateReport, Freshness, Report, attendance_marked, compose},
};
use anyhow::Result;
use chrono::{DateTime, SubsecRound, Utc};
use std::collections::HashSet;

/// Passes looked through for the last that ended.
const RECENT: usize = 50;

/// Composes the report as of an instant, from one consistent look at the mirror.
pub(super) fn report(
    config: &Config,
    database: &Mirror,
    as_of: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Report> {
    composed(database, &settings(config, as_of, now))
}

/// Composes the report of some settings.
pub(super) fn composed(database: &Mirror, settings: &metrics::Settings) -> Result<Report> {
    let (measured, freshness) =
        database.read(|conn| Ok((measure(conn, settings)?, freshness(conn)?)))?;
    Ok(compose(measured, settings, freshness))
}

/// The report, and what is behind one of its keys, from the same look at the mirror.
pub(super) fn explained(
    database: &Mirror,
    settings: &metrics::Settings,
    entry: &'static metrics::Entry,
    urlname: Option<&str>,
) -> Result<(Report, metrics::Explained)> {
    let (measured, freshness, explained) = database.read(|conn| {
        Ok((
            measure(conn, settings)?,
            freshness(conn)?,
            metrics::explain(conn, settings, entry, urlname)?,
        ))
    })?;
    Ok((compose(measured, settings, freshness), explained))
}

/// What a report depends on besides the mirror.
pub(super) fn settings(
    config: &Config,
    as_of: DateTime<Utc>,
    now: DateTime<Utc>,
) -> metrics::Settings {
    metrics::Settings {
        as_of,
        // Whole seconds, as printed: what is decided by it can be decided again from the report.
        generated_at: now.trunc_subsecs(0),
        staff: config.staff.clone(),
        target_share: config.target_share,
        targets: config
            .targets
            .iter()
            .map(|target| metrics::Target {
                group: target.group.clone(),
                every_months: target.every_months,
            })
            .collect(),
        events_per_year: config.events_per_year,
        with_people: false,
    }
}

/// When the last good pass was, and which groups it or a later one could not read.
pub(super) fn freshness(conn: &rusqlite::Connection) -> Result<Freshness, MirrorError> {
    let last_good = mirror::last_good_pass(conn)?;
    // A pass that is still running has not failed at anything yet, nor read anything through.
    let latest = mirror::recent_passes(conn, RECENT)?
        .iter()
        .find(|pass| pass.finished_at.is_some())
        .map(|pass| pass.id);
    let failed: Vec<(String, String)> = mirror::recent_failures(conn, 1_000)?
        .into_iter()
        .filter(|failure| Some(failure.pass) == latest)
        .map(|failure| (failure.scope, failure.message))
        .collect();
    let networks = mirror::networks(conn)?;
    let network_failure = |key: mirror::NetworkKey| {
        let network = networks.iter().find(|network| network.key == key)?;
        let scope = format!("network {}", network.urlname);
        failed
            .iter()
            .find(|(failed, _)| *failed == scope)
            .map(|(_, message)| message.clone())
    };
    let unread = mirror::roster(conn)?
        .into_iter()
        .filter(|group| group.gone_at.is_none())
        .filter_map(|group| {
            let own = (group.failures > 0).then(|| group.failure.clone().unwrap_or_default());
            let why = own.or_else(|| group.network.and_then(network_failure))?;
            Some((group.urlname, why))
        })
        .collect();
    let last_pass_at = last_good
        .and_then(|pass| pass.finished_at)
        .and_then(|at| DateTime::from_timestamp(at, 0));
    Ok(Freshness::new(last_pass_at, unread))
}

/// Whether a channel is told of some groups only.
pub(super) fn is_narrow(channel: &Channel) -> bool {
    !(channel.groups.is_empty() && channel.countries.is_empty() && channel.timezones.is_empty())
}

/// The report as a channel gets it: only the groups it is narrowed to. Figures of the network stay.
pub(super) fn narrowed(mut report: Report, channel: &Channel) -> Report {
    if !is_narrow(channel) {
        return report;
    }
    let marked = |report: &Report| {
        let groups = report.groups.iter().map(|group| &group.figures);
        attendance_marked(groups)
    };
    let marked_anywhere = marked(&report);
    report.groups.retain(|group| {
        let figures = &group.figures;
        let (country, timezone) = (figures.country.as_deref(), figures.timezone.as_deref());
        reaches(channel, &figures.urlname, country, timezone)
    });
    report
        .remarks
        .retain(|it| Some(it) != marked_anywhere.as_ref());
    let marked_here = marked(&report);
    report.remarks.splice(0..0, marked_here);
    let kept: HashSet<String> = report
        .groups
        .iter()
        .map(|group| group.figures.urlname.clone())
        .collect();
    report.ahead.retain(|event| kept.contains(&event.group));
    report.left.retain(|group| {
        let (country, timezone) = (group.country.as_deref(), group.timezone.as_deref());
        reaches(channel, &group.urlname, country, timezone)
    });
    if let Some(people) = &mut report.people {
        let is_kept = |person: &CandidateReport| {
            let mut groups = person.person.groups.iter();
            groups.any(|group| kept.contains(group))
        };
        people.ambassadors.retain(is_kept);
        people.missed.retain(|it| kept.contains(&it.person.group));
    }
    let fresh = &mut report.freshness;
    fresh.incomplete_groups.retain(|it| kept.contains(it));
    let unread = std::mem::take(&mut fresh.unread_groups);
    let reasons = std::mem::take(&mut fresh.unread_reasons);
    (fresh.unread_groups, fresh.unread_reasons) = unread
        .into_iter()
        .zip(reasons)
        .filter(|(urlname, _)| kept.contains(urlname))
        .unzip();
    report
}

/// Whether a channel, as it is narrowed, is told of such a group.
pub(super) fn reaches(
    channel: &Channel,
    urlname: &str,
    country: Option<&str>,
    timezone: Option<&str>,
) -> bool {
    let any = |list: &[String], text: Option<&str>| {
        list.is_empty()
            || text.is_some_and(|text| list.iter().any(|it| it.eq_ignore_ascii_case(text)))
    };
    let is_zone = |name: &str| {
        let mut zones = channel.timezones.iter();
        zones.any(|zone| is_same_zone(zone.name(), name))
    };
    any(&channel.groups, Some(urlname))
        && any(&channel.countries, country)
        && (channel.timezones.is_empty() || timezone.is_some_and(is_zone))
}
