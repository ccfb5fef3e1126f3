//! Alerts of who leads a group and of what it is called, counted again from the logs and the roster.

use super::scene::{day, same, so};
use super::{Holds, Place, Scene, Template};
use crate::world::{Membership, NameLine, Person, RoleLine, name_of};

const ACCOUNT: &str = "the network's own account";

pub fn templates() -> Vec<Template> {
    let all: [(&'static str, Holds); 13] = [
        ("{who} is its organizer now ({was}, {lately}).", |s, f| {
            let gained = gained(s);
            let told = |p: &Person| {
                name_of(*p) == f.text("who")
                    && was(s, *p) == f.text("was")
                    && lately(s, *p) == f.text("lately")
            };
            so(gained.iter().any(told), &format!("{gained:?}"))
        }),
        ("The network's own account is {role} now.", |s, f| {
            let admin = s.q.world.admin.ok_or("there is none")?;
            let role = now(s, admin).and_then(word).ok_or("it leads nothing")?;
            let role = role.replace("organizer!", "its organizer");
            same(f.text("role"), role)?;
            so(before(s, admin) != now(s, admin), "it led so before")
        }),
        ("Before, it was {who}.", |s, f| {
            so(!organizers_before(s).is_empty(), "it was nobody")?;
            same(f.text("who"), each(s, &organizers_before(s)))
        }),
        ("Who it was before is not known.", |s, _| {
            so(organizers_before(s).is_empty(), "it is known")
        }),
        (
            "Ask who of its leaders and hosts would take it on.",
            |s, _| {
                so(
                    gained(s) == Vec::from_iter(s.q.world.admin),
                    "it is somebody",
                )
            },
        ),
        (
            "If that was not agreed, write to {whom} today: whoever accepts Meetup's mail to step up has the group.",
            |s, f| {
                let mut whom = gained(s);
                let former = organizers_before(s).into_iter();
                whom.extend(
                    former.filter(|p| Some(*p) != s.q.world.admin && here(s, *p).is_some()),
                );
                let names: Vec<String> = whom.into_iter().map(name_of).collect();
                same(f.text("whom"), names.join(" and "))
            },
        ),
        ("Nobody is its organizer any more.", |s, _| {
            let organizers = roster(s).filter(|m| m.role == Some("ORGANIZER")).count();
            same("0", organizers)?;
            so(!organizers_before(s).is_empty(), "nobody was")
        }),
        (
            "Ask its other leaders today which of them takes it on: whoever accepts Meetup's mail to step up has the group.",
            |s, _| so(!s.q.leaders(group(s)).is_empty(), "there are none"),
        ),
        (
            "If that was not agreed, ask its organizer: whoever leads it may be asked by Meetup to take it over.",
            |s, _| so(!other_leaders(s).is_empty(), "nobody came to lead"),
        ),
        ("{list} is {role} now ({was}, {lately}).", |s, f| {
            let told = format!(
                "{} is {} now ({}, {})",
                f.text("list"),
                f.text("role"),
                f.text("was"),
                f.text("lately")
            );
            let of = |p: Person| {
                let role = now(s, p).and_then(word).unwrap_or("no leader");
                match s.q.world.admin == Some(p) {
                    true => format!("The network's own account is {role} now"),
                    false => format!(
                        "{} is {role} now ({}, {})",
                        name_of(p),
                        was(s, p),
                        lately(s, p)
                    ),
                }
            };
            let all: Vec<String> = other_leaders(s).into_iter().map(of).collect();
            same(&told, all.join("; "))
        }),
        ("It is called {name} now; before, it was {old}.", |s, f| {
            same(f.text("name"), &group(s).name)?;
            same(f.text("old"), &renamed(s)?.old.0)
        }),
        (
            "Its address ends in {urlname} now; before, it was {old}.",
            |s, f| {
                same(f.text("urlname"), &group(s).urlname)?;
                same(f.text("old"), &renamed(s)?.old.1)
            },
        ),
        (
            "Put the new one wherever the old one stands: links, posters, gatherd.toml.",
            |s, _| so(renamed(s)?.old.1 != group(s).urlname, "it ends so still"),
        ),
    ];
    let agreed: (&'static str, Holds) = ("If that was not agreed, ask its organizer.", |s, _| {
        renamed(s).map(|_| ())
    });
    all.into_iter()
        .chain([agreed])
        .map(|(pattern, holds)| Template {
            place: Place::Turned,
            pattern,
            holds,
        })
        .collect()
}

fn group<'s>(s: &'s Scene<'_>) -> &'s crate::world::Group {
    &s.q.world.groups[s.subject().nth]
}

/// Lines of the log since the look before, of the group.
fn lines<'s>(s: &'s Scene<'_>) -> impl DoubleEndedIterator<Item = &'s RoleLine> + Clone {
    let (nth, since) = (s.subject().nth, s.looked_at);
    let lines = s.q.world.roles.iter();
    lines.filter(move |it| it.group == nth && it.at > since)
}

