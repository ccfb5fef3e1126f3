//! The sentences: one a line, under headings. Each is counted again by `tests/it/recount/money.rs`.

use rust_decimal::Decimal;

use super::super::plain::clean;
use super::super::words::{count, many, number};
use crate::metrics::{
    Amount, BudgetLeft, EventMoney, GroupMoney, Money, MoneyYear, Receipts, Sum, rounded,
};

/// So many years are told, the latest.
const YEARS: usize = 2;
/// Groups, events and budgets told of a year.
const TOLD: usize = 20;

/// Lines under a heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The heading.
    pub heading: String,
    /// One sentence each.
    pub lines: Vec<String>,
}

/// What there is to say, the latest year first.
pub fn parts(money: &Money) -> Vec<Part> {
    if money.years.is_empty() {
        return vec![Part {
            heading: "Money".to_owned(),
            lines: vec!["nothing was imported up to this day".to_owned()],
        }];
    }
    let years = money.years.iter().take(YEARS);
    years.flat_map(|year| of_year(money, year)).collect()
}

fn of_year(money: &Money, year: &MoneyYear) -> Vec<Part> {
    let heading = match money.until.format("%Y").to_string() == year.year.to_string() {
        true => format!(
            "Money in {}, up to {}",
            year.year,
            money.until.format("%-d %B")
        ),
        false => format!("Money in {}", year.year),
    };
    let mut parts = vec![Part {
        heading,
        lines: whole(year),
    }];
    let mut part = |heading: String, lines: Vec<String>| {
        if !lines.is_empty() {
            parts.push(Part { heading, lines });
        }
    };
    let of = year.year;
    part(format!("Budgets of {of}"), listed(&year.budgets, budget));
    let dearest = year.dearest.iter();
    let dearest = dearest.filter_map(|it| year.groups.iter().find(|group| group.urlname == *it));
    let dearest: Vec<&GroupMoney> = dearest.collect();
    part(
        format!("What {of} cost most per returning person"),
        listed(&dearest, |it| dear(it)),
    );
    part(
        format!("For each group in {of}"),
        listed(&year.groups, group),
    );
    part(
        format!("For each event in {of}"),
        listed(&year.events, event),
    );
    if !year.without_money.is_empty() {
        let names: Vec<String> = year.without_money.iter().map(|it| clean(it)).collect();
        let groups = many(names.len() as u64, "group", "groups");
        part(
            format!("Stand without money in {of}"),
            vec![format!(
                "{groups} met, and no payment for {} was imported: {}",
                if names.len() == 1 { "it" } else { "them" },
                names.join(", ")
            )],
        );
    }
    parts
}

fn listed<T>(all: &[T], say: impl Fn(&T) -> String) -> Vec<String> {
    let mut lines: Vec<String> = all.iter().take(TOLD).map(say).collect();
    if all.len() > TOLD {
        lines.push(format!("and {} more", all.len() - TOLD));
    }
    lines
}

fn whole(year: &MoneyYear) -> Vec<String> {
    if year.payments == 0 {
        return vec!["no payment was imported".to_owned()];
    }
    let mut lines = vec![format!(
        "{} in {}",
        sum(&year.spent),
        count(year.payments, "payment", "payments")
    )];
    let kinds: Vec<String> = year
        .by_kind
        .iter()
        .map(|it| format!("{} {}", it.kind, sum(&it.spent)))
        .collect();
    lines.push(kinds.join(" · "));
    lines.extend(year.per_head.map(|each| {
        format!(
            "{} per head of those who came where attendance was marked, else said yes ({})",
            amount(each),
            number(year.heads)
        )
    }));
    lines.extend(year.per_returning.map(|each| {
        format!(
            "{} per returning person ({})",
            amount(each),
            number(year.returning)
        )
    }));
    lines.extend(receipts(&year.receipts));
    lines
}

