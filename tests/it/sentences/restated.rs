//! Past figures that came to be others between two digests.

use super::*;

/// What came to be known in a week: of one group an event, of another that one was deleted, and so on.
fn known_since(case: &mut Case, then: i64, seed: u64) {
    let world = &mut case.world;
    for group in 0..world.groups.len() {
        let of = |e: &&mut crate::world::Event| {
            let is_past = e
                .starts
                .is_some_and(|at| at > then - 300 * DAY && at < then - 2 * DAY);
            e.group == group && is_past && e.gone.is_none()
        };
        let mut past = world.events.iter_mut().filter(of);
        match (group as u64 + seed) % 8 {
            0 => {
                if let Some(event) = past.next() {
                    event.gone = Some(then + DAY);
                }
            }
            1 => {
                world
                    .event(group, then - 20 * DAY)
                    .answer("YES", &[9_101, 9_102]);
            }
            2 => past.for_each(|event| {
                for rsvp in event.rsvps.iter_mut().filter(|it| it.status == "YES") {
                    rsvp.status = "ATTENDED";
                }
            }),
            3 => {
                if let Some(event) = past.next() {
                    event.answer("YES", &[9_103, 9_104]);
                }
            }
            4 => world.groups[group].is_complete = true,
            5 if seed.is_multiple_of(3) => world.groups[group].gone = Some(then + DAY),
            _ => {}
        }
    }
}

pub fn read(seed: u64, all: &[(Template, Pattern)], findings: &mut Findings) {
    let mut first = drawn_case(seed);
    first.name = format!("restated of seed {seed}");
    let (then, now) = (first.a - 7 * DAY, first.a);
    for (nth, group) in first.world.groups.iter_mut().enumerate() {
        group.is_complete &= (nth as u64 + seed) % 8 != 4;
    }
    let mut later = drawn_case(seed);
    later.world = first.world.clone();
    known_since(&mut later, then, seed);
    let told = first.report(&first.world.store(), then);
    let digest = first.digest(&told, &[]);
    let (asked_then, asked_again, asked_now) = (
        first.question(then),
        later.question(then),
        later.question(now),
    );
    let mut before = first.scene(&asked_then);
    let of = digest.please_write_to.iter();
    let named = |urlname: &String| {
        let mut groups = first.world.groups.iter();
        groups
            .find(|it| it.urlname == *urlname)
            .unwrap()
            .name
            .clone()
    };
    before.named = of.map(|it| named(&it.urlname)).collect();
    let filed = Before::of(&told, digest.please_write_to);
    let conn = later.world.store();
    let (again, report) = (later.report(&conn, then), later.report(&conn, now));
    let digest = later.digest_and_again(&report, &[filed], Some(&again));
    let mut scene = later.scene(&asked_now);
    scene.before = Some(Box::new(before));
    scene.again = Some(Box::new(later.scene(&asked_again)));
    for mut piece in pieces(&digest.message) {
        let text = &piece.text;
        let is_restated = text.starts_with("Restated for")
            || text.starts_with("Why: ")
            || text.contains(" was named on ");
        if piece.place == Place::Footer && is_restated {
            piece.place = Place::Restated;
            findings.check(&first, all, &mut scene, &piece);
        }
    }
}
