//! The integration tests, one binary.

mod drawn;
mod metrics;
mod recount;
mod report;
mod world;
