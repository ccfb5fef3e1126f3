//! How the sign-in stands: what the account can see, and what is kept of it on this machine.

use super::sight::Sight;
use crate::{
    app::opening,
    config::{Config, SignIn},
    meetup::{Kept, TokenStore},
};
use anyhow::Result;
use std::path::PathBuf;

/// How it stands.
pub(crate) struct Standing {
    /// What the account sees, or why that could not be asked.
    pub(crate) sight: Result<Sight>,
    /// The tokens that are kept, if any.
    pub(crate) kept: Option<Kept>,
    /// Where tokens are kept.
    pub(crate) kept_in: PathBuf,
}

impl Standing {
    /// Asks Meetup, then looks at the tokens: asking may renew them.
    pub(crate) async fn look(config: &Config) -> Result<Self> {
        let store = TokenStore::new(opening::settings(config)?)?;
        let sight = Sight::look(config).await;
        Ok(Self {
            sight,
            kept: store.read()?,
            kept_in: store.path(),
        })
    }
}

/// Whether a person signed in before, so that none is needed: what is kept renews itself.
pub(crate) fn is_kept(config: &Config) -> Result<bool> {
    let is_given = match &config.meetup.sign_in {
        Some(SignIn::Refresh { refresh_token, .. }) => refresh_token.is_some(),
        Some(SignIn::Jwt { .. }) => true,
        _ => false,
    };
    let kept = TokenStore::new(opening::settings(config)?)?.read()?;
    Ok(is_given || kept.is_some_and(|it| it.has_refresh_token))
}

/// What was forgotten.
pub(crate) struct Forgotten {
    /// Whether any tokens were kept.
    pub(crate) was_kept: bool,
    /// Where tokens are kept.
    pub(crate) kept_in: PathBuf,
}

/// Forgets the tokens that are kept on this machine.
pub(crate) async fn forget(config: &Config) -> Result<Forgotten> {
    let store = TokenStore::new(opening::settings(config)?)?;
    Ok(Forgotten {
        was_kept: store.forget().await?,
        kept_in: store.path(),
    })
}
