//! `gatherd demo`: everything at once on a simulated Meetup, no account needed.
//!
//! The simulated community is served over real HTTP on loopback and mirrored by the same code that
//! mirrors the real one, into a database stamped as a demo: no other command takes it for a real one,
//! and a real one is never touched. Unless told where to keep it, it goes with the program.

use super::{Exit, bars::Bars, print, said};
use crate::{
    app::{opening, snapshot},
    cli::{Demo, Global},
    community::{Access, MemberId},
    config::{Channel, Config, Kind, Line, Memory, Sends, SignIn},
    daemon::{self, signals},
    demo::world::DEMO_NETWORK,
    demo::{Happening, Life, Received, Receiver, Simulated, Switches, TRIAL_TOKEN, World},
    mirror::{PassLock, Stamp},
    report::{self, Style, clean},
    sync::BackfillAsk,
    telemetry::Colour,
};
use anyhow::{Context, Result, anyhow};
use chrono::Utc;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// A day of the community's life passes in so many seconds.
const DAY: Duration = Duration::from_secs(4);
/// Happenings of a day that are told one by one.
const TOLD: usize = 3;
/// What the daemon does how often, in the demo.
const POLL: &str = "*/5 * * * * *";
const DIGEST: &str = "*/20 * * * * *";

pub(super) async fn run(global: &Global, args: &Demo) -> Result<Exit> {
    let started = Instant::now();
    let place = Place::choose(global.database.clone())?;
    let stamp = Stamp {
        is_demo: true,
        endpoint: "the simulated Meetup".to_owned(),
    };
    let lock = Arc::new(place.clear(&stamp).await?);
    let now = Utc::now();
    let world = World::demo(args.seed, args.groups as usize, now);
    let staff = world.staff_ids();
    let outside = world.outside();
    let meetup = Arc::new(
        Simulated::start(world, Switches::unlimited())
            .context("the simulated Meetup needs a free port on loopback")?,
    );
    let receiver =
        Receiver::start().context("the demo's receiver needs a free port on loopback")?;
    let config = config(&place.database, &meetup, &receiver, staff, outside)?;
    let database = opening::open(place.database.clone(), stamp).await?;
    print(&format!(
        "A simulated Meetup with {} groups answers at {}.\nIts mirror is {}{}.\n\n",
        args.groups,
        meetup.endpoint(),
        place.database.display(),
        if place.is_kept() {
            ""
        } else {
            ", and goes when the demo ends"
        },
    ))?;
    let syncer = opening::syncer(&config, &database, opening::BUDGET_WINDOW)?;
    signals::listen(syncer.stop_switch());
    let bars = Bars::show(&syncer);
    let ask = BackfillAsk::default();
    let backfilled = signals::finished(&syncer, syncer.backfill(&ask)).await;
    drop(bars);
    let backfilled = backfilled??;
    print(
        &(said::pass(
            "backfill",
            &backfilled,
            syncer.progress().seen(),
            started.elapsed(),
        ) + "\n"),
    )?;
    let env = |name: &str| std::env::var(name).ok();
    let style = Style {
        colour: Colour::from(global.color).on_stdout(&env),
        width: super::paging::columns(),
    };
    let (reporting, now) = (config.clone(), Utc::now());
    let report = database.with(move |mirror| snapshot::report(&reporting, mirror, now, now));
    print(&report::text(&report.await?, style))?;
    if args.once {
        return Ok(backfilled.outcome.into());
    }
    print(&format!(
        "\nNow the daemon runs: the community lives a day every {} s, and every {} s the daemon looks.\n\
         A digest goes to a small receiver here every 20 s. Ctrl-C ends it. Meanwhile, in another terminal:\n  \
         gatherd report --database {}\n\n",
        DAY.as_secs(),
        5,
        place.database.display()
    ))?;
    let mut messages = 0;
    receiver.on_message(move |message| {
        messages += 1;
        // A closed pipe ends the showing, not the demo.
        drop(print(&shown(message, messages)));
    });
    let living = tokio::spawn(live(Arc::clone(&meetup), args.seed));
    let life = daemon::Life::with(config, &database, syncer)?;
    let served = daemon::serve(&life, &lock).await;
    living.abort();
    served?;
    Ok(Exit::Done)
}

