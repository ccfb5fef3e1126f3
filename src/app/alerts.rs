//! Alerts after a pass: facts are read, the decision is made as data, and what to remember is kept in
//! the transaction that files what to tell. So a kill repeats nothing and loses nothing.

use super::{
    database::Database,
    health, memory, operator,
    outbox::Post,
    snapshot::{self, Snapshots},
    telling::{addressees, file, keep},
};
use crate::{
    community::{AlertKind, Contact, MemberId},
    config::{Config, Sends},
    metrics::{self, Status, Watched, Watching},
    mirror::{self, Mirror, MirrorError, PassOutcome, Touched, Writing},
    report::{
        Freshness,
        alerts::{self, Ask, Decision, Tiding},
    },
};
use anyhow::Result;
use chrono::{DateTime, Duration, NaiveDate, SubsecRound, Utc};
use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
};

/// However quiet it is, groups are looked at so often: days end, and what is better becomes well.
const AT_LEAST: Duration = Duration::hours(1);
/// The firing that says when groups were looked at last.
const LOOK: &str = "alerts";
/// Passes looked through for the last that ended.
const RECENT: usize = 50;

/// What a look at the groups rests on.
struct Facts {
    groups: Watching,
    /// Whose pause is longer than usual, by the group's id, where that is asked for.
    overdue: HashMap<String, bool>,
    contacts: Vec<Contact>,
    unread: HashSet<String>,
    fresh: Freshness,
    kinds: Vec<AlertKind>,
    today: NaiveDate,
}

impl Facts {
    /// Without what was measured, and without the memory of contact.
    fn read(
        conn: &rusqlite::Connection,
        config: &Config,
        groups: Watching,
    ) -> Result<Self, MirrorError> {
        let fresh = health::freshness(conn, config)?;
        Ok(Self {
            groups,
            overdue: HashMap::new(),
            contacts: Vec::new(),
            unread: fresh.unread_groups.iter().cloned().collect(),
            fresh,
            kinds: config.alerts.clone(),
            today: memory::today(config),
        })
    }

    /// Whose pause is longer than usual takes a measurement, so only where that is asked for.
    fn know_pauses(
        &mut self,
        conn: &rusqlite::Connection,
        config: &Config,
        snapshots: &Snapshots,
        now: DateTime<Utc>,
    ) -> Result<(), MirrorError> {
        if !self.kinds.contains(&AlertKind::Overdue) {
            return Ok(());
        }
        let measured = snapshots.measured(conn, &snapshot::settings(config, now, now))?;
        let known = measured.groups.iter().filter_map(|group| {
            let status = group.figures.status?;
            Some((group.figures.id.clone(), status == Status::Overdue))
        });
        self.overdue = known.collect();
        Ok(())
    }

