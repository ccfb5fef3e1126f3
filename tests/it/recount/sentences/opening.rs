//! The title and the opening, counted again.

use std::collections::BTreeSet;

use chrono::{Datelike as _, NaiveDate};

use super::scene::{Subject, date, grouped, listed, many, same, shared, so};
use super::{Found, Held, Place, Scene, Template};
use crate::recount::Question;
use crate::world::{Event, Person};

pub fn templates() -> Vec<Template> {
    let opening = |pattern, holds| Template {
        place: Place::Opening,
        pattern,
        holds,
    };
    let inventory = |pattern, holds| Template {
        place: Place::Inventory,
        pattern,
        holds,
    };
    vec![
        opening(
            "No figures yet: no group's history has been read through.",
            |s, _| same("0", s.known().len()),
        ),
        opening(
            "No events in the last 90 days, nor in the same 90 days a year before.",
            |s, _| same("0", s.count("events_90") + s.count("events_90_year_before")),
        ),
        opening(
            "{people} in the last 90 days, {beside}; {events}.",
            |s, f| {
                let (now, before) = (s.count("people_90"), s.count("people_90_year_before"));
                same(f.text("people"), many(now, "person", "people"))?;
                beside(f.text("beside"), now, before)?;
                events(
                    f.text("events"),
                    s.count("events_90"),
                    s.count("events_90_year_before"),
                )
            },
        ),
        opening(
            "The last 12 months: {people}, {beside}; {events}.",
            |s, f| {
                so(s.is_monthly, "it is told once a month")?;
                let (now, before) = (s.count("people_365"), s.count("people_365_year_before"));
                same(f.text("people"), many(now, "person", "people"))?;
                beside(f.text("beside"), now, before)?;
                events(
                    f.text("events"),
                    s.count("events_365"),
                    s.count("events_365_year_before"),
                )
            },
        ),
        opening(
            "{n} group(s) met in the last 12 months; {before} the year before.",
            |s, f| {
                same(f.text("n"), grouped(s.count("groups_met_365")))?;
                same(
                    f.text("before"),
                    grouped(s.count("groups_met_365_year_before")),
                )
            },
        ),
        opening("Last week: no events.", |s, _| {
            same("0", &s.network["last_week"]["events"])
        }),
        opening(
            "Last week: {n} event(s), {yes} said yes[, {first} for the first time][; the biggest ‹{group}›[ and {others} together] with {most}].",
            last_week,
        ),
        opening("This week: no events.", |s, _| {
            same("0", &s.network["next_week"]["events"])
        }),
        opening("This week: {n} event(s).", |s, f| {
            same(f.text("n"), &s.network["next_week"]["events"])
        }),
        opening("No date yet, later than usual for them: {names}.", late),
        opening(
            "Attendance is never marked: figures are who said yes, not who came.",
            |s, _| {
                let (marked, held, _) = marked(s);
                so(
                    marked == 0 && held > 0,
                    &format!("marked at {marked} of {held}"),
                )
            },
        ),
        opening(
            "Attendance was marked at {share} in the last 365 days[, and never in {never}]; elsewhere, figures are who said yes.",
            |s, f| {
                let (n, held, never) = marked(s);
                same(f.text("share"), shared((n, held), "events of the groups"))?;
                let told = if never == 0 {
                    String::new()
                } else {
                    many(never, "group", "groups")
                };
                same(f.text("never"), told)
            },
        ),
        opening(
            "Groups that met, month by month since {since}: {strip} {latest}[; the most {most}, in {at}].",
            groups_met,
        ),
        Template {
            place: Place::Heading,
            pattern: "What there is ({n} group(s))",
            holds: |s, f| same(f.text("n"), s.groups.len()),
        },
        inventory("This is the first digest here.", first),
        inventory("From the next one on it tells what changed.", first),
        inventory("{status}: {n} group(s)", with_status),
        inventory("Quiet: {n} group(s): {bands}", quiet),
        inventory("Unknown, for now: {n} group(s)", |s, f| {
            same(f.text("n"), s.groups.len() - s.known().len())
        }),
    ]
}

/// A figure beside the year before: in percent from a tenth on.
fn is_a_tenth(now: i64, before: i64) -> bool {
    before > 0 && (now - before).abs() as f64 / before as f64 >= 0.1 - 1e-12
}

fn percent(now: i64, before: i64) -> String {
    let change = (now - before) as f64 / before as f64 * 100.0;
    format!(
        "{}{} %",
        if change < 0.0 { '-' } else { '+' },
        change.abs().round()
    )
}

