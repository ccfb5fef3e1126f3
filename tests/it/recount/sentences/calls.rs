//! Whom to write to and why, counted again.

use std::collections::BTreeSet;

use super::scene::{
    Subject, date, day, grouped, many, month, month_name, same, shared, so, weekday, whole, within,
};
use super::{Found, Held, Place, Scene, Template};
use crate::recount::{DAY, Question};
use crate::world::Event;

/// Templates of what is said of a group that a call would help, in the digest and on its page.
pub fn of_a_call(place: Place) -> Vec<Template> {
    let all: [(&'static str, fn(&Scene<'_>, &Found) -> Held); 24] = [
        (
            "Nothing held for {days} day(s)[ ({off} of them in {months}, not counted)] and nothing announced[; usually every {usual}].",
            nothing_held,
        ),
        (
            "Of {cases} pauses like this one here ({edge} days), {long} went past half a year.",
            alike,
        ),
        (
            "In other networks, {many} went past half a year.",
            elsewhere,
        ),
        (
            "It turns half a year without an event on {day}.",
            half_a_year,
        ),
        ("{n} event(s) in {year}, {now} this year.", years),
        (
            "Restarted on {day} after {days} day(s); no second date since.",
            restarted,
        ),
        (
            "Its first event was on {day}; no second date since.",
            |s, f| {
                let g = s.subject();
                same("1", g.held.len())?;
                without_second(s, &g)?;
                same(f.text("day"), day(date(g.last()), g.today))
            },
        ),
        (
            "{n} events so far, the last on {day}; no further date since.",
            |s, f| {
                let g = s.subject();
                same(f.text("n"), g.held.len())?;
                without_second(s, &g)?;
                same(f.text("day"), day(date(g.last()), g.today))
            },
        ),
        (
            "Of {n} restarts here, {again} met again within a year.",
            |s, f| guided(s, f, "restarts"),
        ),
        (
            "Of {n} first events here, {again} met again within a year.",
            |s, f| guided(s, f, "firsts"),
        ),
        (
            "Of {n} groups here with {events} event(s) in their first year, {again} held one in the year after.",
            first_year,
        ),
        (
            "Here since {day}, no first event yet[; {members} member(s)].",
            not_begun,
        ),
        ("No first event yet[; {members} member(s)].", |s, f| {
            let g = s.subject();
            let world = &s.q.world.groups[g.nth];
            so(
                world.founded.is_none() && world.joined.is_none(),
                "it is known since when",
            )?;
            not_begun(s, f)
        }),
        (
            "The only local host of the last 180 days has left the group.",
            |s, _| hosts_left(s, 1),
        ),
        (
            "All {n} local hosts of the last 180 days have left the group.",
            |s, f| hosts_left(s, f.number("n") as usize),
        ),
        (
            "It needs an organizer: nobody leads it on Meetup but the network's own account.",
            |s, _| {
                let g = s.subject();
                so(g.at("organizers.leaderless") == true, "somebody leads it")?;
                same("0", s.q.leaders(&s.q.world.groups[g.nth]).len())
            },
        ),
        (
            "None of its {n} leaders was seen on Meetup, answered or hosted in the last 90 days.",
            |s, f| unseen(s, f.number("n") as usize),
        ),
        (
            "Its one leader was not seen on Meetup, nor answered or hosted, in the last 90 days.",
            |s, _| unseen(s, 1),
        ),
        (
            "Below the policy of {step}[ ({due})][ since {day}][: {held}].",
            below,
        ),
        (
            "{who}, who leads it, said yes to or hosted {n} event(s) from 365 to 120 days ago, the last on {day}, and none of {held} since.",
            away,
        ),
        (
            "Quiet since {month}: nothing held for {days} day(s) and nothing announced.",
            |s, f| {
                let g = s.subject();
                same(g.status(), "quiet")?;
                nothing_ahead(s, &g)?;
                same(f.text("month"), month(date(g.last()), g.today))?;
                same(f.text("days"), grouped(silent(s, &g)))
            },
        ),
        (
            "Mostly hosted by us: {share} in the last 365 days had no other host.",
            |s, f| {
                let g = s.subject();
                let (n, of) = g.rate("organizers.staff_hosted_share");
                so(of >= 3 && 2 * n >= of, "less than half")?;
                same(f.text("share"), shared((n, of), "events"))
            },
        ),
        (
            "Fewer say yes: typically {now} at the latest three events, {before} at the six before.",
            fewer,
        ),
        ("Turns {age} {when}.", birthday),
    ];
    // What a page says in other words.
    let is_told = |pattern: &str| {
        let elsewhere = ["Here since", "No first event", "Quiet since", "Turns"];
        place == Place::Calls || !elsewhere.iter().any(|it| pattern.starts_with(it))
    };
    all.into_iter()
        .filter(|(pattern, _)| is_told(pattern))
        .map(|(pattern, holds)| Template {
            place,
            pattern,
            holds,
        })
        .collect()
}

