//! The lanes that send what the outbox holds: one for each channel, so that none waits for another's.

use super::Life;
use crate::{app::health::Beat, mirror::Whither};
use anyhow::Result;
use std::{sync::Arc, time::Duration};

/// How often the outbox is looked at for what became due.
const OUTBOX_LOOK: Duration = Duration::from_secs(5);

/// What the lane is called.
pub(super) fn named(to: &Whither) -> String {
    match to {
        Whither::To(channel) => format!("sending to {channel}"),
        Whither::Elsewhere(_) => "sending to channels that are no more".to_owned(),
        Whither::Anywhere => "sending".to_owned(),
    }
}

/// Sends whatever the outbox holds for there.
pub(super) async fn lane(life: Arc<Life>, to: Whither, beat: Beat) -> Result<()> {
    let mut filed = life.filed.subscribe();
    let (stop, turns) = (life.stop.clone(), beat.clone());
    let sender = life.office.sender(to, move || {
        turns.turn();
        !stop.is_thrown()
    });
    while !life.stop.is_thrown() {
        match sender.drain().await {
            Ok(drained) => {
                for id in &drained.sent {
                    tracing::info!("delivery {id} sent");
                }
                for (id, lacks) in &drained.in_part {
                    tracing::warn!("delivery {id} went {lacks}");
                }
                for (id, why) in drained.later.iter().chain(&drained.dead) {
                    tracing::warn!("delivery {id}: {why}");
                }
            }
            Err(error) => tracing::error!("the outbox could not be read: {error}"),
        }
        tokio::select! {
            () = life.rest(OUTBOX_LOOK, &beat) => {}
            // The sender of this lives as long as the life.
            _ = filed.changed() => {}
        }
    }
    Ok(())
}
