//! Every fault on every operation, at its first page, in the middle and at its last: overcome without a
//! trace where the table says so; without end it costs what it hides and nothing more.
//!
//! `GATHERD_TEST_MATRIX=1` meets every fault at each of these pages and without end, on every operation.

use super::NONE;
use super::stir::{Stir, ask, plant, stir};
use super::table::{Comes, Row, TABLE};
use crate::rig::{Means, Rig, quick};
use gatherd::demo::world::GroupAt;
use gatherd::demo::{Fault, On, PageCaps, Switches, World};
use gatherd::meetup::AskError;
use gatherd::sync::{Outcome, PassReport, SyncError};
use std::time::Duration;

const OPERATIONS: &[(&str, Stir)] = &[
    ("NetworkGroups", Stir::Nothing),
    ("NetworkEvents", Stir::Nothing),
    ("GroupsById", Stir::Nothing),
    ("EventRsvps", Stir::Rsvp),
    ("EventsById", Stir::Deletion),
    ("GroupEvents", Stir::DeletionOutside),
    ("GroupMemberships", Stir::Departure),
    ("GroupsByUrlname", Stir::Unknown),
    ("NetworkGroupIds", Stir::Waiting),
    ("NetworkEventsRiding", Stir::Sweep),
    ("GroupEventsRiding", Stir::Sweep),
    ("NetworkEventIds", Stir::Lost),
    ("EventHeadsById", Stir::Lost),
    ("EventRsvpIds", Stir::Lost),
    ("EventRsvpRows", Stir::Lost),
    ("GroupEventIds", Stir::LostOutside),
    ("GroupHeadsById", Stir::NoMatch),
    ("GroupHeadsByUrlname", Stir::UnknownNoMatch),
];

/// What a bad row does not hide even while it is there: groups that a listing of bare ids lacks are known from
/// earlier passes, what cannot be read together is read apart, a member's edge without its node is nobody's
/// absence, and an RSVP without its person is the failure that its event has anyway.
const MADE_UP_FOR: [&str; 12] = [
    "NetworkGroupIds",
    "NetworkEvents",
    "NetworkEventsRiding",
    "GroupEvents",
    "GroupEventsRiding",
    "GroupsById",
    "GroupsByUrlname",
    "EventsById",
    "EventRsvps",
    "EventRsvpIds",
    "EventRsvpRows",
    "GroupMemberships",
];

/// What no pass asks, but a person who wants to know what the account sees.
const BESIDE_PASSES: [&str; 4] = ["Myself", "NetworksOfMine", "NetworkSeen", "GroupsSeen"];

/// What came of a pass, in the table's words.
fn came(asked: &Result<PassReport, SyncError>) -> Comes {
    match asked {
        Ok(report) if report.outcome == Outcome::Done => Comes::Well,
        Ok(_) => Comes::Later,
        Err(SyncError::Ask(AskError::NeedsSignIn { .. })) => Comes::Stops(4),
        Err(SyncError::Ask(AskError::Refused { .. })) => Comes::Stops(1),
        Err(error) => panic!("{error}"),
    }
}

/// A community in pages so small that every listing has several.
fn paged(seed: u64) -> Rig {
    let page_caps = PageCaps {
        groups: 2,
        events: 9,
        group_events: 4,
        memberships: 12,
        rsvps: 12,
    };
    let switches = Switches {
        page_caps,
        ..Switches::unlimited()
    };
    let mut waits = quick();
    waits.request = Duration::from_millis(400);
    let means = Means {
        waits,
        renews: true,
        ..Means::default()
    };
    // Each cell may cost a member.
    let members = if is_whole() { 400 } else { 130 };
    let mut world = World::sized(seed, 5, 20, 260, members, chrono::Utc::now());
    let last = world.groups().map(|(at, _)| at).last().unwrap();
    world.leave_network(last);
    Rig::with(world, switches, means)
}

/// Whether every cell is tried, instead of each row and each column some times.
fn is_whole() -> bool {
    std::env::var_os("GATHERD_TEST_MATRIX").is_some()
}

struct Matrix {
    rig: Rig,
    operation: &'static str,
    how: Stir,
    turn: i64,
    /// How often a pass asks the operation.
    pages: u32,
}

