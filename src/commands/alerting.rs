//! Alerts after a pass: facts are read, the decision is made as data, and what to remember is kept in
//! the transaction that files what to tell. So a kill repeats nothing and loses nothing.

use super::{composing, contact, post::Post, troubles};
use crate::{
    community::{Alert, Contact},
    config::{Channel, Config, Sends},
    deliver::Letter,
    metrics::{self, Status, Watched},
    mirror::{
        self, DeliveryKind, Mirror, MirrorError, NewDelivery, NewReport, PassOutcome, Writing,
    },
    report::{
        alerts::{self, Ask, Kind, Tiding},
        message::Message,
    },
};
use anyhow::Result;
use chrono::{DateTime, Duration, NaiveDate, SecondsFormat, SubsecRound, Utc};
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// However quiet it is, groups are looked at so often: days end, and what is better becomes well.
const AT_LEAST: Duration = Duration::hours(1);
/// How often the daemon's own trouble is looked at.
const OPERATOR: Duration = Duration::seconds(5);
/// The firing that says when groups were looked at last.
const LOOK: &str = "alerts";
/// Passes looked through for the last that ended.
const RECENT: usize = 50;

/// When was looked last, so that nothing is done where nothing changed.
pub(super) struct Watch {
    began_at: DateTime<Utc>,
    groups_at: Option<(u64, DateTime<Utc>)>,
    first_looks_not_before: DateTime<Utc>,
    operator_at: Option<DateTime<Utc>>,
}

impl Watch {
    pub(super) fn new() -> Self {
        Self {
            began_at: Utc::now(),
            groups_at: None,
            first_looks_not_before: DateTime::UNIX_EPOCH,
            operator_at: None,
        }
    }

    /// Looks at the groups after a pass, unless no row changed since the last look.
    pub(super) fn groups(&mut self, config: &Config, database: &Mirror, office: &Post) {
        let (rows, now) = (database.rows_changed(), Utc::now());
        let is_fresh = self
            .groups_at
            .is_some_and(|(seen, at)| seen == rows && now - at < AT_LEAST && now >= at);
        if is_fresh {
            return;
        }
        match groups(config, database, office, now) {
            Ok(()) => self.groups_at = Some((rows, now)),
            Err(error) => tracing::error!("alerts, looked at again after the next pass: {error:#}"),
        }
    }

    /// Looks at groups whose history was just read, between passes.
    pub(super) fn first_looks(&mut self, config: &Config, database: &Mirror) {
        let now = Utc::now();
        if now < self.first_looks_not_before {
            return;
        }
        // Where groups cannot be looked at, asking again at once would only cost.
        let wait = match first_looks(config, database, now) {
            Ok(true) => Duration::seconds(1),
            Ok(false) => Duration::minutes(1),
            Err(error) => {
                tracing::error!("alerts, looked at again after the next pass: {error:#}");
                Duration::minutes(1)
            }
        };
        self.first_looks_not_before = now + wait;
    }

    /// Looks at the daemon's own trouble, every few seconds.
    pub(super) fn operator(&mut self, config: &Config, database: &Mirror, office: &Post) {
        let now = Utc::now();
        let is_fresh = self
            .operator_at
            .is_some_and(|at| now - at < OPERATOR && now >= at);
        if is_fresh {
            return;
        }
        self.operator_at = Some(now);
        if let Err(error) = troubles::operator(config, database, office, now, Some(self.began_at)) {
            tracing::error!("the daemon's own trouble could not be looked at: {error:#}");
        }
    }
}

/// What a look at the groups rests on.
struct Facts {
    groups: Vec<Watched>,
    contacts: Vec<Contact>,
    unread: HashSet<String>,
    read_at: Option<DateTime<Utc>>,
    kinds: Vec<Kind>,
    today: NaiveDate,
}

impl Facts {
    fn read(
        conn: &rusqlite::Connection,
        config: &Config,
        now: DateTime<Utc>,
    ) -> Result<Self, MirrorError> {
        let kinds: Vec<Kind> = config
            .alerts
            .iter()
            .filter_map(|alert| Kind::parse(alert.as_str()))
            .collect();
        let staff = config.staff.as_deref().unwrap_or_default();
        let mut groups = metrics::watch(conn, now, staff)?;
        if kinds.contains(&Kind::Overdue) {
            know_pauses(conn, &mut groups, &composing::settings(config, now, now))?;
        }
        let fresh = composing::freshness(conn)?;
        Ok(Self {
            groups,
            contacts: mirror::contacts(conn)?,
            unread: fresh.unread_groups.into_iter().collect(),
            read_at: fresh.last_pass_at,
            kinds,
            today: contact::today(config),
        })
    }

    fn ask(&self, now: DateTime<Utc>) -> Ask<'_> {
        Ask {
            now,
            today: self.today,
            kinds: &self.kinds,
            contacts: &self.contacts,
            unread: &self.unread,
        }
    }
}

/// Whether there is a reason to look at the groups, for whoever did not see them change: a pass that
/// changed rows or was cut short since the last look, or that the last look is an hour old.
pub(super) fn is_due(database: &Mirror, now: DateTime<Utc>) -> Result<bool> {
    Ok(database.read(|conn| {
        let Some(looked_at) = mirror::firing(conn, LOOK)? else {
            return Ok(true);
        };
        let since = |pass: &mirror::Pass| pass.finished_at.is_none_or(|at| at >= looked_at);
        let is_news = mirror::recent_passes(conn, RECENT)?.iter().any(|pass| {
            since(pass) && (pass.rows_changed > 0 || pass.outcome != Some(PassOutcome::Done))
        });
        let age = now.timestamp() - looked_at;
        Ok(is_news || !(0..AT_LEAST.num_seconds()).contains(&age))
    })?)
}

