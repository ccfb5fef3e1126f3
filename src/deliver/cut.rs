//! Cutting text without breaking it: no sign is parted, and "…" says that something is missing.

use crate::report::clean;

/// Length as the services may count it: characters or UTF-16 units, whichever is more (it is always
/// the units, since every character is at least one).
pub(super) fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Plain text, cleaned, within a limit, "…" included.
pub(super) fn cut(text: &str, limit: usize) -> String {
    let text = clean(text);
    if length(&text) <= limit {
        return text;
    }
    let kept = fitting(&text, limit - 1, char::len_utf16);
    format!("{}…", kept.trim_end())
}

/// The longest beginning of `text` whose characters measure at most `limit`, not parting what is one
/// sign.
pub(super) fn fitting(text: &str, limit: usize, mut measure: impl FnMut(char) -> usize) -> &str {
    let mut end = 0;
    let mut used = 0;
    for (start, c) in text.char_indices() {
        used += measure(c);
        if used > limit {
            break;
        }
        end = start + c.len_utf8();
    }
    if end == text.len() {
        return text;
    }
    while end > 0 && is_within_a_sign(text, end) {
        end -= text[..end].chars().next_back().map_or(0, char::len_utf8);
    }
    &text[..end]
}

/// Whether what is before and after that place is one sign to a reader.
fn is_within_a_sign(text: &str, at: usize) -> bool {
    let before = text[..at].chars().next_back();
    let after = text[at..].chars().next();
    // Two regional letters are one flag, so a cut may only come after an even number of them.
    let letters = text[..at].chars().rev().take_while(|c| is_regional(*c));
    after.is_some_and(joins_what_is_before)
        || before == Some('\u{200d}')
        || (after.is_some_and(is_regional) && letters.count() % 2 == 1)
}

/// Combining marks, variation selectors, skin tones and joiners belong to the sign before them.
fn joins_what_is_before(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{20d0}'..='\u{20ff}' | '\u{200d}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}')
}

fn is_regional(c: char) -> bool {
    matches!(c, '\u{1f1e6}'..='\u{1f1ff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_one_sign_is_not_parted() {
        for (text, limit, kept) in [
            ("abcdef", 6, "abcdef"),
            ("abcdef", 5, "abcd…"),
            ("ab👋", 4, "ab👋"),
            ("ab👋c", 4, "ab…"),
            ("ae\u{301}bc", 3, "a…"),
            ("a👩\u{200d}💻b", 4, "a…"),
            ("a👩\u{200d}💻bcd", 7, "a👩\u{200d}💻…"),
            ("🇳🇵🇧🇷x", 8, "🇳🇵…"),
            ("a👍🏽bc", 4, "a…"),
        ] {
            assert_eq!(cut(text, limit), kept, "{text} to {limit}");
            assert!(length(&cut(text, limit)) <= limit);
        }
    }
}
