//! The outbox as functions: the mirror's, or a test's.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::mirror::{Leased, Mirror, Whither};

/// A delivery leased from the outbox.
#[derive(Debug, Clone)]
pub struct Parcel {
    /// Its number in the outbox.
    pub id: i64,
    /// The same over all attempts, and no other's.
    pub key: String,
    /// The channel's name.
    pub channel: String,
    /// Exactly what is posted.
    pub payload: String,
    /// Which attempt this is, from 1.
    pub attempt: u32,
    /// Since when it waits.
    pub created_at: DateTime<Utc>,
}

/// What becomes of a delivery after an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It arrived; in part only, where it says how it went.
    Sent(Option<String>),
    /// To be tried again at that time, for that reason.
    Later(DateTime<Utc>, String),
    /// Given up, for that reason.
    Dead(String),
}

/// Leases the next due delivery for so long at that time; none is due: none. May block.
pub type Lease =
    Box<dyn Fn(DateTime<Utc>, Duration) -> Result<Option<Parcel>, String> + Send + Sync>;
/// Notes at that time what became of the delivery of that number. May block.
pub type Note = Box<dyn Fn(i64, DateTime<Utc>, &Fate) -> Result<(), String> + Send + Sync>;

/// The outbox, as functions.
pub struct Outbox {
    /// Leases what is due.
    pub lease: Lease,
    /// Notes what became of it.
    pub note: Note,
}

impl Outbox {
    /// The mirror's outbox.
    pub fn of(mirror: &Mirror) -> Self {
        Self::to(mirror, Whither::Anywhere)
    }

    /// The part of the mirror's outbox that goes there.
    #[expect(clippy::disallowed_methods, reason = "both functions may block")]
    pub fn to(mirror: &Mirror, to: Whither) -> Self {
        let (leasing, noting) = (mirror.clone(), mirror.clone());
        Self {
            lease: Box::new(move |now, lease| {
                let seconds = i64::try_from(lease.as_secs()).unwrap_or(i64::MAX);
                let leased = leasing.write(now, |writing| writing.lease_delivery_to(&to, seconds));
                leased
                    .map(|leased| leased.map(parcel))
                    .map_err(|error| error.to_string())
            }),
            note: Box::new(move |id, now, fate| {
                let noted = noting.write(now, |writing| match fate {
                    Fate::Sent(lacks) => writing.delivery_sent(id, lacks.as_deref()),
                    Fate::Later(next, why) => writing.delivery_later(id, *next, why),
                    Fate::Dead(why) => writing.delivery_dead(id, why),
                });
                noted.map_err(|error| error.to_string())
            }),
        }
    }
}

fn parcel(leased: Leased) -> Parcel {
    Parcel {
        id: leased.id,
        key: leased.key,
        channel: leased.channel,
        payload: leased.payload,
        attempt: u32::try_from(leased.attempts).unwrap_or(u32::MAX),
        created_at: DateTime::from_timestamp(leased.created_at, 0).unwrap_or_default(),
    }
}
