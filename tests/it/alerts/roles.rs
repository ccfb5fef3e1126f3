//! Who leads a group, and what it is called: each sentence recomputed from what is known, and when none
//! is told.

use chrono::{DateTime, Duration, Utc};
use gatherd::community::{AlertKind, Role, TroubleKind};
use gatherd::metrics::{KeyHolder, NamesNoted, RoleChange, Watched};
use gatherd::report::alerts::{self, Tiding};

use super::diary::*;

const NONE: [&str; 0] = [];

/// Somebody as the mirror knows them: what they are now, seen and hosted so many days ago.
fn holder(name: &str, role: Role, seen: Option<i64>, hosted: Option<i64>) -> KeyHolder {
    let mut person = person(name);
    person.role = role;
    person.last_seen_at = seen.map(|days| start() - Duration::days(days));
    person.last_hosted_at = hosted.map(|days| start() - Duration::days(days));
    KeyHolder {
        person,
        is_here: true,
        is_admin: false,
    }
}

fn account(role: Role) -> KeyHolder {
    KeyHolder {
        is_admin: true,
        ..holder("Admin", role, Some(0), None)
    }
}

fn gone(holder: KeyHolder) -> KeyHolder {
    KeyHolder {
        is_here: false,
        ..holder
    }
}

/// A new line of the log.
fn line(line: i64, name: &str, old: Option<Role>, new: Option<Role>) -> RoleChange {
    RoleChange {
        line,
        member: name.to_lowercase(),
        old,
        new,
        noticed_at: start(),
        is_new: true,
    }
}

/// The same, looked at so many days before.
fn old(line: RoleChange, days: i64) -> RoleChange {
    RoleChange {
        noticed_at: start() - Duration::days(days),
        is_new: false,
        ..line
    }
}

const ORG: Option<Role> = Some(Role::Organizer);
const CO: Option<Role> = Some(Role::Coorganizer);

/// Berlin, whose people and lines are these.
fn berlin(holders: Vec<KeyHolder>, lines: Vec<RoleChange>) -> Watched {
    let mut berlin = group("berlin");
    berlin.key_holders = holders;
    berlin.role_changes = lines;
    berlin
}

fn look(group: &Watched) -> Vec<Tiding> {
    Diary::knowing(&[super::diary::group(&group.urlname)]).look(std::slice::from_ref(group))
}

/// What is told of it: kinds, sentences, and whom to write to.
fn told(group: &Watched) -> Vec<String> {
    let line = |it: &Tiding| {
        let people: Vec<&str> = it
            .people
            .iter()
            .filter_map(|it| it.name.as_deref())
            .collect();
        format!("{}: {} → {}", it.kind, it.sentence, people.join(", "))
    };
    look(group).iter().map(line).collect()
}

/// The day so many days before the look, as it is written.
fn day(days: i64) -> String {
    let at: DateTime<Utc> = start() - Duration::days(days);
    at.format("%-d %b").to_string()
}

#[test]
fn a_dormant_co_organizer_who_takes_a_group_over_is_told_with_who_had_it() {
    let berlin = berlin(
        vec![
            holder("Ana", Role::Member, Some(40), Some(70)),
            holder("Ben", Role::Organizer, None, None),
        ],
        vec![line(1, "Ben", CO, ORG), line(2, "Ana", ORG, None)],
    );
    assert_eq!(
        told(&berlin),
        [format!(
            "organizer_changed: Ben is its organizer now (co-organizer before, never seen here, has never hosted here). \
             Before, it was Ana (a member still, last seen on {}, last hosted on {}). \
             If that was not agreed, write to Ben and Ana today: whoever accepts Meetup's mail to step up has the group. \
             → Ben, Ana",
            day(40),
            day(70)
        )]
    );
}

#[test]
fn an_organizer_who_left_is_told_as_gone_and_not_as_somebody_to_write_to() {
    let berlin = berlin(
        vec![
            gone(holder("Ana", Role::Organizer, Some(3), None)),
            holder("Cara", Role::Organizer, Some(1), Some(10)),
        ],
        vec![line(1, "Cara", None, ORG), line(2, "Ana", ORG, None)],
    );
    assert_eq!(
        told(&berlin),
        [format!(
            "organizer_changed: Cara is its organizer now (without a role before, last seen on {}, last hosted on {}). \
             Before, it was Ana (has left the group, last seen on {}, has never hosted here). \
             If that was not agreed, write to Cara today: whoever accepts Meetup's mail to step up has the group. → Cara",
            day(1),
            day(10),
            day(3)
        )]
    );
}

