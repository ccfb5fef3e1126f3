//! The policy, once more.

use serde_json::{Value, json};

use super::{DAY, Question};
use crate::world::Event;

impl Question<'_> {
    pub(super) fn policy(&self, group: usize, held: &[&Event]) -> Value {
        let p = &self.policy;
        let asked = [
            ("events_per_year", p.events_per_year),
            ("first_event_within_days", p.first_event_within_days),
            ("warn_after_days", p.warn_after_days),
            ("act_after_days", p.act_after_days),
            ("close_after_days", p.close_after_days),
            ("min_leaders", p.min_leaders),
        ];
        if asked.iter().all(|(_, asked)| asked.is_none()) {
            return Value::Null;
        }
        let g = &self.world.groups[group];
        let began = match (g.founded, g.joined) {
            (Some(founded), Some(joined)) => Some(founded.max(joined)),
            (one, other) => one.or(other),
        };
        let last = held.last().map(|e| e.starts.unwrap());
        let (mut steps, mut below) = (Vec::new(), Vec::new());
        for (step, asked) in asked {
            let Some(n) = asked else { continue };
            let days = i64::from(n) * DAY;
            let (at, is_below) = match step {
                "events_per_year" => {
                    let year = held.iter().filter(|e| Self::within(e, 365, self.a)).count();
                    let nth = held.iter().rev().nth(n as usize - 1);
                    (
                        nth.map(|e| e.starts.unwrap() + 365 * DAY),
                        year < n as usize,
                    )
                }
                "first_event_within_days" => {
                    let at = began.filter(|_| held.is_empty()).map(|at| at + days);
                    (at, at.is_some_and(|at| self.a >= at))
                }
                "min_leaders" => {
                    let knows = self.generated - self.a <= DAY && g.is_roster_read;
                    let active = self.leaders(g).into_iter().filter(|m| {
                        self.last_seen(group, held, m)
                            .is_some_and(|at| at > self.a - 90 * DAY)
                    });
                    (None, knows && active.count() < n as usize)
                }
                _ => {
                    let at = last.or(began).map(|at| at + days);
                    (at, at.is_some_and(|at| self.a >= at))
                }
            };
            steps.push(json!({"step": step, "on": at.map(|at| self.local_date(group, at))}));
            if is_below {
                below.push(step);
            }
        }
        json!({"steps": steps, "below": below})
    }
}
