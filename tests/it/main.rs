//! The integration tests, one binary.

// A test that cannot go on should stop where it is.
#![allow(clippy::unwrap_used)]

mod definitions;
mod drawn;
mod metrics;
mod recount;
mod report;
mod world;
