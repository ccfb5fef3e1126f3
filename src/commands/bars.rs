//! Progress of a long pass: bars per stage on a terminal, else a log line every few seconds.

use super::said::counted;
use crate::{
    meetup::Waiting,
    sync::{Seen, Syncer},
};
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::{
    io::IsTerminal,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

const DRAW: Duration = Duration::from_millis(200);
const LOG: Duration = Duration::from_secs(5);

/// Shows progress until dropped.
pub(super) struct Bars {
    end: Arc<AtomicBool>,
    task: Option<std::thread::JoinHandle<()>>,
}

impl Bars {
    /// Starts showing what this syncer does.
    pub(super) fn show(syncer: &Syncer) -> Self {
        let syncer = syncer.clone();
        let end = Arc::new(AtomicBool::new(false));
        let ended = Arc::clone(&end);
        let task = std::thread::spawn(move || {
            if std::io::stderr().is_terminal() {
                draw(&syncer, &ended);
            } else {
                log(&syncer, &ended);
            }
        });
        Self {
            end,
            task: Some(task),
        }
    }
}

impl Drop for Bars {
    fn drop(&mut self) {
        self.end.store(true, Ordering::Relaxed);
        if let Some(task) = self.task.take() {
            // A bar that panicked must not spoil the pass it showed.
            drop(task.join());
        }
    }
}

fn draw(syncer: &Syncer, ended: &AtomicBool) {
    let progress = syncer.progress();
    let bars = MultiProgress::with_draw_target(ProgressDrawTarget::stderr());
    let bar = |name: &'static str| {
        let bar = bars.add(ProgressBar::new(0));
        let style = ProgressStyle::with_template(
            "{prefix:8} {bar:20} {human_pos:>9} of {human_len:9} {wide_msg}",
        );
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_prefix(name);
        bar
    };
    let (events, members) = (bar("events"), bar("rosters"));
    let line = bars.add(ProgressBar::new_spinner());
    // Cut where the terminal ends.
    if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg}") {
        line.set_style(style);
    }
    let started = Instant::now();
    while !ended.load(Ordering::Relaxed) {
        let seen = progress.seen();
        // A bar of unknown length would look full.
        if seen.events_expected > 0 {
            events.set_length(seen.events_expected.max(seen.events));
            events.set_position(seen.events);
            events.set_message(format!("{} RSVPs", counted(seen.rsvps)));
        }
        if seen.rosters_expected > 0 {
            members.set_length(seen.rosters_expected.max(seen.rosters));
            members.set_position(seen.rosters);
            members.set_message(format!("{} memberships", counted(seen.memberships)));
        }
        line.set_message(format!(
            "{} groups · {} points used{}{}",
            counted(seen.groups),
            counted(syncer.points_spent()),
            left(seen, started.elapsed())
                .map_or_else(String::new, |left| format!(" · about {left} left")),
            syncer.waiting().map_or_else(String::new, waiting)
        ));
        std::thread::sleep(DRAW);
    }
    for bar in [&events, &members, &line] {
        bar.finish_and_clear();
    }
}

fn log(syncer: &Syncer, ended: &AtomicBool) {
    let progress = syncer.progress();
    let started = Instant::now();
    let mut told = Instant::now();
    while !ended.load(Ordering::Relaxed) {
        std::thread::sleep(DRAW);
        if told.elapsed() < LOG {
            continue;
        }
        told = Instant::now();
        let seen = progress.seen();
        tracing::info!(
            groups = seen.groups,
            events = seen.events,
            of_events = seen.events_expected,
            rsvps = seen.rsvps,
            rosters = seen.rosters,
            of_rosters = seen.rosters_expected,
            memberships = seen.memberships,
            points = syncer.points_spent(),
            left = left(seen, started.elapsed()).unwrap_or_default(),
            "reading"
        );
    }
}

fn waiting(it: Waiting) -> String {
    let until = it.until.format("%H:%M:%S UTC");
    format!(" · waiting for {} until {until}", it.what)
}

/// Time left, once enough is done to tell.
fn left(seen: Seen, elapsed: Duration) -> Option<String> {
    let expected =
        seen.events_expected.max(seen.events) / 50 + seen.rosters_expected.max(seen.rosters);
    let done = seen.events / 50 + seen.rosters;
    if done < 10 || done >= expected {
        return None;
    }
    #[allow(clippy::cast_precision_loss)] // an estimate
    let seconds = elapsed.as_secs_f64() * (expected - done) as f64 / done as f64;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let seconds = seconds.ceil() as u64;
    Some(if seconds < 90 {
        format!("{seconds} s")
    } else {
        format!("{} min", seconds.div_ceil(60))
    })
}
