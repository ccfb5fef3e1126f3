//! What fails, since when, and how old what is known is: the one answer for everyone who asks.

mod facts;
mod freshness;
mod live;
mod troubles;

pub(crate) use facts::{Facts, gather, span};
pub(crate) use freshness::freshness;
pub(crate) use live::{Beat, Pulse, lifeless};
pub(crate) use troubles::{Trouble, of};