#[test]
fn an_organizer_who_steps_down_to_co_organizer_is_no_new_leader() {
    let berlin = berlin(
        vec![
            holder("Ana", Role::Coorganizer, Some(2), None),
            holder("Ben", Role::Organizer, Some(2), None),
        ],
        vec![line(1, "Ben", CO, ORG), line(2, "Ana", ORG, CO)],
    );
    let told = told(&berlin);
    assert_eq!(told.len(), 1);
    assert!(
        told[0].contains("Before, it was Ana (co-organizer now, last seen on"),
        "{told:?}"
    );
}

#[test]
fn where_the_one_before_is_still_shown_as_organizer_nothing_is_said_of_what_became_of_them() {
    let holders = || {
        vec![
            holder("Ana", Role::Organizer, Some(5), None),
            holder("Ben", Role::Organizer, Some(2), None),
        ]
    };
    let first = berlin(holders(), vec![line(1, "Ben", CO, ORG)]);
    let sentences = told(&first);
    assert!(
        sentences[0].contains(&format!(
            "Before, it was Ana (last seen on {}, has never",
            day(5)
        )),
        "{sentences:?}"
    );
    // The next pass finds that Ana is none any more: that was told.
    let mut holders = holders();
    holders[0] = gone(holders[0].clone());
    let lines = vec![old(line(1, "Ben", CO, ORG), 1), line(2, "Ana", ORG, None)];
    assert_eq!(told(&berlin(holders, lines)), NONE);
}

#[test]
fn nobody_being_organizer_is_told_while_others_lead_and_is_leaderless_where_nobody_does() {
    let mut berlin = berlin(
        vec![gone(holder("Dan", Role::Organizer, Some(9), None))],
        vec![line(1, "Dan", ORG, None)],
    );
    assert_eq!(
        told(&berlin),
        [format!(
            "organizer_changed: Nobody is its organizer any more. \
             Before, it was Dan (has left the group, last seen on {}, has never hosted here). \
             Ask its other leaders today which of them takes it on: whoever accepts Meetup's mail to step up has the group. → Ana",
            day(9)
        )]
    );
    berlin.leaders.clear();
    let kinds: Vec<AlertKind> = look(&berlin).iter().map(|it| it.kind).collect();
    assert_eq!(kinds, [AlertKind::Leaderless]);
}

#[test]
fn an_organizer_after_a_time_without_is_told_with_the_last_one_there_was() {
    let holders = || {
        vec![
            gone(holder("Dan", Role::Organizer, Some(20), None)),
            holder("Ben", Role::Organizer, Some(1), None),
        ]
    };
    let lost = old(line(1, "Dan", ORG, None), 9);
    let sentences = told(&berlin(holders(), vec![lost, line(2, "Ben", CO, ORG)]));
    assert!(
        sentences[0].contains("Before, it was Dan (has left the group, last seen on"),
        "{sentences:?}"
    );
    let unknown = berlin(holders()[1..].to_vec(), vec![line(2, "Ben", CO, ORG)]);
    let sentences = told(&unknown);
    assert!(
        sentences[0].contains(". Who it was before is not known. If"),
        "{sentences:?}"
    );
}

#[test]
fn whoever_has_it_back_within_three_days_is_no_news() {
    let holders = || vec![holder("Ana", Role::Organizer, Some(1), None)];
    let back = |days| {
        let lost = old(line(1, "Ana", ORG, None), days);
        told(&berlin(holders(), vec![lost, line(2, "Ana", None, ORG)])).len()
    };
    assert_eq!((back(2), back(3)), (0, 1));
    // Within one look: nothing was ever seen to change.
    let lines = vec![line(1, "Ana", ORG, None), line(2, "Ana", None, ORG)];
    assert_eq!(told(&berlin(holders(), lines)), NONE);
    // Another had it meanwhile, and that was told.
    let holders = vec![
        holder("Ana", Role::Organizer, Some(1), None),
        holder("Ben", Role::Coorganizer, Some(1), None),
    ];
    let lines = vec![
        old(line(1, "Ben", CO, ORG), 1),
        old(line(2, "Ana", ORG, None), 1),
        line(3, "Ana", None, ORG),
        line(4, "Ben", ORG, CO),
    ];
    assert_eq!(told(&berlin(holders, lines)).len(), 1);
}

