//! A message as mail reads it: the same text twice, plain and in HTML.
//!
//! Styles stand with what they style, since mail clients drop the rest; colours are few and of the middle, so that
//! light and dark clients alike can put their own behind them. Nothing is loaded from anywhere.

use serde_json::{Value, json};

use crate::deliver::Letter;
use crate::deliver::fit::{Fit, Shown, fitted, over};
use crate::deliver::markup::{Markup, Within, anchor, fallback, html, unbroken};
use crate::deliver::{cut::cut, pictured::Pictured};
use crate::report::message::{Entry, Line, Message, Span, Tone};

/// What both texts measure as they travel. A reader of many people's mail cuts at 102 KB.
const BUDGET: usize = 92_000;
/// What a picture adds to it as it travels.
const PICTURE: usize = 45_000;
const SUBJECT: usize = 150;
const TITLE: usize = 300;
/// One line or group.
const PIECE: usize = 2000;

/// Where in the HTML a picture goes.
pub(super) const PICTURE_HERE: &str = "<!--picture-->";

const HTML: Markup = Markup {
    escape: html,
    bold: ["<strong>", "</strong>"],
    code: ["<code>", "</code>"],
    link: anchor,
    newline: "<br>",
};

/// A link that is something to do, large enough for a thumb.
const BUTTON: Markup = Markup {
    link: |url| {
        let [before, after] = anchor(url);
        let style = "style=\"display:inline-block;padding:3px 10px;margin:4px 0;border:1px solid #8a94a6;\
                     border-radius:6px;text-decoration:none\"";
        [before.replacen("<a ", &format!("<a {style} "), 1), after]
    },
    ..HTML
};

/// Plain text, with addresses written out.
const PLAIN: Markup = Markup {
    escape: |c, _: Within, text| text.push(c),
    bold: ["", ""],
    code: ["", ""],
    link: |url| [String::new(), format!(" ({})", unbroken(url))],
    newline: "\n",
};

/// Both texts of one message.
struct Texts {
    html: String,
    plain: String,
}

/// What is kept of a message until it is sent: its subject, its date, and both texts, cut by whole groups until they
/// fit.
pub(in crate::deliver) fn payload(letter: &Letter<'_>) -> String {
    let message = letter.message;
    let texts = fitted(message, render, |texts| {
        let picture = if texts.html.contains(PICTURE_HERE) {
            PICTURE
        } else {
            0
        };
        over(
            travels(&texts.html) + travels(&texts.plain),
            BUDGET - picture,
        )
    });
    let subject = cut(&message.title, SUBJECT);
    let subject = Some(subject).filter(|subject| !subject.is_empty());
    let subject = subject.unwrap_or_else(|| "A message from gatherd".to_owned());
    let is_drawn = texts.html.contains(PICTURE_HERE);
    let kept: Value = json!({
        "subject": subject,
        "date": letter.at.to_rfc3339(),
        "text": texts.plain,
        "html": texts.html,
    });
    Pictured::kept(&kept, message.picture().filter(|_| is_drawn))
}

/// What a text measures as mail carries it, in lines of 76 signs: as quoted-printable, or as base64 where more than a
/// third of it would have to be written in numbers.
fn travels(text: &str) -> usize {
    let (mut strange, mut equals) = (0, 0);
    for byte in text.bytes() {
        match byte {
            b'=' => equals += 1,
            b' '..=b'~' => {}
            _ => strange += 1,
        }
    }
    if strange > text.len() / 3 {
        return text.len() * 4 / 3 + text.len() / 28;
    }
    let written = text.len() + 2 * (strange + equals);
    written + written / 18
}

fn render(message: &Message, fit: &Fit) -> Texts {
    let (mut rich, mut plain) = (String::new(), Vec::new());
    let title = HTML.text(&message.title, TITLE);
    if !title.is_empty() {
        rich.push_str(&styled(
            "h1",
            "margin:0 0 12px;font-size:20px;line-height:1.3",
            &title,
        ));
        plain.push(PLAIN.text(&message.title, TITLE));
        plain.push(String::new());
    }
    for shown in fit.sections(message) {
        section(&shown, &mut rich, &mut plain);
    }
    if let Some(more) = fit.more_sections(message) {
        rich.push_str(&aside(&more));
        plain.push(PLAIN.text(&more, PIECE));
    }
    let footer = HTML.lines(&message.footer, PIECE);
    if rich.is_empty() && footer.is_empty() {
        let fallback = fallback(message, PIECE);
        plain = vec![PLAIN.text(&fallback, PIECE)];
        rich = styled("p", PARAGRAPH, &HTML.text(&fallback, PIECE));
    }
    if !footer.is_empty() {
        let style = "margin:24px 0 0;padding-top:8px;border-top:1px solid #8a94a6;font-size:13px;color:#737985";
        rich.push_str(&styled("p", style, &footer));
        plain.extend([String::new(), "--".to_owned()]);
        plain.push(PLAIN.lines(&message.footer, PIECE));
    }
    Texts {
        html: page(&HTML.text(&message.title, TITLE), &rich),
        plain: format!("{}\n", plain.join("\n").trim()),
    }
}

