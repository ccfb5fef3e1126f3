//! What stands in one line, read column by column; all that is wrong with it is told at once.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{
    dates::date,
    decimals::decimal,
    lines::{Lines, Reading, Refused, Unreadable},
    reading,
    table::{Column, Line},
};
use crate::community::{Currency, DateOrder, DecimalSign};

/// An amount has so many digits after the point at most.
const MOST_PLACES: u32 = 4;
/// An amount of money is smaller than this, so that sums are exact.
const TOO_MUCH: i64 = 1_000_000_000_000;

/// One line being read.
pub(super) struct Cells<'a> {
    line: &'a Line,
    columns: &'a [Column],
    reading: Reading,
    usual: DecimalSign,
    flaws: Vec<String>,
}

/// Reads every line of a file. `one` answers none where it told a flaw.
pub(super) fn lines<T>(
    bytes: &[u8],
    columns: &[Column],
    terms: Reading,
    one: impl Fn(&mut Cells<'_>) -> Option<T>,
) -> Result<Lines<T>, Unreadable> {
    let table = reading::read(bytes, columns)?;
    let mut lines = Lines {
        good: Vec::new(),
        refused: table.refused,
        unread: table.unread,
    };
    for line in &table.lines {
        let mut cells = Cells {
            line,
            columns,
            reading: terms,
            usual: table.usual,
            flaws: Vec::new(),
        };
        match one(&mut cells) {
            Some(row) if cells.flaws.is_empty() => lines.good.push((line.number, row)),
            _ => lines.refused.push(Refused {
                line: line.number,
                cause: cells.flaws.join("; "),
            }),
        }
    }
    lines.refused.sort_by_key(|it| it.line);
    Ok(lines)
}

impl Cells<'_> {
    /// Tells what is wrong.
    pub(super) fn flaw(&mut self, column: &str, cause: &str) {
        self.flaws.push(format!("{column}: {cause}"));
    }

    /// What stands in a column, if anything.
    pub(super) fn text(&self, column: &str) -> Option<&str> {
        let place = self.columns.iter().position(|it| it.name == column)?;
        self.line.cells.get(place)?.as_deref()
    }

    /// What must stand there.
    pub(super) fn needed(&mut self, column: &str) -> Option<String> {
        let text = self.text(column).map(str::to_owned);
        if text.is_none() {
            self.flaw(column, "nothing stands there");
        }
        text
    }

    /// What must stand there, as something.
    pub(super) fn read<T>(
        &mut self,
        column: &str,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        let text = self.needed(column)?;
        read(&text).map_err(|cause| self.flaw(column, &cause)).ok()
    }

    /// A day.
    pub(super) fn date(&mut self, column: &str) -> Option<NaiveDate> {
        let order = self.reading.dates;
        self.read(column, |text| date(text, order))
    }

    /// A number with all its digits.
    pub(super) fn decimal(&mut self, column: &str) -> Option<Decimal> {
        let (usual, told) = (self.usual, self.reading.decimals);
        self.read(column, |text| decimal(text, usual, told))
    }

    /// An amount of money; below zero is what was given back.
    pub(super) fn amount(&mut self, column: &str) -> Option<Decimal> {
        let amount = self.decimal(column)?.normalize();
        if amount.scale() > MOST_PLACES {
            self.flaw(column, "it has more than four digits after the point");
            return None;
        }
        if amount.abs() >= Decimal::from(TOO_MUCH) {
            self.flaw(column, "so much money is a slip of the finger");
            return None;
        }
        Some(amount)
    }

    /// A currency.
    pub(super) fn currency(&mut self, column: &str) -> Option<Currency> {
        self.read(column, |text| {
            Currency::parse(text).ok_or_else(|| {
                format!("\"{text}\" is no currency; write three letters, such as EUR")
            })
        })
    }

    /// How dates are written.
    pub(super) fn date_order(&self) -> Option<DateOrder> {
        self.reading.dates
    }
}