#[test]
fn somebody_who_got_another_leading_role_is_told_and_the_leaders_are_asked_first() {
    let berlin = berlin(
        vec![holder("Cara", Role::Coorganizer, Some(4), None)],
        vec![line(1, "Cara", None, CO)],
    );
    let sentence = format!(
        "new_leader: Cara is co-organizer now (without a role before, last seen on {}, has never hosted here). \
         If that was not agreed, ask its organizer: whoever leads it may be asked by Meetup to take it over. → Ana",
        day(4)
    );
    assert_eq!(told(&berlin), [sentence]);
    let mut two = berlin;
    two.key_holders
        .push(holder("Dan", Role::EventOrganizer, None, Some(30)));
    two.role_changes
        .push(line(2, "Dan", CO, Some(Role::EventOrganizer)));
    let sentences = told(&two);
    assert!(
        sentences[0].contains(
            "; Dan is event organizer now (co-organizer before, never seen here, last hosted on"
        ),
        "{sentences:?}"
    );
}

#[test]
fn losing_a_role_is_no_news_and_getting_it_back_within_three_days_neither() {
    let holders = vec![holder("Cara", Role::Coorganizer, Some(4), None)];
    let lost = line(1, "Cara", CO, None);
    assert_eq!(told(&berlin(holders.clone(), vec![lost.clone()])), NONE);
    let back = |days| vec![old(lost.clone(), days), line(2, "Cara", None, CO)];
    assert_eq!(told(&berlin(holders.clone(), back(2))), NONE);
    assert_eq!(told(&berlin(holders, back(3))).len(), 1);
}

#[test]
fn the_networks_own_account_is_not_named_and_nobody_is_asked_to_write_to_it() {
    let mut to = berlin(
        vec![
            account(Role::Organizer),
            gone(holder("Dan", Role::Organizer, Some(9), None)),
        ],
        vec![line(1, "Admin", CO, ORG), line(2, "Dan", ORG, None)],
    );
    assert_eq!(
        told(&to),
        [format!(
            "organizer_changed: The network's own account is its organizer now. \
             Before, it was Dan (has left the group, last seen on {}, has never hosted here). \
             Ask who of its leaders and hosts would take it on. → Ana",
            day(9)
        )]
    );
    // Where nobody leads it, who hosted lately.
    to.leaders.clear();
    let people: Vec<String> = look(&to)
        .iter()
        .filter(|it| it.kind == AlertKind::OrganizerChanged)
        .flat_map(|it| it.people.iter().filter_map(|it| it.name.clone()))
        .collect();
    assert_eq!(people, ["Ben"]);
    let from = berlin(
        vec![
            account(Role::Coorganizer),
            holder("Ben", Role::Organizer, None, None),
        ],
        vec![line(1, "Ben", CO, ORG), line(2, "Admin", ORG, CO)],
    );
    let sentences = told(&from);
    assert!(
        sentences[0].contains(
            "Before, it was the network's own account. If that was not agreed, write to Ben today"
        ),
        "{sentences:?}"
    );
    assert!(sentences[0].ends_with("→ Ben"), "{sentences:?}");
}

fn taken_over(urlname: &str) -> Watched {
    Watched {
        key_holders: vec![
            account(Role::Organizer),
            holder("Dan", Role::Member, None, None),
        ],
        role_changes: vec![line(1, "Admin", None, ORG), line(2, "Dan", ORG, None)],
        ..group(urlname)
    }
}

#[test]
fn the_networks_own_account_in_four_groups_is_one_message_to_the_operator() {
    let names = ["a", "b", "c", "d", "e"];
    let before: Vec<Watched> = names.iter().map(|name| group(name)).collect();
    let mut now: Vec<Watched> = names.iter().map(|name| taken_over(name)).collect();
    now[4].key_holders = vec![
        account(Role::Member),
        holder("Ben", Role::Organizer, None, None),
    ];
    now[4].role_changes = vec![line(1, "Ben", CO, ORG), line(2, "Admin", ORG, None)];
    let decide = |groups: &[Watched], muted: Option<&str>| {
        let mut diary = Diary::knowing(&before);
        if let Some(urlname) = muted {
            diary.mute(urlname, None, None);
        }
        diary.decide(groups)
    };
    let three = decide(&now[..3], None);
    assert_eq!((three.tidings.len(), three.account), (3, None));
    let all = decide(&now, None);
    assert_eq!(all.tidings, []);
    let trouble = all.account.unwrap();
    assert_eq!(trouble.kind, TroubleKind::AdminRoles);
    assert_eq!(
        trouble.sentence,
        "The network's own account came to lead 4 groups (ACME a, ACME b, ACME c, ACME d), \
         and it is no longer organizer of 1 group (ACME e)."
    );
    assert_eq!(
        alerts::operator_message(&[&trouble]).title,
        "The network's own account"
    );
    // A mute is of alerts about the group; this is about the account.
    assert!(decide(&now, Some("a")).account.is_some());
    // What is told of such a group besides is told still.
    now[0]
        .key_holders
        .push(holder("Cara", Role::Coorganizer, None, None));
    now[0].role_changes.push(line(3, "Cara", None, CO));
    let kinds: Vec<AlertKind> = decide(&now, None)
        .tidings
        .iter()
        .map(|it| it.kind)
        .collect();
    assert_eq!(kinds, [AlertKind::NewLeader]);
    // Nobody wants to hear of it.
    let mut diary = Diary::knowing(&before);
    diary.kinds.retain(|kind| *kind == AlertKind::Leaderless);
    assert_eq!(diary.decide(&now).account, None);
}

