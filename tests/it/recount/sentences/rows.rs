//! The rows of a group's page, counted again.

use std::collections::BTreeSet;

use super::page::{due, months_met};
use super::scene::{Subject, date, day, grouped, many, same, shared, so, weekday, whole, within};
use super::why::{alone, nothing_ahead};
use super::{Found, Held, Place, Scene, Template};
use crate::world::Event;

/// The rows with a label.
pub fn rows() -> Vec<Template> {
    let at = |label, pattern, holds| Template {
        place: Place::Page(label),
        pattern,
        holds,
    };
    vec![
        at(
            "Months",
            "met in {n} of {of} month(s) (agreed: every month)",
            months_met,
        ),
        at(
            "Months",
            "met in {n} of {of} month(s) (agreed: every {every} months, kept in {kept} of {blocks})",
            |s, f| {
                let (kept, of) = s.subject().rate("cadence.target_cadence");
                same(f.text("kept"), kept)?;
                same(f.text("blocks"), of)?;
                months_met(s, f)
            },
        ),
        at("Years", "{years}", |s, f| {
            let g = s.subject();
            let mut years: Vec<i32> = g
                .held
                .iter()
                .map(|e| chrono::Datelike::year(&date(e)))
                .collect();
            years.sort_unstable();
            let mut told: Vec<(i32, usize)> = Vec::new();
            for year in years {
                match told.last_mut() {
                    Some((last, n)) if *last == year => *n += 1,
                    _ => told.push((year, 1)),
                }
            }
            let told: Vec<String> = told.iter().map(|(year, n)| format!("{year} {n}")).collect();
            same(f.text("years"), told.join(" · "))
        }),
        at("table", "{month} | {events} | {yes}", |s, f| {
            let g = s.subject();
            let of: Vec<&&Event> = g
                .held
                .iter()
                .filter(|e| date(e).format("%Y-%m").to_string() == f.text("month"))
                .collect();
            same(f.text("events"), of.len())?;
            same(
                f.text("yes"),
                of.iter().map(|e| s.q.yes(e).len()).sum::<usize>(),
            )
        }),
        at(
            "Said yes",
            "no events in the last 365 days[; typically {before} the year before]",
            |s, _| same("0", year(s, &s.subject()).len()),
        ),
        at(
            "Said yes",
            "typically {yes} in the last 365 days[ ({before} the year before)], {people} in all; hosts and staff aside, {again} more than once",
            |s, f| {
                let g = s.subject();
                same(
                    f.text("yes"),
                    grouped(whole(g.real("attendance.median_yes"))),
                )?;
                let people: BTreeSet<u32> =
                    year(s, &g).into_iter().flat_map(|e| s.q.yes(e)).collect();
                same(
                    f.text("people"),
                    many(people.len() as i64, "different person", "different people"),
                )?;
                same(
                    f.text("again"),
                    shared(g.rate("repeat.repeat_rate"), "people"),
                )
            },
        ),
        at(
            "Again",
            "within 90 days of their first time: {share}",
            |s, f| {
                same(
                    f.text("share"),
                    shared(s.subject().rate("repeat.first_timer_return_90"), "people"),
                )
            },
        ),
        at(
            "Came",
            "at most {share}, where attendance was marked",
            |s, f| {
                let g = s.subject();
                so(g.rate("attendance.attendance_taken").0 > 0, "it never was")?;
                same(
                    f.text("share"),
                    shared(g.rate("attendance.show_rate"), "who had said yes"),
                )
            },
        ),
        at(
            "Next",
            "{when} · {title} · {yes} yes · {more}",
            |s, f| {
                let g = s.subject();
                let counting = s.q.counting(g.nth);
                let is_so = counting.iter().any(|e| {
                    let clock =
                        chrono::DateTime::from_timestamp(e.starts.unwrap() + e.offset, 0).unwrap();
                    e.starts.unwrap() > s.q.a
                        && f.text("when")
                            == format!("{} {}", weekday(date(e), g.today), clock.format("%H:%M"))
                        && f.text("title") == e.title
                        && f.number("yes") == s.q.yes(e).len() as i64
                        && f.text("more") == super::coming::expectation(s, e)
                });
                so(is_so, "no such event")
            },
        ),
        at("Hosts", "none known in the last 365 days", |s, _| {
            same(
                "0",
                year(s, &s.subject())
                    .into_iter()
                    .flat_map(|e| s.q.hosts(e))
                    .count(),
            )
        }),
        at("Hosts", "{all} in the last 365 days; {clauses}", hosts),
        at(
            "Together",
            "{n} of {of} who said yes in person have met somebody here more than once in the last 365 days ({pairs} pair(s))",
            |s, f| {
                let g = s.subject();
                let (n, of) = g.rate("side_to_side.acquainted_rate");
                same(f.text("n"), grouped(n))?;
                same(f.text("of"), many(of, "person", "people"))?;
                same(
                    f.text("pairs"),
                    grouped(g.number("side_to_side.recurring_pairs")),
                )
            },
        ),
        at("Notice", "{clauses}", notice),
        at(
            "Hand-over",
            "could go on without us: led and mostly hosted locally, month after month",
            |s, _| so(s.subject().at("handover.ready") == true, "it could not"),
        ),
        at("Hand-over", "{clauses}", hand_over),
        at("Keys", "Person {who}, {role}: {standing}", key),
        at(
            "What helps",
            "Wait until its history has been read.",
            |s, _| so(s.subject().at("status").is_null(), "it has been"),
        ),
        at(
            "What helps",
            "Wish them well for the first event.",
            |s, _| {
                let g = s.subject();
                same("0", g.held.len())?;
                so(nothing_ahead(s, &g).is_err(), "none is announced")
            },
        ),
        at("What helps", "Thank them for coming back.", |s, _| {
            so(
                ["restarted", "quiet"].contains(&s.subject().status()),
                "it did not",
            )
        }),
        at("What helps", "A thank-you.", |_, _| Ok(())),
        at(
            "What helps",
            "Ask for the next date before {day}.",
            |s, f| {
                let g = s.subject();
                nothing_ahead(s, &g)?;
                same(f.text("day"), day(due(&g).0, g.today))
            },
        ),
        at(
            "Trust",
            "[attendance marked at {n} of {of} event(s) · ][roster unknown as of then · ]{read} · definitions v2",
            |s, f| {
                let g = s.subject();
                let (n, of) = g.rate("attendance.attendance_taken");
                if of > 0 {
                    same(f.text("n"), n)?;
                    same(f.text("of"), of)?;
                }
                so(
                    !f.text("read").is_empty(),
                    "nothing is said of when it was read",
                )
            },
        ),
    ]
}