impl Matrix {
    async fn new(operation: &'static str, how: Stir) -> Self {
        let rig = paged(11);
        rig.backfill().await.unwrap();
        // The outside group is known by its id from the first pass on.
        rig.pass().await.unwrap();
        let mut matrix = Self {
            rig,
            operation,
            how,
            turn: 0,
            pages: 0,
        };
        matrix.stirred().await;
        assert_eq!(came(&ask(&matrix.rig, how).await), matrix.usual());
        matrix.pages = matrix.asked();
        assert!(matrix.pages > 0, "{operation} is never asked");
        matrix.heal();
        matrix.settled("undisturbed").await;
        matrix
    }

    /// A group that is left alone is listed all the same, and so is an answer that cannot be read.
    fn usual(&self) -> Comes {
        if matches!(self.how, Stir::Waiting | Stir::Lost | Stir::LostOutside) {
            Comes::Later
        } else {
            Comes::Well
        }
    }

    fn asked(&self) -> u32 {
        let asked = self.rig.sim.counters().by_operation;
        *asked.get(self.operation).unwrap_or(&0) as u32
    }

    /// Everything as it was, and something new to be asked.
    async fn stirred(&mut self) {
        self.turn += 1;
        if matches!(self.how, Stir::Deletion | Stir::DeletionOutside) {
            plant(&self.rig, self.how, self.turn);
            self.rig.pass().await.unwrap();
        }
        stir(&self.rig, self.how, self.turn);
        self.rig.sim.reset_counters();
    }

    /// Meets a fault so often, from this page on, and answers what came of it.
    async fn meets(&mut self, row: &Row, page: u32, times: u32, what: &str) -> Comes {
        self.stirred().await;
        self.rig.sim.switch(row.switch);
        let on = On::Operation(self.operation.into());
        self.rig.sim.fault_after(page, on, row.fault, times);
        let asked = ask(&self.rig, self.how).await;
        let met = times - self.rig.sim.faults_left();
        assert!(met > 0 || page > 0, "{what}: never met");
        let requests = self.rig.sim.counters().requests;
        // Six attempts at a question, ten where the server says wait, and four questions in vain.
        assert!(
            requests <= 150 + 11 * 4,
            "{what}: {requests} requests, a tight loop"
        );
        assert_eq!(self.rig.falsely_gone(), NONE, "{what}");
        self.heal();
        let came = came(&asked);
        if came == Comes::Later && self.usual() == Comes::Later {
            return self.listed_anew(asked, what);
        }
        if let (Comes::Later, Ok(report)) = (came, &asked) {
            assert!(!report.failures.is_empty(), "{what}");
        }
        came
    }

    fn heal(&self) {
        self.rig.sim.heal();
        self.rig.sim.switch(|switches| {
            *switches = Switches {
                page_caps: switches.page_caps,
                ..Switches::unlimited()
            };
        });
    }

    /// Whether more is listed than the group that is left alone, or the answer that cannot be read.
    fn listed_anew(&self, asked: Result<PassReport, SyncError>, what: &str) -> Comes {
        let failures = asked
            .unwrap_or_else(|error| panic!("{what}: {error}"))
            .failures;
        let usual = match self.how {
            Stir::Waiting => "left out until",
            _ => "some of its RSVPs: ",
        };
        if failures.len() == 1 && failures[0].message.contains(usual) {
            Comes::Well
        } else {
            Comes::Later
        }
    }

    /// After the faults: one pass, and where a sweep was the question one sweep, make all good.
    async fn settled(&self, what: &str) {
        self.rig.let_time_pass();
        self.rig
            .meddle("UPDATE group_row SET retry_at = NULL, failures = 0");
        let report = ask(&self.rig, Stir::Nothing).await.unwrap();
        assert_eq!(
            report.outcome,
            Outcome::Done,
            "{what}: {:?}",
            report.failures
        );
        if self.rig.differences() != NONE {
            let report = ask(&self.rig, Stir::Sweep).await.unwrap();
            assert_eq!(
                report.outcome,
                Outcome::Done,
                "{what}: {:?}",
                report.failures
            );
        }
        assert_eq!(self.rig.differences(), NONE, "{what}");
        assert_eq!(self.rig.falsely_gone(), NONE, "{what}");
        let due = self
            .rig
            .rows("SELECT count(*) FROM units WHERE state = 'due'");
        assert_eq!(due, ["0"], "{what}");
    }

