//! A question that Meetup refused: whether it may be asked again with less in it.

use std::collections::BTreeSet;

use super::cuts::Missed;
use super::finding::{Finding, Weight};
use super::inputs;
use super::uses::uses;
use crate::meetup::question::Question;
use crate::meetup::reading::Complaint;
use crate::meetup::{AskError, Meetup};

impl Meetup {
    /// Whether a refused question may be asked again with less in it: without the optional fields that
    /// the refusal names, or, where its words tell nothing, that the API's schema lacks. Each time
    /// there is less, so this ends. `asked` is the generation of the cuts that was refused;
    /// `has_looked` that the schema was looked at for this question.
    pub(crate) async fn can_do_without(
        &self,
        question: &Question,
        asked: u64,
        complaints: &[Complaint],
        has_looked: &mut bool,
    ) -> Result<bool, AskError> {
        let operation = question.operation;
        let (before, sent_before) = (self.cuts.unasked(), self.cuts.unsent());
        let named: Vec<String> = complaints
            .iter()
            .flat_map(|complaint| named_in(operation, complaint))
            .collect();
        let outgrown = |Missed { place, reason }| AskError::Outgrown {
            operation,
            place,
            reason,
        };
        self.cuts.add(&named).map_err(outgrown)?;
        // Another task may have been quicker to find out.
        let mut is_less = self.cuts.generation() != asked;
        // Only the API itself complains; the retired one says that it is retired.
        let is_ours = !complaints.is_empty() && uses().documents.contains_key(operation);
        if !is_less && is_ours && !question.is_continued && !*has_looked {
            *has_looked = true;
            // The schema's own question is none of ours, so this goes no deeper.
            let seen = Box::pin(self.check_schema()).await.unwrap_or_default();
            is_less = self.cuts.generation() != asked;
            let is_fatal =
                |it: &Finding| it.weight == Weight::Error && it.operations.contains(&operation);
            if let (Some(Finding { place, what, .. }), false) =
                (seen.findings.into_iter().find(is_fatal), is_less)
            {
                let message = format!("{place} {what}");
                return Err(AskError::Refused { operation, message });
            }
        }
        for place in self.cuts.unasked().difference(&before) {
            tracing::warn!(
                operation,
                "{place} is gone from Meetup's API: it is not read any more, and what is known of it stays"
            );
        }
        for place in self.cuts.unsent().difference(&sent_before) {
            tracing::warn!(operation, "{place} {}", inputs::what_follows(place));
        }
        Ok(is_less)
    }
}

/// The fields of an operation that a complaint names, by place, and the values it sends.
fn named_in(operation: &str, complaint: &Complaint) -> Vec<String> {
    let quoted = leading(&complaint.message);
    let is_told = |field: &str| complaint.path.last().is_none_or(|last| last == field);
    let mut named = values_in(operation, &complaint.message);
    let fields = uses()
        .fields
        .iter()
        .filter(|(place, used)| {
            let parts = place.split_once('.');
            used.operations.contains(operation)
                && parts.is_some_and(|(of, field)| {
                    quoted.contains(of) && quoted.contains(field) && is_told(field)
                })
        })
        .map(|(place, _)| place.clone());
    named.extend(fields);
    named
}

/// The values of enumerations that a message names together with their enumeration, before it guesses.
fn values_in(operation: &str, message: &str) -> Vec<String> {
    let told = match message.to_ascii_lowercase().find("did you mean") {
        Some(guess) => &message[..guess],
        None => message,
    };
    let words: BTreeSet<&str> = told
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .collect();
    let enums = uses().enums.iter();
    enums
        .filter(|(of, used)| words.contains(of.as_str()) && used.operations.contains(operation))
        .flat_map(|(of, used)| {
            let values = used.sent.iter().filter(|it| words.contains(it.as_str()));
            values.map(move |value| format!("{of}.{value}"))
        })
        .collect()
}

/// Whether a complaint names no field of the question.
pub(crate) fn is_vague(complaint: &Complaint) -> bool {
    leading(&complaint.message).len() < 2
}

/// What a message quotes first: every server quotes the field and its type when it does not know the
/// field, whatever the words between them; what it quotes later are guesses at what was meant.
fn leading(message: &str) -> BTreeSet<&str> {
    let is_name =
        |word: &&str| !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || c == '_');
    let quoted = message.split(['\'', '"', '`']).skip(1).step_by(2);
    quoted.filter(is_name).take(2).collect()
}
