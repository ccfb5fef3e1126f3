//! The first signal lets the page in hand finish; the second ends the program at once.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use tokio::sync::watch;

/// Starts listening. `stop` is thrown by the first signal, and so is the answered watch.
pub(super) fn listen(stop: Arc<AtomicBool>) -> watch::Receiver<bool> {
    let (told, heard) = watch::channel(false);
    tokio::spawn(async move {
        signal().await;
        tracing::info!("stopping after the page in hand; once more stops at once");
        stop.store(true, Ordering::Relaxed);
        told.send_replace(true);
        signal().await;
        std::process::exit(130);
    });
    heard
}

#[cfg(unix)]
async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

#[cfg(not(unix))]
async fn signal() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
