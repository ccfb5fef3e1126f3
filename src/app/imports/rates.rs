//! Rates of currencies: nothing in them is to be matched.

use super::{
    matching::Groups,
    planned::{Bad, Handed, Plan, unreadable},
    planning::{Kept, Planning},
};
use crate::{
    app::database::Database,
    community::{Currency, YearMonth},
    import,
    mirror::{self, MirrorError, Rate, Writing},
};
use anyhow::Result;

pub(super) async fn plan(
    database: &Database,
    handed: Handed,
    own: Option<Currency>,
) -> Result<Plan> {
    let lines = import::rates(&handed.bytes, handed.reading)
        .map_err(|error| unreadable(&handed.name, &error))?;
    let planned = database.read(move |conn| {
        let mut planning = Planning::begin(conn, handed, lines.refused, &lines.unread)?;
        for (line, row) in lines.good {
            if own == Some(row.currency) {
                planning.bad.push(Bad {
                    line,
                    cause: format!("currency: {} is the one that is configured", row.currency),
                    is_unmatched: false,
                });
                continue;
            }
            let rate = Rate {
                month: row.month,
                currency: row.currency,
                rate: row.rate,
            };
            planning.rows.push((line, rate));
        }
        planning.end(conn)
    });
    Ok(planned.await?)
}

impl Kept for Rate {
    type Mark = (YearMonth, Currency);
    const IS_ONE_EACH: bool = true;

    fn mark(&self) -> Self::Mark {
        (self.month, self.currency)
    }

    fn shown(&self, _: &Groups) -> String {
        format!("{} 1 {} = {}", self.month, self.currency, self.rate)
    }

    fn of(conn: &rusqlite::Connection, name: &str) -> Result<Vec<Self>, MirrorError> {
        mirror::rates(conn, Some(name))
    }

    fn keep(w: &Writing<'_>, name: &str, hash: &[u8], rows: &[Self]) -> Result<(), MirrorError> {
        w.import_rates(name, hash, rows)
    }
}
