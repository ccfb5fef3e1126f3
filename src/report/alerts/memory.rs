//! One remembered state and what a look at it changes: the whole of the hysteresis.
//!
//! States are steps from good to bad. `frozen` is remembered as such, and that it shows `grace` while it
//! looks better, until it has looked so for long enough to count as `grace`.

use chrono::{DateTime, TimeDelta, Utc};

use crate::community::{Alert, AlertKey, AlertStep};

/// The steps of a kind, the best first.
pub(super) type Steps = &'static [AlertStep];

/// What a look found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// Nothing that could be believed.
    Unknown,
    /// That step.
    At(usize),
}

impl From<bool> for Reading {
    fn from(is_bad: bool) -> Self {
        Self::At(usize::from(is_bad))
    }
}

/// A state to look at.
#[derive(Debug, Clone)]
pub(super) struct Look {
    pub key: AlertKey,
    pub steps: Steps,
    pub reading: Reading,
    /// How long it must look better to count as better.
    pub hold: TimeDelta,
    /// Where nothing is remembered yet, whether a bad step is news all the same.
    pub is_news_at_first: bool,
}

/// What a look came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Looked {
    /// What to remember; none: nothing changed.
    pub remember: Option<Alert>,
    /// The step that is to be told, if it got worse.
    pub worse: Option<AlertStep>,
}

struct State {
    step: usize,
    /// The better step it shows, not for long enough yet.
    rising: Option<usize>,
}

impl State {
    /// None where a step is none of these.
    fn of(alert: &Alert, steps: Steps) -> Option<Self> {
        let place = |step: AlertStep| steps.iter().position(|known| *known == step);
        Some(Self {
            step: place(alert.step)?,
            rising: match alert.rising {
                None => None,
                Some(shown) => Some(place(shown)?),
            },
        })
    }
}

impl Look {
    /// Looks: what was remembered and what is read make what is remembered from now on.
    pub(super) fn at(&self, before: Option<&Alert>, now: DateTime<Utc>) -> Looked {
        let unchanged = Looked {
            remember: None,
            worse: None,
        };
        let Reading::At(step) = self.reading else {
            return unchanged;
        };
        // A step that is none of this kind's is as good as none.
        let known = before.and_then(|it| Some((it, State::of(it, self.steps)?)));
        let Some((alert, state)) = known else {
            let worse = (self.is_news_at_first && step > 0).then_some(self.steps[step]);
            let remember = self.alert(&State { step, rising: None }, now, None);
            return Looked {
                remember: Some(remember),
                worse,
            };
        };
        let settled = State { step, rising: None };
        let next = if step > state.step {
            let remember = Some(self.alert(&settled, now, alert.told_at));
            return Looked {
                remember,
                worse: Some(self.steps[step]),
            };
        } else if step == state.step {
            if state.rising.is_none() {
                return unchanged;
            }
            settled
        } else if self.hold <= TimeDelta::zero() {
            settled
        } else if state.rising == Some(step) {
            if now - alert.since < self.hold {
                return unchanged;
            }
            settled
        } else {
            State {
                step: state.step,
                rising: Some(step),
            }
        };
        Looked {
            remember: Some(self.alert(&next, now, alert.told_at)),
            worse: None,
        }
    }

    fn alert(&self, state: &State, since: DateTime<Utc>, told_at: Option<DateTime<Utc>>) -> Alert {
        Alert {
            key: self.key.clone(),
            step: self.steps[state.step],
            rising: state.rising.map(|shown| self.steps[shown]),
            since,
            told_at,
        }
    }
}
