//! One measured group after the other, from the files with one row per group.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use rusqlite::Row;

use super::answers::{ByGroup, Turned};
use super::figures::{
    ActiveHost, Away, Cadence, GroupFigures, Growth, Happening, Leader, Month, Organizers, Repeat,
    SideToSide, SoleHost,
};
use super::handover::{Ground, handover};
use super::local::{instant, month_number, month_text};
use super::measurable::Measurable;
use super::months_met::MonthsMet;
use super::policy::{self, Held};
use super::rate::Rate;
use super::returns::{Acquainted, Returns};
use super::sql::sql;
use super::states::EventState;
use super::workbench::Workbench;
use crate::community::{Status, member_page};

/// What is known of the groups, by their keys, until it is put together.
struct Parts {
    standing: HashMap<i64, Standing>,
    turned: HashMap<i64, Turned>,
    returns: HashMap<i64, Returns>,
    acquainted: HashMap<i64, Acquainted>,
    grounds: HashMap<i64, Ground>,
    notice: HashMap<i64, (Option<f64>, Rate)>,
    policy: HashMap<i64, Held>,
    away: HashMap<i64, Vec<Away>>,
    active_hosts: HashMap<i64, Vec<ActiveHost>>,
    years: HashMap<i64, Vec<(i64, i64)>>,
    months_met: HashMap<i64, MonthsMet>,
    organizers: HashMap<i64, Hosting>,
    roster: HashMap<i64, Roster>,
    leaders: HashMap<i64, Vec<Leader>>,
    neighbours: HashMap<i64, Vec<(EventState, Happening)>>,
}

struct Standing {
    cadence: Cadence,
    status: Option<Status>,
    events_ever: i64,
    restarted: Option<(NaiveDate, i64)>,
    is_in_pause: bool,
    is_announced: bool,
}

/// Who hosts a group.
struct Hosting {
    organizers: Organizers,
    sole: Option<SoleHost>,
    fewest_hosts: Option<i64>,
    new_local_hosts: i64,
    newest_host_at: Option<DateTime<Utc>>,
}

struct Roster {
    members: i64,
    joined_90: i64,
    leaders: i64,
    active_leaders: i64,
}

/// All measured groups, in urlname order.
pub(super) fn read(bench: &Workbench<'_>, counted: ByGroup) -> rusqlite::Result<Vec<GroupFigures>> {
    let links: HashMap<i64, String> = bench.groups.iter().map(|g| (g.key, page(g))).collect();
    let roster = if bench.settings.knows_roster() {
        by_group(bench, sql!("roster.sql"), roster)?
    } else {
        HashMap::new()
    };
    let mut parts = Parts {
        standing: by_group(bench, sql!("standing.sql"), standing)?,
        turned: counted.turned,
        returns: counted.returns,
        acquainted: counted.acquainted,
        grounds: if bench.settings.knows_staff() {
            by_group(bench, sql!("handover.sql"), Ground::read)?
        } else {
            HashMap::new()
        },
        notice: by_group(bench, sql!("notice.sql"), |row| {
            Ok((
                row.get("median_notice_days")?,
                rate(row, "next_known", "events")?,
            ))
        })?,
        policy: if bench.settings.policy.is_set() {
            by_group(bench, sql!("policy.sql"), Held::read)?
        } else {
            HashMap::new()
        },
        away: many(bench, sql!("away.sql"), away)?,
        active_hosts: many(bench, sql!("active_hosts.sql"), active_host)?,
        years: many(bench, sql!("years.sql"), |row| {
            Ok((row.get("year")?, row.get("events")?))
        })?,
        months_met: months_met(bench)?,
        organizers: by_group(bench, sql!("hosts.sql"), |row| {
            hosting(row, bench.settings.knows_staff())
        })?,
        roster,
        leaders: many(bench, sql!("leaders.sql"), |row| leader(row, &links))?,
        neighbours: many(bench, sql!("neighbours.sql"), happening)?,
    };
    Ok(bench
        .groups
        .iter()
        .filter_map(|group| parts.put_together(group, bench))
        .collect())
}

