//! What is remembered of contact with a group, in words for its own page.

use chrono::{DateTime, FixedOffset, Utc};

use super::plain::clean;
use super::words::local_day;
use crate::community::{Contact, Muted};

/// The latest notes and askings told where there is little room.
pub const TOLD: usize = 6;

/// What was remembered by `now`, line by line: notes and askings, the latest `most` of them and the very latest first, then
/// mutes in force and what was agreed. Days are those of the clock that `now` is told by.
pub fn remembered(contact: &Contact, now: DateTime<FixedOffset>, most: usize) -> Vec<String> {
    let today = now.date_naive();
    let on = |at: DateTime<Utc>| local_day(at.with_timezone(&now.timezone()).date_naive(), today);
    let mut told: Vec<(DateTime<Utc>, String)> = contact
        .notes
        .iter()
        .filter(|note| note.at <= now)
        .map(|note| {
            let by = by(note.author.as_deref());
            let line = format!("note of {}{by}: “{}”", on(note.at), clean(&note.text));
            (note.at, line)
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
        (
            asked.at,
            format!("asked{whom} on {}{by}{again}", on(asked.at)),
        )
    }));
    // Of one second, what was kept last stands first as well.
    told.reverse();
    told.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let more = told.len().saturating_sub(most);
    let mut lines: Vec<String> = told.into_iter().take(most).map(|(_, line)| line).collect();
    if more > 0 {
        lines.push(format!("and {more} more; gatherd notes lists them all"));
    }
    let muted = contact.mutes_on(today).filter(|mute| mute.at <= now);
    lines.extend(muted.map(|mute| {
        let what = mute
            .what
            .word()
            .map_or_else(String::new, |kind| format!(" ({})", clean(kind)));
        match mute.until_on {
            Some(day) if mute.what == Muted::Calls => {
                format!("not now: to be left alone until {}", local_day(day, today))
            }
            Some(day) => format!("muted{what} until {}", local_day(day, today)),
            None => format!("muted{what} until taken back"),
        }
    }));
    let agreed = contact.target.filter(|agreed| agreed.at <= now);
    lines.extend(agreed.map(|agreed| {
        let span = match agreed.every_months {
            1 => "every month".to_owned(),
            n => format!("every {n} months"),
        };
        format!("agreed on {}: an event {span}", on(agreed.at))
    }));
    lines
}

/// Who kept it, where that is known.
fn by(author: Option<&str>) -> String {
    author.map_or_else(String::new, |author| format!(" by {}", clean(author)))
}
