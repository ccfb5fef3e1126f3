//! Pictures in chat: who draws them, who is sent them, and that no message is held up by one.

use gatherd::report::message::Message;
use serde_json::Value;

use super::contract::shown_by_all;
use super::{channel, channel_without_pictures, document, payload, pictured};

fn card(payload: &Value) -> &Value {
    &payload["attachments"][0]["content"]
}

/// The charts of a card, however deep.
fn charts(element: &Value) -> Vec<&Value> {
    let own = (element["type"] == "Chart.VerticalBar").then_some(element);
    let inner = ["body", "items"].map(|key| element[key].as_array());
    let inner = inner.into_iter().flatten().flatten().flat_map(charts);
    own.into_iter().chain(inner).collect()
}

#[test]
fn every_chat_says_the_months_in_the_cells_of_the_one_strip() {
    let message = pictured(3);
    let strip = message.picture().unwrap().strip();
    for (kind, text) in shown_by_all(&message) {
        assert!(text.contains(&strip), "{kind}: {text}");
    }
}

#[test]
fn teams_draws_the_months_itself_and_has_the_line_for_who_cannot() {
    let message = pictured(3);
    let groups_met = message.picture().unwrap();
    let payload = payload(&channel("teams", "https://x"), &message, &document());
    let charts = charts(card(&payload));
    assert_eq!(charts.len(), 1);
    let bars: Vec<(String, i64)> = charts[0]["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            (
                it["x"].as_str().unwrap().to_owned(),
                it["y"].as_i64().unwrap(),
            )
        })
        .collect();
    assert_eq!(bars, groups_met.bars());
    let line = charts[0]["fallback"]["text"].as_str().unwrap();
    for said in [
        groups_met.heading(),
        groups_met.strip(),
        groups_met.in_words(),
    ] {
        assert!(line.contains(&said), "{line}");
    }
}

#[test]
fn in_teams_the_chart_yields_before_any_text_does() {
    let teams = channel("teams", "https://x");
    let is_drawn = |message: &Message| {
        let payload = payload(&teams, message, &document());
        let is_whole = !payload.to_string().contains(" more; ");
        (!charts(card(&payload)).is_empty(), is_whole)
    };
    let found: Vec<(bool, bool)> = (20..120)
        .map(|groups| is_drawn(&pictured(groups)))
        .collect();
    assert!(
        found.contains(&(true, true)),
        "with little to say it is drawn"
    );
    assert!(
        found.contains(&(false, true)),
        "with more, all of the text has its room"
    );
    assert!(found.contains(&(false, false)));
    assert!(!found.contains(&(true, false)), "{found:?}");
}

#[test]
fn a_channel_may_do_without_pictures() {
    for kind in ["teams", "discord", "matrix"] {
        let message = pictured(3);
        let payload = payload(&channel_without_pictures(kind), &message, &document());
        let text = payload.to_string();
        assert!(!text.contains("Chart."), "{kind}");
        assert!(text.contains(&message.picture().unwrap().strip()), "{kind}");
    }
}

#[cfg(feature = "png")]
mod sent {
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    use gatherd::chart::{GroupsMet, Theme, png};
    use gatherd::deliver::{
        Channel, Courier, Fate, Letter, Outbox, Parcel, Patience, Persistence, Verdict, drain,
    };
    use gatherd::mirror::DeliveryKind;
    use serde_json::{Value, json};

    use super::super::receiver::{Answer, Received, Receiver, answer};
    use super::super::{at, channel, channel_without_pictures, document, pictured, posted};

    const NOW: &str = "2026-08-31T06:00:00Z";

    fn groups_met() -> GroupsMet {
        pictured(1).picture().unwrap().clone()
    }

    /// What the outbox keeps of the digest.
    fn kept(channel: &Channel) -> String {
        channel.payload(&Letter {
            kind: DeliveryKind::Digest,
            at: at(NOW),
            message: &pictured(3),
            document: &document(),
        })
    }

