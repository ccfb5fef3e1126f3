//! Whatever a group is called, it mentions nobody, formats nothing and can still be read.

use gatherd::report::message::{Entry, Fact, Line, Message, Section};

use super::readers::folded;
use super::services::CHATS;
use super::{posted, seen};

/// Names that would do something somewhere.
const HOSTILE: [&str; 20] = [
    "<!channel> <!here> <!everyone> <@U123> <#C1|general> <!subteam^S1>",
    "@everyone @here @channel @all @room @U123 <@&42> <@!42>",
    "<users/all> <users/123>",
    "<at>Everyone</at> <at id=\"0\">All</at>",
    "[click](https://evil.example/) [a][b] ![x](https://evil.example/x.png)",
    "<https://evil.example|harmless> https://evil.example/ www.evil.example",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "<a href=\"javascript:alert(1)\">x</a> &lt;b&gt; &amp; &#60;",
    "**bold** *it* __b__ _i_ ~~s~~ ~s~ `code` ```block``` ||spoiler||",
    "# head\n## head\n- list\n1. list\n> quote\n---\n===\n| a | b |",
    "\\\\* \\[ \\` \\",
    "{{DATE(2017-02-14T06:08:39Z,SHORT)}} @{triggerBody()} ${x} {0} %s $x^2$",
    ":tada: :+1: ~town-square <t:1618953630:R> </cmd:1>",
    "\u{1b}[31mred\u{1b}[0m \u{7}\u{8}\u{0} \u{9b}2J",
    "\u{202e}gpj.exe\u{202c} \u{2066}x\u{2069} \u{200f}\u{200e} \u{feff}\u{200b}",
    "]( ](https://evil.example) ) >|< \"' ></a></font></b>",
    "*",
    "`",
    "\u{2028}\u{2029}\u{85}\r\n\t",
    "\u{e0041}\u{e0042} A\u{ad}B",
];

/// A message that has the text wherever a text can stand.
fn everywhere(text: &str) -> Message {
    let line = Line::default()
        .text(text)
        .text(" plain ")
        .bold(text)
        .text(" ")
        .link(text, "https://www.meetup.com/a_(b)|c>d'e\"f&g=<h>*i*/")
        .link(text, "javascript:alert(1)");
    Message {
        title: text.to_owned(),
        fallback: text.to_owned(),
        sections: vec![
            Section {
                lines: vec![Line::plain(text), line.clone()],
                ..Section::default()
            },
            Section {
                heading: Some(text.to_owned()),
                facts: vec![
                    Fact::new(text, line.clone()),
                    Fact::new("sane", Line::plain(text)),
                ],
                entries: vec![
                    Entry::of(vec![line.clone(), Line::plain(text)]),
                    Entry::of(vec![Line::plain(text)]),
                ],
                unlisted: 3,
                ..Section::default()
            },
        ],
        elsewhere: text.to_owned(),
        footer: vec![line],
    }
}

#[test]
fn hostile_text_does_nothing_wherever_it_stands() {
    for service in &CHATS {
        for text in HOSTILE {
            // The readers end the test at any sign that means something and is not ours.
            let message = everywhere(text);
            let read = (service.seen)(&posted(service, &message));
            for link in &read.links {
                assert!(link.starts_with("https://www.meetup.com/a_"), "{link}");
            }
        }
    }
}

#[test]
fn nobody_is_called_out_of_any_text() {
    for service in &CHATS {
        for text in HOSTILE {
            let payload = posted(service, &everywhere(text));
            let payload = match service.kind {
                // Its other text is shown as it is.
                "matrix" => {
                    payload["formatted_body"].to_string() + &payload["m.mentions"].to_string()
                }
                "email" => payload["html"].to_string(),
                _ => payload.to_string(),
            };
            let called: &[&str] = match service.kind {
                "slack" => &["<!", "<@", "<#"],
                // A backslash before the sign is what Discord asks for; it stands doubled in JSON.
                "discord" => &["<@", "<t:", " @everyone", "\"@everyone", "(@everyone"],
                "teams" => &["<at", "{{"],
                "google_chat" => &["<users", "<script", "<img", "<at"],
                // A name is called out by nothing.
                "email" => &["<script", "<img"],
                "mattermost" => &["@all", "@channel", "@here", "@everyone"],
                _ => &["<script", "<img", "@room", "matrix.to"],
            };
            for sign in called {
                assert!(
                    !payload.contains(sign),
                    "{}: {sign} in {payload}",
                    service.kind
                );
            }
        }
    }
}

#[test]
fn an_honest_name_can_be_read_as_it_is_written() {
    for name in [
        "C++ & <Rust> user_group [Köln] #1 (a*b) 50% – \"Été\" it's {x} ~2 `q` 1. a|b",
        "東京ユーザー会 👩‍💻 मुम्बई القاهرة",
    ] {
        for service in &CHATS {
            let text = folded(&seen(service, &everywhere(name)));
            let count = text.matches(name).count();
            // Title, two lines (the second has it four times), heading, label, values, entries.
            assert!(count >= 15, "{}: {count} times in {text}", service.kind);
        }
    }
}

#[test]
fn a_link_leads_where_it_should_in_every_service() {
    let message = Message {
        title: "T".to_owned(),
        sections: vec![Section {
            lines: vec![
                Line::default().link("Group", "https://www.meetup.com/acme/events/1/?a=b&c=(d)"),
            ],
            ..Section::default()
        }],
        ..Message::default()
    };
    for service in &CHATS {
        let read = (service.seen)(&posted(service, &message));
        assert!(read.text.contains("Group"), "{}", read.text);
        let link = read.links[0].replace("%28", "(").replace("%29", ")");
        assert_eq!(link, "https://www.meetup.com/acme/events/1/?a=b&c=(d)");
    }
}
