//! One pass at a time: a lock on a file beside the database, whatever link it was named by.
//!
//! The system drops the lock when its process ends, however that happens, so it is never stale. What
//! is inside is only for people and health checks: the pid, and what its process says of itself. The
//! file itself stays: removing it would let two processes hold
//! locks on two files of one name.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;
use std::time::Duration;

use super::beside::beside;
use super::guard::resolved;

/// How often a waiting process tries again.
const RETRY: Duration = Duration::from_millis(200);
/// Whoever only looks whether the lock is held has it for a moment; so often, and so far apart, it is
/// tried before it counts as held.
const TRIES: usize = 4;
const MOMENT: Duration = Duration::from_millis(15);

/// The right to run a pass; given back when dropped.
#[derive(Debug)]
pub struct PassLock {
    file: File,
}

/// A lock that is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// By which process, where the file says so.
    pub pid: Option<u32>,
    /// What it said of itself, see [`PassLock::say`].
    pub says: String,
}

/// As much of the file as is read.
const LONGEST: u64 = 64 * 1024;

/// Why there is no lock.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another process runs a pass.
    #[error("another pass holds the database{}\nlet it end; `backfill` and `sync` can wait for it with --wait", process(*pid))]
    Held {
        /// Its process, where it says so.
        pid: Option<u32>,
    },
    /// The lock file cannot be used.
    #[error(
        "lock file {path}: {cause}\nlet this account write the database's directory, which must be there"
    )]
    Unusable {
        /// The lock file.
        path: String,
        /// What the system said.
        cause: std::io::Error,
    },
}

fn process(pid: Option<u32>) -> String {
    pid.map_or_else(String::new, |pid| format!(" (process {pid})"))
}

/// Information only: whatever is not a number is no pid.
fn holder_in(file: &File) -> Holder {
    let mut text = String::new();
    let mut start = file.take(LONGEST);
    // What cannot be read says nothing.
    let _ = start.read_to_string(&mut text);
    let (pid, says) = text.split_once('\n').unwrap_or((&text, ""));
    Holder {
        pid: pid.trim().parse().ok(),
        says: says.to_owned(),
    }
}

impl PassLock {
    /// Takes the lock of the database at `db`, or says who has it.
    ///
    /// # Errors
    ///
    /// If another process has it, or its file cannot be made.
    pub fn take(db: &Path) -> Result<Self, LockError> {
        let path = beside(&resolved(db), ".lock");
        let unusable = |cause| LockError::Unusable {
            path: path.display().to_string(),
            cause,
        };
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path).map_err(unusable)?;
        let mut tries = 1;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if tries < TRIES => {
                    tries += 1;
                    std::thread::sleep(MOMENT);
                }
                Err(TryLockError::WouldBlock) => {
                    return Err(LockError::Held {
                        pid: holder_in(&file).pid,
                    });
                }
                Err(TryLockError::Error(cause)) => return Err(unusable(cause)),
            }
        }
        let lock = Self { file };
        // The lock holds without its pid, for which a full disk has no room.
        let _ = lock.say("");
        Ok(lock)
    }

    /// Says something of this process to whoever looks at the lock. It is written in place, so that it
    /// needs no room on a disk that is full by now.
    ///
    /// # Errors
    ///
    /// If the file cannot be written.
    pub fn say(&self, words: &str) -> std::io::Result<()> {
        let text = format!("{}\n{words}", std::process::id());
        let mut file = &self.file;
        file.rewind()?;
        file.write_all(text.as_bytes())?;
        file.set_len(text.len() as u64)
    }

    /// Who holds the lock, if anybody does; the process is none where the file does not name it. Nothing
    /// is written, and no file is made.
    pub fn holder(db: &Path) -> Option<Option<u32>> {
        Self::held(db).map(|holder| holder.pid)
    }

    /// The same, with what it says of itself.
    pub fn held(db: &Path) -> Option<Holder> {
        let file = File::open(beside(&resolved(db), ".lock")).ok()?;
        match file.try_lock_shared() {
            Err(TryLockError::WouldBlock) => Some(holder_in(&file)),
            // Taken for a moment; dropping the file gives it back.
            _ => None,
        }
    }

    /// Waits for the lock. `keep_waiting` is asked before each further try, with the holder's pid;
    /// when it says no, the refusal is returned.
    ///
    /// # Errors
    ///
    /// If another process has it still and no more waiting is wanted, or its file cannot be made.
    pub fn wait(
        db: &Path,
        mut keep_waiting: impl FnMut(Option<u32>) -> bool,
    ) -> Result<Self, LockError> {
        loop {
            match Self::take(db) {
                Err(LockError::Held { pid }) if keep_waiting(pid) => std::thread::sleep(RETRY),
                other => return other,
            }
        }
    }
}
