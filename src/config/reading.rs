//! Reading a configuration table key by key, collecting problems instead of stopping at the first.
//!
//! A key counts as known because it was asked for, so no list of keys has to be kept in step with
//! the code. Whatever is left over when a section is finished is unknown.

use std::cell::RefCell;
use std::ops::RangeInclusive;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::effective::{Origin, list, quoted};
use super::reader::Reader;

/// One table of the file; absent tables read as empty ones.
pub(super) struct Section<'r, 'i> {
    pub(super) reader: &'r Reader<'r>,
    /// `meetup`, `channel ops`: how messages name it.
    pub(super) name: String,
    table: Option<&'r DeTable<'i>>,
    line: Option<usize>,
    asked: RefCell<Vec<&'static str>>,
}

impl<'r, 'i> Section<'r, 'i> {
    pub(super) fn root(reader: &'r Reader<'r>, table: &'r DeTable<'i>) -> Self {
        Self::of(reader, String::new(), Some(table), None)
    }

    fn of(
        reader: &'r Reader<'r>,
        name: String,
        table: Option<&'r DeTable<'i>>,
        line: Option<usize>,
    ) -> Self {
        Self {
            reader,
            name,
            table,
            line,
            asked: RefCell::default(),
        }
    }

    /// How a key is named in messages.
    pub(super) fn key(&self, key: &str) -> String {
        if self.name.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.name)
        }
    }

    pub(super) fn is_present(&self) -> bool {
        self.table.is_some()
    }

    fn found(&self, key: &'static str) -> Option<&'r Spanned<DeValue<'i>>> {
        self.asked.borrow_mut().push(key);
        self.table?.get(key)
    }

    /// Whether the key is written, read or not.
    pub(super) fn has(&self, key: &'static str) -> bool {
        self.found(key).is_some()
    }

    /// The line of a key, else of the section.
    pub(super) fn line_of(&self, key: &str) -> Option<usize> {
        let value = self.table.and_then(|table| table.get(key));
        value
            .map(|value| self.reader.line_at(value.span().start))
            .or(self.line)
    }

    /// A problem with one key of this section.
    pub(super) fn problem(&self, key: &str, cause: impl AsRef<str>, remedy: impl Into<String>) {
        let what = format!("{} {}", self.key(key), cause.as_ref());
        self.reader.report(self.line_of(key), what, remedy);
    }

    /// Something of this section that works, but should not stay so.
    pub(super) fn warning(&self, key: &str, cause: impl AsRef<str>, remedy: impl Into<String>) {
        let what = format!("{} {}", self.key(key), cause.as_ref());
        self.reader.warn(self.line_of(key), what, remedy);
    }

    fn wrong_type(&self, key: &str, value: &DeValue<'_>, wanted: &str) {
        self.problem(
            key,
            format!("is {}, not {wanted}", in_words(value)),
            format!("write {wanted}"),
        );
    }

    /// Notes what stands under a key.
    fn note(&self, key: &'static str, value: String) {
        let line = self.line_of(key).unwrap_or(1);
        let noted = &self.reader.settings;
        noted.note(self.key(key), Some(value), Origin::Line(line));
    }

    /// Notes what stands for a key that is not written, and answers it.
    pub(super) fn or_default<T>(
        &self,
        key: &'static str,
        found: Option<T>,
        default: T,
        written: impl FnOnce(&T) -> String,
    ) -> T {
        found.unwrap_or_else(|| {
            let value = Some(written(&default));
            let noted = &self.reader.settings;
            noted.note(self.key(key), value, Origin::Default);
            default
        })
    }

    /// An environment variable that overrules a key which is no secret.
    pub(super) fn variable(&self, key: &'static str, variable: &str) -> Option<String> {
        let value = self.reader.variable(variable)?;
        let noted = &self.reader.settings;
        let origin = Origin::Variable(variable.to_owned());
        noted.overrule(self.key(key), Some(quoted(&value)), origin);
        Some(value)
    }

    /// A text; empty text is a problem.
    pub(super) fn text(&self, key: &'static str) -> Option<String> {
        let text = self.unnoted(key)?;
        self.note(key, quoted(&text));
        Some(text)
    }

    /// The same of what is not to be listed, as secrets.
    pub(super) fn unnoted(&self, key: &'static str) -> Option<String> {
        let value = self.found(key)?;
        match value.get_ref() {
            DeValue::String(text) if text.trim().is_empty() => {
                self.problem(key, "is empty", "write a value, or leave the key out");
                None
            }
            DeValue::String(text) => Some(text.trim().to_owned()),
            other => {
                self.wrong_type(key, other, "a text in quotes");
                None
            }
        }
    }

    /// An id: a text, or a number written without quotes.
    pub(super) fn id(&self, key: &'static str) -> Option<String> {
        match self.found(key)?.get_ref() {
            DeValue::Integer(number) => {
                self.note(key, number.as_str().to_owned());
                Some(number.as_str().to_owned())
            }
            _ => self.text(key),
        }
    }

    /// A whole number within a range.
    pub(super) fn whole(&self, key: &'static str, range: RangeInclusive<u32>) -> Option<u32> {
        let value = self.found(key)?;
        let DeValue::Integer(number) = value.get_ref() else {
            self.wrong_type(key, value.get_ref(), "a whole number");
            return None;
        };
        let parsed = i64::from_str_radix(number.as_str(), number.radix()).ok();
        match parsed.and_then(|number| u32::try_from(number).ok()) {
            Some(number) if range.contains(&number) => {
                self.note(key, number.to_string());
                Some(number)
            }
            _ => {
                let (low, high) = range.into_inner();
                self.problem(
                    key,
                    format!("is {number}"),
                    format!("write a whole number from {low} to {high}"),
                );
                None
            }
        }
    }

    /// The same, or what stands for it.
    pub(super) fn whole_or(
        &self,
        key: &'static str,
        range: RangeInclusive<u32>,
        default: u32,
    ) -> u32 {
        let found = self.whole(key, range);
        self.or_default(key, found, default, u32::to_string)
    }

    /// A share above 0 and up to 1, or what stands for it.
    pub(super) fn share_or(&self, key: &'static str, default: f64) -> f64 {
        let found = self.share(key);
        self.or_default(key, found, default, f64::to_string)
    }

    /// True or false.
    pub(super) fn flag(&self, key: &'static str) -> Option<bool> {
        match self.found(key)?.get_ref() {
            DeValue::Boolean(is_so) => {
                self.note(key, is_so.to_string());
                Some(*is_so)
            }
            other => {
                self.wrong_type(key, other, "true or false");
                None
            }
        }
    }

    /// A share above 0 and up to 1.
    pub(super) fn share(&self, key: &'static str) -> Option<f64> {
        let value = self.found(key)?;
        let written = match value.get_ref() {
            DeValue::Float(number) => number.as_str().to_owned(),
            DeValue::Integer(number) => number.as_str().to_owned(),
            other => {
                self.wrong_type(key, other, "a number");
                return None;
            }
        };
        match written.replace('_', "").parse::<f64>() {
            Ok(number) if number > 0.0 && number <= 1.0 => {
                self.note(key, number.to_string());
                Some(number)
            }
            _ => {
                self.problem(
                    key,
                    format!("is {written}"),
                    "write a share above 0 and up to 1, such as 0.75",
                );
                None
            }
        }
    }

    /// A list of texts, each with its line. Numbers are taken as text where `numbers` says so (ids).
    pub(super) fn texts(&self, key: &'static str, numbers: bool) -> Option<Vec<(String, usize)>> {
        let value = self.found(key)?;
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong_type(
                key,
                value.get_ref(),
                "a list of texts such as [\"one\", \"two\"]",
            );
            return None;
        };
        let mut texts = Vec::new();
        for item in items {
            let line = self.reader.line_at(item.span().start);
            match item.get_ref() {
                DeValue::String(text) if !text.trim().is_empty() => {
                    texts.push((text.trim().to_owned(), line));
                }
                DeValue::Integer(number) if numbers => {
                    texts.push((number.as_str().to_owned(), line));
                }
                other => {
                    let what = format!("{} holds {}", self.key(key), in_words(other));
                    self.reader.report(
                        Some(line),
                        what,
                        "write texts in quotes, none of them empty",
                    );
                }
            }
        }
        self.note(key, list(texts.iter().map(|(text, _)| text.as_str())));
        Some(texts)
    }

    /// A table `[name.key]`; absent reads as empty.
    pub(super) fn table(&self, key: &'static str) -> Section<'r, 'i> {
        let value = self.found(key);
        let table = value.and_then(|value| {
            let table = value.get_ref().as_table();
            if table.is_none() {
                let header = self.key(key);
                self.problem(
                    key,
                    format!("is {}, not a section", in_words(value.get_ref())),
                    format!("write it as [{header}]"),
                );
            }
            table
        });
        Section::of(
            self.reader,
            self.key(key),
            table,
            self.line_of(key).filter(|_| value.is_some()),
        )
    }

    /// The tables `[[key]]`.
    pub(super) fn tables(&self, key: &'static str) -> Vec<Section<'r, 'i>> {
        let Some(value) = self.found(key) else {
            return Vec::new();
        };
        let DeValue::Array(items) = value.get_ref() else {
            self.problem(
                key,
                format!("is {}, but there may be several", in_words(value.get_ref())),
                format!("write [[{key}]] with two brackets"),
            );
            return Vec::new();
        };
        let mut sections = Vec::new();
        for item in items {
            let line = self.reader.line_at(item.span().start);
            if let Some(table) = item.get_ref().as_table() {
                sections.push(Section::of(
                    self.reader,
                    key.to_owned(),
                    Some(table),
                    Some(line),
                ));
            } else {
                let what = format!("{key} holds {}, not sections", in_words(item.get_ref()));
                self.reader
                    .report(Some(line), what, format!("write each as [[{key}]]"));
            }
        }
        sections
    }

    /// Reports the keys nobody asked for.
    pub(super) fn finish(&self) {
        let Some(table) = self.table else { return };
        let asked = self.asked.borrow();
        for (key, _) in table {
            let written: &str = key.get_ref();
            if asked.contains(&written) {
                continue;
            }
            let line = Some(self.reader.line_at(key.span().start));
            let what = format!("{} is not a known key", self.key(written));
            self.reader.report(line, what, nearest(written, &asked));
        }
    }
}

/// "did you mean", or all there is.
pub(super) fn nearest(written: &str, known: &[&str]) -> String {
    let lower = written.to_lowercase();
    let closest = known
        .iter()
        .map(|candidate| (strsim::damerau_levenshtein(&lower, candidate), *candidate))
        .min();
    match closest {
        Some((distance, candidate)) if distance <= 2.max(candidate.len() / 3) => {
            format!("did you mean {candidate}?")
        }
        _ => {
            let mut all: Vec<&str> = known.to_vec();
            all.sort_unstable();
            all.dedup();
            format!("known here: {}", all.join(", "))
        }
    }
}

fn in_words(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(text) if text.trim().is_empty() => "an empty text",
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a section",
    }
}
