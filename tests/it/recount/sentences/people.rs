//! The monthly page and the footer, counted again.

use super::fresh::still_being_read;
use super::rows::key_holds;
use super::scene::{day, grouped, listed, many, same, shared, so};
use super::{Found, Held, Place, Scene, Template};

pub fn templates() -> Vec<Template> {
    let heading = |pattern, holds| Template {
        place: Place::Heading,
        pattern,
        holds,
    };
    let at = |pattern, holds| Template {
        place: Place::Monthly,
        pattern,
        holds,
    };
    let footer = |pattern, holds| Template {
        place: Place::Footer,
        pattern,
        holds,
    };
    vec![
        heading("Whom to invite as ambassador ({n}[ of {all}])", |s, f| {
            all_of(f, s.q.people()["ambassadors"].as_array().unwrap().len())
        }),
        heading("People we miss ({n}[ of {all}])", |s, f| {
            all_of(f, s.q.people()["missed"].as_array().unwrap().len())
        }),
        heading(
            "Keys: who could take a group over and was never there ({n}[ of {all}])",
            |s, _| so(s.is_monthly, "it is told once a month"),
        ),
        heading("Keys: too few leaders seen lately ({n})", |s, f| {
            same(f.text("n"), few(s).len())
        }),
        heading("Ready to hand over ({n})", |s, f| {
            same(f.text("n"), ready(s).len())
        }),
        heading("Groups that share people ({n}[ of {all}])", |s, f| {
            all_of(f, s.network["overlaps"].as_array().unwrap().len())
        }),
        heading("Quiet for over a year, or not begun ({n})", |s, f| {
            let known = s.known();
            let of = known.iter().filter(|g| {
                let is_long = |days: i64| days > 365;
                g.status() == "unstarted"
                    || (g.status() == "quiet" && is_long(g.number("cadence.days_since_last_held")))
            });
            same(f.text("n"), of.count())
        }),
        at(
            "{did} in the last 365 days[, in {groups} groups]. [In {months} different months, last on {day}.][Last on {day}.][ {leads} a group already.][ Brought {guests} guest(s).]",
            ambassador,
        ),
        at(
            "{group} · Said yes to {n} event(s) from 365 to 120 days ago, last on {day}, and to none of {held} since.",
            missed,
        ),
        at(
            "Their leaders who visited, answered or hosted in the last 90 days: {names}",
            |s, f| {
                let few = few(s);
                for (name, told) in listed(f.text("names")).0 {
                    let (_, seen, all) = few.iter().find(|(of, ..)| *of == name).ok_or(name)?;
                    let counted = match all {
                        0 => "(nobody leads it)".to_owned(),
                        all => format!("({seen} of {all})"),
                    };
                    same(&told, counted)?;
                }
                Ok(())
            },
        ),
        at("‹Person {who}› ({role}): {standing}.", |s, f| {
            key_holds(
                s,
                &s.subject(),
                f.number("who") as u32,
                f.text("role"),
                f.text("standing"),
            )
        }),
        at(
            "Led and mostly hosted locally, month after month; they could go on without us: {names}.",
            |s, f| super::scene::lists(f.text("names"), &ready(s), 12),
        ),
        at(
            "‹{a}› and ‹{b}› · {share} of the smaller one in the last 365 days.",
            |s, f| {
                let urlname = |name: &str| {
                    s.q.world
                        .groups
                        .iter()
                        .filter(|g| g.name == name)
                        .map(|g| g.urlname.clone())
                        .collect::<Vec<_>>()
                };
                let (a, b) = (urlname(f.text("a")), urlname(f.text("b")));
                let pairs = s.network["overlaps"].as_array().unwrap();
                let is_so = pairs.iter().any(|it| {
                    let of = |nth: usize| it["groups"][nth].as_str().unwrap().to_owned();
                    let share = (
                        it["numerator"].as_i64().unwrap(),
                        it["denominator"].as_i64().unwrap(),
                    );
                    a.contains(&of(0))
                        && b.contains(&of(1))
                        && shared(share, "people") == f.text("share")
                });
                so(is_so, &format!("{pairs:?}"))
            },
        ),
        at(
            "{band}: {n} group(s).[ Once silent for {silent}, our groups met again within a year in {share}.]",
            long_quiet,
        ),
        at("no first event yet: {n} group(s).", |s, f| {
            let known = s.known();
            same(
                f.text("n"),
                known.iter().filter(|g| g.status() == "unstarted").count(),
            )
        }),
        footer(
            "History still being read, so in no figure: {names}.",
            |s, f| still_being_read(s, f.text("names")),
        ),
        footer(
            "Rosters have no history: members and leaders as of that day are unknown; organizers shown are today's.",
            |s, _| so(s.q.generated - s.q.a > 86_400, "they are known"),
        ),
        footer(
            "The first digest of {month} has the monthly page: ambassadors, keys, hand-over, people we miss, groups that share people, and those quiet over a year.",
            |s, f| {
                let next = s.today() + chrono::TimeDelta::days(7);
                so(!s.is_monthly, "it is the monthly page")?;
                same(f.text("month"), next.format("%B"))
            },
        ),
        footer(
            "How a number is made: gatherd report --explain KEY --group GROUP",
            |_, _| Ok(()),
        ),
        footer(
            "Which hosts are staff is not configured: list their ids as member_ids under {section} to see who is local.",
            |s, _| so(s.q.staff.as_ref().is_none_or(Vec::is_empty), "it is"),
        ),
        footer(
            "For orders of seats and food, have attendance marked, or set show_rate under {section}: the share of those who say yes that comes.",
            |s, _| {
                so(
                    s.q.show_rate.is_none() && s.count("attendance_owed") > 0,
                    "there is no need",
                )
            },
        ),
        footer(
            "What you ask of every group goes under {section}, for instance events_per_year = 4.",
            |s, _| so(!s.q.policy.is_set(), "it is there"),
        ),
    ]
}

