//! A network made by hand: groups of every kind, with a past long enough for what leans on many cases.

use super::{Case, drawn};
use crate::world::{A, DAY, Person, World};

/// Days between A and the instant of each network.
const LATER: [i64; 6] = [17, 30, 60, 90, 5, 5];
/// How many networks there are.
pub const CASES: usize = LATER.len();

pub fn case(nth: usize) -> Case {
    let a = A + LATER[nth] * DAY;
    let mut world = World {
        admin: Some(0),
        ..World::default()
    };
    // The last two are small, so that what is less urgent has its turn.
    if nth < 4 {
        kinds(&mut world, a);
        stories(&mut world, a);
        paused(&mut world, a);
    }
    past(&mut world, if nth.is_multiple_of(4) { 30 } else { 66 });
    young(&mut world, a);
    let (_, _, mut asked) = drawn::draw(1);
    asked.staff = Some(if nth == 0 { vec![] } else { vec![300] });
    asked.share = 0.75;
    asked.default_target = 1;
    asked.generated = a;
    asked.call_after = 90;
    asked.call_at = 0.6;
    asked.show_rate = (nth == 3).then_some(0.8);
    let from = |first: usize, n: u32| (nth < 4 && nth >= first).then_some(n);
    asked.policy = gatherd::community::Policy {
        events_per_year: (nth != 1 && nth < 4).then_some(4),
        warn_after_days: from(2, 120),
        act_after_days: from(2, 180),
        close_after_days: from(3, 365),
        first_event_within_days: from(2, 50),
        min_leaders: from(2, 2),
    };
    let named = |it: &crate::world::Group| it.name.starts_with("Asked");
    let contacts = world
        .groups
        .iter()
        .enumerate()
        .filter(|(n, it)| nth > 0 && (named(it) || n % 7 == 3));
    Case {
        name: format!("network {nth}"),
        contacts: contacts.map(|(n, _)| n).collect(),
        asked_days: [9, 9, 14, 20, 9, 70][nth],
        world,
        a,
        asked,
        is_monthly: nth != 1,
        with_people: true,
    }
}

/// A group of that name, led by person `lead`.
fn group(world: &mut World, name: &str, lead: Person) -> usize {
    let group = world.group(&name.to_lowercase().replace(' ', "-"));
    world.groups[group].name = name.to_owned();
    world.groups[group].founded = Some(A - 2_600 * DAY);
    world.member(group, lead, "ORGANIZER", "LEADER");
    group
}

fn crowd(from: Person, n: u32) -> Vec<Person> {
    (0..n).map(|k| from + k).collect()
}

/// How it meets: the days from the latest event to A, between events, how many, and how many say yes.
fn kinds(world: &mut World, a: i64) {
    let ago = |at: i64| (A - at) / DAY;
    for n in 0..44_u32 {
        let lead = 100 + n;
        let kind = n % 11;
        let group = group(world, &format!("City {n}"), lead);
        world.groups[group].founded =
            Some(a - i64::from(366 + 91 * n) * DAY + i64::from(n % 7) * DAY);
        if n % 4 == 0 {
            world.member(group, 200 + n, "COORGANIZER", "LEADER").seen = Some(A - 500 * DAY);
        }
        let (last, gap, events) = match kind {
            0 => (20, 30, 20),
            1 => (34, 30, 30),
            2 => (76, 30, 14),
            3 => (20, 45, 9),
            4 => (168 + i64::from(n % 5), 30, 8),
            5 => (200, 60, 9),
            6 => (420, 30, 12),
            7 => (900, 30, 6),
            8 => (35, 240, 7),
            9 => (1_200, 30, 3),
            _ => (3, 28, 26),
        };
        for event in 0..events {
            let days = last
                + event * gap
                + i64::from(event > 0) * i64::from((n * 7 + event as u32 * 3) % 5);
            let people = if kind == 0 && event < 3 {
                4
            } else {
                12 + n % 9
            };
            let mut yes = crowd(1_000 + (n % 6) * 40 + event as u32 % 2, people);
            if kind == 10 && days > 150 {
                yes.push(700 + n);
            }
            let hosts: &[Person] = match kind {
                1 => &[lead, 301],
                3 => &[300],
                10 if event == 0 => &[lead, 400 + n],
                _ => &[lead],
            };
            let starts = a - days * DAY;
            let event = world.met(group, ago(starts), &yes).hosted_by(hosts);
            event.starts = Some(starts);
            event.ends = Some(starts + 7_200);
            let notice = [2, 5, 10, 18, 30][(n as usize + days as usize) % 5];
            event.created = Some(starts - notice * DAY);
        }
        if kind == 10 {
            // A leader who came often and stays away.
            world.member(group, 700 + n, "EVENT_ORGANIZER", "LEADER");
            let starts = a + i64::from(2 + n % 4) * DAY;
            let joint = n > 30;
            let next = world.event(group, if joint { a + 3 * DAY } else { starts });
            next.status = "ACTIVE";
            next.created = Some(a - 20 * DAY);
            // In one place, and half of those who said yes to one copy said so to the other.
            next.joint = joint.then(|| "together".to_owned());
            next.venue = joint.then_some("Hall");
            next.answer("YES", &crowd(1_000 + 9 * (n % 2), 18));
        }
    }
}

