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
    events::Lister,
    level::Level,
    roster::MembersDue,
    rsvps::{Finished, WalkDue},
    run::{Failure, Run, SyncError, gathered},
};
use crate::{
    community::Scope,
    meetup::{AskError, Verdict},
    mirror::{self, KnownGroup, Purpose, Unit, UnitKind},
    off_thread::off_thread,
};
use futures_util::{StreamExt, stream};

/// How many units are taken from the database at once.
const BATCH: usize = 32;

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
            let now = self.now();
            let batch = limit.map_or(BATCH, |limit| BATCH.min(limit - worked));
            let units = self
                .read(move |conn| mirror::due_units(conn, now, purposes, batch))
                .await?;
            if units.is_empty() {
                self.end_first_load().await?;
                return Ok(worked);
            }
            worked += units.len();
            let tasks = stream::iter(units)
                .map(|unit| self.work_unit(unit))
                .buffer_unordered(self.settings.concurrency);
            gathered(tasks, run).await?;
            if self.breaker.is_bad() || limit.is_some_and(|limit| worked >= limit) {
                return Ok(worked);
            }
        }
    }

    /// Makes the index that a first load does without, unless a signal comes: then the next run makes it.
    async fn end_first_load(&self) -> Result<(), SyncError> {
        if !self.read(mirror::lacks_index).await? {
            return Ok(());
        }
        let (mirror, terms) = (self.mirror.clone(), self.terms());
        #[expect(clippy::disallowed_methods, reason = "off the async threads")]
        let making = off_thread(move || mirror.end_first_load(&terms));
        tokio::select! {
            made = making => Ok(made?),
            () = self.stop.thrown() => {
                self.mirror.give_up();
                Err(SyncError::Stopped)
            }
        }
    }

    async fn work_unit(&self, unit: Unit) -> Result<Run, SyncError> {
        let mut run = Run::default();
        let id = unit.id;
        if self.breaker.is_bad() {
            return Ok(run); // still due: the next pass asks again
        }
        let (grp, event) = (unit.grp, unit.event);
        let group = self
            .read(move |conn| {
                let event = event.map_or(Ok(None), |key| mirror::event_by_key(conn, key))?;
                let grp = grp.or(event.map(|event| event.grp));
                grp.map_or(Ok(None), |key| mirror::group_by_key(conn, key))
            })
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
                    network: group.network,
                    former_leaders: Vec::new(),
                    is_invisible: false,
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
        self.breaker.note(&worked);
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
                    let level = Level::default();
                    self.settle_absent(&[(known, group)], &level, run).await?;
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
}
