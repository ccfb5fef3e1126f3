//! What is spent, in words and signs: exact amounts, and the currencies they are in.

use super::words::closed;

closed! {
    /// What can be imported.
    ImportKind {
        /// What was spent, on what, for which group.
        Spending = "spending",
        /// What currencies were worth, month by month.
        Rates = "rates",
        /// What may be spent.
        Budget = "budget",
    }

    /// In which order a date is written.
    DateOrder {
        /// 31.12.2026
        DayMonthYear = "DMY",
        /// 12/31/2026
        MonthDayYear = "MDY",
        /// 2026/12/31
        YearMonthDay = "YMD",
    }

    /// Which sign stands before the cents.
    DecimalSign {
        /// 1234.50
        Point = "point",
        /// 1234,50
        Comma = "comma",
    }

    /// What money was spent on.
    SpendingKind {
        /// A room.
        Venue = "venue",
        /// Food and drinks.
        Food = "food",
        /// Things that are given away.
        Swag = "swag",
        /// Somebody who speaks.
        Speaker = "speaker",
        /// What a service costs, such as Meetup itself.
        Fee = "fee",
        /// Getting there, and staying.
        Travel = "travel",
        /// Anything else.
        Other = "other",
    }
}

/// A currency by the three letters of ISO 4217.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency([u8; 3]);

impl Currency {
    /// Three letters, in capitals or not.
    pub fn parse(text: &str) -> Option<Self> {
        let letters: [u8; 3] = text.as_bytes().try_into().ok()?;
        let are_letters = letters.iter().all(u8::is_ascii_alphabetic);
        are_letters.then(|| Self(letters.map(|it| it.to_ascii_uppercase())))
    }

    /// The three letters, in capitals.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl std::fmt::Display for Currency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl serde::Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

/// A calendar month, wherever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct YearMonth {
    /// In which year.
    pub year: i32,
    /// 1 to 12.
    pub month: u32,
}

impl YearMonth {
    /// "2026-03", and no other way.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        let is_number =
            |text: &str, digits| text.len() == digits && text.bytes().all(|it| it.is_ascii_digit());
        if !is_number(year, 4) || !is_number(month, 2) {
            return None;
        }
        let month = month
            .parse()
            .ok()
            .filter(|month| (1..=12).contains(month))?;
        Some(Self {
            year: year.parse().ok()?,
            month,
        })
    }
}

impl std::fmt::Display for YearMonth {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}
