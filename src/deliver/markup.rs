//! Lines in a service's markup: the same walk for all, since only the signs differ.

use crate::report::clean;
use crate::report::message::{Line, Message, Span};

use super::cut::{cut, fitting, length};

/// How a service writes what a message has.
pub(super) struct Markup {
    /// Makes one sign of strange text harmless, where it stands.
    pub(super) escape: fn(char, Within, &mut String),
    /// What stands around bold text.
    pub(super) bold: [&'static str; 2],
    /// What stands around text that is to be copied; the text itself is not escaped but for HTML.
    pub(super) code: [&'static str; 2],
    /// What stands around a link's text, given a checked address.
    pub(super) link: fn(&url::Url) -> [String; 2],
    /// What parts lines.
    pub(super) newline: &'static str,
}

/// Where a sign stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Within {
    /// In plain text.
    Text,
    /// In bold text.
    Bold,
    /// In the text of a link.
    Link,
    /// In our own text that is to be copied.
    Code,
}

/// Longer addresses are not linked.
const ADDRESS: usize = 1000;

impl Markup {
    /// Lines at most `limit` long; what is too long ends in "…", never inside an escape, a link or
    /// bold text.
    pub(super) fn lines(&self, lines: &[Line], limit: usize) -> String {
        let mut text = String::new();
        for line in lines {
            let start = if text.is_empty() { "" } else { self.newline };
            if length(&text) + start.len() + 1 >= limit {
                text.push('…');
                return text;
            }
            let is_at = text.len();
            text.push_str(start);
            let begins = text.len();
            for span in &line.0 {
                // One is kept back for the "…".
                let room = limit - 1 - length(&text);
                let (piece, is_whole) = self.span(span, room);
                text.push_str(&piece);
                if !is_whole {
                    text.push('…');
                    return text;
                }
            }
            // A line without text is no line.
            if text[begins..].trim().is_empty() {
                text.truncate(is_at);
            }
        }
        text.trim().to_owned()
    }

    /// One line at most `limit` long.
    pub(super) fn line(&self, line: &Line, limit: usize) -> String {
        self.lines(std::slice::from_ref(line), limit)
    }

    /// Plain text at most `limit` long.
    pub(super) fn text(&self, text: &str, limit: usize) -> String {
        self.line(&Line::plain(text), limit)
    }

    /// Text that stands out, at most `limit` long.
    pub(super) fn strong(&self, text: &str, limit: usize) -> String {
        self.line(&Line::default().bold(text), limit)
    }

    /// One span within `room`, and whether all of it is there.
    fn span(&self, span: &Span, room: usize) -> (String, bool) {
        let (Span::Plain(text) | Span::Bold(text) | Span::Code(text) | Span::Link { text, .. }) =
            span;
        let looked_at = beginning(text, 2 * room + 100);
        let address = match span {
            Span::Link { url, .. } => address(url),
            Span::Plain(_) | Span::Bold(_) | Span::Code(_) => None,
        };
        let (raw, [before, after], within) = match (span, address) {
            (_, Some(url)) => {
                let text = Some(clean(looked_at)).filter(|text| !text.is_empty());
                let text = text.unwrap_or_else(|| "link".to_owned());
                (text, (self.link)(&url), Within::Link)
            }
            (Span::Bold(_), None) => {
                let bold = self.bold.map(str::to_owned);
                (clean(looked_at), bold, Within::Bold)
            }
            (Span::Code(_), None) => {
                let code = self.code.map(str::to_owned);
                (spaced(looked_at), code, Within::Code)
            }
            (Span::Plain(_) | Span::Link { .. }, None) => {
                (spaced(looked_at), <[String; 2]>::default(), Within::Text)
            }
        };
        if raw.is_empty() {
            return (String::new(), looked_at.len() == text.len());
        }
        let frame = length(&before) + length(&after);
        if frame >= room {
            return (String::new(), false);
        }
        let mut sign = String::new();
        let inner = fitting(&raw, room - frame, |c| {
            sign.clear();
            (self.escape)(c, within, &mut sign);
            length(&sign)
        });
        let is_whole = inner.len() == raw.len() && looked_at.len() == text.len();
        // Half of what is to be copied is of no use.
        if within == Within::Code && !is_whole {
            return (String::new(), false);
        }
        if inner.trim().is_empty() {
            return (if is_whole { raw } else { String::new() }, is_whole);
        }
        let piece = format!("{before}{}{after}", self.escaped(inner, within));
        (piece, is_whole)
    }

    fn escaped(&self, text: &str, within: Within) -> String {
        let mut escaped = String::with_capacity(text.len());
        for c in text.chars() {
            (self.escape)(c, within, &mut escaped);
        }
        escaped
    }
}

/// All of a message in a sentence, never empty.
pub(super) fn fallback(message: &Message, limit: usize) -> String {
    let told = [&message.fallback, &message.title]
        .into_iter()
        .find(|text| !clean(text).is_empty());
    cut(told.map_or("A message from gatherd", String::as_str), limit)
}

/// What HTML gives a meaning, as entities.
pub(super) fn html(c: char, _: Within, text: &mut String) {
    match c {
        '&' => text.push_str("&amp;"),
        '<' => text.push_str("&lt;"),
        '>' => text.push_str("&gt;"),
        '"' => text.push_str("&quot;"),
        '\'' => text.push_str("&#39;"),
        c => text.push(c),
    }
}

/// A link in HTML.
pub(super) fn anchor(url: &url::Url) -> [String; 2] {
    let mut address = String::new();
    for c in url.as_str().chars() {
        html(c, Within::Link, &mut address);
    }
    [format!("<a href=\"{address}\">"), "</a>".to_owned()]
}

/// An address that no sign of can end a link early in markdown.
pub(super) fn unbroken(url: &url::Url) -> String {
    let mut address = String::new();
    for c in url.as_str().chars() {
        match c {
            '(' | ')' | '<' | '>' | '[' | ']' | '\\' | '"' | '\'' | '|' | '*' | '`' | '@' | ' ' => {
                address.push_str(&format!("%{:02X}", u32::from(c)));
            }
            c => address.push(c),
        }
    }
    address
}

/// Pieces one below the other; those of several lines with a blank line around them.
pub(super) fn joined(pieces: &[String], newline: &str) -> String {
    let mut text = String::new();
    let mut was_tall = false;
    for piece in pieces.iter().filter(|piece| !piece.is_empty()) {
        let is_tall = piece.contains(newline);
        if !text.is_empty() {
            text.push_str(newline);
            if was_tall {
                text.push_str(newline);
            }
        }
        text.push_str(piece);
        was_tall = is_tall;
    }
    text
}

/// As much of a text as is worth cleaning for a place that short.
fn beginning(text: &str, signs: usize) -> &str {
    let end = text.char_indices().nth(signs);
    &text[..end.map_or(text.len(), |(at, _)| at)]
}

/// Cleaned, but with the spaces at its ends that part it from its neighbours.
fn spaced(text: &str) -> String {
    let cleaned = clean(text);
    if cleaned.is_empty() {
        return if text.contains(' ') {
            " ".to_owned()
        } else {
            String::new()
        };
    }
    let before = if text.starts_with(' ') { " " } else { "" };
    let after = if text.ends_with(' ') { " " } else { "" };
    format!("{before}{cleaned}{after}")
}

/// An address to link to, or none. One with an account in it leads elsewhere than it seems.
fn address(url: &str) -> Option<url::Url> {
    url::Url::parse(url.trim()).ok().filter(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.username().is_empty()
            && url.password().is_none()
            && length(url.as_str()) <= ADDRESS
    })
}
