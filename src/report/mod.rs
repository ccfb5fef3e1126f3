//! The report: plain data composed from what was measured, and how it reads.
//!
//! Nothing here asks the mirror or the clock: figures, freshness and settings come in as plain data.
//! Text from Meetup stays as it came in the data; each rendering cleans it for where it goes.

pub mod alerts;
mod backtest;
mod calls;
mod causes;
mod compose;
mod depth;
mod digest;
mod document;
mod excerpt;
mod expect;
mod explain;
mod fresh;
mod helps;
mod hosts;
mod keys;
mod letter;
mod markdown;
pub mod message;
mod narrowing;
mod notice;
mod overview;
mod pause;
mod persons;
mod plain;
mod policy;
mod read_until;
mod reasons;
mod remembered;
mod text;
mod words;

pub use backtest::backtest_text;
pub use compose::{GroupDocument, GroupReport, Known, Report, attendance_marked, compose};
pub use depth::Beside;
pub use digest::{Answered, Change, Changed, Digest, Given, digest};
pub use document::{document, forget_names};
pub use excerpt::excerpt;
pub use expect::{basis, expectation, order};
pub use explain::{Explanation, Span, explain, explanation_text};
pub use fresh::{Freshness, Reading};
pub use helps::{handing_over, what_helps};
pub use letter::{Letter, letter};
pub use markdown::{group_markdown, markdown, message_markdown};
pub use overview::{GroupLine, everyone, overview, overview_csv, overview_text};
pub use persons::{CandidateReport, MissedReport, PeopleReport};
pub use plain::{clean, fit, whole_words};
pub use remembered::remembered;
pub use text::{Style, group_text, message_text, text};
pub use words::{Quietness, local_day, many, number, say, share};
