//! One group in depth.

use super::{Ink, Page, block};
use crate::metrics::{Ahead, GroupFigures};
use crate::report::compose::{GroupReport, Report};
use crate::report::expect::{basis, expectation, order};
use crate::report::helps::{handing_over, what_helps, whole};
use crate::report::plain::{clean, fit, width};
use crate::report::words::{ago, count, local_day, median, number, say, share, weekday};

/// Where the text beside the labels begins.
const LABEL: usize = 12;
/// Scheduled events told.
const AHEAD: usize = 5;

/// Writes all there is; `notes` is what is remembered of contact with the group, line by line.
pub(super) fn write(page: &mut Page, report: &Report, group: &GroupReport, notes: &[String]) {
    let figures = &group.figures;
    title(page, figures);
    page.paragraph("", &group.reasons.join(" "));
    pauses(page, figures);
    page.blank();
    block::months(page, figures, "");
    years(page, figures);
    page.blank();
    said_yes(page, figures);
    for event in report.ahead_of(group).take(AHEAD) {
        ahead(page, figures, event);
    }
    labelled(page, "Hosts", &hosts(figures));
    together(page, figures);
    if let Some(sentence) = handing_over(figures) {
        labelled(page, "Hand-over", &sentence);
    }
    block::leaders(page, figures, &format!("{:LABEL$}", "Contact"));
    for (index, note) in notes.iter().enumerate() {
        labelled(page, if index == 0 { "Notes" } else { "" }, &clean(note));
    }
    labelled(page, "What helps", &what_helps(report, group));
    trust(page, report, figures);
}

/// The name on the left, the status on the right.
fn title(page: &mut Page, figures: &GroupFigures) {
    let mut parts = vec![clean(&figures.name)];
    parts.extend(
        figures
            .country
            .as_deref()
            .map(|it| clean(it).to_uppercase()),
    );
    parts.extend(
        figures
            .founded_local
            .map(|founded| format!("founded {}", founded.format("%b %Y"))),
    );
    parts.push(count(figures.events_ever, "event", "events"));
    let status = figures.status.map_or("", say).to_uppercase();
    let left = fit(
        &parts.join(" · "),
        page.width.saturating_sub(width(&status) + 2),
    );
    let between = page.width.saturating_sub(width(&left) + width(&status));
    page.line(Ink::Bold, &format!("{left}{}{status}", " ".repeat(between)));
    page.line(
        Ink::Dim,
        &format!("{} · {}", clean(&figures.urlname), clean(&figures.link)),
    );
}

fn pauses(page: &mut Page, figures: &GroupFigures) {
    let today = figures.as_of_local.date_naive();
    if let Some(last) = &figures.last_event {
        let day = last.starts_local.date();
        page.paragraph(
            "",
            &format!(
                "Last met {} ({}; {} said yes).",
                weekday(day, today),
                ago((today - day).num_days()),
                number(last.yes)
            ),
        );
    }
    if figures.pauses.is_empty() {
        return;
    }
    let longest: Vec<String> = figures
        .pauses
        .iter()
        .map(|(days, until)| format!("{days} days (until {})", local_day(*until, today)))
        .collect();
    page.paragraph(
        "",
        &format!(
            "Its longest pauses of three years: {}. Longer than usual is over {} days.",
            longest.join(", "),
            whole(figures.cadence.overdue_after_days)
        ),
    );
}

fn years(page: &mut Page, figures: &GroupFigures) {
    if figures.years.is_empty() {
        return;
    }
    let years: Vec<String> = figures
        .years
        .iter()
        .map(|(year, events)| format!("{year} {events}"))
        .collect();
    page.paragraph("Years    ", &years.join(" · "));
}

