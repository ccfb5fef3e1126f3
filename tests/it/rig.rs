//! A rig: the simulated Meetup over HTTP, a real database file, and production code between them.

use gatherd::demo::{Simulated, Switches, TRIAL_TOKEN, World};
use gatherd::meetup::{Meetup, Settings as MeetupSettings, SignIn, Waits};
use gatherd::mirror::{Mirror, Stamp};
use gatherd::sync::{self, BackfillAsk, PassAsk, PassReport, SyncError, Syncer};
use std::time::Duration;

pub struct Rig {
    pub sim: Simulated,
    pub dir: tempfile::TempDir,
    pub mirror: Mirror,
    pub syncer: Syncer,
}

pub fn quick() -> Waits {
    Waits {
        connect: Duration::from_secs(5),
        request: Duration::from_millis(1_500),
        first_pause: Duration::from_millis(1),
        longest_pause: Duration::from_millis(20),
        shortest_reset: Duration::from_millis(5),
        longest_reset: Duration::from_millis(50),
        ..Waits::default()
    }
}

impl Rig {
    pub fn new(world: World, switches: Switches) -> Self {
        let sim = Simulated::start(world, switches).unwrap();
        Self::on(sim, 100, 100_000)
    }

    pub fn on(sim: Simulated, page_size: u32, points: u32) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let stamp = Stamp {
            is_demo: false,
            endpoint: sim.endpoint(),
        };
        let mirror =
            Mirror::open(&dir.path().join("gatherd.db"), &stamp, chrono::Utc::now()).unwrap();
        let (networks, groups) = sim.with_world(|world| {
            let networks = world
                .networks()
                .map(|(_, network)| network.urlname.clone())
                .collect();
            (networks, world.outside())
        });
        let mut rig = Self {
            syncer: syncer(&sim, &mirror, &dir, page_size, points),
            sim,
            dir,
            mirror,
        };
        rig.sponsor(networks, groups);
        rig
    }

    /// Changes what is sponsored; the syncer starts afresh, as after a restart.
    pub fn sponsor(&mut self, networks: Vec<String>, groups: Vec<String>) {
        self.syncer = syncer_for(
            &self.sim,
            &self.mirror,
            &self.dir,
            100,
            100_000,
            networks,
            groups,
        );
    }

    pub async fn backfill(&self) -> Result<PassReport, SyncError> {
        self.syncer.backfill(&BackfillAsk::default()).await
    }

    pub async fn pass(&self) -> Result<PassReport, SyncError> {
        self.syncer
            .pass(PassAsk {
                sweep: false,
                work_units: true,
            })
            .await
    }

    pub async fn sweep(&self) -> Result<PassReport, SyncError> {
        self.syncer
            .pass(PassAsk {
                sweep: true,
                work_units: true,
            })
            .await
    }

    /// Rows of a query, each as text with `|` between columns.
    pub fn rows(&self, sql: &str) -> Vec<String> {
        self.mirror
            .read(|conn| {
                let mut statement = conn.prepare(sql)?;
                let columns = statement.column_count();
                let rows = statement.query_map([], |row| {
                    let texts: Result<Vec<String>, _> = (0..columns)
                        .map(|at| {
                            row.get::<_, rusqlite::types::Value>(at)
                                .map(|value| match value {
                                    rusqlite::types::Value::Null => "-".to_owned(),
                                    rusqlite::types::Value::Integer(it) => it.to_string(),
                                    rusqlite::types::Value::Real(it) => it.to_string(),
                                    rusqlite::types::Value::Text(it) => it,
                                    rusqlite::types::Value::Blob(_) => "blob".to_owned(),
                                })
                        })
                        .collect();
                    Ok(texts?.join("|"))
                })?;
                Ok(rows.collect::<Result<Vec<_>, _>>()?)
            })
            .unwrap()
    }

    /// Where the mirror's live rows differ from what the world shows; empty when they are equal.
    pub fn differences(&self) -> Vec<String> {
        let mut out = Vec::new();
        let iso = |at: i64| {
            chrono::DateTime::from_timestamp(at, 0)
                .unwrap()
                .format("%Y-%m-%dT%H:%M:%SZ")
                .to_string()
        };
        let null = |at: Option<i64>| at.map_or("-".to_owned(), iso);
        let text = |text: &str| {
            if text.trim().is_empty() {
                "-".to_owned()
            } else {
                text.trim().to_owned()
            }
        };
        let (mut groups, mut memberships, mut events, mut rsvps, mut hosts) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
        self.sim.with_world(|world| {
            let now = world.now();
            let outside = world.outside();
            for (at, group) in world.groups() {
                if group.is_deleted
                    || (group.network.is_none() && !outside.contains(&group.urlname))
                {
                    continue;
                }
                groups.push(format!(
                    "{}|{}|{}|{}|{}|{}",
                    group.id,
                    group.urlname,
                    text(&group.name),
                    text(&group.city),
                    group.status,
                    group.timezone
                ));
                for it in group
                    .memberships
                    .iter()
                    .filter(|it| it.is_in() && !it.is_hidden)
                {
                    memberships.push(format!(
                        "{}|{}|{}|{}|{}",
                        group.id,
                        world.person(it.person).id,
                        it.role.as_str(),
                        it.standing.as_str(),
                        iso(it.joined_at)
                    ));
                }
                for event_at in world.events_of(at) {
                    let event = world.event(event_at);
                    let status = world.status_of(event_at, now);
                    if event.is_deleted || status.as_str() == "DRAFT" || event.starts_at.is_none() {
                        continue;
                    }
                    events.push(format!(
                        "{}|{}|{}|{}|{}|{}|{}",
                        event.token,
                        event.id,
                        group.id,
                        text(&event.title),
                        status.as_str(),
                        null(event.starts_at),
                        null(event.ends_at())
                    ));
                    for host in event.hosts.iter().flatten() {
                        hosts.push(format!("{}|{}", event.token, world.person(*host).id));
                    }
                    for rsvp in event.shown_rsvps() {
                        rsvps.push(format!(
                            "{}|{}|{}|{}|{}|{}|{}",
                            event.token,
                            rsvp.id,
                            world.person(rsvp.person).id,
                            rsvp.answer.as_str(),
                            rsvp.guests,
                            u8::from(rsvp.is_host),
                            null(rsvp.updated_at)
                        ));
                    }
                }
            }
        });
        let live = "SELECT id FROM groups WHERE gone_at IS NULL";
        let mut compare = |what: &str, mut wanted: Vec<String>, sql: String| {
            let mut found = self.rows(&sql);
            wanted.sort();
            found.sort();
            let (a, b): (std::collections::BTreeSet<_>, std::collections::BTreeSet<_>) =
                (wanted.iter().collect(), found.iter().collect());
            out.extend(
                a.difference(&b)
                    .take(5)
                    .map(|row| format!("{what} missing: {row}")),
            );
            out.extend(
                b.difference(&a)
                    .take(5)
                    .map(|row| format!("{what} too many: {row}")),
            );
            if wanted.len() != found.len() && a == b {
                out.push(format!(
                    "{what}: {} rows, not {}",
                    found.len(),
                    wanted.len()
                ));
            }
        };
        compare(
            "group",
            groups,
            "SELECT id, urlname, name, city, status, timezone FROM groups WHERE gone_at IS NULL"
                .into(),
        );
        compare(
            "membership",
            memberships,
            format!(
                "SELECT group_id, member_id, role, status, joined_at FROM memberships WHERE gone_at IS NULL AND status IN ('ACTIVE','LEADER') AND group_id IN ({live})"
            ),
        );
        compare(
            "event",
            events,
            format!(
                "SELECT token, id, group_id, title, status, starts_at, ends_at FROM events WHERE gone_at IS NULL AND status <> 'DRAFT' AND starts_at IS NOT NULL AND group_id IN ({live})"
            ),
        );
        compare(
            "host",
            hosts,
            format!(
                "SELECT event_token, member_id FROM event_hosts WHERE event_token IN (SELECT token FROM events WHERE gone_at IS NULL AND status <> 'DRAFT' AND starts_at IS NOT NULL AND group_id IN ({live}))"
            ),
        );
        compare(
            "rsvp",
            rsvps,
            format!(
                "SELECT event_token, id, member_id, status, guest_count, is_host, updated_at FROM rsvps WHERE gone_at IS NULL AND event_token IN (SELECT token FROM events WHERE gone_at IS NULL AND status <> 'DRAFT' AND starts_at IS NOT NULL AND group_id IN ({live}))"
            ),
        );
        out
    }
}

fn syncer(
    sim: &Simulated,
    mirror: &Mirror,
    dir: &tempfile::TempDir,
    page_size: u32,
    points: u32,
) -> Syncer {
    syncer_for(sim, mirror, dir, page_size, points, Vec::new(), Vec::new())
}

fn syncer_for(
    sim: &Simulated,
    mirror: &Mirror,
    dir: &tempfile::TempDir,
    page_size: u32,
    points: u32,
    networks: Vec<String>,
    groups: Vec<String>,
) -> Syncer {
    let settings = MeetupSettings {
        endpoint: sim.endpoint().parse().unwrap(),
        token_endpoint: sim.token_endpoint().parse().unwrap(),
        sign_in: SignIn::AccessToken(TRIAL_TOKEN.to_owned().into()),
        max_concurrency: 2,
        page_size,
        state_dir: dir.path().join("state"),
        waits: quick(),
    };
    let meetup = Meetup::new(
        settings,
        sync::ledger(mirror, points, Duration::from_secs(60)),
    )
    .unwrap();
    Syncer::new(
        meetup,
        mirror.clone(),
        sync::Settings::new(networks, groups, 2),
    )
}
