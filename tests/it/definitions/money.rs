//! What was spent, and what it bought.

use super::*;
use crate::drawn;
use crate::recount::money::{Payment, Terms, sentences};
use chrono::NaiveDate;
use gatherd::community::{Currency, YearMonth};
use gatherd::metrics::{Allowed, Amount, Money, MoneyTerms, Rates};
use gatherd::mirror::GroupKey;
use gatherd::report;
use rand::{Rng as _, SeedableRng as _, prelude::IndexedRandom as _, rngs::StdRng};
use rust_decimal::Decimal;
use serde_json::json;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn paid(group: usize, on: &str, amount: i64, currency: &'static str) -> Payment {
    Payment {
        group,
        on: day(on),
        kind: "food",
        amount: amount * 10_000,
        currency,
        receipt: Some(true),
        event: None,
    }
}

fn currency(text: &str) -> Currency {
    Currency::parse(text).unwrap()
}

fn terms(of: &Terms) -> MoneyTerms {
    let rates = of.rates.iter().map(|((year, month, name), rate)| {
        let month = YearMonth {
            year: *year,
            month: *month,
        };
        ((month, currency(name)), Decimal::new(*rate, 6))
    });
    MoneyTerms {
        rates: Rates {
            own: of.own.map(currency),
            known: rates.collect(),
        },
        budgets: of
            .budgets
            .iter()
            .map(|(group, year, amount, name)| Allowed {
                group: group.map(|it| GroupKey(it as i64 + 1)),
                year: *year,
                amount: Amount {
                    amount: Decimal::new(*amount, 4),
                    currency: currency(name),
                },
            })
            .collect(),
    }
}

fn counted(world: &World, settings: &Settings, payments: &[Payment], of: &Terms) -> Money {
    let conn = world.store();
    conn.execute_batch(include_str!("../../../schema/mirror/0016_imports.sql"))
        .unwrap();
    conn.execute(
        "INSERT INTO import_row VALUES (1, 'a', 'spending', x'00', 1)",
        [],
    )
    .unwrap();
    for it in payments {
        conn.execute(
            "INSERT INTO spending_row (import, on_date, grp, kind, amount, currency, has_receipt, event)
             VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            rusqlite::params![
                it.on.to_string(),
                it.group as i64 + 1,
                it.kind,
                it.amount,
                it.currency,
                it.receipt,
                it.event.map(|nth| 10_000 - nth as i64)
            ],
        )
        .unwrap();
    }
    metrics::money(&conn, settings, &terms(of)).unwrap()
}

/// 2026 as of A, 15 June 2026 at noon UTC.
fn of_2026(payments: &[Payment], of: &Terms, fill: impl FnOnce(&mut World)) -> serde_json::Value {
    let mut world = World {
        admin: Some(ADMIN),
        ..World::default()
    };
    fill(&mut world);
    let money = counted(&world, &settings(), payments, of);
    serde_json::to_value(&money.years[0]).unwrap()
}

#[test]
fn heads_are_who_came_where_marked_else_who_said_yes_and_returning_is_who_took_part_before() {
    let year = of_2026(
        &[paid(0, "2026-03-01", 60, "EUR")],
        &Terms::default(),
        |w| {
            let g = w.group("a");
            w.met(g, 400, &[1, 2]); // the year before
            w.met(g, 90, &[1, 3, STAFF]);
            w.met(g, 30, &[3, 4])
                .answer("NO_SHOW", &[5])
                .answer("ATTENDED", &[6]);
        },
    );
    let group = &year["groups"][0];
    assert_eq!(group["events"], 2);
    assert_eq!(
        group["heads"],
        3 + 3,
        "staff are heads, and who did not come is none"
    );
    assert_eq!(group["returning"], 2, "1 of the year before, and 3");
    assert_eq!(
        group["per_head"],
        json!({"amount": "10.00", "currency": "EUR"})
    );
    assert_eq!(
        group["per_returning"],
        json!({"amount": "30.00", "currency": "EUR"})
    );
}

#[test]
fn currencies_are_one_only_by_the_rate_of_the_month() {
    let payments = [
        paid(0, "2026-03-01", 10, "USD"),
        paid(0, "2026-04-01", 10, "EUR"),
    ];
    let with = |month: u32| Terms {
        own: Some("EUR"),
        rates: [((2026, month, "USD"), 855_149)].into(),
        ..Terms::default()
    };
    let year = |of: &Terms| {
        of_2026(&payments, of, |w| {
            w.group("a");
        })
    };
    assert_eq!(
        year(&with(3))["spent"]["whole"],
        json!({"amount": "18.55", "currency": "EUR"})
    );
    for unknown in [with(4), Terms::default()] {
        let spent = &year(&unknown)["spent"];
        assert!(spent["whole"].is_null(), "{spent}");
        assert_eq!(
            spent["by_currency"],
            json!({"EUR": "10.00", "USD": "10.00"})
        );
    }
}

