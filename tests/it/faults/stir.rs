//! What has happened before a pass, so that it asks what it should.

use std::time::Duration;

use gatherd::demo::Blemish;
use gatherd::demo::world::{Answer, GroupAt};
use gatherd::sync::{PassReport, SyncError};

use super::{groups_of, outside, soonest};
use crate::rig::Rig;

/// What makes a pass ask an operation.
#[derive(Debug, Clone, Copy)]
pub(super) enum Stir {
    /// Any pass does.
    Nothing,
    /// A changed answer to a coming event.
    Rsvp,
    /// Of two events of the network, one deleted and one moved into the past.
    Deletion,
    /// The same in the outside group.
    DeletionOutside,
    /// A member gone.
    Departure,
    /// The outside group not yet known by its id.
    Unknown,
    /// A group left alone after failures.
    Waiting,
    /// A full sweep.
    Sweep,
    /// An answer to a coming event of somebody who is not known, and whose account is deleted.
    Lost,
    /// The same in the outside group.
    LostOutside,
    /// The outside group, null for want of events that match.
    NoMatch,
    /// The same, not yet known by its id.
    UnknownNoMatch,
}

/// Changes something, so that the next pass asks what it should.
pub(super) fn stir(rig: &Rig, stir: Stir, turn: i64) {
    let groups = groups_of(rig);
    match stir {
        Stir::Nothing | Stir::Sweep => {}
        Stir::Rsvp => {
            let event = soonest(rig, groups[0]);
            // An answer that vanished is found by counting, so this is walked in part, then in full.
            rig.sim.with_world(|world| {
                let rsvps = &world.event(event).rsvps;
                let (one, other) = (rsvps[0].person, rsvps[1].person);
                let answer = [Answer::No, Answer::Yes][usize::from(turn % 2 == 0)];
                let now = world.now();
                let guest = world.add_person(format!("Guest {turn}"));
                world.answer(event, one, answer, now);
                world.remove_rsvp(event, other);
                world.answer(event, guest, Answer::Yes, now);
            });
        }
        Stir::Deletion | Stir::DeletionOutside => rig.sim.with_world(|world| {
            let planted = |name: &str| world.event_of_token(&format!("{name}{turn}")).unwrap();
            let (gone, moved) = (planted("gone"), planted("moved"));
            let long_ago = world.now() - 300 * 86_400;
            world.delete_event(gone);
            world.move_event(moved, Some(long_ago));
        }),
        Stir::Departure => rig.sim.with_world(|world| {
            let many = |at: &&GroupAt| world.group(**at).memberships.len();
            let largest = *groups.iter().max_by_key(many).unwrap();
            let person = world.group(largest).memberships.last().unwrap().person;
            world.leave(largest, person, false);
        }),
        Stir::Lost | Stir::LostOutside => {
            let group = match stir {
                Stir::Lost => groups[0],
                _ => outside(rig),
            };
            let event = soonest(rig, group);
            rig.sim.with_world(|world| {
                let (guest, now) = (world.add_person(format!("Guest {turn}")), world.now());
                world.answer(event, guest, Answer::Yes, now);
            });
            rig.sim.blemish_event(event, Blemish::LostNewest);
        }
        Stir::NoMatch | Stir::UnknownNoMatch => {
            let group = outside(rig);
            rig.sim.with_world(|world| {
                let (now, events) = (world.now(), world.events_of(group).collect::<Vec<_>>());
                for (nth, event) in (0..).zip(events) {
                    world.move_event(event, Some(now - (100 + nth) * 86_400));
                }
            });
            rig.sim
                .switch(|switches| switches.null_without_match = true);
            if matches!(stir, Stir::UnknownNoMatch) {
                rig.meddle("UPDATE group_row SET configured_as = NULL");
            }
        }
        Stir::Unknown => rig.meddle("UPDATE group_row SET configured_as = NULL"),
        Stir::Waiting => rig.meddle(
            "UPDATE group_row SET retry_at = unixepoch() + 36000, failures = 1
             WHERE key = (SELECT min(key) FROM group_row)",
        ),
    }
}

pub(super) async fn ask(rig: &Rig, stir: Stir) -> Result<PassReport, SyncError> {
    let asked = async {
        match stir {
            Stir::Sweep => rig.sweep().await,
            _ => rig.pass().await,
        }
    };
    // No wait without an end: far longer than any of these takes.
    let patience = Duration::from_secs(300);
    let asked = tokio::time::timeout(patience, asked).await;
    asked.expect("a pass that hangs")
}

/// Announces two events: one to be deleted, one to be moved out of sight.
pub(super) fn plant(rig: &Rig, how: Stir, turn: i64) {
    let group = match how {
        Stir::Deletion => groups_of(rig)[0],
        _ => outside(rig),
    };
    rig.sim.with_world(|world| {
        for name in ["gone", "moved"] {
            let like = world.events_of(group).next_back().unwrap();
            let mut event = world.event(like).clone();
            (event.id, event.token) = (String::new(), format!("{name}{turn}"));
            event.starts_at = Some(world.now() + 20 * 86_400 + turn);
            event.rsvps.clear();
            world.add_event(event);
        }
    });
}
