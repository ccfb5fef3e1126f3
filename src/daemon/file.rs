//! Whether the database is still the file that was opened.

use super::Life;
use crate::mirror::MirrorError;
use anyhow::Result;
use std::{sync::Arc, time::Duration};

/// How often is looked.
const EVERY: Duration = Duration::from_secs(1);

/// Ends with an error once the database is another file. Each write looks too and is refused then, but a lane
/// takes that for a failure of what it did, to be tried again.
pub(super) async fn lane(life: Arc<Life>) -> Result<()> {
    while !life.stop.is_thrown() {
        // A file that is only held up is still the same.
        if let Err(lost @ MirrorError::Lost { .. }) = life.database.check_file().await {
            return Err(lost.into());
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = life.stop.thrown() => {}
        }
    }
    Ok(())
}
