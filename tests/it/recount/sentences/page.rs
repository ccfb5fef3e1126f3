//! A group's own page, counted again.

use super::calls::{advice, of_a_call};
use super::scene::{
    Subject, date, day, grouped, month, month_name, same, so, weekday, whole, within,
};
use super::why::nothing_ahead;
use super::{Found, Held, Place, Scene, Template};
use crate::recount::DAY;
use crate::world::Event;

const ABOVE: Place = Place::Page("");

pub fn templates() -> Vec<Template> {
    let mut all = of_a_call(ABOVE);
    all.extend(advice(Place::Page("What helps")));
    all.extend(standing());
    all.extend(super::rows::rows());
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
        at(
            "It skipped {months} that had events before and after.",
            |s, f| {
                let g = s.subject();
                for part in f.text("months").split(" and ") {
                    let rest = part.strip_prefix("the last ").ok_or(part)?;
                    let (years, name) = rest.split_once(' ').ok_or(part)?;
                    let number = (1..=12).find(|m| format!("{}s", month_name(*m)) == name);
                    let off = g.at("off_years").as_array().unwrap();
                    let is_so = off.iter().any(|it| {
                        it[0].as_u64() == number.map(u64::from)
                            && it[1].as_u64() == years.parse().ok()
                    });
                    so(is_so, &format!("{part}: {off:?}"))?;
                    // Never of a month at hand with an event in it.
                    let number = number.unwrap();
                    let at_hand = |e: &&Event| {
                        use chrono::Datelike;
                        date(e).month() == number
                            && date(e)
                                >= chrono::NaiveDate::from_ymd_opt(
                                    g.today.year(),
                                    g.today.month(),
                                    1,
                                )
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
            },
        ),
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

pub fn next<'a>(s: &'a Scene<'_>, g: &Subject<'_>) -> Option<&'a Event> {
    let counting = s.q.counting(g.nth).into_iter();
    counting
        .filter(|e| e.starts.unwrap() > s.q.a)
        .min_by_key(|e| (e.starts, &e.token))
}

pub fn due(g: &Subject<'_>) -> (chrono::NaiveDate, i64) {
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

pub fn ago(told: &str, days: i64) -> Held {
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

pub fn founded(s: &Scene<'_>, f: &Found) -> Held {
    let g = s.subject();
    let at = s.q.world.groups[g.nth].founded.ok_or("unknown")?;
    same(f.text("day"), day(s.q.local_date(g.nth, at), g.today))
}

pub fn joined(s: &Scene<'_>, f: &Found) -> Held {
    let g = s.subject();
    let world = &s.q.world.groups[g.nth];
    so(world.founded.is_none(), "it is known when it was founded")?;
    same(
        f.text("day"),
        day(s.q.local_date(g.nth, world.joined.unwrap()), g.today),
    )
}

pub fn members(s: &Scene<'_>, f: &Found) -> Held {
    let members = s.subject().at("growth.members").as_i64();
    same(f.text("n"), members.map_or(String::new(), grouped))
}

pub fn months_met(s: &Scene<'_>, f: &Found) -> Held {
    let (n, of) = s.subject().rate("cadence.monthly_cadence");
    same(f.text("n"), n)?;
    same(f.text("of"), of)
}
