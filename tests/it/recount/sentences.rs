//! Every sentence once more: what it claims is read out of it, and counted again from the rows of the world it
//! speaks of. A sentence that no template here knows fails; so does a template that nothing ever said.

mod alerts;
mod calls;
mod coming;
pub mod fresh;
mod headline;
pub mod letters;
mod logged;
mod news;
mod opening;
mod page;
mod pattern;
mod people;
mod restated;
mod rows;
mod scene;
mod standing;
mod turned;
mod whom;
mod why;

use gatherd::report::message::{Line, Message, Span};

pub use pattern::{Found, Pattern};
pub use scene::Scene;

/// Whether what a sentence claims is so; else what was counted.
pub type Held = Result<(), String>;

/// Counts again what a sentence claims.
pub type Holds = fn(&Scene<'_>, &Found) -> Held;

/// Where a sentence stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    Title,
    Heading,
    Opening,
    Inventory,
    Calls,
    Answered,
    Waiting,
    Thanks,
    Changed,
    Coming,
    Monthly,
    Footer,
    Letter,
    Alert,
    /// What a footer says of figures told before.
    Restated,
    /// An alert of who leads, or of a name.
    Turned,
    /// Of the whole report: what it opens and ends with.
    Report,
    /// Of a group's page, with the label of its row; none: the paragraphs above.
    Page(&'static str),
}

/// A template of a sentence: what it looks like, and how its claims are counted again.
pub struct Template {
    pub place: Place,
    /// `{name}` stands for a claim, `[...]` for what may be left out, `(s)` for one or many.
    pub pattern: &'static str,
    pub holds: Holds,
}

/// All of them.
pub fn templates() -> Vec<Template> {
    let mut all = Vec::new();
    all.extend(fresh::templates());
    all.extend(headline::templates());
    all.extend(opening::templates());
    all.extend(calls::templates());
    all.extend(news::templates());
    all.extend(standing::templates());
    all.extend(logged::templates());
    all.extend(coming::templates());
    all.extend(people::templates());
    all.extend(page::templates());
    all.extend(letters::templates());
    all.extend(alerts::templates());
    all.extend(turned::templates());
    all.extend(restated::templates());
    all
}

/// One piece of text that claims something, of a group or of the network.
#[derive(Debug, Clone)]
pub struct Piece {
    pub place: Place,
    pub group: Option<String>,
    pub text: String,
}

/// A line as text: names that lead somewhere stand in pointed brackets.
fn shown(line: &Line) -> String {
    let text = |span: &Span| match span {
        Span::Plain(text) | Span::Bold(text) | Span::Code(text) => text.clone(),
        Span::Link { text, .. } => format!("‹{text}›"),
    };
    line.0.iter().map(text).collect()
}

/// The first name that leads somewhere, and what follows it and its dot.
fn subject(text: &str) -> (Option<String>, String) {
    let named = text.strip_prefix('‹').and_then(|rest| {
        let (name, rest) = rest.split_once('›')?;
        Some((name.to_owned(), rest.strip_prefix(" · ")?.to_owned()))
    });
    match named {
        Some((name, rest)) => (Some(name), rest),
        None => (None, text.to_owned()),
    }
}

/// A text in sentences: a stop or a question mark, a blank and a capital, a digit or a name.
pub fn sentences(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut from = 0;
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    for window in chars.windows(3) {
        let [(at, stop), (_, blank), (_, next)] = window else {
            continue;
        };
        let ends = matches!(stop, '.' | '?') && *blank == ' ';
        if ends && (next.is_uppercase() || next.is_ascii_digit() || matches!(next, '‹' | '“')) {
            found.push(text[from..=*at].to_owned());
            from = at + 2;
        }
    }
    found.push(text[from..].to_owned());
    found.retain(|it| !it.trim().is_empty());
    found
}

fn place_of(heading: Option<&str>) -> Place {
    let Some(heading) = heading else {
        return Place::Opening;
    };
    let of = [
        ("What there is", Place::Inventory),
        ("Where to start", Place::Calls),
        ("Please write to", Place::Calls),
        ("Answered", Place::Answered),
        ("Waiting for", Place::Waiting),
        ("Worth a", Place::Thanks),
        ("Changed since", Place::Changed),
        ("How they stand", Place::Changed),
        ("Next two weeks", Place::Coming),
    ];
    let found = of.iter().find(|(start, _)| heading.starts_with(start));
    found.map_or(Place::Monthly, |(_, place)| *place)
}

/// What a message claims, piece by piece.
pub fn pieces(message: &Message) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut add = |place: Place, group: Option<&String>, text: String| {
        pieces.push(Piece {
            place,
            group: group.cloned(),
            text,
        });
    };
    add(Place::Title, None, message.title.clone());
    for section in &message.sections {
        let heading = section.heading.as_deref();
        if let Some(heading) = heading {
            add(Place::Heading, None, heading.to_owned());
        }
        // The first part may be without a heading because nobody new is to be written to.
        let place = match (heading, section.others_are) {
            (None, "Also waiting") => Place::Calls,
            _ => place_of(heading),
        };
        for line in &section.lines {
            for sentence in sentences(&shown(line)) {
                add(place, None, sentence);
            }
        }
        for fact in &section.facts {
            add(
                place,
                None,
                format!("{}: {}", fact.label, shown(&fact.value)),
            );
        }
        for entry in &section.entries {
            let mut group = None;
            for (nth, line) in entry.lines.iter().enumerate() {
                let text = shown(line);
                let (named, rest) = subject(&text);
                if nth == 0 {
                    group = named;
                }
                let rest = if nth == 0 { rest } else { text };
                // A list's own entries are told as a whole.
                if matches!(place, Place::Coming | Place::Monthly) {
                    add(place, group.as_ref(), rest);
                    continue;
                }
                for part in rest.split(" · ") {
                    for sentence in sentences(part) {
                        add(place, group.as_ref(), sentence);
                    }
                }
            }
        }
    }
    for line in &message.footer {
        for sentence in sentences(&shown(line)) {
            add(Place::Footer, None, sentence);
        }
    }
    pieces
}
