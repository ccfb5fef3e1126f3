//! What can be done about a group: on a page, or by a link in a message.
//!
//! A link is good for one act about one group, in the name of the channel whose message carries it, for 30 days. It
//! carries all of that, signed ([`super::keys`]); nothing of it is kept, so there is nothing to look up and nothing to
//! leak. Whoever has the message may follow it: it needs no sign-in, and leads to a page that asks once more, so that a
//! preview or a scanner that opens it does nothing.

use super::{
    Misused,
    database::Database,
    keys::{Keys, Purpose},
    meant, memory,
};
use crate::{
    community::{GroupId, MemoryId, Muted},
    config::Config,
    report::message::{Line, Message},
};
use anyhow::Result;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use url::Url;

/// How long a link is good.
const GOOD: TimeDelta = TimeDelta::days(30);
/// Between the parts of a link.
const BETWEEN: char = '\n';

/// What can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    /// Somebody was asked.
    Asked,
    /// It is to be left alone until a day.
    NotNow,
    /// Something is worth keeping.
    Note,
    /// Somebody looks after it.
    Own,
    /// It agreed how often it meets.
    Agree,
}

impl Act {
    const ALL: [Self; 5] = [
        Self::Asked,
        Self::NotNow,
        Self::Note,
        Self::Own,
        Self::Agree,
    ];
    /// Those that a message offers, as it calls them.
    const OFFERED: [(Self, &str); 3] = [
        (Self::Asked, "asked"),
        (Self::NotNow, "not now"),
        (Self::Note, "note"),
    ];

    /// Its word in an address.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::NotNow => "not-now",
            Self::Note => "note",
            Self::Own => "owner",
            Self::Agree => "target",
        }
    }

    /// The act of a word.
    pub(crate) fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.word() == word)
    }
}

/// What was written into a form; what is not of its act is empty.
#[derive(Debug, Default, Clone)]
pub(crate) struct Said {
    /// Who was asked.
    pub whom: String,
    /// When to look again, or until when to leave it alone.
    pub day: String,
    /// The note.
    pub text: String,
    /// Who looks after it.
    pub name: String,
    /// How often it meets.
    pub every_months: String,
}

/// Does it, in the name of `author`: what was kept, by which it can be taken back; none: something was taken back.
///
/// # Errors
/// [`Misused`] where it cannot be meant, with what to write instead.
pub(crate) async fn keep(
    config: &Config,
    database: &Database,
    act: Act,
    group: &GroupId,
    said: &Said,
    author: memory::Author,
) -> Result<Option<MemoryId>> {
    let group = meant::with_id(database, group.as_str()).await?;
    let today = memory::today(config);
    let day = |what: &str, earliest: NaiveDate| {
        let date: NaiveDate = said
            .day
            .trim()
            .parse()
            .map_err(|_| Misused(format!("{what} is no date\nwrite one such as 2030-01-31")))?;
        memory::to_come(what, Some(date), today, earliest)
    };
    let kept = match act {
        Act::Asked => {
            let whom = match said.whom.trim() {
                "" => None,
                whom => Some(memory::text("who was asked", whom, memory::LONGEST_NAME)?),
            };
            let again_on = match said.day.trim() {
                "" => None,
                _ => Some(day("when to look again", today)?),
            };
            let now = (today, Utc::now());
            let asking = memory::asked(database, &group, whom, again_on, author, now);
            MemoryId::Note(asking.await?.0)
        }
        Act::NotNow => {
            let tomorrow = today.checked_add_days(Days::new(1)).unwrap_or(today);
            let until = day("until when", tomorrow)?;
            let muting = memory::mute(database, &group, Muted::Calls, Some(until), author);
            MemoryId::Mute(muting.await?)
        }
        Act::Note => {
            let text = memory::text("the note", &said.text, memory::LONGEST_NOTE)?;
            MemoryId::Note(memory::note(database, &group, text, author).await?)
        }
        Act::Own => match said.name.trim() {
            "" => {
                memory::disown(database, &group).await?;
                return Ok(None);
            }
            name => {
                let name = memory::text("the name", name, memory::LONGEST_NAME)?;
                memory::own(database, &group, name, author).await?;
                MemoryId::Owner(group.key.0)
            }
        },
        Act::Agree => match said.every_months.as_str() {
            "" => {
                memory::disagree(database, &group).await?;
                return Ok(None);
            }
            months => {
                let months = months.parse().ok().filter(|it| (1..=4).contains(it));
                let Some(months) = months else {
                    let cause = "how often is no number from 1 to 4\nchoose one of them";
                    return Err(Misused(cause.to_owned()).into());
                };
                memory::agree(database, &group, months, author).await?;
                MemoryId::Target(group.key.0)
            }
        },
    };
    Ok(Some(kept))
}

