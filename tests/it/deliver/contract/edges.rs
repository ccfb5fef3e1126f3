//! Each limit at its edge, where nothing is cut, and one past it, where it is cut and said.

use gatherd::report::message::{Entry, Fact, Line, Message, Section};
use serde_json::Value;

use super::posted;
use super::services::{
    Service, discord_total, google_chat_widgets, length, list, mattermost_attachments, service,
};

/// A limit, a message that grows towards it, and how close to it a whole message gets.
struct Edge {
    kind: &'static str,
    limit: usize,
    message: fn(usize) -> Message,
    measure: fn(&Value) -> usize,
    /// What one step adds at most.
    step: usize,
}

fn is_cut(service: &Service, payload: &Value) -> bool {
    let text = (service.seen)(payload).text;
    text.contains('…') || text.contains(" more")
}

impl Edge {
    #[track_caller]
    fn holds(&self) {
        let service = service(self.kind);
        let is_cut = |n: usize| is_cut(service, &posted(service, &(self.message)(n)));
        assert!(!is_cut(1), "the smallest is whole");
        let (mut whole, mut cut) = (1, 2);
        while !is_cut(cut) {
            (whole, cut) = (cut, cut * 2);
        }
        while cut - whole > 1 {
            let middle = (whole + cut) / 2;
            if is_cut(middle) {
                cut = middle;
            } else {
                whole = middle;
            }
        }
        let size = (self.measure)(&posted(service, &(self.message)(whole)));
        assert!(
            size <= self.limit && size + self.step > self.limit,
            "{}: whole up to {size}, where {} are allowed",
            self.kind,
            self.limit
        );
    }
}

fn line(length: usize) -> Line {
    Line::plain("y".repeat(length))
}

fn entry(length: usize) -> Entry {
    Entry::of(vec![line(length)])
}

/// So many signs, in entries of 700 and sections of four of them.
fn signs(count: usize) -> Message {
    let mut sections = Vec::new();
    for begins in (0..count).step_by(2800) {
        let left = (count - begins).min(2800);
        let entries = (0..left).step_by(700).map(|at| entry((left - at).min(700)));
        sections.push(Section {
            heading: Some("S".to_owned()),
            entries: entries.collect(),
            ..Section::default()
        });
    }
    Message {
        title: "T".to_owned(),
        sections,
        ..Message::default()
    }
}

fn title(count: usize) -> Message {
    Message {
        title: "t".repeat(count),
        ..signs(10)
    }
}

fn facts(count: usize) -> Message {
    let fact = |n: usize| Fact::new(format!("F{n}"), line(2));
    let section = Section {
        facts: (0..count).map(fact).collect(),
        ..Section::default()
    };
    Message {
        title: "T".to_owned(),
        sections: vec![section],
        ..Message::default()
    }
}

fn sections(count: usize) -> Message {
    let section = |n: usize| Section {
        heading: Some(format!("S{n}")),
        lines: vec![line(1)],
        ..Section::default()
    };
    Message {
        title: "T".to_owned(),
        sections: (0..count).map(section).collect(),
        ..Message::default()
    }
}

#[test]
fn all_of_a_message_fits_up_to_the_services_limit() {
    let bytes = |payload: &Value| payload.to_string().len();
    for edge in [
        Edge {
            kind: "slack",
            limit: 9_000,
            message: signs,
            measure: |payload| length(&payload["blocks"].to_string()),
            step: 2,
        },
        Edge {
            kind: "discord",
            limit: 6_000,
            message: signs,
            measure: discord_total,
            step: 4,
        },
        Edge {
            kind: "teams",
            limit: 20_000,
            message: signs,
            measure: bytes,
            step: 2,
        },
        Edge {
            kind: "google_chat",
            limit: 31_000,
            message: signs,
            measure: bytes,
            step: 2,
        },
        Edge {
            kind: "mattermost",
            limit: 7_900,
            message: signs,
            measure: mattermost_attachments,
            step: 2,
        },
        Edge {
            kind: "matrix",
            limit: 56_000,
            message: signs,
            measure: bytes,
            step: 3,
        },
    ] {
        edge.holds();
    }
}

