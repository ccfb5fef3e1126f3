//! Forecasts as they would have been made: event after event of the last 365 days, at each lead time, with
//! nothing that was not known at that moment.
//!
//! What may be learnt from an event is known once nothing about it changes any more (`settled_at`), so an
//! attendance marked late keeps its event out until then.

use std::collections::{BTreeMap, HashMap};

use super::super::local::DAY;
use super::super::rate::Rate;
use super::forecast::{Misses, Sums, final_yes, float, whole};
use super::judged::{LEAD_DAYS, LONG_PAUSE, LeadResult};
use super::past::{Past, PastEvents};
use super::told::{Ahead, Basis, Counts, Expected, NoForecast, ShowBasis};

/// A group's own past counts from so many events on; of more than the latest twelve none is asked.
const OWN: usize = 5;
const LATEST: usize = 12;
/// Older ones, and older than that for the network, say little.
const OWN_DAYS: i64 = 730;
const NETWORK_DAYS: i64 = 365;
/// With fewer replays, nothing is proven.
const PROOF: i64 = 10;
/// An event of which more final yes than one in ten are undated cannot be replayed.
const UNDATED: i64 = 10;

/// What was found, and what forecasts to come rest on.
pub(super) struct Replay<'a> {
    past: &'a PastEvents,
    as_of: i64,
    /// The share that comes, as the sponsor says.
    show_rate: Option<f64>,
    groups: HashMap<i64, &'a [Past]>,
    leads: Vec<Lead>,
}

/// One lead time.
struct Lead {
    seconds: i64,
    misses: Misses,
    events: i64,
    taken: i64,
    approximate: i64,
    inside: i64,
    error_forecast: f64,
    error_all_yes: f64,
    error_last_event: f64,
}

/// A forecast in full precision.
struct Forecast {
    final_yes: f64,
    turnout: f64,
    sums: Sums,
    basis: Basis,
    show: Option<Show>,
    is_approximate: bool,
}

/// How many of those who say yes come.
#[derive(Clone, Copy)]
struct Show {
    share: f64,
    basis: ShowBasis,
    /// Who came, of who had said yes, where it was measured.
    measured: Option<Rate>,
}

impl Show {
    fn measured(sums: &Sums, basis: ShowBasis) -> Option<Self> {
        sums.knows_show().then(|| Self {
            share: float(sums.came) / float(sums.taken_yes),
            basis,
            measured: Some(Rate::new(sums.came, sums.taken_yes)),
        })
    }
}

impl<'a> Replay<'a> {
    pub(super) fn run(past: &'a PastEvents, as_of: i64, show_rate: Option<f64>) -> Self {
        let by_group = past.events.chunk_by(|a, b| a.grp == b.grp);
        let mut replay = Self {
            past,
            as_of,
            show_rate,
            groups: by_group.map(|events| (events[0].grp, events)).collect(),
            leads: Vec::new(),
        };
        for days in LEAD_DAYS {
            let lead = replay.at(days * DAY);
            replay.leads.push(lead);
        }
        replay
    }

    /// Replays one lead time in the order of its moments.
    fn at(&self, seconds: i64) -> Lead {
        let mut lead = Lead {
            seconds,
            misses: Misses::default(),
            events: 0,
            taken: 0,
            approximate: 0,
            inside: 0,
            error_forecast: 0.0,
            error_all_yes: 0.0,
            error_last_event: 0.0,
        };
        let mut cases: Vec<&Past> = self
            .past
            .events
            .iter()
            .filter(|event| event.starts_at > self.as_of - 365 * DAY)
            .collect();
        cases.sort_by_key(|event| event.starts_at);
        let mut settling: Vec<&Past> = self.past.events.iter().collect();
        settling.sort_by_key(|event| event.settled_at);
        let mut pool = Pool::default();
        let mut unlearnt: HashMap<i64, (f64, f64)> = HashMap::new();
        let mut known = settling.into_iter().peekable();
        for event in cases {
            let moment = event.starts_at - seconds;
            while let Some(settled) = known.next_if(|event| event.settled_at <= moment) {
                pool.add(settled, seconds);
                if let Some((forecast, turnout)) = unlearnt.remove(&settled.key) {
                    lead.misses.learn(forecast, turnout);
                }
            }
            pool.forget(moment - NETWORK_DAYS * DAY);
            let Some((forecast, last)) = self.replayed(event, seconds, &pool.sums) else {
                continue;
            };
            let yes = float(event.said_by(seconds));
            let turnout = float(event.came);
            let expected = if event.is_taken {
                forecast.turnout
            } else {
                forecast.final_yes
            };
            let (low, high) = lead.misses.range(expected);
            // Judged is the number that would have been shown.
            let told = float(whole(expected));
            lead.events += 1;
            lead.taken += i64::from(event.is_taken);
            lead.approximate += i64::from(forecast.is_approximate || event.is_approximate(moment));
            lead.inside += i64::from((low..=high).contains(&event.came));
            lead.error_forecast += (told - turnout).abs();
            lead.error_all_yes += (yes - turnout).abs();
            lead.error_last_event += (float(last) - turnout).abs();
            unlearnt.insert(event.key, (expected, turnout));
        }
        for settled in known.filter(|event| event.settled_at <= self.as_of) {
            if let Some((forecast, turnout)) = unlearnt.remove(&settled.key) {
                lead.misses.learn(forecast, turnout);
            }
        }
        lead
    }

