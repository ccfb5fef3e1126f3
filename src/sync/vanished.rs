//! Events that are found in no way: gone, unless they are too many at once.
//!
//! What a network and each of its groups lost is weighed as a whole, and its past and its future each by
//! itself: a fault hides one of them as easily as all. The groups in question were just listed from end
//! to end, so all that is known of them counts, not only the span that was looked at. One thing is
//! believed in any number: a group whose past is all shown has lost its future, and the others have theirs,
//! or most of it: somebody deleted a series.

use super::{
    Syncer,
    level::Level,
    run::{Run, SyncError},
};
use crate::{
    community::{EventToken, Loss, Scope},
    mirror::{self, DoubtOf, EventsOf, GroupKey, KnownEvent, KnownGroup, Missed},
};
use std::collections::{BTreeMap, HashSet};

/// An event that is found in no way, and the question that ended the search.
#[derive(Debug)]
pub(super) struct Vanished {
    pub event: KnownEvent,
    pub group: KnownGroup,
    pub asked: i64,
}

/// What was known and what is missing, of the past and of the future.
#[derive(Debug, Default)]
struct Tally {
    known: [usize; 2],
    missed: [Vec<Missed>; 2],
}

impl Tally {
    fn add(&mut self, is_future: bool, missed: Option<Missed>) {
        self.known[usize::from(is_future)] += 1;
        self.missed[usize::from(is_future)].extend(missed);
    }

    fn all(&self) -> Vec<Missed> {
        self.missed.concat()
    }

    /// Its past is there and whole.
    fn has_its_past(&self) -> bool {
        self.known[0] > 0 && self.missed[0].is_empty()
    }
}

impl Syncer {
    /// Weighs what vanished and marks as gone what is believed. `shown` are tokens seen meanwhile.
    pub(super) async fn judge_events(
        &self,
        vanished: Vec<Vanished>,
        shown: &HashSet<EventToken>,
        level: &Level,
        run: &mut Run,
    ) -> Result<(), SyncError> {
        let Some(first) = vanished.first() else {
            return Ok(());
        };
        let gone: Vec<Missed> = vanished
            .iter()
            .map(|it| Missed::event(it.event.key))
            .collect();
        let scope = Scope::group_of(&first.group.id);
        if !self.losses.fresh(&gone).is_empty() && !self.is_the_account(&scope, run).await? {
            return Ok(());
        }
        let now = self.now().timestamp();
        let mut groups: BTreeMap<GroupKey, Tally> = BTreeMap::new();
        for it in &vanished {
            let key = it.group.key;
            if groups.contains_key(&key) {
                continue;
            }
            let events = self
                .read(move |conn| mirror::listed_events(conn, EventsOf::Group(key)))
                .await?;
            let mut tally = Tally::default();
            for (event, token, start) in events {
                let missed = (!shown.contains(&token)).then(|| Missed::event(event));
                tally.add(start > now, missed);
            }
            groups.insert(key, tally);
        }
        let mut doubted: HashSet<Missed> = HashSet::new();
        if let Some(network) = level.network {
            let of = EventsOf::Network(network);
            let mut whole = Tally::default();
            for (_, _, start) in self
                .read(move |conn| mirror::listed_events(conn, of))
                .await?
            {
                whole.add(start > now, None);
            }
            for part in [0, 1] {
                let missed = groups.values().flat_map(|it| &it.missed[part]);
                whole.missed[part] = missed.copied().collect();
            }
            let mut span = Tally::default();
            for event in &level.known {
                let missed = Missed::event(event.key);
                let is_future = event.starts_at.is_some_and(|start| start > now);
                span.add(is_future, gone.contains(&missed).then_some(missed));
            }
            let large = self.too_many(&whole).or_else(|| self.too_many(&span));
            if let Some(figures) =
                large.filter(|_| groups.len() > 1 && !self.is_one_series(&whole, &groups))
            {
                let mut missed = [whole.all(), gone.clone()].concat();
                missed.sort_unstable();
                missed.dedup();
                self.doubt(Loss::Events, DoubtOf::Network(network), figures, &missed)
                    .await?;
                doubted.extend(self.losses.fresh(&missed));
            }
        }
        let large: Vec<_> = groups
            .iter()
            .filter_map(|(key, tally)| Some((*key, tally, self.too_many(tally)?)))
            .collect();
        let is_one = large.len() == 1;
        for (key, tally, figures) in large {
            let missed = tally.all();
            if (is_one && tally.has_its_past()) || missed.iter().all(|it| doubted.contains(it)) {
                continue;
            }
            self.doubt(Loss::Events, DoubtOf::Group(key), figures, &missed)
                .await?;
            doubted.extend(self.losses.fresh(&missed));
            let of_group = vanished.iter().filter(|it| it.group.key == key);
            doubted.extend(
                self.losses.fresh(
                    &of_group
                        .map(|it| Missed::event(it.event.key))
                        .collect::<Vec<_>>(),
                ),
            );
        }
        let mut settled = Vec::new();
        for it in vanished {
            let (key, asked) = (it.event.key, it.asked);
            let missed = Missed::event(key);
            // A network's doubt is not settled by a look at one of its groups.
            let is_beyond = level.network.is_none() && self.losses.is_network_doubt(&missed);
            if doubted.contains(&missed) || is_beyond {
                continue;
            }
            self.record(move |w| w.mark_event_gone(key, asked)).await?;
            settled.push(missed);
        }
        self.end_doubts(settled).await
    }

    /// Whether it is one group that lost much, whose past is all shown, and all the others together lost less
    /// than half of theirs: a series was deleted while somebody else deleted an event.
    fn is_one_series(&self, whole: &Tally, groups: &BTreeMap<GroupKey, Tally>) -> bool {
        let mut large = groups.values().filter(|it| self.too_many(it).is_some());
        let (Some(series), None) = (large.next(), large.next()) else {
            return false;
        };
        let rest = |part: usize| {
            let known = whole.known[part].saturating_sub(series.known[part]);
            (known, whole.missed[part].len() - series.missed[part].len())
        };
        let is_kept = |(known, lost): (usize, usize)| lost == 0 || lost * 2 < known;
        series.has_its_past() && is_kept(rest(0)) && is_kept(rest(1))
    }

    /// The figures of the part that lost too much, if one did.
    fn too_many(&self, tally: &Tally) -> Option<(usize, usize)> {
        let all = (tally.known.iter().sum(), tally.all());
        let parts = [0, 1].map(|part| (tally.known[part], tally.missed[part].clone()));
        let mut parts = std::iter::once(all).chain(parts);
        let (known, missed) =
            parts.find(|(known, missed)| self.losses.is_too_large(Loss::Events, *known, missed))?;
        Some((known, self.losses.fresh(&missed).len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mirror::EventKey;

    #[test]
    fn a_group_has_its_past_where_some_is_known_and_none_of_it_is_missing() {
        let has_its_past = |past: &[bool]| {
            let mut tally = Tally::default();
            tally.add(true, Some(Missed::event(EventKey(99))));
            for (nth, is_shown) in (0..).zip(past) {
                let missed = (!is_shown).then(|| Missed::event(EventKey(nth)));
                tally.add(false, missed);
            }
            tally.has_its_past()
        };
        assert!(has_its_past(&[true, true]));
        assert!(!has_its_past(&[true, false]));
        assert!(!has_its_past(&[]));
    }
}
