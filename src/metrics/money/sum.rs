//! Sums of money: per currency always, in one where that can be told.

use std::collections::{BTreeMap, HashMap};
use std::ops::AddAssign;

use rust_decimal::{Decimal, RoundingStrategy};
use serde::Serialize;
use serde::ser::SerializeStruct as _;

use crate::community::{Currency, YearMonth};

/// What currencies were worth, and in which all is to be told.
#[derive(Debug, Clone, Default)]
pub struct Rates {
    /// The configured currency.
    pub own: Option<Currency>,
    /// What one of another was worth in it, by month.
    pub known: HashMap<(YearMonth, Currency), Decimal>,
}

/// An amount in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount {
    /// How much, exactly.
    pub amount: Decimal,
    /// Of what.
    pub currency: Currency,
}

/// As a text, since a number of JSON need not be exact.
impl Serialize for Amount {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut it = to.serialize_struct("Amount", 2)?;
        it.serialize_field("amount", &written(self.amount))?;
        it.serialize_field("currency", &self.currency)?;
        it.end()
    }
}

/// A sum of payments, exactly.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sum {
    /// By currency, as it was paid.
    pub parts: BTreeMap<Currency, Decimal>,
    /// In the configured currency, by the rate of each payment's month.
    own: Decimal,
    /// The configured currency.
    in_own: Option<Currency>,
    /// Months and currencies of payments of which no rate is known.
    without_rate: bool,
}

impl Sum {
    /// Adds a payment of a month.
    pub fn add(&mut self, amount: Amount, month: YearMonth, rates: &Rates) {
        *self.parts.entry(amount.currency).or_default() += amount.amount;
        self.in_own = rates.own;
        let rate = match rates.own {
            Some(own) if own == amount.currency => Some(Decimal::ONE),
            _ => rates.known.get(&(month, amount.currency)).copied(),
        };
        match rate.and_then(|rate| amount.amount.checked_mul(rate)) {
            Some(worth) if rates.own.is_some() => self.own += worth,
            _ => self.without_rate = true,
        }
    }

    /// Whether nothing was paid.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// The whole in one currency: in the configured one where every rate is known; else, where all was paid in one, in
    /// that. None where it cannot be told without guessing.
    pub fn whole(&self) -> Option<Amount> {
        if let Some(currency) = self.in_own.filter(|_| !self.without_rate) {
            return Some(Amount {
                amount: rounded(self.own),
                currency,
            });
        }
        let mut parts = self.parts.iter();
        match (parts.next(), parts.next()) {
            (Some((currency, amount)), None) => Some(Amount {
                amount: *amount,
                currency: *currency,
            }),
            _ => None,
        }
    }

    /// The whole in a currency that is named; none where it cannot be told without guessing.
    pub fn within(&self, currency: Currency) -> Option<Decimal> {
        if self.in_own == Some(currency) && !self.without_rate {
            return Some(rounded(self.own));
        }
        let is_all = self.parts.keys().all(|it| *it == currency);
        is_all.then(|| self.parts.values().sum())
    }

    /// The whole shared out evenly, to the cent; none where the whole cannot be told, or there is nobody.
    pub fn per(&self, heads: i64) -> Option<Amount> {
        let whole = self.whole().filter(|_| heads > 0)?;
        let exact = match self.in_own.filter(|_| !self.without_rate) {
            Some(_) => self.own,
            None => whole.amount,
        };
        Some(Amount {
            amount: rounded(exact.checked_div(Decimal::from(heads))?),
            currency: whole.currency,
        })
    }
}

impl AddAssign<&Sum> for Sum {
    fn add_assign(&mut self, other: &Sum) {
        for (currency, amount) in &other.parts {
            *self.parts.entry(*currency).or_default() += *amount;
        }
        self.own += other.own;
        self.in_own = self.in_own.or(other.in_own);
        self.without_rate |= other.without_rate;
    }
}

impl Serialize for Sum {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut sum = to.serialize_struct("Sum", 2)?;
        sum.serialize_field("whole", &self.whole())?;
        let parts: BTreeMap<&str, String> = self
            .parts
            .iter()
            .map(|(currency, amount)| (currency.as_str(), written(*amount)))
            .collect();
        sum.serialize_field("by_currency", &parts)?;
        sum.end()
    }
}

/// To the cent; half a cent goes away from zero.
pub fn rounded(amount: Decimal) -> Decimal {
    amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

/// With two digits after the point, or with four where two are too few.
fn written(amount: Decimal) -> String {
    let mut amount = amount.normalize();
    amount.rescale(if amount.scale() > 2 { 4 } else { 2 });
    amount.to_string()
}
