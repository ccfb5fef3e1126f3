//! One remembered state and what a look at it changes: the whole of the hysteresis.
//!
//! States are steps from good to bad, each with a word. `frozen` is remembered as such; `frozen, now
//! grace` while it looks better, until it has looked so for long enough to count as `grace`.

use chrono::{DateTime, TimeDelta, Utc};

use crate::community::{Alert, GroupId};

/// The words of the steps of a kind, the best first.
pub(super) type Steps = &'static [&'static str];

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
    pub key: String,
    pub kind: &'static str,
    pub group: Option<GroupId>,
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
    pub worse: Option<usize>,
}

struct State {
    step: usize,
    /// The better step it shows, not for long enough yet.
    rising: Option<usize>,
}

impl State {
    fn parse(text: &str, steps: Steps) -> Option<Self> {
        let step = |word: &str| steps.iter().position(|known| *known == word);
        match text.split_once(", now ") {
            None => Some(Self {
                step: step(text)?,
                rising: None,
            }),
            Some((held, shown)) => Some(Self {
                step: step(held)?,
                rising: Some(step(shown)?),
            }),
        }
    }

    fn text(&self, steps: Steps) -> String {
        match self.rising {
            None => steps[self.step].to_owned(),
            Some(shown) => format!("{}, now {}", steps[self.step], steps[shown]),
        }
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
        // A word that nobody knows (of a later version) is as good as none.
        let known = before.and_then(|it| Some((it, State::parse(&it.state, self.steps)?)));
        let Some((alert, state)) = known else {
            let worse = (self.is_news_at_first && step > 0).then_some(step);
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
                worse: Some(step),
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
            kind: self.kind.to_owned(),
            group: self.group.clone(),
            state: state.text(self.steps),
            since,
            told_at,
        }
    }
}
