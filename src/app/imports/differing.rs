//! A file's rows beside those that the same name had before.

use std::{collections::HashMap, hash::Hash};

/// What would change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Differing {
    /// Rows as before.
    pub(crate) same: usize,
    /// Rows that were not there, with their lines.
    pub(crate) new: Vec<(u64, String)>,
    /// Rows that were there otherwise: line, how they were, how they are.
    pub(crate) changed: Vec<(u64, String, String)>,
    /// Rows that are not there any more.
    pub(crate) dropped: Vec<String>,
}

impl Differing {
    /// Whether anything would.
    pub(crate) fn is_change(&self) -> bool {
        !(self.new.is_empty() && self.changed.is_empty() && self.dropped.is_empty())
    }

    /// Compares. Equal rows are the same one each; of the rest, those of one `mark` are one row that was corrected, in
    /// their order.
    pub(super) fn of<R: Eq + Hash, M: Eq + Hash>(
        before: &[R],
        now: &[(u64, R)],
        mark: impl Fn(&R) -> M,
        show: impl Fn(&R) -> String,
    ) -> Self {
        let mut differing = Self::default();
        let mut left: HashMap<&R, usize> = HashMap::new();
        for row in before {
            *left.entry(row).or_default() += 1;
        }
        let mut others = Vec::new();
        for (line, row) in now {
            match left.get_mut(row) {
                Some(times) if *times > 0 => {
                    *times -= 1;
                    differing.same += 1;
                }
                _ => others.push((*line, row)),
            }
        }
        // Those that found no equal, first ones last, to be taken from the end.
        let mut corrected: HashMap<M, Vec<&R>> = HashMap::new();
        for row in before.iter().rev() {
            if let Some(times) = left.get_mut(row).filter(|times| **times > 0) {
                *times -= 1;
                corrected.entry(mark(row)).or_default().push(row);
            }
        }
        for (line, row) in others {
            match corrected.get_mut(&mark(row)).and_then(Vec::pop) {
                Some(was) => differing.changed.push((line, show(was), show(row))),
                None => differing.new.push((line, show(row))),
            }
        }
        let mut dropped: Vec<String> = corrected.into_values().flatten().map(show).collect();
        dropped.sort();
        differing.dropped = dropped;
        differing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_new_changed_dropped_or_the_same_each_once() {
        let before = [("a", 1), ("a", 1), ("b", 2), ("c", 3), ("d", 4), ("d", 5)];
        let now = [
            (2, ("a", 1)),
            (3, ("a", 9)),
            (4, ("b", 2)),
            (5, ("e", 5)),
            (6, ("d", 6)),
        ];
        let found = Differing::of(&before, &now, |it| it.0, |it| format!("{}{}", it.0, it.1));
        let text = str::to_owned;
        assert_eq!(
            found,
            Differing {
                same: 2,
                new: vec![(5, text("e5"))],
                changed: vec![(3, text("a1"), text("a9")), (6, text("d4"), text("d6"))],
                dropped: vec![text("c3"), text("d5")],
            }
        );
        let same = before.map(|row| (0, row));
        let found = Differing::of(&before, &same, |it| it.0, |_| String::new());
        assert!(!found.is_change());
    }
}
