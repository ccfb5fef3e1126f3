//! Memberships: who joined, who left, who leads.
//!
//! Every pass sees a group's leaders, its newest members and its member count. Those who stopped
//! leading are asked by id. A count that differs from our rows otherwise than the last full walk left
//! it (hidden and pending members make a constant gap) makes the group's members be walked in full;
//! only then can members who left be told, and each of them is asked by id before it is said.

use super::{
    Syncer,
    circuit_breaker::NOT_ASKED,
    progress::add,
    roster::MembersDue,
    rsvps::Finished,
    run::{Run, SyncError, gathered},
};
use crate::{
    community::{FailureKind, GroupId, Loss, MemberId, Scope},
    meetup::{AskError, Walk},
    mirror::{self, DoubtOf, GroupKey, Missed},
};
use futures_util::{StreamExt, stream};
use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

/// How many members are asked by id in one question.
const IDS_PER_QUESTION: usize = 200;

/// People that a question by id did not find, each with its number.
#[derive(Debug, Default)]
struct Absent {
    people: Vec<(MemberId, i64)>,
    /// Rows that do not say who or what leave some of those asked for undecided.
    is_undecided: bool,
}

impl Syncer {
    /// Looks closer at the groups whose people changed.
    pub(super) async fn members(
        &self,
        due: Vec<MembersDue>,
        run: &mut Run,
    ) -> Result<(), SyncError> {
        self.former_leaders(&due, run).await?;
        let tasks = stream::iter(due.into_iter().filter(|group| group.needs_walk))
            .map(|group| async move {
                self.check_stop()?;
                let mut run = Run::default();
                if self.breaker.is_bad() {
                    // Its count still differs at the next pass.
                    run.failed(Scope::group_of(&group.id), FailureKind::Outage, NOT_ASKED);
                    return Ok(run);
                }
                let done = self.walk_members(&group, None, &mut run).await?;
                self.breaker.note(&done);
                if let Err(error) = done {
                    self.members_failed(&group, error, &mut run).await?;
                }
                Ok::<_, SyncError>(run)
            })
            .buffer_unordered(self.settings.concurrency);
        gathered(tasks, run).await
    }

    async fn members_failed(
        &self,
        group: &MembersDue,
        error: AskError,
        run: &mut Run,
    ) -> Result<(), SyncError> {
        if error.is_unreadable() {
            self.group_failed(group.key, &group.id, error.to_string(), run)
                .await
        } else {
            run.tolerate(Scope::group_of(&group.id), error)
        }
    }