    /// The forecast of a past event as of so many seconds before its start, and the turnout of the event
    /// before it as known then. None where there would have been none.
    fn replayed(&self, event: &Past, seconds: i64, network: &Sums) -> Option<(Forecast, i64)> {
        let moment = event.starts_at - seconds;
        if event.created_at.is_some_and(|created| created > moment)
            || UNDATED * event.undated > event.final_yes
        {
            return None;
        }
        let before = self.before(event.grp, moment);
        let last_held = before.iter().rev().find(|past| past.ends_at <= moment)?;
        if event.starts_at - last_held.starts_at > LONG_PAUSE {
            return None;
        }
        let last = before.iter().rev().find(|past| past.settled_at <= moment)?;
        let forecast =
            self.forecast(event.grp, moment, (event.said_by(seconds), seconds), || {
                *network
            })?;
        Some((forecast, last.came))
    }

    /// A group's events that had started by a moment.
    fn before(&self, grp: i64, moment: i64) -> &'a [Past] {
        let events = self.groups.get(&grp).copied().unwrap_or_default();
        &events[..events.partition_point(|event| event.starts_at <= moment)]
    }

    fn forecast(
        &self,
        grp: i64,
        moment: i64,
        (yes, seconds): (i64, i64),
        network: impl FnOnce() -> Sums,
    ) -> Option<Forecast> {
        let recent = self
            .before(grp, moment)
            .iter()
            .rev()
            .take_while(|event| event.starts_at > moment - OWN_DAYS * DAY)
            .filter(|event| event.settled_at <= moment);
        let own: Vec<&Past> = recent.clone().take(LATEST).collect();
        let mut sums = Sums::default();
        for event in &own {
            sums.add(event, seconds);
        }
        let is_own = own.len() >= OWN;
        let own_show = if let Some(share) = self.show_rate {
            Some(Show {
                share,
                basis: ShowBasis::Configured,
                measured: None,
            })
        } else {
            let mut taken = Sums::default();
            for event in recent.filter(|event| event.is_taken).take(LATEST) {
                taken.add(event, seconds);
            }
            Show::measured(&taken, ShowBasis::Group)
        };
        let network = if is_own && sums.share().is_some() && own_show.is_some() {
            Sums::default()
        } else {
            network()
        };
        let (of, basis) = match (is_own && sums.share().is_some(), network.share()) {
            (true, _) => (sums, Basis::Group),
            (false, Some(_)) => (network, Basis::Network),
            (false, None) => return None,
        };
        let usual = if basis == Basis::Group {
            sums.mean()
        } else {
            // What little the group has of its own says something of its size.
            (float(sums.final_yes) + 2.0 * network.mean()) / (float(sums.events) + 2.0)
        };
        let likeness = if basis == Basis::Group {
            sums.likeness()
        } else {
            ACROSS_GROUPS
        };
        let show = own_show.or_else(|| Show::measured(&network, ShowBasis::Network));
        let final_yes = final_yes(float(yes), of.share()?, usual, likeness);
        Some(Forecast {
            final_yes,
            turnout: final_yes * show.map_or(1.0, |show| show.share),
            sums: of,
            basis,
            show,
            is_approximate: of.approximate > 0,
        })
    }

    /// What to expect of a scheduled event.
    pub(super) fn expect(
        &self,
        grp: i64,
        held_ever: i64,
        ahead: &Ahead,
    ) -> Result<Expected, NoForecast> {
        let seconds = ahead.starts_at.timestamp() - self.as_of;
        let held = self.groups.get(&grp).copied().unwrap_or_default();
        if held_ever == 0 {
            return Err(NoForecast::FirstEvent);
        }
        let starts_at = ahead.starts_at.timestamp();
        if held
            .last()
            .is_none_or(|last| starts_at - last.starts_at > LONG_PAUSE)
        {
            return Err(NoForecast::LongPause);
        }
        let lead = &self.leads[nearest(seconds)];
        if !lead.is_shown() {
            return Err(NoForecast::NotProven);
        }
        let network = || {
            let mut sums = Sums::default();
            for event in &self.past.events {
                if event.settled_at <= self.as_of
                    && event.starts_at > self.as_of - NETWORK_DAYS * DAY
                {
                    sums.add(event, seconds);
                }
            }
            sums
        };
        let forecast = self
            .forecast(grp, self.as_of, (ahead.yes, seconds), network)
            .ok_or(NoForecast::NotProven)?;
        let (low, high) = lead.misses.range(forecast.turnout);
        let turnout = whole(forecast.turnout);
        let final_yes = whole(forecast.final_yes);
        Ok(Expected {
            turnout,
            low,
            high,
            counts: if forecast.show.is_some() {
                Counts::Came
            } else {
                Counts::SaidYes
            },
            final_yes,
            basis: forecast.basis,
            past_events: forecast.sums.events,
            yes_by_now: Rate::new(forecast.sums.by_now, forecast.sums.dated),
            show_rate: forecast.show.and_then(|show| show.measured),
            show_share: forecast.show.map(|show| show.share),
            show_basis: forecast.show.map(|show| show.basis),
            is_approximate: forecast.is_approximate,
            order: None,
        })
    }

    /// How good forecasts were, by lead time.
    pub(super) fn results(&self) -> Vec<LeadResult> {
        self.leads
            .iter()
            .map(|lead| {
                let mean = |error: f64| (lead.events > 0).then(|| error / float(lead.events));
                LeadResult {
                    lead_days: lead.seconds / DAY,
                    events: lead.events,
                    attendance_taken: lead.taken,
                    approximate: lead.approximate,
                    error_forecast: mean(lead.error_forecast),
                    error_all_yes: mean(lead.error_all_yes),
                    error_last_event: mean(lead.error_last_event),
                    inside_range: Rate::new(lead.inside, lead.events),
                    is_shown: lead.is_shown(),
                }
            })
            .collect()
    }
}

