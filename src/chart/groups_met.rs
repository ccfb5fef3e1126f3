//! How many groups of a network met, month by month: its month strip, in words, in cells of text and as bars.

use serde::{Deserialize, Serialize};

use super::axis::{Plot, float, said};
use super::canvas::{Anchor, Canvas, SMALL, width};
use super::drawing::{Chart, Table};
use super::name::Name;
use super::strip::{Calendar, Cell, Level, cells};

/// Where the plot begins, and how high it is.
const TOP: f64 = 28.0;
const HEIGHT: f64 = 130.0;

/// What it is of. It can be kept, and is drawn the same from what was kept.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct GroupsMet {
    /// The network, or the part of it.
    pub name: Name,
    /// How many groups met in which months.
    pub calendar: Calendar,
}

impl GroupsMet {
    /// Months told, the running one included.
    pub const MONTHS: i64 = 24;

    /// Its months, from the first that there is something to tell of.
    pub fn cells(&self) -> Vec<Cell> {
        let this = self.calendar.this;
        let cells = cells(&self.calendar, this.saturating_sub(Self::MONTHS - 1), this);
        let is_before = |it: &Cell| it.level == Level::Outside;
        cells.into_iter().skip_while(is_before).collect()
    }

    /// Whether no group met in any of them.
    pub fn is_empty(&self) -> bool {
        self.cells().iter().all(|it| met(*it) == 0)
    }

    /// In cells of text, one a month: as high as its share of the most.
    pub fn strip(&self) -> String {
        let cells = self.cells();
        let most = most(&cells).map_or(0, met);
        cells.iter().map(|it| it.bar(most)).collect()
    }

    /// "Groups that met, month by month since December 2024".
    pub fn heading(&self) -> String {
        let since = self.cells().first().map(|it| it.name());
        format!(
            "Groups that met, month by month since {}",
            since.unwrap_or_default()
        )
    }

    /// "31 in October 2026, 12 in November 2026 so far; the most 46, in September 2025".
    pub fn in_words(&self) -> String {
        let cells = self.cells();
        let latest = cells.iter().rev().take(2).rev();
        let latest: Vec<String> = latest.map(|it| counted(*it, " in ")).collect();
        let most = most(&cells).filter(|it| met(*it) > 1);
        let most = most.map_or_else(String::new, |it| {
            format!("; the most {}, in {}", said(met(it)), it.name())
        });
        format!("{}{most}", latest.join(", "))
    }

    /// Every number, for those who do not see the picture.
    pub fn alt(&self) -> String {
        let cells = self.cells();
        let all: Vec<String> = cells
            .iter()
            .map(|it| match it.is_running {
                true => format!("{} {} so far", it.name(), said(met(*it))),
                false => format!("{} {}", it.name(), said(met(*it))),
            })
            .collect();
        format!("Groups that met, month by month: {}.", all.join(", "))
    }

    /// What an axis calls each month, and how many groups met in it.
    pub fn bars(&self) -> Vec<(String, i64)> {
        let cells = self.cells();
        let short = |it: &Cell| {
            let (name, year) = (it.name(), it.month.div_euclid(12).rem_euclid(100));
            let short: String = name.chars().take(3).collect();
            match it.is_running {
                true => format!("{short} {year:02} so far"),
                false => format!("{short} {year:02}"),
            }
        };
        cells.iter().map(|it| (short(it), met(*it))).collect()
    }

    /// "Groups that met, month by month · ACME".
    pub fn title(&self) -> Name {
        self.name
            .within("Groups that met, month by month · ", "", 30)
    }

    /// The chart: a bar a month, the running one lighter.
    pub fn chart(&self) -> Chart {
        let cells = self.cells();
        let most = most(&cells).map_or(0, met);
        let mut canvas = Canvas::default();
        let plot = Plot::drawn(&mut canvas, TOP, HEIGHT, most, "groups");
        let mut table = Table::of(["Month", "Groups that met"]);
        for (nth, cell) in cells.iter().enumerate() {
            let (x, wide) = plot.place(nth, cells.len());
            let (groups, top) = (met(*cell), plot.y(float(met(*cell))));
            let class = if cell.is_running { "c-met" } else { "c-often" };
            canvas.rect((x + 1.5, top), (wide - 3.0, plot.bottom() - top), class);
            let middle = x + wide / 2.0;
            let number = said(groups);
            // Where numbers would touch each other, the axis alone tells them.
            if groups > 0 && width(&number, SMALL) < wide {
                canvas.small((middle, top - 3.0), Anchor::Middle, number, "c-ink");
            }
            let foot = plot.bottom() + 13.0;
            canvas.small((middle, foot), Anchor::Middle, cell.letter(), "c-dim");
            if nth == 0 || cell.month.rem_euclid(12) == 0 {
                let year = cell.month.div_euclid(12).to_string();
                // The year that begins right after the first month stands alone.
                if nth > 0
                    || !cells
                        .iter()
                        .take(3)
                        .skip(1)
                        .any(|it| it.month.rem_euclid(12) == 0)
                {
                    canvas.small((x + 1.5, foot + 14.0), Anchor::Start, year, "c-dim");
                }
            }
            table.row([
                match cell.is_running {
                    true => format!("{}, so far", cell.name()),
                    false => cell.name(),
                },
                said(groups),
            ]);
        }
        let mut foot = plot.bottom() + 34.0;
        if let Some(running) = cells.iter().find(|it| it.is_running) {
            let key = Name::plain(format!("{}, so far", running.name()));
            foot += canvas.legend((plot.left, foot), &[("c-met", key)]);
        }
        Chart::named(
            "groups-met",
            self.title(),
            self.alt(),
            (canvas, foot),
            table,
        )
    }
}

/// Groups that met in a month; those that only announced a date are none.
fn met(cell: Cell) -> i64 {
    match cell.level {
        Level::Met | Level::Often => cell.events,
        Level::Outside | Level::Off | Level::Silent | Level::Ahead => 0,
    }
}

/// The month in which the most met, the latest of several.
fn most(cells: &[Cell]) -> Option<Cell> {
    cells.iter().copied().max_by_key(|it| met(*it))
}

fn counted(cell: Cell, between: &str) -> String {
    let so_far = if cell.is_running { " so far" } else { "" };
    format!("{}{between}{}{so_far}", said(met(cell)), cell.name())
}
