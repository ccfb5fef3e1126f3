//! One group's events, one by one, when they cannot be read together.
//!
//! Their ids are listed bare, so that no field of one spoils the others; an event that does not even show its
//! id ends such a listing, and the span is halved around it. Each event is then asked for by itself, and one
//! that cannot be read even so once more without its RSVPs, which are walked row by row (see `rows.rs`). What
//! is left is named and costs itself alone. The mirror remembers for some hours that this group is asked so:
//! a bad row that stays costs one listing of ids and one question for each 25 events a pass, and no search.

use super::{
    Syncer,
    events::{Listed, Lister, record_event},
    rsvps::{WalkDue, undate},
    run::{Failure, Run, SyncError},
};
use crate::{
    community::{Event, EventId, EventToken, GroupId},
    meetup::{Answer, AskError, Page, Span, Unreadable, Walk},
    mirror::{self, EventsOf, KnownGroup, MirrorError, NewUnit, Purpose, Writing},
};
use chrono::{DateTime, Duration, Utc};
use std::collections::HashSet;
use std::sync::Arc;

/// Listings of ids asked around events that show not even those, at most.
const MOST_LISTINGS: usize = 80;
/// Spans shorter than this are not halved any more.
const SHORTEST: Duration = Duration::hours(2);

/// The ids of a span's events.
#[derive(Default)]
struct Ids {
    shown: Vec<(EventId, EventToken)>,
    /// Why some of them are not shown.
    spoilt: Option<Unreadable>,
}

impl Syncer {
    /// What could not be read of one group's span, asked one by one; any other error stays what it is.
    pub(super) async fn apart_if_unreadable(
        &self,
        id: &GroupId,
        error: AskError,
        span: Span,
        purpose: Option<Purpose>,
        listed: &mut Listed,
        run: &mut Run,
    ) -> Result<Result<(), AskError>, SyncError> {
        let wanted = id.clone();
        let group = self
            .read(move |conn| mirror::group_by_id(conn, &wanted))
            .await?;
        match group.filter(|group| group.gone_at.is_none()) {
            Some(group) if error.is_unreadable() => {
                self.list_apart(&group, span, purpose, listed, run).await
            }
            _ => Ok(Err(error)),
        }
    }

    /// Lists a group's span one by one. With a purpose, the RSVPs of each event get a unit of work; without,
    /// they are walked where their sign moved. An error: nothing at all could be read.
    pub(super) async fn list_apart(
        &self,
        group: &KnownGroup,
        span: Span,
        purpose: Option<Purpose>,
        listed: &mut Listed,
        run: &mut Run,
    ) -> Result<Result<(), AskError>, SyncError> {
        let mut ids = match self.ids_apart(group, span).await? {
            Ok(ids) => ids,
            Err(error) => return Ok(Err(error)),
        };
        if ids.spoilt.is_some() {
            listed.has_hidden = true;
            self.add_known(group, span, &mut ids).await?;
        }
        let wanted: Vec<EventId> = ids.shown.iter().map(|(id, _)| id.clone()).collect();
        let answer = match self.meetup.events_apart(&group.id, &wanted).await {
            Ok(answer) => answer,
            Err(error) => return Ok(Err(error)),
        };
        let (mut rows, mut bad) = (Vec::new(), Vec::new());
        for ((id, token), found) in ids.shown.iter().zip(answer.value) {
            match found {
                Ok(Some(row)) => rows.push(row),
                Ok(None) => continue, // not there any more: the listing lacks it
                Err(spoilt) => bad.push((id.clone(), token.clone(), spoilt)),
            }
            listed.tokens.insert(token.clone());
        }
        let mut has_read = !rows.is_empty();
        let (asked, answered_at) = (answer.asked, answer.answered_at);
        for row in &mut rows {
            undate(&mut row.sign.newest, answered_at);
        }
        super::progress::add(&self.progress.events, rows.len());
        listed.asked = listed.asked.max(asked);
        let losses = Arc::clone(&self.losses);
        let walks = self
            .record(move |w| {
                let mut walks = Vec::new();
                for row in &rows {
                    match purpose {
                        None => walks.extend(record_event(w, row, asked, answered_at, &losses)?),
                        Some(purpose) => plan_rsvps(w, &row.event, purpose, asked)?,
                    }
                }
                Ok(walks)
            })
            .await?;
        listed.walks.extend(walks);
        let is_whole = bad.is_empty() && ids.spoilt.is_none();
        let mut lost: Vec<(EventId, EventToken)> = Vec::new();
        let mut cause = ids.spoilt;
        if !bad.is_empty() {
            match self.heads_apart(group, bad, purpose, listed).await? {
                Ok((is_some, unread, why)) => {
                    has_read |= is_some;
                    lost = unread;
                    cause = cause.or(why);
                }
                Err(error) => return Ok(Err(error)),
            }
        }
        let key = group.key;
        if is_whole {
            self.record(move |w| w.unsplit_group(key)).await?;
            return Ok(Ok(()));
        }
        if let (false, Some(cause)) = (has_read, cause.clone()) {
            return Ok(Err(cause.into())); // it is the group that cannot be read
        }
        self.record(move |w| w.split_group(key)).await?;
        if let Some(cause) = cause {
            let mut names = Vec::new();
            for (id, token) in &lost {
                names.push(self.event_name(id, token).await?);
            }
            if names.is_empty() {
                names.push("one that does not show its id".to_owned());
            }
            run.note(Failure::of_events(&group.id, names, cause.to_string()));
        }
        Ok(Ok(()))
    }