/// What somebody was at the look before, by the log.
fn before(s: &Scene<'_>, person: Person) -> Option<&'static str> {
    lines(s)
        .find(|it| it.person == person)
        .and_then(|it| it.old)
}

/// And what they are by its last line.
fn now(s: &Scene<'_>, person: Person) -> Option<&'static str> {
    let last = lines(s).rev().find(|it| it.person == person);
    last.and_then(|it| it.new)
}

/// Everybody whose role is another one, in the order of their first lines.
fn turned(s: &Scene<'_>) -> Vec<Person> {
    let mut people = Vec::new();
    for line in lines(s) {
        if !people.contains(&line.person) {
            people.push(line.person);
        }
    }
    people.retain(|p| before(s, *p) != now(s, *p));
    people
}

fn gained(s: &Scene<'_>) -> Vec<Person> {
    let of = turned(s).into_iter();
    of.filter(|p| now(s, *p) == Some("ORGANIZER")).collect()
}

/// Who came to lead otherwise than as organizer.
fn other_leaders(s: &Scene<'_>) -> Vec<Person> {
    let of = turned(s).into_iter();
    of.filter(|p| {
        let (old, new) = (before(s, *p), now(s, *p));
        new.is_some() && new != Some("ORGANIZER") && old != Some("ORGANIZER")
    })
    .collect()
}

fn roster<'s>(s: &'s Scene<'_>) -> impl Iterator<Item = &'s Membership> {
    let members = group(s).members.iter();
    members.filter(|m| m.gone.is_none() && ["ACTIVE", "LEADER"].contains(&m.status))
}

fn here<'s>(s: &'s Scene<'_>, person: Person) -> Option<&'s Membership> {
    roster(s).find(|m| m.person == person)
}

/// Who stopped being organizer; else those who are it beside the new one; else who stopped last, by lines that
/// were looked at before.
fn organizers_before(s: &Scene<'_>) -> Vec<Person> {
    let turned = turned(s).into_iter();
    let lost: Vec<Person> = turned
        .filter(|p| before(s, *p) == Some("ORGANIZER"))
        .collect();
    if !lost.is_empty() {
        return lost;
    }
    let new = gained(s);
    let mut beside: Vec<Person> = roster(s)
        .filter(|m| m.role == Some("ORGANIZER") && !new.contains(&m.person))
        .map(|m| m.person)
        .collect();
    if !beside.is_empty() {
        beside.sort_unstable();
        return beside;
    }
    let (nth, since) = (s.subject().nth, s.looked_at);
    let mut earlier = s.q.world.roles.iter().rev();
    let was = earlier.find(|it| it.group == nth && it.at <= since && it.old == Some("ORGANIZER"));
    was.map(|it| it.person).into_iter().collect()
}

fn word(role: &str) -> Option<&'static str> {
    Some(match role {
        "ORGANIZER" => "organizer!",
        "COORGANIZER" => "co-organizer",
        "ASST_ORGANIZER" => "assistant organizer",
        "EVENT_ORGANIZER" => "event organizer",
        _ => return None,
    })
}

fn was(s: &Scene<'_>, person: Person) -> String {
    match before(s, person).and_then(word) {
        Some(role) => format!("{} before", role.trim_end_matches('!')),
        None => "without a role before".to_owned(),
    }
}

/// When somebody was seen in the group, and hosted it, last. To host is to be seen.
fn lately(s: &Scene<'_>, person: Person) -> String {
    let g = s.subject();
    let on = |at: i64| day(s.q.local_date(g.nth, at), g.today);
    let hosted = g.held.iter().filter(|e| s.q.hosts(e).contains(&person));
    let hosted = hosted.filter_map(|e| e.starts).max();
    let members = group(s).members.iter();
    let seen = members
        .filter(|m| m.person == person)
        .filter_map(|m| m.seen)
        .max();
    let seen = match seen.max(hosted) {
        Some(at) => format!("last seen on {}", on(at)),
        None => "never seen here".to_owned(),
    };
    match hosted {
        Some(at) => format!("{seen}, last hosted on {}", on(at)),
        None => format!("{seen}, has never hosted here"),
    }
}

/// Persons with what they are in the group now.
fn each(s: &Scene<'_>, people: &[Person]) -> String {
    let told = people.iter().map(|person| {
        if s.q.world.admin == Some(*person) {
            return ACCOUNT.to_owned();
        }
        let stands = match here(s, *person).map(|m| m.role.and_then(word)) {
            Some(Some("organizer!")) => String::new(),
            Some(Some(role)) => format!("{role} now, "),
            Some(None) => "a member still, ".to_owned(),
            None => "has left the group, ".to_owned(),
        };
        format!("{} ({stands}{})", name_of(*person), lately(s, *person))
    });
    told.collect::<Vec<_>>().join(" and ")
}

/// The line by which the group got the name or the address it has.
fn renamed<'s>(s: &'s Scene<'_>) -> Result<&'s NameLine, String> {
    let (nth, since) = (s.subject().nth, s.looked_at);
    let mut lines = s.q.world.names.iter();
    let line = lines.find(|it| it.group == nth && it.at > since);
    line.ok_or_else(|| "it was called so before".to_owned())
}
