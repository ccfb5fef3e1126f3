//! A group's own page, counted again.

use std::collections::BTreeSet;

use super::calls::{advice, alone, nothing_ahead, of_a_call};
use super::scene::{
    Subject, date, day, grouped, many, month, month_name, same, shared, so, weekday, whole, within,
};
use super::{Found, Held, Place, Scene, Template};
use crate::recount::DAY;
use crate::world::Event;

const ABOVE: Place = Place::Page("");

pub fn templates() -> Vec<Template> {
    let mut all = of_a_call(ABOVE);
    all.extend(advice(Place::Page("What helps")));
    all.extend(standing());
    all.extend(rows());
    all
}

/// The paragraphs above the table.
fn standing() -> Vec<Template> {
    let at = |pattern, holds| Template {
        place: ABOVE,
        pattern,
        holds,
    };
    vec![
        at("Last met {day} ({ago}; {yes} said yes).", |s, f| {
            let g = s.subject();
            same(f.text("day"), weekday(date(g.last()), g.today))?;
            same(f.text("yes"), grouped(s.q.yes(g.last()).len() as i64))?;
            ago(f.text("ago"), (g.today - date(g.last())).num_days())
        }),
        at(
            "Its history is still being read, so there is no status yet.",
            |s, _| so(s.subject().at("status").is_null(), "it has one"),
        ),
        at(
            "Founded on {day}, no first event yet[; {n} member(s)].",
            |s, f| {
                same("0", s.subject().held.len())?;
                founded(s, f)?;
                members(s, f)
            },
        ),
        at("Founded on {day}; {n} event(s) so far.", |s, f| {
            founded(s, f)?;
            same(f.text("n"), grouped(s.subject().held.len() as i64))
        }),
        at(
            "In the network since {day}, no first event yet[; {n} member(s)].",
            |s, f| {
                same("0", s.subject().held.len())?;
                joined(s, f)?;
                members(s, f)
            },
        ),
        at(
            "In the network since {day}; {n} event(s) so far.",
            |s, f| {
                joined(s, f)?;
                same(f.text("n"), grouped(s.subject().held.len() as i64))
            },
        ),
        at("No first event yet; founded in {month} ({ago}).", |s, f| {
            let g = s.subject();
            same("0", g.held.len())?;
            let on =
                s.q.local_date(g.nth, s.q.world.groups[g.nth].founded.unwrap());
            same(f.text("month"), month(on, g.today))?;
            ago(f.text("ago"), (g.today - on).num_days())
        }),
        at("No first event yet.", |s, _| {
            same("0", s.subject().held.len())
        }),
        at(
            "Met again on {day} after a pause of {days} day(s).",
            |s, f| {
                let g = s.subject();
                let back = g.held.windows(2).filter(|w| within(w[1], 90, s.q.a));
                let is_so = back.into_iter().any(|w| {
                    let gap = w[1].starts.unwrap() - w[0].starts.unwrap();
                    gap > 180 * DAY
                        && f.text("day") == day(date(w[1]), g.today)
                        && f.text("days") == grouped(gap / DAY)
                });
                so(is_so, "it did not")
            },
        ),
        at(
            "Quiet since {month}: last met on {day}, {days} day(s) ago.",
            |s, f| {
                let g = s.subject();
                so(
                    s.q.a - g.last().starts.unwrap() > 180 * DAY,
                    "it met within half a year",
                )?;
                same(f.text("month"), month(date(g.last()), g.today))?;
                same(f.text("day"), day(date(g.last()), g.today))?;
                same(
                    f.text("days"),
                    grouped((s.q.a - g.last().starts.unwrap()) / DAY),
                )
            },
        ),
        at(
            "Met in {n} of the last {of} month(s) (agreed: an event every month).",
            |s, f| {
                let g = s.subject();
                same("1", g.number("cadence.every_months"))?;
                months_met(s, f)
            },
        ),
        at(
            "Met in {n} of the last {of} month(s): in {kept} of {blocks} span(s) of {every} (agreed: an event every {every2} months).",
            |s, f| {
                let g = s.subject();
                let (kept, of) = g.rate("cadence.target_cadence");
                same(f.text("kept"), kept)?;
                same(f.text("blocks"), of)?;
                same(f.text("every"), g.number("cadence.every_months"))?;
                same(f.text("every2"), f.text("every"))?;
                months_met(s, f)
            },
        ),
        at("{n} event(s) so far, no full month yet.", |s, f| {
            let g = s.subject();
            same("0", g.rate("cadence.monthly_cadence").1)?;
            same(f.text("n"), grouped(g.held.len() as i64))
        }),
        at("Next on {day}, {time}; {yes} said yes so far.", |s, f| {
            let g = s.subject();
            let next = next(s, &g).ok_or("nothing is announced")?;
            same(f.text("day"), weekday(date(next), g.today))?;
            let clock =
                chrono::DateTime::from_timestamp(next.starts.unwrap() + next.offset, 0).unwrap();
            same(f.text("time"), clock.format("%H:%M"))?;
            same(f.text("yes"), s.q.yes(next).len())
        }),
        at("An event is on right now.", |s, _| {
            let g = s.subject();
            so(
                next(s, &g).is_none() && nothing_ahead(s, &g).is_err(),
                "it is not",
            )
        }),
        at("Nothing is announced.", |s, _| {
            nothing_ahead(s, &s.subject())
        }),
        at("Usually it meets every {days} days.", |s, f| {
            same(f.text("days"), whole(s.subject().real("pause.usual_days")))
        }),
        at(
            "Without a date, a call is due on {day} at the latest.",
            |s, f| {
                let g = s.subject();
                so(g.at("pause.call") == false, "it is due now")?;
                let (on, idle) = due(&g);
                same(f.text("day"), day(on, g.today))?;
                same(&idle.to_string(), g.number("pause.call_after_days"))
            },
        ),
        at("It met in {months} between other events.", |s, f| {
            let g = s.subject();
            for part in f.text("months").split(" and in ") {
                let rest = part.strip_prefix("none of the last ").ok_or(part)?;
                let (years, name) = rest.split_once(' ').ok_or(part)?;
                let number = (1..=12).find(|m| format!("{}s", month_name(*m)) == name);
                let off = g.at("off_years").as_array().unwrap();
                let is_so = off.iter().any(|it| {
                    it[0].as_u64() == number.map(u64::from) && it[1].to_string() == years
                });
                so(is_so, &format!("{part}: {off:?}"))?;
                // Never of a month at hand with an event in it.
                let number = number.unwrap();
                let at_hand = |e: &&Event| {
                    use chrono::Datelike;
                    date(e).month() == number
                        && date(e)
                            >= chrono::NaiveDate::from_ymd_opt(g.today.year(), g.today.month(), 1)
                                .unwrap()
                };
                let first = next(s, &g);
                so(
                    !g.held.iter().copied().any(|e| at_hand(&e)),
                    "it met this month",
                )?;
                so(!first.iter().any(at_hand), "it has a date in it")?;
            }
            Ok(())
        }),
        at(
            "Below the policy of {step} from {day}, unless it meets before.",
            |s, f| {
                let g = s.subject();
                let steps = g.at("policy.steps").as_array().unwrap();
                let is_so = steps
                    .iter()
                    .filter_map(|it| it["on"].as_str())
                    .any(|on| day(on.parse().unwrap(), g.today) == f.text("day"));
                so(is_so, &format!("{steps:?}"))
            },
        ),
        at("Meetup calls it {word}.", |s, f| {
            same(f.text("word"), s.q.world.groups[s.subject().nth].status)
        }),
        at(
            "The network does not list it any more (DELISTED).",
            |s, _| {
                so(
                    s.q.world.groups[s.subject().nth].tie == Some("DELISTED"),
                    "it does",
                )
            },
        ),
    ]
}

