//! Units of events: a span of time, listed with the RSVPs riding along.

use super::{
    Syncer,
    bisect::bisect,
    events::{Listed, Lister},
    held::Held,
    losses::Losses,
    progress::add,
    rsvps::{Finished, Seen, WalkDue, undate},
    run::{Run, SyncError},
};
use crate::{
    community::{EventSnapshot, GroupId},
    meetup::{AskError, Span, Walk},
    mirror::{self, KnownGroup, MirrorError, NewUnit, Purpose, Unit, WalkLoss, Writing},
};
use chrono::{DateTime, Duration, Utc};
use std::collections::HashSet;
use std::sync::Arc;

/// A walk that goes on from RSVPs that rode along, and its unit.
type Overflow = (WalkDue, Seen, i64);

impl Syncer {
    /// Lists the unit's span with RSVPs; a sweep or rota then settles what the listing lacks.
    pub(super) async fn events_unit(
        &self,
        unit: &Unit,
        lister: &Lister,
        run: &mut Run,
    ) -> Result<Result<Finished, AskError>, SyncError> {
        let instant = |at: Option<i64>| at.and_then(|at| DateTime::<Utc>::from_timestamp(at, 0));
        // One second more on both sides, since nobody knows whether the API's bounds are inclusive.
        let span = Span {
            from: instant(unit.from_at).map(|at| at - Duration::seconds(1)),
            to: instant(unit.to_at).map(|at| at + Duration::seconds(1)),
        };
        let mut listed = Listed::default();
        let mut skipped: HashSet<GroupId> = HashSet::new();
        let mut lister = lister.clone();
        let mut together: Option<Vec<GroupId>> = None;
        if let Lister::Network {
            only: only @ None,
            key,
            ..
        } = &mut lister
        {
            let waiting = self.waiting_groups().await?;
            let (network, now) = (*key, self.now().timestamp());
            let live = self
                .read(move |conn| mirror::groups_of_network(conn, network))
                .await?;
            let (left_out, read): (Vec<_>, Vec<_>) = live
                .into_iter()
                .partition(|group| waiting.contains(&group.id));
            if !left_out.is_empty() {
                *only = Some(read.iter().map(|group| group.id.clone()).collect());
                skipped.extend(left_out.into_iter().map(|group| group.id));
                // Before the first page shrinks the span, so that a kill forgets nothing.
                self.own_units(unit, &skipped).await?;
            }
            let is_split = |group: &KnownGroup| group.split_until.is_some_and(|until| until > now);
            let (split, whole): (Vec<_>, Vec<_>) = read.into_iter().partition(is_split);
            if !split.is_empty() {
                // Read first, since the unit shrinks with the pages of the others.
                for group in split {
                    let purpose = Some(unit.purpose);
                    if let Err(error) = self
                        .list_apart(&group, span, purpose, &mut listed, run)
                        .await?
                    {
                        skipped.insert(group.id.clone());
                        self.one_failed(&group.id, error, run).await?;
                    }
                }
                self.own_units(unit, &skipped).await?;
                together = Some(whole.into_iter().map(|group| group.id).collect());
            }
        }
        let lister = lister;
        let asked = match (&lister, together) {
            (Lister::Network { urlname, key, .. }, Some(only)) => Lister::Network {
                urlname: urlname.clone(),
                key: *key,
                only: Some(only),
            },
            _ => lister.clone(),
        };
        let nothing = matches!(&asked, Lister::Network { only: Some(only), .. } if only.is_empty());
        if nothing {
            return self
                .end_events(unit, &lister, span, listed, skipped, run)
                .await;
        }
        match self
            .span_with_rsvps(unit, &asked, span, true, &mut listed, run)
            .await?
        {
            Ok(()) => {}
            Err(error @ AskError::NotVisible { .. }) => {
                let is_there = match &lister {
                    Lister::Group { id, .. } => self.is_there(id).await,
                    Lister::Network { .. } => Ok(false),
                };
                return match is_there {
                    // None of its events matches the span; those known of it are asked for one by one.
                    Ok(true) => {
                        self.end_events(unit, &lister, span, listed, skipped, run)
                            .await
                    }
                    Ok(false) => Ok(Err(error)),
                    Err(error) => Ok(Err(error)),
                };
            }
            Err(error) if error.is_unreadable() => {
                let (urlname, network, named) = match &asked {
                    Lister::Network { urlname, key, only } => (urlname, *key, only.clone()),
                    Lister::Group { id, .. } => {
                        let (id, purpose) = (id.clone(), Some(unit.purpose));
                        let apart = self
                            .apart_if_unreadable(&id, error, span, purpose, &mut listed, run)
                            .await?;
                        return match apart {
                            Ok(()) => {
                                self.end_events(unit, &lister, span, listed, skipped, run)
                                    .await
                            }
                            Err(error) => Ok(Err(error)),
                        };
                    }
                };
                let ids: Vec<GroupId> = match named {
                    Some(ids) => ids,
                    None => {
                        let live = self
                            .read(move |conn| mirror::groups_of_network(conn, network))
                            .await?;
                        live.into_iter().map(|group| group.id).collect()
                    }
                };
                let mut parts: Vec<&[GroupId]> = bisect(&ids);
                if let [one] = &ids[..] {
                    let purpose = Some(unit.purpose);
                    let apart = self
                        .apart_if_unreadable(one, error, span, purpose, &mut listed, run)
                        .await?;
                    if let Err(error) = apart {
                        return Ok(Err(error));
                    }
                    parts.clear();
                }
                while let Some(part) = parts.pop() {
                    let half = Lister::Network {
                        urlname: urlname.clone(),
                        key: network,
                        only: Some(part.to_vec()),
                    };
                    match self
                        .span_with_rsvps(unit, &half, span, false, &mut listed, run)
                        .await?
                    {
                        Ok(()) => {}
                        Err(error) if error.is_unreadable() && part.len() > 1 => {
                            parts.extend(bisect(part));
                        }
                        Err(error) if error.is_unreadable() => {
                            let (id, purpose) = (&part[0], Some(unit.purpose));
                            let apart = self
                                .apart_if_unreadable(id, error, span, purpose, &mut listed, run)
                                .await?;
                            if let Err(error) = apart {
                                skipped.insert(id.clone());
                                self.one_failed(id, error, run).await?;
                            }
                        }
                        Err(error) => return Ok(Err(error)),
                    }
                }
            }
            Err(error) => return Ok(Err(error)),
        }
        self.end_events(unit, &lister, span, listed, skipped, run)
            .await
    }

