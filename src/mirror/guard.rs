//! Whether the file is still the one that was opened, and whether the write-ahead log beside it is its own.
//!
//! **Why SQLite does not tell.** A log (`-wal`) has salts and checksums of its own, but nothing in it names
//! the file it belongs to. SQLite plays it into whatever lies at the path: a backup that is put beside an
//! old log is destroyed by the first command that opens it. And whoever holds a file open goes on writing
//! to it when another one is put at its path, or when its bytes are overwritten by `cp`.
//!
//! **The mark.** Every transaction that changes something also advances a number, which lies alone on a page
//! of its own (`mark.rs`). So the log's frames hold the numbers of its commits, first to last, and the file
//! the number of the last commit that was moved into it.
//!
//! **A log and its file.** SQLite begins a log only once all of the one before is in the file, and moves
//! pages into the file only from commits that the log holds. So at any instant, a kill or a power failure
//! within a commit, within a checkpoint or between them included, the file's number is that of the commit
//! just before the log's first, or of one in the log: `first - 1 <= file <= last`. A file with any other
//! number, or one of another file's line (`mark.rs`), or with no mark where the log has one, is not the log's, and
//! opening refuses. Of the log only
//! the frames count that SQLite would take. Where a file's number lies within the log's, the log leads
//! from it to the log's end: a page that differs was changed since, and is in the log. That holds for copies
//! which keep the pages' places. `VACUUM INTO` does not, and gives its copy a later version of the schema
//! than there was; so a file with a later one than any in the log is refused too.
//!
//! **The file under a running process.** The path must lead to the same file (device and number) as when
//! it was opened; the file's number must be none less than was seen before, and none greater than the last
//! commit's. This is looked at before every write, once before its transaction begins and once within it,
//! where nobody else can commit; and before reading, as far as the path goes. Whoever finds it otherwise
//! writes nothing more, and leaves the log alone on closing: playing it in is what would destroy the file.
//! What is put in place after the second look is noticed at the next write only.
//!
//! **A file written anew** (VACUUM, see `cleaning.rs`) has its mark on another page. Whoever does not find it where it
//! was looks through the whole file, and takes it for its own by the same comparison of numbers.
//!
//! **What it cannot catch.** A log none of whose commits is gatherd's (`sqlite3` on the command line), or
//! with marks on two pages (after a VACUUM): such a log is believed. A copy of the file made after the
//! log's first commit, by whatever means that keep the pages' places: there, playing the log in is right.
//! A file in which only other pages were changed by hand. Where in doubt the log is believed, for refusing
//! one's own log after a kill would lose what it holds.
//!
//! **Names.** SQLite finds the log by the file's path, links resolved, and so does gatherd. A file with two
//! names in the file system (hard links) would have two logs, and is refused.
//!
//! **Locks.** Closing any handle of a file drops all locks that this process has on it, SQLite's included.
//! So a file's handle is one for all mirrors of this process, and closed with the last of them.

use std::collections::HashMap;
use std::fs::{self, File, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use rusqlite::Connection;

use super::beside::{RESTORING, beside};
use super::log::{Log, SCHEMA_AT};
use super::mark::{self, BIRTH, Mark};
use super::{Loss, MirrorError, Result};

/// How often a log that does not suit is read again while it changes.
const TRIES: usize = 25;
/// How often a mark is, which may just be written.
const READS: usize = 3;
const MOMENT: Duration = Duration::from_millis(20);

/// A file, whatever its names: device and number.
type Identity = (u64, u64);

#[cfg(unix)]
fn identity(found: &Metadata) -> Identity {
    use std::os::unix::fs::MetadataExt;
    (found.dev(), found.ino())
}

#[cfg(not(unix))]
fn identity(_: &Metadata) -> Identity {
    (0, 0)
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, offset)
}

