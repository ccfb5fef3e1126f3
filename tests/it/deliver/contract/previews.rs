//! Whoever asks what a message will look like is shown what a reader of the chat sees, and nothing else.

use super::{posted, services::CHATS};
use crate::deliver::{channel, digest, pictured};

/// In order of the alphabet; mail writes out where a link leads, which is no word.
fn words(text: &str) -> Vec<String> {
    let parts = text.split_whitespace().filter(|it| !it.contains("://"));
    let words = parts.flat_map(|it| it.split(|c: char| !c.is_alphanumeric()));
    let mut words: Vec<String> = words
        .filter(|it| !it.is_empty())
        .map(str::to_owned)
        .collect();
    words.sort();
    words
}

#[test]
fn a_preview_has_the_words_that_a_reader_sees_and_no_markup() {
    for service in &CHATS {
        for message in [digest(3), digest(400), pictured(5)] {
            let payload = posted(service, &message);
            let shown = channel(service.kind, "https://x").shown(&payload.to_string());
            let shown = shown.unwrap();
            let seen = (service.seen)(&payload).text;
            assert_eq!(
                words(&shown),
                words(&seen),
                "{}:\n{shown}\n--\n{seen}",
                service.kind
            );
            assert!(
                !shown.contains("**") && !shown.contains("](") && !shown.contains("<b>"),
                "{shown}"
            );
            assert!(
                shown.starts_with(&message.title),
                "{}:\n{shown}",
                service.kind
            );
        }
    }
}

#[test]
fn of_a_document_for_programs_there_is_nothing_to_look_at() {
    let webhook = crate::deliver::webhook_that_sends("https://x", &[crate::deliver::SECRET], &[]);
    assert_eq!(webhook.shown("{}"), None);
}
