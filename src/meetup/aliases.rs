//! Many of a kind in one request, under the aliases `a0`, `a1` and so on.
//!
//! The number of aliases never changes, so that Meetup sees one and the same text and the ledger one
//! cost; a shorter list repeats its last key. One that Meetup cannot answer leaves the others alone.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;

use super::answers::Answer;
use super::pace::PageLimits;
use super::question::{Question, Raw};
use super::scalars;
use super::{AskError, Meetup, Unreadable, decoding};

/// Aliases in one request.
pub const ARITY: usize = 25;

/// An operation over aliases.
pub(crate) struct Many {
    pub(crate) operation: &'static str,
    pub(crate) text: &'static str,
    /// Of the events that ride along with each, where they do.
    pub(crate) pages: PageLimits,
    pub(crate) events_from: Option<DateTime<Utc>>,
    pub(crate) believes_holes: bool,
}

impl Meetup {
    /// Asks for all keys, [`ARITY`] at a time. `convert` gets the fields and the rows asked per page,
    /// and returns none for what cannot be placed.
    pub(crate) async fn many<F: DeserializeOwned, T>(
        &self,
        many: &Many,
        keys: &[&str],
        convert: impl Fn(F, u32) -> Option<T>,
    ) -> Result<Answer<Vec<Result<Option<T>, Unreadable>>>, AskError> {
        let mut question = Question {
            operation: many.operation,
            text: many.text,
            scope: String::new(),
            root_fields: u32::try_from(ARITY).unwrap_or(u32::MAX),
            pages: many.pages,
            is_continued: false,
            believes_holes: many.believes_holes,
        };
        let mut whole = Answer {
            value: Vec::with_capacity(keys.len()),
            asked: 0,
            answered_at: None,
        };
        for (round, at_once) in keys.chunks(ARITY).enumerate() {
            question.scope = format!("{} at once", at_once.len());
            let raw = self
                .ask(&question, |rows| variables(many, at_once, rows))
                .await?;
            if round == 0 {
                (whole.asked, whole.answered_at) = (raw.asked, raw.answered_at);
            }
            whole
                .value
                .extend(split(&question, &raw, at_once.len(), &convert)?);
        }
        Ok(whole)
    }
}

fn variables(many: &Many, keys: &[&str], rows: u32) -> BTreeMap<String, Value> {
    let last = keys.last().copied().unwrap_or_default();
    let mut variables: BTreeMap<String, Value> = (0..ARITY)
        .map(|place| {
            (
                format!("a{place}"),
                keys.get(place).copied().unwrap_or(last).into(),
            )
        })
        .collect();
    if let Some(from) = many.events_from {
        let from = serde_json::to_value(scalars::DateTime::from(from)).unwrap_or_default();
        variables.extend([
            ("events".to_owned(), rows.into()),
            ("eventsFrom".to_owned(), from),
        ]);
    }
    variables
}

/// Takes the answer apart, alias by alias.
fn split<F: DeserializeOwned, T>(
    question: &Question,
    raw: &Raw,
    keys: usize,
    convert: impl Fn(F, u32) -> Option<T>,
) -> Result<Vec<Result<Option<T>, Unreadable>>, AskError> {
    let operation = question.operation;
    // A hole that belongs to no alias leaves nothing to believe.
    if let Some(hole) = raw.holes.iter().find(|hole| hole.path.is_empty()) {
        return Err(hole.unreadable(operation).into());
    }
    let parts: Option<HashMap<&str, Option<&RawValue>>> = serde_json::from_slice(&raw.data)
        .map_err(|_| Unreadable {
            operation,
            path: "data".to_owned(),
            cause: "not a set of aliases".to_owned(),
        })?;
    let parts = parts.unwrap_or_default();
    let one = |place: usize| {
        let alias = format!("a{place}");
        if let Some(hole) = raw
            .holes
            .iter()
            .find(|hole| hole.path.first() == Some(&alias))
        {
            return Err(hole.unreadable(operation));
        }
        let lost = |cause: &str| Unreadable {
            operation,
            path: alias.clone(),
            cause: cause.to_owned(),
        };
        let Some(part) = parts.get(alias.as_str()) else {
            return Err(lost("absent from the answer"));
        };
        let Some(part) = part else { return Ok(None) };
        let fields: F = decoding::decode(operation, &alias, part.get().as_bytes())?;
        convert(fields, raw.rows)
            .map(Some)
            .ok_or_else(|| lost("belongs to no group"))
    };
    Ok((0..keys).map(one).collect())
}
