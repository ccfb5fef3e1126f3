//! `[backup]`: copies that the daemon makes.

use std::path::PathBuf;

use super::line::Line;
use super::reading::Section;
use super::timing::line_or;

/// So many are kept unless configured.
const KEEP: u32 = 7;
/// Each night, unless configured.
const NIGHTLY: &str = "30 2 * * *";

/// Copies that the daemon makes.
#[derive(Debug, Clone)]
pub struct Backup {
    /// The folder.
    pub dir: PathBuf,
    /// How many are kept; at least one.
    pub keep: usize,
    /// When one is made, on the clocks of the schedule's zone.
    pub schedule: Line,
}

/// None where the section is not written.
pub(super) fn read(section: &Section<'_, '_>) -> Option<Backup> {
    if !section.is_present() {
        return None;
    }
    let dir = section.text("dir");
    if dir.is_none() && !section.has("dir") {
        let remedy =
            "write dir = \"...\", the folder that is to hold the backups; best on another disk";
        section.problem("dir", "is missing", remedy);
    }
    let keep = section.whole_or("keep", 1..=10_000, KEEP);
    let schedule = line_or(section, "schedule", NIGHTLY);
    section.finish();
    Some(Backup {
        dir: section.reader.path(&dir?),
        keep: usize::try_from(keep).unwrap_or(1),
        schedule,
    })
}
