//! Making a message fit: what to leave out next, whatever the service's limits are.

use crate::chart::GroupsMet;
use crate::report::message::{Entry, Fact, Line, Message, OTHERS, Section, Tone};

/// More entries of one section than any service has room for.
const ENTRIES: usize = 500;

/// As many names after a list as are left where there is little room.
const FEW_OTHERS: usize = 3;

/// Entries of a section that asks something of the reader which are cut after those of all others.
const ASKED: usize = 5;

/// How much of each section is kept.
#[derive(Debug, Clone)]
pub(super) struct Fit {
    /// Whether what can be drawn is.
    is_drawn: bool,
    /// By section; sections beyond are left out.
    kept: Vec<Kept>,
}

/// What is kept of one section.
#[derive(Debug, Clone, Copy)]
struct Kept {
    lines: usize,
    facts: usize,
    entries: usize,
    /// Names of those that are not among the entries.
    others: usize,
    /// Something is asked of the reader in it, so it is cut last.
    is_asking: bool,
}

/// What is shown of one section.
pub(super) struct Shown<'a> {
    /// Its heading.
    pub(super) heading: Option<&'a str>,
    /// What kind of news it is.
    pub(super) tone: Tone,
    /// The lines shown.
    pub(super) lines: &'a [Line],
    /// What the last of them says, where there is room to draw it.
    pub(super) picture: Option<&'a GroupsMet>,
    /// Whether lines or facts are missing.
    pub(super) is_cut: bool,
    /// The facts shown.
    pub(super) facts: &'a [Fact],
    /// The entries shown.
    pub(super) entries: &'a [Entry],
    /// How many entries are not, and where they are.
    pub(super) more: Option<String>,
}

/// Renders a message with as much of it as is not in excess. `excess` is the share of what was
/// rendered that is too much; zero or less fits. What can be done at once stands at as many entries as there is room
/// for beside all that is said, from the first on.
pub(super) fn fitted<T>(
    message: &Message,
    render: impl Fn(&Message, &Fit) -> T,
    excess: impl Fn(&T) -> f64,
) -> T {
    let mut fit = Fit::whole(message);
    let plain = loop {
        let rendered = render(message, &fit);
        let too_much = excess(&rendered);
        // Most of the excess far from the goal, entry by entry close to it.
        let share = if too_much > 0.2 { 0.9 } else { 0.5 };
        if too_much <= 0.0 || !fit.shrink(too_much * share) {
            break rendered;
        }
    };
    for first in (1..=message.acts()).rev() {
        let rendered = render(&message.with_acts(first), &fit);
        if excess(&rendered) <= 0.0 {
            return rendered;
        }
    }
    plain
}

/// The share of `size` that is over `limit`.
#[allow(clippy::cast_precision_loss)]
pub(super) fn over(size: usize, limit: usize) -> f64 {
    if size <= limit {
        return 0.0;
    }
    1.0 - limit as f64 / size as f64
}

impl Fit {
    fn whole(message: &Message) -> Self {
        let kept = message.sections.iter().map(|section| Kept {
            lines: section.lines.len(),
            facts: section.facts.len(),
            entries: section.entries.len().min(ENTRIES),
            others: section.others.len().min(OTHERS),
            is_asking: section.tone == Tone::Attention,
        });
        Self {
            is_drawn: message.picture().is_some(),
            kept: kept.collect(),
        }
    }

