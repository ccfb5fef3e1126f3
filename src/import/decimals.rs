//! Amounts as people write them, kept exactly.

use rust_decimal::Decimal;

use crate::community::DecimalSign;

fn sign(of: DecimalSign) -> char {
    match of {
        DecimalSign::Point => '.',
        DecimalSign::Comma => ',',
    }
}

fn other(than: DecimalSign) -> DecimalSign {
    match than {
        DecimalSign::Point => DecimalSign::Comma,
        DecimalSign::Comma => DecimalSign::Point,
    }
}

/// Reads an amount. `usual` is how such a file has it; thousands may be set apart only where it was `told`.
pub(super) fn decimal(
    text: &str,
    usual: DecimalSign,
    told: Option<DecimalSign>,
) -> Result<Decimal, String> {
    let usual = told.unwrap_or(usual);
    let (point, unlike) = (sign(usual), other(usual));
    let no_amount = || format!("\"{text}\" is no amount; write digits, such as 1234{point}50");
    let (is_negative, digits) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, part) = match digits.split_once(point) {
        Some((whole, part)) => (whole, Some(part)),
        None => (digits, None),
    };
    if told.is_none() && digits.contains(sign(unlike)) {
        return Err(format!(
            "\"{text}\" may be read in two ways; say with --decimal {} or --decimal {} which sign stands before the cents",
            usual.as_str(),
            unlike.as_str()
        ));
    }
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    if part.is_some_and(|part| !are_digits(part)) {
        return Err(no_amount());
    }
    let is_between =
        |c: char| told.is_some() && (c == sign(unlike) || "'\u{2019} \u{a0}\u{202f}".contains(c));
    let mut groups = whole.split(is_between);
    let first = groups.next().unwrap_or_default();
    let rest: Vec<&str> = groups.collect();
    let is_well_set = rest.is_empty() || (first.len() <= 3 && rest.iter().all(|it| it.len() == 3));
    if !are_digits(first) || !rest.iter().all(|it| are_digits(it)) || !is_well_set {
        return Err(no_amount());
    }
    let written = format!(
        "{}{first}{}.{}",
        if is_negative { "-" } else { "" },
        rest.concat(),
        part.unwrap_or("0")
    );
    Decimal::from_str_exact(&written).map_err(|_| format!("\"{text}\" has too many digits"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use DecimalSign::{Comma, Point};

    #[test]
    fn an_amount_is_exact_and_refused_where_it_may_be_two() {
        for (text, usual, told, is) in [
            ("12.50", Point, None, Some("12.50")),
            ("12,50", Comma, None, Some("12.50")),
            ("0.1", Point, None, Some("0.1")),
            ("1234567890.1234", Point, None, Some("1234567890.1234")),
            ("-5", Point, None, Some("-5")),
            ("1.234,50", Comma, Some(Comma), Some("1234.50")),
            ("1.234.567,5", Comma, Some(Comma), Some("1234567.5")),
            ("1 234,50", Comma, Some(Comma), Some("1234.50")),
            ("1,234.50", Point, Some(Point), Some("1234.50")),
            ("1'234.50", Point, Some(Point), Some("1234.50")),
            ("12,50", Point, Some(Comma), Some("12.50")),
            ("1.234", Comma, Some(Comma), Some("1234")),
            ("1.234,50", Comma, None, None),
            ("1.234", Comma, None, None),
            ("1,234.50", Point, None, None),
            ("12,50", Point, None, None),
            ("12.34,50", Comma, Some(Comma), None),
            ("1.2.3", Point, None, None),
            (".5", Point, None, None),
            ("5.", Point, None, None),
            ("1e3", Point, None, None),
            ("€5", Point, None, None),
            ("5 EUR", Point, None, None),
            ("+5", Point, None, None),
            ("٣", Point, None, None),
            ("", Point, None, None),
            ("9".repeat(40).as_str(), Point, None, None),
        ] {
            let read = decimal(text, usual, told).ok();
            let is = is.map(|it| Decimal::from_str_exact(it).unwrap());
            assert_eq!(read, is, "{text} {usual:?} {told:?}");
        }
    }
}
