//! A report as a message: neutral between the services, so that each only translates it.
//!
//! Text in it is raw, as people and Meetup wrote it. Whoever renders a message cleans and escapes.

/// A message in order of reading.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Message {
    /// Its headline.
    pub title: String,
    /// All of it in a sentence or two, for notifications and services without layout.
    pub fallback: String,
    /// What it says.
    pub sections: Vec<Section>,
    /// How fresh it is, and what is unknown.
    pub footer: Vec<Line>,
}

/// One topic of a message.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Section {
    /// Its heading.
    pub heading: Option<String>,
    /// Lines that belong together, above the entries.
    pub lines: Vec<Line>,
    /// The groups it lists, the most important first: a service that has no room for all of them
    /// leaves out whole entries from the end and says how many.
    pub entries: Vec<Entry>,
    /// How many more the composer left out already.
    pub unlisted: usize,
}

/// One group: shown whole or not at all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entry {
    /// Its lines.
    pub lines: Vec<Line>,
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
    /// Leads somewhere; services show the text alone where the address is none of http(s).
    Link {
        /// What is shown.
        text: String,
        /// Where it leads.
        url: String,
    },
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

    /// Adds a link.
    #[must_use]
    pub fn link(mut self, text: impl Into<String>, url: impl Into<String>) -> Self {
        self.0.push(Span::Link {
            text: text.into(),
            url: url.into(),
        });
        self
    }
}
