//! What is believed of a loss. An answer may be poorer than the one before for reasons that have
//! nothing to do with what it is about: a token that is ignored, a right that was lost, a fault. So a
//! loss is weighed before anything is called gone: half or more of what one network or group had is not
//! believed; it is kept as a doubt, which every pass looks at again, until it is contradicted, accepted
//! or proved. And whoever loses anything asks first whether the account is still the one it was.

use super::{
    Syncer,
    absent::Level,
    held::Held,
    roster::MembersDue,
    rsvps::WalkDue,
    run::{Failure, Run, SyncError},
};
use crate::{
    community::{FailureKind, Loss, MemberId, Scope, shown},
    meetup::{AskError, Verdict},
    mirror::{self, Doubt, DoubtOf, EventKey, KnownEvent, KnownGroup, Missed},
};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Of a doubt that nobody accepted, so many are asked for again; all of them if one is there again.
const SAMPLE: usize = 20;

/// Doubts as they stood when a piece of work began, and what it found of them.
#[derive(Debug, Default)]
pub(super) struct Losses(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    accepted: HashSet<Missed>,
    /// Doubted, and whether it is in a network's doubt.
    open: HashMap<Missed, bool>,
    /// Looked at in this piece of work.
    judged: HashSet<(Loss, DoubtOf)>,
    held: BTreeMap<EventKey, Held>,
    is_the_account: bool,
}

impl Losses {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn begin(&self, doubts: &[Doubt]) {
        let mut state = State::default();
        for doubt in doubts {
            let is_network = matches!(doubt.of, DoubtOf::Network(_));
            for (missed, is_accepted) in &doubt.missed {
                if *is_accepted {
                    state.accepted.insert(*missed);
                } else {
                    *state.open.entry(*missed).or_default() |= is_network;
                }
            }
        }
        *self.state() = state;
    }

    /// What of it nobody has accepted.
    pub fn fresh(&self, missed: &[Missed]) -> Vec<Missed> {
        let state = self.state();
        let mut missed = missed.to_vec();
        missed.retain(|it| !state.accepted.contains(it));
        missed
    }

    /// Whether what nobody has accepted is too much to be believed, out of so many.
    pub fn is_too_large(&self, loss: Loss, known: usize, missed: &[Missed]) -> bool {
        let fresh = self.fresh(missed).len();
        let known = known.saturating_sub(missed.len() - fresh);
        fresh > 0 && loss.is_too_large(known, fresh)
    }

    /// Whether a network's doubt holds this, so that a look at its group alone does not settle it.
    pub fn is_network_doubt(&self, missed: &Missed) -> bool {
        self.state().open.get(missed).copied().unwrap_or(false)
    }

    pub fn has_any(&self) -> bool {
        let state = self.state();
        !state.open.is_empty() || !state.accepted.is_empty()
    }

    pub fn is_open(&self, missed: &Missed) -> bool {
        self.state().open.contains_key(missed)
    }

    pub fn is_doubted(&self, missed: &Missed) -> bool {
        let state = self.state();
        state.open.contains_key(missed) || state.accepted.contains(missed)
    }

    pub fn forget(&self, missed: &Missed) {
        self.state().open.remove(missed);
    }

    /// Whether all of these walks are held; then they are let go, unjudged.
    fn drop_held(&self, events: &[EventKey]) -> bool {
        let mut state = self.state();
        let is_same = events.iter().all(|key| state.held.contains_key(key));
        if is_same {
            events.iter().for_each(|key| drop(state.held.remove(key)));
        }
        is_same
    }

    /// A walk whose loss is to be weighed with those of its group's other events.
    pub fn hold(&self, held: Held) {
        self.state().held.insert(held.key, held);
    }

    /// A walk that ended without much loss: what was held of the event before is past.
    pub fn release(&self, event: EventKey) {
        self.state().held.remove(&event);
    }

    pub fn take_held(&self) -> Vec<Held> {
        std::mem::take(&mut self.state().held)
            .into_values()
            .collect()
    }
}

impl Syncer {
    /// Does not believe a loss: of what was missed, all that nobody accepted.
    pub(super) async fn doubt(
        &self,
        loss: Loss,
        of: DoubtOf,
        figures: (usize, usize),
        missed: &[Missed],
    ) -> Result<(), SyncError> {
        let fresh = self.losses.fresh(missed);
        {
            let mut state = self.losses.state();
            state.judged.insert((loss, of));
            let is_network = matches!(of, DoubtOf::Network(_));
            for it in &fresh {
                *state.open.entry(*it).or_default() |= is_network;
            }
        }
        self.record(move |w| w.doubt(loss, of, figures, &fresh))
            .await
    }

