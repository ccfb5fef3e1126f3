//! `gatherd doctor`: everything that must be right, one line each with its remedy.

mod privacy;

use super::{Exit, bars::spinning, configured::config_unwarned, print};
use crate::{
    app::doctor::{self, Sheet, Wanted, Word},
    cli::{Doctor, Global, TextFormat},
    report::whole_words,
    telemetry::Colour,
};
use anyhow::Result;
use serde_json::{Value, json};
use std::fmt::Write;

/// Looked at once, for a person.
pub(super) fn plainly() -> Doctor {
    Doctor {
        probe: false,
        post: false,
        privacy: false,
        format: TextFormat::Text,
        json: false,
    }
}

pub(super) async fn run(global: &Global, args: &Doctor) -> Result<Exit> {
    if args.privacy {
        let format = if args.json {
            TextFormat::Json
        } else {
            args.format
        };
        return privacy::run(global, format).await;
    }
    let wanted = Wanted {
        probe: args.probe,
        post: args.post,
    };
    let load = |need| config_unwarned(global, need);
    let seen = doctor::Seen::default();
    let examining = doctor::examine(&load, wanted, &seen);
    let sheet = spinning(|| seen.told(), examining).await;
    if args.json || args.format == TextFormat::Json {
        print(&format!("{:#}\n", as_json(&sheet)))?;
    } else {
        let is_coloured = Colour::from(global.color).on_stdout(&|name| std::env::var(name).ok());
        print(&as_text(
            &sheet,
            is_coloured,
            super::paging::known_columns(),
        ))?;
    }
    Ok(sheet.exit())
}

fn word(word: Word) -> &'static str {
    match word {
        Word::Ok => "ok",
        Word::Note => "note",
        Word::Warning => "warning",
        Word::Error => "error",
    }
}

fn colour(word: Word) -> &'static str {
    match word {
        Word::Ok => "\u{1b}[32m",
        Word::Note => "\u{1b}[36m",
        Word::Warning => "\u{1b}[33m",
        Word::Error => "\u{1b}[31m",
    }
}

fn as_text(sheet: &Sheet, is_coloured: bool, columns: Option<usize>) -> String {
    let width = sheet.lines.iter().map(|it| it.about.chars().count()).max();
    let width = width.unwrap_or(0);
    let laid = |told: &str| match columns {
        Some(columns) => whole_words(told, columns.saturating_sub(width + 11)),
        None => vec![told.to_owned()],
    };
    let mut text = String::new();
    for line in &sheet.lines {
        let found = format!("{:<7}", word(line.word));
        let found = if is_coloured {
            format!("{}{found}\u{1b}[0m", colour(line.word))
        } else {
            found
        };
        let mut says = laid(&line.says).into_iter();
        let first = says.next().unwrap_or_default();
        let _ = writeln!(text, "{:<width$}  {found}  {first}", line.about);
        for below in says.chain(line.remedy.iter().flat_map(|remedy| laid(remedy))) {
            let _ = writeln!(text, "{:<width$}  {:<7}  {below}", "", "");
        }
    }
    text
}

fn as_json(sheet: &Sheet) -> Value {
    let lines = sheet.lines.iter();
    let checks: Vec<Value> = lines
        .map(|line| {
            let remedy = (!line.remedy.is_empty()).then(|| line.remedy.join("\n"));
            json!({
                "about": line.about, "result": word(line.word), "message": line.says,
                "remedy": remedy,
            })
        })
        .collect();
    let exit = sheet.exit();
    json!({"is_well": exit == Exit::Done, "exit_code": exit as u8, "checks": checks})
}