/// The configuration that a user of the simulated network would write.
fn config(
    database: &Path,
    meetup: &Simulated,
    receiver: &Receiver,
    staff: Vec<String>,
    outside: Vec<String>,
) -> Result<Config> {
    let line = |text: &str| Line::parse(text).map_err(|error| anyhow!("{text}: {error}"));
    let mut config = Config::with_defaults(database);
    config.meetup.endpoint = meetup.endpoint().parse()?;
    config.meetup.token_endpoint = meetup.token_endpoint().parse()?;
    config.meetup.sign_in = Some(SignIn::AccessToken(TRIAL_TOKEN.to_owned().into()));
    config.meetup.points_per_minute = 1_000_000;
    config.networks = vec![DEMO_NETWORK.to_owned()];
    config.groups = outside;
    config.staff = Some(staff.into_iter().map(MemberId).collect());
    config.schedule.poll = line(POLL)?;
    config.channels = vec![Channel {
        name: "monday".to_owned(),
        kind: Kind::Slack,
        url: receiver.url("/slack").into(),
        sends: vec![Sends::Digest, Sends::Alerts, Sends::Operator],
        access: Access::default(),
        digest: Some(line(DIGEST)?),
        memory: Memory::default(),
    }];
    Ok(config)
}

/// Lets the community live, and tells what happens.
async fn live(meetup: Arc<Simulated>, seed: u64) {
    let mut life = Life::new(seed);
    let mut days = tokio::time::interval(DAY);
    days.tick().await;
    loop {
        days.tick().await;
        let now = Utc::now().timestamp();
        let told = meetup.with_world(|world| {
            let happened = life.day(world, now);
            format!("day {}: {}\n", life.days(), told(world, &happened))
        });
        if print(&told).is_err() {
            return;
        }
    }
}

/// A day in a line or a few: answers and members counted, what matters to a group told.
fn told(world: &World, happened: &[Happening]) -> String {
    let count = |of: fn(&Happening) -> bool| happened.iter().filter(|it| of(it)).count();
    let answers = count(|it| {
        matches!(
            it,
            Happening::Answered(..) | Happening::Guests(..) | Happening::TookBack(..)
        )
    });
    let mut text = format!(
        "{answers} answers, {} joined, {} left",
        count(|it| matches!(it, Happening::Joined(..))),
        count(|it| matches!(it, Happening::Left(..)))
    );
    let plain = |it: &&Happening| {
        !matches!(
            it,
            Happening::Answered(..)
                | Happening::Guests(..)
                | Happening::TookBack(..)
                | Happening::Joined(..)
                | Happening::Left(..)
        )
    };
    for happening in happened.iter().filter(plain).take(TOLD) {
        text.push_str(&format!("\n  {}", clean(&happening.tell(world))));
    }
    text
}

/// A delivered message: the first in full, the others in a line.
fn shown(message: &Received, nth: usize) -> String {
    let text = message.json["text"].as_str().unwrap_or("");
    if nth > 1 {
        return format!("message {nth} delivered: {}\n", clean(text));
    }
    let mut out = format!("message {nth} delivered to the receiver:\n");
    for block in message.json["blocks"].as_array().into_iter().flatten() {
        let texts = std::iter::once(&block["text"]["text"]).chain(
            block["elements"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|element| &element["text"]),
        );
        for line in texts.filter_map(|text| text.as_str()).flat_map(str::lines) {
            out.push_str(&format!("  │ {}\n", clean(line)));
        }
    }
    out
}

/// Where the demo's database lies; a temporary place is the user's own and goes when dropped.
struct Place {
    database: PathBuf,
    temporary: Option<TempDir>,
}

impl Place {
    fn choose(database: Option<PathBuf>) -> Result<Self> {
        if let Some(database) = database {
            return Ok(Self {
                database,
                temporary: None,
            });
        }
        let dir = tempfile::Builder::new()
            .prefix("gatherd-demo-")
            .tempdir()
            .context("the demo needs a temporary directory")?;
        Ok(Self {
            database: dir.path().join("demo.db"),
            temporary: Some(dir),
        })
    }

    fn is_kept(&self) -> bool {
        self.temporary.is_none()
    }

    /// Takes the lock, and the database of an earlier demo out of the way: each demo is a community of
    /// its own. Anything but a demo's database is refused.
    async fn clear(&self, stamp: &Stamp) -> Result<PassLock> {
        if !self.database.exists() {
            return opening::lock_of(&self.database, false).await;
        }
        drop(opening::open(self.database.clone(), stamp.clone()).await?);
        let lock = opening::lock_of(&self.database, false).await?;
        for end in ["", "-wal", "-shm"] {
            let mut path = self.database.clone().into_os_string();
            path.push(end);
            match std::fs::remove_file(&path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(error).with_context(|| {
                        format!(
                            "the earlier demo's {} cannot be removed",
                            Path::new(&path).display()
                        )
                    });
                }
                _ => {}
            }
        }
        Ok(lock)
    }
}