pub fn templates() -> Vec<Template> {
    let call = |pattern, holds| Template {
        place: Place::Calls,
        pattern,
        holds,
    };
    let mut all = of_a_call(Place::Calls);
    all.extend(advice(Place::Calls));
    all.extend([
        call("{people} and {events} in {year}", stake),
        call(
            "Last met {day}, {yes} said yes; {next}.",
            |s, f| {
                let g = s.subject();
                same(f.text("day"), weekday(date(g.last()), g.today))?;
                same(f.text("yes"), grouped(s.q.yes(g.last()).len() as i64))?;
                next(s, &g, f.text("next"))
            },
        ),
        call("Never met; {next}.", |s, f| {
            let g = s.subject();
            same("0", g.held.len())?;
            next(s, &g, f.text("next"))
        }),
        Template {
            place: Place::Heading,
            pattern: "Where to start ({n}[ of {all}])",
            holds: |s, f| {
                so(s.before.is_none(), "there was a digest before")?;
                same(f.text("n"), s.named.len())
            },
        },
        Template {
            place: Place::Heading,
            pattern: "Please write to ({n}[ of {all}])",
            holds: |s, f| {
                so(s.before.is_some(), "there was no digest before")?;
                same(f.text("n"), s.named.len())
            },
        },
        call("Nobody new to write to.", |s, _| same("0", s.named.len())),
        call(
            "{n} group(s) would still be glad of a word; {were} named here in the last three weeks.",
            |s, f| {
                let before = s.before.as_ref().map_or(0, |it| it.named.len());
                so(f.number("n") <= before as i64, "more than were named")?;
                same(f.text("were"), if f.number("n") == 1 { "it was" } else { "all were" })
            },
        ),
        call("All {n}: {causes}.", |_, f| {
            let sum: i64 = f
                .text("causes")
                .split(", ")
                .map(|it| it.split(' ').next().unwrap().parse::<i64>().unwrap())
                .sum();
            same(f.text("n"), sum)
        }),
        call("→ {whom}", whom),
        call("Note of {day}: “{text}”", |_, f| same(f.text("text"), "back in spring")),
    ]);
    all
}

