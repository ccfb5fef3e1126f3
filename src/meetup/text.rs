//! Meetup's texts: trimmed, with "" and null made one.

/// A text that may be missing.
pub(crate) fn optional(text: Option<String>) -> Option<String> {
    text.map(required).filter(|it| !it.is_empty())
}

/// A text that is always there.
pub(crate) fn required(text: String) -> String {
    let trimmed = text.trim();
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
