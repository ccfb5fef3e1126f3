//! Which account is signed in, and which of what is configured it can see.

use crate::{
    app::opening,
    commands::{Exit, print, said::counted},
    config::Config,
    meetup::{AskError, Meetup, NetworkSeen},
    report::clean,
};
use anyhow::Result;
use serde_json::{Value, json};
use std::fmt::Write;

/// What the account sees.
pub(super) struct Sight {
    who: Option<(String, Option<String>)>,
    networks: Vec<(String, Option<NetworkSeen>)>,
    groups: Vec<(String, Option<String>)>,
}

impl Sight {
    /// Asks Meetup, within the budget.
    pub(super) async fn look(config: &Config) -> Result<Self> {
        let database = opening::mirror(config).await?;
        let meetup = opening::meetup(config, &database, opening::BUDGET_WINDOW)?;
        Ok(Self::of(config, &meetup).await?)
    }

    async fn of(config: &Config, meetup: &Meetup) -> Result<Self, AskError> {
        let who = meetup.myself().await?.map(|it| (it.id.0, it.name));
        let mut networks = Vec::new();
        for urlname in &config.networks {
            networks.push((urlname.clone(), meetup.network_seen(urlname).await?));
        }
        let asked: Vec<&str> = config.groups.iter().map(String::as_str).collect();
        let seen = meetup.groups_seen(&asked).await?;
        let groups = config.groups.iter().cloned().zip(seen).collect();
        Ok(Self {
            who,
            networks,
            groups,
        })
    }

    /// How many of what is configured cannot be seen.
    fn unseen(&self) -> usize {
        let networks = self.networks.iter().filter(|(_, seen)| seen.is_none());
        let groups = self.groups.iter().filter(|(_, seen)| seen.is_none());
        networks.count() + groups.count()
    }

    /// Partly, where something cannot be seen.
    pub(super) fn exit(&self) -> Exit {
        if self.unseen() == 0 {
            Exit::Done
        } else {
            Exit::Partly
        }
    }

    pub(super) fn as_text(&self) -> String {
        let mut text = String::new();
        let who = match &self.who {
            Some((id, Some(name))) => format!("{} (member {})", clean(name), clean(id)),
            Some((id, None)) => format!("member {}", clean(id)),
            None => "Meetup does not say as whom".to_owned(),
        };
        let _ = writeln!(text, "{:<14}{who}", "signed in as");
        for (urlname, seen) in &self.networks {
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
        for (urlname, seen) in &self.groups {
            let told = seen
                .as_deref()
                .map_or_else(|| "not visible to this account".to_owned(), clean);
            let _ = writeln!(text, "{:<14}{urlname}: {told}", "group");
        }
        if self.networks.is_empty() && self.groups.is_empty() {
            text.push_str(
                "no network or group is configured yet; add [[network]] with its urlname\n",
            );
        }
        if self.unseen() > 0 {
            text.push_str(
                "what is not visible: check its urlname; a network is visible to the account that owns its Pro subscription,\n\
                 so sign in as that one with `gatherd auth login`\n",
            );
        }
        text
    }

    pub(super) fn as_json(&self) -> Value {
        let networks: Vec<Value> = self
            .networks
            .iter()
            .map(|(urlname, seen)| {
                json!({
                    "urlname": urlname, "is_visible": seen.is_some(),
                    "name": seen.as_ref().map(|it| &it.name), "groups": seen.as_ref().map(|it| it.groups),
                })
            })
            .collect();
        let groups: Vec<Value> = self
            .groups
            .iter()
            .map(|(urlname, name)| json!({"urlname": urlname, "is_visible": name.is_some(), "name": name}))
            .collect();
        let member = self
            .who
            .as_ref()
            .map(|(id, name)| json!({"id": id, "name": name}));
        json!({"member": member, "networks": networks, "groups": groups})
    }
}

/// Looks and prints.
pub(super) async fn tell(config: &Config) -> Result<Exit> {
    let sight = Sight::look(config).await?;
    print(&sight.as_text())?;
    Ok(sight.exit())
}
