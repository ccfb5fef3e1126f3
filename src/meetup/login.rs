//! A person signs in: the address where they agree, what comes back from there, and the tokens for it.

use std::sync::Arc;

use oauth2::CsrfToken;
use secrecy::SecretString;
use url::Url;

use super::errors::AskError;
use super::oauth::{self, Client};
use super::remedies;
use super::renewal::Renewal;
use super::settings::Settings;
use super::token_reply;
use super::transport::{self, Transport};
use super::waiting::WaitingRoom;

/// A sign-in that waits for a person.
#[derive(Debug)]
pub struct Login {
    settings: Arc<Settings>,
    transport: Transport,
    renewal: Renewal,
    address: Url,
    redirect_uri: Url,
    state: CsrfToken,
}

/// What a person brought back from the authorise page.
#[derive(Debug, Clone)]
pub struct Code(SecretString);

/// What comes in while a sign-in waits for its answer.
#[derive(Debug)]
pub enum Heard {
    /// The answer: a code, or why there is none.
    Answer(Result<Code, AskError>),
    /// An answer to another sign-in, or one that somebody made up: its `state` is wrong or missing.
    Foreign,
    /// No answer of the authorise page at all.
    Nothing,
}

/// How much of a pasted line is read: codes are far shorter.
const LONGEST: usize = 4096;

impl Login {
    /// Makes the address, with a `state` of its own. Only for a client with a secret.
    ///
    /// # Errors
    ///
    /// If the settings cannot work.
    pub fn begin(
        settings: Settings,
        authorize_endpoint: &Url,
        redirect_uri: &Url,
    ) -> Result<Self, AskError> {
        transport::check_scheme("meetup.token_endpoint", &settings.token_endpoint)?;
        transport::check_scheme("meetup.authorize_endpoint", authorize_endpoint)?;
        let Some(client) = Client::of(&settings.sign_in) else {
            return Err(AskError::Settings(
                "meetup: the configured sign-in needs no login by a person\nto sign in through the browser, configure client_id and client_secret and neither access_token nor [meetup.jwt]".to_owned(),
            ));
        };
        let state = CsrfToken::new_random_len(32);
        let address = oauth::address(&client, authorize_endpoint, redirect_uri, &state);
        let settings = Arc::new(settings);
        let renewal = Renewal::new(&settings, &Arc::<WaitingRoom>::default())?;
        // Nobody is sent to the page for tokens that could not be kept.
        renewal.file().read()?;
        Ok(Self {
            transport: Transport::new(&settings)?,
            renewal,
            settings,
            address,
            redirect_uri: redirect_uri.clone(),
            state,
        })
    }

    /// Where the person agrees.
    pub fn address(&self) -> &Url {
        &self.address
    }

    /// Reads what the browser was sent back with.
    pub fn answered(&self, query: &str) -> Heard {
        let field = |wanted: &str| {
            url::form_urlencoded::parse(query.as_bytes())
                .find(|(name, _)| name == wanted)
                .map(|(_, value)| value.into_owned())
        };
        let (code, error) = (field("code"), field("error"));
        if code.is_none() && error.is_none() {
            return Heard::Nothing;
        }
        if field("state").as_ref() != Some(self.state.secret()) {
            return Heard::Foreign;
        }
        Heard::Answer(match (error, code) {
            (Some(error), _) if error == "access_denied" => Err(refused(
                "consent was denied on Meetup's page",
                "run `gatherd auth login` again and agree, signed in to Meetup as the network's owner",
            )),
            (Some(error), _) => Err(refused(
                &format!(
                    "Meetup's page answered with an error ({})",
                    token_reply::plain(&error)
                ),
                &format!(
                    "check client_id and redirect_uri against https://www.meetup.com/api/oauth/list/, and run `gatherd auth login` again; {}",
                    remedies::redirect(&self.redirect_uri)
                ),
            )),
            (None, code) => Ok(Code(code.unwrap_or_default().into())),
        })
    }

    /// Reads a pasted line: the whole address that the browser was sent to, or the code alone.
    pub fn pasted(&self, line: &str) -> Heard {
        let line = line.trim();
        if line.is_empty() || line.len() > LONGEST {
            return Heard::Nothing;
        }
        let query = line
            .split_once('?')
            .map(|(_, query)| query.split('#').next().unwrap_or_default());
        match query {
            Some(query) => self.answered(query),
            None if line.contains('=') => self.answered(line),
            None => Heard::Answer(Ok(Code(line.to_owned().into()))),
        }
    }

    /// The person did not come back in time.
    pub fn nobody_came(&self) -> AskError {
        refused(
            "nobody agreed on Meetup's page in time",
            &format!(
                "run `gatherd auth login` again; if Meetup's page showed an error, check that client_id is right; {}",
                remedies::redirect(&self.redirect_uri)
            ),
        )
    }

    /// Trades the code for tokens; they are on disk when this returns.
    ///
    /// # Errors
    ///
    /// If the code is refused, Meetup does not answer, or the tokens cannot be written to disk.
    pub async fn finish(&self, code: &Code) -> Result<(), AskError> {
        let Some(client) = Client::of(&self.settings.sign_in) else {
            return Err(self.renewal.needs_person("no client"));
        };
        self.renewal
            .redeem(&self.transport, &client, &code.0, &self.redirect_uri)
            .await
    }
}

fn refused(cause: &str, remedy: &str) -> AskError {
    AskError::NeedsSignIn {
        cause: cause.to_owned(),
        remedy: remedy.to_owned(),
    }
}
