//! When a walk through pages ends.
//!
//! Meetup's `hasNextPage` alone cannot be trusted in either direction, so a walk ends on the first of:
//! no next page, no cursor, a cursor that was already used, or a page on which nothing is new. One that
//! brings more than twice what it counts is no listing of anything, and fails.

use super::errors::AskError;
use crate::community::Cursor;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Rows from which on a count is held against a listing; small counts are often wrong.
const LEAST: usize = 50;
/// Rows of a listing that is not counted.
const UNCOUNTED: usize = 1_000_000;

/// The cursors of one walk, and what stood on its pages.
#[derive(Debug, Default)]
pub struct Walk {
    used: HashSet<Cursor>,
    /// Hashes: whole keys of a large network would take much room, and one taken for another costs nothing.
    seen: HashSet<u64>,
    at: Option<Cursor>,
}

impl Walk {
    /// Where the next page starts; none for the first.
    pub fn at(&self) -> Option<&Cursor> {
        self.at.as_ref()
    }

    /// Takes a page by its end, the rows that the whole listing is said to have, and the keys of its own;
    /// true when another page is to be asked.
    ///
    /// # Errors
    ///
    /// See [`check_end`].
    pub fn goes_on<'k>(
        &mut self,
        next: Option<Cursor>,
        total: Option<i64>,
        keys: impl IntoIterator<Item = &'k str>,
    ) -> Result<bool, AskError> {
        let before = self.seen.len();
        for key in keys {
            let mut hasher = DefaultHasher::new();
            key.hash(&mut hasher);
            self.seen.insert(hasher.finish());
        }
        let is_new = self.seen.len() > before;
        let Some(cursor) = next.filter(|_| is_new) else {
            return Ok(false);
        };
        if !self.used.insert(cursor.clone()) {
            return Ok(false);
        }
        check_end(self.seen.len(), total)?;
        self.at = Some(cursor);
        Ok(true)
    }
}

/// Whether another page may follow after so many rows.
///
/// # Errors
///
/// Where twice the rows that the listing is said to have were seen.
pub fn check_end(seen: usize, total: Option<i64>) -> Result<(), AskError> {
    let total = total.and_then(|it| usize::try_from(it).ok());
    let most = total.map_or(UNCOUNTED, |it| it.max(LEAST).saturating_mul(2));
    if seen < most {
        return Ok(());
    }
    let counted = total.map_or_else(|| "none".to_owned(), |it| it.to_string());
    Err(AskError::Unavailable {
        operation: "a listing",
        cause: format!("it does not end: {seen} rows, where Meetup counts {counted}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_walk_ends_without_cursor_without_news_and_on_a_repeated_cursor() {
        let cursor = |text: &str| Some(Cursor(text.into()));
        let mut walk = Walk::default();
        let mut page = |next, keys: &[&str]| walk.goes_on(next, Some(9), keys.iter().copied());
        assert!(page(cursor("a"), &["1", "2"]).unwrap());
        assert!(page(cursor("b"), &["2", "3"]).unwrap());
        assert!(
            !page(cursor("a"), &["4"]).unwrap(),
            "a repeated cursor would walk in a circle"
        );
        assert!(!page(None, &["5"]).unwrap());
        assert!(!page(cursor("c"), &[]).unwrap());
        assert!(
            !page(cursor("d"), &["1", "5"]).unwrap(),
            "all of it was seen"
        );
    }

    #[test]
    fn a_listing_of_more_than_twice_its_count_fails() {
        for (seen, total, is_well) in [
            (99, Some(3), true),
            (100, Some(3), false),
            (399, Some(200), true),
            (400, Some(200), false),
            (999_999, None, true),
            (1_000_000, None, false),
        ] {
            assert_eq!(check_end(seen, total).is_ok(), is_well, "{seen} {total:?}");
        }
    }
}
