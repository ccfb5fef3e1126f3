//! What the logs tell of who leads and of what is called otherwise, counted again.

use std::collections::BTreeMap;

use super::scene::{listed, same};
use super::{Found, Held, Place, Scene, Template};
use crate::world::{Membership, name_of};

pub fn templates() -> Vec<Template> {
    let at = |pattern, holds| Template {
        place: Place::Changed,
        pattern,
        holds,
    };
    vec![
        at("Another organizer: {names}.", |s, f| {
            logged(s, f, another_organizer)
        }),
        at("New leaders: {names}.", |s, f| logged(s, f, new_leaders)),
        at("New names: {names}.", |s, f| logged(s, f, other_names)),
    ]
}

/// Everybody of whom the logs tell that between the digest before and this one, and what they tell.
fn logged(s: &Scene<'_>, f: &Found, told: fn(&Scene<'_>, i64, usize) -> Option<String>) -> Held {
    let before = s.before.as_ref().ok_or("there was no digest before")?;
    let of = |(name, (nth, _)): (&String, &(usize, serde_json::Value))| {
        Some((name.clone(), format!("({})", told(s, before.q.a, *nth)?)))
    };
    let wanted: BTreeMap<String, String> = s.groups.iter().filter_map(of).collect();
    let (names, more) = listed(f.text("names"));
    same(&(names.len() + more).to_string(), wanted.len())?;
    same(&names.len().to_string(), wanted.len().min(6))?;
    for (name, beside) in names {
        same(&beside, wanted.get(&name).map_or("nothing", String::as_str))
            .map_err(|why| format!("{name}: {why}"))?;
    }
    Ok(())
}

type Role = Option<&'static str>;

/// Whose role it was another one before the first line than after the last one, by when they are named first.
fn turned(s: &Scene<'_>, since: i64, nth: usize) -> Vec<(String, Role, Role)> {
    let in_time = |at: i64| at > since && at <= s.q.a;
    let lines = || {
        let lines = s.q.world.roles.iter();
        lines.filter(move |it| it.group == nth && in_time(it.at))
    };
    let mut people: Vec<u32> = Vec::new();
    for line in lines() {
        if !people.contains(&line.person) {
            people.push(line.person);
        }
    }
    let name = |person: u32| match s.q.world.admin == Some(person) {
        true => "the network's own account".to_owned(),
        false => name_of(person),
    };
    let of = |person: &u32| {
        let mut theirs = lines().filter(|it| it.person == *person);
        let old = theirs.clone().next().unwrap().old;
        let new = theirs.next_back().unwrap().new;
        (name(*person), old, new)
    };
    let all = people.iter().map(of);
    all.filter(|(_, old, new)| old != new).collect()
}

fn another_organizer(s: &Scene<'_>, since: i64, nth: usize) -> Option<String> {
    let turned = turned(s, since, nth);
    let names = |of: &dyn Fn(&(String, Role, Role)) -> Role| {
        let all = turned.iter().filter(|it| of(it) == Some("ORGANIZER"));
        all.map(|it| it.0.clone()).collect::<Vec<_>>().join(" and ")
    };
    let (old, new) = (names(&|it| it.1), names(&|it| it.2));
    let row = &s.q.world.groups[nth];
    let leads = |it: &Membership| {
        it.role == Some("ORGANIZER")
            && ["ACTIVE", "LEADER"].contains(&it.status)
            && it.gone.is_none()
            && it.joined.is_none_or(|at| at <= s.q.a)
            && s.q.world.admin != Some(it.person)
    };
    let figures = &s.named(&row.name);
    let is_known = !figures.at("organizers.leaders").is_null();
    let is_led = !is_known || row.members.iter().any(leads);
    match (old.as_str(), new.as_str()) {
        ("", "") => None,
        ("", new) => Some(new.to_owned()),
        (_, "") if is_led => None,
        (old, "") => Some(format!("nobody; before, {old}")),
        (old, new) => Some(format!("{new}; before, {old}")),
    }
}

fn new_leaders(s: &Scene<'_>, since: i64, nth: usize) -> Option<String> {
    let told = turned(s, since, nth)
        .into_iter()
        .filter_map(|(name, old, new)| {
            let role = match new? {
                "COORGANIZER" => "co-organizer",
                "ASST_ORGANIZER" => "assistant organizer",
                "EVENT_ORGANIZER" => "event organizer",
                _ => return None,
            };
            (old != Some("ORGANIZER")).then(|| format!("{name}, {role}"))
        });
    let told = told.collect::<Vec<_>>().join("; ");
    (!told.is_empty()).then_some(told)
}

fn other_names(s: &Scene<'_>, since: i64, nth: usize) -> Option<String> {
    let lines = s.q.world.names.iter();
    let lines: Vec<_> = lines
        .filter(|it| it.group == nth && it.at > since && it.at <= s.q.a)
        .collect();
    let ((name, urlname), is) = (&lines.first()?.old, &lines.last()?.new);
    let mut told = Vec::new();
    if *name != is.0 {
        told.push(format!("was {name}"));
    }
    if *urlname != is.1 {
        told.push(format!("its address was {urlname}"));
    }
    (!told.is_empty()).then(|| told.join("; "))
}