/// Within a group events are alike, across groups hardly: how far a small past of its own is trusted.
const ACROSS_GROUPS: f64 = 2.0;

impl Lead {
    fn is_shown(&self) -> bool {
        self.events >= PROOF && self.error_forecast < self.error_all_yes
    }
}

/// The lead time judged that is nearest: 2, 5 and 10.5 days lie between them.
fn nearest(seconds: i64) -> usize {
    [2 * DAY, 5 * DAY, 10 * DAY + DAY / 2]
        .iter()
        .position(|until| seconds < *until)
        .unwrap_or(3)
}

impl Sums {
    fn add(&mut self, event: &Past, seconds: i64) {
        self.count(event, (event.said_by(seconds), seconds), 1);
    }

    fn count(&mut self, event: &Past, (by_now, seconds): (i64, i64), sign: i64) {
        self.events += sign;
        self.approximate += sign * i64::from(event.is_approximate(event.starts_at - seconds));
        self.by_now += sign * by_now;
        self.dated += sign * event.dated();
        self.final_yes += sign * event.final_yes;
        self.squares += sign * event.final_yes * event.final_yes;
        if event.is_taken {
            self.taken += sign;
            self.taken_yes += sign * event.final_yes;
            self.came += sign * event.came;
        }
    }
}

/// The network's events of a year, as they settle and grow old.
#[derive(Default)]
struct Pool<'a> {
    sums: Sums,
    /// By start, then in the order in which they settled.
    by_start: BTreeMap<(i64, usize), Settled<'a>>,
    added: usize,
}

#[derive(Clone, Copy)]
struct Settled<'a> {
    event: &'a Past,
    counted: (i64, i64),
}

impl<'a> Pool<'a> {
    fn add(&mut self, event: &'a Past, seconds: i64) {
        let counted = (event.said_by(seconds), seconds);
        self.sums.count(event, counted, 1);
        self.by_start
            .insert((event.starts_at, self.added), Settled { event, counted });
        self.added += 1;
    }

    /// Takes out those that started by then.
    fn forget(&mut self, until: i64) {
        while let Some(first) = self.by_start.first_entry().filter(|it| it.key().0 <= until) {
            let old = first.remove();
            self.sums.count(old.event, old.counted, -1);
        }
    }
}
