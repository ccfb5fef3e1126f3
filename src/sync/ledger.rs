//! Introduces the asking room to the budget kept in the mirror.
//!
//! Each question reserves its points in a committed row before it is sent; the row's id is the number
//! of the question, by which older answers are told from newer ones. That it was answered is noted with
//! whatever is recorded next: after a kill its points are only taken for longer. Points come free one window after
//! the answer, by a clock that neither jumps nor runs backwards. Other processes read the same ledger by
//! the wall clock; so when that is set, the ledger's rows are set with it.

use crate::{
    meetup,
    mirror::{self, Mirror, MirrorError, Terms},
};
use chrono::{DateTime, TimeDelta, Utc};
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// The budget of `points` per `window`, shared by all processes on this database.
#[expect(clippy::disallowed_methods, reason = "all its functions may block")]
pub fn ledger(mirror: &Mirror, points: u32, window: Duration) -> Arc<meetup::Ledger> {
    let clock = Arc::new(Clock::start());
    let (reserves, answers, refusals) = (clock.clone(), clock.clone(), clock);
    let window_ms = i64::try_from(window.as_millis()).unwrap_or(i64::MAX);
    let (reserving, answering, refusing) = (mirror.clone(), mirror.clone(), mirror.clone());
    Arc::new(meetup::Ledger {
        reserve: Box::new(move |operation, root_fields| {
            let step = reserves.step();
            let at = reserves.now() + step;
            let operation = operation.to_owned();
            let reserved = reserving
                .write_together(terms(at), move |w| {
                    w.budget_clock_stepped(step.num_milliseconds(), at.timestamp_millis())?;
                    w.reserve(
                        at.timestamp_millis(),
                        window_ms,
                        points,
                        &operation,
                        root_fields,
                    )
                })
                .map(|reserve| match reserve {
                    mirror::Reserve::Granted { asked, points } => {
                        meetup::Reserve::Granted { asked, points }
                    }
                    mirror::Reserve::Wait { until_ms } => meetup::Reserve::Wait {
                        until_ms: until_ms - reserves.ahead_ms(),
                    },
                })
                .map_err(|error| failed(&error));
            if reserved.is_ok() {
                reserves.follow(step);
            }
            reserved
        }),
        answered: Box::new(move |asked, nodes| {
            answering.answered(asked, answers.now().timestamp_millis(), nodes);
            Ok(())
        }),
        refused: Box::new(move |asked, not_before_ms, consumed| {
            let at = refusals.now();
            let not_before_ms = not_before_ms + refusals.ahead_ms();
            refusing
                .write_together(terms(at), move |w| {
                    w.refused(
                        asked,
                        at.timestamp_millis(),
                        window_ms,
                        not_before_ms,
                        consumed,
                    )
                })
                .map_err(|error| failed(&error))
        }),
    })
}

fn terms(at: DateTime<Utc>) -> Terms {
    Terms {
        now: at.timestamp(),
        ..Terms::default()
    }
}

/// The wall clock at the start plus what has passed since. It takes a step of the wall clock over only
/// together with the ledger, so that no point comes free by it.
struct Clock(Mutex<(DateTime<Utc>, Instant)>);

/// Less than this is no step but two readings that were not made at once.
const SLACK: TimeDelta = TimeDelta::seconds(2);

impl Clock {
    fn start() -> Self {
        Self(Mutex::new((Utc::now(), Instant::now())))
    }

    fn now(&self) -> DateTime<Utc> {
        let started = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        started.0 + started.1.elapsed()
    }

    /// The asking room waits by the wall clock: what passes between the two is translated.
    fn ahead_ms(&self) -> i64 {
        (self.now() - Utc::now()).num_milliseconds()
    }

    /// How far the wall clock was set since it was last followed. A machine that slept counts too.
    fn step(&self) -> TimeDelta {
        let step = Utc::now() - self.now();
        if step.abs() < SLACK {
            TimeDelta::zero()
        } else {
            step
        }
    }

    fn follow(&self, step: TimeDelta) {
        if step != TimeDelta::zero() {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).0 += step;
        }
    }
}

/// A database that is merely busy is no unusable one.
fn failed(error: &MirrorError) -> meetup::LedgerError {
    meetup::LedgerError {
        message: error.to_string(),
        is_busy: matches!(error, MirrorError::Busy { .. }),
    }
}
