//! Full walks over RSVPs that end with a loss of half or more: they wait for the others of their group.

use super::{
    Syncer,
    held::Held,
    losses::Losses,
    run::{Run, SyncError},
};
use crate::{
    community::{Loss, Scope},
    mirror::{self, DoubtOf, EventKey, MirrorError, Missed, Writing},
};
use std::collections::{BTreeMap, HashSet};

impl Held {
    /// Ends the walk, in the transaction of its last page, or holds it: then its sign is not kept, so that
    /// whatever comes between, the next pass walks again.
    pub fn end(mut self, w: &Writing<'_>, losses: &Losses) -> Result<(), MirrorError> {
        self.loss = w.loss_of_walk(self.key, &self.seen, &self.before, &self.after)?;
        if self.loss.lost > 0 && self.loss.lost * 2 >= self.loss.known {
            if let Some(unit) = self.unit {
                // Until it is judged: what is due now would be walked again and again.
                w.unit_failed(
                    unit,
                    "many of its RSVPs are missing; that is weighed at the end",
                )?;
            }
            losses.hold(self);
            return Ok(());
        }
        losses.release(self.key);
        let missed = Missed::rsvps(self.key);
        if losses.is_doubted(&missed) {
            losses.forget(&missed);
            w.end_doubts(&[missed])?;
        }
        self.finish(w)
    }
}

impl Syncer {
    /// Walks that lost much, weighed together: an event's loss by itself, a group's over its events, and
    /// that of all groups, so that small events do not slip through one by one.
    pub(super) async fn judge_walks(&self, run: &mut Run) -> Result<(), SyncError> {
        let held = self.losses.take_held();
        let Some(first) = held.first() else {
            return Ok(());
        };
        let missed: Vec<Missed> = held.iter().map(|it| Missed::rsvps(it.key)).collect();
        let key = first.key;
        let group = self.record(move |w| w.group_of(key)).await?;
        let live = self
            .read(move |conn| mirror::group_by_key(conn, group))
            .await?
            .filter(|group| group.gone_at.is_none());
        let scope = live.map_or(Scope::Pass, |group| Scope::group_of(&group.id));
        if !self.losses.fresh(&missed).is_empty() && !self.is_the_account(&scope, run).await? {
            return Ok(());
        }
        let from = self.hot_from().timestamp();
        let mut by_group: BTreeMap<_, (usize, usize, Vec<Held>)> = BTreeMap::new();
        for it in held {
            let key = it.key;
            let group = self.record(move |w| w.group_of(key)).await?;
            by_group.entry(group).or_default().2.push(it);
        }
        let (mut all_known, mut all_lost) = (0, 0);
        for (key, (known, lost, held)) in &mut by_group {
            let key = *key;
            let beside = self
                .read(move |conn| mirror::live_rsvps(conn, key, from))
                .await?;
            let names: HashSet<EventKey> = held.iter().map(|it| it.key).collect();
            let beside = beside.iter().filter(|(event, _)| !names.contains(event));
            *known = beside
                .map(|(_, rows)| usize::try_from(*rows).unwrap_or(0))
                .sum();
            for it in held.iter() {
                if self.losses.fresh(&[Missed::rsvps(it.key)]).is_empty() {
                    continue; // accepted
                }
                *known += it.loss.known;
                *lost += it.loss.lost;
            }
            (all_known, all_lost) = (all_known + *known, all_lost + *lost);
        }
        let many = by_group.len() > 1 && Loss::Rsvps.is_too_large(all_known, all_lost);
        for (group, (known, lost, held)) in by_group {
            let is_group = many || Loss::Rsvps.is_too_large(known, lost);
            let (doubted, believed): (Vec<Held>, Vec<Held>) = held.into_iter().partition(|it| {
                let is_accepted = self.losses.fresh(&[Missed::rsvps(it.key)]).is_empty();
                !is_accepted && (is_group || Loss::Rsvps.is_too_large(it.loss.known, it.loss.lost))
            });
            if !doubted.is_empty() {
                let figures = if is_group {
                    (known, lost)
                } else {
                    let sum = |of: fn(&Held) -> usize| doubted.iter().map(of).sum();
                    (sum(|it| it.loss.known), sum(|it| it.loss.lost))
                };
                let missed: Vec<Missed> = doubted.iter().map(|it| Missed::rsvps(it.key)).collect();
                self.doubt(Loss::Rsvps, DoubtOf::Group(group), figures, &missed)
                    .await?;
            }
            let settled: Vec<Missed> = believed.iter().map(|it| Missed::rsvps(it.key)).collect();
            for it in believed {
                self.record(move |w| it.finish(w)).await?;
            }
            self.end_doubts(settled).await?;
        }
        Ok(())
    }
}