#[cfg(not(unix))]
fn read_at(_: &File, _: &mut [u8], _: u64) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// The database's path with all links resolved: beside it lie its log and its lock.
pub(super) fn resolved(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// The one handle of a file in this process.
#[derive(Debug, Clone)]
pub(super) struct Handle {
    file: Arc<File>,
    identity: Identity,
}

impl Handle {
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        static HANDLES: Mutex<Option<HashMap<Identity, Weak<File>>>> = Mutex::new(None);
        let mut handles = HANDLES.lock().unwrap_or_else(PoisonError::into_inner);
        let handles = handles.get_or_insert_default();
        let known = identity(&fs::metadata(path)?);
        if let Some(file) = handles.get(&known).and_then(Weak::upgrade) {
            let identity = known;
            return Ok(Self { file, identity });
        }
        let file = Arc::new(File::open(path)?);
        let identity = identity(&file.metadata()?);
        handles.retain(|_, file| file.strong_count() > 0);
        handles.insert(identity, Arc::downgrade(&file));
        Ok(Self { file, identity })
    }

    /// What became of the path since.
    pub(super) fn at(&self, path: &Path) -> Result<(), Loss> {
        match fs::metadata(path) {
            Ok(found) if identity(&found) == self.identity => Ok(()),
            Ok(_) => Err(Loss::Replaced),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(Loss::Gone),
            // Whatever keeps it from being looked at does not replace it.
            Err(_) => Ok(()),
        }
    }

    /// The mark of the last commit that is in the file itself.
    fn mark(&self, page: u32, page_size: usize) -> Option<Mark> {
        let mut bytes = vec![0; page_size];
        let offset = u64::from(page).checked_sub(1)? * page_size as u64;
        read_at(&self.file, &mut bytes, offset).ok()?;
        mark::on_page(&bytes)
    }

    /// The mark on whichever page it is, and that page; after a VACUUM it is on another one.
    fn mark_anywhere(&self, page_size: usize) -> Option<(u32, Mark)> {
        let pages = self.len().checked_div(page_size as u64)?;
        (1..=u32::try_from(pages).unwrap_or(u32::MAX))
            .find_map(|page| Some((page, self.mark(page, page_size)?)))
    }

    fn len(&self) -> u64 {
        self.file.metadata().map_or(0, |found| found.len())
    }

    fn page_size(&self) -> Option<usize> {
        let mut header = [0; 18];
        read_at(&self.file, &mut header, 0).ok()?;
        let size = header.strip_prefix(b"SQLite format 3\0")?;
        Some(match u16::from_be_bytes([size[0], size[1]]) {
            1 => 65_536,
            size => usize::from(size),
        })
    }

    /// The version of the schema in the file itself.
    fn schema(&self) -> Option<u32> {
        let mut bytes = [0; 4];
        read_at(&self.file, &mut bytes, SCHEMA_AT as u64).ok()?;
        Some(u32::from_be_bytes(bytes))
    }

    fn suits(&self, log: &Log) -> bool {
        if self.page_size() != Some(log.page_size) {
            return false;
        }
        let Some(marks) = log.marks else { return true };
        if self.schema().is_some_and(|schema| schema > marks.schema) {
            return false;
        }
        let number = self.mark(marks.page, log.page_size).or_else(|| {
            let (_, moved) = self.mark_anywhere(log.page_size)?;
            Some(moved)
        });
        match number {
            Some(mark) => mark.is_before(marks.first, marks.last),
            // The table itself may still be in the log only.
            None => marks.first == BIRTH,
        }
    }

    /// Refuses a log that is not this file's. The path is a resolved one.
    pub(super) fn check_log(&self, path: &Path) -> Result<()> {
        let log_path = beside(path, "-wal");
        for _ in 0..TRIES {
            // One that cannot be read is SQLite's to tell.
            let Ok(Some(log)) = Log::read(&log_path) else {
                return Ok(());
            };
            if self.suits(&log) {
                return Ok(());
            }
            // Between the two looks somebody may have written.
            if matches!(Log::read(&log_path), Ok(Some(again)) if again == log) {
                return Err(stray_log(path));
            }
            std::thread::sleep(MOMENT);
        }
        Ok(()) // somebody lives with it
    }

    /// Whether a log with something in it, wherever it lies, is this file's.
    pub(super) fn owns_log(&self, log: &Path) -> bool {
        matches!(Log::read(log), Ok(Some(log)) if self.suits(&log))
    }

    /// Refuses a file that has another name.
    #[cfg(unix)]
    pub(super) fn check_names(&self, path: &Path) -> Result<()> {
        use std::os::unix::fs::MetadataExt;
        let names = || self.file.metadata().map_or(1, |found| found.nlink());
        if names() <= 1 {
            return Ok(());
        }
        // Whoever makes a file gives it two names for a moment; if killed then, for longer.
        std::thread::sleep(MOMENT);
        super::beside::remove_drafts(path, |found| identity(found) == self.identity);
        match names() {
            0 | 1 => Ok(()),
            names => Err(MirrorError::ManyNames {
                path: path.to_owned(),
                names,
            }),
        }
    }

    #[cfg(not(unix))]
    pub(super) fn check_names(&self, _: &Path) -> Result<()> {
        Ok(())
    }
}

