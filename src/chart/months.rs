//! In which months a group met, year by year.

use super::axis::{count, many};
use super::canvas::{Anchor, Canvas, SMALL, WIDTH};
use super::drawing::{Chart, Table};
use super::name::Name;
use super::strip::{Calendar, Cell, Level, cells, in_words};
use crate::community::ChartKind;

const LEFT: f64 = 40.0;
const ROW: f64 = 22.0;
/// Years shown at most: the latest.
const YEARS: i64 = 24;

/// What the chart is of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Months {
    /// The group.
    pub name: Name,
    /// In which months it met.
    pub calendar: Calendar,
}

impl Months {
    /// The chart: a row a year, a cell a month.
    pub fn chart(&self) -> Chart {
        let title = self.name.within("Months in which ", " met", 38);
        let calendar = &self.calendar;
        let ahead = calendar.announced.iter().map(|(month, _)| *month);
        let last = ahead.chain([calendar.this]).max().unwrap_or(calendar.this);
        let last_year = last.div_euclid(12).min(calendar.this.div_euclid(12) + 1);
        let first = self.earliest().unwrap_or(calendar.this).div_euclid(12);
        let first_year = first.max(last_year - YEARS + 1).min(last_year);
        let all = cells(calendar, first_year * 12, last_year * 12 + 11);
        if all.iter().all(|it| it.level == Level::Outside) {
            return Chart::empty(
                ChartKind::Months,
                title,
                "It has not met yet, and no date of its founding is known.",
            );
        }
        let mut canvas = Canvas::default();
        let wide = (WIDTH - LEFT) / 12.0;
        for cell in all.iter().take(12) {
            let x = LEFT + wide * month(*cell) + wide / 2.0;
            canvas.small((x, 10.0), Anchor::Middle, cell.letter(), "c-dim");
        }
        let mut table = Table::of(["Month", "Events", "What it was"]);
        let mut top = 18.0;
        for year in all.chunks(12) {
            let label = year[0].month.div_euclid(12).to_string();
            canvas.small((0.0, top + 13.5), Anchor::Start, label, "c-dim");
            for cell in year {
                draw(&mut canvas, *cell, (LEFT + wide * month(*cell), top), wide);
                if cell.level != Level::Outside {
                    table.row([
                        cell.name(),
                        cell.events.to_string(),
                        cell.level.label().to_owned(),
                    ]);
                }
            }
            top += ROW;
        }
        let shown: Vec<(&'static str, Name)> = Level::ALL
            .into_iter()
            .filter(|level| all.iter().any(|it| it.level == *level))
            .filter_map(|level| Some((level.class()?, Name::plain(level.label()))))
            .chain([("c-round", Name::plain("this month"))])
            .collect();
        top += 8.0 + canvas.legend((LEFT, top + 8.0), &shown);
        let told: Vec<Cell> = all
            .into_iter()
            .filter(|it| it.month <= calendar.this)
            .collect();
        let events = calendar.held.iter().map(|(_, events)| *events).sum();
        let summary = format!(
            "{}, {} in all.",
            capital(&in_words(&told)),
            many(events, "event", "events")
        );
        Chart::drawn(ChartKind::Months, title, summary, (canvas, top), table)
    }

    fn earliest(&self) -> Option<i64> {
        let held = self.calendar.held.iter().map(|(month, _)| *month);
        let ahead = self.calendar.announced.iter().map(|(month, _)| *month);
        held.chain(ahead).chain(self.calendar.first).min()
    }
}

/// Its place in the year.
fn month(cell: Cell) -> f64 {
    count(usize::try_from(cell.month.rem_euclid(12)).unwrap_or(0))
}

fn draw(canvas: &mut Canvas, cell: Cell, (x, y): (f64, f64), wide: f64) {
    let size = (wide - 4.0, ROW - 4.0);
    if let Some(class) = cell.level.class() {
        canvas.tile((x + 2.0, y), size, class);
    }
    if cell.is_running {
        canvas.tile((x + 0.5, y - 1.5), (size.0 + 3.0, size.1 + 3.0), "c-round");
    }
    let class = match cell.level {
        Level::Met => "c-on-met",
        Level::Often => "c-on-often",
        Level::Ahead => "c-ink",
        Level::Outside | Level::Off | Level::Silent => return,
    };
    let at = (x + wide / 2.0, y + ROW / 2.0 + 1.5);
    canvas.name(
        at,
        Anchor::Middle,
        Name::plain(cell.events.to_string()),
        SMALL,
        class,
    );
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|it| it.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}
