//! Whatever message is drawn, every payload obeys its service's limits.

use gatherd::report::message::{Entry, Fact, Line, Message, Section, Span, Tone, Topic};
use proptest::prelude::*;

use super::seen;
use super::services::CHATS;

fn spans() -> impl Strategy<Value = Span> {
    let text = prop_oneof![
        any::<String>(),
        "[<>&|*_!@a{}()\\[\\]\\\\`~#: ]{0,400}",
        "(👩‍💻|é|e\u{301}|&|🇳🇵){0,300}",
        "[a-z ]{2400,2600}"
    ];
    (text, 0..4).prop_map(|(text, kind)| match kind {
        0 => Span::Plain(text),
        1 => Span::Bold(text),
        2 => Span::Code("[metrics] show_rate = 0.7".to_owned()),
        _ => Span::Link {
            url: format!("https://www.meetup.com/{text}/"),
            text,
        },
    })
}

fn line() -> impl Strategy<Value = Line> {
    prop::collection::vec(spans(), 0..4).prop_map(Line)
}

fn lines() -> impl Strategy<Value = Vec<Line>> {
    prop::collection::vec(line(), 0..4)
}

fn section() -> impl Strategy<Value = Section> {
    let entries = prop::collection::vec(lines().prop_map(Entry::of), 0..8);
    let fact = (any::<String>(), line()).prop_map(|(label, value)| Fact { label, value });
    let tone = prop_oneof![Just(Tone::Neutral), Just(Tone::Attention), Just(Tone::Good)];
    (
        prop::option::of(any::<String>()),
        tone,
        lines(),
        prop::collection::vec(fact, 0..4),
        entries,
        0..3usize,
        prop::collection::vec(any::<String>(), 0..80),
    )
        .prop_map(
            |(heading, tone, lines, facts, entries, unlisted, others)| Section {
                topic: Topic::Other,
                heading,
                tone,
                lines,
                picture: None,
                facts,
                entries,
                unlisted,
                others,
                others_are: "",
                elsewhere: None,
            },
        )
}

fn messages() -> impl Strategy<Value = Message> {
    (
        any::<String>(),
        any::<String>(),
        prop::collection::vec(section(), 0..8),
        any::<String>(),
        lines(),
    )
        .prop_map(|(title, fallback, sections, elsewhere, footer)| Message {
            title,
            fallback,
            sections,
            elsewhere,
            footer,
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn whatever_the_message_every_service_would_take_it(message in messages()) {
        for service in &CHATS {
            seen(service, &message);
        }
    }
}
