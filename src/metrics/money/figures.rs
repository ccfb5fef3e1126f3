//! What money bought, as plain data.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::sum::{Amount, Rates, Sum};
use crate::community::{Currency, SpendingKind};
use crate::mirror::GroupKey;

/// What figures of money depend on besides the mirror and the other settings.
#[derive(Debug, Clone, Default)]
pub struct MoneyTerms {
    /// In what all is told, and what other currencies were worth.
    pub rates: Rates,
    /// What may be spent.
    pub budgets: Vec<Allowed>,
}

/// What may be spent in a calendar year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowed {
    /// For which group; none: all together.
    pub group: Option<GroupKey>,
    /// In which year.
    pub year: i32,
    /// How much.
    pub amount: Amount,
}

/// What was spent, and what came of it, by calendar year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Money {
    /// A: the instant as of which it was counted.
    pub as_of: DateTime<Utc>,
    /// The last day that counts: A's, by the clock of the schedule.
    pub until: NaiveDate,
    /// The configured currency.
    pub currency: Option<Currency>,
    /// Years in which something was spent or might be, the latest first.
    pub years: Vec<MoneyYear>,
}

/// One calendar year; the running one up to [`Money::until`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MoneyYear {
    /// Which.
    pub year: i32,
    /// All that was spent.
    pub spent: Sum,
    /// The same by what it was spent on.
    pub by_kind: Vec<KindMoney>,
    /// How many payments that were.
    pub payments: i64,
    /// Which of them have no receipt.
    pub receipts: Receipts,
    /// Of the groups for which something was spent and whose people are known: their heads.
    pub heads: i64,
    /// Of the same groups: people who came again, each counted in each group.
    pub returning: i64,
    /// What was spent for those groups, per head.
    pub per_head: Option<Amount>,
    /// The same per returning person.
    pub per_returning: Option<Amount>,
    /// What is left of budgets: of all together first, then by urlname.
    pub budgets: Vec<BudgetLeft>,
    /// The groups for which something was spent, by urlname.
    pub groups: Vec<GroupMoney>,
    /// Those of them that cost most per returning person, the dearest first; those to which nobody came again are first of
    /// all. Urlnames; empty where costs are in several currencies.
    pub dearest: Vec<String>,
    /// Measured groups that met, and for which no payment was imported. Urlnames.
    pub without_money: Vec<String>,
    /// Held events for which something was spent, by urlname and start.
    pub events: Vec<EventMoney>,
}

/// What was spent on one kind of thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KindMoney {
    /// On what.
    pub kind: SpendingKind,
    /// How much.
    pub spent: Sum,
}

/// Which payments have no receipt.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Receipts {
    /// Payments of which it was said that there is none.
    pub missing: i64,
    /// What these come to.
    pub amount_missing: Sum,
    /// Payments of which nothing was said.
    pub unsaid: i64,
}

/// What was spent for one group in a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GroupMoney {
    /// The group.
    pub urlname: String,
    /// Its display name.
    pub name: String,
    /// How much.
    pub spent: Sum,
    /// The same by what it was spent on.
    pub by_kind: Vec<KindMoney>,
    /// How many payments.
    pub payments: i64,
    /// Which of them have no receipt.
    pub receipts: Receipts,
    /// Events held in the year; null where that is not known: the group left, or its history is being read.
    pub events: Option<i64>,
    /// Who came where attendance was marked, else said yes, summed over these events; guests are not counted.
    pub heads: Option<i64>,
    /// People who took part after having taken part in an earlier event of the group.
    pub returning: Option<i64>,
    /// What was spent, per head.
    pub per_head: Option<Amount>,
    /// What was spent, per returning person.
    pub per_returning: Option<Amount>,
}

/// What was spent for one event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EventMoney {
    /// The group.
    pub group: String,
    /// Its stable key.
    pub token: String,
    /// Its title.
    pub title: String,
    /// Its local date.
    pub on: NaiveDate,
    /// How much, whenever it was paid up to the day that counts.
    pub spent: Sum,
    /// Who came where attendance was marked, else said yes.
    pub heads: i64,
    /// What was spent, per head.
    pub per_head: Option<Amount>,
}

/// What is left of a budget.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BudgetLeft {
    /// The group's urlname; none: all together.
    pub group: Option<String>,
    /// What may be spent.
    pub budget: Amount,
    /// What was, in the budget's currency; none where a rate is missing.
    pub spent: Option<Amount>,
    /// What is left; below zero where more was spent.
    pub left: Option<Amount>,
}
