//! One question, asked until it is answered: budget, sign-in, retries and page size in one loop.
//!
//! Each attempt reserves its points first and tells the ledger when it is over. RATE_LIMITED discards
//! the answer and waits until Meetup's `resetAt`, read by Meetup's clock. A failure that may pass is
//! repeated after a growing pause; if a smaller page might have passed, the repetition asks one.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use secrecy::ExposeSecret;
use serde::Serialize;

use super::Meetup;
use super::answers::Answer;
use super::drift::{self, Finding, Missed, Weight};
use super::errors::{AskError, Unreadable};
use super::nulls;
use super::pace::{self, PageLimits};
use super::reading::{self, Failure, Hole, Reading};
use super::transport::{Broken, Reply};

/// Attempts at a question that the server blames (a 400 that passes when repeated), or whose answer
/// has holes, before it is believed.
const ATTEMPTS_BELIEVED: u32 = 3;

/// An operation, as the loop sees it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Question {
    pub(crate) operation: &'static str,
    pub(crate) text: &'static str,
    /// What it costs until Meetup teaches otherwise.
    pub(crate) root_fields: u32,
    pub(crate) pages: PageLimits,
    /// A later page of a walk whose first page was answered.
    pub(crate) is_continued: bool,
    /// An answer with holes was met before: asking the same again would only find them again.
    pub(crate) believes_holes: bool,
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
            return Err(hole.unreadable(question.operation).into());
        }
        Ok(reading::decode(question.operation, "", &self.data)?)
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

#[derive(Serialize)]
struct Body<'a, V> {
    #[serde(rename = "operationName")]
    operation: &'a str,
    query: &'a str,
    variables: V,
}

/// What one question has been through so far.
#[derive(Default)]
struct Trials {
    failures: u32,
    blamed: u32,
    holed: u32,
    refusals: u32,
    spent: Duration,
    has_signed_in_again: bool,
    has_looked_at_schema: bool,
}

impl Meetup {
    /// Asks until answered; `variables` are made anew for the page size of each attempt.
    pub(crate) async fn ask<V: Serialize>(
        &self,
        question: &Question,
        variables: impl Fn(u32) -> V + Send + Sync,
    ) -> Result<Raw, AskError> {
        let Question {
            operation,
            pages,
            root_fields,
            ..
        } = *question;
        let mut trials = Trials::default();
        loop {
            let permit = self.permits.acquire().await;
            let access = self.auth.access().await?;
            let waits = &self.settings.waits;
            let (asked, points) =
                pace::reserve(&self.ledger, operation, root_fields, waits, &self.room).await?;
            self.tally.asked(points);
            let rows = self.sizes.now(operation, pages);
            let cut = self.cuts.text(operation);
            let body = Body {
                operation,
                query: cut.as_deref().unwrap_or(question.text),
                variables: variables(rows),
            };
            let request = self
                .transport
                .post(&self.settings.endpoint)
                .bearer_auth(access.token.expose_secret())
                .json(&body);
            let started = Instant::now();
            let reply = self.transport.send(request).await;
            trials.spent += started.elapsed();
            let answered_at = reply.as_ref().ok().and_then(Reply::date);
            let reading = reply.as_ref().map_or_else(Into::into, reading::read);

            if let Reading::RateLimited {
                reset_at,
                wait,
                consumed,
            } = reading
            {
                let wait = self.reset_wait(reset_at, answered_at, wait, trials.refusals);
                pace::refused(&self.ledger, asked, wait, consumed).await?;
                drop(permit);
                self.tally.rate_limited();
                trials.refusals += 1;
                if trials.refusals > 1 {
                    // Nobody knows how points are counted: it may be the rows.
                    self.sizes.failed(operation, pages, rows);
                }
                if trials.refusals > waits.refusals {
                    return Err(AskError::Throttled {
                        until: Utc::now() + wait,
                    });
                }
                tracing::info!(
                    operation,
                    seconds = wait.as_secs_f64(),
                    "rate limited by Meetup"
                );
                let what = "Meetup, which refused for want of points";
                self.room.wait(what, wait, wait).await?;
                continue;
            }
            pace::answered(&self.ledger, asked, reading.rows()).await?;
            drop(permit);
            let failure = match reading {
                Reading::Data { data, holes } => {
                    let cause = holes.first().map(|hole| hole.cause.clone());
                    let (nulls, holes) = match cause {
                        None => Default::default(),
                        Some(_) => nulls::divided(operation, &data, holes),
                    };
                    let is_known = holes.is_empty() && self.nulls.knows(&nulls);
                    let is_believed = question.believes_holes && cause.is_some();
                    trials.holed += u32::from(cause.is_some());
                    if is_known || is_believed || trials.holed >= ATTEMPTS_BELIEVED {
                        if cause.is_none() {
                            self.sizes.succeeded(operation, pages, rows);
                        }
                        if self.nulls.note(&nulls) {
                            let fields: Vec<&str> = nulls.iter().map(String::as_str).collect();
                            let fields = fields.join(", ");
                            tracing::warn!(
                                operation,
                                "Meetup answers an error in the place of {fields}: kept what was known"
                            );
                        }
                        return Ok(Raw {
                            data: self.cuts.fill(operation, data),
                            holes,
                            asked,
                            answered_at,
                            rows,
                        });
                    }
                    Failure::passing(cause.unwrap_or_default())
                }
                Reading::SignInRefused { cause } if trials.has_signed_in_again => {
                    return Err(self.auth.needs_person(&cause));
                }
                Reading::SignInRefused { cause } => {
                    trials.has_signed_in_again = true;
                    tracing::info!(operation, cause, "signing in again");
                    self.auth.refused(&access, &cause).await?;
                    continue;
                }
                Reading::Refused {
                    message,
                    complaints,
                } => {
                    if self
                        .can_do_without(question, cut.as_ref(), &complaints, &mut trials)
                        .await?
                    {
                        continue;
                    }
                    return Err(if question.is_continued {
                        // The text passed before, so it is the cursor: Meetup changed their format.
                        // The walk is lost, but not the next one.
                        let cause = format!("refused on a later page: {message}");
                        AskError::Unavailable { operation, cause }
                    } else {
                        AskError::Refused { operation, message }
                    });
                }
                Reading::Again(failure) => failure,
                Reading::RateLimited { .. } => continue,
            };
            self.before_repeating(question, &failure, rows, &mut trials)
                .await?;
        }
    }

