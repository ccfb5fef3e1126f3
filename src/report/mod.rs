//! The report: plain data composed from what was measured, and how it reads.
//!
//! Nothing here asks the mirror or the clock: figures, freshness and settings come in as plain data.
//! Text from Meetup stays as it came in the data; each rendering cleans it for where it goes.

pub mod alerts;
mod compose;
mod digest;
pub mod message;
mod plain;
mod reasons;
mod text;
mod words;

pub use compose::{Freshness, GroupReport, Report, compose};
pub use digest::digest;
pub use plain::{clean, fit};
pub use text::{Style, group_text, text};
pub use words::{Quietness, local_day, number, say, share};
