//! Measures the real binary on a simulated Meetup of asked size, served from another process.
//!
//! `cargo bench --bench sized` takes the communities S and M; `-- L` (or S, M, or four numbers: groups, events,
//! RSVPs, memberships) takes others, and `--keep FOLDER` leaves the mirror there as the backfill made it. It prints and judges nothing but one thing: whether the mirror has as many
//! rows as Meetup shows, after everything. `benches/README.md` says what the columns are.
#![allow(missing_docs, clippy::unwrap_used)]

use gatherd::demo::{Simulated, Switches, TRIAL_TOKEN, Tally, World};
use gatherd::meetup::{EVENTS_PER_PAGE, RIDING_RSVPS};
use nix::sys::resource::{UsageWho, getrusage};
use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

const PAGE: usize = 500;
/// How often a figure that is cheap is taken; the median is told.
const RUNS: usize = 5;

/// A daemon that asks nothing for so long is idle.
const QUIET: Duration = Duration::from_secs(10);

/// Groups, events, RSVPs, memberships.
type Size = (usize, usize, usize, usize);
const S: Size = (20, 500, 15_000, 10_000);
const M: Size = (250, 5_000, 150_000, 130_000);
const L: Size = (1_000, 200_000, 10_000_000, 1_000_000);

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let numbers: Vec<usize> = words.iter().filter_map(|word| word.parse().ok()).collect();
    if let [groups, events, rsvps, memberships] = numbers[..] {
        return measure("own", (groups, events, rsvps, memberships), None);
    }
    let kept = words.iter().position(|word| word == "--keep");
    let kept = kept.and_then(|at| words.get(at + 1)).map(PathBuf::from);
    let named = |name: &str| words.iter().any(|word| word == name);
    let is_any = ["S", "M", "L"].iter().any(|name| named(name));
    for (name, size) in [("S", S), ("M", M), ("L", L)] {
        if named(name) || (!is_any && name != "L") {
            measure(name, size, kept.as_deref());
        }
    }
}

fn measure(name: &str, (groups, events, rsvps, memberships): Size, kept: Option<&Path>) {
    let world = World::skewed(1, groups, events, rsvps, memberships, chrono::Utc::now());
    let tally = world.tally();
    println!(
        "\n{name}: {} groups, {} events, {} RSVPs, {} memberships",
        tally.groups, tally.events, tally.rsvps, tally.memberships
    );
    println!(
        "{:<34} {:>8} {:>8} {:>8} {:>9} {:>9} {:>7}",
        "", "wall s", "CPU s", "peak MB", "MB read", "MB writ.", "asked"
    );
    let (bound, hot) = bounds(&world);
    let urlname = world
        .groups()
        .next()
        .map(|(_, group)| group.urlname.clone());
    let sim = Simulated::start(world, Switches::unlimited()).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let config = format!(
        "database = \"gatherd.db\"\n[meetup]\nendpoint = \"{}\"\ntoken_endpoint = \"{}\"\naccess_token = \"{TRIAL_TOKEN}\"\n\
         points_per_minute = 1000000\npage_size = {PAGE}\n[[network]]\nurlname = \"sized\"\n",
        sim.endpoint(),
        sim.token_endpoint()
    );
    let file = dir.path().join("gatherd.toml");
    std::fs::write(&file, config).unwrap();
    // For nobody else's eyes: a warning at every start would be all that is seen.
    #[cfg(unix)]
    std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let take = |told: &str, runs: usize, args: &[&str]| {
        let mut taken: Vec<Taken> = (0..runs)
            .map(|_| {
                sim.reset_counters();
                let mut taken = run(dir.path(), args);
                taken.asked = sim.counters().requests;
                taken
            })
            .collect();
        taken.sort_by(|a, b| a.cpu.total_cmp(&b.cpu));
        taken[taken.len() / 2].tell(told);
    };
    take("backfill", 1, &["backfill"]);
    let asked = sim.counters();
    println!(
        "points of the backfill: {} by root field, {} with one more for a hundred rows, {} with one more for each row",
        asked.points,
        asked.points + asked.rows / 100,
        asked.points + asked.rows
    );
    if let Some(kept) = kept {
        std::fs::copy(dir.path().join("gatherd.db"), kept.join("gatherd.db")).unwrap();
    }
    take("sync, nothing new", RUNS, &["sync"]);
    take("report", RUNS, &["report", "--format", "json"]);
    if let Some(urlname) = &urlname {
        take("report --group", RUNS, &["report", "--group", urlname]);
        let key = ["--explain", "repeat.repeat_rate", "--group", urlname];
        take(
            "report --group --explain",
            RUNS,
            &[&["report"], &key[..]].concat(),
        );
    }
    take("sync --sweep, nothing new", 1, &["sync", "--sweep"]);
    let bytes = std::fs::metadata(dir.path().join("gatherd.db"))
        .unwrap()
        .len();
    println!(
        "database {:.1} MB; the least that backfill and sync can ask with these pages: {bound} and {}",
        bytes as f64 / 1e6,
        groups.div_ceil(PAGE) + hot.div_ceil(PAGE)
    );
    println!(
        "as many rows as Meetup shows: {}",
        yes(rows(dir.path()) == tally)
    );
    if let Some((idle, peak)) = daemon(&file, || sim.counters().requests) {
        println!("daemon after its own backfill: {idle:.0} MB idle, {peak:.0} MB at most");
    }
    let tally = sim.with_world(|world| {
        let oldest = world.events().next().map(|(at, _)| at);
        oldest.inspect(|at| world.delete_event(*at));
        world.tally()
    });
    take("sync --sweep, an event deleted", 1, &["sync", "--sweep"]);
    println!(
        "as many rows as Meetup shows: {}",
        yes(rows(dir.path()) == tally)
    );
}

