//! Signing in, and staying so.
//!
//! A refresh token works once: Meetup answers with an access token and the successor of the refresh
//! token, and from then on only the successor counts. Whoever loses it must send a person through the
//! browser again. So renewing goes: take the lock file, so that one process renews at a time; read the
//! token file again, for another process may just have renewed, and then its access token is used;
//! otherwise make a new file with room for the answer, for a disk may be full; refresh; write the
//! answer to that file, fsync it, rename it over the old one, fsync the folder; only then use the access
//! token. Whoever takes the lock next finishes what a kill left undone there. A kill between Meetup's
//! rotation and our writing, or a power failure before our fsync, loses the sign-in, and nothing can be
//! done about that but saying so.
//!
//! The refresh token of the configuration is a seed. The file remembers, by a hash, which seed its
//! tokens grew from: as long as the configuration still holds that seed, the stored successor wins;
//! another seed means that somebody signed in anew, and starts over. A sign-in by `auth login` is kept
//! as if it had grown from the seed that is configured then, so it wins until that is changed.
//!
//! A refresh that timed out may have counted or not. The same token is tried once more: if it had
//! counted, Meetup says `invalid_grant`, and a person is needed.
//!
//! An assertion (JWT) needs none of this, but its access token is kept in the same file, so that a
//! command started from a shell does not sign in each time. A plain access token is used until refused.

use std::sync::Arc;

use super::errors::AskError;
use super::jwt::Signer;
use super::lifetime::Lifetime;
use super::oauth::{self, Client, Denied, Granted};
use super::pace;
use super::remedies;
use super::settings::Settings;
use super::tokens::{Renewing, Stored, TokenFile, fingerprint};
use super::transport::Transport;
use super::waiting::{RENEWAL, WaitingRoom};
use crate::config::SignIn;
use chrono::{TimeDelta, Utc};
use secrecy::{ExposeSecret, SecretString};

/// An access token in use.
#[derive(Debug)]
pub(crate) struct Access {
    pub(crate) token: SecretString,
    /// None: until Meetup refuses it.
    pub(crate) lifetime: Option<Lifetime>,
}

/// Makes the next access token.
#[derive(Debug)]
pub(crate) struct Renewal {
    settings: Arc<Settings>,
    room: Arc<WaitingRoom>,
    file: TokenFile,
    signer: Option<Signer>,
}

/// Sendings of one refresh token whose fate is unknown before giving up for now.
const UNSURE_SENDINGS: u32 = 2;
/// Bare refusals in a row that are believed.
const UNSAID_BELIEVED: u32 = 3;
/// A clock this far off explains a refused assertion.
const TELLING_SKEW: TimeDelta = TimeDelta::seconds(30);

impl Renewal {
    pub(crate) fn new(settings: &Arc<Settings>, room: &Arc<WaitingRoom>) -> Result<Self, AskError> {
        let at = settings.token_endpoint.as_str();
        let (account, signer) = match &settings.sign_in {
            SignIn::AccessToken(_) => (fingerprint(&[at]), None),
            SignIn::Refresh { client_id, .. } => (fingerprint(&[at, "refresh", client_id]), None),
            SignIn::Jwt {
                client_id,
                signing_key_id,
                member_id,
                private_key,
            } => (
                fingerprint(&[at, "jwt", client_id, signing_key_id, member_id]),
                Some(Signer::new(
                    client_id,
                    signing_key_id,
                    member_id,
                    private_key,
                )?),
            ),
        };
        Ok(Self {
            settings: Arc::clone(settings),
            room: Arc::clone(room),
            file: TokenFile::new(&settings.state_dir, account),
            signer,
        })
    }

    /// Where tokens are kept.
    pub(crate) fn file(&self) -> &TokenFile {
        &self.file
    }

    /// Says what a person must do now.
    pub(crate) fn needs_person(&self, cause: &str) -> AskError {
        AskError::NeedsSignIn {
            cause: format!("Meetup refused the sign-in ({cause})"),
            remedy: remedies::refused(&self.settings.sign_in, cause).to_owned(),
        }
    }

