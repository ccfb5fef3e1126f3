//! Events that a complete listing lacks.
//!
//! A listing may miss an event for many reasons: it moved out of the span while the pages were read,
//! its id changed, it became a draft, a cache was stale. So a missing event is (1) asked by all ids it
//! ever had, and if Meetup shows none of them, (2) its group's events around its date are listed and
//! its token looked for, and (3) all its group's events, once for all that are missing of that group: it
//! may have moved far and got a new id at the same time. Only what is found in no way is marked as gone,
//! and only where it is not too much at once (`vanished.rs`).
//!
//! Where the probe found that a replaced id is not answered, step 1 asks only for the present one. If that
//! finding is wrong, the listings still find the event by its token, and nothing is lost.

use super::{
    Syncer,
    events::{Listed, Lister},
    level::Level,
    rsvps::WalkDue,
    run::{Failure, Run, SyncError},
    vanished::Vanished,
};
use crate::{
    community::{EventId, GroupId, Scope},
    meetup::{AskError, Span},
    mirror::{self, GroupKey, KnownEvent, KnownGroup, Missed},
};
use chrono::{DateTime, Duration, Utc};
use std::collections::{BTreeSet, HashMap, HashSet};

/// What came of listing a group's events.
enum Looked {
    /// All of the span was listed, by this question.
    To(i64),
    /// The group is there, and lists nothing at all.
    NotListed,
    /// It could not be listed.
    InVain,
}

impl Syncer {
    /// Settles every known event of the span that the listing lacks; answers RSVP walks that are due.
    pub(super) async fn absent_events(
        &self,
        lister: &Lister,
        span: Span,
        listed: &Listed,
        skipped: &HashSet<GroupId>,
        run: &mut Run,
    ) -> Result<Vec<WalkDue>, SyncError> {
        let (scope, from, to) = (lister.events_of(), seconds(span.from), seconds(span.to));
        let known = self
            .read(move |conn| mirror::events_in_span(conn, scope, from, to))
            .await?;
        let concerned: HashSet<GroupKey> = known.iter().map(|event| event.grp).collect();
        let groups: HashMap<GroupKey, KnownGroup> = self
            .read(move |conn| {
                let groups = concerned.iter().map(|key| mirror::group_by_key(conn, *key));
                let groups = groups.collect::<Result<Vec<_>, _>>()?.into_iter().flatten();
                let live = groups.filter(|group| group.gone_at.is_none());
                Ok(live.map(|group| (group.key, group)).collect())
            })
            .await?;
        // A listing of some groups tells nothing of the others.
        let only = match lister {
            Lister::Network { only, .. } => only.as_ref(),
            Lister::Group { .. } => None,
        };
        let (shown, absent): (Vec<_>, Vec<_>) = known
            .into_iter()
            .filter_map(|event| groups.get(&event.grp).map(|group| (event, group.clone())))
            .filter(|(_, group)| !skipped.contains(&group.id))
            .filter(|(_, group)| only.is_none_or(|ids| ids.contains(&group.id)))
            .partition(|(event, _)| listed.tokens.contains(&event.token));
        self.end_doubts(shown.iter().map(|(event, _)| Missed::event(event.key)))
            .await?;
        if absent.is_empty() {
            return Ok(Vec::new());
        }
        let level = Level {
            network: match lister {
                Lister::Network { key, .. } => Some(*key),
                Lister::Group { .. } => None,
            },
            known: shown
                .iter()
                .chain(&absent)
                .map(|(it, _)| it.clone())
                .collect(),
        };
        self.settle_absent(&absent, &level, run).await
    }

