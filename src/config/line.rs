//! Cron lines as Unix writes them: five fields, or six with seconds first.
//!
//! The cron crate counts weekdays from 1 (Sunday) where Unix counts from 0, and it wants day of
//! month *and* weekday to fit where Unix takes either. Both are translated here, so that a line
//! copied from a crontab means what it meant there.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use chrono::NaiveDateTime;
use cron::{Schedule, TimeUnitSpec};

/// When something falls due, on a wall clock without a zone.
#[derive(Clone)]
pub struct Line {
    text: String,
    /// Two when day of month and weekday are both restricted: either will do.
    schedules: Vec<Schedule>,
    is_hourly: bool,
}

const NAMES: [&str; 6] = [
    "a second",
    "a minute",
    "an hour",
    "a day of month",
    "a month",
    "a weekday",
];
const WEEKDAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

impl Line {
    /// Reads a cron line; the error is a cause that names the field.
    ///
    /// # Errors
    ///
    /// What is wrong with the line, such as a field out of range.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut fields: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        match fields.len() {
            5 => fields.insert(0, "0".to_owned()),
            6 => {}
            count => {
                let fields = if count == 1 { "field" } else { "fields" };
                return Err(format!(
                    "has {count} {fields} instead of 5 (or 6 with seconds)"
                ));
            }
        }
        let is_open = |field: &str| field.starts_with(['*', '?']);
        let either = !is_open(&fields[3]) && !is_open(&fields[5]);
        fields[5] =
            weekdays(&fields[5]).map_err(|item| format!("has a weekday that is none: {item}"))?;
        let mut schedules = vec![compile(&fields, if either { Some(5) } else { None })?];
        if either {
            schedules.push(compile(&fields, Some(3))?);
        }
        if schedules[0].seconds().count() == 60 {
            return Err("falls due every second".to_owned());
        }
        let line = Self {
            text: text.trim().to_owned(),
            schedules,
            is_hourly: is_open(&fields[2]),
        };
        if line.after(NaiveDateTime::default()).is_none() {
            return Err("never falls due".to_owned());
        }
        Ok(line)
    }

    /// The line as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the hour is open (`*`), so that the line counts hours rather than naming them.
    pub fn is_hourly(&self) -> bool {
        self.is_hourly
    }

    /// The next due time on the wall clock, strictly after the given one.
    pub fn after(&self, wall: NaiveDateTime) -> Option<NaiveDateTime> {
        // UTC stands in for a wall clock that never jumps.
        let start = wall.and_utc();
        let next = self
            .schedules
            .iter()
            .filter_map(|schedule| schedule.after(&start).next());
        next.min().map(|due| due.naive_utc())
    }

    /// The shortest distance between neighbours among the next few due times, in seconds.
    pub fn shortest_gap(&self) -> Option<i64> {
        let mut dues = Vec::new();
        let mut at = NaiveDateTime::default();
        while dues.len() < 130 {
            let Some(next) = self.after(at) else { break };
            dues.push(next);
            at = next;
        }
        dues.windows(2)
            .map(|pair| (pair[1] - pair[0]).num_seconds())
            .min()
    }
}

impl PartialEq for Line {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Line({})", self.text)
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Compiles the six fields, one of them opened; says which field is wrong.
fn compile(fields: &[String], open: Option<usize>) -> Result<Schedule, String> {
    let mut written: Vec<&str> = fields.iter().map(String::as_str).collect();
    if let Some(open) = open {
        written[open] = "*";
    }
    Schedule::from_str(&written.join(" ")).map_err(|_| {
        let wrong = (0..6).find(|field| {
            let mut alone = ["*"; 6];
            alone[*field] = written[*field];
            Schedule::from_str(&alone.join(" ")).is_err()
        });
        wrong.map_or_else(
            || "is not understood".to_owned(),
            |field| {
                format!(
                    "has {} that is not understood: {}",
                    NAMES[field], written[field]
                )
            },
        )
    })
}

/// Unix weekdays (0 or 7 is Sunday, names allowed) as a list of the crate's (1 is Sunday).
fn weekdays(field: &str) -> Result<String, String> {
    if field == "*" || field == "?" {
        return Ok("*".to_owned());
    }
    let mut days = BTreeSet::new();
    for item in field.split(',') {
        let wrong = || item.to_owned();
        let (span, step) = match item.split_once('/') {
            Some((span, step)) => (
                span,
                Some(
                    step.parse::<u8>()
                        .ok()
                        .filter(|step| *step > 0)
                        .ok_or_else(wrong)?,
                ),
            ),
            None => (item, None),
        };
        let (first, last) = if span == "*" {
            (0, 6)
        } else if let Some((first, last)) = span.split_once('-') {
            let (first, last) = (
                weekday(first).ok_or_else(wrong)?,
                weekday(last).ok_or_else(wrong)?,
            );
            // "sat-mon" wraps around the week.
            (first, if last < first { last + 7 } else { last })
        } else {
            let day = weekday(span).ok_or_else(wrong)?;
            (day, if step.is_some() { 6.max(day) } else { day })
        };
        days.extend(
            (first..=last)
                .step_by(usize::from(step.unwrap_or(1)))
                .map(|day| day % 7 + 1),
        );
    }
    if days.len() == 7 {
        return Ok("*".to_owned());
    }
    let days: Vec<String> = days.iter().map(u8::to_string).collect();
    Ok(days.join(","))
}

fn weekday(text: &str) -> Option<u8> {
    if let Ok(number) = text.parse::<u8>() {
        return (number <= 7).then_some(number);
    }
    let lower = text.to_lowercase();
    let full = [
        "sunday",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
    ];
    let position = WEEKDAYS.iter().position(|name| *name == lower);
    let position = position.or_else(|| full.iter().position(|name| *name == lower))?;
    u8::try_from(position).ok()
}

#[cfg(test)]
mod tests {
    use super::weekdays;

    #[test]
    fn unix_weekdays_become_the_crates() {
        for (unix, ours) in [
            ("0", "1"),
            ("7", "1"),
            ("1", "2"),
            ("mon", "2"),
            ("Saturday", "7"),
            ("1-5", "2,3,4,5,6"),
            ("5-7", "1,6,7"),
            ("sat-mon", "1,2,7"),
            ("*/2", "1,3,5,7"),
            ("0-7", "*"),
            ("1,3,5", "2,4,6"),
        ] {
            assert_eq!(weekdays(unix).as_deref(), Ok(ours), "{unix}");
        }
        for wrong in ["8", "moon", "", "1-", "1/0", "-1"] {
            assert!(weekdays(wrong).is_err(), "{wrong}");
        }
    }
}
