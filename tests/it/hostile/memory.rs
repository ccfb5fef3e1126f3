//! However an answer is made: what the program builds of it stays within bounds.
#![cfg(target_os = "linux")]

use crate::program::{Program, Ran, Running};
use gatherd::demo::{Fault, On, Spoil, Swell};

/// Bytes of an answer, in MB: those are read whatever stands in them.
const READ: u64 = 16;
/// What may be built of it, in MB.
const BUILT: u64 = 128;

/// The most that was in memory at once, in MB, and how it ended.
fn peak(mut running: Running) -> (u64, Ran) {
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

/// Reads a community of which some answers are blown up so: of each kind, and of members several at once.
fn stays_within(how: &[Swell]) {
    let (quiet, ran) = peak(Program::small(71).start(&["sync"]));
    ran.exits(0);
    assert!(quiet > 0);
    for how in how {
        let program = Program::small(71);
        for (operation, times) in [
            ("NetworkGroups", 1),
            ("NetworkEventsRiding", 1),
            ("GroupMemberships", 3),
        ] {
            let on = On::Operation(operation.to_owned());
            let swollen = Fault::Spoilt(Spoil::Swollen(*how));
            program.sim.fault(on, swollen, times);
        }
        let (peak, ran) = peak(program.start(&["sync"]));
        let said = ran.said();
        println!("{how:?}: {peak} MB, of which {quiet} without it");
        assert!(
            peak <= quiet + READ + BUILT,
            "{how:?}: {peak} MB, {quiet} without it"
        );
        // Overcome by smaller pages, or a failure of what was asked for.
        assert!([0, 3].contains(&ran.code), "{how:?}: {said}");
        assert!(said.len() < 10_000, "{how:?}: {} bytes", said.len());
        // Nothing is asked thrice where an answer is only strange.
        assert!(program.sim.faults_left() < 3, "{how:?}: one of each came");
    }
}

#[test]
fn of_errors_and_depths_no_more_is_built_than_128_mb() {
    stays_within(&[
        Swell::TinyErrors,
        Swell::ManyErrors,
        Swell::Deep,
        Swell::ManyFields,
        Swell::LongText,
    ]);
}

#[test]
fn of_rows_no_more_is_built_than_128_mb() {
    stays_within(&[
        Swell::NullRows,
        Swell::EmptyRows,
        Swell::SameRows,
        Swell::LastRowEmpty,
        Swell::LongIds,
    ]);
}
