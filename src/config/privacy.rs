//! `[privacy]`: what is kept about people, and for how long.

use super::reading::Section;

/// What is kept about people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Privacy {
    /// Whether their names are.
    pub names: bool,
    /// After so many months without anything new they are forgotten; none: never.
    pub retention_months: Option<u32>,
}

/// A hundred years.
const LONGEST: u32 = 1_200;

pub(super) fn read(section: &Section<'_, '_>) -> Privacy {
    let names = section.flag("names");
    let privacy = Privacy {
        names: section.or_default("names", names, true, bool::to_string),
        retention_months: section.whole("retention_months", 1..=LONGEST),
    };
    section.finish();
    privacy
}
