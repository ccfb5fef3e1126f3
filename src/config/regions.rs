//! `[[region]]`: parts of the network by name, who looks after each, and the channel that hears of it alone.

use super::channels::Channel;
use super::narrowing::narrowed_to;
use super::reading::{Section, nearest};
use crate::community::Access;

/// A part of the network.
#[derive(Debug, Clone)]
pub struct Region {
    /// How it is called.
    pub name: String,
    /// Its groups.
    pub access: Access,
    /// Who looks after those of its groups that have nobody of their own.
    pub owner: Option<String>,
}

/// Longest name of a region or a person.
const LONGEST: usize = 200;

/// The regions in the order in which they are written: of two that reach the same group, the first counts. A channel
/// that a region names is narrowed to it.
pub(super) fn read(root: &Section<'_, '_>, channels: &mut [Channel]) -> Vec<Region> {
    let mut regions: Vec<Region> = Vec::new();
    let mut narrowed: Vec<String> = Vec::new();
    for mut section in root.tables("region") {
        let name = section.text("name");
        match &name {
            None if !section.has("name") => {
                section.problem(
                    "name",
                    "is missing",
                    "write name = \"...\", by which it is asked for",
                );
            }
            Some(name) if is_double(&regions, name) => {
                section.problem(
                    "name",
                    format!("is {name}, like that of another region"),
                    "give each region its own name",
                );
            }
            Some(name) if name.chars().count() > LONGEST => {
                section.problem("name", "is too long", "write a shorter name");
            }
            _ => {}
        }
        if let Some(name) = &name {
            section.name = format!("region.{name}");
        }
        let access = narrowed_to(&section);
        let lists = ["groups", "countries", "timezones"];
        if !access.is_narrow() && lists.iter().all(|key| !section.has(key)) {
            section.problem(
                "countries",
                "is missing, and so are groups and timezones",
                "say which groups are in it: countries = [\"de\", \"at\"], groups or timezones",
            );
        }
        if let Some(channel) = section.text("channel") {
            narrow(&section, channels, &channel, &access, &mut narrowed);
        }
        let owner = section.text("owner");
        section.finish();
        regions.extend(name.map(|name| Region {
            name,
            access,
            owner,
        }));
    }
    regions
}

fn is_double(regions: &[Region], name: &str) -> bool {
    let same = |it: &Region| it.name.to_lowercase() == name.to_lowercase();
    regions.iter().any(same)
}

fn narrow(
    section: &Section<'_, '_>,
    channels: &mut [Channel],
    name: &str,
    access: &Access,
    narrowed: &mut Vec<String>,
) {
    let names: Vec<String> = channels.iter().map(|it| it.name.clone()).collect();
    let Some(channel) = channels.iter_mut().find(|it| it.name == name) else {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let cause = format!("is {name}, and no channel is called so");
        return section.problem("channel", cause, nearest(name, &names));
    };
    if narrowed.iter().any(|it| it == name) {
        let cause = format!("is {name}, which another region names, too");
        return section.problem("channel", cause, "give each region a channel of its own");
    }
    if channel.access.is_narrow() {
        let cause = format!("is {name}, which has groups, countries or timezones of its own");
        return section.problem(
            "channel",
            cause,
            "take those away from the channel: the region narrows it",
        );
    }
    channel.access = access.clone();
    narrowed.push(name.to_owned());
}
