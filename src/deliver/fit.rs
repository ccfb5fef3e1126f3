//! Making a message fit: what to leave out next, whatever the service's limits are.

use crate::report::message::{Message, Section};

/// How much of each section is kept.
#[derive(Debug, Clone)]
pub(super) struct Fit {
    /// Lines and entries kept, by section; sections beyond are left out.
    pub(super) kept: Vec<Kept>,
}

/// What is kept of one section.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kept {
    /// Of its lines.
    pub(super) lines: usize,
    /// Of its entries.
    pub(super) entries: usize,
}

impl Kept {
    /// How many entries are not shown.
    pub(super) fn unlisted(self, section: &Section) -> usize {
        section.entries.len() - self.entries + section.unlisted
    }
}

impl Fit {
    /// All of it.
    pub(super) fn whole(message: &Message) -> Self {
        let kept = message.sections.iter().map(|section| Kept {
            lines: section.lines.len(),
            entries: section.entries.len(),
        });
        Self {
            kept: kept.collect(),
        }
    }

    /// Leaves out about `share` of what can go next; false when nothing is left to leave out.
    ///
    /// Whole entries first, from the section that has most; then lines, from the end of the longest;
    /// then sections, from the end.
    pub(super) fn shrink(&mut self, share: f64) -> bool {
        let entries: usize = self.kept.iter().map(|kept| kept.entries).sum();
        if entries > 0 {
            #[allow(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                clippy::cast_precision_loss
            )]
            let steps = ((entries as f64 * share) as usize).max(1);
            for _ in 0..steps {
                take_one(&mut self.kept, |kept| &mut kept.entries);
            }
            return true;
        }
        if self.kept.iter().any(|kept| kept.lines > 1) {
            take_one(&mut self.kept, |kept| &mut kept.lines);
            return true;
        }
        self.kept.pop().is_some()
    }
}

/// Takes one from the largest, from the later one of two alike.
fn take_one(kept: &mut [Kept], part: impl Fn(&mut Kept) -> &mut usize) {
    let largest = kept.iter_mut().map(&part).max_by_key(|count| **count);
    if let Some(count) = largest {
        *count = count.saturating_sub(1);
    }
}
