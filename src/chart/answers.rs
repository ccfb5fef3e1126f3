//! How yes comes in before the next event, beside how it came in before the past ones.

use chrono::NaiveDate;

use super::axis::{Plot, float, many, said};
use super::canvas::{Anchor, Canvas, SMALL};
use super::drawing::{Chart, Table, write_note};
use super::name::Name;
use crate::community::ChartKind;

/// Days before the start shown at most.
const FARTHEST: i64 = 60;

/// What the chart is of.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Answers {
    /// The group.
    pub name: Name,
    /// Past events, by start.
    pub past: Vec<Curve>,
    /// The next one, up to now.
    pub next: Option<Curve>,
    /// Past events that are left out, since of most of their yes it is not known when they came.
    pub left_out: i64,
}

/// How yes came in to one event.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// The local date of its start.
    pub on: NaiveDate,
    /// Days before the start, from the farthest on, and how many yes stood by then.
    pub by_day: Vec<(i64, i64)>,
    /// Of an event to come: how many days before its start it is now, and how many yes stand.
    pub now: Option<(f64, i64)>,
}

impl Curve {
    /// Yes that stand by now, or stood at the start.
    fn stands(&self) -> i64 {
        let last = self.by_day.last().map(|(_, yes)| *yes);
        self.now.map(|(_, yes)| yes).or(last).unwrap_or(0)
    }
}

impl Answers {
    /// The chart: a line an event.
    pub fn chart(&self) -> Chart {
        let title = self.name.within("How yes comes in to ", "", 38);
        let curves = || self.past.iter().chain(&self.next);
        let farthest = curves()
            .flat_map(|it| it.by_day.iter().map(|(day, _)| *day))
            .filter(|day| *day <= FARTHEST)
            .max();
        let Some(farthest) = farthest.filter(|it| *it > 0) else {
            let sentence = match self.left_out {
                0 => "There is no event whose answers could be told day by day.",
                _ => {
                    "When people said yes to its past events is not known: they were read only later."
                }
            };
            return Chart::empty(ChartKind::Answers, title, sentence);
        };
        let most = curves()
            .flat_map(|it| {
                it.by_day
                    .iter()
                    .map(|(_, yes)| *yes)
                    .chain(it.now.map(|(_, yes)| yes))
            })
            .max();
        let usual = self.usual(farthest);
        let mut canvas = Canvas::default();
        let plot = Plot::drawn(
            &mut canvas,
            20.0,
            160.0,
            most.unwrap_or(0),
            "people who had said yes",
        );
        let at = |days: f64| plot.right() - days / float(farthest) * plot.width;
        let x = |day: i64| at(float(day));
        let every = if farthest > 14 { 5 } else { 2 };
        for day in (0..=farthest).filter(|day| day % every == 0) {
            let foot = plot.bottom();
            canvas.line((x(day), foot), (x(day), foot + 4.0), "c-axis");
            let (anchor, label) = match day {
                0 => (Anchor::End, "start".to_owned()),
                day => (Anchor::Middle, day.to_string()),
            };
            canvas.small((x(day), foot + 15.0), anchor, label, "c-dim");
        }
        let middle = plot.left + plot.width / 2.0;
        canvas.small(
            (middle, plot.bottom() + 29.0),
            Anchor::Middle,
            "days before the start",
            "c-dim",
        );
        let points = |of: &[(i64, i64)]| -> Vec<(f64, f64)> {
            let here = of.iter().filter(|(day, _)| (0..=farthest).contains(day));
            here.map(|(day, yes)| (x(*day), plot.y(float(*yes))))
                .collect()
        };
        for curve in &self.past {
            canvas.curve(&points(&curve.by_day), "c-past-line");
        }
        if self.past.len() > 1 {
            let usual: Vec<(f64, f64)> = usual
                .iter()
                .map(|(day, yes)| (x(*day), plot.y(*yes)))
                .collect();
            canvas.curve(&usual, "c-usual-line");
        }
        if let Some(next) = &self.next {
            let mut points = points(&next.by_day);
            let now = next
                .now
                .filter(|(days, _)| (0.0..=float(farthest)).contains(days));
            points.extend(now.map(|(days, yes)| (at(days), plot.y(float(yes)))));
            canvas.curve(&points, "c-next-line");
            if let Some((at_x, at_y)) = points.last() {
                canvas.dot((*at_x, *at_y), 4.0, "c-next-dot");
                let (anchor, by) = if *at_x > plot.right() - 40.0 {
                    (Anchor::End, -7.0)
                } else {
                    (Anchor::Start, 7.0)
                };
                let label = Name::plain(said(next.stands()));
                canvas.name(
                    (at_x + by, at_y - 6.0),
                    anchor,
                    label,
                    SMALL,
                    "c-ink c-head",
                );
            }
        }
        let mut y = plot.bottom() + 40.0;
        y += canvas.legend((plot.left, y), &self.keys());
        if self.left_out > 0 {
            let left = many(self.left_out, "past event is", "past events are");
            let note = format!("{left} left out: when most of their yes came is not known.");
            y += write_note(&mut canvas, (plot.left, y + 12.0), &note);
        }
        let table = self.table(&usual);
        Chart::drawn(
            ChartKind::Answers,
            title,
            self.summary(),
            (canvas, y),
            table,
        )
    }

