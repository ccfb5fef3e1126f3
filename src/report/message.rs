//! A report as a message: neutral between the services, so that each only translates it.
//!
//! Text in it is raw, as people and Meetup wrote it. Whoever renders a message cleans and escapes.

use super::plain::clean;
use crate::chart::GroupsMet;

/// More names after a list than anybody reads.
pub const OTHERS: usize = 60;

/// A message in order of reading.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Message {
    /// Its headline.
    pub title: String,
    /// All of it in a sentence or two, for notifications and services without layout.
    pub fallback: String,
    /// What it says.
    pub sections: Vec<Section>,
    /// Where all of it can be seen, as it goes on after "and 12 more; "; empty where nowhere.
    pub elsewhere: String,
    /// How fresh it is, and what is unknown.
    pub footer: Vec<Line>,
}

/// One topic of a message.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Section {
    /// What it is about, for whoever shows it elsewhere than in its place.
    pub topic: Topic,
    /// Its heading.
    pub heading: Option<String>,
    /// What kind of news it is; services that have colours show it.
    pub tone: Tone,
    /// Lines that belong together, above all else.
    pub lines: Vec<Line>,
    /// What the last of these lines says in cells of text, for a service that can show a picture.
    pub picture: Option<GroupsMet>,
    /// Figures with their names, side by side where a service can.
    pub facts: Vec<Fact>,
    /// The groups it lists, the most important first: a service that has no room for all of them
    /// leaves out whole entries from the end and says how many.
    pub entries: Vec<Entry>,
    /// How many more the composer left out already.
    pub unlisted: usize,
    /// The names of those, the most important first, where they are worth naming: a service names as
    /// many as it has room for.
    pub others: Vec<String>,
    /// What stands before these names; empty: "Besides".
    pub others_are: &'static str,
    /// Where all of its entries can be seen, if elsewhere than the message says; empty where nowhere.
    pub elsewhere: Option<String>,
}

/// What a section is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Topic {
    /// Anything else.
    #[default]
    Other,
    /// The news of the whole network.
    Opening,
    /// Whom to write to.
    WriteTo,
    /// Who was asked, and when to look again.
    Waiting,
    /// The next two weeks.
    Coming,
}

/// What kind of news a section has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Tone {
    /// For information.
    #[default]
    Neutral,
    /// Something is asked of the reader.
    Attention,
    /// Something to be glad of.
    Good,
}

/// A figure with its name: shown whole or not at all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fact {
    /// What it is, in a word or two.
    pub label: String,
    /// The figure, and what it is to be seen beside.
    pub value: Line,
}

/// One group: shown whole or not at all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entry {
    /// Its lines.
    pub lines: Vec<Line>,
    /// The id of the group, where something can be done about it.
    pub about: Option<String>,
    /// What can be done about it at once, as links: the first to yield where there is little room.
    pub acts: Option<Line>,
}

impl Entry {
    /// Of lines alone.
    pub fn of(lines: Vec<Line>) -> Self {
        Self {
            lines,
            ..Self::default()
        }
    }
}

impl Message {
    /// What it has to draw.
    pub fn picture(&self) -> Option<&GroupsMet> {
        self.sections.iter().find_map(|it| it.picture.as_ref())
    }

    /// In text alone.
    #[must_use]
    pub fn undrawn(&self) -> Self {
        let mut undrawn = self.clone();
        for section in &mut undrawn.sections {
            section.picture = None;
        }
        undrawn
    }

    /// How many of its entries have acts.
    pub fn acts(&self) -> usize {
        let entries = self.sections.iter().flat_map(|it| &it.entries);
        entries.filter(|it| it.acts.is_some()).count()
    }

    /// With the acts of the first so many entries that have some, as the last line of each.
    pub fn with_acts(&self, first: usize) -> Self {
        let mut with = self.clone();
        let entries = with.sections.iter_mut().flat_map(|it| &mut it.entries);
        for entry in entries.filter(|it| it.acts.is_some()).take(first) {
            entry.lines.extend(entry.acts.take());
        }
        with
    }
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Line(pub Vec<Span>);

/// A run of text within a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Span {
    /// As it is.
    Plain(String),
    /// Stands out.
    Bold(String),
    /// To be copied, as a key of the configuration or a command: shown letter by letter, never in signs
    /// that only look alike. It is our own text, without a backtick.
    Code(String),
    /// Leads somewhere; services show the text alone where the address is none of http(s).
    Link {
        /// What is shown.
        text: String,
        /// Where it leads.
        url: String,
    },
}

impl Section {
    /// What is said of the `unlisted` that are not among its entries: as many of their names as asked for,
    /// where the composer gave them, and where they can be seen.
    pub fn remaining(&self, unlisted: usize, names: usize, elsewhere: &str) -> String {
        if self.others.is_empty() || names == 0 {
            return match elsewhere {
                "" => format!("and {unlisted} more"),
                elsewhere => format!("and {unlisted} more; {elsewhere}"),
            };
        }
        let named = self.others.iter().take(names).map(|name| clean(name));
        let named = named.collect::<Vec<_>>().join(", ");
        let more = match unlisted.saturating_sub(names) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let label = match self.others_are {
            "" => "Besides",
            label => label,
        };
        let all = match elsewhere {
            "" => String::new(),
            elsewhere => format!(" (all: {elsewhere})"),
        };
        format!("{label} ({unlisted}): {named}{more}{all}")
    }
}

impl Fact {
    /// A named figure.
    pub fn new(label: impl Into<String>, value: Line) -> Self {
        Self {
            label: label.into(),
            value,
        }
    }
}

impl Line {
    /// A line of plain text.
    pub fn plain(text: impl Into<String>) -> Self {
        Self(vec![Span::Plain(text.into())])
    }

    /// Adds plain text.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.0.push(Span::Plain(text.into()));
        self
    }

    /// Adds text that stands out.
    #[must_use]
    pub fn bold(mut self, text: impl Into<String>) -> Self {
        self.0.push(Span::Bold(text.into()));
        self
    }

    /// Adds text that is to be copied.
    #[must_use]
    pub fn code(mut self, text: impl Into<String>) -> Self {
        self.0.push(Span::Code(text.into()));
        self
    }

    /// Adds a link. One of whose words nothing would be seen says so: no service takes a link without words.
    #[must_use]
    pub fn link(mut self, text: impl Into<String>, url: impl Into<String>) -> Self {
        let text: String = text.into();
        self.0.push(Span::Link {
            text: match clean(&text).is_empty() {
                true => "(no name)".to_owned(),
                false => text,
            },
            url: url.into(),
        });
        self
    }
}
