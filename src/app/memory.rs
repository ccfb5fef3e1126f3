//! The memory of contact: what is kept of it, and taken back.

use super::{Misused, database::Database};
use crate::{
    community::{Asked, Contact, MemoryId, Muted},
    config::Config,
    mirror::{self, KnownGroup},
    report::clean,
};
use anyhow::Result;
use chrono::{DateTime, Months, NaiveDate, Utc};

/// As much text as is kept.
pub(crate) const LONGEST_NOTE: usize = 2000;
/// A day later than so many years is a slip of the finger.
const FARTHEST: Months = Months::new(5 * 12);
/// As much as a name may take.
pub(crate) const LONGEST_NAME: usize = 200;

/// Today by the schedule's zone.
pub(crate) fn today(config: &Config) -> NaiveDate {
    Utc::now()
        .with_timezone(&config.schedule.timezone)
        .date_naive()
}

/// Text as it is kept: one line, without control characters, neither empty nor endless.
pub(crate) fn text(what: &str, text: &str, longest: usize) -> Result<String> {
    let text = clean(text);
    let length = text.chars().count();
    if text.is_empty() {
        return Err(Misused(format!("{what} is empty\nwrite some words")).into());
    }
    if length > longest {
        let cause = format!("{what} has {length} characters, {longest} at most\nwrite less");
        return Err(Misused(cause).into());
    }
    Ok(text)
}

/// A day to come, the earliest allowed given; none: one beyond all calendars. `what` is how it was asked for.
pub(crate) fn to_come(
    what: &str,
    date: Option<NaiveDate>,
    today: NaiveDate,
    earliest: NaiveDate,
) -> Result<NaiveDate> {
    let farthest = today.checked_add_months(FARTHEST).unwrap_or(NaiveDate::MAX);
    let refused = |cause: String| Misused(format!("{what}: {cause}"));
    let Some(date) = date.filter(|date| *date <= farthest) else {
        let cause = "that day is more than five years away\nwrite a nearer one";
        return Err(refused(cause.to_owned()).into());
    };
    if date < today {
        let cause = format!("{date} is past; today is {today}\nwrite a day to come, such as +2w");
        return Err(refused(cause).into());
    }
    if date < earliest {
        let cause = format!("{date} is today\nwrite a day from {earliest} on");
        return Err(refused(cause).into());
    }
    Ok(date)
}

/// Who keeps something; none: whoever has the command line.
pub(crate) type Author = Option<String>;

/// Keeps a note about a group: its number.
pub(crate) async fn note(
    database: &Database,
    group: &KnownGroup,
    text: String,
    author: Author,
) -> Result<i64> {
    let key = group.key;
    let noting = database.write(move |w| w.note(key, &text, author.as_deref()));
    Ok(noting.await?)
}

/// Keeps that somebody of a group was asked, and when to look again: its number, and that day. Where no day
/// is given, the digest waits so long for an answer.
pub(crate) async fn asked(
    database: &Database,
    group: &KnownGroup,
    whom: Option<String>,
    again_on: Option<NaiveDate>,
    author: Author,
    (today, now): (NaiveDate, DateTime<Utc>),
) -> Result<(i64, NaiveDate)> {
    let key = group.key;
    let id = database
        .with(move |mirror| {
            let (whom, author) = (whom.as_deref(), author.as_deref());
            mirror.write(now, |w| w.asked(key, whom, again_on, author))
        })
        .await?;
    Ok((id, again_on.unwrap_or_else(|| today + Asked::PATIENCE)))
}

/// Mutes some of a group until a day, or until that is taken back: its number.
pub(crate) async fn mute(
    database: &Database,
    group: &KnownGroup,
    what: Muted,
    until_on: Option<NaiveDate>,
    author: Author,
) -> Result<i64> {
    if what == Muted::Calls && until_on.is_none() {
        let what = "a group is left alone until a day\nsay which with --until";
        return Err(Misused(what.to_owned()).into());
    }
    let key = group.key;
    let muting = database.write(move |w| w.mute(key, &what, until_on, author.as_deref()));
    Ok(muting.await?)
}

/// Takes back what mutes just this of a group: how many mutes.
pub(crate) async fn unmute(database: &Database, group: &KnownGroup, what: Muted) -> Result<usize> {
    let key = group.key;
    Ok(database.write(move |w| w.unmute(key, &what)).await?)
}

/// Keeps how often a group agreed to meet: how often it had agreed to before.
pub(crate) async fn agree(
    database: &Database,
    group: &KnownGroup,
    every_months: u8,
    author: Author,
) -> Result<Option<u8>> {
    let key = group.key;
    let agreeing = database.write(move |w| w.agree_target(key, every_months, author.as_deref()));
    Ok(agreeing.await?)
}

/// Takes back what a group agreed to, so that what is configured counts again: whether there was any.
pub(crate) async fn disagree(database: &Database, group: &KnownGroup) -> Result<bool> {
    take_back(database, MemoryId::Target(group.key.0)).await
}

/// Keeps who looks after a group: who did before.
pub(crate) async fn own(
    database: &Database,
    group: &KnownGroup,
    name: String,
    author: Author,
) -> Result<Option<String>> {
    let key = group.key;
    let owning = database.write(move |w| w.own(key, &name, author.as_deref()));
    Ok(owning.await?)
}

/// Takes back who looks after a group: whether anybody did.
pub(crate) async fn disown(database: &Database, group: &KnownGroup) -> Result<bool> {
    take_back(database, MemoryId::Owner(group.key.0)).await
}

/// What is remembered of one group or all.
pub(crate) async fn kept(database: &Database, of: Option<&KnownGroup>) -> Result<Vec<Contact>> {
    let mut contacts = database.read(mirror::contacts).await?;
    contacts.retain(|contact| of.is_none_or(|group| contact.group == group.id));
    Ok(contacts)
}

/// Takes back one thing that is remembered: whether it was.
pub(crate) async fn take_back(database: &Database, id: MemoryId) -> Result<bool> {
    Ok(database.write(move |w| w.forget_memory(id)).await?)
}

/// The same of this group alone, where it still is what was kept at that instant: whether it was.
pub(crate) async fn take_back_of(
    database: &Database,
    group: &KnownGroup,
    id: MemoryId,
    kept_at: DateTime<Utc>,
) -> Result<bool> {
    let key = group.key;
    let taking = database.write(move |w| w.forget_memory_of(key, id, kept_at));
    Ok(taking.await?)
}

/// How a group is called in an answer.
pub(crate) fn named(group: &KnownGroup) -> String {
    let urlname = clean(&group.urlname);
    if group.gone_at.is_some() {
        format!("{urlname}, which is not sponsored any more")
    } else {
        urlname
    }
}
