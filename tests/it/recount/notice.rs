//! When events were created, and where attendance was taken, once more.

use serde_json::{Value, json};

use super::{DAY, LIVE, Question, median, rate};
use crate::world::Event;

impl Question<'_> {
    pub(super) fn is_taken(&self, e: &Event) -> bool {
        let absent = |e: &Event| {
            let mut answers = self.answers(e).into_values();
            answers.any(|r| ["NO_SHOW", "EXCUSED_ABSENCE"].contains(&r.status))
        };
        let answers = self.answers(e);
        let has = |status: &str| answers.values().any(|r| r.status == status);
        let start = e.starts.unwrap();
        let marked_before = || {
            self.world.events.iter().any(|o| {
                let is_near = o
                    .starts
                    .is_some_and(|other| other > start - 365 * DAY && other <= start);
                let is_live = o.gone.is_none() && LIVE.contains(&o.status);
                o.group == e.group && is_near && is_live && absent(o)
            })
        };
        absent(e) || (has("ATTENDED") && (has("YES") || marked_before()))
    }

    pub(super) fn median_notice_days(&self, year: &[&Event]) -> Option<f64> {
        let days: Vec<f64> = year
            .iter()
            .filter_map(|e| e.created.map(|created| e.starts.unwrap() - created))
            .map(|seconds| seconds.max(0) as f64 / 86_400.0)
            .collect();
        if days.len() < 3 { None } else { median(days) }
    }

    pub(super) fn next_date_known(&self, held: &[&Event], year: &[&Event]) -> Value {
        let all = &year[..year.len().saturating_sub(1)];
        let known = all.iter().filter(|e| {
            let start = e.starts.unwrap();
            held.iter()
                .any(|f| f.starts.unwrap() > start && Self::created_at(f) <= start + DAY)
        });
        rate(known.count(), all.len())
    }

    /// Over the network: yes beside what is usual, by notice.
    pub(super) fn notice(&self) -> Value {
        let mut bands = json!({});
        for (from, until) in [(0, 3), (3, 7), (7, 14), (14, 21), (21, i64::MAX)] {
            let mut ratios = Vec::new();
            for (i, g) in self.world.groups.iter().enumerate() {
                if !self.is_measured(g, self.a) || !g.is_complete {
                    continue;
                }
                let mut year = self.held(i, self.a);
                year.retain(|e| Self::within(e, 365, self.a));
                let usual = median(year.iter().map(|e| self.yes(e).len() as f64).collect());
                if year.len() < 3 || usual == Some(0.0) {
                    continue;
                }
                for e in year {
                    let Some(created) = e.created else { continue };
                    let notice = (e.starts.unwrap() - created).max(0);
                    if notice >= from * DAY && notice < until.saturating_mul(DAY) {
                        ratios.push(self.yes(e).len() as f64 / usual.unwrap());
                    }
                }
            }
            let events = ratios.len();
            bands[from.to_string()] = if events < 20 {
                Value::Null
            } else {
                json!({"events": events, "ratio": median(ratios)})
            };
        }
        bands
    }
}
