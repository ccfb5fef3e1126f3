//! Killed at any moment, the program loses at most what it had in hand.

mod delivery;
mod migration;
mod tokens;

use crate::program::{Program, Running, until};
use crate::rig;
use gatherd::demo::{Dice, PageCaps, Switches, World};
use gatherd::meetup::{EVENTS_PER_PAGE, RIDING_RSVPS};
use std::time::{Duration, Instant};

const NONE: Vec<String> = Vec::new();
const OUTSIDE: &str = "sized-group-0009";
/// Rows per page of everything.
const PAGE: usize = 20;

/// How often to kill; more on a quiet machine: `GATHERD_TEST_KILLS=500`.
fn kills() -> usize {
    let asked = std::env::var("GATHERD_TEST_KILLS").ok();
    asked.and_then(|text| text.parse().ok()).unwrap_or(13)
}

/// Lets a moment pass that is too short to sleep through.
fn pass(moment: Duration) {
    let started = Instant::now();
    while started.elapsed() < moment {
        std::hint::spin_loop();
    }
}

/// Kills it, unless it ended by itself; false when it had.
fn ended_by_force(mut running: Running) -> bool {
    let is_over = running.is_over();
    if is_over {
        running.ends();
    } else {
        running.kill();
    }
    !is_over
}

fn seed() -> u64 {
    let asked = std::env::var("GATHERD_TEST_SEED").ok();
    let drawn = || chrono::Utc::now().timestamp_subsec_nanos().into();
    asked
        .and_then(|text| text.parse().ok())
        .unwrap_or_else(drawn)
}

/// A network, and a group outside it.
fn program(seed: u64) -> Program {
    let mut world = World::sized(seed, 10, 150, 3_000, 900, chrono::Utc::now());
    let last = world.groups().last().unwrap().0;
    world.leave_network(last);
    let switches = Switches {
        page_caps: PageCaps::all(PAGE),
        latency: Duration::from_millis(1),
        // A unit may need several tries until its pages are small enough: that is the matter of `faults`, and
        // here every question is counted.
        too_large: None,
        ..Switches::drawn(seed)
    };
    let program = Program::on(world, switches);
    program.configure(&format!(
        "{}[[network]]\nurlname = \"sized\"\n[[group]]\nurlname = \"{OUTSIDE}\"\n",
        program.meetup_section("")
    ));
    program
}

fn differences(program: &Program) -> Vec<String> {
    rig::differences(&program.sim, &program.mirror(), &[OUTSIDE.to_owned()], &[])
}

/// Kills the command after some more requests and a moment; false when it was over before.
fn kill(program: &Program, args: &[&str], dice: &mut Dice, most: usize) -> bool {
    let begun = program.sim.counters().requests;
    let wanted = begun + dice.below(most) as u64;
    let moment = Duration::from_micros(dice.below(6_000) as u64);
    let mut running = program.start(args);
    until("the moment comes", || {
        running.is_over() || program.sim.counters().requests >= wanted
    });
    if program.sim.counters().requests >= wanted {
        pass(moment);
    }
    let is_over = running.is_over();
    if is_over {
        running.ends().exits(0);
    } else {
        running.kill();
    }
    assert_eq!(program.integrity(), "ok");
    !is_over
}

/// Requests that a kill can cost: per task the page in hand and, where a unit is a walk of several
/// pages, the pages before it; and for each event of the page in hand, whose RSVPs do not all ride
/// along at this page size, the first ones that rode: its unit of work walks them again.
fn most_lost(program: &Program) -> u64 {
    program.sim.with_world(|world| {
        let pages = |rows: usize| rows.div_ceil(PAGE - 1) as u64 + 1;
        let members = world
            .groups()
            .map(|(_, group)| group.memberships.len())
            .max();
        let rsvps = world.events().map(|(_, event)| event.rsvps.len()).max();
        let roster = pages(world.groups().count());
        let longest = pages(members.unwrap_or(0)).max(pages(rsvps.unwrap_or(0)));
        (2 * (longest + PAGE as u64)).max(roster)
    })
}

