//! A rig: the simulated Meetup over HTTP, a real database file, and production code between them.

use gatherd::demo::world::GroupAt;
use gatherd::demo::{
    CLIENT_ID, CLIENT_SECRET, SEED_REFRESH_TOKEN, Simulated, Switches, TRIAL_TOKEN, World,
};
use gatherd::meetup::{Meetup, Settings as MeetupSettings, SignIn, Waits};
use gatherd::mirror::{Mirror, Stamp};
use gatherd::sync::{self, BackfillAsk, PassAsk, PassReport, SyncError, Syncer};
use std::time::Duration;

pub struct Rig {
    pub sim: Simulated,
    pub dir: tempfile::TempDir,
    pub mirror: Mirror,
    pub syncer: Syncer,
    means: Means,
    networks: Vec<String>,
    groups: Vec<String>,
}

/// How gatherd asks: page size, budget and patience.
#[derive(Debug, Clone)]
pub struct Means {
    pub page_size: u32,
    pub points: u32,
    pub window: Duration,
    pub waits: Waits,
    /// Signs in with a refresh token rather than with a trial's access token.
    pub renews: bool,
}

impl Default for Means {
    fn default() -> Self {
        Self {
            page_size: 100,
            points: 100_000,
            window: Duration::from_secs(60),
            waits: quick(),
            renews: false,
        }
    }
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
        Self::with(world, switches, Means::default())
    }

    pub fn with(world: World, switches: Switches, means: Means) -> Self {
        let sim = Simulated::start(world, switches).unwrap();
        let dir = tempfile::tempdir().unwrap();
        let mirror = open(&sim, &dir);
        let (networks, groups): (Vec<String>, Vec<String>) = sim.with_world(|world| {
            let networks = world
                .networks()
                .map(|(_, network)| network.urlname.clone())
                .collect();
            (networks, world.outside())
        });
        Self {
            syncer: syncer(&sim, &mirror, &dir, &means, &networks, &groups),
            sim,
            dir,
            mirror,
            means,
            networks,
            groups,
        }
    }

    /// The program starts again on the same database.
    pub fn restart(&mut self) {
        self.mirror = self.opened_again();
        let (mirror, means) = (&self.mirror, &self.means);
        self.syncer = syncer(
            &self.sim,
            mirror,
            &self.dir,
            means,
            &self.networks,
            &self.groups,
        );
    }

    /// The networks and groups that are sponsored by the configuration.
    pub fn configured(&self) -> (Vec<String>, Vec<String>) {
        (self.networks.clone(), self.groups.clone())
    }

    /// The program starts again under another configuration.
    pub fn configure(&mut self, networks: &[String], groups: &[String]) {
        self.networks = networks.to_vec();
        self.groups = groups.to_vec();
        self.restart();
    }

    /// The database once more, as another process would open it.
    pub fn opened_again(&self) -> Mirror {
        open(&self.sim, &self.dir)
    }

    /// One more way to Meetup under the same budget, over this database handle.
    pub fn meetup(&self, mirror: &Mirror) -> Meetup {
        meetup(&self.sim, mirror, &self.dir, &self.means)
    }

    /// A syncer that remembers nothing, as another process would have it.
    pub fn another_syncer(&self) -> Syncer {
        let networks: Vec<String> = self.sim.with_world(|world| {
            let networks = world.networks();
            networks
                .map(|(_, network)| network.urlname.clone())
                .collect()
        });
        syncer(
            &self.sim,
            &self.mirror,
            &self.dir,
            &self.means,
            &networks,
            &self.groups,
        )
    }

    /// The same program with nobody at Meetup's address.
    pub fn without_meetup(&self) -> Syncer {
        let nowhere = "http://127.0.0.1:1/".parse().unwrap();
        let settings = MeetupSettings {
            endpoint: nowhere,
            ..settings(&self.sim, &self.dir, &self.means)
        };
        let ledger = sync::ledger(&self.mirror, self.means.points, self.means.window);
        let meetup = Meetup::new(settings, ledger).unwrap();
        let scope = sync::Settings::new(self.networks.clone(), self.groups.clone(), 2);
        Syncer::new(meetup, self.mirror.clone(), scope)
    }

    /// Changes the database behind the program's back.
    pub fn meddle(&self, sql: &str) {
        let conn = rusqlite::Connection::open(self.mirror.path()).unwrap();
        conn.execute_batch(sql).unwrap();
    }

    /// Makes everything that waits for a later attempt due now.
    pub fn let_time_pass(&self) {
        self.meddle(
            "UPDATE group_row SET retry_at = 1 WHERE retry_at IS NOT NULL;
             UPDATE unit_row SET next_due = 1 WHERE state = 'due' AND next_due < 1000000000000;",
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
        rows(&self.mirror, sql)
    }

    /// Where the mirror's live rows differ from what the world shows; empty when they are equal.
    pub fn differences(&self) -> Vec<String> {
        self.differences_apart_from(&[])
    }

    /// The same, without what belongs to these groups.
    pub fn differences_apart_from(&self, apart: &[GroupAt]) -> Vec<String> {
        differences(&self.sim, &self.mirror, &self.groups, apart)
    }

    /// Rows that the mirror calls gone though Meetup shows them.
    pub fn falsely_gone(&self) -> Vec<String> {
        falsely_gone(&self.sim, &self.mirror)
    }
}

