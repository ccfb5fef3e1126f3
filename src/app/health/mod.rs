//! What fails, since when, and how old what is known is: the one answer for everyone who asks.

mod facts;
mod freshness;
mod troubles;

pub(crate) use facts::{Facts, gather, span};
pub(crate) use freshness::freshness;
pub(crate) use troubles::{Trouble, of};
