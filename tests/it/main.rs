//! One binary for all integration tests.
#![allow(missing_docs, clippy::unwrap_used, clippy::needless_pass_by_value)]

mod config;
mod deliver;
mod demo;
mod meetup;
mod meetup;
mod mirror;
mod rig;
mod schedule;
mod sync;
