//! Alerts, counted again from the rows as they are at the second look.

use std::collections::BTreeSet;

use super::scene::{Subject, date, day, grouped, many, month, same, so, weekday, within};
use super::{Found, Held, Holds, Place, Scene, Template};
use crate::recount::{DAY, Question};
use crate::world::{Event, Group, Person, name_of};

pub fn templates() -> Vec<Template> {
    let all: [(&'static str, Holds); 24] = [
        (
            "Nobody leads it any more: {who}, who led it last, has left ({day}).",
            |s, f| {
                let group = leaderless(s)?;
                let g = s.subject();
                let left = group.members.iter().filter(|m| {
                    let leads = m.role.is_some_and(|role| role.ends_with("ORGANIZER"));
                    leads && m.gone.is_some_and(|at| s.q.a - at <= DAY)
                });
                let told = |m: &&crate::world::Membership| {
                    let on = s.q.local_date(g.nth, m.gone.unwrap());
                    name_of(m.person) == f.text("who") && day(on, g.today) == f.text("day")
                };
                so(left.clone().any(|m| told(&m)), "nobody left so")
            },
        ),
        (
            "Nobody leads it any more: whoever led it last has stepped down.",
            |s, _| {
                let group = leaderless(s)?;
                let mut members = group.members.iter();
                let left = members.any(|m| {
                    let leads = m.role.is_some_and(|role| role.ends_with("ORGANIZER"));
                    let is_one = ["ACTIVE", "LEADER"].contains(&m.status) && leads;
                    is_one
                        && Some(m.person) != s.q.world.admin
                        && m.joined.is_none_or(|at| at <= s.q.a)
                        && m.gone.is_some_and(|at| s.q.a - at <= DAY)
                });
                so(!left, "somebody has left")
            },
        ),
        (
            "Ask who hosted in the last 180 days whether they would take it on.",
            |s, _| so(!here(s).is_empty(), "nobody is there"),
        ),
        (
            "Nobody who hosted in the last 180 days is there to be asked either.",
            |s, _| so(here(s).is_empty(), "somebody is there"),
        ),
        (
            "{who}, {alone} (most recently on {day}), has left.",
            |s, f| {
                so(here(s).is_empty(), "another host is there")?;
                let g = s.subject();
                let left: Vec<Person> = hosts(s, &g)
                    .into_iter()
                    .filter(|p| {
                        let mut members = s.q.world.groups[g.nth].members.iter();
                        members.any(|m| m.person == *p && m.gone.is_some())
                    })
                    .collect();
                let hosted = |p: &Person| {
                    let mut of = g.held.iter().rev();
                    // By the clock of the group, as when they left.
                    of.find(|e| s.q.hosts(e).contains(p))
                        .map(|e| s.q.local_date(g.nth, e.starts.unwrap()))
                };
                let mut told = left.iter().filter(|p| name_of(**p) == f.text("who"));
                let who = told.next().ok_or("nobody of that name has left")?;
                same(f.text("day"), day(hosted(who).unwrap(), g.today))?;
                let alone = match left.len() {
                    1 => "the only one who hosted in the last 180 days",
                    _ => "the last of those who hosted in the last 180 days",
                };
                same(f.text("alone"), alone)
            },
        ),
        ("Ask who could host next.", |s, _| {
            so(here(s).is_empty(), "somebody is there")
        }),
        (
            "The organizer's subscription at Meetup has lapsed (GRACE); unless it is renewed or somebody else takes over, Meetup freezes the group after 15 days.",
            |s, _| same("GRACE", group(s).status),
        ),
        (
            "Meetup has frozen it (FROZEN), since it has no active organizer; unless somebody takes over, Meetup closes it after 15 days.",
            |s, _| same("FROZEN", group(s).status),
        ),
        ("Meetup has closed it ({word}).", |s, f| {
            same(f.text("word"), group(s).status)
        }),
        (
            "It is delisted: the network does not show it any more.",
            |s, _| same("DELISTED", group(s).tie.unwrap_or_default()),
        ),
        ("It has left the network.", |s, _| {
            so(group(s).gone.is_some(), "it is here")
        }),
        ("What is known of it is kept.", |s, _| {
            so(group(s).gone.is_some(), "it is here")
        }),
        ("The event of {when} is cancelled.", |s, f| {
            called_off(s, f, |e| e.gone.is_none() && e.status == "CANCELLED")
        }),
        ("The event of {when} was deleted.", |s, f| {
            called_off(s, f, |e| e.gone.is_some())
        }),
        ("{people} had said yes.", |s, f| {
            let told = events(s).any(|e| {
                let off = e.gone.is_some() || e.status == "CANCELLED";
                off && many(s.q.yes(e).len() as i64, "person", "people") == f.text("people")
            });
            so(told, "no such event was called off")
        }),
        ("It has announced an event again, for {when}.", |s, f| {
            so(!s.subject().held.is_empty(), "it never met")?;
            next(s, f)
        }),
        ("It last met {ago}.", |s, f| {
            same(f.text("ago"), ago(s, &s.subject()))
        }),
        ("It met again on {day} after a pause of {days}.", |s, f| {
            let g = s.subject();
            let [.., before, last] = g.held[..] else {
                return Err("it met once".to_owned());
            };
            same(f.text("day"), day(date(last), g.today))?;
            let gap = last.starts.unwrap() - before.starts.unwrap();
            same(f.text("days"), many(gap / DAY, "day", "days"))?;
            so(gap > 180 * DAY, "it was not quiet")
        }),
        ("It has announced its first event, for {when}.", |s, f| {
            same("0", s.subject().held.len())?;
            next(s, f)
        }),
        ("It has held its first event, on {day}.", |s, f| {
            let g = s.subject();
            same("1", g.held.len())?;
            same(f.text("day"), day(date(g.last()), g.today))
        }),
        ("It is meeting again right now.", |s, _| {
            so(!s.subject().held.is_empty(), "it never met")?;
            running(s)
        }),
        ("Its first event is on right now.", |s, _| {
            same("0", s.subject().held.len())?;
            running(s)
        }),
        ("Long without a date: last met on {day}, {ago}.", |s, f| {
            same(s.subject().status(), "overdue")?;
            silent(s, f)
        }),
        ("Quiet since {month}: last met on {day}, {ago}.", |s, f| {
            let g = s.subject();
            so(
                s.q.a - g.last().starts.unwrap() > 180 * DAY,
                "it met lately",
            )?;
            same(f.text("month"), month(date(g.last()), g.today))?;
            silent(s, f)
        }),
    ];
    let nothing: (&'static str, Holds) = ("Nothing is announced.", |s, _| {
        super::why::nothing_ahead(s, &s.subject())
    });
    all.into_iter()
        .chain([nothing])
        .map(|(pattern, holds)| Template {
            place: Place::Alert,
            pattern,
            holds,
        })
        .collect()
}

