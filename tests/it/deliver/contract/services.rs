//! What each service takes, and what a reader sees there.

use serde_json::Value;

use super::readers::{Seen, assert_harmless_signs, html, markdown, mrkdwn, page};

pub struct Service {
    pub kind: &'static str,
    /// Ends the test if the service would refuse, drop or cut anything.
    pub hold: fn(&Value),
    /// What a reader sees; ends the test at a sign that is not ours.
    pub seen: fn(&Value) -> Seen,
}

/// Every chat there is, and e-mail; the webhook, which has no limits and no markup, is tested by itself.
pub const CHATS: [Service; 7] = [
    Service {
        kind: "slack",
        hold: hold_slack,
        seen: see_slack,
    },
    Service {
        kind: "discord",
        hold: hold_discord,
        seen: see_discord,
    },
    Service {
        kind: "teams",
        hold: hold_teams,
        seen: see_teams,
    },
    Service {
        kind: "google_chat",
        hold: hold_google_chat,
        seen: see_google_chat,
    },
    Service {
        kind: "mattermost",
        hold: hold_mattermost,
        seen: see_mattermost,
    },
    Service {
        kind: "matrix",
        hold: hold_matrix,
        seen: see_matrix,
    },
    Service {
        kind: "email",
        hold: hold_email,
        seen: see_email,
    },
];

pub fn service(kind: &str) -> &'static Service {
    CHATS.iter().find(|it| it.kind == kind).unwrap()
}

pub fn length(text: &str) -> usize {
    text.encode_utf16().count().max(text.chars().count())
}

#[track_caller]
fn within(value: &Value, limit: usize) -> usize {
    let text = value.as_str().unwrap_or_else(|| panic!("{value}"));
    assert!(!text.trim().is_empty(), "an empty text");
    let length = length(text);
    assert!(length <= limit, "{length} of {limit}: {text}");
    length
}

pub fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn hold_slack(payload: &Value) {
    within(&payload["text"], 3000);
    if payload.get("blocks").is_none() {
        return;
    }
    let blocks = list(&payload["blocks"]);
    assert!((1..=50).contains(&blocks.len()), "{} blocks", blocks.len());
    assert!(length(&payload["blocks"].to_string()) <= 9000);
    for block in blocks {
        match block["type"].as_str().unwrap() {
            "header" => {
                assert_eq!(block["text"]["type"], "plain_text");
                within(&block["text"]["text"], 150);
            }
            "section" => {
                let fields = list(&block["fields"]);
                assert!(fields.len() <= 10);
                assert!(!fields.is_empty() || block.get("fields").is_none());
                for (text, limit) in fields
                    .iter()
                    .map(|field| (field, 2000))
                    .chain(block.get("text").map(|text| (text, 3000)))
                {
                    assert_eq!(
                        (&text["type"], &text["verbatim"]),
                        (&"mrkdwn".into(), &true.into())
                    );
                    within(&text["text"], limit);
                }
            }
            "context" => {
                assert!((1..=10).contains(&list(&block["elements"]).len()));
                for element in list(&block["elements"]) {
                    assert_eq!(element["verbatim"], true);
                    within(&element["text"], 2000);
                }
            }
            other => panic!("a block {other}"),
        }
    }
}

fn see_slack(payload: &Value) -> Seen {
    let mut seen = Seen::default();
    mrkdwn(payload["text"].as_str().unwrap());
    for block in list(&payload["blocks"]) {
        let texts = block.get("text").into_iter();
        for text in texts
            .chain(list(&block["fields"]))
            .chain(list(&block["elements"]))
        {
            let written = text["text"].as_str().unwrap();
            seen.add(if text["type"] == "plain_text" {
                Seen::plain(written)
            } else {
                mrkdwn(written)
            });
        }
    }
    if seen.text.is_empty() {
        return mrkdwn(payload["text"].as_str().unwrap());
    }
    seen
}

fn hold_discord(payload: &Value) {
    assert_eq!(payload["allowed_mentions"]["parse"], serde_json::json!([]));
    let embeds = list(&payload["embeds"]);
    if embeds.is_empty() {
        within(&payload["content"], 2000);
        return;
    }
    assert!(embeds.len() <= 10, "{} embeds", embeds.len());
    let mut total = 0;
    for embed in embeds {
        for (key, limit) in [("title", 256), ("description", 4096)] {
            total += embed.get(key).map_or(0, |text| within(text, limit));
        }
        assert!(list(&embed["fields"]).len() <= 25);
        for field in list(&embed["fields"]) {
            total += within(&field["name"], 256) + within(&field["value"], 1024);
        }
        if let Some(footer) = embed.get("footer") {
            total += within(&footer["text"], 2048);
        }
        assert!(embed["color"].as_u64().unwrap() <= 0xff_ffff);
        assert!(
            ["title", "description", "fields", "footer"]
                .iter()
                .any(|key| embed.get(key).is_some()),
            "an empty embed"
        );
    }
    assert!(total <= 6000, "{total} of 6000");
}