fn year<'a>(s: &Scene<'a>, g: &Subject<'a>) -> Vec<&'a Event> {
    g.held
        .iter()
        .copied()
        .filter(|e| within(e, 365, s.q.a))
        .collect()
}

fn hosts(s: &Scene<'_>, f: &Found) -> Held {
    let g = s.subject();
    let hosts_of = |days: i64| -> BTreeSet<u32> {
        g.held
            .iter()
            .filter(|e| within(e, days, s.q.a))
            .flat_map(|e| s.q.hosts(e))
            .collect()
    };
    let (all, lately) = (hosts_of(365), hosts_of(90));
    same(f.text("all"), all.len())?;
    let knows_staff = s.q.staff.as_ref().is_some_and(|it| !it.is_empty());
    let local = lately.iter().filter(|p| !s.q.is_staff(**p)).count();
    let with_host: Vec<&Event> = year(s, &g)
        .into_iter()
        .filter(|e| !s.q.hosts(e).is_empty())
        .collect();
    let by_staff = with_host
        .iter()
        .filter(|e| s.q.hosts(e).iter().all(|p| s.q.is_staff(*p)))
        .count();
    for clause in f.text("clauses").split("; ") {
        let of_90 = match (lately.len(), knows_staff) {
            (0, _) => "none in the last 90".to_owned(),
            (n, true) => format!("{n} in the last 90, {local} of them local"),
            (n, false) => format!("{n} in the last 90"),
        };
        let staff = shared((by_staff as i64, with_host.len() as i64), "events");
        let is_so = clause == of_90
            || clause
                .strip_suffix(" new")
                .is_some_and(|n| n == g.number("organizers.new_hosts_365").to_string())
            || (clause == "every event had two hosts or more"
                && with_host.iter().all(|e| s.q.hosts(e).len() >= 2))
            || (clause == "no event by our staff alone" && by_staff == 0)
            || clause == format!("by our staff alone: {staff}");
        if is_so {
            continue;
        }
        let pattern = super::pattern::Pattern::read("{who} alone hosted {n} of {of} event(s)");
        let found = pattern
            .find(clause)
            .ok_or_else(|| format!("{clause:?} is not so"))?;
        alone(s, &found)?;
    }
    Ok(())
}

fn notice(s: &Scene<'_>, f: &Found) -> Held {
    let g = s.subject();
    for clause in f.text("clauses").split("; ") {
        if let Some(bands) = clause.strip_prefix("in this network, events ") {
            for band in bands.split("), ") {
                bands_hold(s, band)?;
            }
            continue;
        }
        let (n, of) = g.rate("cadence.next_date_known");
        let known = format!(
            "the next date was known within a day of {n} of {}",
            many(of, "event", "events")
        );
        let days = g.at("cadence.median_notice_days").as_f64();
        let announced =
            days.map(|days| format!("announced {} days ahead (median)", grouped(whole(days))));
        so(
            clause == known || Some(clause) == announced.as_deref(),
            clause,
        )?;
    }
    Ok(())
}

