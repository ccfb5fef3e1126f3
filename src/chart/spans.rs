//! The parts of a past: quarters, or years where quarters would be too many.

/// Quarters shown at most; beyond, years are.
const QUARTERS: i64 = 10;
/// Years shown at most: the latest.
const YEARS: i64 = 12;

/// A part of the past.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// How it is called on an axis.
    pub(super) short: String,
    /// How it is called in words.
    pub(super) long: String,
    from: i64,
    to: i64,
}

impl Part {
    /// Whether a quarter (year x 4 + quarter - 1) lies in it.
    pub(super) fn has(&self, quarter: i64) -> bool {
        (self.from..=self.to).contains(&quarter)
    }
}

/// The parts from one quarter to another, oldest first.
pub(super) fn parts(first: i64, last: i64) -> Vec<Part> {
    let first = first.min(last);
    if last.saturating_sub(first) < QUARTERS {
        return (first..=last)
            .map(|quarter| {
                let (year, nth) = (quarter.div_euclid(4), quarter.rem_euclid(4) + 1);
                Part {
                    short: format!("Q{nth} {:02}", year.rem_euclid(100)),
                    long: format!("{year}, quarter {nth}"),
                    from: quarter,
                    to: quarter,
                }
            })
            .collect();
    }
    let last = last.div_euclid(4);
    (first.div_euclid(4).max(last - YEARS + 1)..=last)
        .map(|year| Part {
            short: year.to_string(),
            long: year.to_string(),
            from: year * 4,
            to: year * 4 + 3,
        })
        .collect()
}

/// What the parts are called together.
pub(super) fn named(parts: &[Part]) -> &'static str {
    match parts.first() {
        Some(part) if part.from == part.to => "quarter",
        _ => "year",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_past_is_told_by_quarters_and_a_long_one_by_its_latest_years() {
        let short = |first, last| -> Vec<String> {
            parts(first, last).into_iter().map(|it| it.short).collect()
        };
        assert_eq!(short(2025 * 4 + 3, 2026 * 4), ["Q4 25", "Q1 26"]);
        assert_eq!(short(2023 * 4, 2026 * 4).join(" "), "2023 2024 2025 2026");
        assert_eq!(short(1990 * 4, 2026 * 4).first().unwrap(), "2015");
        assert!(parts(2023 * 4, 2026 * 4)[1].has(2024 * 4 + 3));
    }
}
