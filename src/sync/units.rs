//! Working off units: pieces of history that survive a kill because they are rows.
//!
//! A backfill, a sweep and the rota are the same work with other reasons. A unit of events lists a
//! span of time, newest first, with the RSVPs riding along; as each page commits, the unit's span
//! shrinks to what is left, so that a second run asks for the rest and no more. That is sound only
//! while the listing runs from late to early; if a page breaks that order the span stays as it is and
//! the unit is repeated whole after a kill. Events whose RSVPs did not all ride along get a unit each,
//! in the same transaction, which is done with the last page of their walk.

use super::{
    Syncer,
    events::{Listed, Lister},
    halves::halves,
    progress::add,
    roster::MembersDue,
    rsvps::{Finished, Seen, WalkDue},
    run::{Failure, Run, SyncError, gathered},
};
use crate::{
    community::{EventSnapshot, GroupId, Scope},
    meetup::{AskError, Span, Verdict, Walk},
    mirror::{self, KnownGroup, MirrorError, NewUnit, Purpose, Unit, UnitKind, Writing},
};
use chrono::{DateTime, Duration, Utc};
use futures_util::{StreamExt, stream};
use std::collections::HashSet;

/// How many units are taken from the database at once.
const BATCH: usize = 32;

/// A walk that goes on from RSVPs that rode along, and its unit.
type Overflow = (WalkDue, Seen, i64);

impl Syncer {
    /// Works off units of these purposes until none is due (or `limit` were worked); answers how many
    /// were worked.
    pub(super) async fn work_units(
        &self,
        purposes: &'static [Purpose],
        limit: Option<usize>,
        run: &mut Run,
    ) -> Result<usize, SyncError> {
        let mut worked = 0;
        loop {
            self.check_stop()?;
            let now = (self.now)();
            let batch = limit.map_or(BATCH, |limit| BATCH.min(limit - worked));
            let units = self
                .read(move |conn| mirror::due_units(conn, now, purposes, batch))
                .await?;
            if units.is_empty() {
                return Ok(worked);
            }
            worked += units.len();
            let tasks = stream::iter(units)
                .map(|unit| self.work_unit(unit))
                .buffer_unordered(self.settings.concurrency);
            gathered(tasks, run).await?;
            if self.weather.is_bad() || limit.is_some_and(|limit| worked >= limit) {
                return Ok(worked);
            }
        }
    }

    async fn work_unit(&self, unit: Unit) -> Result<Run, SyncError> {
        let mut run = Run::default();
        let id = unit.id;
        if self.weather.is_bad() {
            return Ok(run); // still due: the next pass asks again
        }
        let grp = unit.grp;
        let group = self
            .read(move |conn| grp.map_or(Ok(None), |key| mirror::group_by_key(conn, key)))
            .await?;
        let covered = self.covered_networks().await?;
        if unit.network.is_some_and(|key| !covered.contains(&key)) {
            // Not sponsored any more: should it come back, its groups are planned anew.
            self.record(move |w| w.unit_done(id)).await?;
            return Ok(run);
        }
        let lister = self.unit_lister(&unit, group.as_ref()).await?;
        let scope = match (&lister, &group) {
            (_, Some(group)) => Scope::group_of(&group.id),
            (Some(lister), None) => lister.scope(),
            (None, None) => Scope::Pass,
        };
        let worked = match (unit.kind, &group) {
            (UnitKind::Members, Some(group)) if group.gone_at.is_none() => {
                let due = MembersDue {
                    key: group.key,
                    id: group.id.clone(),
                    member_count: group.member_count,
                    former_leaders: Vec::new(),
                    needs_walk: true,
                };
                self.walk_members(&due, Some(id), &mut run).await?
            }
            (UnitKind::Rsvps, _) => self.rsvps_unit(&unit, &mut run).await?,
            (UnitKind::Events, Some(group)) if group.gone_at.is_some() => {
                // Planned anew when it comes back.
                self.record(move |w| w.unit_done(id)).await?;
                Ok(Finished::Yes)
            }
            (UnitKind::Events, _) => match lister {
                Some(lister) => self.events_unit(&unit, &lister, &mut run).await?,
                None => Ok(Finished::No),
            },
            _ => {
                // Its group is not sponsored any more: nothing is left to be fetched.
                self.record(move |w| w.unit_done(id)).await?;
                Ok(Finished::Yes)
            }
        };
        self.weather.note(&worked);
        match worked {
            Ok(Finished::Yes | Finished::Partly(_)) => {}
            Ok(Finished::No | Finished::NotThere) => {
                self.record(move |w| {
                    w.unit_failed(id, "it could not be finished; see the failures of the pass")
                })
                .await?;
            }
            // No failure of the unit, which stays due as it was.
            Err(AskError::Stopped) => return Err(SyncError::Stopped),
            Err(error) if error.verdict() == Verdict::StopPass => {
                return Err(SyncError::Ask(error));
            }
            Err(error) => {
                let message = error.to_string();
                self.record(move |w| w.unit_failed(id, &message)).await?;
                match &group {
                    Some(group) if error.is_unreadable() => {
                        self.group_failed(group.key, &group.id, error.to_string(), &mut run)
                            .await?;
                    }
                    // What changed lately was read all the same, or will be.
                    _ => run.tolerate_as(error, |kind, message| {
                        Failure::of(scope, kind, message).of_some([])
                    })?,
                }
            }
        }
        Ok(run)
    }

