//! What may be spent.

use rust_decimal::Decimal;

use super::{
    cells::{Cells, lines},
    lines::{Lines, Reading, Unreadable},
    table::Column,
};
use crate::community::Currency;

/// How such a file looks.
pub const TEMPLATE: &str =
    "group,year,amount,currency\nacme-berlin,2026,1500.00,EUR\nall,2026,20000.00,EUR\n";

const COLUMNS: &[Column] = &[
    Column::needed("group"),
    Column::needed("year"),
    Column::needed("amount"),
    Column::needed("currency"),
];

/// What a line for the whole network has in the place of a group.
const ALL: &str = "all";

/// What may be spent in a year, as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BudgetLine {
    /// For which group, as it is written; none: for all together.
    pub group: Option<String>,
    /// In which year.
    pub year: i32,
    /// How much, exactly.
    pub amount: Decimal,
    /// In which money.
    pub currency: Currency,
}

/// Reads a file of budgets.
///
/// # Errors
///
/// If it is no such file as a whole.
pub fn budget(bytes: &[u8], reading: Reading) -> Result<Lines<BudgetLine>, Unreadable> {
    lines(bytes, COLUMNS, reading, line)
}

fn line(cells: &mut Cells<'_>) -> Option<BudgetLine> {
    let group = cells.needed("group");
    let year = cells.read("year", |text| {
        let year = text
            .parse()
            .ok()
            .filter(|year| (2000..=2100).contains(year));
        year.ok_or_else(|| format!("\"{text}\" is no year from 2000 to 2100"))
    });
    let amount = cells.amount("amount").filter(|amount| {
        let fits = *amount >= Decimal::ZERO;
        if !fits {
            cells.flaw("amount", "a budget is not below zero");
        }
        fits
    });
    let currency = cells.currency("currency");
    let group = group?;
    Some(BudgetLine {
        group: (!group.eq_ignore_ascii_case(ALL)).then_some(group),
        year: year?,
        amount: amount?,
        currency: currency?,
    })
}