/// What is kept of a group and how to take it back; an instant tells it from what has its number later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kept {
    /// Its id.
    pub id: MemoryId,
    /// When it was kept.
    pub at: DateTime<Utc>,
}

impl Kept {
    /// As a form sends it.
    pub(crate) fn written(self) -> String {
        format!("{}@{}", self.id, self.at.timestamp())
    }

    /// What a form sent.
    pub(crate) fn read(written: &str) -> Option<Self> {
        let (id, at) = written.split_once('@')?;
        Some(Self {
            id: MemoryId::parse(id)?,
            at: DateTime::from_timestamp(at.parse().ok()?, 0)?,
        })
    }
}

/// What has this id of a group's memory now.
pub(crate) async fn kept_as(
    database: &Database,
    group: &GroupId,
    id: MemoryId,
) -> Result<Option<Kept>> {
    let group = meant::with_id(database, group.as_str()).await?;
    let contacts = memory::kept(database, Some(&group)).await?;
    let at = contacts.first().and_then(|it| it.kept_at(id));
    Ok(at.map(|at| Kept { id, at }))
}

/// Takes back what is kept of a group.
///
/// # Errors
/// [`Misused`] where it is not kept of this group, or not any more.
pub(crate) async fn take_back(database: &Database, group: &GroupId, kept: Kept) -> Result<()> {
    let group = meant::with_id(database, group.as_str()).await?;
    match memory::take_back_of(database, &group, kept.id, kept.at).await? {
        true => Ok(()),
        false => {
            let cause = "it is not kept any more\nlook at the group's page for what is";
            Err(Misused(cause.to_owned()).into())
        }
    }
}

/// What a link is good for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Link {
    /// For this act alone.
    pub act: Act,
    /// About this group alone.
    pub group: GroupId,
    /// In the name of this channel.
    pub channel: String,
    until: DateTime<Utc>,
}

/// Why a link is good for nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoLink {
    /// None of ours, or not whole.
    Foreign,
    /// Its days are over.
    Over,
}

impl Link {
    fn parts(&self) -> String {
        let until = self.until.timestamp().to_string();
        let parts = [
            self.act.word(),
            self.group.as_str(),
            self.channel.as_str(),
            &until,
        ];
        parts.join(&BETWEEN.to_string())
    }

    /// As it stands in an address.
    fn written(&self, keys: &Keys) -> String {
        let parts = self.parts();
        let signed = keys.sign(Purpose::Act, &[&parts]);
        format!("{}.{signed}", URL_SAFE_NO_PAD.encode(parts))
    }

    /// What stands in an address, if it is one of ours and still good.
    pub(crate) fn read(keys: &Keys, written: &str, now: DateTime<Utc>) -> Result<Self, NoLink> {
        let (parts, signed) = written.split_once('.').ok_or(NoLink::Foreign)?;
        let parts = URL_SAFE_NO_PAD.decode(parts).map_err(|_| NoLink::Foreign)?;
        let parts = String::from_utf8(parts).map_err(|_| NoLink::Foreign)?;
        if !keys.is_signed(Purpose::Act, &[&parts], signed) {
            return Err(NoLink::Foreign);
        }
        let [act, group, channel, until] = parts
            .split(BETWEEN)
            .collect::<Vec<_>>()
            .try_into()
            .map_err(|_| NoLink::Foreign)?;
        let until = until
            .parse()
            .ok()
            .and_then(|at| DateTime::from_timestamp(at, 0));
        let link = Self {
            act: Act::parse(act).ok_or(NoLink::Foreign)?,
            group: group.into(),
            channel: channel.to_owned(),
            until: until.ok_or(NoLink::Foreign)?,
        };
        if link.until <= now {
            return Err(NoLink::Over);
        }
        Ok(link)
    }
}

