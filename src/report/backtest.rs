//! How good forecasts of turnout were, for a terminal.

use super::text::{Ink, Page, Style};
use super::words::{number, share};
use crate::metrics::{Backtest, LeadResult};

/// The replay as text.
pub fn backtest_text(backtest: &Backtest, style: Style) -> String {
    let mut page = Page::new(style);
    page.line(
        Ink::Bold,
        &format!(
            "Expected turnout, replayed over the 365 days up to {}",
            backtest.as_of.format("%-d %B %Y, %H:%M UTC")
        ),
    );
    page.blank();
    if backtest.leads.iter().all(|lead| lead.events == 0) {
        page.paragraph(
            "",
            "No event could be replayed: none had an earlier one to learn from, or what was answered when is unknown.",
        );
        return page.text;
    }
    page.paragraph("", "How many people forecasts were off by, on average:");
    page.blank();
    page.line(
        Ink::Dim,
        "  days before   events   our forecast   all who said yes   as last time   in the range",
    );
    for lead in &backtest.leads {
        let mean = |error: Option<f64>| error.map_or("-".to_owned(), |error| format!("{error:.2}"));
        page.line(
            Ink::Plain,
            &format!(
                "  {:>11}   {:>6}   {:>12}   {:>16}   {:>12}   {:>12}",
                lead.lead_days,
                number(lead.events),
                mean(lead.error_forecast),
                mean(lead.error_all_yes),
                mean(lead.error_last_event),
                lead.inside_range
                    .value
                    .map_or("-".to_owned(), |value| format!("{:.0}%", value * 100.0)),
            ),
        );
    }
    page.blank();
    for lead in &backtest.leads {
        page.paragraph("", &verdict(lead));
    }
    page.blank();
    page.paragraph(
        "",
        "The range promises to hold 80% of turnouts. Forecasts are shown only at lead times where they were \
         off by less than \"all who said yes come\", over ten events at least.",
    );
    let (taken, events, approximate) = backtest.leads.iter().fold((0, 0, 0), |sum, lead| {
        (
            sum.0 + lead.attendance_taken,
            sum.1 + lead.events,
            sum.2 + lead.approximate,
        )
    });
    if taken < events {
        page.paragraph(
            "",
            "Where attendance was not taken, turnout is who said yes in the end.",
        );
    }
    if approximate > 0 {
        page.paragraph(
            "",
            "Part of it is an approximation: answers read only afterwards are dated by their last change.",
        );
    }
    page.text
}

fn verdict(lead: &LeadResult) -> String {
    let days = match lead.lead_days {
        1 => "1 day".to_owned(),
        n => format!("{n} days"),
    };
    let shown = if lead.is_shown {
        "forecasts are shown"
    } else {
        "no forecasts are shown"
    };
    format!(
        "{days} before: {shown}; {} in the range; attendance was taken at {}.",
        share(lead.inside_range, "events"),
        number(lead.attendance_taken)
    )
}
