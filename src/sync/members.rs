//! Memberships: who joined, who left, who leads.
//!
//! Every pass sees a group's leaders, its newest members and its member count. Those who stopped
//! leading are asked by id. A count that differs from our rows otherwise than the last full walk left
//! it (hidden and pending members make a constant gap) makes the group's members be walked in full;
//! only then can members who left be told, and each of them is asked by id before it is said.

use super::{
    Syncer,
    progress::add,
    roster::MembersDue,
    rsvps::Finished,
    run::{Run, SyncError, gathered},
    circuit_breaker::NOT_ASKED,
};
use crate::{
    community::{FailureKind, GroupId, MemberId, Scope},
    meetup::{AskError, Walk},
    mirror::{self, GroupKey},
};
use futures_util::{StreamExt, stream};
use std::collections::HashSet;

/// How many members are asked by id in one question.
const IDS_PER_QUESTION: usize = 200;

impl Syncer {
    /// Looks closer at the groups whose people changed.
    pub(super) async fn members(
        &self,
        due: Vec<MembersDue>,
        run: &mut Run,
    ) -> Result<(), SyncError> {
        let tasks = stream::iter(due)
            .map(|group| async move {
                self.check_stop()?;
                let mut run = Run::default();
                if self.breaker.is_bad() {
                    // Its count still differs at the next pass.
                    run.failed(Scope::group_of(&group.id), FailureKind::Outage, NOT_ASKED);
                    return Ok(run);
                }
                let done = if group.needs_walk {
                    self.walk_members(&group, None, &mut run).await?
                } else {
                    let former = group.former_leaders.clone();
                    self.settle_members(&group.id, group.key, former, 0)
                        .await?
                        .map(|_| Finished::Yes)
                };
                self.breaker.note(&done);
                if let Err(error) = done {
                    if error.is_unreadable() {
                        self.group_failed(group.key, &group.id, error.to_string(), &mut run)
                            .await?;
                    } else {
                        run.tolerate(Scope::group_of(&group.id), error)?;
                    }
                }
                Ok::<_, SyncError>(run)
            })
            .buffer_unordered(self.settings.concurrency);
        gathered(tasks, run).await
    }

    /// Walks all members of a group; `unit` is done with the last step.
    pub(super) async fn walk_members(
        &self,
        group: &MembersDue,
        unit: Option<i64>,
        run: &mut Run,
    ) -> Result<Result<Finished, AskError>, SyncError> {
        let key = group.key;
        let before = self
            .read(move |conn| mirror::live_members(conn, key))
            .await?;
        let mut walk = Walk::default();
        let mut seen: HashSet<MemberId> = HashSet::new();
        let mut nameless = 0;
        let mut first_asked = None;
        loop {
            self.check_stop()?;
            let answer = match self.meetup.memberships(&group.id, walk.at(), false).await {
                Ok(answer) => answer,
                Err(error) => return Ok(Err(error)),
            };
            let asked = answer.asked;
            first_asked.get_or_insert(asked);
            let Some(page) = answer.value else {
                // The group is not shown now; the roster decides what that means. A unit stays due.
                return Ok(Ok(Finished::No));
            };
            add(&self.progress.memberships, page.rows.len());
            let goes_on = walk.goes_on(page.next.clone(), page.count());
            seen.extend(page.rows.iter().map(|row| row.member.id.clone()));
            // Listed, if not as what: that is no absence.
            seen.extend(page.unsaid);
            nameless += page.nameless;
            self.record(move |w| w.record_memberships(key, &page.rows, asked))
                .await?;
            if !goes_on {
                break;
            }
        }
        let (before, still) = (usize::try_from(before).unwrap_or(0), seen.len() + nameless);
        let is_shrunk = (before >= 20 && still * 2 <= before) || (before > 0 && still == 0);
        if is_shrunk && !self.may_shrink() {
            run.failed(
                Scope::group_of(&group.id),
                FailureKind::Shrunken,
                format!(
                    "Meetup lists {still} of the {before} members known; nobody was marked as gone\n\
                     if that is right, run `gatherd sync --accept-shrink`"
                ),
            );
            return Ok(Ok(Finished::No));
        }
        let unseen = self
            .read(move |conn| mirror::members_unseen(conn, key, &seen))
            .await?;
        let is_settled = match self
            .settle_members(&group.id, key, unseen, first_asked.unwrap_or(0))
            .await?
        {
            Ok(is_settled) => is_settled,
            Err(error) => return Ok(Err(error)),
        };
        let count = group.member_count;
        self.record(move |w| {
            // Where somebody may have left or not, the next pass walks again.
            if is_settled {
                w.finish_member_walk(key, count)?;
            }
            unit.map_or(Ok(()), |unit| w.unit_done(unit))
        })
        .await?;
        add(&self.progress.rosters, 1);
        run.read(Scope::group_of(&group.id));
        Ok(Ok(Finished::Yes))
    }

    /// Asks for members by id: those found are recorded as they are now, the others are gone. False where
    /// rows that do not say who or what leave some of them undecided.
    async fn settle_members(
        &self,
        group: &GroupId,
        key: GroupKey,
        unseen: Vec<MemberId>,
        asked_before: i64,
    ) -> Result<Result<bool, AskError>, SyncError> {
        let mut is_settled = true;
        for ids in unseen.chunks(IDS_PER_QUESTION) {
            self.check_stop()?;
            let answer = match self.meetup.members_of(group, ids).await {
                Ok(answer) => answer,
                Err(error) => return Ok(Err(error)),
            };
            let asked = answer.asked.max(asked_before);
            // Where the whole group is not shown, the roster decides what that means.
            let Some(people) = answer.value else {
                return Ok(Ok(true));
            };
            is_settled &= people.nameless == 0 && people.unsaid.is_empty();
            let rows = people.rows;
            let found: HashSet<MemberId> = rows.iter().map(|row| row.member.id.clone()).collect();
            let gone: Vec<MemberId> = ids
                .iter()
                .filter(|id| !found.contains(id) && !people.unsaid.contains(id))
                // A row that does not say who may be any of them.
                .filter(|_| people.nameless == 0)
                .cloned()
                .collect();
            self.record(move |w| {
                w.record_memberships(key, &rows, asked)?;
                w.mark_memberships_gone(key, &gone, asked)?;
                w.record_group_day(key)
            })
            .await?;
        }
        Ok(Ok(is_settled))
    }
}
