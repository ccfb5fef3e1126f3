//! A message for a terminal: in colour and with links that can be opened, where it has both.

use super::page::{Page, Style};
use crate::report::message::{Entry, Line, Message, OTHERS, Section, Span, Tone};
use crate::report::plain::{clean, fit, width};

/// The message as text.
pub fn message_text(message: &Message, style: Style) -> String {
    let mut page = Page::new(style);
    laid(&mut page, "", "", &Line::plain(&message.title), "1");
    for section in &message.sections {
        page.blank();
        self::section(&mut page, section, &message.elsewhere);
    }
    if !message.footer.is_empty() {
        page.blank();
    }
    for line in &message.footer {
        laid(&mut page, "", "", line, "2");
    }
    page.text
}

fn section(page: &mut Page, section: &Section, elsewhere: &str) {
    if let Some(heading) = &section.heading {
        let code = match section.tone {
            Tone::Neutral => "1",
            Tone::Attention => "1;33",
            Tone::Good => "1;32",
        };
        laid(page, "", "", &Line::plain(heading), code);
    }
    for line in &section.lines {
        laid(page, "", "", line, "");
    }
    let labels = section.facts.iter().map(|fact| width(&clean(&fact.label)));
    let widest = labels.max().unwrap_or(0).min(page.width / 2);
    for fact in &section.facts {
        let label = fit(&clean(&fact.label), widest);
        let missing = " ".repeat(widest.saturating_sub(width(&label)) + 2);
        let below = " ".repeat(widest + 4);
        laid(
            page,
            &format!("  {label}{missing}"),
            &below,
            &fact.value,
            "",
        );
    }
    let is_asked = section.tone == Tone::Attention;
    for (nth, entry) in section.entries.iter().enumerate() {
        let mark = match is_asked {
            true => format!("{:>2}. ", nth + 1),
            false => "  · ".to_owned(),
        };
        self::entry(page, &mark, entry);
    }
    if section.unlisted > 0 {
        let elsewhere = section.elsewhere.as_deref().unwrap_or(elsewhere);
        let more = section.remaining(section.unlisted, OTHERS, &clean(elsewhere));
        laid(page, "    ", "    ", &Line::plain(more), "2");
    }
}

fn entry(page: &mut Page, mark: &str, entry: &Entry) {
    let below = " ".repeat(width(mark));
    for (nth, line) in entry.lines.iter().enumerate() {
        laid(page, if nth == 0 { mark } else { &below }, &below, line, "");
    }
}

/// Text without a blank in it, and how it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece {
    text: String,
    look: Look,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Look {
    is_bold: bool,
    url: Option<String>,
}

/// One line over as many as it needs, none wider than the page: the first behind `start`, the others
/// behind `below`. `code` is the colour of all of it.
fn laid(page: &mut Page, start: &str, below: &str, line: &Line, code: &str) {
    let mut row: Vec<Vec<Piece>> = Vec::new();
    let mut taken = width(start);
    let mut before = start;
    for word in words(
        line,
        page.width.saturating_sub(width(start).max(width(below))),
    ) {
        let wide: usize = word.iter().map(|piece| width(&piece.text)).sum();
        if !row.is_empty() && taken + 1 + wide > page.width {
            page.row(before, &row, code);
            row.clear();
            (before, taken) = (below, width(below));
        }
        taken += wide + usize::from(!row.is_empty());
        row.push(word);
    }
    if !row.is_empty() {
        page.row(before, &row, code);
    }
}

/// The words of a line; what stands without a blank between is one word of several pieces. None is wider
/// than `columns`.
fn words(line: &Line, columns: usize) -> Vec<Vec<Piece>> {
    let mut words: Vec<Vec<Piece>> = Vec::new();
    let mut is_apart = true;
    for span in &line.0 {
        let (text, look) = match span {
            Span::Plain(text) | Span::Code(text) => (text, Look::default()),
            Span::Bold(text) => (
                text,
                Look {
                    is_bold: true,
                    url: None,
                },
            ),
            Span::Link { text, url } => (
                text,
                Look {
                    is_bold: false,
                    url: address(url),
                },
            ),
        };
        is_apart |= text.starts_with(char::is_whitespace);
        for word in clean(text).split(' ').filter(|word| !word.is_empty()) {
            let piece = Piece {
                text: word.to_owned(),
                look: look.clone(),
            };
            match words.last_mut().filter(|_| !is_apart) {
                Some(last) => last.push(piece),
                None => words.push(vec![piece]),
            }
            is_apart = true;
        }
        is_apart = text.ends_with(char::is_whitespace) || (clean(text).is_empty() && is_apart);
    }
    for word in &mut words {
        let mut room = columns;
        for piece in word.iter_mut() {
            piece.text = fit(&piece.text, room);
            room = room.saturating_sub(width(&piece.text));
        }
        word.retain(|piece| !piece.text.is_empty());
    }
    words
}

