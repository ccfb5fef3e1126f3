//! What is believed of a loss. An answer may be poorer than the one before for reasons that have
//! nothing to do with what it is about: a token that is ignored, a right that was lost, a fault. So a
//! loss is weighed before anything is called gone: half or more of what one network or group had is not
//! believed; it is kept as a doubt, which every pass looks at again, until it is contradicted, accepted
//! or proved. And whoever loses anything asks first whether the account is still the one it was.

use super::held::Held;
use crate::{
    community::Loss,
    mirror::{Doubt, DoubtOf, EventKey, Missed},
};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Doubts as they stood when a piece of work began, and what it found of them.
#[derive(Debug, Default)]
pub(super) struct Losses(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    accepted: HashSet<Missed>,
    /// Doubted, and whether it is in a network's doubt.
    open: HashMap<Missed, bool>,
    /// Looked at in this piece of work.
    judged: HashSet<(Loss, DoubtOf)>,
    held: BTreeMap<EventKey, Held>,
    is_the_account: bool,
}

impl Losses {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn begin(&self, doubts: &[Doubt]) {
        let mut state = State::default();
        for doubt in doubts {
            let is_network = matches!(doubt.of, DoubtOf::Network(_));
            for (missed, is_accepted) in &doubt.missed {
                if *is_accepted {
                    state.accepted.insert(*missed);
                } else {
                    *state.open.entry(*missed).or_default() |= is_network;
                }
            }
        }
        *self.state() = state;
    }

    /// What of it nobody has accepted.
    pub fn fresh(&self, missed: &[Missed]) -> Vec<Missed> {
        let state = self.state();
        let mut missed = missed.to_vec();
        missed.retain(|it| !state.accepted.contains(it));
        missed
    }

    /// Whether what nobody has accepted is too much to be believed, out of so many.
    pub fn is_too_large(&self, loss: Loss, known: usize, missed: &[Missed]) -> bool {
        let fresh = self.fresh(missed).len();
        let known = known.saturating_sub(missed.len() - fresh);
        fresh > 0 && loss.is_too_large(known, fresh)
    }

    /// Whether a network's doubt holds this, so that a look at its group alone does not settle it.
    pub fn is_network_doubt(&self, missed: &Missed) -> bool {
        self.state().open.get(missed).copied().unwrap_or(false)
    }

    pub fn has_any(&self) -> bool {
        let state = self.state();
        !state.open.is_empty() || !state.accepted.is_empty()
    }

    pub fn is_open(&self, missed: &Missed) -> bool {
        self.state().open.contains_key(missed)
    }

    pub fn is_doubted(&self, missed: &Missed) -> bool {
        let state = self.state();
        state.open.contains_key(missed) || state.accepted.contains(missed)
    }

    pub fn forget(&self, missed: &Missed) {
        self.state().open.remove(missed);
    }

    /// Whether this was weighed again in this piece of work, and not believed.
    pub fn is_judged(&self, loss: Loss, of: DoubtOf) -> bool {
        self.state().judged.contains(&(loss, of))
    }

    /// Whether all of these walks are held; then they are let go, unjudged.
    pub fn drop_held(&self, events: &[EventKey]) -> bool {
        let mut state = self.state();
        let is_same = events.iter().all(|key| state.held.contains_key(key));
        if is_same {
            events.iter().for_each(|key| drop(state.held.remove(key)));
        }
        is_same
    }

    /// A walk whose loss is to be weighed with those of its group's other events.
    pub fn hold(&self, held: Held) {
        self.state().held.insert(held.key, held);
    }

    /// A walk that ended without much loss: what was held of the event before is past.
    pub fn release(&self, event: EventKey) {
        self.state().held.remove(&event);
    }

    pub fn take_held(&self) -> Vec<Held> {
        std::mem::take(&mut self.state().held)
            .into_values()
            .collect()
    }

    /// Weighed, and not believed.
    pub fn disbelieve(&self, loss: Loss, of: DoubtOf, fresh: &[Missed]) {
        let mut state = self.state();
        state.judged.insert((loss, of));
        let is_network = matches!(of, DoubtOf::Network(_));
        for it in fresh {
            *state.open.entry(*it).or_default() |= is_network;
        }
    }

    /// Which of these were doubted or accepted; they are not doubted any more.
    pub fn settle(&self, settled: impl IntoIterator<Item = Missed>) -> Vec<Missed> {
        let mut state = self.state();
        if state.open.is_empty() && state.accepted.is_empty() {
            return Vec::new();
        }
        let settled = settled.into_iter();
        settled
            .filter(|it| state.open.remove(it).is_some() || state.accepted.contains(it))
            .collect()
    }

    /// Whether this piece of work knows that the account is still the one it was.
    pub fn knows_the_account(&self) -> bool {
        self.state().is_the_account
    }

    pub fn know_the_account(&self) {
        self.state().is_the_account = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mirror::{GroupKey, NetworkKey};

    fn events(keys: std::ops::Range<i64>) -> Vec<Missed> {
        keys.map(|key| Missed::event(EventKey(key))).collect()
    }

    fn doubt(of: DoubtOf, missed: &[Missed], is_accepted: bool) -> Doubt {
        Doubt {
            loss: Loss::Events,
            of,
            scope: None,
            known: 20,
            lost: 10,
            missed: missed.iter().map(|it| (*it, is_accepted)).collect(),
        }
    }

    const NETWORK: DoubtOf = DoubtOf::Network(NetworkKey(1));
    const GROUP: DoubtOf = DoubtOf::Group(GroupKey(1));

    #[test]
    fn what_is_accepted_counts_neither_as_lost_nor_as_known() {
        let losses = Losses::default();
        let is_too_large =
            |known, missed: &[Missed]| losses.is_too_large(Loss::Events, known, missed);
        assert!(is_too_large(20, &events(0..10)));
        assert!(!is_too_large(20, &events(0..9)));
        losses.begin(&[doubt(NETWORK, &events(0..8), true)]);
        assert!(!is_too_large(20, &events(0..8)), "all of it is accepted");
        assert!(!is_too_large(20, &events(0..13)), "5 of 12");
        assert!(is_too_large(20, &events(0..14)), "6 of 12");
    }

    #[test]
    fn what_a_network_doubts_stays_the_networks_whoever_else_doubts_it() {
        let losses = Losses::default();
        let missed = events(0..1);
        let [network, group] = [NETWORK, GROUP].map(|of| doubt(of, &missed, false));
        for doubts in [vec![network.clone(), group.clone()], vec![group, network]] {
            losses.begin(&doubts);
            assert!(losses.is_network_doubt(&missed[0]));
        }
        losses.disbelieve(Loss::Events, GROUP, &missed);
        assert!(losses.is_network_doubt(&missed[0]));
        losses.begin(&[]);
        losses.disbelieve(Loss::Events, GROUP, &missed);
        assert!(!losses.is_network_doubt(&missed[0]));
    }

    #[test]
    fn what_was_doubted_or_accepted_is_settled_and_nothing_else() {
        let losses = Losses::default();
        assert_eq!(losses.settle(events(0..3)), []);
        let (open, accepted) = (events(0..1), events(1..2));
        losses.begin(&[doubt(GROUP, &open, false), doubt(NETWORK, &accepted, true)]);
        assert!(losses.is_doubted(&open[0]) && losses.is_doubted(&accepted[0]));
        assert_eq!(losses.settle(events(0..3)), events(0..2));
        assert!(!losses.is_doubted(&open[0]));
        assert!(losses.is_doubted(&accepted[0]), "it is accepted still");
    }
}
