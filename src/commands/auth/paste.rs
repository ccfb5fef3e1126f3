//! What a person pastes into the terminal, line by line.

use std::io::BufRead;
use tokio::sync::mpsc;

/// Reads lines in a thread of its own; the channel closes where the input ends. The thread may outlive
/// the sign-in: nobody can end a read of a terminal.
pub(super) fn lines() -> mpsc::Receiver<String> {
    let (told, heard) = mpsc::channel(1);
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines() {
            let Ok(line) = line else { return };
            if told.blocking_send(line).is_err() {
                return;
            }
        }
    });
    heard
}
