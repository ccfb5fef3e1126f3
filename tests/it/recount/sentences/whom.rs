//! Whom to ask, counted again: who leads a group, who hosted lately, who was asked already.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::scene::{Subject, day, same, so, within};
use super::{Found, Held, Scene};
use crate::recount::DAY;
use crate::recount::people::rank;
use crate::world::{Person, id_of, name_of};

const ROLES: [&str; 4] = [
    "ORGANIZER",
    "COORGANIZER",
    "ASST_ORGANIZER",
    "EVENT_ORGANIZER",
];

/// Everybody worth asking with what stands beside them: leaders, those who are none of ours first, each by role
/// and by who was there last; then local hosts of 180 days who are members, whoever hosted last first.
/// Before them all the leader who stays away, where that is why to write (which causes are the most urgent is not
/// counted here: `the_leader_who_stays_away_is_asked_where_that_is_why` holds it).
fn everybody(s: &Scene<'_>, g: &Subject<'_>, is_about_away: bool) -> Vec<(String, &'static str)> {
    let group = &s.q.world.groups[g.nth];
    let is_ours = |p: Person| s.q.staff.as_ref().is_some_and(|staff| staff.contains(&p));
    let mut leaders = s.q.leaders(group);
    let away = s.q.away(&g.held, &leaders);
    let away = away.first().filter(|_| is_about_away);
    let is_away = |p: Person| away.is_some_and(|away| away["id"] == id_of(p).as_str());
    leaders.sort_by_key(|m| {
        let role = ROLES.iter().position(|role| m.role == Some(*role));
        let seen = m.seen.map_or(i64::MIN, |at| at);
        (
            !is_away(m.person),
            is_ours(m.person),
            role,
            Reverse(seen),
            rank(m.person),
        )
    });
    let mut hosted: BTreeMap<Person, i64> = BTreeMap::new();
    for e in g.held.iter().filter(|e| within(e, 180, s.q.a)) {
        for p in s.q.hosts(e) {
            let last = hosted.entry(p).or_insert(i64::MIN);
            *last = e.starts.unwrap().max(*last);
        }
    }
    let leads: BTreeSet<Person> = leaders.iter().map(|m| m.person).collect();
    let members = group.members.iter();
    let mut hosts: Vec<Person> = members
        .filter(|m| m.gone.is_none() && ["ACTIVE", "LEADER"].contains(&m.status))
        .map(|m| m.person)
        .filter(|p| hosted.contains_key(p) && !s.q.is_staff(*p) && !leads.contains(p))
        .collect();
    hosts.sort_by_key(|p| (Reverse(hosted[p]), rank(*p)));
    let beside = |p: Person| if is_ours(p) { " (one of us)" } else { "" };
    let leaders = leaders
        .iter()
        .map(|m| (name_of(m.person), beside(m.person)));
    let hosts = hosts.into_iter().map(|p| (name_of(p), " (hosted lately)"));
    leaders.chain(hosts).collect()
}

/// Who was asked within 180 days; none where nobody was.
fn asked<'s>(s: &'s Scene<'_>, g: &Subject<'_>) -> Option<&'s Option<String>> {
    let is_known = s.asked_at <= s.q.a && s.q.a - s.asked_at < 181 * DAY;
    s.asked.get(s.name(g)).filter(|_| is_known)
}

/// Who is left after that; where it was not noted who was asked, it was the first.
fn left(s: &Scene<'_>, g: &Subject<'_>, is_about_away: bool) -> Vec<(String, &'static str)> {
    let mut people = everybody(s, g, is_about_away);
    match asked(s, g) {
        None => {}
        Some(None) if people.is_empty() => {}
        Some(None) => {
            people.remove(0);
        }
        Some(Some(whom)) if people.iter().any(|(name, _)| name == whom) => {
            people.retain(|(name, _)| name != whom);
        }
        Some(Some(whom)) => {
            let words: Vec<&str> = whom.split(' ').collect();
            people.retain(|(name, _)| !words.contains(&name.split(' ').next().unwrap()));
        }
    }
    people
}

fn told((name, beside): &(String, &'static str)) -> String {
    format!("‹{name}›{beside}")
}

fn either(holds: impl Fn(bool) -> Held) -> Held {
    holds(false).or_else(|wrong| holds(true).map_err(|_| wrong))
}

/// After the arrow.
pub fn whom(s: &Scene<'_>, f: &Found) -> Held {
    let g = s.subject();
    if let Some(whom) = asked(s, &g) {
        let asked_on = chrono::DateTime::from_timestamp(s.asked_at, 0).unwrap();
        let on = day(asked_on.date_naive(), s.today());
        let who = whom.as_ref().map_or(String::new(), |who| format!("{who} "));
        return either(|is_about_away| {
            let first = left(s, &g, is_about_away).first().map(told);
            let first = first.unwrap_or("nobody is left to ask".to_owned());
            same(
                f.text("whom"),
                format!("{first} (asked before: {who}on {on})"),
            )
        });
    }
    if everybody(s, &g, false).is_empty() {
        let told = match g.at("organizers.leaders").is_null() {
            true => "no name is known, nor who its members are",
            false => "needs an organizer: no name is known on Meetup",
        };
        return same(f.text("whom"), told);
    }
    either(|is_about_away| {
        let people = everybody(s, &g, is_about_away);
        let names: Vec<String> = people.iter().take(2).map(told).collect();
        same(f.text("whom"), names.join(", "))
    })
}

/// The first who was not asked.
pub fn next(s: &Scene<'_>, f: &Found) -> Held {
    let g = s.subject();
    either(|is_about_away| {
        let left = left(s, &g, is_about_away);
        same(f.text("whom"), left.first().map_or(String::new(), told))
    })
}

pub fn nobody_left(s: &Scene<'_>, _: &Found) -> Held {
    let left = left(s, &s.subject(), false);
    so(left.is_empty(), &format!("{left:?} are"))
}