    /// Events without their RSVPs: whether any could be read, those that could not, and why.
    async fn heads_apart(
        &self,
        group: &KnownGroup,
        bad: Vec<(EventId, EventToken, Unreadable)>,
        purpose: Option<Purpose>,
        listed: &mut Listed,
    ) -> Result<Result<(bool, Vec<(EventId, EventToken)>, Option<Unreadable>), AskError>, SyncError>
    {
        let ids: Vec<EventId> = bad.iter().map(|(id, ..)| id.clone()).collect();
        let answer = match self.meetup.event_heads(&group.id, &ids).await {
            Ok(answer) => answer,
            Err(error) => return Ok(Err(error)),
        };
        let (mut heads, mut lost, mut cause) = (Vec::new(), Vec::new(), None);
        for ((id, token, spoilt), found) in bad.into_iter().zip(answer.value) {
            match found {
                Ok(Some(event)) => heads.push((event, spoilt)),
                Ok(None) => {
                    lost.push((id, token));
                    cause.get_or_insert(spoilt);
                }
                Err(spoilt) => {
                    lost.push((id, token));
                    cause.get_or_insert(spoilt);
                }
            }
        }
        let (is_some, asked) = (!heads.is_empty(), answer.asked);
        let walks = self
            .record(move |w| {
                let mut walks = Vec::new();
                for (event, spoilt) in heads {
                    if let Some(purpose) = purpose {
                        plan_rsvps(w, &event, purpose, asked)?;
                    } else if let Some(recorded) = w.record_event(&event, asked)? {
                        walks.push(WalkDue {
                            key: recorded.key,
                            id: event.id,
                            token: event.token,
                            group: event.group,
                            is_full: true,
                            spoilt: Some(spoilt),
                        });
                    }
                }
                Ok(walks)
            })
            .await?;
        listed.walks.extend(walks);
        Ok(Ok((is_some, lost, cause)))
    }

