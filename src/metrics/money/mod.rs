//! What money bought: sums of what was imported beside who came and who came again.

mod figures;
mod sum;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{Datelike as _, NaiveDate};
use rusqlite::{Connection, Row};
use rust_decimal::Decimal;

pub use figures::{
    Allowed, BudgetLeft, EventMoney, GroupMoney, KindMoney, Money, MoneyTerms, MoneyYear, Receipts,
};
pub use sum::{Amount, Rates, Sum, rounded};

use super::settings::Settings;
use super::sql::sql;
use super::workbench::{Way, Workbench};
use crate::community::{Currency, SpendingKind, YearMonth};

/// So many groups are told that cost most.
const DEAREST: usize = 5;
/// Digits after the point of an amount in the database.
const PLACES: u32 = 4;

/// Payments of one day, group, purpose, currency and event.
struct Paid {
    group: i64,
    urlname: String,
    name: String,
    on: NaiveDate,
    kind: SpendingKind,
    event: Option<i64>,
    amount: Amount,
    payments: i64,
    no_receipt: i64,
    amount_no_receipt: Amount,
    unsaid: i64,
}

/// A group's year of events.
#[derive(Clone, Copy, Default)]
struct Came {
    events: i64,
    heads: i64,
    returning: i64,
}

/// An event for which something was spent.
struct At {
    event: i64,
    token: String,
    title: String,
    on: NaiveDate,
    heads: i64,
}

/// Counts it. Spending up to A's date counts, of every group that the settings reach, be it gone.
///
/// # Errors
///
/// If the database cannot be read.
pub fn money(
    conn: &Connection,
    settings: &Settings,
    terms: &MoneyTerms,
) -> rusqlite::Result<Money> {
    let bench = Workbench::lay_out(conn, settings, Way::Columns)?;
    let until = settings.as_of.with_timezone(&settings.zone).date_naive();
    let mut paid = Vec::new();
    bench.each(sql!("money_spent.sql"), |row| {
        paid.extend(read(row, settings)?.filter(|it| it.on <= until));
        Ok(())
    })?;
    let urlnames: HashMap<i64, String> = paid
        .iter()
        .map(|it| (it.group, it.urlname.clone()))
        .chain(bench.groups.iter().map(|it| (it.key, it.urlname.clone())))
        .collect();
    let mut came: HashMap<i64, BTreeMap<i32, Came>> = HashMap::new();
    let mut events: Vec<(i64, At)> = Vec::new();
    for group in bench.groups.iter().filter(|it| it.history_complete) {
        let key = Some(group.key);
        bench.run_of(sql!("at_event.sql"), key)?;
        let years = came.entry(group.key).or_default();
        bench.each_of(sql!("money_people.sql"), key, |row| {
            let of = Came {
                events: row.get("events")?,
                heads: row.get("heads")?,
                returning: row.get("came_again")?,
            };
            years.insert(row.get("year")?, of);
            Ok(())
        })?;
        bench.each_of(sql!("money_events.sql"), key, |row| {
            let at = At {
                event: row.get("event")?,
                token: row.get("token")?,
                title: row.get("title")?,
                on: date(row, "starts_on")?,
                heads: row.get("heads")?,
            };
            events.push((group.key, at));
            Ok(())
        })?;
    }
    let allowed: Vec<&Allowed> = terms
        .budgets
        .iter()
        // Of a part of the groups, what all together may spend says nothing.
        .filter(|it| match it.group {
            Some(group) => urlnames.contains_key(&group.0),
            None => settings.only.is_empty(),
        })
        .filter(|it| it.year <= until.year())
        .collect();
    let years: BTreeSet<i32> = paid
        .iter()
        .map(|it| it.on.year())
        .chain(allowed.iter().map(|it| it.year))
        .collect();
    let counting = Counting {
        paid: &paid,
        came: &came,
        events: &events,
        allowed: &allowed,
        urlnames: &urlnames,
        rates: &terms.rates,
    };
    Ok(Money {
        as_of: settings.as_of,
        until,
        currency: terms.rates.own,
        years: years
            .into_iter()
            .rev()
            .map(|it| counting.year(it))
            .collect(),
    })
}

