//! Whatever happens, in whatever order: the mirror comes to equal Meetup.
//!
//! A history is drawn: changes in the community (some of them between two pages of a walk), passes,
//! sweeps and backfills, kills and restarts, faults, under switches that are drawn too. The simulated
//! Meetup's world is the model. After every step nothing that was seen is deleted, nothing is doubled,
//! and the log of RSVP changes accounts for every row. After every pass that says "done", all that a
//! pass promises is in the mirror; after a sweep, everything. When the faults end, one pass and one
//! sweep make the mirror equal Meetup, and doing both again changes nothing.
//!
//! What fails is shrunk to a history of few steps. The long mode: `GATHERD_TEST_STEPS` sets how many
//! steps are played in all, instead of the same two thousand, and draws others at every run;
//! `GATHERD_TEST_SEED` draws the same ones again.

mod model;
mod once;
mod roles;
mod shown;
mod steps;
mod trail;
mod working;

use crate::rig::{Means, Rig, quick};
use gatherd::demo::world::{EventAt, GroupAt};
use gatherd::demo::{Blemish, Endless, LeavesOut, On, PageCaps, Switches, World};
use model::Model;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use shown::Shown;
use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use steps::{BLEMISHES, Change, EVENT_BLEMISHES, Step, Work, apply, history};
use tokio::sync::Notify;
use trail::Trail;
use working::{is_null_once, is_through, perform};

const DAY: i64 = 86_400;

/// Steps played, unless others are asked for.
const STEPS: usize = 2_000;
/// Steps in a history.
const MOST: usize = 100;

#[test]
fn after_anything_in_any_order_one_pass_and_one_sweep_make_the_mirror_equal_meetup() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let asked = std::env::var("GATHERD_TEST_STEPS").ok();
    let wanted: usize = asked.and_then(|text| text.parse().ok()).unwrap_or(STEPS);
    let seed = std::env::var("GATHERD_TEST_SEED").ok();
    let seed: u64 = match seed.and_then(|text| text.parse().ok()) {
        Some(seed) => seed,
        None if wanted == STEPS => 1,
        None => chrono::Utc::now().timestamp().unsigned_abs() << 20,
    };
    println!("GATHERD_TEST_SEED={seed}");
    let mut played = 0;
    for nth in 0.. {
        if played >= wanted {
            break;
        }
        let config = Config {
            cases: 1,
            max_shrink_iters: 600,
            failure_persistence: None,
            rng_seed: RngSeed::Fixed(seed + nth),
            ..Config::default()
        };
        let steps_of_this = Cell::new(0);
        TestRunner::new(config)
            .run(&(any::<u64>(), history(MOST)), |(seed, steps)| {
                steps_of_this.set(steps.0.len());
                runtime.block_on(async {
                    let mut play = Play::begin(seed);
                    for step in &steps.0 {
                        play.step(step).await?;
                    }
                    play.end().await
                })
            })
            .unwrap_or_else(|failure| panic!("{failure}"));
        played += steps_of_this.get();
    }
}

struct Play {
    rig: Rig,
    outside: Vec<GroupAt>,
    model: Arc<Mutex<Model>>,
    meanwhile: Vec<(u64, Change, usize, usize)>,
    trail: Trail,
    /// How listings do not end here, at any time.
    endless: Endless,
    /// Something is shown otherwise than it is, without an error that would tell.
    is_masked: bool,
    /// Answers leave things out, or did since the last sweep.
    is_poorer: bool,
}

impl Play {
    fn begin(seed: u64) -> Self {
        let mut world = World::sized(seed, 6, 30, 200, 100, chrono::Utc::now());
        let last = world.groups().map(|(at, _)| at).last().unwrap();
        world.leave_network(last);
        let switches = Switches {
            page_caps: PageCaps::all([9, 20, 20, 1_000][(seed % 4) as usize]),
            ..Switches::drawn(seed)
        };
        let means = Means {
            page_size: [100, 10][(seed % 2) as usize],
            waits: gatherd::meetup::Waits {
                request: Duration::from_secs(20),
                ..quick()
            },
            ..Means::default()
        };
        Self {
            endless: switches.endless,
            rig: Rig::with(world, switches, means),
            outside: vec![last],
            model: Arc::default(),
            meanwhile: Vec::new(),
            trail: Trail::default(),
            is_masked: false,
            is_poorer: false,
        }
    }