#[test]
fn a_backfill_killed_again_and_again_finishes_the_rest_and_no_more() {
    let seed = seed();
    let whole = program(seed);
    whole.run(&["backfill"]).exits(0);
    let uninterrupted = whole.sim.counters().requests;
    assert_eq!(differences(&whole), NONE, "seed {seed}");

    let program = program(seed);
    let mut dice = Dice::new(seed);
    let mut killed = 0;
    for _ in 0..kills() {
        let left = uninterrupted.saturating_sub(program.sim.counters().requests);
        let most = (left / 4).clamp(6, 60) as usize;
        killed += u64::from(kill(&program, &["backfill"], &mut dice, most));
    }
    assert!(killed > 0, "seed {seed}");
    program.run(&["backfill"]).exits(0);
    let lost = most_lost(&program);
    let asked = program.sim.counters().requests;
    println!(
        "seed {seed}: {killed} kills, {asked} requests instead of {uninterrupted}, at most {lost} a kill"
    );
    assert_eq!(program.integrity(), "ok", "seed {seed}");
    assert_eq!(differences(&program), NONE, "seed {seed}");
    assert!(
        asked <= uninterrupted + killed * lost,
        "seed {seed}: {asked} requests in all, {uninterrupted} without a kill, {killed} kills: {:?}",
        program.sim.counters()
    );
    // The same rows as without a kill: nothing doubled, nothing gone, nothing logged twice.
    for table in [
        "groups",
        "memberships",
        "events",
        "event_hosts",
        "rsvps",
        "rsvp_changes",
        "role_changes",
        "event_ids",
    ] {
        let count = format!("SELECT count(*) FROM {table}");
        assert_eq!(
            program.rows(&count),
            whole.rows(&count),
            "seed {seed}: {table}"
        );
    }
    assert_eq!(
        program.rows("SELECT count(*) FROM groups WHERE NOT history_complete"),
        ["0"]
    );
    let asked = program.sim.counters().requests;
    program.run(&["backfill"]).exits(0);
    assert_eq!(
        program.sim.counters().requests,
        asked,
        "seed {seed}: nothing is left"
    );
}

#[test]
fn passes_killed_again_and_again_lose_no_change() {
    let seed = seed();
    let program = program(seed);
    program.run(&["backfill"]).exits(0);
    let before = program.sim.counters().requests;
    program.run(&["sync"]).exits(0);
    let quiet = program.sim.counters().requests - before;
    let (mut dice, mut changes) = (Dice::new(seed), Dice::new(seed ^ 1));
    let begun = program.sim.counters().requests;
    let mut killed = 0;
    let mut told = Vec::new();
    let rounds = kills();
    for round in 0..rounds {
        program.sim.with_world(|world| {
            let now = world.now();
            for _ in 0..4 {
                told.push(crate::sync::mutate(world, &mut changes, now));
            }
        });
        let args: &[&str] = if round % 4 == 3 {
            &["sync", "--sweep"]
        } else {
            &["sync"]
        };
        killed += u64::from(kill(&program, args, &mut dice, 12));
        assert_eq!(
            rig::falsely_gone(&program.sim, &program.mirror()),
            NONE,
            "seed {seed}"
        );
    }
    assert!(killed > 0, "seed {seed}");
    // Each killed pass is asked again in full, with its few changes; the sweep cut short is asked once.
    program.run(&["sync"]).exits(0);
    let asked = program.sim.counters().requests - begun;
    let sweep = {
        let before = program.sim.counters().requests;
        program.run(&["sync", "--sweep"]).exits(0);
        program.sim.counters().requests - before
    };
    assert_eq!(program.integrity(), "ok", "seed {seed}");
    assert_eq!(differences(&program), NONE, "seed {seed}: {told:?}");
    let bound = (rounds as u64 + 1) * (quiet + most_lost(&program)) + 2 * sweep;
    println!(
        "seed {seed}: {killed} kills, {asked} requests, quiet {quiet}, sweep {sweep}, bound {bound}"
    );
    assert!(
        asked <= bound,
        "seed {seed}: {asked} > {bound}: {:?}",
        program.sim.counters()
    );
    let doubled = program.rows("SELECT rsvp_id FROM rsvp_changes GROUP BY rsvp_id, event_token, new_status, changed_at, noticed_at HAVING count(*) > 1");
    assert_eq!(doubled, NONE, "seed {seed}");
    let open = program.rows("SELECT count(*) FROM passes WHERE finished_at IS NULL");
    assert_eq!(
        open,
        ["0"],
        "seed {seed}: a killed pass is closed as interrupted"
    );
}

#[test]
fn the_page_sizes_of_this_test_are_smaller_than_what_rides_along() {
    assert!(PAGE < RIDING_RSVPS as usize && PAGE < EVENTS_PER_PAGE as usize);
}
