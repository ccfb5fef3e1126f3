//! The memory of contact on the command line.

use chrono::NaiveDate;
use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use crate::community::AlertKind;
use crate::config::ALERTS;

/// `note`.
#[derive(Debug, Clone, Args)]
pub struct Note {
    /// The group: urlname, address, name, or a part that only it has
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    pub group: String,
    /// What to keep; no quotes needed
    #[arg(required = true, num_args = 1.., value_name = "TEXT")]
    pub text: Vec<String>,
}

/// `asked`.
#[derive(Debug, Clone, Args)]
pub struct Asked {
    /// The group: urlname, address, name, or a part that only it has
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    pub group: String,
    /// Who was asked
    #[arg(long, value_name = "TEXT")]
    pub whom: Option<String>,
    /// When to look again: a date such as 2030-01-31, or +14d, +3w, +2m from today
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub again: Option<Day>,
}

/// `mute`.
#[derive(Debug, Clone, Args)]
pub struct Mute {
    /// The group: urlname, address, name, or a part that only it has
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    pub group: String,
    /// The day from which to hear of it again: a date, or +14d, +3w, +2m from today [default: never]
    #[arg(long, value_name = "DATE", value_parser = day, conflicts_with = "off")]
    pub until: Option<Day>,
    /// Only that kind of alert
    #[arg(long, value_name = "KIND", value_parser = alert)]
    pub alert: Option<AlertKind>,
    /// Not now, as a lead of it said: it is not among those to write to until then; alerts are told all the same
    #[arg(long, conflicts_with = "alert")]
    pub calls: bool,
    /// Take it back
    #[arg(long)]
    pub off: bool,
}

/// `target`.
#[derive(Debug, Clone, Args)]
pub struct Target {
    /// The group: urlname, address, name, or a part that only it has
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    pub group: String,
    /// One event every so many months, 1 to 4
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=4), required_unless_present = "off")]
    pub every_months: Option<u8>,
    /// Take it back: what is configured counts again
    #[arg(long, conflicts_with = "every_months")]
    pub off: bool,
}

/// `owner`.
#[derive(Debug, Clone, Args)]
pub struct Owner {
    /// The group: urlname, address, name, or a part that only it has
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    pub group: String,
    /// Who looks after it; no quotes needed
    #[arg(num_args = 1.., value_name = "NAME", required_unless_present = "off")]
    pub name: Vec<String>,
    /// Take it back
    #[arg(long, conflicts_with = "name")]
    pub off: bool,
}

/// `notes`.
#[derive(Debug, Clone, Args)]
pub struct Notes {
    /// Only of that group: by urlname, address, name, or a part that only it has
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    pub group: Option<String>,
    /// Take back what the list has under that id
    #[arg(long, value_name = "ID", conflicts_with_all = ["group", "json"])]
    pub remove: Option<String>,
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

/// A day as somebody writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Day {
    /// That date.
    On(NaiveDate),
    /// So many days from today.
    InDays(u32),
    /// So many months from today.
    InMonths(u32),
}

fn day(text: &str) -> Result<Day, String> {
    let wrong = || "write a date such as 2030-01-31, or +14d, +3w, +2m from today".to_owned();
    let Some(span) = text.strip_prefix('+') else {
        return text.parse().map(Day::On).map_err(|_| wrong());
    };
    let unit = span.chars().next_back().ok_or_else(wrong)?;
    let count: u32 = span
        .strip_suffix(unit)
        .filter(|digits| digits.len() <= 4)
        .and_then(|digits| digits.parse().ok())
        .ok_or_else(wrong)?;
    match unit {
        'd' => Ok(Day::InDays(count)),
        'w' => Ok(Day::InDays(7 * count)),
        'm' => Ok(Day::InMonths(count)),
        _ => Err(wrong()),
    }
}

fn alert(text: &str) -> Result<AlertKind, String> {
    AlertKind::parse(text).ok_or_else(|| {
        let names = ALERTS.map(AlertKind::as_str);
        format!("write one of: {}", names.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_a_date_or_so_far_from_today() {
        let date = "2030-01-31".parse().unwrap();
        for (text, expected) in [
            ("2030-01-31", Day::On(date)),
            ("+14d", Day::InDays(14)),
            ("+3w", Day::InDays(21)),
            ("+2m", Day::InMonths(2)),
        ] {
            assert_eq!(day(text), Ok(expected));
        }
        for text in [
            "",
            "+",
            "+w",
            "3w",
            "+-3w",
            "+3é",
            "+3",
            "31.01.2030",
            "+99999d",
        ] {
            assert!(day(text).is_err(), "{text}");
        }
    }
}