const PARAGRAPH: &str = "margin:0 0 8px";

fn page(title: &str, inner: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>{title}</title></head>\n\
         <body style=\"margin:0;padding:0\">\n<div style=\"max-width:600px;margin:0 auto;padding:16px;\
         font-family:-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif;font-size:15px;line-height:1.5\">\
         {inner}</div>\n</body></html>\n"
    )
}

fn section(shown: &Shown<'_>, rich: &mut String, plain: &mut Vec<String>) {
    if let Some(text) = shown.heading {
        let heading = HTML.text(text, TITLE);
        if !heading.is_empty() {
            let colour = match shown.tone {
                Tone::Neutral => "#5b6b8c",
                Tone::Attention => "#e69f00",
                Tone::Good => "#2e9e5b",
            };
            let style = format!(
                "margin:24px 0 8px;padding-left:8px;border-left:4px solid {colour};font-size:16px;line-height:1.3"
            );
            rich.push_str(&styled("h2", &style, &heading));
            let text = PLAIN.text(text, TITLE);
            let line = "-".repeat(text.chars().count().min(72));
            plain.extend([String::new(), text, line]);
        }
    }
    for line in shown.lines {
        rich.push_str(&styled("p", PARAGRAPH, &HTML.line(line, PIECE)));
        plain.push(PLAIN.line(line, PIECE));
    }
    if shown.picture.is_some() {
        rich.push_str(PICTURE_HERE);
    }
    if shown.is_cut {
        rich.push_str(&styled("p", PARAGRAPH, "…"));
        plain.push("…".to_owned());
    }
    facts(shown, rich, plain);
    for entry in shown.entries {
        rich.push_str(&styled("p", "margin:0 0 12px", &lines(entry)));
        let text = PLAIN.lines(&entry.lines, PIECE).replace('\n', "\n  ");
        if !text.is_empty() {
            plain.push(format!("- {text}"));
        }
    }
    if let Some(more) = &shown.more {
        rich.push_str(&aside(more));
        plain.push(PLAIN.text(more, PIECE));
    }
}

/// Figures in two columns, which a narrow screen breaks within and not between.
fn facts(shown: &Shown<'_>, rich: &mut String, plain: &mut Vec<String>) {
    let mut rows = String::new();
    for fact in shown.facts {
        let (label, value) = (HTML.text(&fact.label, TITLE), HTML.line(&fact.value, PIECE));
        if !label.is_empty() && !value.is_empty() {
            let name = styled(
                "td",
                "padding:2px 16px 2px 0;vertical-align:top;color:#737985",
                &label,
            );
            let figure = styled("td", "padding:2px 0;vertical-align:top", &value);
            rows.push_str(&format!("<tr>{name}{figure}</tr>"));
            let label = PLAIN.text(&fact.label, TITLE);
            plain.push(format!("{label}: {}", PLAIN.line(&fact.value, PIECE)));
        }
    }
    if !rows.is_empty() {
        rich.push_str(&styled(
            "table",
            "margin:0 0 8px;border-collapse:collapse;font-size:15px",
            &rows,
        ));
    }
}

/// An entry's lines; one of links alone is what can be done about it.
fn lines(entry: &Entry) -> String {
    match entry.lines.split_last() {
        Some((last, before)) if !before.is_empty() && is_of_links(last) => {
            let links = last.0.iter().filter(|span| is_link(span)).cloned();
            let buttons = links.map(|link| BUTTON.line(&Line(vec![link]), PIECE));
            let acts: Vec<String> = buttons.collect();
            format!("{}<br>{}", HTML.lines(before, PIECE), acts.join(" "))
        }
        _ => HTML.lines(&entry.lines, PIECE),
    }
}

fn is_link(span: &Span) -> bool {
    matches!(span, Span::Link { .. })
}

fn is_of_links(line: &Line) -> bool {
    let parts =
        |span: &Span| matches!(span, Span::Plain(text) if text.chars().all(|c| " ·".contains(c)));
    line.0.iter().any(is_link) && line.0.iter().all(|span| is_link(span) || parts(span))
}

fn aside(text: &str) -> String {
    let text = HTML.text(text, PIECE);
    styled("p", "margin:0 0 8px;color:#737985", &text)
}

/// Nothing where nothing is in it.
fn styled(tag: &str, style: &str, inner: &str) -> String {
    if inner.is_empty() {
        return String::new();
    }
    format!("<{tag} style=\"{style}\">{inner}</{tag}>")
}
