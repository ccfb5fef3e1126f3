//! The lane that sends whatever the outbox holds.

use super::sleep;
use crate::{app::outbox::Post, meetup::Stop};
use anyhow::Result;
use std::time::Duration;
use tokio::sync::Notify;

/// How often the outbox is looked at for what became due.
const OUTBOX_LOOK: Duration = Duration::from_secs(5);

/// Sends whatever the outbox holds.
pub(super) async fn lane(office: &Post, filed: &Notify, stop: &Stop) -> Result<()> {
    while !stop.is_thrown() {
        match office.drain().await {
            Ok(drained) => {
                for id in &drained.sent {
                    tracing::info!("delivery {id} sent");
                }
                for (id, why) in drained.later.iter().chain(&drained.dead) {
                    tracing::warn!("delivery {id}: {why}");
                }
            }
            Err(error) => tracing::error!("the outbox could not be read: {error}"),
        }
        tokio::select! {
            () = sleep(OUTBOX_LOOK, stop) => {}
            () = filed.notified() => {}
        }
    }
    Ok(())
}
