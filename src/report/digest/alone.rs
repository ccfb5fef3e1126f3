//! Part four: groups to leave alone for now, since they always pause like this.

use std::collections::BTreeMap;

use super::desk::{Desk, Place};
use super::linked;
use crate::report::compose::GroupReport;
use crate::report::message::{Entry, Line, Section};
use crate::report::plain::clean;
use crate::report::words::{local_day, months_of_the_year};

/// Groups in a pause told one by one, and names told of a season.
const TOLD: usize = 4;

/// The section.
pub(super) fn section(desk: &Desk<'_>) -> Option<Section> {
    let mut seasons: BTreeMap<&[u32], Vec<&GroupReport>> = BTreeMap::new();
    let mut pauses: Vec<(&GroupReport, &[i64])> = Vec::new();
    for (group, place) in desk.places() {
        match place {
            Place::OffSeason => seasons
                .entry(&group.figures.cadence.off_months)
                .or_default()
                .push(group),
            Place::UsualPause(days) => pauses.push((group, days)),
            _ => {}
        }
    }
    let of = pauses.len() + seasons.values().map(Vec::len).sum::<usize>();
    if of == 0 {
        return None;
    }
    // Whoever has paused longest is wondered about first.
    pauses.sort_by_key(|(group, _)| std::cmp::Reverse(group.figures.cadence.days_since_last_held));
    let mut entries: Vec<Entry> = seasons
        .iter()
        .map(|(months, groups)| {
            let line = Line::plain(format!("Never in {}: ", months_of_the_year(months)));
            Entry {
                lines: vec![linked(line, groups.iter().copied(), TOLD).text(".")],
            }
        })
        .collect();
    entries.extend(pauses.iter().take(TOLD).map(|(group, before)| Entry {
        lines: vec![pause(group, before)],
    }));
    Some(Section {
        heading: Some(format!("Leave alone for now ({of})")),
        entries,
        unlisted: pauses.len().saturating_sub(TOLD),
        ..Section::default()
    })
}

fn pause(group: &GroupReport, before: &[i64]) -> Line {
    let figures = &group.figures;
    let days = figures.cadence.days_since_last_held.unwrap_or_default();
    let since = figures
        .last_event
        .as_ref()
        .map_or_else(String::new, |last| {
            let today = figures.as_of_local.date_naive();
            format!(" since {}", local_day(last.starts_local.date(), today))
        });
    let before: Vec<String> = before.iter().take(2).map(i64::to_string).collect();
    Line::default()
        .link(clean(&figures.name), &figures.link)
        .text(format!(
            " · {days} days{since}, but it paused for {} before.",
            before.join(" and ")
        ))
}