fn said_yes(page: &mut Page, figures: &GroupFigures) {
    let attendance = &figures.attendance;
    let Some(typical) = attendance.median_yes else {
        labelled(page, "Said yes", "no events in the last 365 days");
        return;
    };
    let again = figures.repeat.repeat_rate;
    labelled(
        page,
        "Said yes",
        &format!(
            "typically {} in the last 365 days; {}, {} took part more than once",
            median(typical),
            count(
                attendance.people_365,
                "different person",
                "different people"
            ),
            share(again, "people"),
        ),
    );
    let first = figures.repeat.first_timer_return_90;
    if first.denominator > 0 {
        labelled(
            page,
            "Came back",
            &format!(
                "within 90 days of their first time: {}",
                share(first, "people")
            ),
        );
    }
    if attendance.attendance_taken.numerator > 0 {
        labelled(
            page,
            "Came",
            &format!(
                "at most {}, where attendance was marked",
                share(attendance.show_rate, "who had said yes")
            ),
        );
    }
}

fn ahead(page: &mut Page, figures: &GroupFigures, event: &Ahead) {
    let today = figures.as_of_local.date_naive();
    labelled(
        page,
        "Next",
        &format!(
            "{} {} · {} · {} yes · {}",
            weekday(event.starts_local.date(), today),
            event.starts_local.format("%H:%M"),
            clean(&event.title),
            number(event.yes),
            expectation(event)
        ),
    );
    if let Some(expected) = &event.expected {
        let what = order(expected).map_or_else(String::new, |order| format!("; {order}"));
        labelled(page, "", &format!("{}{what}", basis(expected)));
    }
}

fn hosts(figures: &GroupFigures) -> String {
    let o = &figures.organizers;
    if o.hosts_365 == 0 {
        return "none known in the last 365 days".to_owned();
    }
    let mut parts = vec![format!("{} in the last 365 days", number(o.hosts_365))];
    parts.push(match (o.hosts_90, o.local_hosts_90) {
        (0, _) => "none in the last 90".to_owned(),
        (all, Some(local)) => format!("{all} in the last 90, {local} of them local"),
        (all, None) => format!("{all} in the last 90"),
    });
    if o.new_hosts_365 > 0 && o.new_hosts_365 < o.hosts_365 {
        parts.push(format!("{} new", number(o.new_hosts_365)));
    }
    match o.host_absence_factor {
        Some(1) if o.hosts_365 > 1 => parts.push("if one person stops, half the events go".into()),
        Some(n) if o.hosts_365 > n => parts.push(format!("if {n} people stop, half the events go")),
        _ => {}
    }
    if let Some(staff) = o.staff_hosted_share.filter(|of| of.denominator > 0) {
        parts.push(if staff.numerator == 0 {
            "no event by our staff alone".to_owned()
        } else {
            format!("by our staff alone: {}", share(staff, "events"))
        });
    }
    parts.join("; ")
}

fn together(page: &mut Page, figures: &GroupFigures) {
    let met = figures.side_to_side.acquainted_rate;
    if met.denominator == 0 {
        return;
    }
    let pairs = figures.side_to_side.recurring_pairs;
    labelled(
        page,
        "Together",
        &format!(
            "{} met somebody in person more than once in the last 365 days ({})",
            share(met, "people"),
            count(pairs, "pair", "pairs")
        ),
    );
}

fn trust(page: &mut Page, report: &Report, figures: &GroupFigures) {
    let fresh = &report.freshness;
    let mut parts = Vec::new();
    let taken = figures.attendance.attendance_taken;
    if taken.denominator > 0 {
        parts.push(format!(
            "attendance marked at {} of {}",
            number(taken.numerator),
            count(taken.denominator, "event", "events")
        ));
    }
    if figures.growth.members.is_none() {
        parts.push("roster unknown as of then".to_owned());
    }
    let unread = fresh
        .unread_groups
        .iter()
        .zip(&fresh.unread_reasons)
        .find(|(urlname, _)| **urlname == figures.urlname);
    parts.push(match (unread, fresh.last_pass_at) {
        (Some((_, why)), _) => format!("could not be read: {}", clean(why)),
        (None, Some(at)) => format!("read {}", at.format("%-d %b %Y, %H:%M UTC")),
        (None, None) => "not fully read yet".to_owned(),
    });
    parts.push(format!(
        "definitions version {}",
        report.definitions_version
    ));
    labelled(page, "Trust", &parts.join(" · "));
}

fn labelled(page: &mut Page, label: &str, text: &str) {
    page.paragraph(&format!("{label:LABEL$}"), text);
}
