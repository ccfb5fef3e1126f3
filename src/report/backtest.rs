//! How good forecasts of turnout were, and how right the calls, for a terminal.

use super::text::{Ink, Page, Style};
use super::words::{count, number, share};
use crate::metrics::{Backtest, Called, Calls, LeadResult, Rate};

/// The replay as text.
pub fn backtest_text(backtest: &Backtest, style: Style) -> String {
    let mut page = Page::new(style);
    turnout(&mut page, backtest);
    page.blank();
    calls(&mut page, backtest.calls);
    page.text
}

/// The calls beside plain ones, and how many long silences they told in time.
fn calls(page: &mut Page, calls: Calls) {
    let Called {
        cases,
        long,
        made,
        right,
        ..
    } = calls.ours;
    page.line(
        Ink::Bold,
        "Calls to groups, replayed over the pauses that began up to 1,275 days before",
    );
    page.blank();
    if cases == 0 {
        page.paragraph(
            "",
            "No pause could be replayed: none of 45 days or more with nothing announced began from 1,275 to 180 \
             days before.",
        );
        return;
    }
    page.line(
        Ink::Dim,
        "                   calls   right   told by day 75   by day 90   by day 120",
    );
    for (name, of) in [
        ("as configured", calls.ours),
        ("at 90 days", calls.plain_90),
        ("at 105 days", calls.plain_105),
    ] {
        page.line(
            Ink::Plain,
            &format!(
                "  {name:<14}   {:>5}   {:>5}   {:>14}   {:>9}   {:>10}",
                number(of.made),
                number(of.right),
                number(of.long_told_by_75),
                number(of.long_told_by_90),
                number(of.long_told_by_120),
            ),
        );
    }
    page.blank();
    page.paragraph(
        "",
        &format!(
            "Of {}, {} told by day 90 and {} by day 120, in {}, of which {} right.",
            count(long, "long silence", "long silences"),
            was(calls.ours.long_told_by_90),
            number(calls.ours.long_told_by_120),
            count(made, "call", "calls"),
            was(right),
        ),
    );
    page.paragraph(
        "",
        &format!(
            "A call is right where the pause went past 180 days: {}. Of {} of 45 days or more with nothing announced, {} did.",
            share(Rate::new(right, made), "calls"),
            count(cases, "pause", "pauses"),
            number(long),
        ),
    );
    page.paragraph(
        "",
        "Targets and months off are left out. Statuses are not rewound: events announced then and cancelled since \
         leave no trace.",
    );
}

fn was(n: i64) -> String {
    format!("{} {}", number(n), if n == 1 { "was" } else { "were" })
}

/// Forecasts beside simpler ones.
fn turnout(page: &mut Page, backtest: &Backtest) {
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
        return;
    }
    page.paragraph("", "How many people forecasts were off by, on average:");
    page.blank();
    page.line(
        Ink::Dim,
        "  days before  events  our forecast  all who said yes  as last time  in range",
    );
    for lead in &backtest.leads {
        let mean = |error: Option<f64>| error.map_or("-".to_owned(), |error| format!("{error:.2}"));
        page.line(
            Ink::Plain,
            &format!(
                "  {:>11}  {:>6}  {:>12}  {:>16}  {:>12}  {:>8}",
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
    page.paragraph(
        "",
        "Events are left out where it is unknown when more than a tenth of the yes were given: marking who came \
         moves the date of an answer.",
    );
    if approximate > 0 {
        page.paragraph(
            "",
            "Part of it is an approximation: answers read only afterwards are dated by their last change.",
        );
    }
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