    /// Settles what the listing lacks, and is done with the unit.
    async fn end_events(
        &self,
        unit: &Unit,
        lister: &Lister,
        span: Span,
        listed: Listed,
        skipped: HashSet<GroupId>,
        run: &mut Run,
    ) -> Result<Result<Finished, AskError>, SyncError> {
        self.own_units(unit, &skipped).await?;
        if unit.purpose != Purpose::Backfill {
            let walks = self
                .absent_events(lister, span, &listed, &skipped, run)
                .await?;
            self.walk_rsvps(walks, run).await?;
        }
        let id = unit.id;
        self.record(move |w| w.unit_done(id)).await?;
        run.read(lister.scope());
        Ok(Ok(Finished::Yes))
    }

    /// Groups left out of a unit get one of their own for its span, so that nothing is forgotten.
    async fn own_units(&self, unit: &Unit, skipped: &HashSet<GroupId>) -> Result<(), SyncError> {
        if skipped.is_empty() {
            return Ok(());
        }
        let skipped = skipped.clone();
        let (purpose, from_at, to_at) = (unit.purpose, unit.from_at, unit.to_at);
        self.record(move |w| {
            skipped.iter().try_for_each(|id| {
                let group = mirror::group_by_id(w, id)?;
                let Some(group) = group.filter(|group| group.gone_at.is_none()) else {
                    return Ok(());
                };
                let own = NewUnit::group_events(purpose, group.key, from_at, to_at);
                w.plan_unit(&NewUnit {
                    due_at: group.retry_at,
                    ..own
                })
                .map(drop)
            })
        })
        .await
    }