impl Parts {
    fn put_together(&mut self, group: &Measurable, bench: &Workbench<'_>) -> Option<GroupFigures> {
        let key = &group.key;
        let standing = self.standing.remove(key)?;
        let returns = self.returns.remove(key).unwrap_or_default();
        let Hosting {
            mut organizers,
            sole,
            fewest_hosts,
            new_local_hosts,
            newest_host_at,
        } = self.organizers.remove(key)?;
        let roster = self.roster.remove(key);
        if let Some(roster) = &roster {
            organizers.leaders = Some(roster.leaders);
            organizers.leader_activity = Some(Rate::new(roster.active_leaders, roster.leaders));
            organizers.leaderless = Some(roster.leaders == 0);
        }
        let mut cadence = standing.cadence;
        let present = bench.pauses.present.get(key).cloned().unwrap_or_default();
        cadence.off_months = present.off.iter().map(|it| it.month).collect();
        (cadence.median_notice_days, cadence.next_date_known) =
            self.notice.remove(key).unwrap_or_default();
        let leaders = self.leaders.remove(key).unwrap_or_default();
        let as_of = bench.settings.as_of;
        let policy = self.policy.remove(key).map(|held| {
            let active_leaders = roster.is_some().then(|| seen_lately(&leaders, as_of));
            let held = Held {
                began_at: group.founded_at.max(group.joined_network_at),
                in_365: cadence.events_365,
                ..held
            };
            policy::stand(&bench.settings.policy, as_of, held, active_leaders, |at| {
                group.local(at).date_naive()
            })
        });
        let turned = self.turned.remove(key)?;
        let acquainted = self.acquainted.remove(key).unwrap_or_default();
        let handover = handover(
            self.grounds.remove(key),
            roster.is_some(),
            cadence.events_365,
        );
        let as_of_local = group.local(as_of);
        let this_month = month_number(as_of_local);
        let in_month = |ago: i64| {
            let found = turned
                .months
                .iter()
                .find(|(months_ago, ..)| *months_ago == ago);
            found.map_or((0, 0), |(_, events, yes)| (*events, *yes))
        };
        let months = (1..=12).rev().map(|ago| {
            let (events, yes) = in_month(ago);
            Month {
                month: month_text(this_month - ago),
                events,
                yes,
            }
        });
        let mut last_event = None;
        let mut next_event = None;
        for (state, happening) in self.neighbours.remove(key).unwrap_or_default() {
            *if state == EventState::Held {
                &mut last_event
            } else {
                &mut next_event
            } = Some(happening);
        }
        Some(GroupFigures {
            id: group.id.clone(),
            urlname: group.urlname.clone(),
            name: group.name.clone(),
            link: page(group),
            city: group.city.clone(),
            country: group.country.clone(),
            at: group.at,
            timezone: group.timezone.clone(),
            as_of_local,
            founded_local: group.founded_at.map(|founded| group.local(founded)),
            joined_network_local: group.joined_network_at.map(|joined| group.local(joined)),
            history_complete: group.history_complete,
            status: standing.status,
            events_ever: standing.events_ever,
            restarted: standing.restarted,
            days_off: present.days_off,
            usual_days: present.usual_days,
            is_announced: standing.is_announced,
            pause: present.pause.filter(|_| standing.is_in_pause),
            stake: returns.at_stake,
            stake_events: turned.stake_events,
            policy,
            off: present.off,
            sole,
            fewest_hosts,
            new_local_hosts,
            newest_host_at,
            recent_yes: turned.recent_yes,
            away: if roster.is_some() {
                self.away.remove(key).unwrap_or_default()
            } else {
                Vec::new()
            },
            this_month: in_month(0),
            meetup_status: bench
                .settings
                .knows_roster()
                .then(|| group.meetup_status.clone()),
            tie_status: group
                .tie_status
                .clone()
                .filter(|_| bench.settings.knows_roster()),
            leaders,
            last_event,
            next_event,
            most_yes_before: turned.record,
            months: months.collect(),
            cadence,
            attendance: turned.attendance,
            repeat: repeat(returns),
            side_to_side: SideToSide {
                recurring_pairs: acquainted.pairs,
                acquainted_rate: Rate::new(acquainted.acquainted, acquainted.people),
            },
            handover,
            active_hosts: self.active_hosts.remove(key).unwrap_or_default(),
            years: self.years.remove(key).unwrap_or_default(),
            months_met: self
                .months_met
                .remove(key)
                .unwrap_or_default()
                .of(group, bench),
            organizers,
            growth: Growth {
                members: roster.as_ref().map(|roster| roster.members),
                joined_90: roster.as_ref().map(|roster| roster.joined_90),
                first_timers_90: returns.first_timers,
            },
        })
    }
}

