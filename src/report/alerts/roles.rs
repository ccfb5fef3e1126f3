//! Who leads a group changed: told from the log of roles, line by line, once.
//!
//! Groups get lost to co-organizers whom nobody has seen for a year and who accept Meetup's mail to step
//! up. So whoever comes to lead is told with when they were seen and hosted last, and so is whoever led.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::sentences::{hosts_here, name};
use crate::community::{AlertKind, Role};
use crate::metrics::{KeyHolder, Leader, RoleChange, Watched};
use crate::report::keys::role as role_word;
use crate::report::words::local_day;

/// How long a role must be lost for getting it again to be news.
const HOLD: TimeDelta = TimeDelta::days(3);
const ACCOUNT: &str = "the network's own account";
const STEP_UP: &str = "whoever accepts Meetup's mail to step up has the group";

/// What changed, of one kind.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct News {
    pub kind: AlertKind,
    pub sentence: String,
    /// Whom to write to.
    pub people: Vec<Leader>,
    /// Where this is about the network's own account: whether it leads now, rather than did.
    pub account: Option<bool>,
}

/// One person's change since the last look, whatever lay between.
struct Net<'a> {
    holder: &'a KeyHolder,
    old: Option<&'a Role>,
    new: Option<&'a Role>,
    /// Their first line of it.
    first: &'a RoleChange,
}

/// What is new of a group's leading roles.
pub(super) fn news(group: &Watched, now: DateTime<Utc>, today: NaiveDate) -> Vec<News> {
    let changes = changes(group);
    let organizer = organizer(group, &changes, now, today);
    organizer
        .into_iter()
        .chain(new_leader(group, &changes, today))
        .collect()
}

fn changes(group: &Watched) -> Vec<Net<'_>> {
    let lines = || group.role_changes.iter().filter(|line| line.is_new);
    let mut changes: Vec<Net<'_>> = Vec::new();
    for line in lines() {
        if let Some(known) = changes.iter_mut().find(|it| it.first.member == line.member) {
            known.new = line.new.as_ref();
            continue;
        }
        let mut holders = group.key_holders.iter();
        if let Some(holder) = holders.find(|it| it.person.id == line.member) {
            changes.push(Net {
                holder,
                old: line.old.as_ref(),
                new: line.new.as_ref(),
                first: line,
            });
        }
    }
    changes.retain(|it| it.old != it.new);
    changes
}

/// The lines before the ones that are new, the latest first.
fn earlier(group: &Watched) -> impl Iterator<Item = &RoleChange> {
    group.role_changes.iter().rev().filter(|line| !line.is_new)
}

const ORGANIZER: Option<&Role> = Some(&Role::Organizer);

