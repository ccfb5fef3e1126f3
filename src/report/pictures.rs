//! The charts of a group, from its story: whose names stand in them, and cleaned for it.

use std::collections::{BTreeMap, HashMap};

use super::compose::GroupReport;
use super::pause::{TEN, alike, in_ten, is_known_here};
use super::plain::clean;
use crate::chart::{
    Alike, Answers, Calendar, Cell, Chart, Cohort, Curve, Gathering, GroupsMet, HostPerson, Hosts,
    Months, Name, Pauses, Present, Retention, Stage, Turnout, cells,
};
use crate::community::ChartKind;
use crate::metrics::{self, GroupFigures, MonthsMet, Pause, Story, When};

/// Days after which a pause is long.
const LONG: i64 = 180;

/// A chart of a group. What became of pauses like its present one is known to the report of the whole
/// network alone: `pause` is that of the group's figures there.
pub fn picture(kind: ChartKind, story: &Story, pause: Option<&Pause>) -> Chart {
    let name = name(story);
    match kind {
        ChartKind::Months => Months {
            name,
            calendar: calendar(&story.months),
        }
        .chart(),
        ChartKind::Turnout => turnout(name, story).chart(),
        ChartKind::Pause => pauses(name, story, pause).chart(),
        ChartKind::Hosts => hosts(name, story).chart(),
        ChartKind::Retention => Retention {
            name,
            cohorts: story.cohorts.iter().map(cohort).collect(),
        }
        .chart(),
        ChartKind::Answers => answers(name, story).chart(),
    }
}

/// A group's latest months, the running one included: its month strip.
pub fn latest_months(figures: &GroupFigures, months: i64) -> Vec<Cell> {
    let calendar = calendar(&figures.months_met);
    cells(&calendar, calendar.this - months + 1, calendar.this)
}

/// How many of these groups met in each of the latest months; none where none did. What is not read through yet
/// counts nowhere.
pub(super) fn groups_met(groups: &[GroupReport], name: &str) -> Option<GroupsMet> {
    let read = groups.iter().map(|it| &it.figures);
    let read = read.filter(|it| it.history_complete);
    let months = read.map(|it| &it.months_met);
    // Where a month begins first, it runs.
    let this = months.clone().map(|it| it.this).max()?;
    let mut held = BTreeMap::new();
    let all = months.clone().flat_map(|it| &it.held);
    for (month, _) in all.filter(|(month, _)| *month <= this) {
        *held.entry(*month).or_default() += 1;
    }
    let coming = months.clone().flat_map(|it| &it.announced);
    let coming = coming.filter(|(month, _)| *month == this).count();
    // A group may have met before the founding that Meetup tells.
    let first = months.filter_map(|it| it.first);
    let first = first.chain(held.keys().next().copied()).min();
    let groups_met = GroupsMet {
        name: Name {
            text: clean(name),
            instead: "the network".to_owned(),
        },
        calendar: Calendar {
            this,
            first,
            held: held
                .into_iter()
                .filter(|(month, _)| *month > this - GroupsMet::MONTHS)
                .collect(),
            announced: Vec::from([(this, i64::try_from(coming).unwrap_or(0))]),
            off: Vec::new(),
        },
    };
    (!groups_met.is_empty()).then_some(groups_met)
}

fn calendar(months: &MonthsMet) -> Calendar {
    Calendar {
        this: months.this,
        first: months.first,
        held: months.held.clone(),
        announced: months.announced.clone(),
        off: months.off.clone(),
    }
}

fn name(story: &Story) -> Name {
    let urlname = clean(&story.urlname);
    let name = clean(&story.name);
    Name {
        text: if name.is_empty() {
            urlname.clone()
        } else {
            name
        },
        instead: urlname,
    }
}

fn turnout(name: Name, story: &Story) -> Turnout {
    let gathering = |it: &metrics::StoryEvent| Gathering {
        on: it.starts_local.date(),
        title: clean(&it.title),
        stage: match it.when {
            When::Held => Stage::Held,
            When::Running | When::Scheduled => Stage::Ahead,
        },
        yes: it.yes,
        first_timers: it.first_timers,
        returners: it.returners,
        no_shows: it.no_shows,
    };
    Turnout {
        name,
        today: story.as_of_local.date_naive(),
        events: story.events.iter().map(gathering).collect(),
    }
}

fn pauses(name: Name, story: &Story, pause: Option<&Pause>) -> Pauses {
    let mut coming = story.events.iter().filter(|it| it.when != When::Held);
    let mut scheduled = coming.clone().filter(|it| it.when == When::Scheduled);
    let is_announced = coming.next().is_some();
    let next_on = scheduled.next().map(|it| it.starts_local.date());
    let present = story.since.map(|since| Present {
        days: since.days,
        usual_days: since.usual_days,
        is_announced,
        next_on,
        call_after_days: since.call_after_days.filter(|_| !is_announced),
        is_call: !is_announced && (since.days > LONG || pause.is_some_and(|it| it.call)),
    });
    let alike = pause.filter(|_| !is_announced).and_then(|pause| {
        let (sentence, known) = (alike(pause)?, pause.alike?);
        let is_here = is_known_here(&known);
        Some(Alike {
            sentence,
            edge: known.edge,
            cases: if is_here { known.cases } else { TEN },
            long: if is_here { known.long } else { in_ten(pause) },
            is_here,
        })
    });
    Pauses {
        name,
        present,
        own: story
            .pauses
            .iter()
            .map(|it| (it.began_on, it.days))
            .collect(),
        alike,
    }
}

fn hosts(name: Name, story: &Story) -> Hosts {
    let mut people: Vec<HostPerson> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut events = Vec::new();
    for event in story.events.iter().filter(|it| it.when == When::Held) {
        let mut hosted = Vec::new();
        for host in &event.hosts {
            let place = *places.entry(&host.id).or_insert_with(|| {
                let instead = format!("host {}", people.len() + 1);
                let name = host.name.as_deref().map(clean).filter(|it| !it.is_empty());
                people.push(HostPerson {
                    name: Name {
                        text: name.unwrap_or_else(|| instead.clone()),
                        instead,
                    },
                    is_staff: host.is_staff,
                });
                people.len() - 1
            });
            hosted.push(place);
        }
        events.push((event.starts_local.date(), hosted));
    }
    Hosts {
        name,
        people,
        events,
    }
}

fn cohort(of: &metrics::Cohort) -> Cohort {
    Cohort {
        quarter: of.quarter,
        people: of.people,
        back: of.back,
    }
}

#[allow(clippy::cast_precision_loss)] // seconds stay far below 2^53
fn days(seconds: i64) -> f64 {
    seconds as f64 / 86_400.0
}

fn answers(name: Name, story: &Story) -> Answers {
    let curve = |it: &metrics::Curve| Curve {
        on: it.starts_local.date(),
        by_day: it.by_day.clone(),
        now: it.now.map(|(lead, yes)| (days(lead), yes)),
    };
    let is_known = |it: &&metrics::Curve| 2 * it.undated <= it.yes;
    let past: Vec<Curve> = story.curves.iter().filter(is_known).map(curve).collect();
    Answers {
        name,
        left_out: i64::try_from(story.curves.len() - past.len()).unwrap_or(0),
        past,
        next: story.next_curve.as_ref().map(curve),
    }
}
