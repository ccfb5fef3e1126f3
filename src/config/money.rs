//! `[money]`, `[[budget]]` and `[[import]]`: what is spent, what may be, and the files that say so.

use std::collections::HashSet;
use std::path::PathBuf;

use rust_decimal::Decimal;

use super::reading::{Section, nearest};
use super::sections::NO_URLNAME;
use crate::community::{Currency, DateOrder, DecimalSign, ImportKind, urlname_of};

/// What is said of money.
#[derive(Debug, Clone, Default)]
pub struct Money {
    /// What all is told in, where a rate is known; none: each currency by itself.
    pub currency: Option<Currency>,
    /// What may be spent.
    pub budgets: Vec<Budget>,
    /// Files that are read again when they change.
    pub imports: Vec<ImportedFile>,
}

/// What may be spent in a calendar year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Budget {
    /// The group's urlname; none: all together.
    pub group: Option<String>,
    /// In which year.
    pub year: i32,
    /// How much, exactly.
    pub amount: Decimal,
    /// In which money.
    pub currency: Currency,
}

/// A file that is read again when it changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedFile {
    /// What it holds.
    pub kind: ImportKind,
    /// Where it is.
    pub file: PathBuf,
    /// In which order its dates are written; none: year, month, day with dashes.
    pub dates: Option<DateOrder>,
    /// Which sign stands before the cents; none: as the file's kind has it.
    pub decimals: Option<DecimalSign>,
}

pub(super) fn read(root: &Section<'_, '_>) -> Money {
    let section = root.table("money");
    let currency = currency(&section);
    section.finish();
    Money {
        currency,
        budgets: budgets(root, currency),
        imports: imports(root),
    }
}

fn currency(section: &Section<'_, '_>) -> Option<Currency> {
    let written = section.text("currency")?;
    let known = Currency::parse(&written);
    if known.is_none() {
        let cause = format!("is {written}, which is no currency");
        section.problem("currency", cause, "write three letters, such as \"EUR\"");
    }
    known
}

fn budgets(root: &Section<'_, '_>, usual: Option<Currency>) -> Vec<Budget> {
    let mut budgets = Vec::new();
    let mut seen = HashSet::new();
    for section in root.tables("budget") {
        let written = section.text("group");
        let group = written.as_deref().map(|it| urlname_of(it).ok_or(it));
        let group = group.transpose().unwrap_or_else(|written| {
            let cause = format!("is not a urlname: {written}");
            section.problem("group", cause, NO_URLNAME);
            None
        });
        let year = section.whole("year", 2000..=2100);
        let amount = amount(&section);
        let currency = match section.has("currency") {
            true => currency(&section),
            false => usual,
        };
        for (key, remedy) in [
            ("year", "write year = 2026"),
            ("amount", "write amount = \"1500.00\""),
        ] {
            if !section.has(key) {
                section.problem(key, "is missing", remedy);
            }
        }
        if currency.is_none() && !section.has("currency") {
            section.problem(
                "currency",
                "is missing, and so is money.currency",
                "write currency = \"EUR\"",
            );
        }
        section.finish();
        let (Some(year), Some(amount), Some(currency)) = (year, amount, currency) else {
            continue;
        };
        let year = i32::try_from(year).unwrap_or_default();
        let whom = group.as_deref().unwrap_or("all groups").to_lowercase();
        if !seen.insert((whom.clone(), year, currency)) {
            let cause = format!("is a second budget of {whom} for {year}");
            section.problem("year", cause, "remove one [[budget]]");
        }
        budgets.push(Budget {
            group,
            year,
            amount,
            currency,
        });
    }
    budgets
}

/// Whole numbers, or decimal ones in quotes: a number with a point would not be exact.
fn amount(section: &Section<'_, '_>) -> Option<Decimal> {
    let written = section.id("amount")?;
    let is_plain = |c: char| c.is_ascii_digit() || c == '.';
    let read = Decimal::from_str_exact(&written).ok();
    let read = read.filter(|it| {
        written.chars().all(is_plain)
            && it.scale() <= 4
            && *it < Decimal::from(1_000_000_000_000_i64)
    });
    if read.is_none() {
        section.problem(
            "amount",
            format!("is {written}"),
            "write digits, such as \"1500.00\"",
        );
    }
    read
}

fn imports(root: &Section<'_, '_>) -> Vec<ImportedFile> {
    let mut imports: Vec<ImportedFile> = Vec::new();
    for section in root.tables("import") {
        let kind = section.text("kind").and_then(|word| {
            let kind = ImportKind::parse(&word);
            if kind.is_none() {
                let known: Vec<&str> = ImportKind::ALL.iter().map(|it| it.as_str()).collect();
                section.problem("kind", format!("is {word}"), nearest(&word, &known));
            }
            kind
        });
        let file = section.text("file").map(|it| section.reader.path(&it));
        for (key, remedy) in [
            ("kind", "write kind = \"spending\""),
            ("file", "write file = \"spending.csv\""),
        ] {
            if !section.has(key) {
                section.problem(key, "is missing", remedy);
            }
        }
        let dates = word(&section, "dates", DateOrder::ALL, DateOrder::as_str);
        let decimals = word(&section, "decimal", DecimalSign::ALL, DecimalSign::as_str);
        section.finish();
        let (Some(kind), Some(file)) = (kind, file) else {
            continue;
        };
        let named = |it: &ImportedFile| it.file.file_name() == file.file_name();
        if imports.iter().any(named) {
            section.problem(
                "file",
                "is called like that of another [[import]], and each is known by the file's name",
                "give one of them another name",
            );
        }
        imports.push(ImportedFile {
            kind,
            file,
            dates,
            decimals,
        });
    }
    imports
}

/// One of some words.
fn word<T: Copy>(
    section: &Section<'_, '_>,
    key: &'static str,
    all: &[T],
    as_str: fn(T) -> &'static str,
) -> Option<T> {
    let written = section.text(key)?;
    let found = all.iter().find(|it| as_str(**it) == written).copied();
    if found.is_none() {
        let known: Vec<&str> = all.iter().map(|it| as_str(*it)).collect();
        section.problem(key, format!("is {written}"), nearest(&written, &known));
    }
    found
}