    fn courier(whole: Duration) -> Courier {
        let connect = Duration::from_secs(30);
        Courier::new(Patience { connect, whole }, &Default::default()).unwrap()
    }

    /// One attempt at the digest, where these are the answers.
    async fn attempt(kind: &str, answers: Vec<Answer>) -> (Verdict, Vec<Received>) {
        let receiver = Receiver::start(answers).await;
        let channel = channel(kind, &receiver.url());
        let courier = courier(Duration::from_secs(30));
        let verdict = channel
            .send(&courier, "msg_ab12_7", &kept(&channel), at(NOW))
            .await;
        (verdict, receiver.received())
    }

    fn why(verdict: &Verdict) -> &str {
        match verdict {
            Verdict::SentInPart { lacks } => {
                let why = lacks.strip_prefix("without its picture, ");
                why.unwrap_or_else(|| panic!("{lacks}"))
            }
            other => panic!("{other:?}"),
        }
    }

    /// The parts of a form: their names, types and bytes.
    fn parts(came: &Received) -> Vec<(String, String, Vec<u8>)> {
        let kind = came.header("content-type");
        let line = kind.strip_prefix("multipart/form-data; boundary=").unwrap();
        let (mut rest, open) = (&came.bytes[..], format!("--{line}"));
        let find = |within: &[u8], what: &str| {
            within
                .windows(what.len())
                .position(|it| it == what.as_bytes())
        };
        assert_eq!(find(rest, &open), Some(0));
        let mut parts = Vec::new();
        loop {
            rest = &rest[open.len()..];
            if rest == b"--\r\n" {
                return parts;
            }
            let begins = find(rest, "\r\n\r\n").unwrap() + 4;
            let head = String::from_utf8(rest[2..begins].to_vec()).unwrap();
            let ends = find(rest, &format!("\r\n{open}")).unwrap();
            let said = |name: &str| {
                let said = head.split("\r\n").find_map(|it| it.strip_prefix(name));
                said.unwrap().trim().to_owned()
            };
            parts.push((
                said("Content-Disposition:"),
                said("Content-Type:"),
                rest[begins..ends].to_vec(),
            ));
            rest = &rest[ends + 2..];
        }
    }

    #[test]
    fn what_is_kept_of_a_picture_are_counts_by_month_and_nothing_of_persons() {
        for kind in ["discord", "matrix"] {
            let kept: Value = serde_json::from_str(&kept(&channel(kind, "https://x"))).unwrap();
            let picture = kept["picture"].as_object().unwrap();
            let keys: Vec<&String> = picture.keys().collect();
            assert_eq!(keys, ["calendar", "name"], "{kind}");
            for key in ["held", "announced"] {
                let pairs: Vec<(i64, i64)> =
                    serde_json::from_value(picture["calendar"][key].clone()).unwrap();
                assert!(!pairs.is_empty());
            }
        }
        // Where none goes, what is kept is what is posted.
        for kind in ["discord", "matrix"] {
            let kept = kept(&channel_without_pictures(kind));
            assert_eq!(posted(&kept).to_string(), kept);
        }
    }