    async fn unit_lister(
        &self,
        unit: &Unit,
        group: Option<&KnownGroup>,
    ) -> Result<Option<Lister>, SyncError> {
        if let Some(group) = group {
            return self.lister_of(group).await.map(Some);
        }
        let networks = self.read(mirror::networks).await?;
        Ok(networks
            .into_iter()
            .find(|network| Some(network.key) == unit.network)
            .map(|network| Lister::Network {
                urlname: network.urlname,
                key: network.key,
                only: None,
            }))
    }

    /// Walks an event's RSVPs. One that Meetup does not show under its id is looked for at once: a
    /// history must not wait for the sweep to learn that its event is gone, or has another id.
    async fn rsvps_unit(
        &self,
        unit: &Unit,
        run: &mut Run,
    ) -> Result<Result<Finished, AskError>, SyncError> {
        let (id, event) = (unit.id, unit.event);
        for is_last in [false, true] {
            let found = self
                .read(move |conn| {
                    let known = event.map_or(Ok(None), |key| mirror::event_by_key(conn, key))?;
                    let Some(known) = known else { return Ok(None) };
                    let group = mirror::group_by_key(conn, known.grp)?;
                    let group = group.filter(|group| group.gone_at.is_none());
                    Ok(group.map(|group| (known, group)))
                })
                .await?;
            let Some((known, group)) = found else {
                break; // gone, or not sponsored any more
            };
            let walk = WalkDue {
                key: known.key,
                id: known.id.clone(),
                token: known.token.clone(),
                group: group.id.clone(),
                is_full: true,
                spoilt: None,
            };
            match self.walk_event(&walk, None, Some(id)).await? {
                Ok(Finished::NotThere) if !is_last => {
                    // The walks it answers are this one, under the id that was found.
                    self.settle_absent(&[(known, group)], run).await?;
                }
                Err(error) if error.is_unreadable() => {
                    self.walked(&walk, Err(error), run).await?;
                    return Ok(Ok(Finished::No));
                }
                walked @ Ok(Finished::Partly(_)) => {
                    self.walked(&walk, walked, run).await?;
                    return Ok(Ok(Finished::Yes));
                }
                walked => return Ok(walked),
            }
        }
        self.record(move |w| w.unit_done(id)).await?;
        Ok(Ok(Finished::Yes))
    }

    /// Lists the unit's span with RSVPs; a sweep or rota then settles what the listing lacks.
    async fn events_unit(
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
            let (network, now) = (*key, (self.now)().timestamp());
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
                let mut parts: Vec<&[GroupId]> = halves(&ids);
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
                            parts.extend(halves(part));
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
            let goes_on = walk.goes_on(answer.value.next, rows.len());
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
            let (overflow, rode) = self
                .record(move |w| {
                    let taken = take_page(w, rows, purpose, asked, answered_at)?;
                    if let Some(to_at) = shrink {
                        w.shrink_unit(id, to_at)?;
                    }
                    Ok(taken)
                })
                .await?;
            add(&self.progress.rsvps, rode);
            for (due, seen, rsvps_unit) in overflow {
                if self.weather.is_bad() {
                    continue; // its unit is due
                }
                let walked = self.walk_event(&due, Some(seen), Some(rsvps_unit)).await?;
                self.weather.note(&walked);
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
) -> Result<(Vec<Overflow>, usize), MirrorError> {
    let mut overflow = Vec::new();
    let mut rode = 0;
    for row in rows {
        let Some(recorded) = w.record_event(&row.event, asked)? else {
            continue;
        };
        let key = recorded.key;
        let Some(page) = row.riding else { continue };
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
            w.record_rsvps(key, &page.rows, asked)?;
            w.finish_full_walk(key, &seen, &row.sign, &row.sign, answered_at, asked)?;
        }
    }
    Ok((overflow, rode))
}
