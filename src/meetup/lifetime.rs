//! How long an access token is good for, by clocks of which none can be trusted alone.
//!
//! The wall clock may be set; the machine's own clock stands still while it sleeps and begins anew with
//! each process. A token is renewed as soon as either says so, and also when the wall clock shows a time
//! before the token was granted: then nobody knows how old it is. A renewal too many costs one request.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};

/// Corrections of the clock up to this are nothing to act on; tokens are renewed earlier than they must.
const SLACK: TimeDelta = TimeDelta::seconds(60);
/// Taken for files that do not say when their token was granted.
const LONGEST: TimeDelta = TimeDelta::hours(24);

/// When a token was granted and when it is to be renewed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lifetime {
    granted_at: DateTime<Utc>,
    renew_at: DateTime<Utc>,
    /// The same as `renew_at`, by the machine's own clock; none: further away than it can tell.
    due: Option<Instant>,
}

impl Lifetime {
    /// Of a token granted just now that is good for so long.
    pub(crate) fn begin(now: DateTime<Utc>, life: Duration) -> Self {
        let span = TimeDelta::from_std(life).unwrap_or(LONGEST).min(LONGEST);
        Self {
            granted_at: now,
            renew_at: now + span,
            due: Instant::now().checked_add(life),
        }
    }

    /// Of a token read from the file, unless it is due.
    pub(crate) fn read(
        granted_at: Option<DateTime<Utc>>,
        renew_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Option<Self> {
        let left = (renew_at - now).to_std().ok()?;
        let lifetime = Self {
            granted_at: granted_at.unwrap_or(renew_at - LONGEST),
            renew_at,
            due: Instant::now().checked_add(left),
        };
        lifetime.is_fresh(now).then_some(lifetime)
    }

    /// Whether it need not be renewed yet.
    pub(crate) fn is_fresh(&self, now: DateTime<Utc>) -> bool {
        self.granted_at - SLACK <= now
            && now < self.renew_at
            && self.due.is_none_or(|due| Instant::now() < due)
    }

    pub(crate) fn granted_at(&self) -> DateTime<Utc> {
        self.granted_at
    }

    pub(crate) fn renew_at(&self) -> DateTime<Utc> {
        self.renew_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    #[test]
    fn a_token_is_renewed_when_its_time_is_up_or_cannot_be_told() {
        let now = Utc::now();
        let life = Lifetime::begin(now, HOUR);
        for (step, is_fresh) in [
            (TimeDelta::zero(), true),
            (TimeDelta::minutes(59), true),
            (TimeDelta::minutes(60), false),
            (TimeDelta::days(400), false),
            (TimeDelta::seconds(-50), true),
            (TimeDelta::minutes(-2), false),
            (TimeDelta::days(-400), false),
        ] {
            assert_eq!(life.is_fresh(now + step), is_fresh, "{step}");
        }
    }

    #[test]
    fn a_wall_clock_set_back_a_little_does_not_stretch_a_life() {
        // 30 s of the hour have passed by the machine's own clock, whatever the wall shows.
        let life = Lifetime {
            due: Instant::now().checked_sub(Duration::from_secs(1)),
            ..Lifetime::begin(Utc::now(), HOUR)
        };
        assert!(!life.is_fresh(Utc::now()));
    }

    #[test]
    fn what_a_file_says_is_believed_within_sense() {
        let now = Utc::now();
        let hour = TimeDelta::hours(1);
        assert!(Lifetime::read(Some(now - hour), now + hour, now).is_some());
        assert!(Lifetime::read(Some(now - hour), now, now).is_none());
        assert!(Lifetime::read(Some(now + hour), now + hour * 2, now).is_none());
        // Files of earlier versions do not say when.
        assert!(Lifetime::read(None, now + hour, now).is_some());
        assert!(Lifetime::read(None, now + hour * 48, now).is_none());
    }
}
