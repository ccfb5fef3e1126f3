//! The integration tests, one binary.

mod definitions;
mod drawn;
mod metrics;
mod recount;
mod report;
mod world;
