//! How long before an event is announced, and what that did to turnout in this network.

use super::words::{count, median};
use crate::metrics::{GroupFigures, NetworkFigures};

/// "known 12 days ahead (median); here, events announced 21 days before or more draw 7 % more than usual ...".
pub(super) fn notice(network: &NetworkFigures, group: &GroupFigures) -> Option<String> {
    let mut parts = Vec::new();
    if let Some(days) = group.cadence.median_notice_days {
        parts.push(format!("announced {} days ahead (median)", median(days)));
    }
    let known = group.cadence.next_date_known;
    if known.denominator > 0 {
        parts.push(format!(
            "the next date was known within a day of {} of {}",
            known.numerator,
            count(known.denominator, "event", "events")
        ));
    }
    if parts.is_empty() {
        return None;
    }
    let mut told: Vec<String> = Vec::new();
    for (from, band) in network.notice.iter().rev() {
        let Some(band) = band else { continue };
        let Some(draw) = draws(band.ratio) else {
            continue;
        };
        let events = count(band.events, "event", "events");
        told.push(format!("{} drew {draw} ({events})", announced(*from)));
    }
    if !told.is_empty() {
        parts.push(format!("in this network, events {}", told.join(", ")));
    }
    Some(parts.join("; "))
}

/// Within how many days before, by the days at which a band begins.
fn announced(from: u8) -> String {
    match from {
        0 => "announced under 3 days before".to_owned(),
        3 => "announced 3 to 6 days before".to_owned(),
        7 => "announced 7 to 13 days before".to_owned(),
        14 => "announced 14 to 20 days before".to_owned(),
        n => format!("announced {n} days before or more"),
    }
}

/// "7 % more than usual"; none where it makes no difference worth a word.
fn draws(ratio: f64) -> Option<String> {
    #[allow(clippy::cast_possible_truncation)] // a few hundred percent at most
    let percent = (100.0 * (ratio - 1.0)).round() as i64;
    match percent {
        -4..=4 => None,
        5.. => Some(format!("{percent} % more than usual")),
        _ => Some(format!("{} % fewer than usual", -percent)),
    }
}