    /// The ids of a group's span; halves it around what does not show even those.
    async fn ids_apart(
        &self,
        group: &KnownGroup,
        span: Span,
    ) -> Result<Result<Ids, AskError>, SyncError> {
        let lister = self.lister_of(group).await?;
        let mut ids = Ids::default();
        let mut seen = HashSet::new();
        let mut spans = vec![span];
        let mut listings = 0;
        while let Some(span) = spans.pop() {
            let mut walk = Walk::default();
            loop {
                self.check_stop()?;
                listings += 1;
                match self.ask_ids(&lister, span, &walk).await {
                    Ok(answer) => {
                        let rows = answer.value.rows;
                        let keys = rows.iter().map(|(_, token)| token.as_str());
                        let page = walk.goes_on(answer.value.next, answer.value.total, keys);
                        let goes_on = match page {
                            Ok(goes_on) => goes_on,
                            Err(error) => return Ok(Err(error)),
                        };
                        let fresh = rows.into_iter().filter(|(_, it)| seen.insert(it.clone()));
                        ids.shown.extend(fresh);
                        if !goes_on {
                            break;
                        }
                    }
                    Err(AskError::Unreadable(spoilt)) => {
                        match halved(span, self.now()) {
                            Some(parts) if listings < MOST_LISTINGS => spans.extend(parts),
                            _ => {
                                ids.spoilt.get_or_insert(spoilt);
                            }
                        }
                        break;
                    }
                    Err(error) => return Ok(Err(error)),
                }
            }
        }
        Ok(Ok(ids))
    }

    async fn ask_ids(
        &self,
        lister: &Lister,
        span: Span,
        walk: &Walk,
    ) -> Result<Answer<Page<(EventId, EventToken)>>, AskError> {
        match lister {
            Lister::Network { urlname, only, .. } => {
                let group = only.as_ref().and_then(|ids| ids.first());
                let group = group.cloned().unwrap_or_else(|| GroupId::from(""));
                self.meetup
                    .network_event_ids(urlname, &group, span, walk.at())
                    .await
            }
            Lister::Group { id, .. } => self.meetup.group_event_ids(id, span, walk.at()).await,
        }
    }

    /// Events of the span that are known, though no listing shows them now.
    async fn add_known(
        &self,
        group: &KnownGroup,
        span: Span,
        ids: &mut Ids,
    ) -> Result<(), SyncError> {
        let (of, seconds) = (EventsOf::Group(group.key), |at: DateTime<Utc>| {
            at.timestamp()
        });
        let (from, to) = (span.from.map(seconds), span.to.map(seconds));
        let known = self
            .read(move |conn| mirror::events_in_span(conn, of, from, to))
            .await?;
        for event in known {
            if ids.shown.iter().all(|(_, token)| *token != event.token) {
                ids.shown.push((event.id, event.token));
            }
        }
        Ok(())
    }

    /// What an event is called in a failure.
    pub(super) async fn event_name(
        &self,
        id: &EventId,
        token: &EventToken,
    ) -> Result<String, SyncError> {
        let token = token.clone();
        let title = self
            .read(move |conn| mirror::event_title(conn, &token))
            .await?;
        Ok(match title.filter(|title| !title.is_empty()) {
            Some(title) => format!("\"{title}\" (event {id})"),
            None => format!("event {id}"),
        })
    }
}

/// Records an event and plans a walk of its RSVPs.
fn plan_rsvps(
    w: &Writing<'_>,
    event: &Event,
    purpose: Purpose,
    asked: i64,
) -> Result<(), MirrorError> {
    if let Some(recorded) = w.record_event(event, asked)? {
        w.plan_unit(&NewUnit::rsvps(purpose, recorded.key))?;
    }
    Ok(())
}

/// A span in two, the later one first to be asked; open ends are taken for the years that groups live in.
fn halved(span: Span, now: DateTime<Utc>) -> Option<[Span; 2]> {
    let year = Duration::days(365);
    let from = span.from.unwrap_or(now - year * 25);
    let to = span.to.unwrap_or(now + year * 3).max(from);
    let half = (to - from) / 2;
    (half * 2 >= SHORTEST).then(|| {
        let middle = Some(from + half);
        [
            Span {
                from: span.from,
                to: middle,
            },
            Span {
                from: middle,
                to: span.to,
            },
        ]
    })
}
