//! One row that cannot be decoded must not cost the page: the page is asked again for half of the
//! groups, and again, until the bad group stands alone. It is listed, counted, and left out of the
//! following passes for a while, longer each time.

use super::{
    Syncer,
    roster::Roster,
    run::{Failure, Run, SyncError},
};
use crate::{
    community::{GroupId, Scope},
    meetup::{AskError, Walk},
    mirror,
};
use std::collections::HashSet;

/// The ids of a network's groups.
pub(super) struct NetworkIds {
    pub ids: Vec<GroupId>,
    /// How many groups there are, where some show not even their id.
    pub of: Option<i64>,
}

impl Syncer {
    /// Ids that the roster walk may ask for: none for "all", some when groups are being left out.
    /// New groups are still found then, through the bare listing of ids.
    pub(super) async fn only_readable(
        &self,
        urlname: &str,
    ) -> Result<Result<Option<NetworkIds>, AskError>, SyncError> {
        let waiting = self.waiting_groups().await?;
        if waiting.is_empty() {
            return Ok(Ok(None));
        }
        Ok(self.network_group_ids(urlname).await?.map(|mut all| {
            all.ids.retain(|id| !waiting.contains(id));
            Some(all)
        }))
    }

    /// Groups that failed lately and are not asked again yet.
    pub(super) async fn waiting_groups(&self) -> Result<Vec<GroupId>, SyncError> {
        let now = self.now().timestamp();
        let waiting = self
            .read(move |conn| mirror::groups_waiting(conn, now))
            .await?;
        Ok(waiting.into_iter().map(|group| group.id).collect())
    }

    /// The ids of a network's groups and nothing else, so that an unreadable field cannot spoil it. A
    /// group that does not even show its id ends the listing, so it is read from the other end as well;
    /// what stands between two such groups is known from earlier passes, or not at all.
    pub(super) async fn network_group_ids(
        &self,
        urlname: &str,
    ) -> Result<Result<NetworkIds, AskError>, SyncError> {
        let mut all = Vec::new();
        let mut total = None;
        let mut spoiled = None;
        for earliest_first in [false, true] {
            match self
                .ids_from_one_end(urlname, earliest_first, &mut all, &mut total)
                .await?
            {
                Ok(()) => return Ok(Ok(NetworkIds { ids: all, of: None })),
                Err(error) if error.is_unreadable() => spoiled = Some(error),
                Err(error) => return Ok(Err(error)),
            }
        }
        let networks = self.read(mirror::networks).await?;
        let network = networks
            .into_iter()
            .find(|network| network.urlname.eq_ignore_ascii_case(urlname))
            .map(|network| network.key);
        let known = self
            .live_groups(move |group| network.is_some() && group.network == network)
            .await?;
        all.extend(known.into_iter().map(|group| group.id));
        let mut named = HashSet::new();
        all.retain(|id| named.insert(id.clone()));
        if let Some(error) = spoiled.filter(|_| all.is_empty()) {
            return Ok(Err(error));
        }
        Ok(Ok(NetworkIds {
            ids: all,
            of: total,
        }))
    }

    /// The listing of ids up to its end, or up to the first row that cannot be read.
    async fn ids_from_one_end(
        &self,
        urlname: &str,
        earliest_first: bool,
        all: &mut Vec<GroupId>,
        total: &mut Option<i64>,
    ) -> Result<Result<(), AskError>, SyncError> {
        let mut walk = Walk::default();
        let mut spoiled: Option<AskError> = None;
        loop {
            self.check_stop()?;
            let at_most = match &spoiled {
                Some(AskError::Unreadable(unreadable)) => unreadable.row(),
                _ => None,
            };
            let answer = self
                .meetup
                .network_group_ids(urlname, walk.at(), earliest_first, at_most)
                .await;
            match answer {
                Ok(answer) => {
                    *total = answer.value.total;
                    let keys = answer.value.rows.iter().map(GroupId::as_str);
                    let goes_on = walk.goes_on(answer.value.next, *total, keys);
                    all.extend(answer.value.rows);
                    if let Some(error) = spoiled {
                        return Ok(Err(error));
                    }
                    match goes_on {
                        Ok(true) => {}
                        Ok(false) => return Ok(Ok(())),
                        Err(error) => return Ok(Err(error)),
                    }
                }
                Err(AskError::Unreadable(unreadable))
                    if spoiled.is_none() && unreadable.row().is_some_and(|row| row > 0) =>
                {
                    spoiled = Some(unreadable.into());
                }
                Err(error) => return Ok(Err(error)),
            }
        }
    }

    /// The roster walk, bisected; answers the number of the last question.
    pub(super) async fn roster_bisected(
        &self,
        urlname: &str,
        ids: &[GroupId],
        roster: &mut Roster,
        run: &mut Run,
    ) -> Result<i64, SyncError> {
        let mut asked = 0;
        let mut parts: Vec<&[GroupId]> = bisect(ids);
        while let Some(part) = parts.pop() {
            match self.roster_pages(urlname, Some(part), roster).await? {
                Ok(last) => asked = asked.max(last),
                Err(error) if error.is_unreadable() && part.len() > 1 => parts.extend(bisect(part)),
                Err(error) if part.len() == 1 => self.one_failed(&part[0], error, run).await?,
                Err(error) => run.tolerate_as(error, |kind, message| {
                    Failure::of(Scope::network(urlname), kind, message)
                        .of_some(part.iter().cloned())
                })?,
            }
        }
        Ok(asked)
    }

    /// The group that was left alone with its error.
    pub(super) async fn one_failed(
        &self,
        id: &GroupId,
        error: AskError,
        run: &mut Run,
    ) -> Result<(), SyncError> {
        if !error.is_unreadable() {
            return run.tolerate(Scope::group_of(id), error);
        }
        let wanted = id.clone();
        let known = self
            .read(move |conn| mirror::group_by_id(conn, &wanted))
            .await?;
        match known.filter(|group| group.gone_at.is_none()) {
            Some(group) => {
                self.group_failed(group.key, &group.id, error.to_string(), run)
                    .await
            }
            None => {
                run.failed(Scope::group_of(id), error.kind(), error.to_string());
                Ok(())
            }
        }
    }
}

/// A list cut in two; one entry stays whole.
pub(super) fn bisect(ids: &[GroupId]) -> Vec<&[GroupId]> {
    let (first, second) = ids.split_at(ids.len().div_ceil(2));
    [first, second]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect()
}