/// The rows with a label.
fn rows() -> Vec<Template> {
    let at = |label, pattern, holds| Template {
        place: Place::Page(label),
        pattern,
        holds,
    };
    vec![
        at(
            "Months",
            "met in {n} of {of} month(s) (agreed: every month)",
            |s, f| months_met(s, f),
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

fn next<'a>(s: &'a Scene<'_>, g: &Subject<'_>) -> Option<&'a Event> {
    let counting = s.q.counting(g.nth).into_iter();
    counting
        .filter(|e| e.starts.unwrap() > s.q.a)
        .min_by_key(|e| (e.starts, &e.token))
}

/// The first date on which as many days count as a call waits for, and how many those are.
fn due(g: &Subject<'_>) -> (chrono::NaiveDate, i64) {
    use chrono::Datelike;
    let off = g.at("cadence.off_months").as_array().unwrap();
    let is_off = |on: &chrono::NaiveDate| {
        off.iter()
            .any(|m| m.as_u64() == Some(u64::from(on.month())))
    };
    let last = date(g.last());
    let mut on = last;
    loop {
        on = on.succ_opt().unwrap();
        let between = last.iter_days().skip(1).take_while(|it| *it < on);
        let days_off = between.filter(is_off).count() as i64;
        let idle = (on - last).num_days() - days_off;
        if idle >= g.number("pause.call_after_days") {
            return (on, idle);
        }
    }
}

fn ago(told: &str, days: i64) -> Held {
    let counted = match days {
        0 => "today".to_owned(),
        1 => "yesterday".to_owned(),
        2..=13 => format!("{days} days ago"),
        14..=119 => format!("{} weeks ago", days / 7),
        120..=729 => format!("{} months ago", days * 12 / 365),
        _ => format!("{} years ago", days / 365),
    };
    same(told, counted)
}

fn founded(s: &Scene<'_>, f: &Found) -> Held {
    let g = s.subject();
    let at = s.q.world.groups[g.nth].founded.ok_or("unknown")?;
    same(f.text("day"), day(s.q.local_date(g.nth, at), g.today))
}

fn joined(s: &Scene<'_>, f: &Found) -> Held {
    let g = s.subject();
    let world = &s.q.world.groups[g.nth];
    so(world.founded.is_none(), "it is known when it was founded")?;
    same(
        f.text("day"),
        day(s.q.local_date(g.nth, world.joined.unwrap()), g.today),
    )
}

fn members(s: &Scene<'_>, f: &Found) -> Held {
    let members = s.subject().at("growth.members").as_i64();
    same(f.text("n"), members.map_or(String::new(), grouped))
}

fn months_met(s: &Scene<'_>, f: &Found) -> Held {
    let (n, of) = s.subject().rate("cadence.monthly_cadence");
    same(f.text("n"), n)?;
    same(f.text("of"), of)
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

/// When somebody hosted last, answered yes last, was seen last; that the group could be theirs.
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
