//! Plain text for a terminal: hostile characters out, columns counted, lines broken.

use crate::community::is_deceptive;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Text from Meetup made safe for a terminal: escape sequences, control characters, characters that
/// turn or hide text are taken out; any white space becomes one blank.
pub fn clean(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            // An escape sequence goes with its parameters, so that "[31m" is not left behind.
            '\u{1b}' | '\u{9b}' => skip_sequence(c, &mut rest),
            c if c.is_whitespace() => {
                if !cleaned.ends_with(' ') {
                    cleaned.push(' ');
                }
            }
            c if c.is_control() || is_deceptive(c) => {}
            c => cleaned.push(c),
        }
    }
    cleaned.trim().to_owned()
}

/// A group's name, cleaned; the one in its address where nothing that is seen is left of it.
pub fn group_name(name: &str, urlname: &str) -> String {
    let shown = clean(name);
    match shown.is_empty() {
        true => clean(urlname),
        false => shown,
    }
}

fn skip_sequence(start: char, rest: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    let kind = if start == '\u{9b}' {
        Some('[')
    } else {
        rest.next_if(|c| "[]PX^_".contains(*c))
    };
    match kind {
        Some('[') => {
            while rest
                .next_if(|c| ('\u{20}'..='\u{3f}').contains(c))
                .is_some()
            {}
            rest.next_if(|c| ('\u{40}'..='\u{7e}').contains(c));
        }
        // A string (a title, a link) runs to its terminator; without one, only its mark goes.
        Some(_)
            if rest
                .clone()
                .any(|c| matches!(c, '\u{7}' | '\u{1b}' | '\u{9c}')) =>
        {
            while let Some(c) = rest.next() {
                match c {
                    '\u{7}' | '\u{9c}' => break,
                    '\u{1b}' => {
                        rest.next_if_eq(&'\\');
                        break;
                    }
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

/// The columns a text takes.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// A text cut to so many columns, with an ellipsis where something is missing.
pub fn fit(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut kept = String::new();
    for c in text.chars() {
        let wider = width(&kept) + c.width().unwrap_or(0);
        if wider + 1 > columns {
            break;
        }
        kept.push(c);
    }
    while width(&kept) + 1 > columns && kept.pop().is_some() {}
    format!("{}…", kept.trim_end())
}

/// A text filled up with blanks to so many columns.
pub(super) fn pad(text: &str, columns: usize) -> String {
    let fitted = fit(text, columns);
    let missing = columns.saturating_sub(width(&fitted));
    format!("{fitted}{}", " ".repeat(missing))
}

/// A text in lines of at most so many columns, broken between words.
pub(super) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let lines = whole_words(text, columns);
    lines.into_iter().map(|line| fit(&line, columns)).collect()
}

/// The same, but a word that is wider stands whole on a line of its own: an address or a path is copied.
pub fn whole_words(text: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    // A no-break space keeps its neighbours together.
    let words = text
        .split([' ', '\n', '\t'])
        .filter(|word| !word.is_empty());
    for word in words {
        match lines.last_mut() {
            Some(line) if width(line) + 1 + width(word) <= columns => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_go_with_their_parameters() {
        assert_eq!(clean("\u{1b}[1;31mRed\u{1b}[0m team"), "Red team");
        assert_eq!(
            clean("a\u{1b}]8;;https://evil.example\u{1b}\\click\u{1b}]8;;\u{7}b"),
            "aclickb"
        );
        assert_eq!(clean("a\u{9b}2Jb"), "ab");
        assert_eq!(clean("a\u{1b}]no end"), "ano end");
    }

    #[test]
    fn turned_and_hidden_text_is_put_straight() {
        assert_eq!(clean("abc\u{202e}fed\u{2066}x\u{200b}\u{feff}"), "abcfedx");
        assert_eq!(
            clean(" two\n\tlines\u{2028}and \u{7}a bell "),
            "two lines and a bell"
        );
    }

    #[test]
    fn letters_of_all_scripts_and_emoji_stay() {
        for name in ["東京ユーザー会", "मुम्बई", "القاهرة", "👩‍💻 Coders", "Łódź"]
        {
            assert_eq!(clean(name), name);
        }
    }

    #[test]
    fn wide_letters_count_twice() {
        assert_eq!(fit("東京ユーザー会", 7), "東京ユ…");
        assert_eq!(width(&pad("東京", 6)), 6);
        assert_eq!(fit("plain", 5), "plain");
    }
}
