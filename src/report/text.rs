//! The report for a terminal: headline figures, then the groups that need a call first.

mod block;
mod closing;
mod coming;
mod depth;
mod headline;
mod message;
mod sections;

use super::compose::{GroupReport, Report};
use super::depth::Beside;
use super::plain;

pub(in crate::report) use headline::windows;
pub use message::message_text;

/// How the text is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Columns at most; kept within 60 to 100.
    pub width: usize,
    /// Whether to emphasise with ANSI escapes.
    pub colour: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            width: 100,
            colour: false,
        }
    }
}

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

/// Lines as they are written, none wider than the page.
pub(super) struct Page {
    pub(super) text: String,
    pub(super) width: usize,
    colour: bool,
}

#[derive(Clone, Copy)]
pub(super) enum Ink {
    Plain,
    Bold,
    Dim,
}

impl Page {
    pub(super) fn new(style: Style) -> Self {
        Self {
            text: String::new(),
            width: style.width.clamp(60, 100),
            colour: style.colour,
        }
    }

    pub(super) fn blank(&mut self) {
        self.text.push('\n');
    }

    /// One line, cut where it does not fit.
    pub(super) fn line(&mut self, ink: Ink, line: &str) {
        let fitted = plain::fit(line.trim_end(), self.width);
        let code = match ink {
            Ink::Bold => "1",
            Ink::Dim => "2",
            Ink::Plain => "",
        };
        if self.colour && !code.is_empty() && !fitted.is_empty() {
            let indent = fitted.len() - fitted.trim_start().len();
            let (blanks, words) = fitted.split_at(indent);
            self.text
                .push_str(&format!("{blanks}\u{1b}[{code}m{words}\u{1b}[0m"));
        } else {
            self.text.push_str(&fitted);
        }
        self.text.push('\n');
    }

    /// A text broken over as many lines as it needs, all but the first behind `indent` blanks.
    pub(super) fn paragraph(&mut self, start: &str, text: &str) {
        let indent = plain::width(start);
        for (index, line) in plain::wrap(text, self.width - indent)
            .into_iter()
            .enumerate()
        {
            let before = if index == 0 {
                start.to_owned()
            } else {
                " ".repeat(indent)
            };
            self.line(Ink::Plain, &format!("{before}{line}"));
        }
    }
}
