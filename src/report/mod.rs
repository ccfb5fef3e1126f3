//! The report: plain data composed from what was measured, and how it reads.
//!
//! Nothing here asks the mirror or the clock: figures, freshness and settings come in as plain data.
//! Text from Meetup stays as it came in the data; each rendering cleans it for where it goes.

pub mod alerts;
mod backtest;
mod calls;
mod causes;
mod compose;
mod countries;
mod depth;
mod digest;
mod document;
mod excerpt;
mod expect;
mod explain;
mod fresh;
mod gaps;
mod helps;
mod hosts;
mod keys;
mod letter;
mod markdown;
pub mod message;
mod money;
mod narrowing;
mod notice;
mod outline;
mod overview;
mod pause;
mod persons;
mod pictures;
mod plain;
mod policy;
mod read_until;
mod reasons;
mod remembered;
mod text;
mod words;

pub use backtest::backtest_text;
pub use compose::{
    DEFINITIONS, GroupDocument, GroupReport, Known, Report, attendance_marked, compose,
};
pub use countries::country;
pub use depth::{Beside, InDepth, Row, in_depth};
pub use digest::{
    Answered, Awaited, Call, Change, Changed, Digest, Given, awaited, calls, digest, restated,
};
pub use document::{document, forget_names};
pub use excerpt::excerpt;
pub use expect::{basis, expectation, order};
pub use explain::{Explanation, Span, explain};
pub use fresh::{Freshness, Reading};
pub use gaps::{Gap, gaps};
pub use helps::{handing_over, what_helps};
pub use keys::{is_a_stranger, role};
pub use letter::{Letter, letter};
pub use markdown::{group_markdown, markdown, message_markdown};
pub use money::{MoneyPart, Part, money_markdown, money_text, parts};
pub use outline::{Outline, OutlineLine, explanation_text, outline};
pub use overview::{GroupLine, everyone, overview, overview_csv, overview_text, worst};
pub use persons::{CandidateReport, MissedReport, PeopleReport};
pub use pictures::{latest_months, picture};
pub use plain::{clean, fit, group_name, whole_words};
pub use read_until::read_until;
pub use remembered::{Remembered, TOLD, each_remembered, remembered};
pub use text::{Style, group_text, message_text, text};
pub use words::{Quietness, changed, local_day, many, median, number, say, share};
