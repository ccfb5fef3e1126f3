//! Whether the daemon is alive: it holds the lock, and each of its lanes moved lately.
//!
//! A lane moves whenever its loop turns, while it asks, and while it waits knowingly; one that stands in
//! a measurement does not. Each notes the moment in an atomic of its own. Twice a minute the moments
//! are written into the lock file, in place, for whoever looks from outside.

use crate::{
    mirror::{Holder, PassLock},
    report::clean,
};
use chrono::{DateTime, TimeDelta, Utc};
use std::{
    fmt::Write,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// A lane that has not moved for so long stands still.
const PATIENCE: TimeDelta = TimeDelta::minutes(5);
/// How a lane's line begins.
const LANE: &str = "lane ";

/// When each lane last moved, by the machine's own clock: the wall clock may be set.
#[derive(Debug)]
pub(crate) struct Pulse {
    base: Instant,
    lanes: Vec<(String, Beat)>,
}

/// One lane's last move.
#[derive(Debug, Clone)]
pub(crate) struct Beat {
    base: Instant,
    moved: Arc<AtomicU64>,
}

impl Beat {
    /// The lane moved.
    pub(crate) fn turn(&self) {
        let now = u64::try_from(self.base.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.moved.store(now, Ordering::Relaxed);
    }

    /// How long ago the lane moved.
    fn stands(&self) -> Duration {
        let moved = Duration::from_millis(self.moved.load(Ordering::Relaxed));
        self.base.elapsed().saturating_sub(moved)
    }
}

impl Pulse {
    pub(crate) fn new() -> Self {
        Self {
            base: Instant::now(),
            lanes: Vec::new(),
        }
    }

    /// A lane that begins now.
    pub(crate) fn lane(&mut self, name: String) -> Beat {
        let beat = Beat {
            base: self.base,
            moved: Arc::default(),
        };
        beat.turn();
        self.lanes.push((name, beat.clone()));
        beat
    }

    /// Whether each lane moved within this time.
    pub(crate) fn moves_within(&self, patience: Duration) -> bool {
        self.lanes.iter().all(|(_, beat)| beat.stands() < patience)
    }

    /// What is to stand in the lock file now.
    pub(crate) fn words(&self, now: DateTime<Utc>) -> String {
        let mut text = String::new();
        for (name, beat) in &self.lanes {
            let at = now - TimeDelta::from_std(beat.stands()).unwrap_or(TimeDelta::MAX);
            let _ = writeln!(text, "{LANE}{} {}", at.timestamp(), clean(name));
        }
        text
    }
}

/// Why the daemon of the database at `path` is not alive; empty: it is.
pub(crate) fn lifeless(path: &Path, now: DateTime<Utc>) -> Vec<String> {
    let Some(holder) = PassLock::held(path) else {
        return vec!["no daemon runs on this database".to_owned()];
    };
    standing(&holder, now)
}

/// When each lane of the daemon of the database at `path` last moved, by name, as was written lately; none: no
/// daemon runs.
pub(crate) fn moves(path: &Path) -> Vec<(String, i64)> {
    let holder = PassLock::held(path);
    let lanes = holder.iter().flat_map(lanes);
    lanes.map(|(at, name)| (name.to_owned(), at)).collect()
}

fn lanes(holder: &Holder) -> impl Iterator<Item = (i64, &str)> {
    holder.says.lines().filter_map(|line| {
        let (at, name) = line.strip_prefix(LANE)?.split_once(' ')?;
        Some((at.parse().ok()?, name))
    })
}

fn standing(holder: &Holder, now: DateTime<Utc>) -> Vec<String> {
    let lanes: Vec<(i64, &str)> = lanes(holder).collect();
    if lanes.is_empty() {
        let who = holder
            .pid
            .map_or_else(String::new, |pid| format!(" (process {pid})"));
        return vec![format!(
            "the database is held by a command that is no daemon{who}"
        )];
    }
    let still = lanes.into_iter().filter_map(|(at, name)| {
        let age = now.timestamp() - at;
        (age > PATIENCE.num_seconds()).then(|| {
            format!(
                "the daemon's lane for {name} has not moved for {}",
                super::span(age)
            )
        })
    });
    still.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lane_that_has_not_moved_for_five_minutes_is_told_by_its_name() {
        let mut pulse = Pulse::new();
        pulse.lane("asking".to_owned()).turn();
        pulse.lane("sending to ops".to_owned()).turn();
        let now = Utc::now();
        let holder = Holder {
            pid: Some(7),
            says: pulse.words(now),
        };
        let after = |minutes| standing(&holder, now + TimeDelta::minutes(minutes));
        assert_eq!(after(0), [""; 0]);
        assert_eq!(after(4), [""; 0]);
        assert_eq!(
            after(6),
            [
                "the daemon's lane for asking has not moved for 6 min",
                "the daemon's lane for sending to ops has not moved for 6 min"
            ]
        );
        // The clock was set back since.
        assert_eq!(after(-60), [""; 0]);
    }

    #[test]
    fn a_command_that_holds_the_lock_is_no_daemon() {
        let holder = Holder {
            pid: Some(7),
            says: String::new(),
        };
        assert_eq!(
            standing(&holder, Utc::now()),
            ["the database is held by a command that is no daemon (process 7)"]
        );
    }
}