/// Questions and offers: where one leans on a number, it is counted.
pub fn advice(place: Place) -> Vec<Template> {
    let held: fn(&Scene<'_>, &Found) -> Held = |_, _| Ok(());
    let mut all: Vec<Template> = [
        "Ask its organizers who could host next.",
        "Ask who of its regulars would like to lead it.",
        "Offer a speaker and a date for the first event.",
        "Ask what is in the way of a next date.",
        "Ask how they are.",
        "Ask how they are, and who could help them.",
        "Ask who of its regulars would host the next one.",
        "Ask whether topic, day or place should change; offer a speaker.",
        "Ask whether somebody would like to meet again.",
    ]
    .into_iter()
    .map(|pattern| Template {
        place,
        pattern,
        holds: held,
    })
    .collect();
    all.extend([
        Template {
            place,
            pattern: "A second date decides: ask whether one is planned.",
            holds: |s, _| without_second(s, &s.subject()),
        },
        Template {
            place,
            pattern: "Ask what would help with more dates.",
            holds: |s, _| {
                let g = s.subject();
                so(nothing_ahead(s, &g).is_err(), "nothing is announced")
            },
        },
        Template {
            place,
            pattern: "Ask who else could host: {who} alone hosted {n} of {of} event(s).",
            holds: alone,
        },
        Template {
            place,
            pattern: "After so long a silence, our groups met again within a year in {share}.",
            holds: |s, f| {
                let days = silent(s, &s.subject());
                let months = [(365, "6"), (730, "12"), (1095, "24"), (i64::MAX, "36")];
                let months = months.iter().find(|(until, _)| days < *until).unwrap().1;
                let past = &s.network["survival"][months];
                let of = (
                    past["numerator"].as_i64().unwrap(),
                    past["denominator"].as_i64().unwrap(),
                );
                so(of.1 > 20, "too few cases")?;
                same(f.text("share"), shared(of, "cases"))
            },
        },
    ]);
    all
}

fn silent(s: &Scene<'_>, g: &Subject<'_>) -> i64 {
    (s.q.a - g.last().starts.unwrap()) / DAY
}

pub fn nothing_ahead(s: &Scene<'_>, g: &Subject<'_>) -> Held {
    let ahead = s.q.counting(g.nth);
    let ahead = ahead.iter().filter(|e| Question::ends(e) > s.q.a).count();
    same("0", ahead)
}

/// The dates strictly between the latest event and today that are in months off, which months those are, and
/// that no other month is named.
fn nothing_held(s: &Scene<'_>, f: &Found) -> Held {
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

fn alike(s: &Scene<'_>, f: &Found) -> Held {
    let g = s.subject();
    let alike = g.at("pause.alike");
    so(f.number("cases") >= 5, "under five cases are not told of")?;
    same(f.text("cases"), &alike["cases"])?;
    same(f.text("edge"), &alike["edge"])?;
    same(f.text("long"), &alike["long"])
}

fn elsewhere(s: &Scene<'_>, f: &Found) -> Held {
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

fn half_a_year(s: &Scene<'_>, f: &Found) -> Held {
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

fn years(s: &Scene<'_>, f: &Found) -> Held {
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
fn without_second(s: &Scene<'_>, g: &Subject<'_>) -> Held {
    nothing_ahead(s, g)?;
    so(silent(s, g) >= 30, "it met within 30 days")?;
    so(["new", "restarted"].contains(&g.status()), g.status())
}

fn restarted(s: &Scene<'_>, f: &Found) -> Held {
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

fn guided(s: &Scene<'_>, f: &Found, key: &str) -> Held {
    let past = &s.guidance[key];
    so(f.number("n") >= 5, "too few cases")?;
    same(f.text("n"), &past["denominator"])?;
    same(f.text("again"), &past["numerator"])
}

fn first_year(s: &Scene<'_>, f: &Found) -> Held {
    let g = s.subject();
    same(g.status(), "new")?;
    same(f.text("events"), g.held.len())?;
    let past = &s.guidance["first_years"][f.text("events")];
    so(f.number("n") >= 20, "too few groups")?;
    same(f.text("n"), &past["denominator"])?;
    same(f.text("again"), &past["numerator"])
}

fn not_begun(s: &Scene<'_>, f: &Found) -> Held {
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
fn hosts_left(s: &Scene<'_>, told: usize) -> Held {
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

fn unseen(s: &Scene<'_>, told: usize) -> Held {
    let g = s.subject();
    let leaders = s.q.leaders(&s.q.world.groups[g.nth]);
    same(&told.to_string(), leaders.len())?;
    let seen = leaders
        .iter()
        .filter_map(|m| s.q.last_seen(g.nth, &g.held, m))
        .any(|at| at > s.q.a - 90 * DAY);
    so(!seen, "one of them was")
}

/// What a step asks, since when it is not so, and what was counted.
fn below(s: &Scene<'_>, f: &Found) -> Held {
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

fn away(s: &Scene<'_>, f: &Found) -> Held {
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

fn fewer(s: &Scene<'_>, f: &Found) -> Held {
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

fn stake(s: &Scene<'_>, f: &Found) -> Held {
    let g = s.subject();
    let last = g.last().starts.unwrap();
    let year: Vec<&&Event> = g.held.iter().filter(|e| within(e, 365, last)).collect();
    let people: BTreeSet<u32> = year.iter().flat_map(|e| s.q.participants(e)).collect();
    same(
        f.text("people"),
        many(people.len() as i64, "person", "people"),
    )?;
    same(f.text("events"), many(year.len() as i64, "event", "events"))?;
    let told = if silent(s, &g) > 180 {
        format!("the year up to {}", month(date(g.last()), g.today))
    } else {
        "a year".to_owned()
    };
    same(f.text("year"), told)
}

/// "next on Fri 5 Jun, 3 yes so far"; or nothing, or one that is on.
fn next(s: &Scene<'_>, g: &Subject<'_>, told: &str) -> Held {
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

/// Whoever is named leads the group, or hosted lately and is a member.
fn whom(s: &Scene<'_>, f: &Found) -> Held {
    let g = s.subject();
    let world = &s.q.world.groups[g.nth];
    let leaders: Vec<String> =
        s.q.leaders(world)
            .iter()
            .map(|m| crate::world::name_of(m.person))
            .collect();
    let (names, _) = super::scene::listed(f.text("whom"));
    if names.is_empty() {
        let told = match g.at("organizers.leaders").is_null() {
            true => "no name is known, nor who its members are",
            false => "needs an organizer: no name is known on Meetup",
        };
        return same(f.text("whom"), told);
    }
    for (name, beside) in names {
        let hosted = g
            .held
            .iter()
            .filter(|e| within(e, 180, s.q.a))
            .flat_map(|e| s.q.hosts(e));
        let hosted: Vec<String> = hosted.map(crate::world::name_of).collect();
        let is_so = match beside.as_str() {
            "(hosted lately)" => hosted.contains(&name),
            "(one of us)" | "" => leaders.contains(&name),
            _ => false,
        };
        so(is_so, &format!("{name} {beside} of {leaders:?}"))?;
    }
    Ok(())
}
