//! How it is told which account is signed in, and what it can see.

use crate::{
    app::sign_in::Sight,
    commands::{Exit, print, said::counted},
    config::Config,
    report::clean,
};
use anyhow::Result;
use serde_json::{Value, json};
use std::fmt::Write;

pub(super) fn as_text(sight: &Sight) -> String {
    let mut text = String::new();
    let who = match &sight.who {
        Some((id, Some(name))) => format!("{} (member {})", clean(name), clean(id)),
        Some((id, None)) => format!("member {}", clean(id)),
        None => "Meetup does not say as whom".to_owned(),
    };
    let _ = writeln!(text, "{:<14}{who}", "signed in as");
    for (urlname, seen) in &sight.networks {
        let told = match seen {
            Some(seen) => format!(
                "{}, {} groups",
                clean(&seen.name),
                counted(seen.groups.unsigned_abs())
            ),
            None => "not visible to this account".to_owned(),
        };
        let _ = writeln!(text, "{:<14}{urlname}: {told}", "network");
    }
    for (urlname, seen) in &sight.groups {
        let told = seen
            .as_deref()
            .map_or_else(|| "not visible to this account".to_owned(), clean);
        let _ = writeln!(text, "{:<14}{urlname}: {told}", "group");
    }
    if sight.networks.is_empty() && sight.groups.is_empty() {
        text.push_str("no network or group is configured yet; add [[network]] with its urlname\n");
    }
    if sight.unseen() > 0 {
        text.push_str(
                "what is not visible: check its urlname; a network is visible to the account that owns its Pro subscription,\n\
                 so sign in as that one with `gatherd auth login`\n",
            );
    }
    text
}

pub(super) fn as_json(sight: &Sight) -> Value {
    let networks: Vec<Value> = sight
            .networks
            .iter()
            .map(|(urlname, seen)| {
                json!({
                    "urlname": urlname, "is_visible": seen.is_some(),
                    "name": seen.as_ref().map(|it| &it.name), "groups": seen.as_ref().map(|it| it.groups),
                })
            })
            .collect();
    let groups: Vec<Value> = sight
            .groups
            .iter()
            .map(|(urlname, name)| json!({"urlname": urlname, "is_visible": name.is_some(), "name": name}))
            .collect();
    let member = sight
        .who
        .as_ref()
        .map(|(id, name)| json!({"id": id, "name": name}));
    json!({"member": member, "networks": networks, "groups": groups})
}

/// Looks and prints.
pub(super) async fn tell(config: &Config) -> Result<Exit> {
    let sight = Sight::look(config).await?;
    print(&as_text(&sight))?;
    Ok(sight.exit())
}
