//! How many of those who came for the first time came back.

use super::axis::{Plot, count, float, said};
use super::canvas::{Anchor, Canvas};
use super::drawing::{Chart, Table, write_note};
use super::name::Name;
use super::spans::{Part, named, parts};
use crate::community::ChartKind;

/// Below so many people a share is told by its counts alone.
const FEW: i64 = 5;
const CLASSES: [&str; 3] = ["c-soon", "c-later", "c-latest"];
const WITHIN: [&str; 3] = ["within 90 days", "within 180 days", "within 365 days"];

/// What the chart is of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Retention {
    /// The group.
    pub name: Name,
    /// By the quarter of the first time, oldest first.
    pub cohorts: Vec<Cohort>,
}

/// Those who came for the first time in one quarter of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cohort {
    /// year x 4 + quarter - 1.
    pub quarter: i64,
    /// How many they were.
    pub people: i64,
    /// Within 90, 180 and 365 days: who came back, of those for whom so many days have passed.
    pub back: [(i64, i64); 3],
}

impl Retention {
    /// The chart: three bars a quarter or year.
    pub fn chart(&self) -> Chart {
        let title = self.name.within("Who came back to ", "", 40);
        let had = |it: &&Cohort| it.back.iter().any(|(_, of)| *of > 0);
        let quarters = self.cohorts.iter().filter(had).map(|it| it.quarter);
        let (Some(first), Some(last)) = (quarters.clone().min(), quarters.max()) else {
            return Chart::empty(
                ChartKind::Retention,
                title,
                "Nobody's first time is 90 days ago yet, so nobody can be told to have come back by then.",
            );
        };
        let parts = parts(first, last);
        let mut canvas = Canvas::default();
        let by = named(&parts);
        let unit = format!("% of first-timers who took part again, by {by} of their first time");
        let plot = Plot::drawn(&mut canvas, 20.0, 140.0, 100, &unit);
        let mut is_few = false;
        for (nth, part) in parts.iter().enumerate() {
            let (left, room) = plot.place(nth, parts.len());
            let (people, back) = self.of(part);
            let wide = (room * 0.26).min(18.0);
            let begins = left + (room - 3.0 * wide) / 2.0;
            for (at, (came, of)) in back.into_iter().enumerate() {
                let x = begins + wide * count(at);
                if of >= FEW {
                    let high = plot.y(float(came) * 100.0 / float(of));
                    let high = high.min(plot.bottom() - 1.0);
                    canvas.rect((x, high), (wide - 1.0, plot.bottom() - high), CLASSES[at]);
                } else if of > 0 {
                    is_few = true;
                    let high = plot
                        .y(float(came) * 100.0 / float(of))
                        .min(plot.bottom() - 5.0);
                    canvas.rect((x, high), (wide - 1.5, plot.bottom() - high), "c-few");
                }
            }
            let middle = left + room / 2.0;
            let foot = plot.bottom();
            canvas.small(
                (middle, foot + 14.0),
                Anchor::Middle,
                part.short.clone(),
                "c-dim",
            );
            canvas.small((middle, foot + 27.0), Anchor::Middle, said(people), "c-dim");
        }
        canvas.small(
            (plot.left - 6.0, plot.bottom() + 27.0),
            Anchor::End,
            "n",
            "c-dim",
        );
        let mut keys: Vec<(&'static str, Name)> = CLASSES
            .into_iter()
            .zip(WITHIN)
            .map(|(class, label)| (class, Name::plain(label)))
            .collect();
        if is_few {
            keys.push(("c-few", Name::plain("of under 5 people")));
        }
        let mut y = plot.bottom() + 40.0;
        y += canvas.legend((plot.left, y), &keys);
        let note = "n: people whose first time was then. Of each bar only those for whom the days have passed.";
        y += write_note(&mut canvas, (plot.left, y + 12.0), note);
        let table = self.table(&parts);
        Chart::drawn(
            ChartKind::Retention,
            title,
            self.summary(),
            (canvas, y),
            table,
        )
    }

    /// A part's people and who came back.
    fn of(&self, part: &Part) -> (i64, [(i64, i64); 3]) {
        let mut sums = (0, [(0, 0); 3]);
        for cohort in self.cohorts.iter().filter(|it| part.has(it.quarter)) {
            sums.0 += cohort.people;
            for (sum, (came, of)) in sums.1.iter_mut().zip(cohort.back) {
                *sum = (sum.0 + came, sum.1 + of);
            }
        }
        sums
    }

    fn summary(&self) -> String {
        let mut all = [(0, 0); 3];
        for cohort in &self.cohorts {
            for (sum, (came, of)) in all.iter_mut().zip(cohort.back) {
                *sum = (sum.0 + came, sum.1 + of);
            }
        }
        let told: Vec<String> = all
            .into_iter()
            .zip(WITHIN)
            .filter(|((_, of), _)| *of > 0)
            .map(|((came, of), within)| format!("{} of {} {within}", said(came), said(of)))
            .collect();
        format!("Came back after their first time: {}.", told.join(", "))
    }

    fn table(&self, parts: &[Part]) -> Table {
        let mut table = Table::of([
            "First time in",
            "People",
            "Back within 90 days",
            "Back within 180 days",
            "Back within 365 days",
        ]);
        for part in parts {
            let (people, back) = self.of(part);
            let [soon, later, latest] = back.map(|(came, of)| match of {
                0 => "too early to tell".to_owned(),
                _ => format!("{} of {}", said(came), said(of)),
            });
            table.row([part.long.clone(), said(people), soon, later, latest]);
        }
        table
    }
}