fn called(name: &str, urlname: &str) -> Option<NamesNoted> {
    Some(NamesNoted {
        name: name.to_owned(),
        urlname: urlname.to_owned(),
    })
}

#[test]
fn another_name_and_another_address_are_told_with_the_old_ones() {
    let mut berlin = group("berlin");
    berlin.noted = called("ACME berlin", "berlin");
    assert_eq!(told(&berlin), NONE);
    berlin.noted = called("Berlin Users", "berlin");
    assert_eq!(
        told(&berlin),
        [
            "renamed: It is called ACME berlin now; before, it was Berlin Users. If that was not agreed, ask its organizer. → Ana"
        ]
    );
    berlin.noted = called("Berlin Users", "berlin-users");
    assert_eq!(
        told(&berlin),
        [
            "renamed: It is called ACME berlin now; before, it was Berlin Users. \
          Its address ends in berlin now; before, it was berlin-users. \
          Put the new one wherever the old one stands: links, posters, gatherd.toml. \
          If that was not agreed, ask its organizer. → Ana"
        ]
    );
}

#[test]
fn what_is_new_at_the_first_look_is_noted_and_not_told() {
    let mut berlin = taken_over("berlin");
    berlin.noted = called("Old", "old");
    let mut diary = Diary::new();
    let decision = diary.decide(std::slice::from_ref(&berlin));
    assert_eq!(decision.tidings, []);
    assert_eq!(decision.lines, [1, 2]);
    assert_eq!(decision.names.len(), 1);
    // One that was never noted is noted; one that is as it was is left alone.
    berlin.noted = None;
    assert_eq!(diary.decide(&[berlin.clone()]).names.len(), 1);
    berlin.noted = called("ACME berlin", "berlin");
    berlin.role_changes = vec![old(line(1, "Admin", None, ORG), 1)];
    let decision = diary.decide(&[berlin]);
    assert!(decision.lines.is_empty() && decision.names.is_empty());
}

#[test]
fn what_cannot_be_believed_waits_and_what_is_muted_does_not() {
    let berlin = taken_over("berlin");
    let mut diary = Diary::knowing(&[group("berlin")]);
    diary.unread.insert("berlin".to_owned());
    let decision = diary.decide(std::slice::from_ref(&berlin));
    assert_eq!((decision.tidings, decision.lines), (vec![], vec![]));
    diary.unread.clear();
    diary.mute("berlin", Some("organizer_changed"), None);
    let decision = diary.decide(std::slice::from_ref(&berlin));
    assert_eq!((decision.tidings, decision.lines), (vec![], vec![1, 2]));
    // Of a group that has left, it waits until it is back, as everything does.
    let left = Watched {
        is_gone: true,
        ..berlin
    };
    assert_eq!(diary.decide(&[left]).lines, Vec::<i64>::new());
}

#[test]
fn what_is_kept_of_an_alert_names_nobody() {
    let tidings = look(&taken_over("berlin"));
    let all: Vec<&Tiding> = tidings.iter().collect();
    let kept = alerts::kept_document(&all, start(), None);
    assert!(kept["alerts"][0]["sentence"].is_null());
    assert!(!kept.to_string().contains("Dan"), "{kept}");
    let sent = alerts::document(&all, start(), None);
    assert!(
        sent["alerts"][0]["sentence"]
            .as_str()
            .unwrap()
            .contains("Dan")
    );
}