fn read(row: &Row<'_>, settings: &Settings) -> rusqlite::Result<Option<Paid>> {
    let urlname: String = row.get("urlname")?;
    let country: Option<String> = row.get("country")?;
    let timezone: Option<String> = row.get("timezone")?;
    let (country, timezone) = (country.as_deref(), timezone.as_deref());
    let mut all = settings.only.iter();
    if !all.all(|only| only.reaches(&urlname, country, timezone)) {
        return Ok(None);
    }
    let currency: Currency = row.get("currency")?;
    let amount = |column: &str| {
        Ok::<_, rusqlite::Error>(Amount {
            amount: Decimal::new(row.get(column)?, PLACES).normalize(),
            currency,
        })
    };
    Ok(Some(Paid {
        group: row.get("grp")?,
        name: row.get("name")?,
        on: date(row, "on_date")?,
        kind: row.get("kind")?,
        event: row.get("event")?,
        amount: amount("amount")?,
        payments: row.get("payments")?,
        no_receipt: row.get("no_receipt")?,
        amount_no_receipt: amount("amount_no_receipt")?,
        unsaid: row.get("receipt_unsaid")?,
        urlname,
    }))
}

fn date(row: &Row<'_>, column: &str) -> rusqlite::Result<NaiveDate> {
    let text: String = row.get(column)?;
    text.parse().map_err(|error| {
        let kind = rusqlite::types::Type::Text;
        rusqlite::Error::FromSqlConversionFailure(0, kind, Box::new(error))
    })
}

/// What all years are counted from.
struct Counting<'a> {
    paid: &'a [Paid],
    came: &'a HashMap<i64, BTreeMap<i32, Came>>,
    events: &'a [(i64, At)],
    allowed: &'a [&'a Allowed],
    urlnames: &'a HashMap<i64, String>,
    rates: &'a Rates,
}

/// Sums over some payments.
#[derive(Default)]
struct Totals {
    spent: Sum,
    by_kind: BTreeMap<SpendingKind, Sum>,
    payments: i64,
    receipts: Receipts,
}

impl Totals {
    fn kinds(&self) -> Vec<KindMoney> {
        let kinds = self.by_kind.iter();
        kinds
            .map(|(kind, spent)| KindMoney {
                kind: *kind,
                spent: spent.clone(),
            })
            .collect()
    }
}