    fn keys(&self) -> Vec<(&'static str, Name)> {
        let mut keys = Vec::new();
        if let Some(next) = &self.next {
            keys.push((
                "c-next-dot",
                Name::plain(format!("next event, {}", next.on.format("%-d %b %Y"))),
            ));
        }
        if self.past.len() > 1 {
            keys.push(("c-again", Name::plain("median of the past (dashed)")));
        }
        if !self.past.is_empty() {
            let events = i64::try_from(self.past.len()).unwrap_or(0);
            keys.push((
                "c-past",
                Name::plain(many(events, "past event", "past events")),
            ));
        }
        keys
    }

    /// The median of the past, day by day.
    fn usual(&self, farthest: i64) -> Vec<(i64, f64)> {
        let on_day = |day: i64| {
            let mut yes: Vec<i64> = self
                .past
                .iter()
                .filter_map(|it| it.by_day.iter().find(|(at, _)| *at == day))
                .map(|(_, yes)| *yes)
                .collect();
            yes.sort_unstable();
            let n = yes.len();
            (n > 0).then(|| (day, float(yes[(n - 1) / 2] + yes[n / 2]) / 2.0))
        };
        (0..=farthest).rev().filter_map(on_day).collect()
    }

    fn summary(&self) -> String {
        let past = i64::try_from(self.past.len()).unwrap_or(0);
        let past = many(past, "past event", "past events");
        match &self.next {
            None => format!("Nothing is announced; {past} are drawn."),
            Some(next) => {
                let mut text = format!(
                    "{} for the event of {}.",
                    many(next.stands(), "person has said yes", "people have said yes"),
                    next.on.format("%-d %B %Y"),
                );
                let day = next.by_day.last();
                let usual = day.and_then(|(day, _)| self.usual(*day).into_iter().next());
                if let (Some((day, yes)), Some((on, usual))) = (day, usual)
                    && *day == on
                {
                    text.push_str(&format!(
                        " {} before its start it was {}, where the median of {past} was {}.",
                        many(on, "day", "days"),
                        said(*yes),
                        number(usual)
                    ));
                }
                text
            }
        }
    }

    fn table(&self, usual: &[(i64, f64)]) -> Table {
        let mut table = Table::default();
        table.head.push("Days before the start".to_owned());
        table
            .head
            .extend(self.next.iter().map(|it| format!("Next ({})", it.on)));
        table.head.push("Median of the past".to_owned());
        table
            .head
            .extend(self.past.iter().map(|it| it.on.to_string()));
        let curves: Vec<&Curve> = self.next.iter().chain(&self.past).collect();
        let mut days: Vec<i64> = curves
            .iter()
            .flat_map(|it| it.by_day.iter().map(|(day, _)| *day))
            .collect();
        days.sort_unstable_by(|a, b| b.cmp(a));
        days.dedup();
        let on = |curve: &Curve, day: i64| {
            let found = curve.by_day.iter().find(|(at, _)| *at == day);
            found.map_or_else(String::new, |(_, yes)| said(*yes))
        };
        days.retain(|day| *day <= FARTHEST);
        for day in days {
            let mut row = vec![day.to_string()];
            row.extend(self.next.iter().map(|it| on(it, day)));
            let median = usual.iter().find(|(at, _)| *at == day);
            row.push(median.map_or_else(String::new, |(_, yes)| number(*yes)));
            row.extend(self.past.iter().map(|it| on(it, day)));
            table.rows.push(row);
        }
        if let Some((days, yes)) = self.next.as_ref().and_then(|it| it.now) {
            let mut row = vec![format!("{days:.1} (now)"), said(yes), String::new()];
            row.extend(self.past.iter().map(|_| String::new()));
            table.rows.push(row);
        }
        table
    }
}

/// A median, which may lie between two.
fn number(value: f64) -> String {
    format!("{value}")
}
