//! Reports and digests of which some groups could not be read, or never were.

use gatherd::report::{Reading, Style};

use super::*;
use crate::recount::sentences::fresh::{Read, Readings};
use crate::world::HOUR;

/// Seconds from the last good pass to the report, unless others are drawn.
pub const READ_BEFORE: i64 = 6 * HOUR;

/// All groups were read by the last pass.
pub fn all_read(scene: &Scene<'_>) -> Readings {
    let last_pass = Some(scene.q.a - READ_BEFORE);
    let read = Read {
        at: last_pass,
        is_unread: false,
    };
    Readings {
        groups: scene
            .groups
            .keys()
            .map(|name| (name.clone(), read))
            .collect(),
        last_pass,
    }
}

/// How each group was read: some by no pass, some by earlier ones only.
fn drawn(scene: &Scene<'_>, seed: u64) -> Readings {
    let a = scene.q.a;
    let last_pass = match seed % 5 {
        0 => None,
        n => Some(a - [HOUR / 60, 5 * HOUR / 60, READ_BEFORE, 3 * DAY][n as usize - 1]),
    };
    let names = scene.groups.keys().enumerate();
    let read = |nth: u64| match (seed / 5 % 6, (nth + seed) % 4) {
        // All alike: none was ever read, all once, all of them by the last pass.
        (0, _) | (5, 1) => (None, true),
        (1, _) => (Some(a - 9 * DAY), true),
        (3, n) => ([None, Some(a - DAY - HOUR)][n as usize % 2], true),
        (4 | 5, 0) => (Some(a - 40 * DAY), true),
        (4, 1) => (Some(a - 2 * DAY + nth as i64 * HOUR), true),
        (4 | 5, 2) => (last_pass.map(|at| at - 2 * HOUR), false),
        _ => (last_pass, false),
    };
    let of = |(nth, name): (usize, &String)| {
        let (at, is_unread) = read(nth as u64);
        (name.clone(), Read { at, is_unread })
    };
    Readings {
        groups: names.map(of).collect(),
        last_pass,
    }
}

/// The lines of a report's first and last part, each paragraph whole again.
fn opening_and_end(text: &str) -> Vec<String> {
    let (opening, rest) = text.split_once("\n\n").unwrap();
    let mut parts = vec![opening.to_owned()];
    let (table, rest) = rest.split_once("\n\n").unwrap();
    parts.extend(table.lines().map(str::to_owned));
    let whole = |lines: &str| lines.split_whitespace().collect::<Vec<_>>().join(" ");
    parts.push(rest.split("\n\n").next().unwrap().to_owned());
    let (_, end) = rest.rsplit_once('─').unwrap();
    // What is listed stands on lines of its own.
    let mut paragraph = String::new();
    for line in end.lines() {
        if let Some(listed) = line.strip_prefix("  ") {
            parts.push(std::mem::take(&mut paragraph));
            parts.push(listed.to_owned());
        } else {
            paragraph.push_str(line);
            paragraph.push(' ');
        }
    }
    parts.push(paragraph);
    parts.iter().map(|it| whole(it)).collect()
}

pub fn read(seed: u64, all: &[(Template, Pattern)], findings: &mut Findings) {
    let mut case = drawn_case(seed);
    case.name = format!("readings of seed {seed}");
    let question = case.question(case.a);
    let mut scene = case.scene(&question);
    scene.read = drawn(&scene, seed);
    let urlname = |name: &String| case.world.groups[scene.named(name).nth].urlname.clone();
    let at = |at: i64| instant(at);
    let readings = scene.read.groups.iter().map(|(name, it)| Reading {
        urlname: urlname(name),
        read_at: it.at.map(at),
        unread: it
            .is_unread
            .then(|| format!("{} is out of reach", urlname(name))),
    });
    let fresh = Freshness::of(scene.read.last_pass.map(at), readings.collect());
    let settings = case.settings(case.a);
    let measured = metrics::measure(&case.world.store(), &settings).unwrap();
    let report = report::compose(measured, &settings, fresh);
    let told = case.digest(&report, &[]);
    let pieces = pieces(&told.message).into_iter();
    let mut pieces: Vec<Piece> = pieces
        .filter(|it| matches!(it.place, Place::Title | Place::Footer))
        .collect();
    let text = report::text(&report, Style::default());
    for part in opening_and_end(&text) {
        for text in sentences(&part) {
            pieces.push(Piece {
                place: Place::Report,
                group: None,
                text,
            });
        }
    }
    for piece in pieces {
        findings.check(&case, all, &mut scene, &piece);
    }
}
