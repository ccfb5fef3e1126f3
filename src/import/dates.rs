//! Dates as people write them: year first with dashes, or in an order that was told.

use chrono::NaiveDate;

use crate::community::DateOrder;

/// Reads a date. 2026-12-31 is always understood.
pub(super) fn date(text: &str, order: Option<DateOrder>) -> Result<NaiveDate, String> {
    let parts: Vec<&str> = text.split(['-', '/', '.']).map(str::trim).collect();
    let are_numbers = |part: &&str| !part.is_empty() && part.bytes().all(|it| it.is_ascii_digit());
    let [first, second, third] = parts[..] else {
        return Err(format!(
            "\"{text}\" is no date; write one such as 2026-12-31"
        ));
    };
    if !parts.iter().all(are_numbers) {
        return Err(format!(
            "\"{text}\" is no date; write one such as 2026-12-31"
        ));
    }
    let is_iso = first.len() == 4 && text.matches('-').count() == 2;
    let (year, month, day) = match order {
        _ if is_iso => (first, second, third),
        None => {
            return Err(format!(
                "\"{text}\" may be read in two ways; say the order with --dates DMY, MDY or YMD"
            ));
        }
        Some(DateOrder::DayMonthYear) => (third, second, first),
        Some(DateOrder::MonthDayYear) => (third, first, second),
        Some(DateOrder::YearMonthDay) => (first, second, third),
    };
    if year.len() != 4 {
        return Err(format!("\"{text}\" has no year of four digits"));
    }
    let number = |part: &str| part.parse::<u32>().ok();
    let read = || {
        let year = year.parse().ok()?;
        NaiveDate::from_ymd_opt(year, number(month)?, number(day)?)
    };
    read().ok_or_else(|| format!("there is no day \"{text}\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_read_in_the_order_told_and_refused_where_it_may_be_two() {
        use DateOrder::{DayMonthYear, MonthDayYear, YearMonthDay};
        let day = NaiveDate::from_ymd_opt(2026, 3, 4);
        for (text, order) in [
            ("2026-03-04", None),
            ("2026-03-04", Some(DayMonthYear)),
            ("4.3.2026", Some(DayMonthYear)),
            ("04/03/2026", Some(DayMonthYear)),
            ("04-03-2026", Some(DayMonthYear)),
            ("3/4/2026", Some(MonthDayYear)),
            ("2026/03/04", Some(YearMonthDay)),
            ("2026.3.4", Some(YearMonthDay)),
        ] {
            assert_eq!(date(text, order).ok(), day, "{text} {order:?}");
        }
        for (text, order) in [
            ("4.3.2026", None),
            ("2026/03/04", None),
            ("4.3.26", Some(DayMonthYear)),
            ("31.02.2026", Some(DayMonthYear)),
            ("2026-02-30", None),
            ("2026-03", None),
            ("2026-03-04T10:00:00", None),
            ("March 4, 2026", None),
            ("46085", None),
            ("", None),
        ] {
            assert!(date(text, order).is_err(), "{text} {order:?}");
        }
    }
}
