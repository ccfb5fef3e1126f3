//! A pass and its doubts: what it does not believe, what is settled, and whose account it reads by.

use super::{
    Syncer,
    run::{Run, SyncError},
};
use crate::{
    community::{Loss, MemberId, Scope},
    meetup::{AskError, Verdict},
    mirror::{self, DoubtOf, Missed},
};

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
        self.losses.disbelieve(loss, of, &fresh);
        self.record(move |w| w.doubt(loss, of, figures, &fresh))
            .await
    }

    /// These were seen again, or are gone for good reasons.
    pub(super) async fn end_doubts(
        &self,
        settled: impl IntoIterator<Item = Missed>,
    ) -> Result<(), SyncError> {
        let settled = self.losses.settle(settled);
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
        if self.losses.knows_the_account() {
            return Ok(true);
        }
        if let Some(known) = self.read(mirror::account).await? {
            match self.meetup.myself().await {
                Ok(found) => {
                    let found = match found {
                        None => None,
                        Some(found) => Some(
                            self.read(move |conn| mirror::known_as(conn, &found.id))
                                .await?,
                        ),
                    };
                    if found.as_ref() == Some(&known) {
                        self.losses.know_the_account();
                        return Ok(true);
                    }
                    return Err(SyncError::Ask(another_account(&known, found.as_ref())));
                }
                // Meetup does not tell: then nothing speaks against it.
                Err(AskError::Refused { .. } | AskError::Outgrown { .. }) => {}
                Err(error) if error.verdict() == Verdict::SkipGroup => {}
                Err(error) => {
                    run.tolerate(scope.clone(), error)?;
                    return Ok(false);
                }
            }
        }
        self.losses.know_the_account();
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
}

/// Accounts by their ids: what goes wrong is logged, and names are nothing for a log.
fn another_account(known: &MemberId, found: Option<&MemberId>) -> AskError {
    let who = found.map_or_else(
        || "Meetup does not say who is signed in any more, and shows less than before".to_owned(),
        |found| {
            format!(
                "member {found} is signed in, who sees less than member {known}, who was before"
            )
        },
    );
    AskError::NeedsSignIn {
        cause: format!("{who}; nothing was marked as gone"),
        remedy: format!(
            "sign in as member {known} again with `gatherd auth login` (https://www.meetup.com/members/{known}/ \
             says who that is, `gatherd auth status` who is signed in);\n\
             if another account is to read the groups from now on, run `gatherd sync --accept-shrink`"
        ),
    }
}
