//! The first signal lets the page in hand finish; the second ends the program at once.

use crate::meetup::Stop;

/// Starts listening; the first signal throws `stop`.
pub(crate) fn listen(stop: Stop) {
    // From here on no signal ends the program by itself: not before the task runs, nor between two.
    let mut signals = Signals::begin();
    tokio::spawn(async move {
        signals.next().await;
        tracing::info!("stopping after the page in hand; once more stops at once");
        stop.throw();
        signals.next().await;
        std::process::exit(130);
    });
}

#[cfg(unix)]
struct Signals(Vec<tokio::signal::unix::Signal>);

#[cfg(unix)]
impl Signals {
    fn begin() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        let kinds = [SignalKind::terminate(), SignalKind::interrupt()];
        // One that cannot be listened to keeps its usual effect.
        Self(
            kinds
                .into_iter()
                .filter_map(|kind| signal(kind).ok())
                .collect(),
        )
    }

    async fn next(&mut self) {
        std::future::poll_fn(|context| {
            let mut signals = self.0.iter_mut();
            if signals.any(|signal| signal.poll_recv(context).is_ready()) {
                std::task::Poll::Ready(())
            } else {
                std::task::Poll::Pending
            }
        })
        .await;
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn begin() -> Self {
        Self
    }

    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
