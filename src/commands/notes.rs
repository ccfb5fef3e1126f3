//! `gatherd notes`: what was noted, asked, muted and agreed, listed with ids, and taken back.

use super::{Exit, contact, print, target};
use crate::{
    app::{Misused, database::Database, meant, memory},
    cli::{Global, Notes},
    community::{Agreed, Asked, Contact, MemoryId, Mute, Muted, Note, Owner},
    config::Config,
    report::clean,
};
use anyhow::Result;
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use serde_json::{Value, json};

pub(super) async fn run(global: &Global, args: &Notes) -> Result<Exit> {
    let (config, database) = contact::open(global).await?;
    if let Some(id) = &args.remove {
        return remove(&database, id).await;
    }
    let only = match &args.group {
        Some(urlname) => Some(meant::group(&database, urlname).await?),
        None => None,
    };
    let contacts = memory::kept(&database, only.as_ref()).await?;
    let today = memory::today(&config);
    if args.json {
        let groups: Vec<Value> = contacts.iter().map(|it| as_json(it, today)).collect();
        print(&format!("{:#}\n", json!({ "groups": groups })))?;
    } else if contacts.is_empty() {
        let whom = only.map_or_else(String::new, |group| {
            format!(" of {}", memory::named(&group))
        });
        print(&format!("nothing is noted{whom} yet\n"))?;
    } else {
        let told: Vec<String> = contacts
            .iter()
            .map(|it| as_text(it, today, &config))
            .collect();
        print(&told.join("\n"))?;
    }
    Ok(Exit::Done)
}

/// Ids are as listed; a bare number is a note's.
async fn remove(database: &Database, id: &str) -> Result<Exit> {
    let Some(known) = MemoryId::parse(id) else {
        let id = clean(id);
        let cause = format!("\"{id}\" is no id\nwrite one that `gatherd notes` lists, such as n3");
        return Err(Misused(cause).into());
    };
    if !memory::take_back(database, known).await? {
        print(&format!(
            "nothing has the id {id}; `gatherd notes` lists what there is\n"
        ))?;
        return Ok(Exit::Failed);
    }
    print(&format!("{id} is taken back\n"))?;
    Ok(Exit::Done)
}

/// One line of the list: when, id, words.
struct Told {
    at: DateTime<Utc>,
    id: String,
    words: String,
}

fn as_text(contact: &Contact, today: NaiveDate, config: &Config) -> String {
    let mut told: Vec<Told> = contact.notes.iter().map(note).collect();
    told.extend(contact.asked.iter().map(asked));
    told.extend(contact.mutes.iter().map(|mute| muted(mute, today)));
    told.extend(contact.target.iter().map(agreed));
    told.extend(contact.owner.iter().map(owned));
    told.sort_by_key(|it| it.at);
    let width = told.iter().map(|it| it.id.len()).max().unwrap_or(0);
    let gone = if contact.is_gone {
        ", not sponsored any more"
    } else {
        ""
    };
    let mut text = format!(
        "{} ({}){gone}\n",
        clean(&contact.name),
        clean(&contact.urlname)
    );
    for Told { at, id, words } in told {
        let on = at.with_timezone(&config.schedule.timezone).date_naive();
        text.push_str(&format!("  {id:<width$}  {on}  {words}\n"));
    }
    text
}

fn note(note: &Note) -> Told {
    Told {
        at: note.at,
        id: MemoryId::Note(note.id).to_string(),
        words: format!("note: {}{}", clean(&note.text), by(note.author.as_deref())),
    }
}

fn asked(asked: &Asked) -> Told {
    let whom = asked
        .whom
        .as_deref()
        .map_or_else(String::new, |whom| format!(" {}", clean(whom)));
    let again = asked
        .again_on
        .map_or_else(String::new, |day| format!("; look again on {day}"));
    Told {
        at: asked.at,
        id: MemoryId::Note(asked.id).to_string(),
        words: format!("asked{whom}{again}{}", by(asked.author.as_deref())),
    }
}

fn muted(mute: &Mute, today: NaiveDate) -> Told {
    let what = mute
        .what
        .word()
        .map_or_else(String::new, |kind| format!(" \"{kind}\""));
    let until = match mute.until_on {
        Some(day) if mute.is_in_force(today) => format!(" until {day}"),
        Some(day) => format!(" until {day}, which is over"),
        None => " until taken back".to_owned(),
    };
    let words = match mute.what {
        Muted::Calls => format!("not now: to be left alone{until}"),
        _ => format!("muted{what}{until}"),
    };
    Told {
        at: mute.at,
        id: MemoryId::Mute(mute.id).to_string(),
        words,
    }
}

fn agreed(agreed: &Agreed) -> Told {
    Told {
        at: agreed.at,
        id: MemoryId::Target(agreed.id).to_string(),
        words: format!("agreed: an event {}", target::span(agreed.every_months)),
    }
}

fn owned(owner: &Owner) -> Told {
    Told {
        at: owner.at,
        id: MemoryId::Owner(owner.id).to_string(),
        words: format!(
            "looked after by {}{}",
            clean(&owner.name),
            by(owner.author.as_deref())
        ),
    }
}

/// Who kept it, where that is known.
fn by(author: Option<&str>) -> String {
    author.map_or_else(String::new, |author| {
        format!(" (kept by {})", clean(author))
    })
}

fn as_json(contact: &Contact, today: NaiveDate) -> Value {
    let at = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
    let notes: Vec<Value> = contact
        .notes
        .iter()
        .map(|it| json!({"id": MemoryId::Note(it.id).to_string(), "text": it.text, "author": it.author, "created_at": at(it.at)}))
        .collect();
    let asked: Vec<Value> = contact
        .asked
        .iter()
        .map(|it| {
            json!({"id": MemoryId::Note(it.id).to_string(), "whom": it.whom, "again_on": it.again_on, "author": it.author,
                "created_at": at(it.at)})
        })
        .collect();
    let mutes: Vec<Value> = contact
        .mutes
        .iter()
        .map(|it| {
            json!({"id": MemoryId::Mute(it.id).to_string(), "alert": it.what.word(), "until_on": it.until_on,
                "is_in_force": it.is_in_force(today), "author": it.author, "created_at": at(it.at)})
        })
        .collect();
    let target = contact.target.map(|it| {
        json!({"id": MemoryId::Target(it.id).to_string(), "every_months": it.every_months, "created_at": at(it.at)})
    });
    let owner = contact.owner.as_ref().map(|it| {
        json!({"id": MemoryId::Owner(it.id).to_string(), "name": it.name, "author": it.author, "created_at": at(it.at)})
    });
    json!({"group_id": contact.group.as_str(), "urlname": contact.urlname, "name": contact.name,
        "is_gone": contact.is_gone, "notes": notes, "asked": asked, "mutes": mutes, "target": target, "owner": owner})
}
