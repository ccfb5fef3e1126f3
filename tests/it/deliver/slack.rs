use gatherd::report::message::{Entry, Line, Message, Section, Span};
use proptest::prelude::*;
use serde_json::Value;

use super::{channel, digest, document, payload};

fn slack(message: &Message) -> Value {
    payload(&channel("slack", "https://x"), message, &document())
}

fn length(text: &str) -> usize {
    text.encode_utf16().count().max(text.chars().count())
}

fn blocks(payload: &Value) -> &[Value] {
    payload["blocks"].as_array().unwrap()
}

/// All texts of the blocks.
fn texts(payload: &Value) -> Vec<String> {
    blocks(payload)
        .iter()
        .map(|block| {
            let text = block["text"]["text"]
                .as_str()
                .or_else(|| block["elements"][0]["text"].as_str());
            text.unwrap().to_owned()
        })
        .collect()
}

/// Everything Slack holds a message to.
fn hold_to_limits(payload: &Value) {
    assert!(!payload["text"].as_str().unwrap().trim().is_empty());
    assert!(length(payload["text"].as_str().unwrap()) <= 3000);
    let Some(blocks) = payload["blocks"].as_array() else {
        return;
    };
    assert!((1..=50).contains(&blocks.len()), "{} blocks", blocks.len());
    assert!(length(&payload["blocks"].to_string()) <= 9000);
    for (block, text) in blocks.iter().zip(texts(payload)) {
        let limit = if block["type"] == "header" { 150 } else { 3000 };
        assert!(
            !text.trim().is_empty() && length(&text) <= limit,
            "{} of {limit}",
            length(&text)
        );
        if block["type"] != "header" {
            assert_eq!(
                block["text"]["verbatim"]
                    .as_bool()
                    .or_else(|| block["elements"][0]["verbatim"].as_bool()),
                Some(true)
            );
            hold_to_entities(&text);
        }
    }
}

/// `<` begins only links of ours, which end; `&` begins only the three entities.
fn hold_to_entities(text: &str) {
    let mut rest = text;
    while let Some(start) = rest.find(['<', '>', '&']) {
        rest = &rest[start..];
        if let Some(link) = rest.strip_prefix('<') {
            assert!(
                link.starts_with("https://") || link.starts_with("http://"),
                "{text}"
            );
            let inside = &link[..link.find('>').expect("a link that ends")];
            assert!(inside.contains('|') && !inside.contains('<'), "{text}");
            rest = &link[inside.len() + 1..];
        } else {
            let entity = ["&amp;", "&lt;", "&gt;"]
                .into_iter()
                .find(|entity| rest.starts_with(entity));
            rest = &rest[entity
                .unwrap_or_else(|| panic!("a stray sign in {text}"))
                .len()..];
        }
    }
}

#[test]
fn a_digest_reads_in_order() {
    let payload = slack(&digest(1));
    assert_eq!(payload["text"], "46 groups met in the last 12 months");
    assert_eq!(blocks(&payload)[0]["type"], "header");
    assert_eq!(
        texts(&payload),
        [
            "ACME user groups · Monday 31 August",
            "*46 groups met* in the last 12 months; 86 the year before.",
            "*Please write to (1)*\n1. <https://www.meetup.com/group-1/|Group 1> · a longer pause than usual · \
             nothing for 19 weeks, its longest in two years.",
            "*Next two weeks*\n1. <https://www.meetup.com/group-1/|Group 1> · a longer pause than usual · \
             nothing for 19 weeks, its longest in two years.\n2. <https://www.meetup.com/group-2/|Group 2> · \
             a longer pause than usual · nothing for 19 weeks, its longest in two years.",
            "Data to 06:00 UTC, all groups read.",
        ]
    );
    assert_eq!(blocks(&payload).last().unwrap()["type"], "context");
}

#[test]
fn what_does_not_fit_is_cut_by_whole_groups_and_counted() {
    for groups in [30, 60, 61, 250, 1000] {
        let payload = slack(&digest(groups));
        hold_to_limits(&payload);
        let all = texts(&payload).join("\n");
        let shown = all.matches("<https://www.meetup.com/group-").count() - 2;
        assert_eq!(
            all.matches("its longest in two years.").count() - 2,
            shown,
            "no group is torn"
        );
        if shown < groups {
            assert!(
                all.contains(&format!("_and {} more_", groups - shown)),
                "{all}"
            );
        }
        assert!(shown >= 30, "{groups}: {shown} shown");
        assert!(
            all.contains("*Next two weeks*\n1. "),
            "the other sections stay"
        );
        assert!(all.contains("Data to 06:00 UTC"));
    }
}

#[test]
fn a_title_fits_at_the_edge_and_is_cut_one_past() {
    for (sign, edge) in [("x", 150), ("é", 150), ("👋", 75)] {
        let title = |count: usize| Message {
            title: sign.repeat(count),
            ..digest(1)
        };
        assert_eq!(texts(&slack(&title(edge)))[0], sign.repeat(edge));
        let cut = &texts(&slack(&title(edge + 1)))[0];
        assert!(cut.ends_with('…') && length(cut) <= 150, "{cut}");
    }
}

