//! The daemon's own trouble, for whoever runs it.
//!
//! | kind | told when | clear again |
//! |---|---|---|
//! | `no_good_pass` | the last good pass is a day old, one failed since or hangs, and nothing is said to be stale | with the next good pass |
//! | `sign_in` | the last pass found that a person must sign in | an hour after a good pass |
//! | `drift` | Meetup's API differs from what gatherd asks of it | a day without a finding |
//! | `refused_roster` | a roster shrank too much to be believed, by scope | with the next pass that does not say so |
//! | `stale_data` | a network, a configured group or a tenth of the groups was never read, or not for a day; told with the pass that failed where all of them do | with the next pass that reads it |
//! | `dead_delivery` | the latest message to a channel was given up, by channel; never told to that channel itself | once a later one may still arrive, or that one was dropped |
//! | `old_backup` | two backups that `[backup]` asks for were missed | with the next one |
//!
//! `admin_roles` comes from the groups' own news: see `account.rs`.
//!
//! Other than with groups, trouble that is there at the first look is told: nobody knows of it yet.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};

use super::memory::{Look, Reading, Steps};
use crate::community::{Alert, AlertKey, AlertStep, Scope, TroubleKind, shown};
use crate::report::message::{Entry, Line, Message, Section};
use crate::report::words::count;

const WELL: Steps = &[AlertStep::Well, AlertStep::Trouble];

const NO_GOOD_PASS: TroubleKind = TroubleKind::NoGoodPass;
const SIGN_IN: TroubleKind = TroubleKind::SignIn;
const DRIFT: TroubleKind = TroubleKind::Drift;
const REFUSED: TroubleKind = TroubleKind::RefusedRoster;
const OLD_BACKUP: TroubleKind = TroubleKind::OldBackup;
const STALE: TroubleKind = TroubleKind::StaleData;
/// Messages to a channel were given up; it is not told to that channel.
pub const DEAD: TroubleKind = TroubleKind::DeadDelivery;

/// How the daemon fares.
#[derive(Debug, Clone, Default)]
pub struct Health {
    /// When the last good pass ended.
    pub last_good_at: Option<DateTime<Utc>>,
    /// When the first pass of all began.
    pub first_pass_at: Option<DateTime<Utc>>,
    /// When the last pass that failed ended.
    pub failed_at: Option<DateTime<Utc>>,
    /// Since when a pass is under way.
    pub running_since: Option<DateTime<Utc>>,
    /// What the last pass said of the sign-in, if that is what it lacks.
    pub sign_in: Option<String>,
    /// What is refused for having shrunk too much, scope and message.
    pub refused: Vec<(Scope, String)>,
    /// What was not read for too long: what it is, and the sentence that says so.
    pub stale: Vec<(String, String)>,
    /// Messages given up, by channel.
    pub dead: Vec<(String, i64)>,
    /// What differs in Meetup's API; none: not looked at.
    pub drift: Option<Vec<String>>,
    /// That no backup was made for too long, in a sentence without its full stop.
    pub old_backup: Option<String>,
}

/// One trouble to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// What it is.
    pub kind: TroubleKind,
    /// A scope or a channel, where there may be several.
    pub about: Option<String>,
    /// What is wrong.
    pub sentence: String,
    /// What to do.
    pub remedy: String,
}

