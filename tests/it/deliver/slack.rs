//! What is Slack's own: blocks, and its markup. What holds for all channels is in the contract.

use gatherd::report::message::{Entry, Line, Message, Section};
use serde_json::Value;

use super::{channel, digest, document, payload};

fn slack(message: &Message) -> Value {
    payload(&channel("slack", "https://x"), message, &document())
}

fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

fn blocks(payload: &Value) -> &[Value] {
    payload["blocks"].as_array().unwrap()
}

/// All texts of the blocks.
fn texts(payload: &Value) -> Vec<String> {
    let texts = blocks(payload).iter().flat_map(|block| {
        let many = ["fields", "elements"].map(|key| block[key].as_array().cloned());
        let many = many.into_iter().flatten().flatten();
        block.get("text").cloned().into_iter().chain(many)
    });
    texts
        .map(|text| text["text"].as_str().unwrap().to_owned())
        .collect()
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
            "*Events*\n151 (198 the year before)",
            "*People*\n1,233 (1,053 the year before)",
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
fn groups_share_a_block_up_to_the_edge() {
    let message = |last: usize| Message {
        sections: vec![Section {
            entries: [1500, last]
                .iter()
                .map(|count| Entry::of(vec![Line::plain("y".repeat(*count))]))
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
