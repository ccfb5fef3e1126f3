//! A message as markdown.

use super::{escaped, link};
use crate::report::message::{Line, Message, OTHERS, Section, Span};
use std::fmt::Write as _;

/// The message as markdown. Writing to a string cannot fail, so its answers are let go.
pub fn message_markdown(message: &Message) -> String {
    let mut page = format!("# {}\n", escaped(&message.title));
    for section in &message.sections {
        self::section(&mut page, section, &message.elsewhere);
    }
    if !message.footer.is_empty() {
        page.push('\n');
    }
    for line in &message.footer {
        let _ = writeln!(page, "{}  ", written(line));
    }
    page
}

fn section(page: &mut String, section: &Section, elsewhere: &str) {
    page.push('\n');
    if let Some(heading) = &section.heading {
        let _ = writeln!(page, "## {}\n", escaped(heading));
    }
    for line in &section.lines {
        let _ = writeln!(page, "{}\n", written(line));
    }
    for fact in &section.facts {
        let (label, value) = (escaped(&fact.label), written(&fact.value));
        let _ = writeln!(page, "- **{label}**: {value}");
    }
    for entry in &section.entries {
        let lines: Vec<String> = entry.lines.iter().map(written).collect();
        let _ = writeln!(page, "- {}", lines.join("  \n  "));
    }
    if section.unlisted > 0 {
        let elsewhere = section.elsewhere.as_deref().unwrap_or(elsewhere);
        let more = section.remaining(section.unlisted, OTHERS, elsewhere);
        let _ = writeln!(page, "\n{}", escaped(&more));
    }
}

fn written(line: &Line) -> String {
    let mut text = String::new();
    for span in &line.0 {
        let (raw, marked) = match span {
            Span::Plain(raw) => (raw, escaped(raw)),
            Span::Code(raw) => (raw, format!("`{raw}`")),
            Span::Bold(raw) => (raw, format!("**{}**", escaped(raw))),
            Span::Link { text: raw, url } => (raw, link(raw, url)),
        };
        // Cleaning takes the blanks at the ends, which part a span from its neighbours.
        if raw.starts_with(char::is_whitespace) && !text.ends_with(' ') {
            text.push(' ');
        }
        text.push_str(&marked);
        if raw.ends_with(char::is_whitespace) && !text.ends_with(' ') {
            text.push(' ');
        }
    }
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_parted_by_one_blank_where_they_have_any_and_by_none_elsewhere() {
        for (one, other, expected) in [
            ("one", "other", "one**other**"),
            ("one ", "other", "one **other**"),
            ("one", " other", "one **other**"),
            ("one ", " other", "one **other**"),
        ] {
            assert_eq!(written(&Line::plain(one).bold(other)), expected);
        }
        let apart = Line::default().bold("one").text(" ").bold("other");
        assert_eq!(written(&apart), "**one** **other**");
        let apart = Line::default().bold("one ").text(" ").bold("other");
        assert_eq!(written(&apart), "**one** **other**");
    }
}
