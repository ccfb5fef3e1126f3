//! One question, asked until it is answered: budget, sign-in, retries and page size in one loop.
//!
//! Each attempt reserves its points first and tells the ledger when it is over. RATE_LIMITED discards
//! the answer and waits until Meetup's `resetAt`, read by Meetup's clock. A failure that may pass is
//! repeated after a growing pause; if a smaller page might have passed, the repetition asks one.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use secrecy::ExposeSecret;
use serde::Serialize;
use serde::de::IgnoredAny;

use super::Meetup;
use super::drift;
use super::errors::AskError;
use super::nulls;
use super::pace;
use super::question::{Question, Raw};
use super::reading::{self, Failure, Hole, Reading};
use super::tally::CameOf;
use super::transport::{Broken, Reply};
use super::waiting::{FAILURE, REFUSAL};

/// Attempts at a question that the server blames (a 400 that passes when repeated), or whose answer
/// has holes, before it is believed.
const ATTEMPTS_BELIEVED: u32 = 3;
/// Bare refusals of a renewed access token before they count as a lost sign-in.
const FORBIDDEN_BELIEVED: u32 = 2;

/// How long an answer that is under way when a signal comes is waited for: most come within it, and the
/// page need not be asked again.
const GRACE: Duration = Duration::from_secs(2);

#[derive(Serialize)]
struct Body<'a> {
    #[serde(rename = "operationName")]
    operation: &'a str,
    query: &'a str,
    variables: serde_json::Value,
}

/// What one question has been through so far.
#[derive(Default)]
struct Trials {
    failures: u32,
    blamed: u32,
    holed: u32,
    refusals: u32,
    spent: Duration,
    points: u32,
    has_signed_in_again: bool,
    /// Bare refusals of a renewed access token.
    forbidden: u32,
    has_looked_at_schema: bool,
    /// Rows of the first page that was refused, or an error in its whole place, as if for its size.
    size_blamed: Option<u32>,
}

impl Meetup {
    /// Asks until answered; `variables` are made anew for the page size of each attempt. One line of the
    /// log tells how it went.
    pub(crate) async fn ask<V: Serialize>(
        &self,
        question: &Question,
        variables: impl Fn(u32) -> V + Send + Sync,
    ) -> Result<Raw, AskError> {
        let mut trials = Trials::default();
        let started = Instant::now();
        let answer = self.until_answered(question, variables, &mut trials).await;
        let (operation, scope) = (question.operation, question.scope.as_str());
        let (points, milliseconds) = (trials.points, started.elapsed().as_millis());
        match &answer {
            Ok(raw) => tracing::debug!(
                operation,
                scope,
                rows = reading::rows(&raw.data),
                points,
                milliseconds,
                "asked"
            ),
            Err(_) => tracing::debug!(
                operation,
                scope,
                points,
                milliseconds,
                "asked, without an answer"
            ),
        }
        answer
    }

