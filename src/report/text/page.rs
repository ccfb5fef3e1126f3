//! A page of text: lines that fit, emphasised where that is wanted.

use crate::report::plain;

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

/// Lines as they are written, none wider than the page.
pub(in crate::report) struct Page {
    pub(in crate::report) text: String,
    pub(in crate::report) width: usize,
    pub(in crate::report) colour: bool,
}

#[derive(Clone, Copy)]
pub(in crate::report) enum Ink {
    Plain,
    Bold,
    Dim,
}

impl Page {
    pub(in crate::report) fn new(style: Style) -> Self {
        Self {
            text: String::new(),
            width: style.width.clamp(60, 100),
            colour: style.colour,
        }
    }

    pub(in crate::report) fn blank(&mut self) {
        self.text.push('\n');
    }

    /// One line, cut where it does not fit.
    pub(in crate::report) fn line(&mut self, ink: Ink, line: &str) {
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
    pub(in crate::report) fn paragraph(&mut self, start: &str, text: &str) {
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
