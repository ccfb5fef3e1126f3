//! One group: how its people come back, and who met whom. The definitions are `repeat.sql` and
//! `side_to_side.sql`.

use super::local::DAY;

/// In larger events one has not met everybody.
const MET_EACH_OTHER: usize = 60;

/// The counts behind a group's repeat figures, named as in `repeat.sql`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Returns {
    pub repeaters: i64,
    pub people: i64,
    pub returning_ones: i64,
    pub participations: i64,
    pub kept: i64,
    pub could_be_kept: i64,
    pub came_back: i64,
    pub had_time: i64,
    pub first_timers: i64,
    pub at_stake: i64,
}

/// The counts behind who met whom, named as in `side_to_side.sql`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Acquainted {
    pub pairs: i64,
    pub acquainted: i64,
    pub people: i64,
}

/// A held event of a group, found by its place.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct HeldEvent {
    pub starts_at: i64,
    pub is_in_person: bool,
}

/// Somebody's part in a group's event: sorts by person, then the order of events.
#[derive(PartialEq, Eq, PartialOrd, Ord, Clone, Copy)]
pub(super) struct Visit {
    pub member: u32,
    pub place: u32,
}

/// Counts a group, and puts its visits in order; `held` has its events by place.
pub(super) fn of_group(
    visits: &mut [Visit],
    held: &[HeldEvent],
    as_of: i64,
) -> (Returns, Acquainted) {
    visits.sort_unstable();
    let group = Group { held, as_of };
    let mut counts = Returns::default();
    let year = group.year();
    for of_person in visits.chunk_by(|a, b| a.member == b.member) {
        group.count_person(of_person, year, &mut counts);
    }
    (counts, group.acquainted(visits))
}

struct Group<'a> {
    held: &'a [HeldEvent],
    as_of: i64,
}

impl Group<'_> {
    fn event(&self, place: u32) -> HeldEvent {
        self.held[place as usize - 1]
    }

    /// The start of its latest event.
    fn latest_at(&self) -> i64 {
        self.held.last().map_or(0, |event| event.starts_at)
    }

    fn is_in_year(&self, event: HeldEvent) -> bool {
        event.starts_at > self.as_of - 365 * DAY && event.starts_at <= self.as_of
    }

    /// The places of the first and the last event within the year.
    fn year(&self) -> Option<(u32, u32)> {
        let mut places = (1..)
            .zip(self.held)
            .filter(|(_, event)| self.is_in_year(**event))
            .map(|(place, _)| place);
        let first = places.next()?;
        Some((first, places.last().unwrap_or(first)))
    }

    /// Adds one person's visits, in order.
    fn count_person(&self, visits: &[Visit], year: Option<(u32, u32)>, counts: &mut Returns) {
        let as_of = self.as_of;
        let at = |visit: &Visit| self.event(visit.place).starts_at;
        let first_at = at(&visits[0]);
        let visits_365 = visits
            .iter()
            .filter(|visit| at(visit) > as_of - 365 * DAY)
            .count() as i64;
        counts.repeaters += i64::from(visits_365 >= 2);
        counts.people += i64::from(visits_365 >= 1);
        counts.participations += visits_365;
        counts.returning_ones += visits_365 - i64::from(first_at > as_of - 365 * DAY);
        let last_at = visits.last().map_or(first_at, at);
        counts.at_stake += i64::from(last_at > self.latest_at() - 365 * DAY);
        counts.first_timers += i64::from(first_at > as_of - 90 * DAY);
        if first_at > as_of - 455 * DAY && first_at <= as_of - 90 * DAY {
            counts.had_time += 1;
            counts.came_back += i64::from(
                visits
                    .iter()
                    .any(|visit| at(visit) > first_at && at(visit) <= first_at + 90 * DAY),
            );
        }
        let Some((first, last)) = year else { return };
        for (index, visit) in visits.iter().enumerate() {
            if visit.place + 1 >= first && visit.place < last {
                counts.could_be_kept += 1;
                let next = visits.get(index + 1);
                counts.kept += i64::from(next.is_some_and(|next| next.place == visit.place + 1));
            }
        }
    }

    /// Who met whom, of a group's visits by person.
    fn acquainted(&self, visits: &[Visit]) -> Acquainted {
        let mut sizes = vec![0_usize; self.held.len()];
        for visit in visits {
            sizes[visit.place as usize - 1] += 1;
        }
        let fits = |visit: &&Visit| {
            let event = self.event(visit.place);
            event.is_in_person
                && self.is_in_year(event)
                && sizes[visit.place as usize - 1] <= MET_EACH_OTHER
        };
        let mut people = 0;
        let mut at_event: Vec<Vec<u32>> = Vec::new();
        at_event.resize_with(self.held.len(), Vec::new);
        for of_person in visits.chunk_by(|a, b| a.member == b.member) {
            let times = of_person.iter().filter(fits).count();
            people += i64::from(times >= 1);
            // Who was there once is in no pair that met twice.
            if times >= 2 {
                for visit in of_person.iter().filter(fits) {
                    at_event[visit.place as usize - 1].push(visit.member);
                }
            }
        }
        let mut pairs: Vec<(u32, u32)> = Vec::new();
        for members in &at_event {
            for (index, one) in members.iter().enumerate() {
                pairs.extend(members[index + 1..].iter().map(|other| (*one, *other)));
            }
        }
        pairs.sort_unstable();
        let mut recurring = 0;
        let mut acquainted: Vec<u32> = Vec::new();
        for same in pairs.chunk_by(|a, b| a == b) {
            if same.len() >= 2 {
                recurring += 1;
                acquainted.extend([same[0].0, same[0].1]);
            }
        }
        acquainted.sort_unstable();
        acquainted.dedup();
        Acquainted {
            pairs: recurring,
            acquainted: acquainted.len() as i64,
            people,
        }
    }
}
