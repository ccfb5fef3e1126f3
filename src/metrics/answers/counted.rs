//! What the pass over the answers comes to.

use std::collections::HashMap;

use super::super::ahead::PastEvents;
use super::super::crowd::{Crowd, Meetings};
use super::super::returns::{Acquainted, Returns};
use super::super::survival::Survived;
use super::turned::Turned;

/// What was counted, besides the tables of `answered.sql`.
pub(in crate::metrics) struct Counted {
    /// The groups.
    pub groups: ByGroup,
    /// The network's events.
    pub meetings: Meetings,
    /// The network's people.
    pub crowd: Crowd,
    /// What became of groups once silent.
    pub survival: Survived,
    /// What forecasts learn from, where it is wanted.
    pub past: Option<PastEvents>,
}

/// What was counted of the groups, by their keys.
#[derive(Default)]
pub(in crate::metrics) struct ByGroup {
    pub returns: HashMap<i64, Returns>,
    pub acquainted: HashMap<i64, Acquainted>,
    pub turned: HashMap<i64, Turned>,
}
