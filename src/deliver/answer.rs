//! What a service's answer means for a delivery.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::report::clean;

/// What became of one attempt; a decision, with its reason in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It arrived.
    Sent,
    /// It arrived, but not all of it, or not everywhere.
    SentInPart {
        /// How it went, as it goes on after "sent": "without its picture, it was refused".
        lacks: String,
    },
    /// Try again, not before so long.
    Later {
        /// What the service asked for.
        after: Option<Duration>,
        /// Why.
        why: String,
        /// Whether the service asked it of everything we send there, not of this channel alone.
        is_global: bool,
    },
    /// A status like success in words that are not the service's: perhaps it arrived, perhaps something
    /// on the way answered. Worth a few more attempts, not a flood.
    Doubtful {
        /// Why.
        why: String,
    },
    /// Trying again would change nothing.
    Dead {
        /// Why.
        why: String,
    },
    /// Nobody lives at the address any more: neither this nor anything else is to be sent there.
    Gone {
        /// Why.
        why: String,
    },
}

/// What a service's own words say beyond the status.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Told {
    /// Why, where it is told in other words than the body's own.
    pub(super) why: Option<String>,
    /// How long to wait.
    pub(super) after: Option<Duration>,
    /// Whether the wait holds for all channels of the service.
    pub(super) is_global: bool,
}

/// How a service says that it took a message. A status alone does not: a proxy or a sign-in page on the
/// way also answers 200.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Receipt {
    /// A 2xx with whatever but a web page.
    NoPage,
    /// The same from a receiver of webhooks: whatever else it answers may be an ingress that restarts, so
    /// only 410 is its last word (Standard Webhooks).
    Patient,
    /// A 2xx with this word alone.
    Word(&'static str),
}

/// What came back.
#[derive(Debug, Clone, Copy)]
pub(super) struct Answer<'a> {
    pub(super) status: u16,
    pub(super) retry_after: Option<&'a str>,
    /// Clear of secrets.
    pub(super) body: &'a str,
    /// Whether it calls itself a web page.
    pub(super) is_html: bool,
}

impl Answer<'_> {
    fn is_page(&self) -> bool {
        self.is_html || self.body.trim_start().starts_with('<')
    }
}

/// Attempts that even an old delivery gets, and one that may have arrived each time at most.
pub(super) const FAIR_ATTEMPTS: u32 = 3;
/// As much of an answer as is worth showing.
const EXCERPT: usize = 200;
/// However long a service wants to be left alone, it is tried again the next day.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 60 * 60);

/// Judges an answer; `told` was read from its body.
pub(super) fn judge(
    answer: Answer<'_>,
    receipt: Receipt,
    told: &Told,
    now: DateTime<Utc>,
) -> Verdict {
    let status = answer.status;
    let why = || said(status, told.why.as_deref().unwrap_or(answer.body));
    let later = |why| Verdict::Later {
        after: answer
            .retry_after
            .and_then(|text| wait(text, now))
            .max(told.after.map(|after| after.min(LONGEST_WAIT))),
        why,
        is_global: told.is_global,
    };
    match status {
        200..=299 => taken(answer, receipt),
        410 => Verdict::Gone { why: why() },
        408 | 425 | 429 | 500.. => later(why()),
        300..=399 => {
            let why = format!(
                "answered {status}, a redirect to another address; configure the address it leads to"
            );
            match receipt {
                Receipt::Patient => later(why),
                Receipt::NoPage | Receipt::Word(_) => Verdict::Dead { why },
            }
        }
        _ if receipt == Receipt::Patient => later(why()),
        404 => Verdict::Gone { why: why() },
        _ => Verdict::Dead { why: why() },
    }
}

/// Whether a 2xx is the service's own.
fn taken(answer: Answer<'_>, receipt: Receipt) -> Verdict {
    let status = answer.status;
    match receipt {
        // Who stands in the way today may be gone tomorrow.
        _ if answer.is_page() => Verdict::Later {
            after: None,
            why: format!(
                "answered {status} with a web page, which is not the service's answer; a proxy or a sign-in page may be in between"
            ),
            is_global: false,
        },
        Receipt::NoPage | Receipt::Patient => Verdict::Sent,
        Receipt::Word(word) if answer.body.trim() == word => Verdict::Sent,
        Receipt::Word(word) => Verdict::Doubtful {
            why: format!(
                "{}, where the service says \"{word}\"; the message may have arrived all the same",
                said(status, answer.body)
            ),
        },
    }
}

/// An answer in words.
pub(super) fn said(status: u16, body: &str) -> String {
    let body = clean(body);
    if body.is_empty() {
        return format!("answered {status}");
    }
    format!("answered {status}: {}", excerpt(&body))
}

/// As much of what was said as is worth showing.
pub(super) fn excerpt(said: &str) -> String {
    let mut excerpt: String = said.chars().take(EXCERPT).collect();
    if excerpt.len() < said.len() {
        excerpt.push('…');
    }
    excerpt
}

/// Seconds as a service writes them, whole or fractional, or none that make sense.
pub(super) fn seconds(seconds: f64) -> Option<Duration> {
    let is_sensible = seconds.is_finite() && seconds >= 0.0;
    is_sensible.then(|| Duration::from_secs_f64(seconds.min(LONGEST_WAIT.as_secs_f64())))
}

/// `Retry-After`: seconds, whole or fractional, or a date.
fn wait(text: &str, now: DateTime<Utc>) -> Option<Duration> {
    let text = text.trim();
    if let Ok(number) = text.parse::<f64>() {
        return seconds(number);
    }
    let date = DateTime::parse_from_rfc2822(text).ok()?;
    Some(
        (date.to_utc() - now)
            .to_std()
            .unwrap_or_default()
            .min(LONGEST_WAIT),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = "2026-03-05T10:00:00Z".parse().unwrap();
        for (text, expected) in [
            ("30", Some(30_000)),
            (" 1.5 ", Some(1_500)),
            ("0", Some(0)),
            ("Thu, 05 Mar 2026 10:01:00 GMT", Some(60_000)),
            ("Thu, 05 Mar 2026 09:00:00 GMT", Some(0)),
            ("1e99", Some(86_400_000)),
            ("-5", None),
            ("NaN", None),
            ("soon", None),
        ] {
            assert_eq!(
                wait(text, now).map(|wait| wait.as_millis()),
                expected,
                "{text}"
            );
        }
    }
}