/// First events and long pauses of long ago, some of which ended.
fn past(world: &mut World, groups: u32) {
    for n in 0..groups {
        let host = 500 + n;
        let group = group(world, &format!("Past {n}"), host);
        let first = 2_500 - i64::from(n * 9);
        let mut met = |days: i64| {
            world.met(group, days, &[1, 2, 3]).hosted_by(&[host]);
        };
        met(first);
        if n % 2 == 0 {
            met(first - 250);
        }
        if n % 3 == 0 {
            met(first - 300);
            met(first - 330);
        }
    }
}

/// What happens once: answers, thanks, changes.
fn stories(world: &mut World, a: i64) {
    let met = |world: &mut World, group: usize, days: i64, yes: u32, hosts: &[Person]| {
        let event = world.event(group, a - days * DAY);
        event.answer("YES", &crowd(2_000, yes)).hosted_by(hosts);
    };
    let announced = |world: &mut World, group: usize, days: i64| {
        let next = world.event(group, a + days * DAY);
        next.status = "ACTIVE";
        next.created = Some(a - 3 * DAY);
        next.seen = vec![a - 3 * DAY];
        next.answer("YES", &[1, 2]);
    };
    // Asked, and with a date since, or met since.
    for (name, events) in [("Asked never", 0), ("Asked once", 1), ("Asked often", 6)] {
        let group = group(world, name, 801);
        for event in 0..events {
            met(world, group, 130 + event * 30, 6, &[801]);
        }
        announced(world, group, 9);
    }
    let first = group(world, "Asked first", 802);
    met(world, first, 2, 6, &[802]);
    let silent = group(world, "Asked silent", 803);
    world.groups[silent].members.clear();
    for event in 0..6 {
        met(world, silent, 130 + event * 30, 6, &[804]);
    }
    // A date again, without anybody having asked.
    let dated = group(world, "Dated", 805);
    for event in 0..6 {
        met(world, dated, 110 + event * 30, 6, &[805]);
    }
    announced(world, dated, 12);
    // A record, by a new host; the second, the third and the fourth of a year.
    for (name, hosts) in [("Record", 1), ("Second", 2), ("Third", 3), ("Fourth", 4)] {
        let group = group(world, name, 810);
        for event in 0..8 {
            met(world, group, 400 + event * 30, 6, &[810]);
        }
        for host in 1..hosts {
            met(
                world,
                group,
                30 + host * 20,
                6,
                &[810, 820 + host as Person],
            );
        }
        met(world, group, 2, 30, &[810, 830]);
    }
    // Met again after a long time.
    let again = group(world, "Again", 840);
    met(world, again, 400, 6, &[840]);
    met(world, again, 430, 6, &[840]);
    met(world, again, 3, 7, &[840]);
    // As agreed from this week on: nine months of twelve, the latest of them just over.
    let agreed = group(world, "Agreed", 850);
    for days in [4, 35, 65, 95, 125, 155, 185, 215, 245] {
        met(world, agreed, days, 6, &[850]);
    }
    // Quiet since this week.
    let turned = group(world, "Turned", 855);
    for event in 0..6 {
        met(world, turned, 183 + event * 30, 6, &[855]);
    }
}

/// Large groups that meet every 30 days and paused once for long, long ago; some of them do now.
fn paused(world: &mut World, a: i64) {
    for n in 0..9_u32 {
        let lead = 900 + n;
        let group = group(world, &format!("Paused {n}"), lead);
        let last = if n < 3 { 93 } else { 10 };
        for event in 0..36_i64 {
            let pause = if event > 16 { 100 } else { 0 };
            let starts = a - (last + event * 30 + pause) * DAY;
            let event = world.event(group, starts);
            event
                .answer("YES", &crowd(3_000, 90))
                .hosted_by(&[lead, 950]);
            event.created = Some(starts - 5 * DAY);
            event.seen = vec![starts - 5 * DAY];
        }
    }
}

/// Groups that are young, or came back lately.
fn young(world: &mut World, a: i64) {
    let met = |world: &mut World, group: usize, days: i64, yes: u32, hosts: &[Person]| {
        let event = world.event(group, a - days * DAY);
        event.answer("YES", &crowd(2_000, yes)).hosted_by(hosts);
    };
    // Known only by when it joined; by nothing.
    for (name, joined, events) in [
        ("Joined", Some(100), 0),
        ("Joined and met", Some(120), 1),
        ("Unknown", None, 0),
    ] {
        let group = group(world, name, 860);
        world.groups[group].founded = None;
        world.groups[group].joined = joined.map(|days: i64| a - days * DAY);
        for _ in 0..events {
            met(world, group, 50, 6, &[860]);
        }
    }
    // Its first event is to come.
    let first = group(world, "Soon", 870);
    world.groups[first].founded = Some(a - 100 * DAY);
    let next = world.event(first, a + 6 * DAY);
    next.status = "ACTIVE";
    next.created = Some(a - 3 * DAY);
    // Came back, and has no second date.
    let back = group(world, "Back", 871);
    for days in [45, 400, 430] {
        met(world, back, days, 6, &[871]);
    }
    // Young, with one event some time ago.
    let young = group(world, "Young", 880);
    world.groups[young].founded = Some(a - 150 * DAY);
    met(world, young, 60, 6, &[880]);
    let twice = group(world, "Twice", 881);
    world.groups[twice].founded = Some(a - 250 * DAY);
    met(world, twice, 60, 6, &[881]);
    met(world, twice, 90, 6, &[881]);
}
