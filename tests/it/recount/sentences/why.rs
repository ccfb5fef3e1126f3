//! What a call leans on, counted again.

use std::collections::BTreeSet;

use super::scene::{
    Subject, date, day, grouped, many, month, month_name, same, so, weekday, whole, within,
};
use super::{Found, Held, Scene};
use crate::recount::{DAY, Question};
use crate::world::Event;

pub fn silent(s: &Scene<'_>, g: &Subject<'_>) -> i64 {
    (s.q.a - g.last().starts.unwrap()) / DAY
}

pub fn nothing_ahead(s: &Scene<'_>, g: &Subject<'_>) -> Held {
    let ahead = s.q.counting(g.nth);
    let ahead = ahead.iter().filter(|e| Question::ends(e) > s.q.a).count();
    same("0", ahead)
}

/// The dates strictly between the latest event and today that are in months off, which months those are, and
/// that no other month is named.
pub fn nothing_held(s: &Scene<'_>, f: &Found) -> Held {
    let g = s.subject();
    nothing_ahead(s, &g)?;
    same(f.text("days"), grouped(silent(s, &g)))?;
    let off: Vec<u64> = g
        .at("cadence.off_months")
        .as_array()
        .unwrap()
        .iter()
        .map(|m| m.as_u64().unwrap())
        .collect();
    let (mut dates, mut months) = (0, BTreeSet::new());
    let mut at = date(g.last()).succ_opt().unwrap();
    while at < g.today {
        let month = chrono::Datelike::month(&at);
        if off.contains(&u64::from(month)) {
            dates += 1;
            months.insert(month);
        }
        at = at.succ_opt().unwrap();
    }
    let names: Vec<&str> = months.iter().map(|m| month_name(*m)).collect();
    let names = match names.split_last() {
        None => String::new(),
        Some((last, [])) => (*last).to_owned(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    };
    same(f.text("months"), names)?;
    let dates = if dates == 0 {
        String::new()
    } else {
        grouped(dates)
    };
    same(f.text("off"), dates)?;
    let usual = g.at("pause.usual_days").as_f64();
    same(
        f.text("usual"),
        usual.map_or(String::new(), |days| grouped(whole(days))),
    )
}

pub fn alike(s: &Scene<'_>, f: &Found) -> Held {
    let g = s.subject();
    let alike = g.at("pause.alike");
    so(f.number("cases") >= 5, "under five cases are not told of")?;
    same(f.text("cases"), &alike["cases"])?;
    same(f.text("edge"), &alike["edge"])?;
    same(f.text("long"), &alike["long"])
}

pub fn elsewhere(s: &Scene<'_>, f: &Found) -> Held {
    let g = s.subject();
    let alike = g.at("pause.alike");
    so(
        alike["cases"].as_i64().unwrap() < 5,
        "there are cases of its own",
    )?;
    let cell = s.q.cell(
        &s.q.counting(g.nth),
        g.last().starts.unwrap(),
        alike["edge"].as_i64().unwrap(),
    );
    let told = match whole(10.0 * crate::recount::pauses::prior(cell)) {
        0 => "fewer than 1 in 10 such pauses".to_owned(),
        10 => "nearly all such pauses".to_owned(),
        n => format!("about {n} in 10 such pauses"),
    };
    same(f.text("many"), told)
}

pub fn half_a_year(s: &Scene<'_>, f: &Found) -> Held {
    let g = s.subject();
    nothing_ahead(s, &g)?;
    let days = silent(s, &g);
    so(
        (166..=180).contains(&days),
        &format!("silent for {days} days"),
    )?;
    let at = g.last().starts.unwrap() + 180 * DAY;
    // By the clock of today, as a date at hand is told.
    let now = s.q.local_date(g.nth, at);
    let told = f.text("day");
    let near = [now.pred_opt().unwrap(), now, now.succ_opt().unwrap()];
    so(
        near.iter().any(|it| weekday(*it, g.today) == told),
        &format!("{told}, not {now}"),
    )
}

pub fn years(s: &Scene<'_>, f: &Found) -> Held {
    let g = s.subject();
    let this = chrono::Datelike::year(&g.today);
    let of = |year: i32| {
        g.held
            .iter()
            .filter(|e| chrono::Datelike::year(&date(e)) == year)
            .count() as i64
    };
    same(f.text("year"), this - 1)?;
    same(f.text("n"), grouped(of(this - 1)))?;
    let now = match of(this) {
        0 => "none".to_owned(),
        n => grouped(n),
    };
    same(f.text("now"), now)
}

/// Thirty days without another date.
pub fn without_second(s: &Scene<'_>, g: &Subject<'_>) -> Held {
    nothing_ahead(s, g)?;
    so(silent(s, g) >= 30, "it met within 30 days")?;
    so(["new", "restarted"].contains(&g.status()), g.status())
}

pub fn restarted(s: &Scene<'_>, f: &Found) -> Held {
    let g = s.subject();
    without_second(s, &g)?;
    let back: Vec<(&&Event, i64)> = g
        .held
        .windows(2)
        .filter(|w| within(w[1], 90, s.q.a))
        .map(|w| (&w[1], w[1].starts.unwrap() - w[0].starts.unwrap()))
        .filter(|(_, gap)| *gap > 180 * DAY)
        .collect();
    let is_so = back.iter().any(|(e, gap)| {
        f.text("day") == day(date(e), g.today) && f.text("days") == grouped(gap / DAY)
    });
    so(is_so, "it did not come back so")
}

pub fn guided(s: &Scene<'_>, f: &Found, key: &str) -> Held {
    let past = &s.guidance[key];
    so(f.number("n") >= 5, "too few cases")?;
    same(f.text("n"), &past[1])?;
    same(f.text("again"), &past[0])
}

pub fn first_year(s: &Scene<'_>, f: &Found) -> Held {
    let g = s.subject();
    same(g.status(), "new")?;
    same(f.text("events"), g.held.len())?;
    let past = &s.guidance["first_years"][f.text("events")];
    so(f.number("n") >= 20, "too few groups")?;
    same(f.text("n"), &past[1])?;
    same(f.text("again"), &past[0])
}

pub fn not_begun(s: &Scene<'_>, f: &Found) -> Held {
    let g = s.subject();
    same("0", g.held.len())?;
    let world = &s.q.world.groups[g.nth];
    if let Some(at) = world.founded.or(world.joined) {
        same(f.text("day"), day(s.q.local_date(g.nth, at), g.today))?;
    }
    let members = g.at("growth.members").as_i64();
    same(f.text("members"), members.map_or(String::new(), grouped))
}

/// Local hosts of the last 180 days; that none of them is a member still.
pub fn hosts_left(s: &Scene<'_>, told: usize) -> Held {
    let g = s.subject();
    let hosts: BTreeSet<u32> = g
        .held
        .iter()
        .filter(|e| within(e, 180, s.q.a))
        .flat_map(|e| s.q.hosts(e))
        .filter(|p| !s.q.is_staff(*p))
        .collect();
    same(&told.to_string(), hosts.len())?;
    let members = &s.q.world.groups[g.nth].members;
    let stays = members.iter().any(|m| {
        m.gone.is_none() && hosts.contains(&m.person) && ["ACTIVE", "LEADER"].contains(&m.status)
    });
    so(!stays, "one of them is a member")
}

pub fn unseen(s: &Scene<'_>, told: usize) -> Held {
    let g = s.subject();
    let leaders = s.q.leaders(&s.q.world.groups[g.nth]);
    same(&told.to_string(), leaders.len())?;
    let seen = leaders
        .iter()
        .filter_map(|m| s.q.last_seen(g.nth, &g.held, m))
        .any(|at| at > s.q.a - 90 * DAY);
    so(!seen, "one of them was")
}

pub fn quiet_since(s: &Scene<'_>, f: &Found) -> Held {
    let g = s.subject();
    same(g.status(), "quiet")?;
    same(f.text("month"), month(date(g.last()), g.today))?;
    same(f.text("days"), grouped(silent(s, &g)))
}

/// What a step asks, since when it is not so, and what was counted.
pub fn below(s: &Scene<'_>, f: &Found) -> Held {
    let g = s.subject();
    let p = &s.q.policy;
    let days = |n: u32| many(i64::from(n), "day", "days");
    let within = |n: u32| format!("an event within {}", days(n));
    let year = s.q.a - 365 * DAY;
    let held = g.held.iter().filter(|e| e.starts.unwrap() > year).count();
    let silent = g
        .held
        .last()
        .map(|_| format!("nothing held for {}", many(silent(s, &g), "day", "days")));
    let silent = silent.unwrap_or_default();
    let steps = [
        (
            "events_per_year",
            p.events_per_year
                .map(|n| format!("{} a year", many(i64::from(n), "event", "events"))),
            "",
            format!("{held} in the last 365 days"),
        ),
        (
            "first_event_within_days",
            p.first_event_within_days
                .map(|n| format!("a first event within {}", days(n))),
            "",
            String::new(),
        ),
        (
            "warn_after_days",
            p.warn_after_days.map(within),
            "a word is due",
            silent.clone(),
        ),
        (
            "act_after_days",
            p.act_after_days.map(within),
            "something is to be done",
            silent.clone(),
        ),
        (
            "close_after_days",
            p.close_after_days.map(within),
            "to be closed",
            silent,
        ),
        (
            "min_leaders",
            p.min_leaders
                .map(|n| format!("{} seen lately", many(i64::from(n), "leader", "leaders"))),
            "",
            String::new(),
        ),
    ];
    let below = g.at("policy.below");
    let fits = steps.iter().any(|(step, asked, due, counted)| {
        let on = g
            .at("policy.steps")
            .as_array()
            .unwrap()
            .iter()
            .find(|it| it["step"] == *step);
        let on = on
            .and_then(|it| it["on"].as_str())
            .map(|on| day(on.parse().unwrap(), g.today));
        below.as_array().unwrap().iter().any(|it| it == step)
            && asked.as_deref() == Some(f.text("step"))
            && f.text("due") == *due
            && f.text("day") == on.unwrap_or_default()
            && f.text("held") == counted
    });
    so(fits, &format!("of {steps:?}, below {below}"))
}

pub fn away(s: &Scene<'_>, f: &Found) -> Held {
    let g = s.subject();
    let away = g.at("told.away").as_array().unwrap();
    let fits = away.iter().any(|it| {
        let last: chrono::DateTime<chrono::Utc> = it["last_at"].as_str().unwrap().parse().unwrap();
        let on = s.q.local_date(g.nth, last.timestamp());
        let near = [on.pred_opt().unwrap(), on, on.succ_opt().unwrap()];
        it["name"] == f.text("who")
            && it["came"] == f.number("n")
            && it["held_since"] == f.number("held")
            && near.iter().any(|it| day(*it, g.today) == f.text("day"))
    });
    so(fits, &format!("{away:?}"))
}

pub fn fewer(s: &Scene<'_>, f: &Found) -> Held {
    let g = s.subject();
    let yes: Vec<f64> = g
        .held
        .iter()
        .rev()
        .map(|e| s.q.yes(e).len() as f64)
        .collect();
    let median = |of: &[f64]| crate::recount::median(of.to_vec()).unwrap();
    let (now, before) = (median(&yes[..3]), median(&yes[3..9]));
    so(
        before >= 10.0 && now <= 0.6 * before,
        &format!("{now} after {before}"),
    )?;
    same(f.text("now"), grouped(whole(now)))?;
    same(f.text("before"), grouped(whole(before)))
}

/// A year older within the week.
pub fn birthday(s: &Scene<'_>, f: &Found) -> Held {
    use chrono::Datelike;
    let g = s.subject();
    let founded =
        s.q.local_date(g.nth, s.q.world.groups[g.nth].founded.unwrap());
    let told = (0..7).find_map(|days| {
        let on = g.today + chrono::TimeDelta::days(days);
        let leap = founded.month() == 2 && founded.day() == 29 && on.year() % 4 != 0;
        let is_it = (on.month(), on.day()) == (founded.month(), founded.day())
            || (leap && (on.month(), on.day()) == (3, 1));
        let when = match days {
            0 => "today".to_owned(),
            1 => "tomorrow".to_owned(),
            _ => format!("on {}", on.format("%A")),
        };
        is_it.then(|| (on.year() - founded.year(), when))
    });
    let (age, when) = told.ok_or("no birthday this week")?;
    same(f.text("age"), age)?;
    same(f.text("when"), when)
}

pub fn stake(s: &Scene<'_>, f: &Found) -> Held {
    let g = s.subject();
    let last = g.last().starts.unwrap();
    let year: Vec<&&Event> = g.held.iter().filter(|e| within(e, 365, last)).collect();
    let people: BTreeSet<u32> = year.iter().flat_map(|e| s.q.participants(e)).collect();
    same(
        f.text("people"),
        many(people.len() as i64, "person", "people"),
    )?;
    same(f.text("events"), many(year.len() as i64, "event", "events"))?;
    // Where other events are in it than in the year up to now, it says which year it is.
    let now = g.held.iter().filter(|e| within(e, 365, s.q.a)).count();
    let told = if now == year.len() && silent(s, &g) <= 180 {
        "a year".to_owned()
    } else {
        format!("the year up to {}", month(date(g.last()), g.today))
    };
    same(f.text("year"), told)
}

/// "next on Fri 5 Jun, 3 yes so far"; or nothing, or one that is on.
pub fn next(s: &Scene<'_>, g: &Subject<'_>, told: &str) -> Held {
    let counting = s.q.counting(g.nth);
    let ahead = counting.iter().filter(|e| e.starts.unwrap() > s.q.a);
    let first = ahead.min_by_key(|e| (e.starts, &e.token));
    let counted = match first {
        Some(e) => format!(
            "next on {}, {} yes so far",
            weekday(date(e), g.today),
            s.q.yes(e).len()
        ),
        None if nothing_ahead(s, g).is_err() => "an event is on right now".to_owned(),
        None => "nothing is announced".to_owned(),
    };
    same(told, counted)
}

/// Who hosted the most events alone, of those with a known host.
pub fn alone(s: &Scene<'_>, f: &Found) -> Held {
    let g = s.subject();
    let year: Vec<&Event> = g
        .held
        .iter()
        .copied()
        .filter(|e| within(e, 365, s.q.a))
        .collect();
    let alone = s.q.alone(&year);
    let most = alone.first().map_or(0, |(n, ..)| *n);
    same(f.text("n"), most)?;
    same(
        f.text("of"),
        year.iter().filter(|e| !s.q.hosts(e).is_empty()).count(),
    )?;
    let named = alone
        .iter()
        .filter(|(n, ..)| *n == most)
        .any(|(.., p)| crate::world::name_of(*p) == f.text("who"));
    so(
        if s.with_people {
            named
        } else {
            f.text("who") == "one person"
        },
        f.text("who"),
    )
}
