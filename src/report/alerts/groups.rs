//! Groups looked at one by one: what to remember, what to tell.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};

use super::account::{OfAccount, sort_out};
use super::memory::Reading;
use super::readings::{event, history, looks};
use super::renamed::{is_to_be_noted, renamed};
use super::roles::{self, News};
use super::sentences::{Told, tell};
use super::{Decision, Subject, Tiding};
use crate::community::{Alert, AlertKey, AlertKind, AlertStep, Contact, GoneWhy, GroupId};
use crate::metrics::{Soon, Watched};

/// What is asked of the groups.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// Now.
    pub now: DateTime<Utc>,
    /// Today by the schedule's zone: mutes end by it.
    pub today: NaiveDate,
    /// The kinds that are on.
    pub kinds: &'a [AlertKind],
    /// The memory of contact, for its mutes.
    pub contacts: &'a [Contact],
    /// Urlnames of groups that were not read, or whose roster was refused.
    pub unread: &'a HashSet<String>,
}

/// Decides what to remember and what to tell of these groups.
pub fn decide(groups: &[Watched], before: &[Alert], ask: Ask<'_>) -> Decision {
    let mut remembered: HashMap<&GroupId, Vec<&Alert>> = HashMap::new();
    for alert in before {
        if let Some(group) = alert.key.group() {
            remembered.entry(group).or_default().push(alert);
        }
    }
    let muted: HashMap<&GroupId, &Contact> =
        ask.contacts.iter().map(|it| (&it.group, it)).collect();
    let mut decision = Decision::default();
    let mut of_account = Vec::new();
    for group in groups {
        let mine = remembered.remove(&group.id).unwrap_or_default();
        let contact = muted.get(&group.id).copied();
        one(group, &mine, contact, ask, &mut decision, &mut of_account);
    }
    let (tidings, account) = sort_out(of_account);
    decision.tidings.extend(tidings);
    decision.account = account;
    decision
        .tidings
        .sort_by(|a, b| (a.kind, &a.group.urlname).cmp(&(b.kind, &b.group.urlname)));
    decision
}

/// Whether a group, as far as it may be looked at, was never looked at with the history it has now.
pub fn is_first_look(group: &Watched, before: &[Alert]) -> bool {
    history(group).is_some_and(|now| {
        let same = |alert: &Alert| alert.key == now.key && alert.since == now.since;
        !group.is_gone && !before.iter().any(same)
    })
}