    /// Asks for leaders that their groups' lists do not name, and weighs all that are not found.
    async fn former_leaders(&self, due: &[MembersDue], run: &mut Run) -> Result<(), SyncError> {
        let missing = &Mutex::new(Vec::new());
        let asked: Vec<MembersDue> = due
            .iter()
            .filter(|it| !it.former_leaders.is_empty())
            .cloned()
            .collect();
        let tasks = stream::iter(asked)
            .map(|group| async move {
                self.check_stop()?;
                let mut run = Run::default();
                if self.breaker.is_bad() {
                    run.failed(Scope::group_of(&group.id), FailureKind::Outage, NOT_ASKED);
                    return Ok(run);
                }
                let asked = self
                    .ask_for(&group.id, group.key, &group.former_leaders, 0)
                    .await?;
                self.breaker.note(&asked);
                match asked {
                    Ok(Some(absent)) => {
                        let mut missing = missing.lock().unwrap_or_else(PoisonError::into_inner);
                        missing.push((group, absent.people));
                    }
                    Ok(None) => {}
                    Err(error) => self.members_failed(&group, error, &mut run).await?,
                }
                Ok::<_, SyncError>(run)
            })
            .buffer_unordered(self.settings.concurrency);
        gathered(tasks, run).await?;
        let missing = std::mem::take(&mut *missing.lock().unwrap_or_else(PoisonError::into_inner));
        for (group, absent) in self.judge_leaders(missing, run).await? {
            self.members_gone(group.key, absent).await?;
        }
        Ok(())
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
            seen.extend(page.rows.iter().map(|row| row.member.id.clone()));
            // Listed, if not as what: that is no absence.
            seen.extend(page.unsaid.iter().cloned());
            let keys = page.keys(nameless);
            let keys = keys.iter().map(String::as_str);
            let goes_on = match walk.goes_on(page.next, page.total, keys) {
                Ok(goes_on) => goes_on,
                Err(error) => return Ok(Err(error)),
            };
            nameless += page.nameless;
            self.record(move |w| w.record_memberships(key, &page.rows, asked))
                .await?;
            if !goes_on {
                break;
            }
        }
        let before = usize::try_from(before).unwrap_or(0);
        let (is_nobody, of) = (seen.is_empty() && nameless == 0, DoubtOf::Group(key));
        let here = seen.clone();
        let unseen = self
            .read(move |conn| mirror::members_unseen(conn, key, &seen))
            .await?;
        let all = self.missed(Loss::Members, key, &unseen).await?;
        let missed: Vec<Missed> = all.iter().map(|(it, ..)| *it).collect();
        let fresh = self.losses.fresh(&missed);
        // A row that does not say who may be any of those missed.
        let beyond = &fresh[nameless.min(fresh.len())..];
        let known = before.saturating_sub(missed.len() - fresh.len());
        let is_large = self.losses.is_too_large(Loss::Members, known, beyond);
        if !fresh.is_empty() && (is_nobody || is_large) {
            if self
                .is_the_account(&Scope::group_of(&group.id), run)
                .await?
            {
                let figures = (before, fresh.len());
                self.doubt(Loss::Members, of, figures, &missed).await?;
            }
            return Ok(Ok(Finished::No));
        }
        let here: Vec<MemberId> = here.into_iter().collect();
        self.people_seen(key, &here).await?;
        let absent = match self
            .ask_for(&group.id, key, &unseen, first_asked.unwrap_or(0))
            .await?
        {
            Ok(absent) => absent.unwrap_or_default(),
            Err(error) => return Ok(Err(error)),
        };
        let (absent, is_undecided) = (absent.people, absent.is_undecided);
        if !absent.is_empty() && !fresh.is_empty() {
            let scope = Scope::group_of(&group.id);
            if !self.is_the_account(&scope, run).await? {
                return Ok(Ok(Finished::No));
            }
        }
        // Few members may be all its leaders.
        let ids: Vec<MemberId> = absent.iter().map(|(id, _)| id.clone()).collect();
        let people = self.missed(Loss::Leaders, key, &ids).await?;
        let leaders = people.iter().filter(|(_, _, leads)| *leads);
        let doubted: HashSet<MemberId> = {
            let leaders: Vec<(Missed, MemberId)> =
                leaders.map(|(it, id, _)| (*it, id.clone())).collect();
            let missed: Vec<Missed> = leaders.iter().map(|(it, _)| *it).collect();
            let known = self
                .read(move |conn| mirror::live_leaders(conn, of))
                .await?;
            let known = usize::try_from(known).unwrap_or(0);
            // As for members, so for leaders: who accepted the loss of the one has accepted the other.
            let accepted = |id: &MemberId| {
                let mut people = all.iter();
                people.any(|(it, of, _)| of == id && self.losses.fresh(&[*it]).is_empty())
            };
            let is_large = self.losses.is_too_large(Loss::Leaders, known, &missed);
            // A doubt of the network's leaders may hold them already.
            let is_new = |(it, id): &(Missed, MemberId)| !accepted(id) && !self.losses.is_open(it);
            if is_large && leaders.iter().any(is_new) {
                let figures = (known, self.losses.fresh(&missed).len());
                self.doubt(Loss::Leaders, of, figures, &missed).await?;
            }
            let leaders = leaders.into_iter();
            leaders
                .filter(|(it, id)| self.losses.is_open(it) && !accepted(id))
                .map(|(_, id)| id)
                .collect()
        };
        let mut gone = absent;
        gone.retain(|(id, _)| !doubted.contains(id));
        self.members_gone(key, gone).await?;
        if !doubted.is_empty() {
            // The count still differs, as it should where they are gone.
            return Ok(Ok(Finished::No));
        }
        let count = group.member_count;
        self.record(move |w| {
            // Where somebody may have left or not, the next pass walks again.
            if !is_undecided {
                w.finish_member_walk(key, count)?;
            }
            unit.map_or(Ok(()), |unit| w.unit_done(unit))
        })
        .await?;
        add(&self.progress.rosters, 1);
        run.read(Scope::group_of(&group.id));
        Ok(Ok(Finished::Yes))
    }

    /// Asks for members by id and records those found, as they are now; none where the whole group is not
    /// shown: the roster decides what that means.
    async fn ask_for(
        &self,
        group: &GroupId,
        key: GroupKey,
        unseen: &[MemberId],
        asked_before: i64,
    ) -> Result<Result<Option<Absent>, AskError>, SyncError> {
        let mut absent = Absent::default();
        // Who was forgotten cannot be asked for, nobody here knowing by which id: a full walk that does not show them
        // is all there is to go by.
        let (nobodies, unseen): (Vec<_>, Vec<_>) =
            unseen.iter().cloned().partition(MemberId::is_forgotten);
        let nobodies = nobodies.into_iter();
        absent.people.extend(nobodies.map(|id| (id, asked_before)));
        for ids in unseen.chunks(IDS_PER_QUESTION) {
            self.check_stop()?;
            let answer = match self.meetup.members_of(group, ids).await {
                Ok(answer) => answer,
                Err(error) => return Ok(Err(error)),
            };
            let asked = answer.asked.max(asked_before);
            let Some(people) = answer.value else {
                return Ok(Ok(None));
            };
            absent.is_undecided |= people.nameless > 0 || !people.unsaid.is_empty();
            let rows = people.rows;
            let found: HashSet<MemberId> = rows.iter().map(|row| row.member.id.clone()).collect();
            let ids = ids.iter().filter(|id| !found.contains(id));
            let ids = ids.filter(|id| !people.unsaid.contains(id));
            // A row that does not say who may be any of them.
            let ids = ids.filter(|_| people.nameless == 0);
            absent.people.extend(ids.map(|id| (id.clone(), asked)));
            let found: Vec<MemberId> = found.into_iter().chain(people.unsaid.clone()).collect();
            self.record(move |w| {
                w.record_memberships(key, &rows, asked)?;
                w.record_group_day(key)
            })
            .await?;
            self.people_seen(key, &found).await?;
        }
        Ok(Ok(Some(absent)))
    }

    async fn members_gone(
        &self,
        key: GroupKey,
        gone: Vec<(MemberId, i64)>,
    ) -> Result<(), SyncError> {
        if gone.is_empty() {
            return Ok(());
        }
        let ids: Vec<MemberId> = gone.iter().map(|(id, _)| id.clone()).collect();
        self.people_seen(key, &ids).await?;
        self.record(move |w| {
            for (id, asked) in &gone {
                w.mark_memberships_gone(key, std::slice::from_ref(id), *asked)?;
            }
            w.record_group_day(key)
        })
        .await
    }

    async fn missed(
        &self,
        loss: Loss,
        key: GroupKey,
        ids: &[MemberId],
    ) -> Result<Vec<(Missed, MemberId, bool)>, SyncError> {
        let ids = ids.to_vec();
        self.read(move |conn| mirror::missed_members(conn, loss, key, &ids))
            .await
    }

    /// Of these people nothing is doubted any more.
    async fn people_seen(&self, key: GroupKey, ids: &[MemberId]) -> Result<(), SyncError> {
        if !self.losses.has_any() {
            return Ok(());
        }
        for loss in [Loss::Members, Loss::Leaders] {
            let people = self.missed(loss, key, ids).await?;
            self.end_doubts(people.into_iter().map(|(it, ..)| it))
                .await?;
        }
        Ok(())
    }
}
