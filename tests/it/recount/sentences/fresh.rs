//! How fresh the data is, in titles, footers and reports, and the figures a report opens with: counted again.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::scene::{grouped, many, same, shared, so};
use super::{Found, Held, Place, Scene, Template};
use crate::recount::DAY;

/// How a group was read.
#[derive(Debug, Clone, Copy)]
pub struct Read {
    /// When last without failure.
    pub at: Option<i64>,
    /// The last pass could not.
    pub is_unread: bool,
}

/// How all of them were, and when the last good pass ended.
#[derive(Debug, Clone, Default)]
pub struct Readings {
    /// Measured groups, by their names.
    pub groups: BTreeMap<String, Read>,
    pub last_pass: Option<i64>,
}

impl Readings {
    fn of(&self, is_unread: bool) -> Vec<Read> {
        let all = self.groups.values().copied();
        all.filter(|it| it.is_unread == is_unread).collect()
    }

    fn unread(&self) -> usize {
        self.of(true).len()
    }

    fn oldest(&self, is_unread: bool) -> Option<i64> {
        self.of(is_unread).iter().filter_map(|it| it.at).min()
    }

    /// To when the data goes of which anything is told.
    fn until(&self) -> Option<i64> {
        if self.groups.is_empty() || self.unread() < self.groups.len() {
            self.oldest(false).or(self.last_pass)
        } else {
            self.oldest(true)
        }
    }
}

pub fn templates() -> Vec<Template> {
    let mut all = Vec::new();
    let digest = |(pattern, holds)| Template {
        place: Place::Footer,
        pattern,
        holds,
    };
    all.extend(DIGEST.into_iter().map(digest));
    let report = |(pattern, holds)| Template {
        place: Place::Report,
        pattern,
        holds,
    };
    all.extend(ALL_READ.into_iter().chain(REPORT).map(report));
    let title = |(pattern, holds)| Template {
        place: Place::Title,
        pattern,
        holds,
    };
    all.extend(TITLES.into_iter().map(title));
    all
}

