//! Once a month: people to invite and people missed, groups that could go on alone, groups
//! that share people, and the long quiet ones.

use std::cmp::Reverse;
use std::collections::HashSet;

use super::desk::Desk;
use super::listing::linked;
use crate::community::member_page;
use crate::metrics::{Leader, Rate, Status};
use crate::report::compose::GroupReport;
use crate::report::keys::{is_a_stranger, role, standing};
use crate::report::message::{Entry, Line, Section, Tone};
use crate::report::persons::{MissedReport, PeopleReport};
use crate::report::plain::{clean, group_name};
use crate::report::words::{count, number, share};

/// Told one by one, of each list.
const TOLD: usize = 5;
/// Where there are more persons.
const NAMES: &str = "gatherd report --names tells of more";
/// Names told of the groups that could go on alone.
const READY: usize = 12;

/// The sections.
pub(super) fn sections(desk: &Desk<'_>) -> Vec<Section> {
    if !desk.given.is_monthly {
        return Vec::new();
    }
    let people = desk.report.people.as_ref();
    [
        people.and_then(|people| ambassadors(desk, people)),
        keys(desk),
        ready(desk),
        people.and_then(|people| missed(desk, people)),
        super::few_leaders::section(desk),
        overlaps(desk),
        long_quiet(desk),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn person(desk: &Desk<'_>, name: Option<&str>, id: &str, group: Option<&String>) -> Line {
    let name = name.map(clean).filter(|name| !name.is_empty());
    let name = name.unwrap_or_else(|| "(no name)".to_owned());
    match group.and_then(|urlname| desk.report.group(urlname)) {
        Some(group) => Line::default().link(name, member_page(&group.figures.link, id)),
        None => Line::plain(name),
    }
}

/// The first of a list, and where to see all of it.
fn listed<T>(
    heading: &str,
    elsewhere: &str,
    all: &[T],
    entry: impl Fn(&T) -> Line,
) -> Option<Section> {
    if all.is_empty() {
        return None;
    }
    let shown = all.len().min(TOLD);
    let entries = all[..shown].iter().map(|it| Entry::of(vec![entry(it)]));
    let heading = if shown < all.len() {
        format!("{heading} ({shown} of {})", number(all.len() as i64))
    } else {
        format!("{heading} ({shown})")
    };
    Some(Section {
        heading: Some(heading),
        entries: entries.collect(),
        unlisted: all.len() - shown,
        elsewhere: Some(elsewhere.to_owned()),
        ..Section::default()
    })
}

fn ambassadors(desk: &Desk<'_>, people: &PeopleReport) -> Option<Section> {
    let heading = "Whom to invite as ambassador";
    listed(heading, NAMES, &people.ambassadors, |it| {
        let of = it.person.groups.iter();
        // One of the groups this channel is told of, so that the link leads somewhere.
        let group = of
            .clone()
            .find(|urlname| desk.report.group(urlname).is_some());
        person(desk, it.person.name.as_deref(), &it.person.member_id, group)
            .text(format!(" · {}", it.reasons.join(" ")))
    })
}

fn missed(desk: &Desk<'_>, people: &PeopleReport) -> Option<Section> {
    let mut missed: Vec<&MissedReport> = people.missed.iter().collect();
    // Who came most often first, whichever the group.
    missed.sort_by_key(|it| Reverse((it.person.taken_part, it.person.last)));
    listed("People we miss", NAMES, &missed, |it| {
        let group = &it.person.group;
        let name = desk.report.group(group).map_or_else(
            || clean(group),
            |group| group_name(&group.figures.name, &group.figures.urlname),
        );
        person(
            desk,
            it.person.name.as_deref(),
            &it.person.member_id,
            Some(group),
        )
        .text(format!(" · {name} · {}", it.reasons.join(" ")))
    })
}

/// Groups whose keys are with somebody who has never been there, and those with too few leaders seen lately.
fn keys(desk: &Desk<'_>) -> Option<Section> {
    let mut strangers: Vec<(&GroupReport, &Leader)> = Vec::new();
    for group in desk.known() {
        let leaders = group.figures.leaders.iter();
        strangers.extend(leaders.filter(|it| is_a_stranger(it)).map(|it| (group, it)));
    }
    let mut section = listed(
        "Keys: who could take a group over and was never there",
        "gatherd report --group GROUP tells of all of a group",
        &strangers,
        |(group, leader)| {
            let name = leader.name.as_deref().map(clean);
            let name = name.filter(|name| !name.is_empty());
            Line::default()
                .link(
                    group_name(&group.figures.name, &group.figures.urlname),
                    &group.figures.link,
                )
                .text(" · ")
                .link(name.unwrap_or_else(|| "(no name)".to_owned()), &leader.link)
                .text(format!(
                    " ({}): {}.",
                    role(&leader.role),
                    standing(&group.figures, leader)
                ))
        },
    );
    if let Some(section) = &mut section {
        section.tone = Tone::Attention;
    }
    section
}

/// Groups that could go on without the sponsor.
fn ready(desk: &Desk<'_>) -> Option<Section> {
    let ready: Vec<&GroupReport> = desk
        .known()
        .filter(|group| group.figures.handover.ready == Some(true))
        .collect();
    if ready.is_empty() {
        return None;
    }
    let line = Line::plain(
        "Led and mostly hosted locally, month after month; they could go on without us: ",
    );
    Some(Section {
        heading: Some(format!("Ready to hand over ({})", ready.len())),
        tone: Tone::Good,
        lines: vec![linked(line, ready.iter().copied(), READY).text(".")],
        ..Section::default()
    })
}

fn overlaps(desk: &Desk<'_>) -> Option<Section> {
    // An event announced in every group makes a pair of every two: too many to look each up in a list.
    let groups = desk.report.groups.iter();
    let known: HashSet<&str> = groups.map(|it| it.figures.urlname.as_str()).collect();
    let overlaps = desk.report.network.overlaps.iter();
    // A channel that is narrowed hears of pairs it knows one of.
    let all: Vec<_> = overlaps
        .filter(|pair| pair.groups.iter().any(|it| known.contains(it.as_str())))
        .collect();
    let (heading, key) = (
        "Groups that share people",
        "gatherd report --explain network.overlaps lists them all",
    );
    listed(heading, key, &all, |pair| {
        let mut line = Line::default();
        for (nth, urlname) in pair.groups.iter().enumerate() {
            if nth > 0 {
                line = line.text(" and ");
            }
            line = match desk.report.group(urlname) {
                Some(group) => line.link(
                    group_name(&group.figures.name, &group.figures.urlname),
                    &group.figures.link,
                ),
                None => line.text(clean(urlname)),
            };
        }
        line.text(format!(
            " · {} of the smaller one in the last 365 days.",
            share(pair.shared, "people")
        ))
    })
}

/// Groups quiet for over a year, by how long, with what such groups did in the past.
fn long_quiet(desk: &Desk<'_>) -> Option<Section> {
    let survival = desk.report.network.survival;
    let bands: [(i64, i64, &str, Option<Rate>, &str); 3] = [
        (366, 730, "1–2 years", survival.months_12, "12 months"),
        (731, 1095, "2–3 years", survival.months_24, "24 months"),
        (
            1096,
            i64::MAX,
            "over 3 years",
            survival.months_36,
            "36 months",
        ),
    ];
    let quiet: Vec<i64> = desk
        .known()
        .filter(|group| group.figures.status == Some(Status::Quiet))
        .filter_map(|group| group.figures.cadence.days_since_last_held)
        .collect();
    let mut entries = Vec::new();
    let mut all = 0;
    for (from, to, name, past, silent) in bands {
        let n = quiet
            .iter()
            .filter(|days| (from..=to).contains(*days))
            .count();
        all += n;
        if n == 0 {
            continue;
        }
        let past = past.map_or_else(String::new, |of| {
            format!(
                " Once silent for {silent}, our groups met again within a year in {}.",
                share(of, "cases")
            )
        });
        let line = format!("{name}: {}.{past}", count(n as i64, "group", "groups"));
        entries.push(Entry::of(vec![Line::plain(line)]));
    }
    let never = desk
        .known()
        .filter(|group| group.figures.status == Some(Status::Unstarted))
        .count();
    if all + never == 0 {
        return None;
    }
    if never > 0 {
        let line = format!(
            "no first event yet: {}.",
            count(never as i64, "group", "groups")
        );
        entries.push(Entry::of(vec![Line::plain(line)]));
    }
    Some(Section {
        heading: Some(format!(
            "Quiet for over a year, or not begun ({})",
            number((all + never) as i64)
        )),
        entries,
        ..Section::default()
    })
}
