//! gatherd watches over a company's network of Meetup.com user groups: it mirrors groups, members,
//! events and RSVPs into SQLite, measures how alive each group is, and tells the sponsor whom to call.
//!
//! One sentence of architecture: `schedule` says what is due; `sync` asks `meetup` page by page and commits
//! each page to the `mirror`; `metrics` are SQL over the mirror; a `report` is plain data composed
//! from metrics; `deliver` drains an outbox to chat, and `web` shows all of it in a browser.

#[expect(
    clippy::disallowed_methods,
    reason = "what blocks here is called off the async threads"
)]
mod app;
pub mod chart;
pub mod cli;
pub mod client;
pub mod commands;
pub mod community;
pub mod config;
mod daemon;
pub mod deliver;
pub mod demo;
pub mod export;
pub mod import;
pub mod meetup;
pub mod metrics;
#[expect(clippy::disallowed_methods, reason = "this room blocks")]
pub mod mirror;
mod off_thread;
pub mod report;
pub mod schedule;
pub mod sync;
pub mod telemetry;
mod web;
