//! What a payload says, in the order in which the service shows it: for whoever wants to see a message before it is
//! sent, and has a terminal only. It reads what would be posted, so what a service has no room for is not in it.

use serde_json::Value;

use super::pictured::Pictured;

/// The keys under which services have what is seen, as it stands from above to below.
const SEEN: [&str; 23] = [
    "header",
    "title",
    "topLabel",
    "name",
    "text",
    "value",
    "description",
    "content",
    "decoratedText",
    "textParagraph",
    "blocks",
    "embeds",
    "cardsV2",
    "card",
    "attachments",
    "sections",
    "body",
    "elements",
    "items",
    "widgets",
    "facts",
    "fields",
    "footer",
];

/// How a service's markup is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signs {
    Slack,
    Markdown,
    Html,
    None,
}

/// The lines of a payload, without markup. `instead` is what the service shows only where it cannot show the rest.
pub(super) fn lines(payload: &str, signs: Signs, instead: &[&str]) -> String {
    let mut message = match Pictured::read(payload) {
        Some(pictured) => pictured.message,
        None => serde_json::from_str(payload).unwrap_or_default(),
    };
    if let Some(message) = message.as_object_mut()
        && message.len() > instead.len()
    {
        message.retain(|key, _| !instead.contains(&key.as_str()));
    }
    let mut texts = Vec::new();
    seen(&message, &mut texts);
    let texts = texts.iter().map(|text| plain(text, signs));
    texts.collect::<Vec<_>>().join("\n")
}

fn seen(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => texts.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|it| seen(it, texts)),
        Value::Object(parts) => {
            // What is drawn there has a text for whoever cannot draw, as a terminal cannot.
            if let Some(told @ Value::Object(_)) = parts.get("fallback") {
                return seen(told, texts);
            }
            if let (Some(Value::String(name)), Some(Value::String(value))) = (
                parts.get("title").or_else(|| parts.get("name")),
                parts.get("value"),
            ) {
                texts.push(format!("{name}: {value}"));
                return;
            }
            for key in SEEN {
                parts.get(key).into_iter().for_each(|it| seen(it, texts));
            }
        }
        _ => {}
    }
}

/// A text without the signs of its markup.
fn plain(text: &str, signs: Signs) -> String {
    match signs {
        Signs::None => text.to_owned(),
        Signs::Html => unescaped(&without_tags(&text.replace("<br>", "\n"), |_| {
            String::new()
        })),
        Signs::Slack => {
            let label = |tag: &str| {
                tag.split_once('|')
                    .map_or(tag, |(_, label)| label)
                    .to_owned()
            };
            unescaped(&without_tags(&text.replace('*', ""), label))
        }
        Signs::Markdown => without_marks(text),
    }
}

/// What stands between < and >, replaced.
fn without_tags(text: &str, replaced: impl Fn(&str) -> String) -> String {
    let mut parts = text.split('<');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once('>') {
            Some((tag, rest)) => out.extend([replaced(tag).as_str(), rest]),
            None => out.push_str(part),
        }
    }
    out
}

fn unescaped(text: &str) -> String {
    let signs = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ];
    signs.iter().fold(text.to_owned(), |text, (escape, sign)| {
        text.replace(escape, sign)
    })
}

/// Markdown as these services read it: a sign behind \ stands for itself, a link is its text.
fn without_marks(text: &str) -> String {
    let mut out = String::new();
    for line in text.split('\n') {
        let line = line.trim_start_matches('#');
        let mut signs = line.trim_start().chars().peekable();
        while let Some(sign) = signs.next() {
            match sign {
                '\\' => out.extend(signs.next()),
                '*' | '`' | '[' => {}
                ']' if signs.peek() == Some(&'(') => {
                    while signs.next().is_some_and(|it| it != ')') {}
                }
                sign => out.push(sign),
            }
        }
        out.push('\n');
    }
    out.pop();
    out
}
