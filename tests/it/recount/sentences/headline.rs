//! What a report opens with, and what it rests on, counted again.

use std::collections::BTreeMap;

use super::fresh::{Rule, instant, on_day};
use super::scene::{grouped, many, same, shared, so};
use super::{Found, Held, Place, Scene, Template};
use crate::recount::DAY;

pub fn templates() -> Vec<Template> {
    let report = |(pattern, holds)| Template {
        place: Place::Report,
        pattern,
        holds,
    };
    RULES.into_iter().map(report).collect()
}

const RULES: [Rule; 17] = [
    ("{who} · {day}, {time} UTC", |s, f| {
        on_day(s, f)?;
        same(f.text("time"), instant(s.q.a).format("%H:%M"))
    }),
    (
        "last 30 days last 90 days last 365 days (a year before)",
        |_, _| Ok(()),
    ),
    ("Groups that met {a} ({b}) {c} ({d}) {e} ({f})", |s, f| {
        windows(s, f, "groups_met")
    }),
    ("Events held {a} ({b}) {c} ({d}) {e} ({f})", |s, f| {
        windows(s, f, "events")
    }),
    (
        "People who said yes {a} ({b}) {c} ({d}) {e} ({f})",
        |s, f| windows(s, f, "people"),
    ),
    (
        "No group had a complete history here as of this day.",
        |s, _| same("0", s.known().len()),
    ),
    (
        "For the first time, in the last 90 days: {people} ({before} a year before).",
        |s, f| {
            let people = many(s.count("first_timers_90"), "person", "people");
            same(f.text("people"), people)?;
            same(
                f.text("before"),
                grouped(s.count("first_timers_90_year_before")),
            )
        },
    ),
    (
        "No longer sponsored, so in no figure above: {names}.",
        |s, f| {
            let told: Vec<&str> = f.text("names").split(", ").collect();
            let groups = s.q.world.groups.iter();
            let left = |name: &str| {
                groups
                    .clone()
                    .any(|it| it.name == name && it.gone.is_some())
            };
            so(told.iter().all(|name| left(name)), "it is here")
        },
    ),
    (
        "Attendance is never marked: figures are who said yes, not who came.",
        |s, _| {
            let (marked, held, _) = marked(s);
            so(held > 0 && marked == 0, "it is, or nothing was held")
        },
    ),
    (
        "Attendance was marked at {share} in the last 365 days[, and never in {never}]; elsewhere, figures are who said yes.",
        |s, f| {
            let (marked, held, never) = marked(s);
            so(marked > 0, "it never was")?;
            same(
                f.text("share"),
                shared((marked, held), "events of the groups"),
            )?;
            let told = match never {
                0 => String::new(),
                n => many(n, "group", "groups"),
            };
            same(f.text("never"), told)
        },
    ),
    (
        "Which hosts are staff is not configured: list their ids as member_ids under {section} to see who is local.",
        |s, _| so(s.q.staff.as_ref().is_none_or(Vec::is_empty), "it is"),
    ),
    (
        "Rosters have no history: members and leaders as of that day are unknown; organizers shown are today's.",
        |s, _| so(s.q.generated - s.q.a > DAY, "they are known"),
    ),
    ("Definitions version {n}.", |_, f| same(f.text("n"), 2)),
    ("{n} group(s): {parts}.", |s, f| {
        let known = s.known();
        same(f.text("n"), grouped(known.len() as i64))?;
        let is_unread = |name: &str| s.read.groups.get(name).is_some_and(|it| it.is_unread);
        let mut counted: BTreeMap<&str, i64> = BTreeMap::new();
        for group in &known {
            let word = match group.status() {
                _ if is_unread(s.name(group)) => "unread",
                status => status,
            };
            *counted.entry(word).or_default() += 1;
        }
        let mut told: BTreeMap<&str, i64> = BTreeMap::new();
        for part in f
            .text("parts")
            .split(", ")
            .filter(|it| *it != "not read lately")
        {
            let (n, words) = part.split_once(' ').ok_or("a part without a number")?;
            let word = status_in_words(words).ok_or_else(|| format!("no status: {words}"))?;
            told.insert(word, n.replace(',', "").parse().map_err(|_| "no number")?);
        }
        so(told == counted, &format!("{counted:?}"))
    }),
    (
        "Meet as agreed: {share}, leaving out the new, those without a first event and those quiet for over a year.",
        |s, f| {
            same(
                f.text("share"),
                shared(rate(s, "share_on_target"), "groups"),
            )
        },
    ),
    (
        "Said yes more than once in the last 365 days, hosts and staff aside: {share}.",
        |s, f| same(f.text("share"), shared(rate(s, "repeat_rate"), "people")),
    ),
    ("In more than one group: {share}.", |s, f| {
        same(
            f.text("share"),
            shared(rate(s, "cross_group_rate"), "people"),
        )
    }),
];

/// Three windows, each beside that of a year before.
fn windows(s: &Scene<'_>, f: &Found, figure: &str) -> Held {
    for (days, now, before) in [(30, "a", "b"), (90, "c", "d"), (365, "e", "f")] {
        let count = |key: String| grouped(s.count(&key));
        same(f.text(now), count(format!("{figure}_{days}")))?;
        same(
            f.text(before),
            count(format!("{figure}_{days}_year_before")),
        )?;
    }
    Ok(())
}

fn rate(s: &Scene<'_>, key: &str) -> (i64, i64) {
    let of = |part: &str| s.network[key][part].as_i64().unwrap();
    (of("numerator"), of("denominator"))
}

/// Events held in a year at which attendance was marked, all of them, and the groups of which never.
fn marked(s: &Scene<'_>) -> (i64, i64, i64) {
    let rates = s
        .known()
        .into_iter()
        .map(|g| g.rate("attendance.attendance_taken"));
    rates
        .filter(|(_, held)| *held > 0)
        .fold((0, 0, 0), |sum, (n, of)| {
            (sum.0 + n, sum.1 + of, sum.2 + i64::from(n == 0))
        })
}

fn status_in_words(words: &str) -> Option<&'static str> {
    Some(match words {
        "meets as agreed" | "meet as agreed" => "on_target",
        "meets now and then" | "meet now and then" => "meeting",
        "long without a date" => "overdue",
        "restarted" => "restarted",
        "new" => "new",
        "quiet" => "quiet",
        "no first event yet" | "with no first event yet" => "unstarted",
        "unknown" => "unread",
        _ => return None,
    })
}
