//! Backfill: the whole history of every sponsored group, once.
//!
//! A network's history is planned in the transaction that follows its complete roster: spans of
//! events, newest first, and one unit per group for its members. From then on the database knows what
//! is left; a second `backfill` works off the rest. With `--since` the part before that day is planned
//! too but parked: no pass works on it, its groups count as incomplete, and a plain `backfill` fetches it.

use super::{
    Syncer,
    roster::Sponsored,
    run::{PassReport, Run, SyncError},
};
use crate::{
    community::{FailureKind, Scope},
    mirror::{self, NetworkKey, NewUnit, PARKED, PassKind, Purpose, UnitKind, Writing},
};
use chrono::{DateTime, Utc};
use std::sync::atomic::Ordering;

/// What to fetch.
#[derive(Debug, Clone, Default)]
pub struct BackfillAsk {
    /// Events from this instant on; the rest stays parked.
    pub since: Option<DateTime<Utc>>,
    /// Only these groups, by urlname.
    pub groups: Vec<String>,
    /// Members are read with the rest, later: a look at the last months does without.
    pub members_later: bool,
    /// Forget what was fetched and plan everything again; rows are kept and compared.
    pub restart: bool,
}

/// What is read at once; the rest is planned too, and stays parked.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Reach {
    /// Events from this instant on; none: all.
    since: Option<i64>,
    /// When members are due; none: at once.
    members_due: Option<i64>,
}

impl From<&BackfillAsk> for Reach {
    fn from(ask: &BackfillAsk) -> Self {
        Self {
            since: ask.since.map(|at| at.timestamp()),
            members_due: ask.members_later.then_some(PARKED),
        }
    }
}

/// A span of events is planned for about this many of them; more would make a span less to do at once.
const EVENTS_PER_SPAN: i64 = 2_000;
/// Meetup itself: June 2002.
const MEETUP_BEGAN: i64 = 1_022_889_600;

impl Syncer {
    /// Plans what is not planned yet and works off everything that is left.
    ///
    /// # Errors
    ///
    /// If Meetup cannot be asked any further, the mirror cannot be used, or a signal came. What only some groups
    /// or networks failed with is in the report.
    pub async fn backfill(&self, ask: &BackfillAsk) -> Result<PassReport, SyncError> {
        self.journaled(PassKind::Backfill, async |run: &mut Run| {
            if ask.restart && ask.groups.is_empty() {
                self.record(|w| w.restart_history()).await?;
            }
            let reach = Reach::from(ask);
            self.record(move |w| w.hasten_units(Purpose::Backfill, reach.since))
                .await?;
            self.unconfigured_groups().await?;
            if ask.groups.is_empty() {
                self.plan_all(reach, run).await?;
            } else {
                self.plan_named(ask, run).await?;
            }
            self.expect_rosters().await?;
            self.work_units(&[Purpose::Backfill], None, run).await?;
            self.judge_walks(run).await?;
            self.note_doubts(run).await?;
            self.record(|w| w.refresh_history_complete()).await?;
            Ok(())
        })
        .await
    }

    async fn plan_all(&self, reach: Reach, run: &mut Run) -> Result<(), SyncError> {
        for urlname in &self.settings.networks {
            if self.planned_network(urlname).await? {
                run.has_some_already();
                continue;
            }
            if let Some(roster) = self.network_roster(urlname, run).await?
                && let Some((network, _)) = roster.network
            {
                self.plan_network(network, &roster.groups, reach).await?;
            }
        }
        let known = self.read(mirror::roster).await?;
        let is_planned = |urlname: &String| {
            known.iter().any(|group| {
                group.backfill_planned_at.is_some()
                    && group.gone_at.is_none()
                    && (group.configured_as.as_ref() == Some(urlname)
                        || group.urlname.eq_ignore_ascii_case(urlname))
            })
        };
        if !self.settings.groups.iter().all(is_planned) {
            let outside = self.outside_groups(run).await?;
            run.read_outside();
            self.plan_groups(&outside.groups, reach).await?;
        }
        Ok(())
    }

