//! Money once more: in whole ten-thousandths and whole numbers alone.

use super::Question;
use chrono::{Datelike as _, NaiveDate};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// A payment of a world.
#[derive(Debug, Clone)]
pub struct Payment {
    pub group: usize,
    pub on: NaiveDate,
    pub kind: &'static str,
    /// In ten-thousandths.
    pub amount: i64,
    pub currency: &'static str,
    pub receipt: Option<bool>,
    /// Which event of the world.
    pub event: Option<usize>,
}

/// What is configured and imported besides.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    pub own: Option<&'static str>,
    /// By year, month and currency: in millionths.
    pub rates: BTreeMap<(i32, u32, &'static str), i64>,
    /// Group, year, ten-thousandths, currency.
    pub budgets: Vec<(Option<usize>, i32, i64, &'static str)>,
}

const KINDS: [&str; 7] = ["venue", "food", "swag", "speaker", "fee", "travel", "other"];

/// Half goes away from zero.
fn divided(n: i128, by: i128) -> i128 {
    let (n, by) = (n * by.signum(), by.abs());
    let half = (2 * n.abs() + by) / (2 * by);
    half * n.signum()
}

/// Ten-thousandths as they are written.
fn written(n: i128) -> String {
    let sign = if n < 0 { "-" } else { "" };
    let (whole, part) = (n.abs() / 10_000, n.abs() % 10_000);
    match part % 100 {
        0 => format!("{sign}{whole}.{:02}", part / 100),
        _ => format!("{sign}{whole}.{part:04}"),
    }
}

fn amount((n, currency): (i128, &str)) -> Value {
    json!({"amount": written(n), "currency": currency})
}

impl Terms {
    /// In ten-thousandths of a millionth, of the configured currency; none where a rate is missing.
    fn own(&self, paid: &[&Payment]) -> Option<i128> {
        let own = self.own?;
        let mut sum = 0;
        for it in paid {
            let rate = match it.currency == own {
                true => 1_000_000,
                false => *self
                    .rates
                    .get(&(it.on.year(), it.on.month(), it.currency))?,
            };
            sum += i128::from(it.amount) * i128::from(rate);
        }
        Some(sum)
    }

    /// The whole times a million, and in what.
    fn exact(&self, paid: &[&Payment]) -> Option<(i128, &'static str)> {
        if paid.is_empty() {
            return None;
        }
        if let Some(own) = self.own(paid) {
            return Some((own, self.own.unwrap()));
        }
        let currencies: BTreeSet<&str> = paid.iter().map(|it| it.currency).collect();
        let sum: i128 = paid.iter().map(|it| i128::from(it.amount)).sum();
        (currencies.len() == 1).then(|| (sum * 1_000_000, paid[0].currency))
    }

    /// What was converted is told to the cent, what was not exactly.
    pub fn whole(&self, paid: &[&Payment]) -> Option<(i128, &'static str)> {
        let (exact, currency) = self.exact(paid)?;
        Some(match self.own(paid) {
            Some(_) => (divided(exact, 100_000_000) * 100, currency),
            None => (exact / 1_000_000, currency),
        })
    }

    fn per(&self, paid: &[&Payment], heads: i64) -> Option<(i128, &'static str)> {
        let (exact, currency) = self.exact(paid).filter(|_| heads > 0)?;
        let cents = divided(exact, 100_000_000 * i128::from(heads));
        Some((cents * 100, currency))
    }

    fn sum(&self, paid: &[&Payment]) -> Value {
        let mut parts: BTreeMap<&str, i128> = BTreeMap::new();
        for it in paid {
            *parts.entry(it.currency).or_default() += i128::from(it.amount);
        }
        let parts: BTreeMap<&str, String> = parts
            .into_iter()
            .map(|(name, n)| (name, written(n)))
            .collect();
        json!({"whole": self.whole(paid).map(amount), "by_currency": parts})
    }

    fn by_kind(&self, paid: &[&Payment]) -> Vec<Value> {
        let of = |kind: &str| -> Vec<&Payment> {
            paid.iter().filter(|it| it.kind == kind).copied().collect()
        };
        let kinds = KINDS.iter().filter(|kind| !of(kind).is_empty());
        kinds
            .map(|kind| json!({"kind": kind, "spent": self.sum(&of(kind))}))
            .collect()
    }

    fn receipts(&self, paid: &[&Payment]) -> Value {
        let missing: Vec<&Payment> = paid
            .iter()
            .filter(|it| it.receipt == Some(false))
            .copied()
            .collect();
        json!({
            "missing": missing.len(), "amount_missing": self.sum(&missing),
            "unsaid": paid.iter().filter(|it| it.receipt.is_none()).count(),
        })
    }
}

impl Question<'_> {
    /// Events, heads and people who came again, of a group's year; none where that is not known.
    fn came(&self, group: usize, year: i32) -> Option<(i64, i64, i64)> {
        let g = &self.world.groups[group];
        if !self.is_measured(g, self.a) || !g.is_complete {
            return None;
        }
        let held = self.held(group, self.a);
        let (mut seen, mut again) = (BTreeSet::new(), BTreeSet::new());
        let (mut events, mut heads) = (0, 0);
        for e in held {
            let is_now = Self::event_date(e).year() == year;
            if is_now {
                events += 1;
                heads += self.yes(e).len() as i64;
            }
            let part = self.participants(e);
            if is_now {
                again.extend(part.intersection(&seen).copied());
            }
            seen.extend(part);
        }
        Some((events, heads, again.len() as i64))
    }

    /// The whole document.
    pub fn money(&self, all: &[Payment], terms: &Terms) -> Value {
        let until = self.schedule_date(self.a);
        let counted: Vec<&Payment> = all.iter().filter(|it| it.on <= until).collect();
        let name = |group: usize| self.world.groups[group].urlname.clone();
        let known_group = |group: usize| {
            self.is_measured(&self.world.groups[group], self.a)
                || counted.iter().any(|it| it.group == group)
        };
        let budgets: Vec<_> = terms
            .budgets
            .iter()
            .filter(|it| it.1 <= until.year() && it.0.is_none_or(known_group))
            .collect();
        let mut years: BTreeSet<i32> = counted.iter().map(|it| it.on.year()).collect();
        years.extend(budgets.iter().map(|it| it.1));
        let mut told = Vec::new();
        for year in years.into_iter().rev() {
            let paid: Vec<&Payment> = counted
                .iter()
                .filter(|it| it.on.year() == year)
                .copied()
                .collect();
            let with: BTreeSet<(String, usize)> =
                paid.iter().map(|it| (name(it.group), it.group)).collect();
            let mut groups = Vec::new();
            let (mut of_known, mut heads, mut returning) = (Vec::new(), 0, 0);
            let mut costs: Vec<(bool, i128, &str, String)> = Vec::new();
            let mut are_told = true;
            for (urlname, group) in &with {
                let its: Vec<&Payment> = paid
                    .iter()
                    .filter(|it| it.group == *group)
                    .copied()
                    .collect();
                let came = self.came(*group, year);
                if let Some((_, h, r)) = came {
                    of_known.extend(its.iter().copied());
                    heads += h;
                    returning += r;
                }
                let per_returning = came.and_then(|it| terms.per(&its, it.2));
                match (terms.whole(&its), came, per_returning) {
                    (None, ..) => are_told = false,
                    (Some(whole), Some((.., 0)), _) if whole.0 > 0 => {
                        costs.push((true, whole.0, whole.1, urlname.clone()));
                    }
                    (_, Some(_), Some(each)) if each.0 > 0 => {
                        costs.push((false, each.0, each.1, urlname.clone()));
                    }
                    _ => {}
                }
                groups.push(json!({
                    "urlname": urlname, "name": self.world.groups[*group].name,
                    "spent": terms.sum(&its), "by_kind": terms.by_kind(&its), "payments": its.len(),
                    "receipts": terms.receipts(&its), "events": came.map(|it| it.0),
                    "heads": came.map(|it| it.1), "returning": came.map(|it| it.2),
                    "per_head": came.and_then(|it| terms.per(&its, it.1)).map(amount),
                    "per_returning": per_returning.map(amount),
                }));
            }
            let currencies: BTreeSet<&str> = costs.iter().map(|it| it.2).collect();
            if !are_told || currencies.len() > 1 {
                costs.clear();
            }
            costs.sort_by(|x, y| (y.0, y.1).cmp(&(x.0, x.1)).then(x.3.cmp(&y.3)));
            let dearest: Vec<&String> = costs.iter().take(5).map(|it| &it.3).collect();
            let mut without: Vec<String> = (0..self.world.groups.len())
                .filter(|group| self.came(*group, year).is_some_and(|it| it.0 > 0))
                .filter(|group| !with.iter().any(|it| it.1 == *group))
                .map(name)
                .collect();
            without.sort();
            let mut left: Vec<_> = budgets.iter().filter(|it| it.1 == year).collect();
            left.sort_by_key(|it| (it.0.map(name), it.3));
            let left: Vec<Value> = left
                .into_iter()
                .map(|(group, _, budget, currency)| {
                    let its: Vec<&Payment> = paid
                        .iter()
                        .filter(|it| group.is_none_or(|group| it.group == group))
                        .copied()
                        .collect();
                    let is_all = its.iter().all(|it| it.currency == *currency);
                    let spent = match terms.own(&its) {
                        Some(own) if terms.own == Some(*currency) => {
                            Some(divided(own, 100_000_000) * 100)
                        }
                        _ if is_all => Some(its.iter().map(|it| i128::from(it.amount)).sum()),
                        _ => None,
                    };
                    let of = |n| amount((n, currency));
                    json!({
                        "group": group.map(name), "budget": of(i128::from(*budget)),
                        "spent": spent.map(of), "left": spent.map(|it| of(i128::from(*budget) - it)),
                    })
                })
                .collect();
            told.push(json!({
                "year": year, "spent": terms.sum(&paid), "by_kind": terms.by_kind(&paid),
                "payments": paid.len(), "receipts": terms.receipts(&paid),
                "heads": heads, "returning": returning,
                "per_head": terms.per(&of_known, heads).map(amount),
                "per_returning": terms.per(&of_known, returning).map(amount),
                "budgets": left, "groups": groups, "dearest": dearest, "without_money": without,
                "events": self.money_of_events(&counted, terms, year),
            }));
        }
        json!({"until": until.to_string(), "currency": terms.own, "years": told})
    }

    fn money_of_events(&self, counted: &[&Payment], terms: &Terms, year: i32) -> Vec<Value> {
        let mut order: Vec<usize> = (0..self.world.groups.len()).collect();
        order.sort_by_key(|group| {
            (
                self.world.groups[*group].urlname.clone(),
                format!("g{}", group + 1),
            )
        });
        let mut events = Vec::new();
        for group in order {
            if self.came(group, year).is_none() {
                continue;
            }
            for e in self.held(group, self.a) {
                let nth = self.world.events.iter().position(|it| it.token == e.token);
                let its: Vec<&Payment> = counted
                    .iter()
                    .filter(|it| it.event == nth)
                    .copied()
                    .collect();
                if its.is_empty() || Self::event_date(e).year() != year {
                    continue;
                }
                let heads = self.yes(e).len() as i64;
                events.push(json!({
                    "group": self.world.groups[group].urlname, "token": e.token, "title": e.title,
                    "on": Self::event_date(e).to_string(), "spent": terms.sum(&its), "heads": heads,
                    "per_head": terms.per(&its, heads).map(amount),
                }));
            }
        }
        events
    }
}