/// What all embeds measure together.
pub fn discord_total(payload: &Value) -> usize {
    let mut total = 0;
    for embed in list(&payload["embeds"]) {
        let fields = list(&embed["fields"])
            .iter()
            .flat_map(|field| [&field["name"], &field["value"]]);
        for text in [
            &embed["title"],
            &embed["description"],
            &embed["footer"]["text"],
        ]
        .into_iter()
        .chain(fields)
        {
            total += text.as_str().map_or(0, length);
        }
    }
    total
}

const DISCORD: &str = "\\*_`~|<>[]()#-+:@";

fn see_discord(payload: &Value) -> Seen {
    let mut seen = Seen::default();
    let mut add = |text: &Value| {
        if let Some(text) = text.as_str() {
            seen.add(markdown(text, DISCORD, true));
        }
    };
    add(&payload["content"]);
    for embed in list(&payload["embeds"]) {
        add(&embed["title"]);
        add(&embed["description"]);
        for field in list(&embed["fields"]) {
            add(&field["name"]);
            add(&field["value"]);
        }
    }
    for embed in list(&payload["embeds"]) {
        if let Some(text) = embed["footer"]["text"].as_str() {
            seen.add(Seen::plain(text));
        }
    }
    seen
}

fn hold_teams(payload: &Value) {
    assert!(payload.to_string().len() <= 20_000);
    assert_eq!(payload["type"], "message");
    let attachments = list(&payload["attachments"]);
    assert_eq!(attachments.len(), 1);
    let card = &attachments[0]["content"];
    assert_eq!(
        attachments[0]["contentType"],
        "application/vnd.microsoft.card.adaptive"
    );
    assert!(attachments[0]["contentUrl"].is_null());
    assert_eq!(
        (&card["type"], &card["version"]),
        (&"AdaptiveCard".into(), &"1.4".into())
    );
    assert_eq!(card["msteams"]["width"], "Full");
    assert!(
        card["msteams"].get("entities").is_none(),
        "nobody is mentioned"
    );
    assert!(!list(&card["body"]).is_empty(), "an empty card");
    hold_elements(list(&card["body"]));
}

fn hold_elements(elements: &[Value]) {
    for element in elements {
        match element["type"].as_str().unwrap() {
            "TextBlock" => {
                within(&element["text"], 3000);
                assert_eq!(element["wrap"], true);
            }
            "FactSet" => {
                assert!(!list(&element["facts"]).is_empty());
                for fact in list(&element["facts"]) {
                    within(&fact["title"], 1000);
                    within(&fact["value"], 1000);
                }
            }
            "Container" => {
                assert!(!list(&element["items"]).is_empty());
                hold_elements(list(&element["items"]));
            }
            "Chart.VerticalBar" => {
                within(&element["title"], 200);
                assert!(!list(&element["data"]).is_empty());
                hold_elements(std::slice::from_ref(&element["fallback"]));
            }
            other => panic!("an element {other}"),
        }
    }
}

const TEAMS: &str = "\\*_`~|<>[]{}#";

fn see_teams(payload: &Value) -> Seen {
    assert_harmless_signs(payload["summary"].as_str().unwrap());
    let mut seen = Seen::default();
    see_elements(
        list(&payload["attachments"][0]["content"]["body"]),
        &mut seen,
    );
    seen
}

fn see_elements(elements: &[Value], seen: &mut Seen) {
    for element in elements {
        if let Some(text) = element["text"].as_str() {
            seen.add(markdown(text, TEAMS, false));
        }
        for fact in list(&element["facts"]) {
            for text in [&fact["title"], &fact["value"]] {
                seen.add(markdown(text.as_str().unwrap(), TEAMS, false));
            }
        }
        // A client that draws no charts shows what stands for it.
        if let Some(title) = element["title"].as_str() {
            markdown(title, TEAMS, false);
            see_elements(std::slice::from_ref(&element["fallback"]), seen);
        }
        see_elements(list(&element["items"]), seen);
    }
}

fn hold_google_chat(payload: &Value) {
    assert!(payload.to_string().len() <= 32_000);
    within(&payload["text"], 4000);
    within(&payload["thread"]["threadKey"], 4000);
    if payload.get("cardsV2").is_none() {
        return;
    }
    assert_eq!(list(&payload["cardsV2"]).len(), 1);
    assert!(google_chat_widgets(payload) <= 100);
    let card = &payload["cardsV2"][0]["card"];
    if let Some(header) = card.get("header") {
        within(&header["title"], 300);
    }
    assert!(!list(&card["sections"]).is_empty());
    for section in list(&card["sections"]) {
        assert!(!list(&section["widgets"]).is_empty());
        for widget in list(&section["widgets"]) {
            let text = widget
                .get("textParagraph")
                .or_else(|| widget.get("decoratedText"));
            within(&text.unwrap()["text"], 8000);
        }
    }
}

