//! Alerts after a pass: facts are read, the decision is made as data, and what to remember is kept in
//! the transaction that files what to tell. So a kill repeats nothing and loses nothing.

use super::{composing, contact, post::Post};
use crate::{
    config::{Channel, Config, Sends},
    deliver::Letter,
    metrics::{self, Status, Watched},
    mirror::{
        self, DeliveryKind, Mirror, MirrorError, NewDelivery, NewReport, PassOutcome, Writing,
    },
    report::{
        alerts::{self, Ask, Health, Kind, Tiding, Trouble},
        message::Message,
    },
};
use anyhow::Result;
use chrono::{DateTime, Duration, SecondsFormat, SubsecRound, Utc};
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// However quiet it is, groups are looked at so often: days end, and what is better becomes well.
const AT_LEAST: Duration = Duration::hours(1);
/// How often the daemon's own trouble is looked at.
const OPERATOR: Duration = Duration::seconds(30);
/// How old the last good pass may be.
const PATIENCE: Duration = Duration::days(1);
/// Every refusal to believe a roster names this remedy.
const REFUSED: &str = "--accept-shrink";
/// Passes looked through for the last that failed.
const RECENT: usize = 50;

/// When was looked last, so that nothing is done where nothing changed.
pub(super) struct Watch {
    began_at: DateTime<Utc>,
    groups_at: Option<(u64, DateTime<Utc>)>,
    operator_at: Option<DateTime<Utc>>,
}

