//! Who came to each event: for the first time, again, or not at all.

use chrono::{Datelike as _, NaiveDate};

use super::axis::{Plot, count, float, many, said};
use super::canvas::{Anchor, Canvas, SMALL, width};
use super::drawing::{Chart, Table, write_note};
use super::name::Name;
use crate::community::ChartKind;

/// Months shown, the last one included.
const MONTHS: i64 = 24;
/// Months shown beyond the running one at most.
const BEYOND: i64 = 2;

/// What the chart is of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Turnout {
    /// The group.
    pub name: Name,
    /// The local date.
    pub today: NaiveDate,
    /// Its events, by start.
    pub events: Vec<Gathering>,
}

/// An event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gathering {
    /// The local date.
    pub on: NaiveDate,
    /// Its title, cleaned.
    pub title: String,
    /// Whether it is over.
    pub stage: Stage,
    /// Who said yes.
    pub yes: i64,
    /// Those of them who took part for the first time.
    pub first_timers: i64,
    /// Those who had taken part before.
    pub returners: i64,
    /// Who was marked as not come; none where attendance was not taken.
    pub no_shows: Option<i64>,
}

impl Gathering {
    /// Those of its yes who are neither: hosts and staff.
    fn others(&self) -> i64 {
        (self.yes - self.first_timers - self.returners).max(0)
    }

    fn month(&self) -> i64 {
        month(self.on)
    }
}

/// Whether an event is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// It was held.
    Held,
    /// It is on, or to come: yes so far.
    Ahead,
}

impl Turnout {
    /// The chart: a bar an event, month by month.
    pub fn chart(&self) -> Chart {
        let title = self.name.within("Turnout of ", "", 44);
        let Some(to) = self.last_month() else {
            let sentence = match self.events.first() {
                None => "It has held no event yet.".to_owned(),
                Some(next) => {
                    let on = next.on.format("%-d %B %Y");
                    format!("It has held no event yet; the next is on {on}.")
                }
            };
            return Chart::empty(ChartKind::Turnout, title, &sentence);
        };
        let from = to - MONTHS + 1;
        let shown: Vec<&Gathering> = self
            .events
            .iter()
            .filter(|it| (from..=to).contains(&it.month()))
            .collect();
        let top = |it: &Gathering| it.yes.max(0) + it.no_shows.unwrap_or(0).max(0);
        let most = shown.iter().map(|it| top(it)).max().unwrap_or(0);
        let mut canvas = Canvas::default();
        let plot = Plot::drawn(
            &mut canvas,
            20.0,
            150.0,
            most,
            "people who said yes, by event",
        );
        self.axis(&mut canvas, plot, from, to);
        for month in from..=to {
            let of_month: Vec<&&Gathering> =
                shown.iter().filter(|it| it.month() == month).collect();
            let nth = usize::try_from(month - from).unwrap_or(0);
            let (left, wide) = plot.place(nth, 24);
            let each = (wide - 3.0) / count(of_month.len().max(2));
            let begins = left + (wide - each * count(of_month.len())) / 2.0;
            for (at, event) in of_month.iter().enumerate() {
                bar(
                    &mut canvas,
                    plot,
                    begins + each * count(at),
                    each - 0.8,
                    event,
                );
            }
        }
        let mut y = plot.bottom() + 38.0;
        y += canvas.legend((plot.left, y), &keys(&shown));
        if shown
            .iter()
            .any(|it| it.stage == Stage::Held && it.no_shows.is_none())
        {
            let note = "No-shows are known only where attendance was taken.";
            y += write_note(&mut canvas, (plot.left, y + 12.0), note);
        }
        let summary = summary(&shown);
        Chart::drawn(
            ChartKind::Turnout,
            title,
            summary,
            (canvas, y),
            table(&shown),
        )
    }

    /// The last month shown: the running one, or a near one with something announced; of a group that has
    /// been silent for longer than is shown, that of its latest event.
    fn last_month(&self) -> Option<i64> {
        let this = month(self.today);
        let near = self.events.iter().map(Gathering::month);
        let latest = near.filter(|it| *it <= this + BEYOND).max()?;
        if latest <= this - MONTHS {
            return Some(latest);
        }
        Some(latest.max(this))
    }

