//! Who of the hosts are the sponsor's own people.

use super::{beginning::Beginning, look};
use crate::{
    app::{
        Misused,
        database::Database,
        init::{Proposed, proposed},
    },
    community::MemberId,
    report::{clean, many},
};
use anyhow::Result;

/// More are rather asked for by number.
const PROPOSED: usize = 12;

impl Beginning<'_> {
    /// Those that were named.
    pub(super) fn take_people(&mut self) -> Result<()> {
        for written in self.args.staff.iter().flatten().filter(|it| !it.is_empty()) {
            let id = id(written).map_err(Misused)?;
            self.draft.staff.push((id, None));
        }
        Ok(())
    }

    /// Proposes some, asks for others, and shows the look again with them.
    pub(super) async fn ask_people(&mut self, looked: Database) -> Result<()> {
        let found = proposed(&looked).await?;
        if self.args.staff.is_some() {
            self.take_people()?;
            for (id, name) in &mut self.draft.staff {
                let known = found.iter().find(|it| it.id == *id);
                name.clone_from(&known.and_then(|it| it.name.clone()));
            }
        } else {
            self.propose(found).await?;
        }
        if self.draft.staff.is_empty() {
            return Ok(());
        }
        eprintln!(
            "\nWith {} of your own:",
            many(self.draft.staff.len() as u64, "person", "people")
        );
        look::show(self.global, &self.config()?, &looked).await
    }

    async fn propose(&mut self, found: Vec<Proposed>) -> Result<()> {
        if self.asker.asks() && !found.is_empty() {
            eprintln!("\nWho are your own people? With them, local hosts can be told from yours.");
        }
        for it in found.into_iter().take(PROPOSED) {
            let who = it
                .name
                .as_deref()
                .map_or_else(|| format!("member {}", clean(it.id.as_str())), clean);
            let hosts = match it.groups {
                0 => "hosts nowhere".to_owned(),
                groups => format!(
                    "hosts in {}",
                    many(groups.unsigned_abs(), "group", "groups")
                ),
            };
            let admin = if it.is_admin {
                ", administers the network"
            } else {
                ""
            };
            if self
                .asker
                .agrees(&format!("{who} {hosts}{admin}: yours?"), true)
                .await?
            {
                self.draft.staff.push((it.id, it.name));
            }
        }
        let question = "Others of yours, by the numbers in their pages' addresses (Enter: none)";
        if !self.asker.asks() {
            return Ok(());
        }
        let ids = |typed: &str| {
            let typed = typed.split([',', ' ']).filter(|it| !it.is_empty());
            typed.map(id).collect::<Result<Vec<_>, _>>()
        };
        let others = self.asker.read(question, "", ids).await?;
        for id in others {
            if !self.draft.staff.iter().any(|(known, _)| *known == id) {
                self.draft.staff.push((id, None));
            }
        }
        Ok(())
    }
}

/// A member's id, or the one at the end of the address of their page.
pub(in crate::commands) fn id(written: &str) -> Result<MemberId, String> {
    let written = written.trim().trim_end_matches('/');
    let last = written.rsplit('/').next().unwrap_or_default();
    let is_id =
        !last.is_empty() && last.len() <= 64 && last.chars().all(|c| c.is_ascii_alphanumeric());
    match is_id {
        true => Ok(MemberId(last.to_owned())),
        false => Err(format!(
            "no member's number: \"{}\"\nwrite the number in the address of the member's page",
            clean(written)
        )),
    }
}