    async fn comes_through(&mut self, nth: usize, row: &Row) {
        let is_whole = is_whole();
        let pages = [0, self.pages / 2, self.pages - 1];
        let place = OPERATIONS
            .iter()
            .position(|(name, _)| *name == self.operation);
        let turn = nth + place.unwrap();
        let chosen = if is_whole {
            &pages[..]
        } else {
            &pages[turn % 3..=turn % 3]
        };
        for page in chosen {
            let times = if turn.is_multiple_of(2) {
                row.survives.max(1)
            } else {
                1
            };
            let what = format!(
                "{} meets {:?} {times} times from page {page} on",
                self.operation, row.fault
            );
            let came = self.meets(row, *page, times, &what).await;
            if row.survives > 0 {
                assert_eq!(came, Comes::Well, "{what}");
            } else {
                assert!(
                    matches!(came, Comes::Well | Comes::Later),
                    "{what}: {came:?}"
                );
            }
            self.settled(&what).await;
        }
        if is_whole || nth % OPERATIONS.len() == place.unwrap() {
            let what = format!("{} meets {:?} without end", self.operation, row.fault);
            let came = self.meets(row, 0, 100_000, &what).await;
            let is_made_up_for = MADE_UP_FOR.contains(&self.operation)
                && matches!(row.fault, Fault::Spoilt(_))
                && came == Comes::Well;
            assert!(
                came == row.without_end || is_made_up_for,
                "{what}: {came:?}"
            );
            self.settled(&what).await;
        }
    }
}

async fn comes_through(operation: &'static str, how: Stir) {
    let mut matrix = Matrix::new(operation, how).await;
    for (nth, row) in TABLE.iter().enumerate() {
        matrix.comes_through(nth, row).await;
    }
}

macro_rules! each_operation {
    ($($name:ident: $operation:literal),+ $(,)?) => {
        $(#[tokio::test(flavor = "multi_thread")]
        async fn $name() {
            let (operation, how) = OPERATIONS.iter().find(|(name, _)| *name == $operation).unwrap();
            comes_through(operation, *how).await;
        })+

        #[test]
        fn no_operation_is_forgotten() {
            let mut asked: Vec<String> = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/graphql"))
                .unwrap()
                .map(|file| file.unwrap().path())
                // What only `doctor` asks fails before somebody's eyes and mirrors nothing.
                .filter(|file| !file.ends_with("probe.graphql"))
                .map(|file| std::fs::read_to_string(file).unwrap())
                .flat_map(|text| {
                    let queries = text.lines().filter_map(|line| line.strip_prefix("query "));
                    let names = queries.map(|rest| rest.split(['(', ' ']).next().unwrap().to_owned());
                    names.collect::<Vec<_>>()
                })
                .collect();
            let mut tried = vec![$($operation.to_owned()),+];
            tried.extend(BESIDE_PASSES.map(str::to_owned));
            asked.sort();
            tried.sort();
            assert_eq!(tried, asked);
        }
    };
}

each_operation! {
    a_networks_groups_come_through_every_fault: "NetworkGroups",
    hot_events_come_through_every_fault: "NetworkEvents",
    known_groups_outside_come_through_every_fault: "GroupsById",
    rsvps_come_through_every_fault: "EventRsvps",
    missing_events_come_through_every_fault: "EventsById",
    events_outside_come_through_every_fault: "GroupEvents",
    memberships_come_through_every_fault: "GroupMemberships",
    new_groups_outside_come_through_every_fault: "GroupsByUrlname",
    bare_ids_come_through_every_fault: "NetworkGroupIds",
    history_comes_through_every_fault: "NetworkEventsRiding",
    history_outside_comes_through_every_fault: "GroupEventsRiding",
    ids_of_events_come_through_every_fault: "NetworkEventIds",
    heads_of_events_come_through_every_fault: "EventHeadsById",
    answers_without_people_come_through_every_fault: "EventRsvpIds",
    single_answers_come_through_every_fault: "EventRsvpRows",
    ids_of_events_outside_come_through_every_fault: "GroupEventIds",
    heads_of_groups_come_through_every_fault: "GroupHeadsById",
    heads_of_new_groups_come_through_every_fault: "GroupHeadsByUrlname",
}

