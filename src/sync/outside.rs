//! Sponsored groups outside the networks: asked by aliases, many in one question, each with its
//! leaders, newest members and hot events.
//!
//! A group is configured by urlname, but a urlname may change: once found, the group is asked by id,
//! and the mirror remembers under which configured name it was found.

use super::{
    Syncer,
    events::{Listed, Lister},
    roster::{MembersDue, Roster, Sponsored, record_snapshot},
    rsvps::WalkDue,
    run::{Run, SyncError},
};
use crate::{
    community::{FailureKind, GoneWhy, GroupId, GroupSnapshot, Loss, Scope},
    meetup::{Answer, AskError, Span, Unreadable},
    mirror::{self, DoubtOf, KnownGroup, Missed},
};
use std::collections::HashSet;

/// What a look at the outside groups found.
#[derive(Debug, Default)]
pub(super) struct Outside {
    pub groups: Vec<Sponsored>,
    pub members_due: Vec<MembersDue>,
    pub walks: Vec<WalkDue>,
}

impl Syncer {
    /// Looks at all configured groups that no configured network covers.
    pub(super) async fn outside_groups(&self, run: &mut Run) -> Result<Outside, SyncError> {
        let mut outside = Outside::default();
        let now = self.now().timestamp();
        let covered = self.covered_networks().await?;
        let known = self.read(mirror::roster).await?;
        let mut by_id: Vec<(String, KnownGroup)> = Vec::new();
        let mut by_urlname: Vec<String> = Vec::new();
        for configured in &self.settings.groups {
            let group = known.iter().find(|group| {
                group.configured_as.as_deref() == Some(configured)
                    || group.urlname.eq_ignore_ascii_case(configured)
            });
            match group {
                Some(group)
                    if group.gone_at.is_none()
                        && group.network.is_some_and(|key| covered.contains(&key)) => {}
                Some(group) if group.retry_at.is_some_and(|at| at > now) => {}
                Some(group) if group.configured_as.is_some() => {
                    by_id.push((configured.clone(), group.clone()));
                }
                _ => by_urlname.push(configured.clone()),
            }
        }
        let ids: Vec<GroupId> = by_id.iter().map(|(_, group)| group.id.clone()).collect();
        if !ids.is_empty() {
            let answer = match self.meetup.groups_by_id(&ids, self.hot_from()).await {
                Ok(answer) => self.ask_bare(&ids, answer).await,
                Err(error) => Err(error),
            };
            match answer {
                Ok(answer) => self.take_known(&by_id, answer, &mut outside, run).await?,
                Err(error) => {
                    for id in &ids {
                        run.tolerate(Scope::group_of(id), error.clone())?;
                    }
                }
            }
        }
        if !by_urlname.is_empty() {
            let names: Vec<&str> = by_urlname.iter().map(String::as_str).collect();
            let answer = match self.meetup.groups_by_urlname(&names, self.hot_from()).await {
                Ok(answer) => self.ask_bare_named(&names, answer).await,
                Err(error) => Err(error),
            };
            match answer {
                Ok(answer) => {
                    self.take_configured(&by_urlname, answer, &mut outside, run)
                        .await?;
                }
                Err(error) => {
                    for urlname in &by_urlname {
                        run.tolerate(Scope::group(urlname), error.clone())?;
                    }
                }
            }
        }
        Ok(outside)
    }

    async fn take_known(
        &self,
        known: &[(String, KnownGroup)],
        answer: Answer<Vec<Result<Option<GroupSnapshot>, Unreadable>>>,
        outside: &mut Outside,
        run: &mut Run,
    ) -> Result<(), SyncError> {
        let live: Vec<_> = known
            .iter()
            .filter(|(_, group)| group.gone_at.is_none())
            .collect();
        let missing = known.iter().zip(&answer.value);
        let missing = missing
            .filter(|((_, group), found)| group.gone_at.is_none() && matches!(found, Ok(None)))
            .map(|((_, group), _)| Missed::group(group.key));
        let missed: Vec<Missed> = missing.collect();
        let mut doubted = self.losses.fresh(&missed);
        if let Some((_, first)) = live.iter().find(|(_, group)| {
            let missed = Missed::group(group.key);
            doubted.contains(&missed)
        }) {
            let scope = Scope::group_of(&first.id);
            let is_same = self.is_the_account(&scope, run).await?;
            if is_same && !self.losses.is_too_large(Loss::Groups, live.len(), &missed) {
                // Each is accepted by its own name, and the rest of them are no fewer for that.
                doubted.retain(|it| self.losses.is_open(it));
            }
            if is_same && !doubted.is_empty() {
                let figures = (live.len(), doubted.len());
                self.doubt(Loss::Groups, DoubtOf::Outside, figures, &doubted)
                    .await?;
            }
        }
        let (asked, answered_at) = (answer.asked, answer.answered_at);
        for ((configured, group), found) in known.iter().zip(answer.value) {
            let key = group.key;
            match found {
                Err(unreadable) => {
                    self.group_failed(key, &group.id, unreadable.to_string(), run)
                        .await?;
                }
                Ok(Some(snapshot)) if !snapshot.group.is_deleted() => {
                    self.end_doubts([Missed::group(key)]).await?;
                    self.take_outside(configured, snapshot, asked, answered_at, outside, run)
                        .await?;
                }
                Ok(_) if group.gone_at.is_some() || doubted.contains(&Missed::group(key)) => {}
                Ok(Some(_)) => {
                    self.record(move |w| w.mark_group_gone(key, GoneWhy::Deleted, asked))
                        .await?;
                }
                Ok(None) => self.group_is_null(group, asked, run).await?,
            }
        }
        Ok(())
    }