#[test]
fn a_title_is_whole_up_to_its_limit() {
    let first = |payload: &Value| length(payload["blocks"][0]["text"]["text"].as_str().unwrap());
    for edge in [
        Edge {
            kind: "slack",
            limit: 150,
            message: title,
            measure: first,
            step: 1,
        },
        Edge {
            kind: "discord",
            limit: 256,
            message: title,
            measure: |payload| length(payload["embeds"][0]["title"].as_str().unwrap()),
            // What is cut gives way to "…", which is kept room for.
            step: 2,
        },
        Edge {
            kind: "google_chat",
            limit: 200,
            message: title,
            measure: |payload| {
                length(
                    payload["cardsV2"][0]["card"]["header"]["title"]
                        .as_str()
                        .unwrap(),
                )
            },
            step: 2,
        },
    ] {
        edge.holds();
    }
}

#[test]
fn one_text_is_whole_up_to_what_a_part_of_the_message_may_hold() {
    // One section of many short entries, which share a part.
    let short = |count: usize| Message {
        title: "T".to_owned(),
        sections: vec![Section {
            entries: (0..count).map(|_| entry(40)).collect(),
            ..Section::default()
        }],
        ..Message::default()
    };
    for edge in [
        Edge {
            kind: "discord",
            limit: 4_096,
            message: short,
            measure: |payload| length(payload["embeds"][0]["description"].as_str().unwrap()),
            step: 41,
        },
        Edge {
            kind: "mattermost",
            limit: 16_383,
            message: short,
            measure: |payload| length(payload["text"].as_str().unwrap()),
            step: 41,
        },
    ] {
        edge.holds();
    }
}

#[test]
fn parts_are_shown_up_to_as_many_as_there_may_be() {
    let tall = |count: usize| Message {
        title: "T".to_owned(),
        sections: vec![Section {
            entries: (0..count)
                .map(|_| Entry::of(vec![line(1), line(1)]))
                .collect(),
            ..Section::default()
        }],
        ..Message::default()
    };
    for edge in [
        Edge {
            kind: "slack",
            limit: 50,
            message: sections,
            measure: |payload| list(&payload["blocks"]).len(),
            step: 1,
        },
        Edge {
            kind: "discord",
            limit: 25,
            message: facts,
            measure: |payload| list(&payload["embeds"][0]["fields"]).len(),
            step: 1,
        },
        Edge {
            kind: "google_chat",
            limit: 100,
            message: tall,
            measure: google_chat_widgets,
            step: 1,
        },
    ] {
        edge.holds();
    }
}

#[test]
fn figures_go_on_in_the_next_block_where_one_is_full() {
    let payload = |count| posted(service("slack"), &facts(count));
    let fields = |payload: &Value| -> Vec<usize> {
        let blocks = list(&payload["blocks"])[1..].iter();
        blocks.map(|block| list(&block["fields"]).len()).collect()
    };
    assert_eq!(fields(&payload(10)), [10]);
    assert_eq!(fields(&payload(11)), [10, 1]);
}

#[test]
fn topics_beyond_ten_share_the_last_embed() {
    for (topics, embeds) in [(9, 10), (10, 10), (14, 10)] {
        let service = service("discord");
        let payload = posted(service, &sections(topics));
        assert_eq!(list(&payload["embeds"]).len(), embeds);
        let text = (service.seen)(&payload).text;
        for n in 0..topics {
            assert!(text.contains(&format!("S{n}\ny")), "{text}");
        }
    }
}

#[test]
fn a_figure_fits_at_its_limit_and_is_cut_one_past() {
    let message = |name: usize, value: usize| Message {
        sections: vec![Section {
            facts: vec![Fact::new("n".repeat(name), line(value))],
            ..Section::default()
        }],
        ..Message::default()
    };
    let discord = service("discord");
    for (name, value, is_whole) in [(255, 1023, true), (257, 1, false), (1, 1025, false)] {
        let payload = posted(discord, &message(name, value));
        assert_eq!(!is_cut(discord, &payload), is_whole, "{name} {value}");
    }
    for chat in &super::services::CHATS {
        posted(chat, &message(10_000, 10_000));
    }
}
