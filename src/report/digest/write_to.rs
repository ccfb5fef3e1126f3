//! At most five groups to write to, never the same ones every week: the most is at stake first.

use chrono::TimeDelta;
use std::cmp::Ordering;

use super::desk::{Desk, Place};
use super::persons::{latest_note, whom_to_ask};
use super::thanks::birthday;
use crate::community::{Cause, Named};
use crate::metrics::GroupFigures;
use crate::report::compose::GroupReport;
use crate::report::message::{Entry, Line, Section, Tone, Topic};
use crate::report::pause::is_of_a_pause;
use crate::report::plain::group_name;
use crate::report::words::{count, month, number, weekday};

/// Groups told one by one.
const MOST: usize = 5;
/// Of one cause, as long as others wait.
const OF_ONE_CAUSE: usize = 2;
/// Causes told of each.
const CAUSES: usize = 2;
/// From so many days on, a year up to the latest event is not the last one.
const HALF_A_YEAR: i64 = 180;
/// How long a group that was named is not named again.
const REST: TimeDelta = TimeDelta::days(21);

/// A group to write to, with its causes, the most urgent first.
type Wanted<'a> = (&'a GroupReport, &'a [Cause]);

/// The section, and which groups it names.
pub(super) fn section(desk: &Desk<'_>) -> (Option<Section>, Vec<Named>) {
    let all = wanted(desk);
    if all.is_empty() {
        return (None, Vec::new());
    }
    let of = all.len();
    let chosen = choose(desk, &all);
    let others = all.iter().enumerate();
    let others: Vec<String> = others
        .filter(|(nth, _)| !chosen.contains(nth))
        .map(|(_, (group, _))| group.figures.name.clone())
        .collect();
    if chosen.is_empty() {
        return (Some(all_resting(of, others)), Vec::new());
    }
    let shown: Vec<Wanted<'_>> = chosen.iter().map(|nth| all[*nth]).collect();
    let what = if desk.given.before.is_empty() {
        "Where to start"
    } else {
        "Please write to"
    };
    let heading = if shown.len() == of {
        format!("{what} ({of})")
    } else {
        format!("{what} ({} of {of})", shown.len())
    };
    let section = Section {
        topic: Topic::WriteTo,
        heading: Some(heading),
        tone: Tone::Attention,
        lines: by_cause(&all).into_iter().collect(),
        entries: shown
            .iter()
            .map(|(group, causes)| entry(desk, group, causes))
            .collect(),
        unlisted: others.len(),
        others,
        others_are: "Also waiting",
        ..Section::default()
    };
    let named = shown
        .iter()
        .map(|(group, causes)| name(group, causes))
        .collect();
    (Some(section), named)
}

/// All that a word would help, where the most is at stake first.
fn wanted<'a>(desk: &'a Desk<'_>) -> Vec<Wanted<'a>> {
    let mut all: Vec<Wanted<'_>> = desk
        .places()
        .filter_map(|(group, place)| match place {
            Place::WriteTo(causes) => Some((group, causes.as_slice())),
            _ => None,
        })
        .collect();
    all.sort_by(by_stake);
    all
}

/// A group that a word would help, as it would stand in the message.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// Its urlname.
    pub urlname: String,
    /// Why, the most urgent first; none of them is muted.
    pub causes: Vec<Cause>,
    /// What is said of it: why, what to do, whom to ask.
    pub entry: Entry,
}

/// All of them.
pub(super) fn calls(desk: &Desk<'_>) -> Vec<Call> {
    let call = |(group, causes): &Wanted<'_>| Call {
        urlname: group.figures.urlname.clone(),
        causes: causes.to_vec(),
        entry: entry(desk, group, causes),
    };
    wanted(desk).iter().map(call).collect()
}

/// By what is at stake: the people of its last year, as far as its first cause puts them at risk. Groups that
/// nobody took part in come after all others, by their members.
fn by_stake(a: &Wanted<'_>, b: &Wanted<'_>) -> Ordering {
    #[allow(clippy::cast_precision_loss)] // people
    let risk = |(group, causes): &Wanted<'_>| {
        let stake = group.figures.stake as f64;
        causes
            .first()
            .map_or(0.0, |cause| stake * cause.weight(&group.figures))
    };
    let members = |(group, _): &Wanted<'_>| group.figures.growth.members.unwrap_or_default();
    risk(b)
        .total_cmp(&risk(a))
        .then_with(|| members(b).cmp(&members(a)))
        .then_with(|| a.0.figures.urlname.cmp(&b.0.figures.urlname))
}

/// The few to name, in their order: of those that do not rest, first whoever was not named for long, and of
/// every cause a few, so that one kind of trouble does not hide the others; one place is kept for a group
/// about to turn quiet.
fn choose(desk: &Desk<'_>, all: &[Wanted<'_>]) -> Vec<usize> {
    let last: Vec<Option<TimeDelta>> = all
        .iter()
        .map(|(group, causes)| named_ago(desk, group, causes))
        .collect();
    let is_turning =
        |nth: &usize| last[*nth].is_none() && all[*nth].1.contains(&Cause::TurningQuiet);
    let mut chosen: Vec<usize> = (0..all.len()).find(is_turning).into_iter().collect();
    for (was_named, of_one_cause) in [(false, OF_ONE_CAUSE), (false, MOST), (true, MOST)] {
        for (nth, (_, causes)) in all.iter().enumerate() {
            let alike = chosen.iter().filter(|it| all[**it].1[0] == causes[0]);
            let is_turn = last[nth].map_or(!was_named, |ago| was_named && ago >= REST);
            if chosen.len() < MOST
                && is_turn
                && !chosen.contains(&nth)
                && alike.count() < of_one_cause
            {
                chosen.push(nth);
            }
        }
    }
    chosen.sort_unstable();
    chosen
}

