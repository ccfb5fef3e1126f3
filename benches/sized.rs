//! Measures the real binary on a simulated Meetup of asked size, served from another process.
//!
//! `cargo bench --bench sized` takes 250 groups, 5,000 events, 150,000 RSVPs and 130,000 memberships;
//! four numbers after `--` take others. It prints, and judges nothing: requests beside the least that
//! the page sizes allow, gatherd's own CPU time and peak memory, and wall times.
#![allow(missing_docs, clippy::unwrap_used)]

use gatherd::demo::{Simulated, Switches, TRIAL_TOKEN, World};
use gatherd::meetup::{EVENTS_PER_PAGE, RIDING_RSVPS};
use nix::sys::resource::{UsageWho, getrusage};
use std::{
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

const PAGE: usize = 500;

fn main() {
    let sizes: Vec<usize> = std::env::args()
        .filter_map(|word| word.parse().ok())
        .collect();
    let [groups, events, rsvps, memberships] = sizes[..] else {
        return measure(250, 5_000, 150_000, 130_000);
    };
    measure(groups, events, rsvps, memberships);
}

fn measure(groups: usize, events: usize, rsvps: usize, memberships: usize) {
    let made = Instant::now();
    let world = World::sized(1, groups, events, rsvps, memberships, chrono::Utc::now());
    let tally = world.tally();
    println!(
        "world: {} groups, {} events, {} RSVPs, {} memberships (made in {:.1} s)",
        tally.groups,
        tally.events,
        tally.rsvps,
        tally.memberships,
        made.elapsed().as_secs_f64()
    );
    let (bound, hot) = bounds(&world);
    let sim = Simulated::start(world, Switches::unlimited()).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let config = format!(
        "database = \"gatherd.db\"\n[meetup]\nendpoint = \"{}\"\ntoken_endpoint = \"{}\"\naccess_token = \"{TRIAL_TOKEN}\"\n\
         points_per_minute = 1000000\npage_size = {PAGE}\n[[network]]\nurlname = \"sized\"\n",
        sim.endpoint(),
        sim.token_endpoint()
    );
    std::fs::write(dir.path().join("gatherd.toml"), config).unwrap();
    let requests = || sim.counters().requests;

    run(dir.path(), &["backfill"], "backfill");
    println!(
        "          {} requests, the least is {bound} (pages of {PAGE}, {EVENTS_PER_PAGE} events with {RIDING_RSVPS} RSVPs riding): {:.3} times it",
        requests(),
        requests() as f64 / bound as f64
    );
    for _ in 0..3 {
        sim.reset_counters();
        run(dir.path(), &["sync"], "sync");
        println!(
            "          {} requests, the least is {}",
            requests(),
            groups.div_ceil(PAGE) + hot.div_ceil(PAGE)
        );
    }
    for _ in 0..3 {
        run(dir.path(), &["report", "--format", "json"], "report");
    }
    sim.reset_counters();
    run(dir.path(), &["sync", "--sweep"], "sweep");
    println!("          {} requests", requests());
    let bytes = std::fs::metadata(dir.path().join("gatherd.db"))
        .unwrap()
        .len();
    println!("database  {:.1} MB", bytes as f64 / 1e6);
}

/// The least a backfill asks with these pages, and the events of the hot window.
fn bounds(world: &World) -> (usize, usize) {
    let groups = world.groups().count();
    let members: usize = world
        .groups()
        .map(|(_, group)| {
            group
                .memberships
                .iter()
                .filter(|it| it.is_in())
                .count()
                .div_ceil(PAGE)
        })
        .sum();
    let overflow: usize = world
        .events()
        .map(|(_, event)| {
            event
                .shown_rsvps()
                .count()
                .saturating_sub(RIDING_RSVPS as usize)
                .div_ceil(PAGE)
        })
        .sum();
    let hot_from = world.now() - 45 * 86_400;
    let hot = world
        .events()
        .filter(|(_, event)| event.starts_at.is_some_and(|at| at >= hot_from))
        .count();
    let events = world.events().count();
    (
        groups.div_ceil(PAGE) + events.div_ceil(EVENTS_PER_PAGE as usize) + overflow + members,
        hot,
    )
}

fn run(dir: &Path, args: &[&str], name: &str) {
    let before = cpu();
    let started = Instant::now();
    let status = Command::new(env!("CARGO_BIN_EXE_gatherd"))
        .args(args)
        .arg("--quiet")
        .current_dir(dir)
        .stdout(Stdio::null())
        .status()
        .unwrap();
    let wall = started.elapsed().as_secs_f64();
    println!(
        "{name:<9} {wall:.2} s wall, {:.2} s own CPU, {status}; peak memory of any so far {} MB",
        cpu() - before,
        peak()
    );
}

fn cpu() -> f64 {
    let used = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap();
    let seconds =
        |time: nix::sys::time::TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6;
    seconds(used.user_time()) + seconds(used.system_time())
}

fn peak() -> i64 {
    getrusage(UsageWho::RUSAGE_CHILDREN).unwrap().max_rss() / 1_000
}
