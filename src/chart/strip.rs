//! The month strip: what each month of a group was, decided here for every place that draws it.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::drawing::escaped;
use super::style::{Theme, attributes};

/// In which months a group met, or how many groups of a network did. A month is year x 12 + month - 1.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Calendar {
    /// The running one.
    pub this: i64,
    /// That of the founding; none where it neither is known nor the group has met.
    pub first: Option<i64>,
    /// Months with events held, and how many; of a network, months in which groups met, and how many did.
    pub held: Vec<(i64, i64)>,
    /// Months in which something is running or announced, and how much.
    pub announced: Vec<(i64, i64)>,
    /// Calendar months (1 to 12) that the group skips by custom.
    pub off: Vec<u32>,
}

/// What a month was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// Before the founding, or yet to come with nothing announced.
    Outside,
    /// Nothing was held, and by custom nothing is.
    Off,
    /// Nothing was held.
    Silent,
    /// One event was held.
    Met,
    /// More than one was held.
    Often,
    /// Nothing was held so far, and something is announced or on.
    Ahead,
}

impl Level {
    /// Every one, as a legend tells them.
    pub const ALL: [Self; 6] = [
        Self::Met,
        Self::Often,
        Self::Ahead,
        Self::Silent,
        Self::Off,
        Self::Outside,
    ];

    /// What it is called.
    pub fn label(self) -> &'static str {
        match self {
            Self::Outside => "before it began",
            Self::Off => "usually off",
            Self::Silent => "no event",
            Self::Met => "one event",
            Self::Often => "two or more",
            Self::Ahead => "announced",
        }
    }

    /// The class of its cell in a picture; none: it has no cell.
    pub(super) fn class(self) -> Option<&'static str> {
        match self {
            Self::Outside => None,
            Self::Off => Some("c-off"),
            Self::Silent => Some("c-silent"),
            Self::Met => Some("c-met"),
            Self::Often => Some("c-often"),
            Self::Ahead => Some("c-ahead"),
        }
    }
}

/// A month of a strip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// Which, as year x 12 + month - 1.
    pub month: i64,
    /// Events held in it, of a network groups that met; where there are none, those announced.
    pub events: i64,
    /// What it was.
    pub level: Level,
    /// Whether it is the running one.
    pub is_running: bool,
}

impl Cell {
    /// The first letter of its name.
    pub fn letter(self) -> char {
        ['J', 'F', 'M', 'A', 'M', 'J', 'J', 'A', 'S', 'O', 'N', 'D'][usize::from(self.month0())]
    }

    /// One column of text for it: how many events were held, else a sign.
    pub fn mark(self) -> char {
        match (self.level, u32::try_from(self.events)) {
            (Level::Outside, _) => ' ',
            (Level::Off, _) => '-',
            (Level::Silent, _) => '·',
            (Level::Ahead, _) => '○',
            (Level::Met | Level::Often, Ok(n)) => char::from_digit(n, 10).unwrap_or('+'),
            (Level::Met | Level::Often, Err(_)) => '+',
        }
    }

    /// One column of text as high as its share of the greatest; a sign where nothing was held.
    pub(super) fn bar(self, most: i64) -> char {
        const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
        if !matches!(self.level, Level::Met | Level::Often) {
            return self.mark();
        }
        let eighths = self.events.saturating_mul(8).saturating_add(most - 1) / most.max(1);
        let at = usize::try_from(eighths.clamp(1, 8) - 1).unwrap_or(0);
        BARS[at]
    }

    /// "January 2026".
    pub fn name(self) -> String {
        const NAMES: [&str; 12] = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        let year = self.month.div_euclid(12);
        format!("{} {year}", NAMES[usize::from(self.month0())])
    }

    fn month0(self) -> u8 {
        u8::try_from(self.month.rem_euclid(12)).unwrap_or(0)
    }
}

