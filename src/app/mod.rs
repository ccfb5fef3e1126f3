//! What the program does, called alike by commands, daemon and demo.
//!
//! What takes a `&Mirror` here blocks, and is called by nobody else: commands and daemon have the mirror as a
//! [`database::Database`] alone, of which they can do nothing but hand it on to this room.

pub(crate) mod acts;
pub(crate) mod alerts;
pub(crate) mod backups;
pub(crate) mod beginning;
pub(crate) mod beside;
pub(crate) mod database;
pub(crate) mod deliveries;
pub(crate) mod digest;
pub(crate) mod doctor;
pub(crate) mod exit;
pub(crate) mod explained;
pub(crate) mod exporting;
pub(crate) mod firings;
mod first_look;
pub(crate) mod folder;
pub(crate) mod gauges;
pub(crate) mod health;
pub(crate) mod heartbeat;
pub(crate) mod imports;
pub(crate) mod init;
pub(crate) mod keys;
pub(crate) mod meant;
pub(crate) mod memory;
pub(crate) mod money;
mod network_figure;
mod on_demand;
pub(crate) mod opening;
pub(crate) mod operator;
pub(crate) mod outbox;
pub(crate) mod passes;
mod picture;
pub(crate) mod privacy;
pub(crate) mod regions;
pub(crate) mod showing;
pub(crate) mod sign_in;
pub(crate) mod snapshot;
pub(crate) mod story;
mod telling;
pub(crate) mod within;
pub(crate) mod years;

/// What was typed cannot be meant: an error of usage found only after the command line was read.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Misused(pub String);
