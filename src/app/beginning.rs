//! Before anything was read whole: how far the first reading is, and what keeps it.

use super::health::Readings;
use crate::{
    config::Config,
    mirror::{self, MirrorError, PassLock, PassOutcome},
};

/// How far the first reading is; there is none once a pass has been good and the past of any group is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Beginning {
    /// It is under way, and nothing has failed yet.
    UnderWay,
    /// A pass failed: what fails, each with what to do. It is tried again.
    Failed(Vec<String>),
    /// No pass has begun.
    NotBegun,
}

/// How far it is.
pub(super) fn look(
    conn: &rusqlite::Connection,
    config: &Config,
    readings: &Readings,
) -> Result<Option<Beginning>, MirrorError> {
    if readings.last_good_at.is_some() {
        let roster = mirror::roster(conn)?;
        let mut sponsored = roster.iter().filter(|it| it.gone_at.is_none()).peekable();
        let is_begun = sponsored.peek().is_some() && sponsored.all(|it| !it.history_complete);
        return Ok(is_begun.then_some(Beginning::UnderWay));
    }
    let passes = mirror::recent_passes(conn, 2)?;
    let has_failed = |it: &mirror::Pass| it.outcome == Some(PassOutcome::Failed);
    let is_whole = readings.failing.iter().any(|it| it.group.is_none());
    if is_whole || passes.iter().any(has_failed) {
        let told = readings.told();
        let told = told.map(|it| format!("{}: {}", it.scope, it.message));
        return Ok(Some(Beginning::Failed(told.collect())));
    }
    let is_open = passes.first().is_some_and(|it| it.finished_at.is_none());
    let is_under_way = is_open && PassLock::holder(&config.database).is_some();
    Ok(Some(match is_under_way {
        true => Beginning::UnderWay,
        false => Beginning::NotBegun,
    }))
}
