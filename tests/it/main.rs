//! One binary for all integration tests.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::needless_pass_by_value,
    clippy::disallowed_methods
)]

mod alerts;
mod alone;
mod charts;
mod clocks;
mod commands;
mod config;
mod convergence;
mod crash;
mod dated;
mod definitions;
mod deliver;
mod demo;
mod digest;
mod docs;
mod drawn;
mod drift;
mod explain;
mod export;
mod faults;
mod hostile;
mod identity;
mod kept;
mod meetup;
mod metrics;
mod mirror;
pub mod pages;
mod privacy;
mod program;
mod recount;
mod replayed;
mod report;
mod rig;
mod schedule;
mod sentences;
mod sources;
mod structure;
mod sync;
mod world;
