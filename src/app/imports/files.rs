//! Files that are read again when they change: `[[import]]`.
//!
//! One that will not do keeps what it said before, and stops nothing: `status` and `doctor` tell of it, who look by
//! themselves, so that nothing has to be remembered.

use super::{
    handing::{bytes, name},
    keeping::{keep, listed, plan},
    planned::{Handed, Plan, hash},
};
use crate::{
    app::database::Database,
    config::{Config, ImportedFile},
    import::Reading,
};
use anyhow::{Result, bail};
use chrono::{DateTime, Utc};
use std::{
    collections::HashMap,
    path::PathBuf,
    time::{Duration, Instant, SystemTime},
};

/// How one file stands.
#[derive(Debug, Clone)]
pub(crate) struct Looked {
    /// Where it is.
    pub(crate) file: PathBuf,
    /// When what it says was kept last; none: never.
    pub(crate) at: Option<DateTime<Utc>>,
    /// Whether it says something else by now, which will do.
    pub(crate) is_waiting: bool,
    /// Why what it says now is not kept.
    pub(crate) trouble: Option<String>,
}

/// How every configured file stands.
pub(crate) async fn look(config: &Config, database: &Database) -> Result<Vec<Looked>> {
    let mut all = Vec::new();
    let known = listed(database).await?;
    for file in &config.money.imports {
        let planned = changed(config, database, file).await;
        let name = name(&file.file, None).unwrap_or_default();
        let known = known.iter().find(|it| it.name == name);
        all.push(Looked {
            file: file.file.clone(),
            at: known.map(|it| it.at),
            is_waiting: matches!(planned, Ok(Some(_))),
            trouble: planned.err().map(|error| format!("{error:#}")),
        });
    }
    Ok(all)
}

/// What a file says that is not kept yet; none: nothing else. An error says why it cannot be kept.
async fn changed(
    config: &Config,
    database: &Database,
    file: &ImportedFile,
) -> Result<Option<Plan>> {
    let path = file.file.display();
    let (name, bytes) = (name(&file.file, None)?, bytes(&file.file).await?);
    let is_kept = |it: &crate::mirror::Import| it.name == name && it.hash == hash(&bytes);
    if listed(database).await?.iter().any(is_kept) {
        return Ok(None);
    }
    let handed = Handed {
        kind: file.kind,
        name: name.clone(),
        bytes,
        reading: Reading {
            dates: file.dates,
            decimals: file.decimals,
        },
    };
    let plan = plan(config, database, handed).await?;
    if let Some(first) = plan.bad.first() {
        // Nothing of what stands in it: this goes into logs.
        bail!(
            "{path}: {} of its lines will not do, the first of them line {}; what it said before stays\n\
             `gatherd import {} {path} --dry-run` says why",
            plan.bad.len(),
            first.line,
            file.kind
        );
    }
    Ok(Some(plan))
}

/// Keeps what every configured file says by now, and tells of those that will not do.
pub(crate) async fn renew(config: &Config, database: &Database) {
    Watching::default().turn(config, database).await;
}

/// What was seen of the files.
#[derive(Debug, Default)]
pub(crate) struct Watching(HashMap<PathBuf, Seen>);

#[derive(Debug)]
struct Seen {
    /// When it was written, and how long it is.
    mark: Option<(SystemTime, u64)>,
    at: Instant,
    trouble: Option<String>,
}

/// Whatever its mark says, a file is read again after this: it may have been bad, and what it means may be known by now.
const AGAIN: Duration = Duration::from_secs(60);

impl Watching {
    /// Looks at every file, and keeps what changed. Trouble is told once, until it is another.
    pub(crate) async fn turn(&mut self, config: &Config, database: &Database) {
        for file in &config.money.imports {
            let path = file.file.clone();
            let mark = crate::off_thread::off_thread(move || {
                let about = std::fs::metadata(path).ok()?;
                Some((about.modified().ok()?, about.len()))
            });
            let mark = mark.await;
            let before = self.0.get(&file.file);
            if before.is_some_and(|it| it.mark == mark && mark.is_some() && it.at.elapsed() < AGAIN)
            {
                continue;
            }
            let told = before.and_then(|it| it.trouble.clone());
            let trouble = match renewed(config, database, file).await {
                Ok(()) => None,
                Err(error) => Some(format!("{error:#}").replace('\n', "; ")),
            };
            if let Some(trouble) = trouble.as_ref().filter(|it| told.as_ref() != Some(it)) {
                tracing::warn!("import: {trouble}");
            }
            let seen = Seen {
                mark,
                at: Instant::now(),
                trouble,
            };
            self.0.insert(file.file.clone(), seen);
        }
    }
}

async fn renewed(config: &Config, database: &Database, file: &ImportedFile) -> Result<()> {
    let Some(plan) = changed(config, database, file).await? else {
        return Ok(());
    };
    let found = &plan.differing;
    let (new, changed, dropped) = (found.new.len(), found.changed.len(), found.dropped.len());
    keep(database, plan).await?;
    let path = file.file.display();
    tracing::info!(
        "import: {path} read again: {new} new, {changed} changed, {dropped} no longer there"
    );
    Ok(())
}