    async fn step(&mut self, step: &Step) -> Result<(), TestCaseError> {
        match *step {
            Step::Change(change, a, b) => self.rig.sim.with_world(|world| {
                let mut model = self.model.lock().unwrap();
                model.remember(world);
                let told = apply(world, &mut model.lost, (change, a, b));
                model.told.extend(told);
                model.remember(world);
            }),
            Step::Meanwhile(at, change, a, b) => self.meanwhile.push((at, change, a, b)),
            Step::Work(work) => self.work(work).await?,
            Step::Killed(work, at) => self.kill(work, at).await?,
            Step::Restarted => self.rig.restart(),
            Step::Fault(trouble, after, times) => {
                let next = self.rig.sim.counters().requests + after + 1;
                for nth in 0..u64::from(times) {
                    let on = On::Request(next + nth);
                    self.rig.sim.fault(on, trouble.fault(), 1);
                }
            }
            Step::Broken(group, how) => {
                let at = self.rig.sim.with_world(|world| {
                    let groups: Vec<GroupAt> = world.groups().map(|(at, _)| at).collect();
                    groups.get(group % groups.len().max(1)).copied()
                });
                if let Some(at) = at {
                    self.rig.sim.blemish(at, BLEMISHES[how]);
                    self.is_masked |= BLEMISHES[how] == Blemish::NoPresence;
                }
            }
            Step::EventBroken(event, how) => {
                let at = self.rig.sim.with_world(|world| {
                    let events: Vec<EventAt> = world.events().map(|(at, _)| at).collect();
                    events.get(event % events.len().max(1)).copied()
                });
                if let Some(at) = at {
                    self.rig.sim.blemish_event(at, EVENT_BLEMISHES[how]);
                    self.is_masked = true;
                }
            }
            Step::LeavesOut(what) => {
                self.rig.sim.switch(|switches| switches.leaves_out = what);
                self.is_poorer = true;
            }
            Step::Endless(how) => self.rig.sim.switch(|switches| switches.endless = how),
            Step::Healed => {
                self.heal();
                self.is_masked = false;
            }
            Step::LaterThatDay => self.rig.let_time_pass(),
            Step::CursorsRenewed => self.rig.sim.renew_cursors(),
            Step::ShrinkAccepted => self.accept_shrink(),
        }
        Ok(())
    }

    fn heal(&self) {
        self.rig.sim.heal();
        let endless = self.endless;
        self.rig.sim.switch(|switches| {
            (switches.leaves_out, switches.endless) = (LeavesOut::Nothing, endless);
        });
    }

    fn accept_shrink(&self) {
        self.rig
            .mirror
            .write(chrono::Utc::now(), |w| w.accept_losses(None))
            .unwrap();
    }

    /// One work, and what it promises.
    async fn work(&mut self, work: Work) -> Result<(), TestCaseError> {
        self.rig
            .sim
            .with_world(|world| self.model.lock().unwrap().remember(world));
        let is_full_sweep = work == Work::Sweep && self.units_of_sweeps() == "0";
        let gone_before = self.gone();
        let held = self.hook(None);
        let report = perform(&self.rig, work).await;
        self.rig.sim.forget_hook();
        let has_moved = !self.meanwhile.is_empty();
        self.meanwhile.clear();
        self.record_told(&format!(
            "{work:?}: {:?}",
            report
                .as_ref()
                .map(|it| it.as_ref().map(|it| (it.outcome, &it.failures)))
        ));
        self.trail_holds()?;
        let Some(held) = Arc::into_inner(held).and_then(|held| held.into_inner().ok()) else {
            return Ok(());
        };
        // What was there all the time is not called gone now, if it was not before.
        let wrongly: Vec<String> = self
            .gone()
            .into_iter()
            .filter(|name| held.contains(name) && !gone_before.contains(name))
            .collect();
        // Few of few may be believed to be gone while they are not shown.
        if !wrongly.is_empty() && !self.leaves_out() {
            return self.fail("called gone though it was there all the time", &wrongly);
        }
        if is_through(&report)
            && !has_moved
            && !self.is_masked
            && !self.leaves_out()
            && matches!(work, Work::Pass | Work::Sweep)
        {
            let is_swept = is_full_sweep && self.units_of_sweeps() == "0";
            if is_swept || !self.is_poorer {
                self.promise_is_kept(is_swept)?;
            }
            if is_swept {
                self.is_poorer = false;
                self.rig.sim.with_world(|world| {
                    let mut model = self.model.lock().unwrap();
                    (model.answers, model.members) = Default::default();
                    model.remember(world);
                });
            }
        }
        Ok(())
    }

