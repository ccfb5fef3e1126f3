//! Instants as Meetup writes and reads them.

use chrono::{DateTime, Offset, TimeZone, Utc};
use chrono_tz::Tz;

/// Seconds in a day.
pub const DAY: i64 = 86_400;
/// Seconds in an hour.
pub const HOUR: i64 = 3_600;

/// How instants are written; the API changed its mind over the years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TimeStyle {
    /// `2026-03-05T18:30:00+01:00`, `Z` at zero.
    #[default]
    Seconds,
    /// `2026-03-05T18:30+01:00` where the seconds are zero.
    Minutes,
    /// `2026-03-05T18:30:00-05:00[US/Eastern]`.
    Suffixed,
}

/// An instant with the zone it is to be written in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stamp {
    /// Seconds since 1970.
    pub at: i64,
    /// The zone whose offset it carries.
    pub zone: Tz,
}

/// The offset of a zone at an instant, in seconds.
pub fn offset_at(zone: Tz, at: i64) -> i32 {
    let naive = DateTime::from_timestamp(at, 0)
        .unwrap_or_default()
        .naive_utc();
    zone.offset_from_utc_datetime(&naive)
        .fix()
        .local_minus_utc()
}

/// Half past six in the evening of the day of that instant, by the zone's clocks.
pub fn evening(zone: Tz, at: i64) -> i64 {
    let ahead = i64::from(offset_at(zone, at));
    (at + ahead).div_euclid(DAY) * DAY + 18 * HOUR + HOUR / 2 - ahead
}

/// The same hour by the zone's clocks, so many weeks later.
pub fn same_evening(zone: Tz, at: i64, weeks: i64) -> i64 {
    let later = at + weeks * 7 * DAY;
    later + i64::from(offset_at(zone, at) - offset_at(zone, later))
}

impl Stamp {
    /// Writes the instant, without quotes.
    pub fn write(self, style: TimeStyle, zone_name: Option<&str>, out: &mut Vec<u8>) {
        let offset = offset_at(self.zone, self.at);
        let local = self.at + i64::from(offset);
        let (year, month, day) = civil(local.div_euclid(DAY));
        let second_of_day = local.rem_euclid(DAY);
        digits(out, year, 4);
        out.push(b'-');
        digits(out, month, 2);
        out.push(b'-');
        digits(out, day, 2);
        out.push(b'T');
        digits(out, second_of_day / HOUR, 2);
        out.push(b':');
        digits(out, second_of_day / 60 % 60, 2);
        if style != TimeStyle::Minutes || second_of_day % 60 != 0 {
            out.push(b':');
            digits(out, second_of_day % 60, 2);
        }
        if offset == 0 {
            out.push(b'Z');
        } else {
            out.push(if offset < 0 { b'-' } else { b'+' });
            let minutes = i64::from(offset.abs()) / 60;
            digits(out, minutes / 60, 2);
            out.push(b':');
            digits(out, minutes % 60, 2);
        }
        if let (TimeStyle::Suffixed, Some(name)) = (style, zone_name) {
            out.push(b'[');
            out.extend_from_slice(name.as_bytes());
            out.push(b']');
        }
    }
}

fn digits(out: &mut Vec<u8>, value: i64, width: usize) {
    let mut text = [b'0'; 20];
    let mut rest = value;
    for slot in text[..width].iter_mut().rev() {
        *slot = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    out.extend_from_slice(&text[..width]);
}

/// Year, month and day of a day counted from 1970-01-01 (proleptic Gregorian).
fn civil(day: i64) -> (i64, i64, i64) {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day_of_year - (153 * shifted_month + 2) / 5 + 1)
}

/// Reads an input `DateTime`: an offset (or `Z`) is demanded, seconds too.
pub fn read_instant(text: &str) -> Option<i64> {
    DateTime::parse_from_rfc3339(text)
        .ok()
        .map(|at| at.timestamp())
}

/// A duration in ISO 8601, hours running past a day as Meetup's do.
pub fn iso_duration(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (hours, 0) if hours > 0 && hours % 24 == 0 => format!("P{}D", hours / 24),
        (0, rest) => format!("PT{rest}M"),
        (hours, 0) => format!("PT{hours}H"),
        (hours, rest) => format!("PT{hours}H{rest}M"),
    }
}

/// A `Date` header's text.
pub fn http_date(at: i64) -> String {
    DateTime::<Utc>::from_timestamp(at, 0)
        .unwrap_or_default()
        .format("%a, %d %b %Y %H:%M:%S GMT")
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(at: i64, zone: Tz, style: TimeStyle) -> String {
        let mut out = Vec::new();
        Stamp { at, zone }.write(style, Some(zone.name()), &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn instants_are_written_as_chrono_would() {
        for zone in [
            Tz::UTC,
            Tz::US__Eastern,
            Tz::Asia__Kathmandu,
            Tz::America__St_Johns,
        ] {
            for at in (-2_000_000_000..4_000_000_000i64).step_by(9_876_543) {
                let want = zone
                    .timestamp_opt(at, 0)
                    .unwrap()
                    .to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
                    .replace("+00:00", "Z");
                // Historic offsets with seconds have no place in the format.
                if offset_at(zone, at) % 60 == 0 {
                    assert_eq!(written(at, zone, TimeStyle::Seconds), want);
                }
            }
        }
    }

    #[test]
    fn older_styles_leave_out_seconds_or_name_the_zone() {
        let at = 1_700_000_000 - 1_700_000_000 % 60;
        assert_eq!(
            written(at, Tz::UTC, TimeStyle::Minutes),
            "2023-11-14T22:13Z"
        );
        assert_eq!(
            written(at, Tz::US__Eastern, TimeStyle::Suffixed),
            "2023-11-14T17:13:00-05:00[US/Eastern]"
        );
    }

    #[test]
    fn an_input_instant_needs_an_offset() {
        assert!(read_instant("2023-01-01T12:00:00Z").is_some());
        assert!(read_instant("2023-01-01T12:00:00+05:45").is_some());
        assert_eq!(read_instant("2023-01-01"), None);
        assert_eq!(read_instant("2023-01-01T12:00:00"), None);
    }

    #[test]
    fn durations_may_exceed_a_day() {
        let all = [45, 120, 150, 1_440, 1_800].map(iso_duration);
        assert_eq!(all, ["PT45M", "PT2H", "PT2H30M", "P1D", "PT30H"]);
    }
}
