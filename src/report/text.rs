//! The report for a terminal: headline figures, then the groups that need a call first.

mod block;
mod closing;
mod coming;
mod depth;
mod headline;
mod message;
mod page;
mod sections;

use super::compose::{GroupReport, Report};
use super::depth::Beside;

pub(in crate::report) use headline::windows;
pub use message::message_text;
pub use page::Style;
pub(in crate::report) use page::{Ink, Page};

/// The whole report as text.
pub fn text(report: &Report, style: Style) -> String {
    let mut page = Page::new(style);
    headline::write(&mut page, report);
    sections::write(&mut page, report);
    coming::write(&mut page, report);
    closing::write(&mut page, report);
    page.text
}

/// One group in depth.
pub fn group_text(
    report: &Report,
    group: &GroupReport,
    beside: Beside<'_>,
    style: Style,
) -> String {
    let mut page = Page::new(style);
    depth::write(&mut page, report, group, beside);
    page.text
}
