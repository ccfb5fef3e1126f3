//! The mirror on real files.

#![allow(clippy::unwrap_used)]

mod budget;
mod bulk;
mod files;
mod history;
mod journal;
mod order;
mod outbox;
mod recording;
mod samples;
mod views;
mod walks;