    async fn until_answered<V: Serialize>(
        &self,
        question: &Question,
        variables: impl Fn(u32) -> V + Send + Sync,
        trials: &mut Trials,
    ) -> Result<Raw, AskError> {
        let Question {
            operation,
            pages,
            root_fields,
            ..
        } = *question;
        loop {
            let permit = self.permits.acquire().await;
            let access = self.auth.access().await?;
            // Before points are spent, and again for each page: what a signal left undone stays due.
            self.room.check()?;
            let waits = &self.settings.waits;
            let (asked, points) =
                pace::reserve(&self.ledger, operation, root_fields, waits, &self.room).await?;
            self.tally.asked(points);
            trials.points += points;
            let rows = self.sizes.now(operation, pages);
            let (cuts, cut) = (self.cuts.generation(), self.cuts.text(operation));
            let given = serde_json::to_value(variables(rows)).unwrap_or_default();
            let body = Body {
                operation,
                query: cut.as_deref().unwrap_or(question.text),
                variables: self.cuts.variables(operation, given),
            };
            let request = self
                .transport
                .post(&self.settings.endpoint)
                .bearer_auth(access.token.expose_secret())
                .json(&body);
            let started = Instant::now();
            let reply = tokio::select! {
                reply = self.transport.send(request) => reply,
                () = self.room.stop().is_late(GRACE) => {
                    pace::answered(&self.ledger, asked, 0).await?;
                    return Err(AskError::Stopped);
                }
            };
            trials.spent += started.elapsed();
            let answered_at = reply.as_ref().ok().and_then(Reply::date);
            let reading = reply.as_ref().map_or_else(Into::into, reading::read);
            self.tally.came(operation, CameOf::reading(&reading));

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
                self.room.wait(REFUSAL, wait, wait).await?;
                continue;
            }
            pace::answered(&self.ledger, asked, reading.rows()).await?;
            drop(permit);
            let failure = match reading {
                Reading::Data { data, holes } => {
                    let first = holes.first().cloned();
                    // Whether something may be seen is no matter of patience.
                    let is_forbidden = holes.iter().any(|hole| hole.is_forbidden);
                    let (nulls, holes) = match first {
                        None => Default::default(),
                        Some(_) => nulls::divided(operation, &data, holes),
                    };
                    let is_known = holes.is_empty() && self.nulls.knows(&nulls);
                    let is_believed = question.believes_holes && first.is_some();
                    trials.holed += u32::from(first.is_some());
                    let believed = ATTEMPTS_BELIEVED - u32::from(is_forbidden);
                    // An error for the whole page may be about its size. Where all was asked for one thing, it
                    // is not believed as long as smaller pages, and attempts, are left to try; without pauses
                    // once patience is used up.
                    let is_for_size = !is_known
                        && !is_believed
                        && first.as_ref().is_some_and(Hole::is_whole)
                        && trials.failures + 1 < self.settings.waits.attempts
                        && self.sizes.failed(operation, pages, rows);
                    if is_for_size {
                        trials.size_blamed.get_or_insert(rows);
                    }
                    let is_tried = trials.holed >= believed;
                    if is_tried && is_for_size && root_fields == 1 {
                        trials.failures += 1;
                        self.tally.repeated();
                        continue;
                    }
                    if is_known || is_believed || is_tried {
                        if first.is_none() {
                            self.sizes.succeeded(operation, pages, rows);
                        } else if let Some(rows) = trials.size_blamed {
                            self.sizes.restore(operation, pages, rows);
                        }
                        if let Some(denied) = denied(question, &data, &holes) {
                            return Err(denied);
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
                    Failure::passing(first.map(|hole| hole.cause).unwrap_or_default())
                }
                Reading::Forbidden { cause } if !trials.has_signed_in_again => {
                    trials.has_signed_in_again = true;
                    if self.auth.renews_itself() {
                        tracing::info!(operation, cause, "signing in again");
                        self.auth.refused(&access, &cause).await?;
                    }
                    continue;
                }
                Reading::Forbidden { cause } => {
                    trials.forbidden += 1;
                    if trials.forbidden >= FORBIDDEN_BELIEVED {
                        return Err(self.auth.needs_person(&cause));
                    }
                    Failure::passing(cause)
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
                        .can_do_without(
                            question,
                            cuts,
                            &complaints,
                            &mut trials.has_looked_at_schema,
                        )
                        .await?
                    {
                        continue;
                    }
                    // What names no field may be about the size of the page, whatever its words, on a later
                    // page too: sizes grow back in the middle of a walk.
                    let is_vague = complaints.iter().all(drift::is_vague);
                    if !complaints.is_empty()
                        && is_vague
                        && self.sizes.failed(operation, pages, rows)
                    {
                        trials.size_blamed.get_or_insert(rows);
                        tracing::trace!(
                            operation,
                            rows,
                            message,
                            "refused; a smaller page is tried"
                        );
                        self.tally.repeated();
                        continue;
                    }
                    if let Some(rows) = trials.size_blamed {
                        self.sizes.restore(operation, pages, rows);
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
            self.before_repeating(question, &failure, rows, trials)
                .await?;
        }
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
        let is_smaller = failure.is_for_size && self.sizes.failed(operation, question.pages, rows);
        let is_last = trials.failures >= waits.attempts;
        // As long as a smaller page is left to try, it may be the size that is blamed.
        if trials.blamed >= ATTEMPTS_BELIEVED && failure.is_blamed && (!is_smaller || is_last) {
            return Err(AskError::Refused {
                operation,
                message: failure.cause.clone(),
            });
        }
        let pause = pace::pause(waits, trials.failures)
            .max(failure.wait.unwrap_or_default().min(waits.longest_reset));
        if is_last || trials.spent + pause > waits.question {
            return Err(AskError::Unavailable {
                operation,
                cause: failure.cause.clone(),
            });
        }
        tracing::trace!(
            operation,
            cause = failure.cause.lines().next(),
            attempt = trials.failures,
            milliseconds = pause.as_secs_f64() * 1000.0,
            "asking again"
        );
        self.tally.repeated();
        trials.spent += pause;
        self.room.wait(FAILURE, pause, pause).await
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

/// That the account may not see what was asked for, where that is why nothing came.
fn denied(question: &Question, data: &[u8], holes: &[Hole]) -> Option<AskError> {
    let is_whole = question.root_fields == 1
        && serde_json::from_slice::<Option<BTreeMap<&str, Option<IgnoredAny>>>>(data)
            .is_ok_and(|roots| roots.is_none_or(|roots| roots.values().all(Option::is_none)));
    let hole = holes.iter().find(|hole| hole.is_forbidden)?;
    is_whole.then(|| AskError::Denied {
        scope: question.scope.clone(),
        cause: format!("{}: {}", hole.cause, hole.words),
    })
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

    /// The answer is larger than what is read.
    pub(crate) fn oversize(cause: String) -> Self {
        Self {
            is_for_size: true,
            ..Self::passing(cause)
        }
    }
}

impl From<&Broken> for Reading {
    fn from(broken: &Broken) -> Self {
        let cause = broken.to_string();
        Self::Again(match broken {
            Broken::TooLarge => Failure::oversize(cause),
            _ => Failure {
                is_for_size: matches!(broken, Broken::TimedOut | Broken::Cut),
                ..Failure::passing(cause)
            },
        })
    }
}
