//! Whom to write to and why, counted again.

use super::scene::{date, day, grouped, same, shared, so, weekday};
use super::{Holds, Place, Template};

use super::whom::whom;
use super::why::{
    alike, alone, away, below, birthday, elsewhere, fewer, first_year, guided, half_a_year,
    hosts_left, next, not_begun, nothing_ahead, nothing_held, quiet_since, restarted, silent,
    stake, unseen, without_second, years,
};

/// Templates of what is said of a group that a call would help, in the digest and on its page.
pub fn of_a_call(place: Place) -> Vec<Template> {
    let all: [(&'static str, Holds); 26] = [
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
                nothing_ahead(s, &s.subject())?;
                quiet_since(s, f)
            },
        ),
        (
            "Quiet since {month}: nothing held for {days} day(s); an event is on right now.",
            |s, f| {
                so(nothing_ahead(s, &s.subject()).is_err(), "nothing is on")?;
                quiet_since(s, f)
            },
        ),
        ("An event is on right now.", |s, _| {
            so(nothing_ahead(s, &s.subject()).is_err(), "nothing is on")
        }),
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
        let elsewhere = [
            "Here since",
            "No first event",
            "Quiet since",
            "Turns",
            "An event",
        ];
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
    let held: Holds = |_, _| Ok(());
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