    async fn plan_named(&self, ask: &BackfillAsk, run: &mut Run) -> Result<(), SyncError> {
        let wanted = ask.groups.clone();
        let find = move |known: &mirror::KnownGroup| {
            wanted
                .iter()
                .any(|name| known.urlname.eq_ignore_ascii_case(name))
        };
        if self.live_groups(find.clone()).await?.len() < ask.groups.len() {
            for urlname in &self.settings.networks {
                self.network_roster(urlname, run).await?;
            }
            self.outside_groups(run).await?;
        }
        let found = self.live_groups(find).await?;
        for name in &ask.groups {
            if !found
                .iter()
                .any(|group| group.urlname.eq_ignore_ascii_case(name))
            {
                let known = self.live_groups(|_| true).await?;
                let near = |group: &mirror::KnownGroup| {
                    let distance = strsim::damerau_levenshtein(&group.urlname, name);
                    (distance <= 3).then(|| (distance, group.urlname.clone()))
                };
                let remedy = match known.iter().filter_map(near).min() {
                    Some((_, urlname)) => format!("did you mean {urlname}?"),
                    None => "check the urlname, or add it as [[group]]".to_owned(),
                };
                run.failed(
                    Scope::group(name),
                    FailureKind::NotVisible,
                    format!("it is not among the sponsored groups\n{remedy}"),
                );
            }
        }
        if ask.restart {
            let keys: Vec<_> = found.iter().map(|group| group.key).collect();
            self.record(move |w| keys.iter().try_for_each(|key| w.restart_history_of(*key)))
                .await?;
        }
        let groups: Vec<Sponsored> = found
            .into_iter()
            .filter(|group| ask.restart || !group.history_complete)
            .map(|group| Sponsored {
                key: group.key,
                id: group.id,
                is_new: false,
                past_events: group.past_events,
            })
            .collect();
        self.plan_groups(&groups, Reach::from(ask)).await
    }

    /// True when this network's history is planned already.
    pub(super) async fn planned_network(&self, urlname: &str) -> Result<bool, SyncError> {
        let networks = self.read(mirror::networks).await?;
        Ok(networks.iter().any(|network| {
            network.urlname.eq_ignore_ascii_case(urlname) && network.backfill_planned_at.is_some()
        }))
    }

    /// Counts on so many events. How many of them lie after an instant nobody knows before they are read, so nothing is
    /// counted on then.
    fn expect_events(&self, past_events: i64, since: Option<i64>) {
        if since.is_none() {
            let expected = u64::try_from(past_events).unwrap_or(0);
            let all = &self.progress.events_expected;
            all.fetch_add(expected, Ordering::Relaxed);
        }
    }

    /// Plans a network's whole history in one transaction.
    pub(super) async fn plan_network(
        &self,
        network: NetworkKey,
        groups: &[Sponsored],
        reach: Reach,
    ) -> Result<(), SyncError> {
        let Reach { since, members_due } = reach;
        let past_events: i64 = groups.iter().filter_map(|group| group.past_events).sum();
        self.expect_events(past_events, since);
        let keys: Vec<_> = groups.iter().map(|group| group.key).collect();
        let now = self.now().timestamp();
        self.record(move |w| {
            // Whatever else a group says of its founding, Meetup was not there before.
            let oldest = w.earliest_founding(network)?.unwrap_or(now);
            let oldest = oldest.max(MEETUP_BEGAN).min(now);
            for (from_at, to_at) in spans(past_events, since.unwrap_or(oldest).min(now), now, since)
            {
                plan_events(w, Some(network), None, from_at, to_at, None)?;
            }
            if let Some(since) = since {
                plan_events(w, Some(network), None, None, Some(since), Some(PARKED))?;
            }
            for key in &keys {
                w.plan_unit(&NewUnit {
                    due_at: members_due,
                    ..NewUnit::members(Purpose::Backfill, *key)
                })?;
                w.mark_group_planned(*key)?;
            }
            w.mark_backfill_planned(network)
        })
        .await
    }