type Rule = (&'static str, super::Holds);

/// What no footer says: there is nothing of it that its title has not said.
const ALL_READ: [Rule; 4] = [
    ("No pass has read all of it yet.", |s, _| {
        so(s.read.until().is_none(), "it was read")?;
        so(s.read.unread() == 0, "some could not be read")
    }),
    ("All {n} groups were read.", |s, f| {
        all_read(s, f.number("n") as usize)?;
        so(s.groups.len() > 2, "these are few")
    }),
    ("Both groups were read.", |s, _| all_read(s, 2)),
    ("The group was read.", |s, _| all_read(s, 1)),
];

const DIGEST: [Rule; 8] = [
    (
        "Data to {at}, all but {n} group(s), which {were} {last}, so nothing is said of how {they} doing: {names}.",
        |s, f| {
            until(s, f.text("at"), false)?;
            all_but(s, f, false)?;
            unread_names(s, f)
        },
    ),
    (
        "No pass has read all of it yet, all but {n} group(s), which {were} {last}, so nothing is said of how {they} doing: {names}.",
        |s, f| {
            so(s.read.until().is_none(), "it was read")?;
            all_but(s, f, false)?;
            unread_names(s, f)
        },
    ),
    ("Data to {at}.", |s, f| until(s, f.text("at"), false)),
    (
        "The group was never read, so nothing is said of how it is doing: {names}.",
        |s, f| {
            never(s, 1)?;
            unread_names(s, f)
        },
    ),
    (
        "{none} was ever read, so nothing is said of how they are doing: {names}.",
        |s, f| {
            never(s, s.groups.len())?;
            none_of(s, f)?;
            unread_names(s, f)
        },
    ),
    (
        "Of the {n} groups {once} could not be read since, and {never} {were} never read, so nothing is said of how they are doing: {names}.",
        |s, f| {
            some_never(s, f)?;
            unread_names(s, f)
        },
    ),
    (
        "The group could not be read since, so nothing is said of how it is doing: {names}.",
        |s, f| {
            since(s, 1)?;
            unread_names(s, f)
        },
    ),
    (
        "{none} could be read since, so nothing is said of how they are doing: {names}.",
        |s, f| {
            since(s, s.groups.len())?;
            none_of(s, f)?;
            unread_names(s, f)
        },
    ),
];

const REPORT: [Rule; 28] = [
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
        "Data to {at}, all but {n} group(s), which {were} {last}.",
        |s, f| {
            until(s, f.text("at"), true)?;
            all_but(s, f, true)
        },
    ),
    (
        "No pass has read all of it yet, all but {n} group(s), which {were} {last}.",
        |s, f| {
            so(s.read.until().is_none(), "it was read")?;
            all_but(s, f, true)
        },
    ),
    ("Data to {at}.", |s, f| until(s, f.text("at"), true)),
    ("The group was never read.", |s, _| never(s, 1)),
    ("{none} was ever read.", |s, f| {
        never(s, s.groups.len())?;
        none_of(s, f)
    }),
    (
        "Of the {n} groups {once} could not be read since, and {never} {were} never read.",
        some_never,
    ),
    ("The group could not be read since.", |s, _| since(s, 1)),
    ("{none} could be read since.", |s, f| {
        since(s, s.groups.len())?;
        none_of(s, f)
    }),
    ("{n} group(s) could not be read:", |s, f| {
        same(f.text("n"), s.read.unread())?;
        so(s.read.unread() > 0, "all were read")
    }),
    ("{urlname}: {urlname} is out of reach", |s, f| {
        // The reason was given to each by its own urlname.
        let unread = unread_urlnames(s);
        so(
            unread.iter().any(|it| it == f.text("urlname")),
            "it was read",
        )
    }),
    (
        "History still being read, so in no figure above: {names}.",
        |s, f| {
            let mut read: Vec<&str> = s
                .groups
                .values()
                .filter(|(_, of)| of["status"].is_null())
                .map(|(nth, _)| s.q.world.groups[*nth].urlname.as_str())
                .collect();
            read.sort_unstable();
            let mut told: Vec<&str> = f.text("names").split(", ").collect();
            told.sort_unstable();
            same(&told.join(", "), read.join(", "))
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

const TITLES: [Rule; 6] = [
    (
        "{who} · {day} · data to {time}, the group was read",
        |s, f| {
            on_day(s, f)?;
            in_title(s, f.text("time"))?;
            all_read(s, 1)
        },
    ),
    (
        "{who} · {day} · data to {time}, both groups read",
        |s, f| {
            on_day(s, f)?;
            in_title(s, f.text("time"))?;
            all_read(s, 2)
        },
    ),
    ("{who} · {day} · data to {time}", |s, f| {
        on_day(s, f)?;
        in_title(s, f.text("time"))?;
        all_read(s, 0)
    }),
    (
        "{who} · {day} · data to {time}, {n} of {all} groups read",
        |s, f| {
            on_day(s, f)?;
            in_title(s, f.text("time"))?;
            same(f.text("n"), s.groups.len() - s.read.unread())?;
            same(f.text("all"), s.groups.len())?;
            so(s.read.unread() > 0, "all were read")
        },
    ),
    ("{who} · {day} · not all of it was read yet", |s, f| {
        on_day(s, f)?;
        let read = s.read.oldest(false).or(s.read.last_pass);
        so(read.is_none(), "it was read")
    }),
    (
        "{who} · {day} · data to {time}, all {n} groups read",
        |s, f| {
            on_day(s, f)?;
            in_title(s, f.text("time"))?;
            all_read(s, f.number("n") as usize)
        },
    ),
];

fn instant(at: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(at, 0).unwrap()
}

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

fn on_day(s: &Scene<'_>, f: &Found) -> Held {
    same(f.text("day"), s.today().format("%A %-d %B %Y"))
}

/// "06:00 UTC", with the day where it is another than today's.
fn in_title(s: &Scene<'_>, told: &str) -> Held {
    let at = instant(
        s.read
            .oldest(false)
            .or(s.read.last_pass)
            .ok_or("nothing was read")?,
    );
    let form = match at.date_naive() == s.today() {
        true => "%H:%M UTC",
        false => "%a %-d %b %H:%M UTC",
    };
    same(told, at.format(form))
}

/// "Mon 15 Jun 06:00 UTC", and how long before the digest or the report that was.
fn until(s: &Scene<'_>, told: &str, is_report: bool) -> Held {
    let at = s.read.until().ok_or("nothing was read")?;
    let age = if is_report { s.q.generated } else { s.q.a } - at;
    let before = match (is_report, age) {
        (false, ..DAY) | (true, ..120) => String::new(),
        (false, age) if age / DAY == 1 => ", a day before this digest".to_owned(),
        (false, age) => format!(", {} days before this digest", age / DAY),
        (true, age) if age < 2 * 3_600 => format!(", {} minutes before this report", age / 60),
        (true, age) if age < 2 * DAY => format!(", {} hours before this report", age / 3_600),
        (true, age) => format!(", {} days before this report", age / DAY),
    };
    same(told, format!("{}{before}", written(at, is_report)))
}

fn written(at: i64, is_report: bool) -> String {
    let form = match is_report {
        true => "%a %-d %b %Y, %H:%M UTC",
        false => "%a %-d %b %H:%M UTC",
    };
    instant(at).format(form).to_string()
}

fn all_read(s: &Scene<'_>, n: usize) -> Held {
    same("0", s.read.unread())?;
    same(&n.to_string(), s.groups.len())
}

/// That so many groups are all there are, and none of them was ever read.
fn never(s: &Scene<'_>, n: usize) -> Held {
    same(&n.to_string(), s.groups.len())?;
    same(&n.to_string(), s.read.unread())?;
    so(s.read.oldest(true).is_none(), "one was read once")
}

/// That so many groups are all there are, and each was read once and not since.
fn since(s: &Scene<'_>, n: usize) -> Held {
    same(&n.to_string(), s.groups.len())?;
    same(&n.to_string(), s.read.unread())?;
    let unread = s.read.of(true);
    so(
        unread.iter().all(|it| it.at.is_some()),
        "one was never read",
    )
}

fn none_of(s: &Scene<'_>, f: &Found) -> Held {
    let none = match s.groups.len() {
        2 => "Neither of the 2 groups".to_owned(),
        n => format!("None of the {n} groups"),
    };
    so(s.groups.len() > 1, "it is one")?;
    same(f.text("none"), none)
}

fn some_never(s: &Scene<'_>, f: &Found) -> Held {
    let unread = s.read.of(true);
    same(f.text("n"), s.groups.len())?;
    same(f.text("n"), unread.len())?;
    let never = unread.iter().filter(|it| it.at.is_none()).count();
    same(f.text("never"), never)?;
    same(f.text("once"), unread.len() - never)?;
    same(f.text("were"), if never == 1 { "was" } else { "were" })?;
    so(never > 0 && never < unread.len(), "all alike")
}

/// How many could not be read, of more, and when they last were.
fn all_but(s: &Scene<'_>, f: &Found, is_report: bool) -> Held {
    let unread = s.read.of(true);
    same(f.text("n"), unread.len())?;
    so(unread.len() < s.groups.len(), "none was read")?;
    same(
        f.text("were"),
        if unread.len() == 1 { "was" } else { "were" },
    )?;
    let mut at: Vec<i64> = unread.iter().filter_map(|it| it.at).collect();
    at.sort_unstable();
    let mut last = match at[..] {
        [] => "never read".to_owned(),
        [first, .., last] if written(first, is_report) != written(last, is_report) => format!(
            "last read between {} and {}",
            written(first, is_report),
            written(last, is_report)
        ),
        [first, ..] => format!("last read on {}", written(first, is_report)),
    };
    if !at.is_empty() && at.len() < unread.len() {
        last.push_str(", or never");
    }
    same(f.text("last"), last)
}

fn unread_urlnames(s: &Scene<'_>) -> Vec<String> {
    let unread = s.read.groups.iter().filter(|(_, it)| it.is_unread);
    let urlname = |name: &String| s.q.world.groups[s.named(name).nth].urlname.clone();
    let mut urlnames: Vec<String> = unread.map(|(name, _)| urlname(name)).collect();
    urlnames.sort_unstable();
    urlnames
}

/// That those are named, eight of them at most.
fn unread_names(s: &Scene<'_>, f: &Found) -> Held {
    let unread = unread_urlnames(s);
    if f.has("they") {
        same(
            f.text("they"),
            if unread.len() == 1 {
                "it is"
            } else {
                "they are"
            },
        )?;
    }
    let (told, more) = match f.text("names").rsplit_once(" and ") {
        Some((told, more)) => (told, more.trim_end_matches(" more").parse().unwrap()),
        None => (f.text("names"), 0),
    };
    let told: Vec<&str> = told.split(", ").collect();
    so(
        told.iter().all(|it| unread.iter().any(|of| of == it)),
        "another is named",
    )?;
    same(&told.len().to_string(), unread.len().min(8))?;
    same(&more.to_string(), unread.len() - told.len())
}
