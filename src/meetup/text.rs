//! Meetup's texts: trimmed, cut where no text of Meetup's ends, with "" and null made one.

/// Characters of a text; Meetup's own have some 80.
const MOST_CHARACTERS: usize = 10_000;

/// A text that may be missing.
pub(crate) fn optional(text: Option<String>) -> Option<String> {
    text.map(required).filter(|it| !it.is_empty())
}

/// A text that is always there.
pub(crate) fn required(text: String) -> String {
    let trimmed = text.trim();
    let end = trimmed.char_indices().nth(MOST_CHARACTERS);
    let trimmed = end.map_or(trimmed, |(end, _)| &trimmed[..end]);
    if trimmed.len() == text.len() {
        text
    } else {
        trimmed.to_owned()
    }
}

/// A country's two letters, lower case.
pub(crate) fn country(text: Option<String>) -> Option<String> {
    optional(text).map(|it| it.to_ascii_lowercase())
}