/// A log beside nothing, or beside a file that is not its own.
pub(super) fn stray_log(path: &Path) -> MirrorError {
    MirrorError::StrayLog {
        path: path.to_owned(),
    }
}

/// Refuses to make a file beside a log that some other file left.
pub(super) fn check_no_log(path: &Path) -> Result<()> {
    match Log::read(&beside(path, "-wal")) {
        Ok(Some(_)) if !path.exists() => Err(stray_log(path)),
        _ => Ok(()),
    }
}

/// Refuses to make, or to miss, a database that a restore is about to put there.
pub(super) fn check_none_begun(path: &Path) -> Result<()> {
    if beside(&resolved(path), RESTORING).exists() {
        return Err(MirrorError::HalfRestored {
            path: path.to_owned(),
        });
    }
    Ok(())
}

/// Looks after the open file.
#[derive(Debug)]
pub(super) struct Guard {
    path: PathBuf,
    handle: Handle,
    seen: Mutex<Seen>,
}

/// Where the mark is, and the number last seen in the file; none before it is there.
#[derive(Debug, Default)]
struct Seen {
    page: u32,
    page_size: usize,
    number: Option<u64>,
    /// What was found once stays so.
    loss: Option<Loss>,
}

impl Guard {
    pub(super) fn new(path: &Path, handle: Handle) -> Self {
        Self {
            path: path.to_owned(),
            handle,
            seen: Mutex::default(),
        }
    }

    fn lost(&self, seen: &mut Seen, loss: Loss) -> MirrorError {
        seen.loss = Some(loss);
        let path = self.path.clone();
        MirrorError::Lost { path, loss }
    }

    /// Whether the path still leads to the file that was opened.
    pub(super) fn check_path(&self) -> Result<()> {
        let mut seen = self.seen();
        let found = seen.loss.map_or_else(|| self.handle.at(&self.path), Err);
        found.map_err(|loss| self.lost(&mut seen, loss))
    }

    /// The same, and that the file's content only went on.
    pub(super) fn check(&self) -> Result<()> {
        self.check_path()?;
        let last = Mark {
            number: u64::MAX,
            schema: u32::MAX,
        };
        self.check_mark(&mut self.seen(), last)
    }

    /// The same within a write transaction: nobody else commits, so the last number is known.
    pub(super) fn check_within(&self, tx: &Connection) -> Result<()> {
        let Some(page) = mark::page(tx)? else {
            return Ok(());
        };
        let last = Mark {
            number: mark::mark(tx)?.map_or(u64::MAX, |mark| mark.number),
            schema: mark::schema(tx)?,
        };
        let mut seen = self.seen();
        if seen.page != page {
            let size: i64 = tx.query_row("PRAGMA page_size", [], |row| row.get(0))?;
            *seen = Seen {
                page,
                page_size: usize::try_from(size).unwrap_or(0),
                ..Seen::default()
            };
        }
        self.check_mark(&mut seen, last)
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn check_mark(&self, seen: &mut Seen, last: Mark) -> Result<()> {
        // One that is just being written may be read in part.
        for _ in 0..READS {
            let found = self.handle.mark(seen.page, seen.page_size);
            let found = found.map(|mark| mark.number);
            let is_ours = match found {
                Some(number) => (seen.number.unwrap_or(0)..=last.number).contains(&number),
                None => seen.number.is_none(),
            };
            if is_ours && self.handle.schema().is_none_or(|it| it <= last.schema) {
                seen.number = found;
                return Ok(());
            }
            std::thread::sleep(MOMENT);
        }
        // Written anew by another process, it has its mark on another page.
        if let (Some(number), Some((page, mark))) =
            (seen.number, self.handle.mark_anywhere(seen.page_size))
            && page != seen.page
            && (number..=last.number).contains(&mark.number)
        {
            seen.page = page;
            seen.number = Some(mark.number);
            return Ok(());
        }
        Err(self.lost(seen, Loss::Overwritten))
    }

    /// Brings the mark into the file itself where it is not yet: from then on it is watched.
    pub(super) fn settle(&self, conn: &Connection) -> Result<()> {
        self.check_within(conn)?;
        if self.seen().number.is_none() {
            conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
            self.check_within(conn)?;
        }
        Ok(())
    }
}
