//! Which account is signed in, and which of what is configured it can see.

use crate::{
    app::{exit::Exit, opening},
    config::Config,
    meetup::{AskError, Meetup, NetworkSeen},
};
use anyhow::Result;

/// What the account sees.
pub(crate) struct Sight {
    /// The member's id, and the name where Meetup says it.
    pub(crate) who: Option<(String, Option<String>)>,
    /// None of a network that cannot be seen.
    pub(crate) networks: Vec<(String, Option<NetworkSeen>)>,
    /// The names; none of a group that cannot be seen.
    pub(crate) groups: Vec<(String, Option<String>)>,
}

impl Sight {
    /// Asks Meetup, within the budget.
    pub(crate) async fn look(config: &Config) -> Result<Self> {
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
    pub(crate) fn unseen(&self) -> usize {
        let networks = self.networks.iter().filter(|(_, seen)| seen.is_none());
        let groups = self.groups.iter().filter(|(_, seen)| seen.is_none());
        networks.count() + groups.count()
    }

    /// Partly, where something cannot be seen.
    pub(crate) fn exit(&self) -> Exit {
        if self.unseen() == 0 {
            Exit::Done
        } else {
            Exit::Partly
        }
    }
}
