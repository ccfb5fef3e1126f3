//! What is remembered of contact with a group, in words for its own page.

use chrono::{DateTime, FixedOffset, Utc};

use super::plain::clean;
use super::words::local_day;
use crate::community::{Contact, MemoryId, Muted};

/// The latest notes and askings told where there is little room.
pub const TOLD: usize = 6;

/// One thing that is remembered: what it is taken back by, when it was kept, and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered {
    /// Its id.
    pub id: MemoryId,
    /// When it was kept.
    pub at: DateTime<Utc>,
    /// In words.
    pub line: String,
}

/// What was remembered by `now`, line by line: notes and askings, the latest `most` of them and the very latest first, then
/// mutes in force and what was agreed. Days are those of the clock that `now` is told by.
pub fn remembered(contact: &Contact, now: DateTime<FixedOffset>, most: usize) -> Vec<String> {
    let told = talks(contact, now);
    let more = told.len().saturating_sub(most);
    let mut lines: Vec<String> = told.into_iter().take(most).map(|it| it.line).collect();
    if more > 0 {
        lines.push(format!("and {more} more; gatherd notes lists them all"));
    }
    lines.extend(agreed(contact, now).into_iter().map(|it| it.line));
    lines
}

/// The same, each with what it is taken back by, and who looks after the group. A region's owner is not kept there.
pub fn each_remembered(contact: &Contact, now: DateTime<FixedOffset>) -> Vec<Remembered> {
    let mut all = talks(contact, now);
    all.extend(agreed(contact, now));
    let owner = contact.owner.as_ref().filter(|owner| owner.id != 0);
    all.extend(owner.map(|owner| Remembered {
        id: MemoryId::Owner(owner.id),
        at: owner.at,
        line: format!(
            "looked after by {}, kept on {}{}",
            clean(&owner.name),
            day(owner.at, now),
            by(owner.author.as_deref())
        ),
    }));
    all
}

/// A day by the clock of `now`.
fn day(at: DateTime<Utc>, now: DateTime<FixedOffset>) -> String {
    let on = at.with_timezone(&now.timezone()).date_naive();
    local_day(on, now.date_naive())
}

/// Notes and askings, the latest first.
fn talks(contact: &Contact, now: DateTime<FixedOffset>) -> Vec<Remembered> {
    let today = now.date_naive();
    let notes = contact.notes.iter().filter(|note| note.at <= now);
    let mut told: Vec<Remembered> = notes
        .map(|note| {
            let by = by(note.author.as_deref());
            let on = day(note.at, now);
            Remembered {
                id: MemoryId::Note(note.id),
                at: note.at,
                line: format!("note of {on}{by}: “{}”", clean(&note.text)),
            }
        })
        .collect();
    let asked = contact.asked.iter().filter(|asked| asked.at <= now);
    told.extend(asked.map(|asked| {
        let whom = asked.whom.as_deref().map(clean);
        let whom = whom.map_or_else(String::new, |whom| format!(" {whom}"));
        let again = asked.again_on.map_or_else(String::new, |day| {
            format!("; look again on {}", local_day(day, today))
        });
        let by = by(asked.author.as_deref());
        Remembered {
            id: MemoryId::Note(asked.id),
            at: asked.at,
            line: format!("asked{whom} on {}{by}{again}", day(asked.at, now)),
        }
    }));
    // Of one second, what was kept last stands first as well.
    told.reverse();
    told.sort_by_key(|it| std::cmp::Reverse(it.at));
    told
}

/// Mutes in force, and what was agreed.
fn agreed(contact: &Contact, now: DateTime<FixedOffset>) -> Vec<Remembered> {
    let today = now.date_naive();
    let muted = contact.mutes_on(today).filter(|mute| mute.at <= now);
    let mut lines: Vec<Remembered> = muted
        .map(|mute| {
            let what = mute
                .what
                .word()
                .map_or_else(String::new, |kind| format!(" ({})", clean(kind)));
            let line = match mute.until_on {
                Some(day) if mute.what == Muted::Calls => {
                    format!("not now: to be left alone until {}", local_day(day, today))
                }
                Some(day) => format!("muted{what} until {}", local_day(day, today)),
                None => format!("muted{what} until taken back"),
            };
            Remembered {
                id: MemoryId::Mute(mute.id),
                at: mute.at,
                line,
            }
        })
        .collect();
    let agreed = contact.target.filter(|agreed| agreed.at <= now);
    lines.extend(agreed.map(|agreed| {
        let span = match agreed.every_months {
            1 => "every month".to_owned(),
            n => format!("every {n} months"),
        };
        Remembered {
            id: MemoryId::Target(agreed.id),
            at: agreed.at,
            line: format!("agreed on {}: an event {span}", day(agreed.at, now)),
        }
    }));
    lines
}

/// Who kept it, where that is known.
fn by(author: Option<&str>) -> String {
    author.map_or_else(String::new, |author| format!(" by {}", clean(author)))
}
