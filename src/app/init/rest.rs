//! What is left to read after the first look, and how long that takes.

use crate::{
    app::database::Database,
    config::Config,
    mirror::{self, MirrorError, Purpose},
};
use chrono::TimeDelta;

/// The events that are not read yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rest {
    /// As Meetup counts them, less those that are here; at least as many as could not be counted.
    pub events: i64,
    /// How long they take at the points a minute that may be used, by what those cost that were read.
    pub takes: TimeDelta,
}

impl Rest {
    /// Takes up what was left aside, so that passes go on with it, and says how much it is; none: nothing is
    /// left. `points` is what reading `events` events came to.
    pub(crate) async fn take_up(
        config: &Config,
        database: &Database,
        points: u64,
        events: u64,
    ) -> Result<Option<Self>, MirrorError> {
        database
            .write(|w| w.hasten_units(Purpose::Backfill, None))
            .await?;
        let groups = database.read(mirror::roster).await?;
        let unread = groups
            .iter()
            .filter(|it| it.gone_at.is_none() && !it.history_complete);
        let counted: i64 = unread.clone().filter_map(|it| it.past_events).sum();
        // Members are walked a page at a time, for a point or so each; one more tells that there are no more.
        let pages = |members: i64| members / i64::from(config.meetup.page_size) + 1;
        let walks = unread
            .clone()
            .map(|it| pages(it.member_count.unwrap_or(0)))
            .sum();
        if unread.count() == 0 {
            return Ok(None);
        }
        let read = i64::try_from(events).unwrap_or(i64::MAX);
        let left = (counted - read).max(0);
        Ok(Some(Self {
            events: left,
            takes: takes(left, read, points, walks, config.meetup.points_per_minute),
        }))
    }
}

/// So many events at what each cost so far, and so many points for members, rounded up to a minute.
fn takes(left: i64, read: i64, points: u64, walks: i64, per_minute: u32) -> TimeDelta {
    #[allow(clippy::cast_precision_loss)] // an estimate
    let minutes =
        (left as f64 * points as f64 / read.max(1) as f64 + walks as f64) / f64::from(per_minute);
    #[allow(clippy::cast_possible_truncation)]
    TimeDelta::minutes((minutes.ceil() as i64).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_takes_as_long_as_its_events_cost_so_far() {
        // 600 events for 90 points: 6,000 more cost 900, which is two minutes at 450 a minute.
        assert_eq!(takes(6_000, 600, 90, 0, 450), TimeDelta::minutes(2));
        assert_eq!(takes(1, 600, 90, 449, 450), TimeDelta::minutes(1));
        // The members of 900 groups are two minutes more.
        assert_eq!(takes(6_000, 600, 90, 900, 450), TimeDelta::minutes(4));
        assert_eq!(takes(0, 0, 0, 0, 450), TimeDelta::minutes(1));
    }
}
