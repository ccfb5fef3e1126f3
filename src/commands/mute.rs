//! `gatherd mute`: what is not to be told of a group.

use super::{Exit, contact, print};
use crate::{
    app::{meant, memory},
    cli::{Global, Mute},
    community::Muted,
};
use anyhow::Result;
use chrono::NaiveDate;

pub(super) async fn run(global: &Global, args: &Mute) -> Result<Exit> {
    let (config, database) = contact::open(global).await?;
    let today = memory::today(&config);
    let tomorrow = today.succ_opt().unwrap_or(NaiveDate::MAX);
    let until_on = args
        .until
        .map(|day| contact::day("--until", day, today, tomorrow))
        .transpose()?;
    let group = meant::group(&database, &args.group).await?;
    let muted = match args.alert {
        Some(kind) => Muted::Kind(kind),
        None if args.calls => Muted::Calls,
        None => Muted::Everything,
    };
    let what = muted
        .word()
        .map_or("everything".to_owned(), |kind| format!("\"{kind}\""));
    let name = memory::named(&group);
    if args.off {
        let ended = memory::unmute(&database, &group, muted).await?;
        print(&match ended {
            0 => format!("nothing of this was muted for {name}\n"),
            1 => format!("one mute taken back for {name}\n"),
            n => format!("{n} mutes taken back for {name}\n"),
        })?;
        return Ok(Exit::Done);
    }
    let id = memory::mute(&database, &group, muted, until_on, None).await?;
    if let (true, Some(day)) = (args.calls, until_on) {
        print(&format!(
            "kept as m{id}: {name} is to be left alone until {day}\n"
        ))?;
        return Ok(Exit::Done);
    }
    let until = until_on.map_or("until taken back".to_owned(), |day| format!("until {day}"));
    print(&format!("muted as m{id} {until}: {what} of {name}\n"))?;
    Ok(Exit::Done)
}