    async fn span_with_rsvps(
        &self,
        unit: &Unit,
        lister: &Lister,
        span: Span,
        shrinks: bool,
        listed: &mut Listed,
        run: &mut Run,
    ) -> Result<Result<(), AskError>, SyncError> {
        let mut walk = Walk::default();
        let mut earliest: Option<i64> = None;
        let mut is_descending = shrinks
            && unit.purpose == Purpose::Backfill
            && matches!(lister, Lister::Network { .. });
        loop {
            self.check_stop()?;
            let answer = match self.ask_events(lister, span, &walk, true).await {
                Ok(answer) => answer,
                Err(error) => return Ok(Err(error)),
            };
            let rows = answer.value.rows;
            let keys = rows.iter().map(|row| row.event.token.as_str());
            let goes_on = match walk.goes_on(answer.value.next, answer.value.total, keys) {
                Ok(goes_on) => goes_on,
                Err(error) => return Ok(Err(error)),
            };
            add(&self.progress.events, rows.len());
            listed.asked = listed.asked.max(answer.asked);
            listed
                .tokens
                .extend(rows.iter().map(|row| row.event.token.clone()));
            for row in &rows {
                let start = row.event.starts_at.map(|at| at.timestamp());
                is_descending &=
                    start.is_some() && earliest.is_none_or(|before| start <= Some(before));
                earliest = start.or(earliest);
            }
            let shrink = if goes_on && is_descending {
                earliest
            } else {
                None
            };
            let (id, purpose, asked, answered_at) =
                (unit.id, unit.purpose, answer.asked, answer.answered_at);
            let losses = Arc::clone(&self.losses);
            let (overflow, rode) = self
                .record(move |w| {
                    let taken = take_page(w, rows, purpose, asked, answered_at, &losses)?;
                    if let Some(to_at) = shrink {
                        w.shrink_unit(id, to_at)?;
                    }
                    Ok(taken)
                })
                .await?;
            add(&self.progress.rsvps, rode);
            for (due, seen, rsvps_unit) in overflow {
                if self.breaker.is_bad() {
                    continue; // its unit is due
                }
                let walked = self.walk_event(&due, Some(seen), Some(rsvps_unit)).await?;
                self.breaker.note(&walked);
                self.walked(&due, walked, run).await?;
            }
            if !goes_on {
                return Ok(Ok(()));
            }
        }
    }
}

/// Records a page of events; RSVPs that all rode along are a finished full walk. Answers the events
/// with more RSVPs, each with its planned unit, and how many RSVPs were recorded.
fn take_page(
    w: &Writing<'_>,
    rows: Vec<EventSnapshot>,
    purpose: Purpose,
    asked: i64,
    answered_at: Option<DateTime<Utc>>,
    losses: &Losses,
) -> Result<(Vec<Overflow>, usize), MirrorError> {
    let mut overflow = Vec::new();
    let mut rode = 0;
    for mut row in rows {
        undate(&mut row.sign.newest, answered_at);
        let Some(recorded) = w.record_event(&row.event, asked)? else {
            continue;
        };
        let key = recorded.key;
        let Some(mut page) = row.riding else { continue };
        undate(&mut page.rows, answered_at);
        if page.has_next && page.resume_after.is_some() {
            let unit = w.plan_unit(&NewUnit::rsvps(purpose, key))?;
            let due = WalkDue {
                key,
                id: row.event.id,
                token: row.event.token,
                group: row.event.group,
                is_full: true,
                spoilt: None,
            };
            overflow.push((
                due,
                Seen {
                    page,
                    sign: row.sign,
                    asked,
                    answered_at,
                },
                unit,
            ));
        } else {
            rode += page.rows.len();
            let seen = page.rows.iter().map(|row| row.id.clone()).collect();
            w.record_walked(key, &page.rows, asked)?;
            let ended = Held {
                key,
                seen,
                before: row.sign.clone(),
                after: row.sign,
                answered_at,
                asked,
                unit: None,
                loss: WalkLoss::default(),
                is_apart: false,
            };
            ended.end(w, losses)?;
        }
    }
    Ok((overflow, rode))
}
