//! What a file would change, and that it does.

use super::{
    budget,
    planned::{Handed, Plan, hash},
    rates, spending,
};
use crate::{
    app::database::Database,
    community::ImportKind,
    config::Config,
    mirror::{self, Import},
};
use anyhow::Result;

/// Everything that was imported.
pub(crate) async fn listed(database: &Database) -> Result<Vec<Import>> {
    Ok(database.read(mirror::imports).await?)
}

/// Reads a file and says what it would change; nothing is kept by that.
pub(crate) async fn plan(config: &Config, database: &Database, handed: Handed) -> Result<Plan> {
    check_name(database, &handed).await?;
    match handed.kind {
        ImportKind::Spending => spending::plan(database, handed).await,
        ImportKind::Rates => rates::plan(database, handed, config.money.currency).await,
        ImportKind::Budget => budget::plan(database, handed).await,
    }
}

/// Keeps what was planned: whether anything changed by it.
pub(crate) async fn keep(database: &Database, plan: Plan) -> Result<bool> {
    let changes = plan.differing.is_change();
    database.write(plan.keeping).await?;
    Ok(changes)
}

/// A name is one file's, and one file has one name.
async fn check_name(database: &Database, handed: &Handed) -> Result<()> {
    let (name, kind, hash) = (&handed.name, handed.kind, hash(&handed.bytes));
    for known in listed(database).await? {
        if known.name == *name && known.kind != kind {
            anyhow::bail!(
                "\"{name}\" is an import of {} already\ngive this one another name with --as",
                known.kind
            );
        }
        if known.name != *name && known.kind == kind && known.hash == hash {
            anyhow::bail!(
                "this very file was imported as \"{known}\"; under a second name all of it would count twice\n\
                 import it with --as \"{known}\", or take that back first: gatherd import undo \"{known}\"",
                known = known.name
            );
        }
    }
    Ok(())
}