    /// The next access token, which is not `refused`: the file's, or a new one.
    pub(crate) async fn renew(
        &self,
        transport: &Transport,
        refused: Option<&Access>,
    ) -> Result<Arc<Access>, AskError> {
        if let SignIn::AccessToken(token) = &self.settings.sign_in {
            return Ok(Arc::new(Access {
                token: token.clone(),
                lifetime: None,
            }));
        }
        let held = self.lock().await?;
        let stored = self.file.read()?.filter(|it| self.grew_from_our_seed(it));
        if let Some(access) = stored.as_ref().and_then(|it| usable(it, refused)) {
            return Ok(Arc::new(access));
        }
        self.file.make_room(&held)?;
        let (granted, refresh_token) = match &self.settings.sign_in {
            SignIn::Refresh {
                refresh_token: seed,
                ..
            } => {
                let token = stored
                    .and_then(|it| it.refresh_token)
                    .or_else(|| seed.clone());
                let token = token.ok_or_else(|| AskError::NeedsSignIn {
                    cause: "nobody has signed in yet".to_owned(),
                    remedy: remedies::LOGIN.to_owned(),
                })?;
                let granted = self.refresh(transport, &token).await?;
                let next = granted.refresh_token.clone().unwrap_or(token);
                (granted, Some(next))
            }
            _ => (self.assert(transport).await?, None),
        };
        self.keep(&held, granted, refresh_token)
    }

    /// Trades the code of the authorise page for tokens, and keeps them.
    pub(crate) async fn redeem(
        &self,
        transport: &Transport,
        client: &Client<'_>,
        code: &SecretString,
        redirect_uri: &url::Url,
    ) -> Result<(), AskError> {
        let held = self.lock().await?;
        let endpoint = &self.settings.token_endpoint;
        let refused = |code: &str| remedies::code_refused(code, redirect_uri);
        let granted = self
            .persist(false, refused, || {
                oauth::redeem(transport, endpoint, client, code, redirect_uri)
            })
            .await;
        let granted = granted?;
        let Some(refresh_token) = granted.refresh_token.clone() else {
            return Err(AskError::NeedsSignIn {
                cause: "Meetup granted no refresh token".to_owned(),
                remedy: remedies::LOGIN.to_owned(),
            });
        };
        self.keep(&held, granted, Some(refresh_token)).map(drop)
    }

    /// Forgets what is kept; false when there was nothing.
    pub(crate) async fn forget(&self) -> Result<bool, AskError> {
        if self.file.read()?.is_none() {
            return Ok(false);
        }
        let held = self.lock().await?;
        Ok(self.file.remove(&held)?.is_some())
    }

    async fn lock(&self) -> Result<Renewing, AskError> {
        self.file.lock(self.settings.waits.lock, &self.room).await
    }

    /// Whether a stored sign-in belongs to the seed that the configuration holds now.
    pub(crate) fn grew_from_our_seed(&self, stored: &Stored) -> bool {
        self.seed()
            .is_none_or(|seed| stored.seed.as_ref() == Some(&seed))
    }

    fn seed(&self) -> Option<String> {
        let SignIn::Refresh { refresh_token, .. } = &self.settings.sign_in else {
            return None;
        };
        refresh_token
            .as_ref()
            .map(|it| fingerprint(&[it.expose_secret()]))
    }

    /// Writes what was granted, and only then judges it and hands it out.
    fn keep(
        &self,
        held: &Renewing,
        granted: Granted,
        refresh_token: Option<SecretString>,
    ) -> Result<Arc<Access>, AskError> {
        let margin = self.settings.waits.renew_ahead.min(granted.expires_in / 2);
        let lifetime = Lifetime::begin(Utc::now(), granted.expires_in - margin);
        let seed = match self.seed() {
            Some(seed) => Some(seed),
            None => self.file.read()?.and_then(|it| it.seed),
        };
        let expires_at = TimeDelta::from_std(granted.expires_in)
            .ok()
            .and_then(|life| lifetime.granted_at().checked_add_signed(life));
        self.file.write(
            held,
            &Stored {
                seed,
                refresh_token,
                access_token: granted.access_token.clone(),
                renew_at: lifetime.renew_at(),
                granted_at: Some(lifetime.granted_at()),
                expires_at,
            },
        )?;
        let Some(token) = granted.access_token else {
            return Err(AskError::Unavailable {
                operation: "token endpoint",
                cause: "it granted no access token; what else it gave is kept".to_owned(),
            });
        };
        if let Some(kind) = granted.strange_type {
            tracing::warn!(
                kind,
                "the access token is not a bearer's; it is shown as one all the same"
            );
        }
        tracing::trace!(until = %lifetime.renew_at(), "signed in");
        Ok(Arc::new(Access {
            token,
            lifetime: Some(lifetime),
        }))
    }