fn receipts(receipts: &Receipts) -> Option<String> {
    let unsaid = match receipts.unsaid {
        0 => None,
        n => Some(format!("not said of {}", number(n))),
    };
    let missing = match receipts.missing {
        0 => None,
        n => Some(format!("{} ({})", number(n), sum(&receipts.amount_missing))),
    };
    match (missing, unsaid) {
        (None, None) => None,
        (Some(missing), None) => Some(format!("receipts missing: {missing}")),
        (Some(missing), Some(unsaid)) => Some(format!("receipts missing: {missing}; {unsaid}")),
        (None, Some(unsaid)) => Some(format!("receipts: {unsaid}")),
    }
}

fn budget(left: &BudgetLeft) -> String {
    let whom = left
        .group
        .as_deref()
        .map_or_else(|| "all together".to_owned(), clean);
    let told = match (left.spent, left.left) {
        (Some(spent), Some(rest)) if rest.amount >= Decimal::ZERO => {
            let (spent, rest) = (digits(spent.amount), digits(rest.amount));
            format!("{spent} spent, {rest} left")
        }
        (Some(spent), Some(rest)) => {
            let (spent, over) = (digits(spent.amount), digits(-rest.amount));
            format!("{spent} spent, {over} too much")
        }
        _ => "what is left cannot be told: a rate is missing".to_owned(),
    };
    format!("{whom}: {}, {told}", amount(left.budget))
}

fn dear(group: &GroupMoney) -> String {
    let name = clean(&group.urlname);
    match (group.per_returning, group.returning) {
        (Some(each), Some(returning)) => format!(
            "{name}: {} ({} for {})",
            amount(each),
            sum(&group.spent),
            number(returning)
        ),
        _ => format!("{name}: {}, and nobody came again", sum(&group.spent)),
    }
}

fn group(group: &GroupMoney) -> String {
    let mut parts = vec![sum(&group.spent)];
    match (group.events, group.heads) {
        (Some(events), Some(heads)) => {
            let events = count(events, "event", "events");
            parts.push(format!("{events}, {} heads", number(heads)));
        }
        _ => parts.push("who came is not known here".to_owned()),
    }
    parts.extend(group.per_head.map(|it| format!("{} per head", amount(it))));
    parts.extend(
        group
            .per_returning
            .map(|it| format!("{} per returning person", amount(it))),
    );
    parts.extend(receipts(&group.receipts));
    format!("{}: {}", clean(&group.urlname), parts.join("; "))
}

fn event(event: &EventMoney) -> String {
    let each = event
        .per_head
        .map_or_else(String::new, |it| format!("; {} per head", amount(it)));
    format!(
        "{} {} {}: {} for {} heads{each}",
        event.on,
        clean(&event.group),
        clean(&event.title),
        sum(&event.spent),
        number(event.heads)
    )
}

/// "1,234.50 EUR"; of several currencies each, where not all rates are known.
pub(super) fn sum(sum: &Sum) -> String {
    if let Some(whole) = sum.whole() {
        return amount(whole);
    }
    let parts: Vec<String> = sum
        .parts
        .iter()
        .map(|(currency, part)| {
            amount(Amount {
                amount: *part,
                currency: *currency,
            })
        })
        .collect();
    match parts.len() {
        0 => "nothing".to_owned(),
        _ => parts.join(" + "),
    }
}

fn amount(amount: Amount) -> String {
    format!("{} {}", digits(amount.amount), amount.currency)
}

/// Two digits after the point, and thousands set apart.
fn digits(amount: Decimal) -> String {
    let mut cents = rounded(amount);
    cents.rescale(2);
    let text = cents.abs().to_string();
    let (whole, part) = text.split_once('.').unwrap_or((&text, "00"));
    let whole = whole.parse().map_or_else(|_| whole.to_owned(), number);
    let sign = if cents.is_sign_negative() && !cents.is_zero() {
        "-"
    } else {
        ""
    };
    format!("{sign}{whole}.{part}")
}
