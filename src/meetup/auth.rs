//! One access token for all tasks, fresh whenever it is asked for.

use std::sync::Arc;

use tokio::sync::Mutex;

use super::errors::AskError;
use super::renewal::{Access, Renewal};
use super::settings::Settings;
use super::transport::Transport;
use super::waiting::WaitingRoom;
use crate::config::SignIn;

/// Keeps the access token; [`Renewal`] knows how to make the next one.
#[derive(Debug)]
pub(crate) struct Auth {
    transport: Arc<Transport>,
    renewal: Arc<Renewal>,
    renews_itself: bool,
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

    /// In a task of its own: a question that is dropped half-way must not take with it the answer that
    /// holds the only successor of a spent refresh token.
    async fn renew(&self, refused: Option<Arc<Access>>) -> Result<Arc<Access>, AskError> {
        let (renewal, transport) = (Arc::clone(&self.renewal), Arc::clone(&self.transport));
        let task = tokio::spawn(async move { renewal.renew(&transport, refused.as_deref()).await });
        task.await.unwrap_or_else(|_| {
            let cause = "signing in was interrupted".to_owned();
            Err(AskError::Unavailable {
                operation: "token endpoint",
                cause,
            })
        })
    }
}
