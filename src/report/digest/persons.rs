//! Whom to ask in a group, and who was asked already.

use super::desk::Desk;
use crate::community::{Asked, Cause, Contact, is_forgotten, member_page};
use crate::metrics::Leader;
use crate::report::compose::GroupReport;
use crate::report::keys::role;
use crate::report::message::Line;
use crate::report::plain::{clean, fit};
use crate::report::words::local_day;

/// People named per group.
const NAMED: usize = 2;
/// As much of a note as is told beside its group.
const NOTE: usize = 200;
/// Who was asked longer ago than this many days may be asked again.
const FORGOTTEN: i64 = 180;

/// Somebody to ask.
pub(super) struct Person {
    name: String,
    link: String,
    is_ours: bool,
    /// No leader, but a local host of late.
    is_host: bool,
}

impl Person {
    fn first_name(&self) -> String {
        let first = self.name.split_whitespace().next().unwrap_or_default();
        first.to_lowercase()
    }

    pub(super) fn told(&self, line: Line) -> Line {
        let line = line.link(&self.name, &self.link);
        if self.is_ours {
            line.text(" (one of us)")
        } else if self.is_host {
            line.text(" (hosted lately)")
        } else {
            line
        }
    }
}

/// Everybody worth asking: leaders, the local ones first, then local hosts who are members still. Where the call
/// is about a leader who stays away, that one comes first.
fn everybody(desk: &Desk<'_>, group: &GroupReport) -> Vec<Person> {
    let figures = &group.figures;
    let is_ours = |id: &str| desk.given.staff.iter().any(|staff| staff.as_str() == id);
    // Where no name is known, what they do there says who is meant; their page says the rest.
    let name = |name: Option<&str>, does: &str| {
        let name = name.map(clean).filter(|name| !name.is_empty());
        name.unwrap_or_else(|| does.to_owned())
    };
    let away = figures.away.first();
    let away = away.filter(|_| group.causes.first() == Some(&Cause::LeaderAway));
    let is_away = |id: &str| away.is_some_and(|away| away.id == id);
    let (missed, there): (Vec<_>, Vec<_>) = figures
        .leaders
        .iter()
        .filter(|leader| !is_forgotten(&leader.id))
        .partition(|leader| is_away(&leader.id));
    let person = |leader: &&Leader| Person {
        name: name(leader.name.as_deref(), role(&leader.role)),
        link: leader.link.clone(),
        is_ours: is_ours(&leader.id),
        is_host: false,
    };
    let mut people: Vec<Person> = there.iter().map(person).collect();
    people.sort_by_key(|person| person.is_ours);
    people.splice(0..0, missed.iter().map(person));
    let hosts = figures.active_hosts.iter().filter(|host| {
        host.is_member
            && !is_forgotten(&host.id)
            && figures.leaders.iter().all(|leader| leader.id != host.id)
    });
    people.extend(hosts.map(|host| Person {
        name: name(host.name.as_deref(), "a host"),
        link: member_page(&figures.link, &host.id),
        is_ours: false,
        is_host: true,
    }));
    people
}

/// The first who was not asked lately. Where it was not noted who was asked, it was who came first.
pub(super) fn next_to_ask(desk: &Desk<'_>, group: &GroupReport) -> Option<Person> {
    let mut people = everybody(desk, group);
    for asked in lately_asked(desk, desk.contact(group)) {
        match asked.whom.as_deref().map(str::to_lowercase) {
            Some(whom) => {
                let is_named = |person: &Person| person.name.to_lowercase() == whom;
                // Of two by the same first name, the one whose whole name was written.
                let is_exact = people.iter().any(is_named);
                let words: Vec<&str> = whom.split(|c: char| !c.is_alphanumeric()).collect();
                people.retain(|person| {
                    let is_called = words.contains(&person.first_name().as_str());
                    !(is_named(person) || !is_exact && is_called)
                });
            }
            None if !people.is_empty() => {
                people.remove(0);
            }
            None => {}
        }
    }
    (!people.is_empty()).then(|| people.remove(0))
}

fn lately_asked<'a>(
    desk: &Desk<'_>,
    contact: Option<&'a Contact>,
) -> impl Iterator<Item = &'a Asked> {
    let now = desk.given.now;
    contact
        .into_iter()
        .flat_map(|contact| &contact.asked)
        .filter(move |asked| (now.to_utc() - asked.at).num_days() <= FORGOTTEN)
}

/// "→ Ana, Ben", or the next person where somebody was asked before.
pub(super) fn whom_to_ask(desk: &Desk<'_>, group: &GroupReport) -> Line {
    let line = Line::plain("→ ");
    if let Some(asked) = lately_asked(desk, desk.contact(group)).last() {
        let before = format!(" (asked before: {})", asking(desk, asked));
        return match next_to_ask(desk, group) {
            Some(person) => person.told(line).text(before),
            None => line.text(format!("nobody is left to ask{before}")),
        };
    }
    let people = everybody(desk, group);
    if people.is_empty() {
        return line.text(match group.figures.organizers.leaders {
            Some(_) => "needs an organizer: no name is known on Meetup",
            None => "no name is known, nor who its members are",
        });
    }
    let mut line = line;
    for (nth, person) in people.iter().take(NAMED).enumerate() {
        if nth > 0 {
            line = line.text(", ");
        }
        line = person.told(line);
    }
    line
}

/// What was noted last of a group, by the day of the digest: "Note of 2 Mar: “back in spring”".
pub(super) fn latest_note(desk: &Desk<'_>, group: &GroupReport) -> Option<String> {
    let note = desk.contact(group)?.notes.last()?;
    let on = note.at.with_timezone(&desk.given.now.timezone());
    Some(format!(
        "Note of {}{}: “{}”",
        local_day(on.date_naive(), desk.given.today()),
        by(note.author.as_deref()),
        fit(&clean(&note.text), NOTE)
    ))
}

/// Who kept it, where that is known: whoever reads it may ask them.
fn by(author: Option<&str>) -> String {
    author.map_or_else(String::new, |author| format!(" by {}", clean(author)))
}

/// "Ana on 3 Aug", "Ana on 3 Aug by lead".
pub(super) fn asking(desk: &Desk<'_>, asked: &Asked) -> String {
    let on = asked.at.with_timezone(&desk.given.now.timezone());
    let day = local_day(on.date_naive(), desk.given.today());
    let by = by(asked.author.as_deref());
    match asked.whom.as_deref().map(clean) {
        Some(whom) if !whom.is_empty() => format!("{whom} on {day}{by}"),
        _ => format!("on {day}{by}"),
    }
}
