//! What was answered, as the configuration that it will be.

use crate::{
    community::MemberId,
    config::{Config, Need, Overrides, Problems, quoted},
};
use chrono::NaiveDate;
use chrono_tz::Tz;
use secrecy::{ExposeSecret, SecretString};
use std::{fmt::Write as _, path::Path};

/// A secret that was answered.
#[derive(Debug, Clone)]
pub(crate) enum Answer {
    /// To be kept in a file beside the configuration.
    Told(SecretString),
    /// It stands in the environment, and stays there.
    InEnvironment,
}

/// How to sign in.
#[derive(Debug, Clone)]
pub(crate) enum SignIn {
    /// A client with its key and secret, and a person who agrees once.
    Client(String, Answer),
    /// An access token, for a look.
    Token(Answer),
}

/// Where Monday's message goes.
#[derive(Debug, Clone)]
pub(crate) struct Chat {
    /// How commands call it.
    pub name: String,
    /// The word for its kind in the configuration.
    pub kind: &'static str,
    /// Keys that are no secret, such as the room, each with its value as TOML writes it.
    pub plain: Vec<(&'static str, String)>,
    /// Secret keys, each for a file of its own: the address first.
    pub secrets: Vec<(&'static str, SecretString)>,
}

/// A secret that is to be kept.
#[derive(Debug, Clone)]
pub(crate) struct Kept<'a> {
    /// The name of its file, beside the configuration.
    pub file: String,
    /// The variable of the environment that would stand for it.
    pub variable: String,
    /// The secret.
    pub secret: &'a SecretString,
}

/// Everything that was answered so far.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    /// When it was answered.
    pub day: NaiveDate,
    /// The mirror's file, as it is written.
    pub database: String,
    /// Where Meetup is, as far as the environment says so: keys and values.
    pub addresses: Vec<(&'static str, String)>,
    /// How to sign in.
    pub sign_in: SignIn,
    /// The network; none: not chosen yet.
    pub network: Option<String>,
    /// Whose Mondays.
    pub timezone: Tz,
    /// One event every so many months.
    pub every_months: u8,
    /// What the policy asks, where there is one.
    pub events_per_year: Option<u32>,
    /// The sponsor's own people, each with a name where one is known.
    pub staff: Vec<(MemberId, Option<String>)>,
    /// Where Monday's message goes, if anywhere yet.
    pub chat: Option<Chat>,
}

impl Draft {
    /// Takes what stands in the environment alone, to be kept: where Meetup is, and the secret of the sign-in, of which
    /// the variable is answered.
    pub(crate) fn take_from(
        &mut self,
        env: &dyn Fn(&str) -> Option<String>,
    ) -> Option<&'static str> {
        for (key, variable) in [
            ("endpoint", "GATHERD_MEETUP_ENDPOINT"),
            ("token_endpoint", "GATHERD_MEETUP_TOKEN_ENDPOINT"),
        ] {
            self.addresses
                .extend(env(variable).map(|value| (key, value)));
        }
        let (answer, variable) = match &mut self.sign_in {
            SignIn::Client(_, answer) => (answer, "GATHERD_MEETUP_CLIENT_SECRET"),
            SignIn::Token(answer) => (answer, "GATHERD_MEETUP_ACCESS_TOKEN"),
        };
        if matches!(answer, Answer::Told(_)) {
            return None;
        }
        *answer = Answer::Told(env(variable)?.trim().to_owned().into());
        Some(variable)
    }