    /// These were seen again, or are gone for good reasons.
    pub(super) async fn end_doubts(
        &self,
        settled: impl IntoIterator<Item = Missed>,
    ) -> Result<(), SyncError> {
        let settled: Vec<Missed> = {
            let mut state = self.losses.state();
            if state.open.is_empty() && state.accepted.is_empty() {
                return Ok(());
            }
            let settled = settled.into_iter();
            settled
                .filter(|it| state.open.remove(it).is_some() || state.accepted.contains(it))
                .collect()
        };
        if settled.is_empty() {
            return Ok(());
        }
        self.record(move |w| w.end_doubts(&settled)).await
    }

    /// Whether the account is still the one it was: asked once in a piece of work, and only where
    /// something is missing, so that quiet passes pay nothing for it. False where it cannot be asked;
    /// then nothing may be called gone.
    ///
    /// # Errors
    ///
    /// If it is another, or nobody.
    pub(super) async fn is_the_account(
        &self,
        scope: &Scope,
        run: &mut Run,
    ) -> Result<bool, SyncError> {
        if self.losses.state().is_the_account {
            return Ok(true);
        }
        if let Some(known) = self.read(mirror::account).await? {
            match self.meetup.myself().await {
                Ok(Some(found)) if found.id == known => {}
                Ok(found) => return Err(SyncError::Ask(another_account(found.is_some()))),
                // Meetup does not tell: then nothing speaks against it.
                Err(AskError::Refused { .. } | AskError::Outgrown { .. }) => {}
                Err(error) if error.verdict() == Verdict::SkipGroup => {}
                Err(error) => {
                    run.tolerate(scope.clone(), error)?;
                    return Ok(false);
                }
            }
        }
        self.losses.state().is_the_account = true;
        Ok(true)
    }

    /// Remembers who signed in, at the end of a pass that read well and doubts nothing.
    pub(super) async fn learn_account(&self) -> Result<(), SyncError> {
        if self.read(mirror::account).await?.is_some()
            || !self.read(mirror::doubts).await?.is_empty()
        {
            return Ok(());
        }
        match self.meetup.myself().await {
            Ok(Some(found)) => self.record(move |w| w.remember_account(&found.id)).await,
            // The next pass asks again.
            Ok(None) | Err(_) => Ok(()),
        }
    }

    /// Looks again at what is doubted and was not come by in this pass: at some of it, and at all where
    /// somebody accepted it or it shows again.
    pub(super) async fn look_again(&self, run: &mut Run) -> Result<(), SyncError> {
        let doubts = self.read(mirror::doubts).await?;
        for doubt in doubts {
            if self.weather.is_bad() {
                return Ok(());
            }
            self.check_stop()?;
            let is_judged = self.losses.state().judged.contains(&(doubt.loss, doubt.of));
            let accepted = |is: bool| {
                let missed = doubt.missed.iter();
                missed
                    .filter(|(it, _)| self.losses.fresh(&[*it]).is_empty() == is)
                    .map(|(it, _)| *it)
                    .collect::<Vec<_>>()
            };
            let (accepted, open) = (accepted(true), accepted(false));
            match doubt.loss {
                Loss::Events => {
                    self.events_again(&doubt, &accepted, true, run).await?;
                    if !is_judged {
                        self.events_again(&doubt, &open, false, run).await?;
                    }
                }
                Loss::Rsvps => {
                    self.rsvps_again(&accepted, run).await?;
                    self.judge_walks(run).await?;
                    if !is_judged {
                        let (sample, rest) = open.split_at(open.len().min(SAMPLE));
                        let walked = self.rsvps_again(sample, run).await?;
                        if !self.losses.drop_held(&walked) {
                            self.rsvps_again(rest, run).await?;
                            self.judge_walks(run).await?;
                        }
                    }
                }
                Loss::Members if !is_judged || !accepted.is_empty() => {
                    self.members_again(&doubt, run).await?;
                }
                // The roster tells of them in every pass.
                Loss::Groups | Loss::Leaders | Loss::Members => {}
            }
        }
        Ok(())
    }