#[test]
fn groups_share_a_block_up_to_the_edge() {
    let message = |last: usize| Message {
        sections: vec![Section {
            entries: [1500, last]
                .iter()
                .map(|count| Entry {
                    lines: vec![Line::plain("y".repeat(*count))],
                })
                .collect(),
            ..Section::default()
        }],
        ..Message::default()
    };
    assert_eq!(texts(&slack(&message(1499))).len(), 1);
    assert_eq!(length(&texts(&slack(&message(1499)))[0]), 3000);
    assert_eq!(texts(&slack(&message(1500))).len(), 2);
}

#[test]
fn too_many_sections_end_in_a_count() {
    let section = |n: usize| Section {
        heading: Some(format!("Section {n}")),
        ..Section::default()
    };
    let message = |count: usize| Message {
        sections: (1..=count).map(section).collect(),
        ..Message::default()
    };
    assert_eq!(blocks(&slack(&message(50))).len(), 50);
    let payload = slack(&message(51));
    hold_to_limits(&payload);
    assert_eq!(texts(&payload).last().unwrap(), "_and 2 more sections_");
}

#[test]
fn hostile_text_mentions_nobody_and_breaks_nothing() {
    let hostile = "<!channel> <@U123> & <https://evil|click>\u{202e}gpj\u{1b}[31m\nnext";
    let message = Message {
        title: hostile.to_owned(),
        fallback: hostile.to_owned(),
        sections: vec![Section {
            heading: Some(hostile.to_owned()),
            lines: vec![
                Line::default()
                    .text(hostile)
                    .bold("a*b")
                    .link(hostile, "https://www.meetup.com/a|b>c&d=<e>/"),
                Line::default().link("no address", "javascript:alert(1)"),
            ],
            ..Section::default()
        }],
        ..Message::default()
    };
    let payload = slack(&message);
    hold_to_limits(&payload);
    let all = texts(&payload)[1..].join("\n");
    assert!(
        all.contains("&lt;!channel&gt; &lt;@U123&gt; &amp; &lt;https://evil|click&gt;gpj next"),
        "{all}"
    );
    assert!(
        all.contains(
            "*a\u{2217}b*<https://www.meetup.com/a%7Cb%3Ec&amp;d=%3Ce%3E/|&lt;!channel&gt;"
        ),
        "{all}"
    );
    assert!(
        all.contains("no address") && !all.contains("javascript"),
        "{all}"
    );
    assert!(!payload["text"].as_str().unwrap().contains("<!channel>"));
}

#[test]
fn an_empty_message_still_says_something() {
    let payload = slack(&Message::default());
    assert_eq!(payload["text"], "A message from gatherd");
    assert!(payload.get("blocks").is_none());
}

#[test]
fn groups_the_composer_left_out_are_counted_too() {
    let mut message = digest(2);
    message.sections[1].unlisted = 26;
    assert!(texts(&slack(&message)).join("\n").contains("_and 26 more_"));
}

fn spans() -> impl Strategy<Value = Span> {
    let text = prop_oneof![
        any::<String>(),
        "[<>&|*_!@a ]{0,400}",
        "(👩‍💻|é|e\u{301}|&){0,300}",
        "[a-z ]{2400,2600}"
    ];
    (text, 0..3).prop_map(|(text, kind)| match kind {
        0 => Span::Plain(text),
        1 => Span::Bold(text),
        _ => Span::Link {
            url: format!("https://www.meetup.com/{text}/"),
            text,
        },
    })
}

fn lines() -> impl Strategy<Value = Vec<Line>> {
    prop::collection::vec(prop::collection::vec(spans(), 0..4).prop_map(Line), 0..4)
}

fn messages() -> impl Strategy<Value = Message> {
    let entries = prop::collection::vec(lines().prop_map(|lines| Entry { lines }), 0..8);
    let section = (
        prop::option::of(any::<String>()),
        lines(),
        entries,
        0..3usize,
    )
        .prop_map(|(heading, lines, entries, unlisted)| Section {
            heading,
            lines,
            entries,
            unlisted,
        });
    (
        any::<String>(),
        any::<String>(),
        prop::collection::vec(section, 0..8),
        lines(),
    )
        .prop_map(|(title, fallback, sections, footer)| Message {
            title,
            fallback,
            sections,
            footer,
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn whatever_the_message_slack_would_take_it(message in messages()) {
        hold_to_limits(&slack(&message));
    }
}

/// Payloads for the outside check of `tests/checks/slack_payloads.py`.
#[test]
fn payloads_are_left_for_the_outside_check() {
    let directory = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("slack");
    std::fs::create_dir_all(&directory).unwrap();
    for groups in [0, 1, 24, 250] {
        let file = directory.join(format!("digest-{groups}.json"));
        std::fs::write(file, slack(&digest(groups)).to_string()).unwrap();
    }
}
