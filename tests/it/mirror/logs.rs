//! Which log is believed beside which file: every pair of a file and a log, as they were at any two instants.
//! What is believed leads to the log's own state, and what a kill or a power failure leaves is believed.

use super::samples::*;
use gatherd::demo::Dice;
use gatherd::mirror::*;
use std::fs;
use tempfile::TempDir;

/// A page of the database, in bytes.
const PAGE: usize = 2_048;
const TOLD: &str = "SELECT count(*) || ': ' || coalesce(group_concat(id || ' ' || status || ' ' || guest_count, ', '), '') FROM (SELECT * FROM rsvps ORDER BY id)";

/// The files as they are at an instant, and what they tell.
struct Instant {
    file: Vec<u8>,
    log: Vec<u8>,
    told: String,
}

fn instant(sample: &Sample) -> Instant {
    let told = sample.one(TOLD);
    Instant {
        file: fs::read(sample.db()).unwrap(),
        log: fs::read(sample.dir.path().join("gatherd.db-wal")).unwrap_or_default(),
        told,
    }
}

/// What the pair tells; none where it is refused.
fn believed(file: &[u8], log: &[u8]) -> Option<String> {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("gatherd.db");
    fs::write(&path, file).unwrap();
    fs::write(dir.path().join("gatherd.db-wal"), log).unwrap();
    match Mirror::open_existing(&path) {
        Ok(mirror) => {
            mirror.check_integrity().unwrap();
            Some(crate::rig::rows(&mirror, TOLD).join(""))
        }
        Err(MirrorError::StrayLog { .. }) => {
            assert!(fs::read(&path).unwrap() == file);
            assert!(fs::read(dir.path().join("gatherd.db-wal")).unwrap() == log);
            None
        }
        Err(other) => panic!("{other}"),
    }
}

fn checkpoint(sample: &Sample, kind: &str) {
    let conn = rusqlite::Connection::open(sample.db()).unwrap();
    let sql = format!("PRAGMA wal_checkpoint({kind})");
    conn.query_row(&sql, [], |_| Ok(())).unwrap();
}

/// A life of a mirror: commits, checkpoints of all kinds, and another process now and then.
fn life(dice: &mut Dice, steps: usize) -> (Vec<Instant>, Vec<(Vec<u8>, Instant)>) {
    let sample = Sample::new();
    let (_, event) = sample.with_event();
    let (mut instants, mut checkpoints) = (Vec::new(), Vec::new());
    for step in 0..steps as i64 {
        let write = |mirror: &Mirror, dice: &mut Dice| {
            let rows: Vec<_> = (0..1 + dice.below(60))
                .map(|_| {
                    let mut row = rsvp(&dice.below(400).to_string(), step);
                    row.guest_count = step;
                    row
                })
                .collect();
            mirror
                .write(at(NOW + step), |w| w.record_rsvps(event, &rows, 10 + step))
                .unwrap();
        };
        match dice.below(8) {
            0 | 1 => {
                let before = fs::read(sample.db()).unwrap();
                let kind = *dice.pick::<&str>(&["PASSIVE", "FULL", "RESTART"]);
                checkpoint(&sample, kind);
                checkpoints.push((before, instant(&sample)));
            }
            2 => write(&Mirror::open_existing(&sample.db()).unwrap(), dice),
            _ => write(&sample, dice),
        }
        instants.push(instant(&sample));
    }
    (instants, checkpoints)
}

#[test]
fn a_log_is_believed_only_where_it_leads_from_the_file_to_its_own_end() {
    let seed = chrono::Utc::now().timestamp_subsec_nanos().into();
    let mut dice = Dice::new(seed);
    let (instants, _) = life(&mut dice, 26);
    let (mut taken, mut refused) = (0, 0);
    for (i, file) in instants.iter().enumerate() {
        for (j, log) in instants.iter().enumerate() {
            match believed(&file.file, &log.log) {
                Some(told) => {
                    taken += 1;
                    assert_eq!(told, log.told, "seed {seed}: file {i}, log {j}");
                }
                None => {
                    refused += 1;
                    assert_ne!(i, j, "seed {seed}: its own log is refused");
                }
            }
        }
    }
    assert!(
        taken >= 26 && refused > 26,
        "{taken} taken, {refused} refused"
    );
}

#[test]
fn what_a_power_failure_leaves_of_a_checkpoint_or_a_commit_is_believed() {
    let seed = chrono::Utc::now().timestamp_subsec_nanos().into();
    let mut dice = Dice::new(seed);
    let (instants, checkpoints) = life(&mut dice, 40);
    // Of a checkpoint under way, any pages may be in the file; all of the log is on the disk.
    for (before, after) in &checkpoints {
        for _ in 0..4 {
            let mut file = before.clone();
            file.resize(before.len().max(after.file.len()), 0);
            for (at, page) in after.file.chunks(PAGE).enumerate() {
                if dice.chance(0.5) {
                    file[at * PAGE..][..page.len()].copy_from_slice(page);
                }
            }
            let told = believed(&file, &after.log);
            assert_eq!(told.as_ref(), Some(&after.told), "seed {seed}");
        }
    }
    // Of commits since, any part may be missing or torn: the file is as it was.
    for pair in instants.windows(2) {
        let [before, after] = pair else { continue };
        if before.file != after.file
            || !after
                .log
                .starts_with(&before.log[..32.min(before.log.len())])
        {
            continue;
        }
        let kept = before.log.len().min(after.log.len());
        if after.log.len() > kept {
            let cut = kept + dice.below(after.log.len() - kept);
            assert!(
                believed(&after.file, &after.log[..cut]).is_some(),
                "seed {seed}"
            );
            let mut torn = after.log.clone();
            torn[cut..].fill(0);
            assert!(believed(&after.file, &torn).is_some(), "seed {seed}");
        }
    }
}

#[test]
fn the_log_of_another_database_that_was_made_alike_is_refused_at_any_age() {
    let commit = |sample: &Sample, event, step: i64| {
        let mut row = rsvp("1", step);
        row.guest_count = step;
        sample
            .write(at(NOW + step), |w| w.record_rsvps(event, &[row], 10 + step))
            .unwrap();
        instant(sample)
    };
    let life = || {
        let sample = Sample::new();
        let (_, event) = sample.with_event();
        checkpoint(&sample, "TRUNCATE");
        (1..=6)
            .map(|step| commit(&sample, event, step))
            .collect::<Vec<_>>()
    };
    let (one, other) = (life(), life());
    for file in &one {
        for log in &other {
            assert_eq!(believed(&file.file, &log.log), None);
        }
        let own = one.last().unwrap();
        assert_eq!(believed(&file.file, &own.log).as_ref(), Some(&own.told));
    }
}
