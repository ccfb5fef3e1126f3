//! Part six: the next two weeks, with what to expect and to order where that can be said.

use chrono::TimeDelta;

use super::desk::Desk;
use crate::metrics::{Ahead, NoForecast};
use crate::report::expect::{expectation, order};
use crate::report::message::{Entry, Line, Section};
use crate::report::plain::clean;
use crate::report::words::{number, weekday};

/// Events told one by one: a week of a large network. A service without the room tells fewer.
const TOLD: usize = 30;

/// The section.
pub(super) fn section(desk: &Desk<'_>) -> Option<Section> {
    let until = desk.report.as_of + TimeDelta::days(14);
    let coming: Vec<&Ahead> = desk
        .report
        .ahead
        .iter()
        .filter(|event| event.starts_at <= until)
        .collect();
    if coming.is_empty() {
        return None;
    }
    let is_ordered = coming.iter().take(TOLD).any(|event| {
        let expected = event.expected.as_ref();
        expected.is_some_and(|expected| expected.order.is_some())
    });
    Some(Section {
        lines: is_ordered
            .then(|| Line::plain("What to order counts guests, too."))
            .into_iter()
            .collect(),
        heading: Some(format!("Next two weeks ({})", coming.len())),
        entries: coming
            .iter()
            .take(TOLD)
            .map(|event| entry(desk, event))
            .collect(),
        unlisted: coming.len().saturating_sub(TOLD),
        ..Section::default()
    })
}

fn entry(desk: &Desk<'_>, event: &Ahead) -> Entry {
    let group = desk.report.group(&event.group);
    let today = group.map_or_else(
        || desk.given.today(),
        |group| group.figures.as_of_local.date_naive(),
    );
    let page = group.map_or("", |group| group.figures.link.as_str());
    let mut line = Line::default()
        .link(
            clean(&event.group_name),
            event.url.as_deref().unwrap_or(page),
        )
        .text(format!(
            " · {} {} · {} yes",
            weekday(event.starts_local.date(), today),
            event.starts_local.format("%H:%M"),
            number(event.yes)
        ));
    if let Some(expected) = &event.expected {
        line = line.text(format!(" · {}", expectation(event)));
        if let Some(order) = order(expected) {
            line = line.text(format!(" · order {order}"));
        }
    } else if matches!(
        event.no_forecast,
        Some(NoForecast::FirstEvent | NoForecast::LongPause)
    ) {
        line = line.text(format!(" · {}", expectation(event)));
    }
    Entry { lines: vec![line] }
}
