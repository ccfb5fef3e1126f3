//! The next two weeks, and attendance that is owed, counted again.

use std::collections::BTreeSet;

use super::scene::{date, grouped, listed, many, same, so, weekday, whole};
use super::{Found, Held, Place, Scene, Template};
use crate::recount::ahead::Expected;
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
            pattern: "Next two weeks[ ({n})]",
            holds: |s, f| {
                let n = lines(s).len();
                same(
                    f.text("n"),
                    if n == 0 { String::new() } else { n.to_string() },
                )
            },
        },
        at(
            "Attendance is not marked at last week's event in person: ask its hosts[: {events}].",
            |s, f| {
                let (taken, events) = last_week(s);
                same("0 of 1", format!("{taken} of {events}"))?;
                owed(s, f, true)
            },
        ),
        at(
            "Attendance is marked at {n} of last week's {of} events in person: ask their hosts[: {events}].",
            |s, f| {
                let (taken, events) = last_week(s);
                same(f.text("n"), taken)?;
                same(f.text("of"), events)?;
                so(taken < events, "all of it is")?;
                owed(s, f, true)
            },
        ),
        at(
            "Attendance is not marked at {n} event(s) in person of the last 30 days: ask {whose} hosts[: {events}].",
            |s, f| {
                let n = s.count("attendance_owed");
                same(f.text("n"), grouped(n))?;
                same(f.text("whose"), if n == 1 { "its" } else { "their" })?;
                owed(s, f, false)
            },
        ),
        // A line stands for one event, or for the copies of a joint one.
        at("{when} · {yes} yes[ · {more}]", |s, f| {
            let group = s.group.clone().unwrap_or_default();
            event(s, f, &[group], "")
        }),
        at("‹{names} · {when} · {yes} yes together", together),
        at(
            "‹{names} · {when} · {yes} yes together · order {order}",
            |s, f| {
                so(f.has("order"), "nothing is ordered")?;
                together(s, f)
            },
        ),
    ]
}

fn together(s: &Scene<'_>, f: &Found) -> Held {
    let (names, more) = listed(&format!("‹{}", f.text("names")));
    so(more == 0 || names.len() == 3, "names are left out")?;
    let names: Vec<String> = names.into_iter().map(|(name, _)| name).collect();
    event(s, f, &names, "together")
}

/// The latest three events whose attendance is to be marked, each with its date, and where all of them are.
fn owed(s: &Scene<'_>, f: &Found, is_last_week: bool) -> Held {
    let mut owed = s.q.owed();
    owed.retain(|copies| !is_last_week || copies.iter().any(|e| is_of_last_week(s, e)));
    let named = owed.iter().take(3).map(|copies| {
        let name = &s.q.world.groups[copies[0].group].name;
        let on = weekday(date(copies[0]), s.named(name).today);
        format!("‹{name}› ({on})")
    });
    let named = named.collect::<Vec<_>>().join(", ");
    let all = match owed.len().saturating_sub(3) {
        0 => named,
        more => format!(
            "{named} and {more} more (all: gatherd report --explain network.attendance_owed)"
        ),
    };
    same(f.text("events"), all)
}

fn is_of_last_week(s: &Scene<'_>, e: &Event) -> bool {
    let on = chrono::DateTime::from_timestamp(e.starts.unwrap(), 0).unwrap();
    (-7..0).contains(&(on.date_naive() - s.today()).num_days())
}

/// Last week's events in person that ended over a day ago: at how many attendance was taken, and all.
fn last_week(s: &Scene<'_>) -> (usize, usize) {
    let events = s.q.events_of(s.q.a, |e| {
        is_of_last_week(s, e) && e.kind != "ONLINE" && s.q.a - Question::ends(e) > DAY
    });
    let taken = events
        .values()
        .filter(|c| c.iter().any(|e| s.q.is_taken(e)));
    (taken.count(), events.len())
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
            && match copies.len() {
                1 => more(s, f.text("more"), first),
                _ => f.text("order") == order_together(s, &copies).unwrap_or_default(),
            }
    });
    so(
        fits,
        &format!("no such event of {names:?}; expected {:?}", s.expected()),
    )
}

/// What else is said of an event: what to expect, the latest three, what to order, why there is no forecast.
fn more(s: &Scene<'_>, told: &str, event: &Event) -> bool {
    let group = s.named(&s.q.world.groups[event.group].name);
    let yes = group.held.iter().rev().take(3);
    let yes: Vec<String> = yes.map(|e| s.q.yes(e).len().to_string()).collect();
    let latest = match yes.len() {
        3 => format!(" (last three: {})", yes.join(", ")),
        _ => String::new(),
    };
    let last = group.held.last().map_or(0, |e| e.starts.unwrap());
    let parts: Vec<String> = match s.expected().get(&event.token) {
        Some(expected) => {
            let order = order(s, event, expected);
            let order = order.map(|order| format!("order {order}"));
            let expect = format!("{}{latest}", expect(expected));
            [expect].into_iter().chain(order).collect()
        }
        None if !s.q.world.groups[event.group].is_complete => Vec::new(),
        None if group.held.is_empty() => vec!["no forecast for a first event".to_owned()],
        None if event.starts.unwrap() - last > 180 * DAY => {
            vec!["no forecast after so long a pause".to_owned()]
        }
        None => Vec::new(),
    };
    told == parts.join(" · ")
}

