//! Three Mondays in fast motion: each digest as it was on its day, and what was lived and done between.

use super::{clock::Clock, place::CHANNEL, telling};
use crate::{
    app::{alerts, database::Database, digest, meant, memory, outbox::Post, snapshot::Snapshots},
    commands::{asked, print},
    community::{Cause, Named},
    config::{Config, Schedule},
    demo::{Life, Simulated, World, world::GroupAt},
    mirror::DeliveryKind,
    report::{self, Style, clean, many},
    schedule::next_due,
    sync::{PassAsk, Syncer},
};
use anyhow::Result;
use chrono::{DateTime, Days, TimeDelta, Utc};

/// The day's pass comes so long before a digest.
pub(super) const BEFORE: TimeDelta = TimeDelta::hours(2);
/// How long it takes a group that was asked to announce a date,
const THINKS: TimeDelta = TimeDelta::days(2);
/// and in how many days from then that is: between the second Monday and the third.
const NOTICE: i64 = 9;
/// So many groups are asked, one a Monday: the last digest tells what came of it.
const ASKED: usize = 2;
/// An evening that ends as the demo does is announced so long before.
const OPEN_HOUSE: TimeDelta = TimeDelta::days(12);

/// When the last three digests by the schedule fell due, the earliest first.
pub(super) fn before(schedule: &Schedule, now: DateTime<Utc>) -> Vec<DateTime<Utc>> {
    let next = |at: &DateTime<Utc>| next_due(&schedule.digest, schedule.timezone, *at);
    let first = next(&(now - TimeDelta::days(22)));
    let mut due: Vec<DateTime<Utc>> = std::iter::successors(first, next)
        .take_while(|at| *at <= now)
        .collect();
    due.drain(..due.len().saturating_sub(3));
    due
}

/// All that is needed to live three weeks.
pub(super) struct Weeks<'a> {
    pub(super) config: &'a Config,
    pub(super) database: &'a Database,
    pub(super) syncer: &'a Syncer,
    pub(super) meetup: &'a Simulated,
    pub(super) office: Post,
    pub(super) clock: Clock,
    pub(super) style: Style,
    pub(super) mondays: Vec<DateTime<Utc>>,
}

/// A group that was asked, and when it answers.
struct Asked {
    group: GroupAt,
    answers_at: Option<DateTime<Utc>>,
}