    async fn events_again(
        &self,
        doubt: &Doubt,
        missed: &[Missed],
        is_accepted: bool,
        run: &mut Run,
    ) -> Result<(), SyncError> {
        let keys: Vec<EventKey> = missed.iter().map(|it| EventKey(it.place)).collect();
        let events = self.events_of_keys(keys).await?;
        if events.is_empty() {
            return Ok(());
        }
        if !is_accepted {
            let sample = &events[..events.len().min(SAMPLE)];
            let mut found = super::events::Listed::default();
            let missing = self.ask_known_ids(sample, &mut found, run).await?;
            self.walk_rsvps(found.walks, run).await?;
            if missing.len() == sample.len() {
                return Ok(());
            }
        }
        let level = Level {
            network: match doubt.of {
                DoubtOf::Network(key) => Some(key),
                DoubtOf::Group(_) | DoubtOf::Outside => None,
            },
            known: Vec::new(),
        };
        let walks = self.settle_absent(&events, &level, run).await?;
        self.walk_rsvps(walks, run).await
    }

    /// Walks them all; answers which.
    async fn rsvps_again(
        &self,
        missed: &[Missed],
        run: &mut Run,
    ) -> Result<Vec<EventKey>, SyncError> {
        let keys: Vec<EventKey> = missed.iter().map(|it| EventKey(it.place)).collect();
        let due = self.events_of_keys(keys).await?.into_iter();
        let due = due.map(|(event, group)| WalkDue {
            key: event.key,
            id: event.id,
            token: event.token,
            group: group.id,
            is_full: true,
        });
        let due: Vec<WalkDue> = due.collect();
        let walked = due.iter().map(|it| it.key).collect();
        self.walk_rsvps(due, run).await?;
        Ok(walked)
    }

    async fn members_again(&self, doubt: &Doubt, run: &mut Run) -> Result<(), SyncError> {
        let DoubtOf::Group(key) = doubt.of else {
            return Ok(());
        };
        let groups = self.live_groups(move |group| group.key == key).await?;
        let due = groups.into_iter().map(|group| MembersDue {
            key,
            id: group.id,
            network: group.network,
            member_count: group.member_count,
            former_leaders: Vec::new(),
            is_invisible: false,
            needs_walk: true,
        });
        self.members(due.collect(), run).await
    }

