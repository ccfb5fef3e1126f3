//! The roster: which groups are sponsored now, and what their people look like at a glance.
//!
//! A network's listing is believed only when it is complete and not suddenly small: four or more known
//! groups that come back at half or less, or any that come back as none, are refused with the figures
//! until somebody accepts the shrink. A group missing from a believed listing is asked by id before
//! anything is said of it: it may have left the network, or be gone.

use super::{
    Syncer,
    progress::add,
    run::{Failure, Run, SyncError},
};
use crate::{
    community::{FailureKind, GoneWhy, GroupId, GroupSnapshot, Loss, MemberId, Network, Scope},
    meetup::{AskError, Walk},
    mirror::{self, DoubtOf, GroupKey, KnownGroup, MirrorError, Missed, NetworkKey, Writing},
};
use std::collections::HashSet;

/// A group whose people are to be looked at closer in this pass.
#[derive(Debug, Clone)]
pub(super) struct MembersDue {
    pub key: GroupKey,
    pub id: GroupId,
    pub network: Option<NetworkKey>,
    pub member_count: Option<i64>,
    /// Leaders of the mirror that the list of leaders does not name.
    pub former_leaders: Vec<MemberId>,
    /// It counts members and shows none.
    pub is_invisible: bool,
    /// The member count differs from the rows otherwise than at the last full walk.
    pub needs_walk: bool,
}

/// A group as this pass saw it.
#[derive(Debug, Clone)]
pub(super) struct Sponsored {
    pub key: GroupKey,
    pub id: GroupId,
    pub is_new: bool,
    pub past_events: Option<i64>,
}

/// What a network's roster walk found.
#[derive(Debug, Default)]
pub(super) struct Roster {
    pub network: Option<(NetworkKey, Network)>,
    pub groups: Vec<Sponsored>,
    pub members_due: Vec<MembersDue>,
    /// Groups of a refused roster: nothing is said of them or their events.
    pub doubted: HashSet<GroupId>,
}

impl Syncer {
    /// Walks a network's groups. None: the network could not be read, or its roster was refused.
    pub(super) async fn network_roster(
        &self,
        urlname: &str,
        run: &mut Run,
    ) -> Result<Option<Roster>, SyncError> {
        let scope = || Scope::network(urlname);
        let (only, mut of) = match self.only_readable(urlname).await? {
            Ok(Some(all)) => (Some(all.ids), all.of),
            Ok(None) => (None, None),
            Err(error) => return run.tolerate(scope(), error).map(|()| None),
        };
        let mut roster = Roster::default();
        let mut asked = 0;
        if only.as_ref().is_none_or(|ids| !ids.is_empty()) {
            match self
                .roster_pages(urlname, only.as_deref(), &mut roster)
                .await?
            {
                Ok(last_asked) => asked = last_asked,
                Err(AskError::NotVisible { .. }) => {
                    if !self.is_the_account(&scope(), run).await? {
                        return Ok(None);
                    }
                    run.failed(
                        scope(),
                        FailureKind::NotVisible,
                        format!(
                            "Meetup shows no network \"{urlname}\" to this account\n\
                             check [[network]] urlname, and that the account signed in administers that network"
                        ),
                    );
                    return Ok(None);
                }
                Err(error) if error.is_unreadable() => {
                    let all = match only {
                        Some(ids) => ids,
                        None => match self.network_group_ids(urlname).await? {
                            Ok(all) => {
                                of = all.of;
                                all.ids
                            }
                            Err(error) => return run.tolerate(scope(), error).map(|()| None),
                        },
                    };
                    asked = self
                        .roster_bisected(urlname, &all, &mut roster, run)
                        .await?;
                }
                Err(error) => return run.tolerate(scope(), error).map(|()| None),
            }
        }
        let Some((network, _)) = &roster.network else {
            return Ok(None);
        };
        let network = *network;
        let known = self
            .live_groups(move |group| group.network == Some(network))
            .await?;
        let seen: HashSet<&GroupId> = roster.groups.iter().map(|group| &group.id).collect();
        let now = self.now().timestamp();
        let absent: Vec<KnownGroup> = known
            .iter()
            .filter(|group| !seen.contains(&group.id) && group.retry_at.is_none_or(|at| at <= now))
            .cloned()
            .collect();
        // Known and absent may have left: it accounts for none that shows not even its id.
        let accounted_for = i64::try_from(known.len() - absent.len()).unwrap_or(i64::MAX);
        let unknown = of.map_or(0, |of| of - accounted_for);
        if unknown > 0 {
            let message = format!(
                "{unknown} of its groups show not even their id; the next pass looks for them again"
            );
            run.note(Failure::of(scope(), FailureKind::Unreadable, message).of_some([]));
        }
        // `known` holds the groups of this walk too, since they were recorded with their pages.
        let before = known.len() - roster.groups.iter().filter(|group| group.is_new).count();
        self.end_doubts(roster.groups.iter().map(|group| Missed::group(group.key)))
            .await?;
        let missed: Vec<Missed> = absent.iter().map(|it| Missed::group(it.key)).collect();
        let fresh = self.losses.fresh(&missed);
        if !fresh.is_empty() && !self.is_the_account(&scope(), run).await? {
            roster.doubted = absent.iter().map(|group| group.id.clone()).collect();
            return Ok(Some(roster));
        }
        let is_large = self.losses.is_too_large(Loss::Groups, before, &missed);
        if !fresh.is_empty() && (is_large || roster.groups.is_empty()) {
            // Where so much is missing, what is shown may be poorer too.
            let doubted = |group: &&KnownGroup| fresh.contains(&Missed::group(group.key));
            let (of, lost) = (DoubtOf::Network(network), fresh.len());
            let ids = absent.iter().filter(doubted).map(|group| group.id.clone());
            roster.doubted = ids.collect();
            self.doubt(Loss::Groups, of, (before, lost), &fresh).await?;
            let mut accepted = absent;
            accepted.retain(|group| !roster.doubted.contains(&group.id));
            self.absent_groups(&accepted, urlname, network, asked, run)
                .await?;
            return Ok(Some(roster));
        }
        self.absent_groups(&absent, urlname, network, asked, run)
            .await?;
        run.read(scope());
        Ok(Some(roster))
    }