impl Weeks<'_> {
    /// Lives them, from the first Monday's pass to the last one before the real now. Gives whom the digests
    /// asked to write to, the latest first.
    pub(super) async fn live(&self, life: &mut Life) -> Result<Vec<Named>> {
        let snapshots = Snapshots::default();
        let (mut asked, mut named): (Vec<Asked>, Vec<Named>) = (Vec::new(), Vec::new());
        let mut is_house_open = false;
        let Some(mut at) = self.mondays.first().map(|first| *first - BEFORE) else {
            return Ok(named);
        };
        loop {
            let next = at.checked_add_days(Days::new(1)).unwrap_or(at);
            if let Some(due) = self.mondays.iter().find(|due| (at..next).contains(due)) {
                let latest = self.digest(*due, &snapshots).await?;
                named.splice(0..0, latest);
                if asked.len() < ASKED {
                    asked.extend(self.ask(&named, &asked).await?);
                }
            }
            at = next;
            if at > Utc::now() {
                return Ok(named);
            }
            self.set(at);
            let opens = !is_house_open && Utc::now() - at <= OPEN_HOUSE;
            is_house_open |= opens;
            self.day(at, life, &mut asked, opens).await?;
        }
    }

    /// Sets every clock.
    pub(super) fn set(&self, at: DateTime<Utc>) {
        self.clock.set(at);
        self.meetup.with_world(|world| world.freeze(Some(at)));
    }

    /// The digest of an instant: shown, filed and delivered as the daemon would.
    async fn digest(&self, due: DateTime<Utc>, snapshots: &Snapshots) -> Result<Vec<Named>> {
        self.clock.set(due);
        let (config, database) = (self.config, self.database);
        let composed = digest::digest(config, database, snapshots, CHANNEL, due, due).await?;
        let text = report::message_text(composed.message(), self.style);
        let named = composed.please_write_to().to_vec();
        let (office, kind) = (&self.office, DeliveryKind::Digest);
        composed
            .file(database, office, CHANNEL, kind, (due, due))
            .await?;
        let rule = "─".repeat(self.style.width);
        print(&format!("\n{rule}\n{text}\n"))?;
        self.office.drain().await?;
        Ok(named)
    }

    /// Somebody is asked whom the digests name and nobody asked before: on the first Monday one who will
    /// announce a date, on later ones one who does not answer.
    async fn ask(&self, named: &[Named], before: &[Asked]) -> Result<Option<Asked>> {
        let now = self.clock.now();
        let is_first = before.is_empty();
        let chosen = self.meetup.with_world(|world| {
            let may = |group: &GroupAt| {
                let is_new = before.iter().all(|it| it.group != *group);
                is_new && !world.has_date(*group, now.timestamp())
            };
            // Whose pause is long first: what came of it is what a digest tells best.
            let is_overdue = |it: &&Named| it.causes.first() == Some(&Cause::Overdue);
            let (overdue, others): (Vec<&Named>, Vec<&Named>) = named.iter().partition(is_overdue);
            let groups = overdue.into_iter().chain(others);
            let groups = groups.filter_map(|it| world.group_named(&it.urlname));
            let mut groups = groups.filter(may);
            groups.find_map(|group| {
                let leader = world.local_leader(group)?;
                let urlname = world.group(group).urlname.clone();
                Some((group, urlname, clean(&world.person(leader).name)))
            })
        });
        let Some((group, urlname, whom)) = chosen else {
            return Ok(None);
        };
        let known = meant::group(self.database, &urlname).await?;
        let today = now.date_naive();
        let (to, who) = (self.database, Some(whom.clone()));
        let kept = memory::asked(to, &known, who, None, None, (today, now)).await?;
        let said = asked::told(kept, &memory::named(&known));
        print(&format!(
            "$ gatherd asked {urlname} --whom \"{whom}\"\n{said}\n"
        ))?;
        Ok(Some(Asked {
            group,
            answers_at: is_first.then(|| now + THINKS),
        }))
    }

    /// A day of the community's life, the pass that finds it, and the alerts that follow.
    async fn day(
        &self,
        at: DateTime<Utc>,
        life: &mut Life,
        asked: &mut [Asked],
        opens: bool,
    ) -> Result<()> {
        let lived = |world: &mut World| {
            let now = at.timestamp();
            let mut happened = life.day(world, now);
            for it in &mut *asked {
                if it.answers_at.take_if(|on| *on <= at).is_some() {
                    let announced = life.take_up(world, it.group, NOTICE, now);
                    happened.splice(0..0, announced);
                }
            }
            if opens {
                life.open_house(world, Utc::now().timestamp(), now);
            }
            telling::day(world, &happened, self.style)
        };
        let (counted, told) = self.meetup.with_world(lived);
        let sweeps = next_due(
            &self.config.schedule.sweep,
            self.config.schedule.timezone,
            at - TimeDelta::days(1),
        );
        let passed = self.pass(sweeps.is_some_and(|due| due <= at)).await?;
        let on = at.with_timezone(&self.config.schedule.timezone);
        print(&format!(
            "{}: {counted}; {passed}\n{told}",
            on.format("%a %-d %b")
        ))?;
        self.office.drain().await?;
        Ok(())
    }

    /// One pass by the demo's clock, or a sweep, and the alerts that follow; what it found.
    pub(super) async fn pass(&self, sweep: bool) -> Result<String> {
        let (office, now) = (&self.office, self.clock.now());
        let ask = PassAsk {
            sweep,
            work_units: true,
        };
        let report = self.syncer.pass(ask).await?;
        let snapshots = Snapshots::default();
        alerts::groups(self.config, self.database, &snapshots, office, now).await?;
        Ok(format!(
            "{}: {} in {}",
            if sweep { "sweep" } else { "pass" },
            many(report.rows_changed, "change", "changes"),
            many(report.requests, "request", "requests")
        ))
    }
}