    /// Dies before the answer to the request of that number, if it comes to that, and starts again.
    async fn kill(&mut self, work: Work, at: u64) -> Result<(), TestCaseError> {
        self.rig
            .sim
            .with_world(|world| self.model.lock().unwrap().remember(world));
        let now = Arc::new(Notify::new());
        self.hook(Some((at, Arc::clone(&now))));
        let ended = tokio::select! {
            biased;
            () = now.notified() => "killed",
            _ = perform(&self.rig, work) => "ended before",
        };
        self.rig.sim.forget_hook();
        self.meanwhile.clear();
        self.record_told(&format!("{work:?} {ended} at request {at}"));
        self.rig.restart();
        self.trail_holds()
    }

    /// Has the changes planned for the next work happen, and keeps what was there at all times.
    fn hook(&self, kill: Option<(u64, Arc<Notify>)>) -> Arc<Mutex<BTreeSet<String>>> {
        let (model, outside) = (Arc::clone(&self.model), self.outside.clone());
        let names = self
            .rig
            .sim
            .with_world(|world| Shown::of_world(world, &outside).names());
        let held = Arc::new(Mutex::new(names));
        let (planned, kept) = (self.meanwhile.clone(), Arc::clone(&held));
        let mut requests = 0;
        self.rig.sim.before_answer(move |_, world| {
            requests += 1;
            for (_, change, a, b) in planned.iter().filter(|(at, ..)| *at == requests) {
                let mut model = model.lock().unwrap();
                let told = apply(world, &mut model.lost, (*change, *a, *b));
                model
                    .told
                    .extend(told.map(|told| format!("  before answer {requests}: {told}")));
                model.remember(world);
                let names = Shown::of_world(world, &outside).names();
                kept.lock().unwrap().retain(|name| names.contains(name));
            }
            if let Some((at, now)) = &kill
                && *at == requests
            {
                now.notify_one();
            }
        });
        held
    }

    fn promise_is_kept(&self, is_swept: bool) -> Result<(), TestCaseError> {
        let found = Shown::of_mirror(&self.rig.mirror);
        let outside = self.found_outside();
        let (wanted, mut but_rsvps_of, mut but_members_of, now) =
            self.rig.sim.with_world(|world| {
                let mut model = self.model.lock().unwrap();
                model.remember(world);
                (
                    Shown::of_world(world, &outside),
                    model.answers.unseeable.clone(),
                    model.members.unseeable.clone(),
                    world.now(),
                )
            });
        // A walk that failed is due again in a while, and counted as left.
        but_rsvps_of.extend(self.rig.rows(
            "SELECT e.token FROM unit_row u JOIN event_row e ON e.key = u.event WHERE u.state = 'due'",
        ));
        but_members_of.extend(self.rig.rows(
            "SELECT CAST(g.id AS TEXT) FROM unit_row u JOIN group_row g ON g.key = u.grp
             WHERE u.state = 'due' AND u.kind = 'members'",
        ));
        let (hot_from, none) = (now - 44 * DAY, BTreeSet::new());
        let differences = if is_swept {
            wanted.differences(&found, None, &none, &none)
        } else {
            wanted.differences(&found, Some(hot_from), &but_rsvps_of, &but_members_of)
        };
        if !differences.is_empty() {
            let what = if is_swept {
                "after a sweep"
            } else {
                "after a pass"
            };
            return self.fail(what, &differences);
        }
        let ids: BTreeSet<String> = crate::rig::rows(
            &self.rig.mirror,
            "SELECT event_token || ' ' || id FROM event_ids",
        )
        .into_iter()
        .collect();
        let unkept: Vec<String> = wanted
            .events
            .iter()
            .filter(|(_, event)| is_swept || event.starts_at > hot_from)
            .map(|(token, event)| format!("{token} {}", event.id))
            .filter(|id| !ids.contains(id))
            .collect();
        if unkept.is_empty() {
            Ok(())
        } else {
            self.fail("ids that are not kept", &unkept)
        }
    }