/// The group's page, from its urlname where Meetup gave none.
fn page(group: &Measurable) -> String {
    group
        .link
        .clone()
        .unwrap_or_else(|| page_of(&group.urlname))
}

/// The page of a urlname.
pub(super) fn page_of(urlname: &str) -> String {
    format!("https://www.meetup.com/{urlname}/")
}

fn by_group<T>(
    bench: &Workbench<'_>,
    file: &str,
    mut read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<HashMap<i64, T>> {
    let rows = bench.rows(file, |row| Ok((row.get("grp")?, read(row)?)))?;
    Ok(rows.into_iter().collect())
}

fn many<T>(
    bench: &Workbench<'_>,
    file: &str,
    mut read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<HashMap<i64, Vec<T>>> {
    let mut all: HashMap<i64, Vec<T>> = HashMap::new();
    for (group, row) in bench.rows(file, |row| Ok((row.get("grp")?, read(row)?)))? {
        all.entry(group).or_default().push(row);
    }
    Ok(all)
}

fn months_met(bench: &Workbench<'_>) -> rusqlite::Result<HashMap<i64, MonthsMet>> {
    let mut all: HashMap<i64, MonthsMet> = HashMap::new();
    bench.each(sql!("months_met.sql"), |row| {
        all.entry(row.get("grp")?).or_default().take(row)
    })?;
    Ok(all)
}

fn rate(row: &Row<'_>, numerator: &str, denominator: &str) -> rusqlite::Result<Rate> {
    Ok(Rate::new(row.get(numerator)?, row.get(denominator)?))
}

fn standing(row: &Row<'_>) -> rusqlite::Result<Standing> {
    let restarted_on: Option<String> = row.get("restarted_on")?;
    let restarted_after = row.get("restarted_after_days")?;
    Ok(Standing {
        cadence: Cadence {
            every_months: row.get("every_months")?,
            monthly_cadence: rate(row, "met", "observed")?,
            target_cadence: rate(row, "blocks_met", "blocks")?,
            events_365: row.get("held_365")?,
            streak_months: row.get("streak")?,
            median_gap_days: row.get("median_gap_days")?,
            days_since_last_held: row.get("days_since_last_held")?,
            days_to_next_scheduled: row.get("days_to_next_scheduled")?,
            median_notice_days: None,
            next_date_known: Rate::default(),
            off_months: Vec::new(),
            cancellation_rate: rate(row, "cancelled_365", "called_365")?,
        },
        status: row
            .get::<_, Option<String>>("status")?
            .and_then(|word| Status::parse(&word)),
        events_ever: row.get("held_ever")?,
        restarted: restarted_on
            .and_then(|on| on.parse().ok())
            .zip(restarted_after),
        is_in_pause: row.get("is_in_pause")?,
        is_announced: row.get("is_announced")?,
    })
}

fn repeat(counts: Returns) -> Repeat {
    Repeat {
        repeat_rate: Rate::new(counts.repeaters, counts.people),
        returning_share: Rate::new(counts.returning_ones, counts.participations),
        next_event_return: Rate::new(counts.kept, counts.could_be_kept),
        first_timer_return_90: Rate::new(counts.came_back, counts.had_time),
    }
}

fn hosting(row: &Row<'_>, knows_staff: bool) -> rusqlite::Result<Hosting> {
    let local_hosts_90 = row.get("local_hosts_90")?;
    let staff_hosted_share = rate(row, "by_staff", "events")?;
    let organizers = Organizers {
        hosts_90: row.get("hosts_90")?,
        hosts_365: row.get("hosts_365")?,
        local_hosts_90: knows_staff.then_some(local_hosts_90),
        new_hosts_365: row.get("new_hosts_365")?,
        host_absence_factor: row.get("host_absence_factor")?,
        top_host_share: rate(row, "top", "pairs")?,
        sole_host: rate(row, "sole", "events")?,
        staff_hosted_share: knows_staff.then_some(staff_hosted_share),
        leaders: None,
        leader_activity: None,
        leaderless: None,
    };
    let sole: Option<String> = row.get("sole_id")?;
    let name = row.get("sole_name")?;
    Ok(Hosting {
        organizers,
        sole: sole.map(|id| SoleHost { id, name }),
        fewest_hosts: row.get("fewest")?,
        new_local_hosts: row.get("new_local")?,
        newest_host_at: row.get::<_, Option<i64>>("newest_at")?.map(instant),
    })
}

fn roster(row: &Row<'_>) -> rusqlite::Result<Roster> {
    Ok(Roster {
        members: row.get("members")?,
        joined_90: row.get("joined_90")?,
        leaders: row.get("leaders")?,
        active_leaders: row.get("active_leaders")?,
    })
}

fn leader(row: &Row<'_>, links: &HashMap<i64, String>) -> rusqlite::Result<Leader> {
    let id: String = row.get("id")?;
    let group = links.get(&row.get("grp")?).map_or("", String::as_str);
    let at =
        |column: &str| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(column)?.map(instant));
    Ok(Leader {
        link: member_page(group, &id),
        id,
        name: row.get("name")?,
        role: row.get("role")?,
        last_access_at: at("last_access_at")?,
        last_seen_at: at("last_seen_at")?,
        last_hosted_at: at("last_hosted_at")?,
        last_took_part_at: at("last_took_part_at")?,
    })
}

/// Leaders seen in the 90 days before A: they visited, answered or hosted.
fn seen_lately(leaders: &[Leader], as_of: DateTime<Utc>) -> i64 {
    let since = as_of - TimeDelta::days(90);
    let seen = leaders
        .iter()
        .filter(|leader| leader.last_seen_at.is_some_and(|at| at > since));
    seen.count() as i64
}

fn away(row: &Row<'_>) -> rusqlite::Result<Away> {
    Ok(Away {
        id: row.get("id")?,
        name: row.get("name")?,
        last_at: instant(row.get("last_at")?),
        came: row.get("came")?,
        held_since: row.get("held_since")?,
    })
}

fn active_host(row: &Row<'_>) -> rusqlite::Result<ActiveHost> {
    Ok(ActiveHost {
        id: row.get("id")?,
        name: row.get("name")?,
        last_hosted_at: instant(row.get("last_hosted_at")?),
        is_member: row.get("is_member")?,
    })
}

fn happening(row: &Row<'_>) -> rusqlite::Result<(EventState, Happening)> {
    let local: i64 = row.get("starts_local")?;
    let happening = Happening {
        token: row.get("token")?,
        title: row.get("title")?,
        event_type: row.get("event_type")?,
        starts_at: instant(row.get("starts_at")?),
        starts_local: instant(local).naive_utc(),
        url: row.get("url")?,
        yes: row.get("said_yes")?,
    };
    Ok((row.get("state")?, happening))
}