#[test]
fn what_is_paid_after_today_counts_later_and_a_group_that_left_counts_without_people() {
    let payments = [
        paid(0, "2026-06-15", 5, "EUR"),
        paid(0, "2026-06-16", 7, "EUR"),
        paid(1, "2026-01-01", 3, "EUR"),
    ];
    let year = of_2026(&payments, &Terms::default(), |w| {
        let (a, b) = (w.group("a"), w.group("b"));
        w.met(a, 30, &[1]);
        w.met(b, 30, &[1]);
        w.groups[b].gone = Some(A - DAY);
        let c = w.group("c");
        w.met(c, 30, &[1]);
    });
    assert_eq!(year["spent"]["whole"]["amount"], "8.00");
    assert_eq!(year["groups"][1]["urlname"], "b");
    assert!(year["groups"][1]["heads"].is_null());
    assert_eq!(
        (&year["heads"], &year["per_head"]["amount"]),
        (&json!(1), &json!("5.00"))
    );
    assert_eq!(year["without_money"], json!(["c"]));
}

fn draw_payments(rng: &mut StdRng, world: &World, a: i64) -> Vec<Payment> {
    let mut payments = Vec::new();
    for _ in 0..rng.random_range(0..60) {
        if world.groups.is_empty() {
            break;
        }
        let group = rng.random_range(0..world.groups.len());
        let own: Vec<usize> = (0..world.events.len())
            .filter(|nth| world.events[*nth].group == group)
            .collect();
        let at = a - rng.random_range(-3..900) * DAY;
        payments.push(Payment {
            group,
            on: instant(at).date_naive(),
            kind: ["venue", "food", "swag", "other"].choose(rng).unwrap(),
            amount: *[10_000, 123_400, 333, 5_000_000, -20_000, 1]
                .choose(rng)
                .unwrap(),
            currency: ["EUR", "EUR", "EUR", "USD", "JPY"]
                [rng.random_range(0..if a % 2 == 0 { 5 } else { 3 })],
            receipt: *[Some(true), Some(false), None].choose(rng).unwrap(),
            event: own.choose(rng).copied().filter(|_| rng.random_bool(0.4)),
        });
    }
    payments
}

fn draw_terms(rng: &mut StdRng, world: &World) -> Terms {
    let mut terms = Terms {
        own: *[None, Some("EUR"), Some("USD")].choose(rng).unwrap(),
        ..Terms::default()
    };
    for year in 2023..=2027 {
        for month in 1..=12 {
            for name in ["EUR", "USD", "JPY"] {
                if Some(name) != terms.own && rng.random_bool(0.97) {
                    let rate = rng.random_range(1_000..3_000_000);
                    terms.rates.insert((year, month, name), rate);
                }
            }
        }
    }
    for year in [2025, 2026] {
        terms.budgets.push((None, year, 10_000_000, "EUR"));
        for group in 0..world.groups.len() {
            if rng.random_bool(0.3) {
                terms.budgets.push((
                    Some(group),
                    year,
                    1_250_000,
                    ["EUR", "USD"].choose(rng).unwrap(),
                ));
            }
        }
    }
    terms
}

#[test]
fn on_worlds_drawn_at_random_the_figures_and_their_sentences_are_those_of_a_plain_recount() {
    let mut told = std::collections::BTreeSet::new();
    for seed in 0..60 {
        let (world, a, asked) = drawn::draw(seed);
        let rng = &mut StdRng::seed_from_u64(seed);
        let payments = draw_payments(rng, &world, a + seed as i64);
        let of = draw_terms(rng, &world);
        let money = counted(&world, &asked.settings(a), &payments, &of);
        let recounted = asked.question(&world, a).money(&payments, &of);
        let mut document = serde_json::to_value(&money).unwrap();
        document.as_object_mut().unwrap().remove("as_of");
        assert_eq!(document, recounted, "world {seed}");
        let parts: Vec<(String, Vec<String>)> = report::parts(&money)
            .into_iter()
            .map(|it| (it.heading, it.lines))
            .collect();
        if money.years.is_empty() {
            continue;
        }
        assert_eq!(parts, sentences(&recounted), "world {seed}");
        let heading = |it: &(String, Vec<String>)| it.0.replace(|c: char| c.is_ascii_digit(), "");
        told.extend(parts.iter().map(heading));
    }
    assert!(told.len() >= 7, "{told:?}");
}
