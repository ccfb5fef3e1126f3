//! The mirror as it is seen from the async threads: nothing of it can be had there but by a closure that
//! runs off them, and such closures are written in this room alone. So neither the daemon nor a command can
//! hold up others by reading, writing or measuring, nor do what the program does by itself.

use crate::{
    mirror::{self, Mirror, MirrorError, Writing},
    off_thread::off_thread,
};
use chrono::Utc;
use std::sync::{Arc, atomic::AtomicU64};

/// A mirror that is worked on off the async threads only. Cheap to clone; clones share the one writer.
#[derive(Debug, Clone)]
pub(crate) struct Database(Mirror);

impl Database {
    pub(super) fn over(mirror: Mirror) -> Self {
        Self(mirror)
    }

    /// For what keeps it and goes off the async threads by itself.
    pub(super) fn mirror(&self) -> &Mirror {
        &self.0
    }

    /// Does something with the mirror, off the async threads.
    pub(super) async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Mirror) -> T + Send + 'static,
    ) -> T {
        let mirror = self.0.clone();
        off_thread(move || work(&mirror)).await
    }

    /// One read transaction.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&rusqlite::Connection) -> Result<T, MirrorError> + Send + 'static,
    ) -> Result<T, MirrorError> {
        self.with(|mirror| mirror.read(work)).await
    }

    /// One write transaction of now.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Writing<'_>) -> Result<T, MirrorError> + Send + 'static,
    ) -> Result<T, MirrorError> {
        self.with(|mirror| mirror.write(Utc::now(), work)).await
    }

    /// An error once the path leads to another file than the one that was opened.
    pub(crate) async fn check_file(&self) -> Result<(), MirrorError> {
        self.with(Mirror::check_file).await
    }

    /// How many pages the file has.
    pub(super) async fn pages(&self) -> Result<u64, MirrorError> {
        self.read(mirror::pages).await
    }

    /// Checks the whole file, and counts how far it is; the version of its schema.
    pub(super) async fn whole(&self, steps: Arc<AtomicU64>) -> Result<i64, MirrorError> {
        self.with(|mirror| {
            mirror.check_integrity_seen(steps)?;
            Ok(mirror.versions()?.0)
        })
        .await
    }
}
