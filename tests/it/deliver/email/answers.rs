//! What a mail server says, and what is made of it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use gatherd::deliver::{Fate, Outbox, Parcel, Persistence, Verdict, drain};

use super::super::at;
use super::super::post_office::{Manner, PostOffice};
use super::{courier, kept, post, sent, sent_within};

const ANN: &[&str] = &["ann@example.org"];
const THREE: &[&str] = &["ann@example.org", "Bob <bob@example.org>", "cy@example.org"];

fn office(says: &[(&'static str, &'static str)]) -> PostOffice {
    PostOffice::open(Manner {
        says: says.to_vec(),
        ..Manner::default()
    })
}

/// What comes of a message to these where the server says so.
async fn verdict(to: &[&str], says: &[(&'static str, &'static str)]) -> (Verdict, PostOffice) {
    let office = office(says);
    let channel = post(&format!("smtp://127.0.0.1:{}", office.port), to, false);
    (sent(&channel).await, office)
}

fn later(why: &str) -> Verdict {
    Verdict::Later {
        after: None,
        why: why.to_owned(),
        is_global: false,
    }
}

fn dead(why: &str) -> Verdict {
    let why = why.to_owned();
    Verdict::Dead { why }
}

#[tokio::test]
async fn a_message_goes_to_everybody_in_one_go() {
    let (verdict, office) = verdict(THREE, &[]).await;
    assert_eq!(verdict, Verdict::Sent);
    let taken = office.taken();
    assert_eq!(taken.len(), 1);
    assert_eq!(taken[0].from, "gatherd@example.org");
    assert_eq!(
        taken[0].to,
        ["ann@example.org", "bob@example.org", "cy@example.org"]
    );
    assert_eq!(office.heard()[0], "EHLO example.org");
    assert_eq!(office.heard().last().unwrap(), "QUIT");
}

#[tokio::test]
async fn a_4xx_is_tried_again_and_a_5xx_is_the_last_word_wherever_it_comes() {
    for at in ["HI", "EHLO", "MAIL", "RCPT", "DATA", "."] {
        let before = if at == "RCPT" {
            "the address in `to`: "
        } else {
            ""
        };
        for (says, status) in [
            ("421 closing down", 421),
            ("450 not now", 450),
            ("451 trouble", 451),
        ] {
            let (verdict, _) = verdict(ANN, &[(at, says)]).await;
            // The one that ends the connection is about everybody.
            let before = if status == 421 { "" } else { before };
            let why = format!("{before}answered {status}: {}", &says[4..]);
            assert_eq!(verdict, later(&why), "{at}");
        }
        for (says, status) in [("550 no such mailbox", 550), ("554 no", 554)] {
            let (verdict, office) = verdict(ANN, &[(at, says)]).await;
            let why = format!("{before}answered {status}: {}", &says[4..]);
            assert_eq!(verdict, dead(&why), "{at}");
            assert!(office.taken().is_empty());
        }
    }
}

#[tokio::test]
async fn what_is_refused_for_good_for_one_goes_to_the_others_and_says_so() {
    let says = ("RCPT TO:<bob@", "550 5.1.1 <bob@example.org>: user unknown");
    let (verdict, office) = verdict(THREE, &[says]).await;
    let lacks = "not to everybody: address 2 of 3 in `to`: answered 550: 5.1.1 <…>: user unknown"
        .to_owned();
    assert_eq!(verdict, Verdict::SentInPart { lacks });
    assert_eq!(office.taken()[0].to, ["ann@example.org", "cy@example.org"]);
}

#[tokio::test]
async fn what_everybody_is_refused_is_not_sent() {
    let (verdict, office) = verdict(THREE, &[("RCPT", "550 no relay")]).await;
    let why = "address 1 of 3 in `to`: answered 550: no relay; address 2 of 3 in `to`: answered 550: no relay; \
               address 3 of 3 in `to`: answered 550: no relay";
    assert_eq!(verdict, dead(why));
    assert!(!office.heard().contains(&"DATA".to_owned()));
}

#[tokio::test]
async fn who_is_refused_for_now_keeps_the_others_waiting_but_not_for_ever() {
    let office = office(&[("RCPT TO:<bob@", "450 4.2.0 greylisted")]);
    let url = format!("smtp://127.0.0.1:{}", office.port);
    let channels = [post(&url, THREE, false)];
    let refused = "address 2 of 3 in `to`: answered 450: 4.2.0 greylisted";
    assert_eq!(
        sent(&channels[0]).await,
        later(&format!("{refused}; the others wait for it"))
    );
    assert!(office.taken().is_empty());
    for (attempt, is_sent) in [(7, false), (8, true)] {
        let fate = drained(&channels[0], attempt).await;
        assert_eq!(
            matches!(fate, Fate::Sent(_)),
            is_sent,
            "{attempt}: {fate:?}"
        );
        assert_eq!(office.taken().len(), usize::from(is_sent));
        if let Fate::Sent(lacks) = fate {
            assert_eq!(lacks.unwrap(), format!("not to everybody: {refused}"));
        }
    }
}

