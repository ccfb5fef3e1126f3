//! Which network.

use super::beginning::Beginning;
use crate::{
    app::{Misused, exit, init},
    community::urlname_of,
    config::Config,
    meetup::NetworkOfMine,
    report::{clean, many},
};
use anyhow::{Result, anyhow};

const ADDRESS: &str = "Your network's address at Meetup, such as https://www.meetup.com/pro/acme/";

fn urlname(typed: &str) -> Result<String, String> {
    urlname_of(typed).ok_or_else(|| "paste the address, or write the last part of it".to_owned())
}

impl Beginning<'_> {
    /// Asked at once, since whoever knows it need not choose.
    pub(super) async fn ask_network(&mut self) -> Result<()> {
        if self.draft.network.is_some() || !self.asker.asks() {
            return Ok(());
        }
        eprintln!(
            "gatherd init asks for what it must know, and shows a first look before it writes a configuration.\n"
        );
        let question = format!("{ADDRESS}\n(Enter: choose once you are signed in)");
        let typed = self.asker.read(&question, "", |typed| match typed {
            "" => Ok(None),
            typed => urlname(typed).map(Some),
        });
        self.draft.network = typed.await?;
        Ok(())
    }

    /// The network that was named is looked at, or one is chosen of those that the account administers.
    pub(super) async fn find_network(&mut self) -> Result<()> {
        loop {
            let config = self.config()?;
            let Some(named) = self.draft.network.clone() else {
                self.draft.network = Some(self.choose(&config).await?);
                continue;
            };
            if let Some(seen) = init::seen(&config, &named).await? {
                let groups = many(seen.groups.unsigned_abs(), "group", "groups");
                eprintln!("Network {named}: {}, {groups}.\n", clean(&seen.name));
                return Ok(());
            }
            let unseen = format!(
                "Meetup shows no network \"{}\" to this account",
                clean(&named)
            );
            if !self.asker.is_there() {
                return Err(anyhow!(
                    "{unseen}\ncheck --network, and that the account signed in administers that network"
                ));
            }
            eprintln!("{unseen}.");
            self.draft.network = Some(self.asker.read(ADDRESS, "", urlname).await?);
        }
    }

    async fn choose(&mut self, config: &Config) -> Result<String> {
        let found = match init::networks(config).await {
            Ok(found) => found,
            Err(error) if exit::code(&error) == exit::Exit::Failed && self.asker.is_there() => {
                eprintln!("Meetup does not say which networks this account administers: {error:#}");
                Vec::new()
            }
            Err(error) => return Err(error),
        };
        match &found[..] {
            [] if self.asker.is_there() => {
                eprintln!("Meetup names no network that this account administers.");
                self.asker.read(ADDRESS, "", urlname).await
            }
            [] => Err(Misused(
                "Meetup names no network that this account administers\nname it with --network"
                    .to_owned(),
            )
            .into()),
            [only] => Ok(only.urlname.clone()),
            several if !self.asker.is_there() => Err(Misused(format!(
                "this account administers several networks: {}\nname one with --network",
                list(several, ", ")
            ))
            .into()),
            several => {
                eprintln!("This account administers:\n  {}", list(several, "\n  "));
                let pick = |typed: &str| {
                    let number = typed.parse::<usize>().ok();
                    let nth = number.and_then(|it| several.get(it.checked_sub(1)?));
                    nth.map(|it| it.urlname.clone())
                        .ok_or_else(|| format!("write a number from 1 to {}", several.len()))
                };
                self.asker.read("Which one? Its number", "", pick).await
            }
        }
    }
}

fn list(networks: &[NetworkOfMine], between: &str) -> String {
    let lines = networks.iter().zip(1..).map(|(it, nth)| {
        let groups = many(it.seen.groups.unsigned_abs(), "group", "groups");
        format!(
            "{nth}. {} ({}), {groups}",
            clean(&it.seen.name),
            clean(&it.urlname)
        )
    });
    lines.collect::<Vec<_>>().join(between)
}