/// How many there are of each cause, where not all are named.
fn by_cause(all: &[Wanted<'_>]) -> Option<Line> {
    if all.len() <= MOST {
        return None;
    }
    let counts: Vec<String> = Cause::ALL
        .iter()
        .copied()
        .filter_map(|cause| {
            let groups = all.iter().filter(|(_, causes)| causes[0] == cause).count();
            (groups > 0).then(|| format!("{groups} {}", cause.counted()))
        })
        .collect();
    Some(Line::plain(format!(
        "All {}: {}.",
        all.len(),
        counts.join(", ")
    )))
}

/// Nobody is asked the same thing every week.
fn all_resting(of: usize, others: Vec<String>) -> Section {
    let groups = count(
        of as i64,
        "group would still be glad of a word; it was",
        "groups would still be glad of a word; all were",
    );
    Section {
        topic: Topic::WriteTo,
        lines: vec![Line::plain(format!(
            "Nobody new to write to. {groups} named here in the last three weeks."
        ))],
        unlisted: of,
        others,
        others_are: "Also waiting",
        ..Section::default()
    }
}

fn name(group: &GroupReport, causes: &[Cause]) -> Named {
    Named {
        id: group.figures.id.clone(),
        urlname: group.figures.urlname.clone(),
        causes: causes.to_vec(),
    }
}

/// How long ago it was named last, where it was named for all of the causes it has now.
fn named_ago(desk: &Desk<'_>, group: &GroupReport, causes: &[Cause]) -> Option<TimeDelta> {
    let namings = || desk.given.namings(&group.figures.id);
    let ago = desk.given.today() - namings().map(|(day, _)| day).max()?;
    let is_known = |cause: &Cause| namings().any(|(_, named)| named.causes.contains(cause));
    let all_known = causes.iter().all(is_known);
    all_known.then_some(ago)
}

fn entry(desk: &Desk<'_>, group: &GroupReport, causes: &[Cause]) -> Entry {
    let figures = &group.figures;
    let mut reasons: Vec<String> = Vec::new();
    for cause in causes.iter().take(CAUSES) {
        reasons.extend(cause.reason(desk.report, figures));
    }
    if !causes
        .iter()
        .take(CAUSES)
        .any(|cause| is_of_a_pause(*cause))
    {
        reasons.push(last_and_next(figures));
    }
    let today = figures.as_of_local.date_naive();
    reasons.extend(birthday(figures, today));
    let stake = stake(figures).map_or_else(String::new, |stake| format!("{stake} · "));
    let first = Line::default()
        .link(group_name(&figures.name, &figures.urlname), &figures.link)
        .text(format!(" · {stake}{}", reasons.join(" ")));
    let second = Line::plain(causes[0].suggestion(desk.report, figures));
    let mut whom = whom_to_ask(desk, group);
    if let Some(note) = latest_note(desk, group) {
        whom = whom.text(format!(" · {note}"));
    }
    Entry {
        about: Some(figures.id.clone()),
        ..Entry::of(vec![first, second, whom])
    }
}

/// "114 people and 13 events in a year", the year up to its latest event, which is named where that is
/// long past, or other events are in it than in the last 365 days; none where nobody took part.
fn stake(group: &GroupFigures) -> Option<String> {
    if group.stake == 0 {
        return None;
    }
    let last = group.last_event.as_ref();
    let is_past = group.cadence.days_since_last_held > Some(HALF_A_YEAR);
    let last = last.filter(|_| is_past || group.stake_events != group.cadence.events_365);
    let year = last.map_or_else(
        || "a year".to_owned(),
        |last| {
            let today = group.as_of_local.date_naive();
            format!("the year up to {}", month(last.starts_local.date(), today))
        },
    );
    Some(format!(
        "{} and {} in {year}",
        count(group.stake, "person", "people"),
        count(group.stake_events, "event", "events")
    ))
}

/// "Last met Mon 9 Mar, 4 said yes; nothing is announced."
fn last_and_next(group: &GroupFigures) -> String {
    let today = group.as_of_local.date_naive();
    let last = group.last_event.as_ref().map(|event| {
        format!(
            "Last met {}, {} said yes",
            weekday(event.starts_local.date(), today),
            number(event.yes)
        )
    });
    let next = match &group.next_event {
        Some(event) => format!(
            "next on {}, {} yes so far",
            weekday(event.starts_local.date(), today),
            number(event.yes)
        ),
        None if group.is_announced => "an event is on right now".to_owned(),
        None => "nothing is announced".to_owned(),
    };
    match last {
        Some(last) => format!("{last}; {next}."),
        None => format!("Never met; {next}."),
    }
}