    async fn take_configured(
        &self,
        urlnames: &[String],
        answer: Answer<Vec<Result<Option<GroupSnapshot>, Unreadable>>>,
        outside: &mut Outside,
        run: &mut Run,
    ) -> Result<(), SyncError> {
        let (asked, answered_at) = (answer.asked, answer.answered_at);
        for (configured, found) in urlnames.iter().zip(answer.value) {
            let scope = Scope::group(configured);
            match found {
                Err(unreadable) => {
                    run.failed(scope, FailureKind::Unreadable, unreadable.to_string());
                }
                Ok(None) => run.failed(
                    scope,
                    FailureKind::NotVisible,
                    format!(
                        "Meetup shows no group \"{configured}\" to this account\n\
                         check [[group]] urlname: it is the last part of the group's address"
                    ),
                ),
                Ok(Some(snapshot)) => {
                    self.take_outside(configured, snapshot, asked, answered_at, outside, run)
                        .await?;
                }
            }
        }
        Ok(())
    }

    async fn take_outside(
        &self,
        configured: &str,
        mut snapshot: GroupSnapshot,
        asked: i64,
        answered_at: Option<chrono::DateTime<chrono::Utc>>,
        outside: &mut Outside,
        run: &mut Run,
    ) -> Result<(), SyncError> {
        let riding = snapshot.events.take();
        let is_bare = snapshot.is_bare;
        let configured = configured.to_owned();
        let (group, members) = self
            .record(move |w| {
                let recorded = record_snapshot(w, &snapshot, asked)?;
                w.configured_as(recorded.0.key, &configured)?;
                Ok(recorded)
            })
            .await?;
        super::progress::add(&self.progress.groups, 1);
        let lister = Lister::Group {
            id: group.id.clone(),
            key: group.key,
        };
        let id = group.id.clone();
        let span = Span {
            from: Some(self.hot_from()),
            to: None,
        };
        outside.members_due.extend(members);
        outside.groups.push(group);
        let mut listed = Listed::default();
        match riding {
            Some(riding) if riding.complete => {
                self.take_events(riding.events, asked, answered_at, &mut listed)
                    .await?;
            }
            _ => {
                let looked = match self.list_span(&lister, span, &mut listed).await? {
                    // It is there, and null with its events: none of them matches. What is known of some is
                    // asked for one by one below.
                    Err(AskError::NotVisible { .. }) if is_bare => Ok(()),
                    Err(error) => {
                        self.apart_if_unreadable(&id, error, span, None, &mut listed, run)
                            .await?
                    }
                    Ok(()) => Ok(()),
                };
                if let Err(error) = looked {
                    return if error.is_unreadable() {
                        self.one_failed(&id, error, run).await
                    } else {
                        run.tolerate(lister.scope(), error)
                    };
                }
            }
        }
        let walks = self
            .absent_events(&lister, span, &listed, &HashSet::new(), run)
            .await?;
        outside.walks.append(&mut listed.walks);
        outside.walks.extend(walks);
        run.read(lister.scope());
        Ok(())
    }

    /// The networks of the mirror that are configured.
    pub(super) async fn covered_networks(&self) -> Result<HashSet<mirror::NetworkKey>, SyncError> {
        let configured = self.settings.networks.clone();
        let networks = self.read(mirror::networks).await?;
        Ok(networks
            .into_iter()
            .filter(|network| {
                configured
                    .iter()
                    .any(|urlname| urlname.eq_ignore_ascii_case(&network.urlname))
            })
            .map(|network| network.key)
            .collect())
    }

    /// Groups that nobody sponsors any more, because their network or their own entry left the
    /// configuration.
    pub(super) async fn unconfigured_groups(&self) -> Result<(), SyncError> {
        let covered = self.covered_networks().await?;
        let settings = self.settings.clone();
        let dropped = self
            .live_groups(move |group| {
                let by_network = group.network.is_some_and(|key| covered.contains(&key));
                let by_name = settings.groups.iter().any(|urlname| {
                    group.configured_as.as_deref() == Some(urlname)
                        || group.urlname.eq_ignore_ascii_case(urlname)
                });
                !by_network && !by_name
            })
            .await?;
        if dropped.is_empty() {
            return Ok(());
        }
        self.record(move |w| {
            dropped
                .iter()
                .try_for_each(|group| w.unsponsor_group(group.key))
        })
        .await
    }
}

impl From<Roster> for Outside {
    fn from(roster: Roster) -> Self {
        Self {
            groups: roster.groups,
            members_due: roster.members_due,
            walks: Vec::new(),
        }
    }
}
