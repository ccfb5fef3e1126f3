//! How far `gatherd doctor` is, for whoever waits.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

/// How far the one check is that can take long.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen {
    /// One for each page of the database that was looked at, then further ones for its rows.
    pub(super) steps: Arc<AtomicU64>,
    /// How many pages it has; none while something else is checked.
    pub(super) pages: Arc<AtomicU64>,
}

impl Seen {
    /// In words, for whoever waits.
    pub(crate) fn told(&self) -> String {
        let [steps, pages] = [&self.steps, &self.pages].map(|it| it.load(Ordering::Relaxed));
        match (steps, pages) {
            (_, 0) => "checking".to_owned(),
            (steps, pages) if steps < pages => format!(
                "checking the database: {} % of its {pages} pages",
                steps * 100 / pages
            ),
            _ => "checking the database: its pages are in order, now its rows".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_told_how_many_pages_are_behind_and_then_that_rows_are_left() {
        let seen = Seen::default();
        assert_eq!(seen.told(), "checking");
        seen.pages.store(4_000, Ordering::Relaxed);
        seen.steps.store(1_000, Ordering::Relaxed);
        assert_eq!(seen.told(), "checking the database: 25 % of its 4000 pages");
        seen.steps.store(4_500, Ordering::Relaxed);
        assert_eq!(
            seen.told(),
            "checking the database: its pages are in order, now its rows"
        );
    }
}