/// A cursor that is refused on a first page is the question refused; later, the walk is lost and no more.
#[tokio::test(flavor = "multi_thread")]
async fn a_refused_cursor_costs_its_walk_and_a_refused_question_the_pass() {
    for (operation, how) in OPERATIONS {
        let mut matrix = Matrix::new(operation, *how).await;
        let row = Row {
            fault: Fault::CursorRefused,
            ..TABLE[0]
        };
        for page in [0, matrix.pages / 2] {
            let what = format!("{operation} refused at page {page}");
            // Smaller and smaller pages are tried before a refusal is believed: seven from 500 rows to 10.
            let times = if page == 0 { 20 } else { 7 };
            let came = matrix.meets(&row, page, times, &what).await;
            // Single answers are asked for from a place among others on.
            if page == 0 && *operation != "EventRsvpRows" {
                assert_eq!(came, Comes::Stops(1), "{what}");
                let last = "SELECT outcome FROM passes ORDER BY id DESC LIMIT 1";
                assert_eq!(matrix.rig.rows(last), ["failed"], "{what}");
            }
            matrix.settled(&what).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_there_fails_the_pass_and_the_next_one_makes_it_good() {
    let rig = paged(12);
    rig.backfill().await.unwrap();
    let away = rig.without_meetup();
    for sweep in [false, true] {
        rig.sim.with_world(|world| {
            world.rename_group(GroupAt(0), "Renamed", &format!("renamed-{sweep}"));
        });
        let asked = gatherd::sync::PassAsk {
            sweep,
            work_units: true,
        };
        let report = away.pass(asked).await.unwrap();
        assert_eq!(report.outcome, Outcome::Failed, "{:?}", report.failures);
        // What was under way when it was clear counts as well.
        assert!(report.requests <= 6 * 8, "{} requests", report.requests);
        assert!(
            report
                .failures
                .iter()
                .any(|it| it.message.contains("no connection"))
        );
        rig.let_time_pass();
        assert_eq!(rig.sweep().await.unwrap().outcome, Outcome::Done);
        assert_eq!(rig.differences(), NONE);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_account_sees_is_told_through_every_fault() {
    let rig = super::rig(13, 4, Switches::unlimited());
    let meetup = rig.meetup(&rig.mirror);
    let (network, group) = rig.sim.with_world(|world| {
        let network = world.networks().next().unwrap().1.urlname.clone();
        (network, world.groups().next().unwrap().1.urlname.clone())
    });
    let passing = [
        (Fault::Reset, 2),
        (Fault::CutBody, 1),
        (Fault::EmptyBody, 1),
        (Fault::InvalidJson, 1),
        (Fault::Status(400), 1),
        (Fault::Status(503), 2),
        (Fault::Html(502), 2),
        (Fault::TooMany(None), 1),
        (Fault::RateLimited, 1),
    ];
    for (fault, times) in passing {
        for operation in BESIDE_PASSES {
            rig.sim.fault(On::Operation(operation.into()), fault, times);
        }
        assert!(meetup.myself().await.unwrap().is_some(), "{fault:?}");
        let mine = meetup.networks_of_mine().await.unwrap();
        assert_eq!((&mine[0].urlname, mine[0].seen.groups), (&network, 3));
        let seen = meetup.network_seen(&network).await.unwrap().unwrap();
        assert_eq!(seen.groups, 3, "{fault:?}");
        assert!(meetup.network_seen("nobodys").await.unwrap().is_none());
        let seen = meetup.groups_seen(&[&group, "nobodys"]).await.unwrap();
        assert!(
            seen[0].is_some() && seen[1].is_none(),
            "{fault:?}: {seen:?}"
        );
        assert_eq!(rig.sim.faults_left(), 0, "{fault:?}");
    }
}