/// "1,234.50" of an amount as it is written, to the cent.
fn cents(amount: &Value) -> String {
    let text = amount.as_str().unwrap();
    let digits: i128 = text.replace('.', "").parse().unwrap();
    let places = text.len() - text.find('.').unwrap() - 1;
    let n = divided(digits * 10_i128.pow(4 - places as u32), 100);
    let whole = (n.abs() / 100).to_string();
    let mut spaced = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            spaced.push(',');
        }
        spaced.push(digit);
    }
    format!(
        "{}{spaced}.{:02}",
        if n < 0 { "-" } else { "" },
        n.abs() % 100
    )
}

fn money(amount: &Value) -> String {
    format!(
        "{} {}",
        cents(&amount["amount"]),
        amount["currency"].as_str().unwrap()
    )
}

fn said(sum: &Value) -> String {
    if !sum["whole"].is_null() {
        return money(&sum["whole"]);
    }
    let parts = sum["by_currency"].as_object().unwrap().iter();
    let parts: Vec<String> = parts
        .map(|(name, n)| format!("{} {name}", cents(n)))
        .collect();
    parts.join(" + ")
}

fn list(all: &Value) -> std::slice::Iter<'_, Value> {
    all.as_array().unwrap().iter()
}

fn some(n: &Value, one: &str, more: &str) -> String {
    let n = n.as_i64().unwrap();
    format!("{n} {}", if n == 1 { one } else { more })
}