fn bands_hold(s: &Scene<'_>, band: &str) -> Held {
    let pattern = super::pattern::Pattern::read(
        "announced {when} drew {n} % {what} than usual ({events} event(s)[)]",
    );
    let f = pattern.find(band).ok_or_else(|| band.to_owned())?;
    let bands = [
        ("under 3 days before", "0"),
        ("3 to 6 days before", "3"),
        ("7 to 13 days before", "7"),
        ("14 to 20 days before", "14"),
        ("21 days before or more", "21"),
    ];
    let key = bands
        .iter()
        .find(|(when, _)| *when == f.text("when"))
        .ok_or(band)?
        .1;
    let counted = &s.network["notice"][key];
    same(f.text("events"), &counted["events"])?;
    let percent = 100.0 * (counted["ratio"].as_f64().unwrap() - 1.0);
    let told = if f.text("what") == "more" {
        f.number("n")
    } else {
        -f.number("n")
    };
    so(
        (percent - told as f64).abs() <= 0.5 + 1e-9 && told.abs() >= 5,
        band,
    )
}

fn hand_over(s: &Scene<'_>, f: &Found) -> Held {
    let g = s.subject();
    let criteria = g.at("handover.criteria");
    let is = |key: &str| criteria[key].as_bool();
    let met = [
        ("led locally", "local_lead"),
        ("two local hosts or more", "two_local_hosts"),
        ("mostly hosted locally", "local_majority"),
        ("meets by itself in half of the months", "organic"),
    ];
    let missing = [
        ("a local lead", "local_lead"),
        ("a second local host", "two_local_hosts"),
        ("half of the events hosted locally", "local_majority"),
        ("meeting by itself in half of the months", "organic"),
    ];
    for clause in f.text("clauses").split("; ") {
        if let Some(list) = clause.strip_prefix("still missing: ") {
            for it in list.split(", ") {
                let key = missing.iter().find(|(told, _)| *told == it).ok_or(it)?.1;
                so(is(key) == Some(false), it)?;
            }
        } else if clause == "too young to tell" {
            so(g.rate("handover.organic_cadence").1 < 12, clause)?;
        } else if let Some(n) = clause.strip_prefix("only ") {
            same(
                n,
                format!(
                    "{} in the last 365 days",
                    many(g.number("cadence.events_365"), "event", "events")
                ),
            )?;
        } else {
            for it in clause.split(", ") {
                let key = met.iter().find(|(told, _)| *told == it).ok_or(it)?.1;
                so(is(key) == Some(true), it)?;
            }
        }
    }
    Ok(())
}

fn key(s: &Scene<'_>, f: &Found) -> Held {
    let g = s.subject();
    key_holds(
        s,
        &g,
        f.number("who") as u32,
        f.text("role"),
        f.text("standing"),
    )
}

pub fn key_holds(s: &Scene<'_>, g: &Subject<'_>, person: u32, role: &str, standing: &str) -> Held {
    let world = &s.q.world.groups[g.nth];
    let m =
        s.q.leaders(world)
            .into_iter()
            .find(|m| m.person == person)
            .ok_or("leads nothing")?;
    let word = match m.role.unwrap() {
        "ORGANIZER" => "organizer",
        "COORGANIZER" => "co-organizer",
        "ASST_ORGANIZER" => "assistant organizer",
        _ => "event organizer",
    };
    same(role, word)?;
    // By the clock of today: an hour of summer may make another date of midnight.
    let near = |told: &str, at: i64| {
        [at - 7200, at, at + 7200]
            .iter()
            .any(|at| day(s.q.local_date(g.nth, *at), g.today) == told)
    };
    let hosted = g
        .held
        .iter()
        .filter(|e| s.q.hosts(e).contains(&person))
        .filter_map(|e| e.starts)
        .max();
    let there = g
        .held
        .iter()
        .filter(|e| s.q.participants(e).contains(&person))
        .filter_map(|e| e.starts)
        .max();
    let (did, seen) = standing
        .split_once(", seen ")
        .or_else(|| standing.split_once(", never seen on its page"))
        .ok_or(standing)?;
    match (hosted, there) {
        (Some(at), _) => so(
            near(did.strip_prefix("last hosted on ").ok_or(did)?, at),
            did,
        )?,
        (None, Some(at)) => so(
            near(
                did.strip_prefix("never hosted here, last yes for ")
                    .ok_or(did)?,
                at,
            ),
            did,
        )?,
        (None, None) => same(did, "never hosted here nor said yes")?,
    }
    let (seen, over) = seen
        .split_once(": ")
        .map_or((seen, ""), |(seen, over)| (seen, over));
    match s.q.last_seen(g.nth, &g.held, m) {
        Some(at) => so(near(seen, at), seen)?,
        None => same(seen, "")?,
    }
    let is_stranger = hosted.is_none()
        && there.is_none()
        && ["co-organizer", "assistant organizer"].contains(&word);
    same(
        over,
        if is_stranger {
            "can take the group over"
        } else {
            ""
        },
    )
}
