//! The demo's clock: set to days past, it runs from there; in the end it is everybody's.

use chrono::{DateTime, TimeDelta, Utc};
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

/// A clock that all who share it see set at once.
#[derive(Clone, Default)]
pub(super) struct Clock(Arc<AtomicI64>);

impl Clock {
    pub(super) fn now(&self) -> DateTime<Utc> {
        Utc::now() - TimeDelta::milliseconds(self.0.load(Ordering::Relaxed))
    }

    /// Sets it.
    pub(super) fn set(&self, at: DateTime<Utc>) {
        let behind = (Utc::now() - at).num_milliseconds();
        self.0.store(behind, Ordering::Relaxed);
    }

    /// Sets it to everybody's.
    pub(super) fn release(&self) {
        self.0.store(0, Ordering::Relaxed);
    }
}