    /// Walks the listing (or the part of it that `only` names), recording page by page; answers the
    /// number of the last question.
    pub(super) async fn roster_pages(
        &self,
        urlname: &str,
        only: Option<&[GroupId]>,
        roster: &mut Roster,
    ) -> Result<Result<i64, AskError>, SyncError> {
        let mut walk = Walk::default();
        loop {
            self.check_stop()?;
            let answer = match self.meetup.network_groups(urlname, walk.at(), only).await {
                Ok(answer) => answer,
                Err(error) => return Ok(Err(error)),
            };
            let (network, mut page, asked) =
                (answer.value.network, answer.value.page, answer.asked);
            add(&self.progress.groups, page.rows.len());
            let keys = page.rows.iter().map(|row| row.group.id.as_str());
            let goes_on = match walk.goes_on(page.next.clone(), page.total, keys) {
                Ok(goes_on) => goes_on,
                Err(error) => return Ok(Err(error)),
            };
            let named = network.clone();
            let (key, recorded) = self
                .record(move |w| {
                    let key = w.record_network(&named, asked)?;
                    let recorded = page
                        .rows
                        .iter_mut()
                        .map(|row| {
                            // A listed group is in the network, even if its own answer does not say so.
                            if w.network_of(&row.group)?.is_none() {
                                row.group.network = Some(named.id.clone());
                            }
                            record_snapshot(w, row, asked)
                        })
                        .collect::<Result<Vec<_>, _>>()?;
                    Ok((key, recorded))
                })
                .await?;
            roster.network = Some((key, network));
            roster.take(recorded);
            if !goes_on {
                return Ok(Ok(asked));
            }
        }
    }