fn yes(is_so: bool) -> &'static str {
    if is_so { "yes" } else { "NO" }
}

/// The rows of the mirror that stand.
fn rows(dir: &Path) -> Tally {
    let conn = rusqlite::Connection::open(dir.join("gatherd.db")).unwrap();
    let count = |what: &str| -> usize {
        let sql = format!("SELECT count(*) FROM {what}");
        let rows: i64 = conn.query_row(&sql, [], |row| row.get(0)).unwrap();
        usize::try_from(rows).unwrap()
    };
    Tally {
        groups: count("groups WHERE gone_at IS NULL"),
        events: count("events WHERE gone_at IS NULL"),
        rsvps: count(
            "rsvps r JOIN events e ON e.token = r.event_token WHERE r.gone_at IS NULL AND e.gone_at IS NULL",
        ),
        memberships: count("memberships WHERE gone_at IS NULL"),
    }
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

/// What a run took.
#[derive(Default)]
struct Taken {
    wall: f64,
    cpu: f64,
    /// As the kernel tells while it runs (Linux alone).
    peak_mb: f64,
    read_mb: f64,
    written_mb: f64,
    asked: u64,
}

impl Taken {
    fn tell(&self, what: &str) {
        println!(
            "{what:<34} {:>8.2} {:>8.2} {:>8.0} {:>9.1} {:>9.1} {:>7}",
            self.wall, self.cpu, self.peak_mb, self.read_mb, self.written_mb, self.asked
        );
    }
}

fn run(dir: &Path, args: &[&str]) -> Taken {
    let (before, started) = (cpu(), Instant::now());
    let mut child = Command::new(env!("CARGO_BIN_EXE_gatherd"))
        .args(args)
        .arg("--quiet")
        .current_dir(dir)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut taken = Taken::default();
    let status = loop {
        let of = format!("/proc/{}", child.id());
        let read = |name: &str| std::fs::read_to_string(format!("{of}/{name}")).unwrap_or_default();
        taken.peak_mb = number(&read("status"), "VmHWM:").map_or(taken.peak_mb, |kb| kb / 1e3);
        let io = read("io");
        taken.read_mb = number(&io, "rchar:").map_or(taken.read_mb, |bytes| bytes / 1e6);
        taken.written_mb = number(&io, "wchar:").map_or(taken.written_mb, |bytes| bytes / 1e6);
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    assert!(status.success(), "{args:?}: {status}");
    taken.wall = started.elapsed().as_secs_f64();
    taken.cpu = cpu() - before;
    taken
}

/// Lets the daemon fill a mirror of its own; what it holds in the end, and held at most, in MB. None where the
/// system does not tell, or it ended by itself.
fn daemon(config: &Path, asked: impl Fn() -> u64) -> Option<(f64, f64)> {
    let dir = tempfile::tempdir().unwrap();
    std::fs::copy(config, dir.path().join("gatherd.toml")).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_gatherd"))
        .args(["run", "--quiet"])
        .current_dir(dir.path())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let (mut before, mut quiet_since) = (asked(), Instant::now());
    while quiet_since.elapsed() < QUIET && child.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(100));
        if asked() != before {
            (before, quiet_since) = (asked(), Instant::now());
        }
    }
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id()));
    child.kill().unwrap();
    child.wait().unwrap();
    let status = status.ok()?;
    let (idle, peak) = (number(&status, "VmRSS:")?, number(&status, "VmHWM:")?);
    Some((idle / 1e3, peak / 1e3))
}

fn number(text: &str, name: &str) -> Option<f64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

fn cpu() -> f64 {
    let used = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap();
    let seconds =
        |time: nix::sys::time::TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6;
    seconds(used.user_time()) + seconds(used.system_time())
}
