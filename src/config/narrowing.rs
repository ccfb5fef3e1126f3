//! Which groups somebody is told of: `groups`, `countries` and `timezones`, alike for channels and for those who look at
//! the pages.

use chrono_tz::Tz;

use super::reading::Section;
use super::sections::NO_URLNAME;
use super::timing::zone;
use crate::community::{Access, urlname_of};

/// The three lists of a section.
pub(super) fn narrowed_to(section: &Section<'_, '_>) -> Access {
    Access {
        groups: urlnames(section),
        countries: countries(section),
        timezones: zones(section)
            .iter()
            .map(|zone| zone.name().to_owned())
            .collect(),
    }
}

fn urlnames(section: &Section<'_, '_>) -> Vec<String> {
    let written = section.texts("groups", false).unwrap_or_default();
    let mut names = Vec::new();
    for (written, line) in written {
        if let Some(name) = urlname_of(&written) {
            names.push(name);
            continue;
        }
        let what = format!(
            "{} holds {written}, which is not a urlname",
            section.key("groups")
        );
        section.reader.report(Some(line), what, NO_URLNAME);
    }
    names
}

fn countries(section: &Section<'_, '_>) -> Vec<String> {
    let written = section.texts("countries", false).unwrap_or_default();
    let is_code = |code: &str| code.len() == 2 && code.chars().all(|c| c.is_ascii_alphabetic());
    for (code, line) in written.iter().filter(|(code, _)| !is_code(code)) {
        let what = format!(
            "{} holds {code}, which is no country code",
            section.key("countries")
        );
        section
            .reader
            .report(Some(*line), what, "write two letters, such as \"de\"");
    }
    written
        .into_iter()
        .map(|(code, _)| code.to_lowercase())
        .collect()
}

fn zones(section: &Section<'_, '_>) -> Vec<Tz> {
    let mut zones = Vec::new();
    for (written, line) in section.texts("timezones", false).unwrap_or_default() {
        match zone(&written) {
            Ok(zone) => zones.push(zone),
            Err(remedy) => {
                let what = format!(
                    "{} holds {written}, which is no time zone",
                    section.key("timezones")
                );
                section.reader.report(Some(line), what, remedy);
            }
        }
    }
    zones
}
