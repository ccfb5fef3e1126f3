//! What the program does, called alike by commands, daemon and demo.
//!
//! What takes a `&Mirror` here blocks; from the async threads there is none but through [`database`].

pub(crate) mod alerts;
pub(crate) mod database;
pub(crate) mod digest;
pub(crate) mod doctor;
pub(crate) mod exit;
pub(crate) mod health;
pub(crate) mod meant;
pub(crate) mod memory;
pub(crate) mod opening;
pub(crate) mod operator;
pub(crate) mod outbox;
pub(crate) mod sign_in;
pub(crate) mod snapshot;
mod telling;
pub(crate) mod within;

/// What was typed cannot be meant: an error of usage found only after the command line was read.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Misused(pub String);
