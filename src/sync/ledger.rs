//! Introduces the asking room to the budget kept in the mirror.
//!
//! Each question reserves its points in a committed row before it is sent; the row's id is the number
//! of the question, by which older answers are told from newer ones. Points come free one window after
//! the answer, by a clock that neither jumps nor runs backwards within a process: the wall clock at
//! the start plus what has passed since.

use crate::{
    meetup,
    mirror::{self, Mirror, MirrorError},
};
use chrono::Utc;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// The budget of `points` per `window`, shared by all processes on this database.
pub fn ledger(mirror: &Mirror, points: u32, window: Duration) -> Arc<meetup::Ledger> {
    let started = (Utc::now(), Instant::now());
    let now = move || started.0 + started.1.elapsed();
    // The asking room waits by the wall clock, which may have stepped since: what passes between the
    // two is translated.
    let ahead = move || now().timestamp_millis() - Utc::now().timestamp_millis();
    let window_ms = i64::try_from(window.as_millis()).unwrap_or(i64::MAX);
    let (reserving, answering, refusing) = (mirror.clone(), mirror.clone(), mirror.clone());
    Arc::new(meetup::Ledger {
        reserve: Box::new(move |operation, root_fields| {
            let at = now();
            reserving
                .write(at, |w| {
                    w.reserve(
                        at.timestamp_millis(),
                        window_ms,
                        points,
                        operation,
                        root_fields,
                    )
                })
                .map(|reserve| match reserve {
                    mirror::Reserve::Granted { asked, points } => {
                        meetup::Reserve::Granted { asked, points }
                    }
                    mirror::Reserve::Wait { until_ms } => meetup::Reserve::Wait {
                        until_ms: until_ms - ahead(),
                    },
                })
                .map_err(|error| failed(&error))
        }),
        answered: Box::new(move |asked| {
            let at = now();
            answering
                .write(at, |w| w.answered(asked, at.timestamp_millis()))
                .map_err(|error| failed(&error))
        }),
        refused: Box::new(move |asked, operation, not_before_ms, learned| {
            let at = now();
            let not_before_ms = not_before_ms + ahead();
            refusing
                .write(at, |w| {
                    w.refused(
                        asked,
                        operation,
                        at.timestamp_millis(),
                        not_before_ms,
                        learned,
                    )
                })
                .map_err(|error| failed(&error))
        }),
    })
}

/// A database that is merely busy is no unusable one.
fn failed(error: &MirrorError) -> meetup::LedgerError {
    meetup::LedgerError {
        message: error.to_string(),
        is_busy: matches!(error, MirrorError::Busy { .. }),
    }
}
