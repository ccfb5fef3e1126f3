//! The people of the whole network. The definitions are `network_people.sql` and `overlaps.sql`.

use std::collections::{BTreeMap, HashMap};

use super::local::{DAY, Weeks};
use super::returns::Visit;

/// The windows of the network: 30, 90 and 365 days before A, and the same before A - 365 d.
const WINDOWS: [(i64, bool); 6] = [
    (30, false),
    (90, false),
    (365, false),
    (30, true),
    (90, true),
    (365, true),
];
/// A bit for each window.
type Windows = u16;
const QUARTER: Windows = 1 << 1;
const YEAR: Windows = 1 << 2;
const QUARTER_BEFORE: Windows = 1 << 4;
/// Started before the last 90 days.
const OLDER: Windows = 1 << 6;
/// The same at A - 365 d.
const OLDER_BEFORE: Windows = 1 << 7;
/// Started on one of the seven dates before A's.
const WEEK: Windows = 1 << 8;
/// Started before those.
const OLDER_WEEK: Windows = 1 << 9;

/// Groups that met, and events held, by window.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Meetings {
    pub groups: [i64; 6],
    pub events: [i64; 6],
}

/// Groups share people where they share so many.
const SHARED: i64 = 5;

/// People of the network who took part, by window, and what else is counted of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Crowd {
    pub people: [i64; 6],
    pub repeaters_365: i64,
    pub crossers_365: i64,
    pub first_timers_90: i64,
    pub first_timers_90_year_before: i64,
    /// Of the week before A's date.
    pub first_timers_week: i64,
    /// Two groups' keys, how many people they share, how many the smaller one has.
    pub overlaps: Vec<([i64; 2], i64, i64)>,
}

/// A held event, as the network sees it. Bit i: it lies in the i-th of the windows, or is older, and counts
/// for the network.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct NetworkEvent(Windows);

impl std::ops::BitOrAssign for NetworkEvent {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

impl NetworkEvent {
    pub(super) fn new(
        as_of: i64,
        weeks: Weeks,
        (starts_at, ends_at): (i64, i64),
        founded_at: Option<i64>,
        is_complete: bool,
    ) -> Self {
        let is_last_week = (weeks.before..weeks.today).contains(&starts_at);
        let mut windows = Windows::from(starts_at <= as_of - 90 * DAY) * OLDER;
        windows |= Windows::from(is_last_week) * WEEK;
        windows |= Windows::from(starts_at < weeks.before) * OLDER_WEEK;
        for (bit, (days, is_year_before)) in WINDOWS.into_iter().enumerate() {
            let until = if is_year_before {
                as_of - 365 * DAY
            } else {
                as_of
            };
            let is_inside = starts_at > until - days * DAY
                && starts_at <= until
                && ends_at <= until
                && founded_at.is_none_or(|founded| founded <= until);
            windows |= Windows::from(is_inside) << bit;
        }
        let year_before = as_of - 365 * DAY;
        let is_older_before = starts_at <= year_before - 90 * DAY
            && ends_at <= year_before
            && founded_at.is_none_or(|founded| founded <= year_before);
        windows |= Windows::from(is_older_before) * OLDER_BEFORE;
        Self(if is_complete { windows } else { 0 })
    }

    /// Adds one to each window that it lies in.
    pub(super) fn count(self, windows: &mut [i64; 6]) {
        for (bit, counted) in windows.iter_mut().enumerate() {
            *counted += i64::from(self.0 >> bit & 1);
        }
    }
}

#[derive(Default, Clone, Copy)]
struct Person {
    windows: Windows,
    /// Events of the year; two are enough to know.
    times_365: u8,
}

impl Person {
    fn take_part(&mut self, windows: Windows) {
        self.windows |= windows;
        let is_of_year = windows & YEAR != 0;
        self.times_365 = self.times_365.saturating_add(u8::from(is_of_year));
    }
}

/// A joint event, its copies united.
#[derive(Default)]
struct United {
    /// The groups that have a copy within the year.
    groups: Vec<u32>,
    /// In which windows somebody said yes to it, and hosted it, in any copy.
    people: BTreeMap<u32, (Windows, Windows)>,
}

/// The visits as they come.
#[derive(Default)]
pub(super) struct Gathering {
    /// By their keys, which Meetup's members are given one after the other.
    people: Vec<Person>,
    united: HashMap<Box<str>, United>,
    /// Who took part in which group within the year.
    guests: Vec<(u32, u32)>,
}

impl Gathering {
    /// A copy of a joint event in a group: who is known at it, whether they said yes, whether they host it.
    pub(super) fn unite(
        &mut self,
        joint: &str,
        grp: u32,
        NetworkEvent(windows): NetworkEvent,
        met: impl Iterator<Item = (u32, bool, bool)>,
    ) {
        if windows == 0 {
            return;
        }
        if !self.united.contains_key(joint) {
            self.united.insert(joint.into(), United::default());
        }
        let Some(united) = self.united.get_mut(joint) else {
            return;
        };
        if windows & YEAR != 0 {
            united.groups.push(grp);
        }
        for (member, said_yes, is_host) in met {
            if said_yes || is_host {
                let (yes, host) = united.people.entry(member).or_default();
                *yes |= if said_yes { windows } else { 0 };
                *host |= if is_host { windows } else { 0 };
            }
        }
    }

