//! What to expect of an event, in words.

use super::words::{count, number, rounded};
use crate::metrics::{Ahead, Basis, Counts, Expected, NoForecast, ShowBasis};

/// "expect 18 to 26 of whom ..., most likely 22", or why there is no forecast.
pub fn expectation(event: &Ahead) -> String {
    match (&event.expected, event.no_forecast) {
        (Some(expected), _) => forecast(expected),
        (None, Some(why)) => no_forecast(why).to_owned(),
        (None, None) => "no forecast".to_owned(),
    }
}

fn forecast(expected: &Expected) -> String {
    let range = if expected.low == expected.high {
        number(expected.turnout)
    } else {
        format!("{} to {}", number(expected.low), number(expected.high))
    };
    match expected.counts {
        Counts::Came => format!("expect {range}"),
        Counts::SaidYes => format!("expect {range} to say yes"),
    }
}

/// Whose past the forecast is made of, and how well it is known.
pub fn basis(expected: &Expected) -> String {
    let whose = match expected.basis {
        Basis::Group => format!(
            "from its own {}",
            count(expected.past_events, "past event", "past events")
        ),
        Basis::Network => "from the network's past, as it has under 5 events of its own".to_owned(),
    };
    let approximate = if expected.is_approximate {
        "; when people said yes is partly an approximation"
    } else {
        ""
    };
    format!("{whose}{approximate}")
}

/// What to order, and by whose show rate: "36 seats, food for 32, 36 badges (with guests; by its show rate of
/// 71%)".
pub fn order(expected: &Expected) -> Option<String> {
    let order = expected.order?;
    let by = expected.show_share.zip(expected.show_basis);
    let by = by.map_or_else(String::new, |(share, basis)| {
        let whose = match basis {
            ShowBasis::Group => "its",
            ShowBasis::Network => "the network's",
            ShowBasis::Configured => "the configured",
        };
        format!("; by {whose} show rate of {}%", rounded(100.0 * share))
    });
    Some(format!(
        "{}, food for {}, {} (with guests{by})",
        count(order.seats, "seat", "seats"),
        number(order.food),
        count(order.badges, "badge", "badges")
    ))
}

fn no_forecast(why: NoForecast) -> &'static str {
    match why {
        NoForecast::HistoryIncomplete => "no forecast while its history is being read",
        NoForecast::FirstEvent => "no forecast for a first event",
        NoForecast::LongPause => "no forecast after so long a pause",
        NoForecast::TooFarAhead => "no forecast so far ahead",
        NoForecast::NotProven => "no forecast: so far, who says yes tells as much",
    }
}
