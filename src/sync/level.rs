//! At which level a loss is weighed.

use crate::mirror::{KnownEvent, NetworkKey};

/// At which level a loss of events is weighed.
#[derive(Debug, Default)]
pub(super) struct Level {
    /// All groups of this network were listed.
    pub network: Option<NetworkKey>,
    /// What was known in the span that was listed, missing or not.
    pub known: Vec<KnownEvent>,
}
