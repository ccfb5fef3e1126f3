//! The network as a whole, and the groups that left it.

use std::collections::{BTreeMap, HashMap};

use super::answers::Counted;
use super::crowd::Crowd;
use super::figures::{GroupFigures, NotYet};
use super::local::instant;
use super::network_figures::{
    Biggest, ByStatus, LeftGroup, NetworkFigures, NoticeBand, Overlap, Owed, Survival, Week,
};
use super::per_group::page_of;
use super::rate::Rate;
use super::sql::sql;
use super::survival::Survived;
use super::workbench::Workbench;
use crate::community::Status;

/// So many pairs of groups are listed.
const OVERLAPS: usize = 50;
/// The days of notice at which a band begins.
const NOTICE_FROM: [u8; 5] = [0, 3, 7, 14, 21];

/// The network's figures.
pub(super) fn read(
    bench: &Workbench<'_>,
    groups: &[GroupFigures],
    counted: &Counted,
) -> rusqlite::Result<NetworkFigures> {
    let crowd = &counted.crowd;
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
        Some(stranded(bench)?)
    } else {
        None
    };
    let mut overlaps = overlaps(bench, crowd);
    let overlaps_total = i64::try_from(overlaps.len()).unwrap_or(i64::MAX);
    overlaps.truncate(OVERLAPS);
    let [last_week, next_week] = weeks(bench, crowd.first_timers_week)?;
    let owed = attendance_owed(bench)?;
    let notice = notice(bench)?;
    let survival = survival(counted.survival);
    let [met_30, met_90, met_365, met_before @ ..] = counted.meetings.groups;
    let [met_30_before, met_90_before, met_365_before] = met_before;
    let [events_30, events_90, events_365, events_before @ ..] = counted.meetings.events;
    let [events_30_before, events_90_before, events_365_before] = events_before;
    let [people_30, people_90, people_365, people_before @ ..] = crowd.people;
    let [people_30_before, people_90_before, people_365_before] = people_before;
    Ok(NetworkFigures {
        groups: i64::try_from(complete.count()).unwrap_or(i64::MAX),
        groups_by_status,
        groups_met_30: met_30,
        groups_met_30_year_before: met_30_before,
        groups_met_90: met_90,
        groups_met_90_year_before: met_90_before,
        groups_met_365: met_365,
        groups_met_365_year_before: met_365_before,
        share_on_target,
        events_30,
        events_30_year_before: events_30_before,
        events_90,
        events_90_year_before: events_90_before,
        events_365,
        events_365_year_before: events_365_before,
        people_30,
        people_30_year_before: people_30_before,
        people_90,
        people_90_year_before: people_90_before,
        people_365,
        people_365_year_before: people_365_before,
        first_timers_90: crowd.first_timers_90,
        first_timers_90_year_before: crowd.first_timers_90_year_before,
        repeat_rate: Rate::new(crowd.repeaters_365, people_365),
        cross_group_rate: Rate::new(crowd.crossers_365, people_365),
        countries,
        cities,
        timezones,
        stranded_members: stranded,
        overlaps,
        overlaps_total,
        survival,
        last_week,
        next_week,
        attendance_owed: i64::try_from(owed.len()).unwrap_or(i64::MAX),
        owed,
        notice,
        asks: bench.pauses.asks,
        guidance: bench.pauses.guidance.clone(),
    })
}

/// Members all of whose groups are unstarted or quiet: `stranded.sql` counts them by itself, and sorts all
/// memberships for it.
fn stranded(bench: &Workbench<'_>) -> rusqlite::Result<i64> {
    /// A person is in a group that does not meet, or in another one.
    const STRANDED: u8 = 1;
    const ELSEWHERE: u8 = 2;
    let mut people: Vec<u8> = Vec::new();
    bench.each(sql!("stranded_memberships.sql"), |row| {
        let at = row.get::<_, u32>(0)? as usize;
        if at >= people.len() {
            people.resize(at + 1, 0);
        }
        people[at] |= if row.get(1)? { STRANDED } else { ELSEWHERE };
        Ok(())
    })?;
    let stranded = people.iter().filter(|it| **it == STRANDED).count();
    Ok(i64::try_from(stranded).unwrap_or(i64::MAX))
}

/// The week before A's date, and the one that begins with it.
fn weeks(bench: &Workbench<'_>, first_timers: i64) -> rusqlite::Result<[Week; 2]> {
    let mut weeks = [Week::default(), Week::default()];
    weeks[0].first_timers = Some(first_timers);
    bench.each(sql!("week_attendance.sql"), |row| {
        weeks[0].taken = Some(Rate::new(row.get("taken")?, row.get("events")?));
        Ok(())
    })?;
    bench.each(sql!("weeks.sql"), |row| {
        let week = &mut weeks[usize::from(row.get::<_, bool>("is_to_come")?)];
        week.events = row.get("events")?;
        week.groups = row.get("groups")?;
        week.yes = row.get("said_yes")?;
        week.biggest = Some(Biggest {
            group: row.get("biggest_group")?,
            title: row.get("biggest_title")?,
            yes: row.get("biggest_yes")?,
            groups: row.get("biggest_groups")?,
        });
        Ok(())
    })?;
    Ok(weeks)
}

/// Events whose attendance is still to be taken; none where the sponsor knows its show rate.
fn attendance_owed(bench: &Workbench<'_>) -> rusqlite::Result<Vec<Owed>> {
    if bench.settings.show_rate.is_some() {
        return Ok(Vec::new());
    }
    bench.rows(sql!("attendance_owed.sql"), |row| {
        Ok(Owed {
            group: row.get("urlname")?,
            starts_on: instant(row.get("date_at")?).date_naive(),
            url: row.get("url")?,
            in_week: row.get("in_week")?,
        })
    })
}

/// Turnout by notice; a band is told from 20 events on.
pub(super) fn notice(bench: &Workbench<'_>) -> rusqlite::Result<BTreeMap<u8, Option<NoticeBand>>> {
    let mut bands: BTreeMap<u8, Option<NoticeBand>> =
        NOTICE_FROM.into_iter().map(|days| (days, None)).collect();
    bench.each(sql!("network_notice.sql"), |row| {
        let band = NoticeBand {
            events: row.get("events")?,
            ratio: row.get("ratio")?,
        };
        if band.events >= 20 {
            bands.insert(row.get("band")?, Some(band));
        }
        Ok(())
    })?;
    Ok(bands)
}

/// The groups that share people, by how many they share, then by urlname.
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
        (b.shared.numerator)
            .cmp(&a.shared.numerator)
            .then_with(|| a.groups.cmp(&b.groups))
    });
    overlaps
}

/// What became of groups once silent; told from over 20 cases.
pub(super) fn survival(survived: Survived) -> Survival {
    let told = survived.map(|rate| (rate.denominator > 20).then_some(rate));
    let [months_6, months_12, months_24, months_36] = told;
    Survival {
        months_6,
        months_12,
        months_24,
        months_36,
    }
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