pub fn google_chat_widgets(payload: &Value) -> usize {
    list(&payload["cardsV2"][0]["card"]["sections"])
        .iter()
        .map(|section| list(&section["widgets"]).len())
        .sum()
}

const CHAT_TAGS: [&str; 5] = ["b", "i", "a", "br", "font"];

fn see_google_chat(payload: &Value) -> Seen {
    let literal = |text: &str| {
        assert!(!text.contains(['<', '>', '*', '`', '~']), "{text}");
        Seen::plain(text)
    };
    let mut seen = Seen::default();
    let above = literal(payload["text"].as_str().unwrap());
    let card = &payload["cardsV2"][0]["card"];
    if let Some(title) = card["header"]["title"].as_str() {
        seen.add(literal(title));
    }
    for section in list(&card["sections"]) {
        if let Some(header) = section["header"].as_str() {
            seen.add(html(header, &CHAT_TAGS));
        }
        for widget in list(&section["widgets"]) {
            if let Some(label) = widget["decoratedText"]["topLabel"].as_str() {
                seen.add(literal(label));
            }
            let text = widget
                .get("textParagraph")
                .or_else(|| widget.get("decoratedText"));
            seen.add(html(text.unwrap()["text"].as_str().unwrap(), &CHAT_TAGS));
        }
    }
    if seen.text.is_empty() {
        return above;
    }
    seen
}

fn hold_mattermost(payload: &Value) {
    within(&payload["text"], 16_383);
    assert!(mattermost_attachments(payload) <= 7_900);
    for attachment in list(&payload["attachments"]) {
        within(&attachment["fallback"], 1000);
        let fields = list(&attachment["fields"]);
        assert!(
            attachment["text"]
                .as_str()
                .is_some_and(|text| !text.is_empty())
                || !fields.is_empty()
        );
        for field in fields {
            within(&field["title"], 1000);
            within(&field["value"], 4000);
        }
    }
}

/// The attachments as the server writes them down: with all keys, and HTML's signs as `\u003c`.
pub fn mattermost_attachments(payload: &Value) -> usize {
    let attachments = list(&payload["attachments"]);
    let text = Value::from(attachments.to_vec()).to_string();
    length(&text) + 5 * text.matches(['<', '>', '&']).count() + 200 * attachments.len()
}

const MATTERMOST: &str = "\\`*_{}[]()<>#+-.!|~=:$&^@";

fn see_mattermost(payload: &Value) -> Seen {
    let mut seen = markdown(payload["text"].as_str().unwrap(), MATTERMOST, true);
    for attachment in list(&payload["attachments"]) {
        let fallback = attachment["fallback"].as_str().unwrap();
        assert!(!fallback.contains('@'), "{fallback}");
        assert_harmless_signs(fallback);
        let text = attachment["text"].as_str().unwrap();
        if !text.is_empty() {
            seen.add(markdown(text, MATTERMOST, true));
        }
        for field in list(&attachment["fields"]) {
            let title = field["title"].as_str().unwrap();
            assert!(!title.contains('@'), "{title}");
            seen.add(Seen::plain(title));
            seen.add(markdown(field["value"].as_str().unwrap(), MATTERMOST, true));
        }
    }
    seen
}

fn hold_matrix(payload: &Value) {
    assert!(payload.to_string().len() <= 60_000);
    within(&payload["body"], 60_000);
    within(&payload["formatted_body"], 60_000);
    assert_eq!(payload["msgtype"], "m.notice");
    assert_eq!(payload["format"], "org.matrix.custom.html");
    assert_eq!(payload["m.mentions"], serde_json::json!({}));
    assert!(!payload["body"].as_str().unwrap().contains('@'));
}

const MATRIX_TAGS: [&str; 10] = [
    "h3", "h4", "p", "br", "strong", "em", "a", "ul", "li", "code",
];

fn see_matrix(payload: &Value) -> Seen {
    assert_harmless_signs(payload["body"].as_str().unwrap());
    html(payload["formatted_body"].as_str().unwrap(), &MATRIX_TAGS)
}

fn hold_email(payload: &Value) {
    // As quoted-printable or base64 writes them, whichever is longer.
    let travels = |text: &str| lettre::message::Body::new(text.to_owned()).len();
    let (html, text) = (payload["html"].as_str(), payload["text"].as_str());
    assert!(travels(html.unwrap()) + travels(text.unwrap()) <= 95_000);
    within(&payload["text"], 95_000);
    within(&payload["subject"], 150);
    assert!(!payload["subject"].as_str().unwrap().contains(['\r', '\n']));
    payload["date"]
        .as_str()
        .unwrap()
        .parse::<chrono::DateTime<chrono::Utc>>()
        .unwrap();
}

fn see_email(payload: &Value) -> Seen {
    assert_harmless_signs(payload["text"].as_str().unwrap());
    assert_harmless_signs(payload["subject"].as_str().unwrap());
    page(payload["html"].as_str().unwrap())
}
