//! Walks over one event's RSVPs.
//!
//! Meetup's RSVP cursors are row offsets: a row that comes or goes while pages are read shifts all that
//! follow. So each next page is asked from the second-last row's cursor and must begin with the last
//! row already seen; if it does not, the walk starts over. A *full* walk goes by id and may find rows
//! gone; a *partial* walk goes from the newest change down to the first row strictly older than the
//! event's watermark. Both record page by page, but sign and watermark move only with the last page:
//! a walk that dies is simply due again.

use super::{
    Syncer,
    circuit_breaker::NOT_ASKED,
    held::Held,
    progress::add,
    run::{Run, SyncError, gathered},
};
use crate::{
    community::{
        EventId, EventToken, FailureKind, GroupId, Rsvp, RsvpId, RsvpPage, RsvpSign, Scope,
    },
    meetup::{AskError, RsvpOrder, Unreadable, check_end},
    mirror::{self, EventKey, PartialOutcome, WalkLoss},
};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::{StreamExt, stream};
use std::collections::HashSet;
use std::sync::Arc;

/// An event whose RSVPs are to be walked.
#[derive(Debug, Clone)]
pub(super) struct WalkDue {
    pub key: EventKey,
    pub id: EventId,
    pub token: EventToken,
    pub group: GroupId,
    pub is_full: bool,
    /// Some row of it cannot be read, as the listing just found.
    pub spoilt: Option<Unreadable>,
}

/// How often a walk is started over because rows moved under it, before it is left for the next pass.
const RESTARTS: usize = 4;

/// A page of one event with the sign and the number of the question.
pub(super) struct Seen {
    pub page: RsvpPage,
    pub sign: RsvpSign,
    pub asked: i64,
    pub answered_at: Option<DateTime<Utc>>,
}

/// Whether a walk came to its end; one that did not is still due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Finished {
    Yes,
    No,
    /// It did, and some rows cannot be read.
    Partly(Unreadable),
    /// Meetup shows no such event under the id it was listed with.
    NotThere,
}

enum Walked {
    Done,
    Shifted,
    NotThere,
}

/// Meetup's own clocks may differ by this much.
const CLOCKS_DIFFER: TimeDelta = TimeDelta::seconds(2);

/// Forgets the dates that are later than the answer they came with: by them nothing can be ordered, and
/// the greatest of them would hide all that changes until it has come.
pub(super) fn undate(rows: &mut [Rsvp], answered_at: Option<DateTime<Utc>>) {
    let Some(latest) = answered_at.map(|at| at + CLOCKS_DIFFER) else {
        return;
    };
    for row in rows {
        row.updated_at = row.updated_at.filter(|at| *at <= latest);
    }
}

impl Syncer {
    /// Walks all that are due, a few at a time.
    pub(super) async fn walk_rsvps(
        &self,
        due: Vec<WalkDue>,
        run: &mut Run,
    ) -> Result<(), SyncError> {
        let mut keys = HashSet::new();
        let due: Vec<WalkDue> = due
            .into_iter()
            .filter(|walk| keys.insert(walk.key))
            .collect();
        let tasks = stream::iter(due)
            .map(|walk| async move {
                self.check_stop()?;
                let mut run = Run::default();
                if self.breaker.is_bad() {
                    // Its sign is not kept, so the next pass walks it.
                    run.failed(Scope::group_of(&walk.group), FailureKind::Outage, NOT_ASKED);
                    return Ok(run);
                }
                let walked = self.walk_event(&walk, None, None).await?;
                self.breaker.note(&walked);
                self.walked(&walk, walked, &mut run).await?;
                Ok::<_, SyncError>(run)
            })
            .buffer_unordered(self.settings.concurrency);
        gathered(tasks, run).await
    }

    /// Walks one event; a partial walk that finds the counts off goes on as a full one. `first` is a
    /// page that rode along with the listing; `unit` is done with the last page.
    pub(super) async fn walk_event(
        &self,
        walk: &WalkDue,
        first: Option<Seen>,
        unit: Option<i64>,
    ) -> Result<Result<Finished, AskError>, SyncError> {
        if let Some(spoilt) = walk.spoilt.clone() {
            return self.walk_apart(walk, unit, spoilt).await;
        }
        // Without an order there is no knowing where the news ends.
        let mut is_full = walk.is_full || self.meetup.lacks_order();
        let mut first = first;
        for _ in 0..RESTARTS {
            self.check_stop()?;
            let walked = if is_full {
                self.walk_full(walk, first.take(), unit).await?
            } else {
                match self.walk_partial(walk).await? {
                    Ok((_, true)) => {
                        is_full = true;
                        continue;
                    }
                    Ok((walked, false)) => Ok(walked),
                    Err(error) => Err(error),
                }
            };
            match walked {
                Ok(Walked::Done) => return Ok(Ok(Finished::Yes)),
                // Deleted or given a new id since it was listed: the next listing tells.
                Ok(Walked::NotThere) => return Ok(Ok(Finished::NotThere)),
                Ok(Walked::Shifted) => {}
                Err(AskError::Unreadable(spoilt)) => {
                    return self.walk_apart(walk, unit, spoilt).await;
                }
                Err(error) => return Ok(Err(error)),
            }
        }
        tracing::trace!(event = %walk.token, "rows kept moving under the walk; left for the next pass");
        Ok(Ok(Finished::No))
    }