    async fn events_of_keys(
        &self,
        keys: Vec<EventKey>,
    ) -> Result<Vec<(KnownEvent, KnownGroup)>, SyncError> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let groups: HashMap<_, _> = self
            .live_groups(|_| true)
            .await?
            .into_iter()
            .map(|group| (group.key, group))
            .collect();
        let events = self
            .read(move |conn| {
                keys.into_iter()
                    .map(|key| mirror::event_by_key(conn, key))
                    .collect::<Result<Vec<_>, _>>()
            })
            .await?;
        let pair = |event: KnownEvent| groups.get(&event.grp).map(|it| (event, it.clone()));
        Ok(events.into_iter().flatten().filter_map(pair).collect())
    }

    /// What stays doubted fails: each network and group with its figures.
    pub(super) async fn note_doubts(&self, run: &mut Run) -> Result<(), SyncError> {
        if self.read(mirror::doubts).await?.is_empty() {
            return Ok(());
        }
        self.record(|w| w.end_stale_doubts()).await?;
        let groups: HashMap<i64, KnownGroup> = self
            .live_groups(|_| true)
            .await?
            .into_iter()
            .map(|group| (group.key.0, group))
            .collect();
        let mut failing: BTreeMap<Scope, (String, Vec<Doubt>)> = BTreeMap::new();
        for doubt in self.read(mirror::doubts).await? {
            let scopes: Vec<(Scope, String)> = match (&doubt.scope, doubt.of) {
                (Some(Scope::Network(urlname)), _) => {
                    vec![(Scope::network(urlname), urlname.clone())]
                }
                (_, DoubtOf::Group(key)) => named(&groups, &[key.0]),
                _ => {
                    let places: Vec<i64> = doubt.missed.iter().map(|(it, _)| it.place).collect();
                    named(&groups, &places)
                }
            };
            for (scope, name) in scopes {
                let entry = failing.entry(scope).or_insert((name, Vec::new()));
                entry.1.push(doubt.clone());
            }
        }
        for (scope, (name, mut doubts)) in failing {
            doubts.sort_by_key(|it| it.loss);
            let message = words(&doubts, &name);
            run.note(Failure::of(scope, FailureKind::Shrunken, message));
        }
        Ok(())
    }

    /// Walks that lost much, weighed together: an event's loss by itself, a group's over its events, and
    /// that of all groups, so that small events do not slip through one by one.
    pub(super) async fn judge_walks(&self, run: &mut Run) -> Result<(), SyncError> {
        let held = self.losses.take_held();
        let Some(first) = held.first() else {
            return Ok(());
        };
        let missed: Vec<Missed> = held.iter().map(|it| Missed::rsvps(it.key)).collect();
        let key = first.key;
        let group = self.record(move |w| w.group_of(key)).await?;
        let scope = self.live_groups(move |it| it.key == group).await?.pop();
        let scope = scope.map_or(Scope::Pass, |group| Scope::group_of(&group.id));
        if !self.losses.fresh(&missed).is_empty() && !self.is_the_account(&scope, run).await? {
            return Ok(());
        }
        let from = self.hot_from().timestamp();
        let mut by_group: BTreeMap<_, (usize, usize, Vec<Held>)> = BTreeMap::new();
        for it in held {
            let key = it.key;
            let group = self.record(move |w| w.group_of(key)).await?;
            by_group.entry(group).or_default().2.push(it);
        }
        let (mut all_known, mut all_lost) = (0, 0);
        for (key, (known, lost, held)) in &mut by_group {
            let key = *key;
            let beside = self
                .read(move |conn| mirror::live_rsvps(conn, key, from))
                .await?;
            let names: HashSet<EventKey> = held.iter().map(|it| it.key).collect();
            let beside = beside.iter().filter(|(event, _)| !names.contains(event));
            *known = beside
                .map(|(_, rows)| usize::try_from(*rows).unwrap_or(0))
                .sum();
            for it in held.iter() {
                if self.losses.fresh(&[Missed::rsvps(it.key)]).is_empty() {
                    continue; // accepted
                }
                *known += it.loss.known;
                *lost += it.loss.lost;
            }
            (all_known, all_lost) = (all_known + *known, all_lost + *lost);
        }
        let many = by_group.len() > 1 && Loss::Rsvps.is_too_large(all_known, all_lost);
        for (group, (known, lost, held)) in by_group {
            let is_group = many || Loss::Rsvps.is_too_large(known, lost);
            let (doubted, believed): (Vec<Held>, Vec<Held>) = held.into_iter().partition(|it| {
                let is_accepted = self.losses.fresh(&[Missed::rsvps(it.key)]).is_empty();
                !is_accepted && (is_group || Loss::Rsvps.is_too_large(it.loss.known, it.loss.lost))
            });
            if !doubted.is_empty() {
                let figures = if is_group {
                    (known, lost)
                } else {
                    let sum = |of: fn(&Held) -> usize| doubted.iter().map(of).sum();
                    (sum(|it| it.loss.known), sum(|it| it.loss.lost))
                };
                let missed: Vec<Missed> = doubted.iter().map(|it| Missed::rsvps(it.key)).collect();
                self.doubt(Loss::Rsvps, DoubtOf::Group(group), figures, &missed)
                    .await?;
            }
            let settled: Vec<Missed> = believed.iter().map(|it| Missed::rsvps(it.key)).collect();
            for it in believed {
                self.record(move |w| it.finish(w)).await?;
            }
            self.end_doubts(settled).await?;
        }
        Ok(())
    }

    /// Weighs leaders that their groups' lists, asked by id as well, do not name: those of a group, and
    /// those of all groups of a network. Answers who is gone.
    pub(super) async fn judge_leaders(
        &self,
        missing: Vec<(MembersDue, Vec<(MemberId, i64)>)>,
        run: &mut Run,
    ) -> Result<Vec<(MembersDue, Vec<(MemberId, i64)>)>, SyncError> {
        let Some((first, _)) = missing.iter().find(|(_, ids)| !ids.is_empty()) else {
            return Ok(Vec::new());
        };
        if !self
            .is_the_account(&Scope::group_of(&first.id), run)
            .await?
        {
            return Ok(Vec::new());
        }
        let now = (self.now)().timestamp();
        let proved = self.read(move |conn| mirror::proved(conn, now)).await?;
        let mut found = Vec::new();
        let mut networks: BTreeMap<mirror::NetworkKey, Vec<Missed>> = BTreeMap::new();
        for (due, ids) in missing.iter().filter(|(_, ids)| !ids.is_empty()) {
            let key = due.key;
            let asked: HashMap<MemberId, i64> = ids.iter().cloned().collect();
            let ids: Vec<MemberId> = ids.iter().map(|(id, _)| id.clone()).collect();
            let (known, missed) = self
                .read(move |conn| {
                    Ok((
                        mirror::live_leaders(conn, DoubtOf::Group(key))?,
                        mirror::missed_members(conn, Loss::Leaders, key, &ids)?,
                    ))
                })
                .await?;
            // What is proved is as good as accepted; but nothing is proved by showing nobody at all.
            let open: Vec<Missed> = missed
                .iter()
                .map(|(it, ..)| *it)
                .filter(|it| due.is_invisible || !proved.contains(it))
                .collect();
            if let Some(network) = due.network {
                networks.entry(network).or_default().extend(&open);
            }
            found.push((
                due,
                usize::try_from(known).unwrap_or(0),
                (missed, asked),
                open,
            ));
        }
        let mut doubted: HashSet<Missed> = HashSet::new();
        for (network, missed) in networks {
            let of = DoubtOf::Network(network);
            let known = self
                .read(move |conn| mirror::live_leaders(conn, of))
                .await?;
            let known = usize::try_from(known).unwrap_or(0);
            let groups: HashSet<i64> = missed.iter().map(|it| it.place).collect();
            if groups.len() > 1 && self.losses.is_too_large(Loss::Leaders, known, &missed) {
                let lost = self.losses.fresh(&missed).len();
                self.doubt(Loss::Leaders, of, (known, lost), &missed)
                    .await?;
                doubted.extend(self.losses.fresh(&missed));
            }
        }
        let mut gone = Vec::new();
        for (due, known, (missed, asked), open) in found {
            let fresh = self.losses.fresh(&open);
            let is_large = self.losses.is_too_large(Loss::Leaders, known, &open);
            if !fresh.is_empty()
                && (due.is_invisible || is_large)
                && fresh.iter().any(|it| !doubted.contains(it))
            {
                let of = DoubtOf::Group(due.key);
                self.doubt(Loss::Leaders, of, (known, fresh.len()), &fresh)
                    .await?;
                doubted.extend(&fresh);
            }
            let ids = missed.into_iter().filter(|(it, ..)| !doubted.contains(it));
            let ids: Vec<(MemberId, i64)> = ids
                .filter_map(|(_, id, _)| asked.get(&id).map(|asked| (id.clone(), *asked)))
                .collect();
            if !ids.is_empty() {
                gone.push((due.clone(), ids));
            }
        }
        Ok(gone)
    }
}

