//! The week that was, the week to come, and attendance that is owed, once more.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, TimeZone};
use serde_json::{Map, Value, json};

use super::{DAY, Question};
use crate::world::{Event, Person};

type Joined<'a> = BTreeMap<String, Vec<&'a Event>>;

impl Question<'_> {
    pub(super) fn schedule_date(&self, at: i64) -> NaiveDate {
        self.zone.timestamp_opt(at, 0).unwrap().date_naive()
    }

    fn week(&self, joined: &Joined<'_>) -> Value {
        let mut sizes = Vec::new();
        for copies in joined.values() {
            let yes: BTreeSet<Person> = copies.iter().flat_map(|e| self.yes(e)).collect();
            let first = copies.iter().min_by_key(|e| (e.starts, &e.token)).unwrap();
            sizes.push((
                std::cmp::Reverse(yes.len()),
                first.starts,
                &first.token,
                *first,
            ));
        }
        sizes.sort_by_key(|(yes, start, token, _)| (*yes, *start, (*token).clone()));
        let groups: BTreeSet<usize> = joined.values().flatten().map(|e| e.group).collect();
        let biggest = sizes.first().map(|(yes, .., e)| {
            json!({"group": self.world.groups[e.group].urlname, "title": e.title, "yes": yes.0})
        });
        json!({
            "events": joined.len(),
            "groups": groups.len(),
            "yes": sizes.iter().map(|(yes, ..)| yes.0).sum::<usize>(),
            "first_timers": null,
            "biggest": biggest,
        })
    }

    pub(super) fn weeks(&self, figures: &mut Map<String, Value>) {
        let today = self.schedule_date(self.a);
        let days_from_today =
            |e: &Event| (self.schedule_date(e.starts.unwrap()) - today).num_days();
        let before = self.events_of(self.a, |e| (-7..0).contains(&days_from_today(e)));
        let older = self.events_of(self.a, |e| days_from_today(e) < -7);
        let people = |joined: &Joined<'_>| -> BTreeSet<Person> {
            joined.values().flat_map(|c| self.united(c)).collect()
        };
        let mut last_week = self.week(&before);
        last_week["first_timers"] = json!(people(&before).difference(&people(&older)).count());
        figures.insert("last_week".to_owned(), last_week);

        let mut to_come: Joined<'_> = BTreeMap::new();
        for (i, g) in self.world.groups.iter().enumerate() {
            if !self.is_measured(g, self.a) || !g.is_complete {
                continue;
            }
            for e in self.counting(i) {
                if (0..7).contains(&days_from_today(e)) {
                    let own = || format!("own {}", e.token);
                    let key = e.joint.as_ref().map_or_else(own, |j| format!("joint {j}"));
                    to_come.entry(key).or_default().push(e);
                }
            }
        }
        figures.insert("next_week".to_owned(), self.week(&to_come));

        figures.insert("attendance_owed".to_owned(), json!(self.owed().len()));
    }

    /// Events whose attendance is to be marked, the latest first: of each the copies that are in person and over.
    pub fn owed(&self) -> Vec<Vec<&Event>> {
        if self.show_rate.is_some() {
            return Vec::new();
        }
        let is_due = |e: &&Event| {
            Self::within(e, 30, self.a) && e.kind != "ONLINE" && self.a - Self::ends(e) > DAY
        };
        let mut owed: Vec<Vec<&Event>> = Vec::new();
        for copies in self.events_of(self.a, |_| true).into_values() {
            if !copies.iter().any(|e| self.is_taken(e)) {
                let mut due: Vec<&Event> = copies.into_iter().filter(is_due).collect();
                due.sort_by_key(|e| (e.starts, &e.token));
                owed.extend((!due.is_empty()).then_some(due));
            }
        }
        owed.sort_by_key(|c| (std::cmp::Reverse(c[0].starts), &c[0].token));
        owed
    }
}
