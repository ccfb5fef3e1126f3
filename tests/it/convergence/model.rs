//! The community's side of a history: what was told of it, and the moments that a pass could not tell
//! from one another.

use super::steps::Lost;
use gatherd::demo::World;
use gatherd::demo::world::Answer;
use std::collections::{BTreeMap, BTreeSet};

/// What the model remembers of an event's answers, or a group's members, at one moment: what a pass
/// could tell a change by, and the rows themselves.
type Moment = (String, BTreeSet<String>);

/// The community's side of a history, shared with the hook that changes it between two answers.
#[derive(Default)]
pub struct Model {
    pub lost: Lost,
    pub told: Vec<String>,
    /// By token.
    pub answers: Moments,
    /// By group id.
    pub members: Moments,
}

/// The moments since the last sweep, and what changed in a way that no pass can see: two moments that
/// differ in their rows, but not in what a change could be told by. A pass owes nothing there, even
/// if another change can be seen: it reads no further than that one. A sweep owes everything.
#[derive(Default)]
pub struct Moments {
    kept: BTreeMap<String, Vec<Moment>>,
    pub unseeable: BTreeSet<String>,
}

impl Model {
    /// Keeps the answers and members of this moment.
    pub fn remember(&mut self, world: &World) {
        self.answers.keep(answers(world));
        self.members.keep(members(world));
    }
}

impl Moments {
    fn keep(&mut self, moments: Vec<(String, Moment)>) {
        for (name, moment) in moments {
            let kept = self.kept.entry(name.clone()).or_default();
            if kept.contains(&moment) {
                continue;
            }
            if kept.iter().any(|(sign, _)| *sign == moment.0) {
                self.unseeable.insert(name);
            }
            kept.push(moment);
        }
    }
}

fn answers(world: &World) -> Vec<(String, Moment)> {
    let moment = |event: &gatherd::demo::world::Event| {
        let mut counts: BTreeMap<Answer, usize> = BTreeMap::new();
        for rsvp in &event.rsvps {
            *counts.entry(rsvp.answer).or_default() += 1;
        }
        let times: Vec<_> = event
            .rsvps
            .iter()
            .map(|it| (it.id, it.updated_at))
            .collect();
        let rows = event.shown_rsvps().map(|it| format!("{it:?}")).collect();
        (format!("{counts:?} {times:?}"), rows)
    };
    world
        .events()
        .map(|(_, event)| (event.token.clone(), moment(event)))
        .collect()
}

fn members(world: &World) -> Vec<(String, Moment)> {
    let moment = |group: &gatherd::demo::world::Group| {
        let counted = group.memberships.iter().filter(|it| {
            it.is_in()
                || (world.switches.member_count_includes_pending
                    && it.standing == gatherd::demo::world::Standing::Pending)
        });
        let shown = group
            .memberships
            .iter()
            .filter(|it| it.is_in() && !it.is_hidden);
        let rows = shown.map(|it| format!("{:?} {}", it.person, it.joined_at));
        (counted.count().to_string(), rows.collect())
    };
    world
        .groups()
        .map(|(_, group)| (group.id.to_string(), moment(group)))
        .collect()
}