/// The group, measured or not.
fn group<'s>(s: &'s Scene<'_>) -> &'s Group {
    let name = s.group.as_deref().unwrap();
    let mut groups = s.q.world.groups.iter();
    groups.find(|it| it.name == name).unwrap()
}

fn events<'s>(s: &'s Scene<'_>) -> impl Iterator<Item = &'s Event> {
    let nth = s.subject().nth;
    let events = s.q.world.events.iter();
    events.filter(move |e| e.group == nth && e.starts.is_some())
}

fn leaderless<'s>(s: &'s Scene<'_>) -> Result<&'s Group, String> {
    same("0", s.q.leaders(group(s)).len())?;
    Ok(group(s))
}

/// Local hosts of the last 180 days.
fn hosts(s: &Scene<'_>, g: &Subject<'_>) -> BTreeSet<Person> {
    let lately = g.held.iter().filter(|e| within(e, 180, s.q.a));
    let hosts = lately.flat_map(|e| s.q.hosts(e));
    hosts.filter(|p| !s.q.is_staff(*p)).collect()
}

/// Those of them who are members.
fn here(s: &Scene<'_>) -> Vec<Person> {
    let hosts = hosts(s, &s.subject());
    let members = group(s).members.iter();
    members
        .filter(|m| m.gone.is_none() && ["ACTIVE", "LEADER"].contains(&m.status))
        .map(|m| m.person)
        .filter(|p| hosts.contains(p))
        .collect()
}

/// "Wed 6 May, 19:00", by the clock of the place.
fn when(s: &Scene<'_>, e: &Event) -> String {
    let clock = chrono::DateTime::from_timestamp(e.starts.unwrap() + e.offset, 0).unwrap();
    let day = weekday(date(e), s.subject().today);
    format!("{day}, {}", clock.format("%H:%M"))
}

fn called_off(s: &Scene<'_>, f: &Found, is_off: impl Fn(&Event) -> bool) -> Held {
    let told = events(s).any(|e| is_off(e) && e.kind != "ONLINE" && when(s, e) == f.text("when"));
    so(told, "no such event was called off")
}

fn running(s: &Scene<'_>) -> Held {
    let counting = s.q.counting(s.subject().nth);
    let is_on = |e: &&Event| e.starts.unwrap() <= s.q.a && Question::ends(e) > s.q.a;
    so(counting.iter().any(is_on), "nothing is on")
}

fn next(s: &Scene<'_>, f: &Found) -> Held {
    let counting = s.q.counting(s.subject().nth);
    let next = counting.iter().filter(|e| e.starts.unwrap() > s.q.a);
    let next = next.min_by_key(|e| (e.starts, &e.token));
    same(f.text("when"), next.map_or(String::new(), |e| when(s, e)))
}

fn ago(s: &Scene<'_>, g: &Subject<'_>) -> String {
    let days = (s.q.a - g.last().starts.unwrap()) / DAY;
    match days {
        0 => "today".to_owned(),
        1 => "yesterday".to_owned(),
        2..=13 => format!("{days} days ago"),
        14..=119 => format!("{} weeks ago", days / 7),
        120..=729 => format!("{} months ago", days * 12 / 365),
        _ => format!("{} years ago", grouped(days / 365)),
    }
}

fn silent(s: &Scene<'_>, f: &Found) -> Held {
    let g = s.subject();
    super::why::nothing_ahead(s, &g)?;
    so(Question::ends(g.last()) <= s.q.a, "it is on")?;
    same(f.text("day"), day(date(g.last()), g.today))?;
    same(f.text("ago"), ago(s, &g))
}
