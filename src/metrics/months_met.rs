//! In which months a group met, over all its time: what month strips are drawn from.

use rusqlite::Row;

use super::local::month_number;
use super::measurable::Measurable;
use super::workbench::Workbench;

/// In which local months a group met. A month is year x 12 + month - 1.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MonthsMet {
    /// That of A.
    pub this: i64,
    /// That of the founding; unknown: of the first held event; none: neither is known.
    pub first: Option<i64>,
    /// Months with held events, ascending, and how many.
    pub held: Vec<(i64, i64)>,
    /// Months in which something is running or scheduled, ascending, and how much.
    pub announced: Vec<(i64, i64)>,
    /// Calendar months (1 to 12) that it skips by custom.
    pub off: Vec<u32>,
}

impl MonthsMet {
    /// Takes a row of `months_met.sql`.
    pub(super) fn take(&mut self, row: &Row<'_>) -> rusqlite::Result<()> {
        let month = row.get("month")?;
        for (list, column) in [(&mut self.held, "held"), (&mut self.announced, "announced")] {
            match row.get(column)? {
                0 => {}
                events => list.push((month, events)),
            }
        }
        Ok(())
    }

    /// With what its rows do not say.
    pub(super) fn of(self, group: &Measurable, bench: &Workbench<'_>) -> Self {
        let founded = group.founded_at.map(|at| month_number(group.local(at)));
        let present = bench.pauses.present.get(&group.key);
        Self {
            this: month_number(group.local(bench.settings.as_of)),
            first: founded.or(self.held.first().map(|(month, _)| *month)),
            off: present.map_or_else(Vec::new, |it| it.off.iter().map(|it| it.month).collect()),
            ..self
        }
    }
}
