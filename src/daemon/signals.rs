//! The first signal ends what is under way, in a few seconds; the second ends the program at once.
//!
//! A hang-up is one more way to say so, but for a daemon without a terminal, which reads its
//! configuration again. It is never taken for the second signal: a terminal that closes often sends two.

use crate::{
    meetup::Stop,
    sync::{SyncError, Syncer},
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::Notify;

/// What is under way is given so long after the first signal.
const LAST_MOMENT: Duration = Duration::from_millis(3_500);
/// And so long where it renews a token.
const LAST_RENEWAL: Duration = Duration::from_secs(32);
/// How often is looked whether a token is still being renewed.
const LOOK: Duration = Duration::from_millis(50);

/// Starts listening; the first signal throws `stop`.
pub(crate) fn listen(stop: Stop) {
    listen_for(Signals::begin(false), stop, Arc::default());
}

/// The same for a daemon: each hang-up that comes without a terminal is told to whom this answers.
pub(crate) fn listen_to_reload(stop: Stop) -> Arc<Notify> {
    let hung_up = Arc::<Notify>::default();
    listen_for(Signals::begin(true), stop, Arc::clone(&hung_up));
    hung_up
}

fn listen_for(mut signals: Signals, stop: Stop, hung_up: Arc<Notify>) {
    tokio::spawn(async move {
        loop {
            match signals.next().await {
                Heard::Reload => hung_up.notify_one(),
                Heard::HangUp if stop.is_thrown() => {}
                Heard::End if stop.is_thrown() => std::process::exit(130),
                Heard::End | Heard::HangUp => {
                    tracing::info!("stopping after the page in hand; once more stops at once");
                    stop.throw();
                }
            }
        }
    });
}

/// Returns when whatever is still under way after the first signal is waited for no longer. Nothing of
/// it is lost: a page is asked again, a message is sent again when its lease ends.
pub(crate) async fn is_late(syncer: &Syncer) {
    syncer.stop_switch().is_late(LAST_MOMENT).await;
    let began = Instant::now();
    while syncer.meetup().is_renewing() && began.elapsed() + LAST_MOMENT < LAST_RENEWAL {
        tokio::time::sleep(LOOK).await;
    }
}

/// What came of the work, unless a signal came and it is not done yet when it is too late.
pub(crate) async fn finished<T>(
    syncer: &Syncer,
    work: impl Future<Output = T>,
) -> Result<T, SyncError> {
    tokio::select! {
        done = work => Ok(done),
        () = is_late(syncer) => Err(SyncError::Stopped),
    }
}

/// What a signal says. From [`Signals::begin`] on none ends the program by itself.
enum Heard {
    /// Be done.
    End,
    /// The terminal is gone.
    HangUp,
    /// Read the configuration again.
    Reload,
}

#[cfg(unix)]
struct Signals {
    ends: Vec<tokio::signal::unix::Signal>,
    hang_up: Option<tokio::signal::unix::Signal>,
    reloads: bool,
}

#[cfg(unix)]
impl Signals {
    fn begin(reloads: bool) -> Self {
        use std::io::IsTerminal;
        use tokio::signal::unix::{SignalKind, signal};
        let kinds = [SignalKind::terminate(), SignalKind::interrupt()];
        let is_on_terminal = std::io::stdin().is_terminal() || std::io::stdout().is_terminal();
        let reloads = reloads && !is_on_terminal;
        // One that cannot be listened to keeps its usual effect. Nor does a command end by what `nohup`
        // made it ignore.
        let hears = reloads || !ignores_hang_up();
        Self {
            ends: kinds
                .into_iter()
                .filter_map(|kind| signal(kind).ok())
                .collect(),
            hang_up: hears.then(|| signal(SignalKind::hangup()).ok()).flatten(),
            reloads,
        }
    }

    async fn next(&mut self) -> Heard {
        use std::task::Poll;
        std::future::poll_fn(|context| {
            let mut ends = self.ends.iter_mut();
            if ends.any(|signal| signal.poll_recv(context).is_ready()) {
                return Poll::Ready(Heard::End);
            }
            let mut hang_up = self.hang_up.iter_mut();
            match hang_up.any(|signal| signal.poll_recv(context).is_ready()) {
                true if self.reloads => Poll::Ready(Heard::Reload),
                true => Poll::Ready(Heard::HangUp),
                false => Poll::Pending,
            }
        })
        .await
    }
}

/// Whether this process was started so that a hang-up does nothing, as far as the system tells.
#[cfg(unix)]
fn ignores_hang_up() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    // The hang-up is the first of all signals.
    ignored.is_some_and(|mask| mask & 1 == 1)
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn begin(_: bool) -> Self {
        Self
    }

    async fn next(&mut self) -> Heard {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        Heard::End
    }
}
