//! Progress of a long pass: bars per stage on a terminal, else a log line every few seconds.

use super::said::counted;
use crate::{
    meetup::Waiting,
    sync::{Seen, Syncer},
};
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::{
    borrow::Cow,
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

/// Where something takes longer than this, it is said that it does.
const LONG: Duration = Duration::from_secs(5);

/// Does something under a line on a terminal, where it takes long, that says what and for how long.
pub(super) async fn spinning<T, S: Into<Cow<'static, str>>>(
    what: impl Fn() -> S,
    work: impl Future<Output = T>,
) -> T {
    let mut work = std::pin::pin!(work);
    tokio::select! {
        done = &mut work => return done,
        () = tokio::time::sleep(LONG) => {}
    }
    let line = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
        line.set_style(style);
    }
    line.set_elapsed(LONG);
    line.enable_steady_tick(DRAW);
    let done = loop {
        line.set_message(what());
        tokio::select! {
            done = &mut work => break done,
            () = tokio::time::sleep(DRAW) => {}
        }
    };
    line.finish_and_clear();
    done
}

fn draw(syncer: &Syncer, ended: &AtomicBool) {
    let progress = syncer.progress();
    let bars = MultiProgress::with_draw_target(ProgressDrawTarget::stderr());
    let line = bars.add(ProgressBar::new_spinner());
    let bar = |name: &'static str| {
        let bar = bars.insert_before(&line, ProgressBar::new(0));
        let style = ProgressStyle::with_template(
            "{prefix:8} {bar:20} {human_pos:>9} of {human_len:9} {wide_msg}",
        );
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_prefix(name);
        bar
    };
    // A bar of unknown length would look full.
    let show = |slot: &mut Option<ProgressBar>, name, (done, expected): (u64, u64), more| {
        if expected > 0 {
            let bar = slot.get_or_insert_with(|| bar(name));
            bar.set_length(expected.max(done));
            bar.set_position(done);
            bar.set_message(more);
        }
    };
    let (mut events, mut members) = (None, None);
    // Cut where the terminal ends.
    if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg}") {
        line.set_style(style);
    }
    let started = Instant::now();
    while !ended.load(Ordering::Relaxed) {
        let seen = progress.seen();
        let of_events = (seen.events, seen.events_expected);
        let rsvps = format!("{} RSVPs", counted(seen.rsvps));
        show(&mut events, "events", of_events, rsvps);
        let of_rosters = (seen.rosters, seen.rosters_expected);
        let memberships = format!("{} memberships", counted(seen.memberships));
        show(&mut members, "rosters", of_rosters, memberships);
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
    for bar in events.iter().chain(&members).chain([&line]) {
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