/// Groups by the ways to name them.
fn named(groups: &HashMap<i64, KnownGroup>, keys: &[i64]) -> Vec<(Scope, String)> {
    let found = keys.iter().filter_map(|key| groups.get(key));
    found
        .map(|group| (Scope::group_of(&group.id), group.urlname.clone()))
        .collect()
}

/// The figures, and what to do if they are right.
fn words(doubts: &[Doubt], name: &str) -> String {
    let figures: Vec<String> = doubts
        .iter()
        .map(|doubt| {
            let (known, still) = (doubt.known, doubt.known - doubt.lost);
            match doubt.loss {
                Loss::Groups if doubt.of == DoubtOf::Outside => {
                    format!("{still} of the {known} groups known outside networks")
                }
                Loss::Rsvps => format!("{still} of the {known} RSVPs known"),
                loss => format!("{still} of the {known} {} known", loss.as_str()),
            }
        })
        .collect();
    format!(
        "Meetup lists {}; nothing was marked as gone\n\
         if that is right, run `gatherd sync --accept-shrink={}`",
        figures.join(" and "),
        shown(name)
    )
}

fn another_account(is_somebody: bool) -> AskError {
    let who = if is_somebody {
        "another account is signed in than before, and it sees less"
    } else {
        "Meetup does not say who is signed in any more, and shows less than before"
    };
    AskError::NeedsSignIn {
        cause: format!("{who}; nothing was marked as gone"),
        remedy: "sign in as the account that read the groups before (`gatherd auth status` says who is signed in);\n\
                 if another account is to read them from now on, run `gatherd sync --accept-shrink`"
            .to_owned(),
    }
}