    /// Groups that no believed listing holds: asked by id, then `left`, `deleted`, or still there.
    pub(super) async fn absent_groups(
        &self,
        absent: &[KnownGroup],
        urlname: &str,
        network: NetworkKey,
        asked: i64,
        run: &mut Run,
    ) -> Result<(), SyncError> {
        if absent.is_empty() {
            return Ok(());
        }
        let ids: Vec<GroupId> = absent.iter().map(|group| group.id.clone()).collect();
        let answer = match self.meetup.groups_by_id(&ids, self.now()).await {
            Ok(answer) => self.ask_bare(&ids, answer).await,
            Err(error) => Err(error),
        };
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => {
                return run.tolerate_as(error, |kind, message| {
                    let message = format!("groups missing from its listing: {message}");
                    Failure::of(Scope::network(urlname), kind, message).of_some(ids)
                });
            }
        };
        let asked = answer.asked.max(asked);
        for (known, found) in absent.iter().zip(answer.value) {
            let key = known.key;
            match found {
                Err(unreadable) => {
                    self.group_failed(known.key, &known.id, unreadable.to_string(), run)
                        .await?;
                }
                Ok(None) => self.group_is_null(known, asked, run).await?,
                Ok(Some(snapshot)) => {
                    let deleted = snapshot.group.is_deleted();
                    // One that is configured by itself is sponsored without the network, too.
                    let is_configured = self.settings.groups.iter().any(|configured| {
                        known.configured_as.as_deref() == Some(configured)
                            || configured.eq_ignore_ascii_case(&known.urlname)
                            || configured.eq_ignore_ascii_case(&snapshot.group.urlname)
                    });
                    self.record(move |w| {
                        w.record_group(&snapshot.group, asked)?;
                        let now_in = w.network_of(&snapshot.group)?;
                        if deleted {
                            w.mark_group_gone(key, GoneWhy::Deleted, asked)
                        } else if snapshot.group.network.is_none()
                            && w.may_be_error(&["Group.proNetwork"])
                        {
                            Ok(false) // an error stands where the network would
                        } else if now_in != Some(network) && !is_configured {
                            w.mark_group_gone(key, GoneWhy::Left, asked)
                        } else {
                            Ok(false)
                        }
                    })
                    .await?;
                }
            }
        }
        Ok(())
    }

    /// Notes a failure of one group, in the run and in the mirror, where it makes the group wait longer
    /// each time.
    pub(super) async fn group_failed(
        &self,
        key: GroupKey,
        id: &GroupId,
        message: String,
        run: &mut Run,
    ) -> Result<(), SyncError> {
        run.failed(
            Scope::group_of(id),
            FailureKind::Unreadable,
            message.clone(),
        );
        self.record(move |w| w.group_failed(key, &message)).await
    }

    /// The mirror's groups that are sponsored now and fit.
    pub(super) async fn live_groups(
        &self,
        fits: impl Fn(&KnownGroup) -> bool + Send + 'static,
    ) -> Result<Vec<KnownGroup>, SyncError> {
        self.read(move |conn| {
            Ok(mirror::roster(conn)?
                .into_iter()
                .filter(|group| group.gone_at.is_none() && fits(group))
                .collect())
        })
        .await
    }
}

impl Roster {
    pub(super) fn take(&mut self, recorded: Vec<(Sponsored, Option<MembersDue>)>) {
        for (group, members) in recorded {
            // A bisected walk meets groups again that the first try had recorded.
            if self.groups.iter().all(|known| known.key != group.key) {
                self.groups.push(group);
                self.members_due.extend(members);
            }
        }
    }
}

/// Records a group with the people that ride along, and says whether they need a closer look.
pub(super) fn record_snapshot(
    w: &Writing<'_>,
    snapshot: &GroupSnapshot,
    asked: i64,
) -> Result<(Sponsored, Option<MembersDue>), MirrorError> {
    let group = &snapshot.group;
    let recorded = w.record_group(group, asked)?;
    let key = recorded.key;
    w.record_memberships(key, &snapshot.leaders, asked)?;
    w.record_memberships(key, &snapshot.newest, asked)?;
    w.record_group_day(key)?;
    let named: HashSet<MemberId> = snapshot
        .leaders
        .iter()
        .chain(&snapshot.newest)
        .map(|membership| membership.member.id.clone())
        .collect();
    // The list may be cut short; whoever is on it no more is asked by id before anything is said.
    let former_leaders = if snapshot.is_bare {
        Vec::new()
    } else {
        let unseen = mirror::leaders_unseen(w, key, &named)?;
        w.leaders_shown(key, &unseen)?;
        unseen
    };
    // Who was forgotten cannot be asked for by id.
    let (nobodies, former_leaders): (Vec<_>, Vec<_>) =
        former_leaders.into_iter().partition(MemberId::is_forgotten);
    let needs_walk = mirror::members_need_walk(w, key, group.member_count)? || !nobodies.is_empty();
    let network = w.network_of(group)?;
    let sponsored = Sponsored {
        key,
        id: group.id.clone(),
        is_new: recorded.is_new,
        past_events: group.past_events,
    };
    let due = (needs_walk || !former_leaders.is_empty()).then(|| MembersDue {
        key,
        id: group.id.clone(),
        member_count: group.member_count,
        network,
        former_leaders,
        is_invisible: !snapshot.is_bare
            && named.is_empty()
            && group.member_count.is_some_and(|count| count > 0),
        needs_walk,
    });
    Ok((sponsored, due))
}
