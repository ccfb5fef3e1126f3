//! What a message is made of as it travels.

use gatherd::deliver::{Letter, Verdict};
use gatherd::mirror::DeliveryKind;
use gatherd::report::message::Message;

use super::super::post_office::{Manner, PostOffice, Taken};
use super::super::{at, digest, document};
use super::{courier, post};

/// A message as it comes to the other end.
async fn received(message: &Message, to: &[&str]) -> Taken {
    let office = PostOffice::open(Manner::default());
    let channel = post(&format!("smtp://127.0.0.1:{}", office.port), to, false);
    let payload = channel.payload(&Letter {
        kind: DeliveryKind::Digest,
        at: at("2026-08-31T06:00:00Z"),
        message,
        document: &document(),
    });
    let courier = courier(std::time::Duration::from_secs(60), &Default::default());
    let verdict = channel
        .send(&courier, "msg_1", &payload, at("2026-08-31T06:00:05Z"))
        .await;
    assert_eq!(verdict, Verdict::Sent);
    office.taken().remove(0)
}

#[tokio::test]
async fn a_message_says_that_a_program_sent_it_and_for_which_list() {
    let came = received(&digest(3), &["Ann <ann@example.org>", "bob@example.org"]).await;
    assert_eq!(came.header("From"), "gatherd <gatherd@example.org>");
    assert_eq!(came.header("To"), "Ann <ann@example.org>, bob@example.org");
    assert_eq!(came.header("Auto-Submitted"), "auto-generated");
    assert_eq!(came.header("List-Id"), "<ops.gatherd.example.org>");
    assert_eq!(came.header("MIME-Version"), "1.0");
    assert!(
        came.header("Content-Type")
            .starts_with("multipart/alternative;")
    );
    let order =
        ["text/plain; charset=utf-8", "text/html; charset=utf-8"].map(|it| came.text.find(it));
    assert!(
        order[0].is_some() && order[0] < order[1],
        "what is richest comes last"
    );
}

#[tokio::test]
async fn no_name_adds_a_header_or_an_address() {
    for name in [
        "a\r\nBcc: eve@example.org",
        "a\nBcc: eve@example.org\n\nhello",
        "a\u{85}\u{2028}Bcc: eve@example.org",
        "=?utf-8?q?a=0ABcc:_eve@example.org?=",
    ] {
        let message = Message {
            title: name.repeat(3),
            ..digest(1)
        };
        let came = received(&message, &["ann@example.org"]).await;
        assert_eq!(came.to, ["ann@example.org"]);
        let (head, _) = came.text.split_once("\r\n\r\n").unwrap();
        let names = head.lines().filter(|line| !line.starts_with([' ', '\t']));
        let names: Vec<&str> = names.map(|line| line.split_once(':').unwrap().0).collect();
        assert_eq!(
            names,
            [
                "From",
                "Subject",
                "Date",
                "Message-ID",
                "List-Id",
                "Auto-Submitted",
                "To",
                "MIME-Version",
                "Content-Type"
            ]
        );
    }
}

#[tokio::test]
async fn every_line_is_short_and_plain_whatever_it_says() {
    let message = Message {
        title: "東京ユーザー会 👩‍💻 ".repeat(8),
        ..digest(200)
    };
    let came = received(&message, &["ann@example.org"]).await;
    assert!(came.text.is_ascii());
    assert!(came.text.len() < 100_000, "{}", came.text.len());
    let longest = came.text.lines().map(str::len).max().unwrap();
    assert!(longest <= 998, "{longest}");
    assert!(came.header("Subject").starts_with("=?utf-8?b?"));
}

#[cfg(feature = "png")]
#[tokio::test]
async fn a_picture_goes_inside_and_is_loaded_from_nowhere() {
    let came = received(&super::super::pictured(24), &["ann@example.org"]).await;
    assert!(came.text.contains("Content-Type: multipart/related;"));
    assert!(came.text.contains("Content-ID: <groups-met@gatherd>"));
    assert!(came.text.contains("Content-Type: image/png"));
    assert!(
        came.text
            .replace("=\r\n", "")
            .contains("src=3D\"cid:groups-met@gatherd\"")
    );
    assert!(came.text.len() < 100_000, "{}", came.text.len());
    assert!(!came.text.replace("=\r\n", "").contains("src=3D\"http"));
}
