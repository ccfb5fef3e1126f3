//! Processes that die, and processes that meet.

use std::process::Command;
use std::time::Duration;

use gatherd::mirror::*;

use super::samples::*;

/// Names the database to the child process that is to be killed.
const VICTIM: &str = "GATHERD_TEST_VICTIM";

#[test]
fn a_kill_loses_at_most_the_page_in_flight_and_doubles_nothing() {
    if let Some(path) = std::env::var_os(VICTIM) {
        write_pages(std::path::Path::new(&path));
    }
    let sample = Sample::new();
    sample.with_event();
    sample.put(|w| {
        w.plan_unit(&NewUnit::network_events(
            Purpose::Backfill,
            NetworkKey(1),
            None,
            Some(1_000_000),
        ))
    });
    for pause in [37, 11, 80] {
        let mut victim = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "mirror::kill::a_kill_loses_at_most_the_page_in_flight_and_doubles_nothing",
            ])
            .env(VICTIM, sample.db())
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let begun = sample.one("SELECT to_at FROM unit_row");
        while sample.one("SELECT to_at FROM unit_row") == begun {
            std::thread::sleep(Duration::from_millis(5));
        }
        std::thread::sleep(Duration::from_millis(pause));
        victim.kill().unwrap();
        victim.wait().unwrap();
        let whole = Mirror::open(&sample.db(), &real(), at(NOW)).unwrap();
        drop(whole);
        // Ten rows per page, and a second of the unit's span.
        let (rows, left) = (
            sample.one("SELECT count(*) FROM rsvps"),
            sample.one("SELECT to_at FROM unit_row"),
        );
        let pages = 1_000_000 - left.parse::<i64>().unwrap();
        assert_eq!(rows, (pages * 10).to_string());
    }
    assert_ne!(sample.one("SELECT count(*) FROM rsvps"), "0");
}

fn write_pages(path: &std::path::Path) -> ! {
    let mirror = Mirror::open(path, &real(), at(NOW)).unwrap();
    loop {
        mirror
            .write(at(NOW), |w| {
                let unit = due_units(w, at(NOW), &[Purpose::Backfill], 1)?.remove(0);
                let page = unit.to_at.unwrap_or_default();
                let rows: Vec<_> = (0..10)
                    .map(|row| rsvp(&(page * 10 + row).to_string(), 0))
                    .collect();
                w.record_rsvps(EventKey(1), &rows, 2)?;
                w.shrink_unit(unit.id, page - 1)
            })
            .unwrap();
    }
}

#[test]
fn many_processes_may_open_a_new_database_at_once() {
    for _ in 0..10 {
        let dir = tempfile::TempDir::new().unwrap();
        let path = &dir.path().join("gatherd.db");
        let ids: Vec<_> = std::thread::scope(|scope| {
            let opening: Vec<_> = (0..6)
                .map(|_| {
                    scope.spawn(|| {
                        Mirror::open(path, &real(), at(NOW))
                            .unwrap()
                            .read(database_id)
                            .unwrap()
                    })
                })
                .collect();
            opening
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect()
        });
        assert!(ids.iter().all(|id| *id == ids[0] && !id.is_empty()));
    }
}