    /// Who took part in a group's held events, in the order of persons; `events` by place, none where it is
    /// a copy of a joint one.
    pub(super) fn visit(&mut self, grp: u32, visits: &[Visit], events: &[Option<NetworkEvent>]) {
        for of_person in visits.chunk_by(|a, b| a.member == b.member) {
            let member = of_person[0].member;
            let mut is_guest = false;
            for visit in of_person {
                if let Some(NetworkEvent(windows)) = events[visit.place as usize - 1] {
                    self.take_part(member, windows);
                    is_guest |= windows & YEAR != 0;
                }
            }
            if is_guest {
                self.guests.push((member, grp));
            }
        }
    }

    fn take_part(&mut self, member: u32, windows: Windows) {
        let at = member as usize;
        if at >= self.people.len() {
            self.people.resize(at + 1, Person::default());
        }
        self.people[at].take_part(windows);
    }

    /// What another one gathered, too.
    pub(super) fn add(&mut self, other: Self) {
        if self.people.len() < other.people.len() {
            self.people.resize(other.people.len(), Person::default());
        }
        for (person, more) in self.people.iter_mut().zip(other.people) {
            person.windows |= more.windows;
            person.times_365 = person.times_365.saturating_add(more.times_365);
        }
        self.guests.extend(other.guests);
        for (joint, more) in other.united {
            let united = self.united.entry(joint).or_default();
            united.groups.extend(more.groups);
            for (member, (yes, host)) in more.people {
                let known = united.people.entry(member).or_default();
                known.0 |= yes;
                known.1 |= host;
            }
        }
    }

    /// Counts them.
    pub(super) fn count(mut self) -> ByNumber {
        for United { groups, people } in std::mem::take(&mut self.united).into_values() {
            for (member, (yes, host)) in people {
                let windows = yes & !host;
                self.take_part(member, windows);
                if windows & YEAR != 0 {
                    self.guests.extend(groups.iter().map(|grp| (member, *grp)));
                }
            }
        }
        let mut crowd = Crowd::default();
        for person in &self.people {
            for (bit, people) in crowd.people.iter_mut().enumerate() {
                *people += i64::from(person.windows >> bit & 1);
            }
            crowd.repeaters_365 += i64::from(person.times_365 >= 2);
            let is_new = |within: Windows, older: Windows| {
                person.windows & within != 0 && person.windows & older == 0
            };
            crowd.first_timers_90 += i64::from(is_new(QUARTER, OLDER));
            crowd.first_timers_90_year_before += i64::from(is_new(QUARTER_BEFORE, OLDER_BEFORE));
            crowd.first_timers_week += i64::from(is_new(WEEK, OLDER_WEEK));
        }
        self.guests.sort_unstable();
        self.guests.dedup();
        // An event announced in every group puts the same long list of groups beside thousands of people, so
        // pairs are made once for each list, not for each person.
        let mut lists: HashMap<Vec<u32>, i64> = HashMap::new();
        let mut list = Vec::new();
        for of_person in self.guests.chunk_by(|a, b| a.0 == b.0) {
            list.clear();
            list.extend(of_person.iter().map(|(_, grp)| *grp));
            match lists.get_mut(list.as_slice()) {
                Some(people) => *people += 1,
                None => {
                    lists.insert(list.clone(), 1);
                }
            }
        }
        let mut sizes: HashMap<u32, i64> = HashMap::new();
        let mut shared: HashMap<(u32, u32), i64> = HashMap::new();
        for (groups, people) in &lists {
            if groups.len() >= 2 {
                crowd.crossers_365 += people;
            }
            for (index, one) in groups.iter().enumerate() {
                *sizes.entry(*one).or_default() += people;
                for other in &groups[index + 1..] {
                    *shared.entry((*one, *other)).or_default() += people;
                }
            }
        }
        let overlaps = shared
            .into_iter()
            .filter(|(_, people)| *people >= SHARED)
            .map(|((one, other), people)| {
                let smaller = sizes[&one].min(sizes[&other]);
                ([one, other], people, smaller)
            });
        ByNumber {
            overlaps: overlaps.collect(),
            crowd,
        }
    }
}

/// What was counted, the groups still by their numbers.
pub(super) struct ByNumber {
    crowd: Crowd,
    overlaps: Vec<([u32; 2], i64, i64)>,
}

impl ByNumber {
    /// With the groups' keys.
    pub(super) fn keyed(self, key: impl Fn(u32) -> i64) -> Crowd {
        let overlaps = self
            .overlaps
            .into_iter()
            .map(|([one, other], shared, smaller)| ([key(one), key(other)], shared, smaller));
        Crowd {
            overlaps: overlaps.collect(),
            ..self.crowd
        }
    }
}
