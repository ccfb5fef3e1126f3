//! `[schedule]`: time zones and cron lines.

use chrono_tz::Tz;

use super::effective::quoted;
use super::line::Line;
use super::reading::Section;

/// When what falls due.
#[derive(Debug, Clone, PartialEq)]
pub struct Schedule {
    /// The zone of the lines below.
    pub timezone: Tz,
    /// Incremental passes.
    pub poll: Line,
    /// Full sweeps.
    pub sweep: Line,
    /// The digest, where a channel has no line of its own.
    pub digest: Line,
}

/// A zone by its IANA name.
///
/// # Errors
///
/// What to write instead.
pub fn zone(written: &str) -> Result<Tz, String> {
    written.parse::<Tz>().map_err(|_| {
        let lower = written.to_lowercase();
        let by_case = chrono_tz::TZ_VARIANTS
            .iter()
            .find(|zone| zone.name().to_lowercase() == lower);
        // Whoever writes a city means its zone.
        let by_city = || {
            let mut zones = chrono_tz::TZ_VARIANTS.iter();
            zones.find(|zone| zone.name().to_lowercase().ends_with(&format!("/{lower}")))
        };
        let closest = by_case.or_else(by_city).or_else(|| {
            let zones = chrono_tz::TZ_VARIANTS.iter();
            zones
                .map(|zone| {
                    (
                        strsim::damerau_levenshtein(&lower, &zone.name().to_lowercase()),
                        zone,
                    )
                })
                .filter(|(distance, _)| *distance <= 3)
                .min_by_key(|(distance, _)| *distance)
                .map(|(_, zone)| zone)
        });
        closest.map_or_else(
            || "write an IANA name such as Europe/Berlin or UTC".to_owned(),
            |zone| format!("did you mean {}?", zone.name()),
        )
    })
}

/// A cron line of this section, or its default.
pub(super) fn line(section: &Section<'_, '_>, key: &'static str) -> Option<Line> {
    let text = section.text(key)?;
    let remedy = "write five fields (minute, hour, day of month, month, weekday), such as \"0 8 * * 1\" for Mondays at 8";
    match Line::parse(&text) {
        Ok(line) if line.shortest_gap().is_some_and(|seconds| seconds < 10) => {
            section.problem(
                key,
                format!("is \"{text}\", which falls due more often than every 10 seconds"),
                remedy,
            );
            None
        }
        Ok(line) => Some(line),
        Err(cause) => {
            section.problem(key, format!("is \"{text}\", which {cause}"), remedy);
            None
        }
    }
}

/// The same, or the line that stands for it.
pub(super) fn line_or(section: &Section<'_, '_>, key: &'static str, default: &'static str) -> Line {
    let found = line(section, key);
    let Ok(usual) = Line::parse(default) else {
        unreachable!("the default {default} is a cron line");
    };
    section.or_default(key, found, usual, |_| quoted(default))
}

/// `[schedule]`.
pub(super) fn schedule(section: &Section<'_, '_>) -> Schedule {
    let timezone = section.text("timezone").and_then(|written| {
        let found = zone(&written);
        if let Err(remedy) = &found {
            let cause = format!("is {written}, which is no time zone");
            section.problem("timezone", cause, remedy);
        }
        found.ok()
    });
    let schedule = Schedule {
        timezone: section.or_default("timezone", timezone, Tz::UTC, |zone| quoted(zone.name())),
        poll: line_or(section, "poll", "*/15 * * * *"),
        sweep: line_or(section, "sweep", "0 3 * * 0"),
        digest: line_or(section, "digest", "0 8 * * 1"),
    };
    section.finish();
    schedule
}