fn organizer(
    group: &Watched,
    changes: &[Net<'_>],
    now: DateTime<Utc>,
    today: NaiveDate,
) -> Option<News> {
    let gained: Vec<&Net<'_>> = changes.iter().filter(|it| it.new == ORGANIZER).collect();
    let lost: Vec<&KeyHolder> = changes
        .iter()
        .filter(|it| it.old == ORGANIZER)
        .map(|it| it.holder)
        .collect();
    let others: Vec<&KeyHolder> = group
        .key_holders
        .iter()
        .filter(|it| it.leads_as() == ORGANIZER)
        .filter(|it| {
            gained
                .iter()
                .all(|new| new.holder.person.id != it.person.id)
        })
        .collect();
    let Some(first) = gained.first() else {
        // Where another is left, it was told when they came; where nobody leads, that is told.
        let is_news = !lost.is_empty() && others.is_empty() && !group.leaders.is_empty();
        return is_news.then(|| nobody(group, &lost, today));
    };
    let last = earlier(group).find(|line| line.old.as_ref() == ORGANIZER);
    let was = last.and_then(|line| {
        let mut holders = group.key_holders.iter();
        holders.find(|it| it.person.id == line.member)
    });
    let is_back = last.is_some_and(|line| {
        line.member == first.first.member && first.first.noticed_at - line.noticed_at < HOLD
    });
    if is_back && lost.is_empty() && others.is_empty() {
        return None;
    }
    let before = if !lost.is_empty() {
        lost
    } else if !others.is_empty() {
        others
    } else {
        was.into_iter().collect()
    };
    Some(another(group, first, &before, now, today))
}

/// Another organizer than before.
fn another(
    group: &Watched,
    new: &Net<'_>,
    before: &[&KeyHolder],
    now: DateTime<Utc>,
    today: NaiveDate,
) -> News {
    let told = match before {
        [] => "Who it was before is not known.".to_owned(),
        before => format!("Before, it was {}.", each(group, before, today)),
    };
    let was_account = before.iter().any(|it| it.is_admin);
    let came = came(group, new, today);
    let mut people: Vec<Leader> = before
        .iter()
        .filter(|it| it.is_here && !it.is_admin)
        .map(|it| it.person.clone())
        .collect();
    let what = if new.holder.is_admin {
        let more = could_lead(group, now);
        let known = |person: &Leader| people.iter().any(|it| it.id == person.id);
        let more: Vec<Leader> = more.into_iter().filter(|it| !known(it)).collect();
        people.extend(more);
        "Ask who of its leaders and hosts would take it on.".to_owned()
    } else {
        people.insert(0, new.holder.person.clone());
        let whom: Vec<String> = people.iter().map(name).collect();
        let whom = whom.join(" and ");
        format!("If that was not agreed, write to {whom} today: {STEP_UP}.")
    };
    News {
        kind: AlertKind::OrganizerChanged,
        sentence: format!("{came}. {told} {what}"),
        people,
        account: (new.holder.is_admin || was_account).then_some(new.holder.is_admin),
    }
}

/// Nobody is, and others lead it still.
fn nobody(group: &Watched, lost: &[&KeyHolder], today: NaiveDate) -> News {
    let who = each(group, lost, today);
    News {
        kind: AlertKind::OrganizerChanged,
        sentence: format!(
            "Nobody is its organizer any more. Before, it was {who}. \
             Ask its other leaders today which of them takes it on: {STEP_UP}."
        ),
        people: group.leaders.clone(),
        account: lost.iter().any(|it| it.is_admin).then_some(false),
    }
}

fn new_leader(group: &Watched, changes: &[Net<'_>], today: NaiveDate) -> Option<News> {
    let had_before = |change: &&Net<'_>| {
        earlier(group).any(|line| {
            line.member == change.first.member
                && line.old.as_ref() == change.new
                && change.first.noticed_at - line.noticed_at < HOLD
        })
    };
    let came: Vec<&Net<'_>> = changes
        .iter()
        .filter(|it| it.new.is_some() && it.new != ORGANIZER)
        // Whoever steps down from it is told with who is organizer now.
        .filter(|it| it.old != ORGANIZER)
        .filter(|it| !had_before(it))
        .collect();
    if came.is_empty() {
        return None;
    }
    let is_new = |person: &Leader| came.iter().any(|it| it.holder.person.id == person.id);
    let mut people = group.leaders.clone();
    people.sort_by_key(is_new);
    let who: Vec<String> = came.iter().map(|it| self::came(group, it, today)).collect();
    Some(News {
        kind: AlertKind::NewLeader,
        sentence: format!(
            "{}. If that was not agreed, ask its organizer: whoever leads it may be asked by Meetup to take it over.",
            who.join("; ")
        ),
        people,
        account: came.iter().all(|it| it.holder.is_admin).then_some(true),
    })
}

/// "Ben is its organizer now (co-organizer before, last seen on 3 Nov, has never hosted here)".
fn came(group: &Watched, change: &Net<'_>, today: NaiveDate) -> String {
    let now = match change.new {
        Some(Role::Organizer) => "its organizer",
        Some(role) => role_word(role),
        None => "no leader",
    };
    if change.holder.is_admin {
        return format!("The network's own account is {now} now");
    }
    let was = match change.old {
        Some(role) => format!("{} before", role_word(role)),
        None => "without a role before".to_owned(),
    };
    let person = &change.holder.person;
    format!(
        "{} is {now} now ({was}, {})",
        name(person),
        lately(group, person, today)
    )
}

/// "Ana (has left the group, last seen on 12 Aug, last hosted on 3 May)".
fn each(group: &Watched, holders: &[&KeyHolder], today: NaiveDate) -> String {
    let told = holders.iter().map(|holder| {
        if holder.is_admin {
            return ACCOUNT.to_owned();
        }
        let stands = match holder.leads_as() {
            // Two at once: Meetup does not show yet that this one is none any more.
            Some(Role::Organizer) => None,
            Some(role) => Some(format!("{} now", role_word(role))),
            None if holder.is_here => Some("a member still".to_owned()),
            None => Some("has left the group".to_owned()),
        };
        let parts: Vec<String> = stands
            .into_iter()
            .chain([lately(group, &holder.person, today)])
            .collect();
        format!("{} ({})", name(&holder.person), parts.join(", "))
    });
    told.collect::<Vec<_>>().join(" and ")
}

/// When somebody was seen and hosted last, as far as the mirror knows.
fn lately(group: &Watched, person: &Leader, today: NaiveDate) -> String {
    let day = |at: DateTime<Utc>| local_day(group.clock.at(at).date_naive(), today);
    let seen = match person.last_seen_at {
        Some(at) => format!("last seen on {}", day(at)),
        None => "never seen here".to_owned(),
    };
    match person.last_hosted_at {
        Some(at) => format!("{seen}, last hosted on {}", day(at)),
        None => format!("{seen}, has never hosted here"),
    }
}

/// Whoever could be asked to lead a group.
fn could_lead(group: &Watched, now: DateTime<Utc>) -> Vec<Leader> {
    if group.leaders.is_empty() {
        hosts_here(group, now)
    } else {
        group.leaders.clone()
    }
}
