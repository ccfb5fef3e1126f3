//! What is kept of a sign-in, to look at and to forget. Nothing here asks Meetup.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::errors::AskError;
use super::renewal::Renewal;
use super::settings::Settings;
use super::waiting::WaitingRoom;

/// The sign-in that is kept for the configured client or key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// When the access token was granted, where that is known.
    pub renewed_at: Option<DateTime<Utc>>,
    /// When the access token ends, where that is known.
    pub until: Option<DateTime<Utc>>,
    /// Whether a refresh token is kept too.
    pub has_refresh_token: bool,
    /// The configuration holds another refresh token than the one that this grew from, which wins.
    pub is_replaced: bool,
}

/// The file of tokens, as far as it concerns the configured sign-in.
#[derive(Debug)]
pub struct TokenStore(Renewal);

impl TokenStore {
    /// Of these settings.
    ///
    /// # Errors
    ///
    /// If the settings cannot work.
    pub fn new(settings: Settings) -> Result<Self, AskError> {
        let room = Arc::<WaitingRoom>::default();
        Ok(Self(Renewal::new(&Arc::new(settings), &room)?))
    }

    /// Where it is.
    pub fn path(&self) -> PathBuf {
        self.0.file().path()
    }

    /// What is kept, if anything.
    ///
    /// # Errors
    ///
    /// If the token file cannot be read.
    pub fn read(&self) -> Result<Option<Kept>, AskError> {
        let stored = self.0.file().read()?;
        Ok(stored.map(|stored| Kept {
            renewed_at: stored.granted_at,
            until: stored.expires_at.or(Some(stored.renew_at)),
            has_refresh_token: stored.refresh_token.is_some(),
            is_replaced: !self.0.grew_from_our_seed(&stored),
        }))
    }

    /// Forgets it; false when nothing was kept.
    ///
    /// # Errors
    ///
    /// If the token file cannot be removed.
    pub async fn forget(&self) -> Result<bool, AskError> {
        self.0.forget().await
    }
}
