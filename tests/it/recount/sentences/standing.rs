//! What changed, and how groups stand at Meetup and beside the policy, counted again.

use super::scene::{Subject, day, listed, lists, many, same, so};
use super::{Found, Held, Place, Scene, Template};
use crate::recount::Question;

pub fn templates() -> Vec<Template> {
    let at = |pattern, holds| Template {
        place: Place::Changed,
        pattern,
        holds,
    };
    vec![
        Template {
            place: Place::Heading,
            pattern: "Changed since {day}",
            holds: |s, f| {
                so(s.before.is_some(), "there was no digest before")?;
                same(
                    f.text("day"),
                    day(s.today() - chrono::TimeDelta::days(7), s.today()),
                )
            },
        },
        Template {
            place: Place::Heading,
            pattern: "How they stand",
            holds: |s, _| so(s.before.is_none(), "there was a digest before"),
        },
        at("Now long without a date: {names}.", |s, f| {
            turned(s, f, "overdue", &[])
        }),
        at("Now quiet, for over 180 days: {names}.", |s, f| {
            turned(s, f, "quiet", &["overdue", "meeting", "on_target"])
        }),
        at("Have a date again: {names}.", |s, f| {
            each(s, f, |g, before| {
                same(before.status(), "overdue")?;
                so(ahead(s, g) > 0, "nothing is announced")
            })
        }),
        at("Met again: {names}.", |s, f| {
            each(s, f, |g, before| {
                so(
                    ["overdue", "quiet"].contains(&before.status()),
                    before.status(),
                )?;
                so(has_met(g, before), "it has not met")
            })
        }),
        at("Now meet as agreed: {names}.", |s, f| {
            each(s, f, |g, before| {
                same(g.status(), "on_target")?;
                so(
                    before.status() != "on_target" && has_met(g, before),
                    before.status(),
                )
            })
        }),
        at("Past their beginnings: {names}.", |s, f| {
            each(s, f, |g, before| {
                same(g.status(), "meeting")?;
                so(
                    ["new", "unstarted"].contains(&before.status()),
                    before.status(),
                )
            })
        }),
        at("New here: {names}.", |s, f| {
            let before = s.before.as_ref().ok_or("there was no digest before")?;
            for (name, _) in listed(f.text("names")).0 {
                so(!before.groups.contains_key(&name), &name)?;
            }
            Ok(())
        }),
        at("No longer sponsored: {names}.", |s, f| {
            for name in f.text("names").split(", ") {
                let gone =
                    s.q.world
                        .groups
                        .iter()
                        .any(|g| g.name == name && g.gone.is_some());
                so(gone, name)?;
            }
            Ok(())
        }),
        at("Meetup calls {word}: {names}.", |s, f| {
            let groups = s.known();
            let so_called = groups
                .iter()
                .filter(|g| s.q.world.groups[g.nth].status == f.text("word"));
            so(!["PAID"].contains(&f.text("word")), "no worry")?;
            let wanted: Vec<String> = so_called.map(|g| s.name(g).to_owned()).collect();
            lists(f.text("names"), &wanted, 6)
        }),
        at(
            "No longer listed by the network (DELISTED): {names}.",
            |s, f| {
                let groups = s.known();
                let delisted = groups
                    .iter()
                    .filter(|g| s.q.world.groups[g.nth].tie == Some("DELISTED"));
                let wanted: Vec<String> = delisted.map(|g| s.name(g).to_owned()).collect();
                lists(f.text("names"), &wanted, 6)
            },
        ),
        at("Below the policy of {step}: {names}.", below),
        at(
            "Below the policy within 60 days, unless they meet before: {names}.",
            soon,
        ),
    ]
}

fn ahead(s: &Scene<'_>, g: &Subject<'_>) -> usize {
    let counting = s.q.counting(g.nth);
    counting
        .iter()
        .filter(|e| Question::ends(e) > s.q.a)
        .count()
}

fn has_met(now: &Subject<'_>, before: &Subject<'_>) -> bool {
    let token = |g: &Subject<'_>| g.held.last().map(|e| e.token.clone());
    token(now).is_some() && token(now) != token(before)
}

fn each(s: &Scene<'_>, f: &Found, holds: impl Fn(&Subject<'_>, &Subject<'_>) -> Held) -> Held {
    let before = s.before.as_ref().ok_or("there was no digest before")?;
    for (name, _) in listed(f.text("names")).0 {
        let (now, then) = (s.named(&name), before.named(&name));
        so(
            now.status() != then.status(),
            &format!("{name} was so before"),
        )?;
        so(!s.named.contains(&name), &format!("{name} is told above"))?;
        holds(&now, &then).map_err(|why| format!("{name}: {why}"))?;
    }
    Ok(())
}

