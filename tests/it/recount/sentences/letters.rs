//! Letters, counted again.

use super::scene::{Subject, date, many, month_name, same, so, whole, within};
use super::{Found, Held, Holds, Place, Scene, Template, why};
use crate::recount::{DAY, Question};
use crate::world::Event;
use chrono::{Datelike, NaiveDate};

pub fn templates() -> Vec<Template> {
    let says: [(&'static str, Holds); 13] = [
        ("Thank you for everything you do for {name}.", |s, f| {
            named(s, f)
        }),
        ("{name} last met on {day}[; {yes} said yes].", last),
        (
            "In the last 12 months there {was} {events}[, and {people} said yes].",
            |s, f| {
                let g = s.subject();
                let events = year(s, &g);
                let people: std::collections::BTreeSet<u32> =
                    events.iter().flat_map(|e| s.q.yes(e)).collect();
                same(
                    f.text("was"),
                    if events.len() == 1 { "was" } else { "were" },
                )?;
                same(
                    f.text("events"),
                    many(events.len() as i64, "event", "events"),
                )?;
                same(f.text("people"), some(people.len()))
            },
        ),
        (
            "The next event is on {day}[, and {people} ha{ve} said yes so far].",
            |s, f| {
                let g = s.subject();
                let counting = s.q.counting(g.nth);
                let next = counting.iter().filter(|e| e.starts.unwrap() > s.q.a);
                let next = next.min_by_key(|e| (e.starts, &e.token));
                let next = next.ok_or("nothing is announced")?;
                let yes = s.q.yes(next).len();
                same(f.text("day"), day(date(next), g.today))?;
                same(f.text("people"), some(yes))?;
                so(yes == 0 || (f.text("ve") == "s") == (yes == 1), "has")
            },
        ),
        ("On {day} that will be half a year ago.", |s, f| {
            let g = s.subject();
            let on = date(g.last()) + chrono::TimeDelta::days(180);
            so(on > g.today, "it was")?;
            same(f.text("day"), day(on, g.today))
        }),
        (
            "It was good to see {name} meet again on {day}[; {yes} said yes].",
            |s, f| {
                let g = s.subject();
                let [.., before, latest] = g.held[..] else {
                    return Err("it met once".to_owned());
                };
                let gap = latest.starts.unwrap() - before.starts.unwrap();
                so(gap > 180 * DAY, "it had met within half a year")?;
                last(s, f)
            },
        ),
        (
            "It was good to see the first event of {name} on {day}[; {yes} said yes].",
            |s, f| {
                same("1", s.subject().held.len())?;
                last(s, f)
            },
        ),
        (
            "{name} has {members}, and its first event is still to come.",
            |s, f| {
                let g = s.subject();
                same("0", g.held.len())?;
                named(s, f)?;
                let members = g.number("growth.members");
                same(f.text("members"), many(members, "member", "members"))
            },
        ),
        ("The first event of {name} is still to come.", |s, f| {
            let g = s.subject();
            same("0", g.held.len())?;
            so(
                g.at("growth.members").as_i64().unwrap_or(0) == 0,
                "members are known",
            )?;
            named(s, f)
        }),
        (
            "The people who hosted {name} lately are no longer in the group.",
            |s, f| {
                named(s, f)?;
                let g = s.subject();
                let lately = g.held.iter().filter(|e| within(e, 180, s.q.a));
                let mut hosts: Vec<u32> = lately.flat_map(|e| s.q.hosts(e)).collect();
                hosts.retain(|p| !s.q.is_staff(*p));
                hosts.sort_unstable();
                hosts.dedup();
                why::hosts_left(s, hosts.len())?;
                so(!hosts.is_empty(), "nobody hosted")
            },
        ),
        ("{name} has no organizer at the moment.", |s, f| {
            named(s, f)?;
            let g = s.subject();
            same("0", s.q.leaders(&s.q.world.groups[g.nth]).len())
        }),
        (
            "We hosted {n} of the {events} of {name} in the last 12 months ourselves.",
            |s, f| {
                named(s, f)?;
                let g = s.subject();
                let events = year(s, &g);
                let ours = events.iter().filter(|e| {
                    let hosts = s.q.hosts(e);
                    !hosts.is_empty() && hosts.iter().all(|p| s.q.is_staff(*p))
                });
                same(f.text("n"), ours.count())?;
                same(
                    f.text("events"),
                    many(events.len() as i64, "event", "events"),
                )
            },
        ),
        (
            "At the latest three events of {name} typically {now} said yes, and {before} at the six before them.",
            |s, f| {
                named(s, f)?;
                let g = s.subject();
                let yes = g.held.iter().rev().map(|e| s.q.yes(e).len() as f64);
                let yes: Vec<f64> = yes.collect();
                let median = |of: &[f64]| crate::recount::median(of.to_vec()).map_or(0, whole);
                same(f.text("now"), many(median(&yes[..3]), "person", "people"))?;
                same(f.text("before"), median(&yes[3..9]))
            },
        ),
    ];
    let asks: [(&'static str, Holds); 13] = [
        ("When would you like to meet next?", |s, _| {
            nothing_to_come(s)
        }),
        (
            "Do you already have an idea for the date after that?",
            |s, _| announced(s),
        ),
        (
            "Is there anything we can help with for that date?",
            |s, _| announced(s),
        ),
        (
            "Do you know somebody who would enjoy hosting the next event?",
            asked,
        ),
        (
            "Would you like to lead the group, or do you know somebody who would?",
            asked,
        ),
        (
            "What would make the next date easier for you: a speaker, a place, or somebody to share the work?",
            |s, _| nothing_to_come(s),
        ),
        ("Do you already have an idea for the next date?", |s, _| {
            nothing_to_come(s)
        }),
        (
            "Would it help if we found a speaker and a place for it?",
            |s, _| {
                same("0", s.subject().held.len())?;
                nothing_to_come(s)
            },
        ),
        ("How are you, and who could share the work with you?", asked),
        ("We hope that all is well with you: how are you?", asked),
        (
            "Would you like to meet again, with a speaker or a place from us?",
            |s, _| nothing_to_come(s),
        ),
        (
            "Who of the people who come regularly might enjoy hosting the next event?",
            asked,
        ),
        (
            "What would suit people better: another topic, another day, another place, or a speaker from us?",
            asked,
        ),
    ];
    says.into_iter()
        .chain(asks)
        .map(|(pattern, holds)| Template {
            place: Place::Letter,
            pattern,
            holds,
        })
        .collect()
}

/// A question that claims nothing.
fn asked(_: &Scene<'_>, _: &Found) -> Held {
    Ok(())
}

/// "6 May", "6 May 2025", the month in full.
fn day(date: NaiveDate, today: NaiveDate) -> String {
    let year = match date.year() == today.year() {
        true => String::new(),
        false => format!(" {}", date.year()),
    };
    format!("{} {}{year}", date.day(), month_name(date.month()))
}

fn some(people: usize) -> String {
    match people {
        0 => String::new(),
        n => many(n as i64, "person", "people"),
    }
}

fn year<'s>(s: &Scene<'_>, g: &Subject<'s>) -> Vec<&'s Event> {
    let held = g.held.iter().copied();
    held.filter(|e| within(e, 365, s.q.a)).collect()
}

fn named(s: &Scene<'_>, f: &Found) -> Held {
    same(f.text("name"), s.name(&s.subject()))
}

fn last(s: &Scene<'_>, f: &Found) -> Held {
    let g = s.subject();
    named(s, f)?;
    same(f.text("day"), day(date(g.last()), g.today))?;
    same(f.text("yes"), some(s.q.yes(g.last()).len()))
}

fn to_come(s: &Scene<'_>) -> usize {
    let counting = s.q.counting(s.subject().nth);
    let to_come = counting.iter().filter(|e| e.starts.unwrap() > s.q.a);
    to_come.filter(|e| Question::ends(e) > s.q.a).count()
}

fn announced(s: &Scene<'_>) -> Held {
    so(to_come(s) > 0, "nothing is announced")
}

fn nothing_to_come(s: &Scene<'_>) -> Held {
    same("0", to_come(s))
}

/// The numbers of a text, thousands taken together.
pub fn numbers(text: &str) -> Vec<i64> {
    let signs: Vec<char> = text.chars().collect();
    let (mut found, mut digits) = (Vec::new(), String::new());
    for (at, sign) in signs.iter().enumerate() {
        let goes_on = signs.get(at + 1).is_some_and(char::is_ascii_digit);
        if sign.is_ascii_digit() {
            digits.push(*sign);
        } else if digits.is_empty() || !goes_on || !",.\u{202f}".contains(*sign) {
            found.extend(std::mem::take(&mut digits).parse::<i64>());
        }
    }
    found.sort_unstable();
    found
}
