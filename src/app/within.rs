//! A report of some countries or time zones only, as somebody asks for on the command line.

use super::{Misused, regions};
use crate::{
    community::{Access, is_same_zone},
    config::Config,
    report::{Report, clean},
};
use std::collections::BTreeSet;

/// Choices told where nothing is found.
const CHOICES: usize = 12;
/// Groups named where some are asked for by name.
const NAMED: usize = 5;

/// Which groups are asked for: those of some countries and time zones, or of a region.
pub(crate) fn asked(
    config: &Config,
    (countries, timezones): (&[String], &[String]),
    region: Option<&str>,
) -> Result<Access, Misused> {
    match region {
        Some(name) => Ok(regions::named(&config.regions, name)?.access.clone()),
        None => Ok(Access {
            groups: Vec::new(),
            countries: countries.to_vec(),
            timezones: timezones.to_vec(),
        }),
    }
}

/// The report with these groups alone; the figures of the network stay, and it is said that they do.
pub(crate) fn within(report: Report, access: &Access) -> Result<Report, Misused> {
    if !access.is_narrow() {
        return Ok(report);
    }
    check(&report, access)?;
    let mut report = report.narrowed(access);
    report.remarks.push(format!(
        "Only groups of {} are listed; figures of the network are of all its groups.",
        place(access)
    ));
    Ok(report)
}

/// An error where there are groups, and none of them is there.
pub(crate) fn check(report: &Report, access: &Access) -> Result<(), Misused> {
    let is_there = report
        .groups
        .iter()
        .map(|group| &group.figures)
        .any(|it| access.reaches(&it.urlname, it.country.as_deref(), it.timezone.as_deref()));
    if is_there || report.groups.is_empty() {
        return Ok(());
    }
    let figures = report.groups.iter().map(|group| &group.figures);
    let is_country_there = |code: &String| {
        let mut countries = report.groups.iter().map(|it| &it.figures.country);
        countries.any(|it| it.as_ref().is_some_and(|it| it.eq_ignore_ascii_case(code)))
    };
    let (what, known): (&str, BTreeSet<String>) =
        match access.countries.is_empty() || access.countries.iter().any(is_country_there) {
            false => (
                "countries",
                figures
                    .filter_map(|it| it.country.as_deref().map(clean))
                    .collect(),
            ),
            true => (
                "time zones",
                figures
                    .filter_map(|it| it.timezone.as_deref().map(clean))
                    .collect(),
            ),
        };
    let more = known.len().saturating_sub(CHOICES);
    let shown: Vec<String> = known.into_iter().take(CHOICES).collect();
    let more = match more {
        0 => String::new(),
        n => format!(" and {n} more"),
    };
    Err(Misused(format!(
        "no sponsored group is in {}\n{what} with groups: {}{more}",
        place(access),
        shown.join(", ")
    )))
}

/// "DE or FR", "DE, in Europe/Berlin", "acme-berlin or acme-bonn".
fn place(access: &Access) -> String {
    let countries: Vec<String> = access
        .countries
        .iter()
        .map(|it| it.to_uppercase())
        .collect();
    let mut zones: Vec<&str> = Vec::new();
    for zone in &access.timezones {
        if !zones.iter().any(|known| is_same_zone(known, zone)) {
            zones.push(zone);
        }
    }
    let groups: Vec<String> = access.groups.iter().map(|it| clean(it)).collect();
    let groups = match groups.split_at_checked(NAMED) {
        Some((named, rest)) if !rest.is_empty() => {
            vec![format!("{} or {} more", named.join(", "), rest.len())]
        }
        _ => groups,
    };
    let groups = groups.join(" or ");
    if countries.is_empty() && zones.is_empty() {
        return groups;
    }
    let place = match (countries.is_empty(), zones.is_empty()) {
        (false, false) => format!("{}, in {}", countries.join(" or "), zones.join(" or ")),
        (false, true) => countries.join(" or "),
        _ => zones.join(" or "),
    };
    match groups.is_empty() {
        true => place,
        false => format!("{groups}, in {place}"),
    }
}
