//! What came of asking, who is waited for, and what is worth a thank-you, counted again.

use std::collections::BTreeSet;

use super::scene::{Subject, date, grouped, same, so, weekday, within};
use super::whom::{next, nobody_left};
use super::{Found, Held, Place, Scene, Template, why};
use crate::recount::DAY;
use crate::world::Event;

pub fn templates() -> Vec<Template> {
    let at = |place, pattern, holds| Template {
        place,
        pattern,
        holds,
    };
    let (answered, waiting, thanks) = (Place::Answered, Place::Waiting, Place::Thanks);
    vec![
        at(Place::Heading, "Answered[ ({n})]", |_, _| Ok(())),
        at(waiting, "not now; look again on {again}.", |s, f| {
            let until = s.left_alone.get(s.group.as_deref().unwrap_or_default());
            let until = until.ok_or("nobody said so")?;
            so(*until > s.today(), "its day has come")?;
            same(f.text("again"), weekday(*until, s.today()))
        }),
        at(Place::Heading, "Waiting for an answer ({n})", |s, f| {
            so(
                f.number("n") <= s.known().len() as i64,
                "more than there are",
            )
        }),
        at(Place::Heading, "Worth a thank-you ({n})", |s, f| {
            so(
                f.number("n") <= s.known().len() as i64,
                "more than there are",
            )
        }),
        at(
            answered,
            "asked[ {who}] on {day}; it met on {when}, {yes} said yes.",
            met,
        ),
        at(
            answered,
            "asked[ {who}] on {day}; it held its first event ever on {when}, {yes} said yes.",
            |s, f| {
                same("1", s.subject().held.len())?;
                met(s, f)
            },
        ),
        at(
            answered,
            "asked[ {who}] on {day}; its next event is on {when}, {yes} yes so far.",
            date_again,
        ),
        at(
            answered,
            "asked[ {who}] on {day}; its first event ever is on {when}, {yes} yes so far.",
            |s, f| {
                same("0", s.subject().held.len())?;
                date_again(s, f)
            },
        ),
        at(
            waiting,
            "asked[ {who}] on {day}; look again on {again}.",
            |s, f| {
                asked_on(s, f)?;
                so(again(s) > s.today(), "its day has come")?;
                same(f.text("again"), weekday(again(s), s.today()))
            },
        ),
        at(
            waiting,
            "asked[ {who}] on {day}; look again today.",
            |s, f| {
                asked_on(s, f)?;
                same(&again(s).to_string(), s.today())
            },
        ),
        at(
            waiting,
            "asked[ {who}] on {day}; look again, due on {again}.",
            |s, f| {
                asked_on(s, f)?;
                so(again(s) < s.today(), "its day is to come")?;
                same(f.text("again"), super::scene::day(again(s), s.today()))
            },
        ),
        at(waiting, "Next person to ask: {whom}.", next),
        at(waiting, "Nobody else is known to ask.", nobody_left),
        at(waiting, "Note of {day}: “{text}”", |_, f| {
            same(f.text("text"), "back in spring")
        }),
        at(
            thanks,
            "Met again on {day} after {days} day(s); {yes} said yes.",
            |s, f| {
                let g = s.subject();
                thanked(s, f)?;
                let [.., before, last] = g.held[..] else {
                    return Err("it met once".to_owned());
                };
                let gap = last.starts.unwrap() - before.starts.unwrap();
                so(gap > 180 * DAY, "it had met within half a year")?;
                same(f.text("days"), grouped(gap / DAY))
            },
        ),
        at(
            thanks,
            "Held its first event on {day}; {yes} said yes.",
            |s, f| {
                same("1", s.subject().held.len())?;
                thanked(s, f)
            },
        ),
        at(
            thanks,
            "A record in person: {yes} said yes on {day}; the most before was {most}, in {n} events.",
            |s, f| {
                let g = s.subject();
                thanked(s, f)?;
                so(g.last().kind != "ONLINE", "it was online")?;
                let before = &g.held[..g.held.len() - 1];
                let before: Vec<&&Event> = before.iter().filter(|e| e.kind != "ONLINE").collect();
                let most = before.iter().map(|e| s.q.yes(e).len()).max().unwrap_or(0);
                same(f.text("n"), before.len())?;
                same(f.text("most"), most)?;
                so(f.number("yes") > most as i64, "no record")
            },
        ),
        at(thanks, "It has a new host; {yes} said yes.", |s, f| {
            new_hosts(s, f, Some(1))
        }),
        at(
            thanks,
            "It has a new host, the second in 365 days; {yes} said yes.",
            |s, f| new_hosts(s, f, Some(2)),
        ),
        at(
            thanks,
            "It has a new host, the third in 365 days; {yes} said yes.",
            |s, f| new_hosts(s, f, Some(3)),
        ),
        at(
            thanks,
            "It has a new host, {n} in 365 days; {yes} said yes.",
            |s, f| new_hosts(s, f, None),
        ),
        at(thanks, "Has met {n} months running.", |s, f| {
            same(f.text("n"), s.subject().number("cadence.streak_months"))
        }),
        at(thanks, "Turns {age} {when}.", |s, f| {
            let g = s.subject();
            so(
                !s.named.contains(&s.name(&g).to_owned()),
                "a group in trouble",
            )?;
            so(!["quiet", "unstarted"].contains(&g.status()), g.status())?;
            why::birthday(s, f)
        }),
    ]
}

