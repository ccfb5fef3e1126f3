//! Whether an answer is news to a row.

use super::Writing;
use super::recall::RowOf;

impl Writing<'_> {
    /// Whether an answer changes a row that keeps one order for all it holds: it must not be older
    /// than the newest that showed the row. One that shows the row as it is kept is only remembered.
    pub(super) fn is_news(&self, row: RowOf, written: i64, asked: i64, is_same: bool) -> bool {
        let mut recall = self.recall.borrow_mut();
        if asked < recall.asked(row, written) {
            return false;
        }
        if is_same && asked > written {
            recall.remember(row, asked);
        }
        !is_same
    }
}