    /// Months below: their first letters, and years where they begin.
    fn axis(&self, canvas: &mut Canvas, plot: Plot, from: i64, to: i64) {
        let this = month(self.today);
        for month in from..=to {
            let nth = usize::try_from(month - from).unwrap_or(0);
            let (left, wide) = plot.place(nth, 24);
            let letter = ["J", "F", "M", "A", "M", "J", "J", "A", "S", "O", "N", "D"]
                [usize::try_from(month.rem_euclid(12)).unwrap_or(0)];
            let middle = left + wide / 2.0;
            let class = if month == this {
                "c-ink c-head"
            } else {
                "c-dim"
            };
            canvas.small(
                (middle, plot.bottom() + 13.0),
                Anchor::Middle,
                letter,
                class,
            );
            if month == from || month.rem_euclid(12) == 0 {
                let year = month.div_euclid(12).to_string();
                let room = float(12 - month.rem_euclid(12)) * wide;
                if room >= width(&year, SMALL) {
                    canvas.small(
                        (left + 1.0, plot.bottom() + 27.0),
                        Anchor::Start,
                        year,
                        "c-dim",
                    );
                }
                if month != from {
                    let foot = plot.bottom() + 28.0;
                    canvas.line((left - 1.0, plot.bottom()), (left - 1.0, foot), "c-grid");
                }
            }
        }
    }
}

fn month(on: NaiveDate) -> i64 {
    i64::from(on.year()) * 12 + i64::from(on.month0())
}

/// One event: its parts on each other.
fn bar(canvas: &mut Canvas, plot: Plot, x: f64, wide: f64, event: &Gathering) {
    let parts: &[(i64, &str)] = match event.stage {
        Stage::Held => &[
            (event.others(), "c-own"),
            (event.returners, "c-again"),
            (event.first_timers, "c-first"),
        ],
        Stage::Ahead => &[(event.yes, "c-yes")],
    };
    let mut under = 0;
    for (people, class) in parts {
        let (low, high) = (plot.y(float(under)), plot.y(float(under + people)));
        canvas.rect((x, high), (wide, low - high), class);
        under += people;
    }
    if let Some(absent) = event.no_shows.filter(|it| *it > 0) {
        let (low, high) = (plot.y(float(under)), plot.y(float(under + absent)));
        let (wide, high_of) = ((wide - 1.4).max(0.6), (low - high - 1.4).max(0.6));
        canvas.rect((x + 0.7, high + 0.2), (wide, high_of), "c-absent");
    }
}

fn keys(shown: &[&Gathering]) -> Vec<(&'static str, Name)> {
    let held = |of: fn(&Gathering) -> i64| {
        let of_held = |it: &&&Gathering| it.stage == Stage::Held && of(it) > 0;
        shown.iter().any(|it| of_held(&it))
    };
    let all = [
        ("c-first", "for the first time", held(|it| it.first_timers)),
        ("c-again", "came before", held(|it| it.returners)),
        ("c-own", "hosts and staff", held(Gathering::others)),
        ("c-absent", "no-show", held(|it| it.no_shows.unwrap_or(0))),
        (
            "c-yes",
            "yes so far",
            shown.iter().any(|it| it.stage == Stage::Ahead),
        ),
    ];
    let used = all.into_iter().filter(|(.., is_used)| *is_used);
    used.map(|(class, label, _)| (class, Name::plain(label)))
        .collect()
}

fn summary(shown: &[&Gathering]) -> String {
    let held: Vec<&&Gathering> = shown.iter().filter(|it| it.stage == Stage::Held).collect();
    let sum = |of: fn(&Gathering) -> i64| held.iter().map(|it| of(it)).sum::<i64>();
    let taken = held.iter().filter(|it| it.no_shows.is_some()).count();
    let mut text = format!(
        "{} in the 24 months shown: {} yes, {} of them by people for the first time and {} by people who had come before.",
        many(i64::try_from(held.len()).unwrap_or(0), "event", "events"),
        said(sum(|it| it.yes)),
        said(sum(|it| it.first_timers)),
        said(sum(|it| it.returners)),
    );
    if taken > 0 {
        text.push_str(&format!(
            " Attendance was taken at {taken}, with {} marked as not come.",
            said(sum(|it| it.no_shows.unwrap_or(0)))
        ));
    }
    text
}

fn table(shown: &[&Gathering]) -> Table {
    let mut table = Table::of([
        "Date",
        "Event",
        "Said yes",
        "For the first time",
        "Came before",
        "Hosts and staff",
        "No-shows",
    ]);
    for event in shown {
        let is_held = event.stage == Stage::Held;
        let of_held = |people: i64| if is_held { said(people) } else { String::new() };
        table.row([
            event.on.to_string(),
            event.title.clone(),
            said(event.yes),
            of_held(event.first_timers),
            of_held(event.returners),
            of_held(event.others()),
            match event.no_shows {
                Some(absent) => said(absent),
                None if is_held => "not taken".to_owned(),
                None => String::new(),
            },
        ]);
    }
    table
}