fn asked_date(s: &Scene<'_>) -> chrono::NaiveDate {
    chrono::DateTime::from_timestamp(s.asked_at, 0)
        .unwrap()
        .date_naive()
}

fn asked_on(s: &Scene<'_>, f: &Found) -> Held {
    let asked = s.asked.get(s.group.as_deref().unwrap_or_default());
    let asked = asked.ok_or("nobody was asked")?;
    same(f.text("who"), asked.as_deref().unwrap_or_default())?;
    same(f.text("day"), super::scene::day(asked_date(s), s.today()))
}

/// Two weeks after the asking.
fn again(s: &Scene<'_>) -> chrono::NaiveDate {
    asked_date(s) + chrono::TimeDelta::days(14)
}

fn met(s: &Scene<'_>, f: &Found) -> Held {
    let g = s.subject();
    asked_on(s, f)?;
    same(f.text("when"), weekday(date(g.last()), g.today))?;
    same(f.text("yes"), s.q.yes(g.last()).len())?;
    so(g.last().starts.unwrap() > s.asked_at, "it had met before")
}

fn date_again(s: &Scene<'_>, f: &Found) -> Held {
    let g = s.subject();
    asked_on(s, f)?;
    let counting = s.q.counting(g.nth);
    let next = counting
        .iter()
        .filter(|e| e.starts.unwrap() > s.q.a)
        .min_by_key(|e| (e.starts, &e.token));
    let next = next.ok_or("nothing is announced")?;
    same(f.text("when"), weekday(date(next), g.today))?;
    same(f.text("yes"), s.q.yes(next).len())
}

/// Of an event within two weeks, from five yes on.
fn thanked(s: &Scene<'_>, f: &Found) -> Held {
    let g = s.subject();
    let last = g.last();
    same(f.text("day"), weekday(date(last), g.today))?;
    enough(s, f, &g)?;
    so(within(last, 14, s.q.a), "it is no news")
}

fn enough(s: &Scene<'_>, f: &Found, g: &Subject<'_>) -> Held {
    let yes = s.q.yes(g.last()).len();
    same(f.text("yes"), yes)?;
    so(yes >= 5, "thanks are given from five yes on")
}

fn new_hosts(s: &Scene<'_>, f: &Found, told: Option<usize>) -> Held {
    let g = s.subject();
    enough(s, f, &g)?;
    let is_new = |e: &&&Event| within(e, 365, s.q.a);
    let hosts = |e: &&Event| s.q.hosts(e);
    let now: BTreeSet<u32> = g.held.iter().filter(is_new).flat_map(hosts).collect();
    let before: BTreeSet<u32> = g
        .held
        .iter()
        .filter(|e| !is_new(e))
        .flat_map(hosts)
        .collect();
    let told = told.unwrap_or_else(|| f.number("n") as usize);
    let is_local = |p: &&u32| !s.q.is_staff(**p);
    let new = now.difference(&before).filter(is_local);
    same(&told.to_string(), new.count())?;
    let earlier = g.held[..g.held.len() - 1].iter().flat_map(hosts);
    let earlier: BTreeSet<u32> = earlier.collect();
    let here = s.q.hosts(g.last());
    let first = here.difference(&earlier).filter(is_local).count();
    so(first > 0, "nobody but staff hosted it for the first time")
}
