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

/// Text from outside without what could disturb its surroundings: control and ANSI characters,
/// characters that turn the direction of writing, and invisible ones. Line ends become spaces.
pub fn clean(text: &str) -> String {
    let kept = text.chars().filter_map(|c| match c {
        '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => Some(' '),
        c if c.is_control() => None,
        // Direction marks, embeddings, overrides and isolates; and what cannot be seen: soft hyphen,
        // zero widths (but for the joiners, which scripts and emoji need), annotations, tags.
        '\u{061c}'
        | '\u{200e}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{00ad}'
        | '\u{180e}'
        | '\u{200b}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => None,
        c => Some(c),
    });
    kept.collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn what_disturbs_is_removed_and_the_rest_is_kept() {
        assert_eq!(clean("\u{1b}[31mred\u{1b}[0m"), "[31mred[0m");
        assert_eq!(
            clean("\u{202e}gpj.exe\u{202c}\u{2066}x\u{2069}"),
            "gpj.exex"
        );
        assert_eq!(clean(" two\r\nlines\u{0}\u{85} "), "two  lines");
        assert_eq!(
            clean("São Paulo 👩\u{200d}💻 東京"),
            "São Paulo 👩\u{200d}💻 東京"
        );
    }
}
