//! Handing over, once more.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use serde_json::{Value, json};

use super::{DAY, Question, rate};
use crate::world::{Event, Person};

impl Question<'_> {
    pub(super) fn handover(&self, group: usize, held: &[&Event], observed: &[NaiveDate]) -> Value {
        if self.staff.as_ref().is_none_or(Vec::is_empty) {
            return json!({"organic_cadence": null, "criteria": null, "ready": null});
        }
        let has_staff = |e: &Event| self.hosts(e).iter().any(|h| self.is_staff(*h));
        let organic_events: Vec<&&Event> = held
            .iter()
            .filter(|e| !self.hosts(e).is_empty() && !has_staff(e))
            .collect();
        let organic = observed
            .iter()
            .filter(|m| {
                organic_events
                    .iter()
                    .any(|e| Self::event_date(e).with_day(1).unwrap() == **m)
            })
            .count();
        let g = &self.world.groups[group];
        let local_lead = g.members.iter().any(|m| {
            m.gone.is_none()
                && ["ACTIVE", "LEADER"].contains(&m.status)
                && m.joined.is_none_or(|at| at <= self.a)
                && m.role
                    .is_some_and(|role| ["ORGANIZER", "COORGANIZER"].contains(&role))
                && !self.is_staff(m.person)
        });
        let knows = self.generated - self.a <= DAY && g.is_roster_read;
        let locals: BTreeSet<Person> = held
            .iter()
            .filter(|e| Self::within(e, 180, self.a))
            .flat_map(|e| self.hosts(e))
            .filter(|h| !self.is_staff(*h))
            .collect();
        let year: Vec<&&Event> = held
            .iter()
            .filter(|e| Self::within(e, 365, self.a))
            .collect();
        let hosted = year.iter().filter(|e| !self.hosts(e).is_empty()).count();
        let local = year
            .iter()
            .filter(|e| !self.hosts(e).is_empty() && !has_staff(e))
            .count();
        let majority = (hosted > 0).then(|| local as f64 >= hosted as f64 / 2.0);
        let is_organic =
            (!observed.is_empty()).then(|| organic as f64 / observed.len() as f64 >= 0.5);
        let ready = knows.then_some(
            local_lead
                && locals.len() >= 2
                && majority == Some(true)
                && is_organic == Some(true)
                && observed.len() == 12
                && year.len() >= 6,
        );
        json!({
            "organic_cadence": rate(organic, observed.len()),
            "criteria": {
                "local_lead": knows.then_some(local_lead),
                "two_local_hosts": locals.len() >= 2,
                "local_majority": majority,
                "organic": is_organic,
            },
            "ready": ready,
        })
    }
}