fn one(
    group: &Watched,
    mine: &[&Alert],
    contact: Option<&Contact>,
    ask: Ask<'_>,
    out: &mut Decision,
    of_account: &mut Vec<OfAccount>,
) {
    if group.is_gone && group.gone_why == Some(GoneWhy::NotConfigured) {
        // Whoever took it out of the configuration knows.
        out.forget
            .extend(mine.iter().map(|alert| alert.key.clone()));
        return;
    }
    let history = history(group);
    let read = |alert: &&&Alert| matches!(alert.key, AlertKey::History(_));
    let read_before = mine.iter().find(read);
    let is_known = if group.is_gone {
        read_before.is_some()
    } else {
        history.is_some() && !ask.unread.contains(&group.urlname)
    };
    if !is_known {
        return;
    }
    // States from another history are not compared with these.
    let is_first = !group.is_gone
        && read_before.map(|alert| alert.since) != history.as_ref().map(|now| now.since);
    if is_first {
        out.remember.extend(history);
    }
    let before = |key: &AlertKey| {
        let found = mine.iter().find(|alert| alert.key == *key);
        found.filter(|_| !is_first).copied()
    };
    let is_muted =
        |kind: AlertKind| contact.is_some_and(|contact| contact.is_muted(kind, ask.today));
    let told = |key: &AlertKey| before(key).and_then(|alert| alert.told_at);
    let mut looked: HashSet<AlertKey> = HashSet::new();
    let mut take =
        |look: super::memory::Look, kind: AlertKind, soon: Option<&Soon>, is_time: bool| {
            let found = look.at(before(&look.key), ask.now);
            let tiding = found
                .worse
                .filter(|_| is_time && !is_muted(kind) && kind != AlertKind::Floor)
                .map(|step| tiding(group, kind, &look.key, step, soon, ask.now));
            if let Some(mut alert) = found.remember {
                if tiding.is_some() {
                    alert.told_at = Some(ask.now);
                }
                out.remember.push(alert);
            }
            out.tidings.extend(tiding);
            // Where it is not known yet, what was known of another history is forgotten all the same.
            if !is_first || look.reading != Reading::Unknown {
                looked.insert(look.key);
            }
        };
    for (kind, look) in looks(group, ask.kinds, ask.now, told) {
        take(look, kind, None, true);
    }
    if ask.kinds.contains(&AlertKind::CancelledSoon) && !group.is_gone {
        for soon in &group.soon {
            let (look, is_time) = event(group, soon, ask.now);
            take(look, AlertKind::CancelledSoon, Some(soon), is_time);
        }
    }
    if !group.is_gone {
        let news = if is_first {
            Vec::new()
        } else {
            news(group, ask)
        };
        for News {
            kind,
            sentence,
            people,
            account,
        } in news
        {
            let told = Told {
                sentence,
                event: None,
                people,
            };
            let tiding = (!is_muted(kind)).then(|| as_tiding(group, kind, told, ask.now));
            match account {
                None => out.tidings.extend(tiding),
                Some(leads) => of_account.push(OfAccount {
                    group: subject(group, ask.now),
                    leads,
                    tiding,
                }),
            }
        }
        note(group, out);
    }
    // What is not looked at any more: events long past, kinds that were switched off.
    let stale = mine
        .iter()
        .filter(|alert| !read(alert) && !looked.contains(&alert.key));
    out.forget.extend(stale.map(|alert| alert.key.clone()));
}

fn tiding(
    group: &Watched,
    kind: AlertKind,
    key: &AlertKey,
    step: AlertStep,
    soon: Option<&Soon>,
    now: DateTime<Utc>,
) -> Tiding {
    let today = group.clock.at(now).date_naive();
    as_tiding(
        group,
        kind,
        tell(group, kind, key, step, soon, now, today),
        now,
    )
}

/// What the logs tell of a group, of the kinds that are on.
fn news(group: &Watched, ask: Ask<'_>) -> Vec<News> {
    let today = group.clock.at(ask.now).date_naive();
    let mut news = roles::news(group, ask.now, today);
    news.extend(renamed(group).map(|sentence| News {
        kind: AlertKind::Renamed,
        sentence,
        people: group.leaders.clone(),
        account: None,
    }));
    news.retain(|it| ask.kinds.contains(&it.kind));
    news
}

/// Whatever the logs tell of a group is looked at now, told or not.
fn note(group: &Watched, out: &mut Decision) {
    let lines = group.role_changes.iter().filter(|line| line.is_new);
    out.lines.extend(lines.map(|line| line.line));
    if is_to_be_noted(group) {
        let names = (group.id.clone(), group.name.clone(), group.urlname.clone());
        out.names.push(names);
    }
}

fn subject(group: &Watched, now: DateTime<Utc>) -> Subject {
    Subject {
        id: group.id.clone(),
        urlname: group.urlname.clone(),
        name: group.name.clone(),
        link: group.link.clone(),
        country: group.country.clone(),
        timezone: group.timezone.clone(),
        today: group.clock.at(now).date_naive(),
    }
}

fn as_tiding(group: &Watched, kind: AlertKind, told: Told, now: DateTime<Utc>) -> Tiding {
    Tiding {
        kind,
        group: subject(group, now),
        noticed_at: now,
        sentence: told.sentence,
        event: told.event,
        people: told.people,
    }
}
