//! `[schedule]`: time zones and cron lines.

use chrono_tz::Tz;

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
        let closest = by_case.or_else(|| {
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

fn default_line(text: &str) -> Line {
    let Ok(line) = Line::parse(text) else {
        unreachable!("the default {text} is a cron line");
    };
    line
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
        timezone: timezone.unwrap_or(Tz::UTC),
        poll: line(section, "poll").unwrap_or_else(|| default_line("*/15 * * * *")),
        sweep: line(section, "sweep").unwrap_or_else(|| default_line("0 3 * * 0")),
        digest: line(section, "digest").unwrap_or_else(|| default_line("0 8 * * 1")),
    };
    section.finish();
    schedule
}
