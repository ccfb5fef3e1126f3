//! For a terminal: one screen, however many groups there are.

use crate::{
    app::{
        health::{Facts, Trouble, span},
        imports::Looked,
    },
    commands::said::counted,
    mirror::{Freshness, Pass, PassOutcome},
    report::{clean, many, whole_words},
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use std::fmt::Write;

/// Of what may be many, so many are shown.
const SHOWN: usize = 5;
const DAY: i64 = 86_400;
const WEEK: i64 = 7 * DAY;

pub(super) fn write(
    (facts, files): (&Facts, &[Looked]),
    troubles: &[Trouble],
    now: DateTime<Utc>,
    all_groups: bool,
    columns: Option<usize>,
) -> String {
    let mut text = Lines {
        out: String::new(),
        now: now.timestamp(),
        columns,
    };
    passes(&mut text, facts);
    groups(&mut text, facts);
    rest(&mut text, facts);
    for file in files {
        imported(&mut text, file);
    }
    failures(&mut text, facts, all_groups);
    if all_groups {
        every_group(&mut text, facts);
    }
    if !facts.drift.is_empty() {
        text.out
            .push_str("\nMeetup's API differs from what this gatherd knows:\n");
        for drift in facts.drift.iter().take(SHOWN) {
            let (weight, since) = (drift.weight.as_str(), text.ago(drift.found_at));
            let said = clean(&format!("{} {}", drift.place, drift.what));
            text.write("  ", &format!("{weight}, {since}: {said}"));
        }
        text.more(facts.drift.len());
    }
    if !troubles.is_empty() {
        text.out.push_str("\nneeds attention:\n");
        for trouble in troubles {
            text.write("  ", &clean(&trouble.reason));
        }
    }
    text.out
}

struct Lines {
    out: String,
    now: i64,
    columns: Option<usize>,
}

impl Lines {
    fn add(&mut self, name: &str, told: &str) {
        self.write(&format!("{name:<14}"), told);
    }

    /// A line behind a start, over as many as it needs where there is an end to the page.
    fn write(&mut self, start: &str, told: &str) {
        let below = " ".repeat(start.chars().count());
        let lines = match self.columns {
            Some(columns) => whole_words(told, columns.saturating_sub(below.len())),
            None => vec![told.to_owned()],
        };
        for (nth, line) in lines.iter().enumerate() {
            let before = if nth == 0 { start } else { &below };
            let _ = writeln!(self.out, "{}", format!("{before}{line}").trim_end());
        }
    }

    fn ago(&self, at: i64) -> String {
        if at > self.now {
            return format!("{} from now", span(at - self.now));
        }
        format!("{} ago", span(self.now - at))
    }

    fn more(&mut self, all: usize) {
        if all > SHOWN {
            let _ = writeln!(self.out, "  and {} more", all - SHOWN);
        }
    }
}

fn passes(text: &mut Lines, facts: &Facts) {
    for pass in facts.passes.iter().filter_map(|(_, pass)| pass.as_ref()) {
        let outcome = pass.outcome.map_or("unknown", PassOutcome::as_str);
        let ended = text.ago(pass.finished_at.unwrap_or(pass.started_at));
        text.add(
            pass.kind.as_str(),
            &format!(
                "{outcome}, {ended}: {}, {}, {} changed, {}",
                number_of(pass.requests, "request", "requests"),
                number_of(pass.points, "point", "points"),
                number_of(pass.rows_changed, "row", "rows"),
                number_of(pass.failures, "failure", "failures")
            ),
        );
    }
    let begun = |text: &Lines, pass: &Pass| {
        format!("{} begun {}", pass.kind.as_str(), text.ago(pass.started_at))
    };
    let process = facts
        .holder
        .flatten()
        .map_or_else(String::new, |pid| format!(" (process {pid})"));
    if let Some(pass) = facts.running() {
        let told = format!("{}{process}", begun(text, pass));
        text.add("running", &told);
    } else if facts.holder.is_some() {
        text.add("running", &format!("no pass at the moment{process}"));
    } else if let Some(pass) = facts.interrupted() {
        let told = format!(
            "{}: its process ended first; the next pass goes on from there",
            begun(text, pass)
        );
        text.add("interrupted", &told);
    }
    if facts.unended.is_none() && facts.passes.iter().all(|(_, pass)| pass.is_none()) {
        text.out
            .push_str("no pass yet; run `gatherd backfill` or `gatherd run`\n");
    }
    let last_good = facts.last_good.as_ref().and_then(|pass| pass.finished_at);
    let told = last_good.map_or_else(|| "never".to_owned(), |at| text.ago(at));
    text.add("last good", &told);
}

fn number_of(count: i64, one: &str, more: &str) -> String {
    many(count.unsigned_abs(), one, more)
}

fn groups(text: &mut Lines, facts: &Facts) {
    let all = facts.groups.len();
    let complete = all - facts.incomplete();
    text.add(
        "groups",
        &format!("{all} sponsored, {complete} with their whole history"),
    );
    for network in &facts.readings.networks {
        let read = network
            .at
            .map_or_else(|| "never".to_owned(), |at| text.ago(at.timestamp()));
        text.add("read", &format!("{} {read}", clean(&network.urlname)));
    }
    let within = |from: i64, to: i64| {
        let ages = facts.groups.iter().filter_map(|it| it.verified_at);
        ages.filter(|at| (from..to).contains(&(text.now - at).max(0)))
            .count()
    };
    let never = facts.groups.iter().filter(|it| it.verified_at.is_none());
    let counts = [
        (within(0, DAY), "within a day"),
        (within(DAY, WEEK), "within a week"),
        (within(WEEK, i64::MAX), "longer ago"),
        (never.count(), "not wholly yet"),
    ];
    let counts = counts.iter().filter(|(count, _)| *count > 0);
    let counts: Vec<String> = counts
        .map(|(count, when)| format!("{count} {when}"))
        .collect();
    if !counts.is_empty() {
        text.add("verified", &counts.join(", "));
    }
    // Where all is fresh, nothing stands out.
    let stalest: Vec<String> = facts
        .groups
        .iter()
        .take_while(|it| it.verified_at.is_none_or(|at| text.now - at >= DAY))
        .take(SHOWN)
        .map(|it| {
            let age = it
                .verified_at
                .map_or_else(|| "not wholly".to_owned(), |at| text.ago(at));
            format!("{} ({age})", clean(&it.urlname))
        })
        .collect();
    if !stalest.is_empty() {
        text.add("stalest", &stalest.join(", "));
    }
    if facts.units > 0 {
        text.add(
            "left over",
            &format!("{} of work", many(facts.units, "unit", "units")),
        );
    }
}

fn rest(text: &mut Lines, facts: &Facts) {
    text.add(
        "budget",
        &format!(
            "{} in the last minute, {} in the last day",
            number_of(facts.points_minute, "point", "points"),
            counted(facts.points_day.unwrap_or_default().unsigned_abs())
        ),
    );
    let due = |(name, at): &(String, DateTime<Tz>)| {
        format!("{name} {}", at.format("%a %-d %b %Y, %H:%M %Z"))
    };
    let mut next: Vec<String> = facts.next.iter().take(SHOWN).map(due).collect();
    if facts.next.len() > SHOWN {
        next.push(format!("and {} more", facts.next.len() - SHOWN));
    }
    text.add("next", &next.join(" · "));
    let undelivered = &facts.undelivered;
    let waiting = undelivered.oldest_open_at.map_or_else(String::new, |at| {
        format!(", the oldest filed {}", text.ago(at))
    });
    text.add(
        "messages",
        &format!(
            "{} waiting{waiting}, {} given up",
            undelivered.open, undelivered.dead
        ),
    );
    if let Some(backups) = &facts.backups {
        let folder = clean(&backups.folder.display().to_string());
        let told = backups.last_at.map_or_else(
            || format!("none yet in {folder}"),
            |at| format!("{} in {folder}", text.ago(at.timestamp())),
        );
        text.add("last backup", &told);
    }
    #[allow(clippy::cast_precision_loss)] // shown with one decimal
    text.add("database", &format!("{:.1} MB", facts.bytes as f64 / 1e6));
}

fn imported(text: &mut Lines, file: &Looked) {
    let name = file.file.file_name().unwrap_or(file.file.as_os_str());
    let name = clean(&name.to_string_lossy());
    let at = file
        .at
        .map_or_else(|| "never".to_owned(), |at| text.ago(at.timestamp()));
    let what = match (&file.trouble, file.is_waiting) {
        (Some(trouble), _) => format!("; {}", clean(trouble)),
        (None, true) => "; it changed, and is read next".to_owned(),
        (None, false) => String::new(),
    };
    text.add("import", &format!("{name}: kept {at}{what}"));
}

fn failures(text: &mut Lines, facts: &Facts, all: bool) {
    // Where a network fails, whoever wants all groups of it asks for them.
    let failing: Vec<_> = match all {
        true => facts.readings.failing.iter().collect(),
        false => facts.readings.told().collect(),
    };
    if failing.is_empty() {
        return;
    }
    text.out.push_str("\nfails now:\n");
    let shown = if all { usize::MAX } else { SHOWN };
    for failing in failing.iter().take(shown) {
        let since = text.ago(failing.since);
        let lines: Vec<String> = failing.message.lines().map(clean).collect();
        let mut lines = lines.iter();
        let first = lines.next().map_or("", String::as_str);
        let scope = clean(&failing.scope.to_string());
        text.write("  ", &format!("{scope}, since {since}: {first}"));
        for line in lines {
            text.write("      ", line);
        }
    }
    if !all {
        text.more(failing.len());
    }
}

fn every_group(text: &mut Lines, facts: &Facts) {
    text.out.push_str("\ngroups, the stalest first:\n");
    for group in &facts.groups {
        let told = of_group(text, group);
        let urlname = clean(&group.urlname);
        match text.columns {
            // Side by side where both fit.
            Some(columns) if columns < 43 + told.chars().count() => {
                text.write("  ", &format!("{urlname} {told}"));
            }
            _ => text.write(&format!("  {urlname:<40} "), &told),
        }
    }
}

fn of_group(text: &Lines, group: &Freshness) -> String {
    let mut told = group.verified_at.map_or_else(
        || "not wholly verified yet".to_owned(),
        |at| format!("verified {}", text.ago(at)),
    );
    if !group.is_complete {
        told.push_str(", history incomplete");
    }
    if group.failures > 0 {
        let _ = write!(told, ", failed {} times in a row", group.failures);
        if let Some(since) = group.failing_since {
            let _ = write!(told, " since {}", text.ago(since));
        }
    }
    told
}
