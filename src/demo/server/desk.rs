//! The front desk of the simulated Meetup: what is known beside the community itself.

use super::cursor::CursorStyle;
use super::document::Library;
use super::faults::{Blemishes, Faults};
use super::points::{Counters, Window};
use super::tokens::Tokens;
use crate::demo::world::World;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A question that is about to be answered.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// Name of the operation.
    pub operation: &'a str,
    /// Its number since the server started, from 1.
    pub number: u64,
    /// How often this operation was asked since, this time included.
    pub turn: u64,
}

/// Called before each answer, with the world in hand; must not call back into [`Simulated`](super::Simulated).
pub type Hook = Box<dyn FnMut(Asked<'_>, &mut World) + Send>;

/// Everything at the front desk: what is known beside the community itself.
pub(super) struct Desk {
    pub(super) library: Library,
    pub(super) cursors: CursorStyle,
    pub(super) faults: Faults,
    pub(super) blemishes: Blemishes,
    pub(super) tokens: Tokens,
    pub(super) window: Window,
    pub(super) counters: Counters,
    pub(super) numbered: u64,
}

pub(super) struct Shared {
    pub(super) world: Arc<Mutex<World>>,
    pub(super) desk: Mutex<Desk>,
    pub(super) hook: Mutex<Option<Hook>>,
}

impl Shared {
    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
