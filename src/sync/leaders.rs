//! Leaders that neither their group's list nor a question by id shows.

use super::{
    Syncer,
    roster::MembersDue,
    run::{Run, SyncError},
};
use crate::{
    community::{Loss, MemberId, Scope},
    mirror::{self, DoubtOf, Missed},
};
use std::collections::{BTreeMap, HashMap, HashSet};

impl Syncer {
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
        let now = self.now().timestamp();
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