    /// What is shown of the message's sections.
    pub(super) fn sections<'a>(&self, message: &'a Message) -> Vec<Shown<'a>> {
        let shown = message.sections.iter().zip(&self.kept);
        shown
            .map(|(section, kept)| Shown {
                picture: section.picture.as_ref().filter(|_| self.is_drawn),
                ..kept.of(section, &message.elsewhere)
            })
            .collect()
    }

    /// How many whole sections are not shown, and where they are.
    pub(super) fn more_sections(&self, message: &Message) -> Option<String> {
        let more = match message.sections.len() - self.kept.len() {
            0 => return None,
            1 => "and 1 more section".to_owned(),
            count => format!("and {count} more sections"),
        };
        Some(match message.elsewhere.as_str() {
            "" => more,
            elsewhere => format!("{more}; {elsewhere}"),
        })
    }

    /// Leaves out about `share` of what can go next; false when nothing is left to leave out.
    ///
    /// What is drawn first, since a line says the same; then whole entries, from the section that has most, but the first few that ask something of
    /// the reader after all others; then lines and facts, from the end of the longest; then sections,
    /// from the end.
    fn shrink(&mut self, share: f64) -> bool {
        if std::mem::take(&mut self.is_drawn) {
            return true;
        }
        let kept = &mut self.kept;
        let asked = |kept: &Kept| if kept.is_asking { ASKED } else { 0 };
        if take(kept, share, |_| FEW_OTHERS, |kept| &mut kept.others)
            || take(kept, share, asked, |kept| &mut kept.entries)
            || take(kept, share, |_| 0, |kept| &mut kept.entries)
            || take(kept, share, |_| 1, |kept| &mut kept.lines)
            || take(kept, share, |_| 0, |kept| &mut kept.facts)
        {
            return true;
        }
        let sections = kept.len();
        kept.truncate(sections - part_of(sections, share).min(sections));
        kept.len() < sections
    }
}

impl Kept {
    /// What is said of the entries that are not shown: their names, where the composer gave them.
    fn more(self, section: &Section, unlisted: usize, elsewhere: &str) -> String {
        let is_whole = self.entries == section.entries.len();
        let names = if is_whole { self.others } else { 0 };
        section.remaining(unlisted, names, elsewhere)
    }

    fn of<'a>(self, section: &'a Section, elsewhere: &str) -> Shown<'a> {
        let elsewhere = section.elsewhere.as_deref().unwrap_or(elsewhere);
        let unlisted = section.entries.len() - self.entries + section.unlisted;
        Shown {
            heading: section.heading.as_deref(),
            tone: section.tone,
            lines: &section.lines[..self.lines],
            picture: None,
            is_cut: self.lines < section.lines.len() || self.facts < section.facts.len(),
            facts: &section.facts[..self.facts],
            entries: &section.entries[..self.entries],
            more: (unlisted > 0).then(|| self.more(section, unlisted, elsewhere)),
        }
    }
}

/// Takes that share of what is above each section's `least`, one by one from whichever of them has
/// most, from the later one of two alike; false when nothing is.
fn take(
    kept: &mut [Kept],
    share: f64,
    least: fn(&Kept) -> usize,
    part: impl Fn(&mut Kept) -> &mut usize,
) -> bool {
    let left: usize = kept
        .iter_mut()
        .map(|kept| {
            let least = least(kept);
            part(kept).saturating_sub(least)
        })
        .sum();
    for _ in 0..part_of(left, share) {
        let counts = kept.iter_mut().filter_map(|kept| {
            let least = least(kept);
            Some(part(kept)).filter(|count| **count > least)
        });
        if let Some(count) = counts.max_by_key(|count| **count) {
            *count -= 1;
        }
    }
    left > 0
}

/// That share of a number, but at least one of any.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss
)]
fn part_of(number: usize, share: f64) -> usize {
    ((number as f64 * share) as usize).max(number.min(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_done_at_once_stands_at_as_many_entries_as_there_is_room_for() {
        let entry = |nth: usize| Entry {
            acts: Some(Line::plain("asked · not now · note")),
            ..Entry::of(vec![Line::plain(format!("Group {nth}"))])
        };
        let message = Message {
            sections: vec![Section {
                entries: (0..5).map(entry).collect(),
                ..Section::default()
            }],
            ..Message::default()
        };
        // Every line that is shown takes one place.
        let render = |message: &Message, fit: &Fit| -> usize {
            let sections = fit.sections(message);
            let entries = sections.iter().flat_map(|it| it.entries);
            entries.map(|it| it.lines.len()).sum()
        };
        for (room, shown) in [(12, 10), (10, 10), (8, 8), (6, 6), (5, 5), (3, 3)] {
            assert_eq!(
                fitted(&message, render, |lines| over(*lines, room)),
                shown,
                "in {room}"
            );
        }
    }
}
