//! When a walk through pages ends.
//!
//! Meetup's `hasNextPage` alone cannot be trusted in either direction, so a walk ends on the first of:
//! no next page, no edges, no cursor, or a cursor that was already used.

use crate::community::Cursor;
use std::collections::HashSet;

/// The cursors of one walk.
#[derive(Debug, Default)]
pub struct Walk {
    used: HashSet<Cursor>,
    at: Option<Cursor>,
}

impl Walk {
    /// Where the next page starts; none for the first.
    pub fn at(&self) -> Option<&Cursor> {
        self.at.as_ref()
    }

    /// Takes a page's end; true when another page is to be asked.
    pub fn goes_on(&mut self, next: Option<Cursor>, rows: usize) -> bool {
        match next {
            Some(cursor) if rows > 0 && self.used.insert(cursor.clone()) => {
                self.at = Some(cursor);
                true
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_walk_ends_without_cursor_without_rows_and_on_a_repeated_cursor() {
        let cursor = |text: &str| Some(Cursor(text.into()));
        let mut walk = Walk::default();
        assert!(walk.goes_on(cursor("a"), 5));
        assert!(walk.goes_on(cursor("b"), 5));
        assert!(
            !walk.goes_on(cursor("a"), 5),
            "a repeated cursor would walk in a circle"
        );
        assert!(!walk.goes_on(None, 5));
        assert!(!walk.goes_on(cursor("c"), 0));
    }
}
