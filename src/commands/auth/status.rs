//! `gatherd auth status`: who is signed in, how, until when, and what that account can see.

use super::seen;
use crate::{
    app::sign_in::{Sight, Standing},
    cli::Global,
    commands::{Exit, config, exit, print},
    config::{Config, Need, SignIn},
    meetup::Kept,
};
use anyhow::Result;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};
use std::fmt::Write;

pub(super) async fn run(global: &Global, is_json: bool) -> Result<Exit> {
    let config = config(global, Need::SignIn)?;
    let standing = Standing::look(&config).await?;
    let text = if is_json {
        format!("{:#}\n", as_json(&config, &standing))
    } else {
        let sight = standing.sight.as_ref();
        let seen = sight.map_or_else(|_| String::new(), seen::as_text);
        seen + &as_text(&config, &standing, Utc::now())
    };
    print(&text)?;
    match standing.sight {
        Ok(sight) => Ok(sight.exit()),
        Err(error) => Ok(exit::tell(&error)),
    }
}

/// The kind of sign-in, for programs and for people.
fn kind(config: &Config) -> (&'static str, &'static str) {
    match &config.meetup.sign_in {
        Some(SignIn::AccessToken(_)) => ("access_token", "a configured access_token, for a trial"),
        Some(SignIn::Jwt { .. }) => ("jwt", "a signed assertion ([meetup.jwt])"),
        _ => ("refresh_token", "a client with a refresh token"),
    }
}

fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn as_text(config: &Config, standing: &Standing, now: DateTime<Utc>) -> String {
    let mut text = String::new();
    let mut line = |name: &str, told: &str| {
        let _ = writeln!(text, "{name:<14}{told}");
    };
    line("sign-in by", kind(config).1);
    match &standing.kept {
        _ if matches!(config.meetup.sign_in, Some(SignIn::AccessToken(_))) => {
            line("until", "Meetup refuses it; such a token lives an hour");
        }
        None => line("tokens", "none are kept"),
        Some(kept) => {
            if let Some(until) = kept.until {
                let over = if until <= now { ", which is over" } else { "" };
                line("access token", &format!("until {}{over}", instant(until)));
            }
            if let Some(renewed) = kept.renewed_at {
                line("renewed", &instant(renewed));
            }
            line("kept in", &standing.kept_in.display().to_string());
            if kept.is_replaced {
                line(
                    "next",
                    "the configured refresh_token is another one than before, and will be used instead",
                );
            }
        }
    }
    text
}

fn as_json(config: &Config, standing: &Standing) -> Value {
    let kept: Option<&Kept> = standing.kept.as_ref();
    let sight: Option<&Sight> = standing.sight.as_ref().ok();
    let mut told = json!({
        "is_signed_in": sight.is_some(),
        "kind": kind(config).0,
        "access_token_until": kept.and_then(|it| it.until).map(instant),
        "renewed_at": kept.and_then(|it| it.renewed_at).map(instant),
        "has_refresh_token": kept.is_some_and(|it| it.has_refresh_token),
        "kept_in": kept.map(|_| &standing.kept_in),
    });
    let seen = sight.map_or_else(
        || json!({"member": null, "networks": [], "groups": []}),
        seen::as_json,
    );
    if let (Value::Object(told), Value::Object(seen)) = (&mut told, seen) {
        told.extend(seen);
    }
    told
}