fn beside(claimed: &str, now: i64, before: i64) -> Held {
    let counted = if is_a_tenth(now, before) {
        format!(
            "{} a year before ({})",
            grouped(before),
            percent(now, before)
        )
    } else if now == before {
        "as many as a year before".to_owned()
    } else if before == 0 {
        "none a year before".to_owned()
    } else {
        format!("about as many as a year before ({})", grouped(before))
    };
    same(claimed, counted)
}

fn events(claimed: &str, now: i64, before: i64) -> Held {
    let all = many(now, "event", "events");
    let counted = if is_a_tenth(now, before) {
        format!(
            "{all}, {} a year before ({})",
            grouped(before),
            percent(now, before)
        )
    } else if now == before {
        format!("as many events ({})", grouped(now))
    } else if before == 0 {
        format!("{all}, none a year before")
    } else {
        format!(
            "about as many events ({}, {} a year before)",
            grouped(now),
            grouped(before)
        )
    };
    same(claimed, counted)
}

fn last_week(s: &Scene<'_>, f: &Found) -> Held {
    let week = &s.network["last_week"];
    let number = |key: &str| week[key].as_i64().unwrap_or_default();
    same(f.text("n"), grouped(number("events")))?;
    same(f.text("yes"), grouped(number("yes")))?;
    let first = match number("first_timers") {
        0 => String::new(),
        n => many(n, "person", "people"),
    };
    same(f.text("first"), first)?;
    if number("events") < 2 {
        return so(!f.has("group"), "one event is the biggest of none");
    }
    let urlname = week["biggest"]["group"].as_str().unwrap();
    let biggest =
        s.q.world
            .groups
            .iter()
            .find(|it| it.urlname == urlname)
            .unwrap();
    same(f.text("group"), &biggest.name)?;
    same(f.text("most"), &week["biggest"]["yes"])?;
    // What is told of an event of several groups is the yes of all of them.
    let today = s.q.schedule_date(s.q.a);
    let of_week = s.q.events_of(s.q.a, |e| {
        let days = (s.q.schedule_date(e.starts.unwrap()) - today).num_days();
        (-7..0).contains(&days)
    });
    let is_it = |e: &Event| {
        s.q.world.groups[e.group].urlname == urlname && e.title == week["biggest"]["title"]
    };
    let groups: Vec<usize> = of_week
        .values()
        .filter(|copies| {
            let yes: BTreeSet<Person> = copies.iter().flat_map(|e| s.q.yes(e)).collect();
            copies.iter().any(|e| is_it(e)) && yes.len() as i64 == f.number("most")
        })
        .map(|copies| {
            copies
                .iter()
                .map(|e| e.group)
                .collect::<BTreeSet<_>>()
                .len()
        })
        .collect();
    let told = if f.has("others") {
        let others = f.text("others");
        let n = others.split(' ').next().unwrap().parse::<i64>().unwrap();
        same(others, many(n, "other group", "other groups"))?;
        n as usize
    } else {
        0
    };
    so(
        groups.contains(&(told + 1)),
        &format!("held by {groups:?} groups"),
    )
}

/// Held events of the groups' last 365 days, those with attendance taken, and groups without one.
fn marked(s: &Scene<'_>) -> (i64, i64, i64) {
    let mut all = (0, 0, 0);
    for group in s.known() {
        let (n, of) = group.rate("attendance.attendance_taken");
        if of > 0 {
            all = (all.0 + n, all.1 + of, all.2 + i64::from(n == 0));
        }
    }
    all
}

/// Year x 12 + month - 1.
fn month(day: NaiveDate) -> i64 {
    i64::from(day.year()) * 12 + i64::from(day.month0())
}

/// "October 2026"
fn called(month: i64) -> String {
    let day = NaiveDate::from_ymd_opt(
        month.div_euclid(12) as i32,
        month.rem_euclid(12) as u32 + 1,
        1,
    );
    day.unwrap().format("%B %Y").to_string()
}

