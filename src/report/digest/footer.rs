//! What could not be read, which figures told before moved, what is unknown, and how a number is made.

use chrono::{Datelike as _, TimeDelta};

use super::desk::Desk;
use super::listing::listed;
use super::restated;
use crate::report::compose::NO_ROSTER;
use crate::report::message::Line;
use crate::report::read_until::{Place, sentences};

/// Urlnames listed.
const LISTED: usize = 8;

/// The lines.
pub(super) fn footer(desk: &Desk<'_>) -> Vec<Line> {
    let report = desk.report;
    let fresh = &report.freshness;
    let mut lines = Vec::new();
    if !fresh.unread_groups.is_empty() {
        let unread = listed(&fresh.unread_groups, LISTED);
        lines.push(Line::plain(sentences(report, Place::Digest, &unread)));
    }
    if !fresh.incomplete_groups.is_empty() {
        lines.push(Line::plain(format!(
            "History still being read, so in no figure: {}.",
            listed(&fresh.incomplete_groups, LISTED)
        )));
    }
    if !report.known.roster {
        lines.push(Line::plain(NO_ROSTER));
    }
    lines.extend(monthly_page(desk));
    lines.extend(hints(desk));
    lines.push(
        Line::plain("How a number is made: ").code("gatherd report --explain KEY --group GROUP"),
    );
    // Last, since it can be long, and where there is little room the end is cut.
    lines.extend(restated::lines(desk));
    lines
}

/// That the next digest is the monthly page, where a week from now it is another month.
fn monthly_page(desk: &Desk<'_>) -> Option<Line> {
    let today = desk.given.today();
    let next = today + TimeDelta::days(7);
    (!desk.given.is_monthly && next.month() != today.month()).then(|| {
        Line::plain(format!(
            "The first digest of {} has the monthly page: ambassadors, keys, hand-over, people we miss, groups that share people, and those quiet over a year.",
            next.format("%B")
        ))
    })
}

/// What there is to configure, for whoever runs gatherd: with the first digest and once a month.
fn hints(desk: &Desk<'_>) -> Vec<Line> {
    let (given, known) = (desk.given, desk.report.known);
    if !given.is_for_operator || !(given.is_monthly || given.before.is_empty()) {
        return Vec::new();
    }
    let mut lines = Vec::new();
    if !known.staff {
        lines.push(
            Line::plain("Which hosts are staff is not configured: list their ids as ")
                .code("member_ids")
                .text(" under ")
                .code("[staff]")
                .text(" to see who is local."),
        );
    }
    if known.show_rate.is_none() && desk.network().attendance_owed > 0 {
        lines.push(
            Line::plain("For orders of seats and food, have attendance marked, or set ")
                .code("show_rate")
                .text(" under ")
                .code("[metrics]")
                .text(": the share of those who say yes that comes."),
        );
    }
    if !known.policy.is_set() {
        lines.push(
            Line::plain("What you ask of every group goes under ")
                .code("[policy]")
                .text(", for instance ")
                .code("events_per_year = 4")
                .text("."),
        );
    }
    lines
}
