//! `gatherd doctor --privacy`: what is kept about people, why and for how long.

use crate::{
    app::{opening, privacy},
    cli::{Global, TextFormat},
    commands::{Exit, config, print},
    config::{Config, Need},
    mirror::{KEPT_ELSEWHERE, KEPT_IN_TABLES},
    report::{many, number, whole_words},
};
use anyhow::Result;
use serde_json::json;
use std::fmt::Write;

pub(super) async fn run(global: &Global, format: TextFormat) -> Result<Exit> {
    let config = config(global, Need::Database)?;
    let standing = match opening::existing(&config).await {
        Ok(database) => Some(privacy::standing(&database).await?),
        // What would be kept can be told all the same.
        Err(_) => None,
    };
    if format == TextFormat::Json {
        print(&format!("{:#}\n", as_json(&config, standing)))?;
    } else {
        print(&as_text(
            &config,
            standing,
            super::super::paging::known_columns().unwrap_or(100),
        ))?;
    }
    Ok(Exit::Done)
}

/// Each place with what is kept there of people, why, and for how long.
fn places() -> impl Iterator<Item = (String, &'static str, &'static str, &'static str)> {
    let columns = KEPT_IN_TABLES.iter().flat_map(|table| {
        let columns = table.personal.iter();
        columns.map(|it| {
            (
                format!("{}.{}", table.name, it.name),
                it.what,
                it.why,
                it.until,
            )
        })
    });
    let others = KEPT_ELSEWHERE.iter();
    columns.chain(others.map(|it| (it.place.to_owned(), it.what, it.why, it.until)))
}

fn as_text(config: &Config, standing: Option<privacy::Standing>, columns: usize) -> String {
    let mut text = String::from("What is kept about people\n\n");
    if let Some(it) = standing {
        let people = |n: i64| many(n.unsigned_abs(), "person", "people");
        let _ = writeln!(
            text,
            "{} by number, {} of them by name; {} forgotten.",
            people(it.known),
            number(it.named),
            people(it.forgotten)
        );
        if it.is_cleaning_due {
            text.push_str("The next pass writes the database anew: until then bytes of its file may hold who was forgotten.\n");
        }
    }
    let _ = writeln!(
        text,
        "Names are {}. {}\n",
        if config.privacy.names {
            "kept"
        } else {
            "not kept"
        },
        match config.privacy.retention_months {
            Some(months) => format!(
                "Who is in no group and did nothing for {} is forgotten.",
                many(months.into(), "month", "months")
            ),
            None => "Nobody is forgotten for want of anything new: see [privacy] retention_months."
                .to_owned(),
        }
    );
    for (place, what, why, until) in places() {
        let _ = writeln!(text, "{place}");
        for said in [what, &format!("for: {why}"), &format!("kept: {until}")] {
            for line in whole_words(said, columns.saturating_sub(4).max(40)) {
                let _ = writeln!(text, "    {line}");
            }
        }
    }
    text
}

fn as_json(config: &Config, standing: Option<privacy::Standing>) -> serde_json::Value {
    let kept: Vec<_> = places()
        .map(|(place, what, why, until)| json!({"place": place, "what": what, "why": why, "until": until}))
        .collect();
    json!({
        "names": config.privacy.names,
        "retention_months": config.privacy.retention_months,
        "known": standing.map(|it| it.known),
        "named": standing.map(|it| it.named),
        "forgotten": standing.map(|it| it.forgotten),
        "is_cleaning_due": standing.map(|it| it.is_cleaning_due),
        "kept": kept,
    })
}