/// How many groups held something in each month, from the first of the last 24 in which there was any group.
fn groups_met(s: &Scene<'_>, f: &Found) -> Held {
    let known = s.known();
    let this = known.iter().map(|it| month(it.today)).max().unwrap_or(0);
    let of = |it: &Subject<'_>| -> BTreeSet<i64> {
        it.held
            .iter()
            .map(|e| month(Question::event_date(e)))
            .collect()
    };
    let met: Vec<BTreeSet<i64>> = known.iter().map(of).collect();
    let foundings = known.iter().filter_map(|it| s.q.founding(it.nth));
    let first_held = met.iter().filter_map(|it| it.first().copied());
    let first = foundings.map(month).chain(first_held).min().unwrap_or(this);
    let counts: Vec<(i64, usize)> = (first.max(this - 23)..=this)
        .map(|month| (month, met.iter().filter(|it| it.contains(&month)).count()))
        .collect();
    same(f.text("since"), called(counts[0].0))?;
    let most = counts.iter().map(|(_, n)| *n).max().unwrap_or(0);
    let is_announced = known.iter().any(|it| {
        s.q.counting(it.nth)
            .iter()
            .any(|e| Question::ends(e) > s.q.a && month(Question::event_date(e)) == this)
    });
    let cells = counts.iter().map(|(month, n)| match n {
        0 if *month == this && is_announced => '○',
        0 => '·',
        n => ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'][(n * 8).div_ceil(most) - 1],
    });
    same(f.text("strip"), cells.collect::<String>())?;
    let latest = counts.iter().skip(counts.len().saturating_sub(2));
    let latest: Vec<String> = latest
        .map(|(month, n)| {
            let so_far = if *month == this { " so far" } else { "" };
            format!("{n} in {}{so_far}", called(*month))
        })
        .collect();
    same(f.text("latest"), latest.join(", "))?;
    if most < 2 {
        return so(!f.has("most"), "one group is the most of none");
    }
    let at = counts.iter().rev().find(|(_, n)| *n == most).unwrap().0;
    same(f.text("most"), most)?;
    same(f.text("at"), called(at))
}

/// Each is regular, has nothing ahead, no cause, and passed the day by which its next date is usually known.
fn late(s: &Scene<'_>, f: &Found) -> Held {
    let (names, more) = listed(f.text("names"));
    so(more == 0 || names.len() == 8, "names are left out")?;
    for (name, beside) in names {
        let group = s.named(&name);
        let (gap, notice) = (
            group.real("cadence.median_gap_days"),
            group.real("cadence.median_notice_days"),
        );
        let days = group.number("cadence.days_since_last_held");
        so(gap < 45.0, &format!("{name} meets every {gap} days"))?;
        so(
            days as f64 > gap - notice,
            &format!("{name}: {days} of {gap} - {notice}"),
        )?;
        let ahead = s.q.counting(group.nth);
        let is_ahead = ahead
            .iter()
            .any(|e| crate::recount::Question::ends(e) > s.q.a);
        so(!is_ahead, &format!("{name} has a date"))?;
        so(
            !s.named.contains(&name),
            &format!("{name} is to be written to"),
        )?;
        let usual = (gap - notice).floor() as i64;
        let usually = if usual <= 0 {
            "usually known by the day they meet".to_owned()
        } else {
            format!("usually known by day {usual}")
        };
        let told = match days {
            0 => format!("(last met today; {usually})"),
            1 => format!("(1 day after its last event; {usually})"),
            days => format!("({days} days after its last event; {usually})"),
        };
        same(&beside, told)?;
        so(date(group.last()) <= group.today, "it met before today")?;
    }
    Ok(())
}

fn first(s: &Scene<'_>, _: &Found) -> Held {
    so(s.before.is_none(), "there was one before")
}

fn said(status: &str) -> &'static str {
    match status {
        "on_target" => "Meets as agreed",
        "meeting" => "Meets now and then",
        "restarted" => "Restarted",
        "new" => "New",
        "overdue" => "Long without a date",
        "quiet" => "Quiet",
        _ => "No first event yet",
    }
}

fn with_status(s: &Scene<'_>, f: &Found) -> Held {
    let known = s.known();
    let of = known
        .iter()
        .filter(|it| said(it.status()) == f.text("status"));
    same(f.text("n"), of.count())
}

fn quiet(s: &Scene<'_>, f: &Found) -> Held {
    let known = s.known();
    let days: Vec<i64> = known
        .iter()
        .filter(|it| it.status() == "quiet")
        .map(|it| it.number("cadence.days_since_last_held"))
        .collect();
    same(f.text("n"), days.len())?;
    let bands = [
        (0, 365, "6–12 months"),
        (366, 1095, "1–3 years"),
        (1096, i64::MAX, "over 3 years"),
    ];
    let told: Vec<String> = bands
        .iter()
        .map(|(from, to, name)| {
            let n = days.iter().filter(|it| (from..=to).contains(it)).count();
            (n, format!("{n} for {name}"))
        })
        .filter(|(n, _)| *n > 0)
        .map(|(_, told)| told)
        .collect();
    same(f.text("bands"), told.join(", "))
}
