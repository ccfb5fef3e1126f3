//! Budgets: which group each line means.

use super::{
    matching::Groups,
    planned::{Bad, Handed, Plan, unreadable},
    planning::{Kept, Planning},
};
use crate::{
    app::database::Database,
    community::Currency,
    import,
    mirror::{self, GroupKey, MirrorError, Writing, YearBudget},
};
use anyhow::Result;

pub(super) async fn plan(database: &Database, handed: Handed) -> Result<Plan> {
    let lines = import::budget(&handed.bytes, handed.reading)
        .map_err(|error| unreadable(&handed.name, &error))?;
    let planned = database.read(move |conn| {
        let mut planning = Planning::begin(conn, handed, lines.refused, &lines.unread)?;
        for (line, row) in lines.good {
            let group = row.group.as_deref();
            let group = group.map(|written| planning.groups.group(written).map(|it| it.key));
            match group.transpose() {
                Ok(group) => {
                    let budget = YearBudget {
                        group,
                        year: row.year,
                        amount: row.amount,
                        currency: row.currency,
                    };
                    planning.rows.push((line, budget));
                }
                Err(cause) => planning.bad.push(Bad {
                    line,
                    cause,
                    is_unmatched: true,
                }),
            }
        }
        planning.end(conn)
    });
    Ok(planned.await?)
}

impl Kept for YearBudget {
    type Mark = (Option<GroupKey>, i32, Currency);
    const IS_ONE_EACH: bool = true;

    fn mark(&self) -> Self::Mark {
        (self.group, self.year, self.currency)
    }

    fn shown(&self, groups: &Groups) -> String {
        let group = self.group.map(|it| groups.called(it));
        format!(
            "{} {} {} {}",
            group.as_deref().unwrap_or("all"),
            self.year,
            self.amount,
            self.currency
        )
    }

    fn of(conn: &rusqlite::Connection, name: &str) -> Result<Vec<Self>, MirrorError> {
        mirror::year_budgets(conn, Some(name))
    }

    fn keep(w: &Writing<'_>, name: &str, hash: &[u8], rows: &[Self]) -> Result<(), MirrorError> {
        w.import_year_budgets(name, hash, rows)
    }
}
