//! The network as a whole, and the groups that left it.

use super::figures::{ByStatus, GroupFigures, LeftGroup, NetworkFigures, Rate, Status};
use super::local::instant;
use super::per_group::page_of;
use super::workbench::{Workbench, sql};

#[derive(Default, Clone, Copy)]
struct Window {
    groups: i64,
    events: i64,
    people: i64,
    repeaters: i64,
}

/// The network's figures.
pub(super) fn read(
    bench: &Workbench<'_>,
    groups: &[GroupFigures],
) -> rusqlite::Result<NetworkFigures> {
    let windows = bench.rows(sql!("network.sql"), |row| {
        let window = Window {
            groups: row.get("groups")?,
            events: row.get("events")?,
            people: row.get("people")?,
            repeaters: row.get("repeaters")?,
        };
        Ok((
            row.get::<_, i64>("days")?,
            row.get::<_, bool>("is_year_before")?,
            window,
        ))
    })?;
    let of = |days: i64, is_year_before: bool| {
        windows
            .iter()
            .find(|(d, before, _)| (*d, *before) == (days, is_year_before))
            .map(|(_, _, window)| *window)
            .unwrap_or_default()
    };
    let [month, quarter, year] = [30, 90, 365].map(|days| of(days, false));
    let [month_before, quarter_before, year_before] = [30, 90, 365].map(|days| of(days, true));

    let mut groups_by_status = ByStatus::default();
    let mut expected_to_meet = 0;
    for group in groups {
        let Some(status) = group.status else { continue };
        *groups_by_status.slot(status) += 1;
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
    Ok(NetworkFigures {
        groups: groups.iter().filter(|group| group.history_complete).count() as i64,
        groups_by_status,
        groups_met_30: month.groups,
        groups_met_30_year_before: month_before.groups,
        groups_met_90: quarter.groups,
        groups_met_90_year_before: quarter_before.groups,
        groups_met_365: year.groups,
        groups_met_365_year_before: year_before.groups,
        share_on_target: Rate::new(groups_by_status.on_target, expected_to_meet),
        events_30: month.events,
        events_30_year_before: month_before.events,
        events_90: quarter.events,
        events_90_year_before: quarter_before.events,
        events_365: year.events,
        events_365_year_before: year_before.events,
        people_30: month.people,
        people_30_year_before: month_before.people,
        people_90: quarter.people,
        people_90_year_before: quarter_before.people,
        people_365: year.people,
        people_365_year_before: year_before.people,
        repeat_rate: Rate::new(year.repeaters, year.people),
    })
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
