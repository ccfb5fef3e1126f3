//! A share with its counts.

use serde::Serialize;

/// A share with the counts it is made of.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Rate {
    /// How many did.
    pub numerator: i64,
    /// How many could.
    pub denominator: i64,
    /// Their quotient; none when nobody could.
    pub value: Option<f64>,
}

impl Rate {
    /// The rate of two counts.
    pub fn new(numerator: i64, denominator: i64) -> Self {
        #[allow(clippy::cast_precision_loss)] // counts of people and events stay far below 2^53
        let value = (denominator != 0).then(|| numerator as f64 / denominator as f64);
        Self {
            numerator,
            denominator,
            value,
        }
    }
}
