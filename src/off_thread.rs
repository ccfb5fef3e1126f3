//! The one way off the async threads. Whatever blocks (SQLite, measuring, composing, locks of files)
//! goes through here, so that no task stands still because another one works.
//!
//! `clippy.toml` names what blocks; who may call it without this is said in `lib.rs`.

/// Runs blocking work on a thread where it holds nobody up, and answers what it answered.
///
/// Whoever waits may stop waiting: the work then goes on to its end by itself.
///
/// # Panics
/// With the work's own panic, so that whoever waits ends of it as if the work had been done in place.
pub(crate) async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    #[expect(clippy::disallowed_methods, reason = "this is the one place")]
    let done = tokio::task::spawn_blocking(work).await;
    match done {
        Ok(answer) => answer,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // The runtime is going down, and this task with it.
            Err(_) => std::future::pending().await,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_of_the_work_is_the_waiting_tasks_own() {
        let task = tokio::spawn(off_thread(|| -> u8 { panic!("broken on purpose") }));
        let ended = task.await;
        assert!(ended.is_err_and(|error| error.is_panic()));
    }

    #[tokio::test]
    async fn others_go_on_while_the_work_is_done() {
        let (open, gate) = std::sync::mpsc::channel();
        let waiting = tokio::spawn(off_thread(move || gate.recv()));
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished(), "on the one thread of this test");
        open.send(7).expect("it waits");
        assert_eq!(waiting.await.expect("it ends"), Ok(7));
    }
}
