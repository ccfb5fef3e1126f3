//! Who hosts, and what hangs on one of them: what was counted, not what might become of it.

use super::compose::Report;
use super::plain::clean;
use super::words::{count, number, share};
use crate::metrics::{GroupFigures, Rate};

/// "one person alone hosted 5 of 14 events", by name where names are shown; none where nobody hosted two.
pub(super) fn alone(report: &Report, group: &GroupFigures) -> Option<String> {
    let sole = group.organizers.sole_host;
    if sole.numerator < 2 {
        return None;
    }
    let name = group.sole.as_ref().and_then(|host| host.name.as_deref());
    let name = name.map(clean).filter(|name| !name.is_empty());
    let who = match name {
        Some(name) if report.people.is_some() => name,
        _ => "one person".to_owned(),
    };
    Some(format!("{who} alone hosted {}", of_events(sole)))
}

/// Whether half of the events or more hang on one person.
pub(super) fn hangs_on_one(group: &GroupFigures) -> bool {
    let sole = group.organizers.sole_host;
    sole.numerator >= 2 && 2 * sole.numerator >= sole.denominator
}

fn of_events(of: Rate) -> String {
    format!(
        "{} of {}",
        number(of.numerator),
        count(of.denominator, "event", "events")
    )
}

/// "3 in the last 365 days; none in the last 90; one person alone hosted 3 of 6 events".
pub(super) fn hosts(report: &Report, group: &GroupFigures) -> String {
    let o = &group.organizers;
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
    match (alone(report, group), group.fewest_hosts) {
        (Some(alone), _) => parts.push(alone),
        (None, Some(2..)) => parts.push("every event had two hosts or more".to_owned()),
        (None, _) => {}
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
