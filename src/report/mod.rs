//! The report: plain data composed from what was measured, and how it reads.
//!
//! Nothing here asks the mirror or the clock: figures, freshness and settings come in as plain data.
//! Text from Meetup stays as it came in the data; each rendering cleans it for where it goes.

pub mod alerts;
mod backtest;
mod compose;
mod depth;
mod digest;
mod document;
mod expect;
mod explain;
mod fresh;
mod helps;
mod markdown;
pub mod message;
mod narrowing;
mod persons;
mod plain;
mod reasons;
mod remembered;
mod text;
mod words;

pub use backtest::backtest_text;
pub use compose::{GroupDocument, GroupReport, Report, attendance_marked, compose};
pub use depth::Beside;
pub use digest::{Digest, Given, digest};
pub use document::{document, forget_names};
pub use expect::{basis, expectation, order};
pub use explain::{Explanation, Span, explain, explanation_text};
pub use fresh::{Freshness, Reading};
pub use helps::{handing_over, what_helps};
pub use markdown::{group_markdown, markdown};
pub use persons::{CandidateReport, MissedReport, PeopleReport};
pub use plain::{clean, fit};
pub use remembered::remembered;
pub use text::{Style, group_text, text};
pub use words::{Quietness, local_day, many, number, say, share};