impl Counting<'_> {
    fn totals<'p>(&self, paid: impl Iterator<Item = &'p Paid>) -> Totals {
        let mut totals = Totals::default();
        for it in paid {
            let month = YearMonth {
                year: it.on.year(),
                month: it.on.month(),
            };
            totals.spent.add(it.amount, month, self.rates);
            let kind = totals.by_kind.entry(it.kind).or_default();
            kind.add(it.amount, month, self.rates);
            totals.payments += it.payments;
            if it.no_receipt > 0 {
                totals.receipts.missing += it.no_receipt;
                let amount = &mut totals.receipts.amount_missing;
                amount.add(it.amount_no_receipt, month, self.rates);
            }
            totals.receipts.unsaid += it.unsaid;
        }
        totals
    }

    fn year(&self, year: i32) -> MoneyYear {
        let of_year = || self.paid.iter().filter(move |it| it.on.year() == year);
        let all = self.totals(of_year());
        let mut keys: Vec<(&str, i64, &str)> = of_year()
            .map(|it| (it.urlname.as_str(), it.group, it.name.as_str()))
            .collect();
        keys.sort_unstable();
        keys.dedup();
        let (mut known, mut heads, mut returning) = (Sum::default(), 0, 0);
        let mut groups = Vec::new();
        for (urlname, key, name) in &keys {
            let totals = self.totals(of_year().filter(|it| it.group == *key));
            // A complete history without events of the year is one in which nobody came.
            let came = self.came.get(key);
            let came = came.map(|years| years.get(&year).copied().unwrap_or_default());
            if let Some(came) = came {
                known += &totals.spent;
                heads += came.heads;
                returning += came.returning;
            }
            groups.push(GroupMoney {
                urlname: (*urlname).to_owned(),
                name: (*name).to_owned(),
                by_kind: totals.kinds(),
                payments: totals.payments,
                events: came.map(|it| it.events),
                heads: came.map(|it| it.heads),
                returning: came.map(|it| it.returning),
                per_head: came.and_then(|it| totals.spent.per(it.heads)),
                per_returning: came.and_then(|it| totals.spent.per(it.returning)),
                spent: totals.spent,
                receipts: totals.receipts,
            });
        }
        MoneyYear {
            year,
            by_kind: all.kinds(),
            payments: all.payments,
            heads,
            returning,
            per_head: known.per(heads),
            per_returning: known.per(returning),
            budgets: self.budgets(year, &all.spent),
            dearest: dearest(&groups),
            without_money: self.without_money(year, &keys),
            events: self.events(year),
            spent: all.spent,
            receipts: all.receipts,
            groups,
        }
    }

    fn budgets(&self, year: i32, all: &Sum) -> Vec<BudgetLeft> {
        let mut budgets: Vec<BudgetLeft> = self
            .allowed
            .iter()
            .filter(|it| it.year == year)
            .map(|it| {
                let spent = match it.group {
                    None => all.clone(),
                    Some(group) => {
                        let paid = self.paid.iter();
                        let paid = paid.filter(|it| it.group == group.0 && it.on.year() == year);
                        self.totals(paid).spent
                    }
                };
                let currency = it.amount.currency;
                let of = |amount| Amount { amount, currency };
                let spent = spent.within(currency);
                BudgetLeft {
                    group: it.group.and_then(|it| self.urlnames.get(&it.0).cloned()),
                    budget: it.amount,
                    left: spent.map(|spent| of(it.amount.amount - spent)),
                    spent: spent.map(of),
                }
            })
            .collect();
        budgets.sort_by(|a, b| (&a.group, a.budget.currency).cmp(&(&b.group, b.budget.currency)));
        budgets
    }

    fn without_money(&self, year: i32, with: &[(&str, i64, &str)]) -> Vec<String> {
        let mut without: Vec<String> = self
            .came
            .iter()
            .filter(|(_, years)| years.get(&year).is_some_and(|it| it.events > 0))
            .filter(|(key, _)| !with.iter().any(|(_, paid, _)| paid == *key))
            .filter_map(|(key, _)| self.urlnames.get(key).cloned())
            .collect();
        without.sort();
        without
    }

    fn events(&self, year: i32) -> Vec<EventMoney> {
        let of_year = self.events.iter().filter(|(_, at)| at.on.year() == year);
        let mut events = Vec::new();
        for (group, at) in of_year {
            let paid = self.paid.iter().filter(|it| it.event == Some(at.event));
            let spent = self.totals(paid).spent;
            if spent.is_empty() {
                continue;
            }
            events.push(EventMoney {
                group: self.urlnames.get(group).cloned().unwrap_or_default(),
                token: at.token.clone(),
                title: at.title.clone(),
                on: at.on,
                heads: at.heads,
                per_head: spent.per(at.heads),
                spent,
            });
        }
        events
    }
}

/// The groups that cost most per returning person: those to which nobody came again by what they cost, then by what each
/// did. Costs in several currencies cannot be told apart.
fn dearest(groups: &[GroupMoney]) -> Vec<String> {
    let mut costs: Vec<(bool, Amount, &str)> = Vec::new();
    for group in groups {
        let Some(whole) = group.spent.whole() else {
            return Vec::new();
        };
        match (group.returning, group.per_returning) {
            (Some(0), _) if whole.amount > Decimal::ZERO => {
                costs.push((true, whole, &group.urlname));
            }
            (Some(_), Some(each)) if each.amount > Decimal::ZERO => {
                costs.push((false, each, &group.urlname));
            }
            _ => {}
        }
    }
    let first = costs.first().map(|it| it.1.currency);
    if costs.iter().any(|it| Some(it.1.currency) != first) {
        return Vec::new();
    }
    costs.sort_by(|a, b| (b.0, b.1.amount).cmp(&(a.0, a.1.amount)).then(a.2.cmp(b.2)));
    costs.truncate(DEAREST);
    costs.into_iter().map(|it| it.2.to_owned()).collect()
}
