//! What is known of passes and asked before the next one; and what one made by hand does besides reading.

use super::{alerts, database::Database, opening, operator, outbox::Post, snapshot::Snapshots};
use crate::{
    config::Config,
    deliver::Drained,
    meetup::Stop,
    mirror::{self, Whither},
};
use anyhow::Result;
use chrono::{DateTime, Utc};

/// When the last pass ended that did anything; none: there was none.
pub(crate) async fn last_good_at(database: &Database) -> Result<Option<DateTime<Utc>>> {
    let last = database.read(mirror::last_good_pass).await?;
    let at = last.and_then(|pass| pass.finished_at);
    Ok(at.and_then(|at| DateTime::from_timestamp(at, 0)))
}

/// Whether less than one part in so many of Meetup's budget is used at the moment.
pub(crate) async fn uses_less_than(
    config: &Config,
    database: &Database,
    part: i64,
) -> Result<bool> {
    let now = Utc::now().timestamp_millis();
    let window = i64::try_from(opening::BUDGET_WINDOW.as_millis()).unwrap_or(60_000);
    let used = database.read(move |conn| mirror::points_used(conn, now, window));
    Ok(used.await? < i64::from(config.meetup.points_per_minute) / part)
}

/// Accepts the losses that are not believed now, all or those of a network or group, and nothing later: how
/// many. The next pass believes them, whoever runs it.
pub(crate) async fn accept_losses(database: &Database, of: Option<String>) -> Result<usize> {
    let accepted = database.write(move |w| w.accept_losses(of.as_deref()));
    Ok(accepted.await?)
}

/// How many groups that are there have a history that was not read to its end.
pub(crate) async fn incomplete(database: &Database) -> Result<usize> {
    let known = database.read(mirror::roster).await?;
    let incomplete = known
        .iter()
        .filter(|it| it.gone_at.is_none() && !it.history_complete);
    Ok(incomplete.count())
}

/// What a daemon would do after a pass: files the alerts that follow and sends what is due.
pub(crate) async fn tell(config: &Config, database: &Database, stop: Stop) -> Result<Drained> {
    let (office, now) = (Post::open(config, database)?, Utc::now());
    if alerts::is_due(database, now).await? {
        let snapshots = Snapshots::default();
        alerts::look_again(config, database, &snapshots, &office, None, now).await?;
    }
    operator::operator(config, database, &office, now, None).await?;
    let sender = office.sender(Whither::Anywhere, move || !stop.is_thrown());
    sender.drain().await
}
