//! Instants and spans of time in every form Meetup has been seen to write them.

use chrono::{FixedOffset, SecondsFormat, TimeDelta, Utc};
use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An instant together with the offset it was written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DateTime(pub(crate) chrono::DateTime<FixedOffset>);

impl DateTime {
    /// The same instant in UTC.
    pub(crate) fn utc(self) -> chrono::DateTime<Utc> {
        self.0.to_utc()
    }

    /// Reads an offset or `Z`, with or without seconds, fractions or a `[Zone/Name]` behind.
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text
            .split_once('[')
            .map_or(text, |(instant, _)| instant.trim_end());
        chrono::DateTime::parse_from_rfc3339(text)
            .or_else(|_| {
                let spelled = text
                    .strip_suffix(['Z', 'z'])
                    .map(|bare| format!("{bare}+00:00"));
                let text = spelled.as_deref().unwrap_or(text);
                ["%Y-%m-%dT%H:%M%z", "%Y-%m-%dT%H:%M:%S%.f%z"]
                    .iter()
                    .map(|form| chrono::DateTime::parse_from_str(text, form))
                    .find(Result::is_ok)
                    .unwrap_or_else(|| chrono::DateTime::parse_from_rfc3339(text))
            })
            .ok()
            .map(Self)
    }
}

impl From<chrono::DateTime<Utc>> for DateTime {
    fn from(instant: chrono::DateTime<Utc>) -> Self {
        Self(instant.fixed_offset())
    }
}

impl Serialize for DateTime {
    /// With `Z`: Meetup refuses instants without an offset.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.utc().to_rfc3339_opts(SecondsFormat::Secs, true))
    }
}

impl<'de> Deserialize<'de> for DateTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Text("an instant", Self::parse))
    }
}

/// A length of time in ISO 8601. It serves only to guess an event's end, so a form without a fixed
/// length (months, years) or beyond reading is no reason to lose the event: it counts as unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Duration(pub(crate) Option<TimeDelta>);

/// Ten years, in seconds.
const LONGEST: f64 = 10.0 * 366.0 * 86_400.0;

impl Duration {
    fn parse(text: &str) -> Option<TimeDelta> {
        let mut rest = text.trim().strip_prefix(['P', 'p'])?;
        let mut seconds = 0_f64;
        let mut in_time = false;
        let mut parts = 0;
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix(['T', 't']) {
                in_time = true;
                rest = after;
                continue;
            }
            let end = rest.find(|c: char| c.is_ascii_alphabetic())?;
            let amount: f64 = rest[..end].replace(',', ".").parse().ok()?;
            let unit = match (rest.as_bytes()[end].to_ascii_uppercase(), in_time) {
                (b'W', false) => 604_800.0,
                (b'D', false) => 86_400.0,
                (b'H', true) => 3_600.0,
                (b'M', true) => 60.0,
                (b'S', true) => 1.0,
                _ => return None,
            };
            seconds += amount * unit;
            parts += 1;
            rest = &rest[end + 1..];
        }
        let sane = parts > 0 && (0.0..=LONGEST).contains(&seconds);
        // The range was just checked, so nothing is cut off.
        #[allow(clippy::cast_possible_truncation)]
        sane.then(|| TimeDelta::milliseconds((seconds * 1000.0).round() as i64))
    }
}

impl<'de> Deserialize<'de> for Duration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Text("a length of time", |text| {
            Some(Self(Self::parse(text)))
        }))
    }
}

