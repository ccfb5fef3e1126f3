//! How fresh the data is, in titles, footers and reports: counted again.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::scene::{same, so};
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

pub type Rule = (&'static str, super::Holds);

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

const REPORT: [Rule; 11] = [
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
        |s, f| still_being_read(s, f.text("names")),
    ),
];

/// Groups that were read and whose history was not yet: none without words of it, else as many as it says.
fn behind(s: &Scene<'_>, told: Option<&str>) -> Held {
    let is_read = |name: &String| s.read.groups.get(name).is_none_or(|it| !it.is_unread);
    let is_behind = |(name, (nth, _)): &(&String, &(usize, _))| {
        is_read(name) && !s.q.world.groups[*nth].is_complete
    };
    let counted = s.groups.iter().filter(is_behind).count();
    match told {
        None => so(counted == 0, "of some the history was not read"),
        Some(n) => same(n, counted),
    }
}

fn title(s: &Scene<'_>, f: &Found, told: Option<&str>) -> Held {
    on_day(s, f)?;
    in_title(s, f.text("time"))?;
    behind(s, told)
}

const TITLES: [Rule; 10] = [
    (
        "{who} · {day} · data to {time}, the group was read",
        |s, f| {
            title(s, f, None)?;
            all_read(s, 1)
        },
    ),
    (
        "{who} · {day} · data to {time}, the group was read, the history of {behind} not yet",
        |s, f| {
            title(s, f, Some(f.text("behind")))?;
            all_read(s, 1)
        },
    ),
    (
        "{who} · {day} · data to {time}, both groups read",
        |s, f| {
            title(s, f, None)?;
            all_read(s, 2)
        },
    ),
    (
        "{who} · {day} · data to {time}, both groups read, the history of {behind} not yet",
        |s, f| {
            title(s, f, Some(f.text("behind")))?;
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
            title(s, f, None)?;
            some_read(s, f)
        },
    ),
    (
        "{who} · {day} · data to {time}, {n} of {all} groups read, the history of {behind} not yet",
        |s, f| {
            title(s, f, Some(f.text("behind")))?;
            some_read(s, f)
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
            title(s, f, None)?;
            all_read(s, f.number("n") as usize)
        },
    ),
    (
        "{who} · {day} · data to {time}, all {n} groups read, the history of {behind} not yet",
        |s, f| {
            title(s, f, Some(f.text("behind")))?;
            all_read(s, f.number("n") as usize)
        },
    ),
];

fn some_read(s: &Scene<'_>, f: &Found) -> Held {
    same(f.text("n"), s.groups.len() - s.read.unread())?;
    same(f.text("all"), s.groups.len())?;
    so(s.read.unread() > 0, "all were read")
}

pub fn instant(at: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(at, 0).unwrap()
}

/// That the histories of exactly these groups, by their urlnames, are not read through.
pub fn still_being_read(s: &Scene<'_>, told: &str) -> Held {
    let of = s.groups.values();
    let unread = of.filter(|(_, figures)| figures["status"].is_null());
    let mut unread: Vec<&str> = unread
        .map(|(nth, _)| s.q.world.groups[*nth].urlname.as_str())
        .collect();
    unread.sort_unstable();
    let mut told: Vec<&str> = told.split(", ").collect();
    told.sort_unstable();
    same(&told.join(", "), unread.join(", "))
}

pub fn on_day(s: &Scene<'_>, f: &Found) -> Held {
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
