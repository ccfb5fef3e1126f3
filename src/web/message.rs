//! Parts of the Monday message as parts of a page: the same sentences, with links.

use crate::report::{
    clean,
    message::{Entry, Line, Section, Span, Tone},
};
use maud::{Markup, html};
use url::Url;

/// A section, its list whole.
pub(super) fn section(section: &Section) -> Markup {
    let tone = match section.tone {
        Tone::Neutral => "",
        Tone::Attention => "attention",
        Tone::Good => "good",
    };
    html! {
        section class=(tone) {
            @if let Some(heading) = &section.heading { h2 { (clean(heading)) } }
            @for it in &section.lines { p { (line(it)) } }
            @if !section.facts.is_empty() {
                dl.facts {
                    @for fact in &section.facts {
                        dt { (clean(&fact.label)) }
                        dd { (line(&fact.value)) }
                    }
                }
            }
            @if !section.entries.is_empty() {
                ul.entries { @for it in &section.entries { li { (entry(it)) } } }
            }
            @if section.unlisted > 0 {
                p.rest { (section.remaining(section.unlisted, section.others.len(), "")) }
            }
        }
    }
}

/// The lines of one group.
pub(super) fn entry(entry: &Entry) -> Markup {
    html! { @for it in &entry.lines { p { (line(it)) } } }
}

/// One line.
pub(super) fn line(line: &Line) -> Markup {
    html! {
        @for span in &line.0 {
            @match span {
                Span::Plain(text) => (clean_run(text)),
                Span::Bold(text) => strong { (clean_run(text)) },
                Span::Code(text) => code { (text) },
                Span::Link { text, url } => (link(text, url)),
            }
        }
    }
}

/// A link to elsewhere, where the address is one of the web; the text alone where it is not.
pub(super) fn link(text: &str, url: &str) -> Markup {
    let text = match clean(text) {
        // A link needs words.
        text if text.is_empty() => "(no name)".to_owned(),
        text => text,
    };
    match Url::parse(url) {
        Ok(known) if matches!(known.scheme(), "http" | "https") => html! {
            a href=(known) rel="noopener noreferrer" { bdi { (text) } }
        },
        _ => html! { bdi { (text) } },
    }
}

/// Text within a line: cleaned, with the spaces at its ends.
fn clean_run(text: &str) -> String {
    let cleaned = clean(text);
    let before = if text.starts_with(' ') { " " } else { "" };
    let after = if text.ends_with(' ') { " " } else { "" };
    match cleaned.is_empty() {
        true => before.to_owned(),
        false => format!("{before}{cleaned}{after}"),
    }
}
