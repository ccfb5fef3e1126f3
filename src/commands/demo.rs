//! `gatherd demo`: everything at once on a simulated Meetup, no account needed.
//!
//! The simulated community is served over real HTTP on loopback and mirrored by the same code that
//! mirrors the real one, into a database stamped as a demo: no other command takes it for a real one,
//! and a real one is never touched. Its clock starts three Mondays ago and ends at the real now.

mod clock;
mod mondays;
mod place;
mod telling;

use super::{Exit, bars::Bars, paging, print, said};
use crate::{
    app::{alerts, opening, outbox::Post, snapshot, snapshot::Snapshots},
    cli::{Demo, Global},
    community::Named,
    config::Config,
    daemon::{self, signals},
    demo::{Life, Receiver, Simulated, Switches, World},
    mirror::Stamp,
    report::{self, Style},
    sync::BackfillAsk,
};
use anyhow::{Context, Result};
use chrono::Utc;
use clock::Clock;
use mondays::Weeks;
use place::{Place, Served};
use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

/// A day of the community's life passes in so many seconds, once the demo is at the real now.
const DAY: Duration = Duration::from_secs(4);

pub(super) async fn run(global: &Global, args: &Demo) -> Result<Exit> {
    let started = Instant::now();
    let place = Place::choose(global.database.clone())?;
    let stamp = Stamp {
        is_demo: true,
        endpoint: "the simulated Meetup".to_owned(),
    };
    let lock = Arc::new(place.clear(&stamp).await?);
    let mondays = mondays::before(&Config::with_defaults(&place.database).schedule, Utc::now());
    let begins_at = mondays
        .first()
        .map_or_else(Utc::now, |first| *first - mondays::BEFORE);
    let world = World::demo(args.seed, args.groups as usize, begins_at);
    let (staff, outside) = (world.staff_ids(), world.outside());
    let meetup = Arc::new(
        Simulated::start(world, Switches::unlimited())
            .context("the simulated Meetup needs a free port on loopback")?,
    );
    let receiver =
        Receiver::start().context("the demo's receiver needs a free port on loopback")?;
    let door = place::door();
    let (config, written) = place.configure(&Served {
        meetup: &meetup,
        receiver: &receiver,
        staff: &staff,
        outside: &outside,
        pages: door.as_ref().and_then(|it| it.local_addr().ok()),
    })?;
    let database = opening::open(place.database.clone(), stamp, begins_at).await?;
    print(&format!(
        "A simulated Meetup with {} groups answers at {}.\nIts mirror is {}.\n",
        args.groups,
        meetup.endpoint(),
        place.database.display(),
    ))?;
    let clock = Clock::default();
    let by = clock.clone();
    let syncer = opening::syncer(&config, &database, opening::BUDGET_WINDOW)?
        .by_clock(Arc::new(move || by.now()));
    signals::listen(syncer.stop_switch());
    let style = paging::style(global);
    let weeks = Weeks {
        config: &config,
        database: &database,
        syncer: &syncer,
        meetup: &meetup,
        office: Post::open(&config, &database)?,
        clock: clock.clone(),
        style,
        mondays,
    };
    weeks.set(begins_at);
    let bars = Bars::show(&syncer);
    let ask = BackfillAsk::default();
    let backfilled = signals::finished(&syncer, syncer.backfill(&ask)).await;
    drop(bars);
    let backfilled = backfilled??;
    let (seen, took) = (syncer.progress().seen(), started.elapsed());
    print(&if said::is_routine(&backfilled) {
        format!(
            "Its history was read in {:.1} s: {} events, {} RSVPs, {} memberships.\n",
            took.as_secs_f64(),
            said::counted(seen.events),
            said::counted(seen.rsvps),
            said::counted(seen.memberships)
        )
    } else {
        said::pass("backfill", &backfilled, seen, took)
    })?;
    // How groups are found is no news; what changes from here on is.
    alerts::first_looks(&config, &database, &Snapshots::default(), begins_at).await?;
    receiver.on_message(move |message| {
        // A closed pipe ends the showing, not the demo.
        drop(print(&telling::arrived(message, style)));
    });
    let mut life = Life::new(args.seed);
    let named = signals::finished(&syncer, weeks.live(&mut life)).await??;
    // From here on it is now.
    clock.release();
    meetup.with_world(|world| world.freeze(None));
    let passed = signals::finished(&syncer, weeks.pass(false)).await??;
    let rule = "─".repeat(style.width);
    print(&format!("Now: {passed}\n\n{rule}\n"))?;
    let now = Utc::now();
    let report = snapshot::report(&config, &database, now, now).await?;
    print(&report::text(&report, style))?;
    print(&closer(&place, &written, named.first()))?;
    if args.once {
        return Ok(backfilled.outcome.into());
    }
    let pages = config.http.listen.map_or_else(String::new, |listen| {
        format!("See it all, and act on it: open http://{listen}/\n")
    });
    print(&format!(
        "\nNow the daemon runs: the community lives a day every {} s, the daemon looks every 10 s and sends\n\
         alerts to a small receiver here. Ctrl-C ends it.\n{pages}\n",
        DAY.as_secs(),
    ))?;
    let living = tokio::spawn(live(Arc::clone(&meetup), life, style));
    let life = daemon::Life::with(config, &database, syncer)?;
    if let Some(door) = door {
        life.take_door(door);
    }
    let served = daemon::serve(&life, &lock).await;
    living.abort();
    served?;
    Ok(Exit::Done)
}

/// Commands that read what the demo leaves, as they are typed here.
fn closer(place: &Place, config: &Path, named: Option<&Named>) -> String {
    let program = std::env::args_os().next().unwrap_or_default();
    let program = typed(Path::new(&program));
    let config = typed(config);
    let letter = named.map_or_else(String::new, |named| format!("letter {} ", named.urlname));
    let commands = ["report ", "digest ", "groups ", "status ", letter.as_str()];
    let mut text = String::from("\nLook closer at these figures, as long as you like:\n");
    for command in commands.iter().filter(|it| !it.is_empty()) {
        text.push_str(&format!("  {program} {command}--config {config}\n"));
    }
    if let Some(dir) = &place.made {
        text.push_str(&format!("  rm -r {}    forgets them\n", typed(dir)));
    }
    text
}

/// A path as a shell takes it.
fn typed(path: &Path) -> String {
    let text = path.to_string_lossy();
    let is_plain = |c: char| c.is_alphanumeric() || "/._-:\\".contains(c);
    if text.chars().all(is_plain) {
        text.into_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

/// Lets the community live, and tells what happens.
async fn live(meetup: Arc<Simulated>, mut life: Life, style: Style) {
    let mut days = tokio::time::interval(DAY);
    days.tick().await;
    loop {
        days.tick().await;
        let now = Utc::now().timestamp();
        let (counted, told) = meetup.with_world(|world| {
            let happened = life.day(world, now);
            telling::day(world, &happened, style)
        });
        if print(&format!("day {}: {counted}\n{told}", life.days())).is_err() {
            return;
        }
    }
}