fn receipts_said(receipts: &Value) -> Option<String> {
    let (missing, unsaid) = (&receipts["missing"], &receipts["unsaid"]);
    let missing =
        (*missing != 0).then(|| format!("{missing} ({})", said(&receipts["amount_missing"])));
    let unsaid = (*unsaid != 0).then(|| format!("not said of {unsaid}"));
    match (missing, unsaid) {
        (Some(m), Some(u)) => Some(format!("receipts missing: {m}; {u}")),
        (Some(m), None) => Some(format!("receipts missing: {m}")),
        (None, Some(u)) => Some(format!("receipts: {u}")),
        (None, None) => None,
    }
}

/// What is to be said of the two latest years of a document: headings, and the sentences below each.
pub fn sentences(document: &Value) -> Vec<(String, Vec<String>)> {
    let until: NaiveDate = document["until"].as_str().unwrap().parse().unwrap();
    let mut told = Vec::new();
    for of in list(&document["years"]).take(2) {
        let year = of["year"].as_i64().unwrap();
        let heading = match i64::from(until.year()) == year {
            true => format!("Money in {year}, up to {}", until.format("%-d %B")),
            false => format!("Money in {year}"),
        };
        let mut lines = Vec::new();
        if of["payments"] == 0 {
            lines.push("no payment was imported".to_owned());
        } else {
            lines.push(format!(
                "{} in {}",
                said(&of["spent"]),
                some(&of["payments"], "payment", "payments")
            ));
            let kinds = list(&of["by_kind"])
                .map(|it| format!("{} {}", it["kind"].as_str().unwrap(), said(&it["spent"])));
            lines.push(kinds.collect::<Vec<_>>().join(" · "));
            if !of["per_head"].is_null() {
                lines.push(format!(
                    "{} per head of those who came where attendance was marked, else said yes ({})",
                    money(&of["per_head"]),
                    of["heads"]
                ));
            }
            if !of["per_returning"].is_null() {
                lines.push(format!(
                    "{} per returning person ({})",
                    money(&of["per_returning"]),
                    of["returning"]
                ));
            }
            lines.extend(receipts_said(&of["receipts"]));
        }
        told.push((heading, lines));
        let budgets = list(&of["budgets"]).map(|it| {
            let whom = it["group"].as_str().unwrap_or("all together");
            let rest = match it["left"]["amount"].as_str() {
                None => "what is left cannot be told: a rate is missing".to_owned(),
                Some(left) => {
                    let spent = cents(&it["spent"]["amount"]);
                    match left.strip_prefix('-') {
                        Some(over) => format!("{spent} spent, {} too much", cents(&json!(over))),
                        None => format!("{spent} spent, {} left", cents(&json!(left))),
                    }
                }
            };
            format!("{whom}: {}, {rest}", money(&it["budget"]))
        });
        told.push((format!("Budgets of {year}"), budgets.collect()));
        let group = |urlname: &Value| {
            list(&of["groups"])
                .find(|it| it["urlname"] == *urlname)
                .unwrap()
        };
        let dear = list(&of["dearest"]).map(group).map(|it| {
            let name = it["urlname"].as_str().unwrap();
            match it["returning"].as_i64() {
                Some(0) => format!("{name}: {}, and nobody came again", said(&it["spent"])),
                _ => format!(
                    "{name}: {} ({} for {})",
                    money(&it["per_returning"]),
                    said(&it["spent"]),
                    it["returning"]
                ),
            }
        });
        told.push((
            format!("What {year} cost most per returning person"),
            dear.collect(),
        ));
        let groups = list(&of["groups"]).map(|it| {
            let mut parts = vec![said(&it["spent"])];
            match it["events"].is_null() {
                true => parts.push("who came is not known here".to_owned()),
                false => parts.push(format!(
                    "{}, {} heads",
                    some(&it["events"], "event", "events"),
                    it["heads"]
                )),
            }
            for (key, what) in [("per_head", "head"), ("per_returning", "returning person")] {
                if !it[key].is_null() {
                    parts.push(format!("{} per {what}", money(&it[key])));
                }
            }
            parts.extend(receipts_said(&it["receipts"]));
            format!("{}: {}", it["urlname"].as_str().unwrap(), parts.join("; "))
        });
        told.push((format!("For each group in {year}"), groups.collect()));
        let events = list(&of["events"]).map(|it| {
            let text = |key: &str| it[key].as_str().unwrap();
            let each = match it["per_head"].is_null() {
                true => String::new(),
                false => format!("; {} per head", money(&it["per_head"])),
            };
            format!(
                "{} {} {}: {} for {} heads{each}",
                text("on"),
                text("group"),
                text("title"),
                said(&it["spent"]),
                it["heads"]
            )
        });
        told.push((format!("For each event in {year}"), events.collect()));
        let without: Vec<&str> = list(&of["without_money"])
            .map(|it| it.as_str().unwrap())
            .collect();
        if !without.is_empty() {
            let (groups, whom) = match without.len() {
                1 => ("group", "it"),
                _ => ("groups", "them"),
            };
            let line = format!(
                "{} {groups} met, and no payment for {whom} was imported: {}",
                without.len(),
                without.join(", ")
            );
            told.push((format!("Stand without money in {year}"), vec![line]));
        }
    }
    told.retain(|(_, lines)| !lines.is_empty());
    told
}