    /// Configured groups outside any network that can be found: by their name, or, once seen, by id.
    fn found_outside(&self) -> Vec<GroupAt> {
        let seen = self.rig.rows("SELECT id FROM groups");
        let (_, configured) = self.rig.configured();
        self.rig.sim.with_world(|world| {
            let is_found = |at: &GroupAt| {
                let group = world.group(*at);
                configured.contains(&group.urlname) || seen.contains(&group.id.to_string())
            };
            self.outside.iter().copied().filter(is_found).collect()
        })
    }

    /// The faults end; then one pass, one sweep: and as often again as a loss had to be accepted.
    async fn end(mut self) -> Result<(), TestCaseError> {
        self.heal();
        while self.rig.sim.faults_left() > 0 {
            // They stand on request numbers: let the requests go by.
            let before = self.rig.sim.counters().requests;
            let _ = perform(&self.rig, Work::Pass).await;
            self.rig.let_time_pass();
            if self.rig.sim.counters().requests == before {
                break;
            }
        }
        self.rig.let_time_pass();
        for is_last in [false, false, false, true] {
            let mut is_doubtful = false;
            for work in [Work::Pass, Work::Sweep] {
                self.rig.let_time_pass();
                let report = perform(&self.rig, work).await;
                self.trail_holds()?;
                let doubts = self.rig.rows("SELECT count(*) FROM doubts");
                is_doubtful |= doubts != ["0"];
                // A group that is null is believed to be gone by the second that finds it so.
                let is_first_null = work == Work::Pass && is_null_once(&report);
                if !is_through(&report) && !is_first_null && (is_last || !is_doubtful) {
                    return self.fail(
                        &format!("{work:?} after the faults"),
                        &[format!("{report:?}")],
                    );
                }
            }
            if !is_doubtful {
                break;
            }
            self.accept_shrink();
        }
        self.promise_is_kept(true)?;
        for work in [Work::Pass, Work::Sweep] {
            let again = perform(&self.rig, work).await;
            let is_quiet = matches!(&again, Ok(Some(report)) if report.rows_changed == 0);
            if !is_quiet || !is_through(&again) {
                return self.fail("doing it again is not nothing", &[format!("{again:?}")]);
            }
        }
        let check = crate::rig::rows(&self.rig.mirror, "PRAGMA integrity_check");
        prop_assert_eq!(check, ["ok"]);
        Ok(())
    }

    fn trail_holds(&mut self) -> Result<(), TestCaseError> {
        let wrong = self.trail.goes_on(&self.rig.mirror);
        if wrong.is_empty() {
            Ok(())
        } else {
            self.fail("the trail is broken", &wrong)
        }
    }

    fn leaves_out(&self) -> bool {
        let left_out = |world: &mut World| world.switches.leaves_out;
        self.rig.sim.with_world(left_out) != LeavesOut::Nothing
    }

    fn units_of_sweeps(&self) -> String {
        let sql = "SELECT count(*) FROM units WHERE state = 'due' AND purpose <> 'rota'";
        self.rig.rows(sql)[0].clone()
    }

    fn gone(&self) -> BTreeSet<String> {
        self.rig
            .rows(
                "SELECT 'group ' || id FROM groups WHERE gone_at IS NOT NULL
                 UNION ALL SELECT 'member ' || group_id || ' ' || member_id FROM memberships WHERE gone_at IS NOT NULL
                 UNION ALL SELECT 'event ' || token FROM events WHERE gone_at IS NOT NULL
                 UNION ALL SELECT 'rsvp ' || event_token || ' ' || id FROM rsvps WHERE gone_at IS NOT NULL",
            )
            .into_iter()
            .collect()
    }

    fn record_told(&self, told: &str) {
        self.model.lock().unwrap().told.push(told.to_owned());
    }

    fn fail(&self, what: &str, found: &[String]) -> Result<(), TestCaseError> {
        let switches = self.rig.sim.with_world(|world| world.switches.clone());
        let model = self.model.lock().unwrap();
        Err(TestCaseError::fail(format!(
            "{what}:\n  {}\nwhat happened:\n  {}\n{switches:?}",
            found.join("\n  "),
            model.told.join("\n  ")
        )))
    }
}
