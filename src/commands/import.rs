//! `gatherd import`: files that people keep beside Meetup.

use super::{Exit, contact, print};
use crate::{
    app::imports::{self, Bad, Differing, Plan},
    cli::{Global, Handed, ImportCommand},
    community::ImportKind,
    import::{BUDGET_TEMPLATE, RATES_TEMPLATE, Reading, SPENDING_TEMPLATE},
    report::{clean, many, number},
};
use anyhow::Result;
use std::fmt::Write as _;

/// As many lines of one sort are listed; the rest is counted.
const LISTED: usize = 40;

pub(super) async fn run(global: &Global, command: &ImportCommand) -> Result<Exit> {
    match command {
        ImportCommand::Spending(handed) => {
            of_kind(global, handed, ImportKind::Spending, SPENDING_TEMPLATE).await
        }
        ImportCommand::Rates(handed) => {
            of_kind(global, handed, ImportKind::Rates, RATES_TEMPLATE).await
        }
        ImportCommand::Budget(handed) => {
            of_kind(global, handed, ImportKind::Budget, BUDGET_TEMPLATE).await
        }
        ImportCommand::List => list(global).await,
        ImportCommand::Undo { name } => {
            let (_, database) = contact::open(global).await?;
            let rows = imports::undo(&database, name).await?;
            print(&format!(
                "taken back: {}, all that was imported as \"{}\"\n",
                many(rows, "row", "rows"),
                clean(name)
            ))?;
            Ok(Exit::Done)
        }
    }
}

async fn of_kind(
    global: &Global,
    handed: &Handed,
    kind: ImportKind,
    template: &str,
) -> Result<Exit> {
    let Some(file) = handed.file.as_deref().filter(|_| !handed.template) else {
        print(template)?;
        return Ok(Exit::Done);
    };
    let name = imports::name(file, handed.name.as_deref())?;
    let (config, database) = contact::open(global).await?;
    let bytes = imports::bytes(file).await?;
    let file = imports::Handed {
        kind,
        name,
        bytes,
        reading: Reading {
            dates: handed.dates,
            decimals: handed.decimal,
        },
    };
    let plan = imports::plan(&config, &database, file).await?;
    let exit = match (plan.bad.is_empty(), handed.skip_bad) {
        (true, _) => Exit::Done,
        (false, true) => Exit::Partly,
        (false, false) => Exit::Failed,
    };
    let mut text = String::new();
    if handed.dry_run || exit == Exit::Failed {
        say_rows(&mut text, &plan.differing);
    }
    say_bad(&mut text, &plan.bad);
    say_beside(&mut text, &plan);
    let name = plan.name.clone();
    let counts = counted(&plan.differing, plan.bad.len());
    if handed.dry_run {
        let _ = writeln!(
            text,
            "a dry run as \"{name}\", and nothing was kept: {counts}"
        );
    } else if exit == Exit::Failed {
        let _ = writeln!(
            text,
            "nothing was kept of \"{name}\": {counts}\ncorrect these lines, or leave them out with --skip-bad"
        );
    } else if imports::keep(&database, plan).await? {
        let _ = writeln!(text, "imported as \"{name}\": {counts}");
    } else {
        let _ = writeln!(
            text,
            "\"{name}\" says what it said before, and nothing changed: {counts}"
        );
    }
    print(&text)?;
    Ok(exit)
}

/// "2 new, 1 changed, 5 as before, 1 line refused".
fn counted(differing: &Differing, bad: usize) -> String {
    let count = |n: usize| number(i64::try_from(n).unwrap_or(i64::MAX));
    let mut parts: Vec<String> = [
        (differing.new.len(), "new"),
        (differing.changed.len(), "changed"),
        (differing.dropped.len(), "no longer there"),
        (differing.same, "as before"),
        (bad, "that will not do"),
    ]
    .into_iter()
    .filter(|(n, _)| *n > 0)
    .map(|(n, what)| format!("{} {what}", count(n)))
    .collect();
    if parts.is_empty() {
        parts.push("no rows".to_owned());
    }
    parts.join(", ")
}

fn say_rows(text: &mut String, differing: &Differing) {
    let new = differing.new.iter();
    let new = new.map(|(line, row)| format!("line {line}: {row}"));
    say(text, "new", new.collect());
    let changed = differing.changed.iter();
    let changed = changed.map(|(line, was, is)| format!("line {line}: {was} -> {is}"));
    say(text, "changed", changed.collect());
    say(text, "no longer there", differing.dropped.clone());
}

fn say_bad(text: &mut String, bad: &[Bad]) {
    let of = |is_unmatched: bool| -> Vec<String> {
        let bad = bad.iter().filter(|it| it.is_unmatched == is_unmatched);
        bad.map(|it| format!("line {}: {}", it.line, it.cause))
            .collect()
    };
    say(text, "unmatched", of(true));
    say(text, "refused", of(false));
}

fn say_beside(text: &mut String, plan: &Plan) {
    if !plan.unread.is_empty() {
        let columns = plan.unread.join(", ");
        let _ = writeln!(
            text,
            "not read, since nothing is known of such columns: {columns}"
        );
    }
    for (other, rows) in &plan.twice {
        let rows = many(*rows as u64, "row", "rows");
        let _ = writeln!(
            text,
            "also in \"{other}\" just so, and counted twice if both stay: {rows}"
        );
    }
}

fn say(text: &mut String, head: &str, mut lines: Vec<String>) {
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(text, "{head}:");
    let more = lines.len().saturating_sub(LISTED);
    lines.truncate(LISTED);
    for line in lines {
        let _ = writeln!(text, "  {line}");
    }
    if more > 0 {
        let _ = writeln!(text, "  and {more} more");
    }
}

async fn list(global: &Global) -> Result<Exit> {
    let (_, database) = contact::open(global).await?;
    let all = imports::listed(&database).await?;
    if all.is_empty() {
        print("nothing was imported yet\n")?;
        return Ok(Exit::Done);
    }
    let mut text = String::new();
    for one in all {
        let _ = writeln!(
            text,
            "{}  {}  {}  {}",
            one.at.format("%Y-%m-%d %H:%M UTC"),
            one.kind,
            many(one.rows, "row", "rows"),
            clean(&one.name)
        );
    }
    print(&text)?;
    Ok(Exit::Done)
}
