//! Local dates and months.

use chrono::{DateTime, Datelike, NaiveDate, TimeZone};

use super::Question;
use crate::world::Event;

impl Question<'_> {
    pub(super) fn local_date(&self, group: usize, instant: i64) -> NaiveDate {
        let g = &self.world.groups[group];
        if let Some(zone) = g
            .timezone
            .as_ref()
            .and_then(|z| z.parse::<chrono_tz::Tz>().ok())
        {
            return zone.timestamp_opt(instant, 0).unwrap().date_naive();
        }
        let latest = self
            .world
            .events
            .iter()
            .filter(|e| e.group == group && e.gone.is_none() && e.starts.is_some())
            .max_by_key(|e| (e.starts, &e.token));
        let offset = latest.map_or(0, |e| e.offset);
        DateTime::from_timestamp(instant + offset, 0)
            .unwrap()
            .date_naive()
    }

    pub(super) fn event_date(e: &Event) -> NaiveDate {
        DateTime::from_timestamp(e.starts.unwrap() + e.offset, 0)
            .unwrap()
            .date_naive()
    }

    /// The first days of the closed months before A, latest first.
    pub(super) fn closed(&self, group: usize, n: usize) -> Vec<NaiveDate> {
        let mut first = self.local_date(group, self.a).with_day(1).unwrap();
        let mut months = Vec::new();
        for _ in 0..n {
            first = first.pred_opt().unwrap().with_day(1).unwrap();
            months.push(first);
        }
        months
    }

    pub(super) fn met_in(held: &[&Event], month: NaiveDate) -> usize {
        held.iter()
            .filter(|e| Self::event_date(e).with_day(1).unwrap() == month)
            .count()
    }

    pub(super) fn founding(&self, group: usize) -> Option<NaiveDate> {
        match self.world.groups[group].founded {
            Some(founded) => Some(self.local_date(group, founded)),
            None => self
                .held(group, self.a)
                .first()
                .map(|e| Self::event_date(e)),
        }
    }
}