/// Who writes links into messages: where the pages have a public address.
pub(crate) struct Links {
    keys: Keys,
    public_url: Url,
}

impl Links {
    /// None: whoever reads a message in chat could not open them.
    pub(crate) fn open(config: &Config) -> Result<Option<Self>> {
        let http = &config.http;
        let Some(public_url) = http.public_url.clone().filter(|_| http.listen.is_some()) else {
            return Ok(None);
        };
        let keys = Keys::open(&config.meetup.state_dir)?;
        Ok(Some(Self { keys, public_url }))
    }

    /// Writes what can be done at once under each group of a channel's message.
    pub(crate) fn write(&self, message: &mut Message, channel: &str, now: DateTime<Utc>) {
        for section in &mut message.sections {
            for entry in &mut section.entries {
                let Some(group) = &entry.about else { continue };
                let mut line = Line::default();
                for (nth, (act, name)) in Act::OFFERED.into_iter().enumerate() {
                    let link = Link {
                        act,
                        group: group.as_str().into(),
                        channel: channel.to_owned(),
                        until: now + GOOD,
                    };
                    let to = format!("{}act/{}", self.public_url, link.written(&self.keys));
                    if nth > 0 {
                        line = line.text(" · ");
                    }
                    line = line.link(name, to);
                }
                entry.acts = Some(line);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link() -> Link {
        Link {
            act: Act::Asked,
            group: "7".into(),
            channel: "ops".to_owned(),
            until: DateTime::from_timestamp(1_800_000_000, 0).unwrap(),
        }
    }

    fn keys() -> (tempfile::TempDir, Keys) {
        let dir = tempfile::tempdir().unwrap();
        let keys = Keys::open(dir.path()).unwrap();
        (dir, keys)
    }

    #[test]
    fn a_link_is_good_until_its_last_second_and_says_later_that_it_is_over() {
        let (dir, keys) = keys();
        let written = link().written(&keys);
        let at = |seconds: i64| DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap();
        assert_eq!(Link::read(&keys, &written, at(-1)), Ok(link()));
        assert_eq!(Link::read(&keys, &written, at(0)), Err(NoLink::Over));
        // The key outlives the process.
        let again = Keys::open(dir.path()).unwrap();
        assert_eq!(Link::read(&again, &written, at(-1)), Ok(link()));
    }

    #[test]
    fn nobody_makes_one_link_out_of_another() {
        let (_dir, ours) = keys();
        let (_other, theirs) = keys();
        let now = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        let written = link().written(&ours);
        assert_eq!(Link::read(&theirs, &written, now), Err(NoLink::Foreign));
        let (parts, signed) = written.split_once('.').unwrap();
        let parts = String::from_utf8(URL_SAFE_NO_PAD.decode(parts).unwrap()).unwrap();
        for other in [
            parts.replace("asked", "note"),
            parts.replace("\n7\n", "\n8\n"),
            parts.replace("ops", "board"),
            parts.replace("1800000000", "1900000000"),
        ] {
            assert_ne!(other, parts);
            let forged = format!("{}.{signed}", URL_SAFE_NO_PAD.encode(other));
            assert_eq!(Link::read(&ours, &forged, now), Err(NoLink::Foreign));
        }
        for nothing in ["", ".", "a", "a.b", "é.é"] {
            assert_eq!(Link::read(&ours, nothing, now), Err(NoLink::Foreign));
        }
    }
}