    /// Looks for these events in both ways; answers RSVP walks that are due.
    pub(super) async fn settle_absent(
        &self,
        absent: &[(KnownEvent, KnownGroup)],
        level: &Level,
        run: &mut Run,
    ) -> Result<Vec<WalkDue>, SyncError> {
        let mut found = Listed::default();
        let missing = self.ask_known_ids(absent, &mut found, run).await?;
        // Groups that were listed as a whole, and the question that did it.
        let mut wholly = HashMap::new();
        // And those that could not be listed: their other events would only be asked for in vain.
        let mut unlisted = HashSet::new();
        let mut vanished = Vec::new();
        for (event, group) in &missing {
            if unlisted.contains(&group.key) {
                continue;
            }
            for span in spans(event) {
                self.check_stop()?;
                if self.breaker.is_bad() {
                    return Ok(found.walks); // unknown is not gone
                }
                if found.tokens.contains(&event.token) || wholly.contains_key(&group.key) {
                    break;
                }
                let looked = match self.look_within(span, group, &mut found, run).await? {
                    Looked::NotListed => self.look_past(group, &missing, &mut found, run).await?,
                    Looked::To(asked) => Some(asked),
                    Looked::InVain => None,
                };
                let Some(asked) = looked else {
                    unlisted.insert(group.key);
                    break;
                };
                if span == Span::default() {
                    wholly.insert(group.key, asked);
                }
            }
            if let (Some(&asked), false) =
                (wholly.get(&group.key), found.tokens.contains(&event.token))
            {
                vanished.push(Vanished {
                    event: event.clone(),
                    group: group.clone(),
                    asked,
                });
            }
        }
        let shown = absent.iter().map(|(event, _)| event);
        let shown = shown.filter(|event| found.tokens.contains(&event.token));
        self.end_doubts(shown.map(|event| Missed::event(event.key)))
            .await?;
        self.renamed(vanished.iter_mut().map(|it| &mut it.event))
            .await?;
        vanished.retain(|it| !found.tokens.contains(&it.event.token));
        self.judge_events(vanished, &found.tokens, level, run)
            .await?;
        Ok(found.walks)
    }

    /// Step 1: all known ids by aliases; answers the events that none of them showed.
    pub(super) async fn ask_known_ids(
        &self,
        absent: &[(KnownEvent, KnownGroup)],
        found: &mut Listed,
        run: &mut Run,
    ) -> Result<Vec<(KnownEvent, KnownGroup)>, SyncError> {
        let keys: Vec<_> = absent.iter().map(|(event, _)| event.key).collect();
        let now = self.now().timestamp();
        let ids_of: Vec<Vec<EventId>> = self
            .read(move |conn| {
                keys.into_iter()
                    .map(|key| mirror::ids_worth_asking(conn, key, now))
                    .collect()
            })
            .await?;
        let asked_for: Vec<(EventId, usize)> = ids_of
            .into_iter()
            .enumerate()
            .flat_map(|(nth, ids)| ids.into_iter().map(move |id| (id, nth)))
            .collect();
        let ids: Vec<EventId> = asked_for.iter().map(|(id, _)| id.clone()).collect();
        let answer = match self.meetup.events_by_id(&ids).await {
            Ok(answer) => answer,
            Err(error) => {
                let groups: BTreeSet<&GroupId> =
                    absent.iter().map(|(_, group)| &group.id).collect();
                for group in groups {
                    run.tolerate(Scope::group_of(group), error.clone())?;
                }
                return Ok(Vec::new()); // unknown is not gone
            }
        };
        let mut undecided: HashSet<usize> = HashSet::new();
        let mut rows = Vec::new();
        for ((_, nth), event) in asked_for.iter().zip(answer.value) {
            match event {
                Ok(Some(snapshot)) => rows.push(snapshot),
                Ok(None) => {}
                Err(unreadable) => {
                    undecided.insert(*nth);
                    let (event, group) = &absent[*nth];
                    let name = self.event_name(&event.id, &event.token).await?;
                    run.note(Failure::of_events(
                        &group.id,
                        [name],
                        unreadable.to_string(),
                    ));
                }
            }
        }
        self.take_events(rows, answer.asked, answer.answered_at, found)
            .await?;
        let absent = absent.iter().enumerate();
        let absent = absent.filter(|(nth, _)| !undecided.contains(nth));
        let mut missing: Vec<_> = absent.map(|(_, pair)| pair.clone()).collect();
        self.renamed(missing.iter_mut().map(|(event, _)| event))
            .await?;
        missing.retain(|(event, _)| !found.tokens.contains(&event.token));
        Ok(missing)
    }

    /// Names events by the tokens that they have taken since: one whose id was answered with another is seen
    /// under that.
    async fn renamed(
        &self,
        events: impl Iterator<Item = &mut KnownEvent>,
    ) -> Result<(), SyncError> {
        let events: Vec<&mut KnownEvent> = events.collect();
        let keys: Vec<_> = events.iter().map(|event| event.key).collect();
        let now = self
            .read(move |conn| {
                let known = keys.iter().map(|key| mirror::event_by_key(conn, *key));
                known.collect::<Result<Vec<_>, _>>()
            })
            .await?;
        for (event, now) in events.into_iter().zip(now) {
            if let Some(now) = now {
                event.token = now.token;
            }
        }
        Ok(())
    }

