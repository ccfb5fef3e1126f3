//! How fast a big network is recorded. Run with `--release -- --ignored --nocapture bulk`.

use std::time::Instant;

use gatherd::community::*;
use gatherd::mirror::*;

use super::samples::*;

#[test]
#[ignore = "a measurement"]
fn a_big_network_is_recorded_in_seconds() {
    let sample = Sample::new();
    let (groups, events, per_event, members) = (250, 5_000, 30, 520);
    let mut asked = 1;
    for turn in ["first", "again"] {
        let start = Instant::now();
        sample.put(|w| {
            w.record_network(&network(), asked)?;
            for id in 0..groups {
                w.record_group(&group(&id.to_string()), asked)?;
            }
            Ok(())
        });
        let keys: Vec<_> = sample
            .read(roster)
            .unwrap()
            .into_iter()
            .map(|group| group.key)
            .collect();
        for (at, key) in keys.iter().enumerate() {
            asked += 1;
            let crowd: Vec<_> = (0..members)
                .map(|id| membership(&(at * 240 + id).to_string()))
                .collect();
            sample.put(|w| w.record_memberships(*key, &crowd, asked));
        }
        println!(
            "{turn}: {} memberships in {:?}",
            groups * members,
            start.elapsed()
        );
        let start = Instant::now();
        let mut slowest = start.elapsed();
        for page in 0..events / 50 {
            asked += 1;
            let page_start = Instant::now();
            sample.put(|w| {
                for at in 0..50 {
                    let number = page * 50 + at;
                    let grp = number % groups;
                    let event = event(&format!("t{number}"), &grp.to_string());
                    let key = w.record_event(&event, asked)?.unwrap().key;
                    let rows: Vec<_> = (0..per_event)
                        .map(|id| Rsvp {
                            id: (number * 1_000 + id).to_string().into(),
                            ..rsvp(&(grp * 240 + id * 7).to_string(), -i64::from(id as i32))
                        })
                        .collect();
                    let sign = sign(&rows);
                    if rsvp_need(w, key, &sign)? != Need::Nothing {
                        w.record_rsvps(key, &rows, asked)?;
                        w.finish_full_walk(key, &ids(&rows), &sign, &sign, Some(at_now()), asked)?;
                    }
                }
                Ok(())
            });
            slowest = slowest.max(page_start.elapsed());
        }
        println!(
            "{turn}: {events} events with {} RSVPs in {:?}, slowest page {slowest:?}",
            events * per_event,
            start.elapsed()
        );
        println!("{turn}: {} rows changed so far", sample.rows_changed());
    }
}

fn at_now() -> chrono::DateTime<chrono::Utc> {
    at(NOW + 100)
}
