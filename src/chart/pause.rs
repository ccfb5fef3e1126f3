//! The present pause beside the group's own past ones, and beside others like it.

use chrono::NaiveDate;

use super::axis::{count, float, many, said};
use super::canvas::{Anchor, Canvas, SMALL, WIDTH, width};
use super::drawing::{Chart, Table};
use super::name::Name;
use crate::community::ChartKind;

/// Days after which a pause is long.
const LONG: i64 = 180;
/// Columns of dots at most.
const COLUMNS: i64 = 40;
/// Days shown at most, unless the present pause is longer.
const FARTHEST: i64 = 390;

/// Days in which nothing more is told apart.
const CENTURY: i64 = 36_525;

/// The bar's top and foot; the line of the marks' names; that of the heading of the dots; their top.
const BAR: (f64, f64) = (18.0, 34.0);
const MARKS: f64 = 51.0;
const HEADING: f64 = 72.0;
const DOTS: f64 = 82.0;

/// What the chart is of.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Pauses {
    /// The group.
    pub name: Name,
    /// Since its latest event; none where it never met.
    pub present: Option<Present>,
    /// Its past pauses, oldest first: the local date each began on, and its days.
    pub own: Vec<(NaiveDate, i64)>,
    /// What became of pauses like this one.
    pub alike: Option<Alike>,
}

/// The time since the latest event.
#[derive(Debug, Clone, PartialEq)]
pub struct Present {
    /// Whole days.
    pub days: i64,
    /// What is usual, in days.
    pub usual_days: Option<f64>,
    /// Whether something is running or announced: then it is no pause.
    pub is_announced: bool,
    /// The date of the next event.
    pub next_on: Option<NaiveDate>,
    /// Days from which on a call is worth it; none where something is announced.
    pub call_after_days: Option<i64>,
    /// Whether a call is worth it now.
    pub is_call: bool,
}

/// What became of pauses like the present one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    /// In words.
    pub sentence: String,
    /// The day of a pause at which they are alike.
    pub edge: i64,
    /// How many there were; of other networks, ten.
    pub cases: i64,
    /// Those that went past 180 days.
    pub long: i64,
    /// Whether they were in this network.
    pub is_here: bool,
}

impl Alike {
    fn heading(&self) -> String {
        match self.is_here {
            true => format!(
                "Pauses like this one here, from day {} on: {}",
                said(self.edge),
                said(self.cases)
            ),
            false => format!(
                "Pauses like this one in other networks, from day {} on",
                said(self.edge)
            ),
        }
    }

    /// How many went past half a year.
    fn went_past(&self) -> String {
        match (self.is_here, self.long) {
            (true, long) => format!("{} of {}", said(long), said(self.cases)),
            (false, 0) => format!("fewer than 1 in {}", self.cases),
            (false, long) if long >= self.cases => "nearly all".to_owned(),
            (false, long) => format!("about {long} in {}", self.cases),
        }
    }
}

impl Pauses {
    /// The chart: three rows over one scale of days.
    pub fn chart(&self) -> Chart {
        let title = self.name.within("Pauses of ", "", 44);
        let Some(present) = &self.present else {
            return Chart::empty(
                ChartKind::Pause,
                title,
                "It has not met yet, so there is no pause to tell of.",
            );
        };
        let farthest = self.farthest(present);
        let (left, right) = (8.0, WIDTH - 10.0);
        let x = |days: f64| left + (days / float(farthest)).clamp(0.0, 1.0) * (right - left);
        let mut canvas = Canvas::default();
        let heading = now(present, "%-d %b %Y");
        canvas.name(
            (0.0, 10.0),
            Anchor::Start,
            Name::plain(heading),
            SMALL,
            "c-ink c-head",
        );
        let class = if present.is_call { "c-late" } else { "c-again" };
        let end = x(float(present.days));
        canvas.rect((left, BAR.0), ((end - left).max(2.0), BAR.1 - BAR.0), class);
        let foot = self.dots(&mut canvas, farthest, &x);
        self.axis(&mut canvas, foot, farthest, &x);
        marks(&mut canvas, present, foot, farthest, &x);
        let mut y = foot + 36.0;
        if let Some(alike) = &self.alike {
            y += self.alike(&mut canvas, alike, y + 14.0, farthest, &x) + 14.0;
        }
        let summary = self.summary(present);
        Chart::drawn(
            ChartKind::Pause,
            title,
            summary,
            (canvas, y),
            self.table(present),
        )
    }