    async fn ask_rsvps(
        &self,
        walk: &WalkDue,
        order: RsvpOrder,
        after: Option<&crate::community::Cursor>,
    ) -> Result<Option<Seen>, AskError> {
        let answer = self.meetup.event_rsvps(&walk.id, order, after).await?;
        let (asked, answered_at) = (answer.asked, answer.answered_at);
        Ok(answer
            .value
            .filter(|found| found.token == walk.token)
            .map(|mut found| {
                undate(&mut found.page.rows, answered_at);
                undate(&mut found.sign.newest, answered_at);
                Seen {
                    page: found.page,
                    sign: found.sign,
                    asked,
                    answered_at,
                }
            }))
    }

    async fn walk_full(
        &self,
        walk: &WalkDue,
        first: Option<Seen>,
        unit: Option<i64>,
    ) -> Result<Result<Walked, AskError>, SyncError> {
        let mut seen: HashSet<RsvpId> = HashSet::new();
        let mut here = match first {
            Some(first) => first,
            None => match self.ask_rsvps(walk, RsvpOrder::ById, None).await {
                Ok(Some(page)) => page,
                Ok(None) => return Ok(Ok(Walked::NotThere)),
                Err(error) => return Ok(Err(error)),
            },
        };
        let (before, first_asked) = (here.sign.clone(), here.asked);
        loop {
            let last_id = here.page.rows.last().map(|row| row.id.clone());
            let fresh: Vec<Rsvp> = here
                .page
                .rows
                .drain(..)
                .filter(|row| seen.insert(row.id.clone()))
                .collect();
            add(&self.progress.rsvps, fresh.len());
            let key = walk.key;
            let asked = here.asked;
            let resume = here
                .page
                .resume_after
                .take()
                .filter(|_| here.page.has_next && !fresh.is_empty());
            let Some(resume) = resume else {
                let ended = Held {
                    key,
                    seen,
                    before,
                    after: here.sign,
                    answered_at: here.answered_at,
                    asked: first_asked,
                    unit,
                    loss: WalkLoss::default(),
                    is_apart: false,
                };
                let losses = Arc::clone(&self.losses);
                self.record(move |w| {
                    w.record_walked(key, &fresh, asked)?;
                    ended.end(w, &losses)
                })
                .await?;
                return Ok(Ok(Walked::Done));
            };
            if let Err(error) = check_end(seen.len(), before.counts.claimed()) {
                return Ok(Err(error));
            }
            self.record(move |w| w.record_walked(key, &fresh, asked))
                .await?;
            self.check_stop()?;
            here = match self.ask_rsvps(walk, RsvpOrder::ById, Some(&resume)).await {
                Ok(Some(page)) => page,
                Ok(None) => return Ok(Ok(Walked::NotThere)),
                Err(error) => return Ok(Err(error)),
            };
            if here.page.rows.first().map(|row| &row.id) != last_id.as_ref() {
                return Ok(Ok(Walked::Shifted));
            }
        }
    }

    /// True beside the outcome: the counts tell that a full walk is needed.
    async fn walk_partial(
        &self,
        walk: &WalkDue,
    ) -> Result<Result<(Walked, bool), AskError>, SyncError> {
        let key = walk.key;
        let state = self.read(move |conn| mirror::walk_state(conn, key)).await?;
        let (Some(watermark), true) = (state.watermark, state.first_walked) else {
            return Ok(Ok((Walked::Done, true)));
        };
        let mut seen: HashSet<RsvpId> = HashSet::new();
        let mut newest: Option<i64> = None;
        let mut sign = None;
        let mut after = None;
        let mut last_id: Option<RsvpId> = None;
        loop {
            let mut here = match self
                .ask_rsvps(walk, RsvpOrder::NewestFirst, after.as_ref())
                .await
            {
                Ok(Some(page)) => page,
                Ok(None) => return Ok(Ok((Walked::NotThere, false))),
                Err(error) => return Ok(Err(error)),
            };
            if last_id.is_some() && here.page.rows.first().map(|row| &row.id) != last_id.as_ref() {
                return Ok(Ok((Walked::Shifted, false)));
            }
            last_id = here.page.rows.last().map(|row| row.id.clone());
            let (first_sign, answered_at) = sign
                .get_or_insert((here.sign.clone(), here.answered_at))
                .clone();
            let mut fresh = Vec::new();
            let mut is_end = !here.page.has_next;
            for row in here.page.rows.drain(..) {
                let Some(updated) = row.updated_at else {
                    return Ok(Ok((Walked::Done, true))); // without a time there is no order to walk by
                };
                if updated.timestamp() < watermark {
                    is_end = true;
                    break;
                }
                newest = newest.max(Some(updated.timestamp()));
                if seen.insert(row.id.clone()) {
                    fresh.push(row);
                }
            }
            add(&self.progress.rsvps, fresh.len());
            let asked = here.asked;
            let resume = here
                .page
                .resume_after
                .take()
                .filter(|_| !is_end && !fresh.is_empty());
            let Some(resume) = resume else {
                let outcome = self
                    .record(move |w| {
                        w.record_rsvps(key, &fresh, asked)?;
                        w.finish_partial_walk(key, &first_sign, newest, answered_at)
                    })
                    .await?;
                return Ok(Ok((Walked::Done, outcome == PartialOutcome::NeedsFull)));
            };
            if let Err(error) = check_end(seen.len(), first_sign.counts.claimed()) {
                return Ok(Err(error));
            }
            self.record(move |w| w.record_rsvps(key, &fresh, asked))
                .await?;
            self.check_stop()?;
            after = Some(resume);
        }
    }
}