fn all_of(f: &Found, all: usize) -> Held {
    same(f.text("n"), all.min(5))?;
    same(
        f.text("all"),
        if all > 5 {
            grouped(all as i64)
        } else {
            String::new()
        },
    )
}

fn ready(s: &Scene<'_>) -> Vec<String> {
    let known = s.known();
    let ready = known.iter().filter(|g| g.at("handover.ready") == true);
    ready.map(|g| s.name(g).to_owned()).collect()
}

/// Groups that too few look after: how many leaders were seen, of how many.
fn few(s: &Scene<'_>) -> Vec<(String, usize, usize)> {
    let mut few = Vec::new();
    for g in s.known() {
        if g.at("organizers.leaders").is_null() {
            continue;
        }
        let leaders = s.q.leaders(&s.q.world.groups[g.nth]);
        let seen = leaders
            .iter()
            .filter_map(|m| s.q.last_seen(g.nth, &g.held, m))
            .filter(|at| *at > s.q.a - 90 * 86_400)
            .count();
        let least = s.q.policy.min_leaders.unwrap_or(2) as usize;
        if seen < least {
            few.push((s.name(&g).to_owned(), seen, leaders.len()));
        }
    }
    few
}

fn ambassador(s: &Scene<'_>, f: &Found) -> Held {
    let name = s.group.clone().unwrap_or_default();
    let people = s.q.people();
    let is_so = people["ambassadors"].as_array().unwrap().iter().any(|it| {
        let number = |key: &str| it[key].as_i64().unwrap();
        let mut did = Vec::new();
        if number("hosted") > 0 {
            did.push(format!(
                "hosted {}",
                many(number("hosted"), "event", "events")
            ));
        }
        if number("taken_part") > 0 {
            did.push(format!(
                "said yes to {}",
                many(number("taken_part"), "event", "events")
            ));
        }
        let did = did.join(" and ");
        let groups = it["groups"].as_array().unwrap().len();
        let last: chrono::DateTime<chrono::Utc> = it["last"].as_str().unwrap().parse().unwrap();
        let months = number("months_active");
        let guests = match number("guests") {
            0 => String::new(),
            n => grouped(n),
        };
        it["name"] == name.as_str()
            && f.text("did").to_lowercase() == did
            && f.text("groups")
                == if groups > 1 {
                    groups.to_string()
                } else {
                    String::new()
                }
            && f.text("months")
                == if months > 1 {
                    months.to_string()
                } else {
                    String::new()
                }
            && f.text("day") == day(last.date_naive(), s.today())
            && f.text("guests") == guests
            && f.has("leads") == it["leads"].as_bool().unwrap()
    });
    so(is_so, &format!("{name}: {}", people["ambassadors"]))
}

fn missed(s: &Scene<'_>, f: &Found) -> Held {
    let name = s.group.clone().unwrap_or_default();
    let people = s.q.people();
    let is_so = people["missed"].as_array().unwrap().iter().any(|it| {
        let last: chrono::DateTime<chrono::Utc> = it["last"].as_str().unwrap().parse().unwrap();
        let group =
            s.q.world
                .groups
                .iter()
                .find(|g| it["group"] == g.urlname.as_str());
        it["name"] == name.as_str()
            && group.is_some_and(|g| g.name == f.text("group"))
            && it["taken_part"] == f.number("n")
            && it["held_since"] == f.number("held")
            && day(last.date_naive(), s.today()) == f.text("day")
    });
    so(is_so, &format!("{name}: {}", people["missed"]))
}

fn long_quiet(s: &Scene<'_>, f: &Found) -> Held {
    let bands = [
        ("1–2 years", 366, 730, "12"),
        ("2–3 years", 731, 1095, "24"),
        ("over 3 years", 1096, i64::MAX, "36"),
    ];
    let (_, from, to, months) = bands
        .iter()
        .find(|it| it.0 == f.text("band"))
        .ok_or("no such band")?;
    let known = s.known();
    let of = known
        .iter()
        .filter(|g| g.status() == "quiet")
        .filter(|g| (from..=to).contains(&&g.number("cadence.days_since_last_held")));
    same(f.text("n"), of.count())?;
    let past = &s.network["survival"][*months];
    if past.is_null() {
        return so(!f.has("share"), "too few cases");
    }
    same(f.text("silent"), format!("{months} months"))?;
    let of = (
        past["numerator"].as_i64().unwrap(),
        past["denominator"].as_i64().unwrap(),
    );
    same(f.text("share"), shared(of, "cases"))
}