    /// The groups, with what is new of them.
    fn groups(
        &self,
        conn: &rusqlite::Connection,
        now: DateTime<Utc>,
        is_asked: impl Fn(&Watched) -> bool,
    ) -> Result<Vec<Watched>, MirrorError> {
        let asked = self.groups.groups().filter(|group| is_asked(group));
        let mut groups: Vec<Watched> = asked.cloned().collect();
        for group in &mut groups {
            group.is_overdue = self.overdue.get(group.id.as_str()).copied();
        }
        metrics::watch_news(conn, now, &mut groups)?;
        Ok(groups)
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
pub(crate) async fn is_due(database: &Database, now: DateTime<Utc>) -> Result<bool> {
    let looked = database.read(move |conn| {
        let Some(looked_at) = mirror::firing(conn, LOOK)? else {
            return Ok(true);
        };
        let since = |pass: &mirror::Pass| pass.finished_at.is_none_or(|at| at >= looked_at);
        let is_news = mirror::recent_passes(conn, RECENT)?.iter().any(|pass| {
            since(pass) && (pass.rows_changed > 0 || pass.outcome != Some(PassOutcome::Done))
        });
        let age = now.timestamp() - looked_at;
        Ok(is_news || !(0..AT_LEAST.num_seconds()).contains(&age))
    });
    Ok(looked.await?)
}

/// The last look of a process that looks time and again, and what it had seen change of the mirror by then.
#[derive(Debug, Clone)]
pub(crate) struct LastLook {
    rows: u64,
    at: DateTime<Utc>,
    /// None: no pass had read anything.
    seen: Option<Arc<Seen>>,
}

/// The groups as a look found them.
#[derive(Debug)]
struct Seen {
    groups: Watching,
    /// Of the mirror's figures.
    version: i64,
    /// When every group was read last.
    whole_at: DateTime<Utc>,
}

impl Seen {
    /// The groups as of now: if the mirror was changed by this process alone, and all were read not long ago, only
    /// those are read of which rows changed or that time alone may have changed. With them, when all were.
    fn again(
        before: Option<&Self>,
        conn: &rusqlite::Connection,
        staff: &[MemberId],
        touched: &Touched,
        now: DateTime<Utc>,
    ) -> Result<Self, MirrorError> {
        let version = mirror::figures_version(conn)?;
        let before =
            before.filter(|it| now - it.whole_at < AT_LEAST && it.groups.leads_to(now, staff));
        let touched = match before {
            Some(it) => touched.groups_since(conn, it.version)?,
            None => None,
        };
        Ok(match before.zip(touched) {
            Some((it, touched)) => Self {
                groups: it.groups.clone().again(conn, now, &touched)?,
                version,
                whole_at: it.whole_at,
            },
            None => Self {
                groups: Watching::begin(conn, now, staff)?,
                version,
                whole_at: now,
            },
        })
    }
}

/// Looks at the groups and files what is to be told, unless no row changed since the last look, which was
/// not long ago; gives the look that is the last now.
pub(crate) async fn look_again(
    config: &Config,
    database: &Database,
    snapshots: &Snapshots,
    office: &Post,
    last: Option<LastLook>,
    now: DateTime<Utc>,
) -> Result<Option<LastLook>> {
    let rows = database.with(Mirror::rows_changed).await;
    let is_fresh = |it: &LastLook| it.rows == rows && now - it.at < AT_LEAST && now >= it.at;
    if last.as_ref().is_some_and(is_fresh) {
        return Ok(last);
    }
    let seen = last.and_then(|it| it.seen);
    let (config, snapshots, office) = (config.clone(), snapshots.clone(), office.clone());
    let looking = database
        .with(move |mirror| look(&config, mirror, &snapshots, &office, seen.as_deref(), now));
    let (alerts, seen) = looking.await?;
    log_filed(alerts);
    let (at, seen) = (now, seen.map(Arc::new));
    Ok(Some(LastLook { rows, at, seen }))
}

/// Looks at every group, and files what is to be told: how many alerts.
pub(crate) async fn groups(
    config: &Config,
    database: &Database,
    snapshots: &Snapshots,
    office: &Post,
    now: DateTime<Utc>,
) -> Result<usize> {
    let (config, snapshots, office) = (config.clone(), snapshots.clone(), office.clone());
    let looking =
        database.with(move |mirror| look(&config, mirror, &snapshots, &office, None, now));
    Ok(looking.await?.0)
}

fn look(
    config: &Config,
    database: &Mirror,
    snapshots: &Snapshots,
    office: &Post,
    before: Option<&Seen>,
    now: DateTime<Utc>,
) -> Result<(usize, Option<Seen>)> {
    let now = now.trunc_subsecs(0);
    // Before anything is read, so that nothing is missed that is changed meanwhile.
    let touched = database.take_touched();
    let staff = config.staff.as_deref().unwrap_or_default();
    let facts = database.read(|conn| {
        let passes = mirror::recent_passes(conn, RECENT)?;
        let ended = passes.into_iter().find_map(|pass| pass.outcome);
        // A pass that read nothing is no reason to look.
        if !matches!(ended, Some(PassOutcome::Done | PassOutcome::Partly)) {
            return Ok(None);
        }
        let seen = Seen::again(before, conn, staff, &touched, now)?;
        let mut facts = Facts::read(conn, config, seen.groups.clone())?;
        facts.know_pauses(conn, config, snapshots, now)?;
        facts.contacts = mirror::contacts(conn)?;
        Ok(Some((facts, seen)))
    })?;
    let Some((mut facts, seen)) = facts else {
        return Ok((0, None));
    };
    let filed = database.write(now, |w| {
        let remembered = mirror::alerts(w)?;
        let mut decision = alerts::decide(
            &facts.groups(w, now, |_| true)?,
            &remembered,
            facts.ask(now),
        );
        let told: Vec<_> = decision.tidings.iter().map(|it| &it.group.id).collect();
        if seen.whole_at < now && !told.is_empty() {
            // What persons are called may have changed since these groups were read.
            let told: BTreeSet<i64> = facts.groups.keys(&told);
            facts.groups = facts.groups.clone().again(w, now, &told)?;
            decision = alerts::decide(
                &facts.groups(w, now, |_| true)?,
                &remembered,
                facts.ask(now),
            );
        }
        keep_all(w, &decision)?;
        w.served(LOOK, now)?;
        file_tidings(w, config, office, &decision.tidings, now, &facts.fresh)?;
        let account = decision.account.as_slice();
        operator::file_troubles(w, config, office, account, now, facts.fresh.last_pass_at)?;
        Ok(decision.tidings.len() + account.len())
    })?;
    Ok((filed, Some(seen)))
}

/// Says in the log that so many were filed, where there were any.
fn log_filed(alerts: usize) {
    if alerts > 0 {
        tracing::info!(alerts, "alerts filed");
    }
}

/// Looks at groups that were never looked at with the history they have now, which tells nothing: what
/// changes from here on is news.
pub(crate) async fn first_looks(
    config: &Config,
    database: &Database,
    snapshots: &Snapshots,
    now: DateTime<Utc>,
) -> Result<FirstLooks> {
    first_looks_with(config, database, Some(snapshots), now).await
}

/// The same for whoever must not wait for a measurement. Whose pause is longer than usual is not known
/// then, and first looked at by the next look at all groups.
pub(crate) async fn first_looks_unmeasured(
    config: &Config,
    database: &Database,
    now: DateTime<Utc>,
) -> Result<FirstLooks> {
    first_looks_with(config, database, None, now).await
}

/// What first looks came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FirstLooks {
    /// Every group whose history is there was looked at before.
    NoneLeft,
    /// Some were looked at now.
    Taken,
    /// There are such groups, and none of them can be looked at yet.
    NotYet,
}

async fn first_looks_with(
    config: &Config,
    database: &Database,
    snapshots: Option<&Snapshots>,
    now: DateTime<Utc>,
) -> Result<FirstLooks> {
    let (config, snapshots) = (config.clone(), snapshots.cloned());
    let looking = database.with(move |mirror| look_first(&config, mirror, snapshots.as_ref(), now));
    looking.await
}

fn look_first(
    config: &Config,
    database: &Mirror,
    snapshots: Option<&Snapshots>,
    now: DateTime<Utc>,
) -> Result<FirstLooks> {
    let now = now.trunc_subsecs(0);
    let facts = database.read(|conn| {
        let unlooked = mirror::unlooked(conn)?;
        if unlooked.is_empty() {
            return Ok(None);
        }
        // Nothing is told, so it does not matter what is muted.
        let staff = config.staff.as_deref().unwrap_or_default();
        let mut facts = Facts::read(conn, config, Watching::of(conn, now, staff, &unlooked)?)?;
        if let Some(snapshots) = snapshots {
            facts.know_pauses(conn, config, snapshots, now)?;
        }
        Ok(Some(facts))
    })?;
    let Some(facts) = facts else {
        return Ok(FirstLooks::NoneLeft);
    };
    let looked = database.write(now, |w| {
        let before = mirror::alerts(w)?;
        let groups = facts.groups(w, now, |group| alerts::is_first_look(group, &before))?;
        let decision = alerts::decide(&groups, &before, facts.ask(now));
        keep_all(w, &decision)?;
        Ok(match decision.remember.is_empty() {
            true => FirstLooks::NotYet,
            false => FirstLooks::Taken,
        })
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