fn expect(expected: &Expected) -> String {
    let (low, high) = (expected.low, expected.high);
    let range = match low == high {
        true => grouped(expected.turnout),
        false => format!("{} to {}", grouped(low), grouped(high)),
    };
    match expected.show {
        Some(_) => format!("expect {range}"),
        None => format!("expect {range} to say yes"),
    }
}

/// What a page says to expect of an event, or why it does not.
pub fn expectation(s: &Scene<'_>, event: &Event) -> String {
    let group = s.named(&s.q.world.groups[event.group].name);
    let starts = event.starts.unwrap();
    let last = group.held.last().map_or(i64::MIN, |e| e.starts.unwrap());
    let why = if !s.q.world.groups[event.group].is_complete {
        "no forecast while its history is being read"
    } else if starts - s.q.a > 21 * DAY {
        "no forecast so far ahead"
    } else if group.held.is_empty() {
        "no forecast for a first event"
    } else if starts - last > 180 * DAY {
        "no forecast after so long a pause"
    } else {
        "no forecast: so far, who says yes tells as much"
    };
    let expected = s.expected().get(&event.token);
    expected.map_or_else(|| why.to_owned(), expect)
}

/// What to get for copies in one place, where the two of them share their venue: whoever said yes to both comes
/// once. The show rate is that of the copy with the most yes.
fn order_together(s: &Scene<'_>, copies: &[&Event]) -> Option<String> {
    let is_near = |e: &Event| e.starts.unwrap() - s.q.a <= 8 * DAY && e.kind != "ONLINE";
    let is_one_place =
        copies[0].venue.is_some() && copies.iter().all(|e| e.venue == copies[0].venue);
    if !is_one_place || !copies.iter().all(|e| is_near(e)) {
        return None;
    }
    let expected = |e: &Event| s.expected().get(&e.token);
    let can = |e: &&&Event| expected(e).is_some_and(|it| it.show.is_some());
    // The last of equals by count going backwards is the first.
    let with = copies
        .iter()
        .rev()
        .filter(can)
        .max_by_key(|e| s.q.yes(e).len())?;
    let (share, whose) = expected(with)?.show?;
    let (mut most, mut turnout, mut badges) = (0.0, 0.0, 0.0);
    for copy in copies {
        let yes = s.q.yes(copy).len() as f64;
        match expected(copy) {
            None => {
                most += yes * share;
                turnout += yes * share;
                badges += yes;
            }
            Some(it) => {
                let come = if it.show.is_some() { 1.0 } else { share };
                most += it.high as f64 * come;
                turnout += it.turnout as f64 * come;
                badges += it.final_yes as f64;
            }
        }
    }
    let all: usize = copies.iter().map(|e| s.q.yes(e).len()).sum();
    let united: BTreeSet<_> = copies.iter().flat_map(|e| s.q.yes(e)).collect();
    so(
        copies.iter().all(|e| s.q.guests(e) == 0),
        "these bring guests",
    )
    .unwrap();
    let once = united.len() as f64 / all as f64;
    let turnout = whole(turnout * once);
    (turnout >= 15).then(|| {
        format!(
            "{}, food for {}, {} (with guests; by {whose} show rate of {}%)",
            many(whole(most * once), "seat", "seats"),
            grouped(turnout),
            many(
                whole(badges * once).max(united.len() as i64),
                "badge",
                "badges"
            ),
            whole(100.0 * share)
        )
    })
}

/// What to get for an event of 15 or more in person within eight days, guests included.
fn order(s: &Scene<'_>, event: &Event, expected: &Expected) -> Option<String> {
    let (share, whose) = expected.show?;
    let is_near = event.starts.unwrap() - s.q.a <= 8 * DAY;
    if event.kind == "ONLINE" || !is_near || expected.turnout < 15 {
        return None;
    }
    let guests = s.q.guests(event);
    let badges = expected.final_yes.max(s.q.yes(event).len() as i64) + guests;
    Some(format!(
        "{}, food for {}, {} (with guests; by {whose} show rate of {}%)",
        many(expected.high + guests, "seat", "seats"),
        grouped(expected.turnout + guests),
        many(badges, "badge", "badges"),
        whole(100.0 * share)
    ))
}
