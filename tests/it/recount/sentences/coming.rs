//! The next two weeks, and attendance that is owed, counted again.

use std::collections::BTreeSet;

use super::scene::{date, grouped, listed, same, so, weekday};
use super::{Found, Held, Place, Scene, Template};
use crate::recount::{DAY, Question};
use crate::world::Event;

pub fn templates() -> Vec<Template> {
    let at = |pattern, holds| Template {
        place: Place::Coming,
        pattern,
        holds,
    };
    vec![
        Template {
            place: Place::Heading,
            pattern: "Next two weeks ({n})",
            holds: |s, f| same(f.text("n"), lines(s).len()),
        },
        at(
            "Attendance is marked at {n} of last week's {of} event(s) in person: ask their hosts.",
            |s, f| {
                let today = s.today();
                let events = s.q.events_of(s.q.a, |e| {
                    let on = chrono::DateTime::from_timestamp(e.starts.unwrap(), 0)
                        .unwrap()
                        .date_naive();
                    (-7..0).contains(&(on - today).num_days())
                        && e.kind != "ONLINE"
                        && s.q.a - Question::ends(e) > DAY
                });
                let taken = events
                    .values()
                    .filter(|c| c.iter().any(|e| s.q.is_taken(e)))
                    .count();
                same(f.text("n"), taken)?;
                same(f.text("of"), events.len())?;
                so(taken < events.len(), "all of it is")
            },
        ),
        at(
            "Attendance is not marked at {n} event(s) in person of the last 30 days: ask their hosts.",
            |s, f| same(f.text("n"), grouped(s.count("attendance_owed"))),
        ),
        // A line stands for one event, or for the copies of a joint one.
        at("{when} · {yes} yes[ · {more}]", |s, f| {
            let group = s.group.clone().unwrap_or_default();
            event(s, f, &[group], "")
        }),
        at(
            "‹{names} · {when} · {yes} yes together[ · order {order}]",
            |s, f| {
                let (names, more) = listed(&format!("‹{}", f.text("names")));
                so(more == 0 || names.len() == 3, "names are left out")?;
                let names: Vec<String> = names.into_iter().map(|(name, _)| name).collect();
                event(s, f, &names, "together")
            },
        ),
    ]
}

/// What stands in a line: an event, or all copies of one.
fn lines<'a>(s: &Scene<'a>) -> Vec<Vec<&'a Event>> {
    let mut lines: Vec<Vec<&Event>> = Vec::new();
    let mut all: Vec<&Event> = s
        .groups
        .values()
        .flat_map(|(nth, _)| s.q.counting(*nth))
        .filter(|e| e.starts.unwrap() > s.q.a && e.starts.unwrap() <= s.q.a + 14 * DAY)
        .collect();
    all.sort_by_key(|e| (e.starts, &e.token));
    for e in all {
        match lines
            .iter_mut()
            .find(|c| e.joint.is_some() && c[0].joint == e.joint)
        {
            Some(copies) => copies.push(e),
            None => lines.push(vec![e]),
        }
    }
    lines
}

fn event(s: &Scene<'_>, f: &Found, names: &[String], together: &str) -> Held {
    let fits = lines(s).into_iter().any(|copies| {
        let first = copies[0];
        let of = |e: &Event| s.q.world.groups[e.group].name.clone();
        let today = s.named(&of(first)).today;
        let clock =
            chrono::DateTime::from_timestamp(first.starts.unwrap() + first.offset, 0).unwrap();
        let when = format!("{} {}", weekday(date(first), today), clock.format("%H:%M"));
        let yes: usize = copies.iter().map(|e| s.q.yes(e).len()).sum();
        let groups: BTreeSet<String> = copies.iter().map(|e| of(e)).collect();
        (copies.len() > 1) == (together == "together")
            && names.iter().all(|name| groups.contains(name))
            && f.text("when") == when
            && f.number("yes") == yes as i64
            && more(s, f.text("more"), &copies)
    });
    so(fits, &format!("no such event of {names:?}"))
}

/// What else is said of an event: a range that is one, the latest three, why there is no forecast.
fn more(s: &Scene<'_>, told: &str, copies: &[&Event]) -> bool {
    let group = s.named(&s.q.world.groups[copies[0].group].name);
    if told.is_empty() {
        return true;
    }
    told.split(" · ").all(|part| {
        if part == "no forecast for a first event" {
            return group.held.is_empty();
        }
        if part == "no forecast after so long a pause" {
            let last = group.held.last().map_or(0, |e| e.starts.unwrap());
            return copies[0].starts.unwrap() - last > 180 * DAY;
        }
        let Some(rest) = part.strip_prefix("expect ") else {
            return part.starts_with("order ") || part.contains("seat");
        };
        let (range, latest) = rest.split_once(" (last three: ").unwrap_or((rest, ""));
        let numbers: Vec<i64> = range.split(' ').filter_map(|it| it.parse().ok()).collect();
        let is_range = numbers.is_sorted() && !numbers.is_empty();
        let yes = group
            .held
            .iter()
            .rev()
            .take(3)
            .map(|e| s.q.yes(e).len().to_string());
        let yes: Vec<String> = yes.collect();
        let is_latest = match yes.len() {
            3 => latest.strip_suffix(')') == Some(yes.join(", ").as_str()),
            _ => latest.is_empty(),
        };
        is_range && is_latest
    })
}
