//! A document with a part on money.

use serde::Serialize;

use crate::metrics::Money;

/// A document, and what money bought beside it under `money`.
#[derive(Debug, Serialize)]
pub struct MoneyPart<'a, T: Serialize> {
    /// The document.
    #[serde(flatten)]
    pub document: &'a T,
    /// What money bought.
    pub money: &'a Money,
}
