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