    /// Steps 2 and 3: lists the group's events of a span.
    async fn look_within(
        &self,
        span: Span,
        group: &KnownGroup,
        found: &mut Listed,
        run: &mut Run,
    ) -> Result<Looked, SyncError> {
        // The group itself is asked: one that is not shown at all answers "not visible", and then
        // nothing is known of its events.
        let lister = Lister::Group {
            id: group.id.clone(),
            key: group.key,
        };
        let mut here = Listed::default();
        let looked = self.list_span(&lister, span, &mut here).await?;
        self.breaker.note(&looked);
        let looked = match looked {
            Err(error) if error.is_unreadable() => {
                self.list_apart(group, span, None, &mut here, run).await?
            }
            looked => looked,
        };
        match looked {
            Ok(()) => {}
            Err(AskError::NotVisible { .. }) => match self.is_there(&group.id).await {
                // Null for want of a match near the event's date: further off one may be found. Null as a
                // whole says nothing of any.
                Ok(true) if span == Span::default() => return Ok(Looked::NotListed),
                Ok(true) => return Ok(Looked::To(here.asked)),
                Ok(false) => {
                    run.tolerate(lister.scope(), AskError::no_group(&group.id))?;
                    return Ok(Looked::InVain);
                }
                Err(error) => {
                    run.tolerate(lister.scope(), error)?;
                    return Ok(Looked::InVain);
                }
            },
            Err(error) => {
                run.tolerate(lister.scope(), error)?;
                return Ok(Looked::InVain);
            }
        }
        found.walks.append(&mut here.walks);
        found.tokens.extend(here.tokens);
        Ok(if here.has_hidden {
            Looked::InVain
        } else {
            Looked::To(here.asked)
        })
    }

    /// Looks for a group's `missing` events though the group lists none: its network may list them, and
    /// outside of networks each is asked for once more, without any list that may have made it null. The
    /// question that did, if all could be decided.
    async fn look_past(
        &self,
        group: &KnownGroup,
        missing: &[(KnownEvent, KnownGroup)],
        found: &mut Listed,
        run: &mut Run,
    ) -> Result<Option<i64>, SyncError> {
        let lister = self.lister_of(group).await?;
        let looked = if let Lister::Network { .. } = &lister {
            let mut here = Listed::default();
            let listed = self.list_span(&lister, Span::default(), &mut here).await?;
            found.walks.append(&mut here.walks);
            found.tokens.extend(here.tokens);
            listed.map(|()| Some(here.asked))
        } else {
            let events = missing.iter().filter(|(_, of)| of.key == group.key);
            let keys: Vec<_> = events.map(|(event, _)| event.key).collect();
            let now = self.now().timestamp();
            let ids: Vec<Vec<EventId>> = self
                .read(move |conn| {
                    let ids = keys.into_iter();
                    ids.map(|key| mirror::ids_worth_asking(conn, key, now))
                        .collect()
                })
                .await?;
            let heads = self.meetup.event_heads(&group.id, &ids.concat()).await;
            heads.map(|heads| {
                let is_decided = heads.value.iter().all(Result::is_ok);
                let there = heads.value.into_iter().flatten().flatten();
                found.tokens.extend(there.map(|event| event.token));
                is_decided.then_some(heads.asked)
            })
        };
        self.breaker.note(&looked);
        match looked {
            Ok(asked) => Ok(asked),
            Err(error) => {
                run.tolerate(lister.scope(), error)?;
                Ok(None)
            }
        }
    }

    /// How one group's events are listed: through its network where it has one.
    pub(super) async fn lister_of(&self, group: &KnownGroup) -> Result<Lister, SyncError> {
        if let Some(key) = group.network {
            let network = self
                .read(mirror::networks)
                .await?
                .into_iter()
                .find(|network| network.key == key);
            if let Some(network) = network {
                return Ok(Lister::Network {
                    urlname: network.urlname,
                    key,
                    only: Some(vec![group.id.clone()]),
                });
            }
        }
        Ok(Lister::Group {
            id: group.id.clone(),
            key: group.key,
        })
    }
}

/// Where an event is looked for: around its date, then everywhere.
fn spans(event: &KnownEvent) -> impl Iterator<Item = Span> {
    let around = event
        .starts_at
        .and_then(|at| DateTime::<Utc>::from_timestamp(at, 0));
    let near = around.map(|at| Span {
        from: Some(at - Duration::days(2)),
        to: Some(at + Duration::days(2)),
    });
    near.into_iter().chain([Span::default()])
}

fn seconds(at: Option<DateTime<Utc>>) -> Option<i64> {
    at.map(|at| at.timestamp())
}