    fn farthest(&self, present: &Present) -> i64 {
        let own = self.own.iter().map(|(_, days)| *days).max().unwrap_or(0);
        let most = own
            .clamp(LONG + 30, FARTHEST)
            .max(present.days.clamp(0, CENTURY) + 15);
        (most + 29).div_euclid(30) * 30
    }

    /// The group's own pauses, each a dot, heaped where they are as long; where their axis is.
    fn dots(&self, canvas: &mut Canvas, farthest: i64, x: &dyn Fn(f64) -> f64) -> f64 {
        let bin = (farthest + COLUMNS - 1).div_euclid(COLUMNS).max(1);
        let mut heaps: Vec<usize> = vec![0; usize::try_from(farthest / bin).unwrap_or(0) + 1];
        for (_, days) in &self.own {
            let at = usize::try_from(days.clamp(&0, &farthest) / bin).unwrap_or(0);
            if let Some(heap) = heaps.get_mut(at) {
                *heap += 1;
            }
        }
        let tallest = heaps.iter().copied().max().unwrap_or(0);
        // Where many are as long, a dot stands for several.
        let each = tallest.div_ceil(12).max(1);
        let rows = tallest.div_ceil(each).max(1);
        let heading = match (self.own.len(), each) {
            (0, _) => "Its own pauses before: none yet".to_owned(),
            (n, 1) => format!("Its own pauses before: {n}, a dot each"),
            (n, each) => format!("Its own pauses before: {n}, up to {each} a dot"),
        };
        canvas.small((0.0, HEADING), Anchor::Start, heading, "c-dim");
        let foot = DOTS + count(rows) * 9.5;
        for (at, heap) in heaps.iter().enumerate() {
            let middle = (float(bin) * (count(at) + 0.5)).min(float(farthest));
            for nth in 0..heap.div_ceil(each) {
                canvas.dot((x(middle), foot - 5.0 - count(nth) * 9.5), 4.0, "c-own");
            }
        }
        foot
    }

    fn axis(&self, canvas: &mut Canvas, foot: f64, farthest: i64, x: &dyn Fn(f64) -> f64) {
        canvas.line((x(0.0), foot), (x(float(farthest)), foot), "c-axis");
        let every = [30, 60, 90, 180, 365]
            .into_iter()
            .find(|it| farthest / it <= 9);
        let every = every.unwrap_or(farthest / 6).max(1);
        let is_cut = self.own.iter().any(|(_, days)| *days > farthest);
        for days in (0..=farthest).step_by(usize::try_from(every).unwrap_or(1)) {
            canvas.line(
                (x(float(days)), foot),
                (x(float(days)), foot + 4.0),
                "c-axis",
            );
            let more = if is_cut && days + every > farthest {
                "+"
            } else {
                ""
            };
            let label = format!("{}{more}", said(days));
            canvas.small(
                (x(float(days)), foot + 15.0),
                Anchor::Middle,
                label,
                "c-dim",
            );
        }
        let middle = x(float(farthest) / 2.0);
        canvas.small((middle, foot + 29.0), Anchor::Middle, "days", "c-dim");
    }

