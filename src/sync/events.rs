//! Events: listing a span of time, and the hot window of every pass.
//!
//! The hot window reaches from some weeks back to the far future, so that every answer people may
//! still give, and attendance marked late, shows in the next pass. Each event comes with its RSVP
//! sign; only where the sign moved are RSVPs walked. An event that a complete listing lacks is looked
//! for in two more ways before it is said to be gone (see `absent.rs`).

use super::{
    Syncer,
    bisect::bisect,
    held::Held,
    losses::Losses,
    progress::add,
    rsvps::{WalkDue, undate},
    run::{Failure, Run, SyncError},
};
use crate::{
    community::{EventSnapshot, EventToken, GroupId, RsvpSign, Scope},
    meetup::{Answer, AskError, Page, Span, Walk},
    mirror::{self, EventsOf, GroupKey, KnownGroup, MirrorError, NetworkKey, WalkLoss, Writing},
};
use chrono::{DateTime, Duration, Utc};
use std::collections::HashSet;
use std::sync::Arc;

/// Whose events are listed.
#[derive(Debug, Clone)]
pub(super) enum Lister {
    /// All groups of a network, or those named.
    Network {
        urlname: String,
        key: NetworkKey,
        only: Option<Vec<GroupId>>,
    },
    /// One group, in a network or not.
    Group { id: GroupId, key: GroupKey },
}

/// What a complete listing of a span showed.
#[derive(Debug, Default)]
pub(super) struct Listed {
    pub tokens: HashSet<EventToken>,
    pub walks: Vec<WalkDue>,
    pub asked: i64,
    /// Something stands in it that does not even show its id: what is not seen may be that.
    pub has_hidden: bool,
}

impl Lister {
    /// What fails when it does, and is read when it ends: a network asked for one group only is that group.
    pub(super) fn scope(&self) -> Scope {
        match self {
            Self::Network {
                only: Some(only), ..
            } if only.len() == 1 => Scope::group_of(&only[0]),
            Self::Network { urlname, .. } => Scope::network(urlname),
            Self::Group { id, .. } => Scope::group_of(id),
        }
    }

    /// Whose events they are in the mirror.
    pub(super) fn events_of(&self) -> EventsOf {
        match self {
            Self::Network { key, .. } => EventsOf::Network(*key),
            Self::Group { key, .. } => EventsOf::Group(*key),
        }
    }
}

impl Syncer {
    /// The start of the hot window.
    pub(super) fn hot_from(&self) -> DateTime<Utc> {
        self.now() - Duration::days(self.settings.hot_days)
    }

    /// One pass over the hot window of a network.
    pub(super) async fn hot_events(
        &self,
        urlname: &str,
        key: NetworkKey,
        doubted: &HashSet<GroupId>,
        run: &mut Run,
    ) -> Result<Vec<WalkDue>, SyncError> {
        let from = self.hot_from();
        let waiting = self.waiting_groups().await?;
        let live = self
            .live_groups(move |group| group.network == Some(key))
            .await?;
        let now = self.now().timestamp();
        let (split, whole): (Vec<KnownGroup>, Vec<KnownGroup>) = live
            .into_iter()
            .filter(|group| !waiting.contains(&group.id))
            .partition(|group| group.split_until.is_some_and(|until| until > now));
        let whole: Vec<GroupId> = whole.into_iter().map(|group| group.id).collect();
        if whole.is_empty() && split.is_empty() {
            return Ok(Vec::new());
        }
        let all = whole.iter().chain(split.iter().map(|group| &group.id));
        let only = (!waiting.is_empty()).then(|| all.cloned().collect());
        let asks = |only: Option<Vec<GroupId>>| Lister::Network {
            urlname: urlname.to_owned(),
            key,
            only,
        };
        let lister = asks(only.clone());
        let together = if split.is_empty() {
            lister.clone()
        } else {
            asks(Some(whole.clone()))
        };
        let mut listed = Listed::default();
        let span = Span {
            from: Some(from),
            to: None,
        };
        let listing = if whole.is_empty() {
            Ok(())
        } else {
            self.list_span(&together, span, &mut listed).await?
        };
        let mut unreadable = match listing {
            Ok(()) => Vec::new(),
            Err(error) if error.is_unreadable() => {
                self.list_bisected(urlname, key, &whole, span, &mut listed, run)
                    .await?
            }
            Err(error) => {
                run.tolerate(Scope::network(urlname), error)?;
                return Ok(listed.walks);
            }
        };
        for group in split {
            if let Err(error) = self
                .list_apart(&group, span, None, &mut listed, run)
                .await?
            {
                unreadable.push(group.id.clone());
                self.one_failed(&group.id, error, run).await?;
            }
        }
        let skipped: HashSet<GroupId> = waiting
            .into_iter()
            .chain(unreadable)
            .chain(doubted.iter().cloned())
            .collect();
        let walks = self
            .absent_events(&lister, span, &listed, &skipped, run)
            .await?;
        listed.walks.extend(walks);
        run.read(Scope::network(urlname));
        Ok(listed.walks)
    }

