//! Alerts after a pass: facts are read, the decision is made as data, and what to remember is kept in
//! the transaction that files what to tell. So a kill repeats nothing and loses nothing.

use super::{
    health, memory, operator,
    outbox::Post,
    snapshot::{self, Snapshots},
    telling::{addressees, file, keep},
};
use crate::{
    community::{AlertKind, Contact},
    config::{Config, Sends},
    metrics::{self, Status, Watched},
    mirror::{self, Mirror, MirrorError, PassOutcome, Writing},
    report::{
        Freshness,
        alerts::{self, Ask, Decision, Tiding},
    },
};
use anyhow::Result;
use chrono::{DateTime, Duration, NaiveDate, SubsecRound, Utc};
use std::collections::{HashMap, HashSet};

/// However quiet it is, groups are looked at so often: days end, and what is better becomes well.
pub(crate) const AT_LEAST: Duration = Duration::hours(1);
/// The firing that says when groups were looked at last.
const LOOK: &str = "alerts";
/// Passes looked through for the last that ended.
const RECENT: usize = 50;

/// What a look at the groups rests on.
struct Facts {
    groups: Vec<Watched>,
    contacts: Vec<Contact>,
    unread: HashSet<String>,
    fresh: Freshness,
    kinds: Vec<AlertKind>,
    today: NaiveDate,
}

impl Facts {
    fn read(
        conn: &rusqlite::Connection,
        config: &Config,
        snapshots: &Snapshots,
        now: DateTime<Utc>,
    ) -> Result<Self, MirrorError> {
        let staff = config.staff.as_deref().unwrap_or_default();
        let mut groups = metrics::watch(conn, now, staff)?;
        if config.alerts.contains(&AlertKind::Overdue) {
            know_pauses(
                conn,
                snapshots,
                &mut groups,
                &snapshot::settings(config, now, now),
            )?;
        }
        let fresh = health::freshness(conn, config)?;
        Ok(Self {
            groups,
            contacts: mirror::contacts(conn)?,
            unread: fresh.unread_groups.iter().cloned().collect(),
            fresh,
            kinds: config.alerts.clone(),
            today: memory::today(config),
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
pub(crate) fn is_due(database: &Mirror, now: DateTime<Utc>) -> Result<bool> {
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

/// Looks at every group, and files what is to be told: how many alerts.
pub(crate) fn groups(
    config: &Config,
    database: &Mirror,
    snapshots: &Snapshots,
    office: &Post,
    now: DateTime<Utc>,
) -> Result<usize> {
    let now = now.trunc_subsecs(0);
    let facts = database.read(|conn| {
        let passes = mirror::recent_passes(conn, RECENT)?;
        let ended = passes.into_iter().find_map(|pass| pass.outcome);
        // A pass that read nothing is no reason to look.
        if !matches!(ended, Some(PassOutcome::Done | PassOutcome::Partly)) {
            return Ok(None);
        }
        Facts::read(conn, config, snapshots, now).map(Some)
    })?;
    let Some(facts) = facts else {
        return Ok(0);
    };
    Ok(database.write(now, |w| {
        let mut groups = facts.groups.clone();
        metrics::watch_news(w, now, &mut groups)?;
        let decision = alerts::decide(&groups, &mirror::alerts(w)?, facts.ask(now));
        keep_all(w, &decision)?;
        w.served(LOOK, now)?;
        file_tidings(w, config, office, &decision.tidings, now, &facts.fresh)?;
        let account = decision.account.as_slice();
        operator::file_troubles(w, config, office, account, now, facts.fresh.last_pass_at)?;
        Ok(decision.tidings.len() + account.len())
    })?)
}

/// Says in the log that so many were filed, where there were any.
pub(crate) fn log_filed(alerts: usize) {
    if alerts > 0 {
        tracing::info!(alerts, "alerts filed");
    }
}

/// Looks at groups that were never looked at with the history they have now, which tells nothing: what
/// changes from here on is news. False: there are such groups, and none of them can be looked at yet.
pub(crate) fn first_looks(
    config: &Config,
    database: &Mirror,
    snapshots: &Snapshots,
    now: DateTime<Utc>,
) -> Result<bool> {
    let now = now.trunc_subsecs(0);
    let facts = database.read(|conn| {
        Ok(if mirror::has_unlooked(conn)? {
            Some(Facts::read(conn, config, snapshots, now)?)
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
        metrics::watch_news(w, now, &mut groups)?;
        let decision = alerts::decide(&groups, &before, facts.ask(now));
        keep_all(w, &decision)?;
        Ok(!decision.remember.is_empty())
    })?;
    Ok(looked)
}

/// Keeps what is remembered, and that the logs were looked at.
fn keep_all(w: &Writing<'_>, decision: &Decision) -> Result<(), MirrorError> {
    keep(w, &decision.remember, &decision.forget)?;
    w.roles_looked_at(&decision.lines)?;
    let mut names = decision.names.iter();
    names.try_for_each(|(group, name, urlname)| w.name_looked_at(group, name, urlname))
}

/// Whose pause is longer than usual takes a measurement, so only where that is asked for.
fn know_pauses(
    conn: &rusqlite::Connection,
    snapshots: &Snapshots,
    groups: &mut [Watched],
    settings: &metrics::Settings,
) -> Result<(), MirrorError> {
    let measured = snapshots.measured(conn, settings)?;
    let overdue: HashMap<&str, bool> = measured
        .groups
        .iter()
        .filter_map(|group| {
            let status = group.figures.status?;
            Some((group.figures.id.as_str(), status == Status::Overdue))
        })
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
    fresh: &Freshness,
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
                channel.access.reaches(&it.group.urlname, country, timezone)
            })
            .collect();
        (!reached.is_empty()).then(|| {
            // As old as the oldest of the groups that it tells of.
            let read_at = reached
                .iter()
                .filter_map(|it| fresh.read_at(&it.group.urlname));
            let message = alerts::message(&reached, read_at.min());
            let document = alerts::document(&reached, now, fresh.last_pass_at);
            (channel, message, document)
        })
    });
    let document = alerts::kept_document(&all, now, fresh.last_pass_at);
    file(w, office, &about, all.len(), now, &document, addressed)
}
