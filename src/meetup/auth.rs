//! One access token for all tasks, fresh whenever it is asked for.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::task::{JoinError, JoinHandle};

use super::errors::AskError;
use super::renewal::{Access, Renewal};
use super::settings::Settings;
use super::transport::Transport;
use super::waiting::WaitingRoom;
use crate::config::SignIn;

/// How long a renewal that is under way when a signal comes is waited for.
const LAST_WAIT: Duration = Duration::from_secs(30);
/// And this long before it is told.
const TOLD: Duration = Duration::from_millis(200);

/// Keeps the access token; [`Renewal`] knows how to make the next one.
#[derive(Debug)]
pub(crate) struct Auth {
    transport: Arc<Transport>,
    renewal: Arc<Renewal>,
    room: Arc<WaitingRoom>,
    renews_itself: bool,
    /// Held by whatever renews.
    renewing: Arc<()>,
    current: Mutex<Option<Arc<Access>>>,
}

impl Auth {
    pub(crate) fn new(
        settings: &Arc<Settings>,
        transport: &Arc<Transport>,
        room: &Arc<WaitingRoom>,
    ) -> Result<Self, AskError> {
        Ok(Self {
            transport: Arc::clone(transport),
            renewal: Arc::new(Renewal::new(settings, room)?),
            room: Arc::clone(room),
            renewing: Arc::default(),
            renews_itself: !matches!(settings.sign_in, SignIn::AccessToken(_)),
            current: Mutex::new(None),
        })
    }

    /// An access token that is good for a while.
    pub(crate) async fn access(&self) -> Result<Arc<Access>, AskError> {
        let mut current = self.current.lock().await;
        if let Some(access) = current.as_ref().filter(|it| it.is_fresh()) {
            return Ok(Arc::clone(access));
        }
        let fresh = self.renew(None).await?;
        Ok(Arc::clone(current.insert(fresh)))
    }

    /// Whether another access token can be had without a person.
    pub(crate) fn renews_itself(&self) -> bool {
        self.renews_itself
    }

    /// Meetup refused `old`: makes sure that the next access token is another one.
    pub(crate) async fn refused(&self, old: &Arc<Access>, cause: &str) -> Result<(), AskError> {
        if !self.renews_itself {
            return Err(self.needs_person(cause));
        }
        let mut current = self.current.lock().await;
        if current.as_ref().is_none_or(|it| Arc::ptr_eq(it, old)) {
            *current = Some(self.renew(Some(Arc::clone(old))).await?);
        }
        Ok(())
    }

    /// Says what a person must do now.
    pub(crate) fn needs_person(&self, cause: &str) -> AskError {
        self.renewal.needs_person(cause)
    }

    /// Whether a token is being renewed: the one thing that a signal waits for, since Meetup may have
    /// spent the refresh token already.
    pub(crate) fn is_renewing(&self) -> bool {
        Arc::strong_count(&self.renewing) > 1
    }

    /// In a task of its own: a question that is dropped half-way must not take with it the answer that
    /// holds the only successor of a spent refresh token.
    async fn renew(&self, refused: Option<Arc<Access>>) -> Result<Arc<Access>, AskError> {
        self.room.check()?;
        let (renewal, transport) = (Arc::clone(&self.renewal), Arc::clone(&self.transport));
        let renewing = Arc::clone(&self.renewing);
        let mut task = tokio::spawn(async move {
            let renewed = renewal.renew(&transport, refused.as_deref()).await;
            drop(renewing);
            renewed
        });
        let ended = tokio::select! {
            ended = &mut task => Some(ended),
            () = self.room.stop().thrown() => None,
        };
        let ended = match ended {
            Some(ended) => ended,
            None => self.last_wait(task).await?,
        };
        ended.unwrap_or_else(|_| {
            let cause = "signing in was interrupted".to_owned();
            Err(AskError::Unavailable {
                operation: "token endpoint",
                cause,
            })
        })
    }

    /// After a signal: an answer that was lost now would cost the sign-in.
    async fn last_wait<T>(
        &self,
        mut task: JoinHandle<T>,
    ) -> Result<Result<T, JoinError>, AskError> {
        // Where it only waits to ask, the signal ends it by itself.
        if let Ok(ended) = tokio::time::timeout(TOLD, &mut task).await {
            return Ok(ended);
        }
        tracing::info!(
            "waiting for Meetup's token endpoint, which is renewing the sign-in: {} s at most",
            LAST_WAIT.as_secs()
        );
        tokio::time::timeout(LAST_WAIT, task).await.map_err(|_| {
            tracing::warn!(
                "the renewal of the sign-in was not answered; if it counted at Meetup, `gatherd auth login` is needed"
            );
            AskError::Stopped
        })
    }
}
