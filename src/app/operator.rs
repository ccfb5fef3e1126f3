//! The daemon's own trouble: read from the journal and the outbox, told to the operator's channels.

use super::{
    backups::Standing,
    database::Database,
    health::{Readings, stale},
    outbox::Post,
    telling::{addressees, file, keep},
};
use crate::{
    config::{Config, Sends},
    mirror::{self, Mirror, MirrorError, PassOutcome, Writing},
    report::alerts::{self, Health, Trouble},
};
use anyhow::Result;
use chrono::{DateTime, Duration, SubsecRound, Utc};

/// How old the last good pass may be.
const PATIENCE: Duration = Duration::days(1);
/// Passes looked through for the last that failed.
const RECENT: usize = 50;

/// Looks at the daemon's own trouble, and files what is to be told. `began_at` is when this daemon
/// began: a pass that is open since before is none of its own.
pub(crate) async fn operator(
    config: &Config,
    database: &Database,
    office: &Post,
    now: DateTime<Utc>,
    began_at: Option<DateTime<Utc>>,
) -> Result<()> {
    let (config, office) = (config.clone(), office.clone());
    let looking = database.with(move |mirror| look(&config, mirror, &office, now, began_at));
    looking.await
}

fn look(
    config: &Config,
    database: &Mirror,
    office: &Post,
    now: DateTime<Utc>,
    began_at: Option<DateTime<Utc>>,
) -> Result<()> {
    let now = now.trunc_subsecs(0);
    let health = database.read(|conn| health(conn, config, began_at, now))?;
    let decided = alerts::operator(&health, &database.read(mirror::troubles)?, now, PATIENCE);
    if decided.0.is_empty() && decided.1.is_empty() {
        return Ok(());
    }
    let told = database.write(now, |w| {
        let (remember, forget, troubles) =
            alerts::operator(&health, &mirror::troubles(w)?, now, PATIENCE);
        keep(w, &remember, &forget)?;
        file_troubles(w, config, office, &troubles, now, health.last_good_at)?;
        Ok(troubles)
    })?;
    for trouble in &told {
        tracing::warn!("trouble, for the operator: {}", trouble.sentence);
    }
    Ok(())
}

fn health(
    conn: &rusqlite::Connection,
    config: &Config,
    began_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<Health, MirrorError> {
    let instant = |at: i64| DateTime::from_timestamp(at, 0).unwrap_or_default();
    let readings = Readings::look(conn, config)?;
    let passes = mirror::recent_passes(conn, RECENT)?;
    let first_pass_at = match readings.last_good_at {
        Some(_) => None,
        None => mirror::recent_passes(conn, 10_000)?
            .last()
            .map(|pass| instant(pass.started_at)),
    };
    let failed = passes
        .iter()
        .find(|pass| pass.outcome == Some(PassOutcome::Failed));
    let under_way = passes.first().filter(|pass| pass.finished_at.is_none());
    let refused = readings.refused();
    let stale = stale(&readings, &config.schedule, under_way.is_some(), now);
    // A machine that slept has old data too: somebody must have tried to read it, in vain.
    let stale = stale.iter().filter(|it| it.has_failed());
    Ok(Health {
        last_good_at: readings.last_good_at,
        first_pass_at,
        failed_at: failed.and_then(|pass| pass.finished_at).map(instant),
        running_since: under_way
            .map(|pass| instant(pass.started_at))
            .filter(|at| began_at.is_some_and(|began_at| *at >= began_at)),
        sign_in: readings.sign_in().map(|it| it.message.clone()),
        refused: refused
            .map(|it| (it.scope.clone(), it.message.clone()))
            .collect(),
        stale: stale.map(|it| (it.about(), it.sentence())).collect(),
        dead: mirror::given_up(conn)?,
        drift: drift(conn)?,
        old_backup: Standing::look(conn, config, now)?.and_then(|it| it.sentence()),
    })
}

/// What is lost of Meetup's API; none: it was never compared. What is merely new is no trouble.
fn drift(conn: &rusqlite::Connection) -> Result<Option<Vec<String>>, MirrorError> {
    let found = mirror::drift_findings(conn)?;
    if found.is_empty() && mirror::schema_checked_at(conn)?.is_none() {
        return Ok(None);
    }
    let lost = found
        .into_iter()
        .filter(|it| it.weight != mirror::DriftWeight::Note)
        .map(|it| format!("{} {}", it.place, it.what));
    Ok(Some(lost.collect()))
}

/// Files one message to each of the operator's channels that these troubles concern.
pub(super) fn file_troubles(
    w: &Writing<'_>,
    config: &Config,
    office: &Post,
    troubles: &[Trouble],
    now: DateTime<Utc>,
    read_at: Option<DateTime<Utc>>,
) -> Result<(), MirrorError> {
    let Some(first) = troubles.first() else {
        return Ok(());
    };
    let all: Vec<&Trouble> = troubles.iter().collect();
    let addressed = addressees(config, Sends::Operator).filter_map(|channel| {
        // Where nothing arrives, that nothing arrives would not arrive either.
        let reached: Vec<&Trouble> = troubles
            .iter()
            .filter(|it| it.kind != alerts::DEAD || it.about.as_ref() != Some(&channel.name))
            .collect();
        (!reached.is_empty()).then(|| {
            let message = alerts::operator_message(&reached);
            (
                channel,
                message,
                alerts::operator_document(&reached, now, read_at),
            )
        })
    });
    let about = format!("operator {}", first.kind);
    let document = alerts::operator_document(&all, now, read_at);
    file(w, office, &about, all.len(), now, &document, addressed)
}
