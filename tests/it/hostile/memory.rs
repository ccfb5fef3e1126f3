//! However an answer is made: what the program builds of it stays within bounds.

use crate::program::{Program, Running};
use gatherd::demo::{Fault, On, Spoil, Swell};

/// The most that was in memory at once, in MB, and how it ended.
#[cfg(target_os = "linux")]
fn peak(mut running: Running) -> (u64, crate::program::Ran) {
    let path = format!("/proc/{}/status", running.pid());
    let mut peak = 0;
    while !running.is_over() {
        let status = std::fs::read_to_string(&path).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kb = line.and_then(|it| it.trim().strip_suffix(" kB")?.parse().ok());
        peak = peak.max(kb.unwrap_or(0));
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    (peak / 1024, running.ends())
}

#[cfg(target_os = "linux")]
#[test]
fn what_is_built_of_an_answer_stays_below_128_mb() {
    let quiet = {
        let program = Program::small(71);
        let (peak, ran) = peak(program.start(&["sync"]));
        ran.exits(0);
        peak
    };
    println!("quiet: {quiet} MB");
    for how in [Swell::ManyErrors, Swell::SameRows, Swell::LongIds, Swell::LongText] {
        let program = Program::small(71);
        program.sim.fault(On::Next, Fault::Spoilt(Spoil::Swollen(how)), 40);
        let started = std::time::Instant::now();
        let (peak, ran) = peak(program.start(&["sync"]));
        println!("ALL {how:?}: {peak} MB, {} {:?} left {}", ran.code, started.elapsed(), program.sim.faults_left());
        println!("{}", ran.out);
    }
    for how in [Swell::ManyErrors, Swell::LongText, Swell::LongIds] {
        for operation in ["NetworkGroups", "NetworkEvents", "NetworkEventsRiding", "GroupMemberships", "EventRsvps"] {
            let program = Program::small(71);
            let on = On::Operation(operation.to_owned());
            program.sim.fault(on, Fault::Spoilt(Spoil::Swollen(how)), 1);
            let started = std::time::Instant::now();
            let (peak, ran) = peak(program.start(&["sync"]));
            println!("{how:?} {operation}: {peak} MB, {} {:?} left {}", ran.code, started.elapsed(), program.sim.faults_left());
            println!("{}", ran.out);
        }
    }
}
