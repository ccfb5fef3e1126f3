//! Doubts are looked at again in every pass, and fail until they end.

use super::{
    Syncer,
    events::Listed,
    level::Level,
    roster::MembersDue,
    rsvps::WalkDue,
    run::{Failure, Run, SyncError},
};
use crate::{
    community::{FailureKind, Loss, Scope, shown},
    mirror::{self, Doubt, DoubtOf, EventKey, KnownEvent, KnownGroup, Missed},
};
use std::collections::{BTreeMap, HashMap};

/// Of a doubt that nobody accepted, so many are asked for again; all of them if one is there again.
const SAMPLE: usize = 20;

impl Syncer {
    /// Looks again at what is doubted and was not come by in this pass: at some of it, and at all where
    /// somebody accepted it or it shows again.
    pub(super) async fn look_again(&self, run: &mut Run) -> Result<(), SyncError> {
        let doubts = self.read(mirror::doubts).await?;
        for doubt in doubts {
            if self.breaker.is_bad() {
                return Ok(());
            }
            self.check_stop()?;
            let is_judged = self.losses.is_judged(doubt.loss, doubt.of);
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
            let mut found = Listed::default();
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
            spoilt: None,
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
        let group = self
            .read(move |conn| mirror::group_by_key(conn, key))
            .await?;
        let live = group.filter(|group| group.gone_at.is_none());
        let due = live.into_iter().map(|group| MembersDue {
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