/// The months from one to another, both included.
pub fn cells(calendar: &Calendar, from: i64, to: i64) -> Vec<Cell> {
    let of = |list: &[(i64, i64)], month: i64| {
        let at = list.iter().filter(|(it, _)| *it == month);
        at.map(|(_, events)| *events).sum::<i64>()
    };
    (from..=to)
        .map(|month| {
            let held = of(&calendar.held, month);
            let announced = of(&calendar.announced, month);
            let is_off = || {
                let number = month.rem_euclid(12) + 1;
                calendar.off.iter().any(|off| i64::from(*off) == number)
            };
            let level = match held {
                2.. => Level::Often,
                1 => Level::Met,
                _ if announced > 0 => Level::Ahead,
                _ if month > calendar.this => Level::Outside,
                _ if calendar.first.is_none_or(|first| month < first) => Level::Outside,
                _ if is_off() => Level::Off,
                _ => Level::Silent,
            };
            Cell {
                month,
                events: if held > 0 { held } else { announced },
                level,
                is_running: month == calendar.this,
            }
        })
        .collect()
}

/// A strip as a small picture for a line of text, classes only; the running month is underlined.
pub fn strip(cells: &[Cell]) -> String {
    let (wide, high) = (width(cells), HEIGHT);
    let label = escaped(&in_words(cells));
    let drawn = paths(cells, &|class| format!(r#"class="{class}""#));
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" class="c-strip" role="img" aria-label="{label}">{drawn}</svg>"#
    )
}

/// The same to stand within another picture, where no style sheet is: fourteen high, eight wide a month.
pub fn strip_within(cells: &[Cell], theme: Theme) -> String {
    paths(cells, &|class| attributes(theme, class))
}

/// How high a strip is.
pub const HEIGHT: usize = 14;

/// How wide a strip is.
pub fn width(cells: &[Cell]) -> usize {
    cells.len() * 8
}

/// Its cells, in the look that a class has.
fn paths(cells: &[Cell], look: &dyn Fn(&str) -> String) -> String {
    let mut drawn = String::new();
    for level in Level::ALL {
        let mut path = String::new();
        for (at, _) in cells.iter().enumerate().filter(|(_, it)| it.level == level) {
            // Writing to a string cannot fail.
            let _ = write!(path, "M{} 1h7v9h-7z", at * 8);
        }
        if let (false, Some(class)) = (path.is_empty(), level.class()) {
            let _ = write!(drawn, r#"<path {} d="{path}"/>"#, look(class));
        }
    }
    if let Some(at) = cells.iter().position(|it| it.is_running) {
        let _ = write!(
            drawn,
            r#"<path {} d="M{} 11.5h7v1.5h-7z"/>"#,
            look("c-running"),
            at * 8
        );
    }
    drawn
}

/// "met in 9 of 24 months up to November 2026".
pub fn in_words(cells: &[Cell]) -> String {
    let held = |it: &&Cell| matches!(it.level, Level::Met | Level::Often);
    let met = cells.iter().filter(held).count();
    let lived = cells.iter().filter(|it| it.level != Level::Outside).count();
    let until = cells
        .iter()
        .find(|it| it.is_running)
        .or(cells.last())
        .map_or_else(String::new, |it| format!(" up to {}", it.name()));
    format!("met in {met} of {lived} months{until}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const JAN: i64 = 2026 * 12;

    #[test]
    fn a_month_is_what_it_was_and_one_without_events_is_told_apart() {
        let calendar = Calendar {
            this: JAN + 8,
            first: Some(JAN + 1),
            held: vec![(JAN + 1, 1), (JAN + 2, 2), (JAN + 3, 12)],
            announced: vec![(JAN + 3, 1), (JAN + 8, 1), (JAN + 10, 2)],
            off: vec![8],
        };
        let cells = cells(&calendar, JAN, JAN + 11);
        let marks: String = cells.iter().map(|it| it.mark()).collect();
        assert_eq!(marks, " 12+···-○ ○ ");
        let letters: String = cells.iter().map(|it| it.letter()).collect();
        assert_eq!(letters, "JFMAMJJASOND");
        let running: Vec<String> = cells
            .iter()
            .filter(|it| it.is_running)
            .map(|it| it.name())
            .collect();
        assert_eq!(running, ["September 2026"]);
    }

    #[test]
    fn a_group_that_never_met_and_has_no_founding_has_nothing_to_show() {
        let calendar = Calendar {
            this: JAN,
            ..Calendar::default()
        };
        let cells = cells(&calendar, JAN - 23, JAN);
        assert_eq!(cells.len(), 24);
        assert!(cells.iter().all(|it| it.level == Level::Outside));
    }
}
