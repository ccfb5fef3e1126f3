//! `gatherd config`: the configuration as it counts, each key with where its value came from.

use super::{Exit, configured::config_unwarned, json, print};
use crate::{
    cli::{Config as Args, ConfigFormat, Global},
    community::shown,
    config::{Config, Need, Origin, Setting},
};
use anyhow::Result;
use serde_json::json;
use std::path::Path;
use unicode_width::UnicodeWidthStr as _;

/// A value longer than this stands where it ends, and what follows it is not aligned.
const WIDE: usize = 44;

pub(super) fn run(global: &Global, args: &Args) -> Result<Exit> {
    let config = config_unwarned(global, Need::Meetup)?;
    match args.format {
        ConfigFormat::Text => print(&text(&config))?,
        ConfigFormat::Json => {
            let settings: Vec<_> = config.settings.iter().map(|it| one(&config, it)).collect();
            let file = config.file.as_deref().map(written);
            print(&json(&json!({"file": file, "settings": settings}))?)?;
        }
    }
    Ok(Exit::Done)
}

fn one(config: &Config, setting: &Setting) -> serde_json::Value {
    json!({
        "key": setting.key,
        "value": setting.value,
        "is_secret": setting.value.is_none(),
        "from": origin(config, &setting.origin),
    })
}

fn text(config: &Config) -> String {
    let value = |it: &Setting| shown(it.value.as_deref().unwrap_or("set"));
    let longest = |of: &dyn Fn(&Setting) -> usize, most: usize| {
        let widths = config.settings.iter().map(of);
        widths.filter(|width| *width <= most).max().unwrap_or(0)
    };
    let keys = longest(&|it| it.key.width(), usize::MAX);
    let values = longest(&|it| value(it).width(), WIDE);
    let pad = |text: &str, width: usize| " ".repeat(width.saturating_sub(text.width()));
    let lines = config.settings.iter().map(|it| {
        let (value, from) = (value(it), origin(config, &it.origin));
        format!(
            "{}{}  {value}{}  {from}\n",
            it.key,
            pad(&it.key, keys),
            pad(&value, values),
        )
    });
    lines.collect()
}

fn origin(config: &Config, origin: &Origin) -> String {
    match origin {
        Origin::Default => "default".to_owned(),
        Origin::Line(line) => {
            let file = config.file.as_deref().map(written).unwrap_or_default();
            format!("{file}, line {line}")
        }
        Origin::Variable(name) => format!("environment, {name}"),
        Origin::File(path) => written(path),
        Origin::CommandLine(option) => format!("command line, {option}"),
    }
}

fn written(path: &Path) -> String {
    shown(&path.display().to_string())
}
