//! Spending: who and what each line means, and what it would change.

use super::{
    matching::{self, Groups},
    planned::{Bad, Handed, Plan, unreadable},
    planning::{Kept, Planning},
};
use crate::{
    app::{database::Database, memory},
    community::SpendingKind,
    import::{self, SpendingLine},
    mirror::{self, EventKey, GroupKey, MirrorError, Spending, Writing},
    report::clean,
};
use anyhow::Result;
use chrono::NaiveDate;

pub(super) async fn plan(database: &Database, handed: Handed) -> Result<Plan> {
    let lines = import::spending(&handed.bytes, handed.reading)
        .map_err(|error| unreadable(&handed.name, &error))?;
    let planned = database.read(move |conn| planned(conn, handed, lines));
    Ok(planned.await?)
}

fn planned(
    conn: &rusqlite::Connection,
    handed: Handed,
    lines: import::Lines<SpendingLine>,
) -> Result<Plan, MirrorError> {
    let mut planning = Planning::begin(conn, handed, lines.refused, &lines.unread)?;
    for (number, line) in lines.good {
        match matched(conn, &mut planning.groups, &line)? {
            Ok(row) => planning.rows.push((number, row)),
            Err(Flaw(cause, is_unmatched)) => planning.bad.push(Bad {
                line: number,
                cause,
                is_unmatched,
            }),
        }
    }
    planning.end(conn)
}

impl Kept for Spending {
    type Mark = (NaiveDate, GroupKey, SpendingKind, Option<EventKey>);
    const IS_ONE_EACH: bool = false;

    /// A payment that was corrected is one of the same day, group, purpose and event.
    fn mark(&self) -> Self::Mark {
        (self.on, self.group, self.kind, self.event)
    }

    fn shown(&self, groups: &Groups) -> String {
        let group = groups.called(self.group);
        let mut text = format!(
            "{} {group} {} {} {}",
            self.on, self.kind, self.amount, self.currency
        );
        match self.has_receipt {
            Some(true) => text.push_str(", receipt"),
            Some(false) => text.push_str(", no receipt"),
            None => {}
        }
        if self.event.is_some() {
            text.push_str(", for an event");
        }
        if let Some(note) = &self.note {
            text.push_str(": ");
            text.push_str(note);
        }
        text
    }

    fn of(conn: &rusqlite::Connection, name: &str) -> Result<Vec<Self>, MirrorError> {
        mirror::spending_of(conn, name)
    }

    fn keep(w: &Writing<'_>, name: &str, hash: &[u8], rows: &[Self]) -> Result<(), MirrorError> {
        w.import_spending(name, hash, rows)
    }
}

/// Why a line cannot be kept, and whether that is because nothing is found that it means.
struct Flaw(String, bool);

fn matched(
    conn: &rusqlite::Connection,
    groups: &mut Groups,
    line: &SpendingLine,
) -> Result<Result<Spending, Flaw>, MirrorError> {
    let group = match groups.group(&line.group) {
        Ok(group) => group,
        Err(cause) => return Ok(Err(Flaw(cause, true))),
    };
    let event = match &line.event {
        None => None,
        Some(named) => match matching::event(conn, group, named)? {
            Ok(event) => Some(event),
            Err(cause) => return Ok(Err(Flaw(cause, true))),
        },
    };
    let note = line.note.as_deref().map(clean).filter(|it| !it.is_empty());
    if note
        .as_ref()
        .is_some_and(|it| it.chars().count() > memory::LONGEST_NOTE)
    {
        let cause = format!("note: it has more than {} characters", memory::LONGEST_NOTE);
        return Ok(Err(Flaw(cause, false)));
    }
    Ok(Ok(Spending {
        on: line.on,
        group: group.key,
        kind: line.kind,
        amount: line.amount,
        currency: line.currency,
        note,
        has_receipt: line.has_receipt,
        event,
    }))
}
