//! What was spent.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{
    cells::{Cells, lines},
    dates::date,
    lines::{Lines, Reading, Unreadable},
    table::Column,
};
use crate::community::{Currency, SpendingKind};

/// How such a file looks.
pub const TEMPLATE: &str = "date,group,kind,amount,currency,note,receipt,event\n\
2026-01-31,acme-berlin,venue,120.00,EUR,room for the evening,yes,2026-01-29\n";

const COLUMNS: &[Column] = &[
    Column::needed("date"),
    Column::needed("group"),
    Column::needed("kind"),
    Column::needed("amount"),
    Column::needed("currency"),
    Column::other("note"),
    Column::other("receipt"),
    Column::other("event"),
];

/// One payment, as it is written: whom it means is yet to be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpendingLine {
    /// When it was paid.
    pub on: NaiveDate,
    /// For which group, as it is written.
    pub group: String,
    /// What for.
    pub kind: SpendingKind,
    /// How much, exactly; below zero is what was given back.
    pub amount: Decimal,
    /// In which money.
    pub currency: Currency,
    /// Any words.
    pub note: Option<String>,
    /// Whether there is a receipt; none: it does not say.
    pub has_receipt: Option<bool>,
    /// For which event, if for one.
    pub event: Option<EventNamed>,
}

/// How a line names an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventNamed {
    /// By its day, local to the group.
    On(NaiveDate),
    /// By id or token, be it in an address.
    As(String),
}

/// Reads a file of spending.
///
/// # Errors
///
/// If it is no such file as a whole.
pub fn spending(bytes: &[u8], reading: Reading) -> Result<Lines<SpendingLine>, Unreadable> {
    lines(bytes, COLUMNS, reading, line)
}

fn line(cells: &mut Cells<'_>) -> Option<SpendingLine> {
    let on = cells.date("date");
    let group = cells.needed("group");
    let kind = cells.read("kind", kind);
    let amount = cells.amount("amount");
    let currency = cells.currency("currency");
    let has_receipt = match cells.text("receipt").map(str::to_lowercase).as_deref() {
        None => None,
        Some("yes") => Some(true),
        Some("no") => Some(false),
        Some(_) => {
            cells.flaw("receipt", "write yes or no, or nothing");
            None
        }
    };
    let event = event(cells);
    Some(SpendingLine {
        on: on?,
        group: group?,
        kind: kind?,
        amount: amount?,
        currency: currency?,
        note: cells.text("note").map(str::to_owned),
        has_receipt,
        event,
    })
}

/// What is written as a date is one; ids and addresses are not written so.
fn event(cells: &mut Cells<'_>) -> Option<EventNamed> {
    let text = cells.text("event")?.to_owned();
    let parts = || text.split(['-', '/', '.']);
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|it| it.is_ascii_digit());
    if parts().count() != 3 || !parts().all(is_number) {
        return Some(EventNamed::As(event_id(&text).to_owned()));
    }
    match date(&text, cells.date_order()) {
        Ok(on) => Some(EventNamed::On(on)),
        Err(cause) => {
            cells.flaw("event", &cause);
            None
        }
    }
}

/// The id in an event's address; what is none is taken for an id or a token as it is.
fn event_id(written: &str) -> &str {
    let after = written.rsplit_once("/events/").map(|(_, after)| after);
    let id = after.and_then(|after| after.split(['/', '?', '#']).next());
    id.unwrap_or(written)
}

fn kind(text: &str) -> Result<SpendingKind, String> {
    SpendingKind::parse(&text.to_lowercase()).ok_or_else(|| {
        let known = SpendingKind::ALL.iter().map(|it| it.as_str());
        let known: Vec<&str> = known.collect();
        format!("\"{text}\" is none; write one of {}", known.join(", "))
    })
}