/// What becomes of a delivery that is tried for that time.
async fn drained(channel: &gatherd::deliver::Channel, attempt: u32) -> Fate {
    let now = at("2026-08-31T06:00:00Z");
    let due = Mutex::new(Some(Parcel {
        id: 7,
        key: "msg_ab12_7".to_owned(),
        channel: "ops".to_owned(),
        payload: kept(channel),
        attempt,
        created_at: now,
    }));
    let noted = Arc::new(Mutex::new(Vec::new()));
    let noting = Arc::clone(&noted);
    let outbox = Arc::new(Outbox {
        lease: Box::new(move |_, _| Ok(due.lock().unwrap().take())),
        note: Box::new(move |_, _, fate: &Fate| {
            noting.lock().unwrap().push(fate.clone());
            Ok(())
        }),
    });
    let courier = courier(Duration::from_secs(60), &Default::default());
    let channels = [channel.clone()];
    drain(
        &outbox,
        &channels,
        &courier,
        &Persistence::default(),
        || now,
    )
    .await
    .unwrap();
    let fates = noted.lock().unwrap();
    fates[0].clone()
}

#[tokio::test]
async fn whether_it_arrived_is_unknown_only_after_it_was_given() {
    for stage in ["HI", "EHLO", "MAIL", "RCPT"] {
        let (verdict, office) = verdict(ANN, &[(stage, "drop")]).await;
        assert_eq!(
            verdict,
            later("the connection broke off; nothing was sent"),
            "{stage}"
        );
        assert!(office.taken().is_empty());
        let (verdict, _) = hung(stage).await;
        assert_eq!(
            verdict,
            later("no answer in time; nothing was sent"),
            "{stage}"
        );
    }
    let (verdict, office) = verdict(ANN, &[(".", "drop")]).await;
    assert_eq!(
        verdict,
        later("the connection broke off; the message may have arrived all the same")
    );
    assert_eq!(office.taken().len(), 1, "it did, here");
    let (verdict, office) = hung(".").await;
    assert_eq!(
        verdict,
        later("no answer in time; the message may have arrived all the same")
    );
    assert_eq!(office.taken().len(), 1);
}

async fn hung(stage: &'static str) -> (Verdict, PostOffice) {
    let office = office(&[(stage, "hang")]);
    let channel = post(&format!("smtp://127.0.0.1:{}", office.port), ANN, false);
    (
        sent_within(&channel, Duration::from_millis(300)).await,
        office,
    )
}

#[tokio::test]
async fn a_farewell_that_is_not_answered_changes_nothing() {
    let (verdict, office) = verdict(ANN, &[("QUIT", "drop")]).await;
    assert_eq!((verdict, office.taken().len()), (Verdict::Sent, 1));
}

#[tokio::test]
async fn a_message_again_has_the_same_id_and_date() {
    let office = office(&[]);
    let channel = post(&format!("smtp://127.0.0.1:{}", office.port), ANN, false);
    for (key, time) in [
        ("msg_ab12_7", "06:00:05"),
        ("msg_ab12_7", "06:15:00"),
        ("msg_ab12_8", "06:15:01"),
    ] {
        let courier = courier(Duration::from_secs(60), &Default::default());
        let now = at(&format!("2026-08-31T{time}Z"));
        assert_eq!(
            channel.send(&courier, key, &kept(&channel), now).await,
            Verdict::Sent
        );
    }
    let taken = office.taken();
    let ids: Vec<&str> = taken.iter().map(|it| it.header("Message-ID")).collect();
    assert_eq!(
        ids,
        [
            "<msg_ab12_7@example.org>",
            "<msg_ab12_7@example.org>",
            "<msg_ab12_8@example.org>"
        ]
    );
    assert_eq!(taken[0].header("Date"), "Mon, 31 Aug 2026 06:00:00 +0000");
    assert_eq!(taken[1].header("Date"), taken[0].header("Date"));
}

#[tokio::test]
async fn what_was_filed_for_another_kind_is_not_sent() {
    let channel = post("smtp://127.0.0.1:9", ANN, false);
    let courier = courier(Duration::from_secs(60), &Default::default());
    let verdict = channel
        .send(
            &courier,
            "msg_1",
            "{\"text\":\"a\"}",
            at("2026-08-31T06:00:00Z"),
        )
        .await;
    assert_eq!(
        verdict,
        dead("what was filed is no e-mail: the channel was of another kind then")
    );
}
