//! The network as a whole, and the groups that left it.

use std::collections::HashMap;

use super::crowd::Crowd;
use super::figures::{GroupFigures, NotYet, Rate};
use super::local::instant;
use super::network_figures::{ByStatus, LeftGroup, NetworkFigures, Overlap, Survival};
use super::per_group::page_of;
use super::workbench::{Workbench, sql};
use crate::community::Status;

/// The network's figures.
pub(super) fn read(
    bench: &Workbench<'_>,
    groups: &[GroupFigures],
    crowd: &Crowd,
) -> rusqlite::Result<NetworkFigures> {
    let (groups_by_status, share_on_target) = standing(groups);
    let complete = groups.iter().filter(|group| group.history_complete);
    let places = bench.rows(sql!("places.sql"), |row| {
        Ok([
            row.get("countries")?,
            row.get("cities")?,
            row.get("timezones")?,
        ])
    })?;
    let [countries, cities, timezones] = places.first().copied().unwrap_or_default();
    let stranded = if bench.settings.knows_roster() {
        bench.rows(sql!("stranded.sql"), |row| row.get("stranded"))?
    } else {
        Vec::new()
    };
    let overlaps = overlaps(bench, crowd);
    let survival = survival(bench)?;
    let mut rows = bench.rows(sql!("network_events.sql"), |row| {
        let [people_30, people_90, people_365, rest @ ..] = crowd.people;
        let [
            people_30_year_before,
            people_90_year_before,
            people_365_year_before,
        ] = rest;
        Ok(NetworkFigures {
            groups: i64::try_from(complete.clone().count()).unwrap_or(i64::MAX),
            groups_by_status,
            groups_met_30: row.get("met_30")?,
            groups_met_30_year_before: row.get("met_30_year_before")?,
            groups_met_90: row.get("met_90")?,
            groups_met_90_year_before: row.get("met_90_year_before")?,
            groups_met_365: row.get("met_365")?,
            groups_met_365_year_before: row.get("met_365_year_before")?,
            share_on_target,
            events_30: row.get("events_30")?,
            events_30_year_before: row.get("events_30_year_before")?,
            events_90: row.get("events_90")?,
            events_90_year_before: row.get("events_90_year_before")?,
            events_365: row.get("events_365")?,
            events_365_year_before: row.get("events_365_year_before")?,
            people_30,
            people_30_year_before,
            people_90,
            people_90_year_before,
            people_365,
            people_365_year_before,
            first_timers_90: crowd.first_timers_90,
            first_timers_90_year_before: crowd.first_timers_90_year_before,
            repeat_rate: Rate::new(crowd.repeaters_365, people_365),
            cross_group_rate: Rate::new(crowd.crossers_365, people_365),
            countries,
            cities,
            timezones,
            stranded_members: stranded.first().copied(),
            overlaps: overlaps.clone(),
            survival,
        })
    })?;
    rows.pop().ok_or(rusqlite::Error::QueryReturnedNoRows)
}

/// The groups that share people, by how much of the smaller one they share, then by urlname.
fn overlaps(bench: &Workbench<'_>, crowd: &Crowd) -> Vec<Overlap> {
    let urlnames: HashMap<i64, &str> = bench
        .groups
        .iter()
        .map(|group| (group.key, group.urlname.as_str()))
        .collect();
    let named = |key: &i64| urlnames.get(key).copied().unwrap_or_default().to_owned();
    let mut overlaps: Vec<Overlap> = crowd
        .overlaps
        .iter()
        .map(|([one, other], shared, smaller)| {
            let mut groups = [named(one), named(other)];
            groups.sort();
            Overlap {
                groups,
                shared: Rate::new(*shared, *smaller),
            }
        })
        .collect();
    overlaps.sort_by(|a, b| {
        // a/b against c/d, in whole numbers.
        let (of_a, of_b) = (a.shared, b.shared);
        (of_b.numerator * of_a.denominator)
            .cmp(&(of_a.numerator * of_b.denominator))
            .then_with(|| a.groups.cmp(&b.groups))
    });
    overlaps
}

/// What became of groups once silent; told from over 20 cases.
fn survival(bench: &Workbench<'_>) -> rusqlite::Result<Survival> {
    let mut told = Survival::default();
    for (months, met_again, cases) in bench.rows(sql!("survival.sql"), |row| {
        Ok((
            row.get::<_, i64>("months")?,
            row.get("met_again")?,
            row.get("cases")?,
        ))
    })? {
        let rate = (cases > 20).then(|| Rate::new(met_again, cases));
        match months {
            6 => told.months_6 = rate,
            12 => told.months_12 = rate,
            24 => told.months_24 = rate,
            _ => told.months_36 = rate,
        }
    }
    Ok(told)
}

/// Groups founded after A, in urlname order.
pub(super) fn not_yet(bench: &Workbench<'_>) -> rusqlite::Result<Vec<NotYet>> {
    bench.rows(sql!("not_yet.sql"), |row| {
        Ok(NotYet {
            urlname: row.get("urlname")?,
            founded_at: instant(row.get("founded_at")?),
        })
    })
}

/// Groups by status, and the share that meets as agreed of those one may expect to meet.
fn standing(groups: &[GroupFigures]) -> (ByStatus, Rate) {
    let mut by_status = ByStatus::default();
    let mut expected_to_meet = 0;
    for group in groups {
        let Some(status) = group.status else { continue };
        *by_status.slot(status) += 1;
        let is_silent = group
            .cadence
            .days_since_last_held
            .is_some_and(|days| days > 365);
        expected_to_meet += i64::from(match status {
            Status::New | Status::Unstarted => false,
            Status::Quiet => !is_silent,
            Status::Restarted | Status::Overdue | Status::OnTarget | Status::Meeting => true,
        });
    }
    (by_status, Rate::new(by_status.on_target, expected_to_meet))
}

/// The networks' names, in urlname order.
pub(super) fn names(bench: &Workbench<'_>) -> rusqlite::Result<Vec<String>> {
    bench.rows(sql!("networks.sql"), |row| row.get("name"))
}

/// The groups that left, in urlname order.
pub(super) fn left(bench: &Workbench<'_>) -> rusqlite::Result<Vec<LeftGroup>> {
    bench.rows(sql!("left.sql"), |row| {
        let urlname: String = row.get("urlname")?;
        Ok(LeftGroup {
            id: row.get("id")?,
            link: row
                .get::<_, Option<String>>("link")?
                .unwrap_or_else(|| page_of(&urlname)),
            urlname,
            name: row.get("name")?,
            country: row.get("country")?,
            timezone: row.get("timezone")?,
            gone_at: instant(row.get("gone_at")?),
            gone_why: row.get("gone_why")?,
            events: row.get("held")?,
            last_held_at: row.get::<_, Option<i64>>("last_held_at")?.map(instant),
        })
    })
}