    async fn refresh(
        &self,
        transport: &Transport,
        token: &SecretString,
    ) -> Result<Granted, AskError> {
        let Some(client) = Client::of(&self.settings.sign_in) else {
            return Err(self.needs_person("no refresh token"));
        };
        let endpoint = &self.settings.token_endpoint;
        let refused = |code: &str| self.needs_person(code);
        self.persist(false, refused, || {
            oauth::refresh(transport, endpoint, &client, token)
        })
        .await
    }

    async fn assert(&self, transport: &Transport) -> Result<Granted, AskError> {
        let Some(signer) = &self.signer else {
            return Err(self.needs_person("no signing key"));
        };
        let endpoint = &self.settings.token_endpoint;
        let refused = |code: &str| self.needs_person(code);
        let believed_now = transport.server_now();
        let exchange = || async {
            let assertion = signer.assertion(transport.server_now());
            match assertion {
                Ok(assertion) => oauth::exchange(transport, endpoint, &assertion).await,
                Err(error) => Err(Denied::Rejected(error.to_string())),
            }
        };
        let skew_before = believed_now - Utc::now();
        let first = self.persist(true, refused, exchange).await;
        // The answer just told Meetup's time; if ours was far off, that was the reason.
        let learned = transport.server_now() - Utc::now() - skew_before;
        match first {
            Err(AskError::NeedsSignIn { .. }) if learned.abs() > TELLING_SKEW => {
                self.persist(true, refused, exchange).await
            }
            other => other,
        }
    }

    /// Repeats what may pass; `is_repeatable` when doing it twice does no harm. `refused` says what a
    /// refusal for good means.
    async fn persist<F: Future<Output = Result<Granted, Denied>>>(
        &self,
        is_repeatable: bool,
        refused: impl Fn(&str) -> AskError,
        call: impl Fn() -> F,
    ) -> Result<Granted, AskError> {
        let waits = &self.settings.waits;
        let (mut failures, mut unsure, mut unsaid) = (0, 0, 0);
        loop {
            let (cause, wait) = match call().await {
                Ok(granted) => return Ok(granted),
                Err(Denied::Rejected(code)) => return Err(refused(&code)),
                Err(Denied::Unsaid(code)) => {
                    unsaid += 1;
                    if unsaid >= UNSAID_BELIEVED {
                        return Err(refused(&code));
                    }
                    (code, None)
                }
                Err(Denied::Later {
                    cause,
                    wait,
                    may_have_counted,
                }) => {
                    unsure += u32::from(may_have_counted && !is_repeatable);
                    (cause, wait)
                }
            };
            failures += 1;
            if failures >= waits.attempts || unsure >= UNSURE_SENDINGS {
                return Err(AskError::Unavailable {
                    operation: "token endpoint",
                    cause,
                });
            }
            tracing::trace!(
                cause = cause.lines().next(),
                attempt = failures,
                "token endpoint: trying again"
            );
            let said = wait.unwrap_or_default().min(waits.longest_reset);
            let pause = pace::pause(waits, failures).max(said);
            self.room.wait(RENEWAL, pause, pause).await?;
        }
    }
}

impl Access {
    /// Not yet due.
    pub(crate) fn is_fresh(&self) -> bool {
        self.lifetime.is_none_or(|it| it.is_fresh(Utc::now()))
    }
}

/// A stored access token, unless it is due or the one that Meetup just refused.
fn usable(stored: &Stored, refused: Option<&Access>) -> Option<Access> {
    let token = stored.access_token.clone()?;
    let lifetime = Lifetime::read(stored.granted_at, stored.renew_at, Utc::now())?;
    let is_refused = refused.is_some_and(|old| old.token.expose_secret() == token.expose_secret());
    (!is_refused).then_some(Access {
        token,
        lifetime: Some(lifetime),
    })
}