/// Looks at every group, and files what is to be told.
pub(super) fn groups(
    config: &Config,
    database: &Mirror,
    office: &Post,
    now: DateTime<Utc>,
) -> Result<()> {
    let now = now.trunc_subsecs(0);
    let facts = database.read(|conn| {
        let passes = mirror::recent_passes(conn, RECENT)?;
        let ended = passes.into_iter().find_map(|pass| pass.outcome);
        // A pass that read nothing is no reason to look.
        if !matches!(ended, Some(PassOutcome::Done | PassOutcome::Partly)) {
            return Ok(None);
        }
        Facts::read(conn, config, now).map(Some)
    })?;
    let Some(facts) = facts else {
        return Ok(());
    };
    let told = database.write(now, |w| {
        let decision = alerts::decide(&facts.groups, &mirror::alerts(w)?, facts.ask(now));
        keep(w, &decision.remember, &decision.forget)?;
        w.served(LOOK, now)?;
        file_tidings(w, config, office, &decision.tidings, now, facts.read_at)?;
        Ok(decision.tidings.len())
    })?;
    if told > 0 {
        tracing::info!(alerts = told, "alerts filed");
    }
    Ok(())
}

/// Looks at groups that were never looked at with the history they have now, which tells nothing: what
/// changes from here on is news. False: there are such groups, and none of them can be looked at yet.
pub(super) fn first_looks(config: &Config, database: &Mirror, now: DateTime<Utc>) -> Result<bool> {
    let now = now.trunc_subsecs(0);
    let facts = database.read(|conn| {
        Ok(if mirror::has_unlooked(conn, alerts::READ)? {
            Some(Facts::read(conn, config, now)?)
        } else {
            None
        })
    })?;
    let Some(facts) = facts else {
        return Ok(true);
    };
    let looked = database.write(now, |w| {
        let before = mirror::alerts(w)?;
        let mut groups = facts.groups.clone();
        groups.retain(|group| alerts::is_first_look(group, &before));
        let decision = alerts::decide(&groups, &before, facts.ask(now));
        keep(w, &decision.remember, &decision.forget)?;
        Ok(!decision.remember.is_empty())
    })?;
    Ok(looked)
}

pub(super) fn keep(
    w: &Writing<'_>,
    remember: &[Alert],
    forget: &[String],
) -> Result<(), MirrorError> {
    remember
        .iter()
        .try_for_each(|alert| w.remember_alert(alert))?;
    forget.iter().try_for_each(|key| w.forget_alert(key))
}

/// Whose pause is longer than usual takes a measurement, so only where that is asked for.
fn know_pauses(
    conn: &rusqlite::Connection,
    groups: &mut [Watched],
    settings: &metrics::Settings,
) -> Result<(), MirrorError> {
    let measured = metrics::measure(conn, settings)?;
    let overdue: HashMap<String, bool> = measured
        .groups
        .into_iter()
        .filter_map(|group| Some((group.id, group.status? == Status::Overdue)))
        .collect();
    for group in groups {
        group.is_overdue = overdue.get(group.id.as_str()).copied();
    }
    Ok(())
}

fn file_tidings(
    w: &Writing<'_>,
    config: &Config,
    office: &Post,
    tidings: &[Tiding],
    now: DateTime<Utc>,
    read_at: Option<DateTime<Utc>>,
) -> Result<(), MirrorError> {
    let Some(first) = tidings.first() else {
        return Ok(());
    };
    let all: Vec<&Tiding> = tidings.iter().collect();
    let about = format!("{} {}", first.kind.as_str(), first.group.urlname);
    let addressed = addressees(config, Sends::Alerts).filter_map(|channel| {
        let reached: Vec<&Tiding> = tidings
            .iter()
            .filter(|it| {
                let (country, timezone) =
                    (it.group.country.as_deref(), it.group.timezone.as_deref());
                composing::reaches(channel, &it.group.urlname, country, timezone)
            })
            .collect();
        (!reached.is_empty()).then(|| {
            let message = alerts::message(&reached, read_at);
            (channel, message, alerts::document(&reached, now, read_at))
        })
    });
    let document = alerts::document(&all, now, read_at);
    file(w, office, &about, all.len(), now, &document, addressed)
}

pub(super) fn addressees(config: &Config, what: Sends) -> impl Iterator<Item = &Channel> {
    let channels = config.channels.iter();
    channels.filter(move |channel| channel.sends.contains(&what))
}

/// Files one report, whose period is the transition, with a message to each channel it concerns.
pub(super) fn file<'a>(
    w: &Writing<'_>,
    office: &Post,
    about: &str,
    changes: usize,
    now: DateTime<Utc>,
    document: &Value,
    addressed: impl Iterator<Item = (&'a Channel, Message, Value)>,
) -> Result<(), MirrorError> {
    let at = now.to_rfc3339_opts(SecondsFormat::Secs, true);
    let more = match changes {
        0 | 1 => String::new(),
        n => format!(" and {} more", n - 1),
    };
    let mut deliveries = Vec::new();
    for (channel, message, document) in addressed {
        let letter = Letter {
            kind: DeliveryKind::Alert,
            at: now,
            message: &message,
            document: &document,
        };
        // Every configured channel is open in the office.
        if let Ok(open) = office.channel(&channel.name) {
            deliveries.push(NewDelivery {
                channel: channel.name.clone(),
                payload_json: open.payload(&letter),
            });
        }
    }
    let report = NewReport {
        kind: DeliveryKind::Alert,
        period: &format!("{at} {about}{more}"),
        as_of: now,
        payload_json: &document.to_string(),
    };
    w.file_report(&report, &deliveries).map(drop)
}