fn turned(s: &Scene<'_>, f: &Found, to: &str, from: &[&str]) -> Held {
    each(s, f, |now, then| {
        same(now.status(), to)?;
        so(
            from.is_empty() || from.contains(&then.status()),
            then.status(),
        )
    })
}

const STEPS: [&str; 6] = [
    "events_per_year",
    "first_event_within_days",
    "warn_after_days",
    "act_after_days",
    "close_after_days",
    "min_leaders",
];

/// A step in words.
fn asks(s: &Scene<'_>, step: &str) -> Option<String> {
    let p = &s.q.policy;
    let days = |n: u32| many(i64::from(n), "day", "days");
    match step {
        "events_per_year" => p
            .events_per_year
            .map(|n| format!("{} a year", many(i64::from(n), "event", "events"))),
        "first_event_within_days" => p
            .first_event_within_days
            .map(|n| format!("a first event within {}", days(n))),
        "warn_after_days" => p
            .warn_after_days
            .map(|n| format!("an event within {}", days(n))),
        "act_after_days" => p
            .act_after_days
            .map(|n| format!("an event within {}", days(n))),
        "close_after_days" => p
            .close_after_days
            .map(|n| format!("an event within {}", days(n))),
        _ => p
            .min_leaders
            .map(|n| format!("{} seen lately", many(i64::from(n), "leader", "leaders"))),
    }
}

fn on(g: &Subject<'_>, step: &str) -> Option<chrono::NaiveDate> {
    let steps = g.at("policy.steps").as_array()?;
    let due = steps.iter().find(|it| it["step"] == step)?;
    due["on"].as_str().map(|on| on.parse().unwrap())
}

fn is_below(g: &Subject<'_>, step: &str) -> bool {
    let below = g.at("policy.below").as_array();
    below.is_some_and(|below| below.iter().any(|it| it == step))
}

/// Everybody who is below it, each since the day told; of silence, the furthest step alone.
fn below(s: &Scene<'_>, f: &Found) -> Held {
    let fits = |step: &&str| asks(s, step).as_deref() == Some(f.text("step"));
    let steps: Vec<&str> = STEPS.into_iter().filter(fits).collect();
    so(!steps.is_empty(), "no such step")?;
    let (names, more) = listed(f.text("names"));
    let mut why = String::new();
    for step in &steps {
        let passed: &[&str] = match *step {
            "warn_after_days" => &["act_after_days", "close_after_days"],
            "act_after_days" => &["close_after_days"],
            _ => &[],
        };
        let groups = s.known();
        let wanted: Vec<&Subject<'_>> = groups
            .iter()
            .filter(|g| is_below(g, step) && !passed.iter().any(|it| is_below(g, it)))
            .collect();
        let held = || -> Held {
            same(&(names.len() + more).to_string(), wanted.len())?;
            for (name, since) in &names {
                let g = wanted
                    .iter()
                    .find(|g| s.name(g) == name)
                    .ok_or(name.clone())?;
                let told =
                    on(g, step).map_or(String::new(), |on| format!("(since {})", day(on, g.today)));
                same(since, told)?;
            }
            Ok(())
        };
        match held() {
            Ok(()) => return Ok(()),
            Err(cause) => why.push_str(&format!("{step}: {cause}; ")),
        }
    }
    Err(why)
}

/// Everybody who will be within 60 days, by the nearest step.
fn soon(s: &Scene<'_>, f: &Found) -> Held {
    let (names, more) = listed(f.text("names"));
    let groups = s.known();
    let nearest = |g: &Subject<'_>| {
        let steps = STEPS
            .into_iter()
            .filter(|step| asks(s, step).is_some() && !is_below(g, step));
        let days = steps.filter_map(|step| Some((on(g, step)?, step)));
        let near = days.filter(|(on, _)| (*on - g.today).num_days() <= 60);
        near.map(|(on, _)| on).min()
    };
    let wanted: Vec<&Subject<'_>> = groups.iter().filter(|g| nearest(g).is_some()).collect();
    same(&(names.len() + more).to_string(), wanted.len())?;
    for (name, beside) in &names {
        let g = wanted
            .iter()
            .find(|g| s.name(g) == name)
            .ok_or(name.clone())?;
        let on = nearest(g).unwrap();
        so(
            beside.ends_with(&format!(", {})", day(on, g.today))),
            beside,
        )?;
    }
    Ok(())
}
