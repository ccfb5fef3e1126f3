//! Where Monday's message goes.

use super::beginning::{Beginning, secret_in};
use crate::{
    app::{Misused, digest, doctor, init::Chat, opening, snapshot::Snapshots},
    commands::print,
    config::{
        Kind, MailRoute, Needs, WORDS, is_address, is_mailbox, kind_at, list, needs, quoted, spoken,
    },
};
use anyhow::Result;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::{SubsecRound, Utc};
use rand::RngCore as _;
use secrecy::{ExposeSecret, SecretString};

/// What the channel is called where nobody says otherwise.
const NAME: &str = "team";

impl Beginning<'_> {
    /// Asks for it, and posts a test line where that is agreed.
    pub(super) async fn ask_channel(&mut self) -> Result<()> {
        let address = match &self.args.channel_url_file {
            Some(file) => {
                let address = secret_in(file)?;
                is_usable(address.expose_secret()).map_err(|cause| {
                    Misused(format!(
                        "the address in {} {cause}\nwrite the https address that the service gave you, or smtps://host for e-mail",
                        file.display()
                    ))
                })?;
                Some(address)
            }
            None if self.asker.asks() => self.paste().await?,
            None => None,
        };
        let Some(address) = address else {
            return Ok(());
        };
        let kind = self.kind(&address).await?;
        let name = match &self.args.channel_name {
            Some(name) => plain(name).map_err(Misused)?,
            None => {
                let question = "What is the channel to be called in commands?";
                self.asker.read(question, NAME, plain).await?
            }
        };
        self.draft.chat = Some(self.chat(name, kind, address).await?);
        self.place.check(&self.draft)?;
        let config = self.config()?;
        let channel = config.channels.first();
        if let Some(channel) = channel
            && self.asker.asks()
            && self
                .asker
                .agrees("Post a test line there now?", true)
                .await?
        {
            match doctor::posted(&config, channel).await {
                Ok(None) => eprintln!("  It arrived."),
                Ok(Some(lacks)) => eprintln!("  It arrived, {lacks}."),
                Err(why) => eprintln!(
                    "  It did not arrive: {why}\n  The channel is written all the same; `gatherd deliveries test {}` tries again.",
                    channel.name
                ),
            }
        }
        Ok(())
    }

    /// Monday's message as that channel shows it, as far as a terminal can: its own text, cut to its room. A webhook
    /// gets a document for programs, of which there is nothing to look at.
    pub(super) async fn preview(&mut self) -> Result<()> {
        let config = self.config()?;
        let Some(channel) = config.channels.first() else {
            return Ok(());
        };
        let question = "Show the text of Monday's message as it will look there?";
        if matches!(channel.kind, Kind::Webhook { .. })
            || !self.asker.asks()
            || !self.asker.agrees(question, true).await?
        {
            return Ok(());
        }
        let database = opening::existing(&config).await?;
        let (now, snapshots) = (Utc::now(), Snapshots::default());
        let reader = digest::Reader {
            channel: Some(channel.name.clone()),
            may_be_first: true,
            ..digest::Reader::default()
        };
        let as_of = now.trunc_subsecs(0);
        let composed = digest::composed(&config, &database, &snapshots, reader, as_of, now).await?;
        if let Some(text) = composed.shown(channel, now) {
            print(&format!("\n{text}\n\n"))?;
        }
        Ok(())
    }

    async fn paste(&mut self) -> Result<Option<SecretString>> {
        eprintln!();
        loop {
            let question = "Where should Monday's message go? Paste a webhook's address, smtps:// and your mail server for e-mail, or Enter for nowhere yet";
            let Some(typed) = self.asker.hidden(question).await? else {
                return Ok(None);
            };
            match is_usable(typed.expose_secret()) {
                Ok(()) => return Ok(Some(typed)),
                Err(cause) => eprintln!("  What was pasted {cause}."),
            }
        }
    }

    /// What is spoken at an address: as it tells itself, or else asked.
    async fn kind(&mut self, address: &SecretString) -> Result<&'static str> {
        let parsed = url::Url::parse(address.expose_secret()).ok();
        let known = parsed.as_ref().and_then(kind_at);
        match known {
            Some(kind) => {
                eprintln!("  That is {}.", spoken(kind));
                Ok(kind)
            }
            None if self.asker.is_there() => {
                let words = WORDS.join(", ");
                let question = format!("What is spoken there? One of {words}");
                let pick = |typed: &str| {
                    let word = WORDS.iter().find(|word| **word == typed);
                    word.copied().ok_or_else(|| format!("write one of {words}"))
                };
                self.asker.read(&question, "", pick).await
            }
            None => Err(Misused(
                "the address of the channel does not tell which service it is of\nrun `gatherd init` on a terminal, or write [[channel]] by hand once it is done".to_owned(),
            )
            .into()),
        }
    }

    /// With what only that kind needs.
    async fn chat(
        &mut self,
        name: String,
        kind: &'static str,
        address: SecretString,
    ) -> Result<Chat> {
        let mut chat = Chat {
            name,
            kind,
            plain: Vec::new(),
            secrets: vec![("url", address)],
        };
        match needs(kind) {
            Needs::Nothing => {}
            Needs::Key => {
                let mut key = [0; 32];
                rand::rng().fill_bytes(&mut key);
                let key = format!("whsec_{}", STANDARD.encode(key));
                eprintln!(
                    "  Each message is signed by a new key, in the file {}_secret: give it to whoever receives them.",
                    chat.name
                );
                chat.secrets.push(("secret", key.into()));
            }
            Needs::Room if self.asker.is_there() => {
                let room = |typed: &str| match typed.strip_prefix('!') {
                    Some(_) => Ok(typed.to_owned()),
                    None => Err("the room's own id begins with !".to_owned()),
                };
                let room = self.asker.read("The room's id (!...)", "", room).await?;
                chat.plain.push(("room", quoted(&room)));
                loop {
                    if let Some(token) = self
                        .asker
                        .hidden("The access token of the account that posts")
                        .await?
                    {
                        chat.secrets.push(("token", token));
                        break;
                    }
                }
            }
            Needs::Addresses if self.asker.is_there() => self.ask_addresses(&mut chat).await?,
            Needs::Addresses => {
                return Err(Misused(
                    "e-mail needs from and to, too, and mostly username and password\nrun `gatherd init` on a terminal, or write [[channel]] by hand once it is done".to_owned(),
                )
                .into());
            }
            Needs::Room => {
                return Err(Misused(
                    "a Matrix room needs its id and a token, too\nrun `gatherd init` on a terminal, or write [[channel]] by hand once it is done".to_owned(),
                )
                .into());
            }
        }
        Ok(chat)
    }

    /// Whom mail is from and to, and who signs in at the server.
    async fn ask_addresses(&mut self, chat: &mut Chat) -> Result<()> {
        let one = |typed: &str| match is_mailbox(typed) {
            Ok(()) => Ok(typed.to_owned()),
            Err(cause) => Err(format!("{typed} {cause}")),
        };
        let several = |typed: &str| {
            let all = typed.split(',').map(|typed| one(typed.trim()));
            all.collect::<Result<Vec<String>, String>>()
        };
        let from = self
            .asker
            .read("Which address is it from?", "", one)
            .await?;
        let question = "Which addresses is it to, with commas between?";
        let to = self.asker.read(question, "", several).await?;
        chat.plain.push(("from", quoted(&from)));
        chat.plain.push(("to", list(to.iter().map(String::as_str))));
        let (_, address) = &chat.secrets[0];
        if let Ok(MailRoute::Sendmail(_)) = MailRoute::at(address.expose_secret()) {
            return Ok(());
        }
        let question = "Who signs in at the mail server? Enter for nobody";
        let username = self.asker.line(question, "").await?;
        if username.is_empty() {
            return Ok(());
        }
        chat.plain.push(("username", quoted(&username)));
        loop {
            if let Some(password) = self.asker.hidden("The password there").await? {
                chat.secrets.push(("password", password));
                return Ok(());
            }
        }
    }
}

/// Whether a message could go to what was pasted; else why not, as the end of a sentence about it.
fn is_usable(typed: &str) -> Result<(), &'static str> {
    let parsed = url::Url::parse(typed).ok();
    let needed = parsed.as_ref().and_then(kind_at).map(needs);
    if needed == Some(Needs::Addresses) {
        return MailRoute::at(typed).map(drop);
    }
    if is_mailbox(typed).is_ok() {
        return Err(
            "is whom mail is to, which is asked next: paste the way there first, smtps://host or sendmail:",
        );
    }
    is_address(typed)
}

fn plain(name: &str) -> Result<String, String> {
    let is_plain = !name.is_empty()
        && name.len() <= 64
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    match is_plain {
        true => Ok(name.to_owned()),
        false => Err("write letters, digits, - and _ only, 64 at most".to_owned()),
    }
}
