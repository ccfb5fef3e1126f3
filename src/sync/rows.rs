//! One event's RSVPs, row by row, when a page of them cannot be read.
//!
//! An RSVP whose account is deleted has nobody where the API promises somebody, and that empties the whole
//! answer. So the rows are listed without their people; of whom the mirror knows those, no more is asked. The
//! others are asked for in full, halving a run of rows until the bad one stands alone: log2 of the rows the
//! first time, and one request for each bad row at the passes after it.

use super::{
    Syncer,
    held::Held,
    rsvps::{Finished, WalkDue, undate},
    run::{Failure, Run, SyncError},
};
use crate::{
    community::{Rsvp, RsvpId, RsvpSign, Scope},
    meetup::{AskError, BareRsvp, Unreadable, check_end},
    mirror::{self, WalkLoss},
};
use chrono::{DateTime, Utc};
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

/// Rows asked after a place before one that is not among them is given up: hidden rows take their place.
const MOST_AFTER: usize = 64;

/// A walk without people.
struct Bare {
    rows: Vec<BareRsvp>,
    before: RsvpSign,
    after: RsvpSign,
    asked: i64,
    answered_at: Option<DateTime<Utc>>,
}

impl Syncer {
    /// Notes what a walk came to.
    pub(super) async fn walked(
        &self,
        walk: &WalkDue,
        walked: Result<Finished, AskError>,
        run: &mut Run,
    ) -> Result<(), SyncError> {
        let spoilt = match walked {
            Ok(Finished::Partly(spoilt)) | Err(AskError::Unreadable(spoilt)) => spoilt,
            Ok(_) => return Ok(()),
            Err(error) => return run.tolerate(Scope::group_of(&walk.group), error),
        };
        let name = self.event_name(&walk.id, &walk.token).await?;
        run.note(Failure::of_events(
            &walk.group,
            [name],
            format!("some of its RSVPs: {spoilt}"),
        ));
        Ok(())
    }

    /// A full walk, row by row where need be; `unit` is done with it, whatever stays unreadable. What is
    /// kept is no sign of the event's RSVPs, so that the next pass that sees it walks again.
    pub(super) async fn walk_apart(
        &self,
        walk: &WalkDue,
        unit: Option<i64>,
        spoilt: Unreadable,
    ) -> Result<Result<Finished, AskError>, SyncError> {
        let bare = match self.bare_rows(walk).await? {
            Ok(Some(bare)) => bare,
            Ok(None) => return Ok(Ok(Finished::No)),
            // Not even the rows themselves: then it is the first error that says more.
            Err(AskError::Unreadable(_)) => return Ok(Err(spoilt.into())),
            Err(error) => return Ok(Err(error)),
        };
        let key = walk.key;
        let mut people = self
            .read(move |conn| mirror::rsvp_people(conn, key))
            .await?;
        let unknown = runs(&bare.rows, |row| !people.contains_key(&row.id));
        let mut whole: HashMap<RsvpId, Rsvp> = HashMap::new();
        for run in unknown {
            if let Err(error) = self.read_run(walk, &bare.rows, run, &mut whole).await? {
                return Ok(Err(error));
            }
        }
        let seen: HashSet<RsvpId> = bare.rows.iter().map(|row| row.id.clone()).collect();
        let mut rows = Vec::new();
        let mut is_whole = true;
        for row in bare.rows {
            match (whole.remove(&row.id), people.remove(&row.id)) {
                (Some(read), _) => rows.push(read),
                (None, Some(member)) => rows.push(row.of(member)),
                (None, None) => is_whole = false,
            }
        }
        super::progress::add(&self.progress.rsvps, rows.len());
        undate(&mut rows, bare.answered_at);
        let ended = Held {
            key,
            seen,
            before: bare.before,
            after: bare.after,
            answered_at: bare.answered_at,
            asked: bare.asked,
            unit,
            loss: WalkLoss::default(),
            is_apart: true,
        };
        let losses = Arc::clone(&self.losses);
        self.record(move |w| {
            w.record_walked(key, &rows, ended.asked)?;
            ended.end(w, &losses)
        })
        .await?;
        Ok(Ok(if is_whole {
            Finished::Yes
        } else {
            Finished::Partly(spoilt)
        }))
    }

    /// All rows without their people; none where they moved while they were read, or the event is not there.
    async fn bare_rows(&self, walk: &WalkDue) -> Result<Result<Option<Bare>, AskError>, SyncError> {
        let mut found: Option<Bare> = None;
        let mut after = None;
        loop {
            self.check_stop()?;
            let answer = match self.meetup.event_rsvp_ids(&walk.id, after.as_ref()).await {
                Ok(answer) => answer,
                Err(error) => return Ok(Err(error)),
            };
            let (asked, answered_at) = (answer.asked, answer.answered_at);
            let Some(mut page) = answer.value.filter(|page| page.token == walk.token) else {
                return Ok(Ok(None));
            };
            let bare = found.get_or_insert_with(|| Bare {
                rows: Vec::new(),
                before: page.sign.clone(),
                after: page.sign.clone(),
                asked,
                answered_at,
            });
            bare.after = page.sign;
            if let Some(last) = bare.rows.pop() {
                // Cursors are offsets: each page begins with the last row of the one before it.
                if page.rows.first().map(|row| &row.id) != Some(&last.id) {
                    return Ok(Ok(None));
                }
            }
            let is_end = !page.has_next || page.rows.len() < 2;
            bare.rows.append(&mut page.rows);
            let second_last = bare.rows.len().checked_sub(2);
            after = second_last.map(|at| bare.rows[at].cursor.clone());
            if is_end || after.is_none() {
                return Ok(Ok(found));
            }
            if let Err(error) = check_end(bare.rows.len(), bare.before.counts.claimed()) {
                return Ok(Err(error));
            }
        }
    }

    /// Reads a run of rows in full, by halves around those that cannot be read.
    async fn read_run(
        &self,
        walk: &WalkDue,
        rows: &[BareRsvp],
        run: Range<usize>,
        whole: &mut HashMap<RsvpId, Rsvp>,
    ) -> Result<Result<(), AskError>, SyncError> {
        let mut parts = vec![(run.clone(), run.len())];
        while let Some((part, count)) = parts.pop() {
            self.check_stop()?;
            let before = part.start.checked_sub(1);
            let after = before.map(|at| &rows[at].cursor);
            match self.meetup.event_rsvp_rows(&walk.id, after, count).await {
                Ok(answer) => {
                    whole.extend(answer.value.into_iter().map(|row| (row.id.clone(), row)));
                    let left = part.clone().find(|at| !whole.contains_key(&rows[*at].id));
                    match left {
                        Some(at) if at > part.start => parts.push((at..part.end, part.end - at)),
                        // Hidden rows stand before it.
                        Some(_) if count < MOST_AFTER => parts.push((part, count * 2)),
                        _ => {}
                    }
                }
                Err(AskError::Unreadable(_)) if part.len() > 1 => {
                    let middle = part.start + part.len() / 2;
                    parts.push((middle..part.end, part.end - middle));
                    parts.push((part.start..middle, middle - part.start));
                }
                Err(AskError::Unreadable(_)) => {}
                Err(error) => return Ok(Err(error)),
            }
        }
        Ok(Ok(()))
    }
}

/// Neighbours that fit, as runs.
fn runs<T>(rows: &[T], fits: impl Fn(&T) -> bool) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for at in (0..rows.len()).filter(|at| fits(&rows[*at])) {
        match runs.last_mut() {
            Some(run) if run.end == at => run.end = at + 1,
            _ => runs.push(at..at + 1),
        }
    }
    runs
}