    /// Lists a span page by page, recording events and finding which RSVPs to walk.
    pub(super) async fn list_span(
        &self,
        lister: &Lister,
        span: Span,
        listed: &mut Listed,
    ) -> Result<Result<(), AskError>, SyncError> {
        let mut walk = Walk::default();
        loop {
            self.check_stop()?;
            let answer = match self.ask_events(lister, span, &walk, false).await {
                Ok(answer) => answer,
                Err(error) => return Ok(Err(error)),
            };
            let page = &answer.value;
            let keys = page.rows.iter().map(|row| row.event.token.as_str());
            let goes_on = match walk.goes_on(page.next.clone(), page.total, keys) {
                Ok(goes_on) => goes_on,
                Err(error) => return Ok(Err(error)),
            };
            self.take_events(answer.value.rows, answer.asked, answer.answered_at, listed)
                .await?;
            if !goes_on {
                return Ok(Ok(()));
            }
        }
    }

    /// One page of events, of a network or a group.
    pub(super) async fn ask_events(
        &self,
        lister: &Lister,
        span: Span,
        walk: &Walk,
        riding: bool,
    ) -> Result<Answer<Page<EventSnapshot>>, AskError> {
        match lister {
            Lister::Network { urlname, only, .. } => {
                self.meetup
                    .network_events(urlname, span, walk.at(), only.as_deref(), riding)
                    .await
            }
            Lister::Group { id, .. } => self.meetup.group_events(id, span, walk.at(), riding).await,
        }
    }

    /// Records listed events in one transaction and notes whose RSVPs are to be walked.
    pub(super) async fn take_events(
        &self,
        mut rows: Vec<EventSnapshot>,
        asked: i64,
        answered_at: Option<DateTime<Utc>>,
        listed: &mut Listed,
    ) -> Result<(), SyncError> {
        for row in &mut rows {
            undate(&mut row.sign.newest, answered_at);
        }
        add(&self.progress.events, rows.len());
        listed.asked = listed.asked.max(asked);
        listed
            .tokens
            .extend(rows.iter().map(|row| row.event.token.clone()));
        let losses = Arc::clone(&self.losses);
        let walks = self
            .record(move |w| {
                let due: Result<Vec<_>, _> = rows
                    .iter()
                    .map(|row| record_event(w, row, asked, answered_at, &losses))
                    .collect();
                Ok(due?.into_iter().flatten().collect::<Vec<_>>())
            })
            .await?;
        listed.walks.extend(walks);
        Ok(())
    }

    /// The listing, bisected by groups; answers the groups that stay unreadable.
    async fn list_bisected(
        &self,
        urlname: &str,
        key: NetworkKey,
        ids: &[GroupId],
        span: Span,
        listed: &mut Listed,
        run: &mut Run,
    ) -> Result<Vec<GroupId>, SyncError> {
        let mut unreadable = Vec::new();
        let mut parts: Vec<&[GroupId]> = bisect(ids);
        while let Some(part) = parts.pop() {
            let lister = Lister::Network {
                urlname: urlname.to_owned(),
                key,
                only: Some(part.to_vec()),
            };
            match self.list_span(&lister, span, listed).await? {
                Ok(()) => {}
                Err(error) if error.is_unreadable() && part.len() > 1 => parts.extend(bisect(part)),
                Err(error) if part.len() == 1 => {
                    let apart = self
                        .apart_if_unreadable(&part[0], error, span, None, listed, run)
                        .await?;
                    if let Err(error) = apart {
                        unreadable.push(part[0].clone());
                        self.one_failed(&part[0], error, run).await?;
                    }
                }
                Err(error) => {
                    unreadable.extend_from_slice(part);
                    run.tolerate_as(error, |kind, message| {
                        Failure::of(Scope::network(urlname), kind, message)
                            .of_some(part.iter().cloned())
                    })?;
                }
            }
        }
        Ok(unreadable)
    }
}

/// Records an event and tells whether its RSVPs must be walked.
pub(super) fn record_event(
    w: &Writing<'_>,
    row: &EventSnapshot,
    asked: i64,
    answered_at: Option<DateTime<Utc>>,
    losses: &Losses,
) -> Result<Option<WalkDue>, MirrorError> {
    let Some(recorded) = w.record_event(&row.event, asked)? else {
        return Ok(None); // of a group that is not sponsored
    };
    let need = w.rsvp_need(recorded.key, &row.sign)?;
    if need == mirror::Need::Nothing {
        return Ok(None);
    }
    if shows_all(&row.sign) {
        let seen = row.sign.newest.iter().map(|rsvp| rsvp.id.clone()).collect();
        w.record_walked(recorded.key, &row.sign.newest, asked)?;
        let ended = Held {
            key: recorded.key,
            seen,
            before: row.sign.clone(),
            after: row.sign.clone(),
            answered_at,
            asked,
            unit: None,
            loss: WalkLoss::default(),
            is_apart: false,
        };
        ended.end(w, losses)?;
        return Ok(None);
    }
    Ok(Some(WalkDue {
        key: recorded.key,
        id: row.event.id.clone(),
        token: row.event.token.clone(),
        group: row.event.group.clone(),
        is_full: need == mirror::Need::Full,
        spoilt: None,
    }))
}

/// Whether a sign shows every RSVP by itself, as that of an event announced a minute ago does: it has
/// as many rows as the server counts over all statuses.
fn shows_all(sign: &RsvpSign) -> bool {
    let is_counted = sign.counts.yes.is_some() && sign.counts.no.is_some();
    // Three were asked for: fewer rows mean that none stands behind them, of a status not counted either.
    is_counted
        && sign.newest.len() < 3
        && usize::try_from(sign.counts.total()) == Ok(sign.newest.len())
}