impl Watch {
    pub(super) fn new() -> Self {
        Self {
            began_at: Utc::now(),
            groups_at: None,
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

    /// Looks at the daemon's own trouble, every half minute.
    pub(super) fn operator(&mut self, config: &Config, database: &Mirror, office: &Post) {
        let now = Utc::now();
        let is_fresh = self
            .operator_at
            .is_some_and(|at| now - at < OPERATOR && now >= at);
        if is_fresh {
            return;
        }
        self.operator_at = Some(now);
        if let Err(error) = operator(config, database, office, now, Some(self.began_at)) {
            tracing::error!("the daemon's own trouble could not be looked at: {error:#}");
        }
    }
}

/// Looks at every group, and files what is to be told.
pub(super) fn groups(
    config: &Config,
    database: &Mirror,
    office: &Post,
    now: DateTime<Utc>,
) -> Result<()> {
    let now = now.trunc_subsecs(0);
    let kinds: Vec<Kind> = config
        .alerts
        .iter()
        .filter_map(|alert| Kind::parse(alert.as_str()))
        .collect();
    let facts = database.read(|conn| {
        let ended = mirror::recent_passes(conn, RECENT)?
            .into_iter()
            .find_map(|pass| pass.outcome);
        // A pass that read nothing is no reason to look.
        if !matches!(ended, Some(PassOutcome::Done | PassOutcome::Partly)) {
            return Ok(None);
        }
        let staff = config.staff.as_deref().unwrap_or_default();
        let mut groups = metrics::watch(conn, now, staff)?;
        if kinds.contains(&Kind::Overdue) {
            know_pauses(conn, &mut groups, &composing::settings(config, now, now))?;
        }
        let fresh = composing::freshness(conn)?;
        Ok(Some((groups, mirror::contacts(conn)?, fresh)))
    })?;
    let Some((groups, contacts, fresh)) = facts else {
        return Ok(());
    };
    let unread: HashSet<String> = fresh.unread_groups.into_iter().collect();
    let ask = Ask {
        now,
        today: contact::today(config),
        kinds: &kinds,
        contacts: &contacts,
        unread: &unread,
    };
    let told = database.write(now, |w| {
        let decision = alerts::decide(&groups, &mirror::alerts(w)?, ask);
        for alert in &decision.remember {
            w.remember_alert(alert)?;
        }
        for key in &decision.forget {
            w.forget_alert(key)?;
        }
        file_tidings(
            w,
            config,
            office,
            &decision.tidings,
            now,
            fresh.last_pass_at,
        )?;
        Ok(decision.tidings.len())
    })?;
    if told > 0 {
        tracing::info!(alerts = told, "alerts filed");
    }
    Ok(())
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

/// Looks at the daemon's own trouble, and files what is to be told. `began_at` is when this daemon
/// began: a pass that is open since before is none of its own.
pub(super) fn operator(
    config: &Config,
    database: &Mirror,
    office: &Post,
    now: DateTime<Utc>,
    began_at: Option<DateTime<Utc>>,
) -> Result<()> {
    let now = now.trunc_subsecs(0);
    let health = database.read(|conn| health(conn, began_at))?;
    let decided = alerts::operator(&health, &database.read(mirror::alerts)?, now, PATIENCE);
    if decided.0.is_empty() && decided.1.is_empty() {
        return Ok(());
    }
    let told = database.write(now, |w| {
        let (remember, forget, troubles) =
            alerts::operator(&health, &mirror::alerts(w)?, now, PATIENCE);
        for alert in &remember {
            w.remember_alert(alert)?;
        }
        for key in &forget {
            w.forget_alert(key)?;
        }
        file_troubles(w, config, office, &troubles, now, health.last_good_at)?;
        Ok(troubles)
    })?;
    for trouble in &told {
        tracing::warn!("told the operator: {}", trouble.sentence);
    }
    Ok(())
}

fn health(
    conn: &rusqlite::Connection,
    began_at: Option<DateTime<Utc>>,
) -> Result<Health, MirrorError> {
    let instant = |at: i64| DateTime::from_timestamp(at, 0).unwrap_or_default();
    let passes = mirror::recent_passes(conn, RECENT)?;
    let last_good_at = mirror::last_good_pass(conn)?
        .and_then(|pass| pass.finished_at)
        .map(instant);
    let first_pass_at = match last_good_at {
        Some(_) => None,
        None => mirror::recent_passes(conn, 10_000)?
            .last()
            .map(|pass| instant(pass.started_at)),
    };
    let failed = passes
        .iter()
        .find(|pass| pass.outcome == Some(PassOutcome::Failed));
    let under_way = passes.first().filter(|pass| pass.finished_at.is_none());
    let ended = passes.iter().find(|pass| {
        pass.outcome
            .is_some_and(|outcome| outcome != PassOutcome::Interrupted)
    });
    let is_good = ended.is_some_and(|pass| pass.outcome != Some(PassOutcome::Failed));
    let failures: Vec<_> = mirror::recent_failures(conn, 1_000)?
        .into_iter()
        .filter(|failure| Some(failure.pass) == ended.map(|pass| pass.id))
        .collect();
    let refused = failures
        .iter()
        .filter(|failure| failure.message.contains(REFUSED))
        .map(|failure| (failure.scope.clone(), failure.message.clone()));
    let sign_in = failures
        .iter()
        .find(|failure| failure.scope == mirror::SIGN_IN)
        .map(|failure| failure.message.clone());
    Ok(Health {
        last_good_at,
        first_pass_at,
        failed_at: failed.and_then(|pass| pass.finished_at).map(instant),
        running_since: under_way
            .map(|pass| instant(pass.started_at))
            .filter(|at| began_at.is_some_and(|began_at| *at >= began_at)),
        sign_in,
        refused: is_good.then(|| refused.collect()),
        dead: mirror::given_up(conn)?,
        drift: None,
    })
}

fn file_troubles(
    w: &Writing<'_>,
    config: &Config,
    office: &Post,
    troubles: &[Trouble],
    now: DateTime<Utc>,
    read_at: Option<DateTime<Utc>>,
) -> Result<(), MirrorError> {
    let Some(first) = troubles.first() else {
        return Ok(());
    };
    let all: Vec<&Trouble> = troubles.iter().collect();
    let addressed = addressees(config, Sends::Operator).filter_map(|channel| {
        // Where nothing arrives, that nothing arrives would not arrive either.
        let reached: Vec<&Trouble> = troubles
            .iter()
            .filter(|it| it.kind != alerts::DEAD || it.about.as_ref() != Some(&channel.name))
            .collect();
        (!reached.is_empty()).then(|| {
            let message = alerts::operator_message(&reached);
            (
                channel,
                message,
                alerts::operator_document(&reached, now, read_at),
            )
        })
    });
    let about = format!("operator {}", first.kind);
    let document = alerts::operator_document(&all, now, read_at);
    file(w, office, &about, all.len(), now, &document, addressed)
}

fn addressees(config: &Config, what: Sends) -> impl Iterator<Item = &Channel> {
    let channels = config.channels.iter();
    channels.filter(move |channel| channel.sends.contains(&what))
}

/// Files one report, whose period is the transition, with a message to each channel it concerns.
fn file<'a>(
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
