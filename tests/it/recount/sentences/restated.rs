//! Figures that today's data tells otherwise than the digest before, and why: counted again in both worlds.

use super::scene::{day, grouped, lists, many, same, so};
use super::{Holds, Place, Scene, Template};

pub fn templates() -> Vec<Template> {
    let all: [(&'static str, Holds); 3] = [
        ("Restated for {day}: {figures}.", |s, f| {
            let (then, now) = looks(s)?;
            same(f.text("day"), day(then.today(), s.today()))?;
            let figures = [
                (
                    "groups_met_365",
                    ["group that met in 365 days", "groups that met in 365 days"],
                ),
                ("events_365", ["event in 365 days", "events in 365 days"]),
                ("people_365", ["person in 365 days", "people in 365 days"]),
                (
                    "groups_met_30",
                    ["group that met in 30 days", "groups that met in 30 days"],
                ),
                (
                    "first_timers_90",
                    ["first-timer in 90 days", "first-timers in 90 days"],
                ),
            ];
            let moved = figures
                .iter()
                .filter(|(key, _)| then.count(key) != now.count(key));
            let told = moved.map(|(key, [one, more])| {
                let before = grouped(then.count(key));
                format!("{} (told: {before})", many(now.count(key), one, more))
            });
            same(f.text("figures"), told.collect::<Vec<_>>().join(", "))
        }),
        ("Why: {reasons}.", |s, f| {
            let wanted = reasons(s)?;
            if wanted.is_empty() {
                return same(
                    f.text("reasons"),
                    "events over a year old, the dates of later ones, or the configuration (staff, or which groups) changed",
                );
            }
            let told: Vec<&str> = f.text("reasons").split("; ").collect();
            same(&told.len().to_string(), wanted.len())?;
            for (told, (words, names)) in told.iter().zip(&wanted) {
                let named = told.strip_prefix(words.as_str());
                let named = named.ok_or_else(|| format!("no reason: {words}"))?;
                if named.starts_with('‹') {
                    lists(named, names, 3)?;
                } else {
                    let named: Vec<&str> =
                        named.split(" and ").next().unwrap().split(", ").collect();
                    so(
                        named.iter().all(|it| names.iter().any(|name| name == it)),
                        "another",
                    )?;
                    same(&named.len().to_string(), names.len().min(3))?;
                }
            }
            Ok(())
        }),
        (
            "‹{name}› was named on {day} as \"{was}\"; by what is known now, it was \"{is}\".",
            |s, f| {
                let (then, now) = looks(s)?;
                so(
                    then.named.iter().any(|it| it == f.text("name")),
                    "it was not named",
                )?;
                same(f.text("day"), day(then.today(), s.today()))?;
                let (was, is) = (then.named(f.text("name")), now.named(f.text("name")));
                same(f.text("was"), words(was.status()))?;
                same(f.text("is"), words(is.status()))?;
                so(was.status() != is.status(), "it stands as it stood")?;
                let is_by_a_date = was.status() == "overdue" && !is.at("next_event").is_null()
                    || is.status() == "overdue" && !was.at("next_event").is_null();
                so(!is_by_a_date, "a date may have come of the call")
            },
        ),
    ];
    all.into_iter()
        .map(|(pattern, holds)| Template {
            place: Place::Restated,
            pattern,
            holds,
        })
        .collect()
}

/// The instant of the digest before, by what was known then and by what is known now.
fn looks<'s, 'a>(s: &'s Scene<'a>) -> Result<(&'s Scene<'a>, &'s Scene<'a>), String> {
    let then = s.before.as_deref().ok_or("there was no digest before")?;
    let now = s.again.as_deref().ok_or("it was not counted again")?;
    Ok((then, now))
}

/// Every kind of reason, with the groups it holds for.
fn reasons(s: &Scene<'_>) -> Result<Vec<(String, Vec<String>)>, String> {
    let (then, now) = looks(s)?;
    let mut kinds: [Vec<String>; 5] = Default::default();
    let (mut more, mut fewer) = (0, 0);
    for (name, (nth, _)) in &now.groups {
        let is_complete = |s: &Scene<'_>| s.q.world.groups[*nth].is_complete;
        if !is_complete(now) {
            continue;
        }
        if !then.groups.contains_key(name) || !is_complete(then) {
            kinds[0].push(name.clone());
            continue;
        }
        let (was, is) = (then.named(name), now.named(name));
        let grown = is.number("cadence.events_365") - was.number("cadence.events_365");
        more += grown.max(0);
        fewer += (-grown).max(0);
        let differs = |path: &str| was.at(path) != is.at(path);
        let kind = if grown > 0 {
            1
        } else if grown < 0 {
            2
        } else if differs("attendance.attendance_taken.numerator") {
            3
        } else if differs("attendance.yes_365") || differs("attendance.people_365") {
            4
        } else {
            continue;
        };
        kinds[kind].push(name.clone());
    }
    let came = many(more, "past event", "past events");
    let went = match fewer {
        1 => "1 past event was".to_owned(),
        n => format!("{} past events were", grouped(n)),
    };
    let words = [
        "the history was read since of ".to_owned(),
        format!("{came} came to be known since, of "),
        format!("{went} deleted or called off since, of "),
        "attendance was marked since in ".to_owned(),
        "answers to past events changed since in ".to_owned(),
    ];
    let left = then.groups.keys().filter(|name| {
        let mut groups = now.q.world.groups.iter();
        groups.any(|it| it.name == **name && it.gone.is_some())
    });
    let left = (
        "no longer sponsored, so in no figure: ".to_owned(),
        left.cloned().collect(),
    );
    let all = words.into_iter().zip(kinds).chain([left]);
    Ok(all.filter(|(_, names)| !names.is_empty()).collect())
}

fn words(status: &str) -> &'static str {
    match status {
        "new" => "new",
        "unstarted" => "no first event yet",
        "restarted" => "restarted",
        "quiet" => "quiet",
        "overdue" => "long without a date",
        "on_target" => "meets as agreed",
        _ => "meets now and then",
    }
}