    /// Whether a refused question may be asked again with less in it: without the optional fields that
    /// the refusal names, or, where its words tell nothing, that the API's schema lacks. Each time
    /// there is less, so this ends. `asked` is the text that was refused, where it was cut already.
    async fn can_do_without(
        &self,
        question: &Question,
        asked: Option<&Arc<str>>,
        complaints: &[String],
        trials: &mut Trials,
    ) -> Result<bool, AskError> {
        let operation = question.operation;
        let before = self.cuts.unasked();
        let named: Vec<String> = complaints
            .iter()
            .flat_map(|complaint| drift::named_in(operation, complaint))
            .collect();
        let outgrown = |Missed { place, reason }| AskError::Outgrown {
            operation,
            place,
            reason,
        };
        self.cuts.add(&named).map_err(outgrown)?;
        // Another task may have been quicker to find out.
        let mut is_less = self.cuts.text(operation).as_ref() != asked;
        // Only the API itself complains; the retired one says that it is retired.
        let is_ours = !complaints.is_empty() && drift::uses().documents.contains_key(operation);
        if !is_less && is_ours && !question.is_continued && !trials.has_looked_at_schema {
            trials.has_looked_at_schema = true;
            // The schema's own question is none of ours, so this goes no deeper.
            let seen = Box::pin(self.check_schema()).await.unwrap_or_default();
            is_less = self.cuts.text(operation).as_ref() != asked;
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
        Ok(is_less)
    }

    /// Counts a failure; gives up, or shrinks the page and pauses.
    async fn before_repeating(
        &self,
        question: &Question,
        failure: &Failure,
        rows: u32,
        trials: &mut Trials,
    ) -> Result<(), AskError> {
        let (operation, waits) = (question.operation, &self.settings.waits);
        trials.failures += 1;
        trials.blamed += u32::from(failure.is_blamed);
        if trials.blamed >= ATTEMPTS_BELIEVED {
            return Err(AskError::Refused {
                operation,
                message: failure.cause.clone(),
            });
        }
        if failure.is_for_size {
            self.sizes.failed(operation, question.pages, rows);
        }
        let pause = pace::pause(waits, trials.failures)
            .max(failure.wait.unwrap_or_default().min(waits.longest_reset));
        if trials.failures >= waits.attempts || trials.spent + pause > waits.question {
            return Err(AskError::Unavailable {
                operation,
                cause: failure.cause.clone(),
            });
        }
        tracing::debug!(
            operation,
            cause = failure.cause,
            attempt = trials.failures,
            milliseconds = pause.as_secs_f64() * 1000.0,
            "asking again"
        );
        self.tally.repeated();
        trials.spent += pause;
        let what = "Meetup, which did not answer properly";
        self.room.wait(what, pause, pause).await
    }

    /// How long to leave Meetup alone after RATE_LIMITED: `resetAt` by its own clock, or what
    /// Retry-After says; longer each time it refuses again, since `resetAt` may have passed already.
    fn reset_wait(
        &self,
        reset_at: Option<DateTime<Utc>>,
        answered_at: Option<DateTime<Utc>>,
        retry_after: Option<Duration>,
        refusals: u32,
    ) -> Duration {
        let waits = &self.settings.waits;
        let server_now = answered_at.unwrap_or_else(|| self.transport.server_now());
        let until_reset = reset_at.map(|at| (at - server_now).to_std().unwrap_or_default());
        let said = until_reset.max(retry_after).unwrap_or_default();
        let floor = waits
            .shortest_reset
            .saturating_mul(1_u32 << refusals.min(16));
        said.max(floor).min(waits.longest_reset)
    }
}

impl Failure {
    fn passing(cause: String) -> Self {
        Self {
            cause,
            is_for_size: false,
            wait: None,
            is_blamed: false,
        }
    }
}

impl From<&Broken> for Reading {
    fn from(broken: &Broken) -> Self {
        Self::Again(Failure {
            is_for_size: matches!(broken, Broken::TimedOut | Broken::Cut | Broken::TooLarge),
            ..Failure::passing(broken.to_string())
        })
    }
}
