//! `gatherd forget`: a person is erased.

use super::{Exit, init::member_id, print};
use crate::{
    app::{
        Misused, opening,
        privacy::{self, Bytes},
    },
    cli::{Forget, Global},
    community::MemberId,
    config::Need,
    mirror::Erasure,
    off_thread::off_thread,
    report::{clean, many},
};
use anyhow::{Context, Result};
use std::{fmt::Write, io::Read};

const NO_UNDO: &str = "there is no undo: what was erased is nowhere any more, so that nothing could bring it back\n\
     somebody who is to be known again can only be so in a new database, filled without the file of the forgotten";
const OUT_OF_REACH: &str = "Out of reach of gatherd: files exported, printed or backed up before, and every other copy of the \
     database; messages sent; logs; what titles of events and descriptions of groups say; and Meetup itself.\n";

pub(super) async fn run(global: &Global, args: &Forget) -> Result<Exit> {
    if args.undo {
        return Err(Misused(NO_UNDO.to_owned()).into());
    }
    let config = super::config(global, Need::Database)?;
    let written = match &args.member {
        Some(member) => member.clone(),
        None => off_thread(typed)
            .await
            .context("standard input cannot be read")?,
    };
    let ids = ids(&written)?;
    let database = opening::existing(&config).await?;
    let configured = privacy::configured(&config, &ids);
    let (erasure, bytes) = privacy::forget(&config, &database, ids).await?;
    let mut text = said(&erasure, bytes);
    for place in configured {
        let _ = writeln!(
            text,
            "The configuration names one of them in {place}: take the number out of it, which no command does."
        );
    }
    text.push_str(OUT_OF_REACH);
    print(&text)?;
    Ok(Exit::Done)
}

fn typed() -> std::io::Result<String> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    Ok(text)
}

/// One a line; what is empty or a remark is passed over. All are good, or nothing is done.
fn ids(written: &str) -> Result<Vec<MemberId>> {
    let mut ids = Vec::new();
    for line in written.lines().map(str::trim) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let id = member_id(line)
            .ok()
            .filter(|id| is_number(id.as_str()))
            .ok_or_else(|| {
                Misused(format!(
                    "\"{}\" is no member's number, which ends the address of their page\nnobody was forgotten",
                    clean(line)
                ))
            })?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    if ids.is_empty() {
        let what =
            "nobody is named\nwrite the member's number, which ends the address of their page";
        return Err(Misused(what.to_owned()).into());
    }
    Ok(ids)
}

/// Ids are numbers. Whatever else was taken for one, a name even, would be taken out of notes about others.
fn is_number(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|it| it.is_ascii_digit())
}

fn counted(n: usize, one: &str, more: &str) -> String {
    many(n as u64, one, more)
}

fn said(erasure: &Erasure, bytes: Bytes) -> String {
    let mut text = String::new();
    let mut line = |n: usize, of: String| {
        if n > 0 {
            let _ = writeln!(text, "{of}");
        }
    };
    let people = |n| counted(n, "person", "people");
    line(
        erasure.people,
        format!(
            "Forgotten: {}. What they answered and hosted counts on as somebody's, without number or name.",
            people(erasure.people)
        ),
    );
    line(
        erasure.unknown,
        format!(
            "Never seen here: {}. Should Meetup show them, nothing of them is kept.",
            people(erasure.unknown)
        ),
    );
    line(
        erasure.already,
        format!("Forgotten before: {}.", people(erasure.already)),
    );
    let parts: Vec<String> = [
        (erasure.texts, "note or name", "notes and names"),
        (erasure.documents, "kept report", "kept reports"),
    ]
    .into_iter()
    .filter(|(n, ..)| *n > 0)
    .map(|(n, one, more)| counted(n, one, more))
    .collect();
    line(
        parts.len(),
        format!("Taken out of {}.", parts.join(" and ")),
    );
    line(
        erasure.messages,
        format!(
            "Not sent any more, for they told of them: {} that had not arrived.",
            counted(erasure.messages, "message", "messages")
        ),
    );
    line(
        usize::from(erasure.has_account),
        "gatherd signs in to Meetup as one of them: let somebody else sign in (gatherd auth login).".to_owned(),
    );
    text.push_str(&match bytes {
        Bytes::Clean => "The database was written anew: its bytes do not hold them.\n".to_owned(),
        Bytes::Later => "The database is being read: the next pass writes it anew, and until then bytes of its file may hold \
                         them.\n"
            .to_owned(),
        Bytes::By(pid) => {
            let who = pid.map_or_else(|| "the process".to_owned(), |pid| format!("process {pid}"));
            format!(
                "The database is written anew by {who} that runs passes when its pass ends; until then bytes of its file may \
                 hold them.\n"
            )
        }
    });
    text
}