/// Reads text without copying it: what is expected, and the reading.
struct Text<T>(&'static str, fn(&str) -> Option<T>);

impl<T> Visitor<'_> for Text<T> {
    type Value = T;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        self.1(text).ok_or_else(|| E::invalid_value(Unexpected::Other("text"), &self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_an_instant_is_read() {
        for (text, instant) in [
            ("2025-03-04T18:30:00-05:00", "2025-03-04T23:30:00Z"),
            ("2025-03-04T23:30:00Z", "2025-03-04T23:30:00Z"),
            ("2025-03-04T18:30-05:00", "2025-03-04T23:30:00Z"),
            ("2025-03-04T23:30Z", "2025-03-04T23:30:00Z"),
            ("2025-03-04T18:30-05:00[US/Eastern]", "2025-03-04T23:30:00Z"),
            (
                "2025-03-04T18:30:00-05:00[US/Eastern]",
                "2025-03-04T23:30:00Z",
            ),
            ("2025-03-04T18:30:00.250-0500", "2025-03-04T23:30:00Z"),
            ("2025-03-05T05:00:00+05:30", "2025-03-04T23:30:00Z"),
        ] {
            let read =
                DateTime::parse(text).map(|it| it.utc().to_rfc3339_opts(SecondsFormat::Secs, true));
            assert_eq!(read.as_deref(), Some(instant), "{text}");
        }
        for text in ["", "2025-03-04", "2025-03-04T18:30:00", "soon"] {
            assert_eq!(DateTime::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_duration_may_exceed_a_day() {
        for (text, minutes) in [
            ("PT2H", 120),
            ("PT30H", 1800),
            ("P1D", 1440),
            ("P1DT1H30M", 1530),
            ("PT5400S", 90),
            ("P1W", 10080),
        ] {
            assert_eq!(
                Duration::parse(text),
                Some(TimeDelta::minutes(minutes)),
                "{text}"
            );
        }
        for text in ["", "P", "PT", "P1M", "P1Y", "2 hours", "PT1X", "PT-1H"] {
            assert_eq!(Duration::parse(text), None, "{text}");
        }
    }

    fn seconds(text: &str) -> Option<(i64, i32)> {
        let read = DateTime::parse(text)?.0;
        Some((read.timestamp(), read.offset().local_minus_utc()))
    }

    #[test]
    fn odd_but_possible_forms_are_read_and_nonsense_is_not() {
        for (text, instant, offset) in [
            ("2024-02-29T23:59:59+05:45", 1_709_230_499, 20_700),
            ("2025-12-31T23:30-09:30", 1_767_258_000, -34_200),
            (
                "2026-01-01T00:00:00+13:45[Pacific/Chatham]",
                1_767_176_100,
                49_500,
            ),
            ("2026-01-01T00:00Z[Etc/UTC]", 1_767_225_600, 0),
            (" 2026-01-01T00:00:00-00:00 ", 1_767_225_600, 0),
            ("2026-01-01t00:00:00z", 1_767_225_600, 0),
            ("2026-01-01T00:00:00.999999+0545", 1_767_204_900, 20_700),
            (
                "2026-01-01T00:00:00+05:45 [Asia/Katmandu]",
                1_767_204_900,
                20_700,
            ),
        ] {
            assert_eq!(seconds(text), Some((instant, offset)), "{text}");
        }
        for text in [
            "2025-02-29T10:00:00Z",
            "2025-13-01T10:00Z",
            "2025-01-01T24:30Z",
            "2025-01-01T10:00:00+99:00",
            "2025-01-01T10:00[US/Eastern]",
            "[US/Eastern]",
            "9999999999",
        ] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..Default::default() })]

        /// Every form that Meetup has been seen to write means the same instant and the same wall clock.
        #[test]
        fn every_form_of_every_instant_is_read_back(
            at in -2_000_000_000..4_000_000_000_i64, quarters in -56..=56_i32, form in 0..6_u8
        ) {
            let offset = quarters * 900;
            let Some(zone) = FixedOffset::east_opt(offset) else { unreachable!() };
            // Forms without seconds can only tell whole minutes.
            let at = if form < 2 { at - at.rem_euclid(60) } else { at };
            let Some(instant) = chrono::DateTime::from_timestamp(at, 0) else { unreachable!() };
            let local = instant.with_timezone(&zone);
            let text = match form {
                0 => local.format("%Y-%m-%dT%H:%M%:z").to_string(),
                1 => local.format("%Y-%m-%dT%H:%M%:z[US/Eastern]").to_string(),
                2 => local.format("%Y-%m-%dT%H:%M:%S%:z[Asia/Calcutta]").to_string(),
                3 => local.format("%Y-%m-%dT%H:%M:%S%.3f%z").to_string(),
                4 => local.to_rfc3339_opts(SecondsFormat::Secs, true),
                _ => local.to_rfc3339_opts(SecondsFormat::Nanos, false),
            };
            proptest::prop_assert_eq!(seconds(&text), Some((at, offset)), "{}", text);
            // What is asked with it is the same instant.
            let Some(read) = DateTime::parse(&text) else { unreachable!() };
            let sent = serde_json::to_value(read).unwrap_or_default();
            proptest::prop_assert_eq!(sent.as_str().and_then(seconds), Some((at, 0)));
        }

        #[test]
        fn every_length_of_time_is_read_back(days in 0..400_i64, hours in 0..100_i64, minutes in 0..200_i64, secs in 0..200_i64) {
            let part = |amount: i64, unit: char| if amount == 0 { String::new() } else { format!("{amount}{unit}") };
            let time = part(hours, 'H') + &part(minutes, 'M') + &part(secs, 'S');
            let text = format!("P{}{}{time}", part(days, 'D'), if time.is_empty() { "" } else { "T" });
            let span = TimeDelta::days(days) + TimeDelta::hours(hours) + TimeDelta::minutes(minutes) + TimeDelta::seconds(secs);
            let wanted = (text != "P").then_some(span);
            proptest::prop_assert_eq!(Duration::parse(&text), wanted, "{}", text);
        }

        /// Whatever stands there: an answer or none, and never a panic.
        #[test]
        fn no_text_is_too_odd(text in "\\PC{0,40}", dated in "[0-9TZPHMSDW:.+\\-\\[\\]]{0,30}") {
            for text in [text, dated] {
                let _ = (DateTime::parse(&text), Duration::parse(&text));
            }
        }

        /// Whatever is read can be written again, for Meetup as for people.
        #[test]
        fn any_text_is_an_instant_and_a_length_or_neither(
            text in "\\PC{0,40}|[-+]?[0-9]{1,9}-[0-9]{1,3}-[0-9]{1,3}T[0-9:.]{1,14}([Zz]|[-+][0-9:]{1,6})?(\\[[A-Za-z/]{0,9}\\])?|P[0-9.,WDTHMSe+-]{0,30}"
        ) {
            if let Some(at) = DateTime::parse(&text) {
                // Whatever is read can be written again, for Meetup as for people.
                let _ = (serde_json::to_string(&at), at.utc().timestamp());
            }
            let length = Duration::parse(&text).unwrap_or_default();
            proptest::prop_assert!(length >= TimeDelta::zero() && length <= TimeDelta::days(3_660));
        }
    }
}
