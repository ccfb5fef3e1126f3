//! What to order for an event: seats, food and badges, where it can be told.

use std::collections::HashMap;

use super::forecast::{float, whole};
use super::told::{Ahead, Order, Scheduled};
use crate::community::EventType;

/// Orders are made so close to an event,
pub(super) const NEAR: i64 = 8 * 86_400;
/// and of so many.
const ENOUGH: i64 = 15;

/// Who said yes to any copy of a joint event in one place, and the guests they bring.
pub(super) type United = HashMap<(String, String), (i64, i64)>;

/// Gives every event its order, a joint one in one place with one of its copies.
pub(super) fn place(united: &United, scheduled: &mut [Scheduled], as_of: i64) {
    let is_near = |it: &Scheduled| {
        it.ahead.event_type != EventType::Online && it.ahead.starts_at.timestamp() - as_of <= NEAR
    };
    let can_order = |it: &Scheduled| {
        let expected = it.ahead.expected.as_ref();
        is_near(it) && expected.is_some_and(|expected| expected.show_share.is_some())
    };
    let mut together: HashMap<(String, String), Vec<usize>> = HashMap::new();
    for (at, it) in scheduled.iter_mut().enumerate() {
        let event = it.ahead.joint.clone().zip(it.place.clone());
        match event.filter(|event| united.contains_key(event)) {
            Some(event) if is_near(it) => together.entry(event).or_default().push(at),
            None if can_order(it) => {
                let needs = Needs::of(&it.ahead, None);
                let (yes, guests) = (it.ahead.yes, it.ahead.guests);
                set(&mut it.ahead, needs.order(yes, guests));
            }
            Some(_) | None => {}
        }
    }
    for (event, copies) in together {
        // The copies are in the order of start, then token: of equal ones, the first.
        let with = copies
            .iter()
            .rev()
            .copied()
            .filter(|at| can_order(&scheduled[*at]))
            .max_by_key(|at| scheduled[*at].ahead.yes);
        let Some(with) = with else { continue };
        let expected = scheduled[with].ahead.expected.as_ref();
        let share = expected.and_then(|expected| expected.show_share);
        let mut needs = Needs::default();
        let mut said_yes = 0;
        for at in &copies {
            needs.add(&Needs::of(&scheduled[*at].ahead, share));
            said_yes += scheduled[*at].ahead.yes;
        }
        let (yes, guests) = united[&event];
        if said_yes > 0 {
            // Who said yes to several copies comes once.
            needs.scale(float(yes) / float(said_yes));
        }
        let order = needs.order(yes, guests);
        set(&mut scheduled[with].ahead, order);
        if order.is_some() {
            let token = scheduled[with].ahead.token.clone();
            for at in copies.into_iter().filter(|at| *at != with) {
                scheduled[at].ahead.ordered_with = Some(token.clone());
            }
        }
    }
}

fn set(ahead: &mut Ahead, order: Option<Order>) {
    if let Some(expected) = &mut ahead.expected {
        expected.order = order;
    }
}

/// How many to reckon with, guests aside.
#[derive(Default)]
struct Needs {
    most: f64,
    turnout: f64,
    final_yes: f64,
}

impl Needs {
    /// By an event's forecast; where it has none, by its yes and the share that comes.
    fn of(ahead: &Ahead, share: Option<f64>) -> Self {
        let Some(expected) = &ahead.expected else {
            let yes = float(ahead.yes);
            let come = yes * share.unwrap_or(1.0);
            return Self {
                most: come,
                turnout: come,
                final_yes: yes,
            };
        };
        // Where nothing is known of who comes there, as many come as at the other copies.
        let come = match expected.show_share {
            Some(_) => 1.0,
            None => share.unwrap_or(1.0),
        };
        Self {
            most: float(expected.high) * come,
            turnout: float(expected.turnout) * come,
            final_yes: float(expected.final_yes),
        }
    }

    fn add(&mut self, other: &Self) {
        self.most += other.most;
        self.turnout += other.turnout;
        self.final_yes += other.final_yes;
    }

    fn scale(&mut self, by: f64) {
        self.most *= by;
        self.turnout *= by;
        self.final_yes *= by;
    }

    fn order(&self, yes: i64, guests: i64) -> Option<Order> {
        (whole(self.turnout) >= ENOUGH).then(|| Order {
            seats: whole(self.most) + guests,
            food: whole(self.turnout) + guests,
            badges: whole(self.final_yes).max(yes) + guests,
        })
    }
}
