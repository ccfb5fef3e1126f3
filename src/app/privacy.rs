//! What is kept about people, and how it is erased.

use super::database::Database;
use crate::{
    community::MemberId,
    config::Config,
    mirror::{self, Erasure, LockError, Mirror, MirrorError, PassLock},
};
use anyhow::Result;
use chrono::Utc;
use std::path::PathBuf;

/// Who is to stay forgotten, within the state directory.
const FILE: &str = "forgotten";

fn file(config: &Config) -> PathBuf {
    config.meetup.state_dir.join(FILE)
}

/// Brings a mirror that was just opened to what is configured: who is to stay forgotten is, and names are kept or not.
pub(super) fn settle(config: &Config, mirror: &Mirror) -> Result<(), MirrorError> {
    let now = Utc::now();
    let erasure = mirror.know_forgotten(&file(config), now)?;
    if erasure.people > 0 {
        tracing::info!(
            people = erasure.people,
            "forgotten again: this database is from before they were"
        );
    }
    match mirror.keep_names(config.privacy.names, now) {
        // Whoever may only look changes nothing.
        Ok((0, 0)) | Err(MirrorError::NotWritable { .. }) => Ok(()),
        Ok((names, messages)) => {
            tracing::info!(
                names,
                messages,
                "names of persons were erased, and messages that had not arrived"
            );
            Ok(())
        }
        Err(error) => Err(error),
    }
}

/// What became of the bytes of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bytes {
    /// They were written anew.
    Clean,
    /// Somebody reads the database for so long that the next pass must do it.
    Later,
    /// A process that runs passes does it when its pass ends.
    By(Option<u32>),
}

/// Erases these people for good.
pub(crate) async fn forget(
    config: &Config,
    database: &Database,
    ids: Vec<MemberId>,
) -> Result<(Erasure, Bytes)> {
    let (file, path) = (file(config), config.database.clone());
    let done = database.with(move |mirror| {
        let erasure = mirror.forget(&ids, Utc::now())?;
        mirror.know_forgotten(&file, Utc::now())?;
        let bytes = match PassLock::take(&path) {
            Ok(_lock) => match mirror.clean()? {
                true => Bytes::Clean,
                false => Bytes::Later,
            },
            Err(LockError::Held { pid }) => Bytes::By(pid),
            Err(error @ LockError::Unusable { .. }) => return Err(anyhow::Error::new(error)),
        };
        Ok((erasure, bytes))
    });
    done.await
}

/// Writes the file anew where something was erased from it and that was not done. For whoever holds the lock of passes; what
/// goes wrong is told, and the next pass tries again.
pub(crate) async fn clean(database: &Database) {
    match database.with(Mirror::clean).await {
        Ok(_) => {}
        Err(error) => {
            let cause = error.to_string().replace('\n', "; ");
            tracing::warn!(
                "the database could not be written anew after somebody was forgotten: {cause}"
            );
        }
    }
}

/// Where the configuration names one of these people, which no command can change.
pub(crate) fn configured(config: &Config, ids: &[MemberId]) -> Vec<&'static str> {
    let staff = config.staff.as_deref().unwrap_or_default();
    let is_staff = ids.iter().any(|id| staff.contains(id));
    is_staff
        .then_some("[staff] member_ids")
        .into_iter()
        .collect()
}

/// How much is kept about people, in a few figures.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Standing {
    /// People with an id.
    pub(crate) known: i64,
    /// Of them, those with a name.
    pub(crate) named: i64,
    /// Those who were forgotten and counted before.
    pub(crate) forgotten: i64,
    /// Whether bytes of the file may still hold some.
    pub(crate) is_cleaning_due: bool,
}

/// The same of this database.
pub(crate) async fn standing(database: &Database) -> Result<Standing> {
    let read = database.read(|conn| {
        let (known, named, forgotten) = mirror::people_kept(conn)?;
        Ok(Standing {
            known,
            named,
            forgotten,
            is_cleaning_due: mirror::is_cleaning_due(conn)?,
        })
    });
    Ok(read.await?)
}
