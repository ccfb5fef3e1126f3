//! A question as the asking loop sees it, and what comes back, not yet decoded.

use bytes::Bytes;
use chrono::{DateTime, Utc};

use super::answers::Answer;
use super::decoding;
use super::errors::{AskError, Unreadable};
use super::pace::PageLimits;
use super::reading::Hole;
use crate::community::GroupId;

/// An operation about something.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    pub(crate) operation: &'static str,
    pub(crate) text: &'static str,
    /// What it is about, for logs and errors: `network acme`, `group 7`; never a person.
    pub(crate) scope: String,
    /// What it costs until Meetup teaches otherwise.
    pub(crate) root_fields: u32,
    pub(crate) pages: PageLimits,
    /// A later page of a walk whose first page was answered.
    pub(crate) is_continued: bool,
    /// An answer with holes was met before: asking the same again would only find them again.
    pub(crate) believes_holes: bool,
}

/// The scope of a question about a network.
pub(crate) fn network(urlname: &str) -> String {
    format!("network {urlname}")
}

/// The scope of a question about a group.
pub(crate) fn group(id: &GroupId) -> String {
    format!("group {id}")
}

/// What came back, not yet decoded.
#[derive(Debug)]
pub(crate) struct Raw {
    pub(crate) data: Bytes,
    pub(crate) holes: Vec<Hole>,
    pub(crate) asked: i64,
    pub(crate) answered_at: Option<DateTime<Utc>>,
    /// Rows that were asked for.
    pub(crate) rows: u32,
}

impl Raw {
    /// The data, if there are no holes in it.
    pub(crate) fn decode<T: serde::de::DeserializeOwned>(
        &self,
        question: &Question,
    ) -> Result<T, AskError> {
        if let Some(hole) = self.holes.first() {
            let mut unreadable = hole.unreadable(question.operation);
            if hole.path.len() < 2 && !hole.words.is_empty() {
                unreadable.cause = format!("{}: {}", hole.cause, hole.words);
            }
            return Err(unreadable.into());
        }
        Ok(decoding::decode(question.operation, "", &self.data)?)
    }

    /// An answer with this value in it.
    pub(crate) fn answer<T>(&self, value: T) -> Answer<T> {
        Answer {
            value,
            asked: self.asked,
            answered_at: self.answered_at,
        }
    }
}

impl Hole {
    pub(crate) fn unreadable(&self, operation: &'static str) -> Unreadable {
        let path = if self.path.is_empty() {
            "answer".to_owned()
        } else {
            self.path.join(".")
        };
        Unreadable {
            operation,
            path,
            cause: self.cause.clone(),
        }
    }
}
