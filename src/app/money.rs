//! What money bought, from what was imported and what is configured.

use super::database::Database;
use crate::{
    config::Config,
    metrics::{self, Allowed, Amount, Money, MoneyTerms, Rates},
    mirror::{self, MirrorError},
};
use anyhow::Result;
use std::collections::HashSet;

/// Counts it over the groups that the settings reach.
pub(crate) async fn money(
    config: &Config,
    database: &Database,
    settings: &metrics::Settings,
) -> Result<Money> {
    let (config, settings) = (config.clone(), settings.clone());
    let counted = database.read(move |conn| {
        let terms = terms(conn, &config)?;
        Ok(metrics::money(conn, &settings, &terms)?)
    });
    Ok(counted.await?)
}

/// Rates and budgets; a budget that was imported wins over a configured one.
fn terms(conn: &rusqlite::Connection, config: &Config) -> Result<MoneyTerms, MirrorError> {
    let rates = mirror::rates(conn, None)?.into_iter();
    let mut budgets: Vec<Allowed> = Vec::new();
    for it in mirror::year_budgets(conn, None)? {
        budgets.push(Allowed {
            group: it.group,
            year: it.year,
            amount: Amount {
                amount: it.amount,
                currency: it.currency,
            },
        });
    }
    let known = mirror::roster(conn)?;
    for it in &config.money.budgets {
        let group = match &it.group {
            None => None,
            Some(urlname) => {
                let is = |name: &str| name.eq_ignore_ascii_case(urlname);
                let found = known.iter().find(|group| {
                    is(&group.urlname) || group.configured_as.as_deref().is_some_and(is)
                });
                let Some(found) = found else {
                    tracing::warn!("[[budget]] names {urlname}, and no such group is known");
                    continue;
                };
                Some(found.key)
            }
        };
        budgets.push(Allowed {
            group,
            year: it.year,
            amount: Amount {
                amount: it.amount,
                currency: it.currency,
            },
        });
    }
    // The first of a group, a year and a currency counts.
    let mut seen = HashSet::new();
    budgets.retain(|it| seen.insert((it.group, it.year, it.amount.currency)));
    Ok(MoneyTerms {
        rates: Rates {
            own: config.money.currency,
            known: rates.map(|it| ((it.month, it.currency), it.rate)).collect(),
        },
        budgets,
    })
}
