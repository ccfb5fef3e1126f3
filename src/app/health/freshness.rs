//! How fresh what a report says is.

use crate::{
    mirror::{self, MirrorError},
    report::Freshness,
};
use chrono::DateTime;

/// Passes looked through for the last that ended.
const RECENT: usize = 50;

/// When the last good pass was, and which groups it or a later one could not read.
pub(crate) fn freshness(conn: &rusqlite::Connection) -> Result<Freshness, MirrorError> {
    let last_good = mirror::last_good_pass(conn)?;
    // A pass that is still running has not failed at anything yet, nor read anything through.
    let latest = mirror::recent_passes(conn, RECENT)?
        .iter()
        .find(|pass| pass.finished_at.is_some())
        .map(|pass| pass.id);
    let failed: Vec<(String, String)> = mirror::recent_failures(conn, 1_000)?
        .into_iter()
        .filter(|failure| Some(failure.pass) == latest)
        .map(|failure| (failure.scope, failure.message))
        .collect();
    let networks = mirror::networks(conn)?;
    let network_failure = |key: mirror::NetworkKey| {
        let network = networks.iter().find(|network| network.key == key)?;
        let scope = format!("network {}", network.urlname);
        failed
            .iter()
            .find(|(failed, _)| *failed == scope)
            .map(|(_, message)| message.clone())
    };
    let unread = mirror::roster(conn)?
        .into_iter()
        .filter(|group| group.gone_at.is_none())
        .filter_map(|group| {
            let own = (group.failures > 0).then(|| group.failure.clone().unwrap_or_default());
            let why = own.or_else(|| group.network.and_then(network_failure))?;
            Some((group.urlname, why))
        })
        .collect();
    let last_pass_at = last_good
        .and_then(|pass| pass.finished_at)
        .and_then(|at| DateTime::from_timestamp(at, 0));
    Ok(Freshness::new(last_pass_at, unread))
}