    /// The others like it, on the same scale: as high as there were of them, up to half a year, and from there as high
    /// as went past it. How high it is.
    fn alike(
        &self,
        canvas: &mut Canvas,
        alike: &Alike,
        top: f64,
        farthest: i64,
        x: &dyn Fn(f64) -> f64,
    ) -> f64 {
        canvas.small((0.0, top), Anchor::Start, alike.heading(), "c-dim");
        let (begin, half, end) = (x(float(alike.edge)), x(float(LONG)), x(float(farthest)));
        let (y, height) = (top + 7.0, 16.0);
        canvas.rect((begin, y), (half - begin, height), "c-past");
        let share = float(alike.long) / float(alike.cases.max(1));
        let late = height * share.clamp(0.0, 1.0);
        canvas.rect((half, y + height - late), (end - half, late), "c-late");
        canvas.line((half, y - 3.0), (half, y + height + 3.0), "c-mark");
        let told = format!("{} went past half a year", alike.went_past());
        canvas.small((end, y + height + 13.0), Anchor::End, told, "c-ink");
        7.0 + height + 17.0
    }

    fn summary(&self, present: &Present) -> String {
        let mut text = format!("{}.", now(present, "%-d %B %Y"));
        if let Some(usual) = present.usual_days {
            text.push_str(&format!(" Usually it meets every {} days.", whole(usual)));
        }
        if let Some(longest) = self.own.iter().map(|(_, days)| *days).max() {
            text.push_str(&format!(
                " Its longest pause before lasted {} days.",
                said(longest)
            ));
        }
        if let Some(alike) = &self.alike {
            text.push(' ');
            text.push_str(&alike.sentence);
        }
        text
    }

    fn table(&self, present: &Present) -> Table {
        let mut table = Table::of(["Pause", "Days"]);
        let now = if present.is_announced {
            "since the latest event"
        } else {
            "this pause"
        };
        table.row([now.to_owned(), said(present.days)]);
        if let Some(usual) = present.usual_days {
            table.row(["usual (median of the last twelve)".to_owned(), whole(usual)]);
        }
        if let Some(call) = present.call_after_days {
            table.row(["a call is due from".to_owned(), said(call)]);
        }
        if let Some(alike) = &self.alike {
            let whose = if alike.is_here {
                "here"
            } else {
                "in other networks"
            };
            table.row([
                format!(
                    "pauses like this one {whose} (day {}) that went past half a year",
                    said(alike.edge)
                ),
                alike.went_past(),
            ]);
        }
        for (began_on, days) in self.own.iter().rev() {
            table.row([format!("began on {began_on}"), said(*days)]);
        }
        table
    }
}

/// Days as they are told everywhere: whole, a half rounded up.
fn whole(days: f64) -> String {
    format!("{:.0}", (days + 0.5).floor())
}

/// "151 days without an event, and none announced".
fn now(present: &Present, date: &str) -> String {
    let days = many(present.days, "day", "days");
    match (present.is_announced, present.next_on) {
        (true, Some(on)) => format!(
            "{days} since the latest event; the next is on {}",
            on.format(date)
        ),
        (true, None) => format!("{days} since the latest event; another is on"),
        (false, _) => format!("{days} without an event, and none announced"),
    }
}

/// Lines beside the bar and the dots: what is usual, when a call is due, when a pause is long.
fn marks(canvas: &mut Canvas, present: &Present, foot: f64, farthest: i64, x: &dyn Fn(f64) -> f64) {
    let mut marks: Vec<(f64, String)> = Vec::new();
    if let Some(usual) = present.usual_days {
        marks.push((usual, format!("usual {}", whole(usual))));
    }
    if let Some(call) = present.call_after_days.filter(|it| *it < LONG) {
        marks.push((float(call), format!("call from {call}")));
    }
    marks.push((float(LONG), "half a year".to_owned()));
    marks.retain(|(days, _)| days.is_finite() && *days <= float(farthest));
    marks.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut ends = f64::MIN;
    for (days, label) in marks {
        let at = x(days);
        canvas.line((at, BAR.0 - 4.0), (at, BAR.1 + 5.0), "c-mark");
        canvas.line((at, HEADING + 5.0), (at, foot), "c-mark");
        let half = width(&label, SMALL) / 2.0;
        let middle = at.max(half).max(ends + half + 8.0).min(WIDTH - half);
        canvas.small((middle, MARKS), Anchor::Middle, label, "c-ink");
        ends = middle + half;
    }
}