    /// Plans the history of those groups that have none planned yet. Asked of the mirror rather than of
    /// this pass, so that a group whose first pass was killed is not forgotten.
    pub(super) async fn plan_unplanned(&self, groups: &[Sponsored]) -> Result<(), SyncError> {
        let unplanned = self
            .live_groups(|group| group.backfill_planned_at.is_none())
            .await?;
        let new: Vec<Sponsored> = groups
            .iter()
            .filter(|group| unplanned.iter().any(|known| known.key == group.key))
            .cloned()
            .collect();
        self.plan_groups(&new, Reach::default()).await
    }

    /// Plans groups one by one: those outside networks, and those a pass sees for the first time.
    pub(super) async fn plan_groups(
        &self,
        groups: &[Sponsored],
        reach: Reach,
    ) -> Result<(), SyncError> {
        let Reach { since, members_due } = reach;
        if groups.is_empty() {
            return Ok(());
        }
        let past_events: i64 = groups.iter().filter_map(|group| group.past_events).sum();
        self.expect_events(past_events, since);
        let keys: Vec<_> = groups.iter().map(|group| group.key).collect();
        self.record(move |w| {
            for key in &keys {
                plan_events(w, None, Some(*key), since, None, None)?;
                if let Some(since) = since {
                    plan_events(w, None, Some(*key), None, Some(since), Some(PARKED))?;
                }
                w.plan_unit(&NewUnit {
                    due_at: members_due,
                    ..NewUnit::members(Purpose::Backfill, *key)
                })?;
                w.mark_group_planned(*key)?;
            }
            Ok(())
        })
        .await
    }

    /// Tells the progress how many groups' members are to be walked.
    async fn expect_rosters(&self) -> Result<(), SyncError> {
        let left = self.read(mirror::open_units).await?;
        let rosters: u64 = left
            .iter()
            .filter(|open| open.kind == UnitKind::Members)
            .map(|open| open.count.unsigned_abs())
            .sum();
        self.progress
            .rosters_expected
            .store(rosters, Ordering::Relaxed);
        Ok(())
    }
}

fn plan_events(
    w: &Writing<'_>,
    network: Option<NetworkKey>,
    grp: Option<mirror::GroupKey>,
    from_at: Option<i64>,
    to_at: Option<i64>,
    due_at: Option<i64>,
) -> Result<(), mirror::MirrorError> {
    w.plan_unit(&NewUnit {
        purpose: Purpose::Backfill,
        kind: UnitKind::Events,
        network,
        grp,
        event: None,
        from_at,
        to_at,
        due_at,
    })
    .map(drop)
}

/// Cuts history into spans of equal time, newest first; the first reaches into the far future, the
/// last to `since` or back for ever.
fn spans(
    past_events: i64,
    oldest: i64,
    now: i64,
    since: Option<i64>,
) -> Vec<(Option<i64>, Option<i64>)> {
    let count = (past_events / EVENTS_PER_SPAN).clamp(1, 32);
    let step = (now - oldest) / count;
    (0..count)
        .map(|nth| {
            let to_at = (nth > 0).then(|| now - nth * step);
            let from_at = if nth == count - 1 {
                since
            } else {
                Some(now - (nth + 1) * step)
            };
            (from_at, to_at)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::spans;

    #[test]
    fn spans_meet_without_a_gap_and_reach_from_the_far_future_to_the_beginning() {
        for (events, since) in [
            (0, None),
            (1_999, None),
            (50_000, None),
            (900_000, Some(10)),
        ] {
            let spans = spans(events, since.unwrap_or(0), 1_000_000, since);
            assert_eq!(spans[0].1, None);
            assert_eq!(spans.last().and_then(|last| last.0), since);
            assert!(
                spans.windows(2).all(|pair| pair[0].0 == pair[1].1),
                "{spans:?}"
            );
        }
    }
}
