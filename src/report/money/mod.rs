//! What money bought, in words.

mod lines;
mod part;

use std::fmt::Write as _;

pub use lines::{Part, parts};
pub use part::MoneyPart;

use super::markdown::escaped;
use super::text::{Ink, Page, Style};
use crate::metrics::Money;

/// For reading, below a report or by itself.
pub fn money_text(money: &Money, style: Style) -> String {
    let mut page = Page::new(style);
    for part in parts(money) {
        page.blank();
        page.line(Ink::Bold, &part.heading);
        for line in part.lines {
            page.paragraph("  ", &line);
        }
    }
    page.text
}

/// For a wiki page.
pub fn money_markdown(money: &Money) -> String {
    let mut page = String::new();
    for part in parts(money) {
        let _ = writeln!(page, "\n## {}\n", escaped(&part.heading));
        for line in part.lines {
            let _ = writeln!(page, "- {}", escaped(&line));
        }
    }
    page
}
