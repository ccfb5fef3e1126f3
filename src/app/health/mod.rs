//! What fails, since when, and how old what is known is: the one answer for everyone who asks.
//!
//! A network is as old as its last reading: the start of the last pass that walked its roster and its hot
//! events to their ends. A group is as old as its network, unless it fails itself: then as old as it was
//! before it began to fail. `status`, `--check`, reports, digests and alerts all ask here.

mod facts;
mod live;
mod reading;
mod stale;
mod troubles;

pub(in crate::app) use facts::points_of_day;
pub(crate) use facts::{Facts, gather, gather_quickly, span};
pub(crate) use live::{Beat, Pulse, lifeless, moves};
pub(crate) use reading::{Readings, freshness};
pub(crate) use stale::stale;
pub(crate) use troubles::{Trouble, of};