impl Page {
    fn row(&mut self, start: &str, words: &[Vec<Piece>], code: &str) {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut add = |text: &str, look: &Look| match pieces.last_mut() {
            Some(last) if last.look == *look => last.text.push_str(text),
            _ => pieces.push(Piece {
                text: text.to_owned(),
                look: look.clone(),
            }),
        };
        for (nth, word) in words.iter().enumerate() {
            if nth > 0 {
                // Within a link the blank is part of it.
                let ends = words[nth - 1].last().map(|piece| &piece.look);
                let begins = word.first().map(|piece| &piece.look);
                let look = ends.filter(|_| ends == begins).cloned();
                add(" ", &look.unwrap_or_default());
            }
            word.iter().for_each(|piece| add(&piece.text, &piece.look));
        }
        self.text.push_str(start);
        for piece in &pieces {
            self.piece(piece, code);
        }
        self.text.push('\n');
    }

    fn piece(&mut self, piece: &Piece, code: &str) {
        let text = &piece.text;
        if !self.colour {
            self.text.push_str(text);
            return;
        }
        let code = match (piece.look.is_bold, code) {
            (true, "") => "1",
            (_, code) => code,
        };
        let text = match code {
            "" => text.clone(),
            code => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
        };
        match &piece.look.url {
            Some(url) => {
                let linked = format!("\u{1b}]8;;{url}\u{1b}\\{text}\u{1b}]8;;\u{1b}\\");
                self.text.push_str(&linked);
            }
            None => self.text.push_str(&text),
        }
    }
}

/// An address to open: of the web, without an account in it.
fn address(url: &str) -> Option<String> {
    let url = url::Url::parse(url.trim()).ok()?;
    let is_plain = url.username().is_empty() && url.password().is_none();
    (matches!(url.scheme(), "http" | "https") && is_plain).then(|| url.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: &Line, columns: usize, colour: bool) -> String {
        let mut page = Page::new(Style {
            width: columns,
            colour,
        });
        laid(&mut page, "- ", "  ", line, "");
        page.text
    }

    #[test]
    fn a_line_is_broken_between_words_and_never_before_a_full_stop() {
        let line = Line::plain("Twelve groups have no date yet, and among them are")
            .text(" ")
            .link("ACME Philadelphia", "https://www.meetup.com/acme/")
            .text(".");
        assert_eq!(
            shown(&line, 60, false),
            "- Twelve groups have no date yet, and among them are ACME\n  Philadelphia.\n"
        );
    }

    #[test]
    fn links_can_be_opened_on_a_terminal_alone_and_only_those_of_the_web() {
        let line = Line::default()
            .link("two words", "https://www.meetup.com/a b\u{1b}/")
            .text(" ")
            .link("other", "javascript:alert(1)");
        assert_eq!(shown(&line, 80, false), "- two words other\n");
        assert_eq!(
            shown(&line, 80, true),
            "- \u{1b}]8;;https://www.meetup.com/a%20b%1B/\u{1b}\\two words\u{1b}]8;;\u{1b}\\ other\n"
        );
    }

    #[test]
    fn pieces_are_parted_by_one_blank_where_they_have_any_and_by_none_elsewhere() {
        for (pieces, expected) in [
            (["one", "", "other"], "- oneother\n"),
            (["one ", "", "other"], "- one other\n"),
            (["one", " ", "other"], "- one other\n"),
            (["one ", "", " other"], "- one other\n"),
            (["one ", " ", " other"], "- one other\n"),
            (["one", "", " other"], "- one other\n"),
            (["one two ", " three", "four"], "- one two threefour\n"),
        ] {
            let [one, two, three] = pieces;
            let line = Line::plain(one).bold(two).text(three);
            assert_eq!(shown(&line, 60, false), expected, "{pieces:?}");
        }
    }

    #[test]
    fn a_word_wider_than_the_page_is_cut() {
        let line = Line::plain("x".repeat(200));
        for row in shown(&line, 60, false).lines() {
            assert!(width(row) <= 60, "{row}");
        }
    }
}