/// Decides what to remember and what to tell. `patience` is how old the last good pass may be.
pub fn operator(
    health: &Health,
    before: &[Alert],
    now: DateTime<Utc>,
    patience: TimeDelta,
) -> (Vec<Alert>, Vec<AlertKey>, Vec<Trouble>) {
    let mut looks: Vec<(Look, Trouble)> = vec![
        no_good_pass(health, now, patience),
        sign_in(health),
        drift(health),
    ];
    let of_rosters = health.refused.iter();
    looks.extend(of_rosters.map(|(scope, said)| refused(scope, said)));
    looks.extend(health.stale.iter().map(|(about, said)| stale(about, said)));
    looks.extend(
        health
            .dead
            .iter()
            .map(|(channel, count)| dead(channel, *count)),
    );
    looks.extend(health.old_backup.iter().map(|said| old_backup(said)));
    let (mut remember, mut told) = (Vec::new(), Vec::new());
    for (look, trouble) in &looks {
        let known = before.iter().find(|alert| alert.key == look.key);
        let found = look.at(known, now);
        if let Some(mut alert) = found.remember {
            if found.worse.is_some() {
                alert.told_at = Some(now);
            }
            remember.push(alert);
        }
        if found.worse.is_some() {
            told.push(trouble.clone());
        }
    }
    // A scope or a channel that is not named any more is well.
    let forget = before
        .iter()
        .filter(|alert| matches!(alert.key, AlertKey::Trouble(..)))
        .filter(|alert| looks.iter().all(|(look, _)| look.key != alert.key))
        .map(|alert| alert.key.clone())
        .collect();
    (remember, forget, told)
}

fn look(kind: TroubleKind, about: Option<&str>, reading: Reading, hold: TimeDelta) -> Look {
    Look {
        key: AlertKey::Trouble(kind, about.map(str::to_owned)),
        steps: WELL,
        reading,
        hold,
        is_news_at_first: true,
    }
}

fn no_good_pass(health: &Health, now: DateTime<Utc>, patience: TimeDelta) -> (Look, Trouble) {
    let since = health.last_good_at.or(health.first_pass_at);
    let is_old = since.is_some_and(|since| now - since >= patience);
    // A machine that slept has an old pass too: it must have tried, in vain.
    let failed = health
        .failed_at
        .filter(|at| health.last_good_at < Some(*at));
    let hangs = health.running_since.is_some_and(|at| now - at >= patience);
    let trouble = Trouble {
        kind: NO_GOOD_PASS,
        about: None,
        sentence: match health.last_good_at {
            Some(at) => format!(
                "No pass has read Meetup since {}.",
                at.format("%a %-d %b, %H:%M UTC")
            ),
            None => "No pass has read Meetup yet, and the first began a day ago.".to_owned(),
        },
        remedy: "See what failed with: gatherd status".to_owned(),
    };
    // What is stale says the same, and of what.
    let is_told_so = !health.stale.is_empty();
    let reading = Reading::from(is_old && !is_told_so && (failed.is_some() || hangs));
    (
        look(NO_GOOD_PASS, None, reading, TimeDelta::zero()),
        trouble,
    )
}

fn sign_in(health: &Health) -> (Look, Trouble) {
    let trouble = Trouble {
        kind: SIGN_IN,
        about: None,
        sentence: "Meetup does not accept the sign-in any more: a person must sign in.".to_owned(),
        remedy: match &health.sign_in {
            Some(said) => one_line(said),
            None => String::new(),
        },
    };
    let reading = Reading::from(health.sign_in.is_some());
    // A pass that failed otherwise says nothing of the sign-in.
    let reading = match (reading, health.failed_at) {
        (Reading::At(0), Some(failed)) if health.last_good_at < Some(failed) => Reading::Unknown,
        _ => reading,
    };
    (look(SIGN_IN, None, reading, TimeDelta::hours(1)), trouble)
}

fn drift(health: &Health) -> (Look, Trouble) {
    let (reading, said) = match health.drift.as_deref() {
        None => (Reading::Unknown, String::new()),
        Some([]) => (Reading::At(0), String::new()),
        Some(findings) => {
            let n = i64::try_from(findings.len()).unwrap_or(i64::MAX);
            let first = one_line(&findings[0]);
            let said = format!(
                "{}; the first: {first}",
                count(n, "difference", "differences")
            );
            (Reading::At(1), said)
        }
    };
    let trouble = Trouble {
        kind: DRIFT,
        about: None,
        sentence: format!("Meetup's API is not what gatherd asks of it any more: {said}."),
        remedy: "Look for a newer version of gatherd.".to_owned(),
    };
    (look(DRIFT, None, reading, TimeDelta::days(1)), trouble)
}

