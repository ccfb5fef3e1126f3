//! How figures are said to people: as if the organizer read it.

use chrono::{Datelike, NaiveDate};

use crate::metrics::{Rate, Status};

/// What a status is called.
pub fn say(status: Status) -> &'static str {
    match status {
        Status::New => "new",
        Status::Unstarted => "no first event yet",
        Status::Restarted => "restarted",
        Status::Quiet => "quiet",
        Status::Overdue => "long without a date",
        Status::OnTarget => "meets as agreed",
        Status::Meeting => "meets now and then",
    }
}

/// How long a quiet group has been quiet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Quietness {
    /// Over 180 and up to 365 days.
    Months,
    /// Up to 1,095 days.
    Years,
    /// Longer.
    ManyYears,
}

impl Quietness {
    /// The band of so many days without an event.
    pub fn of(days: i64) -> Self {
        match days {
            ..=365 => Self::Months,
            366..=1095 => Self::Years,
            _ => Self::ManyYears,
        }
    }

    /// What the band is called.
    pub fn say(self) -> &'static str {
        match self {
            Self::Months => "6–12 months",
            Self::Years => "1–3 years",
            Self::ManyYears => "over 3 years",
        }
    }
}

/// "1 request", "1,200 requests".
pub fn many(count: u64, one: &str, many: &str) -> String {
    let noun = if count == 1 { one } else { many };
    format!(
        "{} {noun}",
        number(i64::try_from(count).unwrap_or(i64::MAX))
    )
}

/// A number with its thousands apart.
pub fn number(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut spaced = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            spaced.push(',');
        }
        spaced.push(digit);
    }
    if n < 0 { format!("-{spaced}") } else { spaced }
}

/// "1 event", "12 events".
pub(super) fn count(n: i64, one: &str, many: &str) -> String {
    format!("{} {}", number(n), if n == 1 { one } else { many })
}

/// "12 of 40 people (30%)"; under a denominator of 5 the counts alone.
pub fn share(rate: Rate, of_what: &str) -> String {
    let counts = format!(
        "{} of {} {of_what}",
        number(rate.numerator),
        number(rate.denominator)
    );
    if rate.denominator < 5 {
        return counts;
    }
    let percent = (200 * rate.numerator + rate.denominator) / (2 * rate.denominator);
    format!("{counts} ({percent}%)")
}

/// A local date as people write it, with the year only when it is not this one: "6 May", "6 May 2025".
pub fn local_day(date: NaiveDate, today: NaiveDate) -> String {
    let form = if date.year() == today.year() {
        "%-d %b"
    } else {
        "%-d %b %Y"
    };
    date.format(form).to_string()
}

/// "Wed 6 May".
pub(super) fn weekday(date: NaiveDate, today: NaiveDate) -> String {
    format!("{} {}", date.format("%a"), local_day(date, today))
}

/// "May", "May 2025".
pub(super) fn month(date: NaiveDate, today: NaiveDate) -> String {
    let form = if date.year() == today.year() {
        "%B"
    } else {
        "%B %Y"
    };
    date.format(form).to_string()
}

/// "July", "July and August", "July, August and December".
pub(super) fn months_of_the_year(months: &[u32]) -> String {
    let names: Vec<String> = months
        .iter()
        .filter_map(|month| NaiveDate::from_ymd_opt(2000, *month, 1))
        .map(|date| date.format("%B").to_string())
        .collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => names.join(""),
    }
}

/// So many days ago, in the unit one would say it in.
pub(super) fn ago(days: i64) -> String {
    match days {
        0 => "today".to_owned(),
        1 => "yesterday".to_owned(),
        ..=13 => format!("{days} days ago"),
        14..=119 => format!("{} weeks ago", days / 7),
        120..=729 => format!("{} months ago", days * 12 / 365),
        _ => format!("{} years ago", days / 365),
    }
}

/// A median as people read it: whole, a half rounded up, for half a person is nobody.
pub fn median(value: f64) -> String {
    number(rounded(value))
}

/// To the nearest whole number, a half up.
#[allow(clippy::cast_possible_truncation)] // counts of people and days
pub(super) fn rounded(value: f64) -> i64 {
    (value + 0.5).floor() as i64
}

/// By how much a figure differs from the one before, in percent: "+12 %", "-46 %"; none where that is less
/// than a tenth, or there was nothing before.
pub fn changed(now: i64, before: i64) -> Option<String> {
    if before <= 0 || 10 * (now - before).abs() < before {
        return None;
    }
    // Half away from zero, so that as much more and as much less are alike.
    let percent = (200 * (now - before).abs() + before) / (2 * before);
    let sign = if now < before { '-' } else { '+' };
    Some(format!("{sign}{percent} %"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn under_a_denominator_of_five_the_counts_stand_alone() {
        assert_eq!(share(Rate::new(2, 4), "people"), "2 of 4 people");
        assert_eq!(share(Rate::new(2, 5), "people"), "2 of 5 people (40%)");
        assert_eq!(share(Rate::new(1, 8), "people"), "1 of 8 people (13%)");
        assert_eq!(
            share(Rate::new(1, 3000), "people"),
            "1 of 3,000 people (0%)"
        );
        assert_eq!(share(Rate::new(0, 0), "people"), "0 of 0 people");
    }

    #[test]
    fn half_a_person_is_rounded_up() {
        assert_eq!(median(3.5), "4");
        assert_eq!(median(3.0), "3");
        assert_eq!(median(3.49), "3");
        assert_eq!(median(0.5), "1");
    }

    #[test]
    fn a_change_is_one_from_a_tenth_on() {
        for (now, before, told) in [
            (110, 100, Some("+10 %")),
            (109, 100, None),
            (90, 100, Some("-10 %")),
            (91, 100, None),
            (1_691, 3_110, Some("-46 %")),
            (5, 0, None),
            (0, 4, Some("-100 %")),
            (0, 0, None),
        ] {
            assert_eq!(
                changed(now, before).as_deref(),
                told,
                "{now} after {before}"
            );
        }
    }

    #[test]
    fn numbers_are_grouped_by_thousands() {
        for (n, text) in [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (1_234_567, "1,234,567"),
            (-1000, "-1,000"),
        ] {
            assert_eq!(number(n), text);
        }
    }

    #[test]
    fn quiet_bands_end_at_one_and_three_years() {
        let bands = [181, 365, 366, 1095, 1096].map(Quietness::of);
        assert_eq!(
            bands,
            [
                Quietness::Months,
                Quietness::Months,
                Quietness::Years,
                Quietness::Years,
                Quietness::ManyYears
            ]
        );
    }

    #[test]
    fn months_off_are_listed_as_one_says_them() {
        assert_eq!(months_of_the_year(&[7]), "July");
        assert_eq!(months_of_the_year(&[7, 8]), "July and August");
        assert_eq!(months_of_the_year(&[1, 7, 8]), "January, July and August");
    }
}