    /// The secrets that are to be kept.
    pub(crate) fn kept(&self) -> Vec<Kept<'_>> {
        let own = match &self.sign_in {
            SignIn::Client(_, Answer::Told(secret)) => Some(("client_secret", secret)),
            SignIn::Token(Answer::Told(secret)) => Some(("access_token", secret)),
            _ => None,
        };
        let own = own.map(|(key, secret)| Kept {
            file: key.to_owned(),
            variable: format!("GATHERD_MEETUP_{}", key.to_uppercase()),
            secret,
        });
        let chat = self.chat.iter().flat_map(|chat| {
            chat.secrets.iter().map(|(key, secret)| {
                let file = format!("{}_{key}", chat.name);
                let variable = file.replace(['-', '.'], "_").to_uppercase();
                Kept {
                    file,
                    variable: format!("GATHERD_CHANNEL_{variable}"),
                    secret,
                }
            })
        });
        own.into_iter().chain(chat).collect()
    }

    /// As it counts before it is written: the environment counts as ever, and stands for the files
    /// that are to be.
    pub(crate) fn config(
        &self,
        path: &Path,
        overrides: &Overrides,
        env: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Config, Problems> {
        let kept = self.kept();
        let env = |name: &str| {
            let own = kept.iter().find(|it| it.variable == name);
            own.map_or_else(
                || env(name),
                |it| Some(it.secret.expose_secret().to_owned()),
            )
        };
        let need = match self.network {
            Some(_) => Need::Meetup,
            None => Need::SignIn,
        };
        Config::of(&self.toml(), path, overrides, &env, need)
    }

    /// The text of the configuration.
    pub(crate) fn toml(&self) -> String {
        let mut text = format!(
            "# Written by `gatherd init` on {}. `gatherd init --print` shows every key with its default and a\n\
             # remark, `gatherd config` what counts, and `gatherd doctor` checks it.\n\n\
             # The file that holds the mirror.\ndatabase = {}\n\n[meetup]\n",
            self.day,
            quoted(&self.database)
        );
        for (key, value) in &self.addresses {
            let _ = writeln!(text, "{key} = {}", quoted(value));
        }
        self.write_sign_in(&mut text);
        if let Some(network) = &self.network {
            let network = quoted(network);
            let _ = write!(
                text,
                "\n# The Pro network whose groups are mirrored. Repeat the section for several.\n\
                 [[network]]\nurlname = {network}\n"
            );
        }
        self.write_staff(&mut text);
        let _ = write!(
            text,
            "\n# How often groups agreed to meet: one event every so many months, 1 to 4. With `group`, for one group.\n\
             [[target]]\nevery_months = {}\n\n\
             # Events a year that the sponsor's policy asks of each group; not written: there is no policy.\n[policy]\n",
            self.every_months
        );
        let _ = match self.events_per_year {
            Some(events) => writeln!(text, "events_per_year = {events}"),
            None => writeln!(text, "# events_per_year = 4"),
        };
        let _ = write!(
            text,
            "\n# Passes every quarter of an hour, a full sweep on Sundays, the digest on Mondays at 8, in this zone.\n\
             [schedule]\ntimezone = {}\n",
            quoted(self.timezone.name())
        );
        self.write_chat(&mut text);
        text
    }

    fn write_sign_in(&self, text: &mut String) {
        let variable = "comes from the environment, and must stand there for whoever runs gatherd";
        let _ = match &self.sign_in {
            SignIn::Client(id, answer) => {
                let id = quoted(id);
                let _ = write!(
                    text,
                    "# The OAuth client, of https://www.meetup.com/api/oauth/list/. `gatherd auth login` signs in with it.\n\
                     client_id = {id}\n"
                );
                match answer {
                    Answer::Told(_) => writeln!(text, "client_secret_file = \"client_secret\""),
                    Answer::InEnvironment => {
                        writeln!(text, "# GATHERD_MEETUP_CLIENT_SECRET {variable}.")
                    }
                }
            }
            SignIn::Token(Answer::Told(_)) => write!(
                text,
                "# For a look: an access token ends within the hour. For good, write client_id and client_secret_file\n\
                 # instead, then run `gatherd auth login`.\naccess_token_file = \"access_token\"\n"
            ),
            SignIn::Token(Answer::InEnvironment) => {
                writeln!(text, "# GATHERD_MEETUP_ACCESS_TOKEN {variable}.")
            }
        };
    }

    fn write_staff(&self, text: &mut String) {
        text.push_str("\n# Your own people, by the number in their page's address.\n[staff]\n");
        if self.staff.is_empty() {
            text.push_str("member_ids = []\n");
            return;
        }
        text.push_str("member_ids = [\n");
        for (id, name) in &self.staff {
            let name = name
                .as_deref()
                .map(|name| format!("  # {}", crate::report::clean(name)))
                .unwrap_or_default();
            let _ = writeln!(text, "    {},{name}", quoted(id.as_str()));
        }
        text.push_str("]\n");
    }

    fn write_chat(&self, text: &mut String) {
        let Some(chat) = &self.chat else {
            text.push_str(
                "\n# Where Monday's message goes: `gatherd init --print` shows what to write, under [[channel]].\n",
            );
            return;
        };
        let _ = write!(
            text,
            "\n# Where Monday's message goes. More may be sent there: see `sends` in `gatherd init --print`.\n\
             [[channel]]\nname = {}\nkind = {}\n",
            quoted(&chat.name),
            quoted(chat.kind)
        );
        for (key, value) in &chat.plain {
            let _ = writeln!(text, "{key} = {value}");
        }
        for (key, _) in &chat.secrets {
            let file = format!("{}_{key}", chat.name);
            let _ = writeln!(text, "{key}_file = {}", quoted(&file));
        }
        text.push_str("sends = [\"digest\"]\n");
    }
}
