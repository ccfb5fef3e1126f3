//! Reading by two threads that see one state (`mirror::second`), where there can be two.

use std::sync::atomic::{AtomicUsize, Ordering};

use rusqlite::Connection;

use crate::mirror::second;

/// The groups' numbers; each is handed out once, to whoever asks first.
pub(super) struct Turns<'a> {
    next: &'a AtomicUsize,
    groups: usize,
}

impl Turns<'_> {
    /// The next group; none: all are taken.
    pub(super) fn take(&self) -> Option<usize> {
        let turn = self.next.fetch_add(1, Ordering::Relaxed);
        (turn < self.groups).then_some(turn)
    }
}

/// Does the work for so many groups, shared with a second reader; what each of them made of its part. Temporary
/// tables are the first one's alone.
pub(super) fn both<T: Send>(
    first: &Connection,
    groups: usize,
    work: impl Fn(&Connection, &Turns<'_>) -> rusqlite::Result<T> + Sync,
) -> rusqlite::Result<(T, Option<T>)> {
    let next = &AtomicUsize::new(0);
    let (work, turns) = (&work, || Turns { next, groups });
    // Without a second one, the first reads alone.
    let second = second(first).ok().flatten();
    std::thread::scope(|scope| {
        let second = second.map(|conn| {
            let turns = turns();
            scope.spawn(move || work(&conn, &turns))
        });
        let first = work(first, &turns());
        let second = second.map(|it| {
            let ended = it.join();
            ended.unwrap_or_else(|broke| std::panic::resume_unwind(broke))
        });
        Ok((first?, second.transpose()?))
    })
}
