//! How to sign in: by a client that a person makes at Meetup and agrees to once, or by an access token for a look.

use super::beginning::{Beginning, is_in_environment, secret_in};
use crate::{
    app::{
        exit,
        init::{Answer, SignIn},
        sign_in::{self, ByPerson},
    },
    cli,
    commands::auth,
};
use anyhow::Result;
use std::time::Duration;

const CLIENTS: &str = "https://www.meetup.com/api/oauth/list/";
/// For how long Meetup's answer is waited for, in seconds.
const PATIENCE: u64 = 900;

impl Beginning<'_> {
    /// Signs in; false where that needs a person and there is none.
    pub(super) async fn sign_in(&mut self) -> Result<bool> {
        self.draft.sign_in = self.ask_sign_in().await?;
        self.place.check(&self.draft)?;
        let is_token = matches!(self.draft.sign_in, SignIn::Token(_));
        if is_token || sign_in::is_kept(&self.config()?)? {
            return Ok(true);
        }
        if !self.asker.is_there() {
            return Ok(false);
        }
        let args = cli::Login {
            no_browser: false,
            timeout: PATIENCE,
        };
        loop {
            let config = self.config()?;
            let (by_person, why_deaf) = ByPerson::begin(&config, true).await?;
            if let Some(error) = why_deaf {
                eprintln!("{error:#}");
            }
            auth::invite(&by_person, &args);
            let finish = async |lines| {
                by_person
                    .finish(lines, Duration::from_secs(PATIENCE), auth::told)
                    .await
            };
            match self.asker.while_typing(finish).await {
                Ok(()) => break,
                Err(error) if exit::code(&error) == exit::Exit::SignIn => {
                    eprintln!("{error:#}");
                    if !self.asker.agrees("Try again?", true).await? {
                        return Err(error);
                    }
                    self.correct_client().await?;
                }
                Err(error) => return Err(error),
            }
        }
        eprintln!("Signed in.\n");
        Ok(true)
    }

    /// Finds the network; where a token that was pasted here is refused, by another.
    pub(super) async fn find_network_by_some_token(&mut self) -> Result<()> {
        loop {
            match self.find_network().await {
                Err(error) if self.may_paste_again(&error) => eprintln!("{error:#}\n"),
                ended => return ended,
            }
            self.draft.sign_in = self.ask_token().await?;
            self.place.check(&self.draft)?;
        }
    }

    /// Whether what went wrong is that a token was refused which somebody pasted here.
    fn may_paste_again(&self, error: &anyhow::Error) -> bool {
        let is_pasted = matches!(&self.draft.sign_in, SignIn::Token(Answer::Told(_)))
            && self.args.access_token_file.is_none();
        is_pasted && self.asker.is_there() && exit::code(error) == exit::Exit::SignIn
    }

    /// Asks once more for what may have been mistyped.
    async fn correct_client(&mut self) -> Result<()> {
        if let SignIn::Client(id, secret) = self.draft.sign_in.clone()
            && self.args.client_id.is_none()
        {
            let id = self.asker.line("The client's key", &id).await?;
            let question = "The client's secret, Enter: as before";
            let secret = match self.asker.hidden(question).await? {
                Some(other) => Answer::Told(other),
                None => secret,
            };
            self.draft.sign_in = SignIn::Client(id, secret);
            self.place.check(&self.draft)?;
        }
        Ok(())
    }

    async fn ask_sign_in(&mut self) -> Result<SignIn> {
        let args = self.args;
        if let Some(file) = &args.access_token_file {
            return Ok(SignIn::Token(Answer::Told(secret_in(file)?)));
        }
        if let Some(id) = &args.client_id {
            let id = id.clone();
            return self.with_secret(id).await;
        }
        if is_in_environment("GATHERD_MEETUP_ACCESS_TOKEN") {
            eprintln!("Signing in by GATHERD_MEETUP_ACCESS_TOKEN of the environment.\n");
            return Ok(SignIn::Token(Answer::InEnvironment));
        }
        let redirect = crate::config::Config::with_defaults("gatherd.db".as_ref())
            .meetup
            .redirect_uri;
        eprintln!(
            "\nMeetup lets a program in through an OAuth client, which the owner of the network makes once, at\n\n  {CLIENTS}\n\n\
             \x20 name           gatherd, or any other\n\
             \x20 website        any address of yours\n\
             \x20 redirect URI   {redirect}\n"
        );
        auth::open(CLIENTS);
        let question = "The client's key (Enter: look first, by an access token)";
        let id = self.asker.line(question, "").await?;
        if !id.is_empty() {
            return self.with_secret(id).await;
        }
        self.ask_token().await
    }

    async fn ask_token(&mut self) -> Result<SignIn> {
        loop {
            if let Some(token) = self.asker.hidden("Access token").await? {
                return Ok(SignIn::Token(Answer::Told(token)));
            }
            eprintln!("  paste the token, or end with Ctrl-C");
        }
    }

    async fn with_secret(&mut self, id: String) -> Result<SignIn> {
        let secret = match &self.args.client_secret_file {
            Some(file) => Answer::Told(secret_in(file)?),
            None if is_in_environment("GATHERD_MEETUP_CLIENT_SECRET") => Answer::InEnvironment,
            None => loop {
                if let Some(secret) = self.asker.hidden("The client's secret").await? {
                    break Answer::Told(secret);
                }
                eprintln!("  paste the secret, or end with Ctrl-C");
            },
        };
        Ok(SignIn::Client(id, secret))
    }
}
