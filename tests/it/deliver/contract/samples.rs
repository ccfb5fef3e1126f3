//! Payloads left in `target/tmp/<kind>` for the services' own kits, which `tests/checks` runs.

use gatherd::deliver::{Letter, test_line};
use gatherd::mirror::DeliveryKind;
use gatherd::report::message::{Line, Message, Section};

use super::super::{at, channel, digest, document, pictured, posted};
use super::services::CHATS;

fn samples() -> Vec<(String, DeliveryKind, Message)> {
    let hostile = "<!channel> @everyone <users/all> <at>x</at> [a](https://evil.example) **b** _c_ \
                   `d` {{DATE(2017-02-14T06:08:39Z,SHORT)}} \u{202e}e";
    let mut strange = digest(3);
    strange.title = hostile.to_owned();
    strange.sections[1].heading = Some(hostile.to_owned());
    strange.sections[1].entries[0].lines[0] = Line::plain(hostile).bold(hostile);
    let emoji = Message {
        title: "👩‍💻".repeat(300),
        sections: vec![Section {
            lines: vec![Line::plain("🇳🇵".repeat(3000))],
            ..Section::default()
        }],
        ..digest(1)
    };
    let mut all: Vec<(String, DeliveryKind, Message)> = [0, 1, 24, 1000]
        .map(|groups| {
            (
                format!("digest-{groups}"),
                DeliveryKind::Digest,
                digest(groups),
            )
        })
        .into();
    all.push(("hostile".to_owned(), DeliveryKind::Manual, strange));
    all.push(("emoji".to_owned(), DeliveryKind::Manual, emoji));
    all.push(("pictured".to_owned(), DeliveryKind::Digest, pictured(24)));
    all.push(("alert".to_owned(), DeliveryKind::Alert, digest(1)));
    all.push(("empty".to_owned(), DeliveryKind::Digest, Message::default()));
    all.push((
        "test-line".to_owned(),
        DeliveryKind::Test,
        test_line("ops").0,
    ));
    all
}

#[test]
fn payloads_are_left_for_the_outside_checks() {
    for service in &CHATS {
        let directory = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(service.kind);
        // What an earlier version left there is not ours to be judged by.
        drop(std::fs::remove_dir_all(&directory));
        std::fs::create_dir_all(&directory).unwrap();
        for (name, kind, message) in samples() {
            let letter = Letter {
                kind,
                at: at("2026-08-31T06:00:00Z"),
                message: &message,
                document: &document(),
            };
            let payload = posted(&channel(service.kind, "https://x").payload(&letter));
            let file = directory.join(format!("{name}.json"));
            std::fs::write(file, payload.to_string()).unwrap();
        }
    }
}
