//! Files that people keep beside Meetup: tables are read line by line into plain rows, or it is said which line will not do and
//! why. Nothing here knows of groups or of the mirror: whom a line means is for the caller to find.
//!
//! Nothing is guessed: a date or an amount that may mean two things is refused until it is said which.

mod budget;
mod cells;
mod dates;
mod decimals;
mod json_lines;
mod lines;
mod rates;
mod reading;
mod separated;
mod spending;
mod table;

pub use budget::{BudgetLine, TEMPLATE as BUDGET_TEMPLATE, budget};
pub use lines::{Lines, Reading, Refused, Unreadable};
pub use rates::{RateLine, TEMPLATE as RATES_TEMPLATE, rates};
pub use spending::{EventNamed, SpendingLine, TEMPLATE as SPENDING_TEMPLATE, spending};
