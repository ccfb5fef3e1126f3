//! What a currency was worth, month by month.

use rust_decimal::Decimal;

use super::{
    cells::{Cells, lines},
    lines::{Lines, Reading, Unreadable},
    table::Column,
};
use crate::community::{Currency, YearMonth};

/// How such a file looks.
pub const TEMPLATE: &str = "month,currency,rate\n2026-01,USD,0.8551\n2026-01,GBP,1.1532\n";

const COLUMNS: &[Column] = &[
    Column::needed("month"),
    Column::needed("currency"),
    Column::needed("rate"),
];

/// A rate has so many digits after the point at most.
const MOST_PLACES: u32 = 10;
/// One of a currency is worth less than this in any other.
const TOO_MUCH: i64 = 1_000_000;

/// What one unit of a currency was worth in a month, in the configured currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLine {
    /// When.
    pub month: YearMonth,
    /// One of what.
    pub currency: Currency,
    /// So much of the configured one.
    pub rate: Decimal,
}

/// Reads a file of rates.
///
/// # Errors
///
/// If it is no such file as a whole.
pub fn rates(bytes: &[u8], reading: Reading) -> Result<Lines<RateLine>, Unreadable> {
    lines(bytes, COLUMNS, reading, line)
}

fn line(cells: &mut Cells<'_>) -> Option<RateLine> {
    let month = cells.read("month", |text| {
        YearMonth::parse(text)
            .ok_or_else(|| format!("\"{text}\" is no month; write one such as 2026-03"))
    });
    let currency = cells.currency("currency");
    let rate = cells.decimal("rate").map(|it| it.normalize());
    let rate = rate.filter(|rate| {
        let fits =
            rate.scale() <= MOST_PLACES && *rate > Decimal::ZERO && *rate < Decimal::from(TOO_MUCH);
        if !fits {
            cells.flaw(
                "rate",
                "write a number above 0, with at most ten digits after the point",
            );
        }
        fits
    });
    Some(RateLine {
        month: month?,
        currency: currency?,
        rate: rate?,
    })
}