/// Rows of a query, each as text with `|` between columns.
pub fn rows(mirror: &Mirror, sql: &str) -> Vec<String> {
    mirror
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
pub fn differences(
    sim: &Simulated,
    mirror: &Mirror,
    outside: &[String],
    apart: &[GroupAt],
) -> Vec<String> {
    let mut out = Vec::new();
    let mut invisible = Vec::new();
    let iso = |at: i64| {
        chrono::DateTime::from_timestamp(at, 0)
            .unwrap()
            .format("%Y-%m-%dT%H:%M:%SZ")
            .to_string()
    };
    // Who was forgotten is somebody else here.
    let who = |id: u64| {
        let id = gatherd::community::MemberId(id.to_string());
        mirror
            .read(|conn| gatherd::mirror::known_as(conn, &id))
            .unwrap()
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
    sim.with_world(|world| {
        let now = world.now();
        for (at, group) in world.groups() {
            let is_sponsored = group.network.is_some() || outside.contains(&group.urlname);
            if !is_sponsored || apart.contains(&at) {
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
                    who(world.person(it.person).id),
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
                    hosts.push(format!("{}|{}", event.token, who(world.person(*host).id)));
                }
                if event.shown_rsvps().next().is_none() && !event.rsvps.is_empty() {
                    // Counted and not one shown: not visible, so what is known of it stands.
                    invisible.push(format!("'{}'", event.token));
                }
                for rsvp in event.shown_rsvps() {
                    rsvps.push(format!(
                        "{}|{}|{}|{}|{}|{}|{}",
                        event.token,
                        rsvp.id,
                        who(world.person(rsvp.person).id),
                        rsvp.answer.as_str(),
                        rsvp.guests,
                        u8::from(rsvp.is_host),
                        null(rsvp.updated_at)
                    ));
                }
            }
        }
    });
    let ids: Vec<String> = sim.with_world(|world| {
        let ids = apart.iter().map(|at| format!("'{}'", world.group(*at).id));
        ids.collect()
    });
    let live = format!(
        "SELECT id FROM groups WHERE gone_at IS NULL AND id NOT IN ({})",
        ids.join(",")
    );
    let mut compare = |what: &str, mut wanted: Vec<String>, sql: String| {
        let mut found = rows(mirror, &sql);
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
        format!(
            "SELECT id, urlname, name, city, status, timezone FROM groups WHERE id IN ({live})"
        ),
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
            "SELECT event_token, id, member_id, status, guest_count, is_host, updated_at FROM rsvps WHERE gone_at IS NULL AND event_token NOT IN ({}) AND event_token IN (SELECT token FROM events WHERE gone_at IS NULL AND status <> 'DRAFT' AND starts_at IS NOT NULL AND group_id IN ({live}))",
            invisible.join(",")
        ),
    );
    out
}

/// Rows that the mirror calls gone though Meetup shows them.
pub fn falsely_gone(sim: &Simulated, mirror: &Mirror) -> Vec<String> {
    let mut shown = std::collections::HashSet::new();
    sim.with_world(|world| {
        for (at, group) in world.groups().filter(|(_, group)| group.network.is_some()) {
            shown.insert(format!("group {}", group.id));
            for it in group
                .memberships
                .iter()
                .filter(|it| it.is_in() && !it.is_hidden)
            {
                shown.insert(format!(
                    "member {} {}",
                    group.id,
                    world.person(it.person).id
                ));
            }
            for event in world.events_of(at).map(|at| world.event(at)) {
                shown.insert(format!("event {}", event.token));
                let rsvps = event.shown_rsvps();
                shown.extend(rsvps.map(|rsvp| format!("rsvp {} {}", event.token, rsvp.id)));
            }
        }
    });
    rows(
        mirror,
        "SELECT 'group ' || id FROM groups WHERE gone_at IS NOT NULL
         UNION ALL SELECT 'member ' || group_id || ' ' || member_id FROM memberships WHERE gone_at IS NOT NULL
         UNION ALL SELECT 'event ' || token FROM events WHERE gone_at IS NOT NULL
         UNION ALL SELECT 'rsvp ' || event_token || ' ' || id FROM rsvps WHERE gone_at IS NOT NULL",
    )
    .into_iter()
    .filter(|row| shown.contains(row))
    .collect()
}

fn open(sim: &Simulated, dir: &tempfile::TempDir) -> Mirror {
    let stamp = Stamp {
        is_demo: false,
        endpoint: sim.endpoint(),
    };
    Mirror::open(&dir.path().join("gatherd.db"), &stamp, chrono::Utc::now()).unwrap()
}

fn meetup(sim: &Simulated, mirror: &Mirror, dir: &tempfile::TempDir, means: &Means) -> Meetup {
    let ledger = sync::ledger(mirror, means.points, means.window);
    Meetup::new(settings(sim, dir, means), ledger).unwrap()
}

/// How gatherd reaches the simulated Meetup.
pub fn settings(sim: &Simulated, dir: &tempfile::TempDir, means: &Means) -> MeetupSettings {
    MeetupSettings {
        endpoint: sim.endpoint().parse().unwrap(),
        token_endpoint: sim.token_endpoint().parse().unwrap(),
        sign_in: if means.renews {
            SignIn::Refresh {
                client_id: CLIENT_ID.to_owned(),
                client_secret: CLIENT_SECRET.to_owned().into(),
                refresh_token: Some(SEED_REFRESH_TOKEN.to_owned().into()),
            }
        } else {
            SignIn::AccessToken(TRIAL_TOKEN.to_owned().into())
        },
        max_concurrency: 2,
        page_size: means.page_size,
        network_access: Default::default(),
        state_dir: dir.path().join("state"),
        waits: means.waits.clone(),
    }
}

fn syncer(
    sim: &Simulated,
    mirror: &Mirror,
    dir: &tempfile::TempDir,
    means: &Means,
    networks: &[String],
    groups: &[String],
) -> Syncer {
    Syncer::new(
        meetup(sim, mirror, dir, means),
        mirror.clone(),
        sync::Settings::new(networks.to_vec(), groups.to_vec(), 2),
    )
}