fn refused(scope: &Scope, said: &str) -> (Look, Trouble) {
    let accepts = match scope.name() {
        Some(name) => format!("--accept-shrink={}", shown(name)),
        None => "--accept-shrink".to_owned(),
    };
    let scope = scope.to_string();
    let trouble = Trouble {
        kind: REFUSED,
        about: Some(scope.clone()),
        sentence: format!("{scope}: {}.", said.lines().next().unwrap_or_default()),
        remedy: format!("If that is right, run: gatherd sync {accepts}"),
    };
    let look = look(REFUSED, Some(&scope), Reading::At(1), TimeDelta::zero());
    (look, trouble)
}

/// With a capital, and a full stop.
fn sentence(said: &str) -> String {
    let mut letters = said.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), letters.as_str())
}

fn old_backup(said: &str) -> (Look, Trouble) {
    let trouble = Trouble {
        kind: OLD_BACKUP,
        about: None,
        sentence: sentence(said),
        remedy: "See why in the log, or by hand with: gatherd backup and the folder's name"
            .to_owned(),
    };
    let look = look(OLD_BACKUP, None, Reading::At(1), TimeDelta::zero());
    (look, trouble)
}

fn stale(about: &str, said: &str) -> (Look, Trouble) {
    let trouble = Trouble {
        kind: STALE,
        about: Some(about.to_owned()),
        sentence: sentence(said),
        remedy: "See what fails with: gatherd status".to_owned(),
    };
    let look = look(STALE, Some(about), Reading::At(1), TimeDelta::zero());
    (look, trouble)
}

fn dead(channel: &str, messages: i64) -> (Look, Trouble) {
    let trouble = Trouble {
        kind: DEAD,
        about: Some(channel.to_owned()),
        sentence: format!(
            "{} to the channel {channel} could not be delivered and will not be tried again.",
            count(messages, "message", "messages")
        ),
        remedy: "See why with: gatherd deliveries list. Then: gatherd deliveries retry all"
            .to_owned(),
    };
    let look = look(DEAD, Some(channel), Reading::At(1), TimeDelta::zero());
    (look, trouble)
}

fn one_line(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        words.join(" ")
    });
    let lines: Vec<String> = lines.filter(|line| !line.is_empty()).collect();
    lines.join("; ")
}

/// All troubles as one message.
pub fn operator_message(troubles: &[&Trouble]) -> Message {
    let is_of_account = |it: &&Trouble| it.kind == TroubleKind::AdminRoles;
    let title = if troubles.iter().all(is_of_account) {
        "The network's own account".to_owned()
    } else {
        "gatherd needs a hand".to_owned()
    };
    let entries = troubles
        .iter()
        .map(|it| {
            Entry::of(vec![
                Line::default().bold(&it.sentence),
                Line::plain(&it.remedy),
            ])
        })
        .collect();
    let first = troubles.first().map_or("", |it| it.sentence.as_str());
    Message {
        fallback: format!("{title}. {first}"),
        title,
        sections: vec![Section {
            entries,
            ..Section::default()
        }],
        elsewhere: "gatherd status tells them all".to_owned(),
        footer: Vec::new(),
    }
}

/// The same for programs.
pub fn operator_document(
    troubles: &[&Trouble],
    now: DateTime<Utc>,
    read_at: Option<DateTime<Utc>>,
) -> Value {
    let at = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
    let alerts: Vec<Value> = troubles
        .iter()
        .map(|it| {
            json!({"kind": it.kind, "about": it.about, "sentence": it.sentence, "remedy": it.remedy,
                "noticed_at": at(now), "group": null, "event": null, "leaders": []})
        })
        .collect();
    json!({"schema_version": 1, "about": "operator", "generated_at": at(now), "last_pass_at": read_at.map(at), "alerts": alerts})
}
