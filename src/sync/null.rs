//! A null is no proof. A group asked for together with lists may be null because one of them matches nothing,
//! or holds what cannot be read, so it is asked again by itself; and null by itself is believed when a second
//! pass finds it too.

use super::{
    Syncer,
    run::{Run, SyncError},
};
use crate::{
    community::{FailureKind, GoneWhy, GroupId, GroupSnapshot, Scope},
    meetup::{Answer, AskError, Unreadable},
    mirror::{KnownGroup, Missed},
};

/// Groups that were asked for, each by itself.
type Groups = Answer<Vec<Result<Option<GroupSnapshot>, Unreadable>>>;

impl Syncer {
    /// Asks for groups that are null or unreadable once more, without any list of theirs.
    pub(super) async fn ask_bare(
        &self,
        ids: &[GroupId],
        answer: Groups,
    ) -> Result<Groups, AskError> {
        let doubted = doubted(&answer);
        if doubted.is_empty() {
            return Ok(answer);
        }
        let wanted: Vec<GroupId> = doubted.iter().map(|at| ids[*at].clone()).collect();
        let bare = self.meetup.group_heads(&wanted).await?;
        Ok(filled(answer, &doubted, bare))
    }

    /// The same by urlname.
    pub(super) async fn ask_bare_named(
        &self,
        names: &[&str],
        answer: Groups,
    ) -> Result<Groups, AskError> {
        let doubted = doubted(&answer);
        if doubted.is_empty() {
            return Ok(answer);
        }
        let wanted: Vec<&str> = doubted.iter().map(|at| names[*at]).collect();
        let bare = self.meetup.group_heads_by_urlname(&wanted).await?;
        Ok(filled(answer, &doubted, bare))
    }

    /// Whether a group that is null together with its events is there by itself: then the null says that
    /// none of them matched, or nothing.
    pub(super) async fn is_there(&self, id: &GroupId) -> Result<bool, AskError> {
        let answer = self.meetup.group_heads(std::slice::from_ref(id)).await?;
        Ok(matches!(answer.value.first(), Some(Ok(Some(_)))))
    }

    /// A group is null by itself: gone if an earlier pass found so too or a person accepted its loss, and not
    /// readable until then.
    pub(super) async fn group_is_null(
        &self,
        group: &KnownGroup,
        asked: i64,
        run: &mut Run,
    ) -> Result<(), SyncError> {
        let key = group.key;
        let is_accepted = self.losses.fresh(&[Missed::group(key)]).is_empty();
        let is_gone = self
            .record(move |w| {
                let is_gone = w.group_is_null(key)? || is_accepted;
                if is_gone {
                    w.mark_group_gone(key, GoneWhy::Deleted, asked)?;
                }
                Ok(is_gone)
            })
            .await?;
        if !is_gone {
            run.failed(
                Scope::group_of(&group.id),
                FailureKind::NotVisible,
                "Meetup answers null for it: deleted, or not for this account's eyes\n\
                 the next pass that finds so marks it as gone",
            );
        }
        Ok(())
    }
}

/// Which of them said nothing to rely on.
fn doubted(answer: &Groups) -> Vec<usize> {
    let found = answer.value.iter().enumerate();
    let doubted = found.filter(|(_, found)| !matches!(found, Ok(Some(_))));
    doubted.map(|(at, _)| at).collect()
}

/// The second answer in the place of the first.
fn filled(mut answer: Groups, doubted: &[usize], bare: Groups) -> Groups {
    answer.asked = answer.asked.max(bare.asked);
    for (at, found) in doubted.iter().zip(bare.value) {
        answer.value[*at] = found;
    }
    answer
}