    #[tokio::test]
    async fn discord_is_sent_message_and_picture_at_once() {
        let (verdict, came) = attempt("discord", Vec::new()).await;
        assert_eq!(verdict, Verdict::Sent);
        assert_eq!(came.len(), 1);
        let parts = parts(&came[0]);
        assert_eq!(parts[0].0, r#"form-data; name="payload_json""#);
        assert_eq!(parts[0].1, "application/json");
        let message: Value = serde_json::from_slice(&parts[0].2).unwrap();
        assert_eq!(
            message["attachments"],
            json!([{ "id": 0, "filename": "groups-met.png", "description": groups_met().alt() }])
        );
        assert_eq!(
            message["embeds"][0]["image"],
            json!({ "url": "attachment://groups-met.png" })
        );
        assert_eq!(
            parts[1].0,
            r#"form-data; name="files[0]"; filename="groups-met.png""#
        );
        assert_eq!(parts[1].1, "image/png");
        assert_eq!(
            parts[1].2,
            png(&groups_met().chart(), Theme::Light).unwrap()
        );
        // For Discord's own kit, and to be looked at.
        let directory = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("discord-pictured");
        std::fs::create_dir_all(&directory).unwrap();
        std::fs::write(directory.join("sent.json"), &parts[0].2).unwrap();
        std::fs::write(directory.join("groups-met.png"), &parts[1].2).unwrap();
    }

    #[tokio::test]
    async fn where_discord_refuses_the_picture_the_message_goes_without_it() {
        for status in [400, 403, 413] {
            let (verdict, came) = attempt("discord", vec![answer(status, "no files")]).await;
            assert_eq!(why(&verdict), format!("answered {status}: no files"));
            assert_eq!(came.len(), 2);
            let message: Value = serde_json::from_str(&came[1].body).unwrap();
            assert_eq!(message, posted(&kept(&channel("discord", "https://x"))));
            assert!(message["embeds"][0].get("image").is_none());
        }
        // Refused both times, it is the message that is refused.
        let refused = vec![answer(403, "no files"), answer(403, "no messages")];
        let (verdict, came) = attempt("discord", refused).await;
        assert!(matches!(&verdict, Verdict::Dead { why } if why.ends_with("no messages")));
        assert_eq!(came.len(), 2);
        // What may have arrived, or never can, is not posted a second time.
        for status in [404, 429, 500] {
            let (verdict, came) = attempt("discord", vec![answer(status, "")]).await;
            assert!(!matches!(verdict, Verdict::SentInPart { .. }), "{status}");
            assert_eq!(came.len(), 1, "{status}");
        }
    }

    #[tokio::test]
    async fn a_picture_that_keeps_discord_from_answering_is_left_out_in_the_end() {
        for (attempt, is_drawn) in [(3, true), (4, false)] {
            let receiver = Receiver::start(Vec::new()).await;
            let channels = [channel("discord", &receiver.url())];
            let due = Mutex::new(Some(Parcel {
                id: 7,
                key: "msg_ab12_7".to_owned(),
                channel: "ops".to_owned(),
                payload: kept(&channels[0]),
                attempt,
                created_at: at(NOW),
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
            let courier = courier(Duration::from_secs(30));
            let drained = drain(
                &outbox,
                &channels,
                &courier,
                &Persistence::default(),
                || at(NOW),
            )
            .await
            .unwrap();
            assert_eq!(drained.sent, [7]);
            assert_eq!(drained.in_part.is_empty(), is_drawn);
            let lacks = drained.in_part.first().map(|(_, lacks)| lacks.clone());
            assert_eq!(*noted.lock().unwrap(), [Fate::Sent(lacks)]);
            let came = receiver.received();
            assert_eq!(came.len(), 1);
            let is_form = came[0].header("content-type").starts_with("multipart/");
            assert_eq!(is_form, is_drawn);
        }
    }

    fn uploaded() -> Answer {
        answer(200, r#"{"content_uri":"mxc://example.org/abc"}"#)
    }

    #[tokio::test]
    async fn matrix_is_sent_the_message_and_below_it_the_picture() {
        let answers = || vec![answer(200, r#"{"event_id":"$1"}"#), uploaded()];
        let (verdict, came) = attempt("matrix", answers()).await;
        assert_eq!(verdict, Verdict::Sent);
        let asked: Vec<(&str, &str)> = came
            .iter()
            .map(|it| {
                let (_, path) = it.path.split_once("/_matrix/").unwrap();
                (it.method.as_str(), path)
            })
            .collect();
        let room = "client/v3/rooms/!room:example.org/send/m.room.message";
        assert_eq!(
            asked,
            [
                ("PUT", format!("{room}/msg_ab12_7").as_str()),
                ("POST", "media/v3/upload"),
                ("PUT", format!("{room}/msg_ab12_7-picture").as_str()),
            ]
        );
        assert_eq!(
            serde_json::from_str::<Value>(&came[0].body).unwrap(),
            posted(&kept(&channel("matrix", "https://x")))
        );
        let png = png(&groups_met().chart(), Theme::Light).unwrap();
        assert_eq!(came[1].header("content-type"), "image/png");
        assert!(
            came[1]
                .query
                .as_ref()
                .unwrap()
                .ends_with("filename=groups-met.png")
        );
        assert_eq!(came[1].bytes, png);
        let image: Value = serde_json::from_str(&came[2].body).unwrap();
        assert_eq!(image["msgtype"], "m.image");
        assert_eq!(image["url"], "mxc://example.org/abc");
        assert_eq!(image["body"], groups_met().alt());
        assert_eq!(image["info"]["w"], 1008);
        assert_eq!(image["info"]["size"], png.len());
        for one in &came {
            assert_eq!(one.header("authorization"), "Bearer syt_secrettoken");
        }
        // Tried again, as after a lost answer: the same to the letter, so that the server takes none twice.
        let (_, again) = attempt("matrix", answers()).await;
        for (one, other) in came.iter().zip(&again) {
            assert_eq!(
                (&one.path, &one.query, &one.bytes),
                (&other.path, &other.query, &other.bytes)
            );
        }
    }

    #[tokio::test]
    async fn whatever_becomes_of_the_upload_the_message_in_matrix_is_sent_once() {
        let sent = || answer(200, r#"{"event_id":"$1"}"#);
        let refused = |status, body: &str| vec![sent(), answer(status, body)];
        for (answers, expected) in [
            (
                refused(413, r#"{"errcode":"M_TOO_LARGE","error":"Too large"}"#),
                "answered 413: M_TOO_LARGE: Too large",
            ),
            (
                refused(403, r#"{"errcode":"M_FORBIDDEN","error":"No media"}"#),
                "answered 403: M_FORBIDDEN: No media",
            ),
            (
                refused(
                    404,
                    r#"{"errcode":"M_UNRECOGNIZED","error":"Media is off"}"#,
                ),
                "answered 404: M_UNRECOGNIZED: Media is off",
            ),
            (refused(502, ""), "answered 502"),
            (
                refused(200, "{}"),
                "the server did not say where it keeps the picture",
            ),
            (
                vec![sent(), uploaded(), answer(403, r#"{"error":"No images"}"#)],
                "answered 403: No images",
            ),
        ] {
            let (verdict, came) = attempt("matrix", answers).await;
            assert_eq!(why(&verdict), expected);
            let messages = came.iter().filter(|it| it.path.ends_with("msg_ab12_7"));
            assert_eq!(messages.count(), 1, "{expected}");
            assert!(!why(&verdict).contains("secret"));
        }
    }

    #[tokio::test]
    async fn an_upload_that_takes_too_long_is_given_up_and_the_message_stays_sent() {
        let slow = Answer {
            delay: Duration::from_secs(60),
            ..uploaded()
        };
        let receiver = Receiver::start(vec![answer(200, "{}"), slow]).await;
        let channel = channel("matrix", &receiver.url());
        let courier = courier(Duration::from_secs(1));
        let verdict = channel
            .send(&courier, "msg_ab12_7", &kept(&channel), at(NOW))
            .await;
        assert!(
            why(&verdict).starts_with("no answer in time"),
            "{verdict:?}"
        );
        assert_eq!(receiver.received().len(), 2);
    }

    #[tokio::test]
    async fn what_matrix_refuses_has_no_picture_uploaded() {
        for status in [401, 403, 429, 500] {
            let (verdict, came) = attempt("matrix", vec![answer(status, "{}")]).await;
            assert!(!matches!(
                verdict,
                Verdict::Sent | Verdict::SentInPart { .. }
            ));
            assert_eq!(came.len(), 1, "{status}");
        }
    }
}
